"""Exports: the records for others' programs, as tables, references, linked data, and one description of the whole."""
