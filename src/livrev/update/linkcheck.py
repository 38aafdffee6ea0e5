"""Find every public address that the review names, ask whether it still answers, and tell it in Markdown.

Who asks is Sphinx's own checker of links: it waits, tries again, and keeps limits.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from livrev.records.review import Review
from livrev.records.text_files import read_chapters

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{}|\[\]]+")
_END = ".,;:!?*_)"  # what follows an address in a sentence
GONE, MOVED, UNCLEAR = "gone", "moved", "unclear"
_CODE = re.compile(r"\b([45]\d\d) (?:Client|Server) Error\b")
# These say that a program may not look, not that nothing is there.
_REFUSED = (401, 402, 403, 405, 406, 407, 418, 423, 429, 451)
_FORWARDERS = re.compile(r"https?://(?:dx\.)?doi\.org/")  # leading elsewhere is what they are for
_MOST, _LONGEST = 60, 160  # rows of a list, characters of a cell: an issue holds 65,536 characters
_SETTINGS = {
    "linkcheck_anchors": False,
    "linkcheck_allow_unauthorized": True,
    "linkcheck_report_timeouts_as_broken": False,
    "linkcheck_rate_limit_timeout": 60.0,
    "linkcheck_workers": 4,
    "user_agent": "livrev links (weekly check of a review's references)",
}
# The checker takes addresses from pages; this one page has none of its own, and gets them from the list beside it.
_CONF = """import json, pathlib
from livrev.sources.ssrf_guard import only_public
only_public(loopback={loopback!r})
locals().update({settings!r})
def _take(app):
    from sphinx.builders.linkcheck import Hyperlink
    listed = json.loads(pathlib.Path(app.confdir, "addresses.json").read_text(encoding="utf-8"))
    app.builder.hyperlinks.update({{uri: Hyperlink(uri, "index", "index.rst", 1) for uri in listed}})
def setup(app):
    app.connect("builder-inited", _take)
"""


class AskingFailed(Exception):
    """Raised where the checker itself could not run; holds what it said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered: *status* is the checker's word, *code* that of HTTP (0: none), *said* its message."""

    address: str
    status: str
    code: int
    said: str


def addresses_of(review: Review) -> dict[str, list[str]]:
    """Return the places (file:line) of each address in chapters, tables and bibliography, in the order of reading."""
    places: dict[str, list[str]] = {}
    for address, place in _named(review):
        known = places.setdefault(address, [])
        if place not in known:
            known.append(place)
    return places


def _named(review: Review) -> Iterator[tuple[str, str]]:
    repository = review.repository
    for file, text in read_chapters(repository)[0].items():
        for number, words in enumerate(text.splitlines(), 1):
            yield from ((address, f"{file}:{number}") for address in _in(words))
    bib = repository.relative(repository.references)
    for reference in review.references.values():
        place = f"{bib}:{reference.line}"
        if doi := reference.plain("doi"):
            yield f"https://doi.org/{doi}", place
        yield from ((address, place) for address in _in(reference.plain("url")))
    for rows in review.tables.values():
        file = repository.relative(repository.data / rows.table.path)
        for record, line in zip(rows.records, rows.lines, strict=True):
            for cell in record.values():
                for part in cell if isinstance(cell, tuple) else (cell,):
                    if isinstance(part, str):
                        yield from ((address, f"{file}:{line}") for address in _in(part))


def _in(text: str) -> Iterator[str]:
    """Yield the addresses in *text*, without what only ends the sentence; a bracket stays where it was opened inside."""
    for match in _ADDRESS.finditer(text):
        address = match.group()
        while address[-1] in _END and not (address[-1] == ")" and address.count("(") >= address.count(")")):
            address = address[:-1]
        yield address


