"""Benefit over time: survival in both arms of a randomised trial at the times that it prints, and whether its ratio holds.

A difference has its interval from those printed for the two arms, taken as symmetric; where none are printed, from the number
of patients of each arm, which is too narrow where many were censored before that time; else it has none.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from livrev.records.model import Estimate, Outcome
from livrev.records.review import Review
from livrev.review.pool_inputs import effect_of, latest_reports
from livrev.review.pools import pool_evidence
from livrev.review.studies import retracted_outcomes
from livrev.stats import effect_sizes
from livrev.stats.effect_sizes import Interval, Survival, compare_periods, ratio_between

RANKS = ("interim", "primary", "update", "final")
_PERIOD = re.compile(r"other:(first|until|after|from) \d+ months")
_EARLY, _RATIO = ("first", "until"), ("HR", "treatment", "all")
_kind, _compared = attrgetter("measure", "contrast", "stratum"), attrgetter("study", "arm", "comparator")
_UNREAD = ("not known", "survival in both arms at common times was not read")


@dataclass(frozen=True, slots=True)
class AtTime:
    """Survival in both arms at one time, as the rows say it and with its errors; *printed* tells whether these were printed."""

    rows: tuple[Outcome, Outcome]
    treated: Survival
    control: Survival
    printed: bool

    @property
    def months(self) -> float:
        """When it is."""
        return float(self.rows[0].time_months or 0)

    @property
    def difference(self) -> tuple[float, Interval | None]:
        """How many more of 1000 are alive with the treatment, and the 95 percent interval, if any."""
        value, interval = effect_sizes.survival_difference(self.treated, self.control)
        return 1000 * value, None if interval is None else (1000 * interval[0], 1000 * interval[1])

    @property
    def ratio(self) -> tuple[float, Interval | None]:
        """The ratio of log survival, and its 95 percent interval, if any."""
        log_ratio, se = ratio_between((None, self.treated), (None, self.control))
        around = None if se is None else (math.exp(log_ratio - 1.96 * se), math.exp(log_ratio + 1.96 * se))
        return math.exp(log_ratio), around


@dataclass(frozen=True, slots=True)
class OverTime:
    """One comparison of a trial: its *headline* ratio, survival at each time, the *mark* of the ratio, and the ground of the mark."""

    headline: Outcome
    times: tuple[AtTime, ...]
    mark: str
    ground: str


def benefits_over_time(review: Review, *, endpoint: str = "os") -> dict[str, OverTime]:
    """Return each comparison of a randomised trial that prints *endpoint* at common times in both arms, by name.

    The name is that of the study, for a second comparison of it with `.` and a number.
    """
    gone = retracted_outcomes(review)
    trials = {study.study for study in review.studies.values() if study.design == "rct"}
    latest = latest_reports(review.outcomes.values())
    rows = [o for o in latest if o.endpoint == endpoint and o.study in trials and not (o.flag or o.outcome in gone)]
    ratios, rates = [row for row in rows if _kind(row) == _RATIO and row.ci_low is not None], _rates(rows)
    found: dict[str, OverTime] = {}
    for headline in sorted(ratios, key=_rank, reverse=True):
        seen = {_compared(one.headline) for one in found.values()}
        treated, control = (rates.get((headline.study, arm or ""), {}) for arm in (headline.arm, headline.comparator))
        if not (months := sorted(treated.keys() & control.keys())) or _compared(headline) in seen:
            continue
        times = []
        for both in ((treated[month], control[month]) for month in months):
            (here, printed), (there, also) = (survival_of(review, row) for row in both)
            times.append(AtTime(both, here, there, printed and also))
        before = sum(study == headline.study for study, _, _ in seen)
        name = headline.study + (f".{before + 1}" if before else "")
        found[name] = OverTime(headline, tuple(times), *_judge(review, rows, headline, times))
    return {key: found[key] for key in sorted(found)}


def _rank(outcome: Outcome) -> tuple[int, bool]:
    return RANKS.index(outcome.report) if outcome.report in RANKS else -1, outcome.basis != "secondary"


def _rates(rows: Iterable[Outcome]) -> Mapping[tuple[str, str], dict[float, Outcome]]:
    """Return, for each arm, the best report of survival at each time; a time for which that report prints two is left out."""
    rates: dict[tuple[str, str, float], list[Outcome]] = defaultdict(list)
    for row in rows:
        if _kind(row) == ("rate-at-time", "arm", "all") and row.value and row.time_months:
            rates[row.study, row.arm or "", row.time_months].append(row)
    best: dict[tuple[str, str], dict[float, Outcome]] = defaultdict(dict)
    for (study, arm, month), several in rates.items():
        top = [row for row in several if _rank(row) == max(map(_rank, several))]
        if len(top) == 1 and 0 < float(top[0].value or 0) < 100:
            best[study, arm][month] = top[0]
    return best


def survival_of(review: Review, rate: Outcome) -> tuple[Survival, bool]:
    """Return survival with its error, and whether that comes from a printed interval."""
    share = float(rate.value or 0) / 100
    if rate.ci_low is not None and rate.ci_high is not None and float(rate.ci_level or 0) == 95:
        return effect_sizes.survival_from_interval(share, rate.ci_low / 100, rate.ci_high / 100), True
    patients = rate.total or _patients(review, rate)
    return (effect_sizes.survival_from_patients(share, patients), False) if patients else (Survival(share, None), False)


def _patients(review: Review, rate: Outcome) -> int | None:
    """Return the patients of an arm: the largest total of its results, or what the only other arm leaves of the whole."""
    totals: dict[str, int] = {}
    rows = review.tables["outcomes"]
    columns = (rows.column(name) for name in ("study", "contrast", "stratum", "arm", "total"))
    for study_of, contrast, stratum, arm, total in zip(*columns, strict=True):
        if study_of == rate.study and contrast == "arm" and stratum == "all" and arm and total:
            totals[arm] = max(totals.get(arm, 0), total)
    if (rate.arm or "") in totals:
        return totals[rate.arm or ""]
    study = review.studies[rate.study]
    two_arms = len((getattr(study, "arms", None) or "").split(" v ")) == 2
    return study.n - next(iter(totals.values())) if two_arms and len(totals) == 1 and study.n else None


def _judge(review: Review, rows: list[Outcome], headline: Outcome, times: Sequence[AtTime]) -> tuple[str, str]:
    """Return the mark of a headline ratio and its ground: printed ratios by period, else what survival at two times tells."""
    own = [row for row in rows if _compared(row) == _compared(headline)]
    periods = [(found[1] not in _EARLY, row) for row in own if (found := _PERIOD.fullmatch(row.stratum))]
    if sorted(late for late, _ in periods) == [False, True]:
        early_first = [row for _, row in sorted(periods, key=lambda one: one[0])]
        effects = [effect_of(review, row) for row in early_first]
        mark, _, _ = compare_periods(*((effect.estimate, effect.se) for effect in effects))
        said = " and ".join(f"{row.value} in the {row.stratum.removeprefix('other:')}" for row in early_first)
        return mark, f"the trial prints {said}".replace("in the after", "after")
    if len(times) < 2:
        return "not known", "survival is printed at one time only"
    first, *_, last = times
    try:
        early_ratio, early_se = ratio_between((None, first.treated), (None, first.control))
        late_ratio, late_se = ratio_between((first.treated, last.treated), (first.control, last.control))
    except ValueError as error:
        return "not known", str(error)
    said = f"ratio of deaths {math.exp(early_ratio):.2f} up to month {first.months:g}, {math.exp(late_ratio):.2f}"
    said += f" from there to month {last.months:g}"
    if not early_se or not late_se:
        return "not known", f"{said}; no interval, since neither one for the arms nor their patients were read"
    mark, change, (low, high) = compare_periods((early_ratio, early_se), (late_ratio, late_se))
    return mark, f"{said}: changed by a factor of {change:.2f} (90 % CI {low:.2f} to {high:.2f})"


def marks_over_time(review: Review) -> dict[str, tuple[str, str]]:
    """Return how each hazard ratio of a treatment in all patients changes over time, and the ground of saying so.

    By outcome, and of pools of such ratios by `pool.<id>`, where the marks of the studies are told.
    """
    ratios = [outcome for outcome in review.outcomes.values() if _kind(outcome) == _RATIO]
    marks: dict[str, tuple[str, str]] = {}
    for endpoint in dict.fromkeys(outcome.endpoint for outcome in ratios):
        benefits = benefits_over_time(review, endpoint=endpoint).values()
        found = {_compared(one.headline): (one.mark, one.ground) for one in benefits}
        marks |= {o.outcome: found.get(_compared(o), _UNREAD) for o in ratios if o.endpoint == endpoint}
    for key, pooled in pool_evidence(review).items():
        if (pooled.plan.measure, pooled.plan.contrast) == ("HR", "treatment"):
            studies = [(member.study, *marks.get(member.outcomes[0].outcome, _UNREAD)) for member in pooled.members]
            marks[f"pool.{key}"] = _join_marks(studies)
    return marks


def _join_marks(marks: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    """Return the mark and the ground of a pool, from those of its studies by their names."""
    named = defaultdict(list)
    for name, mark, _ in marks:
        named[mark].append(name)
    unknown = len(named.pop(_UNREAD[0], []))
    if not named:
        grounds = {ground for _, _, ground in marks}
        return _UNREAD[0], grounds.pop() if len(grounds) == 1 else "no study prints what would tell"
    said = [f"{mark} in {', '.join(those)}" for mark, those in named.items()]
    said += [f"not known in {unknown} of {len(marks)}"] if unknown else []
    return "; ".join(said), "; ".join(f"{name}: {ground}" for name, mark, ground in marks if mark != _UNREAD[0])


def over_time_estimates(review: Review) -> Iterable[Estimate]:
    """Yield `time.<study>.<months>m`, how many more of 1000 are alive, and `….ratio`, the ratio of log survival."""
    for key, found in benefits_over_time(review).items():
        name = review.studies[found.headline.study].short_name
        for time in found.times:
            how = "printed intervals of both arms" if time.printed else "patients of both arms, censoring ignored"
            who = f"{name}, {found.headline.groups}"
            for suffix, (value, interval), unit, said in (
                ("", time.difference, "per 1000", "more alive of 1000"), (".ratio", time.ratio, "", "ratio of log survival"),
            ):  # fmt: skip
                yield Estimate.make(
                    f"time.{key}.{time.months:g}m{suffix}", value, f"{who}: {said} at month {time.months:g}",
                    (row.outcome for row in time.rows), interval, unit=unit, precision=0 if unit else 2,
                    method=f"difference of two printed shares; interval {f'from the {how}' if interval else 'not to be had'}",
                    citekeys=tuple(dict.fromkeys(row.citekey for row in time.rows)),
                )  # fmt: skip
