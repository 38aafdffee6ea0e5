"""Old addresses that lead on: `livrev_redirects` in the configuration, old page -> new page, each made a page of its own.

An address that once was published stays. A trial has an address by its registry number, too.
The list is checked whenever the book is built.
"""

import posixpath
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from livrev.records.review import Review
from livrev.site.build_cache import write_if_changed
from livrev.site.page_assets import policy
from livrev.site.state import build_state

SETTING = "livrev_redirects"
_MARK = '<meta name="generator" content="livrev redirect">'
_NEW = re.compile(r"[\w./-]+\.html(?:#[\w.:-]+)?")
_WHERE = f"_config.yml, {SETTING}"


def check_redirects(redirects: Mapping[str, Any], html: Path) -> list[str]:
    """Return what is wrong with *redirects*, given the pages below *html*: one sentence each, with its cure."""
    problems = []
    for old, new in redirects.items():
        entry = f"{_WHERE}: {old} -> {new}"
        if not isinstance(old, str) or not isinstance(new, str) or not _is_page(old) or not _NEW.fullmatch(new):
            problems.append(
                f"{entry}: write both as pages below the book's root, like chapters/old.html: chapters/new.html"
            )
            continue
        path, _, anchor = new.partition("#")
        if not _is_page(path):
            problems.append(f"{entry}: {path} is no page below the book's root; name one like chapters/new.html")
        elif path in redirects:
            told = "leads to itself" if path == old else "leads to an address that itself leads on"
            problems.append(f"{entry}: {told}; name the page where the reader shall end")
        elif not (html / path).is_file():
            problems.append(f"{entry}: there is no page {path}; name one that the book has")
        elif anchor and f'id="{escape(anchor)}"' not in (html / path).read_text(encoding="utf-8"):
            problems.append(f"{entry}: {path} has no place called {anchor}; leave it out, or name one")
        if (html / old).is_file() and not leads_on(html / old):
            problems.append(f"{entry}: {old} is a page of the book; take the entry out, or give the page another name")
    return problems


def _is_page(path: str) -> bool:
    return bool(re.fullmatch(r"[\w./-]+\.html", path)) and posixpath.normpath(path) == path and path[0] not in "/."


def leads_on(page: Path) -> bool:
    """Tell whether *page* is one that leads to another."""
    return _MARK in page.read_text(encoding="utf-8")


def trials(review: Review) -> dict[str, str]:
    """Return where `trials/<registry number>.html` leads: to the page of its study, of several to one that is no part of another."""
    whole_last = sorted(review.studies.values(), key=lambda study: study.part_of is None)
    return {f"trials/{nct}.html": f"studies/{study.study}.html" for study in whole_last for nct in study.nct}


def redirect_page(old: str, new: str, base: str = "") -> str:
    """Return the page at *old* that leads to *new*: at once, keeping the place asked for, and by a link where nothing else does."""
    relative = posixpath.relpath(new.partition("#")[0], posixpath.dirname(old) or ".")
    to = escape(relative + (f"#{new.partition('#')[2]}" if "#" in new else ""))
    canonical = escape((base + new.partition("#")[0]) if base else relative)
    lead = f'location.replace("{to}".split("#")[0] + (location.hash || "{to}".match(/#.*|$/)[0]));'
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{_MARK}\n{policy([lead], ())}'
        f'<title>This page has moved</title><link rel="canonical" href="{canonical}"><meta name="robots" content="noindex">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<script>{lead}</script>\n"
        f'<noscript><meta http-equiv="refresh" content="0; url={to}"></noscript></head>\n'
        f'<body><p>This page has moved to <a href="{to}">{to}</a>.</p></body></html>\n'
    )


def write_redirects(app: Sphinx) -> None:
    """Write the pages that lead on; raise ExtensionError with all that is wrong with the list."""
    html, redirects = Path(app.outdir), app.config[SETTING]
    if problems := check_redirects(redirects, html):
        raise ExtensionError("\n".join(problems))
    redirects = trials(build_state(app).review) | redirects
    for stale in html.rglob("*.html"):
        if stale.stat().st_size < 2_000 and leads_on(stale) and stale.relative_to(html).as_posix() not in redirects:
            stale.unlink()
    for old, new in redirects.items():
        write_if_changed(html / old, redirect_page(old, new, app.config.html_baseurl or ""))
