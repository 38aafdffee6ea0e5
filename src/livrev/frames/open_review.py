"""A review as frames: what `livrev.open_review()` returns."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from livrev.diagnostics import suggest
from livrev.frames import computed, from_records
from livrev.frames.from_records import frame_of
from livrev.frames.network import TreatmentNetwork
from livrev.frames.pooling import PooledStudies
from livrev.records.model import Outcome
from livrev.records.review import Review
from livrev.review.networks import TREATMENT, fit_plan, network_contrasts, network_plans, readings_of_arms
from livrev.review.pool_inputs import direction_of, latest_reports
from livrev.review.pools import Pooled, pool_evidence
from livrev.review.studies import counted_studies, retracted_outcomes
from livrev.show.figures.shown import ShownFigure
from livrev.show.format import format_outcome
from livrev.show.names import cite, link_reference, say_code
from livrev.show.tables import Link
from livrev.show.views.bias import draw_judged
from livrev.show.views.forest_plots import draw_family, draw_result_shares, draw_results
from livrev.stats.network_report import NetworkAnalysis

Found = TypeVar("Found")


class _Frame:
    """A frame that is made when it is first asked for: by a function, which says what is in it, or of a table, with *doc*."""

    def __init__(self, make: Callable[[Review], pd.DataFrame] | str, doc: str | None = None) -> None:
        self.make, self.__doc__ = make, doc or make.__doc__

    def __get__(self, opened: "OpenReview | None", owner: type) -> pd.DataFrame:
        if opened is None:
            return self  # type: ignore[return-value]
        return opened.table(self.make) if isinstance(self.make, str) else opened._frame(self.make.__name__, self.make)


class OpenReview:
    """One review, read and checked: each table as a frame, each pool by its name.

    A frame may be changed freely: the next look at it begins from the records again. `records` are the typed records.

    >>> import livrev
    >>> review = livrev.open_review()
    >>> review.studies.index.name, review.outcomes["value"].dtype.name
    ('study', 'float64')
    """

    def __init__(self, records: Review):
        self.records = records
        self._frames: dict[str, pd.DataFrame] = {}

    def __repr__(self) -> str:
        counted = ", ".join(
            f"{len(self.records.tables[name].records)} {name}" for name in ("outcomes", "studies", "strategies")
        )
        return f"<review of {len(self.records.references)} references: {counted}>"

    outcomes = _Frame(
        "outcomes",
        "Every reported result, as printed: `value` with `ci_low`, `ci_high`, `events` of `total`, and where it was read.",
    )
    studies = _Frame("studies", "Every study: design, patients, arms, and the question that it serves.")
    strategies = _Frame(
        "strategies",
        "Every way of treating: rationale, findings for and against, studies, stage and certainty.",
    )
    findings = _Frame(from_records.findings_frame)
    sources = _Frame(from_records.sources_frame)
    sentences = _Frame(from_records.sentences_frame)
    references = _Frame(from_records.references_frame)
    vocabulary = _Frame(from_records.vocabulary_frame)
    questions = _Frame(from_records.questions_frame)
    designs = _Frame(from_records.designs_frame)
    tables = _Frame(from_records.tables_frame)
    columns = _Frame(from_records.columns_frame)
    summary_of_findings = _Frame(computed.summary_of_findings)
    small_pools = _Frame(computed.small_pools)
    over_time = _Frame(computed.over_time)
    e_values = _Frame(computed.e_values)
    certainty_steps = _Frame(computed.certainty_steps)
    published_pools = _Frame(computed.published_pools)
    retracted_pools = _Frame(computed.retracted_pools)
    agreement = _Frame(computed.agreement)
    awaited = _Frame(computed.awaited)
    turning = _Frame(computed.turning)
    arithmetic = _Frame(computed.arithmetic)
    reference_uses = _Frame(computed.reference_uses)

    @property
    def pools(self) -> pd.DataFrame:
        """Every pool of the review: what is pooled and why, what came of it (`k`, `value`, `ci_low` …), and how sure that is."""

        def make(_: Review) -> pd.DataFrame:
            found = self.table("pools").join(self.table("appraisals")["certainty"])
            summaries = [self.pool(name).summary for name in self._evidence]
            return found.join(pd.concat(summaries)) if summaries else found

        return self._frame("pools", make)

    @property
    def changes(self) -> pd.DataFrame:
        """What the review says otherwise than at its last release."""
        return computed.changes(self.records)

    def changes_since(self, version: str) -> pd.DataFrame:
        """Return what the review says otherwise than at release *version*. Raises ValueError where there is none of that name."""
        return computed.changes(self.records, version)

    def tradeoffs(self, *, without: Mapping[str, float] | None = None) -> pd.DataFrame:
        """Return what each way of treating means for 100 people; *without* gives another risk under the control, by row."""
        return computed.tradeoffs(self.records, without)

    def table(self, name: str) -> pd.DataFrame:
        """Return any table of `data/datapackage.json` as a frame. Raises KeyError for a name that is not there."""
        rows = _find(name, self.records.tables, "table")
        return self._frame(f"table {name}", lambda _: frame_of(rows))

    def pool(self, name: str, *, without: Iterable[str] = (), where: str | None = None) -> PooledStudies:
        """Return the pool called *name*, without some studies, or with those only whose row fulfils *where*.

        *without* names studies by their keys, as `pool.studies` shows them; *where* is a query on the reported results,
        like `"basis != 'secondary'"`. Raises KeyError for a name that is not there, ValueError where nothing is left.
        """
        pooled, judged = _find(name, self._evidence, "pool"), self.records.appraisals.get(name)
        found = PooledStudies(pooled, judged.certainty if judged else "", self.records.settings.few_studies)
        gone = set(without)
        if where is not None:
            kept = set(self.outcomes.loc[list(pooled.names)].query(where).index)
            gone |= {one.key for one in pooled.members if not kept >= {o.outcome for o in one.outcomes}}
        return found.without(gone) if gone else found

    def network(self, name: str, *, by: str = TREATMENT, without: Iterable[str] = ()) -> TreatmentNetwork:
        """Return the network called *name*, its arms read *by* a column of the table of treatments, without some studies.

        *without* names studies by their keys. Raises KeyError for a name or a column that is not there, and ValueError
        where the studies that are left hang together in no one network.
        """
        plan = _find(name, network_plans(self.records), "network")
        _find(by, dict.fromkeys(readings_of_arms(self.records)), "reading of the arms")
        contrasts = network_contrasts(self.records, plan, by, set(without))
        found = NetworkAnalysis(plan.measure, contrasts, fit_plan(plan, contrasts), plan.small)
        return TreatmentNetwork(found, plan.title, (plan.favours_low, plan.favours_high))

    def latest(self, outcomes: pd.DataFrame) -> pd.DataFrame:
        """Return *outcomes* without those that another of them supersedes, that are flagged, or that were retracted."""
        gone = retracted_outcomes(self.records) | set(outcomes["supersedes"].dropna())
        return outcomes[outcomes["flag"].isna() & ~outcomes.index.isin(gone)]

    def counted(self, studies: pd.DataFrame) -> pd.DataFrame:
        """Return those of *studies* that count as a study, each once: no part of another, no synthesis, nothing without a result."""
        return studies[studies.index.isin(counted_studies(self.records))]

    def directions(self, query: str) -> pd.DataFrame:
        """Return the results that fulfil *query* and that no later report supersedes, with the `direction` they point in.

        That is `favours` (below 1), `against` or `no clear difference`, by the interval, else by p below 0.05; a result
        that prints neither is left out.
        """
        pointing = {one.outcome: direction_of(one) for one in latest_reports(self.records.outcomes.values())}
        outcomes = self.outcomes.query(query)
        found = pd.Series(outcomes.index.map(pointing.get), outcomes.index, dtype="str")
        return outcomes.assign(direction=found).dropna(subset=["direction"])

    def printed(self, outcomes: pd.DataFrame) -> "pd.Series[str]":
        """Return each result of *outcomes* as its source prints it: value, interval with its level, p, counts."""
        return pd.Series(map(format_outcome, self._results(outcomes)), outcomes.index, dtype="str")

    def draw_family(self, family: str) -> ShownFigure:
        """Draw the pools of one family below each other, with the test whether they differ."""
        return draw_family(self.records, family)

    def draw_bias(self, tool: str, studies: Iterable[str] | None = None) -> ShownFigure:
        """Draw the risk of bias of each result that *tool* judges, or of those of *studies*, domain by domain."""
        return draw_judged(self.records, tool, studies)

    def link(self, keys: Iterable[str], names: Iterable[str] | None = None) -> "pd.Series[Any]":
        """Return *keys* of studies, findings or references as links to their pages, said as *names*, or by author and year.

        They bear the index of the last that is a Series, or are indexed by *keys* where these are an index.
        """
        links = [self._link(*one) for one in (zip(keys) if names is None else zip(keys, names, strict=True))]
        index = next((one.index for one in (names, keys) if isinstance(one, pd.Series)), None)
        return pd.Series(links, index=keys if index is None and isinstance(keys, pd.Index) else index, dtype=object)

    def link_page(self, places: "pd.Series[str]") -> "pd.Series[Any]":
        """Return places of the book (`page#heading`) as links to them; a missing one stays empty."""

        def link(place: str) -> Link:
            page, _, anchor = place.partition("#")
            if not anchor:
                return Link(page, f"../{page}.html")
            return Link(f"{page}, {anchor.replace('-', ' ')}", f"../{page}.html#{anchor}")

        return places.map(link, na_action="ignore").astype(object)

    def _link(self, key: str, text: str = "") -> Link | str:
        if key in self.records.studies:
            return Link(text or key, f"../studies/{key}.html")
        if key in self.records.findings:
            return Link(text or key, f"../sources/{self.records.findings[key][0].citekey}.html#{key}")
        return link_reference(self.records, key, text) if text else cite(self.records, key)

    def draw_effects(
        self, outcomes: pd.DataFrame, *, favours: tuple[str, str], group: str | None = None
    ) -> ShownFigure:
        """Draw the hazard ratios of *outcomes*, as printed, by a column *group*; *favours* names the sides of 1."""
        return draw_results(self.records, self._results(outcomes), self._groups(outcomes, group), favours=favours)

    def draw_shares(
        self, outcomes: pd.DataFrame, *, measure: str, group: str | None = None, label: str | None = None
    ) -> ShownFigure:
        """Draw the counts of *outcomes* as shares with exact intervals, by a column *group*, named by a column *label*."""
        labels = () if label is None else list(map(str, outcomes[label]))
        groups, results = self._groups(outcomes, group), self._results(outcomes)
        return draw_result_shares(self.records, results, groups, measure=measure, labels=labels)

    def _results(self, outcomes: pd.DataFrame) -> list[Outcome]:
        return [self.records.outcomes[key] for key in outcomes.index]

    def _groups(self, outcomes: pd.DataFrame, group: str | None) -> list[str]:
        """Return the heading of each row: what people call the first two ids of the column, or nothing without one."""
        if group is None:
            return [""] * len(outcomes)
        names = {id_: term.label for _, id_, term in self.records.vocabulary.every_term()}
        cells = [cell if isinstance(cell, tuple) else (cell,) for cell in outcomes[group]]
        return [", ".join(names.get(id_, str(id_)) for id_ in cell[:2] if not pd.isna(id_)) for cell in cells]

    def label(self, column: "pd.Series[str]", group: str) -> "pd.Series[str]":
        """Return the ids of *column* as what people call them, by a *group* of the vocabulary; others stay as they are."""
        return column.map(lambda id_: say_code(self.records, group, id_), na_action="ignore").astype("str")

    def in_words(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return *frame* with codes as people say them: terms, questions, references, how a page was read; NA is missing.

        A column of categories or lists is said by what the data dictionary tells of a column of that name.
        """
        columns = [column for rows in self.records.tables.values() for column in rows.table.columns]
        groups = {column.name: column.vocabulary for column in columns if column.vocabulary}

        def say(cell: Any, group: str | None) -> Any:
            if isinstance(cell, tuple):
                return ", ".join(say_code(self.records, group, one) for one in cell)
            return say_code(self.records, group, cell) or None if isinstance(cell, str) else cell

        said = {}
        for name, cells in frame.items():
            lists = cells.dtype == object and cells.map(lambda cell: isinstance(cell, tuple)).any()
            if lists or cells.dtype == "category" or name == "question":
                words = [say(cell, groups.get(str(name))) for cell in cells]
                said[str(name)] = pd.Series(words, frame.index, dtype=object)
        return frame.assign(**said)

    @cached_property
    def _evidence(self) -> dict[str, Pooled]:
        return pool_evidence(self.records)

    def _frame(self, name: str, make: Callable[[Review], pd.DataFrame]) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = make(self.records)
        return self._frames[name].copy(deep=False)  # pandas copies on write, so that nobody's change reaches another


def _find(name: str, known: Mapping[str, Found], what: str) -> Found:
    """Return what is called *name* among the *known*; raise KeyError, with names to choose from, where there is none."""
    if name not in known:
        raise KeyError(f"{name} is no {what}; {suggest(name, known, most=3, likeness=0.5)}")
    return known[name]
