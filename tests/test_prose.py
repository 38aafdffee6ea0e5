"""No number of evidence is typed in a chapter."""

import pytest

from livrev.checks.prose import blank_code, check_numbers, read_prose
from livrev.records.review import Review


def numbers_in(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.value) for problem in check_numbers(text, "chapter.md")]


@pytest.mark.parametrize(
    "text",
    [
        "CD8⁺ T cells, SF-36, GPC3 and NCT01234567.",
        "In 2021, from 2018–2020, on 2026-11-23.",
        "CRESS-2 was phase 3; grade 3 harms; stage IV; type 2.",
        "The 95 % CI is wide.",
        "PRISMA 2020 and CC BY 4.0.",
        "A ratio below 1 favours the first group.",
        "There were {result}`studies.count|value` studies {cite:p}`Roe2019trial`.",
        "See `page-12`, [here](page-12.md) and <https://example.org/12>.",
        "% 12 patients\n<!-- 12 patients -->\n(sec-12)=\n",
        "```python\nn = 12\n```",
        "````text\n```\n12\n```\n````",
        "1. First.\n2. Second.\n",
        "---\ntitle: 12\n---\nWords.",
        "| Trial | Size |\n| --- | --- |\n| CRESS | {result}`study.cress.n` |",
        ":::{figure} picture-12.svg\n:width: 300px\n:name: fig-12\nA caption.\n:::",
    ],
)
def test_names_and_what_is_no_prose_pass(text: str) -> None:
    assert numbers_in(text) == []


def test_names_of_the_subject_pass_by_the_patterns_of_the_review(real_review: Review) -> None:
    text = "CheckMate 459, programmed death 1, claudin 18.2 and RECIST 1.1, of 40 patients."
    names = real_review.settings.prose.names
    assert [problem.value for problem in check_numbers(text, "chapter.md", names)] == ["40"]
    assert [problem.value for problem in check_numbers(text, "chapter.md")] == ["459", "1", "18.2", "1.1", "40"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Words.\nOf 40 patients, 12 responded.", [(2, "40"), (2, "12")]),
        ("A third, 33.3 %, lived.", [(1, "33.3 %")]),
        ("It was 1,234 of 5,678.", [(1, "1,234"), (1, "5,678")]),
        ("About 0.70 (0.50–0.98).", [(1, "0.70"), (1, "0.50"), (1, "0.98")]),
        ("In 95 % of patients.", [(1, "95 %")]),
        (":::{div} livrev-answer\nSome 12 did.\n:::", [(2, "12")]),
        ("```{note}\nSome 12 did.\n```", [(2, "12")]),
        ("```{glossary}\nTerm\n  Some 12 did.\n```", [(3, "12")]),
        ("| A | B |\n| --- | --- |\n| x | 12 |", [(3, "12")]),
        ("- item of 12\n", [(1, "12")]),
        ("12 responded.", [(1, "12")]),
        ("> quoted: 12", [(1, "12")]),
        ("# Heading with 12", [(1, "12")]),
    ],
)
def test_typed_numbers_are_found_with_their_lines(text: str, found: list[tuple[int, str]]) -> None:
    assert numbers_in(text) == found


def test_the_message_shows_the_sentence_and_the_cure() -> None:
    [problem] = check_numbers("Of some, 12 responded.", "chapters/x.md")
    assert str(problem).startswith(
        "chapters/x.md:1 number: 12 is typed in the sentence “Of some, 12 responded.”; print it with"
    )


def test_blanks_keep_every_place() -> None:
    text = "A `code` and\n```\nfence\n```\nend."
    prose = read_prose(text)
    assert prose.split() == ["A", "and", "end."]
    assert len(prose) == len(text)
    assert prose.count("\n", 0, text.index("end")) == 4


def test_what_stands_between_two_directives_is_read_and_a_listing_within_one_is_not() -> None:
    figure = "```{figure-of} pool.pain\n```"
    text = f"{figure}\nIt helped 12 of 40.\n\n{figure}\n\n````{{note}}\nMind.\n```\n7 of 9\n```\n````\n"
    blank = blank_code(text)
    assert "It helped 12 of 40." in blank and "Mind." in blank and "7 of 9" not in blank
    assert len(blank) == len(text)
