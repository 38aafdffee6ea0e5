"""Which edition of the review a page shows, how it is cited, and the files that can be downloaded with it.

``{edition}`searched` `` prints a day or the version; the directive `citing` prints how to cite (words, bibtex or ris), `downloads`
lists the files beside the pages with their sizes; every page names the edition at its foot.
"""

from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from livrev.exports.downloads import Download, make_downloads, write_downloads
from livrev.exports.references import FORMS, Edition, read_edition
from livrev.show.format import format_day
from livrev.site.rendering import render
from livrev.site.roles import RecordRole
from livrev.site.state import build_state, inputs_of, show

_DOWNLOADS = "_static/downloads"


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
    if not _is_released(app):
        return ""
    return f'<details class="livrev-citing-part"><summary>Cite this</summary>{_forms(app, title, place)}</details>'


def _forms(app: Sphinx, title: str, place: str) -> str:
    edition = edition_of(app)
    address = edition.address and edition.address + place
    part = replace(edition, title=f"{title.rstrip('.')}. In: {edition.title}", address=address)
    return "".join(f"<p>{escape(said(part))}</p>" for said in FORMS.values())


class EditionRole(RecordRole):
    """Print a part of the edition: version, released or searched."""

    @staticmethod
    def find(app: Sphinx, text: str) -> str:
        edition, part = edition_of(app), text.strip()
        said = {
            "version": edition.version, "released": format_day(edition.released),
            "searched": format_day(edition.searched_until),
        }  # fmt: skip
        if part not in said:
            raise ValueError(f"an edition has no {part}; it has {', '.join(said)}")
        return said[part].replace(" ", "\u00a0")

    def as_nodes(self, said: str) -> list[nodes.Node]:
        return [nodes.inline(self.rawtext, said)]


class Citing(SphinxDirective):
    """Print how this edition is cited: in words, or in a block that can be copied."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        form = self.arguments[0]
        if form not in FORMS:
            raise self.error(f"citing knows {', '.join(FORMS)}, and no {form}")
        text = FORMS[form](edition_of(self.env.app))
        if form == "words":
            return [nodes.paragraph(text, text, classes=["livrev-citing"])]
        return [nodes.literal_block(text, text, language="text", classes=["livrev-citing"])]


def _is_released(app: Sphinx) -> bool:
    return build_state(app).review.repository.citation.is_file()


def sign_page(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Put the edition at the foot of a page, in the place of the theme's day of the build."""
    if not _is_released(app):
        return
    context["last_updated"] = None
    said = str(context.get("theme_extra_footer") or "")
    citing = f'<template id="livrev-citing">{_forms(app, "{title}", "{place}")}</template>'  # citing.js fills it
    context["theme_extra_footer"] = f'<p class="livrev-edition">{escape(edition_of(app).line)}</p>\n{citing}{said}'


def _downloads(app: Any) -> list[Download]:
    return build_state(app).once("downloads", lambda: make_downloads(build_state(app).review))


class DownloadsTable(SphinxDirective):
    """List the files whose names begin with the argument (`data/`), or those of the top folder: what they hold, records, size."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        show(self.env, inputs_of)  # sizes and numbers of records
        folder = self.arguments[0] if self.arguments else ""
        known = _downloads(self.env.app)
        items = [one for one in known if (one.name.startswith(folder) if folder else "/" not in one.name)]
        place = "../" * self.env.docname.count("/") + _DOWNLOADS
        return [nodes.raw("", render("downloads.html", items=items, folder=place, size=say_size), format="html")]


def say_size(size: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{size / 1e6:.1f}\u00a0MB" if size >= 1e6 else f"{max(1, round(size / 1e3))}\u00a0kB"


def renew_downloads(app: Sphinx) -> None:
    """Write the files, unless those of these very records lie there already."""
    folder, state = Path(app.outdir) / _DOWNLOADS, inputs_of(app)
    stamp = build_state(app).review.repository.build / ".downloads"
    if not (folder.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state):
        write_downloads(_downloads(app), folder)
        stamp.write_text(state, encoding="utf-8")
