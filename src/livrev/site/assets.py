"""Make the files that pages load out of installed packages, so that nothing comes from another host.

Tables and formulas have scripts of their own. The book's letters, a serif and a sans, are cut to the signs that it may hold, in two
parts, the second of which is fetched only where a page has one of its signs; what they do not have, the reader's device draws.

All that theme and extensions bring (2.3 MB of the theme alone) becomes one style sheet and one script, a twentieth of it, without
what no page uses. The few icons that pages show become shapes in the style sheet.
"""

import hashlib
import importlib.metadata
import re
import shutil
from pathlib import Path
from urllib.parse import quote

from livrev.show.fonts import FEATURES, cut_font, sans_face, serif_faces
from livrev.transaction import write_if_changed

STATIC = Path(__file__).resolve().parent / "static"
_NOTICE = (
    "datatables.js is a bundle out of the package itables. Below stand the licence of itables, and the notices that it\n"
    "gives on DataTables, jQuery, JSZip and the others in it.\n\n"
)
_EXPORT = re.compile(r"export\s*\{[^{}]*?(?P<default>[\w$]+) as default\b[^{}]*\};?\s*$", re.MULTILINE)
# MyST-NB brings its styles only when all pages are written; these are read from its package.
_NOTEBOOKS = "mystnb.css"
STYLES = (
    "basic.css", "styles/pydata-sphinx-theme.css", "pygments.css", "styles/sphinx-book-theme.css", "togglebutton.css",
    "copybutton.css", _NOTEBOOKS, "fonts.css", "livrev.css", "reading.css",
)  # fmt: skip
SCRIPTS = (
    "doctools.js", "sphinx_highlight.js", "scripts/pydata-sphinx-theme.js", "scripts/sphinx-book-theme.js",
    "menus.js", "scrolling.js", "cards.js", "later.js",
)  # fmt: skip
STYLE, SCRIPT = "book.css", "book.js"
# What theme and extensions ship beside it, and no page asks for.
_LEFT_OVER = (
    "scripts", "styles", "vendor", "mystnb.*.css", "locales", "sphinx-thebe.*", "*webpack-macros.html", "documentation_options.js",
    "copybutton_funcs.js", "searchtools.js", "file.png", "minus.png", "plus.png", "play-solid.svg", "icons.css",
)  # fmt: skip
_UNUSED_CLASS = re.compile(
    r"\.(?:fa(?:[bsr]|-[\w-]+)?|svg-inline--fa|carousel[\w-]*|modal[\w-]*|toast[\w-]*|offcanvas[\w-]*|accordion[\w-]*|progress[\w-]*"
    r"|placeholder[\w-]*|spinner[\w-]*|pagination[\w-]*|page-(?:item|link)|breadcrumb[\w-]*|list-group[\w-]*|alert[\w-]*"
    r"|form-(?:check|floating|select|range|text|label|switch|control-(?:sm|lg|color|plaintext))[\w-]*|input-group[\w-]*|btn-(?:outline|group|toolbar|close|check)[\w-]*"
    r"|(?:in)?valid-(?:feedback|tooltip)|was-validated|is-(?:in)?valid|bs-popover[\w-]*|popover[\w-]*|bs-tooltip[\w-]*|tooltip[\w-]*|col-[\w-]+|row-cols-[\w-]+|offset-[\w-]+"
    r"|order-[\w-]+|g[xy]?-\d|ratio[\w-]*|vstack|hstack|stretched-link|figure-[\w-]+|img-(?:fluid|thumbnail)|(?:link|text-bg)-[\w-]+"
    r"|(?:[mp][xytbse]?|d|flex|float|text|justify-content|align-(?:content|items|self)|order|object-fit|gap|(?:row|column)-gap)-(?:sm|md|lg|xl|xxl)-[\w-]+|card-(?:group|img)[\w-]*|nav-(?:tabs|pills|fill|justified|underline)|drop(?:start|end|up)[\w-]*"
    r"|version-switcher[\w-]*|ethical[\w-]*|ablog[\w-]*|jupyterlite[\w-]*|nbsphinx[\w-]*|nb(?:in|out)put|tippy[\w-]*|thebe[\w-]*|btn-thebe[\w-]*)(?![\w-])|\.-Color\["
)
# Between two selectors, not within brackets.
_COMMA = re.compile(r",(?![^()\[\]]*(?:[(\[][^()\[\]]*[)\]][^()\[\]]*)*[)\]])")
_NEGATED = re.compile(r":not\([^()]*\)")

