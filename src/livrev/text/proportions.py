"""Read proportions and percentages: `9/13 (69%)`, `nine of 13`, `69% [9 of 13]`, `12 patients (30%)`, `30% (95% CI 21-40)`.

Of percentages, levels, limits, changes, strengths and powers are left out.
"""

import re
from collections.abc import Iterator

from livrev.text.amounts import PEOPLE
from livrev.text.estimates import CI_WORDS, NAMED_INTERVAL, Interval, close_brackets, read_interval, stated_level
from livrev.text.numbers import COUNT, DECIMAL, WHOLE, Quantity, read_apart, read_count

PERCENT = r"(?:\s?%|\sper\s?cent(?![A-Za-z]))"
_START = r"(?<![\w.,<>≥≤±^-])(?<![<>≥≤~±]\s)"
_BEFORE = rf"{_START}(?<!\d\s-\s)(?<!\d%\s-\s)(?<!\dto\s)(?<!%\sto\s)(?<!\d\sto\s)"
_PERCENTAGE = re.compile(rf"""(?xi)
    {_BEFORE} (?P<value>{DECIMAL}|{COUNT}(?=\sper\s?cent)) (?P<spread>\s?±+\s?{DECIMAL})? {PERCENT} (?:\s?±+\s?{DECIMAL}{PERCENT}?)?
    (?! \w | -\w | \s?{CI_WORDS} | \s?(?:-|to|~)\s?\.?\d
      | \s (?: (?:relative\s|absolute\s|risk\s|dose\s)?
               (?:power|reductions?|reduced|decreas\w+|increas\w+|lower|higher|greater|improv\w+|longer|shorter|fewer|more|less|change|differences?
                 |isodose|threshold|cut-?off|significance|prediction|confidence|credible|intervals?|probability|accuracy|identity|shrinkage|decline)\b
             | or\s(?:more|less|higher|lower|greater|fewer|above|below)\b
             | of\s(?:the\s|its\s|their\s)?(?:prescribed|prescription|planned|dose|predicted|baseline|former|initial|normal|ideal|expected|maxim\w+)\b
             | (?:level|limit|predicted|annual\w*|yearly|per\s(?:year|annum|month))\b
             | (?:w/[vw]|v/v|wt|\w+caine|\w+flurane|saline|sodium|NaCl|dextrose|glucose|sucrose|ethanol|alcohol|chlorhexidine|povidone|hydrogen|form\w*aldehyde
                 |formalin|DMSO|FBS|BSA|f?o?etal|serum|albumin|agarose|oxygen|O2|CO2|carbon|acetic|aqueous|(?:\w+\s)?solution|cream|ointment|gel|emulsion)\b ) )
""")
_NOT_BEFORE = re.compile(r"""(?xi)
    (?: [<>≥≤]=? | \b(?: at\s+least | more\s+than | less\s+than | greater\s+than | fewer\s+than | up\s+to | over | under | above | below
        | exceed(?:s|ed|ing)? | cut-?off(?:\s+of)? | threshold(?:\s+of)? | by(?:\s+(?:about|approximately|up\sto|a\smedian\sof))? | power(?:\s+(?:of|was|is))?
        | alpha(?:\s+of)? | between(?:\s+[\d.]+\s?%?\s+and)? | error(?:\s+of)? | level(?:\s+of)? | \w+caine | \w+flurane | saline | chlorhexidine | SE | SEM
        | (?:reduction|increase|decrease|shrinkage|decline|rise|improvement|drop|difference|(?<!clinical\s)benefit|gain|advantage|ARR|RRR|ARD|RD)s?
          (?:\s(?:in|of|at)\s(?:[^.;,()\d%]|\d+[-\s](?:year|month|week|day)){1,50})? (?:\s(?:of|was|were|is)|\s?[,:=])?
        | assum\w+ | anticipat\w+ | lost | gained | rose | fell | dropped | declined | grew | (?:in|de)creased | reduced | shrank | shrunk )
      | \b(?:CI|IC|KI|intervals?|confidence)(?:\s(?:del?|al?|à|of))?\s?[(\[]?
      | \b(?:seuil|signifi\w+|Signifikanz\w*|nivel|niveau)\b [^.;,()\d%]{0,30}
      | (?:I2|I²|I\^2) \s?[:(]? | \bI\s?2? ) (?:\s?=)? \s? $
""")
_BY_SOME = re.compile(r"\b(?:taken|used|reported|reached|achieved|attained|chosen|completed|preferred|experienced|met|answered|needed)\sby\s$")  # fmt: skip
# `93.4 and 66.0 %`, `11 v 16%`, `90.2, 70.8 and 55.1%`: numbers that share one sign
_SHARED = re.compile(rf"{_START}(?:{DECIMAL}\s?,\s){{0,5}}{DECIMAL}\s?,?\s(?P<joint>v\b\.?|vs\b\.?|versus|and|compared\s(?:with|to))\s$")  # fmt: skip
_JOINED = re.compile(r"\s?,?\s?(?:and|or|vs?\.?|versus|,)\s")  # to a change by 16% another is joined
_LEADS = re.compile(r"(?:\b(?i:was|were|is|are|of|in|rates?|to|reached|being|only)\s|[(\[=:,]\s?)$")
_TOLD_APART = re.compile(r"[^.;]{0,60}\b(?:respectively|groups?|arms?)\b")
_SPREAD = re.compile(r"\b(?i:medians?|means?|range|IQR|interquartile|ages?)\b[^.;]*$")


