"""Give each page the browser code that it uses, and no other."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from pydata_sphinx_theme.pygments import overwrite_pygments_css
from sphinx.application import Sphinx

from livrev.site.bundle import SCRIPTS, STYLES, write_bundle
from livrev.site.state import build_state

# docutils makes a list of references that holds no items; here each is one, as a screen reader counts them.
_NO_ITEM, _ITEM = 'role="doc-biblioentry"', 'role="listitem"'
# The parts of a table that pandas prints, whose headings do not say what they head.
_FRAME = re.compile(
    r"<(?P<part>thead|tbody)>\s*<tr(?: style=\"text-align: right;\")?>\s*<th>.*?</(?P=part)>", re.DOTALL
)
# What one would not break at its hyphen: a day, and a name with a number or a letter after it. Tags, and what is drawn or
# listed, are passed over.
_HYPHENED = re.compile(
    r"<(?:script|style|pre|svg|select|textarea)\b.*?</(?:script|style|pre|svg|select|textarea)>|<[^>]*>"
    r"|\b(?:\d{4}-\d\d-\d\d|[A-Za-z][A-Za-z\d]*-(?:[A-Z]?\d+[a-z]?|[A-Z]{1,2}))\b(?!-)",
    re.DOTALL,
)
# What a page must hold for a file to be of use to it.
_USED_BY = {
    "livrev.js": re.compile('class="livrev-data[ "]'),
    "figures.js": re.compile("livrev-drawing"),
    "citing.js": re.compile(
        r'class="[^"]*livrev-(?:results|finding|data|drawing)\b|livrev-shell-of-(?:studies|sources)'
    ),
    "references.js": re.compile('class="citation-list"'),
    "copybutton.js": re.compile('<div class="highlight'),
    "clipboard.min.js": re.compile('<div class="highlight'),
    **dict.fromkeys(
        ("togglebutton", "togglehint", "toggleopenonprint"),
        re.compile(r'class="[^"]*\b(?:toggle|dropdown|tag_hide-\w+)\b'),
    ),
    "design-tabs.js": re.compile('class="sd-tab-'),
    "sphinx-design.min.css": re.compile(r'class="[^"]*\bsd-'),
    "search-records.js": re.compile('id="(?:search-results|explorer)"'),
    "mathjax": re.compile(r'class="[^"]*\bmath\b'),
    "tex-mml-chtml": re.compile(r'class="[^"]*\bmath\b'),
    "search-texts.js": re.compile('id="search-results"'),
    "finding.js": re.compile('id="search-results"'),
}
# Thebe would load from another host, and logs an error; the options of the pages stand in their head.
_NEVER = ("thebe", "documentation_options")
_THEBE = re.compile(r'<script type="text/x-thebe-config">.*?kernelName.*?</script>', re.DOTALL)


def choose_scripts(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Leave out what this page has no use for, and what stands in the one style sheet and the one script of all pages."""
    body = 'id="search-results"' if page == "search" else context.get("body") or ""
    bundled = {Path(name).name.replace("*", "") for name in (*STYLES, *SCRIPTS)}

    def used(asset: Any) -> bool:
        file = Path(str(getattr(asset, "filename", asset) or "").partition("?")[0]).name
        said = f"{file} {getattr(asset, 'attributes', {}).get('body', '')}".lower()
        if any(name in said for name in _NEVER) or file in bundled or re.fullmatch(r"mystnb\.\w+\.css", file):
            return False
        return all(pattern.search(body) for name, pattern in _USED_BY.items() if name in said)

    for kind in ("script_files", "css_files"):
        if kind in context:
            context[kind] = [asset for asset in context[kind] if used(asset)]
    if context.get("body"):
        body = _FRAME.sub(_with_scopes, _THEBE.sub("", context["body"]).replace(_NO_ITEM, _ITEM))
        context["body"] = _HYPHENED.sub(_unbroken, body)
    if app is not None and app.builder.name == "html":
        context["livrev_bundle"] = build_state(app).once("bundle", lambda: _write_bundle(app))


def _write_bundle(app: Sphinx) -> dict[str, str]:
    overwrite_pygments_css(app)  # the theme does so too, but after the pages
    return write_bundle(Path(app.outdir) / "_static")


def _with_scopes(part: re.Match[str]) -> str:
    """Return the head or the body of a table with what each of its headings heads, for who listens to it."""
    return part.group().replace("<th>", '<th scope="col">' if part["part"] == "thead" else '<th scope="row">')


def _unbroken(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("<") else f'<span class="livrev-name">{found[0]}</span>'
