"""Read what the printed book is made of: the contents, the built pages, and what stands on the title page."""

import csv
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import yaml
from bs4 import BeautifulSoup, Tag

from livrev.paths import Repository
from livrev.pdf.failure import PdfFailed
from livrev.records.settings import read_settings

_MORE_THAN_ENTRIES = ["h2", "table", "figure", "dl"]


@dataclass(frozen=True, slots=True)
class Page:
    """One chapter: its name in the contents, its article, the part that it opens (if it opens one), and whether it
    stands outside the parts, as the opening pages and the bibliography do.
    """

    name: str
    article: Tag
    part: str | None = None
    outside: bool = False

    @property
    def slug(self) -> str:
        """Return the name as it begins every label of the page."""
        return self.name.replace("/", "-")


@dataclass(frozen=True, slots=True)
class Front:
    """What the title page and the document's properties say."""

    title: str
    author: str
    version: str
    created: datetime
    searched: date | None = None
    released: date | None = None
    licence: str = ""
    advice: str = ""
    full_title: str = ""
    keywords: tuple[str, ...] = ()
    address: str = ""


def read_front(repository: Repository) -> Front:
    """Read title and author from the configuration, the rest from `CITATION.cff` (if there is one) and the records.

    Without a citation file the book has not been released, and bears no version.
    """
    config = _read_yaml(repository, "_config.yml")
    cited = _read_yaml(repository, repository.citation.name) if repository.citation.is_file() else {}
    title = str(config.get("title", "Untitled"))
    settings = read_settings(repository)[0]
    return Front(
        title=title,
        author=str(config.get("author", "")),
        version=str(cited.get("version") or ""),
        created=_creation_time(),
        searched=_last_search(repository),
        released=date.fromisoformat(str(cited["date-released"])) if cited.get("date-released") else None,
        licence=(settings.licence or "") if settings else "",
        advice=(settings.advice or "") if settings else "",
        full_title=str(cited.get("title", "")) or title,
        keywords=tuple(map(str, cited.get("keywords") or ())),
        address=str(cited.get("url") or cited.get("repository-code") or ""),
    )


def read_pages(repository: Repository) -> list[Page]:
    """Return the built pages in the order of the contents: what is below a chapter after all chapters, with the last part,
    and a page that is the bibliography and no more last.
    """
    contents = _read_yaml(repository, "_toc.yml")
    if "root" not in contents:
        raise PdfFailed(f"{repository.contents}: no root page; add a line such as root: chapters/index")
    pages = [_read_page(repository, str(contents["root"]), outside=True)]
    bibliography, below = [], []
    for part in contents.get("parts") or [{"chapters": contents.get("chapters") or []}]:
        opening = part.get("caption")
        chapters = part.get("chapters") or []
        below += [name for chapter in chapters for name in _files(chapter.get("sections") or [])]
        for name in (str(chapter["file"]) for chapter in chapters if "file" in chapter):
            page = _read_page(repository, name, part=opening)
            if page.article.select_one("div.citation-list") and not page.article.find(_MORE_THAN_ENTRIES):
                bibliography.append(Page(page.name, page.article, outside=True))
            else:
                pages.append(page)
                opening = None
    return pages + [_read_page(repository, name) for name in below] + bibliography


def _read_yaml(repository: Repository, name: str) -> dict[str, Any]:
    path = repository.root / name
    try:
        return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        raise PdfFailed(f"{path}: cannot be read: {error}") from error


def _files(entries: list[dict[str, Any]]) -> list[str]:
    """Return the pages of *entries*, each followed by its subpages."""
    names: list[str] = []
    for entry in entries:
        if "file" in entry:
            names.append(str(entry["file"]))
        names += _files(entry.get("sections") or [])
    return names


def _read_page(repository: Repository, name: str, *, part: str | None = None, outside: bool = False) -> Page:
    name = name.removesuffix(".md").removesuffix(".ipynb")
    path = repository.html / f"{name}.html"
    try:
        html = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PdfFailed(f"{path}: no such page; run livrev build, which writes the HTML before the PDF") from error
    # What stands around the article is most of a page and none of the book: it is not even read as HTML.
    start, end = html.find("<article"), html.rfind("</article>")
    article = BeautifulSoup(html[start:end], "lxml").find("article") if 0 <= start < end else None
    if not isinstance(article, Tag) or article.find("h1") is None:
        raise PdfFailed(f"{path}: no article with a title in this page; delete _build and run livrev build again")
    return Page(name, article, part, outside)


def _creation_time() -> datetime:
    """Return the moment that the PDF bears: the one all builds agree on, never now."""
    from livrev.site.build import EPOCH

    return datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH)), UTC)


def _last_search(repository: Repository) -> date | None:
    path = repository.data / "search" / "queries.csv"
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        days = [row["date"] for row in csv.DictReader(file) if row.get("date")]
    return date.fromisoformat(max(days)) if days else None
