"""Check the prose of chapters: no number of evidence is typed, in figures or in words, and every empirical sentence has a source.

A sentence is empirical where it says what happened (a verb of EFFECTS) to or in somebody (a word of SUBJECTS or of
the review's own, or the name of a study on record). Such a sentence carries a citation, a finding, a result, an evidence note
or a figure: itself, or, in a table, in its row. Left out are sentences that say what would be or what we think (OPEN), and
parts of a chapter that only retell or only look ahead (RETELLING, AHEAD).
"""

import re
from collections.abc import Collection, Iterable

from livrev.diagnostics import Problem
from livrev.records.settings import Prose

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
_ITEM = re.compile(r"^[ \t]*\d+\.(?=\s)", re.MULTILINE)
_IN_WORDS = "print it with the {result} role (…|words writes it out), or say it without a number"


def read_prose(text: str) -> str:
    """Return the prose of a MyST chapter with everything else blanked, so that positions stay."""
    return _NOT_PROSE.sub(_blank, _FRONT.sub(_blank, text))


def blank_code(text: str) -> str:
    """Return a chapter with listings, comments and examples of roles blanked; roles that are used stay."""
    return _SHOWN.sub(_blank, _FRONT.sub(_blank, text))


def roles_in(text: str, *names: str) -> list[tuple[str, str, int]]:
    """Return name, content and line of each role of *names* (regular expressions) that a chapter uses; examples in code are none."""
    found = re.finditer(rf"\{{({'|'.join(names)})\}}`([^`]*)`", blank_code(text))
    return [(match[1], match[2], text.count("\n", 0, match.start()) + 1) for match in found]


def _blank(match: re.Match[str]) -> str:
    """Return as many spaces as what was found is long; line breaks stay, and so do the words of a directive."""
    if match.groupdict().get("directive"):
        head, _, rest = match.group().partition("\n")
        body, end, tail = rest.rpartition("\n")
        return f"{head}\n{_SHOWN.sub(_blank, body)}{end}{tail}"
    return re.sub(r"[^\n]", " ", match.group())


def blank_names(text: str, names: Collection[str] = ()) -> str:
    """Return *text* with names that hold digits blanked: those of NAMES, and *names*, regular expressions of the subject's own."""
    return re.sub("|".join(f"(?:{name})" for name in (*NAMES, *names)), lambda match: " " * len(match[0]), text)


