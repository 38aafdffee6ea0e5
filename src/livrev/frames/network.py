"""Compare many treatments by the rows of a frame, and look at the network as frames and figures."""

from dataclasses import dataclass
from itertools import permutations
from typing import Literal

import numpy as np
import pandas as pd

from livrev.records.measures import measure_of
from livrev.show.figures.diagrams import draw_network
from livrev.show.figures.forest import Interval, draw_forest
from livrev.show.figures.shown import ShownFigure
from livrev.show.format import format_effect
from livrev.stats.effect_sizes import compare_effects, effect_from_interval
from livrev.stats.network_report import NetworkAnalysis, network_file
from livrev.stats.network_studies import gather_studies, share_by_study
from livrev.stats.pooling import Summary
from livrev.stats.rows import flatten

_SUMMARY = ("reference", "studies", "treatments", "tau2", "i2", "q", "q_df", "q_p", "is_tree")
_COLUMNS = ("study", "treatment", "comparator", "value", "ci_low", "ci_high")


@dataclass(frozen=True)
class TreatmentNetwork:
    """A network meta-analysis as frames and figures, on the scale of the input; intervals are at 95 percent."""

    analysis: NetworkAnalysis
    title: str = ""
    favours: tuple[str, str] = ("better", "worse")

    @property
    def summary(self) -> pd.DataFrame:
        """One row: reference, studies, treatments, `tau2`, `i2` (0 to 1), `q` with `q_df` and `q_p`, whether it is a tree.

        `design_q`, `design_df` and `design_p` test consistency, where there is a loop; else they are missing.
        """
        network, test = self.analysis.network, self.analysis.network.inconsistency
        row = {name: getattr(network, name) for name in _SUMMARY} | {"treatments": len(network.treatments)}
        row |= {"design_q": test and test.design_q, "design_df": test and test.df, "design_p": test and test.p}
        return pd.DataFrame([row])

    @property
    def estimates(self) -> pd.DataFrame:
        """A row a treatment against the reference: random effects, the common effect beside it, the P-score, and its rank.

        `rank` (1 is best) has its 95 percent interval in `rank_low` and `rank_high`, and all three as `rank_text`.
        """
        frame = pd.DataFrame(map(flatten, self.analysis.network.estimates)).set_index("treatment")
        ranks = zip(frame["rank"], frame["rank_low"], frame["rank_high"], strict=True)
        return frame.assign(rank_text=[f"{rank:g} ({low:g} to {high:g})" for rank, low, high in ranks])

    @property
    def league(self) -> pd.DataFrame:
        """A row a pair: treatment *a* against treatment *b*, by random effects, and the same as `text`; `pivot` makes a square."""
        return _with_text(pd.DataFrame(map(flatten, self.analysis.network.league)))

    def square(self, above: "TreatmentNetwork | None" = None) -> pd.DataFrame:
        """Return the league as a square, best first: each cell the treatment of its column against that of its row.

        Below the diagonal stands this network, above it *above*: another outcome of the same treatments (default: this one).
        """
        order = list(self.estimates.sort_values(["rank", "value"]).index)
        leagues = (one.league.pivot(index="b", columns="a", values="text") for one in (self, above or self))
        below, other = (league.reindex(index=order, columns=order) for league in leagues)
        found = below.where(np.tril(np.ones(below.shape, dtype=bool)), other).astype(object).fillna("")
        np.fill_diagonal(cells := found.to_numpy(copy=True), "–")
        return pd.DataFrame(cells, index=pd.Index(order, name="against"), columns=order)

    @property
    def bucher(self) -> pd.DataFrame:
        """The league by Bucher's method: the two estimates against the reference, as if they came from different studies.

        In a network whose treatments meet at the reference alone it gives the same; where two treatments share a study it
        does not. Method: `livrev.stats.effect_sizes.compare_effects`.
        """
        network, scale = self.analysis.network, self.analysis.scale
        others = [row for row in network.estimates if row.treatment != network.reference]
        effects = [effect_from_interval(row.treatment, row.value, row.low, row.high, scale=scale) for row in others]
        rows = [
            {"a": a.study, "b": b.study} | flatten(Summary(*compare_effects(a, b).interval(scale)))
            for a, b in permutations(effects, 2)
        ]
        return _with_text(pd.DataFrame(rows, columns=["a", "b", "value", "ci_low", "ci_high"]))

    @property
    def splits(self) -> pd.DataFrame:
        """A row a comparison with direct and indirect evidence, and the p of their difference; empty for a tree."""
        return pd.DataFrame(self.analysis.network.splits, columns=["a", "b", "direct", "indirect", "p"])

    @property
    def contributions(self) -> pd.DataFrame:
        """A row a treatment and study: the share (0 to 1) of its estimate against the reference that comes from the study.

        Method: `livrev.stats.network`.
        """
        network = self.analysis.network
        shares = share_by_study(self.analysis.contrasts, tau2=network.tau2 or 0.0)
        rows = [
            (b if a == network.reference else a, study, share)
            for (a, b), parts in shares.items()
            if network.reference in (a, b)
            for study, share in parts.items()
        ]
        return pd.DataFrame(rows, columns=["treatment", "study", "share"])

    def graph(self) -> ShownFigure:
        """Return which treatments were compared with each other, and in how many studies, as a figure."""
        network = self.analysis.network
        arms = [arm for study in gather_studies(self.analysis.contrasts) for arm in study.arms]
        ranked = sorted(network.estimates, key=lambda row: row.rank)
        nodes = {row.treatment: arms.count(row.treatment) for row in ranked}
        return draw_network(network.edges, reference=network.reference, nodes=nodes)

    def forest(self, *, measure: str = "") -> ShownFigure:
        """Return each treatment against the reference as a figure, the lowest estimate first."""
        network = self.analysis.network
        rows = [Interval(row.treatment, row.value, row.low, row.high) for row in network.estimates]
        others = sorted((row for row in rows if row.label != network.reference), key=lambda row: row.value)
        named, linear = measure or measure_of(self.analysis.measure).name, self.analysis.scale.name != "log"
        shown: list[Interval | str] = [f"against {network.reference}", *others]
        return draw_forest(shown, measure=named, favours=self.favours, linear=linear)


