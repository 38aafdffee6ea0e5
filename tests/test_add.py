"""`livrev add`, as a person sees it: one command, a draft, and nothing that was there before is touched."""

import csv
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer
from service_answers import (
    CROSSREF_WORK,
    DOI,
    EUROPEPMC_RESULT,
    JATS,
    RETRACTED,
    STUDY,
    as_json,
    crossref,
    esearch,
    europepmc,
    pubmed_xml,
)
from small_review import replace, set_cell
from werkzeug import Response

from livrev.cli import main
from livrev.paths import Repository
from livrev.records.bibliography import read_bibliography
from livrev.review.results import compute_results

KEY = "MullerGrun2021radish"
ENTRY = """@article{MullerGrun2021radish,
  author = {Müller-Grün, Ada B and {Kitchen Garden Group}},
  title = {{Radish against leafoma: a randomised trial}},
  journal = {Journal of Kitchen Gardens},
  year = {2021},
  volume = {12},
  number = {3},
  pages = {289--295},
  doi = {10.5555/kitchen.2021.0289},
  pmid = {30000001},
  nct = {NCT04567890},
}

"""


def run(repository: Repository, *words: str | Path) -> Result:
    result = CliRunner().invoke(main, ["--root", str(repository.root), *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def state_of(repository: Repository) -> dict[str, bytes]:
    files = (path for path in repository.root.rglob("*") if path.is_file() and repository.pending not in path.parents)
    return {repository.relative(path): path.read_bytes() for path in files}


def draft_of(repository: Repository, key: str = KEY) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((repository.drafts / f"{key}.csv").read_text(encoding="utf-8"))))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Return a record as PubMed exports it."""
    path = tmp_path / "record.xml"
    path.write_text(pubmed_xml(), encoding="utf-8")
    return path


@pytest.fixture
def services(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that lets all services answer on loopback; what is given replaces an answer, None takes it away."""
    base = httpserver.url_for("/").rstrip("/")
    for name in ("PUBMED", "EUROPEPMC", "CROSSREF", "CLINICALTRIALS"):
        monkeypatch.setenv(f"LIVREV_{name}", base)

    def answer(**other: Any) -> None:
        given: dict[str, Any] = {
            "/esearch.fcgi": esearch("30000001"),
            "/efetch.fcgi": pubmed_xml(),
            "/search": europepmc(EUROPEPMC_RESULT),
            "/PMC7654321/fullTextXML": JATS,
            f"/works/{DOI}": crossref(CROSSREF_WORK),
            "/studies/NCT04567890": STUDY,
        }
        for path, body in given.items():
            name = path.strip("/").partition("/")[0].partition(".")[0].lower()
            body = other.get(name, body)
            text = body if isinstance(body, str | type(None)) else as_json(body)
            made = Response(status=404) if text is None else Response(text, content_type="application/json")
            httpserver.expect_request(path).respond_with_response(made)

    return answer


def test_a_record_becomes_an_entry_features_and_a_draft(repository: Repository, paper: Path) -> None:
    before = state_of(repository)
    result = run(repository, "add", paper)
    assert result.exit_code == 0, result.output
    after = state_of(repository)
    bib = before["references.bib"].decode()
    place = bib.index("@article{Poe2018cohort")
    assert after["references.bib"].decode() == bib[:place] + ENTRY + bib[place:]
    drafts = {f"data/drafts/{KEY}{end}" for end in (".md", ".csv", ".study.csv")}
    new = {f"data/features/{KEY}.json", f"data/raw/{KEY}.txt"} | drafts
    assert after.keys() - before.keys() == new
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"references.bib", "data/retractions.csv"}
    assert f"\n{KEY},{DOI},unchecked,,,,\n" in after["data/retractions.csv"].decode()


def test_the_rows_hold_what_the_machine_found_and_the_sentence(repository: Repository, paper: Path) -> None:
    run(repository, "add", paper)
    hazard, response = draft_of(repository)
    assert (hazard["measure"], hazard["value"], hazard["ci_low"], hazard["ci_high"], hazard["ci_level"], hazard["p"]) == (
        "HR", "0.71", "0.52", "0.97", "95", "0.03",
    )  # fmt: skip
    assert (hazard["endpoint"], hazard["sentence"], hazard["place"], hazard["read"]) == (
        "os",
        "4",
        "abstract, results",
        "no",
    )
    assert (response["endpoint"], response["events"], response["total"], response["sentence"]) == (
        "orr",
        "9",
        "30",
        "5",
    )
    # what a machine must not decide stays open
    for column in ("contrast", "arm", "comparator", "population", "report", "read_on", "stratum"):
        assert hazard[column] == "" and response[column] == ""


