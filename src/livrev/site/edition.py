"""Which edition of the review a page shows: the role and directive that say so, and the line at the foot of every page.

``{edition}`searched` `` prints a day or the version; the directive `citing` prints how to cite (words, bibtex or ris).
"""

from dataclasses import replace
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

from livrev.exports.references import FORMS, Edition, read_edition
from livrev.show.format import format_day
from livrev.site.state import build_state, kept_state

_PARTS = ("version", "released", "searched")


def connect(app: Sphinx) -> None:
    """Connect role, directive and footer to Sphinx; the review must have been read before."""
    app.add_role("edition", EditionRole())
    app.add_directive("citing", Citing)
    app.connect("env-get-outdated", _find_outdated)
    app.connect("html-page-context", sign_page)


def edition_of(app: Sphinx) -> Edition:
    """Return the edition of this build, read once. Raises ExtensionError where the records do not say which it is."""
    state = build_state(app)
    try:
        return state.once("edition", lambda: read_edition(state.review, app.config.html_baseurl or ""))
    except ValueError as error:
        raise ExtensionError(str(error)) from error


def cite_part(app: Sphinx, title: str, place: str) -> str:
    """Return, folded, how a part of this edition is cited: in words, as BibTeX and as RIS; empty where there is no citation.

    *title* is what the part is called, *place* where it stands below the book's root.
    """
    if not build_state(app).review.repository.citation.is_file():
        return ""
    return f'<details class="livrev-citing-part"><summary>Cite this</summary>{_forms(app, title, place)}</details>'


def _forms(app: Sphinx, title: str, place: str) -> str:
    edition = edition_of(app)
    part = replace(
        edition, title=f"{title.rstrip('.')}. In: {edition.title}", address=edition.address and edition.address + place
    )
    return "".join(f"<p>{escape(said(part))}</p>" for said in FORMS.values())


class EditionRole(SphinxRole):
    """Print a part of the edition: version, released or searched."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the words; an unknown part fails the build at its line."""
        edition, part = edition_of(self.env.app), self.text.strip()
        if part not in _PARTS:
            message = f"an edition has no {part}; it has {', '.join(_PARTS)}"
            report = self.inliner.reporter.error(message, line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, report)], [report]
        said = {
            "version": edition.version,
            "released": format_day(edition.released),
            "searched": format_day(edition.searched_until),
        }
        return [nodes.inline(self.rawtext, said[part].replace(" ", "\u00a0"))], []


class Citing(SphinxDirective):
    """Print how this edition is cited: in words, or in a block that can be copied."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a paragraph, or a listing, which the book gives a button that copies it."""
        form = self.arguments[0]
        if form not in FORMS:
            raise self.error(f"citing knows {', '.join(FORMS)}, and no {form}")
        text = FORMS[form](edition_of(self.env.app))
        if form == "words":
            return [nodes.paragraph(text, text, classes=["livrev-citing"])]
        block = nodes.literal_block(text, text, language="text")
        block["classes"].append("livrev-citing")
        return [block]


def _find_outdated(app: Sphinx, env: BuildEnvironment, *changes: set[str]) -> list[str]:
    """Name every page where the edition changed: it stands at the foot of each."""
    if not build_state(app).review.repository.citation.is_file():
        return []
    edition = edition_of(app)
    kept = kept_state(env)
    same, kept.edition = kept.edition == edition, edition
    return [] if same else sorted(env.found_docs)


def sign_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Put the edition at the foot of a page, in the place of the theme's day of the build."""
    if not build_state(app).review.repository.citation.is_file():
        return
    context["last_updated"] = None
    said = str(context.get("theme_extra_footer") or "")
    citing = f'<template id="livrev-citing">{_forms(app, "{title}", "{place}")}</template>'  # citing.js fills it
    context["theme_extra_footer"] = f'<p class="livrev-edition">{escape(edition_of(app).line)}</p>\n{citing}{said}'
