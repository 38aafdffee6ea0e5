"""Roles with which a chapter prints numbers and shows its evidence.

``{result}`findings.count` `` or ``{result}`outcome.x|full` `` prints a Result; ``{evidence}`jiang-13, outcome-id` `` puts
a mark beside a sentence that opens the cards of findings and results; ``{certainty}`pool.x` `` prints the certainty that
a pool's appraisal or a strategy has, in GRADE's word.
"""

from difflib import get_close_matches

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from livrev.checks.results import evidence_names
from livrev.records.model import Estimate
from livrev.review.certainty import certainty_by_name
from livrev.review.over_time import marks_over_time
from livrev.review.results import nearest_names
from livrev.show.basis import legend_of, mark_of
from livrev.show.format import FORMS, format_estimate
from livrev.show.views.cards import Card, card_of, place_of_pool
from livrev.site.evidence_popover import EvidenceMark
from livrev.site.shown_records import note_shown, register_print
from livrev.site.state import build_state

INDEXES = ("studies/index", "outcomes/index", "sources/index")
# Counts of records, and what lists them: an index, or the page that data/review.yml names for it.
_LISTED_IN = {
    "sources": "sources/index",
    "findings": "sources/index",
    "studies": "studies/index",
    "outcomes": "outcomes/index",
}
_SHOWN_ON = {
    "search": "search", "screening": "search", "readings": "search", "verdicts": "search",
    "references": "references", "retractions": "references",
}  # fmt: skip


class ResultRole(SphinxRole):
    """Print a named Result in one of the forms of wording; an unknown name or form fails the build at its line."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number, linked to what it rests on, with a title that says what it is."""
        try:
            text, title, place, mark = _print_result(self.env.app, self.text)
        except ValueError as error:
            return _fail(self, str(error))
        note_shown(self.env, "result", self.text, repr((text, title, place, mark)))
        if place is None:
            node: nodes.Element = nodes.inline(self.rawtext, text, classes=["livrev-result"])
            node["title"] = title
        else:
            address = "../" * self.env.docname.count("/") + place
            node = nodes.reference(self.rawtext, text, refuri=address, reftitle=title, classes=["livrev-result"])
        return [node, *([nodes.superscript("", mark, classes=["livrev-basis"])] if mark else [])], []


def explain_marks(app: Sphinx, document: nodes.document, page: str) -> None:
    """Say at the end of a page what its marks of reading mean, where it has any."""
    marks = [node.astext() for node in document.findall(nodes.superscript) if "livrev-basis" in node["classes"]]
    if marks:
        next(document.findall(nodes.section), document).append(
            nodes.paragraph("", f"{legend_of(marks)}.", classes=["livrev-legend"])
        )


def _print_result(app: Sphinx, said: str) -> tuple[str, str, str | None, str]:
    """Return the words for a Result, what they rest on, the page that shows it, and the mark of how it was read.

    *said* is `name|form`.

    Raises ValueError where there is no such Result or form.
    """
    name, _, form = (part.strip() for part in said.partition("|"))
    results = build_state(app).results
    if name not in results:
        near = nearest_names(name, results)
        raise ValueError(f"no Result is called {name}" + (f"; near it: {', '.join(near)}" if near else ""))
    estimate = results[name]
    try:
        text = format_estimate(estimate, form or "short")
    except ValueError as error:
        raise ValueError(f"{error} (forms: {', '.join(FORMS)})") from error
    rests = ", ".join(estimate.rests_on[:4])
    rests += f" and {len(estimate.rests_on) - 4} more" if len(estimate.rests_on) > 4 else ""
    outcomes = build_state(app).review.outcomes
    mark = mark_of(outcomes[key].basis for key in estimate.rests_on if name.startswith("outcome.") and key in outcomes)
    return text, f"{estimate.label}; {estimate.method}; rests on {rests}", _place_of(app, estimate), mark


