"""What searches find becomes rows: once each, linked where known, in the order of likeness, and safe to show."""

import csv
import datetime
import io
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livrev.records.review import Review
from livrev.records.search_log import Screened
from livrev.records.tables import append_rows, unsafe_text
from livrev.sources.dedupe import Known
from livrev.sources.publication import Author, Publication, Section
from livrev.update.candidates import (
    Decision,
    decisions_of,
    id_of,
    make_candidates,
    plain_cell,
    rank,
    train_ranker,
    update_rows,
)

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))
from ranking_quality import cross_validate, measure_ranking

GARDEN = [
    *(
        Decision(f"Cress against leafoma, trial {name}", True)
        for name in ("one", "two", "three", "four", "five", "six")
    ),
    *(Decision(f"Mowing the lawn in {name}", False) for name in ("May", "June", "July", "August", "spring", "autumn")),
]


def test_the_likest_comes_first_and_says_why() -> None:
    ranker = train_ranker(GARDEN)
    assert ranker is not None
    cress, lawn, neither = rank(["A new trial of cress", "The lawn in winter", "Stamps"], ranker)
    assert cress.score > neither.score > lawn.score
    assert "cress (+)" in cress.why and "trial (+)" in cress.why
    assert lawn.why[0] == "lawn (-)"
    assert neither.why == ()
    assert rank([], ranker) == []


def test_the_order_of_the_log_makes_no_difference() -> None:
    one, other = train_ranker(GARDEN), train_ranker(GARDEN[::-1])
    texts = ["cress and lawn", "a trial", "mowing leafoma"]
    assert one is not None and other is not None
    assert rank(texts, one) == rank(texts, other)


def test_from_too_few_decisions_nothing_is_learnt() -> None:
    assert train_ranker(GARDEN[:6]) is None
    assert train_ranker(GARDEN[2:10]) is None


def test_what_was_not_read_or_repeats_another_teaches_nothing() -> None:
    row = Screened(record="a", title="Cress", stage="title", decision="include", reason="eligible")
    changes: list[dict[str, str | None]] = [
        {},
        {"decision": "exclude", "reason": "not-found"},
        {"decision": "duplicate", "reason": "duplicate-report"},
        {"decision": "unsure", "reason": "not-clear"},
        {"title": None},
        {"record": "b", "decision": "exclude", "reason": "review"},
    ]
    log = [row.model_copy(update=changed) for changed in changes]
    assert decisions_of(log) == [Decision("Cress", True), Decision("Cress", False)]


def test_the_measure_by_hand() -> None:
    included = np.array([True, False, True, False, False, False, False, False, False, False])
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0])
    measured = measure_ranking(scores, included)
    assert measured.recall == {10: 0.5, 20: 0.5, 50: 1.0}
    assert measured.best == {10: 0.5, 20: 1.0, 50: 1.0}
    assert measured.saved == pytest.approx(0.65)  # three of ten were read to meet both
    assert measured.saved_best == pytest.approx(0.75)


def test_equal_scores_count_as_the_worst_order() -> None:
    included = np.array([True] * 5 + [False] * 5)
    measured = measure_ranking(np.zeros(10), included)
    assert measured.recall[50] == 0.0 and measured.saved == pytest.approx(-0.05)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2).filter(lambda x: any(i for _, i in x)))
def test_no_ranking_beats_the_best(pairs: list[tuple[float, bool]]) -> None:
    scores, included = np.array([s for s, _ in pairs]), np.array([i for _, i in pairs])
    measured = measure_ranking(scores, included)
    assert all(0 <= measured.recall[share] <= measured.best[share] for share in measured.recall)
    assert -0.05 - 1e-9 <= measured.saved <= measured.saved_best + 1e-9


def test_a_text_is_scored_by_a_model_that_did_not_see_it() -> None:
    decisions = [Decision(f"word{n}", n % 2 == 0) for n in range(40)]
    scores = cross_validate(decisions)
    assert len(set(np.round(scores, 6))) <= 10  # unknown words: every fold gives its own base rate, and nothing more


def test_the_real_log_is_ranked_better_than_by_lot(real_review: Review) -> None:
    decisions = decisions_of(real_review.screening.values())
    included = np.array([decision.included for decision in decisions])
    measured = measure_ranking(cross_validate(decisions), included)
    assert measured.recall[10] > 0.13 and measured.recall[20] > 0.25 and measured.recall[50] > 0.6
    assert 0.1 < measured.saved < measured.saved_best


