"""Fit the network of a table of contrasts, and give the answer as plain data for a machine, or as text for a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from livrev.diagnostics import Problem, ReviewError
from livrev.stats.effect_sizes import MEASURES, Scale
from livrev.stats.network import Network, fit_network
from livrev.stats.network_studies import Contrast, NetworkError
from livrev.stats.rows import flatten, lay_out, say_effect, say_interval, say_number, say_report
from livrev.stats.spreadsheet import is_missing, read_sheet
from livrev.stats.study_doubts import LIKE_A_SUMMARY, is_summary
from livrev.stats.study_layout import knows, notes_on_reading, simplify
from livrev.stats.study_table import READERS, TableRow, read_each, read_rows

_COLUMNS = {
    "treatment": {"treatment", "treatment1", "treat1", "trt1", "t1", "intervention", "arm1", "experimental"},
    "comparator": {"comparator", "treatment2", "treat2", "trt2", "t2", "control", "arm2", "comparison"},
    "covariance": {"covariance", "cov"},
}
_HEADER = "study,treatment,comparator,value,ci_low,ci_high[,ci_level][,covariance]"
_SMALL = {"better": "below", "worse": "above"}
_CONVENTIONS = {
    "model": "contrast-based random effects, one tau² for all comparisons, heterogeneity correlation ½ within a study",
    "tau2": "restricted maximum likelihood (REML), on the scale of analysis; null without a degree of freedom",
    "interval": "z, 95 %",
    "common": "common effect, z, 95 %",
    "q": "Cochran's Q of the common-effect model, chi-squared",
    "i2": "(Q - df)/Q, from 0 to 1",
    "inconsistency": "Q between designs, common effect (Krahn 2013), chi-squared",
    "splits": "direct and, by back-calculation, indirect evidence with the network's tau²; z",
    "p_score": "Rücker and Schwarzer 2015, from the random-effects estimates; 1 is best",
    "league": "a against b, random effects",
}


@dataclass(frozen=True, slots=True)
class NetworkAnalysis:
    """A network with the contrasts that it was fitted to, on the scale of analysis, and what to know about them."""

    measure: str
    contrasts: tuple[Contrast, ...]
    network: Network
    small: str
    notes: tuple[str, ...] = ()

    @property
    def scale(self) -> Scale:
        return MEASURES[self.measure]


def network_file(
    name: str, content: bytes, measure: str, *, reference: str | None = None, small: Literal["better", "worse"] = "better"
) -> NetworkAnalysis:  # fmt: skip
    """Fit the network of the table in *content*, called *name* in messages. Raises ReviewError with every problem found.

    Columns: `study,treatment,comparator`, the numbers as `livrev pool` takes them, `covariance` for studies of several
    arms that do not give all pairs.
    """
    known = set().union(*_COLUMNS.values())
    sheet = read_sheet(name, content, lambda header: knows(header) or simplify(header)[0] in known)
    simple = [simplify(cell)[0] for cell in sheet.header]
    claims = {column: [i for i, name in enumerate(simple) if name in names] for column, names in _COLUMNS.items()}
    places = {column: claimed[0] for column, claimed in claims.items() if claimed}
    if missing := [column for column in ("treatment", "comparator") if column not in places]:
        said = f"lacks {', '.join(missing)}" if sheet.header else "holds no contrasts"
        sheet.complain_about_header(",".join(sheet.header), said, f"write the columns {_HEADER}")
    sheet.stop_on_problems()
    layout, rows = read_rows(sheet, measure)
    layout.places |= places
    layout.read |= {*places.values()}
    _complain_about_names(rows)

    def read(row: TableRow) -> Contrast:
        covariance = None if is_missing(row.cell("covariance")) else row.numbers("covariance")[0]
        effect = READERS[layout.kind](row, measure)
        treatments = row.cell("treatment"), row.cell("comparator")
        return Contrast(row.study, *treatments, effect.estimate, effect.se, covariance)

    contrasts = read_each(rows, read)
    sheet.stop_on_problems()
    try:
        network = fit_network(contrasts, reference=reference, small=small, scale=MEASURES[measure])
    except NetworkError as error:
        line = next((row.line for row in rows if row.study == error.study), 1)
        field = "study" if error.study else "network"
        raise ReviewError([Problem(name, line, field, error.study, str(error), error.cure)]) from error
    return NetworkAnalysis(measure, tuple(contrasts), network, small, notes_on_reading(sheet, layout))


def _complain_about_names(rows: Sequence[TableRow]) -> None:
    spelled: dict[str, str] = {}
    for row in rows:
        if is_summary(row.study):
            row.note(f"{LIKE_A_SUMMARY}; delete the row where it is one")
        for column in ("study", "treatment", "comparator"):
            name, kind = row.cell(column), "study" if column == "study" else "treatment"
            first = spelled.setdefault(f"{kind} {' '.join(name.casefold().split())}", name)
            if is_missing(name) and name.casefold() != "none":
                row.complain(column, "is empty", "name the study and both treatments of each row")
            elif first != name:
                row.complain(column, f"is written {first} elsewhere", f"write each {kind} in one way")


def as_data(analysis: NetworkAnalysis) -> dict[str, object]:
    """Return *analysis* by the names of its numbers, at full precision, None where a thing is not defined."""
    network, small = analysis.network, f"a treatment is good whose estimate lies {_SMALL[analysis.small]}"
    estimates = [flatten(row) for row in network.estimates]
    return {
        **{name: getattr(network, name) for name in ("reference", "tau2", "i2", "q", "q_df", "q_p")},
        "components": 1,  # more are refused
        "is_tree": network.is_tree,
        "estimates": [{name: row[name] for name in row if not name.startswith("rank")} for row in estimates],
        "league": [flatten(cell) for cell in network.league],
        "inconsistency": network.inconsistency and flatten(network.inconsistency),
        "splits": [flatten(split) for split in network.splits],
        "conventions": {"measure": analysis.measure, **_CONVENTIONS, "small": small, "notes": list(analysis.notes)},
    }


def as_table(analysis: NetworkAnalysis) -> str:
    """Return *analysis* as text: the estimates against the reference, the league, consistency, and the notes."""
    network = analysis.network
    head = f"{analysis.measure} against {network.reference}, {network.studies} studies"
    rows = [(head, "value", "95 % interval", "common effect", "95 % interval", "P-score")]
    for row in sorted(network.estimates, key=lambda row: -row.p_score):
        numbers = ("reference", "", "", "")
        if row.treatment != network.reference:
            common = say_number(row.common_value), say_interval((row.common_low, row.common_high))
            numbers = (say_number(row.value), say_interval((row.low, row.high)), *common)
        rows.append((row.treatment, *numbers, f"{row.p_score:.2f}"))
    cells = {(c.a, c.b): say_effect(c.value, (c.low, c.high)) for c in network.league}
    square = [(a, *(cells.get((a, b), "–") for b in network.treatments)) for a in network.treatments]
    league = f"each row against each column\n{lay_out([('', *network.treatments), *square])}"
    spread = (
        "no degree of freedom is left: heterogeneity cannot be estimated, and the estimates are the common-effect ones"
    )
    if network.tau2 is not None and network.i2 is not None and network.q_p is not None:
        test = f"Q {say_number(network.q)}, df {network.q_df}, p {network.q_p:.3g}"
        spread = f"tau² {say_number(network.tau2)}, I² {100 * network.i2:.1f} %, {test}"
    return say_report((lay_out(rows), spread, league, _consistency(network)), analysis.notes, _CONVENTIONS)


def _consistency(network: Network) -> str:
    found = network.inconsistency
    if found is None:
        return "the network is a tree of designs: direct and indirect evidence cannot be set against each other"
    test = f"inconsistency between designs: Q {say_number(found.design_q)}, df {found.df}, p {found.p:.3g}"
    rows = [("comparison", "direct", "indirect", "p")]
    rows += [(f"{s.a} – {s.b}", say_number(s.direct), say_number(s.indirect), f"{s.p:.3g}") for s in network.splits]
    return f"{test}\n{lay_out(rows)}"
