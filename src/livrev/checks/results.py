"""Check what chapters print by name: Results that exist, cards of evidence, and certainty words that are those of the appraisals.

Within one sentence (one source line), a certainty word is held against the rated names (a pool or a strategy, in a
`result` or an `evidence` role) that follow it at once, else against the last ones before it, else against the first
ones after it. A word that stands beside no rated name is not judged.
"""

import re
from collections.abc import Iterable

from livrev.checks.documents import check_arithmetic
from livrev.checks.prose import blank_code, roles_in
from livrev.diagnostics import Problem, suggest
from livrev.records.review import Review
from livrev.review.bias import COHORTS, RANDOMISED
from livrev.review.certainty import certainty_by_name
from livrev.review.results import compute_results, nearest_names
from livrev.show.format import FORMS, format_estimate

_NAME_CARD, _NAME_RATED = "name a finding, an outcome, pool.<id> or strategy.<id>", "name pool.<id> or strategy.<id>"


def results_in(text: str) -> list[tuple[str, str, int]]:
    """Return name, form (behind a |, which is \\| in a table) and line of each Result that a chapter prints, but in code."""
    found = ((re.split(r"\\?\|", said, maxsplit=1), line) for _, said, line in roles_in(text, "result"))
    return [(name.strip(), "".join(form).strip() or "short", line) for (name, *form), line in found]


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
                yield Problem(file, line, "result", name, "is no Result", cure, unmade=True)
                continue
            try:
                format_estimate(results[name], form)
            except ValueError as error:
                cure = f"{error} (forms: {', '.join(FORMS)})"
                yield Problem(file, line, "result", f"{name}|{form}", "cannot be printed so", cure)


def check_superseded(review: Review, chapters: dict[str, str]) -> Iterable[Problem]:
    """Yield each reported result that a chapter prints although a later report replaced it and the chapter prints none of those.

    What was said at first may stand beside what is known now, never alone.
    """
    later = {outcome.supersedes: outcome.outcome for outcome in review.outcomes.values() if outcome.supersedes}
    for file, text in chapters.items():
        shown = {key.removeprefix("outcome."): line for key, _, line in results_in(text) if key.startswith("outcome.")}
        beside: set[str] = set()  # what a printed result replaced, at once or by way of others
        for key in shown:
            while key in review.outcomes and (older := review.outcomes[key].supersedes) and older not in beside:
                beside.add(key := older)
        for key, line in shown.items():
            if key in later and key not in beside:
                cure = f"print outcome.{later[key]} and cite its report, or print both and say which is the later"
                yield Problem(file, line, "result", f"outcome.{key}", f"is superseded by {later[key]}", cure)


def check_unjudged(review: Review, chapters: dict[str, str]) -> Iterable[Problem]:
    """Yield each study, not randomised, whose treatments a chapter compares (by an effect, or arm by arm) without facts on bias.

    Nothing is asked before the first fact on any study is written.
    """
    for file, text in chapters.items() if review.bias_facts else ():
        arms: dict[tuple[object, ...], set[str | None]] = {}
        for name, _, line in results_in(text):
            one = review.outcomes.get(name.removeprefix("outcome."))
            if one is None or review.studies[one.study].design in RANDOMISED:
                continue
            same = arms.setdefault((one.study, one.endpoint, one.stratum, one.measure, one.time_months), set())
            same.add(one.arm)
            compared = one.contrast == "treatment" or (one.contrast == "arm" and len(same) > 1)
            if compared and (one.study, COHORTS) not in review.bias_facts:
                said = f"compares treatments that were not randomised; {one.study} has no facts on bias"
                cure = f"have two look for what {COHORTS} asks (data/bias.csv)"
                yield Problem(file, line, "result", name, said, cure)


def evidence_names(review: Review) -> list[str]:
    """Return every name that an evidence role may give: findings, outcomes, `pool.<id>` and `strategy.<id>`."""
    pools = [f"pool.{key}" for key in review.pools]
    return [*review.findings, *review.outcomes, *pools, *(f"strategy.{key}" for key in review.strategies)]


def check_evidence_names(review: Review, chapters: dict[str, str]) -> Iterable[Problem]:
    """Yield each name in an evidence role that has no card, and each in a certainty role that is not rated."""
    cards, rated = set(evidence_names(review)), set(certainty_by_name(review))
    for file, text in chapters.items():
        for role, said, line in roles_in(text, "evidence", "certainty"):
            known, what, cure = cards, "is no finding, outcome, pool or strategy", _NAME_CARD
            if role == "certainty":
                known, what, cure = rated, "has no certainty", _NAME_RATED
            for key in (part.strip() for part in said.split(",")):
                if key not in known:
                    yield Problem(file, line, role, key, what, suggest(key, known, cure, most=3))


OF_NAMES = (check_result_names, check_evidence_names, check_superseded, check_unjudged)

_ROLE = re.compile(r"\{(?:result|evidence)\}`([^`]*)`")
_GRADE = r"(very low|low|moderate|high)"
# The certainty of a study's result is meant, not that of a dose or a rate: the word stands beside "certainty".
_WORD = re.compile(
    rf"\b{_GRADE}(?:\*\*)? certainty\b|\bcertainty(?: \w+){{0,6}}?(?: is| has been|:) {_GRADE}\b(?! certainty)",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"[\s).,;:*]*\Z")


def check_certainty_words(text: str, file: str, rated: dict[str, str]) -> Iterable[Problem]:
    """Yield each certainty word of a chapter that is not the one of the rated names beside it; *rated* maps names to words."""
    for number, line in enumerate(blank_code(text).splitlines(), 1):
        names = [(*match.span(), found) for match in _ROLE.finditer(line) if (found := _rated_in(match[1], rated))]
        for match in _WORD.finditer(line):
            if any(start < match.end() and match.start() < end for start, end, _ in names):
                continue
            word = (match[1] or match[2]).lower()
            for name in _beside(line, match.start(), match.end(), names):
                if rated[name] != word:
                    what = f"stands beside {name}, whose certainty is {rated[name]}"
                    message = f"{what}, in the sentence “{line.strip()}”"
                    cure = f"write {rated[name]}, or change the appraisal and give its reason"
                    yield Problem(file, number, "certainty", word, message, cure)


def _rated_in(said: str, rated: dict[str, str]) -> list[str]:
    """Return the rated names in the text of a role: `pool.x.k|words` speaks of `pool.x`."""
    found = []
    for part in said.split(","):
        name = part.partition("|")[0].strip().rstrip("\\")
        while name and name not in rated:
            name = name.rpartition(".")[0]
        found += [name] if name else []
    return found


def _beside(line: str, start: int, end: int, names: list[tuple[int, int, list[str]]]) -> list[str]:
    """Return the *names* that follow at once on what stands from *start* to *end*; else the last before it, else the next."""
    before = [found for _, stop, found in names if stop <= start]
    after = [(begin, found) for begin, _, found in names if begin >= end]
    if after and _AT_ONCE.match(line[end : after[0][0]]):
        return after[0][1]
    if before:
        return before[-1]
    return after[0][1] if after else []
