"""Tell which stretches of a text are denied: a small NegEx.

A word of denial (`no`, `without`, `absence of`, …) denies what follows it up to a word or mark that ends its reach; a few
endings (`was absent`, `-negative`) deny what stands just before them. `not only` and its like deny nothing.
The idea is that of Chapman and others, 2001, doi:10.1006/jbin.2001.1029.
"""

import re
from bisect import bisect_right

_FALSE_ALARM = r"""
    not \s+ (?:only|just|merely|simply|necessarily|limited \s+ to|restricted \s+ to) | without \s+ doubt
    | (?:no|without(?:\s+ an?)?) \s+ (?:\w+ \s+){0,2}?
        (?:differences?|changes?|increases?|decreases?|improvements?|benefits?|effects?|impact|associations?|interactions?|influence|gain)
    | no \s+ (?:\w+ \s+)? (?:patients?|participants?|one|trials?|study|studies|cases?) \s+ (?:with|who|that|whose|receiving|in|of|on)
    | no \s+ (?:longer|more|fewer|less) \s+ than | no \s+ matter
"""
_DENIAL = r"""
    no \s+ (?:\w+ \s+)? (?:patients?|participants?|subjects?|mice|cases?) \s+ (?:had|have|has|developed|experienced|showed|received|of)
    | none \s+ (?:(?:of \s+)? (?:\w+ \s+){1,4}?)?? (?:had|have|has|developed|experienced|showed|received)
    | (?:no|without) \s+ (?:any \s+ | clear \s+)? (?:evidence|signs?|history|occurrence) \s+ of
    | (?:absence|lack|exclusion) \s+ of | lack(?:ing|ed|s)? | absent | free \s+ (?:of|from) | negative \s+ for
    | no | without | never | neither | nor | excluding | ruled \s+ out | rules \s+ out
    | (?:did|do|does|had|has|have) \s+ not \s+
        (?:receive|received|have|had|develop|developed|experience|experienced|show|express|carry|undergo|undergone|include)
    | (?:not|never) \s+ (?:yet \s+ | previously \s+)?
        (?:receiv\w+|treated \s+ with|given|exposed \s+ to|having|hav\w+|develop\w+|express\w+|undergo\w+|show\w+|harbou?r\w+)
    | cannot | not
"""
_CUE = re.compile(rf"\b(?: (?P<false>{_FALSE_ALARM}) | (?P<cue>{_DENIAL}) )\b", re.VERBOSE | re.IGNORECASE)

# What ends the reach of a denial. A comma does, unless it parts the members of a list that closes with or / nor.
_STOP = re.compile(
    r"""
    [.;:()\[\]?!] (?!\d)
    | , (?! (?: [^,.;:()]{1,40} , ){0,3} [^,.;:()]{0,40}? \s (?:or|nor)\b )
    | \b(?: but | however | although | though | whereas | while | except | apart | yet | despite | because | nevertheless
        | still | instead | rather | unlike
        | was | were | is | are | had | has | have | did | does | received | showed | reached | occurred | improved | remained
        | in | at | with(?!\s+or\b) | among | after | during | before | following | compared | than | versus | vs | v | who | when | if
        | from | to | by | on | under | using | receiving | treated | given | whose | that | gained | benefi\w+ | derived | lived | survived
        | median | responded | achieved | led | gave | prolonged )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AFTER = re.compile(
    r"""
    [-\u2010-\u2015\s]? negative\b
    | [\s]+ (?:(?:was|were|is|are|has \s+ been|had \s+ been) \s+)
        (?: absent | lacking | excluded | ruled \s+ out
          | (?:not|never) \s+ (?:observed|seen|detected|found|present|reported|given|used|administered|allowed|permitted) )\b
    | [\s]+ did \s+ not \s+ (?:occur|develop|receive)\b
    | [-\u2010-\u2015] (?:free|na[iï]ve)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BARE_NOT_REACH = 2  # words: a bare `not` denies only what stands next to it
_LONGEST_REACH = 240  # characters


def denied_spans(text: str) -> list[tuple[int, int]]:
    """Return the stretches of *text* that a word of denial before them covers, in order and apart."""
    spans: list[tuple[int, int]] = []
    for match in _CUE.finditer(text):
        if match["cue"] is None or (spans and match.start() < spans[-1][1]):
            continue
        start = match.end()
        limit = min(len(text), start + _LONGEST_REACH)
        stop = _STOP.search(text, start, limit)
        end = stop.start() if stop else limit
        if match["cue"].lower() in ("not", "cannot"):
            words = list(re.finditer(r"\S+", text[start:end]))[:_BARE_NOT_REACH]
            end = start + words[-1].end() if words else start
        spans.append((start, end))
    return spans


def is_denied(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Tell whether the mention at *start* to *end* is denied, by *spans* or by what follows it at once."""
    before = bisect_right(spans, (start, len(text))) - 1
    covered = before >= 0 and start < spans[before][1]
    return covered or _AFTER.match(text, end) is not None
