"""Every script that a record or a chapter may hold is printed, with a font out of a wheel; what no font has is named."""

import re
from typing import Any

import pytest
from building import build_again
from click.testing import CliRunner
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from small_review import METHODS, replace, set_cell

from livrev.cli import main
from livrev.paths import Repository
from livrev.show.fonts import fallback_fonts, strange_signs, without_glyph

SCRIPTS = (
    "The Chinese word 肝细胞癌, 测试, the Arabic word سرطان الكبد, 한국어, かな, עברית, हिन्दी, ไทย "
    "and the signs 🧬 and 😀 stand in one line."
)


def test_the_fonts_that_stand_in_come_out_of_wheels() -> None:
    names = {font.name for font in fallback_fonts()}
    assert {"NotoSansCJKjp-Regular.otf", "NotoEmoji[wght].ttf", "NotoSansArabic[wght].ttf"} <= names


def test_these_scripts_have_their_signs() -> None:
    signs = strange_signs(SCRIPTS)
    assert {"肝", "测", "س", "한", "🧬"} <= set(signs)
    assert without_glyph(signs) == []


@pytest.mark.parametrize("text", ["Ångström, Nguyễn, Şahin", "α-PD-L1 ≥ 5 µg → CO₂, ⁹⁰Y", "“quoted” – so…", "plain"])
def test_what_the_book_prints_anyway_asks_for_no_other_font(text: str) -> None:
    assert strange_signs(text) == {}


def test_the_letters_of_the_pages_hold_every_sign_of_the_records_but_of_other_scripts(
    small_book: Repository, real: Repository
) -> None:
    static = small_book.html / "_static"
    files = re.findall(r"url\((fonts/.+?)\)", (static / "book.css").read_text(encoding="utf-8"))
    assert sorted(files) == sorted(file.relative_to(static).as_posix() for file in static.glob("fonts/*.woff"))
    text = "".join(file.read_text(encoding="utf-8") for file in (real.references, *real.chapters.glob("*.md")))
    wanted = {ord(sign) for sign in set(text) if sign.isprintable() and not strange_signs(sign)}
    for name in ("serif-normal-400", "serif-normal-700", "serif-italic-400", "sans-normal-400"):
        parts = [TTFont(file) for file in static.glob(f"fonts/{name}-*.woff")]
        missing = wanted - set().union(*(part.getBestCmap() for part in parts))
        assert not missing, f"{name}: {''.join(map(chr, sorted(missing)))}"
        assert all("SIL Open Font License" in part["name"].getDebugName(13) for part in parts)


def check(repository: Repository) -> str:
    return CliRunner().invoke(main, ["--root", str(repository.root), "check"]).stdout


def test_a_chapter_and_an_author_of_any_script_are_in_order(repository: Repository) -> None:
    (repository.chapters / "methods.md").write_text(METHODS + f"\n{SCRIPTS}\n", encoding="utf-8")
    replace(repository.references, "{Poe, Ann}", "{例, 测试}")
    assert check(repository) == "check: nothing wrong\n"


def test_a_sign_that_no_font_has_is_named_with_its_place(repository: Repository) -> None:
    (repository.chapters / "methods.md").write_text(METHODS + "\nA sign \ue123 here.\n", encoding="utf-8")
    replace(repository.references, "{Poe, Ann}", "{Poe, \U00013000}")
    said = check(repository)
    assert "chapters/methods.md:8 sign: \\xe123 (U+E123) is in no font of the book; write it in another way" in said
    assert "references.bib:10 sign: " in said and "(U+13000) is in no font" in said


def test_a_book_with_them_is_built_as_pages_and_as_pdf(built: Repository) -> None:
    (built.chapters / "methods.md").write_text(METHODS + f"\n{SCRIPTS}\n", encoding="utf-8")
    replace(built.references, "{Poe, Ann}", "{例, 测试}")
    replace(built.references, "{{A cohort of gardeners}}", "{{肝转移 and سرطان 😀 in gardeners}}")
    set_cell(built, "studies", 0, "name", "测试-1")
    build_again(built, pdf=True)
    page = (built.html / "chapters" / "methods.html").read_text(encoding="utf-8")
    assert SCRIPTS in page and "例" in page and "肝转移 and سرطان 😀 in gardeners" in page
    printed = PdfReader(built.pdf)
    text = "".join(one.extract_text() for one in printed.pages)
    resources: list[Any] = [one["/Resources"] for one in printed.pages]
    fonts = {str(font.get_object()["/BaseFont"]) for one in resources for font in one.get("/Font", {}).values()}
    assert {"肝", "测", "例", "한", "か"} <= set(text) and any("CJK" in name for name in fonts), fonts
