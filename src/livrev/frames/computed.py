"""Frames of what the review computes from its records: answers, steps of certainty, agreement, changes, and the like."""

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from livrev.checks.citations import uses_of_references
from livrev.frames.from_records import frame_of
from livrev.records.measures import DIFFERENCES
from livrev.records.model import Appraisal, ArithmeticClaim, Estimate
from livrev.records.review import Review
from livrev.review.absolute import Absolute, absolute_effect
from livrev.review.absolute import tradeoffs as tradeoffs_of
from livrev.review.agreement import agreements
from livrev.review.certainty import judge_certainty, name_target, propose_certainty
from livrev.review.over_time import benefits_over_time, marks_over_time
from livrev.review.pools import Pooled, pool_evidence, recompute_published
from livrev.review.results import compute_results
from livrev.review.sensitivity import e_values_of, turning_estimates
from livrev.review.sensitivity import small_pools as look_again_at_small
from livrev.review.snapshot import HIGH, LOW, VALUE, Change, State, compare, is_pool, read_history, take_snapshot
from livrev.review.studies import awaited_trials, before_retractions, months_overdue, retracted_outcomes, search_day
from livrev.show.format import format_effect, format_estimate, format_number, format_outcome, format_pooled
from livrev.show.names import say_published


def _by(rows: dict[Any, Any], *names: str) -> pd.DataFrame:
    """Return *rows* by their keys as a frame whose index has these *names*."""
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(list(names))


def _head(pooled: Pooled) -> dict[str, object]:
    """Return what most frames of pools begin with: what is pooled, how many studies, and the pooled value in words."""
    said = format_pooled(pooled.plan.measure, pooled.pool.value, pooled.pool.hk_modified_ci)
    return {"title": pooled.plan.title, "k": pooled.pool.k, "pooled": said}


def summary_of_findings(review: Review) -> pd.DataFrame:
    """Return a row a pool that was appraised: the question, the pooled value, people of 1000 without and with, the certainty.

    `without`, `with`, `low`, `high`, `fewer` are events per 1000 patients, by `months` where the risk has a time; `source`
    names the arm whose risk is taken. They are missing where the appraisal names no baseline. `published` are syntheses that
    the certainty rests on too, `overlap` says how far they hold the same studies. `over_time` says whether a hazard ratio of
    treatment holds over time, `ground` why that is said.
    """
    rows, marks = {}, marks_over_time(review)
    for key, pooled, judged in _appraised(review):
        row = {"question": judged.question, "k": pooled.pool.k, "measure": pooled.plan.measure}
        row |= {"pooled": _head(pooled)["pooled"]}
        if judged.baseline is not None:
            outcome = review.outcomes[judged.baseline]
            effect = absolute_effect(pooled, outcome)
            difference, *around = effect.difference
            source = f"{review.studies[outcome.study].short_name}, {outcome.arm}"
            row |= asdict(effect) | _spread("difference", difference, around) | {"source": source}
        mark, ground = marks.get(f"pool.{key}", (None, None))
        rows[key] = row | {
            "over_time": mark, "ground": ground, "target": name_target(judged.threshold), "certainty": judged.certainty,
            "reason": judged.reason, "published": say_published(review, key), "overlap": judged.overlap,
        }  # fmt: skip
    return _by(rows, "pool").rename(columns={"with_": "with"})


def _spread(name: str, value: float, around: Iterable[float] | None) -> dict[str, float | None]:
    """Return *value* and what lies *around* it, by their names as columns."""
    low, high = around or (None, None)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _appraised(review: Review) -> Iterator[tuple[str, Pooled, Appraisal]]:
    """Yield each pool that was appraised, with its name and its appraisal."""
    for key, pooled in pool_evidence(review).items():
        if key in review.appraisals:
            yield key, pooled, review.appraisals[key]


def small_pools(review: Review) -> pd.DataFrame:
    """Return a row a pool of few ratios, beside its interval: a Bayesian interval for each prior, chances, and its reach.

    `chance` and `beyond` are the probabilities in percent that the mean effect lies on the side of 1 where its estimate lies,
    and beyond `threshold` there; `detectable` is the ratio that the pool would have found with 80 percent power.
    """
    pools, rows = pool_evidence(review), {}
    for key, small in look_again_at_small(review, pools).items():
        rows[key] = _head(pools[key])
        for one in small.posteriors:
            said = format_pooled(pools[key].plan.measure, one.value, one.interval)
            rows[key][f"bayes_{one.prior_scale:g}"] = said
        chances = {"chance": 100 * small.chance, "beyond": 100 * small.beyond}
        rows[key] |= chances | {"threshold": small.threshold, "detectable": small.detectable}
    return _by(rows, "pool")


def e_values(review: Review) -> pd.DataFrame:
    """Return a row a prognostic pool of hazard ratios: `e_value` of the pooled ratio, `limit` of its interval's nearer end."""
    pools = pool_evidence(review)
    found = e_values_of(pools).items()
    return _by({key: _head(pools[key]) | {"e_value": one.estimate, "limit": one.limit} for key, one in found}, "pool")


