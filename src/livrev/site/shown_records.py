"""Know what each page shows of the records, so that a page is read again where that has changed, and no other is.

Whatever prints a record on a page notes what it printed, by a kind and a text that say how to make it again. Before the
pages are read, all of it is made again and compared.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from livrev.paths import find_repository
from livrev.site.execution import digest_inputs, executed_copies
from livrev.site.state import build_state, kept_state

Print = Callable[[Sphinx, str, str], str]
"""Return, for an application, a page and the text of a role, what the page shows."""

INPUTS, NOTEBOOK = "inputs", "notebook"
_prints: dict[str, Print] = {}


def connect(app: Sphinx) -> None:
    """Connect what this module does to Sphinx; the review must have been read before."""
    register_print(INPUTS, lambda app, page, text: _inputs_of(app))
    register_print(NOTEBOOK, _print_notebook)
    app.connect("env-purge-doc", lambda app, env, page: kept_state(env).shown.pop(page, None))
    app.connect("doctree-read", _note_notebook)
    app.connect("env-get-outdated", _find_outdated)


def register_print(kind: str, print_again: Print) -> None:
    """Let what is noted under *kind* be made again by *print_again*, which may raise where it cannot be made any more."""
    _prints[kind] = print_again


def note_shown(env: BuildEnvironment, kind: str, text: str, said: str) -> None:
    """Note that the page being read shows *said* for *text*."""
    kept_state(env).shown.setdefault(env.docname, {})[kind, text] = _digest(said)


def note_inputs(env: BuildEnvironment) -> None:
    """Note that the page being read may show anything of the records: it is read again whenever one changes."""
    note_shown(env, INPUTS, "", _inputs_of(env.app))


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _inputs_of(app: Sphinx) -> str:
    return build_state(app).once("inputs", lambda: digest_inputs(find_repository(app.srcdir)))


def _print_notebook(app: Sphinx, page: str, text: str) -> str:
    """Return the executed copy of a notebook: what it said when it was last run. Raises KeyError where it was not."""
    copies = build_state(app).once("executed", lambda: executed_copies(find_repository(app.srcdir)))
    return copies[f"{page.rpartition('/')[2]}.ipynb"].read_text(encoding="utf-8")


def _note_notebook(app: Sphinx, doctree: Any) -> None:
    if app.env.docname.startswith(find_repository(app.srcdir).notebooks.name + "/"):
        try:
            note_shown(app.env, NOTEBOOK, "", _print_notebook(app, app.env.docname, ""))
        except (KeyError, OSError):  # it was executed by MyST-NB alone
            note_inputs(app.env)


def _find_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages that show what is not so any more; all of them where the bibliography changed, which any may cite."""
    references = _digest(find_repository(app.srcdir).references.read_text(encoding="utf-8"))
    kept = kept_state(env)
    same = kept.references in (None, references)
    kept.references = references
    if not same:
        return sorted(env.found_docs)
    return [
        page
        for page in sorted(env.found_docs - added - changed)
        if _is_outdated(app, page, kept_state(env).shown.get(page, {}))
    ]


def _is_outdated(app: Sphinx, page: str, shown: dict[tuple[str, str], str]) -> bool:
    for (kind, text), said in shown.items():
        try:
            if _digest(_prints[kind](app, page, text)) != said:
                return True
        except (LookupError, ValueError, OSError):  # it cannot be printed any more: the page will say so at its line
            return True
    return False
