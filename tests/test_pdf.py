import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_review import SETTINGS

from livrev.paths import Repository
from livrev.pdf import PdfFailed, write_pdf
from livrev.pdf.tables import ROWS_PRINTED

pypdf = pytest.importorskip("pypdf")

TRAPS = '#let x = 1, @ref, 5 $ and 6 $, <tag>, *star*, _under_, [b], ~, --, ..., //, /* c */, \\, "q"'
SIGNS = "CD8⁺ γδ ≥ ≤ – × 10⁹ α β κ τ² χ² µ ± ≈ “ ” … → ← § é ö ś ū"

FIRST = """
<section id="first-chapter"><h1><span class="section-number">1. </span>First chapter
<a class="headerlink" href="#first-chapter">#</a></h1>
<p>See <a href="#fig-one"><span class="std std-numref">Fig. 1</span></a>, <a href="second.html#id1">Xu, 2023</a>,
<a href="second.html"><span class="std std-doc">the second chapter</span></a>, <a href="../_static/downloads/all.csv">the records</a>,
<a href="../genindex.html">the index</a>
and <a class="reference external" href="https://example.org/x_y#z">a site</a>.</p>
<section id="a-section"><span id="named-by-hand"></span><h2>A section</h2>
<p>TRAPS</p><p>= 1. - not a list</p><p>SIGNS</p>
<p>It works EVIDENCE and again EVIDENCE but not there OTHER.</p>
<p>The hazard ratio is <span class="livrev-result" title="x">0.56 (0.40 to 0.78)</span>.</p>
<figure id="fig-one"><img alt="A blue &quot;square&quot;" src="../_images/square.svg">
<figcaption><p><span class="caption-number">Fig. 1 </span><span>What to see.</span></p></figcaption></figure>
<div class="math notranslate nohighlight" id="equation-pool"><span class="eqno">(1)</span>\\[ \\sum w_i y_i \\]</div>
<div class="admonition warning"><p class="admonition-title">Warning</p><p>Not medical advice.</p></div>
<div class="sd-tab-set docutils"><input type="radio"><label class="sd-tab-label">Patients</label>
<div class="sd-tab-content"><p>In patients.</p></div></div>
<button>Press me</button><script>alert(1)</script></section></section>
"""
CARD = """<span class="livrev-evidence"><button class="livrev-mark" popovertarget="card-0">●</button>
<span class="livrev-card" id="card-0" popover role="note"><span class="livrev-one"><span class="livrev-head">WHAT</span>
<span class="livrev-fact"><b>Reference:</b> <a href="https://doi.org/10.1000/xyz">Xu23</a>.</span>
<span class="livrev-fact livrev-screen"><b>Mind:</b> only on screen.</span>
<a class="livrev-more" href="../studies/xu.html">Everything</a></span></span></span>"""
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
    """Return a book of two built pages, with what is hard to print in them, to change and to print."""
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
        "root: chapters/index\nparts:\n"
        "- caption: The part\n  chapters: [{file: chapters/first}, {file: chapters/second}]\n",
        encoding="utf-8",
    )
    traps = TRAPS.replace("<", "&lt;")
    cells = "<tr><td>= row {0} *a* #b @c $</td><td>- _k_</td><td class='number'>{0}</td></tr>"
    rows = "".join(cells.format(number) for number in range(1, 101))
    write_page(repository, "chapters/index", "<section id='index'><h1>Welcome</h1><p>Read on.</p></section>")
    first = FIRST.replace("TRAPS", traps).replace("SIGNS", SIGNS)
    for place, said in (("EVIDENCE", "Xu found it."), ("OTHER", "Li did not.")):
        first = first.replace(place, CARD.replace("WHAT", said))
    write_page(repository, "chapters/first", first)
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
    assert sorted(set(numbers)) == numbers
    assert document.pages[numbers[2]].extract_text().startswith("1. First chapter")


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
    entry = next(page for page in document.pages if "[Xu23]" in page.extract_text())
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
    assert "only on screen" not in text and "Everything" not in text and "●" not in text
    (page,) = [page for page in document.pages if "Xu found it." in page.extract_text()]
    lines = [str(mark.get_object()["/Rect"][1]) for mark in page["/Annots"]]
    assert len(lines) >= 3


