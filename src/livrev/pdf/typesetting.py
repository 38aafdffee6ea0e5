"""Set the marked-up book in type: template, fonts, properties, and Typst itself."""

import shutil
import warnings
from pathlib import Path
from typing import Literal

import typst

from livrev.paths import Repository
from livrev.pdf.failure import PdfFailed
from livrev.pdf.front import Front
from livrev.pdf.writer import quote
from livrev.show.fonts import book_fonts, fallback_fonts, sans_files, strange_signs
from livrev.show.format import format_day

TEMPLATE = Path(__file__).resolve().parent / "book.typ"
SUBTITLE = "A living literature review"
STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]
"""PDF/UA-1: readable by ear; PDF/A-2a: fonts and colours within the file, for keeping and for printers."""
_NO_GLYPH = "could not be displayed"


def typeset(markup: str, front: Front, *, repository: Repository) -> None:
    """Set *markup* with the template and write the PDF of *repository*, below whose root its pictures stand.

    The same markup, pictures and *front* give the same bytes. Raises PdfFailed with Typst's own words and place.
    """
    if not TEMPLATE.is_file():
        raise PdfFailed(f"{TEMPLATE}: the template is missing; restore it with git checkout, or install livrev again")
    workshop, output = repository.build / "pdf", repository.pdf
    shutil.copyfile(TEMPLATE, workshop / TEMPLATE.name)
    source = workshop / "main.typ"
    source.write_text(_open_book(front) + markup, encoding="utf-8")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = typst.compile(
                source,
                root=repository.root,
                font_paths=[_gather_fonts(workshop, markup + _open_book(front))],
                ignore_system_fonts=True,
                format="pdf",
                timestamp=int(front.created.timestamp()),
                pdf_standards=[*STANDARDS],
            )
    except typst.TypstError as error:
        said = error.diagnostic or error.message
        cure = (
            "\nno font of the book has this character; livrev check names where it stands" if _NO_GLYPH in said else ""
        )
        raise PdfFailed(f"{source}: Typst cannot set the book:\n{said.strip()}{cure}") from error
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(data)


def _gather_fonts(workshop: Path, markup: str) -> Path:
    """Bring the fonts of the book to *workshop*, and those that stand in where *markup* holds signs of other scripts."""
    found = book_fonts()
    if not found:
        raise PdfFailed(
            "the DejaVu fonts that matplotlib brings are missing; the cure: pip install --force-reinstall matplotlib"
        )
    folder = workshop / "fonts"
    folder.mkdir(exist_ok=True)
    for font in (*found, *sans_files(), *(fallback_fonts() if strange_signs(markup) else ())):
        shutil.copyfile(font, folder / font.name)
    return folder


def _open_book(front: Front) -> str:
    searched = f"Evidence last searched on {format_day(front.searched)}" if front.searched else ""
    head, _, rest = front.full_title.partition(f"{front.title}: ")
    subtitle = f"{rest[0].upper()}{rest[1:]}" if rest and not head else SUBTITLE
    day = format_day(front.released or front.created.date())
    edition = f"Version {front.version}, {day}" if front.version else "Not released yet"
    cite = f"{front.author[:1].upper()}{front.author[1:]}. {front.full_title}. {edition}."
    values = {
        "title": quote(front.title),
        "subtitle": quote(subtitle),
        "author": quote(front.author),
        "edition": quote(edition),
        "searched": quote(searched),
        "citation": quote(cite),
        "address": quote(front.address),
        "licence": quote(front.licence),
        "advice": quote(front.advice),
        "keywords": "(" + "".join(f"{quote(word)}, " for word in front.keywords) + ")",
        "created": f"datetime(year: {front.created.year}, month: {front.created.month}, day: {front.created.day})",
    }
    arguments = "".join(f"  {name}: {value},\n" for name, value in values.items())
    return f'#import "{TEMPLATE.name}": *\n#show: book.with(\n{arguments})\n\n'