# Every icon that a page may show; a test of the built book finds one that is missing here.
ICONS = (
    "angle-left", "angle-right", "arrow-up", "bars", "chevron-down", "circle-half-stroke", "code", "download", "expand",
    "file", "file-pdf", "github", "lightbulb", "list", "magnifying-glass", "moon", "pencil", "print", "rocket", "sun", "xmark",
)  # fmt: skip
_ICON = r'[{{,]"?({names})"?:\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+","([^"]+)"\]'  # name, width, height, path
# What nearly every page shows (Latin, punctuation, a few signs of statistics), and what names and formulas need besides.
_PARTS = {
    "basic": "20-7E,A0-FF,3B1-3B3,2009,2010-2014,2018-201A,201C-201E,2020-2022,2026,202F,2032,2060,"
    "2190-2195,2212,2248,2260,2264,2265,25A0,25A1,25B8,25BE,25CF",
    "more": "100-24F,2B9-2DD,300-33F,370-3B0,3B4-3FF,400-45F,1E00-1EFF,2030,203A,2039,2070-209C,20A0-20BF,2100-2138,2150-215E,"
    "2196-21FF,2200-2211,2213-2247,2249-225F,2261-2263,2266-22FF,25A2-25B7,25B9-25BD,25BF-25CE,25D0-25FF",
}  # fmt: skip
_FACE = (
    "@font-face{{font-family:{family!r};font-style:{style};font-weight:{weight};font-display:swap;{more}"
    "src:url({file}) format('woff');unicode-range:{signs}}}\n"
)


