"""The examples in the docstrings of what notebooks and contributors call run, and print what they say."""

import doctest
from importlib import import_module

import pytest

MODULES = [
    "livrev",
    "livrev.frames.network",
    "livrev.frames.open_review",
    "livrev.frames.pooling",
    "livrev.frames.from_records",
    "livrev.review.agreement",
    "livrev.show.tables",
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_hold(name: str) -> None:
    found = doctest.testmod(import_module(name))
    assert found.attempted and not found.failed
