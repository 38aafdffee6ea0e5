"""The pools of the review: which results are pooled together, and what the pool gives.

Which results are comparable is a judgement, written down with its reason in the table of pools; the arithmetic is code.
The table of a published meta-analysis is pooled again by our conventions, so that both results stand side by side.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from operator import attrgetter
from typing import Any

from livrev.records.measures import DIFFERENCES, MEASURES
from livrev.records.model import Estimate, Outcome, PoolPlan, PublishedPool, PublishedStudy
from livrev.records.review import Review
from livrev.review.bias import Judged, judge_pool
from livrev.review.pool_inputs import Member, effect_of, make_members, parts_of_wholes, reported_of, scale_of
from livrev.review.studies import kept_pools
from livrev.stats import additional_analyses
from livrev.stats.additional_analyses import InteractionTest, PartPool
from livrev.stats.effect_sizes import LOG, Effect, Interval, Scale, effect_from_interval, effect_from_two_counts
from livrev.stats.pooling import Pool, pool_effects
from livrev.stats.proportions import Count, clopper_pearson, logit_effects, pool_proportions

FEWEST = 3
_METHOD = "random effects (REML), modified Hartung-Knapp interval"
_METHODS = {
    **dict.fromkeys(("HR", "OR"), _METHOD),
    "RR": f"log risk ratios of two arms; {_METHOD}",
    "ratio-of-HR": f"ratio of the hazard ratios of two strata of a trial; {_METHOD}",
    **{name: f"{MEASURES[name].name}s; {_METHOD}" for name in DIFFERENCES},
    "proportion": "binomial-normal model, interval by z on the logit",
}
_question = attrgetter("study", "endpoint", "contrast", "stratum", "measure", "arm", "comparator")


@dataclass(frozen=True)
class Pooled:
    """One pool: its plan, members and value, its results from interim analyses, the risk of bias by study, its first-hand form."""

    plan: PoolPlan
    members: tuple[Member, ...]
    pool: Pool
    interim: frozenset[str] = frozenset()
    bias: Mapping[str, Judged] = field(default_factory=dict)
    first_hand: tuple[Member, ...] = ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Every reported result in the pool."""
        return tuple(outcome for member in self.members for outcome in member.outcomes)

    @property
    def names(self) -> tuple[str, ...]:
        """The id of every reported result in the pool."""
        return tuple(outcome.outcome for outcome in self.outcomes)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The members' effects on the scale of analysis."""
        return tuple(member.effect for member in self.members)

    @property
    def scale(self) -> Scale:
        """The scale of analysis."""
        return scale_of(self.plan.measure)

    @cached_property
    def left_out(self) -> tuple[PartPool, ...]:
        """The pool without each study."""
        return additional_analyses.leave_one_out(self.members, self.pool_again)

    @cached_property
    def by_year(self) -> tuple[PartPool, ...]:
        """The pool as it grew, year by year; last come studies whose year is not known."""
        return additional_analyses.accumulate(
            sorted(self.members, key=lambda member: (not member.year, member.year)), self.pool_again
        )

    def risk_of(self, study: str) -> str:
        """Return the risk of bias of the result of a *study* in this pool; empty where it was not judged."""
        return self.bias[study].overall if study in self.bias else ""

    def pool_again(self, members: Sequence[Member]) -> Pool:
        """Pool some of the members in the same way. Raises ValueError where they cannot be pooled."""
        return pool_members(members, self.plan.measure)

    @property
    def prediction(self) -> tuple[float, float] | None:
        """The prediction interval, from four studies on: with three, one degree of freedom makes it as good as endless."""
        return self.pool.prediction if self.pool.k > FEWEST else None

    @property
    def no_effect(self) -> float | None:
        """What stands for no effect on the scale of the measure: 1 for a ratio, 0 for a difference, None for a share."""
        return None if self.plan.measure == "proportion" else self.scale.back(0)

    def side(self, interval: tuple[float, float]) -> str:
        """Return where *interval* lies: `below` no effect, `above` it or `across`; `share` where there is no such line."""
        if self.no_effect is None:
            return "share"
        return "below" if interval[1] < self.no_effect else "above" if interval[0] > self.no_effect else "across"

    @property
    def verdict(self) -> str:
        """Where the interval lies: below no effect, above it or across; for shares there is no such line."""
        return self.side(self.pool.hk_modified_ci)


