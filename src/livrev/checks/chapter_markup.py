"""Check the markup of chapters: roles and directives that the book knows, links and pictures that lead somewhere, no HTML.

A chapter is read with the parser that the book itself uses, so that nothing is taken for code here that is not code there.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from html import unescape
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from livrev.diagnostics import Problem, suggest
from livrev.paths import Repository
from livrev.records.safe_text import allowed_address, check_hidden, fault_of

if TYPE_CHECKING:
    from markdown_it.token import Token

_NAMES_OF_ROLES = (
    "result evidence certainty edition numref ref doc term download eq math kbd sub sup subscript superscript abbr "
    "cite cite:p cite:t cite:ps cite:ts cite:alp cite:author cite:year cite:label"
)
ROLES = frozenset(_NAMES_OF_ROLES.split())
# Directives that hold a chapter's text again, and those that hold something of their own.
_OF_TEXT = (
    "note tip hint important warning caution attention danger error admonition seealso div glossary dropdown figure table "
    "list-table margin sidebar epigraph pull-quote topic grid grid-item grid-item-card card tab-set tab-item"
)
_OF_OTHERS = (
    "image math bibliography tableofcontents figure-of explorer downloads citing code code-block csv-table "
    "literalinclude include toctree"
)
DIRECTIVES = dict.fromkeys(_OF_TEXT.split(), True) | dict.fromkeys(_OF_OTHERS.split(), False)
_READ_FROM = ("literalinclude", "include")  # these name a file as what they are about, others in an option
_FILE_OPTIONS, _LINK_OPTIONS = ("file", "diff"), ("link", "target", "url")
_PLAIN_TAG = re.compile(
    r"""</?(?:br|sub|sup)\s*/?>|</?a\s*>|<a\s+href\s*=\s*(?P<quote>["'])(?P<href>[^"'<>]*)(?P=quote)\s*>""",
    re.IGNORECASE,
)
_CURE_HTML = "write it in Markdown; plain links, <br>, <sub> and <sup> are all the HTML that a chapter may hold"
_NEAR_ROLE = re.compile(r"\{([A-Za-z][\w:.+-]*)\}")
# Roles as other programs write them, which the book would print as words: {{ cite:p}}, full-width braces, reStructuredText, Pandoc
_FOREIGN_ROLE = re.compile(
    rf"(?!\{{[\w:]+\}})[{{｛]\s*(?:{'|'.join(map(re.escape, sorted(ROLES, key=len, reverse=True)))})\s*[}}｝](?=$|\s*[`｀])"
    r"|(?<![\w:]):(?:cite(?::\w+)?|result|evidence|certainty|numref|ref|doc|term):(?=$)|\[-?@[A-Z]\w*\d{4}\w*[^\]]*\]?"
)
# What makes a link, a style or a script of a formula
_IN_FORMULA = re.compile(
    r"\\(?:href|url|style|class|cssId|data|require|html\w*|unicode|mmlToken|toggle|include\w*|input)(?![A-Za-z])"
)
_EVENT = re.compile(r"\{[^{}\n]*\bon[a-z]+\s*=", re.IGNORECASE)
_OPTION = re.compile(r"^:([\w-]+):[ \t]*(.*)$")
_OPENED = re.compile(r"<(?=[A-Za-z/!?])[^>]*>?")

_BAR = re.compile(r"(?<!\\)\|")  # parts two cells of a table


class _Place(NamedTuple):
    """A line of a chapter; calling it with field, value, message and cure says a problem there."""

    file: str
    line: int
    repository: Repository

    def __call__(self, field: str, value: str, message: str, cure: str) -> Problem:
        return Problem(self.file, self.line, field, value, message, cure)

    def on(self, lines: int) -> "_Place":
        """Return the place so many *lines* further down."""
        return self._replace(line=self.line + lines)


def check_chapter(text: str, file: str, repository: Repository) -> Iterable[Problem]:
    """Yield what is wrong with the markup of one chapter."""
    yield from check_hidden(text, file)
    yield from _check_tokens(text, _Place(file, 1, repository))


@cache
def _parser() -> Any:
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    extensions = {"attrs_inline", "colon_fence", "deflist", "dollarmath"}  # those of _config.yml
    parser = create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)
    parser.disable("text_join")  # a sign behind a backslash stays by itself, and so opens nothing
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # what the book would drop in silence is to be named
    return parser


