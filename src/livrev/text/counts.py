"""Read how many people or animals: `n = 42`, `501 patients`, `forty-two participants`."""

import re

from livrev.text.numbers import COUNT, WHOLE, Quantity, read_apart, read_count

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
_NAMED_N = re.compile(
    rf"(?<![\w])(?:[nN]|sample\ssize)\s?(?:=|:|\bof\b|\bwas\b)\s?(?P<count>{WHOLE})(?!\s?/\s?\d|\s?%|\w)"
)
_PEOPLE = re.compile(
    rf"""
    {_BEFORE} (?: (?P<first>{COUNT}) (?<!undred)(?<!ousand) \s (?:and|v|vs\.?|versus) \s )? (?P<count>{_SPACED}|{COUNT}) [\s-]
    (?: (?! (?i:{_FUNCTION_WORDS})[\s,-] ) (?:[A-Za-z¤][\w¤/+-]{{0,24}}|\d[A-Z]) (?:\s?\(\w{{1,12}}\))? ,?\s ){{0,5}}?
    (?i:{PEOPLE}) (?![\w-])
    """,
    re.VERBOSE,
)
_TREATED = re.compile(
    rf"""
    {_BEFORE} (?P<count>{COUNT}) \s (?:were|was) \s
    (?:then\s|randomly\s|subsequently\s)? (?:randomi[sz]ed|enrolled|included|recruited|assigned|analy[sz]ed|treated|eligible|screened|evaluable)\b
    """,
    re.VERBOSE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def read_counts(text: str) -> list[Quantity]:
    """Return the numbers of people or animals that a smooth text states outright; limits and ranges are left out."""
    return read_apart(
        (match for pattern in (_NAMED_N, _PEOPLE, _TREATED) for match in pattern.finditer(text)), _read_count
    )


def _read_count(match: re.Match[str]) -> list[Quantity]:
    """Return the count of *match*, and the one before it that shares its noun."""
    named = match.re is _NAMED_N
    if not named and _is_no_count(match.string, match):
        return []
    places = [(match.start() if named else match.start("count"), match.end(), match["count"])]
    if (first := match.groupdict().get("first")) and not _YEAR.fullmatch(first):
        places.append((*match.span("first"), first))
    return [Quantity("n", float(read_count(printed)), start=start, end=end) for start, end, printed in places]


def _is_no_count(text: str, match: re.Match[str]) -> bool:
    """Tell whether the number is a limit, a range, a year or the number of a day."""
    before = text[max(0, match.start() - 24) : match.start()]
    if _REST_OF_A_WORD.search(before):
        return True
    sure = _WHOLE_TIME.search(before) or (_NAMED_GROUP.search(before) and read_count(match["count"]) >= _LARGE)
    if not sure and _LIMITED.search(before):
        return True
    year = _YEAR.fullmatch(match["count"])
    return bool(
        year
        and re.search(
            r"\b(?i:in|since|during|and|until|from|to|by)\s$",
            text[max(0, match.start("count") - 9) : match.start("count")],
        )
    )
