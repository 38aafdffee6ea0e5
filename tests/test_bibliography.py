"""The bibliography is read entry by entry, and nothing of it is lost in silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_review import REFERENCES, replace

from livrev.paths import Repository
from livrev.records.bibliography import read_bibliography


def problems_of(repository: Repository) -> list[str]:
    return [str(problem) for problem in read_bibliography(repository.references, repository)[1]]


def test_entries_come_in_their_order_with_fields_and_lines(repository: Repository) -> None:
    references, problems = read_bibliography(repository.references, repository)
    assert problems == []
    assert [(r.key, r.line) for r in references.values()] == [
        ("Doe2020cress", 1),
        ("Poe2018cohort", 9),
        ("Roe2019trial", 16),
    ]
    trial = references["Roe2019trial"]
    assert (trial.type, trial.year, trial.first_author, trial.plain("title")) == (
        "article",
        2019,
        "Roe",
        "A trial of cress",
    )


def test_a_group_is_an_author_and_no_date_no_year(repository: Repository) -> None:
    replace(repository.references, "{Poe, Ann}", "{{The Garden Society}}")
    replace(repository.references, "{2018}", "{n.d.}")
    references, problems = read_bibliography(repository.references, repository)
    assert problems == []
    assert (references["Poe2018cohort"].first_author, references["Poe2018cohort"].year) == ("The Garden Society", None)


def test_a_short_author_is_what_the_text_calls_an_entry(repository: Repository) -> None:
    replace(repository.references, "{Poe, Ann}", "{{The Garden Society}},\n  shortauthor = {{CRESS-2 trial}}")
    references, problems = read_bibliography(repository.references, repository)
    assert problems == []
    called = references["Poe2018cohort"]
    assert (called.first_author, called.plain("author")) == ("CRESS-2 trial", "The Garden Society")


def test_an_unclosed_brace_names_its_own_entry_and_no_other(repository: Repository) -> None:
    replace(repository.references, "{{A cohort of gardeners}}", "{{A cohort of gardeners}")
    assert {said.split(" ")[0] for said in problems_of(repository)} == {"references.bib:9"}


def test_a_repeated_key_is_found_though_the_parser_keeps_one(repository: Repository) -> None:
    repository.references.write_text(REFERENCES + "\n" + REFERENCES.split("\n\n")[0] + "\n")
    assert (
        "references.bib:25 key: Doe2020cress stands twice, and all later entries would be lost"
        in problems_of(repository)[0]
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{2018}", "{18}", "references.bib:13 year: 18 is not well formed"),
        ("{10.1234/trial}", "{doi:10.1234/trial}", "references.bib:21 doi"),
        ("{1234567}", "{PMC1234567}", "references.bib:22 pmid"),
        ("  pmid = {1234567},", "  nct = {NCT0123},", "references.bib:22 nct: NCT0123 is not well formed"),
        ("  author = {Poe, Ann},\n", "", "references.bib:9 author: is missing; add the authors"),
        (
            "  journal = {Garden Letters},\n  year = {2018},",
            "  year = {2018},",
            "references.bib:9 journal: is missing; add it",
        ),
        ("@article{Poe2018cohort,", "@article{poe2018,", "references.bib:9 key: poe2018 is not a citekey"),
        ("  pmid = {1234567},", "  urldate = {yesterday},", "references.bib:22 urldate: yesterday is not a date"),
    ],
)
def test_fields_have_a_form(repository: Repository, old: str, new: str, said: str) -> None:
    replace(repository.references, old, new)
    assert any(problem.startswith(said) for problem in problems_of(repository)), problems_of(repository)


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from('@{}",=\n\\ abAB12#%'), max_size=60))
def test_no_text_whatever_ends_in_an_exception(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "any.bib").write_text(REFERENCES + text)
    read_bibliography(folder / "any.bib", Repository(folder))
