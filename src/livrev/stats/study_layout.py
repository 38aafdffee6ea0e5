"""Which column of a table of studies is which, under the names that papers and programs use; and what is wrong with a header."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import product
from typing import Literal, cast

from livrev.stats.effect_sizes import MEASURES
from livrev.stats.spreadsheet import NumberStyle, Sheet, is_missing, learn_style, numbers_in, split_estimate

_LOG = ("log", "ln")
_OWN = {
    "HR": ("hr", "hazardratio", "ahr", "adjustedhr", "adjustedhazardratio", "hrs"),
    "OR": ("or", "oddsratio", "aor", "adjustedor", "adjustedoddsratio"),
    "RR": ("rr", "riskratio", "relativerisk", "rateratio", "adjustedrr"),
    "RD": ("rd", "riskdifference", "absoluteriskdifference"),
    "MD": ("md", "meandifference", "wmd", "meandiff"),
    "SMD": ("smd", "hedgesg", "g", "standardisedmeandifference", "standardizedmeandifference"),
}
_ONE = ("1", "e", "t", "trt", "exp", "experimental", "treatment", "treated", "intervention", "active")
_TWO = ("2", "c", "ctrl", "control", "controls", "comparator", "placebo")
_LONG = 3  # a word may stand before as well as behind: treatment_events, events_treatment


def _arm(bases: Iterable[str], arms: Iterable[str]) -> set[str]:
    pairs = set(product(bases, arms))
    return {base + arm for base, arm in pairs} | {arm + base for base, arm in pairs if len(arm) > _LONG}


_BASE = {
    "study": {
        "study", "trial", "studies", "trials", "studyid", "studyname", "trialname", "studlab", "slab", "studylabel", "studie",
        "etude", "estudio",
    },
    "subgroup": {"subgroup", "subgroups"},
}  # fmt: skip
_EFFECT = {
    "value": {"value", "wert", "schatzer", "estimate", "effect", "es", "effectsize", "pointestimate", "effectestimate"},
    "ci_low": {
        "cilow", "cilower", "lowerci", "lowci", "lower", "low", "lcl", "lci", "cil", "llci", "lb", "cilb", "ll", "lowercl",
        "lowerlimit", "lowerbound", "lowerconfidencelimit", "lowerlimitci", "cilowerlimit", "cilowerbound", "lo",
        "conflow", "lowercilimit", "l", "cimin", "unteregrenze", "untergrenze", "unten",
    },
    "ci_high": {
        "cihigh", "ciupper", "upperci", "highci", "upper", "high", "ucl", "uci", "ciu", "ulci", "ub", "ciub", "ul", "uppercl",
        "upperlimit", "upperbound", "upperconfidencelimit", "upperlimitci", "ciupperlimit", "ciupperbound", "hi",
        "confhigh", "uppercilimit", "u", "cimax", "oberegrenze", "obergrenze", "oben",
    },
    "interval": {"ci", "interval", "confidenceinterval", "confint", "cis", "ciinterval", "conflimits", "ki", "ic", "konfidenzintervall"},
    "ci_level": {"cilevel", "conflevel", "confidencelevel", "levelci"},
    "yi": {"yi", "te", "logratio", "lnratio", "logeffect"},
    "sei": {"sei", "se", "sete", "stderr", "stderror", "standarderror", "seyi", "selogratio"},
    "vi": {"vi", "var", "variance", "v", "varyi", "vyi"},
}  # fmt: skip
_TOTALS = {
    "total1": {"n1i"} | _arm(("total", "n", "size", "patients"), _ONE),
    "total2": {"n2i"} | _arm(("total", "n", "size", "patients"), _TWO),
}
_COUNTS = {
    "events1": {"ai", "r1", "tpos"} | _arm(("event", "events"), _ONE),
    "events2": {"ci", "r2", "cpos"} | _arm(("event", "events"), _TWO),
    "rest1": {"bi", "tneg"} | _arm(("nonevents", "noevents"), _ONE),
    "rest2": {"di", "cneg"} | _arm(("nonevents", "noevents"), _TWO),
} | _TOTALS
_MEANS = {
    "mean1": {"m1i"} | _arm(("mean",), _ONE),
    "sd1": {"sd1i"} | _arm(("sd", "stddev"), _ONE),
    "mean2": {"m2i"} | _arm(("mean",), _TWO),
    "sd2": {"sd2i"} | _arm(("sd", "stddev"), _TWO),
} | _TOTALS
_SHARE = {
    "events": {"events", "event", "xi", "x", "r", "cases", "responders", "nevents", "deaths", "eventcount"},
    "total": {"total", "n", "ni", "patients", "totals", "samplesize", "size", "ntotal", "evaluable"},
}
CANONICAL = ("study", "subgroup", *_EFFECT, *_COUNTS, *_MEANS, *_SHARE)


def columns_of(measure: str) -> dict[str, set[str]]:
    """Return, for each column that a table of *measure* may have, the names that it may bear, as `simplify` gives them."""
    if measure == "proportion":
        return _BASE | _SHARE
    own = set(_OWN.get(measure, ()))
    names = own if measure in _OWN else {name for key in ("RD", "MD", "SMD") for name in _OWN[key]}
    logs = {log + name for log in _LOG for name in (own if measure in ("HR", "OR", "RR") else _ratios())}
    found = _BASE | _EFFECT
    found |= {
        "value": _EFFECT["value"] | names | {name + "ci" for name in names | _EFFECT["value"]},
        "yi": _EFFECT["yi"] | logs,
        "sei": _EFFECT["sei"] | {"se" + name for name in logs | names} | {name + "se" for name in logs},
        "vi": _EFFECT["vi"] | {"var" + name for name in logs | names},
    }
    if measure in ("OR", "RR", "RD"):
        found |= _COUNTS
    return found | _MEANS if measure in ("MD", "SMD") else found


def _ratios() -> set[str]:
    return {name for key in ("HR", "OR", "RR") for name in _OWN[key]}


def measure_named(header: str) -> str:
    """Return the measure that a column is named after (`Odds ratio (95% CI)`: OR), empty where it is none."""
    name = simplify(header)[0].removesuffix("ci")
    for log in _LOG:
        name = name.removeprefix(log) if name.removeprefix(log) in _ratios() else name
    return next((measure for measure, names in _OWN.items() if name in names), "")


def knows(header: str) -> bool:
    """Return whether a column of that name may mean something in any table of studies."""
    name = simplify(header)[0]
    every = (_BASE, _EFFECT, _COUNTS, _MEANS, _SHARE)
    return bool(measure_named(header)) or any(name in names for columns in every for names in columns.values())


def simplify(header: str) -> tuple[str, float | None]:
    """Return a column's name in small letters without signs, and the level of an interval that it names.

    >>> simplify("Lower 95% CI"), simplify("HR (90 % CI)"), simplify("n1i"), simplify("97.5 %")
    (('lowerci', 95.0), ('hrci', 90.0), ('n1i', None), ('cihigh', 95.0))
    """
    text = unicodedata.normalize("NFKD", header).casefold()
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text.strip()):  # R names the limits of an interval by their tails
        share = float(found[1])
        return ("cilow" if share < 50 else "cihigh"), abs(100 - 2 * share)
    level = None
    if re.search(r"ci|ki|ic|conf|low|upp|interval|limit|bound|grenze|%|^[lu]\d\d$", text):
        for found in re.finditer(r"(?<!\d)(\d{2}(?:[.,]\d+)?)(?!\d)\s*%?", text):
            number = float(found[1].replace(",", "."))
            if 50 <= number < 100:
                level, text = number, text[: found.start()] + text[found.end() :]
                break
    return re.sub(r"[^a-z0-9]", "", text), level


def assign_columns(header: list[str], measure: str) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return which column holds what, and, apart, what several columns claim to be.

    A column that bears the very name wins over one that is called alike; `ci` means the events of the second group
    beside metafor's `ai`, and an interval elsewhere.
    """
    wanted = columns_of(measure)
    simple = [simplify(cell)[0] for cell in header]
    two_by_two = "ai" in simple and measure in ("OR", "RR", "RD")
    claims: dict[str, list[int]] = {}
    for column, names in wanted.items():
        allowed = names - ({"ci"} if column == ("interval" if two_by_two else "events2") else set())
        places = [i for i, name in enumerate(simple) if name and name in allowed]
        exact = [i for i in places if header[i].strip().casefold() == column]
        if places := exact or places:
            claims[column] = places
    disputed = {column: places for column, places in claims.items() if len(places) > 1}
    return {column: places[0] for column, places in claims.items()}, disputed


