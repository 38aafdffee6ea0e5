"""Check that every empirical sentence of a chapter says where it comes from.

The rule: a sentence is empirical where it says what happened (a verb of EFFECTS) to or in somebody (a word of SUBJECTS or of
the review's own, or the name of a study on record). Such a sentence carries a citation, a finding, a result, an evidence note
or a figure: itself, or, in a table, in its row. Left out are sentences that say what would be or what we think (OPEN), and
parts of a chapter that only retell or only look ahead (RETELLING, AHEAD).
"""

import re
from collections.abc import Collection, Iterable

from livrev.checks.prose import blank_code
from livrev.diagnostics import Problem
from livrev.records.settings import Prose

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

_CARRIES = re.compile(
    r"\{(?:cite(?::\w+)?|result|evidence|numref)\}`|\]\([^)]*notebooks/[^)]*\)|`[a-z][a-z-]*-\d+`"  # `jiang-12`
)
_HEADING = re.compile(r"^#+\s+(.*?)\s*#*$")
_LIST = re.compile(r"^(?:[-*]|\d+\.)\s+")


def check_uncited(text: str, file: str, studies: Collection[str] = (), words: Prose | None = None) -> Iterable[Problem]:
    """Yield each empirical sentence of a chapter without a source.

    *studies* are the names of the studies on record, *words* those of the subject.
    """
    words = words or Prose()
    named = "|".join(re.escape(name) for name in sorted(studies, key=len, reverse=True))
    subject = re.compile(
        "|".join([rf"\b(?:{SUBJECTS})\b", *(rf"\b(?:{word})\b" for word in (*words.subjects, named) if word)])
    )
    effect, open_ = re.compile(rf"\b(?:{EFFECTS})\b"), re.compile(OPEN, re.IGNORECASE)
    heading, retells = "", False
    for number, line in enumerate(blank_code(text).splitlines(), 1):
        sentence = _LIST.sub("", line.strip())
        if title := _HEADING.match(sentence):
            heading, retells = title[1], False
            continue
        if not sentence:
            retells = False
        elif sentence.startswith(RETELLING):
            retells = True
        if retells or heading in AHEAD or sentence.startswith(("%", ":::", "```", *words.exceptions)):
            continue
        if (
            effect.search(sentence)
            and subject.search(sentence)
            and not (_CARRIES.search(sentence) or open_.search(sentence))
        ):
            cure = "add a citation, an evidence note or a result, or say that it is an opinion"
            yield Problem(
                file, number, "sentence", "", f"“{sentence}” says what happened and not where that is known from", cure
            )


def study_names(names: Iterable[str]) -> set[str]:
    """Return the short names under which chapters speak of studies: those with a capital and a digit or a hyphen."""
    short = {name.partition(" (")[0] for name in names}
    return {name for name in short if re.fullmatch(r"(?=.*[A-Z])(?=.*[\d-])\S+(?: \d+)?", name)}
