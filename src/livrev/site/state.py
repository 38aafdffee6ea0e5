"""What one build holds, and what is kept from one build to the next: only pages that then say something new are made again.

Sphinx gives extensions nowhere to put things but attributes of its own objects: what is read once is one of the application, what
is kept one of the environment.

Whatever prints a record on a page notes what it printed, by a kind and a text that say how to make it again. Before the
pages are read, all of it is made again and compared.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from livrev.paths import find_repository
from livrev.records.model import Estimate
from livrev.records.review import Review
from livrev.site.build_cache import digest_all, digest_files, digest_inputs
from livrev.site.execution import executed

Made = TypeVar("Made")
Print = Callable[[Sphinx, str, str], object]
"""Return, for an application, a page and the text of a role, what the page shows."""

INPUTS, NOTEBOOK = "inputs", "notebook"
_NAME = "livrev_state"
_prints: dict[str, Print] = {}
_on_all: dict[str, Callable[[Sphinx], object]] = {}


@dataclass
class BuildState:
    """The review and its Results as this build read them, and what is made of them once."""

    review: Review
    results: dict[str, Estimate]
    _made: dict[str, object] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return what *make* makes; it is called the first time that *name* is asked for."""
        if name not in self._made:
            self._made[name] = make()
        return cast(Made, self._made[name])


@dataclass
class KeptState:
    """What is kept from one build to the next; *formatted* are entries of the bibliography, which take long to make."""

    shown: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)
    on_all: dict[str, str] = field(default_factory=dict)
    made_from: tuple[str, str] | None = None
    explorer_pages: set[str] = field(default_factory=set)
    glossaries: str | None = None
    formatted: dict[str, Any] = field(default_factory=dict)


def build_state(app: Sphinx) -> BuildState:
    """Return the state of the build that *app* makes; the records must have been read."""
    return cast(BuildState, getattr(app, _NAME))


def set_build_state(app: Sphinx, state: BuildState) -> None:
    """Let build_state return *state* from now on."""
    setattr(app, _NAME, state)


def kept_state(env: BuildEnvironment | Any) -> KeptState:
    """Return what earlier builds left in *env*, or an empty state."""
    if not hasattr(env, _NAME):
        setattr(env, _NAME, KeptState())
    return cast(KeptState, getattr(env, _NAME))


def register_print(kind: str, print_again: Print) -> None:
    """Let what is noted under *kind* be made again by *print_again*, which may raise where it cannot be made any more."""
    _prints[kind] = print_again


def register_on_all(kind: str, say: Callable[[Sphinx], object]) -> None:
    """Let all pages be read again where that changes which *say* returns: any of them may show it."""
    _on_all[kind] = say


def note_shown(env: BuildEnvironment, kind: str, text: str, said: object) -> None:
    """Note that the page being read shows *said* for *text*."""
    kept_state(env).shown.setdefault(env.docname, {})[kind, text] = digest_all(said)


def note_inputs(env: BuildEnvironment) -> None:
    """Note that the page being read may show anything of the records: it is read again whenever one changes."""
    note_shown(env, INPUTS, "", inputs_of(env.app))


def inputs_of(app: Sphinx) -> str:
    """Return the digest of what this build is made from, computed once."""
    return build_state(app).once("inputs", lambda: digest_inputs(find_repository(app.srcdir)))


def executed_notebook(app: Sphinx, page: str) -> str | None:
    """Return the notebook that *page* is made of, with what it said when it was last run; None for a page of another kind."""
    repository = find_repository(app.srcdir)
    path = repository.root / f"{page}.ipynb"
    if path.parent != repository.notebooks or not path.is_file():
        return None
    return build_state(app).once(f"executed {page}", lambda: json.dumps(executed(repository, path)))


def read_notebook(app: Sphinx, page: str, content: list[str]) -> None:
    """Let Sphinx read the executed copy in the place of a notebook, and note that the page shows it."""
    if (made := executed_notebook(app, page)) is not None:
        content[0] = made
        note_shown(app.env, NOTEBOOK, "", made)


def find_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages that show what is not so any more; all of them where that changed which any may show."""
    kept, on_all = kept_state(env), {kind: digest_all(say(app)) for kind, say in _on_all.items()}
    repository = build_state(app).review.repository
    said = digest_files([*repository.notebook_files(), *sorted(repository.build.glob(".executed/*.ipynb"))])
    same, kept.on_all = kept.on_all == on_all, on_all
    as_before, kept.made_from = kept.made_from == (inputs_of(app), said), (inputs_of(app), said)
    if same and as_before:  # what no page shows anew need not be made again to be compared
        return []
    pages = sorted(env.found_docs - added - changed)
    return [page for page in pages if not same or _is_outdated(app, page, kept.shown.get(page, {}))]


def _is_outdated(app: Sphinx, page: str, shown: dict[tuple[str, str], str]) -> bool:
    for (kind, text), said in shown.items():
        try:
            if digest_all(_prints[kind](app, page, text)) != said:
                return True
        except (LookupError, ValueError, OSError):  # it cannot be printed any more: the page will say so at its line
            return True
    return False


register_print(INPUTS, lambda app, page, text: inputs_of(app))
register_print(NOTEBOOK, lambda app, page, text: executed_notebook(app, page))
register_on_all("references", lambda app: digest_files([find_repository(app.srcdir).references]))
