"""Ask the words of a PubMed search of a record at hand, where PubMed itself is not asked.

The part of PubMed's language that written-down searches use: AND, OR, NOT, parentheses, quoted phrases, a `*` at the end,
and the fields [tiab], [ti], [tw], [all] and [mesh]. A [mesh] term is looked for as it is indexed; PubMed also looks for every
narrower heading, which needs the whole tree of MeSH and is not done here.
"""

import re
from collections import deque
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from livrev.sources.publication import Publication

_TOKEN = re.compile(
    r'\s*(?:(?P<mark>[()])|"(?P<quoted>[^"]*)"|(?P<tag>\[[^\]]*\])'
    r'|(?P<operator>(?i:and|or|not)(?![^\s()"\[\]]))|(?P<word>[^\s()"\[\]]+))'
)
_FIELDS = {
    "tiab": "text", "title/abstract": "text", "tw": "all", "all": "all", "all fields": "all", "": "all",
    "ti": "title", "title": "title", "mesh": "terms", "mesh terms": "terms", "mh": "terms", "mesh:noexp": "terms",
}  # fmt: skip
# What may hide a word from a search of the bytes: markup inside it (by the DTD only this), a character written by number,
# and the two letters of other alphabets that are ASCII in lower case.
_MARKUP = re.compile(rb"<(?:[ibu]>|su[bp]>|mml:|Disp|!)")
_FOLDED = ("\N{KELVIN SIGN}".encode(), "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}".encode())
_NOT_WORD = re.compile(r"[\W_]+")
_SOUGHT = re.compile(r"[a-z0-9]+")


class Phrase(NamedTuple):
    """Words that must stand next to each other in one field; *field* is text, title, terms or all."""

    words: str
    field: str


class Joined(NamedTuple):
    """Parts of which all must hold (AND), one (OR), or the first and none of the others (NOT)."""

    operator: str
    parts: "tuple[Query, ...]"


Query = Phrase | Joined


def read_query(text: str) -> Query:
    """Return what *text* asks for. Raises ValueError("what is wrong; cure")."""
    tokens = deque((match.lastgroup or "", match[match.lastgroup or 0]) for match in _TOKEN.finditer(text.strip()))
    query = _read_chain(tokens)
    if tokens:
        raise ValueError(f"{tokens[0][1]!r} stands where no word can stand; balance the parentheses")
    return query


def _read_chain(tokens: deque[tuple[str, str]]) -> Query:
    """Take parts joined from left to right, as PubMed does; words without an operator are joined by AND."""
    query = _read_part(tokens)
    while tokens and tokens[0] != ("mark", ")"):
        operator = tokens.popleft()[1].upper() if tokens[0][0] == "operator" else "AND"
        before = query.parts if isinstance(query, Joined) and query.operator == operator else (query,)
        query = Joined(operator, (*before, _read_part(tokens)))
    return query


def _read_part(tokens: deque[tuple[str, str]]) -> Query:
    if not tokens:
        raise ValueError("ends where a word is missing; add it, or delete the operator")
    kind, value = tokens.popleft()
    if (kind, value) == ("mark", "("):
        query = _read_chain(tokens)
        if not tokens:
            raise ValueError("a parenthesis is not closed; close it")
        tokens.popleft()
        return query
    if kind not in ("quoted", "word"):
        raise ValueError(f"{value!r} stands where a word is missing; add it")
    tag = tokens.popleft()[1][1:-1].strip().lower() if tokens and tokens[0][0] == "tag" else ""
    if tag not in _FIELDS:
        raise ValueError(f"[{tag}] is a field that cannot be looked for here; use [tiab], [ti], [tw] or [mesh]")
    words, cut = plain_words(value), value.endswith("*")
    if not words.strip():
        raise ValueError(f"{value!r} holds no letter or digit; write a word")
    whole = "|" if _FIELDS[tag] == "terms" else ""  # an index term is matched as a whole
    return Phrase(whole + (words[:-1] if cut else words + whole), _FIELDS[tag])


def plain_words(text: str) -> str:
    """Return *text* in lower case with one space before, between and after its words, so that a phrase is a substring."""
    return f" {_NOT_WORD.sub(' ', text.lower()).strip()} "


def matches(query: Query, record: Publication) -> bool:
    """Tell whether *record* answers *query*."""
    text = plain_words(f"{record.title} {record.abstract_text}")
    terms = "".join(f"|{plain_words(term)}|" for term in record.terms)
    fields = {"text": text, "title": plain_words(record.title), "terms": terms, "all": text + terms}
    return _holds(query, lambda phrase: phrase.words in fields[phrase.field])


def may_match(query: Query, raw: bytes) -> bool:
    """Tell whether the record written in the bytes *raw* may answer *query*; False is certain, and quick."""
    lowered = raw.lower()
    if _holds(query, lambda phrase: _needle(phrase.words) in lowered, negated=False):
        return True
    # Three looks, each for one first byte, are eight times as fast as one pattern for all.
    return bool(_MARKUP.search(raw)) or b"&#" in raw or (not raw.isascii() and any(sign in raw for sign in _FOLDED))


def _holds(query: Query, stands: Callable[[Phrase], bool], *, negated: bool = True) -> bool:
    """Tell whether *query* holds where a phrase *stands*; without *negated*, what must not stand is not asked for."""
    if isinstance(query, Phrase):
        return stands(query)
    parts = (_holds(part, stands, negated=negated) for part in query.parts)
    if query.operator == "NOT":
        return next(parts) and not (negated and any(parts))
    return all(parts) if query.operator == "AND" else any(parts)


@cache
def _needle(words: str) -> bytes:
    """Return the longest part of *words* that every record holding them has in its bytes."""
    return max(_SOUGHT.findall(words), key=len, default="").encode()
