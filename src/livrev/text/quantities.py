"""Find every quantity that a text states: ratios, p-values, medians, rates, doses, proportions, sample sizes and dates.

Each kind has its reader. They read in turn, the most telling notation first, and what one has read is hidden from the
next; what none can read gives nothing.
"""

import re
from collections.abc import Callable

from livrev.text.counts import read_counts
from livrev.text.dates import read_dates
from livrev.text.doses import read_doses
from livrev.text.intervals import P_VALUE, normalise_p
from livrev.text.masking import hide, hide_traps
from livrev.text.medians import read_medians
from livrev.text.numbers import NUMBER_WORD, smooth
from livrev.text.percents import read_percents
from livrev.text.proportions import read_fractions
from livrev.text.quantity import Quantity, quantity_to_json
from livrev.text.rates import read_rates
from livrev.text.ratios import read_ratios

__all__ = ["Quantity", "find_quantities", "quantity_to_json"]

_P = re.compile(P_VALUE, re.VERBOSE)
_LIMIT_BEFORE = re.compile(
    r"\b(?i:significance|significant|threshold|alpha|boundary|cut-?off|criterion|level)\b[^.;()]{0,40}"
    r"\b(?:at|as|if|when|where|of|was|is)\s(?:an?\s|the\s)?$"
    r"|\b(?i:signifi[kc]\w+|seuil|nivel|Niveau)\b[^.;()]{0,40}\b(?:galt(?:en)?|bei|ab|de|à|si|cuando|lorsque|quand)\s$"
)
_LIMIT_AFTER = re.compile(
    r"[^.;]{0,30}\b(?i:considered|deemed|regarded|taken\sas|defined|indicat\w+|denot\w+|significance)\b"
)
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
    page = hide_traps(hide(page, [(date.start, date.end) for date in found]))
    for read in _READERS:
        read_now = read(page)
        if read is read_ratios:
            found += _read_p_of_ratios(page, read_now)
        page = hide(page, [(quantity.start, quantity.end) for quantity in read_now])
        found += read_now
    return sorted(found, key=lambda quantity: (quantity.start, -quantity.end))


def _read_p_of_ratios(text: str, ratios: list[Quantity]) -> list[Quantity]:
    """Return the p-values that the *ratios* carry as quantities of their own."""
    found = []
    for ratio in ratios:
        matches = [m for m in _P.finditer(text, ratio.start, ratio.end) if normalise_p(m) == ratio.p]
        if ratio.p is not None and matches:
            found.append(Quantity("p", p=ratio.p, start=matches[-1].start(), end=matches[-1].end()))
    return found


def _read_p_values(text: str) -> list[Quantity]:
    """Return the p-values that belong to no ratio; a limit of significance is none."""
    return [
        Quantity("p", p=normalise_p(match), start=match.start(), end=match.end())
        for match in _P.finditer(text)
        if not _LIMIT_BEFORE.search(text, max(0, match.start() - 60), match.start())
        and not _LIMIT_AFTER.match(text, match.end())
    ]


_READERS: tuple[Callable[[str], list[Quantity]], ...] = (
    read_ratios,
    _read_p_values,
    read_medians,
    read_doses,
    read_fractions,
    read_rates,
    read_percents,
    read_counts,
)
