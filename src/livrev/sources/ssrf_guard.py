"""Let no web address lead into this machine or its own network, whatever its name resolves to or a page redirects to.

Pages are fetched through `PublicOnly`. Sphinx's checker of links uses requests and urllib3, in a process of its own; there
`only_public` has every connection looked at.
"""

import importlib
import ipaddress
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from livrev.sources.transport import AddressRefused

_CURE = "only public addresses are read; save the page and add the file"
Resolve = Callable[[str, int], list[str]]
# Forms of IPv6 that carry an address of IPv4 in their last four bytes: compatible, mapped, translated (also by SIIT).
_CARRYING = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
# Locally translated, site-local (withdrawn, and still routed by some), discard, documentation, benchmarking and identifiers.
_NOT_ROUTED = ("64:ff9b:1::/48", "fec0::/10", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16")
_NEVER = tuple(map(ipaddress.IPv6Network, _NOT_ROUTED))
_PUBLIC = ipaddress.IPv6Network("2000::/3")  # all that is routed as a single address of the internet
_RELAY = ipaddress.IPv4Network("192.88.99.0/24")  # relays of 6to4, withdrawn


def is_public(address: str) -> bool:
    """Tell whether *address* lies in the public internet: not private, loopback, link-local, reserved or leading to one.

    An address of IPv6 that carries one of IPv4 (compatible, mapped, translated, 6to4, Teredo) is as public as what it carries.
    Raises ValueError where it is no address.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and ip not in _RELAY
    if any(ip in network for network in _CARRYING):
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    if ip.sixtofour is not None:
        return is_public(str(ip.sixtofour))
    if any(ip in network for network in _NEVER) or ip not in _PUBLIC:
        return False
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that *host* has now. Raises OSError where it has none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)]


def _first_public(host: str, port: int, loopback: bool, resolve: Resolve = resolve) -> str:
    """Return the address to connect to. Raises PermissionError where one that *host* has is not public, OSError for none."""
    found = resolve(host, port)
    for address in found:
        own = loopback and ipaddress.ip_address(address.partition("%")[0]).is_loopback
        if not own and not is_public(address):
            raise PermissionError(f"leads to {address}, which is not public")
    if not found:
        raise OSError("none was found")
    return found[0]


class PublicOnly(httpx.BaseTransport):
    """Connect to the very address that was looked at, so that a name cannot change its mind in between.

    *loopback* lets addresses of this machine through; only tests want that.
    """

    def __init__(
        self, inner: httpx.BaseTransport | None = None, *, loopback: bool = False, resolve: Resolve = resolve
    ) -> None:
        self._inner = inner or httpx.HTTPTransport()
        self._loopback, self._resolve = loopback, resolve

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url, host = request.url, request.url.host
        if url.scheme not in ("http", "https") or not host:
            raise AddressRefused("web page", str(url), f"{url.scheme or 'nothing'}: is not read", _CURE)
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            address = _first_public(host, port, self._loopback, self._resolve)
        except PermissionError as error:
            raise AddressRefused("web page", str(url), str(error), _CURE) from None
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{host} has no address ({error})", request=request) from None
        # a request of its own, with the Host header of the first: relative redirects must still start from the name
        pinned = httpx.Request(
            request.method,
            url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return self._inner.handle_request(pinned)

    def close(self) -> None:
        self._inner.close()


def only_public(*, loopback: bool = False) -> None:
    """Have every connection of urllib3 in this process refuse what is not public; *loopback* is for tests.

    A proxy that the environment names may be connected to; then each address is looked up here before it is asked for.
    """
    sessions: Any = importlib.import_module("requests.sessions")
    errors: Any = importlib.import_module("requests.exceptions")
    connection: Any = importlib.import_module("urllib3.util.connection")
    proxies = {urlsplit(proxy).hostname for proxy in getproxies().values()}
    connect, send = connection.create_connection, sessions.Session.send

    def create_connection(address: tuple[str, int], *args: Any, **options: Any) -> Any:
        host, port = address
        if host not in proxies:
            address = (_first_public(host, port, loopback), port)
        return connect(address, *args, **options)

    def send_public(session: Any, request: Any, **options: Any) -> Any:
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise errors.InvalidURL(f"{request.url} is no web address")
        if proxies:
            try:
                _first_public(parts.hostname, parts.port or 80, loopback)
            except PermissionError as error:
                raise errors.ConnectionError(f"{parts.hostname} {error}") from None
            except OSError:
                pass  # a name that only the proxy can resolve
        return send(session, request, **options)

    connection.create_connection = create_connection
    sessions.Session.send = send_public
