"""What a search returns: how many there are, and those that were taken."""

from dataclasses import dataclass

from livrev.sources.publication import Publication


@dataclass(frozen=True, slots=True)
class Hits:
    """The publications that a search found, in the order of the service, and how many it has altogether."""

    total: int
    publications: tuple[Publication, ...]

    @property
    def all_taken(self) -> bool:
        """Whether nothing was left behind."""
        return len(self.publications) >= self.total