def ask(
    addresses: Iterable[str],
    *,
    timeout: float = 20,
    tries: int = 3,
    loopback: bool = False,
    report: Callable[[str], None] = lambda line: None,
) -> list[Answer]:
    """Ask every address, *timeout* seconds and *tries* times at most; return the answers in the order of addresses.

    Nothing that leads into this machine or its own network is asked; *loopback* lets tests ask this machine.
    """
    listed = list(addresses)
    if not listed:
        return []
    settings = _SETTINGS | {"linkcheck_timeout": timeout, "linkcheck_retries": tries}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "conf.py").write_text(_CONF.format(settings=settings, loopback=loopback), encoding="utf-8")
        (folder / "index.rst").write_text("Links\n=====\n", encoding="utf-8")
        (folder / "addresses.json").write_text(json.dumps(listed), encoding="utf-8")
        command = [sys.executable, "-m", "sphinx", "-b", "linkcheck", "--no-color", name, str(folder / "out")]
        lines: list[str] = []
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
        ) as process:
            assert process.stdout is not None
            asked = 0
            for line in process.stdout:
                lines.append(line.rstrip())
                if "line    1)" in line:
                    asked += 1
                    if asked % 50 == 0 or asked == len(listed):
                        report(f"  {asked} of {len(listed)} addresses asked")
        output = folder / "out" / "output.json"
        if not output.is_file() or process.returncode not in (0, 1):  # 1: an address is broken
            raise AskingFailed("\n".join(lines[-20:]))
        found = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    answers = {
        one["uri"]: Answer(one["uri"], one["status"], int(one["code"]), str(one["info"]).strip(" -")) for one in found
    }
    return [answers.get(address, Answer(address, "unchecked", 0, "was not asked")) for address in listed]


def sort_answers(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """Return the answers that a person should see: gone, moved for good, and unclear (refused, busy, too slow)."""
    sorted_: dict[str, list[Answer]] = {GONE: [], MOVED: [], UNCLEAR: []}
    for answer in answers:
        if kind := _kind_of(answer):
            sorted_[kind].append(answer)
    return sorted_


def _kind_of(answer: Answer) -> str | None:
    if answer.status == "redirected":
        permanent = answer.code in (301, 308) and not _FORWARDERS.match(answer.address)
        return MOVED if permanent else None
    if answer.status in ("working", "ignored", "local"):
        return UNCLEAR if "unauthorized" in answer.said or "unavailable" in answer.said else None
    if answer.status == "broken":
        match = _CODE.search(answer.said)
        code = int(match[1]) if match else 0
        return UNCLEAR if code in _REFUSED or code >= 500 else GONE
    return UNCLEAR  # timeout, rate-limited, unchecked


def write_report(
    sorted_: Mapping[str, Sequence[Answer]], places: Mapping[str, Sequence[str]], *, day: str, asked: int
) -> str:
    """Return the report: what is gone first, each address with the places that name it."""
    gone, moved, unclear = sorted_[GONE], sorted_[MOVED], sorted_[UNCLEAR]
    text = f"# Links of {day}: {len(gone)} gone, {len(moved)} moved\n\n"
    text += f"{asked} addresses of chapters, tables and bibliography were asked.\n"
    if gone:
        text += "\nThese do not answer any more. Find where the page went, or a copy, and mend the places.\n\n"
        text += _list(gone, places)
    if moved:
        text += "\nThese have moved for good. Write the new address, if it shows the same.\n\n" + _list(moved, places)
    if unclear:
        text += "\n<details><summary>"
        text += f"{len(unclear)} could not be judged: they refuse programs, were busy or too slow</summary>\n\n"
        text += _list(unclear, places) + "\n</details>\n"
    return text


def _list(answers: Sequence[Answer], places: Mapping[str, Sequence[str]]) -> str:
    lines = [f"- {_code(a.address)}: {_code(a.said)} ({_places(places.get(a.address, ()))})" for a in answers[:_MOST]]
    if len(answers) > _MOST:
        lines.append(f"- … and {len(answers) - _MOST} more")
    return "\n".join(lines) + "\n"


def _places(places: Sequence[str]) -> str:
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    return ", ".join(places[:3]) + more


def _code(text: str) -> str:
    """Return *text* so that Markdown shows it and does not obey it: servers word their messages as they like."""
    shown = "".join(c if c.isprintable() else " " for c in text.replace("`", "'"))
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    return f"`{shown.strip() or 'no answer'}`"
