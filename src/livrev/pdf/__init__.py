"""Make the printed book: while Sphinx writes a page it is written in Typst too, then Typst sets the book, the same bytes every time."""

from pathlib import Path

from livrev.paths import Repository


class PdfFailed(Exception):
    """Raised where the PDF cannot be made; its message says what is missing or wrong, and the cure."""


def write_pdf(repository: Repository) -> Path:
    """Write the PDF of the book from the pages that its HTML was written with, and return its place.

    What is made on the way stays in `_build/pdf/`. Raises PdfFailed where a page, a picture or a tool is missing.
    """
    from livrev.pdf.pages import join_pages
    from livrev.pdf.typesetting import typeset

    workshop = repository.build / "pdf"
    workshop.mkdir(parents=True, exist_ok=True)
    typeset(join_pages(repository), repository)
    return repository.pdf
