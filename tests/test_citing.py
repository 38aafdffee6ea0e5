"""The review says how it is cited, in forms that reference managers read back."""

from collections.abc import Callable
from datetime import date

import pytest
import rispy
from pybtex.database import parse_string
from small_review import replace

from livrev.exports.references import Edition, as_bibtex, as_ris, in_words, read_edition
from livrev.paths import Repository
from livrev.records.review import Review

EDITION = Edition(
    "Cress: a review", ("the gardeners", "Doe, Jane"), "0.2.0", date(2026, 5, 3), date(2026, 4, 30),
    "https://example.org/",
)  # fmt: skip


def test_the_edition_is_read_from_the_records(review: Review) -> None:
    edition = read_edition(review)
    assert edition.line == "Version 0.1.0 of 15 January 2026; evidence searched until 15 January 2026."
    assert edition.authors == ("the gardeners",)


def test_words_say_which_edition_was_read() -> None:
    assert in_words(EDITION) == (
        "The gardeners; Doe, Jane (2026). Cress: a review. Version 0.2.0, 3 May 2026;"
        " evidence searched until 30 April 2026. https://example.org/"
    )


def test_bibtex_is_read_back_as_it_was_meant() -> None:
    entry = parse_string(as_bibtex(EDITION), "bibtex").entries["livrev2026"]
    assert [str(person) for person in entry.persons["author"]] == ["{the gardeners}", "Doe, Jane"]
    assert entry.fields["title"] == "{Cress: a review}" and entry.fields["url"] == "https://example.org/"
    assert "Version 0.2.0" in entry.fields["note"]


def test_ris_is_read_back_as_it_was_meant() -> None:
    (record,) = rispy.loads(as_ris(EDITION))
    assert record["authors"] == ["the gardeners", "Doe, Jane"] and record["title"] == "Cress: a review"
    assert record["year"] == "2026" and record["urls"] == ["https://example.org/"]


def test_a_citation_file_that_lacks_something_is_named(repository: Repository, reread: Callable[[], Review]) -> None:
    replace(repository.citation, "version: 0.1.0\n", "")
    with pytest.raises(ValueError, match=r"CITATION\.cff: KeyError\('version'\).*give title, authors, version"):
        read_edition(reread())
