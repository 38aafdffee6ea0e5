"""Let tables and notes name a reference as the bibliography names it, and lead there: on paper a key or an address is lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bs4 import Tag
from bs4.element import NavigableString

from livrev.pdf.elements import new_tag
from livrev.pdf.reading import Page

_ABROAD = re.compile("^https?://")
_ENTRY = re.compile(r"^@\w+\{\s*([^,\s]+)\s*,(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^\s*(doi|url|title)\s*=\s*[{\"](.*?)[}\"],?\s*$", re.MULTILINE | re.IGNORECASE)
_KEY = re.compile(r"(?<![\w/.-])[^\W\d_][\w:+-]*[^\W\d_](?:\d{4}|nd)\w*(?![/-]|\.\w)")  # not within the name of a file

_REGISTERED = re.compile(r"[A-Za-z]{2,8}-?\d{6,}\w*")  # the number of a trial says more than the label of its entry


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry of the bibliography stands, and its label."""

    href: str
    label: str


def read_keys(bibliography: Path) -> dict[str, tuple[str, ...]]:
    """Return what each key of *bibliography* is known by on a page: its addresses and its title; nothing without a file."""
    if not bibliography.is_file():
        return {}
    known: dict[str, tuple[str, ...]] = {}
    for key, body in _ENTRY.findall(bibliography.read_text(encoding="utf-8")):
        fields = {name.lower(): value for name, value in _FIELD.findall(body)}
        doi = f"https://doi.org/{fields['doi']}" if "doi" in fields else ""
        known[key] = tuple(filter(None, (doi, fields.get("url", ""), _plain(fields.get("title", "")))))
    return known


def lead_to_bibliography(pages: list[Page], keys: Mapping[str, tuple[str, ...]]) -> None:
    """Turn keys and addresses of references, in tables and notes of *pages*, into links to the bibliography."""
    entries = _find_entries(pages)
    if not entries:
        return
    by_key = {
        key: entries[found] for key, known in keys.items() if (found := next((it for it in known if it in entries), ""))
    }
    for page in pages:
        for holder in page.article.find_all(["table", "div"]):
            if holder.name == "div" and "livrev-note" not in (holder.get("class") or ()):
                continue
            for link in holder.find_all("a", href=True):
                if place := _place_of(link, entries, by_key):
                    link["href"], link.string = place.href, place.label
            if by_key:
                for text in holder.find_all(string=_holds_key):
                    if text.find_parent(["a", "code"]) is None:
                        _name_keys(text, by_key)


def _place_of(link: Tag, entries: Mapping[str, _Place], by_key: Mapping[str, _Place]) -> _Place | None:
    """Return the entry that *link* names by its key, its title or its label; a link that says something else stays."""
    said = _plain_text(link)
    if _REGISTERED.fullmatch(said):
        return None
    if said in by_key:
        return by_key[said]
    place = entries.get(str(link["href"]))
    named = place is not None and (place.label.startswith(said) or entries.get(_plain(said)) == place)
    return place if named else None


def _find_entries(pages: list[Page]) -> dict[str, _Place]:
    """Return the entries of the bibliography by their addresses and by their titles."""
    entries: dict[str, _Place] = {}
    for page in pages:
        for entry in page.article.find_all("div", attrs={"data-typst": "entry"}, id=True):
            label = entry.find("span", attrs={"data-typst": "entry-label"})
            if not isinstance(label, Tag):
                continue
            place = _Place(f"#{entry['id']}", label.get_text(strip=True).strip("[]"))
            for link in entry.find_all("a", href=_ABROAD):
                entries.setdefault(str(link["href"]), place)
            for sentence in re.split(r"\.\s", entry.get_text()):
                entries.setdefault(_plain(sentence), place)
    return entries


def _holds_key(text: str | None) -> bool:
    return text is not None and _KEY.search(text.replace("\u200b", "")) is not None


def _name_keys(text: NavigableString, by_key: Mapping[str, _Place]) -> None:
    """Replace each key in *text* by a link with the label of its entry."""
    said, last = _plain_text(text), 0
    pieces: list[Tag | NavigableString] = []
    for found in _KEY.finditer(said):
        if (place := by_key.get(found[0])) and not _REGISTERED.fullmatch(found[0]):
            link = new_tag("a", href=place.href)
            link.string = place.label
            pieces += [NavigableString(said[last : found.start()]), link]
            last = found.end()
    if pieces:
        text.replace_with(*pieces, NavigableString(said[last:]))


def _plain_text(node: Tag | NavigableString) -> str:
    """Return the text of *node* without the seams at which long words may break."""
    text = node.get_text() if isinstance(node, Tag) else str(node)
    return text.replace("\u200b", "")


def _plain(title: str) -> str:
    """Return *title* so that LaTeX and its printed form are the same: letters and figures only."""
    return "".join(character for character in title.lower() if character.isalnum())
