"""Check studies against each other: one identity a study, updates after what they update, arms that add up."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from livrev.diagnostics import Problem
from livrev.records.model import Outcome, Study
from livrev.records.review import Review

_NCT = re.compile(r"NCT[0-9]{8}")


def check_studies(review: Review) -> Iterable[Problem]:
    """Yield a problem for each study or result that contradicts another one."""
    yield from _check_loops(review, "studies", {s.study: s.part_of for s in review.studies.values()}, "part_of")
    updates = {row["outcome"]: row["supersedes"] for row in review.tables["outcomes"].records if row["supersedes"]}
    yield from _check_loops(review, "outcomes", updates, "supersedes")
    yield from _check_numbers(review)
    yield from _check_identities(review)
    yield from _check_order(review)
    yield from _check_arms(review)


def _place(review: Review, table: str, key: str) -> tuple[str, int]:
    path = review.repository.data / review.tables[table].table.path
    return review.repository.relative(path), review.line_of(table, key)


def _check_loops(review: Review, table: str, links: Mapping[str, str | None], field: str) -> Iterable[Problem]:
    """Yield the first row of each loop that *links* (record to record) make."""
    known: set[str] = set()
    for start in links:
        way: list[str] = []
        step: str | None = start
        while step is not None and step not in known and step in links:
            known.add(step)
            way.append(step)
            step = links[step]
        if step in way:
            loop = way[way.index(step) :]
            file, line = _place(review, table, loop[0])
            value = " → ".join([*loop, loop[0]])
            yield Problem(file, line, field, value, "leads back to where it began", "cut the loop at one of its rows")


def _check_numbers(review: Review) -> Iterable[Problem]:
    for study in review.studies.values():
        file, line = _place(review, "studies", study.study)
        for number in study.nct:
            if number.startswith("NCT") and not _NCT.fullmatch(number):
                yield Problem(file, line, "nct", number, "is no NCT number", "write NCT and eight digits")


def _check_identities(review: Review) -> Iterable[Problem]:
    """Yield each DOI, PMID or registration that two studies share without being linked by part_of."""
    family = _families(review.studies)
    fields: dict[str, Callable[[Study], tuple[str, ...]]] = {
        "doi": lambda study: (study.doi.lower(),) if study.doi else (),
        "pmid": lambda study: (study.pmid,) if study.pmid else (),
        "nct": lambda study: study.nct,
    }
    for field, values in fields.items():
        first: dict[str, Study] = {}
        for study in review.studies.values():
            for value in values(study):
                other = first.setdefault(value, study)
                if family[other.study] != family[study.study]:
                    file, line = _place(review, "studies", study.study)
                    cure = (
                        f"link {study.study} and {other.study} with part_of if patients may overlap, or mend the number"
                    )
                    yield Problem(file, line, field, value, f"belongs to {other.study} too", cure)


def _families(studies: Mapping[str, Study]) -> dict[str, str]:
    """Return, for each study, the one that its chain of part_of ends in."""
    heads = {}
    for name in studies:
        head, seen = name, {name}
        while (parent := studies[head].part_of) in studies and parent not in seen:
            assert parent is not None
            head = parent
            seen.add(head)
        heads[name] = head
    return heads


def _check_order(review: Review) -> Iterable[Problem]:
    """Yield each result that supersedes one with more follow-up than its own."""
    for row in review.tables["outcomes"].records:
        older = review.outcomes.get(row["supersedes"] or "")
        if older is None:
            continue
        outcome = review.outcomes[row["outcome"]]
        file, line = _place(review, "outcomes", outcome.outcome)
        new_day, old_day = _fields(outcome, "data_cutoff"), _fields(older, "data_cutoff")
        new_time, old_time = _fields(outcome, "follow_up_months"), _fields(older, "follow_up_months")
        cure = "which of the two is the update? swap them, or mend the dates"
        if new_day and old_day:
            length = min(len(new_day), len(old_day))  # a month is compared with the month of a day
            if new_day[:length] < old_day[:length]:
                message = f"is before the {old_day} of {older.outcome}, which it supersedes"
                yield Problem(file, line, "data_cutoff", new_day, message, cure)
        elif new_time is not None and old_time is not None and new_time < old_time:
            message = f"is below the {old_time} of {older.outcome}, which it supersedes"
            yield Problem(file, line, "follow_up_months", str(new_time), message, cure)


def _fields(outcome: Outcome, name: str) -> Any:
    """Return a column that the typed record keeps as it is, None where it is empty."""
    return getattr(outcome, name, None)


def _check_arms(review: Review) -> Iterable[Problem]:
    """Yield each report whose randomised arms hold more patients together than the study has."""
    arms: dict[tuple[Any, ...], dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in review.tables["outcomes"].records:
        whole = row["contrast"] == "arm" and row.get("population") == "itt" and row["stratum"] == "all"
        if whole and row["arm"] and row["total"] is not None and not row["flag"] and not row.get("subset"):
            group = arms[row["study"], row["citekey"], row.get("report"), row["endpoint"]]
            known = group.get(row["arm"])
            if known is None or known["total"] < row["total"]:
                group[row["arm"]] = row
    for (name, _, _, endpoint), group in arms.items():
        study = review.studies.get(name)
        together = sum(row["total"] for row in group.values())
        if study is not None and study.n is not None and len(group) > 1 and together > study.n:
            file, line = _place(review, "outcomes", next(reversed(group.values()))["outcome"])
            said = " + ".join(str(row["total"]) for row in group.values())
            message = f"add up to {together} in the arms of {name} ({endpoint}), which has n = {study.n}"
            yield Problem(file, line, "total", said, message, "check n and the totals, or the population of the rows")