Kind = Literal["interval", "error", "counts", "means", "share"]
RATIOS = ("HR", "OR", "RR")
WHOLE = frozenset(("events", "total", "events1", "total1", "events2", "total2", "rest1", "rest2"))
_TWO_COUNTS, _TWO_MEANS = "study,events1,total1,events2,total2", "study,mean1,sd1,n1,mean2,sd2,n2"
_TWO_GROUPS = {**dict.fromkeys(("OR", "RR", "RD"), _TWO_COUNTS), **dict.fromkeys(("MD", "SMD"), _TWO_MEANS)}
# names that need no word
_USUAL = {
    "interval": ("ci",), "yi": ("value",), "sei": ("se",), "events1": ("ai",), "events2": ("ci",), "rest1": ("bi",),
    "rest2": ("di",), "total1": ("n1i", "n1"), "total2": ("n2i", "n2"), "mean1": ("m1i",), "mean2": ("m2i",),
    "sd1": ("sd1i",), "sd2": ("sd2i",),
}  # fmt: skip


@dataclass(slots=True)
class Layout:
    """How the columns of one table are to be read: where each stands, which hold the numbers, and at what level."""

    kind: Kind
    places: dict[str, int]
    numbers: tuple[str, ...]
    level: float | None = None
    ratio_given: bool = False
    style: NumberStyle = field(default_factory=lambda: NumberStyle({}, {}))


