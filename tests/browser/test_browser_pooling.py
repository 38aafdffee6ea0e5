"""The browser pools, and fits networks, as Python does, to eight digits: those of the review, parts of them, and hard cases."""

import dataclasses
import json
import math
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from metafor.agreement import analyse_network
from playwright.sync_api import Page
from scipy.stats import chi2, t

from livrev.cli import main
from livrev.records.review import Review
from livrev.review.networks import fit_plan, network_contrasts, network_plans, readings_of_arms
from livrev.review.pools import pool_evidence
from livrev.stats.effect_sizes import IDENTITY, LOG, Effect, Scale
from livrev.stats.network import Network
from livrev.stats.network_studies import Contrast, NetworkError
from livrev.stats.pooling import Pool, pool_effects

PAGE = "chapters/explorer.html"
_POOL = """([cases, scale]) => JSON.stringify(
  cases.map((effects) => livrevPooling.pool(effects, scale)), (_, x) => (x === Infinity ? "inf" : x === -Infinity ? "-inf" : x))"""


def in_browser(page: Page, cases: Sequence[Sequence[Effect]], scale: str) -> list[dict[str, Any]]:
    sent = [[{"estimate": e.estimate, "se": e.se} for e in effects] for effects in cases]
    found: list[dict[str, Any]] = json.loads(page.evaluate(_POOL, [sent, scale]))
    return found


def flat(value: Any, name: str = "") -> Iterator[tuple[str, float | None]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from flat(inner, f"{name}[{place}]")
    else:
        yield name, None if value is None else float(value)


def agree(python: Pool, browser: dict[str, Any]) -> None:
    ours, theirs = dict(flat(dataclasses.asdict(python))), dict(flat(browser))
    assert ours.keys() == theirs.keys()
    for name, number in ours.items():
        other = theirs[name]
        assert (number is None) == (other is None), name
        if number is not None and other is not None:
            assert number == other or abs(number - other) <= 1e-8 * (1 + abs(number)), f"{name}: {number} {other}"


def test_every_pool_of_the_review_and_every_part_of_it(open_page: Callable[..., Page], real_review: Review) -> None:
    page, chance = open_page(PAGE, look=True), random.Random(7)
    for pooled in pool_evidence(real_review).values():
        if pooled.plan.measure == "proportion":
            continue
        effects = list(pooled.effects)
        parts = [effects, *([e for e in effects if e is not left] for left in effects)]
        parts += [chance.sample(effects, chance.randint(1, len(effects))) for _ in range(6)]
        for part, found in zip(parts, in_browser(page, parts, pooled.scale.name), strict=True):
            agree(pool_effects(part, scale=pooled.scale), found)


def test_every_pool_as_the_command_prints_it(
    open_page: Callable[..., Page], real_review: Review, tmp_path: Path
) -> None:
    """From the printed values: the command reads them itself, the browser what the page was given."""
    page, compared = open_page(PAGE, look=True), 0
    for key, pooled in pool_evidence(real_review).items():
        if pooled.plan.measure != "HR":
            continue
        lines = ["study,value,ci_low,ci_high,ci_level"]
        for place, outcome in enumerate(pooled.outcomes):
            lines.append(f"{place},{outcome.value},{outcome.ci_low},{outcome.ci_high},{outcome.ci_level}")
        table = tmp_path / f"{key}.csv"
        table.write_text("\n".join(lines), encoding="utf-8")
        ran = CliRunner().invoke(main, ["pool", str(table), "--measure", "HR", "--format", "json"])
        assert ran.exit_code == 0, ran.output
        printed = json.loads(ran.output)
        page.goto(page.url.partition("#")[0] + f"#pool={key}")
        found = page.evaluate(
            """(key) => {
              const pool = livrevData.unpack(window.livrevEvidence, null).pools.find((pool) => pool.id === key);
              return livrevPooling.pool(pool.members, pool.scale);
            }""",
            key,
        )
        pairs = {
            "value": found["value"], "ci_low": found["hk_modified_ci"][0], "ci_high": found["hk_modified_ci"][1],
            "wald_low": found["wald"][0], "wald_high": found["wald"][1], "tau2": found["tau2"],
            "tau2_low": found["tau2_interval"][0], "tau2_high": found["tau2_interval"][1], "i2": found["i2"],
            "q": found["q"], "q_p": found["q_p"], "pi_low": found["prediction"][0], "pi_high": found["prediction"][1],
        }  # fmt: skip
        for name, number in pairs.items():
            assert math.isclose(printed[name], number, rel_tol=1e-8, abs_tol=1e-8), (key, name)
        weights = [weight["weight"] for weight in printed["weights"]]
        assert all(abs(a - b) < 1e-8 for a, b in zip(weights, found["weights"], strict=True))
        assert f"{printed['value']:.2f} (95 % CI {printed['ci_low']:.2f}" in page.locator(".ex-number").inner_text()
        compared += 1
    assert compared > 10


HARD: dict[str, Sequence[tuple[float, float]]] = {
    "one study": [(0.3, 0.2)],
    "two that agree": [(0.1, 0.2), (0.12, 0.3)],
    "two that do not": [(-1.0, 0.1), (1.0, 0.1)],
    "three, no variance between": [(0.2, 0.3), (0.21, 0.3), (0.19, 0.4)],
    "all the same": [(0.3, 0.1)] * 5,
    "nearly the same": [(0.3, 0.1), (0.3 + 1e-9, 0.1), (0.3 - 1e-9, 0.2)],
    "on the boundary": [(0.0, 1.0), (math.sqrt(2.0), 1.0)],
    "far apart": [(-300.0, 0.1), (0.0, 0.2), (400.0, 0.1), (5.0, 0.3)],
    "one precise among vague": [(0.0, 0.001), (1.0, 1.0), (2.0, 1.0), (-1.5, 2.0)],
    "two peaks": [(0.0, 0.01), (0.02, 0.01), (5.0, 4.0), (-6.0, 4.0), (7.0, 4.0)],
    "tiny unit": [(1e-7, 1e-8), (2e-7, 2e-8), (5e-8, 1e-8)],
    "large unit": [(1e7, 1e5), (2e7, 2e5), (1.2e7, 3e5)],
    "forty": [(math.sin(i), 0.1 + 0.05 * (i % 7)) for i in range(40)],
}


@pytest.mark.parametrize("scale", [IDENTITY, LOG], ids=["identity", "log"])
def test_hard_cases(open_page: Callable[..., Page], scale: Scale) -> None:
    cases = [[Effect(str(place), *pair) for place, pair in enumerate(pairs)] for pairs in HARD.values()]
    if scale is LOG:  # no ratio is so large; e to that power tells nothing of the pooling
        cases = [effects for effects in cases if all(abs(effect.estimate) <= 100 for effect in effects)]
    assert len(cases) > len(HARD) / 2
    for effects, found in zip(cases, in_browser(open_page(PAGE, look=True), cases, scale.name), strict=True):
        agree(pool_effects(effects, scale=scale), found)


_pairs = st.tuples(st.floats(-3, 3), st.floats(-6, 2).map(math.exp))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_pairs, min_size=1, max_size=12), min_size=40, max_size=40))
def test_whatever_the_studies(open_page: Callable[..., Page], cases: list[list[tuple[float, float]]]) -> None:
    page = open_page(PAGE, look=True)
    sets = [[Effect(str(i), *pair) for i, pair in enumerate(case)] for case in cases]
    assume(all(max(e.se for e in effects) < 1e5 * min(e.se for e in effects) for effects in sets))
    for effects, found in zip(sets, in_browser(page, sets, "identity"), strict=True):
        agree(pool_effects(effects, scale=IDENTITY), found)


