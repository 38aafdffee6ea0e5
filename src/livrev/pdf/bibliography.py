"""Let tables and notes name a reference as the bibliography names it, and lead there: on paper a key or an address is lost."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_KEY = re.compile(r"(?<![\w/.-])[^\W\d_][\w:+-]*[^\W\d_](?:\d{4}|nd)\w*(?![/-]|\.\w)")  # not within the name of a file
_REGISTERED = re.compile(r"[A-Za-z]{2,8}-?\d{6,}\w*")  # the number of a trial says more than the label of its entry


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the bibliography: its place in the book, its label, and what else it is known by."""

    place: str
    label: str
    title: str = ""
    addresses: tuple[str, ...] = ()


class Bibliography:
    """The entries of the book by their keys."""

    def __init__(self, entries: Mapping[str, Entry] | None = None) -> None:
        self._entries = dict(entries or {})
        self._known = {_plain(entry.title): entry for entry in self._entries.values()}
        self._known |= {address: entry for entry in self._entries.values() for address in entry.addresses}

    def find(self, said: str, address: str) -> Entry | None:
        """Return the entry that a link names by its key, its title or its label; None where it says something else."""
        if _REGISTERED.fullmatch(said):
            return None
        entry = self._entries.get(said) or self._known.get(address or "no address")
        if entry is None or said in self._entries or entry.label.startswith(said):
            return entry
        return entry if self._known.get(_plain(said)) is entry else None

    def name_keys(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield *text* in pieces, each with the place that it leads to or nothing; a key gives way to the label of its entry."""
        last = 0
        for found in _KEY.finditer(text) if self._entries else ():
            entry = self._entries.get(found[0])
            if entry is not None and not _REGISTERED.fullmatch(found[0]):
                yield text[last : found.start()], ""
                yield entry.label, entry.place
                last = found.end()
        yield text[last:], ""


def _plain(title: str) -> str:
    """Return *title* so that LaTeX and its printed form are the same: letters and figures only."""
    return "".join(character for character in title.lower() if character.isalnum())
