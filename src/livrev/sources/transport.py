"""Ask a service over HTTP as its rules wish, and take no answer that is not whole: the only place that does.

One Transport serves one service. It spaces requests, names a contact, waits where it is told to, tries again where that
helps, and reads no more than a limit. Everything else ends in ServiceFailed.
"""

import datetime
import email.utils
import json
import os
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from typing import Any, TypeVar

import httpx
import tenacity

from livrev.diagnostics import Refused
from livrev.sources.markup import decode

Parsed = TypeVar("Parsed")
Report = Callable[[str], None]
Guard = httpx.BaseTransport | None
_REDIRECTS = 5
_LOOK = "look at the number or address"
_KEYS = "set LIVREV_CONTACT and, for PubMed, NCBI_API_KEY; a page that wants a reader: save it and add the file"
# What a status means, and the cure.
_STATUSES = {
    **dict.fromkeys((401, 403), ("refuses (status {})", _KEYS)),
    **dict.fromkeys((404, 410), ("does not know it (status {})", _LOOK)),
    429: ("is asked too often (status {})", "wait some minutes, then try again"),
}
_LOOPBACK = re.compile(r"https?://(?:localhost|127\.[\d.]+|\[::1\])(?=[:/]|$)")
SECRET = ("api_key", "email", "mailto", "tool")  # parameters that say who asks, and nothing of what is asked


class ServiceFailed(Refused):
    """Raised where a service cannot be asked or answers what cannot be used: which, where, what happened, and the cure."""

    def __init__(self, service: str, address: str, happened: str, cure: str) -> None:
        self.service, self.address, self.happened, self.cure = service, address, happened, cure
        said = f"{service}: {happened} ({address}); {cure}"
        super().__init__("".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in said))


class NotFound(ServiceFailed):
    """Raised where a service answers that it does not know what was asked for."""


class AddressRefused(ServiceFailed):
    """Raised where an address leads into this machine or its own network, or is no web address at all."""


@dataclass(eq=False)
class _Unanswered(Exception):
    """One try that came to nothing; *again* says that the next may not, *wait* how long the service asks to wait (seconds)."""

    happened: str
    cure: str = "try again later; nothing was changed"
    again: bool = True
    wait: float | None = None
    kind: type[ServiceFailed] = ServiceFailed

    def __str__(self) -> str:
        return self.happened


