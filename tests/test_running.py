"""Running the book: buttons once it is public, JupyterLab here, notebooks that fetch what Colab lacks."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from building import build_again
from click.testing import CliRunner, Result
from small_review import CONFIG

from livrev.cli import main
from livrev.cli.notebooks import lacking_requirements
from livrev.paths import Repository
from livrev.site.build import BuildFailed, build_book
from livrev.site.public_urls import settings_from

CODE, COMMIT = "https://github.com/gardeners/cress", "0123456789abcdef0123456789abcdef01234567"
PROVIDERS = re.compile(r"mybinder|colab\\.|deepnote|jupyterhub|executablebooks/jupyter-book")


def run(repository: Repository, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(repository.root), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def page_of(repository: Repository, name: str) -> str:
    return (repository.html / name).read_text(encoding="utf-8")


def test_buttons_follow_the_address_of_the_code_wherever_it_stands(built: Repository) -> None:
    repository = built
    assert not PROVIDERS.search(page_of(repository, "notebooks/working.html")), "a button that leads nowhere"
    build_again(repository, LIVREV_REPOSITORY=CODE + ".git", LIVREV_BASE_URL="https://gardeners.example/cress/")
    page = page_of(repository, "notebooks/working.html")
    links = re.findall(r'href="(https://(?:mybinder|colab)[^"]+)"', page)
    assert links == [
        "https://mybinder.org/v2/gh/gardeners/cress/main?urlpath=lab/tree/notebooks/working.ipynb",
        "https://colab.research.google.com/github/gardeners/cress/blob/colab/notebooks/working.ipynb",
    ]
    assert f'href="{CODE}"' in page
    assert '<link rel="canonical" href="https://gardeners.example/cress/notebooks/working.html"' in page
    assert "Sitemap: https://gardeners.example/cress/sitemap.xml" in (repository.html / "robots.txt").read_text()
    assert not re.search("mybinder|colab", page_of(repository, "chapters/methods.html")), "a chapter cannot be run"
    # Without that address again, but with one in the settings of the book.
    repository.config.write_text(CONFIG + f"repository: {{url: {CODE}, branch: trunk}}\n", encoding="utf-8")
    build_again(repository)
    page = page_of(repository, "notebooks/working.html")
    assert re.findall(r'href="(https://(?:mybinder|colab)[^"]+)"', page) == [
        links[0].replace("cress/main", "cress/trunk"), links[1],
    ]  # fmt: skip
    assert "gardeners.example" not in page, "the address of the book is gone"


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("LIVREV_REPOSITORY", "github.com/gardeners/cress", "write https://github.com/OWNER/NAME"),
        ("LIVREV_REPOSITORY", 'https://github.com/a/b"><script>', "write https://github.com/OWNER/NAME"),
        ("LIVREV_BASE_URL", "javascript:alert(1)", "write it whole, like https://example.org/book/"),
        ("LIVREV_BASE_URL", 'https://a.example/"><script>', "write it whole, like https://example.org/book/"),
        ("LIVREV_BRANCH", "--force", "write the name of a branch"),
    ],
)
def test_an_address_that_is_none_stops_the_build(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, name: str, value: str, cure: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BuildFailed, match=rf"{name}.*: {re.escape(value)} is (not such|no) .*; {re.escape(cure)}"):
        build_book(repository, pdf=False, report=lambda line: None)


def test_an_empty_setting_is_none() -> None:
    assert settings_from({"LIVREV_REPOSITORY": " ", "LIVREV_BASE_URL": "", "PATH": "/bin"}) == {}


# Here: livrev notebook


def test_an_unknown_name_is_answered_with_those_that_there_are(repository: Repository) -> None:
    asked = run(repository, "notebook", "workng")
    assert asked.exit_code == 2
    assert asked.stderr == "workng is no notebook of this review; did you mean working? There are: working\n"


def test_without_a_name_the_folder_of_all_opens(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    def start(command: list[str], **how: object) -> "subprocess.CompletedProcess[str]":
        started.append(command)
        return subprocess.CompletedProcess(command, 7)

    monkeypatch.setattr(subprocess, "run", start)  # that it is a server that starts is shown next
    asked = run(repository, "notebook", "--no-browser")
    assert (asked.exit_code, asked.stderr) == (7, "notebooks opens in JupyterLab; Ctrl-C, twice, stops it\n")
    assert started[0][-2:] == ["--LabApp.default_url=/lab/tree/notebooks", "--no-browser"]


def test_a_notebook_opens_in_a_server_of_ones_own(repository: Repository, tmp_path: Path) -> None:
    # The test needs a port and a folder of its own; --allow-root only because a container's tests may run as root.
    command = [
        sys.executable,
        "-m",
        "livrev.cli",
        "--root",
        str(repository.root),
        "notebook",
        "notebooks/working.ipynb",
    ]
    command += ["--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root"]
    environment = os.environ | {
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "conf"),
    }
    log = tmp_path / "log"
    with log.open("w") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said, env=environment, start_new_session=True)
    try:
        address, token = _wait_for_server(log, server)
        assert address.endswith("lab/tree/notebooks/working.ipynb"), log.read_text()
        answer = _ask(address.partition("lab")[0] + "api/contents/notebooks/working.ipynb", token)
        assert answer["content"]["cells"][0]["source"] == "# Working"
        with urllib.request.urlopen(f"{address}?token={token}") as page:
            assert page.status == 200 and b"jupyter-config-data" in page.read()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _wait_for_server(log: Path, server: "subprocess.Popen[bytes]") -> tuple[str, str]:
    """Return address and token once somebody listens there: the server prints both a moment before it does."""
    for _ in range(600):
        if found := re.search(r"(http://127\.0\.0\.1:(\d+)/\S*)\?token=(\w+)", log.read_text()):
            with (
                contextlib.suppress(ConnectionRefusedError),
                socket.create_connection(("127.0.0.1", int(found[2])), timeout=60),
            ):
                return found[1], found[3]
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def _ask(address: str, token: str) -> dict[str, dict[str, list[dict[str, str]]]]:
    request = urllib.request.Request(address, headers={"Authorization": f"token {token}"})
    with urllib.request.urlopen(request) as answer:
        found: dict[str, dict[str, list[dict[str, str]]]] = json.load(answer)
    return found


# Elsewhere: Colab and Binder (`make rehearsal` installs and runs what they would)


def test_a_notebook_for_colab_fetches_the_review_and_is_else_the_same(real: Repository, tmp_path: Path) -> None:
    made = run(real, "colab", str(tmp_path), "--repository", CODE, "--commit", COMMIT)
    assert made.exit_code == 0, made.output
    paths = sorted((tmp_path / "notebooks").iterdir())
    assert [path.name for path in paths] == [path.name for path in real.notebook_files()]
    for path, own in zip(paths, real.notebook_files(), strict=True):
        copy, before = nbformat.read(path, as_version=4), nbformat.read(own, as_version=4)
        nbformat.validate(copy)
        assert copy.cells[1:] == before.cells and copy.metadata == before.metadata
        first = copy.cells[0].source
        assert f"git clone --quiet --filter=blob:none {CODE} livrev" in first and f"checkout --quiet {COMMIT}" in first
        assert first.endswith("%cd -q livrev/notebooks"), "a notebook runs in its folder"


def test_what_colab_lacks_is_what_the_package_asks_for() -> None:
    assert [re.split(r"[<>=]", line)[0] for line in lacking_requirements()] == ["bibtexparser", "pymetaanalysis"]
    assert all(re.search(r"[<>=]", line) for line in lacking_requirements())


@pytest.mark.parametrize(("code", "commit"), [("https://x.org/a; rm -rf", COMMIT), (CODE, "main"), (CODE, "$(id)")])
def test_what_goes_into_a_shell_line_is_checked(real: Repository, tmp_path: Path, code: str, commit: str) -> None:
    refused = run(real, "colab", str(tmp_path / "new"), "--repository", code, "--commit", commit)
    assert refused.exit_code == 2 and not (tmp_path / "new").exists()


def test_binder_makes_the_environment_of_the_lock(real: Repository) -> None:
    script = real.root / "binder" / "postBuild"
    assert script.stat().st_mode & 0o111, "Binder runs it as a program"
    assert "--require-hashes -r requirements.txt" in script.read_text(encoding="utf-8")
    version = (real.root / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert f'requires-python = ">={version}"' in (real.root / "pyproject.toml").read_text(encoding="utf-8")
