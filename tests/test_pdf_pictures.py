"""Pictures of a page reach the printed book, in the colours of paper."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from livrev.pdf import PdfFailed
from livrev.pdf.elements import Finder
from livrev.pdf.pictures import copy_pictures, read_palette

DRAWING = (
    '<svg viewBox="0 0 9 9" aria-label="Two trials."><clipPath id="c"/><path fill="var(--dot, blue)" d="M0 0"/></svg>'
)


def clean(html: str, folder: Path, palette: dict[str, str] | None = None) -> Tag:
    article = BeautifulSoup(f"<article>{html}</article>", "lxml").article
    assert article is not None
    copy_pictures(Finder(article), page=folder / "page.html", workshop=folder, palette=palette or {})
    return article


def only_file(folder: Path) -> str:
    (file,) = (folder / "images").iterdir()
    return file.read_text(encoding="utf-8")


def test_a_drawing_within_a_page_becomes_a_picture_with_its_description(tmp_path: Path) -> None:
    article = clean(f"<p>{DRAWING}</p>", tmp_path)
    assert article.img is not None and article.svg is None
    assert article.img["alt"] == "Two trials."
    assert (tmp_path / str(article.img["src"])).is_file()


def test_names_in_a_drawing_keep_their_capitals(tmp_path: Path) -> None:
    clean(DRAWING, tmp_path)
    drawn = only_file(tmp_path)
    assert 'viewBox="0 0 9 9"' in drawn and "<clipPath" in drawn
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawn


@pytest.mark.parametrize(
    ("palette", "colour"),
    [({"--dot": "red"}, "red"), ({}, "blue"), ({"--dot": "var(--deep)", "--deep": "teal"}, "teal")],
)
def test_a_colour_of_the_theme_becomes_one_of_paper(tmp_path: Path, palette: dict[str, str], colour: str) -> None:
    clean(DRAWING, tmp_path, palette)
    assert f'fill="{colour}"' in only_file(tmp_path)


def test_a_picture_file_may_take_its_colours_from_the_theme_too(tmp_path: Path) -> None:
    (tmp_path / "plot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><g style="fill:var(--dot)"/></svg>')
    for html in ('<img src="plot.svg" alt="A plot">', '<object data="plot.svg" aria-label="A plot"></object>'):
        article = clean(html, tmp_path, {"--dot": "red"})
        assert article.img is not None and article.img["alt"] == "A plot"
        assert "fill:red" in only_file(tmp_path)


def test_of_two_pictures_the_one_for_the_dark_theme_is_left_out(tmp_path: Path) -> None:
    for name in ("light", "dark"):
        (tmp_path / f"{name}.png").write_bytes(b"")
    article = clean("<img class='only-light' src='light.png'><img class='only-dark' src='dark.png'>", tmp_path)
    assert [image["src"] for image in article.find_all("img")] == ["images/light.png"]


def test_the_light_theme_is_the_one_that_stands_first(tmp_path: Path) -> None:
    sheet = ":root { --dot: #00527f; } html[data-theme='dark'] { --dot: #9cf; }"
    (tmp_path / "livrev.css").write_text(sheet, encoding="utf-8")
    assert read_palette(tmp_path) == {"--dot": "#00527f"}


def test_a_missing_picture_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(PdfFailed, match=r"page\.html: the picture gone\.svg is missing; delete _build"):
        clean("<img src='gone.svg'>", tmp_path)
