"""Where the book uses a study, a result, a finding or a source."""

import re
from collections import defaultdict
from dataclasses import dataclass

from livrev.checks.citations import cited_in
from livrev.records.review import Review
from livrev.review.pools import pool_evidence

_NAMES = re.compile(r"\{(?:result|evidence)\}`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Use:
    """One page of the book that uses a record: its address below the book's root, and its title."""

    page: str
    title: str


def uses_by_record(review: Review, chapters: dict[str, str]) -> dict[str, list[Use]]:
    """Return, for each study, outcome, finding, pool and citekey, the chapters that name it, in their order.

    *chapters* are texts by file name. A study is used where one of its results is, and where a pool holds one.
    """
    pools = {
        f"pool.{key}": {outcome.outcome for outcome in pooled.outcomes} for key, pooled in pool_evidence(review).items()
    }
    uses: dict[str, dict[str, Use]] = defaultdict(dict)
    for file, text in chapters.items():
        use = Use(re.sub(r"\.(md|ipynb)$", ".html", file), _title(text))
        for key in _records_named(review, text, pools):
            uses[key][file] = use
    return {key: list(found.values()) for key, found in uses.items()}


def names_used(chapters: dict[str, str]) -> list[tuple[str, str, list[str], list[str]]]:
    """Return all of *chapters* that uses_by_record looks at: file, title, the names in roles, the keys cited."""
    return [
        (file, _title(text), sorted(set(_NAMES.findall(text))), sorted({key for key, _ in cited_in(text)}))
        for file, text in chapters.items()
    ]


def _records_named(review: Review, text: str, pools: dict[str, set[str]]) -> set[str]:
    found = {key for key, _ in cited_in(text)}
    for names in _NAMES.findall(text):
        for name in re.split(r"\s*,\s*", names.partition("|")[0].rstrip("\\").strip()):
            found.add(name)
            if name.startswith("pool."):
                pool = name if name in pools else name.rpartition(".")[0]
                found |= {pool, *pools.get(pool, set())}
            parts = name.split(".", 1)
            if len(parts) == 2 and parts[0] in ("outcome", "study"):
                found.add(parts[1].removesuffix(".exact").removesuffix(".n"))
    studies = {review.outcomes[key].study for key in found if key in review.outcomes}
    return found | studies


def _title(text: str) -> str:
    return next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), "")