def read_percents(text: str) -> list[Quantity]:
    """Return the percentages of a smooth text, in order, as proportions."""
    if "%" not in text and "cent" not in text:
        return []
    found: list[Quantity] = []
    bounds = {match.start(bound) for match in NAMED_INTERVAL.finditer(text) for bound in ("low", "high")}
    place = rejected = 0
    while match := _PERCENTAGE.search(text, place):
        place = match.end()
        value = float(match["value"] if "0" <= match["value"][-1] <= "9" else read_count(match["value"]))
        interval = read_interval(text, place) or _in_brackets(text, match, value)
        if interval:
            place = close_brackets(text, match.start(), interval.end)
        ahead = max(0, match.start() - 60), match.start()
        no_share = _NOT_BEFORE.search(text, *ahead) and not _BY_SOME.search(text, *ahead)
        joined = rejected and _JOINED.fullmatch(text, rejected, match.start())
        of_mean = match["spread"] and _SPREAD.search(text, *ahead)
        if value > 100 or match.start() in bounds or no_share or joined or of_mean:
            rejected = place
            continue
        if interval and not (interval.low or 0) <= value <= (interval.high or 100):
            interval = None  # of something else, or printed as a share of one
        found += _sharing(text, match)
        found.append(Quantity("proportion", value, *(interval or Interval())[:3], start=match.start(), end=place))
    return found


def _sharing(text: str, match: re.Match[str]) -> list[Quantity]:
    """Return the percentages printed before the one of *match* that share its sign: alike in decimals, and told to be some."""
    before = _SHARED.search(text, max(0, match.start() - 60), match.start())
    if before is None:
        return []
    numbers = list(re.finditer(DECIMAL, before.group()))
    several = len(numbers) > 1
    decimals = {len(number.partition(".")[2]) for number in (*(n.group() for n in numbers), match["value"])}
    led = (several and decimals != {0}) or _LEADS.search(text, max(0, before.start() - 12), before.start())
    told = several or before["joint"] != "and" or decimals != {0} or _TOLD_APART.match(text, match.end())
    if not (led and told and len(decimals) == 1) or any(float(number.group()) > 100 for number in numbers):
        return []
    place = before.start()
    return [Quantity("proportion", float(n.group()), start=place + n.start(), end=place + n.end()) for n in numbers]


def _in_brackets(text: str, match: re.Match[str], value: float) -> Interval | None:
    """Return the interval that stands in brackets without its name: it holds the value, and its clause is of no spread."""
    if _SPREAD.search(text, max(0, match.start() - 60), match.start()):
        return None
    found = read_interval(text, match.end(), bare=True)
    if found is None or found.low is None or found.high is None or not found.low <= value <= found.high:
        return None
    return found if found.level else found._replace(level=stated_level(text))


_BEFORE_EVENTS = r"(?<![\w.,/<>≥≤:+#-])(?<![<>≥≤]\s)(?<!\d\s-\s)"
_OF_ALL = r"(?:the|these|those|all|our|a\stotal\sof)"
_OF = rf"(?:\s?/\s?|\s(?:out\s)?of\s(?:{_OF_ALL}\s)?)"
_NO_TIME = r"(?! \d | [./]\d | /[A-Za-z] | \s?-?\s?(?:days?|weeks?|months?|years?|m?[gLl]|mm|cm|Gy|kg|h|hours?)\b | -\w )"  # fmt: skip
_PERSONS = rf"(?:\s(?:[A-Za-z¤][\w¤-]{{0,20}}\s){{0,3}}?(?i:{PEOPLE}))"

