"""Give each page the browser code that it uses, and let no other run: its policy names its own files, and the scripts within it.

The policy stands in a meta tag, so that it holds on a server, which need not be told, and on the disk. What a record or a
chapter could ever bring into a page does not run: no script within the page without its hash, none from another host, no
address of a script in a link. Nor does it restyle the page: the styles that templates and pandas write within it are known by
their hash. Only where there are formulas a style element may be any: MathJax makes one in the browser, of unknown hash.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from pydata_sphinx_theme.pygments import overwrite_pygments_css
from sphinx.application import Sphinx

from livrev.site.assets import SCRIPTS, STYLE, STYLES, write_bundle
from livrev.site.rendering import TEMPLATES
from livrev.site.state import build_state
from livrev.transaction import write_if_changed

# The parts of a table that pandas prints, and what their headings head, for who listens to it: they do not say so.
_FRAME = re.compile(r'(?s)<(?P<part>thead|tbody)>\s*<tr(?: style="text-align: right;")?>\s*<th>.*?</(?P=part)>')
_SCOPES = {"thead": "col", "tbody": "row"}
# What one would not break at its hyphen: a day, and a name with a number or a letter after it. Tags, and what is drawn or
# listed, are passed over.
_HYPHENED = re.compile(
    r"(?s)<(script|style|pre|svg|select|textarea)\b.*?</\1>|<[^>]*>"
    r"|\b(?:\d{4}-\d\d-\d\d|[A-Za-z][A-Za-z\d]*-(?:[A-Z]?\d+[a-z]?|[A-Z]{1,2}))\b(?!-)"
)
_UNBROKEN = r'<span class="livrev-name">\g<0></span>'
# Files, and what a page must hold for them to be of use to it.
_USED_BY = (
    (r"livrev\.js", 'class="livrev-data[ "]'),
    (r"figures\.js", "livrev-drawing"),
    (r"citing\.js", r'class="[^"]*livrev-(?:results|finding|data|drawing)\b|livrev-shell-of-(?:studies|sources)'),
    (r"references\.js", 'class="citation-list"'),
    (r"copybutton\.js|clipboard\.min\.js", '<div class="highlight'),
    ("togglebutton|togglehint|toggleopenonprint", r'class="[^"]*\b(?:toggle|dropdown|tag_hide-\w+)\b'),
    (r"design-tabs\.js", 'class="sd-tab-'),
    (r"sphinx-design\.min\.css", r'class="[^"]*\bsd-'),
    (r"search-records\.js", 'id="(?:search-results|explorer)"'),
    (r"search-texts\.js|finding\.js", 'id="search-results"'),
    ("mathjax|tex-mml-chtml", r'class="[^"]*\bmath\b'),
)
# Thebe would load from another host, and logs an error; the options of the pages stand in their head.
_NEVER = ("thebe", "documentation_options")
_THEBE = re.compile(r'<script type="text/x-thebe-config">.*?kernelName.*?</script>', re.DOTALL)
# The one script that every page holds within it: it sets the theme before anything is drawn, and what Sphinx' scripts ask.
_HEAD = (TEMPLATES / "head.js").read_text(encoding="utf-8").strip()
# What the theme's buttons call, as it stands in their attributes.
_HANDLERS = ("toggleFullScreen()", "window.print()")
# What the theme's template writes for readers without scripts, and what the index of terms and a table of pandas bring.
_STYLES = (
    ".pst-js-only { display: none !important; }", "text-align: right;", "width: 100%", "width: 33%; vertical-align: top;",
)  # fmt: skip


def choose_scripts(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Leave out what this page has no use for, and what stands in the one style sheet and the one script of all pages."""
    body = 'id="search-results"' if page == "search" else context.get("body") or ""
    bundled = {Path(name).name.replace("*", "") for name in (*STYLES, *SCRIPTS)}

    def used(asset: Any) -> bool:
        file = Path(str(getattr(asset, "filename", asset) or "").partition("?")[0]).name
        said = f"{file} {getattr(asset, 'attributes', {}).get('body', '')}".lower()
        if any(name in said for name in _NEVER) or file in bundled or re.fullmatch(r"mystnb\.\w+\.css", file):
            return False
        return all(re.search(held, body) for names, held in _USED_BY if re.search(names, said))

    for kind in ("script_files", "css_files"):
        if kind in context:
            context[kind] = [asset for asset in context[kind] if used(asset)]
    if context.get("body"):
        # docutils makes a list of references that holds no items; here each is one, as a screen reader counts them
        body = _THEBE.sub("", context["body"]).replace('role="doc-biblioentry"', 'role="listitem"')
        body = _FRAME.sub(lambda part: part[0].replace("<th>", f'<th scope="{_SCOPES[part["part"]]}">'), body)
        context["body"] = _HYPHENED.sub(lambda found: found[0] if found[0][0] == "<" else found.expand(_UNBROKEN), body)


