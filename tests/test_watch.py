"""`livrev watch` asks real servers on this machine: what is new is ranked and written down once, whatever they do."""

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from baseline_files import write_baseline
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer
from service_answers import as_json, esearch
from small_review import add_trial
from watched_services import World, small_world, write_searches
from werkzeug import Response

from livrev.checks.run import check_review
from livrev.cli import main
from livrev.paths import Repository
from livrev.records.review import load_review


@pytest.fixture
def world(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> World:
    world = small_world(httpserver)
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    return world


@pytest.fixture
def watched(repository: Repository) -> Repository:
    write_searches(repository)
    return repository


def watch(repository: Repository, *words: str) -> Result:
    report = str(repository.root / "report.md")
    return CliRunner().invoke(main, ["--root", str(repository.root), "watch", "--report", report, *words])


def rows(repository: Repository, name: str) -> list[dict[str, str]]:
    with (repository.data / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(repository: Repository) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in repository.data.rglob("*") if path.is_file()}


def refusal(status: int, **headers: str) -> Response:
    return Response("busy", status=status, headers=headers)


def test_what_is_new_is_found_linked_and_reported(world: World, watched: Repository) -> None:
    done = watch(watched)
    assert done.exit_code == 0, done.output
    candidates = {row["record"]: row for row in rows(watched, "search/candidates.csv")}
    assert candidates.keys() == {
        "pmid-40000001", "pmid-40000002", "pmid-40000003", "doi-10-5555-preprint-1", "nct01234567", "nct07654321",
    }  # fmt: skip
    assert {name: row["same_as"] for name, row in candidates.items() if row["same_as"]} == {
        "pmid-40000003": "references:Roe2019trial",
        "nct01234567": "studies:roe-2019",
    }
    assert candidates["pmid-40000003"]["known_by"] == "doi 10.1234/trial"
    queries = rows(watched, "search/queries.csv")[1:]
    assert [(row["query_id"], row["corpus"], row["hits"], row["looked_at"]) for row in queries] == [
        ("D1", "PubMed", "3", ""), ("D2", "Europe PMC", "1", ""), ("D3", "ClinicalTrials.gov", "2", ""),
    ]  # fmt: skip
    assert all(row["last_run"] for row in rows(watched, "search/strategies.csv"))
    assert check_review(watched) == []
    report = (watched.root / "report.md").read_text(encoding="utf-8")
    assert report.splitlines()[0].endswith(": 4 new candidates, 2 notices")
    assert (
        "[Cress and leafoma: new results of a trial of watering](https://pubmed.ncbi.nlm.nih.gov/40000001/)" in report
    )
    assert "Nothing of this is part of the review until a person puts it there." in report


def test_it_rings_when_a_record_names_a_trial_that_is_awaited(world: World, watched: Repository) -> None:
    add_trial(watched)
    world.add_trial("NCT09999999", "The trial itself, in its registry")  # no result: it does not ring
    world.add_paper("40000004", title="Cress at last: what became of NCT09999999")
    done = watch(watched, "--no-notices")
    assert "NCT09999999: awaited, and named in pmid-40000004\n" in done.output
    report = (watched.root / "report.md").read_text(encoding="utf-8")
    assert report.splitlines()[0].endswith(", 1 awaited trial named")
    [line] = [line for line in report.splitlines() if line.startswith("- **NCT09999999**")]
    assert "https://pubmed.ncbi.nlm.nih.gov/40000004/" in line
    assert report.index(line) < report.index("## New candidates")
    assert "awaited" not in watch(watched, "--no-notices").output  # said once


def test_the_last_day_is_asked_from(world: World, watched: Repository) -> None:
    watch(watched, "--no-notices")
    asked = dict(world.asked)
    assert "mindate" not in asked["pubmed/esearch.fcgi"]  # never run before
    assert "FIRST_IDATE:[2026-01-15 TO" in asked["europepmc/search"]["query"]


def test_retractions_and_corrections_are_written_down(world: World, watched: Repository) -> None:
    done = watch(watched)
    found = {row["citekey"]: row for row in rows(watched, "retractions.csv")}
    trial, cress = found["Roe2019trial"], found["Doe2020cress"]
    assert (trial["state"], trial["where"], trial["notice_doi"]) == (
        "retracted", "Crossref and PubMed", "10.5555/kitchen.2022.9",
    )  # fmt: skip
    assert trial["note"] == "PubMed lists a retraction (PMID 30000002); its words were not read"
    assert (cress["state"], cress["where"], cress["notice_doi"]) == ("correction", "Crossref", "10.1234/notice")
    report = (watched.root / "report.md").read_text(encoding="utf-8")
    retracted, corrected = report.index("**Retracted**: Roe2019trial"), report.index("**Corrected**: Doe2020cress")
    assert retracted < corrected
    assert "Roe2019trial: retracted (10.1234/trial)" in done.output
    assert check_review(watched) == []


def test_the_second_look_of_a_day_asks_nothing_and_reports_nothing(world: World, watched: Repository) -> None:
    # PubMed has the note too, so that both registers answer for every reference.
    world.add_paper("50000001", title="Cress and the back", doi="10.1234/cress", hidden="yes")
    assert watch(watched).exit_code == 0
    before, asked = contents(watched), len(world.asked)
    told = (watched.root / "report.md").read_bytes()
    done = watch(watched)
    assert done.exit_code == 0 and "ran today already" in done.output
    assert len(world.asked) == asked
    assert contents(watched) == before
    assert (watched.root / "report.md").read_bytes() == told
    (watched.root / "report.md").unlink()
    watch(watched)
    assert not (watched.root / "report.md").exists()


def test_a_dry_run_changes_nothing(world: World, watched: Repository) -> None:
    before = contents(watched)
    done = watch(watched, "--dry-run")
    assert done.exit_code == 0 and "4 new candidates, 2 notices; nothing was changed" in done.output
    assert contents(watched) == before


def test_busy_at_first_is_asked_again(world: World, watched: Repository) -> None:
    world.faults["pubmed/esearch"] = [
        lambda: refusal(429, **{"Retry-After": "0"}),
        lambda: refusal(500, **{"Retry-After": "0"}),
    ]
    done = watch(watched, "--search", "pubmed-cress", "--no-notices")
    assert done.exit_code == 0 and "3 records, 2 new, 1 known" in done.output
    assert "is asked too often (status 429); trying again" in done.output


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            lambda: Response("<!doctype html><title>Sorry</title>", content_type="text/html"),
            "is an HTML page where JSON",
        ),
        (lambda: Response('{"studies": [', content_type="application/json"), "is not JSON"),
        (lambda: Response('{"trials": []}', content_type="application/json"), "lacks the list studies"),
        (lambda: refusal(403), "refuses (status 403)"),
        (lambda: refusal(503, **{"Retry-After": "3600"}), "asks to wait 3600 s"),
    ],
)
def test_a_service_that_fails_costs_its_own_part_only(
    world: World, watched: Repository, monkeypatch: pytest.MonkeyPatch, fault: object, said: str
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    world.faults["clinicaltrials"] = [fault] * 9  # type: ignore[list-item]
    done = watch(watched, "--no-notices")
    assert done.exit_code == 1 and said in done.output, done.output
    runs = {row["search"]: row["last_run"] for row in rows(watched, "search/strategies.csv")}
    assert runs["registry-cress"] == "" and runs["pubmed-cress"] != ""
    assert len(rows(watched, "search/candidates.csv")) == 4
    report = (watched.root / "report.md").read_text(encoding="utf-8")
    assert "## Not answered" in report and "registry\\-cress: ClinicalTrials.gov" in report
    world.faults.clear()
    world.asked.clear()
    again = watch(watched, "--no-notices")
    assert again.exit_code == 0 and [path for path, _ in world.asked] == ["clinicaltrials/studies"]
    assert {row["record"] for row in rows(watched, "search/candidates.csv")} >= {"nct07654321", "pmid-40000001"}


def test_a_register_that_fails_leaves_the_other_its_say(
    world: World, watched: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    world.faults["crossref"] = [lambda: refusal(500)] * 99
    done = watch(watched)
    assert done.exit_code == 1
    found = {row["citekey"]: row for row in rows(watched, "retractions.csv")}
    assert (found["Roe2019trial"]["state"], found["Roe2019trial"]["where"]) == ("retracted", "PubMed")
    assert (found["Doe2020cress"]["state"], found["Doe2020cress"]["where"]) == ("unchecked", "")


def test_more_than_a_service_gives_is_said_and_stays_due(world: World, watched: Repository) -> None:
    answer = as_json(esearch("40000001", count=12_000))
    world.faults["pubmed/esearch"] = [lambda: Response(answer, content_type="application/json")]
    done = watch(watched, "--search", "pubmed-cress", "--no-notices")
    assert done.exit_code == 1 and "has 12000 records and gave 1; write narrower searches" in done.output
    assert [row["record"] for row in rows(watched, "search/candidates.csv")] == ["pmid-40000001"]
    assert rows(watched, "search/strategies.csv")[0]["last_run"] == ""


def test_a_look_that_was_stopped_goes_on_and_asks_nothing_twice(
    world: World, watched: Repository, tmp_path: Path
) -> None:
    """The real command is stopped by Ctrl-C while the registry is slow; then it is run again."""

    over = threading.Event()

    def slow() -> Response:
        over.wait(60)
        return refusal(500)

    world.faults["clinicaltrials"] = [slow]
    before = contents(watched)
    command = [
        sys.executable,
        "-m",
        "livrev.cli",
        "--root",
        str(watched.root),
        "watch",
        "--report",
        str(tmp_path / "r.md"),
    ]
    listens = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # also where the tests were begun in the background
    environment = os.environ | world.environment
    child = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, preexec_fn=listens)
    while not any(path.startswith("clinicaltrials") for path, _ in world.asked):
        assert child.poll() is None
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    said = child.communicate(timeout=30)[1]
    over.set()
    assert child.returncode == 130 and "stopped; data/ is as it was" in said
    assert contents(watched) == before and not (tmp_path / "r.md").exists()
    asked = [path for path, _ in world.asked]
    world.asked.clear()
    assert watch(watched).exit_code == 0
    again = [path for path, _ in world.asked]
    assert {"pubmed/esearch.fcgi", "pubmed/efetch.fcgi", "europepmc/search", "clinicaltrials/studies"} == set(asked)
    # PubMed is asked again only after the references, which the first look never reached.
    assert "europepmc/search" not in again and again[0] == "clinicaltrials/studies"
    assert {row["record"] for row in rows(watched, "search/candidates.csv")} >= {"pmid-40000001", "nct07654321"}


def test_what_a_stopped_look_learnt_holds_for_its_day(world: World, watched: Repository) -> None:
    """An answer kept from yesterday must not hide what came since: the search is due from yesterday on."""
    import datetime

    from livrev.update.state import State
    from livrev.update.update_search import look, open_services

    today = datetime.date.today()
    yesterday = today - datetime.timedelta(days=1)
    with State(watched.build / "watch", today=yesterday) as state, open_services(state) as services:
        look(load_review(watched), services, today=yesterday, only=["pubmed-cress"], notices=False)
    world.asked.clear()
    assert watch(watched, "--search", "pubmed-cress", "--search", "registry-cress", "--no-notices").exit_code == 0
    assert [path for path, _ in world.asked] == ["clinicaltrials/studies"]
    runs = {row["search"]: row["last_run"] for row in rows(watched, "search/strategies.csv")}
    assert (runs["pubmed-cress"], runs["registry-cress"]) == (yesterday.isoformat(), today.isoformat())


def test_one_look_at_a_time(world: World, watched: Repository) -> None:
    import fcntl

    folder = watched.build / "watch"
    folder.mkdir(parents=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = watch(watched)
    assert done.exit_code == 1 and "another livrev watch is running here" in done.output
    assert world.asked == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--search", "nothing"], "--search nothing: no such search; data/search/strategies.csv has pubmed-cress"),
        (["--workers", "2"], "--workers and --scheduler are for --baseline DIR"),
        (["--baseline", "EMPTY"], "no pubmed*.xml.gz here"),
        (["--report", "no/such/folder/r.md"], "cannot be written"),
    ],
)
def test_a_wrong_call_is_said(world: World, watched: Repository, tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "empty").mkdir()
    before = contents(watched)
    done = watch(watched, *(str(tmp_path / "empty") if word == "EMPTY" else word for word in words))
    assert done.exit_code == 2 and said in done.output
    assert contents(watched) == before


def test_the_files_of_pubmed_are_read_instead(watched: Repository, tmp_path: Path) -> None:
    folder = tmp_path / "baseline"
    folder.mkdir()
    paths = write_baseline(folder, files=2, records=200, every=40, title="Cress in leafoma", abstract="Cress helped.")
    paths[1].write_bytes(paths[1].read_bytes()[:-3000])
    done = watch(watched, "--baseline", str(folder))
    assert done.exit_code == 1
    assert "pubmed25n0002.xml.gz: ends before its end; get it again" in done.output
    found = rows(watched, "search/candidates.csv")
    assert {row["record"] for row in found} >= {f"pmid-{n}" for n in (40, 80, 120, 160, 200)}
    [run] = rows(watched, "search/queries.csv")[1:]
    assert (run["corpus"], run["hits"]) == ("PubMed baseline files", str(len(found)))
    assert rows(watched, "search/strategies.csv")[0]["last_run"] == ""  # PubMed itself was not asked
    assert "pubmed25n0002" in (watched.root / "report.md").read_text(encoding="utf-8")
    assert check_review(watched) == []
