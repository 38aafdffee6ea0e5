"""The words of the subject: groups of terms, each with an id, a label and its other names; and where a text names them.

Names are compared word by word. Plurals, hyphens, British and American spelling and the marks of a surface protein
(`CD8+`, `CD8(+)`, `CD8⁺`) make no difference; capitals do in short names such as OS, RT or Fas. The longest name wins.

What the text denies is told by a small NegEx (Chapman and others 2001, doi:10.1006/jbin.2001.1029). A word of denial denies what
follows it up to a word or mark that ends its reach; a few endings deny what stands just before them.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, RootModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from livrev.text.numbers import Quantity

_Text = Annotated[str, Field(pattern=r"\S")]
_Words = tuple[str, ...]


class Term(BaseModel, frozen=True, extra="forbid", use_attribute_docstrings=True):
    """One term: what people call it, and its identifiers elsewhere."""

    label: _Text
    """What people call it."""
    synonyms: tuple[Annotated[str, Field(pattern=r"\w")], ...] = ()
    """Other names as they stand in print; plurals, hyphens and spellings are understood."""
    ncit: _Text | None = None
    """NCI Thesaurus code, where it was seen at its source."""
    mesh: _Text | None = None
    """MeSH descriptor or supplementary record, where it was seen at its source."""
    broader: _Text | None = None
    """Id, in the same group, of the class that it belongs to."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the term may stand in a text, the label first."""
        return (self.label, *self.synonyms)


def _check_group(terms: Mapping[str, Term]) -> Mapping[str, Term]:
    wrong: list[tuple[str, str, str, str]] = []
    owner: dict[str, str] = {}
    for id_, term in terms.items():
        if term.broader is not None and (term.broader not in terms or term.broader == id_):
            wrong.append((id_, "broader", term.broader, "is no other term of its group; add it or mend the id"))
        for name in term.names:
            if (known := owner.setdefault(" ".join(name.split()), id_)) != id_:
                field = "label" if name == term.label else "synonyms"
                wrong.append((id_, field, name, f"also names {known}; keep it at one of the two"))
    if wrong:
        details = [
            InitErrorDetails(type=PydanticCustomError("value_error", "{error}", {"error": said}), loc=(id_, field), input=value)
            for id_, field, value, said in wrong
        ]  # fmt: skip
        raise ValidationError.from_exception_data("group", details)
    return terms


_Group = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*$")]


class Vocabulary(RootModel[dict[_Group, Annotated[dict[_Id, Term], AfterValidator(_check_group)]]], frozen=True):
    """Groups of terms; a term has an id, a label and its other names."""

    @property
    def terms(self) -> Mapping[str, Mapping[str, Term]]:
        """The terms by group and id, in the order in which they were written down."""
        return self.root

    def every_term(self) -> Iterator[tuple[str, str, Term]]:
        """Give group, id and term, group after group."""
        return ((group, id_, term) for group, terms in self.root.items() for id_, term in terms.items())

    def ids(self, group: str) -> tuple[str, ...]:
        """Return the ids of *group* in the order of the file; raise ValueError where there is no such group."""
        return tuple(self._group(group))

    def label(self, group: str, id_: str) -> str:
        """Return what people call the term *id_* of *group*; raise ValueError where there is none."""
        terms = self._group(group)
        if id_ not in terms:
            raise ValueError(f"{group}.{id_}: no such term; add it to the vocabulary first")
        return terms[id_].label

    def _group(self, group: str) -> Mapping[str, Term]:
        if group not in self.root:
            raise ValueError(f"{group}: no such group; use one of {', '.join(self.root)}")
        return self.root[group]

    @cached_property
    def names(self) -> dict[_Words, _Words]:
        """Every beginning of every name, by the keys of its words, with the entities whose whole name it is."""
        found: dict[_Words, _Words] = {}
        for group, id_, term in self.every_term():
            for name in term.names:
                pieces = _PIECE.findall(name)
                keys = tuple(_name_key(piece, alone=len(pieces) == 1) for piece in pieces)
                for end in range(len(keys) + 1):
                    found.setdefault(keys[:end], ())
                if keys and (entity := f"{group}:{id_}") not in found[keys]:
                    found[keys] += (entity,)
        return found


