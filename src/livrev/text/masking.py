"""What looks like a quantity and is none: names with digits, phases, grades, citations, randomisation ratios, thresholds."""

import re

from livrev.text.counts import PEOPLE

FILLER = "\u00a4"  # stands, character for character, where nothing is to be read

_DIGITS_AND_ON = r"\d+ (?: \s?(?:[-/,+]|and|to|or)\s? \d+ )*"
_TRAP = re.compile(
    rf"""
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
  | (?<![\w/]) (?! I2\b | x\d | (?:m|kg|d|day)\^?-[12](?!\d) | (?:CI|IC|KI)\s?\d | [A-Za-z]{{0,2}}(?:HR|OR|RR)s?\d | [nNpP]\d*\.\d )    # names: IMbrave150, PD-1, CD8, p16
      [A-Za-z\u0391-\u03c9]{{1,20}} (?: -[A-Za-z(]{{1,12}}\)? ){{0,3}} -? \d{{1,8}} (?: [.-]\d+ )* [A-Za-z]{{0,12}} (?! \w | \.\d )
    )
    """,
    re.VERBOSE,
)


def hide_traps(text: str) -> str:
    """Return *text* with its traps filled in, character for character."""
    return _TRAP.sub(lambda match: FILLER * len(match.group()), text)


def hide(text: str, spans: list[tuple[int, int]]) -> str:
    """Return *text* with *spans*, in order and apart, filled in, so that nothing is read twice."""
    pieces, place = [], 0
    for start, end in spans:
        pieces += [text[place:start], FILLER * (end - start)]
        place = end
    return "".join([*pieces, text[place:]])
