"""The log of the search: what is asked of the databases and was asked, which records came, and what was decided on them."""

import datetime

from livrev.records.model import Row


class Search(Row):
    """A search that a service is asked again and again, and the day on which it last was."""

    search: str
    service: str
    question: str
    query: str
    written_on: datetime.date
    last_run: datetime.date | None = None
    hits: int | None = None
    note: str | None = None


class Query(Row):
    """A question as it was asked once: where, when, and how many of its results a person looked at."""

    query_id: str
    question: str
    corpus: str
    query: str
    date: datetime.date | None = None
    hits: int | None = None
    looked_at: int | None = None


class FoundRecord(Row):
    """A record that a query found: what names it."""

    record: str
    title: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    nct: tuple[str, ...] = ()
    address: str | None = None
    query_id: str | None = None


class Candidate(FoundRecord):
    """A record that waits for a person: how likely it is, *why*, and whether it or its trial is on file."""

    authors: str | None = None
    journal: str | None = None
    found_on: datetime.date
    score: float | None = None
    why: tuple[str, ...] = ()
    same_as: str | None = None
    trial_of: str | None = None
    known_by: str | None = None


class Screened(FoundRecord):
    """A record that a person decided on, at which stage, and why."""

    stage: str
    decision: str
    reason: str
    study: str | None = None
