"""Hold livrev's pools against metafor's, quantity by quantity; run it to write how closely they agree.

`python tests/metafor/agreement.py` writes data/validation.csv, which the book shows and the tests hold to.
"""

import csv
import io
import json
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from livrev.stats.additional_analyses import compare_subgroups_jointly
from livrev.stats.effect_sizes import IDENTITY, Effect
from livrev.stats.few_trials import pool_with_prior
from livrev.stats.network_report import NetworkAnalysis, network_file
from livrev.stats.pool_report import Analysis, as_data, pool_file
from livrev.stats.pooling import pool_effects
from livrev.stats.study_table import read_studies

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
VALIDATION = Path(__file__).parents[2] / "data" / "validation.csv"
CASES: list[dict[str, Any]] = REFERENCE["cases"]
COLUMNS = ("value", "ci_low", "ci_high", "ci_level", "events", "total", "subgroup")
RATIOS = ("HR", "OR", "RR")

_ANALYSED: dict[str, Analysis] = {}
_NETWORKS: dict[str, NetworkAnalysis] = {}

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
    return rows_as_csv({column: case[column] for column in COLUMNS if column in case})


def rows_as_csv(columns: dict[str, list[Any]]) -> bytes:
    """Return *columns* as a CSV; its studies are numbered where none of them names them."""
    many = len(next(iter(columns.values())))
    named = {"study": [f"study {i + 1}" for i in range(many)]} | columns
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(named)
    writer.writerows(zip(*named.values(), strict=True))
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


def compare_wider() -> Iterator[tuple[str, Pair]]:
    """Yield what stands beside the pools: two groups, subgroups tested jointly, networks, few trials, each with its family."""
    for case in _cases("escalc"):
        yield from (("two groups", pair) for pair in _two_groups(case))
    for case in _cases("subgroups"):
        yield from (("subgroups", pair) for pair in _jointly(case))
    for case in _cases("network"):
        if "pieces" in case["expected"]:
            continue
        pairs = list(_network(case))
        yield from (("network", pair) for pair in pairs)
        yield "network", Pair("all of a network", max(pair.difference for pair in pairs), 0.0, 1.0)
        if case["expected"]["q_df"] and "covariance" not in case["id"]:
            yield "second engine", Pair("all of a network", max(p.difference for p in second_opinion(case)), 0.0, 1.0)
    for case in _cases("bayes"):
        yield from (("few trials", pair) for pair in _few_trials(case))


def _cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))[
        "cases"
    ]
    return found


def _two_groups(case: dict[str, Any]) -> Iterator[Pair]:
    studies = read_studies("table.csv", rows_as_csv(case["columns"]), case["measure"])
    for effect, yi, vi in zip(studies.effects, case["yi"], case["vi"], strict=True):
        yield Pair("effect", effect.estimate, yi, math.sqrt(vi))
        yield Pair("variance", effect.se**2, vi, 0.0)
    pool, theirs = pool_effects(studies.effects, scale=IDENTITY), case["pool"]
    width = theirs["ci_high"] - theirs["ci_low"]
    numbers = (pool.value, *pool.hk_modified_ci, *pool.wald)
    for key, ours in zip(("estimate", "ci_low", "ci_high", "wald_low", "wald_high"), numbers, strict=True):
        yield Pair("value" if key == "estimate" else key, ours, theirs[key], width)
    yield Pair("tau2", pool.tau2, theirs["tau2"], 1e-3 * float(np.median(case["vi"])))


def _jointly(case: dict[str, Any]) -> Iterator[Pair]:
    rows = zip(case["estimates"], case["errors"], case["groups"], strict=True)
    found = compare_subgroups_jointly([Effect(str(i), *row) for i, row in enumerate(rows)])
    assert found is not None
    yield Pair("f", found.f, case["expected"]["f"], 1.0)
    yield Pair("p", found.p, case["expected"]["p"], 0.0)
    yield Pair("tau2", found.tau2, case["expected"]["tau2"], 1e-3 * float(np.median(np.square(case["errors"]))))


def analyse_network(case: dict[str, Any]) -> NetworkAnalysis:
    """Fit the network of *case* from the CSV on, as `livrev network` does; once, however often it is asked for."""
    if case["id"] not in _NETWORKS:
        keys = list(dict.fromkeys(key for row in case["rows"] for key in row if key != "study"))
        columns = {"study": [row["study"] for row in case["rows"]]} | {
            key: [row.get(key, "") for row in case["rows"]] for key in keys
        }
        table = rows_as_csv(columns)
        _NETWORKS[case["id"]] = network_file("net.csv", table, case["measure"], reference=case["reference"])
    return _NETWORKS[case["id"]]


