"""A record that a search found: what a person needs to decide on it, whichever service it came from."""

import re
from dataclasses import dataclass

_ADDRESSES = (
    ("pmid", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    ("doi", "https://doi.org/{}"),
    ("nct", "https://clinicaltrials.gov/study/{}"),
)
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Record:
    """One report or registered trial. *nct* names the trials it says it belongs to; *registry* that it is one itself."""

    title: str
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    nct: tuple[str, ...] = ()
    journal: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    terms: tuple[str, ...] = ()
    registry: bool = False
    version: int = 1

    @property
    def id(self) -> str:
        """The name of the record in `data/search/`: by its strongest identifier, else by its title and year."""
        if self.registry and self.nct:
            return self.nct[0].lower()
        if self.pmid:
            return f"pmid-{self.pmid}"
        if self.doi:
            return "doi-" + _slug(self.doi)
        return "-".join(filter(None, ("title", _slug(self.title)[:80], str(self.year or ""))))

    @property
    def address(self) -> str:
        """Where a reader finds the record."""
        names = {"pmid": self.pmid, "doi": self.doi, "nct": self.nct[0] if self.nct else ""}
        return next((address.format(names[name]) for name, address in _ADDRESSES if names[name]), "")

    @property
    def text(self) -> str:
        """Title, abstract and index terms: what a search looks in and the ranking reads."""
        return "\n".join(filter(None, (self.title, self.abstract, *self.terms)))


def plain_words(text: str) -> str:
    """Return *text* in lower case with one space before, between and after its words, so that a phrase is a substring."""
    return f" {_NOT_WORD.sub(' ', text.lower()).strip()} "


def _slug(text: str) -> str:
    return _NOT_WORD.sub("-", text.lower()).strip("-")
