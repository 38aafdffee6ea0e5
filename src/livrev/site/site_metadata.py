"""What a page tells those who share it: description, picture, reading time; and the files that machines ask a site for.

Old addresses lead on, by `livrev_redirects` in the configuration, old page -> new page, each made a page of its own: an address
that once was published stays. A trial has an address by its registry number, too. The list is checked whenever the book is built.
"""

import hashlib
import json
import math
import posixpath
import re
import textwrap
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from livrev.paths import find_repository
from livrev.records.review import Review
from livrev.show.figures.sheet import BLUE, INK, MUTED, font
from livrev.show.format import format_count
from livrev.site.explorer import MARK
from livrev.site.page_assets import policy
from livrev.site.public_urls import with_absolute_addresses
from livrev.site.rendering import Page, render
from livrev.site.state import build_state
from livrev.transaction import write_if_changed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEED = "feed.xml"
_READ = (nodes.section, nodes.list_item, nodes.container)  # what holds paragraphs that are read
_TAG = re.compile(r"<[^>]*>")
_NOT_LISTED = re.compile(r"_|(index|404|search|genindex)\.html$")
_RELEASE = re.compile(r"^## (.+?)(?: \((\d{4}-\d\d-\d\d)\))?$", re.MULTILINE)
REDIRECTS = "livrev_redirects"
_NEW = re.compile(r"[\w./-]+\.html(?:#[\w.:-]+)?")


