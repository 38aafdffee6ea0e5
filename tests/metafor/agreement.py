"""Hold livrev's pools against metafor's, quantity by quantity; run it to write how closely they agree.

`python tests/metafor/agreement.py` writes data/validation.csv, which the book shows and the tests hold to.
"""

import csv
import io
import json
from collections.abc import Iterator
from math import floor, log10
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from livrev.stats.pool_report import Analysis, as_data, pool_file

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
VALIDATION = Path(__file__).parents[2] / "data" / "validation.csv"
CASES: list[dict[str, Any]] = REFERENCE["cases"]
COLUMNS = ("value", "ci_low", "ci_high", "ci_level", "events", "total", "subgroup")
RATIOS = ("HR", "OR", "RR")

_ANALYSED: dict[str, Analysis] = {}

ABSOLUTE = 1e-12
"""Below this, two tau² are held to be the same: metafor's root finder stops at steps of 1e-12."""


class Pair(NamedTuple):
    """One quantity as livrev and as metafor give it, and how large a number is of note there."""

    quantity: str
    ours: float | None
    theirs: float | None
    size: float

    @property
    def difference(self) -> float:
        """Relative difference: over the size of the number, or of what it is measured by."""
        if self.ours is None or self.theirs is None:
            return 0.0 if self.ours is self.theirs else float("inf")
        gap = abs(self.ours - self.theirs)
        if "tau2" in self.quantity and gap <= ABSOLUTE:
            return 0.0
        return gap / max(abs(self.theirs), self.size) if gap else 0.0


def table_of(case: dict[str, Any]) -> bytes:
    """Return the studies of *case* as the CSV that a person would write."""
    columns = [column for column in COLUMNS if column in case]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["study", *columns])
    for i, cells in enumerate(zip(*(case[column] for column in columns), strict=True)):
        writer.writerow([f"study {i + 1}", *cells])
    return text.getvalue().encode()


def analyse_case(case: dict[str, Any]) -> Analysis:
    """Pool *case* from the CSV on, as `livrev pool` does; once, however often it is asked for."""
    if case["id"] not in _ANALYSED:
        _ANALYSED[case["id"]] = pool_file(f"{case['id']}.csv", table_of(case), case["measure"])
    return _ANALYSED[case["id"]]


def compare(case: dict[str, Any], analysis: Analysis) -> Iterator[Pair]:
    """Yield each quantity that metafor gave for *case*, beside livrev's.

    Left out, since the two mean different things there: the prediction interval of two studies (metafor sets the
    degrees of freedom to 1, livrev gives none) and what leaving one of two out says of heterogeneity (metafor: 0,
    livrev: not defined).
    """
    found, expected = as_data(analysis), case["expected"]
    pair_up = _scaled(case, expected)
    for key in ("k", "value", "ci_low", "ci_high", "wald_low", "wald_high", "tau2", "tau2_low", "tau2_high", "i2"):
        if key in expected:
            yield pair_up(key, found[key], expected[key])
    yield from (pair_up(key, found[key], expected[key]) for key in ("q", "q_p"))
    if expected["k"] > 2:
        yield from (pair_up(key, found[key], expected[key]) for key in ("pi_low", "pi_high"))
    if "plain_low" in expected:
        plain = analysis.pool.hk_ci or (None, None)
        yield pair_up("plain_low", plain[0], expected["plain_low"])
        yield pair_up("plain_high", plain[1], expected["plain_high"])
    for model in ("common", "dersimonian_laird"):
        for key, theirs in expected[model].items():
            yield pair_up(f"{model} {key}", found[model][key], theirs)
    for ours, theirs in zip(found["weights"], expected.get("weights", ()), strict=False):
        yield pair_up("weights", ours["weight"], theirs)
    yield from _left_out(found, expected, pair_up)
    for key, theirs in expected.get("egger", {}).items():
        yield pair_up(f"egger {key}", found["egger"][key], theirs)
    if "subgroups" in expected:
        yield from _subgroups(found["subgroups"], expected["subgroups"], pair_up)


def _left_out(found: dict[str, Any], expected: dict[str, Any], pair_up: Any) -> Iterator[Pair]:
    for key, column in expected["leave_one_out"].items():
        between = key in ("tau2", "i2", "q", "q_p")
        if expected["k"] == 2 and between:
            continue
        for step, theirs in zip(found["leave_one_out"], column, strict=True):
            # metafor gives none where it did not converge, livrev where each study left has no events or nothing else.
            if theirs is not None and step["value"] is not None:
                yield pair_up(f"leave-one-out {key}", step[key], theirs)


def _subgroups(found: dict[str, Any], expected: dict[str, Any], pair_up: Any) -> Iterator[Pair]:
    for key in ("q", "df", "p"):
        yield pair_up(f"interaction {key}", found[key], expected[key])
    for ours, theirs in zip(found["groups"], expected["groups"], strict=True):
        assert ours["subgroup"] == theirs["subgroup"]
        for key in ("k", "value", "ci_low", "ci_high"):
            yield pair_up(f"subgroup {key}", ours[key], theirs[key])
        if theirs["k"] > 1:
            yield pair_up("subgroup tau2", ours["tau2"], theirs["tau2"])


def _scaled(case: dict[str, Any], expected: dict[str, Any]) -> Any:
    """Return a maker of pairs that knows how large the numbers of *case* are.

    A difference, unlike a ratio, may be near 0 by chance; it is measured by the width of its interval. A tau² near 0 is
    measured by the sampling variance, a share by itself, an I² by one per cent.
    """
    ratio, counting = case["measure"] in RATIOS, case["measure"] == "proportion"
    width = 0.0 if ratio or counting else expected["ci_high"] - expected["ci_low"]
    variance = 1e-3 if counting else 1e-3 * _median_variance(case, ratio)

    def pair_up(quantity: str, ours: float | None, theirs: float | None) -> Pair:
        last = quantity.split()[-1]
        size = 0.0
        if last.startswith("tau2"):
            size = variance
        elif last in ("i2", "weights", "intercept", "t"):
            size = 1.0
        elif last in ("value", *(f"{kind}_{end}" for kind in ("ci", "wald", "plain", "pi") for end in ("low", "high"))):
            size = width
        return Pair(quantity, ours, theirs, size)

    return pair_up


def _median_variance(case: dict[str, Any], ratio: bool) -> float:
    low, high = (np.array(case[key]) for key in ("ci_low", "ci_high"))
    width = np.log(high / low) if ratio else high - low
    return float(np.median(width / 4) ** 2)


def largest_differences() -> dict[tuple[str, str], tuple[float, int]]:
    """Return, for effects and proportions apart, each quantity's largest difference and how often it was compared."""
    largest: dict[tuple[str, str], tuple[float, int]] = {}
    for case in CASES:
        if case["expected"].get("refused") or case["kind"] == "two-peaks":
            continue
        family = "proportion" if case["measure"] == "proportion" else "effect"
        for pair in compare(case, analyse_case(case)):
            worst, count = largest.get((family, pair.quantity), (0.0, 0))
            largest[family, pair.quantity] = (max(worst, pair.difference), count + 1)
    return largest


def digits_of(difference: float) -> int:
    """Return to how many digits two numbers agree that differ so; 12 at most, for machines differ below that."""
    return min(-floor(log10(difference)) - 1, 12) if difference else 12


def main() -> None:
    """Write data/validation.csv."""
    with VALIDATION.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["family", "quantity", "compared", "digits"])
        for (family, quantity), (worst, count) in largest_differences().items():
            writer.writerow([family, quantity, count, digits_of(worst)])


if __name__ == "__main__":
    main()
