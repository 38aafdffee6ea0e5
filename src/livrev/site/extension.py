"""The Sphinx extension of the book: results in prose, shared assets, downloads, and nothing stale.

Everything that a page shows comes from one Review, read once a build. Where the review changes, every page that may
show it is read again.
"""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.domains.math import MathDomain
from sphinx.errors import ExtensionError

from livrev.diagnostics import ReviewError
from livrev.paths import find_repository
from livrev.records.review import load_review
from livrev.review.results import compute_results
from livrev.site.address import set_base
from livrev.site.assets import STATIC, copy_mathjax, write_assets
from livrev.site.build import book_files
from livrev.site.buttons import connect as connect_buttons
from livrev.site.chapter_figures import connect as connect_chapter_figures
from livrev.site.citations import keep_entries, keep_old_places, recall_entries, register_styles
from livrev.site.code_pages import connect as connect_code
from livrev.site.downloads import connect as connect_downloads
from livrev.site.edition import connect as connect_edition
from livrev.site.evidence_popover import EvidenceMark, skip_mark, visit_mark
from livrev.site.execution import (
    NotebookFailed,
    cache_folder,
    digest_files,
    find_outdated,
)
from livrev.site.explorer import connect as connect_explorer
from livrev.site.figures import connect as connect_figures
from livrev.site.image_sizes import connect as connect_pictures
from livrev.site.neighbours import connect as connect_neighbours
from livrev.site.page_assets import connect as connect_pages
from livrev.site.records import TEMPLATES, collect_pages, write_record_pages
from livrev.site.redirects import connect as connect_redirects
from livrev.site.retractions import connect as mark_retractions
from livrev.site.roles import CertaintyRole, EvidenceRole, ResultRole, explain_marks
from livrev.site.security_policy import connect as connect_policy
from livrev.site.shown_records import connect as connect_shown
from livrev.site.site_metadata import connect as connect_sharing
from livrev.site.state import BuildState, build_state, set_build_state
from livrev.site.study_search_index import connect as connect_finding
from livrev.site.tooltips import connect as connect_notes
from livrev.site.web_fonts import write_fonts

_ENTRIES = ".references"


def connect(app: Sphinx) -> dict[str, Any]:
    """Connect everything that the book adds to Sphinx, and return what Sphinx wants to know of it."""
    register_styles()
    app.add_role("result", ResultRole())
    app.add_role("evidence", EvidenceRole())
    app.add_role("certainty", CertaintyRole())
    app.add_node(EvidenceMark, html=(visit_mark, None), text=(skip_mark, None), latex=(skip_mark, None))
    app.setup_extension("livrev.pdf.pages")
    connect_figures(app)
    connect_code(app)
    app.connect("config-inited", _point_to_cache, priority=100)
    app.connect("builder-inited", _read_records)
    mark_retractions(app)
    connect_downloads(app)
    connect_buttons(app)
    connect_sharing(app)
    connect_finding(app)
    connect_pictures(app)
    connect_pages(app)
    connect_policy(app)
    connect_edition(app)
    connect_chapter_figures(app)
    connect_notes(app)
    connect_neighbours(app)
    connect_redirects(app)
    connect_explorer(app)
    connect_shown(app)
    app.connect("doctree-resolved", keep_old_places)
    app.connect("doctree-resolved", explain_marks)
    app.connect("html-collect-pages", collect_pages)
    app.connect("build-finished", _write_record_pages)
    app.add_css_file("livrev.css")
    app.add_css_file("reading.css")
    app.add_css_file("print.css", media="print")
    app.add_js_file("livrev.js", loading_method="defer")
    app.add_js_file("cards.js", loading_method="defer")
    app.add_js_file("figures.js", loading_method="defer")
    app.add_js_file("references.js", loading_method="defer")
    app.add_js_file("citing.js", loading_method="defer")
    app.add_config_value("livrev_files", "", "html", str)
    code = sorted(find_repository(Path(app.confdir)).package.rglob("*.py"))
    return {"version": "1", "env_version": digest_files(code), "parallel_read_safe": False, "parallel_write_safe": True}


def _point_to_cache(app: Sphinx, config: Config) -> None:
    """Let MyST-NB read executed notebooks from the cache that belongs to these very inputs; mend the theme's templates."""
    set_base(config)
    repository = find_repository(Path(app.srcdir))
    config["livrev_files"] = digest_files(book_files(repository))  # where it changes, Sphinx writes every page again
    try:
        find_outdated(repository)  # what is older than what it read is dropped, and MyST-NB runs it again
    except NotebookFailed as error:
        raise ExtensionError(str(error)) from error
    config["nb_execution_cache_path"] = str(cache_folder(repository))
    config["nb_execution_raise_on_error"] = True
    config["templates_path"] = [*config["templates_path"], str(TEMPLATES)]


def _read_records(app: Sphinx) -> None:
    """Read the review and compute the Results that roles print; fail with the reader's own messages."""
    repository = find_repository(Path(app.srcdir))
    try:
        review = load_review(repository)
    except ReviewError as error:
        raise ExtensionError(f"the records cannot be read:\n{error}") from error
    set_build_state(app, BuildState(review, compute_results(review)))
    recall_entries(repository.build / _ENTRIES)
    static = repository.build / "assets"
    write_assets(static)
    write_fonts(static)
    for folder in (str(static), str(STATIC)):
        if folder not in app.config.html_static_path:
            app.config.html_static_path.append(folder)


def _write_record_pages(app: Sphinx, error: Exception | None) -> None:
    """Put the pages of studies and documents beside the others."""
    if error is None and app.builder.format == "html":
        write_record_pages(app)
        mathematics = app.env.get_domain("math")
        if isinstance(mathematics, MathDomain) and mathematics.has_equations():
            copy_mathjax(Path(app.outdir) / "_static")
        keep_entries(build_state(app).review.repository.build / _ENTRIES)
