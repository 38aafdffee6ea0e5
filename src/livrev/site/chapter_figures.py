"""Figures and tables that a chapter asks for by one line: `figure-of` shows a pool, a summary, or what a notebook shows.

What a notebook shows is taken from its executed copy, so that it is made once; its numbers are those of the same records.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, ClassVar

from bs4 import BeautifulSoup
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from livrev.frames.computed import summary_of_findings
from livrev.frames.pooling import PooledStudies
from livrev.records.review import Review
from livrev.review.pools import pool_evidence
from livrev.show.figures.shown import ShownFigure, draw_inline, to_csv
from livrev.show.tables import table
from livrev.show.views.bias import draw_bias
from livrev.show.views.forest_plots import draw_family, draw_summary
from livrev.site.figures import Shown, in_notebooks, write_data
from livrev.site.state import build_state, inputs_of, show
from livrev.transaction import write_if_changed

SUMMARY, ANSWERS = "summary", "answers"
_FOLDER = "pictures"
_SUMMARY_COLUMNS = {
    "question": "Question", "certainty": "Certainty", "without": "Without, of 1000", "with": "With, of 1000",
    "pooled": "Pooled (95 % CI)", "k": "Studies",
}  # fmt: skip


class NumberedTable(nodes.figure):  # type: ignore[misc]
    """A table of the engine under a numbered caption, counted with the tables of the book."""


class FigureOf(SphinxDirective):
    """Show `pool.<id>`, `bias.<id>`, `family.<id>`, `summary`, `answers`, or a figure or table of a notebook by its name.

    The options are caption and name; of a table also the columns to show, by their heads; of the answers the words left and right
    of 1. Each line of the content is a pool of the summary, one of the answers, or the beginning of a row that a table is to keep.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "caption": directives.unchanged,
        **dict.fromkeys(("name", "columns", "left", "right"), directives.unchanged_required),
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure or table; a name that is not there, or a line that cannot be drawn, fails the build."""
        asked = str(self.arguments[0])
        key = asked if asked in in_notebooks(self.env.app) else f"fig-{asked.replace('.', '-')}"
        try:
            shown = self._find(asked, key, [line.strip() for line in self.content if line.strip()])
        except ValueError as error:
            raise self.error(str(error)) from error
        said = self.options.get("caption") or shown.caption
        caption = nodes.caption(said, "", *self.parse_inline(said, lineno=self.lineno)[0])
        self.options.setdefault("name", f"{self.env.docname.rpartition('/')[2]}-{asked.replace('.', '-')}")
        raw = nodes.raw("", shown.html, format="html")
        if shown.svg:
            repository = build_state(self.env.app).review.repository
            place = repository.build / _FOLDER / f"{self.options['name']}.svg"
            write_if_changed(place, shown.svg)
            image = nodes.image("", uri=f"/{repository.relative(place)}", alt=shown.alt, loading="lazy")
            drawing = nodes.container("", raw, image, classes=["livrev-shown"])
            classes = ["livrev-answers"] if asked == ANSWERS else []
            figure = nodes.figure("", drawing, caption, classes=classes, align="default")
            figure["livrev_name"], figure["livrev_code"] = key, shown.code
            write_data(self.env.app, key, shown.data)
        else:
            figure = NumberedTable("", caption, raw, classes=["livrev-tabled"])
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]

    def _find(self, asked: str, key: str, lines: list[str]) -> Shown:
        app = self.env.app
        made = in_notebooks(app)
        columns = list(filter(None, map(str.strip, self.options.get("columns", "").split(","))))
        if key in made:
            shown = show(self.env, _in_notebook, key)
            return shown if shown.svg else _choose(shown, lines, columns)
        show(self.env, inputs_of)
        review = build_state(app).review
        pools = pool_evidence(review)
        kind, _, id_ = asked.partition(".")
        if asked == ANSWERS:
            if missing := [name for name in ("left", "right") if name not in self.options]:
                raise ValueError(f"answers lacks {' and '.join(missing)}: what lies left and right of 1, in words")
            favours = (self.options["left"], self.options["right"])
            return _of_figure(draw_summary(review, lines, favours=favours), "", "draw_summary(")
        if kind == SUMMARY:
            return _choose(_summary(review, lines or list(review.appraisals)), [], columns)
        if kind == "bias" and id_ in pools:
            return _of_figure(draw_bias(pools[id_]), f"Risk of bias: {pools[id_].plan.title}", "draw_bias(")
        if kind == "family":
            return _of_figure(draw_family(review, id_), "", "draw_family(")
        if kind == "pool" and id_ in pools:
            certainty = review.appraisals[id_].certainty if id_ in review.appraisals else ""
            drawn = PooledStudies(pools[id_], certainty, review.settings.few_studies).forest()
            return _of_figure(drawn, pools[id_].plan.title, "draw_pooled(")
        near = get_close_matches(asked, [SUMMARY, ANSWERS, *(f"pool.{one}" for one in pools), *made], 3, 0.5)
        raise ValueError(f"no pool, family, figure or table is called {asked}; near it: {', '.join(near) or SUMMARY}")


def _in_notebook(app: Sphinx, name: str) -> Shown:
    return in_notebooks(app)[name]


def _of_figure(drawn: ShownFigure, caption: str, code: str) -> Shown:
    return Shown(draw_inline(drawn), caption, drawn.to_svg(), drawn.alt, to_csv(drawn), code)


def _summary(review: Review, pools: Sequence[str]) -> Shown:
    """Return the summary of findings of *pools*: people of 1000 first. Raises ValueError where one has no appraisal."""
    frame = summary_of_findings(review)
    if missing := [pool for pool in pools if pool not in frame.index]:
        raise ValueError(f"{', '.join(missing)}: no pool with an appraisal; there are {', '.join(frame.index)}")
    risks = ["without", "with", "low", "high", "months"]
    frame = frame.loc[list(pools)].reindex(columns=[*frame.columns.difference(risks), *risks])  # no risk may be on file
    risk = frame[risks].map("{:.0f}".format)
    by_month = (" by month " + risk["months"]).where(frame["months"].notna(), "")
    over_time = ("; over time: " + frame["over_time"]).fillna("")
    frame["pooled"] = frame["measure"].astype("str") + " " + frame["pooled"] + over_time
    known = frame["with"].notna()
    frame["without"] = (risk["without"] + by_month).where(known)
    frame["with"] = (risk["with"] + " (" + risk["low"] + " to " + risk["high"] + ")").where(known)
    filled = {head: said for head, said in _SUMMARY_COLUMNS.items() if frame[head].notna().any()}
    shown = table(frame, caption="Summary of findings", columns=filled, name=SUMMARY, download="estimates.csv")
    caption = "Summary of findings: people of 1000 without and with the treatment, and how sure we are."
    return Shown(shown.to_html(), caption)


def _choose(shown: Shown, lines: Sequence[str], columns: Sequence[str]) -> Shown:
    """Return a table without its own caption, with the *columns* of these heads, and of its rows those that then begin with one of *lines*.

    Raises ValueError for a head that is not there, and for a line with which no row begins.
    """
    soup = BeautifulSoup(shown.html, "lxml")
    for own in soup.select("caption"):
        own.decompose()
    head, *rows = soup.find_all("tr")
    heads = [cell.get_text() for cell in head.find_all("th")]
    if missing := [column for column in columns if column not in heads]:
        raise ValueError(f"no column is called {', '.join(missing)}; there are {', '.join(heads)}")
    idle = set(lines)
    for row in (head, *rows):
        cells = dict(zip(heads, [cell.extract() for cell in row.find_all(["td", "th"])], strict=True))
        chosen = {column: cells[column] for column in columns or heads}
        row.extend(chosen.values())
        if row is head:
            continue
        for column, cell in chosen.items():  # on a phone each row is a card, and each cell says which column it is of
            cell["data-head"] = column
        first = next(iter(chosen.values())).get_text()
        begun = {line for line in lines if first.startswith(line)}
        idle -= begun
        if lines and not begun:
            row.decompose()
    if idle:
        raise ValueError(f"no row begins with {', '.join(sorted(idle))}")
    return Shown(str(soup.div), shown.caption, code=shown.code)
