"""Plain web pages: fetched from public addresses only, whatever they redirect to."""

import httpx

from livrev.sources.services.failure import AddressRefused
from livrev.sources.services.ssrf_guard import PublicOnly
from livrev.sources.services.transport import Answer, RatePolicy, Report, Transport, no_report


class WebPages:
    """The web. *loopback* lets pages of this machine through, which only tests want."""

    def __init__(self, *, policy: RatePolicy | None = None, report: Report = no_report, loopback: bool = False) -> None:
        own = RatePolicy(interval=1.0, attempts=3, whole_timeout=90.0)
        self._way = Transport("web page", policy=policy or own, report=report, guard=PublicOnly(loopback=loopback))

    def get(self, address: str) -> Answer:
        """Return the whole answer at *address*. Raises AddressRefused, NotFound, ServiceFailed."""
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL as error:
            raise AddressRefused("web page", address, f"is no address ({error})", "correct it") from None
        if url.scheme not in ("http", "https") or not url.host:
            cure = "give an address that begins with https://; to add a file, give its path"
            raise AddressRefused("web page", address, f"{url.scheme or 'no scheme'} is not read", cure)
        if url.userinfo:
            raise AddressRefused("web page", address, "carries a password", "give the address without it")
        return self._way.get(str(url), None, lambda answer: answer)
