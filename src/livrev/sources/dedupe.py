"""Tell whether a publication is on file: by its identifiers, then by its title and year; what is found again is linked.

Adding a publication and searching for new ones ask the same question of the same index.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from livrev.records.model import Study
from livrev.records.review import Reference, Review
from livrev.records.search_log import FoundRecord
from livrev.sources.entry import plain_letters
from livrev.sources.publication import Publication

_SHORTEST = 25  # letters and digits; shorter titles (Editorial, Reply, a trial's name) are shared by different reports


@dataclass(frozen=True, slots=True)
class Link:
    """A record on file that is the same report (`same`), or one of the same trial (`trial`): `screening:wang-2020`, and by what."""

    to: str
    by: str
    kind: Literal["same", "trial"] = "same"


@dataclass(slots=True)
class Known:
    """What is on file, by name, and under each kind of identifier: DOI, PMID, trial number, and title."""

    names: set[str] = field(default_factory=set)
    filed: dict[tuple[str, str], list[tuple[int | None, str]]] = field(default_factory=dict)

    def add(self, name: str, publication: Publication) -> None:
        """Take in one publication on file under *name*; what is on file already goes before it."""
        self.names.add(name)
        for identifier in (*_identifiers(publication), *_trials(publication), ("title", comparable(publication.title))):
            self.filed.setdefault(identifier, []).append((publication.year, name))

    def find(self, publication: Publication, *, years_apart: int = 1) -> Link | None:
        """Return what is on file of *publication*: the same report, or else one of the same trial; None if it is new.

        A paper that names a trial on file is not that trial's record: it may be its next report, and is only linked.
        A title counts where the years are the same, at most *years_apart* (first online, then in print), or not known.
        """
        for identifier in _identifiers(publication):
            if filed := self.filed.get(identifier):
                return Link(filed[0][1], " ".join(identifier))
        title = comparable(publication.title)
        telling = len(title) >= _SHORTEST and not publication.registry
        for year, name in self.filed.get(("title", title), ()) if telling else ():
            if year is None or publication.year is None or abs(year - publication.year) <= years_apart:
                return Link(name, "title and year" if year and publication.year else "title")
        for trial in _trials(publication):
            if filed := self.filed.get(trial):
                return Link(filed[0][1], f"nct {trial[1]}", "trial")
        return None


def _identifiers(publication: Publication) -> list[tuple[str, str]]:
    """Return what names a report as such, by kind; the number of a trial is that of its record in the registry alone."""
    numbers = [("doi", publication.doi.lower()), ("pmid", publication.pmid)]
    numbers += [("nct", number) for _, number in _trials(publication) if publication.registry]
    return [(kind, value) for kind, value in numbers if value]


def _trials(publication: Publication) -> list[tuple[str, str]]:
    return [("trial", number.upper()) for number in publication.nct]


def known_of(review: Review, *, search_log: bool = True) -> Known:
    """Return what the bibliography, the studies and, with *search_log*, screening and earlier candidates know, in this order."""
    known = Known()
    tables = ["references", "studies", *(("screening", "candidates") if search_log else ())]
    for table in tables:
        for key, on_file in getattr(review, table).items():
            known.add(f"{table}:{key}", _publication_of(on_file))
    return known


def find_known(review: Review, publication: Publication, *, another_report: bool = False) -> Link | None:
    """Return the reference or study of *review* that *publication* is, or whose trial it reports; None where there is none.

    With *another_report*, a further report of a trial on file is new. A title counts in its own year only: the same title in
    another year may be a preprint, an abstract or an update.
    """
    link = known_of(review, search_log=False).find(publication, years_apart=0)
    return None if link is None or (link.kind == "trial" and another_report) else link


def describe_known(review: Review, link: Link) -> str:
    """Return in words what is on file, with its file and line."""
    table, _, name = link.to.partition(":")
    kind, _, value = link.by.partition(" ")
    by = f"{kind.upper()} {value}"
    if table == "references":
        reference = review.references[name]
        place, shown = f"{review.repository.relative(review.repository.references)}:{reference.line}", name
        by = f"title and year “{reference.plain('title')}”, {reference.year or 'n.d.'}," if kind == "title" else by
    else:  # a study, which is known by its numbers alone
        place = f"{review.file_of(table)}:{review.line_of(table, name)}"
        shown = f"study {name} ({review.studies[name].citekey})"
    return f"{by} is already in the review: {shown} ({place})"


def same_title(review: Review, title: str) -> list[Reference]:
    """Return the references of *review* with this title, whatever their year: a preprint and its paper, perhaps."""
    wanted = comparable(title)
    return [r for r in review.references.values() if wanted and comparable(r.plain("title")) == wanted]


def comparable(title: str) -> str:
    """Return *title* as it is compared: letters and digits only, in one case."""
    return re.sub(r"[^a-z0-9]", "", plain_letters(title).lower()) or re.sub(r"\W", "", title.casefold())


def _publication_of(on_file: Reference | Study | FoundRecord) -> Publication:
    """Return what is on file as a publication.

    A registered trial is one whose number is its key, one of which nothing but the number is on file, and a study.
    """
    if isinstance(on_file, Reference):
        title, doi, pmid, numbers = (on_file.plain(name) for name in ("title", "doi", "pmid", "nct"))
        registered = re.fullmatch(r"NCT\d{8}", on_file.key) is not None
        nct = [*numbers.split(";"), on_file.key if registered else ""]
    else:
        title = "" if isinstance(on_file, Study) else on_file.title or ""  # the name of a study is no title
        doi, pmid, nct = on_file.doi or "", on_file.pmid or "", list(on_file.nct)
        registered = isinstance(on_file, Study) or not (doi or pmid)
    trials = tuple(dict.fromkeys(filter(None, map(str.strip, nct))))
    return Publication(title, year=on_file.year, doi=doi, pmid=pmid, nct=trials, registry=registered)