def _network(case: dict[str, Any]) -> Iterator[Pair]:
    found, expected = analyse_network(case).network, case["expected"]
    to = math.log if case["measure"] in RATIOS else float
    errors = [(to(row["ci_high"]) - to(row["ci_low"])) / 3.92 for row in case["rows"]]
    if expected["q_df"]:
        yield Pair("tau2", found.tau2, expected["tau2"], 1e-3 * float(np.median(np.square(errors))))
        yield Pair("q", found.q, expected["q"], 0.0)
        yield Pair("q_p", found.q_p, expected["q_p"], 0.0)
    rows = {row.treatment: row for row in found.estimates}
    for row in expected["estimates"]:
        mine, width = rows[row["treatment"]], to(row["ci_high"]) - to(row["ci_low"])
        numbers = (mine.value, mine.low, mine.high, mine.common_value, mine.common_low, mine.common_high)
        names = ("value", "ci_low", "ci_high", "common_value", "common_low", "common_high")
        for name, ours in zip(names, numbers, strict=True):
            yield Pair(name, to(ours), to(row[name]), width)
    for name, score in expected["p_scores"].items():
        yield Pair("p_score", rows[name].p_score, score, 1.0)
    if found.inconsistency is not None:
        yield Pair("design_q", found.inconsistency.design_q, expected["design_q"], 1.0)
        splits = {(split.a, split.b): (1, split) for split in found.splits}
        splits |= {(split.b, split.a): (-1, split) for split in found.splits}
        for split in expected["splits"]:
            sign, mine_split = splits[split["a"], split["b"]]
            yield Pair("direct", sign * to(mine_split.direct), to(split["direct"]), max(errors))
            yield Pair("indirect", sign * to(mine_split.indirect), to(split["indirect"]), max(errors))
            yield Pair("split_p", mine_split.p, split["p"], 1.0)


def ask_pimeta(case: dict[str, Any], **chosen: object) -> tuple[Any, dict[str, int]]:
    """Return the network of *case* as pimeta, a port of netmeta, fits it, and the place of each treatment in its tables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pimeta import netmeta
    rows = analyse_network(case).contrasts
    found = netmeta(
        [row.estimate for row in rows], [row.se for row in rows], [row.treatment for row in rows],
        [row.comparator for row in rows], [row.study for row in rows], reference_group=case["reference"], **chosen,
    )  # fmt: skip
    return found, {name: i for i, name in enumerate(found.trts)}


def second_opinion(case: dict[str, Any]) -> Iterator[Pair]:
    """Yield every estimate, direct and indirect, and the test of consistency beside pimeta's, at our tau²."""
    network, to = analyse_network(case).network, math.log if case["measure"] in RATIOS else float
    theirs, place = ask_pimeta(case, tau_preset=math.sqrt(network.tau2 or 0.0))
    for cell in network.league:
        width = to(cell.high) - to(cell.low)
        yield Pair("value", to(cell.value), float(theirs.TE_random[place[cell.a]][place[cell.b]]), width)
    for split in network.splits:
        i, j = place[split.a], place[split.b]
        yield Pair("direct", to(split.direct), float(theirs.TE_direct_random[i][j]), 1.0)
        yield Pair("indirect", to(split.indirect), float(theirs.TE_indirect_random[i][j]), 1.0)
    if network.inconsistency is not None:
        yield Pair("design_q", network.inconsistency.design_q, float(theirs.Q_inconsistency), 1.0)


def _few_trials(case: dict[str, Any]) -> Iterator[Pair]:
    effects = [Effect(str(i), *row) for i, row in enumerate(zip(case["y"], case["s"], strict=True))]
    pool, theirs = pool_with_prior(effects, scale=IDENTITY, prior_scale=case["scale"]), case["expected"]
    width = theirs["high"] - theirs["low"]
    yield Pair("value", pool.value, theirs["median"], width)
    yield Pair("ci_low", pool.interval[0], theirs["low"], width)
    yield Pair("ci_high", pool.interval[1], theirs["high"], width)
    yield Pair("probability", pool.probability_below(0), theirs["below"], 1.0)


def largest_differences() -> dict[tuple[str, str], tuple[float, int]]:
    """Return, for each family, each quantity's largest difference and how often it was compared."""
    largest: dict[tuple[str, str], tuple[float, int]] = {}
    for family, pair in (*_pools(), *compare_wider()):
        worst, count = largest.get((family, pair.quantity), (0.0, 0))
        largest[family, pair.quantity] = (max(worst, pair.difference), count + 1)
    return largest


def _pools() -> Iterator[tuple[str, Pair]]:
    for case in CASES:
        if not case["expected"].get("refused") and case["kind"] != "two-peaks":
            family = "proportion" if case["measure"] == "proportion" else "effect"
            yield from ((family, pair) for pair in compare(case, analyse_case(case)))


def digits_of(difference: float) -> int:
    """Return to how many digits two numbers agree that differ so; 12 at most, for machines differ below that."""
    return min(-math.floor(math.log10(difference)) - 1, 12) if difference else 12


def main() -> None:
    """Write data/validation.csv."""
    with VALIDATION.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["family", "quantity", "compared", "digits"])
        for (family, quantity), (worst, count) in largest_differences().items():
            # Linear algebra differs a little between machines: beside the pools, a third of a digit is kept to spare.
            spare = 1 if family in ("effect", "proportion") else 2
            writer.writerow([family, quantity, count, digits_of(spare * worst)])


if __name__ == "__main__":
    main()
