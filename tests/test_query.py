"""The words of a PubMed search are understood as PubMed does, and no record that answers is passed over unread."""

import pytest
from baseline_files import make_article
from hypothesis import given
from hypothesis import strategies as st

from livrev.records.review import Review
from livrev.sources.publication import Publication, Section
from livrev.sources.xml_records import read_record
from livrev.update.query import Joined, Phrase, matches, may_match, read_query

RECORD = Publication(
    "Cress in leafoma metastases",
    abstract=(Section("RESULTS", "Anti-PD-1 and water; no hepatic burden."),),
    terms=("Leaf Neoplasms", "Leaf Neoplasms/secondary", "Garden Cress, Wild"),
)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ('"cress"[tiab]', True),
        ('"cress"', True),
        ('"cres*"[tiab]', True),
        ('"cres"[tiab]', False),
        ('"leafoma metastas*"[tiab]', True),
        ('"metastases leafoma"[tiab]', False),
        ('"PD-1"[tiab]', True),
        ('"pd 1"[tiab]', True),
        ('"PD-L1"[tiab]', False),
        ('"hepatic"[ti]', False),
        ('"leaf neoplasms"[MeSH]', True),
        ('"leaf neoplasms/secondary"[MeSH]', True),
        ('"neoplasms"[MeSH]', False),
        ('"garden cress"[MeSH]', False),
        ('"garden cress*"[MeSH]', True),
        ('"leaf neoplasms"[tiab]', False),
        ('"leaf neoplasms"[tw]', True),
        ('cress AND radish OR water', True),
        ('cress AND (radish OR stone)', False),
        ('cress NOT water', False),
        ('cress NOT radish', True),
        ('cress water', True),
        ('((cress))', True),
    ],
)  # fmt: skip
def test_a_query_is_answered(query: str, answer: bool) -> None:
    assert matches(read_query(query), RECORD) is answer


def test_operators_join_from_left_to_right_as_in_pubmed() -> None:
    one, two, three = (Phrase(f" {word} ", "all") for word in ("a", "b", "c"))
    assert read_query("a OR b AND c") == Joined("AND", (Joined("OR", (one, two)), three))
    assert read_query("a NOT (b OR c)") == Joined("NOT", (one, Joined("OR", (two, three))))
    assert read_query("a NOT b NOT c") == Joined("NOT", (one, two, three))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("(cress", "a parenthesis is not closed; close it"),
        ("cress)", "stands where no word can stand"),
        ("cress AND", "ends where a word is missing"),
        ("AND cress", "'AND' stands where a word is missing"),
        ("cress[au]", r"\[au\] is a field that cannot be looked for here; use \[tiab\]"),
        ('"-"[tiab]', "holds no letter or digit"),
        ("", "ends where a word is missing"),
    ],
)
def test_what_cannot_be_asked_is_said(query: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_query(query)


@pytest.mark.parametrize(
    "title", ["CRESS<sup>+</sup>", "<i>c</i>ress", "&#99;ress", "cre<!-- -->ss", "\N{KELVIN SIGN}ale and cress"]
)
def test_a_word_hidden_by_markup_is_still_found(title: str) -> None:
    raw = make_article(1, title=title).encode()
    query = read_query('"cress"[ti]')
    assert may_match(query, raw) and matches(query, read_record(raw))


WORDS = st.sampled_from(["cress", "Leafoma", "PD-1", "water", "metastas*", "naïve", "GPC3", "café noir"])


@given(
    st.lists(WORDS, min_size=1, max_size=4),
    st.lists(st.sampled_from(["AND", "OR", "NOT"]), min_size=3, max_size=3),
    st.lists(st.one_of(WORDS, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)), max_size=6),
)
def test_the_quick_look_never_loses_a_record(words: list[str], operators: list[str], title: list[str]) -> None:
    parts = [f'"{words[0]}"[tiab]']
    for operator, word in zip(operators, words[1:], strict=False):
        parts += [operator, f'"{word}"[tiab]']
    query = read_query(" ".join(parts))
    text = " ".join(title).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    raw = make_article(1, title=f"About {text}", abstract="None.").encode()
    if matches(query, read_record(raw)):
        assert may_match(query, raw)


def test_the_searches_on_record_can_be_asked_of_files(real_review: Review) -> None:
    searches = [search for search in real_review.searches.values() if search.service == "PubMed"]
    assert len(searches) == 2
    liver, cells = (read_query(search.query) for search in searches)
    record = Publication("Checkpoint inhibitors in patients with liver metastases")
    assert matches(liver, record) and not matches(cells, record)
    record = Publication("CAR T", abstract=(Section("", "GPC3 CAR-T cells in hepatocellular carcinoma"),))
    assert matches(cells, record) and not matches(liver, record)