@dataclass(frozen=True, slots=True)
class RatePolicy:
    """How one service is to be asked: seconds between requests, patience, and the most that is read (bytes)."""

    interval: float = 0.34
    attempts: int = 4
    first_wait: float = 1.0
    longest_wait: float = 60.0
    timeout: float = 30.0
    whole_timeout: float = 180.0
    limit: int = 30_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its bytes, its declared type and charset, and the address that it came from in the end."""

    content: bytes
    type: str
    charset: str
    address: str

    @property
    def text(self) -> str:
        return decode(self.content, self.charset)


def contact() -> str:
    """Return the e-mail address that services may write to: LIVREV_CONTACT, or nothing."""
    return os.environ.get("LIVREV_CONTACT", "").strip()


@cache
def _trusted() -> ssl.SSLContext:
    """Return who is trusted, which takes longer to read than a request: once for all services."""
    return httpx.create_ssl_context()


def no_report(_: str) -> None:
    """Say nothing."""


@contextmanager
def follow(
    client: httpx.Client, address: str, params: Mapping[str, str] | None, before: Callable[[httpx.Request], None]
) -> Iterator[tuple[httpx.Response, list[int]]]:
    """Give the answer at the end of the redirects from *address*, and the status of each redirect; *before* looks at each request.

    Of a redirect only the head is read, which httpx itself would read to its end. Raises httpx.HTTPError.
    """
    request: httpx.Request | None = client.build_request("GET", address, params=dict(params) if params else None)
    statuses: list[int] = []
    while request is not None:
        before(request)
        with closing(client.send(request, stream=True)) as response:
            request = response.next_request
            if request is None:
                yield response, statuses
        statuses.append(response.status_code)
        if len(statuses) > _REDIRECTS:
            raise httpx.TooManyRedirects("leads from address to address", request=request)


class Transport:
    """The way to one service at *address*; with *guard*, to any page that it lets through."""

    def __init__(
        self, service: str, *, address: str = "", policy: RatePolicy, report: Report = no_report, guard: Guard = None
    ) -> None:
        self.service, self.report, self.base = service, report, address.rstrip("/")
        # A machine that serves itself has no rule about how often it may be asked.
        quick = replace(policy, interval=0.0, first_wait=min(policy.first_wait, 0.05))
        self.policy = quick if _LOOPBACK.match(self.base) else policy
        self._free_roaming, self._last = guard is not None, 0.0
        signed = f" (mailto:{contact()})" if contact() else ""
        headers = {"User-Agent": f"livrev/{version('livrev')}{signed}", "Accept-Encoding": "gzip, deflate"}
        self._client = httpx.Client(headers=headers, timeout=self.policy.timeout, transport=guard, verify=_trusted())

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, params: Mapping[str, str] | None, parse: Callable[[Answer], Parsed]) -> Parsed:
        """Return what *parse* makes of the answer at *path* (or a whole address); *parse* raises ValueError for a bad one.

        A bad answer is asked for again, as servers under load send them. Raises ServiceFailed, NotFound, AddressRefused.
        """
        address = path if path.startswith(("http://", "https://")) else f"{self.base}/{path}"
        told = {key: value for key, value in (params or {}).items() if key not in SECRET}
        shown = str(httpx.URL(address, params=told)) if params else address
        attempts = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.policy.attempts),
            wait=self._wait,
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, _Unanswered) and error.again),
            before_sleep=self._say,
            reraise=True,
        )
        try:
            found: Parsed = attempts(self._once, address, params, parse)
            return found
        except _Unanswered as error:
            raise error.kind(self.service, shown, error.happened, error.cure) from None
        except httpx.InvalidURL as error:
            raise AddressRefused(self.service, shown, f"is no address ({error})", "correct it") from None

    def _before(self, request: httpx.Request) -> None:
        """Keep the distance; a service may not send us on to another host."""
        if not self._free_roaming and request.url.host != httpx.URL(self.base).host:
            cure = "it has moved, or someone is in between: see the manual of the service"
            raise _Unanswered(f"sends on to another host ({request.url.host})", cure, again=False)
        time.sleep(max(0.0, self._last + self.policy.interval - time.monotonic()))
        self._last = time.monotonic()

    def _once(self, address: str, params: Mapping[str, str] | None, parse: Callable[[Answer], Parsed]) -> Parsed:
        begun = False
        try:
            with follow(self._client, address, params, self._before) as (response, _):
                begun = True
                self._check_status(response)
                answer = self._read(response)
            return parse(answer)
        except ValueError as error:
            cure = "try again later; if it stays so, its format has changed"
            raise _Unanswered(f"the answer {error}", cure) from None
        except httpx.TooManyRedirects:
            happened = f"leads from address to address (more than {_REDIRECTS})"
            raise _Unanswered(happened, "give the final address", again=False) from None
        except httpx.TimeoutException:
            raise _Unanswered(f"no answer, or no end of it, within {self.policy.timeout:g} s") from None
        except httpx.RequestError as error:
            if begun:
                raise _Unanswered(f"the answer broke off ({error})") from None
            raise _Unanswered(f"cannot be reached ({error})", "look at your network, then try again") from None

    def _read(self, response: httpx.Response) -> Answer:
        ends, said = time.monotonic() + self.policy.whole_timeout, response.headers.get("Content-Length", "")
        promised, content = int(said) if said.isdigit() else None, bytearray()
        for piece in response.iter_bytes():  # as they come: gathered to a size, a drip would never be looked at
            content += piece
            if max(len(content), promised or 0) > self.policy.limit:
                happened = f"answers with more than {self.policy.limit / 1e6:g} MB"
                raise _Unanswered(happened, "ask for less, or save it and add the file", again=False)
            if time.monotonic() > ends:
                raise _Unanswered(f"is not done after {self.policy.whole_timeout:g} s")
        if promised not in (None, response.num_bytes_downloaded):
            raise _Unanswered(f"the answer broke off ({response.num_bytes_downloaded} of {promised} bytes)")
        type_ = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Answer(bytes(content), type_, response.charset_encoding or "", str(response.request.url))

    def _check_status(self, response: httpx.Response) -> None:
        status, wait = response.status_code, seconds_to_wait(response.headers.get("Retry-After", ""))
        passing = status == 429 or status >= 500
        if passing and wait is not None and wait > self.policy.longest_wait:
            happened = f"is busy (status {status}) and asks to wait {wait:.0f} s"
            raise _Unanswered(happened, "try again then", again=False)
        if status >= 500:
            raise _Unanswered(f"is out of order (status {status})", wait=wait)
        if status != 200:
            happened, cure = _STATUSES.get(status, ("answers with status {}", _LOOK))
            kind = NotFound if status in (404, 410) else ServiceFailed
            raise _Unanswered(happened.format(status), cure, passing, wait, kind)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        told: float | None = getattr(state.outcome and state.outcome.exception(), "wait", None)
        doubling = tenacity.wait_exponential(self.policy.first_wait, self.policy.longest_wait)
        return doubling(state) if told is None else told

    def _say(self, state: tenacity.RetryCallState) -> None:
        said = state.outcome and state.outcome.exception()
        number = f"{state.attempt_number + 1} of {self.policy.attempts}"
        self.report(f"{self.service}: {said}; trying again in {state.upcoming_sleep:.0f} s ({number})")


def read_json(answer: Answer) -> Any:
    """Return the JSON in *answer*. Raises ValueError where it is something else."""
    text = answer.text
    if text[:200].lstrip("\ufeff \n\r\t").lower().startswith(("<!doctype html", "<html")):
        raise ValueError("is an HTML page where JSON was promised")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON (line {error.lineno}: {error.msg})") from None
    except RecursionError:
        raise ValueError("is JSON nested without end") from None


def seconds_to_wait(value: str) -> float | None:
    """Return the seconds that a Retry-After header asks for: a number, or a date."""
    if value.strip().isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())
