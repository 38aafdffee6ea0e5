"""Studies and their results as tables and figures: what was tested, in whom, and what was reported."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import NormalDist

from livrev.records.model import Outcome, Study
from livrev.records.review import Review
from livrev.records.tables import Column
from livrev.review.pool_inputs import DIFFERENCES, RATIOS, scale_of
from livrev.review.results import latest_reports
from livrev.review.retraction_effects import mark_of, retracted_outcomes
from livrev.show.figures import ShownFigure, draw_effects, draw_gap_map, draw_shares, draw_timeline
from livrev.show.figures.effects import Effect
from livrev.show.tables import Link, ShownTable, show_table
from livrev.show.views.documents import address_of
from livrev.stats.proportions import clopper_pearson

MEASURES = {
    "HR": "hazard ratio",
    "OR": "odds ratio",
    "RR": "risk ratio",
    "ratio-of-HR": "ratio of hazard ratios",
    "MD": "mean difference",
    "SMD": "standardised mean difference",
    "RD": "risk difference",
    "proportion": "percent of patients",
}


def link_study(review: Review, study: Study, outcome: str = "") -> Link:
    """Return the name of a study, linked to its page in the book, or to the place of one *outcome* there."""
    return Link(name_of(review, study), f"../studies/{study.study}.html" + (f"#{outcome}" if outcome else ""))


def studies_on(review: Review, question: str, *, registered: bool = False) -> list[Study]:
    """Return the studies on *question*, the newest first; registered trials without results apart."""
    found = [
        s for s in review.studies.values() if s.question == question and (s.design == "registered-trial") is registered
    ]
    return sorted(found, key=lambda study: (-(study.year or 0), study.study))


def name_of(review: Review, study: Study) -> str:
    """Return the name of a study as tables show it: a retraction stands beside it."""
    mark = mark_of(review, study.citekey)
    return f"{study.name} [{mark}]" if mark else study.name


def show_studies(review: Review, question: str, *, registered: bool = False) -> ShownTable:
    """Return the studies on one question as a table."""
    label = review.vocabulary.label
    rows = [
        {
            "name": link_study(review, study),
            "design": label("designs", study.design),
            "condition": label_conditions(review, study.condition),
            "arms": study.arms,  # type: ignore[attr-defined]
            "n": study.n,
            "year": study.year,
            "result": study.primary_result if study.primary_result != "NA" else None,  # type: ignore[attr-defined]
            "basis": study.basis,
            "citekey": address_of(review, study.citekey),
        }
        for study in studies_on(review, question, registered=registered)
    ]
    columns = {
        "name": "Study", "year": "Year", "design": "Design", "condition": review.settings.condition.title, "arms": "Arms", "n": "Patients",
        "result": "Primary endpoint", "basis": "Read in", "citekey": "Source",
    }  # fmt: skip
    kind = "registered trials without results" if registered else "studies"
    name = f"table-{'registered' if registered else 'studies'}-{question}"
    caption = f"{review.settings.question(question).brief}: {kind}"
    return show_table(
        rows, name=name, caption=caption, columns=columns, filters=["design", "basis"], download="studies.csv"
    )


def label_conditions(review: Review, conditions: Iterable[str | None]) -> list[str]:
    """Return the terms of the review's condition axis by their labels."""
    group = condition_group(review)
    return [review.vocabulary.label(group, condition) for condition in conditions if condition]


def condition_group(review: Review) -> str:
    """Return the group of the vocabulary that holds the conditions."""
    columns = review.tables["studies"].table.columns
    return next(column.vocabulary or "" for column in columns if column.name == review.settings.condition.column)


def _in_words(review: Review, column: Column, cell: str | tuple[str, ...] | None) -> list[str]:
    """Return the terms in a cell of a column that takes them from the vocabulary, by their labels."""
    terms = cell if isinstance(cell, tuple) else (cell,)
    return [review.vocabulary.label(column.vocabulary or "", term) for term in terms if term]


def show_experiments(review: Review, question: str) -> ShownTable:
    """Return the experiments on mechanism that serve one question, each with its model; terms of the vocabulary by label."""
    named = [column for column in review.tables["experiments"].table.columns if column.vocabulary]
    rows = [
        {
            **record,
            "study": review.studies[record["study"]].name,
            **{column.name: _in_words(review, column, record[column.name]) for column in named},
            "citekey": address_of(review, record["citekey"]),
        }
        for record in review.tables["experiments"].records
        if review.studies[record["study"]].question == question
    ]
    columns = {
        "study": "Study", "system": "In", "model": "Model", "found": "What was found",
        **{column.name: column.name.replace("_", " ").capitalize() for column in named}, "note": "Mind", "citekey": "Source",
    }  # fmt: skip
    caption = f"{review.settings.question(question).brief}: experiments on mechanism"
    return show_table(rows, name=f"table-experiments-{question}", caption=caption, columns=columns, filters=["system"])


