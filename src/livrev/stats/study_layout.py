"""Which column of a table of studies is which, under the names that papers and programs use; and what is wrong with a header."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from itertools import product, zip_longest
from typing import Literal, NoReturn

from livrev.diagnostics import ReviewError
from livrev.stats.effect_sizes import MEASURES
from livrev.stats.spreadsheet import NumberStyle, Sheet, is_missing, learn_style, numbers_in, split_estimate

Kind = Literal["interval", "error", "counts", "means", "share"]
RATIOS = ("HR", "OR", "RR")
WHOLE = frozenset(("events", "total", "events1", "total1", "events2", "total2", "rest1", "rest2"))
_LOG = ("log", "ln")
_OWN = {
    "HR": ("hr", "hazardratio", "ahr", "adjustedhr", "adjustedhazardratio", "hrs"),
    "OR": ("or", "oddsratio", "aor", "adjustedor", "adjustedoddsratio"),
    "RR": ("rr", "riskratio", "relativerisk", "rateratio", "adjustedrr"),
    "RD": ("rd", "riskdifference", "absoluteriskdifference"),
    "MD": ("md", "meandifference", "wmd", "meandiff"),
    "SMD": ("smd", "hedgesg", "g", "standardisedmeandifference", "standardizedmeandifference"),
}
_EFFECT = {
    "study": {
        "study", "trial", "studies", "trials", "studyid", "studyname", "trialname", "studlab", "slab", "studylabel", "studie",
        "etude", "estudio", "studyorsubgroup", "authoryear",
    },
    "subgroup": {"subgroup", "subgroups"},
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
    "interval": {
        "ci", "interval", "confidenceinterval", "confint", "cis", "ciinterval", "conflimits", "cri", "ki", "ic",
        "konfidenzintervall",
    },
    "ci_level": {"cilevel", "conflevel", "confidencelevel", "levelci", "confidence"},
    "yi": {"yi", "te", "logratio", "lnratio", "logeffect"},
    "sei": {"sei", "se", "sete", "stderr", "stderror", "standarderror", "seyi", "selogratio"},
    "vi": {"vi", "var", "variance", "v", "varyi", "vyi"},
}  # fmt: skip
_AUTHORS = ("author", "authors", "firstauthor", "name", "label", "reference", "source", "citation", "publication")
_SHARE = {
    "events": {"events", "event", "xi", "x", "r", "cases", "responders", "nevents", "deaths", "eventcount"},
    "total": {"total", "n", "ni", "patients", "totals", "samplesize", "size", "ntotal", "evaluable"},
}
_NAMED_LEVEL = re.compile(r"(?<!\d)(?<!\d[.,])([5-9]\d(?:[.,]\d+)?)(?!\d)\s*%?")
_LEVEL = re.compile(r"(?:[5-9]\d(?:\.\d+)?\s*%?)?")
_ERROR_OF_MEAN = re.compile(r"se(?:m|e|c|t|\d|$)|stderr|standarderror")
_GROUPS = {
    "1": ("1", "e", "t", "trt", "exp", "experimental", "treatment", "treated", "intervention", "active"),
    "2": ("2", "c", "ctrl", "control", "controls", "comparator", "placebo"),
}
_LONG = 3  # a word for a group may stand before as well as behind: treatment_events, events_treatment
_OF_GROUPS = {  # the words for a column, which stand with any for the group, and the names that it has of its own in each
    "total": (("total", "n", "size", "patients"), {"1": {"n1i"}, "2": {"n2i"}}),
    "events": (("event", "events", "cases"), {"1": {"ai", "r1", "tpos"}, "2": {"ci", "r2", "cpos"}}),
    "rest": (("nonevents", "noevents"), {"1": {"bi", "tneg"}, "2": {"di", "cneg"}}),
    "mean": (("mean",), {"1": {"m1i"}, "2": {"m2i"}}),
    "sd": (("sd", "stddev"), {"1": {"sd1i"}, "2": {"sd2i"}}),
}
_IN_GROUPS = {
    column + number: own[number]
    | {word + group for word, group in product(words, groups)}
    | {group + word for word, group in product(words, groups) if len(group) > _LONG}
    for column, (words, own) in _OF_GROUPS.items()
    for number, groups in _GROUPS.items()
}
# What a table may hold; of several layouts that fit, the first is taken.
_LAYOUTS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("interval", ("value", "ci_low", "ci_high")),
    ("interval", ("value", "interval")),
    ("interval", ("value",)),  # the interval stands behind the value
    ("error", ("yi", "vi")),
    ("error", ("yi", "sei")),
    ("counts", ("events1", "total1", "events2", "total2")),
    ("counts", ("events1", "rest1", "events2", "rest2")),
    ("means", ("mean1", "sd1", "total1", "mean2", "sd2", "total2")),
    ("share", ("events", "total")),
)
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
    style: NumberStyle = field(default_factory=lambda: NumberStyle({}))
    level: float | None = None
    ratio_given: bool = False
    read: set[int] = field(default_factory=set)


@cache
def columns_of(measure: str) -> dict[str, set[str]]:
    """Return, for each column that a table of *measure* may have, the names that it may bear, as `simplify` gives them."""
    if measure == "proportion":
        return {"study": _EFFECT["study"], "subgroup": _EFFECT["subgroup"]} | _SHARE
    names = {name for key in ([measure] if measure in _OWN else ["RD", "MD", "SMD"]) for name in _OWN[key]}
    ratios = _OWN[measure] if measure in RATIOS else [name for ratio in RATIOS for name in _OWN[ratio]]
    logs = {log + name for log, name in product(_LOG, ratios)}
    found = _EFFECT | {
        "value": _EFFECT["value"] | names | {name + "ci" for name in names | _EFFECT["value"]},
        "yi": _EFFECT["yi"] | logs,
        "sei": _EFFECT["sei"] | {"se" + name for name in logs | names} | {name + "se" for name in logs},
        "vi": _EFFECT["vi"] | {"var" + name for name in logs | names},
    }
    means, counts = measure in ("MD", "SMD"), measure in ("OR", "RR", "RD")
    told = ("total", "mean", "sd") if means else ("total", "events", "rest") if counts else ()
    return found | {column: names for column, names in _IN_GROUPS.items() if column[:-1] in told}


_KNOWN = {name for measure in MEASURES for names in columns_of(measure).values() for name in names}


def knows(header: str) -> bool:
    """Return whether a column of that name may mean something in any table of studies."""
    return simplify(header)[0] in _KNOWN


def _layouts_of(measure: str) -> list[tuple[str, ...]]:
    return [columns for _, columns in _LAYOUTS if columns_of(measure).keys() >= {*columns}]


def _of_two_groups(measure: str) -> tuple[str, ...]:
    return next((columns for columns in _layouts_of(measure) if columns[0].endswith("1")), ())


def _written(columns: Iterable[str]) -> str:
    return ",".join(("study", *columns))


def _columns_for(measure: str) -> str:
    first, groups = _written(_layouts_of(measure)[0]), _of_two_groups(measure)
    return first if measure == "proportion" else f"{first} (or {_written(groups or ('yi', 'vi'))})"


def simplify(header: str) -> tuple[str, float | None]:
    """Return a column's name in small letters without signs, and the level of an interval that it names.

    >>> simplify("Lower 95% CI"), simplify("HR (90 % CI)"), simplify("n1i"), simplify("97.5 %")
    (('lowerci', 95.0), ('hrci', 90.0), ('n1i', None), ('cihigh', 95.0))
    """
    text = unicodedata.normalize("NFKD", header).casefold()
    text = re.sub(r"\b(?:iv|m-h|peto|exp\[\(o-e\) ?/ ?v\]), (?:random|fixed)\b", "", text)  # how Review Manager pooled
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text.strip()):  # R names the limits of an interval by their tails
        share = float(found[1])
        return ("cilow" if share < 50 else "cihigh"), abs(100 - 2 * share)
    level = None
    if re.search(r"ci|ki|ic|conf|low|upp|interval|limit|bound|grenze|%|^[lu]\d\d$", text) and (
        found := _NAMED_LEVEL.search(text)
    ):
        level, text = float(found[1].replace(",", ".")), text[: found.start()] + text[found.end() :]
    return re.sub(r"[^a-z0-9]", "", text), level


def claim_columns(header: list[str], measure: str) -> dict[str, list[int]]:
    """Return which columns hold what, or claim to: the first is taken, several are a question, unless one bears the very name.

    `ci` means the events of the second group beside metafor's `ai`, and an interval elsewhere.
    """
    simple = [simplify(cell)[0] for cell in header]
    ci_means = "events2" if "ai" in simple and measure in ("OR", "RR", "RD") else "interval"
    claims = {}
    for column, names in columns_of(measure).items():
        places = [i for i, name in enumerate(simple) if name in names and (name != "ci" or column == ci_means)]
        if places := [i for i in places if header[i].strip().casefold() == column] or places:
            claims[column] = places
    return claims


def _name_columns(sheet: Sheet) -> None:
    """Where no column is called study, let author and year, or the names of the rows, be one.

    Of a header that repeats itself, let the row above name the group of each such column, as Review Manager writes it.
    """
    simple = [simplify(cell)[0] for cell in sheet.header]
    if not set(simple) & _EFFECT["study"]:
        if author := next((name for name in _AUTHORS if name in simple), None):
            parts = [simple.index(name) for name in (author, "year") if name in simple]
            sheet.header = ["" if i in parts else cell for i, cell in enumerate(sheet.header)] + ["study"]
            sheet.rows = [(line, [*cells, " ".join(cells[i] for i in parts).strip()]) for line, cells in sheet.rows]
        elif not sheet.header[0] and any(not cells[0].isdigit() for _, cells in sheet.rows):
            sheet.header[0] = "study"
    group, header = "", [*sheet.header]
    for i, (over, name) in enumerate(zip_longest(sheet.groups[: len(header)], header, fillvalue="")):
        group = over or group
        if header.count(name) > 1:
            sheet.header[i] = f"{group} {name}".strip()


def choose_layout(sheet: Sheet, measure: str) -> Layout:
    """Return how the table is to be read. Raises ReviewError where its header does not say, or says two things."""
    if not sheet.header:
        cure = f"write a header {_columns_for(measure)} and one row a study"
        sheet.complain(1, "file", "", "holds no studies", cure)
        sheet.stop_on_problems()
    _name_columns(sheet)
    claims = claim_columns(sheet.header, measure)
    groups = _of_two_groups(measure)
    for column in sorted({cell for cell in sheet.header if cell and sheet.header.count(cell) > 1}):
        cure = "keep one of the two columns" + (f"; two groups are written {_written(groups)}" if groups else "")
        sheet.complain_about_header(column, "is repeated", cure)
    sheet.stop_on_problems()
    layout = _find_layout(sheet, claims, measure)
    if layout is None or "study" not in claims:
        _refuse_lack(sheet, claims, measure, found=layout is not None)
    optional = ("ci_level", "subgroup") if layout.kind == "interval" else ("subgroup",)
    layout.read = {layout.places[c] for c in ("study", *layout.numbers, *optional) if c in layout.places}
    asked = layout.read - {layout.places["study"]}
    for column in sorted(column for column, places in claims.items() if len(places) > 1 and places[0] in asked):
        both = " and ".join(sheet.header[i] for i in claims[column])
        cure = f"name the one that is meant {column}, or take the others out"
        sheet.complain_about_header(both, f"may each be {column}", cure)
    known = [name for name in optional if name not in claims]
    for i, cell in enumerate(sheet.header):
        meant = get_close_matches(cell.lower(), known, 1, 0.75)
        if "ci_level" in known and "ci" in simplify(cell)[0] and all(_LEVEL.fullmatch(row[i]) for _, row in sheet.rows):
            meant = ["ci_level"]
        if i not in layout.read and meant:
            sheet.complain_about_header(cell, f"looks like {meant[0]}", f"write {meant[0]}, or another name")
    named = {simplify(sheet.header[layout.places[column]])[1] for column in layout.numbers}
    levels = sorted(level for level in named if level is not None)
    if len(levels) > 1:
        said = f"name two levels, {' and '.join(f'{level:g}' for level in levels)}"
        sheet.complain_about_header(",".join(sheet.header), said, "keep one level, or use ci_level")
    sheet.stop_on_problems()
    layout.level = levels[0] if levels and layout.kind == "interval" else None
    layout.style = learn_style(_cells_with_numbers(sheet, layout), sheet.separator)
    return layout


def _find_layout(sheet: Sheet, claims: dict[str, list[int]], measure: str) -> Layout | None:
    """Return the first of the layouts that the table has all columns of.

    Of differences, value and yi are two names of one thing; of ratios where the error says that it is one of a logarithm.
    """
    places = {column: claimed[0] for column, claimed in claims.items()}
    errors = tuple(column for column in ("vi", "sei") if column in places)
    logs = any(re.search("log|ln", simplify(sheet.header[places[column]])[0]) for column in errors)
    ratio_given = measure in RATIOS and "value" in places and "yi" not in places and logs
    estimate = places.get("value", places.get("yi"))
    if estimate is not None and (ratio_given or measure not in RATIOS):
        places |= {"value": estimate, "yi": estimate}
    for kind, columns in _LAYOUTS:
        if not places.keys() >= {*columns}:
            continue
        if columns != ("value",) or any(split_estimate(cells[places["value"]])[1] for _, cells in sheet.rows):
            numbers = ("yi", *errors) if kind == "error" else columns
            return Layout(kind, places, numbers, ratio_given=ratio_given)
    return None


def _refuse_lack(sheet: Sheet, claims: dict[str, list[int]], measure: str, *, found: bool) -> NoReturn:
    has, groups = claims.keys(), _of_two_groups(measure)
    needed: tuple[str, ...] = () if found else max(_layouts_of(measure), key=lambda columns: len(has & {*columns}))
    others = [other for other in MEASURES if _find_layout(sheet, claim_columns(sheet.header, other), other)]
    cure = f"write the columns {_written(needed) if has & {*needed} else _columns_for(measure)}"
    if len(sheet.header) == 1 and re.search(r"[,;\t| ]", sheet.header[0]):
        cure = "separate the cells by commas, semicolons or tabs, without quotation marks around a whole row"
    elif "sd1" in needed and any(_ERROR_OF_MEAN.match(simplify(cell)[0]) for cell in sheet.header):
        cure = f"{cure}; a standard deviation is the standard error times the root of the number of patients"
    elif found:
        cure = "name the column that holds the names of the studies study"
    elif measure in RATIOS and "value" in has and (error := has & {"sei", "vi"}):
        cure = (
            "call the logarithm of the ratio yi and its error sei (or its variance vi), or give ci_low and ci_high: "
            f"{sheet.header[claims[error.pop()][0]]} may be that of the ratio or of its logarithm"
        )
    elif measure in RATIOS and has >= {"yi", "ci_low", "ci_high"}:
        cure = "give vi or sei: the limits may be those of the ratio or of its logarithm"
    elif groups and {"events", "total"} <= claim_columns(sheet.header, "proportion").keys():
        cure = f"put both groups of a study into one row: {_written(groups)}"
    elif others:
        cure = f"pool them with --measure {' or '.join(filter(None, (', '.join(others[:-1]), others[-1])))}"
    lacking = ", ".join(column for column in ("study", *needed) if column not in has)
    sheet.complain_about_header(",".join(sheet.header), f"lacks {lacking}", cure)
    raise ReviewError(sheet.problems)


def _cells_with_numbers(sheet: Sheet, layout: Layout) -> Iterable[tuple[str, bool]]:
    for _, cells in sheet.rows:
        for column in layout.numbers:
            cell = cells[layout.places[column]]
            value, interval = split_estimate(cell) if column == "value" else (cell, "")
            parts = numbers_in(cell) if column == "interval" else (value, *numbers_in(interval))
            yield from ((part, column in WHOLE) for part in parts if not is_missing(part))


def notes_on_reading(sheet: Sheet, layout: Layout) -> tuple[str, ...]:
    """Return what was read in another way than written, and what else there is to know."""
    taken = []
    for column in ("study", *layout.numbers):
        header = " ".join(sheet.header[layout.places[column]].split())
        if header.casefold() not in {column, *_USUAL.get(column, ())}:
            taken.append(f"{column} from “{header}”")
    read = [f"columns read: {', '.join(taken)}"] if taken else []
    left = [" ".join(cell.split()) for i, cell in enumerate(sheet.header) if cell and i not in layout.read]
    read += [f"columns not read: {', '.join(left)}"] if left else []
    return (*layout.style.notes(), *read, *sheet.notes)
