"""Pool the rows of a frame, and look at a pool as frames and figures; shares of counted people, with exact intervals."""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from livrev.records.measures import DIFFERENCES, RATIOS
from livrev.records.model import PoolPlan
from livrev.records.settings import FewStudies
from livrev.review.pool_inputs import Member, Reported, scale_of
from livrev.review.pools import Pooled, pool_members
from livrev.review.sensitivity import look_again, vary
from livrev.show.figures.shown import ShownFigure
from livrev.show.format import format_pooled
from livrev.show.views.bias import draw_bias
from livrev.show.views.forest_plots import draw_pooled
from livrev.show.views.sensitivity_plots import draw_asymmetry, draw_changes, draw_conventions
from livrev.stats.effect_sizes import effect_from_interval
from livrev.stats.few_trials import pool_with_prior
from livrev.stats.pooling import Pool, Summary
from livrev.stats.proportions import Count, clopper_pearson, logit_effects
from livrev.stats.rows import flatten

_RATIO = ("value", "ci_low", "ci_high")
_SHARE = ("events", "total")


@dataclass(frozen=True)
class PooledStudies:
    """A pool as frames and figures; values and intervals are on the scale of the input (a share from 0 to 1)."""

    pooled: Pooled
    certainty: str = ""
    few: FewStudies | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of each study, in the order of the pool."""
        return tuple(member.key for member in self.pooled.members)

    @property
    def summary(self) -> pd.DataFrame:
        """One row: the pooled value under the review's convention, and what other conventions give.

        Columns: `k` studies; `value` with `ci_low`, `ci_high` (random effects by REML, modified Hartung-Knapp, 95 %);
        `tau2`, `i2` (percent), `q`, `q_p`; `pi_low`, `pi_high` (95 % prediction interval); the Wald interval, the common
        effect and DerSimonian-Laird beside it. What is not defined for so few studies is missing.
        """
        pool = self.pooled.pool
        row = _row(self.pooled, pool) | {name: flatten(pool)[name] for name in ("wald_low", "wald_high")}
        for name, one in (("common", pool.common), ("dl", pool.dersimonian_laird)):
            row |= {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
        return pd.DataFrame([row], index=pd.Index([self.pooled.plan.pool], name="pool"))

    @property
    def studies(self) -> pd.DataFrame:
        """One row a study, its key as index: name, value with its interval as printed, weight in percent, where it was read.

        `risk_of_bias` is that of this very result (low, some concerns, high), missing where no facts are on record.
        `ci_level` is the level of the interval in percent. A study is weighted by the symmetric interval of the same width.
        """
        rows = []
        for member, weight in zip(self.pooled.members, self.pooled.pool.weights, strict=True):
            numbers = map(float, (member.reported or Reported(*member.interval(self.pooled.scale)))[:4])
            first, risk = next(iter(member.outcomes), None), self.pooled.risk_of(member.key) or None
            read = (first and first.basis, first and first.outcome)
            rows.append((member.study, *numbers, weight, member.year or None, *read, risk))
        columns = ["name", *_RATIO, "ci_level", "weight", "year", "basis", "outcome", "risk_of_bias"]
        frame = pd.DataFrame(rows, index=pd.Index(self.keys, name="study"), columns=columns)
        return frame.astype({"year": "Int64", "basis": "category"})

    def leave_one_out(self) -> pd.DataFrame:
        """Return the pool without each study, in a row each; `changes` tells whether the answer would change sides."""
        steps, verdict = self.pooled.left_out, self.pooled.verdict
        rows = [
            (_row(self.pooled, step.pool) if step.pool else {})
            | {"changes": step.pool is not None and self.pooled.side(step.pool.hk_modified_ci) != verdict}
            | {"remark": step.reason}
            for step in steps
        ]
        return pd.DataFrame(rows, index=pd.Index(self.keys[: len(rows)], name="study"))

    def rules(self) -> pd.DataFrame:
        """Return the pool under other rules of inclusion, in a row a rule: with first-hand numbers only, and so on."""
        rows = [
            {"rule": variant.rule, "changes": variant.flips, "remark": variant.reason}
            | (_row(self.pooled, found) if (found := variant.pool or variant.common) else {})
            for variant in vary(self.pooled)
        ]
        return pd.DataFrame(rows).set_index("rule")

    def forest(self) -> ShownFigure:
        """Return the forest plot: a figure with alt text (`alt`) and data; `figure` is Matplotlib's own."""
        small = look_again(self.pooled, self.few) if self.few else None
        return draw_pooled(self.pooled, certainty=self.certainty, small=small)

    def bias(self) -> ShownFigure:
        """Return the risk of bias of each study, domain by domain, as traffic lights. Raises ValueError where none is judged."""
        return draw_bias(self.pooled)

    def sensitivity(self) -> ShownFigure:
        """Return the pool without each study, and as it grew year by year, as a figure. Ratios only."""
        return draw_changes(self.pooled)

    def funnel(self) -> ShownFigure:
        """Return the funnel plot with contours of significance. Ratios only."""
        return draw_asymmetry(self.pooled)

    def chance(self, threshold: float = 1, *, prior_scale: float = 0.5) -> float:
        """Return the probability that the mean ratio lies below *threshold*, by Bayes with a half-normal prior on tau.

        Raises ValueError where the pool is not one of ratios.
        """
        if self.pooled.plan.measure not in RATIOS:
            raise ValueError(f"{self.pooled.plan.pool} pools no ratios; the prior suits their logarithms only")
        told = pool_with_prior(self.pooled.effects, scale=self.pooled.scale, prior_scale=prior_scale)
        return told.probability_below(threshold)

    def without(self, studies: Iterable[str]) -> "PooledStudies":
        """Return the pool without some *studies*, named by their keys. Raises ValueError for a key that is not in it."""
        gone = set(studies)
        if unknown := sorted(gone - set(self.keys)):
            raise ValueError(f"{', '.join(unknown)}: not in this pool; its studies are {', '.join(self.keys)}")
        members = tuple(member for member in self.pooled.members if member.key not in gone)
        if not members:
            raise ValueError("no study is left to pool")
        own = tuple(member for member in self.pooled.first_hand if member.key not in gone)
        pooled = replace(self.pooled, members=members, pool=self.pooled.pool_again(members), first_hand=own)
        return replace(self, pooled=pooled)


