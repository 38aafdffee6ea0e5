"""Make of a publication its key and its entry of references.bib, and put it into its place without touching another byte.

The key follows the house rule: family name, year, first word of the title that means something.
"""

import datetime
import re
import unicodedata
from collections.abc import Collection
from itertools import chain, count

from livrev.records.safe_text import HTML
from livrev.sources.publication import Author, Publication, is_of_meeting

_MOST_AUTHORS = 60
_ENTRY = re.compile(r"^@(\w+)\s*\{\s*([^,\s]+)\s*,", re.MULTILINE)
_BOOK = re.compile(r"e?book|edbook|mvbook|monograph|edited-book", re.IGNORECASE)
_NO_ENTRY = ("comment", "string", "preamble")
# A dollar sign stays: pybtex prints an escaped one with its backslash.
_SPECIAL = re.compile(r"([%&#_])")
# Letters that no decomposition turns into plain ones.
_LETTERS = dict(zip("ßøłđðþæœıħŋ", ("ss", "o", "l", "d", "d", "th", "ae", "oe", "i", "h", "n"), strict=True))
_CAPITALS = {letter.upper(): plain.capitalize() for letter, plain in _LETTERS.items() if len(letter.upper()) == 1}
_PLAIN = str.maketrans(_LETTERS | _CAPITALS)
_EMPTY_WORDS = frozenset([
    "a", "an", "the", "of", "on", "in", "for", "and", "or", "to", "with", "without", "by", "from", "at", "as", "is", "are", "was",
    "were", "be", "can", "does", "do", "did", "how", "what", "why", "when", "which", "its", "their", "this", "that", "after",
    "before", "between", "among", "versus", "vs", "into", "during", "through", "using", "via", "not", "no", "than", "toward",
    "towards", "against",
])  # fmt: skip


def make_key(publication: Publication, taken: Collection[str]) -> str:
    """Return a key for *publication* that differs from those *taken* in more than its capitals.

    A registry record is called by its number. Where the key is taken, the next word of the title stands for the first;
    where all are, a letter is added.
    """
    if publication.registry and publication.nct:
        return publication.nct[0]
    known = {key.lower() for key in taken}
    family = plain_letters(publication.authors[0].family) if publication.authors else ""
    name = "".join(part[:1].upper() + part[1:] for part in re.findall(r"[A-Za-z]+", family))[:40]
    # with a year behind it, NCT would look like the number of a trial
    head = f"{name if name not in ('', 'NCT') else 'Anon'}{publication.year or 'nd'}"
    # a hyphen or slash joins words
    plain = (re.sub(r"[^a-z0-9]", "", word) for word in plain_letters(publication.title).lower().split())
    words = [word[:30] for word in plain if word and word not in _EMPTY_WORDS and not word.isdigit()] or ["untitled"]
    keys = chain((head + word for word in words), (f"{head}{words[0]}{number}" for number in count(2)))
    return next(key for key in keys if key.lower() not in known)


def plain_letters(text: str) -> str:
    """Return *text* in letters and digits of ASCII, as far as it has such; nothing of other scripts."""
    folded = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(character for character in folded if character.isascii())


def write_entry(key: str, publication: Publication, *, today: datetime.date) -> str:
    """Return *publication* as a BibTeX entry in the form of the house, ending in a line feed."""
    reachable = bool(publication.doi or publication.pmid)
    fields = {
        "author": _authors(publication.authors), "title": "{" + protect(publication.title) + "}",
        "journal": protect(publication.journal),
        "booktitle": "{" + protect(publication.booktitle) + "}" if publication.booktitle else "",
        "editor": _authors(publication.editors) if publication.editors != publication.authors else "",
        "year": str(publication.year) if publication.year else "n.d.",
        "volume": protect(publication.volume), "number": protect(publication.number), "pages": protect(publication.pages),
        "publisher": "" if publication.journal else protect(publication.publisher),
        "doi": _bare(publication.doi), "pmid": publication.pmid, "nct": ";".join(publication.nct),
        "url": "" if reachable else _bare(publication.address),
        "urldate": "" if reachable or not publication.address else today.isoformat(),
    }  # fmt: skip
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{_kind(publication)}{{{key},\n{''.join(lines)}}}\n"


def _kind(publication: Publication) -> str:
    """Return the type of the entry: what holds the publication tells, and only then what its service calls it."""
    if publication.journal:
        return "article"
    if publication.booktitle:
        return "inproceedings" if is_of_meeting(publication.kinds) else "incollection"
    if publication.publisher and any(map(_BOOK.fullmatch, publication.kinds)):
        return "book"
    return "online" if publication.address else "misc"


def insert_entry(bibliography: str, key: str, entry: str) -> str:
    """Return *bibliography* with *entry* before the first entry whose key comes later; capitals make no difference.

    Every other byte stays: where the order is broken already, the entry stands after the last that comes before it in a run.
    """
    places = (m for m in _ENTRY.finditer(bibliography) if m[1].lower() not in _NO_ENTRY)
    later = next((m.start() for m in places if m[2].lower() > key.lower()), None)
    newline = "\r\n" if "\r\n" in bibliography else "\n"
    entry = entry.replace("\n", newline)
    if later is not None:
        return bibliography[:later] + entry + newline + bibliography[later:]
    ends = bibliography[len(bibliography.rstrip("\r\n")) :].count("\n")
    return bibliography + newline * (2 - ends if bibliography.strip() else 0) + entry


def protect(text: str) -> str:
    """Return *text* so that BibTeX prints it as it stands: its own signs escaped, braces and backslashes taken out.

    A < that might begin a tag becomes ‹: no list of references takes it for one.
    """
    plain = text.replace("\\", "/").replace("{", "").replace("}", "").replace("~", " ").strip()
    return HTML.sub(lambda tag: tag[0].replace("<", "‹"), _SPECIAL.sub(r"\\\1", plain))


def _bare(text: str) -> str:
    """Return an address or a DOI as a field: no escapes, since it is followed, and no sign that would end the field."""
    return text.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _authors(authors: tuple[Author, ...]) -> str:
    names = []
    for author in authors[:_MOST_AUTHORS]:
        family, suffix, given = map(protect, (author.family, author.suffix, author.given))
        # braces keep a body, and a name that holds a comma or the word and, in one piece
        whole = author.group or "," in family or re.search(r"\band\b", family, re.IGNORECASE)
        names.append(", ".join(filter(None, ("{" + family + "}" if whole else family, suffix, given))))
    return " and ".join(names + ["others"] * (len(authors) > _MOST_AUTHORS))
