"""Every script that a record or a chapter may hold is printed, with a font out of a wheel; what no font has is named."""

import pytest
from click.testing import CliRunner
from small_review import METHODS, replace

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
