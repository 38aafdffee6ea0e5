"""Screen candidates: one record, one key, one row in the log, written before the next record is shown."""

import textwrap
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from livrev.records.long_tables import Cells
from livrev.records.review import Review
from livrev.records.search_log import Candidate, FoundRecord
from livrev.records.tables import append_rows
from livrev.sources.publication import clean
from livrev.transaction import NewText, held_in, write_together
from livrev.update.candidates import plain_cell

_WIDTH = 100
_REASON_KEYS = "123456789acdfghjklmnprtvwxyz"
_KEYS = "[i]nclude  [e]xclude  [u]nsure  [s]kip  [b]ack  [o]pen  [q]uit"
_KEPT = {"i": ("include", "eligible"), "u": ("unsure", "not-clear")}  # decisions that need no reason of a person


@dataclass(slots=True)
class Screening:
    """The candidates that wait, in the order of their likeness, and where we are. *reasons* are those of the log, by use."""

    review: Review
    waiting: list[Candidate]
    reasons: list[str]
    place: int = 0
    decided: list[int] = field(default_factory=list)

    @classmethod
    def open(cls, review: Review, *, unsure: bool) -> Self:
        """Return what waits: the candidates without a decision, or with *unsure* those that are to be looked at again."""
        log, sought = review.screening, "unsure" if unsure else None
        decisions = {key: screened.decision for key, screened in log.items()}
        wanted = [one for key, one in review.candidates.items() if not one.same_as and decisions.get(key) == sought]
        wanted.sort(key=lambda candidate: (-(candidate.score or 0.0), candidate.record))
        counted = Counter(screened.reason for screened in log.values() if screened.decision == "exclude")
        return cls(review, wanted, [reason for reason, _ in counted.most_common(len(_REASON_KEYS))])

    def decide(self, decision: str, reason: str, *, stage: str) -> None:
        """Write the decision on the current candidate down, and go on to the next. Raises ChangeFailed."""
        candidate = self.waiting[self.place]
        found = candidate.model_dump(include=set(FoundRecord.model_fields)) | {"nct": ";".join(candidate.nct)}
        self._write(candidate.record, found | {"stage": stage, "decision": decision, "reason": reason})
        self.decided.append(self.place)
        self.place += 1

    def take_back(self) -> bool:
        """Take the last decision made here back and return to its candidate; False where there is none."""
        if not self.decided:
            return False
        self.place = self.decided.pop()
        self._write(self.waiting[self.place].record, None)
        return True

    def _write(self, record: str, row: Cells | None) -> None:
        """Put the row of *record* at the end of the log, in place of one that it has, or take it out."""
        table = self.review.tables["screening"].table
        path = self.review.repository.data / table.path
        held = held_in(path) or ""
        own = (f"{record},", f'"{record}",')  # its cells hold no line break, so a row is a line
        kept = "".join(line for line in held.splitlines(keepends=True) if not line.startswith(own))
        new = append_rows(kept, table.names, [row] if row else [])
        write_together(self.review.repository, {path: NewText(new, held)})


def ask_candidates(
    screening: Screening,
    abstract_of: Callable[[str], str],
    read_key: Callable[[], str],
    show: Callable[[str], None],
    open_page: Callable[[str], object],
) -> int:
    """Ask about each candidate until the person quits or *read_key* returns nothing. Return the number of decisions that stand."""
    shown = None
    while screening.place < len(screening.waiting):
        candidate = screening.waiting[screening.place]
        abstract = abstract_of(candidate.record)
        stage = "abstract" if abstract else "title"  # what is decided on
        if candidate is not shown:
            show(_card(screening, candidate, abstract))
        shown = candidate
        key = read_key()
        match key.lower():
            case "" | "q" | "\x04":
                break
            case "i" | "u" as kept:
                screening.decide(*_KEPT[kept], stage=stage)
            case "e":
                if (reason := _ask_reason(screening, read_key, show)) is not None:
                    screening.decide("exclude", reason, stage=stage)
                shown = None
            case "s":
                screening.place += 1
            case "b":
                if not screening.take_back():
                    show("  nothing was decided before this one")
            case "o":
                if candidate.address:
                    open_page(candidate.address)
                show(f"  {candidate.address or 'it has no address'}")
            case "\x03":
                raise KeyboardInterrupt
            case _:
                show(f"  {key!r} is none of the keys: {_KEYS}")
    return len(screening.decided)


def _ask_reason(screening: Screening, read_key: Callable[[], str], show: Callable[[str], None]) -> str | None:
    """Return the reason that a person chose; None where they thought better of it."""
    keys = dict(zip(_REASON_KEYS, screening.reasons or ["not-on-subject"], strict=False))
    show("  why?  " + "  ".join(f"[{key}] {plain_cell(reason)}" for key, reason in keys.items()) + "  [b]ack")
    while (key := read_key().lower()) not in keys:
        if key in ("", "b", "q", "\x04"):
            return None
        if key == "\x03":
            raise KeyboardInterrupt
        show(f"  {key!r} is no reason; press one of {', '.join(keys)}, or b")
    return keys[key]


def _card(screening: Screening, candidate: Candidate, abstract: str) -> str:
    wrap = partial(textwrap.wrap, width=_WIDTH, initial_indent="   ", subsequent_indent="   ")
    head = f"── {screening.place + 1} of {len(screening.waiting)} · {len(screening.decided)} decided"
    head += f" · likeness {candidate.score:.3f}" if candidate.score is not None else ""
    facts = ", ".join(str(fact) for fact in (candidate.authors, candidate.journal, candidate.year) if fact)
    lines = [f"{head} {'─' * max(2, _WIDTH - len(head))}", *wrap(candidate.title or "(no title)"), f"   {facts}"]
    if candidate.why:
        lines.append("   because of: " + ", ".join(candidate.why))
    if candidate.trial_of:
        lines.append(f"   same trial as {candidate.trial_of} ({candidate.known_by})")
    for paragraph in abstract.splitlines():
        lines += ["", *wrap(clean(paragraph))]  # without what a terminal would take for a command
    return "\n".join([*lines, "", f"   {candidate.address or candidate.record}", f"   {_KEYS}"])
