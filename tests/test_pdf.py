from pathlib import Path
from typing import Any

import pytest

from livrev.book.pdf import PdfFailed, write_pdf
from livrev.book.pdf.tables import ROWS_PRINTED
from livrev.paths import Repository

pypdf = pytest.importorskip("pypdf")

TRAPS = '#let x = 1, @ref, 5 $ and 6 $, <tag>, *star*, _under_, [b], ~, --, ..., //, /* c */, \\, "q"'
SIGNS = "CD8⁺ γδ ≥ ≤ – × 10⁹ α β ² → ← § é ö ś ū"

FIRST = """
<section id="first-chapter"><h1><span class="section-number">1. </span>First chapter
<a class="headerlink" href="#first-chapter">#</a></h1>
<p>See <a href="#fig-one">Fig. 1</a>, <a href="second.html#id1">Xu, 2023</a>,
<a href="second.html">the second chapter</a>, <a href="../_static/downloads/all.csv">the records</a>,
<a href="../genindex.html">the index</a>
and <a class="reference external" href="https://example.org/x_y#z">a site</a>.</p>
<section id="a-section"><span id="named-by-hand"></span><h2>A section</h2>
<p>TRAPS</p><p>= 1. - not a list</p><p>SIGNS</p>
<p>The hazard ratio is <span class="livrev-result" title="x">0.56 (0.40 to 0.78)</span>.</p>
<figure id="fig-one"><img alt="A blue &quot;square&quot;" src="../_images/square.svg">
<figcaption><p><span class="caption-number">Fig. 1 </span><span>What to see.</span></p></figcaption></figure>
<div class="math notranslate nohighlight" id="equation-pool"><span class="eqno">(1)</span>\\[ \\sum w_i y_i \\]</div>
<div class="admonition warning"><p class="admonition-title">Warning</p><p>Not medical advice.</p></div>
<div class="sd-tab-set docutils"><input type="radio"><label class="sd-tab-label">Patients</label>
<div class="sd-tab-content"><p>In patients.</p></div></div>
<button>Press me</button><script>alert(1)</script></section></section>
"""
SECOND = """
<section id="first-chapter"><h1>Second chapter</h1><p>Back to <a href="first.html#named-by-hand">a section</a>.</p>
<div class="livrev-table" id="table-long"><table class="livrev-data"><caption>A long table</caption>
<thead><tr><th>Name</th><th data-filter>#kind</th><th>n</th></tr></thead><tbody>ROWS</tbody></table>
<p class="livrev-download"><a href="../_static/downloads/x.csv" download>Download as CSV</a></p></div>
<dl class="glossary"><dt id="term-ORR">ORR</dt><dd><p>The response rate.</p></dd></dl>
<div class="citation-list"><div class="citation" id="id1"><span class="label">[Xu23]</span>
<p>Xu. A title. <a class="reference external" href="https://doi.org/10.1000/xyz">doi:10.1000/xyz</a>.</p></div></div></section>
"""


@pytest.fixture
def book(tmp_path: Path) -> Repository:
    """Return a book of two built pages, with what is hard to print in them."""
    repository = Repository(tmp_path)
    (tmp_path / "_config.yml").write_text("title: 'A #small *book*'\nauthor: the contributors\n", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text(
        "root: chapters/index\nparts:\n"
        "- caption: The part\n  chapters: [{file: chapters/first}, {file: chapters/second}]\n",
        encoding="utf-8",
    )
    traps = TRAPS.replace("<", "&lt;")
    cells = "<tr><td>= row {0} *a* #b @c $</td><td>- _k_</td><td class='number'>{0}</td></tr>"
    rows = "".join(cells.format(number) for number in range(1, 101))
    write_page(repository, "chapters/index", "<section id='index'><h1>Welcome</h1><p>Read on.</p></section>")
    write_page(repository, "chapters/first", FIRST.replace("TRAPS", traps).replace("SIGNS", SIGNS))
    write_page(repository, "chapters/second", SECOND.replace("ROWS", rows))
    images = repository.html / "_images"
    images.mkdir()
    (images / "square.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="90" height="90"/></svg>',
        encoding="utf-8",
    )
    return repository


def write_page(repository: Repository, name: str, article: str) -> None:
    path = repository.html / f"{name}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"<html><body><nav>Menu</nav><article class='bd-article'>{article}</article></body></html>", encoding="utf-8"
    )


def read(path: Path) -> Any:
    return pypdf.PdfReader(path)


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(path).pages).split())


def links_of(path: Path) -> list[Any]:
    return [mark.get_object() for page in read(path).pages for mark in page.get("/Annots", [])]


def test_each_text_is_printed_once_and_as_it_stands(book: Repository) -> None:
    text = text_of(write_pdf(book))
    for said in (
        TRAPS,
        SIGNS,
        "0.56 (0.40 to 0.78)",
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
    ):
        assert said in text, said


def test_what_one_clicks_is_not_printed(book: Repository) -> None:
    text = text_of(write_pdf(book))
    for said in ("Menu", "Press me", "alert", "Download as CSV", "First chapter #"):
        assert said not in text, said


def test_parts_chapters_and_sections_are_in_the_outline(book: Repository) -> None:
    outline = read(write_pdf(book)).outline
    welcome, part, (first, sections, second) = outline
    assert (welcome.title, part.title) == ("Welcome", "The part")
    assert (first.title, sections[0].title, second.title) == ("1. First chapter", "A section", "Second chapter")


