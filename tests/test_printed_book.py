"""The PDF of the real book: what a printer, a screen reader and whoever follows a citation would notice.

At home these are skipped where the PDF is not built; where CI is set, that is an error.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
from small_review import ROOT

from livrev.paths import Repository
from livrev.records.review import Review


@pytest.fixture(scope="module")
def path() -> Path:
    path = Repository(ROOT).pdf
    if not path.is_file():
        missing = "the PDF is not built: make book"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return path


@pytest.fixture(scope="module")
def printed(path: Path) -> Any:
    """The book as it is put together: links, outline, tags."""
    return pypdf.PdfReader(path)


@pytest.fixture(scope="module")
def drawn(path: Path) -> pypdfium2.PdfDocument:
    """The book as a reader's program shows it."""
    return pypdfium2.PdfDocument(path)


def words(page: pypdfium2.PdfPage) -> str:
    return str(page.get_textpage().get_text_range())


@pytest.fixture(scope="module")
def links(printed: Any) -> list[tuple[int, Any]]:
    """Every link with the number of its page."""
    return [
        (number, mark.get_object()) for number, page in enumerate(printed.pages) for mark in page.get("/Annots", ())
    ]


def target(printed: Any, mark: Any) -> tuple[int, float] | None:
    """Return page and height that a link within the book leads to."""
    place = mark.get("/Dest") or mark.get("/A", {}).get("/D")
    if isinstance(place, str):
        place = printed.named_destinations[place].dest_array
    return (printed.get_page_number(place[0].get_object()), float(place[3])) if place else None


def entries(outline: Any, level: int = 1) -> Iterator[tuple[int, Any]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from entries(entry, level + 1)
        else:
            yield level, entry


def test_it_is_light_enough_to_send(real: Repository, printed: Any) -> None:
    assert real.pdf.stat().st_size < 10_000_000


def test_it_says_who_made_it_and_what_it_is_about(printed: Any) -> None:
    about = printed.metadata
    assert about.title and about.author and "immunotherapy" in about["/Keywords"]
    root = printed.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("en-GB", True)


def test_all_pages_are_a4_and_stand_upright(printed: Any) -> None:
    sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in printed.pages}
    assert sizes == {(595, 842)}


def test_every_doi_of_the_bibliography_is_a_link(
    printed: Any, links: list[tuple[int, Any]], real_review: Review
) -> None:
    addresses = {str(mark["/A"]["/URI"]).lower() for _, mark in links if "/URI" in mark.get("/A", {})}
    listed = re.findall(
        r"(?<=href=\"https://)doi\.org/[^\"]+",
        real_review.repository.html.joinpath("chapters/references.html").read_text("utf-8"),
    )
    assert len(listed) > 100
    assert [doi for doi in listed if f"https://{doi.lower()}" not in addresses] == []


def test_links_within_the_book_all_lead_somewhere_and_most_to_the_bibliography(
    printed: Any, links: list[tuple[int, Any]]
) -> None:
    inner = [target(printed, mark) for _, mark in links if "/URI" not in mark.get("/A", {})]
    assert None not in inner
    begins = printed.get_destination_page_number(
        next(e for _, e in entries(printed.outline) if e.title == "References")
    )
    assert sum(place is not None and place[0] >= begins for place in inner) > 500


def test_notes_lead_back_to_where_they_were_called(printed: Any, links: list[tuple[int, Any]]) -> None:
    notes = [entry for _, entry in entries(printed.outline) if entry.title == "Evidence notes"]
    assert len(notes) >= 6
    first = printed.get_destination_page_number(notes[0])
    below = [mark for page, mark in links if page == first and float(mark["/Rect"][3]) < float(notes[0].top)]
    led_to = [target(printed, mark) for mark in below if "/URI" not in mark.get("/A", {})]
    assert any(place is not None and place[0] <= first for place in led_to)


def test_no_heading_stands_at_the_foot_of_its_page(printed: Any) -> None:
    # Below a heading there is room for itself and two lines, above the margin of 25 mm.
    low = [
        entry.title
        for level, entry in entries(printed.outline)
        if level > 2 and entry.top is not None and float(entry.top) < 71 + 40
    ]
    assert low == []


def test_the_chapters_come_first_and_the_notebooks_last(printed: Any) -> None:
    begins = {
        entry.title: printed.get_destination_page_number(entry)
        for level, entry in entries(printed.outline)
        if level == 1
    }
    assert list(begins)[-2:] == ["References", "Appendix: the notebooks"]
    assert 60 <= begins["References"] <= 90
    assert begins["Contents"] < begins["Figures"] <= begins["Tables"] < 10


