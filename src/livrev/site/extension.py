"""The Sphinx extension of the book: what it adds to pages, and in which order it does what it does.

Everything that a page shows comes from one Review, read once a build. Where the review changes, every page that may
show it is read again.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from livrev.diagnostics import ReviewError
from livrev.paths import find_repository
from livrev.pdf.book import write_printed
from livrev.records.review import load_review
from livrev.review.results import compute_results
from livrev.site.assets import STATIC, copy_mathjax, remove_parts, write_assets, write_fonts
from livrev.site.build import book_files
from livrev.site.build_cache import digest_all, digest_files
from livrev.site.chapter_figures import FigureOf, NumberedTable
from livrev.site.citations import keep_old_places, marked_years, name_entries, register_styles
from livrev.site.edition import Citing, DownloadsTable, EditionRole, edition_of, renew_downloads, sign_page
from livrev.site.execution import NotebookFailed, execute_notebooks
from livrev.site.explorer import Explorer, ExplorerView, add_scripts, visit_explorer, write_data
from livrev.site.figures import PlaceFigures, describe_pictures, keep_data, write_code
from livrev.site.page_assets import add_policy, choose_scripts
from livrev.site.public_urls import choose_buttons, lead_on, name_addresses
from livrev.site.records import collect_pages
from livrev.site.rendering import TEMPLATES
from livrev.site.roles import CertaintyRole, EvidenceMark, EvidenceRole, ResultRole, explain_marks, visit_mark
from livrev.site.site_metadata import REDIRECTS, collect_missing, describe_page, write_metadata, write_redirects
from livrev.site.state import BuildState, find_outdated, kept_state, read_notebook, set_build_state
from livrev.site.study_search_index import SCRIPTS, collect_search, write_names
from livrev.site.tooltips import append_notes, find_redefined, take_notes

BEFORE_PAGES: list[Callable[[], None]] = []
"""What is called when all pages are read, before anything of them is kept or written; what it raises ends the build."""
_ROLES = {"result": ResultRole, "evidence": EvidenceRole, "certainty": CertaintyRole, "edition": EditionRole}
_DIRECTIVES = {"figure-of": FigureOf, "downloads": DownloadsTable, "citing": Citing, "explorer": Explorer}
_SCRIPTS = ("livrev.js", "figures.js", "references.js", "citing.js", *SCRIPTS)
# What happens when a page is resolved, the printed one before notes for the screen are put into it; and when it is written,
# its scripts chosen when all is there that may need them, its policy made when they are chosen.
_RESOLVED = (keep_old_places, explain_marks, write_printed, take_notes)
_WRITTEN = (
    sign_page, choose_buttons, lead_on, describe_page, describe_pictures, append_notes, add_scripts, choose_scripts, add_policy,
)  # fmt: skip


def connect(app: Sphinx) -> dict[str, Any]:
    """Connect everything that the book adds to Sphinx, and return what Sphinx wants to know of it."""
    register_styles()
    for name, role in _ROLES.items():
        app.add_role(name, role())
    for name, directive in _DIRECTIVES.items():
        app.add_directive(name, directive)
    for node, visit in ((EvidenceMark, visit_mark), (ExplorerView, visit_explorer)):
        app.add_node(node, html=(visit, None))
    figure = (lambda writer, node: writer.visit_figure(node), lambda writer, node: writer.depart_figure(node))
    app.add_enumerable_node(NumberedTable, "table", html=figure)
    app.add_post_transform(PlaceFigures)
    app.connect("config-inited", _prepare, priority=100)
    # No index of Sphinx' own: it knows which page has a word, but not where.
    app.connect("builder-inited", lambda app: setattr(app.builder, "search", False))
    app.connect("builder-inited", name_entries, priority=600)
    app.connect("source-read", read_notebook)
    app.connect("env-purge-doc", lambda app, env, page: kept_state(env).shown.pop(page, None))
    app.connect("env-get-outdated", find_outdated)
    app.connect("env-updated", _call_before_pages, priority=100)
    for update in (find_redefined, write_data, write_names, keep_data):
        app.connect("env-updated", update)
    for resolve in _RESOLVED:
        app.connect("doctree-resolved", resolve, priority=800)
    for collect in (collect_missing, collect_pages, collect_search):
        app.connect("html-collect-pages", collect)
    app.connect("html-page-context", _write, priority=900)
    app.connect("build-finished", _finish, priority=900)
    app.add_css_file("print.css", media="print")
    for script in _SCRIPTS:
        app.add_js_file(script, loading_method="defer")
    app.add_config_value("livrev_cited", "", "env", str)
    app.add_config_value("livrev_files", "", "html", str)
    app.add_config_value(REDIRECTS, {}, "html", types=(dict,))
    code = sorted(find_repository(Path(app.confdir)).package.rglob("*.py"))
    return {"version": "1", "env_version": digest_files(code), "parallel_read_safe": False, "parallel_write_safe": True}


def _prepare(app: Sphinx, config: Config) -> None:
    """Execute the notebooks that are older than what they read, read the review, and compute the Results that roles print.

    Fails with the reader's own messages. Tells Sphinx what to make the pages with, and when to make all of them again.
    """
    name_addresses(app, config)
    repository = find_repository(Path(app.srcdir))
    try:
        execute_notebooks(repository)
        review = load_review(repository)
    except NotebookFailed as error:
        raise ExtensionError(str(error)) from error
    except ReviewError as error:
        raise ExtensionError(f"the records cannot be read:\n{error}") from error
    set_build_state(app, BuildState(review, compute_results(review)))
    edition = edition_of(app) if repository.citation.is_file() else None
    # Where one of these changes, Sphinx reads every page again: it does not know which of them cites what was retracted.
    config["livrev_cited"] = digest_all((edition, marked_years(review), digest_files([repository.references])))
    # And here it writes every page again: the contents stand at the side of each.
    config["livrev_files"] = digest_files([repository.contents, *book_files(repository)])
    config["nb_execution_mode"] = "off"  # MyST-NB is given the executed copies: livrev.site.state.read_notebook
    config["templates_path"] = [*config["templates_path"], str(TEMPLATES)]
    static = repository.build / "assets"
    write_assets(static)
    write_fonts(static)
    # relative, since Sphinx keeps a digest of this in the book, which is the same bytes wherever it is built
    config["html_static_path"] = [*config["html_static_path"], repository.relative(static), str(STATIC)]


def _call_before_pages(app: Sphinx, env: Any) -> None:
    for call in BEFORE_PAGES:
        call()


def _write(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    for write in _WRITTEN:
        write(app, page, context, doctree)


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None:
        return
    for write in (renew_downloads, write_code, write_redirects, write_metadata):
        write(app)
    static, mathematics = Path(app.outdir) / "_static", app.env.get_domain("math")
    if mathematics.has_equations():  # type: ignore[attr-defined]
        copy_mathjax(static)
    remove_parts(static)
