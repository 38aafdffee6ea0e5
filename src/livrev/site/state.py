"""What one build holds, and what is kept from one build to the next: only pages that then say something new are made again.

Sphinx gives extensions nowhere to put things but attributes of its own objects: what is read once is one of the application, what
is kept one of the environment.

Whatever prints a record on a page does it through `show`, which notes what it printed and what made it. Before the pages are read,
all of it is made again and compared.
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
_NAME = "livrev_state"


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

    shown: dict[str, dict[tuple[Callable[[Sphinx, str], object], str], str]] = field(default_factory=dict)
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


def show(env: BuildEnvironment, make: Callable[[Sphinx, str], Made], text: str = "") -> Made:
    """Return what *make*, a function that pickle can name, says to *text*; note that the page being read shows it.

    The page is read again once *make* says something else, or raises because it cannot say anything any more.
    """
    said = make(env.app, text)
    kept_state(env).shown.setdefault(env.docname, {})[make, text] = digest_all(said)
    return said


def inputs_of(app: Sphinx, text: str = "") -> str:
    """Return the digest of what this build is made from, computed once: a page that shows it is read again whenever a record changes."""
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
    if (made := show(app.env, executed_notebook, page)) is not None:
        content[0] = made


def find_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages that show what is not so any more."""
    kept, repository = kept_state(env), build_state(app).review.repository
    said = digest_files([*repository.notebook_files(), *sorted(repository.build.glob(".executed/*.ipynb"))])
    as_before, kept.made_from = kept.made_from == (inputs_of(app), said), (inputs_of(app), said)
    if as_before:  # what no page shows anew need not be made again to be compared
        return []
    pages = {page: kept.shown.get(page, {}).items() for page in sorted(env.found_docs - added - changed)}
    return [page for page, shown in pages.items() if any(_says(app, *asked) != said for asked, said in shown)]


def _says(app: Sphinx, make: Callable[[Sphinx, str], object], text: str) -> str | None:
    try:
        return digest_all(make(app, text))
    except (LookupError, ValueError, OSError):  # it cannot be printed any more: the page will say so at its line
        return None
