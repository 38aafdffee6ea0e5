"""The words of the subject: groups of terms, each with an id, a label and its other names.

Everything the package knows of a subject comes in here as a plain mapping; reading the file is the caller's work.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_ID = re.compile(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")
_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")
_TEXT_KEYS = ("label", "ncit", "mesh", "broader")
_KEYS = ("synonyms", *_TEXT_KEYS)


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the vocabulary: where it belongs, what people call it, and its identifiers elsewhere."""

    group: str
    id: str
    label: str
    synonyms: tuple[str, ...] = ()
    ncit: str | None = None
    mesh: str | None = None
    broader: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the term may stand in a text, the label first."""
        return (self.label, *self.synonyms)


@dataclass(frozen=True)
class Vocabulary:
    """Groups of terms, in the order in which they were written down."""

    terms: Mapping[str, Mapping[str, Term]]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object]) -> "Vocabulary":
        """Build a vocabulary from `{group: {id: {label, synonyms, ncit, mesh, broader}}}`.

        Raises ValueError, naming group and term, for a missing label, an unknown key, a value of the wrong kind, a name
        that points to two terms of one group, and a `broader` that is no term of the group.
        """
        if not isinstance(mapping, Mapping):
            raise ValueError("the vocabulary is not a mapping of groups; write `group: {id: {label: …}}`")
        groups: dict[str, Mapping[str, Term]] = {}
        for group, entries in mapping.items():
            if not isinstance(group, str) or not _NAME.fullmatch(group):
                raise ValueError(f"{group}: a group is named in lower case; write letters and hyphens")
            if not isinstance(entries, Mapping):
                raise ValueError(f"{group}: is not a mapping of terms; write `id: {{label: …}}` below it")
            terms = {str(id_): _read_term(group, id_, entry) for id_, entry in entries.items()}
            _check_group(group, terms)
            groups[group] = MappingProxyType(terms)
        return cls(MappingProxyType(groups))

    def __iter__(self) -> Iterator[Term]:
        """Give every term, group after group."""
        for terms in self.terms.values():
            yield from terms.values()

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
        if group not in self.terms:
            raise ValueError(f"{group}: no such group; use one of {', '.join(self.terms)}")
        return self.terms[group]


def _read_term(group: str, id_: object, entry: object) -> Term:
    """Check one entry of the file and return it as a term."""
    where = f"{group}.{id_}"
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        raise ValueError(f"{where}: an id is letters, digits and hyphens; quote it if it looks like a number")
    if not isinstance(entry, Mapping):
        raise ValueError(f"{where}: is not a mapping; write `{id_}: {{label: …, synonyms: […]}}`")
    for key in entry:
        if key not in _KEYS:
            raise ValueError(f"{where}: unknown key {key!r}; use {', '.join(_KEYS)}")
    fields: dict[str, str] = {}
    for key in _TEXT_KEYS:
        value = entry.get(key)
        if value is None and (key not in entry and key != "label"):
            continue
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"{where}: {key} is missing or is no text; write `{key}: …`")
        fields[key] = value
    synonyms = entry.get("synonyms", [])
    if not isinstance(synonyms, (list, tuple)):
        raise ValueError(f"{where}: synonyms is not a list; write `synonyms: [one, another]`")
    for synonym in synonyms:
        if not isinstance(synonym, str) or not re.search(r"\w", synonym):
            raise ValueError(f"{where}: synonym {synonym!r} is no text; quote it")
    return Term(group, id_, synonyms=tuple(synonyms), **fields)


def _check_group(group: str, terms: Mapping[str, Term]) -> None:
    """Raise ValueError where two terms of a group share a name, or a broader term is not there."""
    owner: dict[str, str] = {}
    for id_, term in terms.items():
        if term.broader is not None and (term.broader not in terms or term.broader == id_):
            raise ValueError(
                f"{group}.{id_}: broader {term.broader!r} is no other term of {group}; add it or mend the id"
            )
        for name in term.names:
            known = owner.setdefault(" ".join(name.split()), id_)
            if known != id_:
                raise ValueError(f"{group}.{id_}: {name!r} also names {group}.{known}; keep it at one of the two")
