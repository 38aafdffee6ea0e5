"""What is on file is found again by its identifiers, then by title and year, and never by a coincidence."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livrev.records.review import Review
from livrev.update.known import Known, Link, known_of
from livrev.update.record import Record

TITLE = "Cress against leafoma: a randomised trial"


def known() -> Known:
    found = Known()
    found.add("references:Roe2019trial", doi="10.1234/Trial", pmid="1234567", title=TITLE, year=2019)
    found.add("studies:sprout", nct=["NCT01234567"], registry=True)
    return found


@pytest.mark.parametrize(
    ("record", "link"),
    [
        (Record("Another", doi="10.1234/tRIAL"), Link("references:Roe2019trial", "doi 10.1234/trial")),
        (Record("Another", pmid="1234567"), Link("references:Roe2019trial", "pmid 1234567")),
        (Record(TITLE.upper() + ".", year=2020), Link("references:Roe2019trial", "title and year")),
        (Record("Cress – against leafoma; a Randomised Trial"), Link("references:Roe2019trial", "title")),
        (Record(TITLE, year=2022), None),
        (Record("Cress", year=2019), None),
        (Record("A registered trial", nct=("NCT01234567",), registry=True), Link("studies:sprout", "nct NCT01234567")),
        (Record("Final results of it", nct=("NCT01234567",)), Link("studies:sprout", "nct NCT01234567", "trial")),
        (Record("Another", nct=("NCT09999999",), registry=True), None),
    ],
)
def test_a_record_is_known_by(record: Record, link: Link | None) -> None:
    assert known().find(record) == link


def test_a_short_title_is_nobodys_own() -> None:
    found = Known()
    found.add("screening:a", title="Reply", year=2020)
    assert found.find(Record("Reply", year=2020)) is None


def test_a_registered_trial_is_not_known_by_its_title() -> None:
    assert known().find(Record(TITLE, year=2019, nct=("NCT09999999",), registry=True)) is None


def test_everything_on_file_is_known(review: Review) -> None:
    found = known_of(review)
    assert found.find(Record("x", doi="10.1234/cress")) == Link("references:Doe2020cress", "doi 10.1234/cress")
    assert found.find(Record("x", nct=("NCT01234567",), registry=True)) == Link("studies:roe-2019", "nct NCT01234567")
    assert found.find(Record("A later report", nct=("NCT01234567",))) == Link(
        "studies:roe-2019", "nct NCT01234567", "trial"
    )


def test_the_whole_review_knows_itself(real_review: Review) -> None:
    found = known_of(real_review)
    for row in real_review.tables["screening"].records:
        record = Record(row["title"] or "", row["year"], row["doi"] or "", row["pmid"] or "")
        link = found.find(record)
        if record.doi or record.pmid:
            assert link is not None and link.kind == "same"


@given(st.text(min_size=30), st.integers(1990, 2030))
def test_what_was_taken_in_is_known(title: str, year: int) -> None:
    record = Record(title, year, doi="10.5555/x", pmid="7")
    found = Known()
    found.add_record("candidates:a", record)
    assert found.find(dataclasses.replace(record, title="")) is not None
    assert found.find(dataclasses.replace(record, doi="10.5555/X", pmid="", title="")) is not None