def test_the_note_is_ours_and_marked_unread(repository: Repository, paper: Path) -> None:
    run(repository, "add", paper)
    note = (repository.drafts / f"{KEY}.md").read_text(encoding="utf-8")
    assert "\nread: no " in note and note.count("\n  read: no\n") == 3
    assert 'machine_found: "hazard ratio 0.71 (95 % interval 0.52 to 0.97) p 0.03. Names: survival at work"' in note
    words = (repository.raw / f"{KEY}.txt").read_text(encoding="utf-8").split()
    runs = {" ".join(words[n : n + 8]) for n in range(6, len(words) - 8)}  # the title is no secret
    for path in (
        repository.drafts / f"{KEY}.md",
        repository.drafts / f"{KEY}.csv",
        repository.features / f"{KEY}.json",
    ):
        told = " ".join(path.read_text(encoding="utf-8").split())
        assert not any(stretch in told for stretch in runs), path.name


def test_a_draft_fails_the_check_with_a_cure(repository: Repository, paper: Path) -> None:
    run(repository, "add", paper)
    result = run(repository, "check")
    assert result.exit_code == 1
    said = (
        f"data/drafts/{KEY}.md:3 read: no is a draft that no person has read; read the source and mend the draft, then "
    )
    assert said + f"livrev accept {KEY}" in result.stdout


def test_a_draft_reaches_no_table_and_no_result(repository: Repository, paper: Path) -> None:
    from livrev.records.review import load_review

    before = load_review(repository)
    results = compute_results(before)
    run(repository, "add", paper)
    after = load_review(repository)
    assert (after.outcomes, after.studies, after.findings) == (before.outcomes, before.studies, before.findings)
    # the entry is a reference, and counted as such; nothing that it says is
    counted = ("references.", "retractions.")
    now = compute_results(after)
    assert now.keys() == results.keys()
    assert {name for name in results if now[name] != results[name] and not name.startswith(counted)} == set()
    for what in ("outcomes", "studies", "findings", "sources", "strategies"):
        assert KEY not in run(repository, "export", what).stdout


def test_it_says_what_a_person_must_now_do(repository: Repository, paper: Path) -> None:
    said = run(repository, "add", paper).stdout
    assert "What you must now do:" in said and "No person has read it yet" in said
    assert f"data/drafts/{KEY}.csv" in said and f"livrev accept {KEY}" in said and "2 draft rows" in said


def test_a_dry_run_shows_the_change_and_makes_none(repository: Repository, paper: Path) -> None:
    before = state_of(repository)
    result = run(repository, "add", paper, "--dry-run")
    assert result.exit_code == 0 and "dry run: nothing was written" in result.stderr
    assert "+@article{MullerGrun2021radish," in result.stdout and f"+++ b/data/drafts/{KEY}.csv" in result.stdout
    assert state_of(repository) == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "{10.1234/trial}",
            "{10.5555/KITCHEN.2021.0289}",
            f"DOI {DOI} is already in the review: Roe2019trial (references.bib:16)",
        ),
        ("{1234567}", "{30000001}", "PMID 30000001 is already in the review: Roe2019trial (references.bib:16)"),
        ("  pmid = {1234567},", "  nct = {NCT04567890},", "NCT NCT04567890 is already in the review: Roe2019trial"),
        (
            "title = {{A trial of cress}}",
            "title = {{Radish Against LEAFOMA – a randomised trial.}}",
            "2019, is already in the review: Roe2019trial (references.bib:16)",
        ),
    ],
    ids=["doi", "pmid", "nct", "title"],
)
def test_a_duplicate_is_refused_by_name(repository: Repository, paper: Path, old: str, new: str, said: str) -> None:
    replace(repository.references, old, new)
    if new.startswith("{10"):
        replace(repository.data / "retractions.csv", "10.1234/trial", new.strip("{}"))
    if new.startswith("title"):  # a title counts in its own year
        paper.write_text(paper.read_text(encoding="utf-8").replace("2021", "2019"), encoding="utf-8")
    before = state_of(repository)
    result = run(repository, "add", paper)
    assert result.exit_code == 1 and said in result.stderr and "nothing was added" in result.stderr
    assert state_of(repository) == before


