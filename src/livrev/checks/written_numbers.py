"""Check that no number of evidence is typed in words, as a fraction, as a formula or as code."""

import re
from collections.abc import Collection, Iterable

from livrev.checks.prose import blank_names, read_prose
from livrev.diagnostics import Problem

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
_NUMBER = r"[<>=≤≥≈~±+-]?\s*\d[\d.,\s]*(?:\\?%|per ?cent|months?|years?|patients?)?"
_HIDDEN = re.compile(
    rf"(?<![`}}])`\s*((?:(?:HR|OR|RR|CI|n|p)\s*[=:<]?\s*)?{_NUMBER}(?:\s*(?:of|/|to|–|-|;|,|v|vs)\s*{_NUMBER})*)\s*`(?!`)"
    rf"|(?<![\\$])\$\$?\s*({_NUMBER}(?:\s*(?:/|–|-|;|,)\s*{_NUMBER})*)\s*\$\$?",
    re.IGNORECASE,
)
_FENCE = r"^(?P<fence>`{{3,}}){}.*?^(?P=fence)[ \t]*$"
_BLOCKS = re.compile(
    _FENCE.format(r"(?!\{(?:note|tip|hint|important|warning|caution|admonition|div|dropdown)\})"),
    re.DOTALL | re.MULTILINE,
)
_GLOSSARY = re.compile(_FENCE.format(r"\{glossary\}"), re.DOTALL | re.MULTILINE)  # what a word means is no evidence


def check_written_numbers(text: str, file: str, names: Collection[str] = ()) -> Iterable[Problem]:
    """Yield each number of evidence in a chapter that is typed in words or hidden in code; *names* as in check_bare_numbers."""
    prose = read_prose(text)
    lines = text.splitlines()
    spoken = blank_names(_blank(_GLOSSARY, prose.text, text), names)
    found = [(match.start(), match.group()) for match in _RESULT.finditer(spoken)]
    found += [(match.start(), match.group()) for match in _HIDDEN.finditer(_blank(_BLOCKS, text, text))]
    for at, value in sorted(found):
        line = prose.line_at(at)
        cure = "print it with the {result} role (…|words writes it out), or say it without a number"
        shown = " ".join(value.split())
        yield Problem(file, line, "number", shown, f"is typed in the sentence “{lines[line - 1].strip()}”", cure)


def _blank(blocks: re.Pattern[str], text: str, source: str) -> str:
    """Return *text* without what stands where *source*, of the same length, has one of *blocks*."""
    parts = list(text)
    for match in blocks.finditer(source):
        parts[match.start() : match.end()] = re.sub(r"[^\n]", " ", match.group())
    return "".join(parts)
