"""Ask Crossref and PubMed whether a reference was retracted, corrected or doubted, and join what both say."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from livrev.records.model import Retraction
from livrev.records.review import Review
from livrev.sources.publication import STATES, Notice
from livrev.sources.services import Crossref, PubMed
from livrev.sources.transport import NotFound, ServiceFailed

GRAVITY = ("unchecked", "none-seen", "none", "correction", "concern", "retracted")
_WORDS = {"retracted": "a retraction", "concern": "an expression of concern", "correction": "a correction"}
_TOGETHER = 40  # DOIs in one question to PubMed; its addresses may be about 2,000 characters long
_GIVEN_UP = 3  # failures after which a service is not asked any more


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference with a DOI, and the row that stands for it, if there is one."""

    citekey: str
    doi: str
    pmid: str
    row: Retraction | None = None


@dataclass(slots=True)
class Heard:
    """What the registers said: per citekey the notices of each register that knows it; and what failed."""

    said: dict[str, dict[str, list[Notice]]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, citekey: str, register: str, notices: Iterable[Notice]) -> None:
        """Take in what *register* says of one reference."""
        self.said.setdefault(citekey, {})[register] = list(notices)


def references_to_ask(review: Review, *, today: datetime.date) -> list[Cited]:
    """Return every reference with a DOI that was not looked up in both registers today."""
    cited = []
    for reference in review.references.values():
        row = review.retractions.get(reference.key)
        fresh = row is not None and row.checked_on == today and row.where == "Crossref and PubMed"
        if (doi := reference.plain("doi")) and not fresh:
            cited.append(Cited(reference.key, doi, reference.plain("pmid"), row))
    return cited


def ask_registers(cited: Sequence[Cited], crossref: Crossref, pubmed: PubMed, say: Callable[[str], None]) -> Heard:
    """Ask both registers about every reference. A register that fails is named; the other is asked all the same."""
    heard = Heard()
    _ask_pubmed(cited, pubmed, heard, say)
    failures = 0
    for number, reference in enumerate(cited, 1):
        try:
            heard.add(reference.citekey, "Crossref", crossref.notices(reference.doi))
        except NotFound:
            continue  # a DOI of another agency, or a wrong one: Crossref says nothing about it
        except ServiceFailed as error:
            heard.failed.append(str(error))
            failures += 1
            if failures == _GIVEN_UP:
                heard.failed.append(f"Crossref was not asked about the other {len(cited) - number} references")
                break
        if number % 25 == 0 or number == len(cited):
            say(f"Crossref: {number} of {len(cited)} references looked up")
    return heard


def _ask_pubmed(cited: Sequence[Cited], pubmed: PubMed, heard: Heard, say: Callable[[str], None]) -> None:
    try:
        pmids = {reference.pmid: reference for reference in cited if reference.pmid}
        rest = [reference for reference in cited if not reference.pmid]
        wanted = list(pmids)
        for start in range(0, len(rest), _TOGETHER):
            terms = " OR ".join(f'"{reference.doi}"[doi]' for reference in rest[start : start + _TOGETHER])
            wanted += pubmed.find(terms, limit=2 * _TOGETHER)[1]
        by_doi = {reference.doi.lower(): reference for reference in cited}
        for publication in pubmed.fetch(list(dict.fromkeys(wanted))) if wanted else ():
            reference = pmids.get(publication.pmid) or by_doi.get(publication.doi.lower())
            if reference is not None:
                heard.add(reference.citekey, "PubMed", publication.against)
        say(f"PubMed: {sum('PubMed' in said for said in heard.said.values())} of {len(cited)} references looked up")
    except ServiceFailed as error:
        heard.failed.append(str(error))


@dataclass(frozen=True, slots=True)
class Looked:
    """What is to be written of one reference, and how it stood before. *new* says that a person must look."""

    citekey: str
    doi: str
    before: str
    row: dict[str, str]
    new: bool


def judge_notices(cited: Sequence[Cited], heard: Heard, *, today: datetime.date) -> list[Looked]:
    """Return the row of each reference that a register knows.

    The gravest notice gives the state. What stands on record and was graver stays as it is: no register's silence takes
    back what a person read.
    """
    looked = []
    for reference in cited:
        if not (said := heard.said.get(reference.citekey)):
            continue
        found = [
            (GRAVITY.index(STATES[notice.kind]), register, notice)
            for register, notices in sorted(said.items())
            for notice in notices
            if notice.kind in STATES
        ]
        before = reference.row.state if reference.row else "unchecked"
        gravest = max((gravity for gravity, _, _ in found), default=GRAVITY.index("none"))
        state = GRAVITY[gravest]
        if GRAVITY.index(before) > gravest:
            continue
        where = " and ".join(sorted(said))
        row = {"citekey": reference.citekey, "state": state, "checked_on": today.isoformat(), "where": where}
        if before != state or state == "none":
            row |= _say_notice([(register, notice) for gravity, register, notice in found if gravity == gravest], state)
        looked.append(Looked(reference.citekey, reference.doi, before, row, before != state and bool(found)))
    return looked


def _say_notice(found: list[tuple[str, Notice]], state: str) -> dict[str, str]:
    """Return the cells that name a notice, in our own words."""
    if not found:
        return {"notice_doi": "", "note": ""}
    registers = " and ".join(dict.fromkeys(register for register, _ in found))
    doi, pmid, date = (
        next((value for _, notice in found if (value := getattr(notice, name))), "") for name in ("doi", "pmid", "date")
    )
    said = f"{registers} {'list' if ' and ' in registers else 'lists'} {_WORDS[state]}"
    said += (f" of {date}" if date else "") + (f" (PMID {pmid})" if pmid else "") + "; its words were not read"
    return {"notice_doi": doi, "note": said}
