"""Read how many people or animals (`n = 42`, `501 patients`, `forty-two participants`), and doses of radiation, drugs and cells."""

import re

from livrev.text.estimates import read_interval
from livrev.text.numbers import AMOUNT, BEFORE_NUMBER, COUNT, WHOLE, Quantity, read_apart, read_count, read_number

_NOUNS = """
    participants? subjects? adults? individuals? people persons women men children babies cases controls (?:in|out)patients volunteers donors recipients
    candidates enroll?ees attendees trainees employees refugees interviewees amputees survivors decedents (?:non-?)?responders completers respondents
    infants newborns neonates toddlers adolescents teenagers schoolchildren (?:school)?girls (?:school)?boys males females seniors elders pensioners
    octogenarians nonagenarians centenarians mothers fathers parents siblings twins relatives probands caregivers carers carriers
    (?:non-?|never-?|ex-?)?smokers (?:non-?)?drinkers abstainers (?:non-?)?users nurses midwives physicians doctors clinicians surgeons obstetricians
    pa?ediatricians dentists pharmacists psychologists psychiatrists (?:physio)?therapists technicians students pupils teachers workers farmers miners
    firefighters soldiers veterans residents inhabitants inmates prisoners immigrants migrants athletes runners swimmers cyclists
    mice rats hamsters rabbits pigs piglets minipigs dogs cats sheep ewes lambs goats cows calves horses hens chickens broilers ferrets rodents macaques
    monkeys baboons animals
"""
# `patient` counts one, or is a `24-patient` series: no 73-year-old patient, no 56 patient visits
PEOPLE = rf"(?:patients|pts|(?<=[Oo]ne\s)patient|(?<=\b1\s)patient|(?<=\d-)patient|{'|'.join(_NOUNS.split())})"
_FUNCTION_WORDS = (
    "new|hundred|thousand|million|billion|of|in|on|and|or|to|the|with|without|for|at|by|per|from|than|v|vs|versus|were|was|is|are|had|has|have|received|died|as|that"
    "|after|before|during|while|when|who|whose|which|where|minutes?|hours?|hrs?|seconds?"
    "|months?|weeks?|days?|years?|cycles?|mg|gy|cm|mm|lines?|trials?|studies|centres?|centers?|sites?|lesions?|arms?|groups?"
    "|countries|hospitals|institutions|deaths?|events?|times|fold|percent|doses?|fractions?|metastases|tumou?rs?|samples?|courses?"
)
_BEFORE = r"(?<![\w.,/<>≥≤~±+:$#-])(?<![<>≥≤~]\s)(?<!-\s)"
_SPACED = r"\d{1,3}(?:\s\d{3})+(?![\d.])"  # 1 204
_WHOLE_TIME = re.compile(r"\d[\s-]?(?:minutes|hours|days|weeks|months|years)\s$")  # `at 12 months 301 patients`
_NAMED_GROUP = re.compile(r"\b(?i:arm|cohort|group)\s$")
_LARGE = 20  # from here on a number behind `arm` or `group` is not its name
_REST_OF_A_WORD = re.compile(r"\b(?i:hundreds?|thousands?|millions?|dozens?)\s(?i:and\s)?$")
_LIMITED = re.compile(
    r"(?i:\b(?:at\s+least|up\s+to|more\s+than|fewer\s+than|less\s+than|every|per|minimum\s+of|maximum\s+of|\d\s?(?:to|in|-)"
    r"|days?|weeks?|months?|cycles?|years?|ages?|aged|under|below|above|score|grade|phase|arm|cohort|stage|level|one\s+in|until|since|between))\s*$"
)
_NAMED_N = re.compile(rf"(?<![\w])(?:[nN]|sample\ssize)\s?(?:=|:|\bof\b|\bwas\b)\s?(?P<count>{WHOLE})(?!\s?/\s?\d|\s?%|\w)")  # fmt: skip
_PEOPLE = re.compile(rf"""(?x)
    {_BEFORE} (?: (?P<first>(?:{COUNT},\s){{0,5}}{COUNT}) (?<!undred)(?<!ousand) ,?\s (?:and|v|vs\.?|versus) \s )? (?P<count>{_SPACED}|{COUNT}) [\s-]
    (?: (?! (?i:{_FUNCTION_WORDS})[\s,-] ) (?:[A-Za-z¤][\w¤/+-]{{0,24}}|\d[A-Z]) (?:\s?\(\w{{1,12}}\))? ,?\s ){{0,5}}?
    (?i:{PEOPLE}) (?![\w-])
""")
_TREATED = re.compile(rf"""(?x)
    {_BEFORE} (?P<count>{COUNT}) \s (?:were|was) \s
    (?:then\s|randomly\s|subsequently\s)? (?:randomi[sz]ed|enrolled|included|recruited|assigned|analy[sz]ed|treated|eligible|screened|evaluable)\b
""")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE_YEAR = re.compile(r"\b(?i:in|since|during|and|until|from|to|by)\s$")