def test_a_number_known_from_the_table_of_studies_is_refused_too(repository: Repository, paper: Path) -> None:
    set_cell(repository, "studies", 0, "nct", "NCT04567890")
    said = run(repository, "add", paper).stderr
    assert "study roe-2019 (Roe2019trial) (data/studies.csv:2)" in said and "--another-report" in said
    assert run(repository, "add", paper, "--another-report").exit_code == 0


@pytest.mark.parametrize(("year", "refused"), [("{2020}", False), ("{n.d.}", True)])
def test_the_same_title_in_another_year_is_pointed_out(
    repository: Repository, paper: Path, year: str, refused: bool
) -> None:
    old = "title = {{A trial of cress}},\n  journal = {Garden Letters},\n  year = {2019}"
    new = "title = {{Radish against leafoma: a randomised trial}},\n  journal = {Garden Letters},\n  year = " + year
    replace(repository.references, old, new)
    result = run(repository, "add", paper)
    assert result.exit_code == refused and "Roe2019trial (references.bib:16)" in result.stderr
    assert ("nothing was added" in result.stderr) == refused and ("NOTE: " in result.stderr) != refused


def test_twice_the_same_is_refused(repository: Repository, paper: Path) -> None:
    run(repository, "add", paper)
    before = state_of(repository)
    assert f"already in the review: {KEY}" in run(repository, "add", paper).stderr
    assert state_of(repository) == before


