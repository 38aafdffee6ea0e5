"""What searches find becomes rows: once each, linked where known, in the order of likeness, and safe to show."""

import csv
import datetime
import io

from hypothesis import given
from hypothesis import strategies as st

from livrev.records.tables import append_rows, unsafe_text
from livrev.sources.dedupe import Known
from livrev.sources.publication import Author, Publication, Section
from livrev.update.candidates import id_of, make_candidates, plain_cell, update_rows
from livrev.update.ranking import Decision, train_ranker

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
    known.ids["pmid-5"] = "candidates:pmid-5"
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
