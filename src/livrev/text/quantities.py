"""Find every quantity that a text states: ratios, p-values, medians, rates, doses, proportions, sample sizes and dates.

Each kind has its reader. They read in turn, the most telling notation first, and what one has read is hidden from the
next; so is what looks like a quantity and is none. What none can read gives nothing.
"""

import re
from datetime import date

from livrev.text.amounts import PEOPLE, read_counts, read_doses
from livrev.text.estimates import read_medians, read_ratios
from livrev.text.numbers import NUMBER_WORD, P_VALUE, Quantity, normalise_p, read_apart, smooth
from livrev.text.proportions import read_fractions, read_percents
from livrev.text.rates import read_rates

FILLER = "\u00a4"  # stands, character for character, where nothing is to be read

_DIGITS_AND_ON = r"\d+ (?: \s?(?:[-/,+]|and|to|or)\s? \d+ )*"
_TRAP = re.compile(rf"""(?x)
    (?= [\w\[] ) (?: (?<!\w) | (?= [\[\dhw] ) )                                       # where any of them can begin
    (?: (?:https?://|www\.)\S+ | \bdoi:\s?\S+ | \b10\.\d{{4,9}}/\S+                     # addresses
  | \b(?:NCT|ISRCTN|ChiCTR|UMIN|CTRI|EudraCT|PMID|PMC)[-:\s]{{0,2}}[\d-]+             # registry numbers
  | (?<![\d%])(?<![\d%]\s) \[ \d{{1,3}} (?: \s?[-,]\s? \d{{1,3}} )* \]                # citations [3, 5-7]
  | \b\d{{4}};\s?\d+ (?:\(\d+\))? :\s?e?\d+ (?:-\d+)?                                 # 2024;16(8):2374-81
  | \bpp?\.\s?\d+ (?:-\d+)? | \bpages?\s\d+ (?:-\d+)?                                 # pages
  | \b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b | \b\d{{4}}/\d{{1,2}}/\d{{1,2}}\b               # days in unclear order
  | \b(?:0?[1-9]|1[0-2])/(?:19|20)\d\d\b (?!\s?\()                                     # 12/2015
  | \b24/7\b | \b\d+/\d+\s?mm\s?Hg
  | \b(?i:phases?) [\s-]? (?:[1-4]|I{{1,3}}|IV)[abAB]? (?: \s?(?:[/-]|or|to|and)\s? (?:[1-4]|I{{1,3}}|IV)[abAB]? )? (?!\w)
  | \b(?i:grades?|gr\.|stages?|BCLC|CNLC|Child-?Pugh|ECOG(?:\s(?:PS|performance\sstatus))?(?:\s(?:of|score))?|ALBI(?:\sgrade)?)
      \s? [≥≤<>=]{{0,2}} \s? \d (?!\d) (?: \s?(?:[-/,]|or|to|and)\s? \d (?![\d%.]) )*
      (?: \s or \s (?:higher|worse|more|greater|above) )?
  | \b(?i:fig(?:ure)?s?|tables?|refs?|references?|eqs?|equations?|boxes|box|appendix|suppl(?:ement(?:ary)?)?(?:\s(?:fig(?:ure)?|table))?)
      \.? \s? S?\d+ [A-Za-z]? (?: \s?[-,]\s? \d+ [A-Za-z]? )* (?![\d.%])
  | \b(?i:arm|cohort|group) \s (?! \d{{2,}} \s (?:[a-z-]+\s){{0,2}} {PEOPLE}\b ) {_DIGITS_AND_ON} (?! [\d.%] | \s?(?:patients|%) )
  | \b(?i:(?:per)?centiles?|(?:ter|quar|quin)tiles?|deciles?|categories|levels|classes|genotypes) \s
      \d{{1,2}} (?: \s?(?:[-/,+]|,?\sand|,?\sor|to)\s? \d{{1,2}} )+ (?! [\d.%] | \s?(?:patients|%) )            # quartiles 2, 3, and 4
  | \b(?i:days?|cycles?|line|part|step|(?:dose|evidence)\slevel|visit|version|type|tier) \s {_DIGITS_AND_ON}
      (?! [\d.%] | \s?(?:patients|%|mg|[µμ]g|g|mL|Gy|kg|months|weeks|years)(?![A-Za-z]) )
  | (?<![\d.]) \d{{1,3}} \s?:\s? \d{{1,3}} (?: \s?:\s? \d{{1,3}} )* (?![\d.])           # 2:1 randomisation
  | (?<![\d.]) \d \s? \+ \s? \d (?![\d.])                                             # 3 + 3 design
  | \b(?i:PD-?L1|TPS|CPS|TMB|AFP|Ki-?67|Ki67|expression|positivity) [^.;,()\d]{{0,30}}?
      (?: [≥≤<>]=? | (?i:at\sleast|greater\sthan|more\sthan|less\sthan|below|above|cut-?off(?:\sof)?) ) \s? \d+(?:\.\d+)? (?:\s?%)?
  | \b(?:(?:Hb)?A1c|(?:LV)?EF|FEV1|[SF][pai]O2|(?i:ejection\sfraction|(?:oxygen\s)?saturation|ha?ematocrit|humidity)\b)         # measured in percent
      (?! [^.;,()\d%]* \b(?:in|by|among|for)\s ) [^.;,()\d%]{{0,25}} \d+(?:\.\d+)?\s?% (?: \s?(?:to|and|-|vs?\.?|versus)\s? \d+(?:\.\d+)?\s?% )*
  | \b(?i:aged?) \s (?:between\s)? \d+ \s? (?:-|to|and) \s? \d+
  | (?<![\w/]) (?! I2\b | C?O2\b | m2\b | x\d | (?:m|kg|d|day)\^?-[12](?!\d) | (?:CI|IC|KI)\s?\d | [A-Za-z]{{0,2}}(?:HR|OR|RR)s?\d | [nNpP]\d*\.\d )    # names: IMbrave150, PD-1, CD8, p16
      [A-Za-z\u0391-\u03c9]{{1,20}} (?: -[A-Za-z(]{{1,12}}\)? ){{0,3}} -? \d{{1,8}} (?: [.-]\d+ )* [A-Za-z]{{0,12}} (?! \w | \.\d )
    )
""")


