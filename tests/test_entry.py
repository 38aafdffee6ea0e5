"""An entry is written as the house writes it, and put into its place without touching another byte."""

import datetime
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from small_review import REFERENCES, ROOT

from livrev.exports.references import split_names
from livrev.paths import Repository
from livrev.records.bibliography import read_bibliography
from livrev.sources.entry import insert_entry, protect, write_entry
from livrev.sources.publication import Author, Publication

TODAY = datetime.date(2026, 1, 15)
ENTRY = "@misc{Key2020word,\n  title = {x},\n}\n"


def test_a_page_has_its_address_and_the_day() -> None:
    page = Publication("News", (Author("The Post", group=True),), 2020, address="https://x.example/a")
    entry = write_entry("Post2020news", page, today=TODAY)
    assert entry == (
        "@online{Post2020news,\n  author = {{The Post}},\n  title = {{News}},\n  year = {2020},\n"
        "  url = {https://x.example/a},\n  urldate = {2026-01-15},\n}\n"
    )


def test_signs_of_bibtex_are_written_so_that_they_print() -> None:
    assert protect(r"50% of A & B {x} \alpha #1 a_b") == r"50\% of A \& B x /alpha \#1 a\_b"


def test_a_body_with_and_in_its_name_stays_one_author() -> None:
    authors = (Author("Cress and Radish Society", group=True), Author("Smith, Jr", "John"), Author("de Roe", "Max"))
    entry = write_entry("K2020x", Publication("T", authors), today=TODAY)
    field = re.search(r"author = \{(.*)\},", entry)
    assert field and split_names(field.group(1)) == ["{Cress and Radish Society}", "{Smith, Jr}, John", "de Roe, Max"]


def test_a_chapter_and_a_paper_of_a_meeting_have_their_book_and_its_editor() -> None:
    chapter = Publication(
        "T", (Author("Leek", "Max", suffix="Jr."),), 2020, booktitle="The book", editors=(Author("Roe", "Bo"),),
        publisher="Garden Press", kinds=("chapter",),
    )  # fmt: skip
    assert write_entry("K2020x", chapter, today=TODAY) == (
        "@incollection{K2020x,\n  author = {Leek, Jr., Max},\n  title = {{T}},\n  booktitle = {{The book}},\n"
        "  editor = {Roe, Bo},\n  year = {2020},\n  publisher = {Garden Press},\n}\n"
    )
    meeting = write_entry("K2020x", replace(chapter, kinds=("inproceedings",)), today=TODAY)
    assert meeting.startswith("@inproceedings{")
    book = write_entry("K2020x", Publication("T", chapter.authors, 2020, publisher="P", kinds=("book",)), today=TODAY)
    assert book.startswith("@book{")


def test_a_consortium_of_hundreds_ends_in_others() -> None:
    entry = write_entry("K2020x", Publication("T", tuple(Author(f"A{n}") for n in range(300))), today=TODAY)
    assert entry.count(" and ") == 60 and "and others}" in entry


def test_the_place_is_that_of_the_key_whatever_its_capitals() -> None:
    places = {"Abel2020x": "Doe2020cress", "doe2020x": "Poe2018cohort", "RAA2020x": "Roe2019trial"}
    for key, before in places.items():
        entry = ENTRY.replace("Key2020word", key)
        after = insert_entry(REFERENCES, key, entry)
        place = REFERENCES.index(f"@article{{{before}")
        assert after == REFERENCES[:place] + entry + "\n" + REFERENCES[place:]


def test_the_last_and_the_only_one() -> None:
    assert insert_entry(REFERENCES, "Zoe2020x", ENTRY) == REFERENCES + "\n" + ENTRY
    assert insert_entry(REFERENCES.rstrip("\n"), "Zoe2020x", ENTRY) == REFERENCES.rstrip("\n") + "\n\n" + ENTRY
    assert insert_entry("", "Zoe2020x", ENTRY) == ENTRY


def test_the_real_bibliography_loses_nothing(real: Repository) -> None:
    text = (ROOT / "references.bib").read_text(encoding="utf-8")
    for key in ("Aaa2020x", "Key2020word", "NCT00000001", "Zzz2020x"):
        entry = ENTRY.replace("Key2020word", key)
        after = insert_entry(text, key, entry)
        assert after.count(entry) == 1
        rest = after.replace(entry + "\n", "", 1) if entry + "\n" in after else after.replace("\n" + entry, "", 1)
        assert rest == text
        keys = re.findall(r"^@\w+\{([^,]+),", after, re.MULTILINE)
        assert keys == sorted(keys, key=str.lower)


@settings(max_examples=60)
@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_text_whatever_breaks_the_bibliography(
    tmp_path_factory, title: str, family: str, given: str, journal: str
) -> None:  # type: ignore[no-untyped-def]
    from livrev.sources.publication import clean

    publication = Publication(
        clean(title) or "T", (Author(clean(family) or "A", clean(given)),), 2020, journal=clean(journal)
    )
    text = insert_entry(REFERENCES, "Key2020word", write_entry("Key2020word", publication, today=TODAY))
    path = tmp_path_factory.getbasetemp() / "any.bib"
    path.write_text(text, encoding="utf-8")
    references, problems = read_bibliography(path, Repository(path.parent))
    assert [r.key for r in references.values()] == ["Doe2020cress", "Key2020word", "Poe2018cohort", "Roe2019trial"]
    assert all("is missing" in str(problem) for problem in problems)
