"""All pages share one style sheet and one script, without what no page uses."""

from pathlib import Path

import pytest

from livrev.site.bundle import icon_styles, join_scripts, remove_parts, split_selectors, thin_styles, write_bundle


@pytest.mark.parametrize(
    ("css", "thin"),
    [
        (".modal-title{a:b}.bd-main{c:d}", ".bd-main{c:d}\n"),
        (".bd-main,.carousel .item{a:b}", ".bd-main{a:b}\n"),
        (".bd-main:not(.modal){a:b}", ".bd-main:not(.modal){a:b}\n"),
        (":is(.bd-main,.fa-solid) a{a:b}", "\n"),
        ("@media print{.toast{a:b}}.x{c:d}", ".x{c:d}\n"),
        ("@font-face{font-family:Font Awesome\\ 6 Free;src:url(x)}", "\n"),
        ("/* said */.x{a:b}/*! licence */", ".x{a:b}/*! licence */\n"),
        ("@import url(a.css);.x{a:b}", "@import url(a.css);.x{a:b}\n"),
    ],
)
def test_rules_for_what_the_book_does_not_have_are_left_out(css: str, thin: str) -> None:
    assert thin_styles(css) == thin


def test_selectors_are_split_outside_of_brackets() -> None:
    assert split_selectors("a,b:is(c,d),e[f='g,h']") == ["a", "b:is(c,d)", "e[f='g,h']"]


def test_scripts_stand_one_after_the_other_without_their_maps() -> None:
    assert join_scripts(["a()\n//# sourceMappingURL=a.js.map", "b()"]) == "a();\nb();\n"


def test_a_file_that_a_package_no_longer_ships_is_missed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no basic\.css among the static files"):
        write_bundle(tmp_path)


def test_what_the_bundle_was_made_of_is_removed_and_the_rest_stays(tmp_path: Path) -> None:
    for name in ("basic.css", "book.css", "mystnb.12ab.css", "vendor/fontawesome/font.woff2", "downloads/studies.csv"):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x", encoding="utf-8")
    remove_parts(tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"book.css", "downloads/studies.csv"}


SCRIPT = (
    'x={sun:[512,512,[9728],"f185","M1 2c3.5-4 longer outline"]};y={sun:[512,512,[9728],"f185","M1 2z"],'
    '"arrow-up":[384,512,[8593],"f062","M9 9z"]}'
)


def test_an_icon_becomes_a_rule_with_its_solid_shape() -> None:
    styles = icon_styles(SCRIPT, ("sun", "arrow-up"))
    assert ".fa-sun{--icon:url(" in styles and "M1 2z" in styles and "outline" not in styles
    assert "viewBox='0 0 384 512'" in styles


def test_an_icon_that_is_gone_is_missed() -> None:
    with pytest.raises(ValueError, match="the theme has no icon 'moon' any more"):
        icon_styles(SCRIPT, ("moon",))
