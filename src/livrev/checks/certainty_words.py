"""Check that a certainty word in a chapter is that of the appraisal which it stands beside.

The rule: within one sentence (one source line), a word is held against the rated names (a pool or a strategy, in a
`result` or an `evidence` role) that follow it at once, else against the last ones before it, else against the first
ones after it. A word that stands beside no rated name is not judged.
"""

import re
from collections.abc import Iterable

from livrev.checks.prose import blank_code
from livrev.diagnostics import Problem
from livrev.records.review import Review

_ROLE = re.compile(r"\{(?:result|evidence)\}`([^`]*)`")
_GRADE = r"(very low|low|moderate|high)"
# The certainty of a study's result is meant, not that of a dose or a rate: the word stands beside "certainty".
_WORD = re.compile(
    rf"\b{_GRADE}(?:\*\*)? certainty\b|\bcertainty(?: \w+){{0,6}}?(?: is| has been|:) {_GRADE}\b(?! certainty)",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"[\s).,;:*]*\Z")


def certainty_by_name(review: Review) -> dict[str, str]:
    """Return the certainty of every rated name: `pool.<id>` from the appraisals, `strategy.<id>` from the strategies."""
    rated = {f"strategy.{key}": strategy.certainty for key, strategy in review.strategies.items()}
    if "appraisals" in review.tables:
        rated |= {f"pool.{row['pool']}": row["certainty"] for row in review.tables["appraisals"].records}
    return {name: str(word) for name, word in rated.items()}


def check_certainty_words(text: str, file: str, rated: dict[str, str]) -> Iterable[Problem]:
    """Yield each certainty word of a chapter that is not the one of the rated names beside it; *rated* maps names to words."""
    for number, line in enumerate(blank_code(text).splitlines(), 1):
        names = [
            (match.start(), match.end(), found)
            for match in _ROLE.finditer(line)
            if (found := _rated_in(match[1], rated))
        ]
        for match in _WORD.finditer(line):
            if any(start < match.end() and match.start() < end for start, end, _ in names):
                continue
            word = (match[1] or match[2]).lower()
            for name in _beside(line, match.start(), match.end(), names):
                if rated[name] != word:
                    message = (
                        f"stands beside {name}, whose certainty is {rated[name]}, in the sentence “{line.strip()}”"
                    )
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
    before = [found for _, stop, found in names if stop <= start]
    after = [(begin, found) for begin, _, found in names if begin >= end]
    if after and _AT_ONCE.match(line[end : after[0][0]]):
        return after[0][1]
    return before[-1] if before else after[0][1] if after else []
