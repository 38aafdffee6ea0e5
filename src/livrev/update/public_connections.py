"""Let the checker of links connect to the public internet only, whatever a name resolves to or a page redirects to.

The checker of Sphinx uses requests and urllib3, in a process of its own; there every connection goes through this.
"""

import importlib
import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from livrev.sources.services.ssrf_guard import is_public


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
        if host in proxies:
            return connect(address, *args, **options)
        return connect((_first_public(host, port, loopback), port), *args, **options)

    def send_public(session: Any, request: Any, **options: Any) -> Any:
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise errors.InvalidURL(f"{request.url} is no web address")
        if proxies:
            try:
                _first_public(parts.hostname, parts.port or 80, loopback)
            except PermissionError as error:
                raise errors.ConnectionError(str(error)) from None
            except OSError:
                pass  # a name that only the proxy can resolve
        return send(session, request, **options)

    connection.create_connection = create_connection
    sessions.Session.send = send_public


def _first_public(host: str, port: int, loopback: bool) -> str:
    """Return the address to connect to; raise OSError where one that *host* has is not public."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)]
    for address in found:
        if not is_public(address) and not (loopback and ipaddress.ip_address(address.partition("%")[0]).is_loopback):
            raise PermissionError(f"{host} leads to {address}, which is not public")
    return found[0]