def _place_of(app: Sphinx, estimate: Estimate) -> str | None:
    """Return the page that shows what *estimate* rests on; None where the book has none."""
    kind, _, rest = estimate.name.partition(".")
    review = build_state(app).review
    if kind == "pool":
        return place_of_pool(review, rest.partition(".")[0])
    if kind == "family":
        pools = review.settings.pages.pools
        return f"{pools}.html#fig-family-{rest.partition('.')[0]}" if pools else None
    if kind == "study":
        return f"studies/{estimate.rests_on[0]}.html"
    if kind == "outcome":
        outcome = review.outcomes[estimate.rests_on[0]]
        return f"studies/{outcome.study}.html#{outcome.outcome}"
    if kind == "arithmetic":
        source, finding = review.findings[estimate.rests_on[0]]
        return f"sources/{source.citekey}.html#{finding.id}"
    if kind == "document":
        return f"sources/{estimate.rests_on[0]}.html"
    if kind in _LISTED_IN:
        return f"{_LISTED_IN[kind]}.html"
    page = getattr(review.settings.pages, _SHOWN_ON.get(kind, ""), None)
    return f"{page}.html" if page in app.env.found_docs else None


class EvidenceRole(SphinxRole):
    """Put a mark beside a sentence that opens the cards of findings and results; an unknown id fails the build."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the mark with its cards."""
        try:
            cards = _cards_of(self.env.app, self.text)
        except ValueError as error:
            return _fail(self, str(error))
        note_shown(self.env, "evidence", self.text, repr(cards))
        number = self.env.new_serialno("livrev-card")
        root = "../" * self.env.docname.count("/")
        return [EvidenceMark(self.rawtext, cards=tuple(cards), number=number, root=root)], []


def over_time_of(app: Sphinx) -> dict[str, tuple[str, str]]:
    """Return how each ratio changes over time, found once a build."""
    review = build_state(app).review
    return build_state(app).once("over time", lambda: marks_over_time(review))


def _cards_of(app: Sphinx, said: str) -> list[Card]:
    """Return the cards of the records that *said* names. Raises ValueError where nothing is called so."""
    review = build_state(app).review
    cards = []
    for key in (part.strip() for part in said.split(",")):
        try:
            cards.append(card_of(review, key, build_state(app).results, over_time_of(app)))
        except KeyError:
            near = get_close_matches(key, evidence_names(review), 3, 0.6)
            hint = f"; near it: {', '.join(near)}" if near else ""
            raise ValueError(f"no finding, outcome, pool or strategy is called {key}{hint}") from None
    return cards


class CertaintyRole(SphinxRole):
    """Print how sure the review is of a pool or a strategy; several names must have one certainty, or the build fails."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the word; the style sheet draws its four steps beside it."""
        try:
            word = _certainty_of(self.env.app, self.text)
        except ValueError as error:
            return _fail(self, str(error))
        note_shown(self.env, "certainty", self.text, word)
        classes = ["livrev-certainty", f"livrev-{word.replace(' ', '-')}"]
        return [nodes.inline(self.rawtext, f"{word} certainty".replace(" ", "\u00a0"), classes=classes)], []


def _certainty_of(app: Sphinx, said: str) -> str:
    """Return the one certainty of all that *said* names. Raises ValueError where there is none, or more than one."""
    rated = certainty_by_name(build_state(app).review)
    names = [part.strip() for part in said.split(",")]
    for name in names:
        if name not in rated:
            near = get_close_matches(name, rated, 3, 0.6)
            hint = f"; near it: {', '.join(near)}" if near else ""
            raise ValueError(f"nothing that is rated is called {name}{hint}")
    words = {rated[name] for name in names}
    if len(words) > 1:
        differing = ", ".join(f"{name} {rated[name]}" for name in names)
        raise ValueError(f"these differ in certainty ({differing}); give each its own role")
    return words.pop()


register_print("result", lambda app, page, text: repr(_print_result(app, text)))
register_print("evidence", lambda app, page, text: repr(_cards_of(app, text)))
register_print("certainty", lambda app, page, text: _certainty_of(app, text))


def _fail(role: SphinxRole, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    report = role.inliner.reporter.error(message, line=role.lineno)
    return [role.inliner.problematic(role.rawtext, role.rawtext, report)], [report]
