"""The words of the subject: groups of terms, each with an id, a label and its other names.

Everything the package knows of a subject comes in here as a plain mapping; reading the file is the caller's work.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, RootModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

_Text = Annotated[str, Field(pattern=r"\S")]


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
    """Refuse a group in which two terms share a name, or a broader term is not there."""
    wrong: list[InitErrorDetails] = []

    def refuse(id_: str, field: str, value: str, said: str) -> None:
        kind = PydanticCustomError("value_error", "{error}", {"error": said})
        wrong.append(InitErrorDetails(type=kind, loc=(id_, field), input=value))

    owner: dict[str, str] = {}
    for id_, term in terms.items():
        if term.broader is not None and (term.broader not in terms or term.broader == id_):
            refuse(id_, "broader", term.broader, "is no other term of its group; add it or mend the id")
        for name in term.names:
            known = owner.setdefault(" ".join(name.split()), id_)
            if known != id_:
                field = "label" if name == term.label else "synonyms"
                refuse(id_, field, name, f"also names {known}; keep it at one of the two")
    if wrong:
        raise ValidationError.from_exception_data("group", wrong)
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
