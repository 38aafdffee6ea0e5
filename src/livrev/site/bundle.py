"""Make one style sheet and one script of the many that theme and extensions bring, without what no page uses.

The theme alone asks for 2.3 MB: an icon library as a script, all of Bootstrap, the search index on every page. A phone on
a slow line waits for each of these. What is left here is a twentieth of it. Nothing is copied into the repository: all of
it is read in the build from what the installed packages put into `_static`. The few icons that pages show become shapes in the style
sheet, instead of a script of 1.5 MB that holds them all.
"""

import hashlib
import re
import shutil
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from livrev.site.build_cache import write_if_changed

# MyST-NB brings its styles only when all pages are written; these are read from its package.
_NOTEBOOKS = "mystnb.css"
STYLES = (
    "basic.css", "styles/pydata-sphinx-theme.css", "pygments.css", "styles/sphinx-book-theme.css", "togglebutton.css",
    "copybutton.css", _NOTEBOOKS, "fonts.css", "livrev.css", "reading.css",
)  # fmt: skip
SCRIPTS = (
    "doctools.js",
    "sphinx_highlight.js",
    "scripts/pydata-sphinx-theme.js",
    "scripts/sphinx-book-theme.js",
    "menus.js",
    "scrolling.js",
    "cards.js",
    "later.js",
)
STYLE, SCRIPT = "book.css", "book.js"
_ICONS = "scripts/fontawesome.js"
# What theme and extensions ship beside it, and no page asks for.
_LEFT_OVER = (
    "scripts", "styles", "vendor", "mystnb.*.css", "locales", "sphinx-thebe.*", "*webpack-macros.html", "documentation_options.js",
    "copybutton_funcs.js", "searchtools.js", "file.png", "minus.png", "plus.png", "play-solid.svg",
)  # fmt: skip
_UNUSED = (
    r"fa(?:[bsr]|-[\w-]+)?|svg-inline--fa|carousel[\w-]*|modal[\w-]*|toast[\w-]*|offcanvas[\w-]*|accordion[\w-]*|progress[\w-]*"
    r"|placeholder[\w-]*|spinner[\w-]*|pagination[\w-]*|page-(?:item|link)|breadcrumb[\w-]*|list-group[\w-]*|alert[\w-]*"
    r"|form-(?:check|floating|select|range|text|label|switch|control-(?:sm|lg|color|plaintext))[\w-]*|input-group[\w-]*|btn-(?:outline|group|toolbar|close|check)[\w-]*"
    r"|(?:in)?valid-(?:feedback|tooltip)|was-validated|is-(?:in)?valid|bs-popover[\w-]*|popover[\w-]*|bs-tooltip[\w-]*|tooltip[\w-]*|col-[\w-]+|row-cols-[\w-]+|offset-[\w-]+"
    r"|order-[\w-]+|g[xy]?-\d|ratio[\w-]*|vstack|hstack|stretched-link|figure-[\w-]+|img-(?:fluid|thumbnail)|(?:link|text-bg)-[\w-]+"
    r"|(?:[mp][xytbse]?|d|flex|float|text|justify-content|align-(?:content|items|self)|order|object-fit|gap|(?:row|column)-gap)-(?:sm|md|lg|xl|xxl)-[\w-]+|card-(?:group|img)[\w-]*|nav-(?:tabs|pills|fill|justified|underline)|drop(?:start|end|up)[\w-]*"
    r"|version-switcher[\w-]*|ethical[\w-]*|ablog[\w-]*|jupyterlite[\w-]*|nbsphinx[\w-]*|nb(?:in|out)put|tippy[\w-]*|thebe[\w-]*|btn-thebe[\w-]*"
)
_UNUSED_CLASS = re.compile(rf"\.(?:{_UNUSED})(?![\w-])|\.-Color\[")
_COMMA = re.compile(r",(?![^()\[\]]*(?:[(\[][^()\[\]]*[)\]][^()\[\]]*)*[)\]])")
_NEGATED = re.compile(r":not\([^()]*\)")
_COMMENT = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_EMPTY = re.compile(r"@(?:media|supports)[^{};]*\{\s*\}")
_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)