def test_what_cannot_be_pooled_is_refused_in_words(open_page: Callable[..., Page]) -> None:
    said = open_page(PAGE, look=True).evaluate(
        """() => [[], [{estimate: 0, se: 1e-9}, {estimate: 0, se: 1}]].map((effects) => {
          try { livrevPooling.pool(effects, 'log'); return ''; } catch (error) { return error.message; }
        })"""
    )
    assert said == ["there are no effects to pool", "standard errors differ more than a millionfold"]


def test_quantiles_are_those_of_scipy_to_ten_digits(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGE, look=True)
    degrees = [*range(1, 60), 75, 100, 150, 200, 333]
    ts, chis, tails = page.evaluate(
        """(degrees) => [
          degrees.map((df) => livrevNumerics.tQuantile(df)),
          degrees.map((df) => [0.025, 0.975].map((p) => livrevNumerics.chiQuantile(p, df))),
          degrees.map((df) => [0.01, 0.5, 1, 2, 8].map((x) => livrevNumerics.chiSquared(x * df, df)[1])),
        ]""",
        degrees,
    )
    for df, reach, bounds, above in zip(degrees, ts, chis, tails, strict=True):
        assert math.isclose(reach, t.ppf(0.975, df), rel_tol=1e-10)
        assert bounds == pytest.approx([chi2.ppf(0.025, df), chi2.ppf(0.975, df)], rel=1e-10)
        assert above == pytest.approx([chi2.sf(x * df, df) for x in (0.01, 0.5, 1, 2, 8)], rel=1e-9, abs=1e-14)


