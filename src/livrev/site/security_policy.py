"""Say in each page what it may load and run: its own files, and the few scripts within it whose text is known here.

The policy stands in a meta tag, so that it holds on a server, which need not be told, and on the disk. What a record or a
chapter could ever bring into a page does not run: no script within the page without its hash, none from another host, no
address of a script in a link. Nor does it restyle the page: the few styles that templates and pandas write within it are
known by their hash. One kind of page is freer: MathJax makes a style sheet of the glyphs that a formula needs, in the
browser, whose hash nobody knows before. So where there are formulas a style element may be any; a style attribute may not.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_HEAD = Path(__file__).resolve().parent / "templates" / "head.js"
# What the theme's buttons call, as it stands in their attributes.
_HANDLERS = ("toggleFullScreen()", "window.print()")
# What the theme's template writes for readers without scripts, and what the index of terms and a table of pandas bring.
_STYLES = (
    ".pst-js-only { display: none !important; }", "text-align: right;", "width: 100%", "width: 33%; vertical-align: top;",
)  # fmt: skip


@cache
def head_script() -> str:
    """Return the one script that every page holds within it: it sets the theme before anything is drawn, and what Sphinx' scripts ask."""
    return _HEAD.read_text(encoding="utf-8").strip()


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
    by_hash = [_hash_of(script) for script in dict.fromkeys(scripts)]
    if attributes := [_hash_of(handler) for handler in handlers]:
        by_hash += ["'unsafe-hashes'", *attributes]
    styles = map(_hash_of, (*_STYLES, *_pandas_styles()))
    rules = (
        "default-src 'none'",
        " ".join(["script-src 'self'", *by_hash]),
        " ".join(["style-src 'self' 'unsafe-hashes'", *styles]),
        *(["style-src-elem 'self' 'unsafe-inline'"] if formulas else []),
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self'",
        "manifest-src 'self'",
        "connect-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}" />\n'


def secure_first_page(page: Path) -> None:
    """Give the policy to the page that Jupyter Book itself writes to lead to the first chapter; an older one goes."""
    if page.is_file():
        text = page.read_text(encoding="utf-8")
        secured = policy((), ()) + re.sub(r'^<meta http-equiv="Content-Security-Policy"[^>]*>\n', "", text)
        if secured != text:
            page.write_text(secured, encoding="utf-8")


def _hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def add_policy(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Put the policy before all else in the head of a page, whose scripts have been chosen."""
    scripts = context.get("script_files", ())
    mode = head_script().replace('|| "auto"', f'|| "{context.get("default_mode") or "auto"}"')
    bodies = [body for script in scripts if (body := getattr(script, "attributes", {}).get("body"))]
    formulas = any("mathjax" in str(getattr(script, "filename", None) or "").lower() for script in scripts)
    context["livrev_head"] = mode
    context["metatags"] = policy([mode, *bodies], formulas=formulas) + str(context.get("metatags", ""))
