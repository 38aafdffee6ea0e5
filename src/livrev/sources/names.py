"""Read names of authors as files and pages write them: `Family, Given`, `Family, Jr., Given`, `Family AB`, `Given von Family`.

How a name written in one piece is parted (particles, suffixes, braces) is bibtexparser's work; what it cannot know is added:
bodies, initials behind the family name, degrees, several people in one field.
"""

import re
from collections.abc import Iterable

from bibtexparser.middlewares.names import parse_single_name_into_parts

from livrev.sources.publication import Author, clean

# fmt: off
_BODY = re.compile(r"\b(?:" + "|".join([
    "groups?", "investigators?", "networks?", "consorti(?:um|a)", "collaborat(?:ion|ors|ive)", "committee", "association",
    "societ(?:y|ies)", r"organi[sz]ation", "stud(?:y|ies)", "trial(?:ists)?", "agency", "institut(?:es?|ions?|o)", "universit\\w+",
    "ministry", "department", "federation", "foundation", "alliance", "cent(?:er|re)", "council", "registry", "project",
    "program(?:me)?", "initiative", "administration", "hospitals?", "academy", "commission", "task force", "working party",
    "company", "corporation", "pharma\\w*", "therapeutics", "team", "authority", "library", "journal", "news", "for the", "of the",
    "on the", "health", "research", "medical", "medicine", "clinic", "college", "union", "board", "office", "panel",
    "services?", "national", "international", "european", "american", "world", "british", "royal", "united", "global", "state",
]) + r")\b|(?<=\w)(?:®|™)", re.IGNORECASE)
# fmt: on
_COMPANY = re.compile(r"(?:inc|ltd|llc|gmbh|plc|corp|co|ag|s\.?a|b\.?v)\.?", re.IGNORECASE)
_BODY_END = re.compile(r"(?:group|investigators?|network|consortium|committee|collaborat\w+)", re.IGNORECASE)
SUFFIX = re.compile(r"(?:jr|sr|jun|sen)\.?|I{2,3}|IV|VI{0,3}|2nd|3rd|4th", re.IGNORECASE)
_DEGREE = re.compile(
    r"(?:M\.?D|Ph\.?D|M\.?Sc|M\.?P\.?H|F\.?R\.?C\.?\w+|Dr|Prof|B\.?Sc|R\.?N|M\.?B\.?B\.?S|D\.?O)\.?", re.IGNORECASE
)
_INITIALS = re.compile(r"(?:[^\W\d_](?:\.-?|-)?){1,4}")
_TITLE = re.compile(r"(?:(?:Dr|Prof|Professor|Mrs?|Ms)\.?\s+)+(?=\S+\s)")
_LIST = re.compile(r"[^,;]+\s(?:[A-Z]{1,3}|(?:[A-Z]\.-?){1,3})(?:,\s*[^,;]+\s(?:[A-Z]{1,3}|(?:[A-Z]\.-?){1,3}))+")

# A name as it is spoken: words with a capital and small letters, particles and initials between them.
_SPOKEN = re.compile(
    r"[A-ZÀ-Þ][a-zß-ÿ]+(?:[-'’][A-ZÀ-Þ]?[a-zß-ÿ]+)*(?:\s(?:[A-ZÀ-Þ]\.?|v[ao]n|de[rnl]?|la|le|di|da|dos?|du|al|el|ter|zu[rm]?|bin))*"
    r"\s(?:[A-ZÀ-Þ]['’]?)?[A-ZÀ-Þ][a-zß-ÿ]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?"
)
_APA = re.compile(r"[^,;&]+,\s*(?:[A-Z]\.[\s-]?)+(?=\s*,|\s*&|\s+and\s|\s*$)")


def read_names(texts: Iterable[str], *, given_first: bool = False) -> tuple[Author, ...]:
    """Return the authors that *texts* name, in their order; a text may hold several, parted by semicolons.

    *given_first* says that a name without a comma is one as spoken, `Bo van der Probe`; elsewhere such a name is a body's,
    unless it looks like a person's in every word.
    """
    authors = (read_name(name, given_first=given_first) for text in texts for name in _split(clean(text)))
    return tuple(filter(None, authors))