def pool_members(members: Sequence[Member], measure: str) -> Pool:
    """Pool *members* as *measure* asks. Raises ValueError where they cannot be pooled."""
    if measure == "proportion":
        return pool_proportions([member.count for member in members if member.count is not None])
    return pool_effects([member.effect for member in members], scale=scale_of(measure))


def pool_evidence(review: Review) -> dict[str, Pooled]:
    """Return every pool of the table, by id, without those whose members cannot be pooled: `livrev check` names these members."""
    rows = review.tables["outcomes"]
    each = zip(rows.column("citekey"), rows.column("endpoint"), rows.column("report"), strict=True)
    reports = {(citekey, endpoint) for citekey, endpoint, report in each if report == "interim"}
    read = [o for o in review.outcomes.values() if o.basis != "secondary" and not o.flag and reported_of(o)]
    latest = {_question(o): o.outcome for o in sorted(read, key=lambda o: o.data_cutoff or "")}
    pools = {}
    for key, plan in kept_pools(review, fewest=FEWEST).items():
        try:
            members = tuple(make_members(review, plan))
            pool = pool_members(members, plan.measure)
        except ValueError:
            continue
        own = [outcome for member in members for outcome in member.outcomes]
        interim = frozenset(  # a stratum is as interim as its whole
            o.outcome for o in own if o.report == "interim" or (o.report == "subgroup" and (o.citekey, o.endpoint) in reports)
        )  # fmt: skip
        first_hand = tuple(make_members(review, _first_hand(review, plan, latest)))
        pools[key] = Pooled(plan, members, pool, interim, judge_pool(review, plan), first_hand)
    return pools


def _first_hand(review: Review, plan: PoolPlan, own: Mapping[Any, str]) -> PoolPlan:
    """Return *plan* with the study's *own* earlier report for each result read elsewhere, without studies that have none."""
    results = (review.outcomes[key] for key in (*plan.outcomes, *plan.comparators))
    keys = {o.outcome: o.outcome if o.basis != "secondary" else own.get(_question(o)) for o in results}
    fewer = plan.without([key for key, other in keys.items() if other is None])
    columns = ("outcomes", "comparators")
    return fewer.model_copy(update={name: tuple(keys[key] for key in getattr(fewer, name)) for name in columns})


def pool_estimates(review: Review) -> Iterable[Estimate]:
    """Yield, for each pool, its value, prediction interval, I², number of studies, and itself without each; for each family, its test."""
    pools = pool_evidence(review)
    for key, pooled in pools.items():
        yield from _estimates(f"pool.{key}", pooled)
        for part, share in parts_of_wholes(review, pooled.plan).items():
            name, label = review.outcomes[part].study, "share of a printed stratum in the information of its trial"
            how = "variance of whole over part"
            yield Estimate.make(f"pool.{key}.part.{name}", 100 * share, label, (part,), unit="%", method=how)
    for family in dict.fromkeys(pooled.plan.family for pooled in pools.values() if pooled.plan.family):
        members = [pooled for pooled in pools.values() if pooled.plan.family == family]
        if (test := compare_family(members)) is not None:
            yield Estimate.make(
                f"family.{family}.p", test.p,
                f"test whether {len(members)} pools differ, of which the first is: {members[0].plan.title}",
                (name for pooled in members for name in pooled.names), k=len(members),
                precision=2 if test.p >= 0.01 else 3, method=f"one tau² for all, F on {test.df[0]} and {test.df[1]} df",
            )  # fmt: skip


def compare_family(pools: Sequence[Pooled]) -> InteractionTest | None:
    """Return the test of interaction between *pools* of one family (do their values differ?), where there are studies enough."""
    effects = [replace(effect, subgroup=pooled.plan.pool) for pooled in pools for effect in pooled.effects]
    return additional_analyses.compare_subgroups_jointly(effects)