def test_every_chapter_begins_a_page(book: Repository) -> None:
    document = read(write_pdf(book))
    welcome, part, (first, _, second) = document.outline
    numbers = [document.get_destination_page_number(place) for place in (welcome, part, first, second)]
    assert sorted(set(numbers)) == numbers
    assert document.pages[numbers[2]].extract_text().startswith("1. First chapter")


def test_links_lead_to_places_in_the_book_or_to_addresses(book: Repository) -> None:
    marks = links_of(write_pdf(book))
    addresses = {str(mark["/A"]["/URI"]) for mark in marks if "/URI" in mark.get("/A", {})}
    assert addresses == {"https://example.org/x_y#z", "https://doi.org/10.1000/xyz"}
    inner = [mark for mark in marks if "/URI" not in mark.get("/A", {})]
    # Five lines of contents; figure, citation, chapter, and back to the section.
    assert len(inner) >= 5 + 4
    assert all("/Dest" in mark or "/D" in mark["/A"] for mark in inner)


def test_a_citation_leads_to_the_page_of_its_entry(book: Repository) -> None:
    path = write_pdf(book)
    source = (book.build / "pdf" / "main.typ").read_text(encoding="utf-8")
    assert "#link(<chapters-second--id1>)" in source
    assert text_of(path).count("[Xu23]") == 1


def test_numbers_stand_as_in_the_html_and_only_once(book: Repository) -> None:
    text = text_of(write_pdf(book))
    assert "Fig. 1 What to see." in text
    assert "Figure" not in text and "Table 1" not in text


def test_a_long_table_is_cut_and_says_so_and_repeats_its_head(book: Repository) -> None:
    text = text_of(write_pdf(book))
    assert f"= row {ROWS_PRINTED} " in text and f"= row {ROWS_PRINTED + 1} " not in text
    assert f"{100 - ROWS_PRINTED} more rows stand in the HTML book" in text
    assert text.count("Name #kind n") >= 2


def test_a_table_too_wide_for_the_page_lies(book: Repository) -> None:
    heads = "".join(f"<th>Characteristic{number}</th>" for number in range(13))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{heads.replace('th>', 'td>')}</tr></tbody></table>"
    write_page(book, "chapters/index", f"<h1>Welcome</h1><p>Read on.</p>{table}<p>Upright again.</p>")
    lying = [page for page in read(write_pdf(book)).pages if page.mediabox.width > page.mediabox.height]
    assert len(lying) == 1
    assert "Characteristic12" in "".join(lying[0].extract_text().split())
    assert "Upright again" not in lying[0].extract_text()


def test_the_document_says_what_it_is(book: Repository) -> None:
    document = read(write_pdf(book))
    assert (document.metadata.title, document.metadata.author) == ("A #small *book*", "the contributors")
    assert document.trailer["/Root"]["/Lang"] == "en-GB"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "not medical advice" in document.pages[0].extract_text()


def test_the_same_pages_give_the_same_bytes(book: Repository) -> None:
    first = write_pdf(book).read_bytes()
    assert write_pdf(book).read_bytes() == first


def test_the_date_is_the_one_that_the_build_is_given(book: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1704067200")
    path = write_pdf(book)
    assert read(path).metadata.creation_date.year == 2024
    assert "1 January 2024" in text_of(path)


def test_a_page_that_was_not_built_is_named_with_the_cure(book: Repository) -> None:
    (book.html / "chapters" / "second.html").unlink()
    with pytest.raises(PdfFailed, match=r"second\.html: no such page; run livrev build"):
        write_pdf(book)


def test_a_page_without_article_is_named(book: Repository) -> None:
    (book.html / "chapters" / "first.html").write_text("<html><body>broken", encoding="utf-8")
    with pytest.raises(PdfFailed, match=r"first\.html: no article with a title"):
        write_pdf(book)


def test_a_missing_picture_is_named(book: Repository) -> None:
    (book.html / "_images" / "square.svg").unlink()
    with pytest.raises(PdfFailed, match=r"first\.html: the picture \.\./_images/square\.svg is missing"):
        write_pdf(book)


def test_a_broken_picture_fails_with_the_words_of_typst(book: Repository) -> None:
    (book.html / "_images" / "square.svg").write_text("<svg", encoding="utf-8")
    with pytest.raises(PdfFailed, match=r"(?s)Typst cannot set the book:.*square\.svg"):
        write_pdf(book)


def test_a_sign_that_no_font_has_fails_rather_than_leaving_a_hole(book: Repository) -> None:
    write_page(book, "chapters/index", "<h1>Welcome</h1><p>中</p>")
    with pytest.raises(PdfFailed, match="no font of the book has this character"):
        write_pdf(book)


def test_what_opens_on_screen_is_plain_text_on_paper(book: Repository) -> None:
    term = '<a class="livrev-term" href="second.html#term-ORR">response</a>'
    sure = '<span class="livrev-certainty livrev-low">low certainty</span>'
    notes = '<div class="livrev-notes"><span class="livrev-note" id="note-term-ORR" popover>On screen.</span></div>'
    write_page(book, "chapters/index", f"<h1>Welcome</h1><p>A {term} was seen. {sure}</p>{notes}")
    before = len(links_of(write_pdf(book)))
    text = text_of(book.pdf)
    assert "A response was seen. (low certainty)" in text and "On screen." not in text
    write_page(book, "chapters/index", "<h1>Welcome</h1><p>A response was seen.</p>")
    assert len(links_of(write_pdf(book))) == before, "a term is no link"
