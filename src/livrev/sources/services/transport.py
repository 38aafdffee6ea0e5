"""Ask a service over HTTP as its rules wish, and take no answer that is not whole: the only place that does.

One Transport serves one service. It spaces requests, names a contact, waits where it is told to, tries again where that
helps, and reads no more than a limit. Everything else ends in ServiceFailed.
"""

import datetime
import email.utils
import ipaddress
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, TypeVar

import httpx
import tenacity

from livrev.sources.encoding import decode
from livrev.sources.services.failure import AddressRefused, NotFound, ServiceFailed

Parsed = TypeVar("Parsed")
Report = Callable[[str], None]
_HTML_STARTS = ("<!doctype html", "<html")
_TRY_LATER = "try again later; nothing was changed"
_REDIRECTS = 5


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


class RetryableError(Exception):
    """What may be gone at the next try; *wait* is how long the service asks to wait, in seconds."""

    def __init__(self, happened: str, cure: str = _TRY_LATER, wait: float | None = None) -> None:
        super().__init__(happened)
        self.happened, self.cure, self.wait = happened, cure, wait


def contact() -> str:
    """Return the e-mail address that services may write to: LIVREV_CONTACT, or nothing."""
    return os.environ.get("LIVREV_CONTACT", "").strip()


def no_report(_: str) -> None:
    """Say nothing."""


