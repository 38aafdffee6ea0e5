"""Every finding stands in its sentence, and every sentence is accounted for."""

from collections.abc import Callable

import pytest
from small_review import replace

from livrev.checks.documents import check_anchors
from livrev.paths import Repository
from livrev.records.review import Review


def problems_of(review: Review) -> list[str]:
    source = review.sources[0]
    front, features = review.front_matter[source.citekey], review.features[source.citekey]
    return [str(problem) for problem in check_anchors(source, front, features, "note.md")]


def test_the_small_review_is_anchored(review: Review) -> None:
    assert problems_of(review) == []
    assert [s.n for s in review.features["Doe2020cress"].sentences] == [1, 2, 3, 4]
    assert review.sources[0].roles == {1: "boilerplate", 2: "claim", 3: "claim", 4: "boilerplate"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("12 responded", "a dozen responded", None),
        ("12 responded", "30 % responded", "30 does not stand in sentence 2"),
        ("12 responded.", "30 % responded.\n  derived: 12/40 of the patients", None),
        ("Of 40 patients", "Of forty-one and 41 patients", "41 does not stand"),
        ("- sentences: '1'\n  what: heading\n", "", "1 is not accounted for"),
        ("sentences: '4'", "sentences: 4, 2", "2 is a finding and furniture"),
        ("repeats: []", "repeats:\n- sentence: 4\n  of: cress-01", "4 is a repetition and furniture"),
        ("  sentence: 3", "  sentence: 2", "is stale (cress-02); it is the fingerprint of sentence 3: mend the number"),
    ],
)
def test_each_rule_both_ways(
    repository: Repository, reread: Callable[[], Review], old: str, new: str, said: str | None
) -> None:
    replace(repository.sources / "Doe2020cress.md", old, new)
    found = problems_of(reread())
    assert any(said in problem for problem in found) if said else found == [], found


def test_two_findings_may_share_a_sentence(repository: Repository, reread: Callable[[], Review]) -> None:
    path = repository.sources / "Doe2020cress.md"
    text = path.read_text()
    start, end = text.index("- id: cress-02"), text.index("---\n\nWhat")
    path.write_text(text[:end] + text[start:end].replace("cress-02", "cress-03") + text[end:])
    review = reread()
    assert problems_of(review) == []
    assert [*review.sources[0].roles.values()].count("claim") == 2