_COLUMNS = ("k", "pooled", "value", "ci_low", "ci_high", "tau2", "i2", "q", "q_p", "pi_low", "pi_high")


def _row(pooled: Pooled, found: Pool | Summary) -> dict[str, float | str | None]:
    """Return what every frame of pools prints first; `pooled` is value and interval in words."""
    numbers = flatten(found)
    interval = (numbers["ci_low"], numbers["ci_high"])
    numbers["pooled"] = format_pooled(pooled.plan.measure, numbers["value"], interval)
    return {name: numbers[name] for name in _COLUMNS if name in numbers}


def pool(
    frame: pd.DataFrame, *, measure: str, favours: tuple[str, str] = ("below", "above"), title: str = ""
) -> PooledStudies:
    """Pool the rows of *frame*, one a study, as the review pools its own.

    Ratios (`HR`, `OR`, `RR`) need the columns `value`, `ci_low`, `ci_high` on the natural scale, and may have `ci_level`
    in percent (95 where it is missing); `proportion` needs `events` and `total`. The column `study` names a row, without
    it the index does; `year` and `name` are used where they are there. *favours* says what lies below and above no effect.

    Random effects by REML with the modified Hartung-Knapp interval (IntHout 2014, doi:10.1186/1471-2288-14-25); shares by
    the binomial-normal model. Raises ValueError, naming column or row, where the frame cannot be pooled.

    >>> import pandas as pd
    >>> trials = pd.DataFrame(
    ...     {"study": ["A", "B", "C"], "value": [0.80, 0.75, 0.70], "ci_low": [0.64, 0.60, 0.49], "ci_high": [1.0, 0.94, 1.0]}
    ... )
    >>> pooled = pool(trials, measure="HR")
    >>> pooled.summary[["k", "value", "ci_low", "ci_high"]].round(2)  # doctest: +NORMALIZE_WHITESPACE
            k  value  ci_low  ci_high
    pool
    frame   3   0.76    0.55     1.05
    """
    needed = _SHARE if measure == "proportion" else _RATIO
    if lacking := [column for column in needed if column not in frame.columns]:
        raise ValueError(f"the frame lacks {', '.join(lacking)}; measure {measure} is pooled from {', '.join(needed)}")
    keys = pd.Index(map(str, frame["study"] if "study" in frame.columns else frame.index))
    if twice := sorted({*keys[keys.duplicated()]}):
        cure = "a study counts once, so choose one (drop_duplicates('study'))"
        raise ValueError(f"{', '.join(twice)}: more than one row; {cure}")
    if len(empty := keys[frame[list(needed)].isna().any(axis=1)]):
        said = f"{' or '.join(needed)} is missing; leave such rows out (dropna(subset=[…]))"
        raise ValueError(f"{', '.join(empty)}: {said}")
    whole = frame.reindex(columns=[*needed, "name", "year", "ci_level"]).astype(object)
    rows = whole.where(whole.notna(), None).to_dict("records")
    members = [_member(key, row, measure) for key, row in zip(keys, rows, strict=True)]
    plan = PoolPlan(pool="frame", title=title, measure=measure, favours_low=favours[0], favours_high=favours[1])
    return PooledStudies(Pooled(plan, tuple(members), pool_members(members, measure)))


def _member(key: str, row: dict[Hashable, Any], measure: str) -> Member:
    name, year, level = str(row["name"] or key), int(row["year"] or 0), float(row["ci_level"] or 95)
    if measure == "proportion":
        count = Count(name, int(row["events"]), int(row["total"]))
        return Member(key, logit_effects([count])[0], year=year, count=count)
    try:
        value, low, high = (float(row[column]) for column in _RATIO)
        effect = effect_from_interval(name, value, low, high, scale=scale_of(measure), level=level)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from error
    return Member(key, effect, year=year, reported=Reported(value, low, high, level, measure in DIFFERENCES))


def conventions(pools: Sequence[PooledStudies]) -> ShownFigure:
    """Draw *pools* of ratios under every convention: the same studies, other rules of arithmetic."""
    return draw_conventions([one.pooled for one in pools])


def exact_shares(events: "pd.Series[int]", totals: "pd.Series[int]") -> pd.DataFrame:
    """Return events of totals as `share`, `ci_low` and `ci_high` in percent, and `text`, on the index of *events*.

    The 95 % intervals are those of Clopper and Pearson (doi:10.1093/biomet/26.4.404); a total of 0 gives no share.

    >>> import pandas as pd
    >>> exact_shares(pd.Series([12], index=["A"]), pd.Series([40], index=["A"])).round(1)
       share  ci_low  ci_high                    text
    A   30.0    16.6     46.5  12/40, 30 % (17 to 47)
    """
    rows: list[tuple[float, float, float, str]] = []
    for some, whole in zip(events, totals, strict=True):
        ends = (some / whole, *clopper_pearson(int(some), int(whole))) if whole else (math.nan,) * 3
        share, low, high = (100 * end for end in ends)
        rows.append((share, low, high, f"{some}/{whole}, {share:.0f} % ({low:.0f} to {high:.0f})" if whole else "none"))
    return pd.DataFrame(rows, index=events.index, columns=["share", "ci_low", "ci_high", "text"])
