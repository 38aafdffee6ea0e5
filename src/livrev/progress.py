"""Say how far long work has come, to whoever asked to be told; nobody is told of short work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_Tell = Callable[[str], None]
_told: ContextVar[_Tell | None] = ContextVar("told", default=None)


@contextmanager
def told_to(tell: _Tell) -> Iterator[None]:
    """Have *tell* called with each step of the work within."""
    token = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(token)


def say(step: str) -> None:
    """Tell of *step*, where somebody asked."""
    if tell := _told.get():
        tell(step)