def _write_bundle(app: Sphinx) -> tuple[dict[str, str], list[str]]:
    """Write the bundle; return its digests, and the fonts of its signs that each page needs first.

    Those are asked for with the style sheet, so that they are there when the words are laid out.
    """
    overwrite_pygments_css(app)  # the theme does so too, but after the pages
    static = Path(app.outdir) / "_static"
    bundle = write_bundle(static)
    styles = (static / STYLE).read_text(encoding="utf-8")  # there since the line above
    return bundle, sorted(set(re.findall(r"fonts/[\w-]+-normal-\d+-basic-\w+\.woff", styles)))


@cache
def _pandas_styles() -> tuple[str, ...]:
    """Return the styles that pandas writes before its tables: with one row of headings, with several, with named rows."""
    import pandas as pd

    several = pd.MultiIndex.from_tuples([("x", "y")])
    frames = (pd.DataFrame({"x": [1]}), pd.DataFrame([[1]], columns=several))
    named = pd.DataFrame([[1]], columns=several, index=pd.Index([0], name="z"))
    written = (frame.to_html(notebook=True) for frame in (*frames, named))
    return tuple(html.partition("<style scoped>")[2].partition("</style>")[0] for html in written)


def policy(scripts: Iterable[str] = (), handlers: Iterable[str] = _HANDLERS, *, formulas: bool = False) -> str:
    """Return the meta tag that lets a page run its own files, and *scripts* and *handlers* by their hash.

    With *formulas*, style elements that MathJax makes are let in, too.
    """
    by_hash = ["'self'", *map(_hash_of, dict.fromkeys(scripts))]
    if attributes := [_hash_of(handler) for handler in handlers]:
        by_hash += ["'unsafe-hashes'", *attributes]
    styles = ["'self' 'unsafe-hashes'", *map(_hash_of, (*_STYLES, *_pandas_styles()))]
    rules = (
        "default-src 'none'", f"script-src {' '.join(by_hash)}", f"style-src {' '.join(styles)}",
        *(["style-src-elem 'self' 'unsafe-inline'"] if formulas else []),
        "img-src 'self' data: blob:", "font-src 'self' data:", "media-src 'self'", "manifest-src 'self'",
        "connect-src 'none'", "form-action 'self'", "base-uri 'none'",
    )  # fmt: skip
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}" />\n'


def secure_first_page(page: Path) -> None:
    """Give the policy to the page that Jupyter Book itself writes to lead to the first chapter; an older one goes."""
    if page.is_file():
        rest = re.sub(r'^<meta http-equiv="Content-Security-Policy"[^>]*>\n', "", page.read_text(encoding="utf-8"))
        write_if_changed(page, policy((), ()) + rest)


def _hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def add_policy(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Put the policy before all else in the head of a page, whose scripts have been chosen; name the bundle that all pages load."""
    scripts = context.get("script_files", ())
    mode = _HEAD.replace('|| "auto"', f'|| "{context.get("default_mode") or "auto"}"')
    bodies = [body for script in scripts if (body := getattr(script, "attributes", {}).get("body"))]
    formulas = any("mathjax" in str(getattr(script, "filename", None) or "").lower() for script in scripts)
    context["livrev_bundle"], letters = build_state(app).once("bundle", lambda: _write_bundle(app))
    # The page for what is missing is served at any depth, and its script is not made absolute: its style sheet asks for them.
    asked = [context["pathto"](f"_static/{font}", 1) for font in letters if page != "404"]
    mode = mode.replace("LETTERS", json.dumps(asked))
    context["livrev_head"] = mode
    context["metatags"] = policy([mode, *bodies], formulas=formulas) + str(context.get("metatags", ""))
