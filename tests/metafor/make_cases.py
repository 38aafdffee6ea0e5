"""Write the cases that R pools: `python tests/metafor/make_cases.py` makes tests/metafor/cases.json.

Numbers are rounded as papers print them, so the centre of an interval is rarely the value.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

SEED = 20261123
HERE = Path(__file__).resolve().parent
RATIOS = ("HR", "OR", "RR")
LEVELS = (80, 90, 95, 96, 97.5, 99, 99.9)
QUANTILES = {80: 1.2815516, 90: 1.6448536, 95: 1.959964, 96: 2.0537489, 97.5: 2.2414027, 99: 2.5758293, 99.9: 3.2905267}
Case = dict[str, Any]


def main() -> None:
    """Write every case, in a stable order."""
    rng = np.random.default_rng(SEED)
    cases = [
        *effect_cases(rng),
        *special_effect_cases(rng),
        *proportion_cases(rng),
        *special_proportion_cases(),
        *two_peaks(),
    ]
    for number, case in enumerate(cases, 1):
        case["id"] = f"{number:03d}-{case['kind']}"
    text = "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n"
    (HERE / "cases.json").write_text(text, encoding="utf-8")
    print(f"{len(cases)} cases")


def effect_cases(rng: np.random.Generator) -> list[Case]:
    """Return ratios and differences: 2 to 40 studies, homogeneous to very heterogeneous, some in groups."""
    cases = []
    for tau in (0.0, 0.05, 0.15, 0.4, 1.0, 2.5):
        for k in (2, 3, 4, 5, 7, 10, 14, 20, 40):
            for measure in (str(rng.choice(RATIOS)), "generic"):
                cases.append(effect_case(rng, measure, k, tau, "spread"))
    for k in (4, 6, 9, 12, 16, 24):
        for groups in (2, 3, 4):
            for tau in (0.0, 0.3):
                case = effect_case(rng, str(rng.choice((*RATIOS, "generic"))), k, tau, "subgroups")
                case["subgroup"] = [f"group {i % groups + 1}" for i in range(k)]
                cases.append(case)
    for k in (3, 6, 11, 18):
        for tau in (0.0, 0.2):
            case = effect_case(rng, str(rng.choice(RATIOS)), k, tau, "levels", levels=LEVELS)
            cases.append(case)
    return cases


def effect_case(
    rng: np.random.Generator, measure: str, k: int, tau: float, kind: str, *, levels: tuple[float, ...] = (95,)
) -> Case:
    """Return one case: true effects about a mean, standard errors over a tenfold range."""
    unit = 1.0 if measure != "generic" else float(rng.choice((0.01, 1.0, 12.0)))
    centre = rng.normal(-0.3, 0.4)
    se = np.exp(rng.uniform(np.log(0.05), np.log(0.5), k))
    effects = rng.normal(centre, np.hypot(tau, se))
    used = [levels[int(i)] for i in rng.integers(len(levels), size=k)]
    rows = [printed(effects[i], se[i], used[i], measure, unit) for i in range(k)]
    return case_of(kind, measure, rows, used)


def printed(effect: float, se: float, level: float, measure: str, unit: float) -> tuple[float, float, float]:
    """Return value and interval as a paper prints them: two or three digits after the point, more for tiny units."""
    reach = QUANTILES[level] * se
    numbers = effect + np.array([0.0, -reach, reach])
    if measure != "generic":
        ratios = np.exp(numbers)
        return tuple(float(f"{ratio:.2f}") if ratio > 0.2 else float(f"{ratio:.3g}") for ratio in ratios)  # type: ignore[return-value]
    decimals = {0.01: 4, 1.0: 3, 12.0: 1}[unit]
    return tuple(round(float(number * unit), decimals) for number in numbers)  # type: ignore[return-value]


def case_of(kind: str, measure: str, rows: list[tuple[float, float, float]], levels: list[float]) -> Case:
    """Return a case as columns."""
    value, low, high = (list(column) for column in zip(*rows, strict=True))
    return {"kind": kind, "measure": measure, "value": value, "ci_low": low, "ci_high": high, "ci_level": levels}


def special_effect_cases(rng: np.random.Generator) -> list[Case]:
    """Return what tends to break: one huge study, equal values, two studies that disagree, one far off."""
    cases = []
    for k in (3, 5, 12):
        for tau in (0.0, 0.3):
            case = effect_case(rng, "HR", k, tau, "huge")
            case["value"][0], case["ci_low"][0], case["ci_high"][0] = 0.812, 0.811, 0.813
            cases.append(case)
    for k in (2, 3, 5, 10):
        widths = rng.uniform(1.1, 3.0, k)
        rows = [(0.75, round(0.75 / w, 4), round(0.75 * w, 4)) for w in widths]
        cases.append(case_of("equal", "OR", rows, [95] * k))
    for k in (2, 3, 4):
        rows = [(0.3, 0.25, 0.36)] * (k // 2) + [(3.1, 2.6, 3.7)] * (k - k // 2)
        cases.append(case_of("opposed", "RR", rows, [95] * k))
    for k in (4, 8, 15):
        case = effect_case(rng, "generic", k, 0.0, "far")
        shift = 20 * (case["ci_high"][0] - case["ci_low"][0])
        for column in ("value", "ci_low", "ci_high"):
            case[column][0] = round(case[column][0] + shift, 6)
        cases.append(case)
    return cases


def proportion_cases(rng: np.random.Generator) -> list[Case]:
    """Return counts: common and rare events, small and large studies, homogeneous to very heterogeneous."""
    cases = []
    for mean in (-3.5, -1.5, 0.2, 2.5):
        for tau in (0.0, 0.4, 1.2):
            for k in (2, 3, 5, 9, 16, 30):
                total = rng.integers(6, 40 if k % 2 else 300, size=k)
                share = 1 / (1 + np.exp(-rng.normal(mean, tau, k)))
                events = rng.binomial(total, share)
                if 0 < events.sum() < total.sum():
                    cases.append(count_case("counts", events.tolist(), total.tolist()))
    for groups in (2, 3):
        for k in (8, 15, 22):
            total = rng.integers(20, 120, size=k)
            share = 1 / (1 + np.exp(-rng.normal(-0.8, 0.6, k)))
            case = count_case("count-subgroups", rng.binomial(total, share).tolist(), total.tolist())
            case["subgroup"] = [f"group {i % groups + 1}" for i in range(k)]
            cases.append(case)
    return cases


def special_proportion_cases() -> list[Case]:
    """Return counts with empty cells, one huge study, and equal shares."""
    return [
        count_case("empty-cells", [0, 0, 1, 0, 2], [12, 9, 15, 20, 18]),
        count_case("empty-cells", [0, 5, 10], [10, 10, 10]),
        count_case("empty-cells", [12, 9, 14, 20], [12, 9, 15, 20]),
        count_case("empty-cells", [0, 1], [24, 19]),
        count_case("empty-cells", [0, 0, 0, 0, 0, 0, 1], [11, 13, 7, 6, 24, 9, 10]),
        count_case("empty-cells", [7, 0, 3, 12, 1, 0, 30], [7, 8, 30, 20, 14, 11, 41]),
        count_case("huge-count", [3, 4, 2500, 1], [20, 25, 20000, 12]),
        count_case("huge-count", [50000, 12, 7], [200000, 40, 16]),
        count_case("equal-shares", [5, 10, 20], [20, 40, 80]),
    ]


def two_peaks() -> list[Case]:
    """Return sets whose restricted likelihood has two peaks; metafor finds the higher in the first three."""
    sets = [
        [(3.916, -4.703, 12.534), (-9.861, -19.728, 0.006), (0.614, -0.572, 1.801), (5.964, -2.878, 14.806)],
        [
            (-1.701, -4.049, 0.647), (5.506, -3.423, 14.434), (12.278, 5.368, 19.189), (9.022, -11.581, 29.624),
            (-0.268, -0.627, 0.091), (0.174, -0.15, 0.498),
        ],
        [
            (0.173, -6.616, 6.962), (-2.667, -3.369, -1.965), (-2.831, -3.244, -2.418), (5.507, -1.417, 12.43),
            (3.812, -0.59, 8.214),
        ],
        [
            (0.001, -0.479, 0.481), (-5.751, -10.472, -1.03), (-2.434, -12.407, 7.538), (-2.899, -4.826, -0.971),
            (-0.017, -0.244, 0.209),
        ],
        [(5.467, 1.377, 9.557), (-1.044, -1.788, -0.3), (-1.372, -2.49, -0.255), (-2.933, -27.98, 22.114)],
        [(2.132, -10.847, 15.112), (-0.093, -1.967, 1.78), (7.455, 1.028, 13.881), (-0.902, -2.578, 0.773)],
    ]  # fmt: skip
    return [case_of("two-peaks", "generic", rows, [95] * len(rows)) for rows in sets]


def count_case(kind: str, events: list[int], total: list[int]) -> Case:
    """Return a case as columns."""
    return {"kind": kind, "measure": "proportion", "events": events, "total": total}


if __name__ == "__main__":
    main()
