"""Make the key of an entry by the house rule: family name, year, first word of the title that means something."""

import re
import unicodedata
from collections.abc import Collection

from livrev.sources.publication import Publication

# Letters that no decomposition turns into plain ones.
_LETTERS = {
    "ß": "ss",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
    "ŋ": "ng",
}
_CAPITALS = {letter.upper(): plain.capitalize() for letter, plain in _LETTERS.items() if len(letter.upper()) == 1}
_PLAIN = str.maketrans(_LETTERS | _CAPITALS)
# fmt: off
_EMPTY_WORDS = frozenset([
    "a", "an", "the", "of", "on", "in", "for", "and", "or", "to", "with", "without", "by", "from", "at", "as", "is", "are", "was",
    "were", "be", "can", "does", "do", "did", "how", "what", "why", "when", "which", "its", "their", "this", "that", "after",
    "before", "between", "among", "versus", "vs", "into", "during", "through", "using", "via", "not", "no", "than", "toward",
    "towards", "against",
])
# fmt: on
_NOBODY = "Anon"


def make_key(publication: Publication, taken: Collection[str]) -> str:
    """Return a key for *publication* that differs from those *taken* in more than its capitals.

    A registry record is called by its number. Where the key is taken, the next word of the title stands for the first;
    where all are, a letter is added.
    """
    if publication.registry and publication.nct:
        return publication.nct[0]
    known = {key.lower() for key in taken}
    head = f"{_name(publication)}{publication.year or 'nd'}"
    words = _words(publication.title) or ["untitled"]
    for word in words:
        if (head + word).lower() not in known:
            return head + word
    number = 2
    while f"{head}{words[0]}{number}".lower() in known:
        number += 1
    return f"{head}{words[0]}{number}"


def plain_letters(text: str) -> str:
    """Return *text* in letters and digits of ASCII, as far as it has such; nothing of other scripts."""
    folded = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(character for character in folded if character.isascii())


def _name(publication: Publication) -> str:
    """Return the first author in plain letters, capitalised word by word."""
    family = plain_letters(publication.authors[0].family) if publication.authors else ""
    letters = "".join(part[:1].upper() + part[1:] for part in re.findall(r"[A-Za-z]+", family))
    # with a year behind it, NCT would look like the number of a trial
    return letters[:40] if letters not in ("", "NCT") else _NOBODY


def _words(title: str) -> list[str]:
    """Return the words of *title* that mean something, in lower case; a hyphen or slash joins."""
    found = []
    for word in plain_letters(title).lower().split():
        letters = re.sub(r"[^a-z0-9]", "", word)
        if letters and letters not in _EMPTY_WORDS and not letters.isdigit():
            found.append(letters[:30])
    return found
