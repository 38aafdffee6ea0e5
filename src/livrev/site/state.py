"""What one build holds, typed, in one place: on the application what is read once, on the environment what is kept.

Sphinx gives extensions nowhere to put things but attributes of its own objects; these two are the only ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from livrev.records.model import Estimate
from livrev.records.review import Review

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
    """What is kept from one build to the next, so that only pages that say something new are read or written again."""

    shown: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)
    download_pages: set[str] = field(default_factory=set)
    explorer_pages: set[str] = field(default_factory=set)
    downloads: str | None = None
    edition: object = None
    glossaries: str | None = None
    references: str | None = None
    retracted_years: dict[str, str] | None = None


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
