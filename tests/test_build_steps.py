"""The steps of a build: what is kept between them is the same in every digit."""

import json

from livrev.records.model import RESULTS
from livrev.records.review import Review
from livrev.review.results import compute_results


def test_kept_results_are_the_same_in_every_digit(real_review: Review) -> None:
    results = compute_results(real_review)
    again = RESULTS.validate_python(json.loads(json.dumps(RESULTS.dump_python(results, mode="json"))))
    assert again == results
    for name, result in results.items():
        assert [str(value) for _, value in again[name]] == [str(value) for _, value in result], name