def show_outcomes(
    review: Review, question: str, *, contrasts: Iterable[str] = ("treatment", "prognostic")
) -> ShownTable:
    """Return the reported results on one question as a table, as printed."""
    label = review.vocabulary.label
    wanted = {s.study for s in review.studies.values() if s.question == question}
    rows = [
        {
            "study": link_study(review, review.studies[outcome.study], outcome.outcome),
            "endpoint": label("endpoints", outcome.endpoint),
            "stratum": say_stratum(review, outcome),
            "contrast": outcome.contrast,
            "arms": outcome.arm if outcome.contrast == "arm" else f"{outcome.arm} v {outcome.comparator}",
            "result": say_outcome(outcome),
            "basis": outcome.basis,
            "flag": outcome.flag,
        }
        for outcome in review.outcomes.values()
        if outcome.study in wanted and outcome.contrast in set(contrasts)
    ]
    columns = {
        "study": "Study", "endpoint": "Endpoint", "stratum": "Patients", "contrast": "Contrast", "arms": "Groups",
        "result": "As reported", "basis": "Read in", "flag": "Flag",
    }  # fmt: skip
    name = f"table-outcomes-{question}-{'-'.join(contrasts)}"
    caption = f"{review.settings.question(question).brief}: results as reported ({', '.join(contrasts)})"
    filters = ["endpoint", "stratum", "contrast", "basis"]
    return show_table(rows, name=name, caption=caption, columns=columns, filters=filters, download="outcomes.csv")


def say_outcome(outcome: Outcome) -> str:
    """Return a reported result as it is printed in tables: measure, value, interval with its level, p, counts."""
    unit = {"median-months": " months", "proportion": " %", "percent": " %", "rate-at-time": " %"}.get(
        outcome.measure, ""
    )
    parts = [f"{outcome.measure} " if outcome.measure in (*RATIOS, *DIFFERENCES) else ""]
    parts.append("" if outcome.value is None else f"{outcome.value:g}{unit}")
    if outcome.measure == "rate-at-time" and outcome.time_months is not None:
        parts.append(f" at {outcome.time_months:g} months")
    if outcome.ci_low is not None and outcome.ci_high is not None:
        level = f"{outcome.ci_level:g} % CI " if outcome.ci_level is not None else "level not stated, "
        parts.append(f" ({level}{outcome.ci_low:g} to {outcome.ci_high:g})")
    if outcome.events is not None and outcome.total is not None:
        parts.append(f" {outcome.events}/{outcome.total}")
    elif outcome.events is not None:
        parts.append(f" {outcome.events} events")
    if outcome.p:
        parts.append(f", p {outcome.p if outcome.p[0] in '<>≤≥~' else '= ' + outcome.p}")
    return "".join(parts).strip(" ,")


def say_stratum(review: Review, outcome: Outcome) -> str:
    """Return the patients of a result in words; a stratum of a study's own is kept as it is called there."""
    stratum = outcome.stratum.removeprefix("other:")
    return review.vocabulary.label("strata", stratum) if stratum in review.vocabulary.ids("strata") else stratum


def draw_ratios(
    review: Review,
    *,
    endpoint: str,
    contrast: str,
    favours: tuple[str, str],
    measure: str = "HR",
    question: str | None = None,
    stratum: str | None = None,
    design: Iterable[str] | None = None,
    reference: str | None = None,
    strategies: Iterable[str] | None = None,
    group: str = "condition",
    most: int = 40,
) -> ShownFigure:
    """Draw the ratios or differences of one endpoint and contrast, one effect a study and stratum, grouped by condition or stratum."""
    chosen = select_ratios(
        review,
        endpoint=endpoint,
        contrast=contrast,
        measure=measure,
        question=question,
        stratum=stratum,
        design=design,
        reference=reference,
        strategies=strategies,
    )
    several = Counter(outcome.study for outcome in chosen)
    effects = [_effect(review, outcome, group, with_arm=several[outcome.study] > 1) for outcome in chosen]
    effects.sort(key=lambda effect: (effect.group, effect.value))
    linear = measure in DIFFERENCES
    return draw_effects(effects[:most], measure=MEASURES[measure], favours=favours, linear=linear)


