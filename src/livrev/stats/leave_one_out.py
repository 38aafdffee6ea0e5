"""Pool again without each study, and with one study more at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from livrev.stats.pooling import Pool


class Reported(Protocol):
    """Anything that comes from a study that has a name."""

    @property
    def study(self) -> str:
        """Name of the study."""


Item = TypeVar("Item", bound=Reported)


@dataclass(frozen=True, slots=True)
class Step:
    """The pool after one study was left out, or was added; None where what is left cannot be pooled, and why."""

    study: str
    pool: Pool | None
    reason: str = ""


def leave_one_out(items: Sequence[Item], pool: Callable[[Sequence[Item]], Pool]) -> tuple[Step, ...]:
    """Return the pool without each of *items*, in their order; empty for a single one."""
    if len(items) < 2:
        return ()
    return tuple(_try(item.study, [*items[:i], *items[i + 1 :]], pool) for i, item in enumerate(items))


def accumulate(items: Sequence[Item], pool: Callable[[Sequence[Item]], Pool]) -> tuple[Step, ...]:
    """Return the pool of the first item, the first two, and so on; the order, mostly by year, is the caller's."""
    return tuple(_try(item.study, items[: i + 1], pool) for i, item in enumerate(items))


def _try(study: str, items: Sequence[Item], pool: Callable[[Sequence[Item]], Pool]) -> Step:
    try:
        return Step(study, pool(items))
    except ValueError as error:
        return Step(study, None, str(error))