def over_time(review: Review) -> pd.DataFrame:
    """Return a row a comparison and time: survival in both arms (percent), the difference per 1000, and the ratio of log survival.

    `difference` and `ratio` have their 95 percent intervals in `…_low` and `…_high`, where they can be had, and are said in
    words in `more` and `ratios`; `headline` is the reported ratio, `mark` how it changes over time, `ground` why that is said.
    """
    rows = {}
    for key, found in benefits_over_time(review).items():
        study = review.studies[found.headline.study]
        for time in found.times:
            origin = "printed intervals" if time.printed else "patients, censoring ignored"
            difference, ratio = _spread("difference", *time.difference), _spread("ratio", *time.ratio)
            rows[key, time.months] = {
                "study": study.study, "name": study.short_name, "arm": found.headline.arm,
                "comparator": found.headline.comparator, "treated": float(time.rows[0].value or 0),
                "control": float(time.rows[1].value or 0), **difference, **ratio,
                "more": _say(*difference.values(), digits=0), "ratios": _say(*ratio.values(), digits=2),
                "headline": format_outcome(found.headline), "mark": found.mark, "ground": found.ground,
                "interval_from": "not known" if time.difference[1] is None else origin,
            }  # fmt: skip
    return _by(rows, "comparison", "months")


def tradeoffs(review: Review, without: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return a row a consequence of a way of treating: of 100 people, `without` and `with` it (`low` to `high`), and how sure.

    `months` is by when, `source` the arm whose risk is taken, `said` the number with it in words, or a result that stands for
    itself where no risk is known.
    """
    rows = {}
    for key, found in tradeoffs_of(review, without=without).items():
        effect = found.effect or Absolute(math.nan, math.nan, math.nan, math.nan, None)
        said = found.ratio and format_outcome(found.ratio)  # a result that stands for itself
        if found.effect is not None:
            said = _say(effect.with_, effect.low, effect.high, digits=0 if effect.with_ >= 10 else 1)
        rows[key] = {
            **found.row.model_dump(include={"regimen", "against", "consequence", "good"}),
            **asdict(effect), "said": said, "certainty": found.certainty, "because": found.because, "source": found.source or None,
        }  # fmt: skip
    frame = _by(rows, "tradeoff").rename(columns={"with_": "with"})
    return frame.astype({"months": "float64"}) if rows else frame


def _say(value: float | None, low: float | None, high: float | None, *, digits: int) -> str:
    if value is None:
        return "none"
    if low is None or high is None or math.isnan(low + high):
        return format_number(value, digits)
    return format_effect(value, low, high, precision=digits)


def certainty_steps(review: Review) -> pd.DataFrame:
    """Return a row a pool: where GRADE starts it, each step with its reason, what code proposes and what was judged."""
    rows = {}
    for key, pooled, appraisal in _appraised(review):
        proposal = propose_certainty(review, pooled, appraisal.threshold)
        rows[key] = {"title": pooled.plan.title, "target": name_target(appraisal.threshold), "start": proposal.start}
        for domain, step in judge_certainty(review, pooled, appraisal).steps.items():
            rows[key][domain] = f"{step.by:+d}: {step.reason}".replace("-", "−", 1) if step.by else step.reason
        rows[key] |= {"proposed": proposal.certainty, "judged": appraisal.certainty}
        rows[key] |= {"why_otherwise": appraisal.difference}
    return _by(rows, "pool")


def awaited(review: Review) -> pd.DataFrame:
    """Return a row a trial whose result is awaited, by its number, with size, arms and masking of its study.

    `months_overdue` counts from its completion to the last search on record, and is missing where nothing is overdue.
    """
    trials, day = awaited_trials(review), search_day(review)
    late = {number: months_overdue(trial, day) if day else None for number, trial in trials.items()}
    studies = frame_of(review.tables["studies"])
    own = studies[studies.columns.intersection(["name", "question", "arms", "n", "phase", "masking"])]
    found = frame_of(review.tables["trials"]).join(own, on="study").loc[list(trials)]
    return found.assign(months_overdue=pd.Series(late, dtype="Int64"))


def turning(review: Review) -> pd.DataFrame:
    """Return a row a pool of treatment effects: its answer, and what one more study would have to show to change it.

    `turns` is missing where no result of such a study would; `verdict` says on which side of no effect the interval lies.
    """
    turns = {estimate.name: estimate for estimate in turning_estimates(review)}
    rows = {}
    for key, pooled in pool_evidence(review).items():
        if pooled.plan.contrast == "treatment" and pooled.verdict != "share":
            turn = turns.get(f"pool.{key}.turns")
            row = {"measure": pooled.plan.measure, "verdict": pooled.verdict}
            rows[key] = _head(pooled) | row | {"turns": format_estimate(turn, "full") if turn else None}
    return _by(rows, "pool")


def agreement(review: Review) -> pd.DataFrame:
    """Return a row a field, verdict or fact on bias that was read twice: pairs, how many are the same, their share, Cohen's kappa."""
    frame = pd.DataFrame(list(agreements(review).values())).set_index("field")
    return frame.assign(share=frame["same"] / frame["pairs"])


def arithmetic(review: Review) -> pd.DataFrame:
    """Return a row a sum of a founding document: what it gives, what is printed, and whether the two agree."""
    claims = review.all(ArithmeticClaim)
    rows = [dict(claim) | {"expected": claim.expected, "agrees": claim.agrees} for claim in claims]
    return pd.DataFrame(rows).set_index("check")


def published_pools(review: Review) -> pd.DataFrame:
    """Return a row a published pool: as published, and pooled again from its own table by three conventions."""
    rows = {}
    for again in recompute_published(review):
        outcome, pool = again.published, again.pool
        row = {"title": again.plan.title, "citekey": again.plan.meta_citekey, "k": len(again.studies)}
        row |= {"published": format_outcome(outcome) if outcome else "not pooled there", "ours": again.reason}
        if pool is not None:
            row["ours"] = format_pooled(again.plan.measure, pool.value, pool.hk_modified_ci)
            for name, one in (("dersimonian_laird", pool.dersimonian_laird), ("common", pool.common)):
                row[name] = format_pooled(again.plan.measure, one.value, (one.low, one.high))
        rows[again.plan.meta_pool] = row | {"left_out": again.left_out, "difference": again.plan.difference}
    return _by(rows, "meta_pool")


def reference_uses(review: Review) -> pd.DataFrame:
    """Return a row a use of a reference: its key, and the file that uses it."""
    uses = [(key, file) for key, files in uses_of_references(review).items() for file in sorted(files)]
    return pd.DataFrame(uses, columns=["citekey", "file"])


def retracted_pools(review: Review) -> pd.DataFrame:
    """Return a row a pool that a retraction changed: with the retracted study, and without it."""
    before, after = pool_evidence(before_retractions(review)), pool_evidence(review)
    gone = retracted_outcomes(review)
    rows = []
    for key, old in before.items():
        lost = dict.fromkeys(review.studies[one.study].name for one in old.outcomes if one.outcome in gone)
        if lost:
            without = _with_count(after[key]) if key in after else "too few studies are left to pool"
            rows.append((key, old.plan.title, tuple(lost), _with_count(old), without))
    return pd.DataFrame(rows, columns=["pool", "title", "retracted", "with", "without"]).set_index("pool")


def _with_count(pooled: Pooled) -> str:
    return f"{_head(pooled)['pooled']}, {pooled.pool.k} studies"


def changes(review: Review, since: str | None = None) -> pd.DataFrame:
    """Return a row for everything that the review says otherwise than at release *since*, or at its last that differs from now.

    `kind` is estimate, certainty, interval (the side of 1 on which a pooled interval lies) or study; `before` and `after`
    are in words, `pool` tells whether it is a pooled value itself. The version and day of that release are in `attrs`.
    Raises ValueError where no such release is on record.
    """
    history = [release for release in read_history(review.repository) if since in (None, release.version)]
    if not history:
        raise ValueError("no release is on record; run livrev snapshot VERSION at the first one")
    results = compute_results(review)
    now = take_snapshot(review, version="now", date=datetime.date.today(), results=results)
    differences = {f"pool.{key}" for key, plan in review.pools.items() if plan.measure in DIFFERENCES}
    for last in reversed(history):
        if found := compare(last, now, differences=differences):
            break
    rows = [
        (one.kind, one.name, _name_in_words(review, results, one), _words(one.before), _words(one.after), is_pool(one.name))
        for one in found
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["kind", "name", "label", "before", "after", "pool"])
    frame.attrs = {"version": last.version, "date": str(last.date)}
    return frame.astype({"kind": "category", "pool": "bool"})


def _name_in_words(review: Review, results: Mapping[str, Estimate], change: Change) -> str:
    """Return what a Result or a rated subject is called, without its key: also of one that is gone."""
    if change.label != change.name:
        return change.label
    if change.kind == "study":
        return review.studies[change.name].name if change.name in review.studies else change.name
    kind, _, rest = change.name.partition(".")
    if outcome := review.outcomes.get(rest.removesuffix(".exact")):
        endpoint = review.vocabulary.label("endpoints", outcome.endpoint)
        exact = ", exact interval" if rest.endswith(".exact") else ""
        return f"{review.studies[outcome.study].name}: {endpoint}, {outcome.groups}{exact}"
    if kind == "strategy" and rest in review.strategies:
        return review.strategies[rest].name
    if change.name in results:
        return results[change.name].label
    if kind != "outcome":
        return f"what is called {rest.replace('.', ' ')}, no longer kept"
    study = review.studies.get(rest.partition("--")[0])
    return f"{study.name if study else 'a study that went'}: a result that is not on file any more"


def _words(values: State | None) -> str:
    if values is None or isinstance(values, str):
        return "none" if values is None else values
    value, low, high = values[VALUE], values[LOW], values[HIGH]
    return _say(value, low, high, digits=0 if low is None and value == round(value or 0) else 2)
