"""What is on file is found again by its identifiers, then by title and year, and never by a coincidence."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livrev.records.review import Review
from livrev.sources.dedupe import Known, Link, known_of
from livrev.sources.publication import Publication

TITLE = "Cress against leafoma: a randomised trial"


def known() -> Known:
    found = Known()
    found.add("references:Roe2019trial", Publication(TITLE, year=2019, doi="10.1234/Trial", pmid="1234567"))
    found.add("studies:sprout", Publication("", nct=("NCT01234567",), registry=True))
    return found


@pytest.mark.parametrize(
    ("record", "link"),
    [
        (Publication("Another", doi="10.1234/tRIAL"), Link("references:Roe2019trial", "doi 10.1234/trial")),
        (Publication("Another", pmid="1234567"), Link("references:Roe2019trial", "pmid 1234567")),
        (Publication(TITLE.upper() + ".", year=2020), Link("references:Roe2019trial", "title and year")),
        (Publication("Cress – against leafoma; a Randomised Trial"), Link("references:Roe2019trial", "title")),
        (Publication(TITLE, year=2022), None),
        (Publication("Cress", year=2019), None),
        (
            Publication("A registered trial", nct=("NCT01234567",), registry=True),
            Link("studies:sprout", "nct NCT01234567"),
        ),
        (Publication("Final results of it", nct=("NCT01234567",)), Link("studies:sprout", "nct NCT01234567", "trial")),
        (Publication("Another", nct=("NCT09999999",), registry=True), None),
    ],
)
def test_a_record_is_known_by(record: Publication, link: Link | None) -> None:
    assert known().find(record) == link


def test_a_short_title_is_nobodys_own() -> None:
    found = Known()
    found.add("screening:a", Publication("Reply", year=2020))
    assert found.find(Publication("Reply", year=2020)) is None


def test_a_registered_trial_is_not_known_by_its_title() -> None:
    assert known().find(Publication(TITLE, year=2019, nct=("NCT09999999",), registry=True)) is None


def test_everything_on_file_is_known(review: Review) -> None:
    found = known_of(review)
    assert found.find(Publication("x", doi="10.1234/cress")) == Link("references:Doe2020cress", "doi 10.1234/cress")
    assert found.find(Publication("x", nct=("NCT01234567",), registry=True)) == Link(
        "studies:roe-2019", "nct NCT01234567"
    )
    assert found.find(Publication("A later report", nct=("NCT01234567",))) == Link(
        "studies:roe-2019", "nct NCT01234567", "trial"
    )


def test_the_whole_review_knows_itself(real_review: Review) -> None:
    found = known_of(real_review)
    for row in real_review.tables["screening"].records:
        record = Publication(row["title"] or "", year=row["year"], doi=row["doi"] or "", pmid=row["pmid"] or "")
        link = found.find(record)
        if record.doi or record.pmid:
            assert link is not None and link.kind == "same"


@given(st.text(min_size=30), st.integers(1990, 2030))
def test_what_was_taken_in_is_known(title: str, year: int) -> None:
    record = Publication(title, year=year, doi="10.5555/x", pmid="7")
    found = Known()
    found.add("candidates:a", record)
    assert found.find(dataclasses.replace(record, title="")) is not None
    assert found.find(dataclasses.replace(record, doi="10.5555/X", pmid="", title="")) is not None
