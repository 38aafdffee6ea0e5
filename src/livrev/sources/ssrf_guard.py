"""Let no web address lead into this machine or its own network, whatever its name resolves to or a page redirects to."""

import ipaddress
import socket

import httpx

from livrev.sources.transport import AddressRefused

_CURE = "only public addresses are read; save the page and add the file"
# Forms of IPv6 that carry an address of IPv4 in their last four bytes: compatible, mapped, translated (also by SIIT).
_CARRYING = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
_PUBLIC = ipaddress.IPv6Network("2000::/3")  # all that is routed as a single address of the internet
# Of that: discard, documentation, benchmarking and identifiers; and the relays of 6to4, withdrawn.
_NEVER = tuple(map(ipaddress.ip_network, ("2001::/23", "2001:db8::/32", "3fff::/20", "192.88.99.0/24")))


def is_public(address: str) -> bool:
    """Tell whether *address* lies in the public internet: not private, loopback, link-local, reserved or leading to one.

    An address of IPv6 that carries one of IPv4 (compatible, mapped, translated, 6to4, Teredo) is as public as what it carries.
    Raises ValueError where it is no address.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carried = any(ip in network for network in _CARRYING)
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if carried else ip.sixtofour or ip
    routed = ip.version == 4 or ip in _PUBLIC
    return routed and ip.is_global and not ip.is_multicast and not any(ip in network for network in _NEVER)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that *host* has now. Raises OSError where it has none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)]


class PublicOnly(httpx.HTTPTransport):
    """Connect to the very address that was looked at, so that a name cannot change its mind in between.

    *loopback* lets addresses of this machine through; only tests want that.
    """

    def __init__(self, *, loopback: bool = False) -> None:
        super().__init__()
        self._loopback = loopback

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url, host = request.url, request.url.host
        if url.scheme not in ("http", "https") or not host:
            raise AddressRefused("web page", str(url), f"{url.scheme or 'nothing'}: is not read", _CURE)
        if url.userinfo:
            raise AddressRefused("web page", str(url), "carries a password", "give the address without it")
        try:
            found = resolve(host, url.port or (443 if url.scheme == "https" else 80))
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{host} has no address ({error})", request=request) from None
        for address in found:
            own = self._loopback and ipaddress.ip_address(address.partition("%")[0]).is_loopback
            if not own and not is_public(address):
                raise AddressRefused("web page", str(url), f"leads to {address}, which is not public", _CURE)
        # a request of its own, with the Host header of the first: relative redirects must still start from the name
        to, named = url.copy_with(host=found[0]), {**request.extensions, "sni_hostname": host}
        pinned = httpx.Request(request.method, to, headers=request.headers, stream=request.stream, extensions=named)
        return super().handle_request(pinned)