DAY = datetime.date(2026, 2, 1)
LONG = "Cress against leafoma: a randomised trial"


def test_a_record_found_twice_has_one_row_and_a_copy_a_link() -> None:
    paper = Publication(LONG, year=2026, doi="10.5555/paper", pmid="5")
    preprint = Publication(LONG, year=2025, doi="10.5555/preprint")
    found = [(paper, "D1"), (preprint, "D2"), (paper, "D2")]
    first, second = make_candidates(found, Known(), None, today=DAY)
    assert (first["record"], first["query_id"], first["same_as"], first["score"]) == ("pmid-5", "D1", "", "")
    assert (second["record"], second["same_as"]) == ("doi-10-5555-preprint", "candidates:pmid-5")
    assert second["known_by"] == "title and year"


def test_a_candidate_of_an_earlier_look_is_not_added_again() -> None:
    known = Known()
    known.names.add("candidates:pmid-5")
    assert make_candidates([(Publication(LONG, pmid="5"), "D3")], known, None, today=DAY) == []


def test_the_likest_is_first_and_the_known_last() -> None:
    decisions = [Decision(f"cress {w}", True) for w in "abcdef"] + [Decision(f"lawn {w}", False) for w in "abcdef"]
    known = Known()
    known.add("references:x", Publication("", pmid="3"))
    found = [(Publication(title, pmid=n), "D1") for title, n in (("lawn", "1"), ("cress", "2"), ("cress cress", "3"))]
    rows = make_candidates(found, known, train_ranker(decisions), today=DAY)
    assert [row["record"] for row in rows] == ["pmid-2", "pmid-1", "pmid-3"]
    assert rows[0]["why"] == "cress (+)" and float(rows[0]["score"]) > float(rows[1]["score"])


def test_what_does_not_fit_a_column_stays_out_of_it() -> None:
    authors = (Author("Doe", "J"), Author("Roe", "M"))
    odd = Publication("=1+1 <b>x</b>", authors, 1066, doi="doi:10.1", pmid="0", journal="-")
    [row] = make_candidates([(odd, "D1")], Known(), None, today=DAY)
    assert (row["year"], row["doi"], row["pmid"], row["authors"]) == ("", "", "", "Doe J and others")
    assert row["title"] == "“=1+1 ‹b>x‹/b>”" and row["journal"] == "“-”"


@given(st.text())
def test_a_cell_is_safe_to_show(text: str) -> None:
    cell = plain_cell(text)
    assert list(unsafe_text(cell, "f", 1, "title")) == []
    assert cell == cell.strip() and "\n" not in cell and cell != "NA"


def test_rows_are_put_behind_what_stands_there() -> None:
    assert append_rows('a,b\n"x, y",2', ["a", "b"], [{"b": "3"}]) == 'a,b\n"x, y",2\n,3\n'
    assert append_rows("a,b\n", ["a", "b"], []) == "a,b\n"
    assert append_rows("a,b\r\n1,2", ["a", "b"], [{"b": "3"}]) == "a,b\r\n1,2\r\n,3\r\n"


@given(st.lists(st.tuples(st.text("abc,\"' ", min_size=1), st.text('xyz,"')), unique_by=lambda row: row[0], min_size=1))
def test_only_the_cells_named_change(rows: list[tuple[str, str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([("key", "cell"), *rows])
    changed = update_rows(buffer.getvalue(), "key", {rows[0][0]: {"cell": "new"}})
    assert list(csv.reader(io.StringIO(changed))) == [["key", "cell"], [rows[0][0], "new"], *map(list, rows[1:])]


def test_a_publication_becomes_a_row() -> None:
    publication = Publication(
        LONG, (Author("Doe", "Jane"), Author("The Group", group=True)), 2026, doi="10.5555/x", nct=("NCT00000001",),
        abstract=(Section("RESULTS", "It grew."), Section("", "Well.")), publisher="The Press",
    )  # fmt: skip
    assert id_of(publication) == "doi-10-5555-x"
    assert publication.abstract_text == "RESULTS: It grew.\nWell."
    [row] = make_candidates([(publication, "D1")], Known(), None, today=DAY)
    assert (row["authors"], row["journal"], row["address"]) == (
        "Doe Jane and others",
        "The Press",
        "https://doi.org/10.5555/x",
    )
