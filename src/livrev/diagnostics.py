"""Say what is wrong: where it stands, what was read there, and the cure."""

from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN = 80


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing wrong at one place. *unsafe* marks text that is dangerous where it is shown, not wrong as a record."""

    file: str
    line: int
    field: str
    value: str
    message: str
    cure: str
    unsafe: bool = False

    def __str__(self) -> str:
        shown = self.value if len(self.value) <= _SHOWN else self.value[: _SHOWN - 1] + "…"
        said = f"{self.file}:{self.line} {self.field}: {shown} {self.message}; {self.cure}".replace(":  ", ": ")
        return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in said)


class ReviewError(Exception):
    """Raised where records cannot be read; holds every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
