"""Plan what adding a publication changes: the new text of every file, before any is written."""

import csv
import datetime
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from livrev.paths import Repository
from livrev.records.review import Review
from livrev.records.tables import append_lines, csv_line
from livrev.sources.draft import draft_note, notices_of
from livrev.sources.draft_tables import draft_rows, draft_study, study_draft
from livrev.sources.entry import insert_entry, make_key, write_entry
from livrev.sources.identifiers import read_address
from livrev.sources.publication import Publication, doi_address
from livrev.sources.pubmed_xml import ADDRESS as PUBMED
from livrev.sources.text_extraction import MachineReading, read_by_machine
from livrev.text.features import dump_features
from livrev.transaction import NewText, digest_of

_STATES = {"retraction": "retracted", "concern": "concern", "correction": "correction"}
_REGISTERS = ("Crossref", "PubMed")


class Incomplete(ValueError):
    """Raised where a publication lacks what an entry needs; the message names it and the cure."""


@dataclass(frozen=True)
class Addition:
    """What is to be written, and what a person should know of it."""

    key: str
    publication: Publication
    reading: MachineReading
    texts: Mapping[Path, NewText]

    @property
    def rows(self) -> int:
        """The number of draft rows."""
        draft = next(new.text for path, new in self.texts.items() if path.suffix == ".csv" and path.stem == self.key)
        return sum(1 for _ in csv.reader(io.StringIO(draft or ""))) - 1


def plan_addition(review: Review, publication: Publication, *, today: datetime.date, asked: bool) -> Addition:
    """Return the change that adds *publication* to *review*.

    *asked* says that services were asked today, and that their silence about a retraction means something; a file may be old.

    Raises Incomplete where it has no title or no author, Unreadable where its address is none of the web, TooLong where its
    text is longer than any paper.
    """
    if not publication.title.strip():
        raise Incomplete("no title was found; give it with --title")
    # a whole book is named by its editors where it has no author
    publication = replace(publication, authors=publication.authors or publication.editors)
    if not publication.authors:
        raise Incomplete(
            'no author was found; give each with --author "Family, Given", or the publishing body with --author'
        )
    repository = review.repository
    # where a person reads the source, for rows and notes: a file seldom says so, its numbers do
    by_number = (
        f"{PUBMED}/{publication.pmid}/" if publication.pmid else doi_address(publication.doi) if publication.doi else ""
    )
    found = replace(publication, address=publication.address or by_number)
    key = make_key(publication, [*review.references, *_drafted(repository)])
    reading = read_by_machine(key, publication, review.vocabulary)
    # what comes from a service or a saved answer is looked at once more, wherever it was read
    read_address("address", [publication.address])

    bibliography = repository.references.read_bytes().decode("utf-8")
    entry = write_entry(key, publication, today=today)
    texts = {
        repository.references: insert_entry(bibliography, key, entry),
        repository.features / f"{key}.json": dump_features(reading.features),
        repository.drafts / f"{key}.md": draft_note(key, found, reading, review.vocabulary),
        repository.drafts / f"{key}.csv": draft_rows(
            key, found, reading, review.vocabulary, review.tables["outcomes"].table.names
        ),
        study_draft(repository, key): draft_study(
            key,
            found,
            reading,
            review.vocabulary,
            review.tables["studies"].table.columns,
            review.settings.condition.column,
        ),
        repository.raw / f"{key}.txt": reading.text,
    }
    if publication.doi:
        path = repository.data / review.tables["retractions"].table.path
        table = path.read_bytes().decode("utf-8")
        texts[path] = _insert_row(table, key, _retraction_row(review, key, publication, today if asked else None))
    return Addition(key, found, reading, {path: NewText(text, digest_of(path)) for path, text in texts.items()})


def _drafted(repository: Repository) -> list[str]:
    return [path.stem for folder in (repository.drafts, repository.features) for path in folder.glob("*")]


def _retraction_row(review: Review, key: str, publication: Publication, asked_on: datetime.date | None) -> str:
    """Return the row that says whether the registers of retractions list the DOI, where they were asked."""
    registers = [name for name in _REGISTERS if name in publication.service.split(", ")]
    row = {"citekey": key, "doi": publication.doi, "state": "unchecked"}
    if asked_on and registers:
        row |= {"state": "none", "checked_on": asked_on.isoformat(), "where": "; ".join(registers)}
        if said := notices_of(publication):
            kind = said[0].split(" ")[0]
            notice = next((n.doi for n in publication.notices if n.kind == kind and n.doi and not n.is_notice), "")
            row |= {
                "state": _STATES[kind],
                "notice_doi": notice,
                "note": f"Listed as {kind}; the notice is to be read.",
            }
    return csv_line(review.tables["retractions"].table.names, row)


def _insert_row(table: str, key: str, row: str) -> str:
    """Return *table* with *row* before the first row whose key comes later; every other byte stays."""
    start = table.find("\n") + 1
    while 0 < start < len(table):
        if table[start:].partition(",")[0].lower() > key.lower():
            return append_lines(table[:start], [row]) + table[start:]
        end = _end_of_row(table, start)
        start = end
    return append_lines(table, [row])


def _end_of_row(table: str, start: int) -> int:
    """Return where the row that begins at *start* ends; a line break in quotes does not end it."""
    quoted = False
    for place in range(start, len(table)):
        if table[place] == '"':
            quoted = not quoted
        elif table[place] == "\n" and not quoted:
            return place + 1
    return len(table)