def select_ratios(
    review: Review,
    *,
    endpoint: str,
    contrast: str,
    measure: str = "HR",
    question: str | None = None,
    stratum: str | None = None,
    design: Iterable[str] | None = None,
    reference: str | None = None,
    strategies: Iterable[str] | None = None,
) -> list[Outcome]:
    """Return the unflagged ratios with an interval, without those that a later report supersedes.

    *reference* is the comparator as printed: for a prognostic contrast the group that the ratio is against.
    """
    designs = set(design) if design is not None else None
    tested = set(strategies) if strategies is not None else None
    gone = retracted_outcomes(review)

    def fits(outcome: Outcome) -> bool:
        study = review.studies[outcome.study]
        return bool(
            outcome.endpoint == endpoint
            and outcome.contrast == contrast
            and outcome.measure == measure
            and outcome.ci_low is not None
            and outcome.ci_high is not None
            and not outcome.flag
            and outcome.outcome not in gone
            and (question is None or study.question == question)
            and (stratum is None or outcome.stratum == stratum)
            and (reference is None or outcome.comparator == reference)
            and (designs is None or study.design in designs)
            and (tested is None or tested & set(study.strategy))
            and "meta-analysis" not in study.design
        )

    return latest_reports([outcome for outcome in review.outcomes.values() if fits(outcome)])


def _effect(review: Review, outcome: Outcome, group: str, *, with_arm: bool) -> Effect:
    study = review.studies[outcome.study]
    assert outcome.value is not None and outcome.ci_low is not None and outcome.ci_high is not None
    low, high = to_level_95(outcome)
    conditions = (outcome.subset,) if getattr(outcome, "subset", None) else study.condition  # type: ignore[attr-defined]
    heading = {
        "condition": ", ".join(label_conditions(review, conditions[:2])),
        "stratum": say_stratum(review, outcome),
        "none": "",
    }[group]
    return Effect(_name_arm(study, outcome if with_arm else None), outcome.value, low, high, heading)


def to_level_95(outcome: Outcome) -> tuple[float, float]:
    """Return the bounds of a ratio or difference at 95 percent, whatever the level at which its source prints them."""
    assert outcome.ci_low is not None and outcome.ci_high is not None
    if outcome.ci_level in (None, 95):
        return outcome.ci_low, outcome.ci_high
    normal = NormalDist()
    stretch = normal.inv_cdf(0.975) / normal.inv_cdf(0.5 + float(outcome.ci_level or 95) / 200)
    scale = scale_of(outcome.measure)
    low, high = scale.forward(outcome.ci_low), scale.forward(outcome.ci_high)
    middle, reach = (low + high) / 2, stretch * (high - low) / 2
    return scale.back(middle - reach), scale.back(middle + reach)


def draw_proportions(
    review: Review,
    *,
    endpoint: str,
    questions: Iterable[str],
    measure: str,
    strategies: Iterable[str] | None = None,
    most: int = 40,
) -> ShownFigure:
    """Draw the share of patients with *endpoint* arm by arm, with exact 95 percent intervals; whole arms only, no subsets."""
    wanted, tested = set(questions), set(strategies) if strategies is not None else None
    effects, gone = [], retracted_outcomes(review)
    for outcome in latest_reports(
        [
            o for o in review.outcomes.values()
            if o.endpoint == endpoint and o.contrast == "arm" and o.events is not None and o.total
            and not o.flag and o.stratum == "all" and not getattr(o, "subset", None) and o.outcome not in gone
        ]
    ):  # fmt: skip
        study = review.studies[outcome.study]
        if study.question not in wanted or (tested is not None and not tested & set(study.strategy)):
            continue
        if "meta-analysis" in study.design:
            continue
        assert outcome.events is not None and outcome.total is not None
        low, high = clopper_pearson(outcome.events, outcome.total)
        group = ", ".join(review.vocabulary.label("strategies", s) for s in study.strategy[:1])
        label = _name_arm(study, outcome, always=True)
        note = f"{outcome.events}/{outcome.total}"
        effects.append(Effect(label, 100 * outcome.events / outcome.total, 100 * low, 100 * high, group, note))
    effects.sort(key=lambda effect: (effect.group, -effect.value))
    return draw_shares(effects[:most], measure=measure)


def draw_expression(review: Review, *, endpoint: str, measure: str, most: int = 45) -> ShownFigure:
    """Draw the share of samples positive for a target, tissue by tissue, with exact 95 percent intervals."""
    effects = []
    for outcome in review.outcomes.values():
        if outcome.endpoint != endpoint or outcome.contrast != "arm" or outcome.flag or not outcome.total:
            continue
        if outcome.events is None or "meta-analysis" in review.studies[outcome.study].design:
            continue
        low, high = clopper_pearson(outcome.events, outcome.total)
        tissue = say_stratum(review, outcome) if outcome.stratum != "all" else (outcome.arm or "")
        study = review.studies[outcome.study].name.partition(" (")[0]
        note = f"{outcome.events}/{outcome.total}"
        share = 100 * outcome.events / outcome.total
        effects.append(Effect(shorten(f"{tissue} ({study})", 90), share, 100 * low, 100 * high, "", note))
    effects.sort(key=lambda effect: -effect.value)
    return draw_shares(effects[:most], measure=measure)