def test_tables_are_numbered_and_figures_keep_the_numbers_of_the_html(printed: Repository) -> None:
    text = text_of(printed.pdf)
    # Once in place and once in the lists.
    assert text.count("Fig. 1 What to see.") == 2
    assert text.count("Table 1. A long table") == 2


def test_a_table_that_a_chapter_asked_for_keeps_the_number_of_the_html(book: Repository) -> None:
    caption = "<figcaption><p><span>Table 3.1 </span><span>Findings.</span></p>"
    table = "<div class='livrev-table'><table><tr><th>Name</th></tr><tr><td>cell</td></tr></table></div>"
    led = "<p><a class='reference internal' href='#asked'>Table 3.1</a></p>"
    figure = f"<figure class='livrev-tabled' id='asked'>{caption}{table}</figcaption></figure>"
    write_page(book, "chapters/first", f"<h1>Chapter</h1>{led}{figure}")
    text = text_of(write_pdf(book))
    assert text.count("Table 3.1 Findings.") == 2 and "Name cell" in text
    assert "Table 1. Table 3.1" not in text


def test_a_long_table_is_cut_and_says_so_and_repeats_its_head(printed: Repository) -> None:
    text = text_of(printed.pdf)
    assert f"= row {ROWS_PRINTED} " in text and f"= row {ROWS_PRINTED + 1} " not in text
    assert text.count(f"The first {ROWS_PRINTED} of 100 rows; all stand in the HTML book and in its download.") == 1
    assert text.count("Name #kind n") >= 2


def test_a_table_too_wide_for_the_page_lies_with_its_heading_and_its_neighbour(book: Repository) -> None:
    heads = "".join(f"<th>Characteristic{number}</th>" for number in range(13))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{heads.replace('th>', 'td>')}</tr></tbody></table>"
    sections = "".join(
        f"<section id='{name}'><h2>{name} things</h2><p>What {name} is.</p><div class='cell'>{table}</div></section>"
        for name in ("wide", "broad")
    )
    link = "<p><a href='#broad'>Look</a>, then read on.</p>"
    write_page(book, "chapters/index", f"<h1>Welcome</h1>{link}{sections}<h2>End</h2><p>Upright again.</p>")
    document = read(write_pdf(book))
    (lying,) = [page for page in document.pages if page.mediabox.width > page.mediabox.height]
    said = lying.extract_text()
    assert "wide things" in said and "broad things" in said and "What broad is." in said
    assert "".join(said.split()).count("Characteristic12") == 4
    assert "Upright again" not in said
    (opening,) = [page for page in document.pages if "then read on" in page.extract_text()]
    assert [page_led_to(document, mark.get_object()) for mark in opening["/Annots"]] == [
        document.get_page_number(lying)
    ]


def test_a_chapter_that_begins_with_a_table_that_lies_opens_on_its_page(book: Repository) -> None:
    heads = "".join(f"<th>Characteristic{number}</th>" for number in range(13))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{heads.replace('th>', 'td>')}</tr></tbody></table>"
    body = f"<h1>Pooled anew</h1><p>What we pooled.</p><div class='cell'>{table}</div><h2>End</h2><p>Upright again.</p>"
    write_page(book, "chapters/first", body)
    document = read(write_pdf(book))
    (lying,) = [page for page in document.pages if page.mediabox.width > page.mediabox.height]
    said = lying.extract_text()
    assert "Pooled anew" in said and "What we pooled." in said and "Characteristic0" in "".join(said.split())
    assert "Upright again" not in said