def test_a_known_doi_is_refused_before_anybody_is_asked(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PUBMED", "EUROPEPMC", "CROSSREF", "CLINICALTRIALS"):
        monkeypatch.setenv(f"LIVREV_{name}", "http://127.0.0.1:9")
    said = run(repository, "add", "https://doi.org/10.1234/TRIAL").stderr
    assert said == "DOI 10.1234/trial is already in the review: Roe2019trial (references.bib:16); nothing was added\n"


@pytest.mark.parametrize("what", [DOI, "30000001", "PMC7654321", f"https://doi.org/{DOI}"])
def test_by_any_of_its_numbers(repository: Repository, services: Callable[..., None], what: str) -> None:
    services()
    result = run(repository, "add", what)
    assert result.exit_code == 0, result.output
    assert ENTRY in repository.references.read_text(encoding="utf-8")
    assert "Europe PMC: " in result.stderr and "PubMed: " in result.stderr  # progress
    assert "The machine read the abstract and the text" in result.stdout
    places = {row["place"]: row["basis"] for row in draft_of(repository)}
    assert places == {"abstract, results": "abstract", "text, results": "full-text"}
    row = next(line for line in retractions(repository).splitlines() if line.startswith(KEY))
    assert row.startswith(f"{KEY},{DOI},none,2") and row.endswith(",Crossref; PubMed,,")


def retractions(repository: Repository) -> str:
    return (repository.data / "retractions.csv").read_text(encoding="utf-8")


def test_a_retracted_paper_is_shouted(repository: Repository, services: Callable[..., None]) -> None:
    services(efetch=pubmed_xml(notices=RETRACTED))
    result = run(repository, "add", DOI)
    assert "BEWARE: retraction 10.5555/kitchen.2022.9" in result.stderr
    assert f"{KEY},{DOI},retracted,2" in retractions(repository)
    assert 'notice: "retraction 10.5555/kitchen.2022.9"' in (repository.drafts / f"{KEY}.md").read_text(
        encoding="utf-8"
    )


def test_where_one_service_fails_the_others_serve(repository: Repository, services: Callable[..., None]) -> None:
    services(works="<html>down</html>")
    result = run(repository, "add", "30000001")
    assert result.exit_code == 0 and ENTRY in repository.references.read_text(encoding="utf-8")
    assert "without Crossref: the answer is an HTML page where JSON was promised" in result.stderr
    assert f"{KEY},{DOI},none," in retractions(repository) and "Crossref" not in retractions(repository)


def test_what_nobody_knows(repository: Repository, services: Callable[..., None]) -> None:
    services(esearch=esearch(), search=europepmc(), works=None)
    before = state_of(repository)
    result = run(repository, "add", DOI)
    assert result.exit_code == 1 and f"nobody knows it ({DOI}); look at the number" in result.stderr
    assert state_of(repository) == before


def test_a_trial_is_called_by_its_number(repository: Repository, services: Callable[..., None]) -> None:
    services()
    assert run(repository, "add", "nct04567890").exit_code == 0
    references, problems = read_bibliography(repository.references, repository)
    entry = references["NCT04567890"]
    assert problems == [] and (entry.type, entry.plain("nct"), entry.plain("author")) == (
        "online",
        "NCT04567890",
        "The Kitchen Garden",
    )
    note = (repository.drafts / "NCT04567890.md").read_text(encoding="utf-8")
    assert "kind: registry" in note and 'place: "record, enrolment"' in note
    assert "already in the review: NCT04567890" in run(repository, "add", "NCT04567890").stderr


def test_what_is_missing_can_be_said(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text(
        "On turnips\n\nOf 20 patients, 5 (25%) had an objective response.\n", encoding="utf-8"
    )
    before = state_of(repository)
    result = run(repository, "add", tmp_path / "plain.txt")
    assert result.exit_code == 1 and 'no author was found; give each with --author "Family, Given"' in result.stderr
    assert state_of(repository) == before
    words = ["--author", "Turnip, Tom", "--author", "The Turnip Society", "--year", "2024"]
    assert run(repository, "add", tmp_path / "plain.txt", *words).exit_code == 0
    entry = read_bibliography(repository.references, repository)[0]["Turnip2024turnips"]
    assert (entry.fields["author"], entry.fields["year"]) == ("Turnip, Tom and {The Turnip Society}", "2024")


def test_the_text_may_come_from_another_file(repository: Repository, paper: Path, tmp_path: Path) -> None:
    (tmp_path / "full.txt").write_text("Radish\n\nThe hazard ratio was 0.80 (95% CI 0.60-1.10).\n", encoding="utf-8")
    assert run(repository, "add", paper, "--text", tmp_path / "full.txt").exit_code == 0
    assert [row["value"] for row in draft_of(repository)] == ["0.80"]


def test_a_file_with_windows_lines_keeps_them(repository: Repository, paper: Path) -> None:
    windows = repository.references.read_bytes().replace(b"\n", b"\r\n")
    repository.references.write_bytes(windows)
    run(repository, "add", paper)
    added = ENTRY.replace("\n", "\r\n").encode()
    after = repository.references.read_bytes()
    assert after.replace(added, b"") == windows and hashlib.sha256(after).digest() != hashlib.sha256(windows).digest()


@pytest.mark.parametrize(
    "what", ["file:///etc/passwd", "ftp://example.org/a", "no/such/file.xml", "radish", "", "http://[bad"]
)
def test_what_is_not_understood(repository: Repository, what: str) -> None:
    result = run(repository, "add", what)
    assert result.exit_code == 2 and result.stdout == ""


@pytest.mark.parametrize(
    "what", ["http://127.0.0.1:9/paper", "http://localhost/paper", "http://169.254.169.254/latest/meta-data"]
)
def test_private_addresses_are_refused(repository: Repository, what: str) -> None:
    before = state_of(repository)
    result = run(repository, "add", what)
    assert result.exit_code == 1 and "which is not public" in result.stderr
    assert state_of(repository) == before


def test_a_review_that_is_not_sound_is_left_alone(repository: Repository, paper: Path) -> None:
    replace(repository.references, "{{A cohort of gardeners}}", "{{A cohort of gardeners}")
    before = state_of(repository)
    result = run(repository, "add", paper)
    assert result.exit_code == 1 and "the review must be sound" in result.stderr and "references.bib:9" in result.stdout
    assert state_of(repository) == before


def test_help_has_examples() -> None:
    said = CliRunner().invoke(main, ["add", "--help"]).stdout
    for example in (
        "livrev add 10.",
        "livrev add PMC",
        "livrev add NCT",
        "--dry-run",
        "LIVREV_CONTACT",
        "NCBI_API_KEY",
    ):
        assert example in said