def _name_arm(study: Study, outcome: Outcome | None, *, always: bool = False) -> str:
    """Return the study's short name, with the arm and the stratum where *outcome* is given, cut to fit beside a plot."""
    name = study.name.partition(" (")[0]
    if outcome is None:
        return shorten(name, 60)
    parts = [outcome.arm or ""]
    if outcome.stratum != "all":
        parts.append(outcome.stratum.removeprefix("other:"))
    said = ", ".join(part for part in parts if part and (always or part.lower() not in name.lower()))
    return shorten(f"{shorten(name, 40)}: {said}" if said else name, 90)


def shorten(text: str, most: int = 46) -> str:
    """Return *text* cut to what fits beside a plot."""
    return text if len(text) <= most else text[: most - 1].rstrip(" ,:+-") + "…"


def draw_studies_over_time(review: Review) -> ShownFigure:
    """Draw every study with results along the years, by question."""
    points = [
        (study.year, review.settings.question(study.question).brief, study.n or 0, study.name.partition(" (")[0])
        for study in review.studies.values()
        if study.year and study.design not in ("registered-trial",) and "meta-analysis" not in study.design
    ]
    return draw_timeline(points, of="study")


def gap_cells(review: Review) -> dict[tuple[str, str], tuple[int, int]]:
    """Return studies and patients for each strategy and condition; animal work, meta-analyses and parts of studies apart."""
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for study in review.studies.values():
        if (
            study.part_of
            or "meta-analysis" in study.design
            or study.design in ("registered-trial", "animal", "human-tissue")
        ):
            continue
        for strategy in (strategy for strategy in study.strategy if strategy in review.strategies):
            for condition in label_conditions(review, study.condition):
                cell = cells[review.strategies[strategy].name, condition]
                cell[0] += 1
                cell[1] += study.n or 0
    return {key: (studies, patients) for key, (studies, patients) in cells.items()}


def _axes(cells: dict[tuple[str, str], tuple[int, int]]) -> tuple[list[str], list[str]]:
    rows: dict[str, int] = defaultdict(int)
    columns: dict[str, int] = defaultdict(int)
    for (row, column), (studies, _) in cells.items():
        rows[row] += studies
        columns[column] += studies
    return sorted(rows, key=lambda row: -rows[row]), sorted(columns, key=lambda column: -columns[column])


def draw_evidence_map(review: Review, *, columns: int = 14) -> ShownFigure:
    """Draw the map of strategies and conditions; the conditions with the most studies only."""
    cells = gap_cells(review)
    strategies, conditions = _axes(cells)
    return draw_gap_map(cells, rows=strategies, columns=conditions[:columns])


def show_evidence_map(review: Review) -> ShownTable:
    """Return the numbers of the evidence gap map."""
    rows = [
        {"strategy": strategy, "condition": condition, "studies": studies, "patients": patients}
        for (strategy, condition), (studies, patients) in sorted(gap_cells(review).items())
    ]
    axis = review.settings.condition
    columns = {"strategy": "Strategy", "condition": axis.title, "studies": "Studies", "patients": "Patients"}
    caption = f"Studies and patients for each strategy and {axis.name}"
    return show_table(rows, name="table-gap-map", caption=caption, columns=columns, filters=["strategy", "condition"])


def show_flags(review: Review) -> ShownTable:
    """Return the results that break a rule in their own source: kept as printed, never pooled."""
    rows = [
        {
            "study": review.studies[outcome.study].name,
            "endpoint": review.vocabulary.label("endpoints", outcome.endpoint),
            "result": say_outcome(outcome),
            "flag": outcome.flag,
            "reason": outcome.flag_reason,
            "citekey": address_of(review, outcome.citekey),
        }
        for outcome in review.outcomes.values()
        if outcome.flag
    ]
    columns = {
        "study": "Study", "endpoint": "Endpoint", "result": "As printed", "flag": "Flag", "reason": "What is wrong", "citekey": "Source",
    }  # fmt: skip
    caption = "Curiosities of the literature: results that contradict themselves"
    return show_table(rows, name="table-flags", caption=caption, columns=columns, filters=["flag"])
