"""The steps of a build: what is kept between them is the same in every digit."""

import json

from livrev.records.review import Review
from livrev.review.results import compute_results
from livrev.site.build_steps import as_kept, read_kept


def test_kept_results_are_the_same_in_every_digit(real_review: Review) -> None:
    results = compute_results(real_review)
    again = read_kept(json.loads(json.dumps(as_kept(results.values()))))
    assert as_kept(again.values()) == as_kept(results.values())
    assert [str(result.value) for result in again.values()] == [str(result.value) for result in results.values()]