_FALSE_ALARM = r"""
    not \s+ (?:only|just|merely|simply|necessarily|limited \s+ to|restricted \s+ to) | without \s+ doubt
    | (?:no|without(?:\s+ an?)?) \s+ (?:\w+ \s+){0,2}?
        (?:differences?|changes?|increases?|decreases?|improvements?|benefits?|effects?|impact|associations?|interactions?|influence|gain)
    | no \s+ (?:\w+ \s+)? (?:patients?|participants?|one|trials?|study|studies|cases?) \s+ (?:with|who|that|whose|receiving|in|of|on)
    | no \s+ (?:longer|more|fewer|less) \s+ than | no \s+ matter
"""
_DENIAL = r"""
    no \s+ (?:\w+ \s+)? (?:patients?|participants?|subjects?|mice|cases?) \s+ (?:had|have|has|developed|experienced|showed|received|of)
    | none \s+ (?:(?:of \s+)? (?:\w+ \s+){1,4}?)?? (?:had|have|has|developed|experienced|showed|received)
    | (?:no|without) \s+ (?:any \s+ | clear \s+)? (?:evidence|signs?|history|occurrence) \s+ of
    | (?:absence|lack|exclusion) \s+ of | lack(?:ing|ed|s)? | absent | free \s+ (?:of|from) | negative \s+ for
    | no | without | never | neither | nor | excluding | ruled \s+ out | rules \s+ out
    | (?:did|do|does|had|has|have) \s+ not \s+ (?:receive|received|have|had|develop|developed|experience|experienced|show|express|carry|undergo|undergone|include)
    | (?:not|never) \s+ (?:yet \s+ | previously \s+)? (?:receiv\w+|treated \s+ with|given|exposed \s+ to|having|hav\w+|develop\w+|express\w+|undergo\w+|show\w+|harbou?r\w+)
    | cannot | not
"""
_CUE = re.compile(rf"\b(?: (?P<false>{_FALSE_ALARM}) | (?P<cue>{_DENIAL}) )\b", re.VERBOSE | re.IGNORECASE)

# What ends the reach of a denial. A comma does, unless it parts the members of a list that closes with or / nor.
_STOP = re.compile(r"""(?xi)
    [.;:()\[\]?!] (?!\d)
    | , (?! (?: [^,.;:()]{1,40} , ){0,3} [^,.;:()]{0,40}? \s (?:or|nor)\b )
    | \b(?: but | however | although | though | whereas | while | except | apart | yet | despite | because | nevertheless
        | still | instead | rather | unlike | was | were | is | are | had | has | have | did | does | received | showed | reached | occurred | improved | remained
        | in | at | with(?!\s+or\b) | among | after | during | before | following | compared | than | versus | vs | v | who | when | if
        | from | to | by | on | under | using | receiving | treated | given | whose | that | gained | benefi\w+ | derived | lived | survived
        | median | responded | achieved | led | gave | prolonged )\b
""")
_AFTER = re.compile(r"""(?xi)
    [-\u2010-\u2015\s]? negative\b
    | [\s]+ (?:(?:was|were|is|are|has \s+ been|had \s+ been) \s+)
        (?: absent | lacking | excluded | ruled \s+ out
          | (?:not|never) \s+ (?:observed|seen|detected|found|present|reported|given|used|administered|allowed|permitted) )\b
    | [\s]+ did \s+ not \s+ (?:occur|develop|receive)\b
    | [-\u2010-\u2015] (?:free|na[iï]ve)\b
""")
_TWO_WORDS = re.compile(r"\s*\S+(?:\s+\S+)?")  # a bare `not` denies only what stands next to it
_LONGEST_REACH = 240  # characters


def denied_spans(text: str) -> list[tuple[int, int]]:
    """Return the stretches of *text* that a word of denial before them covers, in order and apart."""
    spans: list[tuple[int, int]] = []
    for match in _CUE.finditer(text):
        if match["cue"] is None or (spans and match.start() < spans[-1][1]):
            continue
        start = match.end()
        limit = min(len(text), start + _LONGEST_REACH)
        stop = _STOP.search(text, start, limit)
        end = stop.start() if stop else limit
        if match["cue"].lower() in ("not", "cannot"):
            words = _TWO_WORDS.match(text, start, end)
            end = words.end() if words else start
        spans.append((start, end))
    return spans