def columns_for(measure: str) -> str:
    """Return the columns that a table of *measure* is written with, in words."""
    if measure == "proportion":
        return "study,events,total"
    return f"study,value,ci_low,ci_high (or {_TWO_GROUPS.get(measure, 'study,yi,vi')})"


def name_studies(sheet: Sheet) -> None:
    """Where no column is called study, let author and year, or the names of the rows, be one."""
    simple = [simplify(cell)[0] for cell in sheet.header]
    if set(simple) & columns_of("generic")["study"]:
        return
    for name in ("author", "authors", "firstauthor", "name", "label", "reference", "source", "citation", "publication"):
        if name in simple:
            parts = [simple.index(name), *([simple.index("year")] if "year" in simple else [])]
            sheet.header.append("study")
            sheet.rows = [(line, [*cells, " ".join(cells[i] for i in parts).strip()]) for line, cells in sheet.rows]
            return
    if not sheet.header[0] and any(not cells[0].isdigit() for _, cells in sheet.rows):
        sheet.header[0] = "study"


def choose_layout(sheet: Sheet, measure: str) -> Layout:
    """Return how the table is to be read. Raises ReviewError where its header does not say, or says two things."""
    places, disputed = assign_columns(sheet.header, measure)
    for column in sorted({cell for cell in sheet.header if cell and sheet.header.count(cell) > 1}):
        groups = f"; two groups are written {_TWO_GROUPS[measure]}" if measure in _TWO_GROUPS else ""
        cure = f"keep one of the two columns{groups}"
        sheet.complain(sheet.header_line, "header", column, "is repeated", cure)
    sheet.stop_on_problems()
    layout = _find_layout(sheet, places, measure)
    if layout is None or "study" not in places:
        _complain_about_header(sheet, places, measure, layout)
        raise AssertionError("a header without a layout has a problem")
    used = {*layout.numbers, "ci_level", "subgroup"} & disputed.keys()
    for column in sorted(used):
        both = " and ".join(sheet.header[i] for i in disputed[column])
        cure = f"name the one that is meant {column}, or take the others out"
        sheet.complain(sheet.header_line, "header", both, f"may each be {column}", cure)
    known = ("ci_level", "subgroup") if layout.kind == "interval" else ("subgroup",)
    for i, cell in enumerate(sheet.header):
        meant = get_close_matches(cell.lower(), [name for name in known if name not in places], 1, 0.75)
        if i not in places.values() and meant:
            cure = f"write {meant[0]}, or another name"
            sheet.complain(sheet.header_line, "header", cell, f"looks like {meant[0]}", cure)
    levels = {simplify(sheet.header[layout.places[column]])[1] for column in layout.numbers} - {None}
    if len(levels) > 1:
        said = f"name two levels, {' and '.join(f'{level:g}' for level in sorted(cast(set[float], levels)))}"
        sheet.complain(sheet.header_line, "header", ",".join(sheet.header), said, "keep one level, or use ci_level")
    sheet.stop_on_problems()
    layout.level = next(iter(levels), None) if layout.kind == "interval" else None
    layout.style = learn_style(_cells_with_numbers(sheet, layout), sheet.separator)
    return layout


def _find_layout(sheet: Sheet, places: dict[str, int], measure: str) -> Layout | None:
    has = places.keys()
    if measure == "proportion":
        return Layout("share", places, ("events", "total")) if {"events", "total"} <= has else None
    estimate = "value" if "value" in has else "yi"
    if estimate in has and (estimate == "value" or measure not in RATIOS):
        columns: tuple[str, ...] = ()
        if {"ci_low", "ci_high"} <= has:
            columns = ("value", "ci_low", "ci_high")
        elif "interval" in has:
            columns = ("value", "interval")
        elif any(split_estimate(cells[places[estimate]])[1] for _, cells in sheet.rows):
            columns = ("value",)
        if columns:
            return Layout("interval", places | {"value": places[estimate]}, columns)
    errors = tuple(column for column in ("vi", "sei") if column in has)
    if "value" in has and measure in RATIOS and any(_names_log(sheet.header[places[column]]) for column in errors):
        return Layout("error", places | {"yi": places["value"]}, ("yi", *errors), ratio_given=True)
    logs = "yi" if "yi" in has or measure in RATIOS else "value"
    if logs in has and errors:
        return Layout("error", places | {"yi": places[logs]}, ("yi", *errors))
    counts = tuple(
        column
        for arm in ("1", "2")
        for column in (f"events{arm}", f"total{arm}" if f"total{arm}" in has else f"rest{arm}")
    )
    if has >= set(counts):
        return Layout("counts", places, counts)
    means = ("mean1", "sd1", "total1", "mean2", "sd2", "total2")
    return Layout("means", places, means) if has >= set(means) else None