def read_counts(text: str) -> list[Quantity]:
    """Return the numbers of people or animals that a smooth text states outright; limits and ranges are left out."""
    patterns = _NAMED_N, _PEOPLE, _TREATED
    return read_apart((match for pattern in patterns for match in pattern.finditer(text)), _read_count)


def _read_count(match: re.Match[str]) -> list[Quantity]:
    """Return the count of *match*, and those before it that share its noun; none where it is a limit, a range or a year."""
    text, place = match.string, match.start("count")
    before = text[max(0, match.start() - 24) : match.start()]
    if match.re is _NAMED_N:
        place = match.start()
    else:
        sure = _WHOLE_TIME.search(before) or (_NAMED_GROUP.search(before) and read_count(match["count"]) >= _LARGE)
        year = _YEAR.fullmatch(match["count"]) and _BEFORE_YEAR.search(text, max(0, place - 9), place)
        if year or _REST_OF_A_WORD.search(before) or (_LIMITED.search(before) and not sure):
            return []
    places = [(place, match.end(), match["count"])]
    if match.groupdict().get("first"):
        numbers = re.compile(COUNT).finditer(text, *match.span("first"))
        places += [(*number.span(), number[0]) for number in numbers if not _YEAR.fullmatch(number[0])]
    return [Quantity("n", float(read_count(printed)), start=start, end=end) for start, end, printed in places]


