"""The steps of a build: what is kept between them is the same in every digit."""

import json

from livrev.records.model import RESULTS, Estimate


def test_kept_results_are_the_same_in_every_digit(real_results: dict[str, Estimate]) -> None:
    results = real_results
    again = RESULTS.validate_python(json.loads(json.dumps(RESULTS.dump_python(results, mode="json"))))
    assert again == results
    for name, result in results.items():
        assert [str(value) for _, value in again[name]] == [str(value) for _, value in result], name
