"""Exports: the records for others' programs, as tables, references, linked data, and one description of the whole."""

from livrev.exports.tables import EXPORTS, Row, export, finding_rows, source_rows, strategy_rows, to_csv, to_json

__all__ = ["EXPORTS", "Row", "export", "finding_rows", "source_rows", "strategy_rows", "to_csv", "to_json"]