# Every icon that a page may show; a test of the built book finds one that is missing here.
ICONS = (
    "angle-left", "angle-right", "arrow-up", "bars", "chevron-down", "circle-half-stroke", "code", "download", "expand",
    "file", "file-pdf", "github", "lightbulb", "list", "magnifying-glass", "moon", "pencil", "print", "rocket", "sun", "xmark",
)  # fmt: skip
_LICENCE = "/* Icons: Font Awesome Free, https://fontawesome.com, licensed CC BY 4.0. */\n"
_SHAPE = r'[{{,]"?(?P<name>{names})"?:\[(?P<width>\d+),(?P<height>\d+),\[[^\]]*\],"[0-9a-f]+","(?P<path>[^"]+)"\]'
_BASE = (
    ":is(.fa-solid,.fas,.fab)::before{content:'';display:inline-block;width:1.25em;height:1em;vertical-align:-.125em;"
    "background:currentColor;-webkit-mask:var(--icon) center/contain no-repeat;mask:var(--icon) center/contain no-repeat}\n"
    ".fa-lg{font-size:1.25em}\n"
)


def thin_styles(css: str) -> str:
    """Return *css* without comments, without icon fonts, and without rules for parts that the book does not have."""
    thin = _RULE.sub(_thin_rule, _COMMENT.sub("", css).replace('@charset "UTF-8";', ""))
    return re.sub(r"\n\s*", "\n", _EMPTY.sub("", thin)).strip() + "\n"


def _thin_rule(rule: re.Match[str]) -> str:
    before, _, selectors = rule[1].rpartition(";")
    kept = [selector for selector in split_selectors(selectors) if not _UNUSED_CLASS.search(_NEGATED.sub("", selector))]
    before = f"{before};" if before else ""
    if not kept or (selectors.strip() == "@font-face" and "Font Awesome" in rule[2]):
        return before
    if selectors.strip() == ":root" and rule[2].startswith("--fa-"):
        return before
    return f"{before}{','.join(kept)}{{{rule[2]}}}"


def split_selectors(text: str) -> list[str]:
    """Split a list of selectors at its commas, but not at those within brackets."""
    return _COMMA.split(text)


def join_scripts(texts: list[str]) -> str:
    """Return *texts* as one script; each stands alone, so that an error in one leaves the others whole."""
    return "\n".join(_MAP.sub("", text).strip() + ";" for text in texts) + "\n"


def write_bundle(static: Path) -> dict[str, str]:
    """Write the two files into *static*, out of what lies there; return name and a digest of each.

    Raises FileNotFoundError where a file that a package used to ship is not there any more.
    """
    styles = "".join(_read(static, name) for name in STYLES)
    texts = {
        STYLE: thin_styles(styles) + icon_styles(_read(static, _ICONS)),
        SCRIPT: join_scripts([_read(static, name) for name in SCRIPTS]),
    }
    for name, text in texts.items():
        write_if_changed(static / name, text)
    return {name: hashlib.sha256(text.encode()).hexdigest()[:8] for name, text in texts.items()}


def _read(static: Path, pattern: str) -> str:
    if pattern == _NOTEBOOKS:
        return files("myst_nb").joinpath("static", _NOTEBOOKS).read_text(encoding="utf-8") + "\n"
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
    rules, found = [], defaultdict(list)
    for match in re.finditer(_SHAPE.format(names="|".join(map(re.escape, names))), fontawesome):
        found[match["name"]].append(match)
    for name in names:
        shapes = found[name]
        if not shapes:
            raise ValueError(f"the theme has no icon {name!r} any more; look at how its fontawesome.js now writes them")
        # Where an icon has an outlined form too, the solid one is the shorter.
        shape = min(shapes, key=lambda match: len(match["path"]))
        picture = (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {shape['width']} {shape['height']}'>"
            f"<path d='{shape['path']}'/></svg>"
        )
        drawn = quote(picture, safe=" =:/'-.,")
        rules.append(f'.fa-{name}{{--icon:url("data:image/svg+xml,{drawn}")}}\n')
    return _LICENCE + _BASE + "".join(rules)
