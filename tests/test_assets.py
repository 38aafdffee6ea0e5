"""The browser code comes out of the installed itables, as a script that a page opened from the disk can load."""

import re
from pathlib import Path

import pytest

from livrev.site.assets import as_classic_script, licences_of, write_assets


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
