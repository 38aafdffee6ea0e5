"""A web address leads into the public internet or nowhere, whatever it redirects or resolves to."""

import time

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from livrev.sources import ssrf_guard
from livrev.sources.services import WebPages
from livrev.sources.ssrf_guard import PublicOnly, is_public
from livrev.sources.transport import AddressRefused, RatePolicy

QUICK = RatePolicy(interval=0.0, attempts=1)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
     "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "::", "::127.0.0.1", "::10.0.0.1",
     "::ffff:0:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::808:808", "fec0::1", "2002:7f00:1::", "2001:db8::1", "100::1", "ff02::1",
     "2001:0:4136:e378:8000:63bf:3fff:fdd2", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "192.88.99.1", "4000::1"],
)  # fmt: skip
def test_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2002:5db8:d822::1"],
)
def test_what_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://localhost:9/", "https://[::1]/", "http://2130706433/", "http://0x7f.1/", "http://10.0.0.1/",
     "http://169.254.169.254/latest", "file:///etc/passwd", "ftp://example.org/", "//example.org/", "javascript:alert(1)",
     "http://user:word@example.org/"],
)  # fmt: skip
def test_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        WebPages(policy=QUICK).get(address)


@pytest.mark.parametrize("where", ["http://10.0.0.1/", "file:///etc/passwd", "ftp://example.org/"])
def test_a_redirect_does_not_lead_around_it(httpserver: HTTPServer, where: str) -> None:
    httpserver.expect_request("/page").respond_with_response(Response(status=302, headers={"Location": where}))
    with pytest.raises(AddressRefused):
        WebPages(policy=QUICK, loopback=True).get(httpserver.url_for("/page"))


def test_a_page_of_this_machine_needs_leave(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/page").respond_with_data("hello")
    assert WebPages(policy=QUICK, loopback=True).get(httpserver.url_for("/page")).text == "hello"
    with pytest.raises(AddressRefused, match=r"leads to (127\.0\.0\.1|::1), which is not public"):
        WebPages(policy=QUICK).get(httpserver.url_for("/page"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """Stand where the network would, and keep what it is asked to connect to."""
    seen: list[httpx.Request] = []

    def answer(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.path == "/moved":
            return httpx.Response(302, headers={"Location": "/page"})
        return httpx.Response(200, text="fine")

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    return seen


def test_it_connects_to_the_address_that_was_looked_at(
    asked: list[httpx.Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssrf_guard, "resolve", lambda host, port: ["93.184.216.34"])
    with httpx.Client(transport=PublicOnly()) as client:
        client.get("https://name.example/page")
    request = asked[0]
    assert request.url.host == "93.184.216.34"
    assert (request.headers["Host"], request.extensions["sni_hostname"]) == ("name.example", "name.example")


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    asked: list[httpx.Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssrf_guard, "resolve", lambda host, port: ["93.184.216.34", "10.0.0.1"])
    with httpx.Client(transport=PublicOnly()) as client, pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        client.get("https://name.example/page")
    assert not asked


def test_a_relative_redirect_starts_from_the_name_and_is_looked_at_again(
    asked: list[httpx.Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []

    def resolve(host: str, port: int) -> list[str]:
        looked_at.append(host)
        return ["93.184.216.34"]

    monkeypatch.setattr(ssrf_guard, "resolve", resolve)
    with httpx.Client(transport=PublicOnly(), follow_redirects=True) as client:
        response = client.get("https://name.example/moved")
    assert str(response.url) == "https://name.example/page" and looked_at == ["name.example", "name.example"]
    assert [request.headers["Host"] for request in asked] == ["name.example", "name.example"]


def test_pages_are_asked_for_at_a_distance(httpserver: HTTPServer) -> None:
    times: list[float] = []

    def answer(_: Request) -> Response:
        times.append(time.monotonic())
        return Response("hello")

    httpserver.expect_request("/page").respond_with_handler(answer)
    pages = WebPages(policy=RatePolicy(interval=0.2), loopback=True)
    for _ in range(3):
        pages.get(httpserver.url_for("/page"))
    # the clock runs on the server's side, where an answer may be late, never early; the first may be late and the next not
    assert times[-1] - times[0] > 0.2
