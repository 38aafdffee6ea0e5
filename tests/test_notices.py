"""What registers say of a reference is joined; a register's silence takes nothing back."""

import dataclasses
import datetime

import pytest

from livrev.records.model import Retraction
from livrev.records.review import Reference, Review
from livrev.sources.publication import Notice, Publication, read_notice
from livrev.sources.transport import NotFound, ServiceFailed
from livrev.update.report import Looked
from livrev.update.update_search import ask_registers, judge_notices, references_to_ask

DAY = datetime.date(2026, 2, 1)
RETRACTION = Notice("retraction", "Retraction", "10.5555/notice", "9", "2026-01-20")
CORRECTION = Notice("correction", "Erratum", "10.5555/erratum")


TRIAL = Reference("Roe2019trial", "article", {"doi": "10.1234/trial", "pmid": "1234567"}, 1)


def judge(said: dict[str, list[Notice]], state: str = "unchecked", **row: str) -> Looked | None:
    known = Retraction(citekey="Roe2019trial", doi="10.1234/trial", state=state, **row)
    looked = judge_notices([TRIAL], {"Roe2019trial": said} if said else {}, {"Roe2019trial": known}, today=DAY)
    return looked[0] if looked else None


@pytest.mark.parametrize(
    ("before", "crossref", "pubmed", "after"),
    [
        ("unchecked", [], [], ("none", False)),
        ("none-seen", [], [], ("none", False)),
        ("none", [CORRECTION], [], ("correction", True)),
        ("none", [CORRECTION], [RETRACTION], ("retracted", True)),
        ("correction", [CORRECTION], [], ("correction", False)),
        ("correction", [RETRACTION], [], ("retracted", True)),
        ("retracted", [], [], None),
        ("concern", [CORRECTION], [], None),
        ("none", [Notice("other", "new_version", "10.5555/v2")], [], ("none", False)),
    ],
)
def test_the_gravest_counts_and_nothing_is_taken_back(
    before: str, crossref: list[Notice], pubmed: list[Notice], after: tuple[str, bool] | None
) -> None:
    looked = judge({"Crossref": crossref, "PubMed": pubmed}, before)
    assert (looked and (looked.row["state"], looked.new)) == after


def test_what_nobody_answered_for_stays_unchecked() -> None:
    assert judge({}) is None


def test_the_row_says_who_said_what() -> None:
    looked = judge({"PubMed": [RETRACTION], "Crossref": [RETRACTION, CORRECTION]})
    assert looked is not None and looked.row == {
        "citekey": "Roe2019trial", "state": "retracted", "checked_on": "2026-02-01", "where": "Crossref and PubMed",
        "notice_doi": "10.5555/notice",
        "note": "Crossref and PubMed list a retraction of 2026-01-20 (PMID 9); its words were not read",
    }  # fmt: skip


def test_the_words_of_a_person_on_a_known_notice_stay() -> None:
    looked = judge({"PubMed": [CORRECTION]}, "correction", note="The dose was misprinted")
    assert looked is not None and "note" not in looked.row and not looked.new


class Crossref:
    """A register that knows one DOI, not another, and fails at a third."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def notices(self, doi: str) -> tuple[Notice, ...]:
        self.asked.append(doi)
        if doi == "10.1/unknown":
            raise NotFound("Crossref", doi, "does not know it", "look at the number")
        if doi.startswith("10.1/bad"):
            raise ServiceFailed("Crossref", doi, "is out of order", "try again later")
        return ()


class PubMed:
    """A register that knows one of them by its DOI, and that it was retracted by its kind alone."""

    def find(self, query: str, *, limit: int = 0) -> tuple[int, list[str]]:
        return 1, ["7"] if '"10.1/known"[doi]' in query else []

    def fetch(self, pmids: list[str]) -> list[Publication]:
        return [Publication("T", pmid=n, doi="10.1/KNOWN", kinds=("Retracted Publication",)) for n in pmids]


def test_each_register_is_asked_and_a_failing_one_left_in_peace() -> None:
    keys = ["known", "unknown", "bad1", "bad2", "bad3", "last"]
    references = [Reference(key, "article", {"doi": f"10.1/{key}"}, 1) for key in keys]
    crossref = Crossref()
    said, failed = ask_registers(references, crossref, PubMed())
    assert said["known"] == {"PubMed": [Notice("retraction", "Retracted Publication")], "Crossref": []}
    assert "unknown" not in said and "last" not in said
    assert crossref.asked[-1] == "10.1/bad3" and len(failed) == 4
    assert failed[-1] == "Crossref was not asked about the other 1 references"


def test_what_both_said_today_is_not_asked_again(review: Review) -> None:
    assert [c.key for c in references_to_ask(review, today=DAY)] == ["Doe2020cress", "Roe2019trial"]
    review.tables["retractions"].records[0] |= {"checked_on": DAY, "where": "Crossref and PubMed"}
    review.tables["retractions"].records[1] |= {"checked_on": DAY, "where": "PubMed"}
    assert [c.key for c in references_to_ask(dataclasses.replace(review), today=DAY)] == ["Roe2019trial"]


@pytest.mark.parametrize(
    ("said", "kind", "on_another"),
    [
        ("RetractionIn", "retraction", False),
        ("RetractionOf", "retraction", True),
        ("RetractedandRepublishedIn", "retraction", False),
        ("Expression of concern in", "concern", False),
        ("Expression of concern for", "concern", True),
        ("expression_of_concern", "concern", False),
        ("CorrectedandRepublishedFrom", "correction", True),
        ("retracted-article", "retraction", True),
        ("object-of-concern", "concern", True),
        ("retraction-forward", "retraction", False),
        ("Comment in", "other", False),
    ],
)
def test_the_words_of_a_service_say_what_a_notice_is_and_of_whom(said: str, kind: str, on_another: bool) -> None:
    notice = read_notice(said, "Garden Lett. 2021;3:9. doi: 10.5555/n.", "9")
    assert (notice.kind, notice.is_notice, notice.doi, notice.pmid) == (kind, on_another, "10.5555/n", "9")
