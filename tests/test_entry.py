"""A key and an entry are made by the rule of the house and put into their place; no other byte changes."""

import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_review import REFERENCES, ROOT

from livrev.exports.references import split_names
from livrev.paths import Repository
from livrev.records.bibliography import read_bibliography
from livrev.records.model import CITEKEY
from livrev.sources.entry import insert_entry, make_key, protect, write_entry
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


@pytest.mark.parametrize(
    ("journal", "printed"), [("<?", "‹?"), ("Cells <i>", "Cells ‹i>"), ("p < 0.05", "p < 0.05"), ("a < b", "a ‹ b")]
)
def test_a_sign_that_might_begin_a_tag_becomes_another(tmp_path: Path, journal: str, printed: str) -> None:
    publication = Publication("T", (Author("Roe", "A."),), 2020, journal=journal, doi="10.1234/x")
    (tmp_path / "any.bib").write_text(write_entry("Roe2020t", publication, today=TODAY), encoding="utf-8")
    references, problems = read_bibliography(tmp_path / "any.bib", Repository(tmp_path))
    assert not [problem for problem in problems if "HTML" in problem.message]
    assert references["Roe2020t"].plain("journal") == printed


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
    assert all("is missing" in str(problem) or problem.field == "author" for problem in problems)


def key_of(family: str, year: int | None, title: str, taken: tuple[str, ...] = ()) -> str:
    return make_key(Publication(title=title, authors=(Author(family),), year=year), taken)


@pytest.mark.parametrize(
    ("family", "year", "title", "key"),
    [
        (
            "Finn",
            2020,
            "Atezolizumab plus Bevacizumab in Unresectable Hepatocellular Carcinoma",
            "Finn2020atezolizumab",
        ),
        ("Abou-Alfa", 2022, "The tremelimumab trial", "AbouAlfa2022tremelimumab"),
        ("Müller", None, "On the growth of cress", "Mullerndgrowth"),
        ("de la Torre-Aláez", 2021, "A phase 2 study", "DeLaTorreAlaez2021phase"),
        ("Sørensen", 2019, "1-year survival", "Sorensen2019" + "1year"),
        ("Łukasz", 2019, "2020 in review", "Lukasz2019review"),
        ("李", 2024, "Anti-PD-1 in HCC", "Anon2024antipd1"),
        ("NCT", 2020, "Cress", "Anon2020cress"),
        ("Roe", 2020, "الفجل", "Roe2020untitled"),
    ],
)
def test_the_house_rule(family: str, year: int | None, title: str, key: str) -> None:
    assert key_of(family, year, title) == key


def test_a_key_that_is_taken_gives_way_to_the_next_word_then_to_a_number() -> None:
    assert key_of("Roe", 2020, "Cress and cancer", ("ROE2020CRESS",)) == "Roe2020cancer"
    assert (
        key_of("Roe", 2020, "Cress and cancer", ("Roe2020cress", "Roe2020cancer", "Roe2020cress2")) == "Roe2020cress3"
    )


def test_a_registry_record_is_called_by_its_number() -> None:
    assert make_key(Publication("T", registry=True, nct=("NCT01234567",)), ()) == "NCT01234567"


def test_nobody_is_anon() -> None:
    assert make_key(Publication("Cress", year=2020), ()) == "Anon2020cress"


@settings(max_examples=60)
@given(
    st.text(max_size=30),
    st.one_of(st.none(), st.integers(1900, 2100)),
    st.text(max_size=60),
    st.sets(st.text(max_size=8)),
)
def test_whatever_the_names_are_the_key_is_one(family: str, year: int | None, title: str, taken: set[str]) -> None:
    first = key_of(family, year, title, tuple(taken))
    second = key_of(family, year, title, (*taken, first))
    assert CITEKEY.fullmatch(first) and CITEKEY.fullmatch(second)
    assert first.lower() != second.lower()