def _check_tokens(text: str, at: _Place) -> Iterator[Problem]:
    """Yield what is wrong in *text*, which begins *at* a place."""
    lines, titles = text.splitlines(), 0
    for token in _parser().parse(text):
        here = at.on(token.map[0] if token.map else 0)
        if token.type in ("fence", "colon_fence") and token.map:
            first, last = (lines[number].strip("> \t") for number in (token.map[0], token.map[1] - 1))
            if token.map[1] - token.map[0] < 2 or last.strip(token.markup[0]):
                yield here("block", first, "is not closed, and holds all that follows", f"end it with {token.markup}")
        if token.type == "heading_open" and token.tag == "h1":
            titles += 1
            if titles > 1:
                yield here("heading", lines[token.map[0]], "is a second title of the page", "begin it with ##")
        elif check := _OF_CONTENT.get(token.type):
            yield from check(token.content, here)
        elif token.type in ("fence", "colon_fence") and token.info.strip().startswith("{"):
            yield from _check_directive(token, here)
        elif token.type == "inline":
            yield from _check_inline(token, here)
        elif token.type == "table_open" and token.map:
            yield from _check_rows(lines[slice(*token.map)], here)


def _check_rows(lines: list[str], at: _Place) -> Iterator[Problem]:
    """Yield each row of a table with other than the cells of its head: Markdown fills it up or cuts it without a word."""
    cells = [len(_BAR.findall(line.strip().strip("|"))) + 1 for line in lines]
    for number, count in enumerate(cells):
        if count != cells[0]:
            said = f"has {count} cell{'s' if count > 1 else ''} under a head of {cells[0]}"
            cure = "give it a cell for each column; a | within a cell is written \\|"
            yield at.on(number)("table", lines[number].strip()[:60], said, cure)


def _check_inline(token: "Token", at: _Place) -> Iterator[Problem]:
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            at = at.on(1)
        elif check := _OF_CONTENT.get(child.type):
            yield from check(child.content, at)
        elif child.type == "myst_role":
            name = str(child.meta.get("name", ""))
            if name not in ROLES:
                yield at("role", name, "is no role of the book", suggest(name, ROLES))
            elif not child.content.strip():
                yield at("role", name, "says nothing", "write between the backticks what it is to show")
            elif name == "download":
                yield from _check_file(name, re.sub(r"^.*<(.*)>$", r"\1", child.content.strip()), at)
            elif name in ("math", "eq"):
                yield from _check_formula(child.content, at)
            at = at.on(child.content.count("\n"))
        elif child.type == "link_open":
            yield from _check_link(str(child.attrs.get("href", "")), at)
        elif child.type == "image":
            yield from _check_picture(str(child.attrs.get("src", "")), at)
        for name in child.attrs or {}:
            if name.lower().startswith("on") or name.lower() == "style":
                yield at("attribute", name, "is a script or style of its own", "delete it")


def _check_text(text: str, at: _Place) -> Iterator[Problem]:
    for match in _NEAR_ROLE.finditer(text):
        name, behind = match[1], text[match.end() : match.end() + 40]
        if name in ROLES or (behind[:1] and behind[0] in "‘’“”'\"`´ " and get_close_matches(name, ROLES, 1, 0.6)):
            cure = f"write {{{name}}}`…`, with the plain backtick of the keyboard on both sides"
            yield at("role", f"{{{name}}}{behind}", "needs backticks right behind its brace", cure)
    if foreign := _FOREIGN_ROLE.search(text):
        cure = "write it as {cite:p}`key`: plain braces without spaces, then plain backticks"
        yield at("role", foreign[0], "is the role of another program, and is lost here", cure)
    if _EVENT.search(text):
        yield at("attribute", text.strip()[:60], "is a script", "delete it")
    if opened := _OPENED.search(text):
        yield at("HTML", text[opened.start() :][:40], "opens a tag that is not closed", _CURE_HTML)


def _check_formula(formula: str, at: _Place) -> Iterator[Problem]:
    if command := _IN_FORMULA.search(formula):
        yield at("formula", command[0], "is a command that makes links or styles", "delete it")


def _check_link(address: str, at: _Place) -> Iterator[Problem]:
    if address and not allowed_address(unescape(address)):
        cure = "use http, https, mailto, or a page of the book"
        yield at("link", address, "leads where no page of the book may", cure)
    elif address.startswith(("http://", "https://")) and (fault := fault_of(address)):
        yield at("link", address, *fault)


