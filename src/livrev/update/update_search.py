"""Look for what is new: run the searches on record, ask Crossref and PubMed after the references, and write it down in one step."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from livrev.checks.citations import complete_rows
from livrev.progress import say
from livrev.records.model import Retraction
from livrev.records.review import Reference, Review
from livrev.records.tables import append_rows
from livrev.review.studies import LABELS, awaited_trials
from livrev.sources.dedupe import known_of
from livrev.sources.publication import STATES, Notice, Publication, find_ncts
from livrev.sources.services import ClinicalTrials, Crossref, EuropePMC, PubMed
from livrev.sources.transport import NotFound, ServiceFailed
from livrev.transaction import NewText, held_in
from livrev.update.baseline import Harvest, Job
from livrev.update.candidates import Found, decisions_of, id_of, make_candidates, train_ranker, update_rows
from livrev.update.report import Look, Looked, Ran
from livrev.update.state import State, remembering

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

MOST = 9_999  # records of one search and run; PubMed shows no more
BASELINE = "PubMed baseline files"
GRAVITY = tuple(LABELS)
_WORDS = {"retracted": "a retraction", "concern": "an expression of concern", "correction": "a correction"}
_TOGETHER = 40  # DOIs in one question to PubMed; its addresses may be about 2,000 characters long
_GIVEN_UP = 3  # failures after which a service is not asked any more
Said = dict[str, dict[str, list[Notice]]]  # by citekey, the notices of each register that knows the reference


@dataclass(frozen=True, slots=True)
class Services:
    """The services that are asked, by name; *day* tells for which day the answers since it was last called hold."""

    searched: dict[str, PubMed | EuropePMC | ClinicalTrials]
    crossref: Crossref
    pubmed: PubMed
    day: Callable[[], date]


@contextmanager
def open_services(state: State) -> Iterator[Services]:
    """Give the services, each asking nothing twice while *state* is kept; close their connections at the end."""
    pubmed, crossref = PubMed(report=say), Crossref(report=say)
    searched = (pubmed, EuropePMC(report=say), ClinicalTrials(report=say))
    with ExitStack() as stack:
        for client in (*searched, crossref):
            stack.enter_context(remembering(client, state))
        yield Services({client.NAME: client for client in searched}, crossref, pubmed, state.day)


def ranker_of(review: Review) -> "Pipeline | None":
    """Return the ranker that the screening log teaches."""
    return train_ranker(decisions_of(review.screening.values()))


def look(review: Review, services: Services, *, today: date, only: Sequence[str] = (), notices: bool = True) -> Look:
    """Run each search not run today (or those in *only*), then ask after references; a service that fails costs its own part only."""
    done, numbers = Look(today), _query_numbers(review)
    found: list[Found] = []
    for name, search in review.searches.items():
        if only and name not in only:
            continue
        if search.last_run == today:
            done.skipped.append(name)
            continue
        say(f"{search.service}: {name}, {f'since {search.last_run}' if search.last_run else 'from the beginning'}")
        services.day()
        try:
            hits = services.searched[search.service].search(search.query, since=search.last_run, limit=MOST)
        except ServiceFailed as error:
            done.failed.append(f"{name}: {error}")
            continue
        query_id, taken = next(numbers), len(hits.publications)
        if not hits.all_taken:
            said = f"{name}: {search.service} has {hits.total} records and gave {taken}; "
            done.failed.append(said + "write narrower searches in data/search/strategies.csv; it stays due")
        done.ran.append(Ran(search, query_id, services.day(), hits.total, taken, counts=hits.all_taken))
        found += [(publication, query_id) for publication in hits.publications]
    _take_in(review, done, found)
    cited = references_to_ask(review, today=today) if notices else []
    done.references = len(cited)
    if cited:
        services.day()
        said_of, failed = ask_registers(cited, services.crossref, services.pubmed)
        done.failed += failed
        done.looked_up = judge_notices(cited, said_of, review.retractions, today=services.day())
    if done.looked_up:
        done.retractions = complete_rows(review, {looked.citekey: looked.row for looked in done.looked_up})
    return done


def _take_in(review: Review, done: Look, found: Sequence[Found]) -> None:
    """Make candidates of what was *found*, and tell which of them name an awaited trial and are not its own record."""
    ranker, awaited = ranker_of(review) if found else None, awaited_trials(review)
    done.candidates = make_candidates(found, known_of(review), ranker, today=done.day)
    rows = {row["record"]: row for row in done.candidates}
    for record in (record for record, _ in found if id_of(record) in rows):
        row, abstract = rows[id_of(record)], record.abstract_text
        done.abstracts += [(row["record"], abstract)] if abstract else []
        named = () if record.registry else (*record.nct, *find_ncts(record.title, abstract))
        done.reporting += [(number, row) for number in dict.fromkeys(named) if number in awaited]


def references_to_ask(review: Review, *, today: date) -> list[Reference]:
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
            said.setdefault(reference.key, {})["Crossref"] = list(crossref.notices(reference.plain("doi")))
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
    dois = {reference.plain("doi").lower(): reference for reference in cited}
    wanted, rest = list(pmids), [reference.plain("doi") for reference in cited if not reference.plain("pmid")]
    for start in range(0, len(rest), _TOGETHER):
        terms = " OR ".join(f'"{doi}"[doi]' for doi in rest[start : start + _TOGETHER])
        wanted += pubmed.find(terms, limit=2 * _TOGETHER)[1]
    for publication in pubmed.fetch(list(dict.fromkeys(wanted))) if wanted else ():
        if reference := pmids.get(publication.pmid) or dois.get(publication.doi.lower()):
            yield reference, publication


def judge_notices(
    cited: Sequence[Reference], heard: Said, known: Mapping[str, Retraction], *, today: date
) -> list[Looked]:
    """Return the row of each reference that a register knows; *known* are the rows on record.

    The gravest notice gives the state. What stands on record and was graver stays as it is: no register's silence takes
    back what a person read.
    """
    looked = []
    for reference in cited:
        key = reference.key
        said = heard.get(key, {})
        found = [(STATES.get(n.kind, "none"), register, n) for register in sorted(said) for n in said[register]]
        before = known[key].state if key in known else "unchecked"
        state = max(("none", *(one for one, _, _ in found)), key=GRAVITY.index)
        if not said or GRAVITY.index(before) > GRAVITY.index(state):
            continue
        row = {"citekey": key, "state": state, "checked_on": today.isoformat(), "where": " and ".join(sorted(said))}
        if state == "none":
            row |= {"notice_doi": "", "note": ""}
        elif before != state:  # the cells that name the notice, in our own words
            told = [notice for one, _, notice in found if one == state]
            doi, pmid, on = (next(filter(None, (getattr(n, f) for n in told)), "") for f in ("doi", "pmid", "date"))
            registers = list(dict.fromkeys(register for one, register, _ in found if one == state))
            note = f"{' and '.join(registers)} {'list' if len(registers) > 1 else 'lists'} {_WORDS[state]}"
            note += (f" of {on}" if on else "") + (f" (PMID {pmid})" if pmid else "") + "; its words were not read"
            row |= {"notice_doi": doi, "note": note}
        looked.append(Looked(key, reference.plain("doi"), before, row, before != state != "none"))
    return looked


def look_at_baseline(review: Review, harvest: Harvest, job: Job, *, today: date) -> Look:
    """Make candidates of what the files of PubMed held. No search counts as run by it: files end where they end."""
    done, matches = Look(today, problems=list(harvest.problems)), harvest.best()
    ids = dict(zip(job.searches, _query_numbers(review), strict=False))
    _take_in(review, done, [(match.record, ids[match.searches[0]]) for match in matches])
    for name in job.searches:
        answered = sum(name in match.searches for match in matches)
        search = review.searches[name].model_copy(update={"service": BASELINE, "last_run": None})
        done.ran.append(Ran(search, ids[name], today, answered, answered, counts=False))
    return done


def new_texts(review: Review, done: Look) -> dict[Path, NewText]:
    """Return what the files of data/ are to hold after a look; `livrev.transaction.write_together` writes all or none."""
    texts: dict[Path, NewText] = {}

    def change(table: str, make: Callable[[str], str]) -> None:
        path = review.repository.data / review.tables[table].table.path
        held = held_in(path) or ""
        if (new := make(held)) != held:
            texts[path] = NewText(new, held)

    queries = [  # how many results a person looked at is not known yet
        {"query_id": ran.query_id, "question": ran.search.question, "corpus": ran.search.service, "query": ran.search.query,
         "date": ran.day.isoformat(), "hits": str(ran.total), "looked_at": ""} for ran in done.ran
    ]  # fmt: skip
    whole = [ran for ran in done.ran if ran.counts]
    runs = {ran.search.search: {"last_run": ran.day.isoformat(), "hits": str(ran.total)} for ran in whole}
    change("queries", lambda old: append_rows(old, review.tables["queries"].table.names, queries))
    change("candidates", lambda old: append_rows(old, review.tables["candidates"].table.names, done.candidates))
    change("search_strategies", lambda old: update_rows(old, "search", runs) if runs else old)
    if (retractions := done.retractions) is not None:
        change("retractions", lambda _: retractions)
    return texts


def count_waiting(review: Review, added: Iterable[dict[str, str]] = ()) -> int:
    """Return how many candidates, with those just *added*, have no decision yet."""
    new = [candidate.record for candidate in review.candidates.values() if not candidate.same_as]
    new += [row["record"] for row in added if not row["same_as"]]
    return sum(record not in review.screening for record in new)


def _query_numbers(review: Review) -> Iterator[str]:
    """Give ids for the runs that follow those on record: D1, D2, …"""
    taken = (int(key[1:]) for key in review.queries if re.fullmatch(r"D\d+", key))
    return map("D{}".format, count(1 + max(taken, default=0)))