def hide(text: str, found: list[Quantity]) -> str:
    """Return *text* with the quantities *found* filled in, so that nothing is read twice."""
    for one in found:
        text = text[: one.start] + FILLER * (one.end - one.start) + text[one.end :]
    return text


_MONTHS = "January February March April May June July August September October November December"
_NUMBER = {name[:3]: number for number, name in enumerate(_MONTHS.split(), 1)}
_MONTH = rf"(?P<month>{_MONTHS.replace(' ', '|')}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?![\d-])"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_PATTERNS = [
    re.compile(r"(?<![\w-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])"),
    re.compile(rf"(?<![\w.,/-]){_DAY}\s(?:of\s)?{_MONTH},?\s{_YEAR}"),
    re.compile(rf"\b{_MONTH}\s{_DAY}(?:,\s?|\s){_YEAR}"),
    re.compile(rf"\b{_MONTH}(?:\s|,\s?|\sof\s){_YEAR}"),
]


def read_dates(text: str) -> list[Quantity]:
    """Return the dates of a smooth text, as exact as printed: `2021-01-04`, `2020-05`."""
    matches = (match for pattern in _PATTERNS for match in pattern.finditer(text))
    return [date for date in read_apart(matches, _read_date) if date.value]


def _read_date(match: re.Match[str]) -> list[Quantity]:
    """Return the date of *match*, without value where no calendar has it: so its month is not read alone."""
    day, month = match.groupdict().get("day"), match["month"]
    try:
        found = date(int(match["year"]), _NUMBER.get(month[:3]) or int(month), int(day or 1)).isoformat()
    except ValueError:
        found = ""
    return [Quantity("date", found if day else found[:7], start=match.start(), end=match.end())]


_P = re.compile(P_VALUE, re.VERBOSE)
# P = 0.04, 0.002 and <0.001, respectively
_AND_P = r"(?:,\s|,?\sand\s)(?P<sign>[<>]?)\s?(?P<p>0?\.\d{1,5})"
_FURTHER_P = re.compile(rf"{_AND_P}(?=(?:,\s|,?\sand\s)[<>]?\s?0?\.\d|,?\srespectively)")
_LIMIT_BEFORE = re.compile(
    r"\b(?i:significance|significant|threshold|alpha|boundary|cut-?off|criterion|level)\b[^.;()]{0,40}"
    r"\b(?:at|as|if|when|where|of|was|is)\s(?:an?\s|the\s)?$"
    r"|\b(?i:signifi[kc]\w+|seuil|nivel|Niveau)\b[^.;()]{0,40}\b(?:galt(?:en)?|bei|ab|de|à|si|cuando|lorsque|quand)\s$"
)
_LIMIT_AFTER = re.compile(r"[^.;]{0,30}\b(?i:considered|deemed|regarded|taken\sas|defined|indicat\w+|denot\w+|significance|(?:as|was|is)\s(?:the|a)\s(?:threshold|cut-?off|limit))\b")  # fmt: skip
_ANYTHING = re.compile(rf"\d|\b(?:{NUMBER_WORD})\b", re.IGNORECASE)


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of *text* in reading order.

    Their spans lie in *text* and do not overlap, but for the p-value of a ratio: it is on the ratio, and also stands on
    its own, within the ratio's span.
    """
    if not _ANYTHING.search(text):
        return []
    page = smooth(text)
    found = read_dates(page)
    page = _TRAP.sub(lambda trap: FILLER * len(trap.group()), hide(page, found))
    p_values, ratios = _read_p_values(page), read_ratios(page)
    found += p_values + ratios
    page = hide(hide(page, ratios), p_values)
    for read in (read_medians, read_doses, read_fractions, read_rates, read_percents, read_counts):
        read_now = read(page)
        page = hide(page, read_now)
        found += read_now
    return sorted(found, key=lambda quantity: (quantity.start, -quantity.end))


def _read_p_values(text: str) -> list[Quantity]:
    """Return the p-values of a smooth text, also those of its ratios; a limit of significance is none."""
    found = []
    for match in _P.finditer(text):
        before = _LIMIT_BEFORE.search(text, max(0, match.start() - 60), match.start())
        one = None if before or _LIMIT_AFTER.match(text, match.end()) else match
        while one:
            found.append(Quantity("p", p=normalise_p(one), start=one.start(), end=one.end()))
            one = _FURTHER_P.match(text, one.end())
    return found
