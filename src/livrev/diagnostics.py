"""Say what is wrong: where it stands, what was read there, and the cure; causes first, what follows from them after."""

import errno
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

_SHOWN = 80
NOT_CHECKED = "not checked"  # the field of what could not be judged because a file could not be read


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing wrong at one place.

    *unsafe* marks text that is dangerous where it is shown, not wrong as a record. *cause* marks what keeps a file or a row
    from being read: other problems may only follow from it. *unmade* marks what cannot be computed: it follows from what is
    wrong with a row that *value* names. *after* is the place (`file:line`) of the cause that this one follows from.
    """

    file: str
    line: int
    field: str
    value: str
    message: str
    cure: str
    unsafe: bool = False
    cause: bool = False
    unmade: bool = False
    after: str = ""

    def __str__(self) -> str:
        shown = self.value if len(self.value) <= _SHOWN else self.value[: _SHOWN - 1] + "…"
        said = f"{self.file}:{self.line} {self.field}: {shown} {self.message}; {self.cure}".replace(":  ", ": ")
        return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in said)

    @property
    def place(self) -> str:
        """File and line, as an editor opens them."""
        return f"{self.file}:{self.line}"


class Refused(Exception):
    """Raised where what was asked for cannot be done: its words say why, and what to do. A command ends with *status*."""

    status = 1


class WrongCall(Refused):
    """Raised where what was asked for is nothing that can be asked for."""

    status = 2


class ReviewError(Exception):
    """Raised where records cannot be read; holds every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(say_folded(self.problems)))


_CURES = {
    errno.EROFS: "work in a copy that can be written to",
    errno.ENOENT: "restore or make it, or install it where it is a program",
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free some space, then run it again"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "ask for the right to use it, or work in a copy of your own"),
    **dict.fromkeys((errno.EMFILE, errno.ENOMEM), "close other programs, then run it again"),
}


def say_os_error(error: OSError) -> str:
    """Return in one line what the system refused: the file, why, and the cure. Nothing was written in half."""
    where = error.filename2 or error.filename or "a file"
    cure = _CURES.get(error.errno or 0, "look at the disk, then run it again")
    return f"{where}: cannot be used ({error.strerror or error}); {cure}"


def suggest(name: str, known: Iterable[str], other: str | None = None, *, most: int = 1, likeness: float = 0.6) -> str:
    """Return, as a cure, the names of *known* that *name* may have been meant for; where none is near *other*, or all."""
    known = sorted(known)
    if near := get_close_matches(name, known, most, likeness):
        return f"did you mean {', '.join(near)}?"
    return use_one_of(known) if other is None else other


def use_one_of(known: Iterable[str]) -> str:
    """Return, as a cure, all that there is to choose from."""
    return f"use one of {', '.join(known)}"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once: causes first, then what stands by itself, then what only follows."""
    return sorted(set(problems), key=lambda problem: (bool(problem.after), not problem.cause, problem))


def fold(problems: Iterable[Problem], lost: Mapping[str, Problem], rows: Mapping[str, Iterable[str]]) -> list[Problem]:
    """Mark the problems that only follow from a row that could not be read, and return all in order.

    *lost* gives, for each name that such a row held (`cite:…`: a paper that it cites), what is wrong with the row; *rows*
    the names that the row at a place (`file:line`) gives, so that what rests on a row that follows is found to follow, too.
    """
    held, left, done = dict(lost), list(problems), []
    while held:
        named = ((problem, _named(problem, held)) for problem in left if not problem.cause)
        following = {problem: cause for problem, cause in named if cause and problem.place != cause.place}
        if not following:
            break
        done += [replace(problem, after=cause.place) for problem, cause in following.items()]
        left = [problem for problem in left if problem not in following]
        for problem, cause in following.items():
            for name in rows.get(problem.place, ()):
                held.setdefault(name, cause)
    behind: dict[str, Problem] = {}  # what is wrong with the row of a name, rather than what it cannot be used for
    for problem in sorted(left, key=lambda problem: (problem.unmade, problem)):
        for name in rows.get(problem.place, ()):
            behind.setdefault(name, problem)
    for problem in left:
        way = [problem]
        while way[-1].unmade and (why := _named(way[-1], behind)) and why.place not in {one.place for one in way}:
            way.append(why)
        done.append(replace(problem, after=way[-1].place) if way[1:] else problem)
    return in_order(done)


def _named(problem: Problem, lost: Mapping[str, Problem]) -> Problem | None:
    """Return the cause of the first lost name that *problem* is about: whole, or a part of the name of a Result."""
    value = problem.value
    if problem.field == "key":  # an entry that only the lost row used
        return lost.get(f"cite:{value}")
    parts = (value, *re.split(r"[|,\s]+", value))
    return next((lost[name] for part in parts for name in (part, *part.split(".")) if name in lost), None)


def say_folded(problems: Iterable[Problem]) -> list[str]:
    """Return a line for each problem, and under each cause one that counts what follows from it."""
    following: dict[str, list[Problem]] = defaultdict(list)
    for problem in in_order(problems):
        following[problem.after].append(problem)
    lines = []
    for problem in following.pop("", []):
        lines.append(str(problem))
        if under := following.pop(problem.place, []):
            unmade = [one.value for one in under if one.field == NOT_CHECKED]
            files = [one.file for one in under if one.field != NOT_CHECKED]
            if files:
                said = f"{len(files)} more follow{'s' * (len(files) == 1)} from it"
                lines.append(f"    {said}, in {', '.join(dict.fromkeys(files))}")
            if unmade:
                lines.append(f"    {NOT_CHECKED} until then: {', '.join(unmade)}")
    return lines + [str(problem) for under in following.values() for problem in under]


# What git writes around two versions of a line; in a notebook they stand in the text of a cell, within quotes.
_MARK = re.compile(r'(?:^[ \t]*|"|\\n)(?P<mark><{7}|>{7}|\|{7})(?= )', re.MULTILINE)
_MIDDLE = re.compile(r"^(?P<mark>={7})$", re.MULTILINE)
_HAS_HEADINGS = (".md", ".rst", ".txt", ".py")  # there a row of = may underline a heading


def find_conflict(text: str, name: str) -> Problem | None:
    """Return the first mark of a conflict that git left in *text*; one that is not settled makes both versions wrong."""
    marks = (_MARK.search(text), None if name.endswith(_HAS_HEADINGS) else _MIDDLE.search(text))
    at = min((match.start("mark") for match in marks if match), default=None)
    if at is None:
        return None
    line, value = text.count("\n", 0, at) + 1, re.split(r'[\\"\n]', text[at : at + 60], maxsplit=1)[0]
    cure = "settle the conflict: keep one of the two versions and delete the marks"
    return Problem(name, line, "conflict", value, "is a mark that git left around two versions", cure, cause=True)
