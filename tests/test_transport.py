"""A service that stumbles is asked again; one that cannot be used is named, with what happened and the cure."""

import dataclasses
import gzip
import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from livrev.sources.transport import NotFound, RatePolicy, ServiceFailed, Transport, read_json

QUICK = RatePolicy(interval=0.0, attempts=3, first_wait=0.01, longest_wait=2.0, limit=100_000)
IMPATIENT = dataclasses.replace(QUICK, timeout=0.5, whole_timeout=0.6)


@pytest.fixture
def way(httpserver: HTTPServer) -> Iterator[Transport]:
    with closing(Transport("Kitchen", address=httpserver.url_for("/").rstrip("/"), policy=QUICK)) as way:
        yield way


def answers(httpserver: HTTPServer, *made: Response | Callable[[Request], Response]) -> list[Request]:
    """Let the server give these answers in turn, the last one for ever; return the requests it gets."""
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        now = made[min(len(seen), len(made)) - 1]
        return now if isinstance(now, Response) else now(request)

    httpserver.expect_request("/it").respond_with_handler(answer)
    return seen


def good() -> Response:
    return Response('{"leaf": "grün"}', content_type="application/json")


def test_a_good_answer(httpserver: HTTPServer, way: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVREV_CONTACT", "gardener@example.org")
    seen = answers(httpserver, good())
    with closing(Transport("Kitchen", address=way.base, policy=QUICK)) as named:
        assert named.get("it", {"q": "a b&c"}, read_json) == {"leaf": "grün"}
    assert seen[0].args["q"] == "a b&c"
    assert seen[0].headers["User-Agent"].endswith("(mailto:gardener@example.org)")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_may_pass_is_asked_again(httpserver: HTTPServer, way: Transport, status: int) -> None:
    said: list[str] = []
    way.report = said.append
    seen = answers(httpserver, Response(status=status), good())
    assert way.get("it", None, read_json) == {"leaf": "grün"}
    assert len(seen) == 2 and "trying again" in said[0] and "(2 of 3)" in said[0]


def test_a_service_out_of_order_is_given_up_and_named(httpserver: HTTPServer, way: Transport) -> None:
    seen = answers(httpserver, Response(status=500))
    with pytest.raises(
        ServiceFailed, match=r"Kitchen: is out of order \(status 500\) \(http://.*/it\); try again later"
    ):
        way.get("it", None, read_json)
    assert len(seen) == 3


def test_retry_after_is_obeyed_in_seconds(httpserver: HTTPServer, way: Transport) -> None:
    times: list[datetime] = []

    def answer(_: Request) -> Response:
        times.append(datetime.now(UTC))
        return Response(status=429, headers={"Retry-After": "1"}) if len(times) == 1 else good()

    answers(httpserver, answer)
    way.get("it", None, read_json)
    assert times[1] - times[0] >= timedelta(seconds=1)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_wait_too_long_is_said_and_not_waited(httpserver: HTTPServer, way: Transport, form: str) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    seen = answers(httpserver, Response(status=429, headers={"Retry-After": "3600" if form == "seconds" else later}))
    with pytest.raises(ServiceFailed, match=r"asks to wait 3\d\d\d s"):
        way.get("it", None, read_json)
    assert len(seen) == 1


def test_what_is_not_known_is_not_asked_again(httpserver: HTTPServer, way: Transport) -> None:
    seen = answers(httpserver, Response(status=404))
    with pytest.raises(NotFound, match="does not know it"):
        way.get("it", None, read_json)
    assert len(seen) == 1


def test_gzip_is_unpacked_and_broken_gzip_is_asked_again(httpserver: HTTPServer, way: Transport) -> None:
    packed = gzip.compress(good().data)
    broken = Response(b"\x1f\x8b" + b"nonsense", headers={"Content-Encoding": "gzip"})
    answers(httpserver, broken, Response(packed, headers={"Content-Encoding": "gzip"}))
    assert way.get("it", None, read_json) == {"leaf": "grün"}


def test_a_page_where_json_was_promised(httpserver: HTTPServer, way: Transport) -> None:
    answers(httpserver, Response("<!DOCTYPE html><html>We are down</html>", content_type="application/json"))
    with pytest.raises(ServiceFailed, match="the answer is an HTML page where JSON was promised"):
        way.get("it", None, read_json)


@pytest.mark.parametrize("body", ['{"leaf": ', "[" * 100_000])
def test_json_that_is_none(httpserver: HTTPServer, way: Transport, body: str) -> None:
    answers(httpserver, Response(body[:99_000], content_type="application/json"))
    with pytest.raises(ServiceFailed, match=r"the answer is (not JSON|JSON nested without end)"):
        way.get("it", None, read_json)


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "no-such-charset"])
def test_a_charset_that_is_not_true(httpserver: HTTPServer, way: Transport, charset: str) -> None:
    answers(httpserver, Response(good().data, content_type=f"application/json; charset={charset}"))
    assert way.get("it", None, read_json) == {"leaf": "grün"}


