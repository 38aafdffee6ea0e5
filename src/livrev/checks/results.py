"""Check that every Result which a chapter prints exists, in the form in which it is asked for."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from livrev.checks.certainty_words import certainty_by_name
from livrev.checks.prose import blank_code
from livrev.diagnostics import Problem
from livrev.records.model import Estimate
from livrev.records.review import Review
from livrev.review.arithmetic import check_arithmetic
from livrev.review.results import compute_results, nearest_names
from livrev.show.format import FORMS, format_estimate

_ROLE = re.compile(r"\{result\}`([^`]*)`")
_EVIDENCE = re.compile(r"\{(evidence|certainty)\}`([^`]*)`")


def results_in(text: str) -> list[tuple[str, str, int]]:
    """Return the name, the form and the line of each Result that a chapter prints; examples in code are none."""
    plain = blank_code(text)
    found = []
    for match in _ROLE.finditer(plain):
        said = match.group(1).replace("\\|", "|")  # within a table the bar is escaped
        name, _, form = (part.strip() for part in said.partition("|"))
        found.append((name, form or "short", plain.count("\n", 0, match.start()) + 1))
    return found


def check_result_names(review: Review, chapters: dict[str, str]) -> Iterable[Problem]:
    """Yield each name in *chapters* (file name to text) that is no Result, and each form that the Result has not.

    Where the records themselves cannot be computed nothing is yielded: other checks name the cause.
    """
    if any(source.citekey not in review.features for source in review.sources) or any(check_arithmetic(review)):
        return
    results = compute_results(review)
    for file, text in chapters.items():
        for name, form, line in results_in(text):
            if name not in results:
                near = nearest_names(name, results)
                cure = f"did you mean {', '.join(near)}?" if near else "livrev export estimates lists every name"
                yield Problem(file, line, "result", name, "is no Result", cure)
            elif trouble := _cannot_say(results[name], form):
                yield Problem(file, line, "result", f"{name}|{form}", "cannot be printed so", trouble)


def evidence_names(review: Review) -> list[str]:
    """Return every name that an evidence role may give: findings, outcomes, `pool.<id>` and `strategy.<id>`."""
    pools = [f"pool.{record['pool']}" for record in review.tables["pools"].records]
    return [*review.findings, *review.outcomes, *pools, *(f"strategy.{key}" for key in review.strategies)]


def check_evidence_names(review: Review, chapters: dict[str, str]) -> Iterable[Problem]:
    """Yield each name in an evidence role that has no card, and each in a certainty role that is not rated."""
    cards, rated = set(evidence_names(review)), set(certainty_by_name(review))
    for file, text in chapters.items():
        plain = blank_code(text)
        for match in _EVIDENCE.finditer(plain):
            role = match[1]
            known, kinds = (
                (cards, "a finding, an outcome, pool.<id> or strategy.<id>")
                if role == "evidence"
                else (rated, "pool.<id> or strategy.<id>")
            )
            for key in (part.strip() for part in match[2].split(",")):
                if key not in known:
                    near = get_close_matches(key, known, 3, 0.6)
                    cure = f"did you mean {', '.join(near)}?" if near else f"name {kinds}"
                    line = plain.count("\n", 0, match.start()) + 1
                    what = "is no finding, outcome, pool or strategy" if role == "evidence" else "has no certainty"
                    yield Problem(file, line, role, key, what, cure)


def _cannot_say(estimate: Estimate, form: str) -> str | None:
    try:
        format_estimate(estimate, form)
    except ValueError as error:
        return f"{error} (forms: {', '.join(FORMS)})"
    return None
