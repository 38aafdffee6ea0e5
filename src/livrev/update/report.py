"""Say what a look found, in Markdown that can be the text of an issue; nothing from a service acts as markup there."""

import datetime
import html
import re
from dataclasses import dataclass, field
from urllib.parse import quote

from livrev.records.search_log import Search
from livrev.review.studies import MARKS
from livrev.show.format import format_count

_LONGEST = 60_000  # characters; an issue holds 65,536
_SHOWN = 50
_MARKS = re.compile(r"([\\`*_{}\[\]()+!|~-])")
_NEW = """## New candidates

{} that nothing on file is, in `data/search/candidates.csv`, the likeliest first: the score is the likeness to what was \
included before, and decides nothing. {} in all wait for a decision: `livrev screen`."""


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
    """Return the report; its first line is the title of the issue. *waiting* counts all candidates without a decision."""
    new, notices = look.new, look.notices
    trials = len({number for number, _ in look.reporting})
    rings = f", {format_count(trials, 'awaited trial')} named" if trials else ""
    title = f"{format_count(len(new), 'new candidate')}, {format_count(len(notices), 'notice')}{rings}"
    parts = [f"# Watch of {look.day:%Y-%m-%d}: {title}"]
    if said := [*look.failed, *look.problems]:
        parts.append("## Not answered\n\nWhat is missing is asked for when `livrev watch` is run again.")
        parts.append("\n".join(f"- {_plain(line)}" for line in said[:30]))
        parts += [f"and {len(said) - 30} more."] if len(said) > 30 else []
    if notices:
        first = "New in `data/retractions.csv`; a retracted study leaves every pool when the book is built. Read the notice."
        parts += ["## Retractions, corrections, concerns", first, "\n".join(map(_notice, notices))]
    if look.reporting:
        lines = [f"- **{_plain(number)}**: {_candidate(row)}" for number, row in look.reporting[:_SHOWN]]
        first = "Named in a record that is new; read these first."
        parts += ["## A trial that we wait for may have reported", first, "\n".join(lines)]
    if new:
        parts.append(_NEW.format(format_count(len(new), "record"), waiting))
    tail = ["## Searches", _searches(look)] if look.ran or look.skipped else []
    if look.references:
        asked = format_count(look.references, "reference")
        tail.append(f"Crossref or PubMed answered for {len(look.looked_up)} of {asked} with a DOI.")
    tail.append("Nothing of this is part of the review until a person puts it there.")
    room, lines = _LONGEST - sum(len(part) + 2 for part in parts + tail), []
    for number, row in enumerate(new[:_SHOWN], 1):
        line = f"{number}. {_candidate(row)}"
        room -= len(line) + 1
        if room < 200:
            break
        lines.append(line)
    if len(new) > len(lines):
        lines.append(f"\nand {len(new) - len(lines)} more in `data/search/candidates.csv`.")
    return "\n\n".join([*parts, *filter(None, ["\n".join(lines)]), *tail]) + "\n"


def _candidate(row: dict[str, str]) -> str:
    title = f"[{_plain(row['title'][:300])}]({row['address']})" if row["address"] else _plain(row["title"][:300])
    where = ", ".join(_plain(part) for part in (row["authors"], row["journal"], row["year"]) if part)
    score = f"**{row['score']}** " if row["score"] else ""
    why = f"; {_plain(row['why'].replace(';', ', '))}" if row["why"] else ""
    trial = f"; same trial as {_plain(row['trial_of'])}" if row["trial_of"] else ""
    return f"{score}{title}. {where} ({_plain(row['record'])}){why}{trial}"


def _notice(notice: Looked) -> str:
    said = f"- **{MARKS[notice.row['state']].capitalize()}**: {_plain(notice.citekey)} ({_link(notice.doi)})"
    if other := notice.row.get("notice_doi"):
        said += f", notice {_link(other)}"
    return f"{said}. {_plain(notice.row.get('note', ''))} (before: {_plain(notice.before)})"


def _link(doi: str) -> str:
    return f"[{_plain(doi)}](https://doi.org/{quote(doi, safe='/')})"  # a bracket would end the link


def _searches(look: Look) -> str:
    if not look.ran:
        return "None was due: " + ", ".join(map(_plain, look.skipped)) + " ran today already."
    rows = ["| Search | Asked | Since | Records | Taken | New | Known |"]
    rows.append("| --- | --- | --- | ---: | ---: | ---: | ---: |")
    for ran in look.ran:
        new, what = look.new_of(ran), f"{_plain(ran.search.search)} | {_plain(ran.search.service)}"
        since = ran.search.last_run or "ever"
        rows.append(f"| {what} | {since} | {ran.total} | {ran.taken} | {new} | {ran.taken - new} |")
    return "\n".join(rows)


def _plain(text: str) -> str:
    """Return *text* so that it is shown as it is: no markup, no mention, no reference to another issue."""
    escaped = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return html.escape(escaped, quote=False).replace("#", "&#35;").replace("@", "&#64;")
