"""Ask Crossref and PubMed whether a reference was retracted, corrected or doubted, and join what both say."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from livrev.progress import say
from livrev.records.model import Retraction
from livrev.records.review import Reference, Review
from livrev.review.retraction_effects import LABELS
from livrev.sources.publication import STATES, Notice, Publication
from livrev.sources.services import Crossref, PubMed
from livrev.sources.transport import NotFound, ServiceFailed

GRAVITY = tuple(LABELS)
_WORDS = {"retracted": "a retraction", "concern": "an expression of concern", "correction": "a correction"}
_TOGETHER = 40  # DOIs in one question to PubMed; its addresses may be about 2,000 characters long
_GIVEN_UP = 3  # failures after which a service is not asked any more
Said = dict[str, dict[str, list[Notice]]]  # by citekey, the notices of each register that knows the reference


def references_to_ask(review: Review, *, today: datetime.date) -> list[Reference]:
    """Return every reference with a DOI that was not looked up in both registers today."""
    asked = ((key, row.checked_on, row.where) for key, row in review.retractions.items())
    fresh = {key for key, day, where in asked if (day, where) == (today, "Crossref and PubMed")}
    return [one for key, one in review.references.items() if one.plain("doi") and key not in fresh]


def ask_registers(cited: Sequence[Reference], crossref: Crossref, pubmed: PubMed) -> tuple[Said, list[str]]:
    """Return what both registers say of the references, and what failed: a register that fails is named, the other asked."""
    said: Said = {}
    failed = []
    try:
        for reference, publication in _find_in_pubmed(cited, pubmed):
            said.setdefault(reference.key, {})["PubMed"] = list(publication.against)
        say(f"PubMed: {len(said)} of {len(cited)} references looked up")
    except ServiceFailed as error:
        failed.append(str(error))
    given_up = len(failed) + _GIVEN_UP
    for number, reference in enumerate(cited, 1):
        try:
            notices = list(crossref.notices(reference.plain("doi")))
            said.setdefault(reference.key, {})["Crossref"] = notices
        except NotFound:
            continue  # a DOI of another agency, or a wrong one: Crossref says nothing about it
        except ServiceFailed as error:
            failed.append(str(error))
            if len(failed) == given_up:
                failed.append(f"Crossref was not asked about the other {len(cited) - number} references")
                break
        if number % 25 == 0 or number == len(cited):
            say(f"Crossref: {number} of {len(cited)} references looked up")
    return said, failed


def _find_in_pubmed(cited: Sequence[Reference], pubmed: PubMed) -> Iterator[tuple[Reference, Publication]]:
    """Yield each reference that PubMed knows, by its PMID or else its DOI, with its record there."""
    pmids = {pmid: reference for reference in cited if (pmid := reference.plain("pmid"))}
    dois = {reference.plain("doi"): reference for reference in cited}
    wanted, rest = list(pmids), [doi for doi, reference in dois.items() if not reference.plain("pmid")]
    for start in range(0, len(rest), _TOGETHER):
        terms = " OR ".join(f'"{doi}"[doi]' for doi in rest[start : start + _TOGETHER])
        wanted += pubmed.find(terms, limit=2 * _TOGETHER)[1]
    by_doi = {doi.lower(): reference for doi, reference in dois.items()}
    for publication in pubmed.fetch(list(dict.fromkeys(wanted))) if wanted else ():
        reference = pmids.get(publication.pmid) or by_doi.get(publication.doi.lower())
        if reference is not None:
            yield reference, publication


@dataclass(frozen=True, slots=True)
class Looked:
    """What is to be written of one reference, and how it stood before. *new* says that a person must look."""

    citekey: str
    doi: str
    before: str
    row: dict[str, str]
    new: bool


def judge_notices(
    cited: Sequence[Reference], heard: Said, known: Mapping[str, Retraction], *, today: datetime.date
) -> list[Looked]:
    """Return the row of each reference that a register knows; *known* are the rows on record.

    The gravest notice gives the state. What stands on record and was graver stays as it is: no register's silence takes
    back what a person read.
    """
    looked = []
    for reference in cited:
        key = reference.key
        if not (said := heard.get(key)):
            continue
        found: dict[str, list[tuple[str, Notice]]] = defaultdict(list)
        for register, notices in sorted(said.items()):
            for notice in notices:
                found[STATES.get(notice.kind, "none")].append((register, notice))
        before = known[key].state if key in known else "unchecked"
        state = max({"none", *found}, key=GRAVITY.index)
        if GRAVITY.index(before) > GRAVITY.index(state):
            continue
        where = " and ".join(sorted(said))
        row = {"citekey": key, "state": state, "checked_on": today.isoformat(), "where": where}
        if state == "none":
            row |= {"notice_doi": "", "note": ""}
        elif before != state:  # the cells that name the notice, in our own words
            told = [notice for _, notice in found[state]]
            doi, pmid, date = (next(filter(None, (getattr(n, f) for n in told)), "") for f in ("doi", "pmid", "date"))
            registers = list(dict.fromkeys(register for register, _ in found[state]))
            note = f"{' and '.join(registers)} {'list' if len(registers) > 1 else 'lists'} {_WORDS[state]}"
            note += (f" of {date}" if date else "") + (f" (PMID {pmid})" if pmid else "") + "; its words were not read"
            row |= {"notice_doi": doi, "note": note}
        looked.append(Looked(key, reference.plain("doi"), before, row, before != state != "none"))
    return looked
