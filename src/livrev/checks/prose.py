"""Check chapters: no number of evidence is typed, every empirical sentence says where it comes from."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from livrev.diagnostics import Problem
from livrev.text.sentences import split_sentences

_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
# What is not prose: code and directives of data, fences and their options, roles, link targets, comments, addresses, marks
# of footnotes, and mathematics.
# Tables, and what stands within :::, is prose: there above all a typed number would be believed.
_NOT_PROSE = re.compile(
    r"^(?P<fence>`{3,})(?!\{(?:note|tip|hint|important|warning|caution|admonition|div|glossary|dropdown)\})"
    r".*?^(?P=fence)[ \t]*$"
    r"|^[`:]{3,}[^\n]*$|^:[\w-]+:[^\n]*$|^%[^\n]*$|^\([\w-]+\)=$|<!--.*?-->"
    r"|\[\^[\w-]+\]:?|(?<![\\$])\$\$.+?\$\$|(?<![\\$\w])\$(?=[^\s$])[^$\n]*?(?<=[^\s\\$])\$(?![\d$])"
    r"|\{[\w:.-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|https?://\S+|<[^>\s]+>",
    re.DOTALL | re.MULTILINE,
)
_SHOWN = re.compile(
    r"^(?P<fence>`{3,})(?P<directive>\{)?.*?^(?P=fence)[ \t]*$|(?<!`)``(?!`).+?(?<!`)``(?!`)|^%[^\n]*$|<!--.*?-->",
    re.DOTALL | re.MULTILINE,
)
# Known exceptions: years, names that hold digits, phases and grades of trials, numbers of sections and GRADE's scale. Those of
# the subject are the review's own (prose.names in data/review.yml).
NAMES = (
    r"\d{4}-\d\d-\d\d",
    r"(?:19|20)\d\d(?:[–-](?:19|20)?\d\d)?",
    r"[A-Za-z][\w⁺+/-]*\d[\w⁺+./-]*",  # CD8⁺, SF-36, NCT01234567
    r"(?:type|[Pp]hase|[Gg]rade|[Ss]tage|[Cc]hapter|[Ss]ection|version|item) ?≥? ?\d+(?:[./–-]\d+)*",
    r"(?:[Bb]elow|[Aa]bove|[Ff]rom) 1(?![\w%]|[.,]\d)",  # no difference, on the scale of a ratio
    r"PRISMA 2020|CC BY(?:-NC)? 4\.0|Python (?:≥ )?3\.\d+|95 ?%(?! of\b)|per 1000",
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*\s?%?")


@dataclass(frozen=True, slots=True)
class Prose:
    """The prose of a chapter, of the same length as its text: what is not prose is blanked out."""

    text: str

    def line_at(self, position: int) -> int:
        """Return the line on which *position* lies."""
        return self.text.count("\n", 0, position) + 1


def read_prose(text: str) -> Prose:
    """Return the prose of a MyST chapter with everything else blanked, so that positions stay."""
    return Prose(_NOT_PROSE.sub(_blank, _FRONT.sub(_blank, text)))


def blank_code(text: str) -> str:
    """Return a chapter with listings, comments and examples of roles blanked; roles that are used stay."""
    return _SHOWN.sub(_blank, _FRONT.sub(_blank, text))


def _blank(match: re.Match[str]) -> str:
    """Return as many spaces as what was found is long; line breaks stay, and so do the words of a directive."""
    if match.groupdict().get("directive"):
        head, _, rest = match.group().partition("\n")
        body, end, tail = rest.rpartition("\n")
        return f"{head}\n{_SHOWN.sub(_blank, body)}{end}{tail}"
    return re.sub(r"[^\n]", " ", match.group())


def blank_names(text: str, names: Collection[str] = ()) -> str:
    """Return *text* with names that hold digits blanked: those of NAMES, and *names*, regular expressions of the subject's own."""
    name = re.compile("|".join(f"(?:{name})" for name in (*NAMES, *names)))
    return name.sub(lambda match: " " * len(match.group()), text)


def check_bare_numbers(text: str, file: str, names: Collection[str] = ()) -> Iterable[Problem]:
    """Yield each number that is typed in the prose of a chapter instead of being printed by the result role.

    *names* are regular expressions for names of the subject that hold digits.
    """
    prose = read_prose(text)
    named = blank_names(prose.text, names)
    lines = text.splitlines()
    for match in _NUMBER.finditer(named):
        line = prose.line_at(match.start())
        if re.match(r"\s*\d+\.\s", lines[line - 1]) and match.start() == _line_start(named, match.start()):
            continue
        sentence = lines[line - 1].strip()
        cure = "print it with the {result} role, or add the name to prose.names in data/review.yml"
        yield Problem(file, line, "number", match.group().strip(), f"is typed in the sentence “{sentence}”", cure)


def _line_start(text: str, position: int) -> int:
    start = text.rfind("\n", 0, position) + 1
    return start + len(text[start:]) - len(text[start:].lstrip())


def count_words(text: str) -> int:
    """Return the number of words in the prose of a chapter."""
    return len(re.findall(r"\b\w+\b", read_prose(text).text))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a chapter's prose."""
    return [sentence.text for sentence in split_sentences(read_prose(text).text)]
