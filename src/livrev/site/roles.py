"""Roles with which a chapter prints numbers and shows its evidence.

``{result}`findings.count` `` or ``{result}`outcome.x|full` `` prints a Result; ``{evidence}`jiang-13, outcome-id` `` puts
a mark beside a sentence that opens the cards of findings and results; ``{certainty}`pool.x` `` prints the certainty that
a pool's appraisal or a strategy has, in GRADE's word.

A card is a native popover: it opens and closes with pointer, finger and keyboard, and needs no JavaScript; browsers that do not
know popovers show it in the text. Each links to the page of its record. The PDF prints it as a note at the end of the chapter.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from livrev.checks.results import evidence_names
from livrev.diagnostics import suggest
from livrev.records.model import Estimate
from livrev.review.certainty import certainty_by_name
from livrev.review.over_time import marks_over_time
from livrev.review.results import nearest_names
from livrev.show.format import FORMS, format_estimate
from livrev.show.names import basis_legend, basis_mark
from livrev.show.views.cards import Card, card_of, place_of_pool
from livrev.site.rendering import render
from livrev.site.state import build_state, show

# Counts of records, and what lists them: an index, or the page that data/review.yml names for it.
_LISTED_IN = {"sources": "sources", "findings": "sources", "studies": "studies", "outcomes": "outcomes"}
_SHOWN_ON = {
    "search": "search", "screening": "search", "readings": "search", "verdicts": "search",
    "references": "references", "retractions": "references",
}  # fmt: skip


class RecordRole(SphinxRole):
    """Print what the records say to the text of a role; what nobody knows fails the build at its line."""

    @staticmethod
    def find(app: Sphinx, text: str) -> Any:
        """Return what the records say to *text*, in a form that tells where it changes. Raises ValueError where they say nothing."""
        raise NotImplementedError

    def as_nodes(self, said: Any) -> list[nodes.Node]:
        raise NotImplementedError

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            return self.as_nodes(show(self.env, self.find, self.text)), []
        except ValueError as error:
            report = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, report)], [report]


class ResultRole(RecordRole):
    """Print a named Result in one of the forms of wording (`name|form`), linked to the page that shows it."""

    @staticmethod
    def find(app: Sphinx, text: str) -> tuple[str, str, str | None, str]:
        """Return the words, what they rest on, the page that shows it, and the mark of how it was read."""
        name, _, form = (part.strip() for part in text.partition("|"))
        results = build_state(app).results
        if name not in results:
            near = nearest_names(name, results)
            raise ValueError(f"no Result is called {name}" + (f"; near it: {', '.join(near)}" if near else ""))
        estimate = results[name]
        try:
            words = format_estimate(estimate, form or "short")
        except ValueError as error:
            raise ValueError(f"{error} (forms: {', '.join(FORMS)})") from error
        rests = ", ".join(estimate.rests_on[:4])
        rests += f" and {len(estimate.rests_on) - 4} more" if len(estimate.rests_on) > 4 else ""
        outcomes = build_state(app).review.outcomes if name.startswith("outcome.") else {}
        mark = basis_mark(outcomes[key].basis for key in estimate.rests_on if key in outcomes)
        return words, f"{estimate.label}; {estimate.method}; rests on {rests}", _place_of(app, estimate), mark

    def as_nodes(self, said: tuple[str, str, str | None, str]) -> list[nodes.Node]:
        text, title, place, mark = said
        node: nodes.Element = nodes.inline(self.rawtext, text, classes=["livrev-result"], title=title)
        if place is not None:
            address = "../" * self.env.docname.count("/") + place
            node = nodes.reference(self.rawtext, text, refuri=address, reftitle=title, classes=["livrev-result"])
        return [node, *([nodes.superscript("", mark, classes=["livrev-basis"])] if mark else [])]


def explain_marks(app: Sphinx, document: nodes.document, page: str) -> None:
    """Say at the end of a page what its marks of reading mean, where it has any."""
    marks = [node.astext() for node in document.findall(nodes.superscript) if "livrev-basis" in node["classes"]]
    if marks:
        legend = nodes.paragraph("", f"{basis_legend(marks)}.", classes=["livrev-legend"])
        next(document.findall(nodes.section), document).append(legend)


def _place_of(app: Sphinx, estimate: Estimate) -> str | None:
    """Return the page that shows what *estimate* rests on; None where the book has none."""
    kind, _, rest = estimate.name.partition(".")
    review, key = build_state(app).review, next(iter(estimate.rests_on), "")
    match kind:
        case "pool":
            return place_of_pool(review, rest.partition(".")[0])
        case "family":
            pools = review.settings.pages.pools
            return f"{pools}.html#fig-family-{rest.partition('.')[0]}" if pools else None
        case "study":
            return f"studies/{key}.html"
        case "outcome":
            return f"studies/{review.outcomes[key].study}.html#{key}"
        case "arithmetic":
            return f"sources/{review.findings[key][0].citekey}.html#{key}"
        case "document":
            return f"sources/{key}.html"
        case _ if kind in _LISTED_IN:
            return f"{_LISTED_IN[kind]}/index.html"
    page = getattr(review.settings.pages, _SHOWN_ON.get(kind, ""), None)
    return f"{page}.html" if page in app.env.found_docs else None


class EvidenceRole(RecordRole):
    """Put a mark beside a sentence that opens the cards of findings and results."""

    @staticmethod
    def find(app: Sphinx, text: str) -> list[Card]:
        review, cards = build_state(app).review, []
        for key in (part.strip() for part in text.split(",")):
            try:
                cards.append(card_of(review, key, build_state(app).results, over_time_of(app)))
            except KeyError:
                near = suggest(key, evidence_names(review), "livrev export lists them", most=3)
                raise ValueError(f"no finding, outcome, pool or strategy is called {key}; {near}") from None
        return cards

    def as_nodes(self, said: list[Card]) -> list[nodes.Node]:
        number, root = self.env.new_serialno("livrev-card"), "../" * self.env.docname.count("/")
        return [EvidenceMark(self.rawtext, cards=tuple(said), number=number, root=root)]


class EvidenceMark(nodes.Inline, nodes.TextElement):  # type: ignore[misc]
    """A mark with its `cards`, its `number` on the page, and the way up to the book's `root`."""

    def astext(self) -> str:
        """Return nothing: a search for words of the chapter does not find its cards."""
        return ""


