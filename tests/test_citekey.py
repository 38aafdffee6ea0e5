"""A key follows the house rule, and never meets another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livrev.records.model import CITEKEY
from livrev.sources.entry import make_key
from livrev.sources.publication import Author, Publication


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
