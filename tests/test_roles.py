"""Roles print numbers, certainty and edition with what they rest on; a name that nobody knows stops the build at its line."""

from pathlib import Path
from typing import Any

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from livrev.records.review import Review
from livrev.review.results import compute_results
from livrev.site.edition import Citing, EditionRole, sign_page
from livrev.site.roles import CertaintyRole, EvidenceMark, EvidenceRole, ResultRole, explain_marks, visit_mark
from livrev.site.state import BuildState, set_build_state
from livrev.site.tooltips import append_notes, find_redefined, take_notes


@pytest.fixture
def build(tmp_path: Path, review: Review) -> Any:
    """Return a function that builds one page with the role, and returns it with what was warned of."""
    import io

    def build_page(text: str, others: dict[str, str] | None = None) -> tuple[str, str]:
        source = tmp_path / "source"
        source.mkdir(exist_ok=True)
        for name, content in {"index.md": text, **(others or {})}.items():
            (source / name).write_text(content, encoding="utf-8")
        warnings = io.StringIO()
        with docutils_namespace():
            app = Sphinx(
                source,
                None,
                tmp_path / "out",
                tmp_path / "doctrees",
                "html",
                status=None,
                warning=warnings,
                freshenv=True,
                confoverrides={"extensions": ["myst_parser"], "html_theme": "basic"},
            )
            app.add_role("result", ResultRole())
            app.add_role("evidence", EvidenceRole())
            app.add_role("certainty", CertaintyRole())
            app.add_role("edition", EditionRole())
            app.add_directive("citing", Citing)
            app.add_node(EvidenceMark, html=(visit_mark, None))
            set_build_state(app, BuildState(review, compute_results(review)))
            app.connect("doctree-resolved", explain_marks)
            app.connect("env-updated", find_redefined)
            app.connect("doctree-resolved", take_notes)
            for write in (sign_page, append_notes):
                app.connect("html-page-context", lambda app, page, _, *rest, write=write: write(app, page, *rest))
            app.build()
        return (tmp_path / "out" / "index.html").read_text(encoding="utf-8"), warnings.getvalue()

    return build_page


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_a_known_name_is_printed_with_what_it_rests_on(build: Any) -> None:
    page, warnings = build(
        "# Page\n\nIt was {result}`outcome.roe-2019--os`, in {result}`outcome.roe-2019--orr|count`.\n"
    )
    assert warnings == ""
    assert "0.70 (95 % CI 0.50 to 0.98)" in page and "12 of 40" in page
    assert "livrev-result" in page and 'href="studies/roe-2019.html#roe-2019--os"' in page


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("outcome.roe-2019--oss", "no Result is called outcome.roe-2019--oss; near it: outcome.roe-2019--os"),
        ("findings.count|loud", "unknown form loud"),
        ("findings.count|count", "has no events and total"),
    ],
)
def test_an_unknown_name_or_form_fails_at_its_file_and_line(build: Any, role: str, said: str) -> None:
    _, warnings = build(f"# Page\n\nWords.\n\nIt was {{result}}`{role}`.\n")
    assert "index.md:5: ERROR: " in warnings and said in warnings


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_a_mark_opens_the_card_of_its_record(build: Any) -> None:
    page, warnings = build("# Page\n\nIt was so.{evidence}`roe-2019--os`\n")
    assert warnings == ""
    assert 'popovertarget="card-0"' in page and "HR 0.70 (95 % CI 0.50 to 0.98)" in page


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_a_mark_without_a_record_fails_at_its_line(build: Any) -> None:
    _, warnings = build("# Page\n\nIt was so.{evidence}`roe-2019--oss`\n")
    assert (
        "index.md:3: ERROR: no finding, outcome, pool or strategy is called roe-2019--oss; did you mean roe-2019--os"
        in warnings
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_a_count_leads_to_the_list_of_what_was_counted(build: Any) -> None:
    page, warnings = build("# Page\n\n{result}`outcomes.count`, {result}`document.Doe2020cress.findings`.\n")
    assert warnings == ""
    assert 'href="outcomes/index.html"' in page and 'href="sources/Doe2020cress.html"' in page


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_an_arithmetic_check_leads_to_its_finding_and_a_page_that_is_not_there_is_not_led_to(build: Any) -> None:
    page, _ = build("# Page\n\n{result}`arithmetic.cress-01-1`, {result}`screening.count`.\n")
    assert 'href="sources/Doe2020cress.html#cress-01"' in page
    assert "notebooks/search" not in page


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_a_certainty_is_the_word_of_the_records(build: Any) -> None:
    page, warnings = build("# Page\n\nIt helps. {certainty}`strategy.coaching`\n")
    assert warnings == ""
    assert '<span class="livrev-certainty livrev-low">low\u00a0certainty</span>' in page


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_what_is_not_rated_has_no_certainty(build: Any) -> None:
    _, warnings = build("# Page\n\nIt helps. {certainty}`strategy.coachin`\n")
    assert (
        "index.md:3: ERROR: nothing that is rated is called strategy.coachin; did you mean strategy.coaching?"
        in warnings
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_the_edition_and_how_to_cite_it_are_printed(build: Any) -> None:
    page, warnings = build(
        "# Page\n\nVersion {edition}`version`, {edition}`searched`.\n\n```{citing} bibtex\n```\n\n```{citing} words\n```\n"
    )
    assert warnings == ""
    assert "0.1.0" in page and "15\u00a0January\u00a02026" in page and "@misc{livrev2026," in page
    _, warnings = build("# Page\n\n{edition}`colour`\n\n```{citing} song\n```\n")
    assert "an edition has no colour; it has version, released, searched" in warnings
    assert "citing knows words, bibtex, ris, and no song" in warnings


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_a_term_has_its_definition_on_the_page(build: Any) -> None:
    glossary = "```{glossary}\nGarden cress\nGC\n  A <herb>.\n```\n"
    page, warnings = build(f"# Page\n\n{glossary}\n")
    assert warnings == "" and "livrev-term" not in page, "a glossary does not lead to itself"
    page, warnings = build(
        "# Page\n\nWe sowed garden cress.\n", {"words.md": f"---\norphan: true\n---\n# Words\n\n{glossary}"}
    )
    assert warnings == ""
    assert 'href="words.html#term-Garden-cress">garden cress</a>' in page
    assert (
        '<span class="livrev-note" id="note-term-Garden-cress" popover><b>Garden cress, GC.</b> A &lt;herb&gt;.' in page
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_how_a_number_was_read_is_a_mark_beside_it_with_its_meaning_at_the_end(build: Any, review: Review) -> None:
    page, _ = build("# Page\n\nIt was {result}`outcome.roe-2019--os`.\n")
    assert "‡" not in page
    outcome = review.outcomes["roe-2019--os"]
    review.outcomes["roe-2019--os"] = outcome.model_copy(update={"basis": "secondary"})
    page, _ = build("# Page\n\nIt was {result}`outcome.roe-2019--os`.\n")
    assert '0.98)</a><sup class="livrev-basis">‡</sup>' in page
    assert "‡ read in another publication than the study’s own." in page
