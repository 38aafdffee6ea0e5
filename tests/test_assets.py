"""What pages load comes out of installed packages: tables as a classic script, all else as one style sheet and one script."""

import re
from pathlib import Path

import pytest

from livrev.site.assets import (
    as_classic_script,
    icon_styles,
    join_scripts,
    licences_of,
    remove_parts,
    thin_styles,
    write_assets,
    write_bundle,
)


def test_the_real_bundle_becomes_a_classic_script(tmp_path: Path) -> None:
    write_assets(tmp_path)
    script = (tmp_path / "datatables.js").read_text(encoding="utf-8")
    assert re.search(r"^window\.DataTable = [\w$]+;$", script, re.MULTILINE)
    assert not re.search(r"^\s*(?:export|import)\b", script, re.MULTILINE)
    assert (tmp_path / "datatables.css").stat().st_size > 1000


def test_what_is_written_already_is_left_alone(tmp_path: Path) -> None:
    write_assets(tmp_path)
    before = (tmp_path / "datatables.js").stat().st_mtime_ns
    write_assets(tmp_path)
    assert (tmp_path / "datatables.js").stat().st_mtime_ns == before


def test_the_licences_of_all_that_is_in_the_bundle_lie_beside_it(tmp_path: Path) -> None:
    write_assets(tmp_path)
    text = (tmp_path / "datatables-LICENSE.txt").read_text(encoding="utf-8")
    assert "MIT License" in text and "Permission is hereby granted" in text
    for holder in ("Marc Wouts", "SpryMedia Ltd", "OpenJS Foundation", "Stuart Knightley"):
        assert holder in text


def test_a_package_without_a_licence_is_not_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.files", lambda package: [])
    with pytest.raises(FileNotFoundError, match="came without a licence"):
        licences_of("itables")


def test_the_default_export_is_what_pages_see() -> None:
    script = as_classic_script("var a$ = 1, b = 2;\nexport { b as other, a$ as default };\n")
    assert script == "(() => {\nvar a$ = 1, b = 2;\n\nwindow.DataTable = a$;\n})();\n"


@pytest.mark.parametrize("module", ["", "var a = 1;", "var a = 1;\nexport { a };"])
def test_a_bundle_of_another_shape_is_refused(module: str) -> None:
    with pytest.raises(ValueError, match="no default export any more"):
        as_classic_script(module)


@pytest.mark.parametrize(
    ("css", "thin"),
    [
        (".modal-title{a:b}.bd-main{c:d}", ".bd-main{c:d}\n"),
        (".bd-main,.carousel .item{a:b}", ".bd-main{a:b}\n"),
        (".bd-main:not(.modal){a:b}", ".bd-main:not(.modal){a:b}\n"),
        (":is(.bd-main,.fa-solid) a{a:b}", "\n"),
        ("a,.modal,b:is(c,.x,d),e[f='g,h']{a:b}", "a,b:is(c,.x,d),e[f='g,h']{a:b}\n"),
        ("@media print{.toast{a:b}}.x{c:d}", ".x{c:d}\n"),
        ("@font-face{font-family:Font Awesome\\ 6 Free;src:url(x)}", "\n"),
        ("/* said */.x{a:b}/*! licence */", ".x{a:b}/*! licence */\n"),
        ("@import url(a.css);.x{a:b}", "@import url(a.css);.x{a:b}\n"),
    ],
)
def test_rules_for_what_the_book_does_not_have_are_left_out(css: str, thin: str) -> None:
    assert thin_styles(css) == thin


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
