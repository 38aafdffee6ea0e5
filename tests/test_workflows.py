"""What happens on its own: workflows, forms and hooks have the right form, and call commands that there are."""

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from small_review import ROOT

from livrev.cli import main

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))
HOOKS = ROOT / ".pre-commit-config.yaml"


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # "on" stays a word


def steps_of(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def lines_of(path: Path) -> list[str]:
    """Every line of shell that a workflow runs."""
    text = "\n".join(step["run"] for step in steps_of(path) if "run" in step)
    return text.replace("\\\n", " ").splitlines()


CHECK = runpy.run_path(str(ROOT / ".github" / "check_forms.py"))


def test_workflows_and_forms_have_the_form_that_github_asks_for() -> None:
    assert CHECK["check_forms"](ROOT / ".github") == 0


@pytest.mark.parametrize("pattern", CHECK["FORMS"])
def test_a_broken_form_and_a_missing_one_are_named(
    pattern: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(ROOT / ".github", tmp_path / "forms"))
    broken, *others = sorted(folder.glob(pattern))
    broken.write_text(broken.read_text(encoding="utf-8") + "\nnonsense: true\n", encoding="utf-8")
    assert CHECK["check_forms"](folder) == 1
    assert str(broken) in capfd.readouterr().out
    for path in (broken, *others):
        path.unlink()
    assert CHECK["check_forms"](folder) == 1
    assert f"{folder / pattern}: there is no such file" in capfd.readouterr().out


def test_there_is_a_workflow_for_each_thing_that_must_not_be_forgotten() -> None:
    assert [path.stem for path in WORKFLOWS] == ["check", "links", "pages", "publish", "release", "watch"]
    assert set(read(WORKFLOWS[0])["on"]) == {"push", "pull_request"}
    for path in WORKFLOWS:
        if "schedule" in read(path)["on"]:
            assert path.stem in ("links", "pages", "watch") and "workflow_dispatch" in read(path)["on"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_command_that_a_workflow_runs_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    called = 0
    for line in lines_of(path):
        for made in re.findall(r"(?:^|[;&|(] *)make (\S+)", line):
            assert made in targets or made == ".venv/.ready", line
            called += 1
        for words in re.findall(r"\.venv/bin/livrev ([^|;&)]+)", line):
            assert_livrev_understands(shlex.split(words), line)
            called += 1
        for script in re.findall(r"(?:^|\s)(\.github/\S+)", line):
            assert os.access(ROOT / script, os.X_OK), line
            called += 1
    assert called


def assert_livrev_understands(words: list[str], line: str) -> None:
    command: click.Command = main
    while isinstance(command, click.Group):
        assert words[0] in command.commands, line
        command = command.commands[words.pop(0)]
    known = {name for parameter in command.params for name in [*parameter.opts, *parameter.secondary_opts]}
    for word in words:
        assert not word.startswith("-") or word in known, f"{word} is no option of {command.name}: {line}"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_do_no_more_than_it_must_and_does_not_run_for_ever(path: Path) -> None:
    workflow = read(path)
    given = workflow["permissions"]
    assert given in ({}, {"contents": "read"}), "rights are given job by job"
    assert workflow["concurrency"]["group"]
    for name, job in workflow["jobs"].items():
        assert 0 < int(job["timeout-minutes"]) <= 120, name
        writes = {right for right, value in job.get("permissions", {}).items() if value == "write"}
        assert writes <= WRITES.get((path.stem, name), set()), name
    for step in steps_of(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", step["uses"]), "GitHub's own actions, pinned by commit"
        assert "${{" not in step.get("run", ""), "what comes from outside reaches the shell by the environment only"
        if step.get("uses", "").startswith("actions/checkout") and path.stem != "watch":
            assert step["with"]["persist-credentials"] == "false"


WRITES = {
    ("publish", "deploy"): {"pages", "id-token"},
    ("publish", "colab"): {"contents"},
    ("links", "tell"): {"issues"},
    ("watch", "keep"): {"contents", "issues"},  # what asks the services may write nothing
    ("release", "release"): {"contents"},
}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_job_that_may_write_asks_no_other_host(path: Path) -> None:
    for name, job in read(path)["jobs"].items():
        if "write" in job.get("permissions", {}).values():
            said = "\n".join(step.get("run", "") for step in job["steps"])
            assert not re.search(r"\.venv/|\bmake\b|\bcurl\b|\bwget\b|\bpip\b|\buv\b", said), name


def test_packages_are_cached_by_the_lock() -> None:
    for path in WORKFLOWS:
        for step in steps_of(path):
            if step.get("uses", "").startswith("actions/cache"):
                assert "hashFiles('requirements.txt')" in step["with"]["key"]


def test_scripts_are_shell() -> None:
    for path in WORKFLOWS:
        for step in steps_of(path):
            if "run" in step:
                done = subprocess.run(["bash", "-n"], input=step["run"], text=True, capture_output=True, check=False)
                assert done.returncode == 0, done.stderr


def test_what_is_published_names_its_public_addresses() -> None:
    built = next(
        step for step in steps_of(ROOT / ".github" / "workflows" / "publish.yml") if step.get("run") == "make book"
    )
    assert set(built["env"]) == {"LIVREV_BASE_URL", "LIVREV_REPOSITORY", "LIVREV_BRANCH"}


# Forms


def test_a_form_asks_the_questions_of_the_review() -> None:
    study = read(FORMS[0])
    options = next(part for part in study["body"] if part.get("id") == "question")["attributes"]["options"]
    index = (ROOT / "chapters" / "index.md").read_text(encoding="utf-8")
    for question in options[:-1]:
        assert question.removesuffix("?") in index
    asked = {part.get("id") for part in study["body"]}
    assert {"identifier", "read", "design", "who", "results", "harm", "limits", "change"} <= asked


# Hooks


def test_every_hook_runs_what_is_installed_and_fetches_nothing() -> None:
    repositories = read(HOOKS)["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    for hook in repositories[0]["hooks"]:
        assert hook["language"] == "system"
        words = shlex.split(hook["entry"])
        assert Path(sys.executable).with_name(Path(words[0]).name).exists(), hook["entry"]
        if words[0].endswith("livrev"):
            assert_livrev_understands(words[1:], hook["entry"])


def test_hooks_have_the_form_that_pre_commit_asks_for() -> None:
    program = Path(sys.executable).with_name("pre-commit")
    done = subprocess.run([program, "validate-config", HOOKS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


# One issue


@pytest.fixture
def github(tmp_path: Path) -> Path:
    """A folder with a program `gh` that knows the issues in a file, as GitHub would, and writes down what it was told."""
    program = tmp_path / "gh"
    program.write_text(
        "#!/bin/bash\n"
        'cd "$(dirname "$0")"\n'
        'echo "$*" >>told\n'
        'while [ $# -gt 0 ]; do if [ "$1" = --body-file ]; then cp "$2" body; fi; shift; done\n'
        'case "$(tail -n 1 told)" in "issue list"*) cat open 2>/dev/null;; "issue create"*) echo 7 >open;; esac\n'
        "exit 0\n"
    )
    program.chmod(0o755)
    return tmp_path


def tell(github: Path, report: Path) -> list[str]:
    """Run the script; return what it told GitHub, without the question for open issues."""
    (github / "told").write_text("")
    environment = os.environ | {"PATH": f"{github}:{os.environ['PATH']}"}
    subprocess.run(
        [ROOT / ".github" / "one-issue.sh", "links", report], env=environment, check=True, capture_output=True
    )
    told = (github / "told").read_text().splitlines()
    return [re.sub(r" --body-file \S+", "", line) for line in told if not line.startswith(("issue list", "label"))]


def test_a_report_becomes_one_issue_which_is_brought_up_to_date(github: Path) -> None:
    report = github / "report.md"
    report.write_text("# Links of 2026-01-15: 1 gone\n\n- `https://a.example`\n", encoding="utf-8")
    assert tell(github, report) == ["issue create --title Links of 2026-01-15: 1 gone --label links"]
    assert (github / "body").read_text() == "\n- `https://a.example`\n"
    report.write_text("# Links of 2026-01-22: 2 gone\n\nmore\n", encoding="utf-8")
    assert tell(github, report) == ["issue edit 7 --title Links of 2026-01-22: 2 gone"]


def test_without_a_report_nothing_is_told(github: Path) -> None:
    assert tell(github, github / "report.md") == []


# Tests


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_a_skipped_test_is_an_error_where_ci_is_set(tmp_path: Path, ci: str, status: int) -> None:
    (tmp_path / "test_one.py").write_text(
        "import pytest\ndef test_one(): pytest.skip('no browser')\ndef test_two(): pass\n"
    )
    shutil.copy(ROOT / "conftest.py", tmp_path)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    done = subprocess.run(
        command,
        env=os.environ | {"CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout
