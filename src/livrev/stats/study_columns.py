"""Which column of a table of studies is which: the names that papers, spreadsheets and statistics programs use."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

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