def read_name(text: str, *, given_first: bool = False) -> Author | None:
    """Return the author that *text* names; None where it names nobody."""
    text = clean(text).strip("; ")
    parts = [part for part in (part.strip() for part in text.split(",")) if part and not _DEGREE.fullmatch(part)]
    if not parts or text.lower().rstrip(".") in ("others", "et al", "anonymous", "n/a"):
        return None
    if len(parts) == 1:
        return _undivided(parts[0], given_first and not text.endswith(","))
    if _BODY_END.fullmatch(parts[0]):
        return Author(f"{parts[1]} {parts[0]}", group=True)
    if _COMPANY.fullmatch(parts[-1]) or (_BODY.search(parts[0]) and (_BODY.search(parts[1]) or len(parts) > 2)):
        return Author(", ".join(parts), group=True)
    if len(parts) == 2 and SUFFIX.fullmatch(parts[1]) and " " in parts[0]:
        return _undivided(" ".join(parts), True)  # Bo Leek, Jr.
    suffix = next((part for part in parts[1:] if SUFFIX.fullmatch(part)), "")
    given = " ".join(part for part in parts[1:] if part != suffix)
    if not suffix and (match := re.fullmatch(rf"(\S.*?)\s+({SUFFIX.pattern})", given, re.IGNORECASE)):
        given, suffix = match[1], match[2]
    return Author(parts[0], space_initials(given), suffix=suffix)


def part_spoken(name: str) -> list[str]:
    """Return the names in one field: parted by `and`, or by commas between names as spoken (`Anna Muster, Boris Probe`)."""
    pieces = re.split(r"\s+(?:and|&)\s+", name)
    found = []
    for piece in pieces:
        parts = [part.strip() for part in piece.split(",")]
        spoken = len(parts) > 1 and all(len(part.split()) > 1 and not re.search(r"\b[A-Z]\.?$", part) for part in parts)
        found += parts if spoken else [piece]
    return found


def space_initials(given: str) -> str:
    """Return given names with a space between initials: `Theodora M.L.` is Theodora M. L."""
    return re.sub(r"(?<=[^\W\d_]\.)(?=[^\W\d_])", " ", given)


def _split(text: str) -> list[str]:
    if ";" in text:
        return text.split(";")
    joined = text.count(",") > 1 and re.search(r",\s*(?:&|and\s)|\s(?:&|and)\s", text)
    if joined and len(names := _APA.findall(text)) > 1:
        return [re.sub(r"^\s*(?:&|and\s)\s*", "", name) for name in names]
    if re.fullmatch(r"[^,]+,[^,]+(?:\s(?:and|&)\s[^,]+,[^,]+)+", text):
        return re.split(r"\s(?:and|&)\s", text)
    return re.split(r",\s*", text) if _LIST.fullmatch(text) else [text]


def _undivided(name: str, given_first: bool) -> Author:
    """Return the author that a name without a comma means."""
    words = _TITLE.sub("", name).split()
    while given_first and len(words) > 2 and _DEGREE.fullmatch(words[-1]):
        words.pop()
    suffix = words.pop() if len(words) > 2 and SUFFIX.fullmatch(words[-1]) and len(words[-1]) > 1 else ""
    if len(words) < 2 or _BODY.search(name):
        return Author(name, group=True)
    initials_first = _INITIALS.fullmatch(words[0]) and "." in words[0]
    last = words[-1]
    if _INITIALS.fullmatch(last) and last == last.upper() and not initials_first:
        given = space_initials(last) if "." in last or "-" in last else " ".join(last)
        return Author(" ".join(words[:-1]), given, suffix=suffix)
    if not given_first and not initials_first and not _SPOKEN.fullmatch(" ".join(words)):
        return Author(name, group=True)
    parts = parse_single_name_into_parts(" ".join(words), strict=False)
    return Author(" ".join([*parts.von, *parts.last]), space_initials(" ".join(parts.first)), suffix=suffix)
