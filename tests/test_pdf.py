import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docutils import nodes
from docutils.core import publish_doctree
from small_review import SETTINGS

from livrev.paths import Repository
from livrev.pdf.bibliography import Bibliography, Entry
from livrev.pdf.book import PdfFailed, keep_printed, place_of_page, write_pdf
from livrev.pdf.html import read_html
from livrev.pdf.tables import ROWS_PRINTED
from livrev.pdf.writer import write_page
from livrev.show.tables import Link
from livrev.show.views.cards import Card
from livrev.site.chapter_figures import NumberedTable
from livrev.site.explorer import ExplorerView
from livrev.site.roles import EvidenceMark

pypdf = pytest.importorskip("pypdf")

TRAPS = '#let x = 1, @ref, 5 $ and 6 $, <tag>, *star*, _under_, [b], ~, --, ..., //, /* c */, \\, "q"'
SIGNS = "CD8⁺ γδ ≥ ≤ – × 10⁹ α β κ τ² χ² µ ± ≈ “ ” … → ← § é ö ś ū"
BIBLIOGRAPHY = Bibliography(
    {"Xu2023title": Entry("chapters/second#xu2023", "Xu23", "{A title}", ("https://doi.org/10.1000/xyz",))}
)

FIRST = """
First chapter
=============

See `Fig. 1 <#fig-one>`__, `Xu, 2023 <second.html#xu2023>`__, `the second chapter <second.html>`__,
`the records <../_static/downloads/all.csv>`__, `the index <../genindex.html>`__ and `a site <https://example.org/x_y#z>`__.

.. _named-by-hand:

A section
---------

TRAPS

\\= 1. - not a list

SIGNS

It works EVIDENCE and again EVIDENCE but not there OTHER.

.. _fig-one:

.. figure:: /square.svg
   :alt: A blue "square"

   What to see.

.. math:: \\sum w_i y_i

.. warning:: Not medical advice.

.. container:: sd-tab-label

   Patients

.. container:: livrev-screen

   Press me

In patients.

.. raw:: html

   <script>alert(1)</script><p>A <b>bold</b> word.</p>
"""
SECOND = """
Second chapter
==============

Back to `a section <first.html#named-by-hand>`__.

.. raw:: html

   <div class="livrev-table" id="table-long"><table class="livrev-data"><caption>A long table</caption>
   <thead><tr><th>Name</th><th data-filter>#kind</th><th>n</th><th>more</th></tr></thead><tbody>ROWS</tbody></table>
   <p class="livrev-download"><a href="../_static/downloads/x.csv" download>Download as CSV</a></p></div>

ORR
    The response rate.

.. [Xu2023] Xu. A title. `doi:10.1000/xyz <https://doi.org/10.1000/xyz>`__.
"""
SAID, DENIED = (
    Card(
        key,
        head,
        (("Reference", Link("Xu23", "https://doi.org/10.1000/xyz")), ("Caution", "on screen")),
        "studies/xu.html",
    )
    for key, head in (("xu", "Xu found it"), ("li", "Li did not"))
)