class Transport:
    """The way to one service. *address* overrides the variable *variable*, which overrides *default*."""

    def __init__(
        self,
        service: str,
        *,
        default: str = "",
        variable: str = "",
        address: str | None = None,
        policy: RatePolicy | None = None,
        report: Report = no_report,
        guard: httpx.BaseTransport | None = None,
    ) -> None:
        self.service, self.report = service, report
        self.base = (address or os.environ.get(variable, "") or default).rstrip("/")
        policy = policy or RatePolicy()
        # A machine that serves itself has no rule about how often it may be asked.
        quick = replace(policy, interval=0.0, first_wait=min(policy.first_wait, 0.05))
        self.policy = quick if _is_loopback(self.base) else policy
        self._free_roaming = guard is not None
        self._last = 0.0
        self._client = httpx.Client(
            headers={"User-Agent": _user_agent(), "Accept-Encoding": "gzip, deflate"},
            timeout=self.policy.timeout,
            transport=guard,
        )

    def __enter__(self) -> "Transport":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get_json(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """Return the JSON at *path*. Raises ServiceFailed; NotFound where the service does not know it."""
        return self.get(path, params, read_json)

    def get(self, path: str, params: Mapping[str, str] | None, parse: Callable[[Answer], Parsed]) -> Parsed:
        """Return what *parse* makes of the answer at *path* (or a whole address); *parse* raises ValueError for a bad one.

        A bad answer is asked for again, as servers under load send them. Raises ServiceFailed, NotFound, AddressRefused.
        """
        address = path if path.startswith(("http://", "https://")) else f"{self.base}/{path}"
        shown = str(httpx.URL(address, params=_without_secrets(params))) if params else address
        attempts = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.policy.attempts),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(RetryableError),
            before_sleep=self._say,
            reraise=True,
        )
        try:
            found: Parsed = attempts(self._once, address, params, parse)
            return found
        except RetryableError as error:
            raise ServiceFailed(self.service, shown, error.happened, error.cure) from None
        except PermanentError as error:
            raise error.kind(self.service, shown, error.happened, error.cure) from None
        except httpx.InvalidURL as error:
            raise ServiceFailed(self.service, shown, f"is no address ({error})", "correct it") from None

    def _once(self, address: str, params: Mapping[str, str] | None, parse: Callable[[Answer], Parsed]) -> Parsed:
        answer = self._fetch(address, params)
        try:
            return parse(answer)
        except ValueError as error:
            raise RetryableError(
                f"the answer {error}", "try again later; if it stays so, its format has changed"
            ) from None

    def _fetch(self, address: str, params: Mapping[str, str] | None) -> Answer:
        request = self._client.build_request("GET", address, params=dict(params) if params else None)
        for _ in range(_REDIRECTS + 1):
            self._keep_distance()
            try:
                response = self._client.send(request, stream=True)
            except httpx.TimeoutException:
                raise RetryableError(f"no answer within {self.policy.timeout:g} s") from None
            except httpx.UnsupportedProtocol as error:
                raise PermanentError(AddressRefused, str(error), "give an address that begins with https://") from None
            except httpx.TransportError as error:
                raise RetryableError(f"cannot be reached ({error})", "look at your network, then try again") from None
            try:
                if response.next_request is None:
                    return self._read(response)
                request = self._follow(request, response.next_request)
            finally:
                response.close()
        raise PermanentError(
            ServiceFailed, f"leads from address to address (more than {_REDIRECTS})", "give the final address"
        )

    def _follow(self, request: httpx.Request, following: httpx.Request) -> httpx.Request:
        """Return the request that a redirect asks for; a service may not send us to another host, a page may."""
        host = request.headers.get("Host", "").partition(":")[0]
        if not self._free_roaming and following.url.host != host:
            happened = f"sends on to another host ({following.url.host})"
            raise PermanentError(
                ServiceFailed, happened, "it has moved, or someone is in between: see the manual of the service"
            )
        if following.url.scheme not in ("http", "https"):
            raise PermanentError(
                AddressRefused, f"sends on to {following.url.scheme}:", "only public web addresses are read"
            )
        return following

    def _read(self, response: httpx.Response) -> Answer:
        self._check_status(response)
        ends, pieces, length = time.monotonic() + self.policy.whole_timeout, [], 0
        limit = self.policy.limit
        promised = response.headers.get("Content-Length", "")
        too_much = PermanentError(
            ServiceFailed, f"answers with more than {limit / 1e6:g} MB", "ask for less, or save it and add the file"
        )
        if promised.isdigit() and int(promised) > limit:
            raise too_much
        try:
            for piece in response.iter_bytes():  # as they come: gathered to a size, a drip would never be looked at
                length += len(piece)
                if length > limit:
                    raise too_much
                if time.monotonic() > ends:
                    raise RetryableError(f"is not done after {self.policy.whole_timeout:g} s")
                pieces.append(piece)
        except httpx.TimeoutException:
            raise RetryableError(f"the answer stopped for {self.policy.timeout:g} s") from None
        except httpx.DecodingError as error:
            raise RetryableError(f"the answer cannot be unpacked ({error})") from None
        except httpx.TransportError as error:
            raise RetryableError(f"the answer broke off ({error})") from None
        if promised.isdigit() and response.num_bytes_downloaded != int(promised):
            raise RetryableError(f"the answer broke off ({response.num_bytes_downloaded} of {promised} bytes)")
        type_ = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Answer(b"".join(pieces), type_, response.charset_encoding or "", str(response.request.url))

    def _check_status(self, response: httpx.Response) -> None:
        status, wait = response.status_code, _retry_after(response.headers.get("Retry-After", ""))
        if wait is not None and wait > self.policy.longest_wait and (status == 429 or status >= 500):
            raise PermanentError(
                ServiceFailed, f"is busy (status {status}) and asks to wait {wait:.0f} s", "try again then"
            )
        if status == 429:
            raise RetryableError("is asked too often (status 429)", "wait some minutes, then try again", wait)
        if status >= 500:
            raise RetryableError(f"is out of order (status {status})", wait=wait)
        if status in (404, 410):
            raise PermanentError(NotFound, f"does not know it (status {status})", "look at the number or address")
        if status in (401, 403):
            cure = (
                "set LIVREV_CONTACT and, for PubMed, NCBI_API_KEY; a page that wants a reader: save it and add the file"
            )
            raise PermanentError(ServiceFailed, f"refuses (status {status})", cure)
        if status != 200:
            raise PermanentError(ServiceFailed, f"answers with status {status}", "look at the number or address")

    def _keep_distance(self) -> None:
        pause = self._last + self.policy.interval - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._last = time.monotonic()

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, RetryableError) and error.wait is not None:
            return error.wait
        return float(min(self.policy.first_wait * 2 ** (state.attempt_number - 1), self.policy.longest_wait))

    def _say(self, state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        happened = error.happened if isinstance(error, RetryableError) else ""
        pause = state.next_action.sleep if state.next_action else 0.0
        number = f"{state.attempt_number + 1} of {self.policy.attempts}"
        self.report(f"{self.service}: {happened}; trying again in {pause:.0f} s ({number})")


class PermanentError(Exception):
    """What no second try will fix."""

    def __init__(self, kind: type[ServiceFailed], happened: str, cure: str) -> None:
        super().__init__(happened)
        self.kind, self.happened, self.cure = kind, happened, cure


def read_json(answer: Answer) -> Any:
    """Return the JSON in *answer*. Raises ValueError where it is something else."""
    start = answer.content[:200].decode("latin-1").lstrip("\ufeff \n\r\tï»¿").lower()
    if start.startswith(_HTML_STARTS):
        raise ValueError("is an HTML page where JSON was promised")
    try:
        return json.loads(answer.text)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON (line {error.lineno}: {error.msg})") from None
    except RecursionError:
        raise ValueError("is JSON nested without end") from None


def _user_agent() -> str:
    address = contact()
    return f"livrev/{version('livrev')}" + (f" (mailto:{address})" if address else "")


def _without_secrets(params: Mapping[str, str] | None) -> dict[str, str]:
    return {key: value for key, value in (params or {}).items() if key not in ("api_key", "email", "mailto", "tool")}


def _retry_after(value: str) -> float | None:
    """Return the seconds that a Retry-After header asks for: a number, or a date."""
    if value.strip().isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


def _is_loopback(address: str) -> bool:
    try:
        host = httpx.URL(address).host
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except (httpx.InvalidURL, ValueError):
        return False
