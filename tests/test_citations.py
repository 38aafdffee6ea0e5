"""What is cited exists; what exists is used."""

import pytest
from small_review import METHODS, REFERENCES

from livrev.checks.citations import check_citations, cited_in, uses_of_references
from livrev.paths import Repository
from livrev.records.review import Review, load_review


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("x {cite}`A2020a`", [("A2020a", 1)]),
        ("x\n{cite:p}`A2020a, B2021b`\n\n{cite:t}`C2022c`", [("A2020a", 2), ("B2021b", 2), ("C2022c", 4)]),
        ("{cite:p}`A2020a,\nB2021b`", [("A2020a", 1), ("B2021b", 1)]),
        ("no citation `A2020a`", []),
    ],
)
def test_citations_are_found_with_their_lines(text: str, keys: list[tuple[str, int]]) -> None:
    assert cited_in(text) == keys


def test_uses_are_found_in_notes_tables_and_chapters(review: Review) -> None:
    assert uses_of_references(review) == {
        "Doe2020cress": {"chapters/methods.md", "data/sources/Doe2020cress.md", "data/retelling.csv"},
        "Poe2018cohort": {"chapters/methods.md", "data/studies.csv", "data/outcomes.csv"},
        "Roe2019trial": {
            "chapters/index.md",
            "data/sources/Doe2020cress.md",
            "data/studies.csv",
            "data/outcomes.csv",
            "data/retelling.csv",
        },
    }


def test_a_citation_without_an_entry_is_named(repository: Repository, review: Review) -> None:
    (repository.chapters / "methods.md").write_text(METHODS + "\n{cite:p}`Moe2021idle`\n")
    assert [str(problem) for problem in check_citations(review)] == [
        "chapters/methods.md:8 cite: Moe2021idle is not in references.bib; add it to references.bib, or mend the key"
    ]


@pytest.mark.parametrize(("keywords", "named"), [("", True), ("  keywords = {kept: a classic},\n", False)])
def test_an_entry_without_a_use_is_named_unless_a_reason_is_given(
    repository: Repository, keywords: str, named: bool
) -> None:
    entry = f"\n@book{{Moe2021idle,\n  author = {{Moe, Al}},\n  title = {{Idle}},\n  year = {{2021}},\n{keywords}}}\n"
    repository.references.write_text(REFERENCES + entry)
    assert [problem.value for problem in check_citations(load_review(repository))] == ["Moe2021idle"] * named


def test_a_formatted_entry_is_remembered_until_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    from pybtex.database import parse_string

    from livrev.site.citations import HouseStyle

    def formatted(year: str) -> str:
        entry = parse_string(
            f"@article{{Roe2019, author = {{Roe, Ann}}, title = {{Cress}}, journal = {{J}}, year = {{{year}}}}}",
            "bibtex",
        ).entries["Roe2019"]
        return str(HouseStyle().format_entry("Roe 2019", entry).text)

    monkeypatch.setattr(HouseStyle, "formatted", {})
    assert "2019" in formatted("2019") and "2020" in formatted("2020")
    assert len(HouseStyle.formatted) == 2 and formatted("2019") and len(HouseStyle.formatted) == 2


def test_the_text_calls_an_entry_by_its_short_author(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from pybtex.database import parse_string

    from livrev.site import citations

    short = "{Poe, Ann},\n  shortauthor = {{CRESS-2 trial}}"
    repository.references.write_text(REFERENCES.replace("{Poe, Ann}", short))
    monkeypatch.setattr(citations.HouseStyle, "formatted", {})
    monkeypatch.setattr(citations, "kept_state", lambda env: SimpleNamespace(formatted={}))
    monkeypatch.setattr(citations, "build_state", lambda app: SimpleNamespace(review=load_review(repository)))
    data = parse_string(repository.references.read_text(), "bibtex")
    domain = SimpleNamespace(bibdata=SimpleNamespace(data=data))
    citations.name_entries(SimpleNamespace(env=SimpleNamespace(get_domain=lambda name: domain)))  # type: ignore[arg-type]
    entries = [data.entries[key] for key in ("Poe2018cohort", "Roe2019trial")]
    assert list(citations.HouseLabels().format_labels(entries)) == ["CRESS-2 trial 2018", "Roe 2019"]