@pytest.fixture
def book(tmp_path: Path) -> Repository:
    """Return a book of two pages, with what is hard to print in them, to change and to print."""
    return write_book(tmp_path)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return the same book with its PDF, printed once: to be looked at."""
    repository = write_book(tmp_path_factory.mktemp("printed"))
    write_pdf(repository)
    return repository


def write_book(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path)
    (tmp_path / "_config.yml").write_text("title: 'A #small *book*'\nauthor: the contributors\n", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/index\nparts:\n"
        "- caption: The part\n  chapters: [{file: chapters/first}, {file: chapters/second}]\n",
        encoding="utf-8",
    )
    (tmp_path / "square.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="90" height="90"/></svg>',
        encoding="utf-8",
    )
    cells = "<tr><td>= row {0} *a* #b @c $</td><td>- _k_</td><td class='number'>{0}</td><td>{1}</td></tr>"
    rows = "".join(cells.format(number, "and so on " * 10) for number in range(1, 101))
    put(repository, "chapters/index", "Welcome\n=======\n\nRead on.\n")
    put(repository, "chapters/first", FIRST.replace("SIGNS", SIGNS))
    put(repository, "chapters/second", SECOND.replace("ROWS", rows))
    return repository


def put(
    repository: Repository, page: str, source: str, *more: nodes.Node, numbers: dict[str, str] | None = None
) -> None:
    """Write a page of *source* (reStructuredText) and *more* as Sphinx would have it written."""
    document = publish_doctree(
        source, settings_overrides={"line_length_limit": 99999, "raw_enabled": True, "doctitle_xform": False}
    )
    for text in list(document.findall(nodes.Text)):
        pieces = re.split("(EVIDENCE|OTHER|TRAPS)", text.astext())
        said = {
            "EVIDENCE": EvidenceMark(cards=(SAID,)),
            "OTHER": EvidenceMark(cards=(DENIED,)),
            "TRAPS": nodes.Text(TRAPS),
        }
        text.parent.replace(text, [said[piece].deepcopy() if piece in said else nodes.Text(piece) for piece in pieces])
    for link in document.findall(nodes.reference):
        if link.astext().startswith("Fig. ") or link.astext() == "the second chapter":
            link.insert(0, nodes.inline("", "", classes=["std-numref"]))
    next(document.findall(nodes.section)).extend(more)
    known = {"fig-one": "Fig. 1 ", "first-chapter": "1. ", **(numbers or {})}
    number = lambda node: next((known[name] for name in node["ids"] if name in known), "")  # noqa: E731
    keep_printed(repository, page, write_page(document, page, numbers=number, bibliography=BIBLIOGRAPHY))


def html(source: str) -> nodes.raw:
    return nodes.raw("", source, format="html")


def read(path: Path) -> Any:
    return pypdf.PdfReader(path)


def texts_of(path: Path) -> list[str]:
    """Return the text of each page, a line a line."""
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(path)]


def text_of(path: Path) -> str:
    return " ".join(" ".join(texts_of(path)).split())


def links_of(path: Path) -> list[Any]:
    return [mark.get_object() for page in read(path).pages for mark in page.get("/Annots", [])]


def page_led_to(document: Any, mark: Any) -> int | None:
    """Return the number of the page that a link of the document leads to."""
    place = mark.get("/Dest") or mark.get("/A", {}).get("/D")
    if isinstance(place, str):
        place = document.named_destinations[place].dest_array
    return document.get_page_number(place[0].get_object()) if place else None


def walk_tags(tag: Any) -> Iterator[Any]:
    """Yield every element of the tag tree below *tag*."""
    kids = tag.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            yield kid
            yield from walk_tags(kid)


def test_each_text_is_printed_once_and_as_it_stands(printed: Repository) -> None:
    text = text_of(printed.pdf)
    for said in (
        TRAPS,
        SIGNS,
        "In patients.",
        "Not medical advice.",
        "= 1. - not a list",
        "Xu. A title.",
    ):
        assert text.count(said) == 1, said
    for said in (
        "A #small *book*",
        "the contributors",
        "Patients",
        "Warning",
        "= row 7 *a* #b @c $ - _k_ 7",
        "ORR The response",
        "A bold word.",
    ):
        assert said in text, said


def test_what_one_clicks_is_not_printed(printed: Repository) -> None:
    text = text_of(printed.pdf)
    for said in ("Menu", "Press me", "alert", "Download as CSV", "First chapter #"):
        assert said not in text, said


def test_lists_parts_chapters_sections_and_notes_are_in_the_outline(printed: Repository) -> None:
    *lists, welcome, part, (first, sections, second) = read(printed.pdf).outline
    assert [entry.title for entry in lists] == ["Contents", "Figures", "Tables"]
    assert (welcome.title, part.title) == ("Welcome", "The part")
    assert (first.title, second.title) == ("1. First chapter", "Second chapter")
    assert [section.title for section in sections] == ["A section", "Evidence notes"]


def test_every_chapter_begins_a_page(printed: Repository) -> None:
    document = read(printed.pdf)
    _, _, _, welcome, part, (first, _, second) = document.outline
    numbers = [document.get_destination_page_number(place) for place in (welcome, part, first, second)]
    assert numbers[1] == numbers[2] and sorted(set(numbers)) == [numbers[0], *numbers[2:]]
    assert document.pages[numbers[2]].extract_text().startswith("The part\n1. First chapter")


def test_links_lead_to_places_in_the_book_or_to_addresses(printed: Repository) -> None:
    marks = links_of(printed.pdf)
    addresses = {str(mark["/A"]["/URI"]) for mark in marks if "/URI" in mark.get("/A", {})}
    assert addresses == {"https://example.org/x_y#z", "https://doi.org/10.1000/xyz"}
    inner = [mark for mark in marks if "/URI" not in mark.get("/A", {})]
    # Five lines of contents; figure, citation, chapter, and back to the section.
    assert len(inner) >= 5 + 4
    document = read(printed.pdf)
    assert all(page_led_to(document, mark) is not None for mark in inner)


def test_a_citation_leads_to_its_entry_with_a_live_doi(printed: Repository) -> None:
    document = read(printed.pdf)
    (page,) = [
        page
        for page in document.pages
        if "1. First chapter" in page.extract_text() and "See Fig. 1" in page.extract_text()
    ]
    entry = next(page for page in document.pages if "[Xu2023]" in page.extract_text())
    led_to = [page_led_to(document, mark.get_object()) for mark in page["/Annots"]]
    assert document.get_page_number(entry) in led_to
    addresses = [mark.get_object().get("/A", {}).get("/URI") for mark in entry["/Annots"]]
    assert "https://doi.org/10.1000/xyz" in addresses


def test_a_reference_to_a_figure_or_a_chapter_says_its_page(printed: Repository) -> None:
    path = printed.pdf
    document, text = read(path), text_of(path)
    _, _, _, _, _, (first, _, second) = document.outline
    label = document.page_labels[document.get_destination_page_number(second)]
    assert f"the second chapter on p. {label}," in text
    assert f"Fig. 1 on p. {document.page_labels[document.get_destination_page_number(first)]}, Xu, 2023" in text


def test_evidence_stands_at_the_end_of_the_chapter_once_and_both_ways(printed: Repository) -> None:
    document = read(printed.pdf)
    text = text_of(printed.pdf)
    assert "It works1 and again1 but not there2." in re.sub(r" (?=[12.])", "", text)
    notes = text.partition("Evidence notes 1")[2].partition("Second chapter")[0]
    # The letter leads back to the second mark with the same evidence.
    assert " ".join(notes.split()).startswith("b Xu found it. Reference: Xu23. 2 Li did not. Reference: Xu23.")
    assert "on screen" not in text and "Caution" not in text
    (page,) = [page for page in document.pages if "Xu found it." in page.extract_text()]
    lines = [str(mark.get_object()["/Rect"][1]) for mark in page["/Annots"]]
    assert len(lines) >= 3


def test_tables_are_numbered_and_figures_keep_the_numbers_of_the_html(printed: Repository) -> None:
    text = text_of(printed.pdf)
    # Once in place and once in the lists.
    assert text.count("Fig. 1 What to see.") == 2
    assert text.count("Table 1. A long table") == 2


def test_a_table_that_a_chapter_asked_for_keeps_the_number_of_the_html(book: Repository) -> None:
    cells = html("<div class='livrev-table'><table><tr><th>Name</th></tr><tr><td>cell</td></tr></table></div>")
    asked = NumberedTable("", nodes.caption("", "Findings."), cells, ids=["asked"])
    put(book, "chapters/first", "Chapter\n=======\n\n`Table 3.1 <#asked>`__\n", asked, numbers={"asked": "Table 3.1 "})
    text = text_of(write_pdf(book))
    assert text.count("Table 3.1 Findings.") == 2 and "Name cell" in text
    assert "Table 1. Table 3.1" not in text


def test_a_long_table_is_cut_and_says_so_and_repeats_its_head(printed: Repository) -> None:
    text = text_of(printed.pdf)
    assert f"= row {ROWS_PRINTED} " in text and f"= row {ROWS_PRINTED + 1} " not in text
    assert text.count(f"The first {ROWS_PRINTED} of 100 rows; all stand in the HTML book.") == 1
    assert text.count("Name #kind n more") >= 2


def test_the_rows_of_a_table_too_wide_for_the_page_are_records(book: Repository) -> None:
    heads = "".join(f"<th>Characteristic{number}</th>" for number in range(13))
    cells = "".join(f"<td>value{number}</td>" for number in range(13))
    table = f"<table><caption>Wide</caption><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
    put(book, "chapters/index", "Welcome\n=======\n\nRead on.\n", html(table))
    document = read(write_pdf(book))
    assert {page.mediabox.width < page.mediabox.height for page in document.pages} == {True}
    text = text_of(book.pdf)
    assert "Table 1. Wide value0 Characteristic1: value1" in text and "Characteristic12: value12" in text


def test_a_key_in_a_table_reads_as_the_bibliography_does(book: Repository) -> None:
    links = "".join(f"<a href='https://doi.org/10.1000/xyz'>{said}</a> " for said in ("abstract", "A title", "Xu23"))
    row = f"<td>Xu2023title, NCT01234567</td><td>{links}</td>"
    table = f"<table><thead><tr><th>Source</th><th>Read in</th></tr></thead><tbody><tr>{row}</tr></tbody></table>"
    put(book, "chapters/index", "Welcome\n=======\n\nRead on.\n", html(table))
    text = text_of(write_pdf(book))
    assert "Xu23, NCT01234567 abstract Xu23 Xu23" in text
    assert "Xu2023title" not in text


def test_code_is_not_printed_but_the_notebook_is_named(book: Repository) -> None:
    code = nodes.container("", nodes.literal_block("", "draw(x)"), nb_element="cell_code_source")
    cell = nodes.container(
        "", code, nodes.paragraph("", "The answer."), nb_element="cell_code", classes=["tag_hide-input"]
    )
    shown = nodes.literal_block("", "make book", language="bash")
    put(book, "chapters/first", "Working\n=======\n\nPooled.\n", cell, shown)
    text = text_of(write_pdf(book))
    assert "draw(x)" not in text
    assert "What follows is computed by chapters/first.ipynb" in text
    assert "The answer." in text and "make book" in text


def test_what_works_on_screen_only_is_one_sentence(book: Repository) -> None:
    put(book, "chapters/first", "Explorer\n========\n\nLook.\n", ExplorerView())
    text = text_of(write_pdf(book))
    assert "This part is interactive: open the page chapters/first.html of the HTML book." in text


def test_no_heading_is_left_at_the_foot_of_a_page(book: Repository) -> None:
    # Sections of every length: without care, a heading in twenty is the last line of a page.
    line = "A line of text that runs on for a while. "
    sections = "".join(f"Heading {n}\n-----------\n\n{line * (n * 7 % 23 + 3)}\n\n" for n in range(90))
    put(book, "chapters/first", f"Long\n====\n\nRead on.\n\n{sections}")
    pages = [text.split("\n") for text in texts_of(write_pdf(book))]
    lasts = [
        line
        for lines in pages
        if (line := [text for text in lines if text.strip() and not text.strip().isdigit()][-1:])
    ]
    assert len(pages) > 20
    assert [line for (line,) in lasts if line.startswith("Heading")] == []


def test_the_document_says_what_it_is(book: Repository) -> None:
    cited = (
        "title: 'A #small *book*: a living one'\nversion: 0.2.0\ndate-released: 2026-05-03\nkeywords: [ink, paper]\n"
    )
    book.citation.write_text(cited, encoding="utf-8")
    book.data.mkdir(exist_ok=True)
    book.settings.write_text(SETTINGS + "advice: This is not medical advice.\nlicence: CC0\n", encoding="utf-8")
    document = read(write_pdf(book))
    assert (document.metadata.title, document.metadata.author) == ("A #small *book*", "the contributors")
    assert document.metadata["/Keywords"] == "ink, paper"
    assert "A living one" in document.pages[0].extract_text()
    imprint = " ".join(document.pages[1].extract_text().split())
    assert "The contributors. A #small *book*: a living one. Version 0.2.0, 3 May 2026." in imprint
    assert "Licence CC0" in imprint and "Evidence" not in imprint  # nobody has searched
    assert document.trailer["/Root"]["/Lang"] == "en-GB"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "not medical advice" in document.pages[0].extract_text()


def test_it_is_tagged_and_says_what_a_figure_shows(printed: Repository) -> None:
    document = read(printed.pdf)
    tags = list(walk_tags(document.trailer["/Root"]["/StructTreeRoot"]))
    kinds = {str(tag.get("/S")) for tag in tags}
    assert {"/H1", "/P", "/L", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/Link"} <= kinds
    assert 'A blue "square"' in [str(tag["/Alt"]) for tag in tags if tag.get("/S") == "/Figure"]
    told = document.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in told and "<pdfaid:part>2</pdfaid:part>" in told


def test_all_fonts_are_within_the_file(printed: Repository) -> None:
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for page in read(printed.pdf).pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert len(fonts) >= 2
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_opening_pages_have_roman_numbers_and_the_book_begins_on_a_right_hand_page(printed: Repository) -> None:
    document = read(printed.pdf)
    first = document.page_labels.index("1")
    assert document.page_labels[:3] == ["i", "ii", "iii"]
    assert first % 2 == 0
    assert document.pages[first].extract_text().startswith("Welcome")


def test_the_same_pages_give_the_same_bytes(book: Repository) -> None:
    first = write_pdf(book).read_bytes()
    assert write_pdf(book).read_bytes() == first


def test_the_date_is_the_one_that_the_build_is_given(book: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1704067200")
    assert "Not released yet" in text_of(write_pdf(book))
    book.citation.write_text("version: 0.2.0\n", encoding="utf-8")
    path = write_pdf(book)
    assert read(path).metadata.creation_date.year == 2024
    assert "1 January 2024" in text_of(path)


def test_a_page_that_was_not_built_is_named_with_the_cure(book: Repository) -> None:
    place_of_page(book, "chapters/second").unlink()
    with pytest.raises(PdfFailed, match=r"second\.json: no such page; delete _build and run"):
        write_pdf(book)


def test_a_broken_or_missing_picture_fails_with_the_words_of_typst(book: Repository) -> None:
    (book.root / "square.svg").write_text("<svg", encoding="utf-8")
    with pytest.raises(PdfFailed, match=r"(?s)Typst cannot set the book:.*square\.svg"):
        write_pdf(book)
    (book.root / "square.svg").unlink()
    with pytest.raises(PdfFailed, match=r"(?s)Typst cannot set the book:.*square\.svg"):
        write_pdf(book)


def test_a_sign_that_no_font_has_fails_rather_than_leaving_a_hole(book: Repository) -> None:
    put(book, "chapters/index", "Welcome\n=======\n\n\U00013000\n")
    with pytest.raises(PdfFailed, match="no font of the book has this character"):
        write_pdf(book)


def test_any_script_is_set_with_a_font_that_stands_in(book: Repository) -> None:
    words = "The Chinese word 肝细胞癌, 测试, the Arabic word سرطان الكبد and the sign 🧬 stand in one line."
    put(book, "chapters/index", f"Welcome\n=======\n\n{words}\n\n**例** ``测试``\n")
    assert text_of(write_pdf(book)).count("测试") == 2


def test_a_certainty_stands_in_brackets(book: Repository) -> None:
    sure = nodes.paragraph("", "", nodes.inline("", "low certainty", classes=["livrev-certainty", "livrev-low"]))
    put(book, "chapters/index", "Welcome\n=======\n\nA response was seen.\n", sure)
    assert "A response was seen. (low certainty)" in text_of(write_pdf(book))


def test_an_output_that_is_a_whole_document_is_read_as_its_body() -> None:
    whole = "<!DOCTYPE html><html><head><title>T</title></head><body><p>All of it.</p></body></html>"
    assert [node.astext() for node in read_html(whole) if isinstance(node, nodes.paragraph)] == ["All of it."]
    assert read_html("<html>") == read_html("<!DOCTYPE html>") == read_html(" ") == []