# Networks


_FIT = """([networks, reference, scale]) => networks.map((contrasts) => {
  const start = performance.now();
  try {
    return { found: livrevNetwork.fit(contrasts, reference, scale), took: performance.now() - start };
  } catch (error) { return { refused: error.message }; }
})"""


def fitted(
    page: Page, networks: Sequence[Sequence[Contrast]], reference: str, scale: Scale
) -> Iterator[tuple[dict[str, Any], float | str]]:
    """What the browser makes of each network and how many milliseconds it took, or why it refused it."""
    sent = [
        [
            {
                "study": c.study,
                "a": c.treatment,
                "b": c.comparator,
                "estimate": c.estimate,
                "se": c.se,
                "cov": c.covariance,
            }
            for c in contrasts
        ]
        for contrasts in networks
    ]
    for answer in page.evaluate(_FIT, [sent, reference, scale.name]):
        yield answer.get("found", {}), answer.get("refused", answer.get("took"))


def same_network(python: Network, browser: dict[str, Any]) -> None:
    tested = python.inconsistency
    ours = {
        "studies": python.studies, "tau2": python.tau2, "i2": python.i2, "q": python.q, "q_df": python.q_df, "q_p": python.q_p,
        "design": None if tested is None else {"q": tested.design_q, "df": tested.df, "p": tested.p},
        "estimates": [{"value": row.value, "low": row.low, "high": row.high} for row in python.estimates],
    }  # fmt: skip
    assert browser["treatments"] == list(python.treatments)
    theirs = {name: browser[name] for name in ours} | {
        "estimates": [{name: row[name] for name in ("value", "low", "high")} for row in browser["estimates"]]
    }
    expected, found = dict(flat(ours)), dict(flat(theirs))
    assert expected.keys() == found.keys()
    for name, number in expected.items():
        other = found[name]
        assert (number is None) == (other is None), name
        if number is not None and other is not None:
            assert abs(number - other) <= 1e-8 * (1 + abs(number)), f"{name}: {number} {other}"


NETWORKS = json.loads((Path(__file__).parents[1] / "metafor" / "network.json").read_text(encoding="utf-8"))["cases"]


def test_networks_agree_in_every_pinned_case(open_page: Callable[..., Page]) -> None:
    """Stars, chains, loops, several arms, covariances, zero and large tau²: the cases that metafor agrees with."""
    page, cases = open_page(PAGE, look=True), [case for case in NETWORKS if "pieces" not in case["expected"]]
    assert len(cases) > 60
    for case in cases:
        analysis = analyse_network(case)
        ((found, _),) = fitted(page, [analysis.contrasts], analysis.network.reference, analysis.scale)
        same_network(analysis.network, found)


def joined(contrasts: Sequence[Contrast], reference: str) -> bool:
    """Whether every treatment that is left was compared with the reference, directly or by way of others."""
    reached, before = {reference}, 0
    while len(reached) > before:
        before = len(reached)
        for row in contrasts:
            if reached & (ends := {row.treatment, row.comparator}):
                reached |= ends
    return bool(contrasts) and all(row.treatment in reached for row in contrasts)


def test_every_network_of_the_review_and_without_its_studies_and_treatments(
    open_page: Callable[..., Page], real_review: Review, request: pytest.FixtureRequest
) -> None:
    """Whole, and without every fourth study and treatment, the first of each among them; with --all-pages, without each."""
    page, took, refused = open_page(PAGE, look=True), [], 0
    step = 1 if request.config.getoption("--all-pages") else 4
    for plan in network_plans(real_review).values():
        for by in readings_of_arms(real_review):
            contrasts = network_contrasts(real_review, plan, by)
            studies = {row.study for row in contrasts}
            arms = {arm for row in contrasts for arm in (row.treatment, row.comparator)} - {plan.reference}
            networks = [
                [row for row in contrasts if gone not in (row.study, row.treatment, row.comparator)]
                for gone in ("", *sorted(studies)[::step], *sorted(arms)[::step])
            ]
            for left, (found, said) in zip(networks, fitted(page, networks, plan.reference, LOG), strict=True):
                assert bool(found) == joined(left, plan.reference), said
                if found:
                    same_network(fit_plan(plan, left), found)
                    took.append(said)
                else:
                    assert re.search("joins|nothing is left", said)
                    with pytest.raises(NetworkError):
                        fit_plan(plan, left)
                    refused += 1
    assert len(took) > 200 // step and refused > 3
    assert sorted(took)[len(took) // 2] < 50
