"""The words of the glossary lead to their definitions: once in a section, in running text, however they are written."""

from collections.abc import Iterator

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from livrev.site.tooltips import Glossary, Term, mark_terms, read_glossary

CRESS = Term("term-Garden-cress", ("Garden cress", "GC", "Cress analysis"), "A herb.")
VEGF = Term("term-Anti-VEGF", ("Anti-VEGF therapy",), "No vessels.")
PD = Term("term-PD-1", ("PD-1 and PD-L1",), "A brake.")
T_CELL = Term("term-CD8", ("CD8 T cell",), "A killer.")
GLOSSARY = Glossary("glossary", (CRESS, VEGF, PD, T_CELL))


def page(*content: nodes.Node) -> nodes.document:
    document = new_document("x")
    document += nodes.section("", nodes.title("", "Garden cress"), *content)
    return document


def links(document: nodes.document) -> Iterator[tuple[str, str]]:
    return ((link.astext(), link["refuri"]) for link in document.findall(nodes.reference))


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("We sowed garden cress.", ["garden cress"]),
        ("Garden cress grows.", ["Garden cress"]),
        ("Of garden\ncress.", ["garden\ncress"]),
        ("A GC is no gc.", ["GC"]),
        ("Two cress analyses.", ["cress analyses"]),
        ("Under anti-VEGF therapies.", ["anti-VEGF therapies"]),
        ("PD-L1 presses it; anti-PD-1 does not.", ["PD-L1"]),
        ("CD8 T cells kill.", ["CD8 T cells"]),
        ("Gardens and cress.", []),
    ],
)
def test_a_term_is_found_as_people_write_it(text: str, marked: list[str]) -> None:
    document = page(nodes.paragraph("", text))
    mark_terms(document, GLOSSARY, "glossary.html")
    assert [said for said, _ in links(document)] == marked
    assert document.astext().endswith(text), "not a letter of the text is lost"


def test_a_term_is_marked_once_in_a_section_and_leads_to_its_definition() -> None:
    first = nodes.section("", nodes.title("", "First"), nodes.paragraph("", "Garden cress, and garden cress again."))
    deeper = nodes.section("", nodes.title("", "Deeper"), nodes.paragraph("", "GC once more."))
    first += deeper
    second = nodes.section("", nodes.title("", "Second"), nodes.paragraph("", "A GC."))
    document = page(nodes.paragraph("", "Garden cress."), first, second)
    assert mark_terms(document, GLOSSARY, "g.html") == [CRESS]
    assert list(links(document)) == [
        ("Garden cress", "g.html#term-Garden-cress"),
        ("Garden cress", "g.html#term-Garden-cress"),
        ("GC", "g.html#term-Garden-cress"),
    ]


def test_headings_tables_links_code_and_numbers_are_left_alone() -> None:
    table = nodes.table(
        "", nodes.tgroup("", nodes.tbody("", nodes.row("", nodes.entry("", nodes.paragraph("", "GC")))))
    )
    inside = nodes.paragraph(
        "", "", nodes.reference("", "garden cress", refuri="x"), nodes.literal("", "GC"),
        nodes.inline("", "GC", classes=["livrev-result"]),
    )  # fmt: skip
    document = page(table, inside)
    assert mark_terms(document, GLOSSARY, "g.html") == []
    assert [address for _, address in links(document)] == ["x"]


def test_a_glossary_is_read_with_its_synonyms() -> None:
    document = new_document("x")
    item = nodes.definition_list_item(
        "", nodes.term("", "Garden cress", ids=["term-Garden-cress"]), nodes.term("", "GC", ids=["term-GC"]),
        nodes.definition("", nodes.paragraph("", "A\nherb.")),
    )  # fmt: skip
    document += addnodes.glossary("", nodes.definition_list("", item))
    assert read_glossary("glossary", document).terms == (Term("term-Garden-cress", ("Garden cress", "GC"), "A herb."),)
    empty = page(nodes.paragraph("", "Anything."))
    assert mark_terms(empty, Glossary("glossary", ()), "g.html") == []
