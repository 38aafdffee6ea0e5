"""Notebooks and bibliography are as the repository keeps them, or it is said what to run."""

import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner, Result
from small_review import REFERENCES

from livrev.checks.notebooks import check_stored
from livrev.cli import main
from livrev.paths import Repository
from livrev.records.review import Review


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A notebook that was run, with a picture and a failure beside its text."""
    picture = nbformat.v4.new_output("display_data", {"text/plain": "A plot", "image/png": "iVBORw0KGgo="})
    cell = nbformat.v4.new_code_cell("1 + 1", execution_count=1, outputs=[picture])
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell])) + "\n"


def check(repository: Repository, *words: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(repository.root), "check", *words])


def test_a_picture_in_a_notebook_is_told_with_the_cure(repository: Repository, notebook: str, stored: bytes) -> None:
    path = repository.notebooks / "working.ipynb"
    path.write_text(notebook, encoding="utf-8")
    said = check(repository, "--stored")
    assert said.exit_code == 1
    assert "output: image/png is stored beside the text; livrev store notebooks/working.ipynb runs it" in said.stdout
    assert said.stdout.startswith(
        f"notebooks/working.ipynb:{notebook[: notebook.index('image/png')].count(chr(10)) + 1} "
    )
    path.write_bytes(stored)
    assert check(repository, "--stored").stdout == "check: nothing wrong\n"


def test_it_is_asked_for_only_where_it_matters(repository: Repository, notebook: str) -> None:
    (repository.notebooks / "working.ipynb").write_text(notebook, encoding="utf-8")
    assert check(repository).exit_code == 0, "who writes may build the book without storing first"


def test_cells_that_were_not_run_in_order_are_told(repository: Repository) -> None:
    assert "execution_count: none, none, none is not that of one run" in check(repository, "--stored").stdout


@pytest.mark.parametrize("text", ["", "[]", '{"cells": [{}]}', '{"cells": [{"cell_type": "code", "outputs": 3}]}'])
def test_what_is_no_notebook_is_told(repository: Repository, review: Review, text: str) -> None:
    (repository.notebooks / "working.ipynb").write_text(text, encoding="utf-8")
    assert [problem.cure for problem in check_stored(review)] == ["restore it from git"]


def test_an_entry_out_of_order_is_told(repository: Repository, stored: bytes) -> None:
    (repository.notebooks / "working.ipynb").write_bytes(stored)
    first, second, third = REFERENCES.split("\n\n")
    repository.references.write_text("\n\n".join([first, third.rstrip(), second]) + "\n", encoding="utf-8")
    said = check(repository, "--stored")
    assert said.stdout.startswith(
        "references.bib:9 key: Roe2019trial stands out of order; put the entries in the order"
    )
    assert check(repository).exit_code == 0


def test_the_real_review_is_kept_so(real_review: Review) -> None:
    assert list(check_stored(real_review)) == []
    for path in real_review.repository.notebook_files():
        assert json.loads(Path(path).read_text(encoding="utf-8"))["nbformat"] == 4
