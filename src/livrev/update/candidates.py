"""Make rows of what searches found: what is new, in the order of its likeness, and what is known, with its link."""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from livrev.sources.publication import Publication, clean
from livrev.update.known import Known
from livrev.update.ranking import Rank, Ranker
from livrev.update.record import Record

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"[1-9]\d{0,7}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Found:
    """A record, and the run that found it (its id in queries.csv)."""

    record: Record
    query_id: str


def record_of(publication: Publication) -> Record:
    """Return what a service said of a publication as a record to decide on."""
    abstract = "\n".join(f"{s.label}: {s.text}" if s.label else s.text for s in publication.abstract)
    authors = tuple(f"{author.family} {author.given}".strip() for author in publication.authors)
    return Record(
        publication.title,
        year=publication.year,
        doi=publication.doi,
        pmid=publication.pmid,
        nct=publication.nct,
        journal=publication.journal or publication.publisher,
        authors=authors,
        abstract=abstract,
        registry=publication.registry,
    )


def make_candidates(
    found: Iterable[Found], known: Known, ranker: Ranker | None, *, today: datetime.date
) -> list[dict[str, str]]:
    """Return a row for each record that is not yet a candidate, the likeliest first; *known* learns them on the way.

    A record that is on file under another name keeps its row, with the link that says where.
    """
    taken: list[tuple[Found, dict[str, str]]] = []
    for item in found:
        link = known.find(item.record)
        own = f"candidates:{item.record.id}"
        if known.ids.get(item.record.id) or (link is not None and link.to == own):
            continue
        links = {"same_as": "", "trial_of": "", "known_by": ""}
        if link is not None:
            links |= {"same_as" if link.kind == "same" else "trial_of": link.to, "known_by": link.by}
        known.ids[item.record.id] = own
        known.add_record(own, item.record)
        taken.append((item, links))
    ranks = ranker.rank([item.record.text for item, _ in taken]) if ranker else [None] * len(taken)
    rows = [_row(item, links, rank, today) for (item, links), rank in zip(taken, ranks, strict=True)]
    return sorted(rows, key=lambda row: (bool(row["same_as"]), -float(row["score"] or 0), row["record"]))


def _row(item: Found, links: dict[str, str], rank: Rank | None, today: datetime.date) -> dict[str, str]:
    record = item.record
    authors = [plain_cell(author) for author in record.authors[:1]] + ["and others"] * (len(record.authors) > 1)
    return {
        "record": record.id,
        "title": plain_cell(record.title),
        "year": str(record.year) if record.year and 1900 <= record.year <= 2100 else "",
        "doi": record.doi if _DOI.fullmatch(record.doi) else "",
        "pmid": record.pmid if _PMID.fullmatch(record.pmid) else "",
        "nct": ";".join(record.nct),
        "authors": " ".join(authors),
        "journal": plain_cell(record.journal),
        "address": record.address,
        "query_id": item.query_id,
        "found_on": today.isoformat(),
        "score": f"{rank.score:.3f}" if rank else "",
        "why": ";".join(plain_cell(word) for word in rank.why) if rank else "",
    } | links


def plain_cell(text: str) -> str:
    """Return *text* as a cell may hold it: one line, no markup, nothing that a spreadsheet takes for a formula."""
    plain = re.sub(r"<(?=[\s/!A-Za-z])", "‹", clean(text))
    if plain.startswith(_FORMULA) or plain == "NA":
        plain = f"“{plain}”"
    return plain


def append_rows(text: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the CSV *text* with *rows* behind it; what stands there stays as it is, to the byte."""
    buffer = io.StringIO()
    csv.DictWriter(buffer, columns, restval="", lineterminator="\n").writerows(rows)
    return text + ("" if text.endswith("\n") or not text else "\n") + buffer.getvalue()


def update_rows(text: str, key: str, changes: Mapping[str, Mapping[str, str]]) -> str:
    """Return the CSV *text* with the cells in *changes* (by the value of column *key*) put in; raises KeyError for none."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    head = rows[0]
    places = {row[head.index(key)]: row for row in rows[1:]}
    for name, cells in changes.items():
        for column, value in cells.items():
            places[name][head.index(column)] = value
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