# A word is split where letters meet digits, so that PD1, PD-1 and PD 1 are one name.
_PIECE = re.compile(r"\(L\)|\d+(?:\.\d+)*|[^\W\d_]+|[≥≤]")  # PD-(L)1, 18.2, letters of any alphabet, grade ≥3
_POSITIVE = re.compile(r"[⁺+]|\([+⁺]\)|hi(?=\b)")
_NEGATIVE = re.compile(r"⁻|\([-−–⁻]\)|[-−](?=[\s,;)]|CD\d)")
_GAP = re.compile(r"[\s\-\u2010-\u2015\u2212]{0,3}|\s?[+/&]\s?")
_SPELLINGS = {"umour": "umor", "oesoph": "esoph", "aetiolog": "etiolog", "haem": "hem", "isation": "ization", "ised": "ized"}  # fmt: skip
# metastases, analyses; biopsies
_PLURALS = {r"(?<=as|ys|os)[ei]s$": "", r"(?<=..)ies$": "y", r"(?<=...)(?<![sui])s$": ""}
_GREEK = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa"})


def find_entities(text: str, vocabulary: Vocabulary) -> list[Quantity]:
    """Return the mentions of the terms of *vocabulary* in reading order; mentions never overlap.

    One stretch gives several entities only where terms of several groups carry the same name.
    """
    words, denied = list(_PIECE.finditer(text)), denied_spans(text)
    found: list[Quantity] = []
    index = 0
    while index < len(words):
        last, entities = _longest(words, index, vocabulary.names)
        if entities:
            start, end = words[index].start(), _take_mark(text, words[last].end())
            negated = any(a <= start < b for a, b in denied) or _AFTER.match(text, end) is not None
            found += (Quantity("entity", entity=entity, start=start, end=end, negated=negated) for entity in entities)
            index = last
        index += 1
    return found


@lru_cache(maxsize=20_000)
def _keys(piece: str) -> tuple[str, ...]:
    """Return the keys of a piece as it stands in a text: as written, without a plural s, and folded."""
    exact = "=" + piece
    if len(piece) > 2 and piece.endswith("s") and piece[:-1] != piece[:-1].lower():
        return (exact, exact[:-1], _fold(piece))
    return (exact, _fold(piece))


def _fold(piece: str) -> str:
    """Return *piece* in one case, one spelling and the singular."""
    plain = piece.translate(_GREEK).lower()
    for british, american in _SPELLINGS.items():
        plain = plain.replace(british, american)
    for plural, singular in _PLURALS.items():
        if re.search(plural, plain):
            return re.sub(plural, singular, plain)
    return plain


def _name_key(piece: str, *, alone: bool) -> str:
    """Return the key of a piece of a name: as written where its capitals carry its meaning, else folded."""
    capitals = sum(letter.isupper() for letter in piece)
    shouting = capitals > 1 or (capitals == 1 and (len(piece) == 1 or not piece[0].isupper()))
    short = alone and len(piece) <= (4 if capitals else 3)
    return "=" + piece if shouting or short else _fold(piece)


def _longest(words: list[re.Match[str]], index: int, names: Mapping[_Words, _Words]) -> tuple[int, _Words]:
    """Return the last word and the entities of the longest name that begins at word *index*."""
    text, start = words[index].string, words[index].start()
    found: tuple[int, _Words] = index, ()
    begun: list[_Words] = [()] if start == 0 or not text[start - 1].isalnum() else []
    while begun and index < len(words):
        word, end = words[index], words[index].end()
        begun = [longer for keys in begun for key in _keys(word.group()) if (longer := (*keys, key)) in names]
        entities = dict.fromkeys(entity for keys in begun for entity in names[keys])
        if entities and not text[end : end + 1].isalnum() and not _NEGATIVE.match(text, end):
            found = index, tuple(entities)
        index += 1
        if index < len(words) and not _GAP.fullmatch(text, _take_mark(text, end), words[index].start()):
            break
    return found


def _take_mark(text: str, end: int) -> int:
    """Return where a word ends when the mark of a positive cell (`CD8+`) is read with it."""
    if end and text[end - 1].isdigit() and (mark := _POSITIVE.match(text, end)):
        return mark.end()
    return end