def _names_log(header: str) -> bool:
    return bool(re.search(r"log|ln", simplify(header)[0]))


def _complain_about_header(sheet: Sheet, places: dict[str, int], measure: str, layout: Layout | None) -> None:
    """Say what the header lacks, with the cure that fits what it has."""
    has = places.keys()
    elsewhere = {other: assign_columns(sheet.header, other)[0].keys() for other in MEASURES}
    named = [found for cell in sheet.header if (found := measure_named(cell)) and found != measure]
    needed: tuple[str, ...] = ("value", "ci_low", "ci_high")
    cure = f"write the columns {columns_for(measure)}"
    if layout is not None:
        needed = ()
        cure = "name the column that holds the names of the studies study"
    elif measure == "proportion":
        needed = ("events", "total")
        if "value" in elsewhere["HR"] or {"value", "ci_low", "ci_high"} <= elsewhere["generic"]:
            cure = "pool values with intervals with --measure HR, OR, RR or generic"
        elif "events1" in elsewhere["OR"]:
            cure = "pool two arms with --measure OR, RR or RD"
    elif measure in ("OR", "RR", "RD") and has & {"events1", "events2"}:
        needed = ("events1", "total1", "events2", "total2")
        cure = f"write the columns {_TWO_COUNTS}"
    elif measure in ("MD", "SMD") and has & {"mean1", "mean2", "sd1", "sd2"}:
        needed = ("mean1", "sd1", "total1", "mean2", "sd2", "total2")
        cure = f"write the columns {_TWO_MEANS}"
    elif "value" in has and has & {"sei", "vi"}:
        error = sheet.header[places["sei" if "sei" in has else "vi"]]
        cure = (
            f"call the logarithm of the ratio yi and its error sei (or its variance vi), or give ci_low and ci_high: {error} may "
            "be that of the ratio or of its logarithm"
        )
    elif "yi" in has:
        needed, cure = ("vi",), "give the variance vi, or the standard error sei, on the scale of yi"
        if {"ci_low", "ci_high"} <= has:
            cure = "give vi or sei: the limits may be those of the ratio or of its logarithm"
    elif named and "value" not in has:
        cure = f"pool them with --measure {named[0]}, or name the column of the values value"
    elif "events1" in elsewhere["OR"]:
        cure = "pool the counts of two arms with --measure OR, RR or RD"
    elif "mean1" in elsewhere["MD"]:
        cure = "pool means with --measure MD or SMD"
    elif {"events", "total"} <= elsewhere["proportion"]:
        cure = "pool events of a total with --measure proportion"
    if len(sheet.header) == 1 and re.search(r"[,;\t| ]", sheet.header[0]):
        cure = "separate the cells by commas, semicolons or tabs, without quotation marks around a whole row"
    missing = ", ".join(column.replace("total", "n") if measure in ("MD", "SMD") else column
                        for column in ("study", *needed) if column not in has)  # fmt: skip
    sheet.complain(sheet.header_line, "header", ",".join(sheet.header), f"lacks {missing}", cure)
    sheet.stop_on_problems()


def _cells_with_numbers(sheet: Sheet, layout: Layout) -> Iterable[tuple[str, bool]]:
    for _, cells in sheet.rows:
        for column in layout.numbers:
            cell = cells[layout.places[column]]
            value, interval = split_estimate(cell) if column == "value" else (cell, "")
            if column == "interval":
                value, interval = "", cell
            for part in (value, *numbers_in(interval)):
                if not is_missing(part):
                    yield part, column in WHOLE


def notes_on_reading(sheet: Sheet, layout: Layout) -> list[str]:
    """Return what was read in another way than written."""
    taken = []
    for column in ("study", *layout.numbers):
        header = sheet.header[layout.places[column]]
        if header.casefold() not in {column, *_USUAL.get(column, ())}:
            taken.append(f"{column} from “{header}”")
    return layout.style.notes() + ([f"columns read: {', '.join(taken)}"] if taken else [])
