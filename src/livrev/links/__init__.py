"""Whether the addresses of the review still answer."""

from livrev.links.asking import Answer, ask
from livrev.links.places import addresses_of
from livrev.links.report import sort_answers, write_report

__all__ = ["Answer", "addresses_of", "ask", "sort_answers", "write_report"]
