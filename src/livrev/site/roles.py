"""Roles with which a chapter prints numbers and shows its evidence.

``{result}`findings.count` `` or ``{result}`outcome.x|full` `` prints a Result; ``{evidence}`jiang-13, outcome-id` `` puts
a mark beside a sentence that opens the cards of findings and results; ``{certainty}`pool.x` `` prints the certainty that
a pool's appraisal or a strategy has, in GRADE's word.
"""

from difflib import get_close_matches
from typing import Any

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole

from livrev.checks.certainty_words import certainty_by_name
from livrev.checks.results import evidence_names
from livrev.records.model import Estimate
from livrev.review.results import nearest_names
from livrev.show.format import FORMS, say
from livrev.show.views.cards import Card, card_of, place_of_pool
from livrev.site.evidence_popover import EvidenceMark

INDEXES = ("studies/index", "outcomes/index", "sources/index")
# Counts of records, and what lists them: an index, or the page that data/review.yml names for it.
_LISTED_IN = {
    "sources": "sources/index",
    "findings": "sources/index",
    "studies": "studies/index",
    "outcomes": "outcomes/index",
}
_SHOWN_ON = {
    "search": "search", "screening": "search", "readings": "search", "references": "references", "retractions": "references",
}  # fmt: skip


class ResultRole(SphinxRole):
    """Print a named Result in one of the forms of wording; an unknown name or form fails the build at its line."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number, linked to what it rests on, with a title that says what it is."""
        name, _, form = (part.strip() for part in self.text.partition("|"))
        results: dict[str, Any] = self.env.app.livrev_results  # type: ignore[attr-defined]
        pages = getattr(self.env, "livrev_result_pages", set()) | {self.env.docname}
        self.env.livrev_result_pages = pages  # type: ignore[attr-defined]
        if name not in results:
            near = nearest_names(name, results)
            return _fail(self, f"no Result is called {name}" + (f"; near it: {', '.join(near)}" if near else ""))
        estimate = results[name]
        try:
            text = say(estimate, form or "short")
        except ValueError as error:
            return _fail(self, f"{error} (forms: {', '.join(FORMS)})")
        rests = ", ".join(estimate.rests_on[:4]) + (
            f" and {len(estimate.rests_on) - 4} more" if len(estimate.rests_on) > 4 else ""
        )
        title = f"{estimate.label}; {estimate.method}; rests on {rests}"
        place = self._place_of(estimate)
        if place is None:
            node: nodes.Element = nodes.inline(self.rawtext, text, classes=["livrev-result"])
            node["title"] = title
        else:
            address = "../" * self.env.docname.count("/") + place
            node = nodes.reference(self.rawtext, text, refuri=address, reftitle=title, classes=["livrev-result"])
        return [node], []

    def _place_of(self, estimate: Estimate) -> str | None:
        """Return the page that shows what *estimate* rests on; None where the book has none."""
        kind, _, rest = estimate.name.partition(".")
        review = self.env.app.livrev_review  # type: ignore[attr-defined]
        if kind == "pool":
            return place_of_pool(review, rest.partition(".")[0])
        if kind == "family":
            page = review.settings.pages.pools
            return f"{page}.html#fig-family-{rest.partition('.')[0]}" if page else None
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
        return f"{page}.html" if page in self.env.found_docs else None


class EvidenceRole(SphinxRole):
    """Put a mark beside a sentence that opens the cards of findings and results; an unknown id fails the build."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the mark with its cards."""
        review = self.env.app.livrev_review  # type: ignore[attr-defined]
        cards: list[Card] = []
        for key in (part.strip() for part in self.text.split(",")):
            try:
                cards.append(card_of(review, key, self.env.app.livrev_results))  # type: ignore[attr-defined]
            except KeyError:
                near = get_close_matches(key, evidence_names(review), 3, 0.6)
                hint = f"; near it: {', '.join(near)}" if near else ""
                return _fail(self, f"no finding, outcome, pool or strategy is called {key}{hint}")
        remember_card_page(self.env)
        number = self.env.new_serialno("livrev-card")
        return [EvidenceMark(self.rawtext, cards, number, "../" * self.env.docname.count("/"))], []


class CertaintyRole(SphinxRole):
    """Print how sure the review is of a pool or a strategy; several names must have one certainty, or the build fails."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the word; the style sheet draws its four steps beside it."""
        rated = certainty_by_name(self.env.app.livrev_review)  # type: ignore[attr-defined]
        names = [part.strip() for part in self.text.split(",")]
        for name in names:
            if name not in rated:
                near = get_close_matches(name, rated, 3, 0.6)
                hint = f"; near it: {', '.join(near)}" if near else ""
                return _fail(self, f"nothing that is rated is called {name}{hint}")
        words = {rated[name] for name in names}
        if len(words) > 1:
            said = ", ".join(f"{name} {rated[name]}" for name in names)
            return _fail(self, f"these differ in certainty ({said}); give each its own role")
        remember_card_page(self.env)
        word = words.pop()
        classes = ["livrev-certainty", f"livrev-{word.replace(' ', '-')}"]
        return [nodes.inline(self.rawtext, f"{word} certainty".replace(" ", "\u00a0"), classes=classes)], []


def remember_card_page(env: BuildEnvironment) -> None:
    """Have the page that is being read read again whenever a record changes."""
    env.livrev_card_pages = getattr(env, "livrev_card_pages", set()) | {env.docname}  # type: ignore[attr-defined]


def _fail(role: SphinxRole, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    report = role.inliner.reporter.error(message, line=role.lineno)
    return [role.inliner.problematic(role.rawtext, role.rawtext, report)], [report]
