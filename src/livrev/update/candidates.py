"""Make rows of what searches found: what is new, in the order of its likeness, and what is known, with its link."""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Mapping

from livrev.sources.dedupe import Known
from livrev.sources.publication import Publication, address_of, clean
from livrev.update.ranking import Rank, Ranker

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"[1-9]\d{0,7}")
Found = tuple[Publication, str]  # a record, and the run that found it (its id in queries.csv)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def id_of(publication: Publication) -> str:
    """Return the name of a record in `data/search/`: by its strongest identifier, else by its title and year."""
    if publication.registry and publication.nct:
        return publication.nct[0].lower()
    if publication.pmid:
        return f"pmid-{publication.pmid}"
    if publication.doi:
        return "doi-" + _slug(publication.doi)
    return "-".join(filter(None, ("title", _slug(publication.title)[:80], str(publication.year or ""))))


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")


def make_candidates(
    found: Iterable[Found], known: Known, ranker: Ranker | None, *, today: datetime.date
) -> list[dict[str, str]]:
    """Return a row for each record that is not yet a candidate, the likeliest first; *known* learns them on the way.

    A record that is on file under another name keeps its row, with the link that says where.
    """
    taken: list[tuple[Publication, dict[str, str]]] = []
    for record, query_id in found:
        link, name = known.find(record), id_of(record)
        own = f"candidates:{name}"
        if known.ids.get(name) or (link is not None and link.to == own):
            continue
        own_cells = {"query_id": query_id, "same_as": "", "trial_of": "", "known_by": ""}
        if link is not None:
            own_cells |= {"same_as" if link.kind == "same" else "trial_of": link.to, "known_by": link.by}
        known.ids[name] = own
        known.add(own, record)
        taken.append((record, own_cells))
    ranks = ranker.rank([record.searched_text for record, _ in taken]) if ranker else [None] * len(taken)
    rows = [_row(record, rank, today) | cells for (record, cells), rank in zip(taken, ranks, strict=True)]
    return sorted(rows, key=lambda row: (bool(row["same_as"]), -float(row["score"] or 0), row["record"]))


def _row(record: Publication, rank: Rank | None, today: datetime.date) -> dict[str, str]:
    authors = [plain_cell(f"{author.family} {author.given}") for author in record.authors[:1]]
    return {
        "record": id_of(record),
        "title": plain_cell(record.title),
        "year": str(record.year) if record.year and 1900 <= record.year <= 2100 else "",
        "doi": record.doi if _DOI.fullmatch(record.doi) else "",
        "pmid": record.pmid if _PMID.fullmatch(record.pmid) else "",
        "nct": ";".join(record.nct),
        "authors": " ".join(authors + ["and others"] * (len(record.authors) > 1)),
        "journal": plain_cell(record.journal or record.booktitle or record.publisher),
        "address": address_of(record) or (f"https://clinicaltrials.gov/study/{record.nct[0]}" if record.nct else ""),
        "found_on": today.isoformat(),
        "score": f"{rank.score:.3f}" if rank else "",
        "why": ";".join(plain_cell(word) for word in rank.why) if rank else "",
    }


def plain_cell(text: str) -> str:
    """Return *text* as a cell may hold it: one line, no markup, nothing that a spreadsheet takes for a formula."""
    plain = re.sub(r"<(?=[\s/!A-Za-z])", "‹", clean(text))
    if plain.startswith(_FORMULA) or plain == "NA":
        plain = f"“{plain}”"
    return plain


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