def test_a_key_in_a_table_reads_as_the_bibliography_does(book: Repository) -> None:
    book.references.write_text(
        "@article{Xu2023title,\n  title = {{A title}},\n  doi = {10.1000/xyz},\n}\n", encoding="utf-8"
    )
    row = "<td>Xu2023title, NCT01234567</td><td><a href='https://doi.org/10.1000/xyz'>abstract</a></td>"
    table = f"<table><thead><tr><th>Source</th><th>Read in</th></tr></thead><tbody><tr>{row}</tr></tbody></table>"
    write_page(book, "chapters/index", f"<h1>Welcome</h1><p>Read on.</p>{table}")
    text = text_of(write_pdf(book))
    assert "Xu23, NCT01234567 abstract" in text
    assert "Xu2023title" not in text


def test_code_is_not_printed_but_the_notebook_is_named(book: Repository) -> None:
    cell = (
        "<div class='cell'><div class='cell_input'><div class='highlight-ipython3'><pre>draw(x)</pre></div></div></div>"
    )
    shown = "<div class='highlight-bash'><pre>make book</pre></div>"
    write_page(book, "chapters/first", f"<h1>Working</h1><p>Pooled.</p>{cell}<p>Then</p>{shown}")
    text = text_of(write_pdf(book))
    assert "draw(x)" not in text
    assert "What follows is computed by chapters/first.ipynb" in text
    assert "make book" in text


def test_code_that_is_folded_leaves_no_empty_box(book: Repository) -> None:
    folded = (
        "<div class='cell tag_hide-input'><details class='admonition hide above-input'><summary><p>Code that makes it</p>"
        "<p>Hide the code</p></summary><div class='cell_input'><pre>draw(x)</pre></div></details>"
        "<div class='cell_output'><p>The answer.</p></div></div>"
    )
    write_page(
        book, "chapters/first", f"<h1>Working</h1>{folded}<details><summary>More</summary><p>Said.</p></details>"
    )
    text = text_of(write_pdf(book))
    assert "The answer." in text and "More" in text and "Said." in text
    assert "Code that makes it" not in text and "Hide the code" not in text and "draw(x)" not in text
    assert "What follows is computed by chapters/first.ipynb" in text


def test_what_works_on_screen_only_is_one_sentence(book: Repository) -> None:
    explorer = "<div class='livrev-only-online'><h2>Filters</h2><table><tr><td>cell</td></tr></table><svg></svg></div>"
    write_page(book, "chapters/first", f"<h1>Explorer</h1><p>Look.</p>{explorer}")
    text = text_of(write_pdf(book))
    assert "This part is interactive: open the page chapters/first.html of the HTML book." in text
    assert "Filters" not in text and "cell" not in text


def test_no_heading_is_left_at_the_foot_of_a_page(book: Repository) -> None:
    # Sections of every length: without care, a heading in twenty is the last line of a page.
    sections = "".join(
        f"<h2>Heading {number}</h2>"
        + "<p>"
        + "A line of text that runs on for a while. " * (number * 7 % 23 + 3)
        + "</p>"
        for number in range(90)
    )
    write_page(book, "chapters/first", f"<h1>Long</h1><p>Read on.</p>{sections}")
    pages = [page.extract_text().split("\n") for page in read(write_pdf(book)).pages]
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
    write_page(book, "chapters/index", "<h1>Welcome</h1><p>\U00013000</p>")
    with pytest.raises(PdfFailed, match="no font of the book has this character"):
        write_pdf(book)


def test_any_script_is_set_with_a_font_that_stands_in(book: Repository) -> None:
    words = "The Chinese word 肝细胞癌, 测试, the Arabic word سرطان الكبد and the sign 🧬 stand in one line."
    write_page(book, "chapters/index", f"<h1>Welcome</h1><p>{words}</p><p><strong>例</strong> <code>测试</code></p>")
    assert text_of(write_pdf(book)).count("测试") == 2


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