def test_the_review_on_one_page_is_one_page(printed: Any) -> None:
    chapters = [entry for level, entry in entries(printed.outline) if level == 2]
    here = next(number for number, entry in enumerate(chapters) if entry.title == "The review on one page")
    first, then = (printed.get_destination_page_number(entry) for entry in chapters[here : here + 2])
    assert then - first == 1


def test_no_page_is_two_thirds_empty_but_at_the_end_of_a_chapter_or_before_a_tall_figure(
    printed: Any, drawn: pypdfium2.PdfDocument
) -> None:
    begins = [printed.get_destination_page_number(entry) for level, entry in entries(printed.outline) if level <= 2]
    lists = printed.get_destination_page_number(next(e for _, e in entries(printed.outline) if e.title == "Tables"))
    thin = []
    for number, page in enumerate(drawn):
        inked = page.render(scale=1 / 6).to_numpy().min(axis=(1, 2)) < 204
        text = inked[round(len(inked) * 27 / 297) : round(len(inked) * 272 / 297)]  # between the margins of book.typ
        filled = max((row for row, ink in enumerate(text) if ink), default=0) / len(text)
        if filled < 1 / 3 and number > lists + 1 and number + 1 not in (*begins, len(drawn)):
            thin.append(number + 1)
    assert [number for number in thin if not ends_low(drawn[number])] == [] and len(thin) < 6, thin


def ends_low(page: pypdfium2.PdfPage) -> bool:
    """Tell whether the first caption of a page stands in its lower half."""
    text = page.get_textpage()
    found = text.search("Fig. ", match_case=True).get_next()
    return found is not None and text.get_charbox(found[0])[3] < page.get_height() / 2


def test_every_figure_of_the_html_is_printed_with_its_number_and_described(
    real: Repository, printed: Any, drawn: pypdfium2.PdfDocument
) -> None:
    listed = "\n".join(words(drawn[number]) for number in range(8))
    numbers = {
        folder: [
            found
            for page in real.html.glob(f"{folder}/*.html")
            for found in re.findall(r'caption-number">(Fig\. [\d.]+)', page.read_text("utf-8"))
        ]
        for folder in ("chapters", "notebooks")
    }
    assert min(map(len, numbers.values())) > 12
    assert [number for number in numbers["chapters"] if f"{number} " not in listed] == []
    figures = [tag for tag in _tags(printed.trailer["/Root"]["/StructTreeRoot"]) if tag.get("/S") == "/Figure"]
    assert len(figures) >= sum(map(len, numbers.values()))
    assert [tag for tag in figures if not str(tag.get("/Alt", "")).strip()] == []


def test_figures_of_the_chapters_are_met_in_the_order_of_their_numbers(
    real: Repository, drawn: pypdfium2.PdfDocument
) -> None:
    caption = re.compile(r'caption-number">(Fig\. [\d.]+ )</span><span class="caption-text">([^<&]{8,16})')
    said = [begin for page in real.html.glob("chapters/*.html") for begin in caption.findall(page.read_text("utf-8"))]
    met = []
    for number, page in enumerate(drawn):
        text = page.get_textpage()
        for name, begin in said if number >= 8 else ():  # behind the lists of figures and tables
            if found := text.search(name + begin.strip(), match_case=True).get_next():
                met.append(([int(part) for part in re.findall(r"\d+", name)], number, -text.get_charbox(found[0])[3]))
    places = [place for _, *place in sorted(met)]
    assert len(places) > 25 and places == sorted(places)


def test_a_figure_stands_on_the_page_that_is_named_for_it(printed: Any, drawn: pypdfium2.PdfDocument) -> None:
    texts = [words(page) for page in drawn]
    named = re.findall(r"Fig\. (\d+(?:\.\d+)?) on p\. (\d+)", " ".join(" ".join(texts).split()))
    page_of = dict(zip(printed.page_labels, texts, strict=True))
    lost = [(n, page) for n, page in named if not re.search(rf"(?m)^Fig\. {re.escape(n)} ", page_of[page])]
    assert len(set(named)) > 25 and lost == []


def test_signs_of_the_field_can_be_read_and_found(drawn: pypdfium2.PdfDocument) -> None:
    text = "".join(words(drawn[number]) for number in [*range(12, 40), *range(len(drawn) - 3, len(drawn))])
    assert [sign for sign in "–’²" if sign not in text] == []
    text = re.sub("■+□*|□+■*", "", text)  # how sure we are, in squares
    assert "\ufffd" not in text and "\u25a1" not in text


def _tags(tag: Any) -> Iterator[Any]:
    kids = tag.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            yield kid
            yield from _tags(kid)
