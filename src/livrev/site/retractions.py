"""Mark what was retracted, corrected or doubted wherever the book cites it: in the text, its label and the references."""

from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from livrev.records.review import Review
from livrev.review.retraction_effects import mark_of


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
    review: Review = app.livrev_review  # type: ignore[attr-defined]
    marked = marked_years(review)
    entries: Any = app.env.get_domain("cite").bibdata.data.entries  # type: ignore[attr-defined]
    for key, reference in review.references.items():
        if key in entries and "year" in reference.fields:
            entries[key].fields["year"] = marked.get(key, reference.fields["year"])


def _find_outdated(app: Sphinx, env: BuildEnvironment, *changes: set[str]) -> list[str]:
    """Name every page where a mark came or went: Sphinx does not know that they cite it."""
    marked = marked_years(app.livrev_review)  # type: ignore[attr-defined]
    if getattr(env, "livrev_marked", marked) == marked:
        env.livrev_marked = marked  # type: ignore[attr-defined]
        return []
    env.livrev_marked = marked  # type: ignore[attr-defined]
    return sorted(env.found_docs)