def _estimates(name: str, pooled: Pooled) -> Iterable[Estimate]:
    pool, title, names, share = pooled.pool, pooled.plan.title, pooled.names, pooled.plan.measure == "proportion"
    how, citekeys = _METHODS[pooled.plan.measure], tuple(dict.fromkeys(outcome.citekey for outcome in pooled.outcomes))
    unit, precision = ("%", 0) if share else ("", 2)
    make = partial(Estimate.make, k=pool.k, method=how, citekeys=citekeys, unit=unit, precision=precision)

    def shown(found: float, interval: Interval) -> tuple[float, Interval]:
        times = 100 if share else 1
        return times * found, (times * interval[0], times * interval[1])

    value, interval = shown(pool.value, pool.hk_modified_ci)
    yield make(name, value, title, names, interval)
    if pooled.prediction is not None:
        around = shown(pool.value, pooled.prediction)[1]
        yield make(f"{name}.prediction", value, f"{title}: prediction interval", names, around)
    for member, step in zip(pooled.members, pooled.left_out, strict=False):
        if step.pool is not None and step.pool.k >= FEWEST and member.outcomes:
            kept = [outcome.outcome for outcome in pooled.outcomes if outcome not in member.outcomes]
            value, interval = shown(step.pool.value, step.pool.hk_modified_ci)
            part, label = f"{name}.except.{member.key}", f"{title}, without {step.name}"
            yield make(part, value, label, kept, interval, k=step.pool.k, citekeys=())
    yield make(f"{name}.k", pool.k, f"{title}: studies", names, unit="", precision=0, method="count of studies")
    if pool.i2 is not None:
        yield make(f"{name}.i2", pool.i2, f"{title}: I²", names, unit="%", precision=0)
    if share:
        counts = [member.count for member in pooled.members if member.count is not None]
        events, total = sum(count.events for count in counts), sum(count.total for count in counts)
        how, label = "sum of the studies, exact interval (Clopper-Pearson)", f"{title}: all patients together"
        value, around = shown(events / total, clopper_pearson(events, total))
        yield make(f"{name}.sum", value, label, names, around, events=events, n=total, method=how)


@dataclass(frozen=True)
class Recomputed:
    """A published pool: its row, what was published, our pool of the same table, and the rows left out."""

    plan: PublishedPool
    published: Outcome | None
    studies: tuple[str, ...]
    pool: Pool | None
    reason: str
    left_out: tuple[str, ...]


def recompute_published(review: Review) -> list[Recomputed]:
    """Return every published pool of the table of published pools, pooled again from its own per-study table or the trials on file."""
    found, studies = [], tuple(review.all(PublishedStudy))
    for plan in review.all(PublishedPool):
        own = [row for row in studies if row.meta_citekey == plan.meta_citekey]
        tables = (plan.table, plan.stratum), (plan.control_table or plan.table, plan.control_stratum)
        here, other = ([r for r in own if r.pool == table and s in (None, r.stratum)] for table, s in tables)
        members = [Member(key, effect_of(review, review.outcomes[key])) for key in plan.outcomes]
        left_out, pool, reason = [], None, ""
        for row in here:
            try:
                members.append(_member(plan.measure, row, other))
            except ValueError as error:
                left_out.append(f"{row.study_label}: {error}")
        try:
            pool = pool_members(members, plan.measure)
        except ValueError as error:
            reason = str(error)
        published, names = review.outcomes[plan.published] if plan.published else None, [m.study for m in members]
        found.append(Recomputed(plan, published, tuple(names), pool, reason, tuple(left_out)))
    return found


def _member(measure: str, row: PublishedStudy, other: Sequence[PublishedStudy]) -> Member:
    name = row.study_label
    if measure == "HR":
        if row.value is None or row.ci_low is None or row.ci_high is None or row.ci_level is None:
            raise ValueError("no interval of a stated level")
        effect = effect_from_interval(name, row.value, row.ci_low, row.ci_high, scale=LOG, level=row.ci_level)
        return Member(name, effect)
    if row.events is None or row.total is None:
        raise ValueError("no counts")
    if measure == "proportion":
        count = Count(name, row.events, row.total)
        return Member(name, logit_effects([count])[0], count=count)
    control = next((r for r in other if r is not row and r.study_label == name), None)
    if control is None or control.events is None or control.total is None:
        raise ValueError("no second group in the table")
    return Member(
        name, effect_from_two_counts(name, row.events, row.total, control.events, control.total, measure="OR")
    )