# `/m2`, `m⁻²`, `per kg`; each is written as `/m2`, `/kg` whatever the print
_PER_WHAT = r"kg|m2|m²|m\^2|m\(2\)|day|d|h|hour|dose|fraction|fx|week|patient"
_PER = (
    rf"(?:\s?/\s?(?:{_PER_WHAT})(?![A-Za-z\d])|\sper\s(?:{_PER_WHAT}|kilogram|square\smet(?:er|re))(?![A-Za-z\d])"
    r"|[\s.·]{0,2}(?:m(?:\^?-2|⁻²|\(-2\))|(?:kg|d|day|h)(?:\^?-1|⁻¹|\(-1\)))(?![A-Za-z\d]))"
)
_PLAIN_PER = (
    (r"\sper\s", "/"), (r"\s?/\s?", "/"), (r"kilogram", "kg"), (r"square\smet(?:er|re)|m²|m\^2|m\(2\)", "m2"),
    (r"[\s.·]*\bm(?:\^?-2|⁻²|\(-2\))", "/m2"), (r"[\s.·]*\b(kg|d|day|h)(?:\^?-1|⁻¹|\(-1\))", r"/\1"), (r"/d\b", "/day"),
)  # fmt: skip
# a difference, a change, a limit or a weight is no dose, nor is what has an interval or a sign
_NO_DOSE = re.compile(r"""(?x)
    (?i: \b(?: differences? | changes? | loss | loses? | lost | gain(?:s|ed)? | increas(?:es?|ed) | decreas(?:es?|ed) | reduc(?:tions?|ed) | fell | falls?
        | rose | rises? | drop(?:s|ped)? | declin\w+ | taper\w* | differ(?:s|ed)? | MD | WMD | SMD | coefficient | weigh(?:s|ed|ts?) | grew ) ) \b [^.;\d]{0,30} $
    | \b(?i: intakes? | consum\w+ | excret\w+ | dietary | urinary | concentrations? | weights? | mass ) \b (?:[^.;]|\.(?=\d)){0,80} $
    | (?: ^ | [\s(] ) -\s? $
    | \b(?i: (?:more|less|greater|higher|lower|fewer) \s than | at \s least | exceed\w* | above | below | over | under ) \s (?:an?\s)? $
""")
_AMOUNT = r"(?:Gy(?:\s?\(RBE\)|E)?|cGy|GBq|MBq|mCi|mg|µg|μg|ug|mcg|g|IU|MIU)"
_NO_RANGE_BEFORE = r"(?<!g/)(?<![<>≥≤]\s)(?<![<>≥≤])(?<!\d\sto\s)(?<!\d\s-\s)(?<!\dto\s)(?<!\sto\s)(?<!between\s)"
# what is printed per something else is a concentration, a yield or a content: mg/dL, g/cm2, mg/24 h, µg m-3, mg%
_OTHER_PER = r"\.?\s?/(?!\s?\d[\d.]*\s?(?:Gy|fx|fr|fractions?|F)\b)|[\s.·]{0,2}[A-Za-z]{1,4}(?:\^?-[123]|⁻[¹²³])|\s?%|[·.]min|-?g\s(?:fe)?male|\sper\s(?:m?l|m?L|d[lL]|lit\w+|g|gram|100)\b"
_DOSE = re.compile(rf"""(?x)
    {BEFORE_NUMBER}{_NO_RANGE_BEFORE}
    (?: (?P<times_before>\d{{1,2}}) \s?x\s? )?
    (?P<value>{AMOUNT}) \s?-?\s? (?P<amount>{_AMOUNT}) (?P<per>{_PER}*)
    (?! [A-Za-z\d] | {_OTHER_PER} | \s?(?:-|to|and\sup)\s?\d )
    (?P<plan> \s?x\s?\d{{1,2}}(?:\s(?:fractions?|fx))?(?![\d.])
        | \s?(?:in|/|over)\s?\d{{1,2}}\s(?:(?:once-)?daily\s)?(?:fractions?|fx)\b
        | \s?in\s(?:one|two|three|four|five|six|eight|ten)\sfractions?\b )?
""")
# 2 x 10^6, 10⁶, 1e6, 3 million; `2 x 106 cells` has lost the mark of its power
_POWER = r"""
    (?: (?P<value>\d+(?:\.\d+)?)[eE](?P<short>\d{1,2}) | (?P<worded>\d+(?:\.\d+)?)\s(?P<scale>million|billion)
      | (?: (?P<factor>\d+(?:\.\d+)?) \s?[xX*]\s? | (?<![xX*])(?<![xX*]\s) )
        10 (?: \^\s?\(?(?P<hat>\d{1,2})\)? | \((?P<bracket>\d{1,2})\) | (?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}) | \s(?P<loose>\d{1,2})(?=\s?(?:/kg|\w*\s?\w*[-\s]?cells)) | [eE](?P<e>\d{1,2})
        | (?:(?<=x10)|(?<=x\s10))(?P<flat>[5-9]|1[0-2]) ) )
"""
_OF_WHAT = {"cells": r"cells?", "PFU": r"PFU|pfu", "CFU": r"CFU|cfu", "vg": r"vg", "vp": r"vp|viral\sparticles"}
_CELLS = re.compile(rf"""(?x)
    {BEFORE_NUMBER}{_NO_RANGE_BEFORE} {_POWER} (?![\d.]\d)
    (?: (?: [\s+()-]{{1,4}} (?!(?:of|in|and|or|to|per|with|on|at|for|were|was|people)\b) [A-Za-z¤][A-Za-z¤]{{0,20}} ){{0,5}}?
        [\s+()-]{{0,4}} (?P<what>{"|".join(_OF_WHAT.values())}) (?P<per>{_PER}{{0,2}}) | (?P<only>\s?/\s?kg\b) )
    (?! [A-Za-z\d] | {_OTHER_PER} | \s?(?:-|to)\s?\d )
""")
_POWERS = ("short", "hat", "bracket", "raised", "loose", "e", "flat")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def read_doses(text: str) -> list[Quantity]:
    """Return the doses of a smooth text; a dose range is left out.

    `value` is the amount printed; `unit` says of what, and the fractions: `Gy in 5 fractions`, `cells/kg`.
    """
    found = []
    for match in _CELLS.finditer(text):
        power = next((match[name] for name in _POWERS if match[name]), "9" if match["scale"] == "billion" else "6")
        amount = match["value"] or match["worded"] or match["factor"] or "1"
        what = (name for name, printed in _OF_WHAT.items() if match["what"] and re.fullmatch(printed, match["what"]))
        unit = next(what, "") + _plain_per(match["per"] or match["only"] or "")
        value = float(f"{amount}e{int(power.translate(_SUPERSCRIPTS))}")
        found.append(Quantity("dose", value, unit=unit, start=match.start(), end=match.end()))
    for match in _DOSE.finditer(text):
        start = match.start("times_before" if match["times_before"] else "value")
        if _NO_DOSE.search(text, max(0, start - 60), start) or read_interval(text, match.end()):
            continue
        unit = match["amount"] + _plain_per(match["per"])
        if match["times_before"]:
            unit += f" x {match['times_before']}"
        elif match["plan"]:
            unit += " " + " ".join(re.sub(r"(?<=x)(?=\d)|(?<=/)(?=\d)", " ", match["plan"]).split())
        found.append(Quantity("dose", read_number(match["value"]), unit=unit, start=start, end=match.end()))
    return sorted(found, key=lambda dose: dose.start)


def _plain_per(printed: str) -> str:
    """Return `/kg/day` for every way to print it."""
    for pattern, plain in _PLAIN_PER:
        printed = re.sub(pattern, plain, printed)
    return printed.replace(" ", "")
