"""Find every public address that the review names, ask whether it still answers, and tell it in Markdown."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote

import httpx
import tenacity

from livrev.progress import say
from livrev.records.review import Review
from livrev.records.text_files import read_chapters
from livrev.sources.publication import clean
from livrev.sources.ssrf_guard import PublicOnly
from livrev.sources.transport import AddressRefused, follow, seconds_to_wait
from livrev.update.report import fill_report

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{}|\[\]]+")
_END = ".,;:!?*_)"  # what follows an address in a sentence
GONE, MOVED, UNCLEAR = "gone", "moved", "unclear"
# These say that a program may not look, not that nothing is there.
_REFUSED = (401, 402, 403, 405, 406, 407, 418, 423, 429, 451)
_BUSY = (429, 500, 502, 503, 504)  # worth asking again
_FORWARDERS = re.compile(r"https?://(?:dx\.)?doi\.org/")  # leading elsewhere is what they are for
_LONGEST = 160  # characters of a cell: an issue holds 65,536, and 60 rows of each kind are shown
_AT_ONCE, _LONGEST_WAIT = 4, 60.0  # addresses asked at a time; seconds before one is asked again
_NAME = "livrev links (weekly check of a review's references)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered: GONE, MOVED, UNCLEAR or nothing to see to, what was *said*, and seconds until it may be asked again."""

    address: str
    kind: str
    said: str
    again: float | None = None


def addresses_of(review: Review) -> dict[str, list[str]]:
    """Return the places (file:line) of each address in chapters, tables and bibliography, in the order of reading."""
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for text, place in _texts(review):
        for match in _ADDRESS.finditer(text):
            address = match.group()
            # What only ends the sentence is no part of it; a bracket stays where it was opened inside.
            while address[-1] in _END and not (address[-1] == ")" and address.count("(") >= address.count(")")):
                address = address[:-1]
            places[address][place] = None
    return {address: list(named) for address, named in places.items()}


def _texts(review: Review) -> Iterator[tuple[str, str]]:
    """Yield each text that may hold addresses, with its place."""
    repository = review.repository
    for file, text in read_chapters(repository)[0].items():
        yield from ((words, f"{file}:{number}") for number, words in enumerate(text.splitlines(), 1))
    bib = repository.relative(repository.references)
    for reference in review.references.values():
        if doi := reference.plain("doi"):
            yield "https://doi.org/" + quote(doi, safe="/:;()"), f"{bib}:{reference.line}"
        yield reference.plain("url"), f"{bib}:{reference.line}"
    for name, rows in review.tables.items():
        file = review.file_of(name)
        for record, line in zip(rows.records, rows.lines, strict=True):
            for cell in record.values():
                yield from ((str(part), f"{file}:{line}") for part in (cell if isinstance(cell, tuple) else (cell,)))


def ask(addresses: Iterable[str], *, timeout: float = 20, tries: int = 3, loopback: bool = False) -> list[Answer]:
    """Ask every address *tries* times, *timeout* seconds each, at most; none of this network, but for *loopback* this machine in tests."""
    listed = list(addresses)
    answers: list[Answer] = []
    asking = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(tries),
        retry=tenacity.retry_if_result(lambda answer: answer.again is not None),
        wait=lambda state: min(state.outcome.result().again, _LONGEST_WAIT) if state.outcome else 0.0,
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
    )
    guard, signed = PublicOnly(loopback=loopback), {"User-Agent": _NAME}
    with httpx.Client(transport=guard, timeout=timeout, headers=signed) as client, ThreadPoolExecutor(_AT_ONCE) as pool:
        for answer in pool.map(lambda address: asking(_ask, client, address), listed):
            answers.append(answer)
            if len(answers) % 50 == 0 or len(answers) == len(listed):
                say(f"  {len(answers)} of {len(listed)} addresses asked")
    return answers


def _ask(client: httpx.Client, address: str) -> Answer:
    try:
        with follow(client, address, None, lambda _: None) as (response, hops):  # its head alone is read
            return judge(address, response, hops)
    except httpx.TimeoutException:
        return Answer(address, UNCLEAR, "no answer in time", again=1.0)
    except AddressRefused as error:
        return Answer(address, GONE, error.happened)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Answer(address, GONE, str(error), again=1.0 if isinstance(error, httpx.TransportError) else None)


def judge(address: str, response: httpx.Response, hops: Sequence[int]) -> Answer:
    """Return what *response* says of *address*; the statuses of the redirects, *hops*, tell what moved for good from what leads on now."""
    code = response.status_code
    if code < 400:
        moved = hops and all(status in (301, 308) for status in hops) and not _FORWARDERS.match(address)
        return Answer(address, MOVED if moved else "", str(response.url))
    again = seconds_to_wait(response.headers.get("Retry-After", "")) or 1.0 if code in _BUSY else None
    kind = UNCLEAR if code in _REFUSED or code >= 500 else GONE
    return Answer(address, kind, f"{code} {response.reason_phrase}", again)


def sort_answers(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """Return the answers that a person should see: gone, moved for good, and unclear (refused, busy, too slow)."""
    answers = list(answers)
    return {kind: [answer for answer in answers if answer.kind == kind] for kind in (GONE, MOVED, UNCLEAR)}


def write_report(sorted_: Mapping[str, Sequence[Answer]], places: Mapping[str, Sequence[str]], *, day: str) -> str:
    """Return the report: what is gone first, each address with the places that name it."""
    return fill_report("links.md", places=places, day=day, code=_code, **sorted_)


def _code(text: str) -> str:
    """Return *text* so that Markdown shows it and does not obey it: servers word their messages as they like."""
    shown = clean(text.replace("`", "'"))
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    return f"`{shown or 'no answer'}`"
