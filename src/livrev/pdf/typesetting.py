"""Set the marked-up book in type: title page and properties, template, fonts, and Typst itself."""

import csv
import os
import shutil
import warnings
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import typst

from livrev.paths import Repository
from livrev.pdf import PdfFailed
from livrev.pdf.writer import quote
from livrev.records.plain_yaml import Mapping, read_mapping
from livrev.records.settings import read_settings
from livrev.show.fonts import book_fonts, fallback_fonts, sans_files, strange_signs
from livrev.show.format import format_day
from livrev.site.build import EPOCH

TEMPLATE = Path(__file__).resolve().parent / "book.typ"
SUBTITLE = "A living literature review"
STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]
"""PDF/UA-1: readable by ear; PDF/A-2a: fonts and colours within the file, for keeping and for printers."""
_NO_GLYPH = "could not be displayed"


def typeset(markup: str, repository: Repository) -> None:
    """Set *markup* with the template and write the PDF of *repository*, below whose root its pictures stand.

    The same markup, pictures and front matter give the same bytes. Raises PdfFailed with Typst's own words and place.
    """
    if not TEMPLATE.is_file():
        raise PdfFailed(f"{TEMPLATE}: the template is missing; restore it with git checkout, or install livrev again")
    workshop, output = repository.build / "pdf", repository.pdf
    shutil.copyfile(TEMPLATE, workshop / TEMPLATE.name)
    source = workshop / "main.typ"
    # The moment that the PDF bears is the one that all builds agree on, never now.
    created = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH)), UTC)
    markup = _open_book(repository, created) + markup
    source.write_text(markup, encoding="utf-8")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = typst.compile(
                source,
                root=repository.root,
                font_paths=[_gather_fonts(workshop, markup)],
                ignore_system_fonts=True,
                format="pdf",
                timestamp=int(created.timestamp()),
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


def _open_book(repository: Repository, created: datetime) -> str:
    """Return what sets the title page and the properties: of the configuration, `CITATION.cff` (if there is one) and the records.

    Without a citation file the book has not been released, and bears no version.
    """
    config, cited = (
        read_mapping(path, repository)[0] or Mapping() for path in (repository.config, repository.citation)
    )
    settings = read_settings(repository)[0]
    title, author = str(config.get("title", "Untitled")), str(config.get("author", ""))
    whole = str(cited.get("title", "")) or title
    head, _, rest = whole.partition(f"{title}: ")
    day = format_day(date.fromisoformat(str(cited.get("date-released") or created.date())))
    edition = f"Version {cited['version']}, {day}" if cited.get("version") else "Not released yet"
    searched = _last_search(repository)
    said = {
        "title": title,
        "subtitle": f"{rest[0].upper()}{rest[1:]}" if rest and not head else SUBTITLE,
        "author": author,
        "edition": edition,
        "searched": f"Evidence last searched on {format_day(searched)}" if searched else "",
        "citation": f"{author[:1].upper()}{author[1:]}. {whole}. {edition}.",
        "address": str(cited.get("url") or cited.get("repository-code") or ""),
        "licence": (settings and settings.licence) or "",
        "advice": (settings and settings.advice) or "",
    }
    values = {name: quote(text) for name, text in said.items()} | {
        "keywords": "(" + "".join(f"{quote(str(word))}, " for word in cited.get("keywords") or ()) + ")",
        "created": f"datetime(year: {created.year}, month: {created.month}, day: {created.day})",
    }
    arguments = "".join(f"  {name}: {value},\n" for name, value in values.items())
    return f'#import "{TEMPLATE.name}": *\n#show: book.with(\n{arguments})\n\n'


def _last_search(repository: Repository) -> date | None:
    path = repository.data / "search" / "queries.csv"
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        days = [row["date"] for row in csv.DictReader(file) if row.get("date")]
    return date.fromisoformat(max(days)) if days else None
