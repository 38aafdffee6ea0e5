"""Which of several reports of one result is the latest."""

from collections.abc import Iterable

from livrev.records.model import Outcome


def latest_reports(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return *outcomes* without those that another of them supersedes: one report of each result."""
    kept = list(outcomes)
    old = {outcome.supersedes for outcome in kept if outcome.supersedes}
    return [outcome for outcome in kept if outcome.outcome not in old]