def describe_page(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give a page its description, its Open Graph marks, and, to a chapter, the minutes that it takes to read."""
    tags = ""
    if doctree is None:
        said = context.get("description") or f"{context.get('title', 'Search')}: {app.config.html_title}."
    else:
        title, said, base = app.env.titles[page].astext(), shorten(first_words(doctree)), app.config.html_baseurl
        root = base or "../" * page.count("/")
        marks = {"og:type": "article", "og:title": title, "og:description": said, "og:site_name": app.config.html_title}
        if base:
            marks["og:url"] = f"{base}{page}.html"
        if page.startswith("chapters/"):
            marks |= {"og:image": root + _picture_of(app, page), "og:image:alt": f"{title}. {said}"}
            marks["twitter:card"] = "summary_large_image"
            if page != app.config.root_doc:  # the first page is read in a glance, and lists more than it tells
                context["body"] = _with_lead(str(context["body"]), doctree)
        tags = "".join(f'<meta property="{name}" content="{escape(told)}" />\n' for name, told in marks.items())
        if (find_repository(app.srcdir).root / "CHANGELOG.md").is_file():
            tags += f'<link rel="alternate" type="application/atom+xml" title="What is new" href="{root}{FEED}" />\n'
    context["metatags"] = f'{context.get("metatags", "")}<meta name="description" content="{escape(said)}" />\n{tags}'


def first_words(doctree: nodes.document) -> str:
    """Return the answer of a chapter, or the first paragraph of a page."""
    paragraphs = [one for one in doctree.findall(nodes.paragraph) if one.astext().strip()]
    answers = [one for one in paragraphs if "livrev-answer" in one.parent.get("classes", ())]
    return next((str(one.astext()) for one in answers + paragraphs), "")


def shorten(text: str) -> str:
    """Return *text* in one line of at most 200 characters, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= 200 else line[:199].rpartition(" ")[0].rstrip(" ,;:") + "…"


def minutes_to_read(text: str) -> int:
    """Return how many minutes *text* takes at 200 words a minute, one at least."""
    return max(1, math.ceil(len(re.findall(r"\w+", text)) / 200))


def _with_lead(body: str, doctree: nodes.document) -> str:
    """Put under the title how long the page takes, where it is read and not looked up or played with, and what its dots open."""
    text = " ".join(said for said in doctree.findall(nodes.Text) if not isinstance(said.parent, nodes.raw))
    tables = [_TAG.sub(" ", raw.astext()) for raw in doctree.findall(nodes.raw) if "<table" in raw.astext()]
    paragraphs = doctree.findall(lambda node: isinstance(node, nodes.paragraph) and isinstance(node.parent, _READ))
    told, minutes = sum(len(one.astext()) for one in paragraphs), minutes_to_read(text)
    read = 2 * told > len(text) + sum(map(len, tables)) and MARK not in body
    said = [f"{format_count(minutes, 'minute')} to read"] if read else []
    if 'class="livrev-mark"' in body:
        said.append('a dot <span class="livrev-dot" aria-hidden="true">●</span> opens the evidence for its sentence')
    lead = f'<p class="livrev-minutes">{" · ".join(said)}</p>' if said else ""
    return body.replace("</h1>", f"</h1>\n{lead}", 1)


def _picture_of(app: Sphinx, page: str) -> str:
    """Return where the picture of a chapter stands; its name changes with the title, so that no old picture stays."""
    title = f"{app.env.titles[page].astext()} {app.config.html_title}"
    return f"_static/cards/{page.partition('/')[2]}-{hashlib.sha256(title.encode()).hexdigest()[:8]}.png"


def draw_title(title: str, book: str) -> "Figure":
    """Draw the picture of a chapter called *title* in *book*: 1200 by 630 dots on a quiet ground."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 6.3), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    axes.axvspan(0, 0.02, color=BLUE)
    axes.text(0.08, 0.58, textwrap.fill(title, 28), font=font(46, bold=True), va="center", color=INK)
    axes.text(0.08, 0.14, textwrap.fill(book, 60), font=font(22), va="center", color=MUTED)
    return figure


def collect_missing(app: Sphinx) -> Iterator[Page]:
    """Yield the page that a server shows where there is none."""
    body = render("missing.html", root=app.config.html_baseurl or "")
    yield "404", {"title": "This page is not here", "body": body}, "page.html"


def write_metadata(app: Sphinx) -> None:
    """Write the pictures for sharing, the feed, and what search engines ask for."""
    html, base = Path(app.outdir), app.config.html_baseurl
    for page in app.env.found_docs:
        if page.startswith("chapters/") and not (picture := html / _picture_of(app, page)).exists():
            picture.parent.mkdir(parents=True, exist_ok=True)
            drawn = draw_title(app.env.titles[page].astext(), app.config.html_title)
            drawn.savefig(picture, format="png", dpi=100, metadata={"Software": None})
    review = build_state(app).review
    changes = review.repository.root / "CHANGELOG.md"
    if changes.is_file():
        text, said_on = changes.read_text(encoding="utf-8"), review.settings.pages.changes
        feed = feed_of(text, app.config.html_title, base, author=app.config.author, page=said_on)
        (html / FEED).write_text(feed, encoding="utf-8")
    found = f"Sitemap: {base}sitemap.xml\n" if base else ""
    (html / "robots.txt").write_text(f"User-agent: *\nAllow: /\n{found}", encoding="utf-8")
    if base:
        sitemap = render("sitemap.xml", pages=pages_to_find(html), base=base) + "\n"
        (html / "sitemap.xml").write_text(sitemap, encoding="utf-8")
        missing = html / "404.html"
        missing.write_text(with_absolute_addresses(missing.read_text(encoding="utf-8"), base), encoding="utf-8")


def pages_to_find(html: Path) -> list[str]:
    """Return the pages below *html* that a search engine shall list: no indexes, no search, nothing that leads elsewhere."""
    pages = {path.relative_to(html).as_posix(): path for path in html.rglob("*.html")}
    return sorted(name for name, page in pages.items() if not _NOT_LISTED.match(name) and not leads_on(page))


def feed_of(changes: str, title: str, base: str = "", *, author: str = "", page: str | None = None) -> str:
    """Return an Atom feed with one entry a release of *changes* (the text of CHANGELOG.md); what is unreleased stays out.

    *page* of the book tells of the changes. Neither feed nor book has an address before it is published at *base*.
    """
    _, *parts = _RELEASE.split(changes)
    each = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    releases = [(_slug(name), name, day, text.strip()) for name, day, text in each if day]
    updated = max((day for _, _, day, _ in releases), default="1970-01-01")
    told = {"title": title, "updated": updated, "releases": releases, "base": base, "author": author, "page": page}
    return render("feed.xml", name=f"tag:livrev,2026:{_slug(title)}", **told) + "\n"


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", words.lower()).strip("-")


def check_redirects(redirects: Mapping[str, Any], html: Path) -> list[str]:
    """Return what is wrong with *redirects*, given the pages below *html*: one sentence each, with its cure."""
    problems = []
    for old, new in redirects.items():
        entry = f"_config.yml, {REDIRECTS}: {old} -> {new}"
        if not isinstance(old, str) or not isinstance(new, str) or not _is_page(old) or not _NEW.fullmatch(new):
            cure = "write both as pages below the book's root, like chapters/old.html: chapters/new.html"
            problems.append(f"{entry}: {cure}")
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
    return '<meta name="generator" content="livrev redirect">' in page.read_text(encoding="utf-8")


def trials(review: Review) -> dict[str, str]:
    """Return where `trials/<registry number>.html` leads: to the page of its study, of several to one that is no part of another."""
    whole_last = sorted(review.studies.values(), key=lambda study: study.part_of is None)
    return {f"trials/{nct}.html": f"studies/{study.study}.html" for study in whole_last for nct in study.nct}


def redirect_page(old: str, new: str, base: str = "") -> str:
    """Return the page at *old* that leads to *new*: at once, keeping the place asked for, and by a link where nothing else does."""
    path = new.partition("#")[0]
    relative = posixpath.relpath(path, posixpath.dirname(old) or ".")
    to, canonical = relative + new.removeprefix(path), base + path if base else relative
    said = json.dumps(to).replace("<", "\\u003c")  # a text of the script, which cannot end it
    lead = f'location.replace({said}.split("#")[0] + (location.hash || {said}.match(/#.*|$/)[0]));'
    return render("redirect.html", canonical=canonical, to=to, lead=lead, policy=policy([lead], ())) + "\n"


def write_redirects(app: Sphinx) -> None:
    """Write the pages that lead on; raise ExtensionError with all that is wrong with the list."""
    html, redirects = Path(app.outdir), app.config[REDIRECTS]
    if problems := check_redirects(redirects, html):
        raise ExtensionError("\n".join(problems))
    redirects = trials(build_state(app).review) | redirects
    for stale in html.rglob("*.html"):
        if stale.stat().st_size < 2_000 and leads_on(stale) and stale.relative_to(html).as_posix() not in redirects:
            stale.unlink()
    for old, new in redirects.items():
        write_if_changed(html / old, redirect_page(old, new, app.config.html_baseurl or ""))
