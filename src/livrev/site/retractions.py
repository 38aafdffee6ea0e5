"""Mark what was retracted, corrected or doubted wherever the book cites it: in the text, its label and the references."""

from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from livrev.records.review import Review
from livrev.review.retraction_effects import mark_of
from livrev.site.state import build_state, kept_state


def connect(app: Sphinx) -> None:
    """Connect the marks to Sphinx; the review must have been read before."""
    app.connect("builder-inited", _mark, priority=600)
    app.connect("env-get-outdated", _find_outdated)


def marked_years(review: Review) -> dict[str, str]:
    """Return, for each reference to be marked, its year with the mark: citation, label and list all print the year."""
    return {
        key: f"{reference.plain('year')}, {mark}"
        for key, reference in review.references.items()
        if (mark := mark_of(review, key))
    }


def _mark(app: Sphinx) -> None:
    review = build_state(app).review
    marked = marked_years(review)
    entries: Any = app.env.get_domain("cite").bibdata.data.entries  # type: ignore[attr-defined]
    for key, reference in review.references.items():
        if key in entries and "year" in reference.fields:
            entries[key].fields["year"] = marked.get(key, reference.fields["year"])


def _find_outdated(app: Sphinx, env: BuildEnvironment, *changes: set[str]) -> list[str]:
    """Name every page where a mark came or went: Sphinx does not know that they cite it."""
    marked, kept = marked_years(build_state(app).review), kept_state(env)
    same, kept.retracted_years = kept.retracted_years in (None, marked), marked
    return [] if same else sorted(env.found_docs)
