"""Make the printed book: built HTML pages → one clean HTML → pandoc → Typst → PDF, the same bytes every time."""

from pathlib import Path

from livrev.paths import Repository
from livrev.pdf.failure import PdfFailed
from livrev.pdf.links import join_pages
from livrev.pdf.markup import write_markup
from livrev.pdf.pictures import read_palette
from livrev.pdf.reading import read_front, read_pages
from livrev.pdf.references import read_keys
from livrev.pdf.simplify_html import clean_page
from livrev.pdf.typesetting import typeset

__all__ = ["PdfFailed", "write_pdf"]


def write_pdf(repository: Repository) -> Path:
    """Write the PDF of the book from its built HTML pages and return its place.

    What is made on the way stays in `_build/pdf/`. Raises PdfFailed where a page, a picture or a tool is missing.
    """
    workshop = repository.build / "pdf"
    workshop.mkdir(parents=True, exist_ok=True)
    front, pages = read_front(repository), read_pages(repository)
    palette = read_palette(repository.html / "_static")
    for page in pages:
        clean_page(page, html=repository.html, workshop=workshop, palette=palette)
    markup = write_markup(join_pages(pages, read_keys(repository.references)), kept=workshop / "markup")
    typeset(markup, front, workshop=workshop, output=repository.pdf)
    return repository.pdf
