"""Say what a look found, in Markdown that can be the text of an issue; nothing from a service acts as markup there."""

import datetime
import html
import re
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from livrev.records.search_log import Search
from livrev.review.studies import MARKS
from livrev.show.format import format_count

_LONGEST, _SHOWN = 60_000, 50  # characters, of which an issue holds 65,536, and candidates
_MARKS = re.compile(r"([\\`*_{}\[\]()+!|~-])")


@dataclass(frozen=True, slots=True)
class Ran:
    """One search as it was run: how many records it has altogether, how many were taken, whether it need not run again."""

    search: Search
    query_id: str
    day: datetime.date
    total: int
    taken: int
    counts: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What is to be written of one reference, and how it stood before. *new* says that a person must look."""

    citekey: str
    doi: str
    before: str
    row: dict[str, str]
    new: bool


@dataclass(slots=True)
class Look:
    """Everything that one look found, and what is to be written of it.

    *reporting* are candidates that name an awaited trial, *failed* says what was not answered, *problems* which files could
    not be read; *abstracts* are those of the candidates, *retractions* the new text of that table.
    """

    day: datetime.date
    ran: list[Ran] = field(default_factory=list)
    candidates: list[dict[str, str]] = field(default_factory=list)
    reporting: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # number of an awaited trial, candidate
    looked_up: list[Looked] = field(default_factory=list)
    references: int = 0
    failed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    abstracts: list[tuple[str, str]] = field(default_factory=list)
    retractions: str | None = None

    @property
    def new(self) -> list[dict[str, str]]:
        """The candidates that nothing on file is."""
        return [row for row in self.candidates if not row["same_as"]]

    def new_of(self, ran: Ran) -> int:
        """Return how many of the records that a search found are new."""
        return [row["query_id"] for row in self.new].count(ran.query_id)

    @property
    def notices(self) -> list[Looked]:
        """The references of which something is new, the gravest first."""
        order = list(MARKS)
        return sorted((n for n in self.looked_up if n.new), key=lambda n: (order.index(n.row["state"]), n.citekey))

    @property
    def whole(self) -> bool:
        """Whether everything that was asked was answered."""
        return not self.failed and not self.problems

    @property
    def needs_a_person(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.new or self.reporting or self.notices or not self.whole)


def write_report(look: Look, *, waiting: int) -> str:
    """Return the report; its first line is the title of the issue. *waiting* counts all candidates without a decision.

    As many of the new candidates are shown as an issue has room for, and no more than 50.
    """
    for shown in range(min(len(look.new), _SHOWN), -1, -1):
        text = fill_report("report.md", look=look, marks=MARKS, waiting=waiting, shown=shown)
        if len(text) <= _LONGEST:
            break
    return text


def fill_report(template: str, **said: object) -> str:
    """Return the Markdown file *template* of this folder, filled with *said*, as plain text where it is not marked as safe."""
    return _environment.get_template(template).render(said)


def _plain(said: object) -> object:
    """Return *said* so that it is shown as it is: no markup, no mention, no reference to another issue."""
    if not isinstance(said, str) or hasattr(said, "__html__"):
        return said
    escaped = _MARKS.sub(r"\\\1", " ".join(said.split()))
    return html.escape(escaped, quote=False).replace("#", "&#35;").replace("@", "&#64;")


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent), finalize=_plain, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True, keep_trailing_newline=True,
)  # fmt: skip
_environment.filters |= {"count": format_count}