def _check_picture(address: str, at: _Place) -> Iterator[Problem]:
    """Yield where a picture is not in the repository, or has a name that the book cannot link."""
    address = unquote(address)
    if address.startswith("//") or ":" in address:
        cure = "save it in the repository and name the file (the book works without a network)"
        yield at("picture", address, "comes from elsewhere", cure)
    elif missing := list(_check_file("picture", address, at)):
        yield from missing
    elif not re.fullmatch(r"[\w./-]+", address, re.ASCII):
        better = re.sub(r"[^A-Za-z0-9.-]+", "-", Path(address).name).strip("-")
        cure = f"rename the file, as {better}, and the picture with it"
        yield at("picture", address, "has a space or sign in its name that addresses cannot hold", cure)


def _check_file(name: str, named: str, at: _Place) -> Iterator[Problem]:
    """Yield where *name* (a role, a directive, a picture) shows a file that it may not, or that is not there."""
    root = at.repository.root.resolve()
    path = (root if named.startswith("/") else (root / at.file).parent).joinpath(named.lstrip("/")).resolve()
    if not path.is_relative_to(root) or any(part.startswith(".") for part in path.relative_to(root).parts):
        yield at(name, named, "reads a file out of the repository", "name a file of the repository")
    elif not path.is_file():
        names = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        yield at(name, named, "is not there", suggest(path.name, names, "add the file, or mend its name"))
    elif name == "include":
        yield at(name, named, "puts one file into another", "write the text where it is read")


def _check_directive(token: "Token", at: _Place) -> Iterator[Problem]:
    found = re.match(r"\{([^}]*)\}[ \t]*(.*)", token.info.strip())
    name, about = (found[1].strip(), found[2].strip()) if found else ("", "")
    if name not in DIRECTIVES:
        what = "is raw HTML" if name == "raw" else "is no directive of the book"
        yield at("directive", name, what, _CURE_HTML if name in ("raw", "eval-rst") else suggest(name, DIRECTIVES))
        return
    options, content, skipped = _split_options(token.content)
    if name in ("image", "figure"):
        yield from _check_picture(about, at)
    elif name in _READ_FROM:
        yield from _check_file(name, about, at)
    elif name == "math":
        yield from _check_formula(content, at)
    for number, key, value in options:
        if key in _FILE_OPTIONS:
            yield from _check_file(name, value, at)
        elif key in _LINK_OPTIONS:
            yield from _check_link(value, at.on(number))
        elif key.startswith("on") or key == "style":
            yield at.on(number)("option", key, "is a script or style of its own", "delete it")
    if DIRECTIVES[name]:
        if name != "figure" and about:
            yield from _check_tokens(about, at)
        yield from _check_tokens(content, at.on(skipped + 1))


def _split_options(content: str) -> tuple[list[tuple[int, str, str]], str, int]:
    """Return the options of a directive with their line, what it holds, and how many lines stand before that."""
    lines = content.split("\n")
    if lines[0].strip() == "---":
        block = list(takewhile(lambda line: line.strip() != "---", lines[1:]))
        at, said = len(block) + 2, enumerate((line.partition(":") for line in block), 2)
        options = [(n, key.strip().lower(), value.strip().strip("\"'")) for n, (key, _, value) in said]
    else:
        found = takewhile(bool, (_OPTION.match(line.strip()) for line in lines))
        options = [(n, option[1].lower(), option[2].strip()) for n, option in enumerate(found, 1) if option]
        at = len(options)
    return options, "\n".join(lines[at:]), at


def _check_html(html: str, at: _Place) -> Iterator[Problem]:
    """Yield the first thing in a piece of HTML that a chapter may not hold: all but plain tags, comments too."""
    rest = _PLAIN_TAG.sub(lambda t: "" if t["href"] is None or allowed_address(unescape(t["href"])) else t[0], html)
    if opened := _OPENED.search(rest):
        bad = opened[0]
        cure = "begin the line with % instead" if bad.startswith("<!--") else _CURE_HTML
        yield at.on(html.count("\n", 0, max(html.find(bad[:10]), 0)))("HTML", bad, "is raw HTML", cure)


_OF_CONTENT = {"html_block": _check_html, "html_inline": _check_html, "text": _check_text} | dict.fromkeys(
    ("math_block", "math_block_label", "amsmath", "math_inline", "math_inline_double"), _check_formula
)
