"""Figures and tables that a chapter asks for by one line: `figure-of` shows a pool or what a notebook shows, `answers` draws its own.

What a notebook shows is taken from its executed copy, so that it is made once; its numbers are those of the same records.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from html import unescape
from typing import Any, ClassVar

from bs4 import BeautifulSoup
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from livrev.frames.computed import summary_of_findings
from livrev.records.review import Review
from livrev.review.pools import pool_evidence
from livrev.review.sensitivity import small_pools
from livrev.show.figures.shown import ShownFigure, draw_inline, to_csv
from livrev.show.tables import table
from livrev.show.views.answers import draw_summary
from livrev.show.views.bias import draw_bias
from livrev.show.views.pools import draw_family, draw_pooled
from livrev.site.build_cache import write_if_changed
from livrev.site.figures import split_drawing, write_data
from livrev.site.state import build_state, executed_notebook, note_inputs, note_shown, register_print

SUMMARY = "summary"
_TABLE = re.compile(r'<div class="livrev-table" id="(?P<name>[^"]*)">.*?<caption>(?P<caption>.*?)</caption>', re.DOTALL)
_FOLDER, _KIND = "pictures", "figure-of"
_SUMMARY_COLUMNS = {
    "question": "Question", "certainty": "Certainty", "without": "Without, of 1000", "with": "With, of 1000",
    "pooled": "Pooled (95 % CI)", "k": "Studies",
}  # fmt: skip


class NumberedTable(nodes.figure):  # type: ignore[misc]
    """A table of the engine under a numbered caption, counted with the tables of the book."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure or table as a page can hold it: HTML, and of a figure also picture, words and data; *code* made it."""

    html: str
    caption: str
    svg: str = ""
    alt: str = ""
    data: str = ""
    code: str = ""


class _Figure(SphinxDirective):
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"caption": directives.unchanged, "name": directives.unchanged_required}

    def place(self, shown: Shown, name: str, *, key: str, classes: Sequence[str] = ()) -> list[nodes.Node]:
        """Return *shown* under its caption; *key* names its data, and its view in the explorer where it is a pool's."""
        caption = nodes.caption(shown.caption, "", *self.parse_inline(shown.caption, lineno=self.lineno)[0])
        raw = nodes.raw("", shown.html, format="html")
        if shown.svg:
            review = build_state(self.env.app).review
            place = review.repository.build / _FOLDER / f"{name}.svg"
            write_if_changed(place, shown.svg)
            image = nodes.image("", uri=f"/{review.repository.relative(place)}", alt=shown.alt, loading="lazy")
            drawing = nodes.container("", raw, image, classes=["livrev-shown"])
            figure = nodes.figure("", drawing, caption, classes=list(classes), align="default")
            figure["livrev_name"], figure["livrev_code"] = key, shown.code
            write_data(self.env.app, key, shown.data)
        else:
            figure = NumberedTable("", caption, raw, classes=["livrev-tabled"])
        self.set_source_info(figure)
        self.options["name"] = name
        self.add_name(figure)
        return [figure]