# 9/13, nine of 13, 9 of the 13 patients, none of 13, two patients of 13
_FRACTION = re.compile(rf"(?x){_BEFORE_EVENTS} (?P<events>{COUNT}|[Nn]one) {_PERSONS}? (?P<of>{_OF}) (?P<total>{COUNT}) {_NO_TIME} (?P<people>{_PERSONS})?")  # fmt: skip
# 9 (69%) of 13 patients, nine patients (69%) of 13
_PERCENT_WITHIN = re.compile(rf"""(?x)
    {_BEFORE_EVENTS} (?P<events>{COUNT}) {_PERSONS}? \s? [(\[] \s? (?P<value>{DECIMAL}) \s?%
    (?P<inner> \s?[,;(\[] [^()\[\]]{{3,40}} [)\]]? )? \s? [)\]] \s (?:out\s)?of \s (?:{_OF_ALL}\s)? (?P<total>{COUNT}) {_NO_TIME} {_PERSONS}?
""")
# 69% (9/13), 69% [9 of 13 patients], 69.2%, 9 of 13
_PERCENT_FIRST = re.compile(rf"""(?x)
    {_BEFORE_EVENTS} (?P<value>{DECIMAL}) {PERCENT} (?P<opening> \s?[(\[]\s? | ,\s ) (?:[nN](?:/N)?\s?=\s?)?
    (?P<events>{COUNT}) {_OF} (?P<total>{COUNT}) {_NO_TIME} {_PERSONS}?
""")
# 12 patients (30%), n = 12 (30%)
_EVENTS_ONLY = re.compile(rf"""(?x)
    {_BEFORE_EVENTS} (?:[nN]\s?=\s?)? (?P<events>{COUNT}) {_PERSONS}? \s? [(\[,] \s? (?P<value>{DECIMAL}) \s?% (?= \s?[)\]] | [;,]\s )
""")
# Of the 13 evaluable patients, nine had; where a percentage follows, the two numbers are read apart
_WHOLE_FIRST = re.compile(rf"""(?x)
    \b(?i:of|among|in|from) \s (?:{_OF_ALL}\s)? (?P<total>{COUNT}) {_PERSONS} (?:\s[a-z][^.;,()\d%]{{1,50}})? , \s (?:only\s)?
    (?P<events>{COUNT}) (?:{_PERSONS})?
    (?= \s (?: (?:had|has|have|were|was|are|did|died|went|lost|left|got|gave|took|felt|met|fell|became|withdrew|underwent)\b
              | \w+ed (?: \s?[.,;)] | \s(?:a|an|the|no|their|at|in|on|by|with|to|for|from|after|before|during|within|and|because)\b ) ) )
""")
# n (%): 31 (48.4), n/N (%): 14/88 (15.9); the head says what the numbers in brackets are
_TABLE_HEAD = re.compile(r"\b(?i:n|no\.?|number)(?:\s?/\s?N)?,?\s?[(\[]?\s?%\s?[)\]]")
_TABLE_CELL = re.compile(rf"[^.;()\d]{{0,40}}?(?P<events>{WHOLE})(?:\s?/\s?(?P<total>{WHOLE}))?\s?[(\[]\s?(?P<value>{DECIMAL})\s?%?\s?[)\]]")  # fmt: skip
_NO_PEOPLE = re.compile(
    r"\s(?:[A-Za-z-]+\s){0,2}?(?i:arms?|groups|cohorts|regimens?|schedules?|treatments?|strategies|doses|dose\slevels|schemes"
    r"|options|conditions|interventions|sequences|centres|centers|sites|hospitals|countries|methods|ways|trials|studies)\b"
)
# one of several things is a choice; one of several lesions is a finding
_CHOICE = re.compile(r"\s(?!(?:[a-z-]+\s)?(?:lesions|tumou?rs|metastases|nodules|eyes|teeth|knees|hips|grafts|samples|biopsies|tests)\b)(?:[a-z-]+\s){0,2}?[a-z]+s\b")  # fmt: skip
_ALLOTTED = re.compile(r"\b(?i:assigned|allocated|allotted|randomi[sz]ed|randomly|divided|placed|put)\s(?:\w+\s){0,2}(?:to|into|in)\s$")  # fmt: skip
_PERCENT_AFTER = re.compile(rf"\s?(?:[(\[]|=|,)\s?(?P<value>{DECIMAL}){PERCENT}(?=\s?[)\];,.]|\s?$|\s[^\d(])")
_PERCENT_LATER = re.compile(rf"(?:\s[a-z-]+){{1,2}}\s[(\[]\s?(?P<value>{DECIMAL})\s?%\s?[)\]]")  # 31/34 lesions (91.2%)
_IN_INTERVAL = re.compile(r"[;,]\s?")
_AMONG = re.compile(r"\d\s(?:[A-Za-z]+\s){1,3}(?:among|in|of|from)\s$")  # `6 responses among` 24 patients (25%)
_PREFIX = re.compile(
    r"\b(?i:days?|cycles?|weeks?|phase|part|figure|table|page|step|arm|cohort|grades?|visual|ratio|stage|compound|lines?|in)\s$"
    r"|\b(?i:scor(?:es?|ed)|scale|acuity|apgar)\b[^.;,()]{0,24}$"
)