_UNITS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TEENS = "thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_ONE = f"(?:(?:{_TENS})(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|{_TEENS}|{_UNITS}|(?:a |one )?(?:hundred|dozen))"
_COUNT = rf"{_ONE}(?:[ -](?:hundred|thousand|and|{_ONE}))*"
_WHO = r"patients?|people|persons?|participants|women|men|children|adults|mice|animals|deaths?|responders?|responses|events"
# What reads as a result: so many patients, a share of them, a length of time or a share in words.
_RESULT = re.compile(
    rf"\b(?:{_COUNT}|one) (?:of|in|out of) (?:the |every |all )?(?:{_COUNT}|a thousand|a hundred)\b"
    rf"|\b{_COUNT} (?:[\w-]+ )?(?:{_WHO})\b"
    rf"|\b{_COUNT}(?: per ?cent|-fold|fold| percentage points?)\b"
    rf"|(?<!\bafter )(?<!\bat )(?<!\bwithin )(?<!\bthan )(?<!\bover )(?<!\bfor )\b{_COUNT} (?:months?|years?|weeks?|days?)\b"
    r"|\b(?:half|a third|two[ -]thirds|one[ -]third|a quarter|one[ -]quarter|three[ -]quarters|"
    rf"(?:a|one|{_UNITS})[ -](?:fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?) of (?:the |all |these |those |them|its |her |his )"
    rf"|\b(?:twice|three times|four times|five times|ten times) (?:as|the)\b"
    r"|[\u00bc-\u00be\u2150-\u215e]|\b\d+\s?[\u2044/]\s?\d+\b",
    re.IGNORECASE,
)
# A count in code, a formula of nothing but a number: `12 of 40`, `0.70`, $30\%$.
_IN_FIGURES = r"[<>=≤≥≈~±+-]?\s*\d[\d.,\s]*(?:\\?%|per ?cent|months?|years?|patients?)?"
_HIDDEN = re.compile(
    rf"(?<![`}}])`\s*((?:(?:HR|OR|RR|CI|n|p)\s*[=:<]?\s*)?{_IN_FIGURES}(?:\s*(?:of|/|to|–|-|;|,|v|vs)\s*{_IN_FIGURES})*)\s*`(?!`)"
    rf"|(?<![\\$])\$\$?\s*({_IN_FIGURES}(?:\s*(?:/|–|-|;|,)\s*{_IN_FIGURES})*)\s*\$\$?",
    re.IGNORECASE,
)
_FENCE = r"^(?P<fence>`{{3,}}){}.*?^(?P=fence)[ \t]*$"
_BOX = r"(?!\{(?:note|tip|hint|important|warning|caution|admonition|div|dropdown)\})"
_BLOCKS = re.compile(_FENCE.format(_BOX), re.DOTALL | re.MULTILINE)
_GLOSSARY = re.compile(_FENCE.format(r"\{glossary\}"), re.DOTALL | re.MULTILINE)  # what a word means is no evidence


def check_numbers(text: str, file: str, names: Collection[str] = ()) -> Iterable[Problem]:
    """Yield each number of evidence that a chapter types in figures or words, or hides in code, and does not print by a role.

    *names* are regular expressions for names of the subject that hold digits.
    """
    lines = text.splitlines()
    named = blank_names(_ITEM.sub(_blank, read_prose(text)), names)
    spoken = blank_names(read_prose(_GLOSSARY.sub(_blank, text)), names)
    for pattern, where, cure in (
        (_NUMBER, named, "print it with the {result} role, or add the name to prose.names in data/review.yml"),
        (_RESULT, spoken, _IN_WORDS),
        (_HIDDEN, _BLOCKS.sub(_blank, text), _IN_WORDS),
    ):
        for match in pattern.finditer(where):
            line = text.count("\n", 0, match.start()) + 1
            shown = f"is typed in the sentence “{lines[line - 1].strip()}”"
            yield Problem(file, line, "number", " ".join(match.group().split()), shown, cure)


EFFECTS = (
    r"(?:lengthen|shorten|delay|lower|rais|reduc|increas|improv|doubl|halv|prolong|cur)(?:e?d|es?|s)|shrank|shrunk|struck|killed|"
    r"responded|survived|died|lived|outlived|worsened|progressed|tolerated|harmed|beat|(?:missed|met) (?:its|the)|fell ill|"
    r"(?:was|were|is) (?:positive|negative)|reports? (?:larger|smaller|more|fewer)|"
    r"brought (?:no )?(?:responses?|more)|showed (?:a|no|longer|shorter)"
)
SUBJECTS = r"trials?|patients?|cohorts?|series|meta-analys[ei]s|participants|children|adults|people|animals"
OPEN = (
    r"\b(?:would|could|should|whether|if|how many|means? that|not yet|unknown|missing|cannot|is not shown|"
    r"we (?:think|rate|found no|pooled|computed|could not|chose|have)|no (?:randomised )?trial has)\b|\?$"
)
# Parts that answer for no evidence of their own: the plain summary retells the answer above it, the others look ahead.
RETELLING = "**In plain words.**"
AHEAD = ("What is missing", "What would change our mind", "The working", "What was not done", "How to read this book")

_CARRIES = re.compile(r"\{(?:cite(?::\w+)?|result|evidence|numref)\}`|\]\([^)]*notebooks/[^)]*\)|`[a-z][a-z-]*-\d+`")
_HEADING = re.compile(r"^#+\s+(.*?)\s*#*$")
_LIST = re.compile(r"^(?:[-*]|\d+\.)\s+")


def check_uncited(text: str, file: str, studies: Collection[str] = (), words: Prose | None = None) -> Iterable[Problem]:
    """Yield each empirical sentence of a chapter without a source.

    *studies* are the names of the studies on record, *words* those of the subject.
    """
    words = words or Prose()
    named = "|".join(re.escape(name) for name in sorted(studies, key=len, reverse=True))
    subject = re.compile("|".join(rf"\b(?:{word})\b" for word in (SUBJECTS, *words.subjects, named) if word))
    effect, open_ = re.compile(rf"\b(?:{EFFECTS})\b"), re.compile(OPEN, re.IGNORECASE)
    heading, retells = "", False
    for number, line in enumerate(blank_code(text).splitlines(), 1):
        sentence = _LIST.sub("", line.strip())
        if title := _HEADING.match(sentence):
            heading, retells = title[1], False
            continue
        retells = bool(sentence) and (retells or sentence.startswith(RETELLING))
        if retells or heading in AHEAD or sentence.startswith(("%", ":::", "```", *words.exceptions)):
            continue
        is_empirical = effect.search(sentence) and subject.search(sentence) and not open_.search(sentence)
        if is_empirical and not _CARRIES.search(sentence):
            said = f"“{sentence}” says what happened and not where that is known from"
            cure = "add a citation, an evidence note or a result, or say that it is an opinion"
            yield Problem(file, number, "sentence", "", said, cure)


def study_names(names: Iterable[str]) -> set[str]:
    """Return the short names under which chapters speak of studies: those with a capital and a digit or a hyphen."""
    short = {name.partition(" (")[0] for name in names}
    return {name for name in short if re.fullmatch(r"(?=.*[A-Z])(?=.*[\d-])\S+(?: \d+)?", name)}