class AnswersPicture(_Figure):
    """Draw the answers that its lines name; the options are caption, name, and the words left and right of 1."""

    option_spec: ClassVar[dict[str, Any]] = {
        **_Figure.option_spec,
        "left": directives.unchanged_required,
        "right": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure; a line that cannot be drawn fails the build."""
        missing = [name for name in ("caption", "name", "left", "right") if name not in self.options]
        if missing:
            raise self.error(f"answers lacks {', '.join(missing)}")
        favours = (self.options["left"], self.options["right"])
        try:
            drawn = draw_summary(build_state(self.env.app).review, list(self.content), favours=favours)
        except ValueError as error:
            raise self.error(str(error)) from error
        note_inputs(self.env)
        name = str(self.options["name"])
        shown = _of_figure(drawn, self.options["caption"], "draw_summary(")
        return self.place(shown, name, key=name, classes=["livrev-answers"])


class FigureOf(_Figure):
    """Show `pool.<id>`, `bias.<id>`, `family.<id>`, `summary` with a pool a line, or a figure or table of a notebook by its name.

    The options are caption and name; of a table also the columns to show, by their heads. Each line of the content is the
    beginning of a row that a table is to keep.
    """

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {**_Figure.option_spec, "columns": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the figure or table; a name that is not there fails the build."""
        asked = str(self.arguments[0])
        key = asked.replace("pool.", "fig-pool-").replace("family.", "fig-family-").replace("bias.", "fig-bias-")
        columns = [part.strip() for part in self.options.get("columns", "").split(",") if part.strip()]
        try:
            shown = self._find(asked, key, [line.strip() for line in self.content if line.strip()], columns)
        except ValueError as error:
            raise self.error(str(error)) from error
        shown = replace(shown, caption=self.options.get("caption") or shown.caption)
        name = self.options.get("name") or f"{self.env.docname.rpartition('/')[2]}-{asked.replace('.', '-')}"
        return self.place(shown, name, key=key)

    def _find(self, asked: str, key: str, lines: list[str], columns: list[str]) -> Shown:
        app = self.env.app
        made = in_notebooks(app)
        if key in made:
            note_shown(self.env, _KIND, key, made[key])
            return made[key] if made[key].svg else _choose(made[key], lines, columns)
        note_inputs(self.env)
        review = build_state(app).review
        kind, _, id_ = asked.partition(".")
        if kind == SUMMARY:
            return _choose(_summary(review, lines or list(review.appraisals)), [], columns)
        if kind == "bias" and id_ in (pools := pool_evidence(review)):
            return _of_figure(draw_bias(pools[id_]), f"Risk of bias: {pools[id_].plan.title}", "draw_bias(")
        if kind == "family":
            return _of_figure(draw_family(review, id_), "", "draw_family(")
        pools = pool_evidence(review)
        if kind == "pool" and id_ in pools:
            certainty = review.appraisals[id_].certainty if id_ in review.appraisals else ""
            return _of_figure(
                draw_pooled(pools[id_], certainty=certainty, small=small_pools(review).get(id_)),
                pools[id_].plan.title,
                "draw_pooled(",
            )
        near = get_close_matches(asked, [SUMMARY, *(f"pool.{one}" for one in pools), *made], 3, 0.5)
        raise ValueError(f"no pool, family, figure or table is called {asked}; near it: {', '.join(near) or SUMMARY}")


def in_notebooks(app: Sphinx) -> dict[str, Shown]:
    """Return every figure and table that a notebook shows, by its name."""
    return build_state(app).once("in notebooks", lambda: dict(_read_notebooks(app)))


def _read_notebooks(app: Sphinx) -> Iterator[tuple[str, Shown]]:
    repository = build_state(app).review.repository
    for path in repository.notebook_files():
        for cell in json.loads(executed_notebook(app, f"{repository.notebooks.name}/{path.stem}") or "")["cells"]:
            code = "".join(cell["source"])
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                said = {kind: "".join(text) for kind, text in data.items() if kind != "application/json"}
                html, figure = said.get("text/html", ""), cell["metadata"].get("mystnb", {}).get("figure")
                if figure and "image/svg+xml" in said:
                    drawing, data = split_drawing(html)
                    shown = Shown(drawing, figure["caption"], said["image/svg+xml"], said["text/plain"], data, code)
                    yield str(figure["name"]), shown
                elif table := _TABLE.match(html):
                    yield unescape(table["name"]), Shown(html, unescape(table["caption"]), code=code)


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
    known = frame["with"].notna()
    by_month = (" by month " + risk["months"]).where(frame["months"].notna(), "")
    frame = frame.assign(
        **{"with": (risk["with"] + " (" + risk["low"] + " to " + risk["high"] + ")").where(known)},
        without=(risk["without"] + by_month).where(known),
        pooled=frame["measure"].astype("str")
        + " "
        + frame["pooled"]
        + ("; over time: " + frame["over_time"]).fillna(""),
    )
    filled = {head: said for head, said in _SUMMARY_COLUMNS.items() if frame[head].notna().any()}
    shown = table(frame, caption="Summary of findings", columns=filled, name=SUMMARY, download="estimates.csv")
    return Shown(
        shown.to_html(), "Summary of findings: people of 1000 without and with the treatment, and how sure we are."
    )


def _choose(shown: Shown, lines: Sequence[str], columns: Sequence[str]) -> Shown:
    """Return a table without its own caption, with the *columns* of these heads, and of its rows those that then begin with one of *lines*.

    Raises ValueError for a head that is not there, and for a line with which no row begins.
    """
    soup = BeautifulSoup(shown.html, "lxml")
    for own in soup.select("caption"):
        own.decompose()
    rows = soup.find_all("tr")
    heads = [cell.get_text() for cell in rows[0].find_all("th")]
    if missing := [column for column in columns if column not in heads]:
        raise ValueError(f"no column is called {', '.join(missing)}; there are {', '.join(heads)}")
    for row in rows if columns else ():
        cells = dict(zip(heads, [cell.extract() for cell in row.find_all(["td", "th"])], strict=True))
        row.extend(cells[column] for column in columns)
    for row in rows[1:]:  # on a phone each row is a card, and each cell says which column it is of
        for head, cell in zip(columns or heads, row.find_all(["td", "th"]), strict=True):
            cell["data-head"] = head
    said = [row.find_all(["td", "th"])[0].get_text() for row in rows[1:]]
    if idle := [line for line in lines if not any(text.startswith(line) for text in said)]:
        raise ValueError(f"no row begins with {', '.join(idle)}")
    for row, text in zip(rows[1:], said, strict=True):
        if lines and not text.startswith(tuple(lines)):
            row.decompose()
    return Shown(str(soup.div), shown.caption, code=shown.code)


register_print(_KIND, lambda app, page, text: in_notebooks(app)[text])
