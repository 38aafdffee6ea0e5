"""Notebooks are executed once for every state of what they can read, and no word of a chapter makes them run again."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from small_review import METHODS, replace, set_cell, write_review

from livrev.paths import Repository
from livrev.site.build_cache import digest_inputs
from livrev.site.execution import NotebookFailed, execute_notebooks, executed, fresh_copies

CHANGES: dict[str, Callable[[Repository], object]] = {
    "a cell": lambda r: set_cell(r, "outcomes", 0, "value", "0.71"),
    "a finding": lambda r: replace(
        r.sources / "Doe2020cress.md",
        "direction: for\n  population: gardener",
        "direction: none\n  population: gardener",
    ),
    "the features": lambda r: replace(r.features / "Doe2020cress.json", '"numbers": ["12", "40"]', '"numbers": ["12"]'),
    "the vocabulary": lambda r: replace(r.vocabulary, "label: Chronic low back pain", "label: Low back pain of old"),
    "the description": lambda r: replace(r.datapackage, '"review-data"', '"review-records"'),
    "the bibliography": lambda r: replace(r.references, "A trial of cress", "The trial of cress"),
    "the lock": lambda r: r.lock.write_text("cress==1.1\n"),
    "a citation in a chapter": lambda r: (r.chapters / "methods.md").write_text(METHODS + "{cite:p}`Roe2019trial`\n"),
    "a new file of data": lambda r: (r.data / "new.csv").write_text("a\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_a_notebook_can_read_changes_the_digest(
    repository: Repository, change: Callable[[Repository], object]
) -> None:
    before = digest_inputs(repository)
    change(repository)
    assert digest_inputs(repository) != before


@pytest.mark.parametrize("name", ["pooling.py", "rules.yml", "context.json"])
def test_the_package_changes_the_digest(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / name).write_text("answer = 41\n")
    monkeypatch.setattr(Repository, "package", property(lambda self: package))
    before = digest_inputs(repository)
    (package / name).write_text("answer = 42\n")
    assert digest_inputs(repository) != before


def test_words_of_a_chapter_do_not(repository: Repository) -> None:
    before = digest_inputs(repository)
    (repository.chapters / "methods.md").write_text(METHODS.replace("One document", "A document"))
    (repository.notebooks / "working.ipynb").touch()
    assert digest_inputs(repository) == before


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"cells": 3}', '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}']
)
def test_a_file_that_is_no_notebook_is_named(repository: Repository, text: str) -> None:
    (repository.notebooks / "working.ipynb").write_text(text)
    with pytest.raises(NotebookFailed, match=r"^notebooks/working\.ipynb: is no notebook"):
        execute_notebooks(repository)


def add_notebook(repository: Repository, name: str, *cells: str) -> Path:
    path = repository.notebooks / f"{name}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)
    return path


@pytest.fixture(scope="module")
def _ran(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return the small review with two notebooks more, each of which was run."""
    repository = write_review(tmp_path_factory.mktemp("ran") / "review")
    start = "from livrev.records.review import load_review\nreview = load_review()"
    add_notebook(repository, "counts", start, "print(len(review.outcomes), review.outcomes['roe-2019--os'].value)")
    add_notebook(repository, "table", start, "print([row['study'] for row in review.tables['studies'].records])")
    assert execute_notebooks(repository) == 3
    return repository


@pytest.fixture
def ran(_ran: Repository, tmp_path: Path) -> Repository:
    return Repository(Path(shutil.copytree(_ran.root, tmp_path / "ran")))


def test_notebooks_run_once_then_only_what_reads_a_change_and_failures_are_told(ran: Repository) -> None:
    repository = ran
    assert execute_notebooks(repository) == 0
    set_cell(repository, "outcomes", 0, "value", "0.71")
    assert set(fresh_copies(repository)) == {"table.ipynb", "working.ipynb"}, (
        "nbval asks these what they said, and runs counts"
    )
    add_notebook(repository, "broken", "1 / 0")
    told: list[str] = []
    with pytest.raises(
        NotebookFailed, match=r"(?s)^notebooks/broken\.ipynb: .*ZeroDivisionError.*livrev notebook broken"
    ) as raised:
        execute_notebooks(repository, report=told.append)
    assert sorted(line.split("] ")[1] for line in told) == ["broken.ipynb failed", "counts.ipynb"]
    assert "counts" not in str(raised.value)
    counts = executed(repository, repository.notebooks / "counts.ipynb")
    assert "".join(counts["cells"][1]["outputs"][0]["text"]) == "5 0.71\n"
    (repository.notebooks / "broken.ipynb").unlink()
    assert execute_notebooks(repository) == 0


def test_only_a_change_of_its_code_runs_a_notebook_again_and_its_words_are_those_of_today(ran: Repository) -> None:
    path, others = ran.notebooks / "working.ipynb", {"counts.ipynb", "table.ipynb"}
    before = path.read_text(encoding="utf-8")
    replace(path, "# Working", "# At work")
    assert set(fresh_copies(ran)) == {path.name} | others
    first, *_, last = executed(ran, path)["cells"]
    assert first["source"] == ["# At work"] and "image/svg+xml" in last["outputs"][0]["data"]
    replace(path, "livrev.table(findings", "livrev.table( findings")
    assert set(fresh_copies(ran)) == others
    path.write_text(before, encoding="utf-8")
    assert set(fresh_copies(ran)) == {path.name} | others, "a change that is taken back is none"
