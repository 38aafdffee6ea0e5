"""Bring the browser code of the book out of installed packages: tables and formulas, nothing from another host."""

import importlib.metadata
import importlib.util
import re
import shutil
from pathlib import Path

from livrev.site.build_cache import write_if_changed

STATIC = Path(__file__).resolve().parent / "static"
_LICENCE = re.compile(r"(.+\.)?LICEN[CS]E(\.\w+)?", re.IGNORECASE)
_NOTICE = (
    "datatables.js is a bundle out of the package itables. Below stand the licence of itables, and the notices that it\n"
    "gives on DataTables, jQuery, JSZip and the others in it.\n\n"
)
_EXPORT = re.compile(r"export\s*\{([^{}]*)\};?\s*$", re.MULTILINE)


def write_assets(folder: Path) -> None:
    """Write DataTables as a classic script, so that pages opened from the file system can load it; its styles and licence."""
    bundle = _folder_of("itables") / "html"
    for name, text in (
        ("datatables.js", as_classic_script(bundle.joinpath("dt_bundle.js").read_text(encoding="utf-8"))),
        ("datatables-LICENSE.txt", _NOTICE + licences_of("itables")),
        ("datatables.css", bundle.joinpath("dt_bundle.css").read_text(encoding="utf-8")),
    ):
        write_if_changed(folder / name, text)


def copy_mathjax(folder: Path) -> None:
    """Copy MathJax, which sets formulas, into *folder*."""
    for file in importlib.metadata.files("sphinx-mathjax-offline") or ():
        place = file.as_posix().partition("/static/")[2]
        if not place.startswith(("mathjax/tex-mml-chtml.js", "mathjax/output/chtml/fonts/")):
            continue
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(str(file.locate()), target)


def _folder_of(package: str) -> Path:
    """Return where an installed package lies, without the second that its import would take."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed; run make book, which makes the environment anew")
    return Path(found.origin).parent


def licences_of(package: str) -> str:
    """Return the licence that an installed package came with, and its notices on the code of others inside it.

    Raises FileNotFoundError where it came with none.
    """
    files = [file for file in importlib.metadata.files(package) or () if _LICENCE.fullmatch(file.name)]
    if not files:
        raise FileNotFoundError(f"{package} came without a licence; its code may not be shipped in the book")
    files.sort(key=lambda file: (file.name.lower() != "license", str(file)))
    return "\n\n".join(dict.fromkeys(file.read_text(encoding="utf-8").strip() for file in files)) + "\n"


def as_classic_script(module: str) -> str:
    """Return an ES module that imports nothing as a script that sets `window.DataTable`.

    Browsers refuse modules from the file system. Raises ValueError where the module has no default export.
    """
    exports = _EXPORT.search(module)
    default = re.search(r"([\w$]+) as default\b", exports.group(1)) if exports else None
    if exports is None or default is None:
        raise ValueError("itables' bundle has no default export any more; look at how itables now ships DataTables")
    body = module[: exports.start()] + module[exports.end() :]
    return f"(() => {{\n{body}\nwindow.DataTable = {default.group(1)};\n}})();\n"
