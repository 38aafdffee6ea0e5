"""Addresses are asked for real, on a server of our own that plays every kind of page."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer
from small_review import METHODS, set_cell
from werkzeug import Request, Response

from livrev.cli import main
from livrev.paths import Repository
from livrev.records.review import Review, load_review
from livrev.update.linkcheck import Answer, addresses_of, ask, judge, sort_answers, write_report


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    over = threading.Event()
    with HTTPServer(threaded=True) as httpserver:  # the slow page must not hold up the others
        _add_pages(httpserver, over)
        yield httpserver
        over.set()


@pytest.fixture
def site(server: HTTPServer) -> HTTPServer:
    server.clear_log()
    return server


def _add_pages(httpserver: HTTPServer, over: threading.Event) -> None:
    httpserver.expect_request("/good").respond_with_data("here")
    httpserver.expect_request("/gone").respond_with_data("not here", status=404)
    httpserver.expect_request("/refused").respond_with_data("no programs", status=403)
    httpserver.expect_request("/busy").respond_with_data("later", status=503)
    httpserver.expect_request("/old").respond_with_data(
        "", status=301, headers={"Location": httpserver.url_for("/good")}
    )
    httpserver.expect_request("/now").respond_with_data(
        "", status=302, headers={"Location": httpserver.url_for("/good")}
    )
    httpserver.expect_request("/loop").respond_with_data(
        "", status=302, headers={"Location": httpserver.url_for("/loop")}
    )

    def slow(request: Request) -> Response:
        over.wait(60)
        return Response("late")

    httpserver.expect_request("/slow").respond_with_handler(slow)


def kinds_of(found: dict[str, list[Answer]], site: HTTPServer) -> dict[str, list[str]]:
    return {kind: [answer.address.removeprefix(site.url_for("/")) for answer in found[kind]] for kind in found}


def test_what_is_gone_is_told_from_what_refuses_or_is_slow(site: HTTPServer) -> None:
    names = ["good", "gone", "refused", "busy", "old", "now", "loop", "slow"]
    found = sort_answers(ask([site.url_for("/" + name) for name in names], timeout=1, tries=1, loopback=True))
    assert kinds_of(found, site) == {"gone": ["gone", "loop"], "moved": ["old"], "unclear": ["refused", "busy", "slow"]}


def test_a_host_that_is_not_there_is_gone() -> None:
    (answer,) = ask(["http://127.0.0.1:9/"], timeout=2, tries=1, loopback=True)
    assert sort_answers([answer])["gone"] == [answer]


def test_nothing_of_this_machine_or_its_network_is_asked(site: HTTPServer) -> None:
    inner = [
        "http://127.0.0.1:9/",
        site.url_for("/good"),
        "http://[::ffff:10.0.0.1]/",
        "http://2130706433/",
        "http://10.0.0.1/",
    ]
    answers = ask(inner, timeout=2, tries=1)
    assert [answer.kind for answer in answers] == ["gone"] * 5
    assert all("which is not public" in answer.said for answer in answers), answers
    assert site.log == []


def run(repository: Repository, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(repository.root), "links", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def local(repository: Repository, site: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """A review all of whose addresses lie on our own server, under a name that records may give."""
    monkeypatch.setattr("livrev.update.linkcheck.ask", partial(ask, loopback=True))
    monkeypatch.setattr("livrev.records.tables.fault_of", lambda address: None)
    monkeypatch.setattr("livrev.records.bibliography.fault_of", lambda address: None)
    (repository.chapters / "methods.md").write_text(
        METHODS + f"\nSee [it]({site.url_for('/good')}).\n", encoding="utf-8"
    )
    for row in range(2):
        set_cell(repository, "studies", row, "address", site.url_for("/good"))
    for row in range(5):
        set_cell(repository, "outcomes", row, "address", site.url_for("/good"))
    text = repository.references.read_text(encoding="utf-8")
    for doi in ("10.1234/cress", "10.1234/trial"):
        text = text.replace(f"  doi = {{{doi}}},\n", "")
    repository.references.write_text(text, encoding="utf-8")
    set_cell(repository, "studies", 0, "doi", "")
    rows = repository.data / "retractions.csv"
    rows.write_text(rows.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    yield repository


def test_the_report_says_where_an_address_stands(local: Repository, site: HTTPServer, tmp_path: Path) -> None:
    set_cell(local, "outcomes", 2, "address", site.url_for("/gone"))
    set_cell(local, "studies", 1, "address", site.url_for("/old"))
    result = run(local, "--report", str(tmp_path / "links.md"))
    assert result.exit_code == 1, result.output
    text = (tmp_path / "links.md").read_text(encoding="utf-8")
    assert text.splitlines()[0].endswith(": 1 gone, 1 moved") and text == result.stdout
    assert f"- `{site.url_for('/gone')}`: `404 NOT FOUND" in text and "(data/outcomes.csv:4)" in text
    assert f"- `{site.url_for('/old')}`: `{site.url_for('/good')}` (data/studies.csv:3)" in text


def test_where_all_is_well_there_is_no_report(local: Repository, tmp_path: Path) -> None:
    (tmp_path / "links.md").write_text("of last week")
    result = run(local, "--report", str(tmp_path / "links.md"))
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "links.md").exists() and "0 gone, 0 moved" in result.stdout


def test_addresses_are_found_in_chapters_tables_and_bibliography(review: Review) -> None:
    chapter = review.repository.chapters / "methods.md"
    chapter.write_text(
        METHODS + "\nSee [a](https://a.example/x_(y)), https://b.example/z. `<https://c.example>`\n", "utf-8"
    )
    found = addresses_of(load_review(review.repository))
    line = METHODS.count("\n") + 2
    assert [address for address, places in found.items() if places == [f"chapters/methods.md:{line}"]] == [
        "https://a.example/x_(y)", "https://b.example/z", "https://c.example",
    ]  # fmt: skip
    assert found["https://doi.org/10.1234/cress"] == ["references.bib:1"]
    assert found["https://example.org/trial"][0] == "data/studies.csv:2"


def test_a_doi_that_leads_on_has_not_moved() -> None:
    page = httpx.Response(200, request=httpx.Request("GET", "https://a.example/x"))
    assert judge("https://doi.org/10.1/x", page, [301]).kind == ""
    assert judge("https://b.example/x", page, [301]) == Answer("https://b.example/x", "moved", "https://a.example/x")
    assert judge("https://b.example/x", page, [301, 302]).kind == ""


def test_what_a_server_says_is_shown_and_not_obeyed() -> None:
    answer = Answer("https://a.example/", "gone", "`]<img src=x>\n@everyone")
    text = write_report({"gone": [answer], "moved": [], "unclear": []}, {}, day="2026-01-15")
    assert "`']<img src=x> @everyone`" in text


def test_a_report_stays_within_what_an_issue_holds() -> None:
    many = [Answer(f"https://a.example/{n}/{'x' * 300}", "gone", "y" * 300) for n in range(2000)]
    assert len(write_report({"gone": many[:100], "moved": [], "unclear": many}, {}, day="2026-01-15")) < 65_536
