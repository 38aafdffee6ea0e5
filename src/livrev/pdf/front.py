"""Read what stands on the title page of the printed book and in its properties."""

import csv
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import yaml

from livrev.paths import Repository
from livrev.pdf.failure import PdfFailed
from livrev.records.settings import read_settings


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
    config = read_yaml(repository, "_config.yml")
    cited = read_yaml(repository, repository.citation.name) if repository.citation.is_file() else {}
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


def read_yaml(repository: Repository, name: str) -> dict[str, Any]:
    """Return what the file *name* at the root says. Raises PdfFailed where it cannot be read."""
    path = repository.root / name
    try:
        return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        raise PdfFailed(f"{path}: cannot be read: {error}") from error


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