def _with_text(league: pd.DataFrame) -> pd.DataFrame:
    """Return *league* with its numbers in words."""
    spans = zip(league["value"], league["ci_low"], league["ci_high"], strict=True)
    return league.assign(text=[format_effect(*span, precision=2) for span in spans])


def network(
    frame: pd.DataFrame, *, measure: str, reference: str | None = None, small: Literal["better", "worse"] = "better"
) -> TreatmentNetwork:
    """Compare the treatments of *frame*, one contrast a row, in one network meta-analysis.

    Columns: `study` (or the index), `treatment`, `comparator`, `value`, `ci_low`, `ci_high`, and, where they are there,
    `ci_level` in percent and `covariance`. *measure* is HR, OR, RR (natural scale), MD or generic. A study of three or more
    arms gives all its pairs, or its contrasts against one comparator with `covariance`, that of any two of them on the scale
    of analysis. *reference* is the treatment with most studies where none is named; *small* says whether a low estimate is
    good, for P-scores. Model and sources: `livrev.stats.network`.

    Raises ReviewError with every problem found, by row and column.

    >>> import pandas as pd
    >>> trials = pd.DataFrame(
    ...     {"study": ["1", "2", "3"], "treatment": ["B", "C", "C"], "comparator": ["A", "A", "B"], "value": [0.7, 0.6, 0.9],
    ...      "ci_low": [0.5, 0.4, 0.6], "ci_high": [0.98, 0.9, 1.35]}
    ... )
    >>> found = network(trials, measure="HR", reference="A")
    >>> found.estimates[["value", "ci_low", "ci_high", "p_score"]].round(2)  # doctest: +NORMALIZE_WHITESPACE
               value  ci_low  ci_high  p_score
    treatment
    A           1.00    1.00     1.00     0.00
    B           0.69    0.52     0.92     0.61
    C           0.61    0.44     0.84     0.89
    """
    whole = frame.reset_index() if "study" not in frame.columns else frame
    if lacking := [column for column in _COLUMNS if column not in whole.columns]:
        raise ValueError(f"the frame lacks {', '.join(lacking)}; a network needs {', '.join(_COLUMNS)}")
    content = whole.filter([*_COLUMNS, "ci_level", "covariance"]).to_csv(index=False).encode()
    return TreatmentNetwork(network_file("frame", content, measure, reference=reference, small=small))
