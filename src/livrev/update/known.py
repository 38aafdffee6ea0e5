"""Tell whether a record is known already: by its identifiers, then by its title and year; it is linked, never deleted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from livrev.records.review import Review
from livrev.sources.dedupe import comparable
from livrev.update.record import Record

_SHORTEST = 25  # letters and digits; shorter titles (Editorial, Reply, a trial's name) are shared by different reports


@dataclass(frozen=True, slots=True)
class Link:
    """A record on file that is the same (`same`), or one of the same trial (`trial`): `screening:wang-2020`, and by what."""

    to: str
    by: str
    kind: str = "same"


@dataclass(slots=True)
class Known:
    """What is on file, by DOI, PMID, trial number, and title with year; *ids* are the candidates themselves."""

    reports: dict[tuple[str, str], str] = field(default_factory=dict)
    trials: dict[str, str] = field(default_factory=dict)
    titles: dict[str, list[tuple[int | None, str]]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        name: str,
        *,
        doi: str = "",
        pmid: str = "",
        nct: Iterable[str] = (),
        registry: bool = False,
        title: str = "",
        year: int | None = None,
    ) -> None:
        """Take in one record on file under *name*; what is on file already keeps its name."""
        if doi:
            self.reports.setdefault(("doi", doi.lower()), name)
        if pmid:
            self.reports.setdefault(("pmid", pmid), name)
        for number in nct:
            if registry:
                self.reports.setdefault(("nct", number.upper()), name)
            self.trials.setdefault(number.upper(), name)
        if len(key := comparable(title)) >= _SHORTEST:
            self.titles.setdefault(key, []).append((year, name))

    def add_record(self, name: str, record: Record) -> None:
        """Take in a record that a search found."""
        self.add(
            name,
            doi=record.doi,
            pmid=record.pmid,
            nct=record.nct,
            registry=record.registry,
            title=record.title,
            year=record.year,
        )

    def find(self, record: Record) -> Link | None:
        """Return what is on file of *record*: the same report, or else a report of the same trial; None if it is new.

        A paper that names a trial on file is not that trial's record: it may be its next report, and is only linked.
        A title counts where the years are the same, one apart (first online, then in print), or not known.
        """
        for kind, value in (("doi", record.doi.lower()), ("pmid", record.pmid)):
            if value and (name := self.reports.get((kind, value))):
                return Link(name, f"{kind} {value}")
        if record.registry:
            for number in record.nct:
                if name := self.reports.get(("nct", number.upper())):
                    return Link(name, f"nct {number}")
        else:
            for year, name in self.titles.get(comparable(record.title), ()):
                if year is None or record.year is None or abs(year - record.year) <= 1:
                    return Link(name, "title and year" if year and record.year else "title")
        for number in record.nct:
            if name := self.trials.get(number.upper()):
                return Link(name, f"nct {number}", "trial")
        return None


def known_of(review: Review) -> Known:
    """Return what the bibliography, the studies, the screening log and earlier candidates know, in this order."""
    known = Known()
    for reference in review.references.values():
        known.add(
            f"references:{reference.key}",
            doi=reference.plain("doi"),
            pmid=reference.plain("pmid"),
            nct=_numbers(reference.plain("nct")),
            registry=reference.key.startswith("NCT"),
            title=reference.plain("title"),
            year=reference.year,
        )
    for table, key in (("studies", "study"), ("screening", "record"), ("candidates", "record")):
        for row in review.tables[table].records:
            _add_row(known, f"{table}:{row[key]}", row)
            if table == "candidates":
                known.ids[row["record"]] = f"candidates:{row['record']}"
    return known


def _add_row(known: Known, name: str, row: dict[str, Any]) -> None:
    """Take in a row. A registered trial is known as such where nothing but its number is on file, or where it is a study."""
    nct = _numbers(row["nct"])
    alone = not row["doi"] and not row["pmid"]
    study = name.startswith("studies:")
    title = "" if study else row["title"] or ""  # the name of a study is no title
    known.add(
        name,
        doi=row["doi"] or "",
        pmid=row["pmid"] or "",
        nct=nct,
        registry=alone or study,
        title=title,
        year=row["year"],
    )


def _numbers(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    parts = value.split(";") if isinstance(value, str) else value or ()
    return tuple(number.strip() for number in parts if number.strip())