def visit_mark(translator: Any, node: EvidenceMark) -> None:
    """Write the mark with its cards into a paragraph; everything from the records is escaped."""
    translator.body.append(render("card.html", cards=node["cards"], number=node["number"], root=node["root"]))
    raise nodes.SkipNode


def over_time_of(app: Sphinx) -> dict[str, tuple[str, str]]:
    """Return how each ratio changes over time, found once a build."""
    state = build_state(app)
    return state.once("over time", lambda: marks_over_time(state.review))


class CertaintyRole(RecordRole):
    """Print how sure the review is of a pool or a strategy; several names must have one certainty, or the build fails."""

    @staticmethod
    def find(app: Sphinx, text: str) -> str:
        rated = certainty_by_name(build_state(app).review)
        names = [part.strip() for part in text.split(",")]
        for name in names:
            if name not in rated:
                raise ValueError(f"nothing that is rated is called {name}; {suggest(name, rated, most=3)}")
        words = {rated[name] for name in names}
        if len(words) > 1:
            differing = ", ".join(f"{name} {rated[name]}" for name in names)
            raise ValueError(f"these differ in certainty ({differing}); give each its own role")
        return words.pop()

    def as_nodes(self, said: str) -> list[nodes.Node]:
        """Return the word; the style sheet draws its four steps beside it."""
        classes = ["livrev-certainty", f"livrev-{said.replace(' ', '-')}"]
        return [nodes.inline(self.rawtext, f"{said} certainty".replace(" ", "\u00a0"), classes=classes)]