def write_assets(folder: Path) -> None:
    """Write DataTables as a classic script, so that pages opened from the file system can load it; its styles and licence."""
    bundle = _brought("itables", "itables/html")
    script, styles = ((bundle / f"dt_bundle.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    write_if_changed(folder / "datatables.js", as_classic_script(script))
    write_if_changed(folder / "datatables-LICENSE.txt", _NOTICE + licences_of("itables"))
    write_if_changed(folder / "datatables.css", styles)


def copy_mathjax(folder: Path) -> None:
    """Copy MathJax, which sets formulas, into *folder*."""
    brought = _brought("sphinx-mathjax-offline", "sphinx-mathjax-offline/static/mathjax")
    fonts = "output/chtml/fonts"
    shutil.copytree(brought / fonts, folder / "mathjax" / fonts, dirs_exist_ok=True)
    shutil.copy(brought / "tex-mml-chtml.js", folder / "mathjax")


def _brought(package: str, place: str) -> Path:
    """Return where a part of an installed package lies, without the second that its import would take."""
    return Path(str(importlib.metadata.distribution(package).locate_file(place)))


def licences_of(package: str) -> str:
    """Return the licence that an installed package came with, and its notices on the code of others inside it.

    Raises FileNotFoundError where it came with none.
    """
    shipped = importlib.metadata.files(package) or ()
    files = [file for file in shipped if re.fullmatch(r"(?i)(.+\.)?LICEN[CS]E(\.\w+)?", file.name)]
    if not files:
        raise FileNotFoundError(f"{package} came without a licence; its code may not be shipped in the book")
    files.sort(key=lambda file: (file.name.lower() != "license", str(file)))
    return "\n\n".join(dict.fromkeys(file.read_text(encoding="utf-8").strip() for file in files)) + "\n"


def as_classic_script(module: str) -> str:
    """Return an ES module that imports nothing as a script that sets `window.DataTable`.

    Browsers refuse modules from the file system. Raises ValueError where the module has no default export.
    """
    exports = _EXPORT.search(module)
    if exports is None:
        raise ValueError("itables' bundle has no default export any more; look at how itables now ships DataTables")
    body = module[: exports.start()] + module[exports.end() :]
    return f"(() => {{\n{body}\nwindow.DataTable = {exports['default']};\n}})();\n"


def thin_styles(css: str) -> str:
    """Return *css* without comments, without icon fonts, and without rules for parts that the book does not have."""
    bare = re.sub(r"(?s)/\*(?!!).*?\*/", "", css).replace('@charset "UTF-8";', "")
    thin = re.sub(r"([^{}]+)\{([^{}]*)\}", _thin_rule, bare)
    return re.sub(r"\n\s*", "\n", re.sub(r"@(?:media|supports)[^{};]*\{\s*\}", "", thin)).strip() + "\n"


def _thin_rule(rule: re.Match[str]) -> str:
    before, stop, selectors = rule[1].rpartition(";")
    kept = [selector for selector in _COMMA.split(selectors) if not _UNUSED_CLASS.search(_NEGATED.sub("", selector))]
    icons = selectors.strip() in ("@font-face", ":root") and ("Font Awesome" in rule[2] or rule[2].startswith("--fa-"))
    return before + stop + (f"{','.join(kept)}{{{rule[2]}}}" if kept and not icons else "")


def join_scripts(texts: list[str]) -> str:
    """Return *texts* as one script; each stands alone, so that an error in one leaves the others whole."""
    return "\n".join(re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text).strip() + ";" for text in texts) + "\n"


def write_bundle(static: Path) -> dict[str, str]:
    """Write the two files into *static*, out of what lies there; return name and a digest of each.

    Raises FileNotFoundError where a file that a package used to ship is not there any more.
    """
    styles = thin_styles("".join(_read(static, name) for name in STYLES))
    styles += icon_styles(_read(static, "scripts/fontawesome.js"))
    texts = {STYLE: styles, SCRIPT: join_scripts([_read(static, name) for name in SCRIPTS])}
    for name, text in texts.items():
        write_if_changed(static / name, text)
    return {name: hashlib.sha256(text.encode()).hexdigest()[:8] for name, text in texts.items()}


def _read(static: Path, pattern: str) -> str:
    if pattern == _NOTEBOOKS:
        static = _brought("myst-nb", "myst_nb/static")
    found = sorted(static.glob(pattern))
    if not found:
        raise FileNotFoundError(f"no {pattern} among the static files; look at what theme and extensions now ship")
    return found[-1].read_text(encoding="utf-8") + "\n"


def remove_parts(static: Path) -> None:
    """Remove from *static* what the bundle was made of, and what no page asks for: 8 MB of a downloaded book."""
    for pattern in (*STYLES, *SCRIPTS, *_LEFT_OVER):
        for place in static.glob(pattern):
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink()


def icon_styles(fontawesome: str, names: tuple[str, ...] = ICONS) -> str:
    """Return styles that draw *names* in the colour of the text; *fontawesome* is the theme's script of all icons.

    Raises ValueError where the script does not hold an icon in the form that is known.
    """
    rules, found = [], re.findall(_ICON.format(names="|".join(map(re.escape, names))), fontawesome)
    for name in names:
        shapes = [shape for icon, *shape in found if icon == name]
        if not shapes:
            raise ValueError(f"the theme has no icon {name!r} any more; look at how its fontawesome.js now writes them")
        # Where an icon has an outlined form too, the solid one is the shorter.
        width, height, path = min(shapes, key=lambda shape: len(shape[2]))
        picture = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'><path d='{path}'/></svg>"
        drawn = quote(picture, safe=" =:/'-.,")
        rules.append(f'.fa-{name}{{--icon:url("data:image/svg+xml,{drawn}")}}\n')
    return (STATIC / "icons.css").read_text(encoding="utf-8") + "".join(rules)


def write_fonts(folder: Path) -> None:
    """Write the letters into *folder*/fonts, and *folder*/fonts.css, which names them; what is there already stays."""
    serif = "Libertinus Serif", "size-adjust:113%;"  # as large as the sans looks
    faces = [(*serif, style, str(weight), source) for (style, weight), source in serif_faces().items()]
    faces.append(("Noto Sans", "", "normal", "400 700", sans_face().read_bytes()))
    rules = []
    for family, more, style, weight, source in faces:
        for part, signs in _PARTS.items():
            digest = hashlib.sha256(source + f"{signs}{FEATURES}".encode()).hexdigest()[:8]
            file = f"fonts/{family.split()[-1].lower()}-{style}-{weight.partition(' ')[0]}-{part}-{digest}.woff"
            if not (place := folder / file).is_file():
                place.parent.mkdir(parents=True, exist_ok=True)
                half = place.with_suffix(".part")
                ends = [one.partition("-") for one in signs.split(",")]
                wanted = [one for first, _, last in ends for one in range(int(first, 16), int(last or first, 16) + 1)]
                half.write_bytes(cut_font(source, wanted, flavor="woff"))
                half.replace(place)
            ranges = ",".join(f"U+{one}" for one in signs.split(","))
            rules.append(_FACE.format(family=family, style=style, weight=weight, more=more, file=file, signs=ranges))
    (folder / "fonts.css").write_text("".join(rules), encoding="utf-8")
