"""Look for what is new: run the searches on record, ask after the references, and write all of it down in one step."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from livrev.checks.citations import complete_rows
from livrev.progress import say
from livrev.records.review import Review
from livrev.records.tables import append_rows
from livrev.review.studies import awaited_trials
from livrev.sources.dedupe import known_of
from livrev.sources.publication import find_ncts
from livrev.sources.services import ClinicalTrials, Crossref, EuropePMC, PubMed
from livrev.sources.transport import ServiceFailed
from livrev.transaction import NewText, held_in
from livrev.update.baseline import Harvest, Job
from livrev.update.candidates import Found, decisions_of, id_of, make_candidates, train_ranker, update_rows
from livrev.update.report import Look, Ran
from livrev.update.retraction_lookup import ask_registers, judge_notices, references_to_ask
from livrev.update.state import State, remembering

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

MOST = 9_999  # records of one search and run; PubMed shows no more
BASELINE = "PubMed baseline files"


@dataclass(frozen=True, slots=True)
class Services:
    """The services that are asked, by the names that stand in the table of searches.

    *day* tells for which day the answers since it was last called hold: those kept from a look that was stopped are older.
    """

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
    """Run every search that has not run today (or those named in *only*), then ask after the references.

    A service that does not answer costs its own part only; its search stays due.
    """
    done = Look(today)
    found: list[Found] = []
    numbers = _query_numbers(review)
    for name, search in review.searches.items():
        if only and name not in only:
            continue
        if search.last_run == today:
            done.skipped.append(name)
            continue
        since = f"since {search.last_run}" if search.last_run else "from the beginning"
        say(f"{search.service}: {name}, {since}")
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


def look_at_baseline(review: Review, harvest: Harvest, job: Job, *, today: date) -> Look:
    """Make candidates of what the files of PubMed held. No search counts as run by it: files end where they end."""
    done = Look(today, problems=list(harvest.problems))
    numbers = _query_numbers(review)
    ids = {name: next(numbers) for name in job.searches}
    matches = harvest.best()
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
        {
            "query_id": ran.query_id, "question": ran.search.question, "corpus": ran.search.service,
            "query": ran.search.query, "date": ran.day.isoformat(), "hits": str(ran.total), "looked_at": "",
        }
        for ran in done.ran
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