def test_a_charset_that_is_not_named(httpserver: HTTPServer, way: Transport) -> None:
    answers(httpserver, Response('{"leaf": "grün"}'.encode("cp1252"), content_type="application/json"))
    assert way.get("it", None, read_json) == {"leaf": "grün"}


def test_a_slow_answer_is_not_waited_for() -> None:
    gate = threading.Event()

    def slow(_: Request) -> Response:
        gate.wait(10)
        return good()

    with HTTPServer(threaded=True) as server:
        answers(server, slow, good())
        with closing(Transport("Kitchen", address=server.url_for("/").rstrip("/"), policy=IMPATIENT)) as way:
            assert way.get("it", None, read_json) == {"leaf": "grün"}
        gate.set()


def test_an_answer_that_drips_without_end_is_given_up() -> None:
    over = threading.Event()

    def drip() -> Iterator[bytes]:
        while not over.wait(0.05):
            yield b" "

    with HTTPServer(threaded=True) as server:
        answers(server, lambda _: Response(drip(), content_type="application/json"))
        once = dataclasses.replace(IMPATIENT, attempts=1)
        with (
            closing(Transport("Kitchen", address=server.url_for("/").rstrip("/"), policy=once)) as way,
            pytest.raises(ServiceFailed, match=r"Kitchen: is not done after 0\.6 s"),
        ):
            way.get("it", None, read_json)
        over.set()


def test_redirects_without_end(httpserver: HTTPServer, way: Transport) -> None:
    answers(httpserver, Response(status=302, headers={"Location": "/it"}))
    with pytest.raises(ServiceFailed, match=r"leads from address to address \(more than 5\)"):
        way.get("it", None, read_json)


def test_a_service_may_not_send_us_elsewhere(httpserver: HTTPServer, way: Transport) -> None:
    answers(httpserver, Response(status=302, headers={"Location": "http://intranet.example/it"}))
    with pytest.raises(ServiceFailed, match=r"sends on to another host \(intranet.example\)"):
        way.get("it", None, read_json)


@pytest.mark.parametrize("told", [True, False])
def test_a_huge_answer_is_not_read(httpserver: HTTPServer, way: Transport, told: bool) -> None:
    made = Response(b"x" * 200_000) if told else Response(iter([b"x" * 50_000] * 40))
    answers(httpserver, made)
    with pytest.raises(ServiceFailed, match=r"more than 0\.1 MB"):
        way.get("it", None, read_json)


def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_read(httpserver: HTTPServer, way: Transport) -> None:
    answers(httpserver, Response(gzip.compress(b" " * 5_000_000), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(ServiceFailed, match=r"more than 0\.1 MB"):
        way.get("it", None, read_json)


class Raw(socketserver.BaseRequestHandler):
    """A server that promises more than it sends, the first times."""

    left = 0

    def handle(self) -> None:
        self.request.recv(65_536)
        body = json.dumps({"leaf": 1}).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        if Raw.left > 0:
            Raw.left -= 1
            self.request.sendall(head + b"Content-Length: 500\r\n\r\n" + body[:4])
        else:
            self.request.sendall(head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self.request.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(("times", "fine"), [(2, True), (3, False)])
def test_an_answer_cut_off(times: int, fine: bool) -> None:
    Raw.left = times
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Raw) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        with closing(Transport("Kitchen", address=f"http://127.0.0.1:{server.server_address[1]}", policy=QUICK)) as way:
            if fine:
                assert way.get("it", None, read_json) == {"leaf": 1}
            else:
                with pytest.raises(ServiceFailed, match="the answer broke off"):
                    way.get("it", None, read_json)
        server.shutdown()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with (
        closing(Transport("Kitchen", address=f"http://127.0.0.1:{port}", policy=QUICK)) as way,
        pytest.raises(ServiceFailed, match=r"Kitchen: cannot be reached .*; look at your network, then try again"),
    ):
        way.get("it", None, read_json)


def test_keys_are_not_said(httpserver: HTTPServer, way: Transport) -> None:
    answers(httpserver, Response(status=404))
    with pytest.raises(NotFound) as caught:
        way.get("it", {"api_key": "very-secret", "email": "me@example.org", "id": "1"}, read_json)
    assert (
        "very-secret" not in str(caught.value)
        and "me@example.org" not in str(caught.value)
        and "id=1" in str(caught.value)
    )