def read_fractions(text: str) -> list[Quantity]:
    """Return the proportions of a smooth text that print how many, with the percentage where it stands beside them."""
    return read_apart(_matches(text), _read_fraction)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Give what may be a proportion, the most telling notation first."""
    for head in _TABLE_HEAD.finditer(text):
        place = head.end()
        while cell := _TABLE_CELL.match(text, place):
            place = cell.end()
            yield cell
    for pattern in (_WHOLE_FIRST, _PERCENT_WITHIN, _PERCENT_FIRST, _FRACTION, _EVENTS_ONLY):
        yield from pattern.finditer(text)


def _read_fraction(match: re.Match[str]) -> list[Quantity]:
    """Return the proportion of *match*, with the percentage and the interval that follow it."""
    text, groups = match.string, match.groupdict()
    events = read_count(groups["events"])
    total = read_count(groups["total"]) if groups.get("total") else None
    before = text[max(0, match.start() - 40) : match.start()]
    if _AMONG.search(before) if total is None else not _is_plausible(match, before, events, total):
        return []
    start, end = match.start("events") if match.re is _TABLE_CELL else match.start(), match.end()
    value = float(groups["value"]) if groups.get("value") else None
    if value is None:
        percent, later = _PERCENT_AFTER.match(text, end), _PERCENT_LATER.match(text, end)
        if later and total and abs(float(later["value"]) - 100 * events / total) < 1:  # behind what was counted
            percent = percent or later
        if percent:
            value, end = float(percent["value"]), percent.end()
    if value is not None and value > 100:
        return []
    comma = _IN_INTERVAL.match(text, end)
    inner = match.start("inner") if groups.get("inner") else end
    interval = read_interval(text, inner) or (comma and read_interval(text, comma.end()))
    end = close_brackets(text, start, max(end, interval.end) if interval else end)
    if interval is None and (interval := read_interval(text, end)):
        end = close_brackets(text, start, interval.end)
    bounds = (interval or Interval())[:3]
    return [Quantity("proportion", value, *bounds, events=events, total=total, start=start, end=end)]


def _is_plausible(match: re.Match[str], before: str, events: int, total: int) -> bool:
    """Tell a proportion from a date, a phase, `two of three strategies` or `1/2 of the dose`."""
    text, groups, end = match.string, match.groupdict(), match.end()
    if events > total or total < 2 or _NO_PEOPLE.match(text, match.end("total")) or _ALLOTTED.search(before):
        return False
    if match.re is _WHOLE_FIRST or groups.get("value") or groups.get("people") or _PERCENT_AFTER.match(text, end):
        return True
    in_words = not groups["total"][0].isdigit() and not groups["events"][0].isdigit()
    choice = events == 1 and "of" in groups["of"] and _CHOICE.match(text, end)
    of_something = text.startswith((" of", "-"), end)
    small_print = "/" in (groups.get("of") or "") and total <= 4
    doubtful = small_print or _PREFIX.search(before)
    return not (in_words or choice or of_something or (doubtful and not re.search(r"\bin\s$", before)))
