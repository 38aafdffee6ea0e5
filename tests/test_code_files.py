"""The code behind a figure can be read: in the book, or where the repository is published."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest

from livrev.site.code_files import address_of_code, write_code


def config(**options: str) -> Any:
    return {"html_theme_options": options}


@pytest.mark.parametrize(
    ("cell", "file", "said"),
    [
        ('review.pool("a").forest()', "frames-pooling", "def forest("),
        ('rows = frame.query("x")\nreview.draw_family("a")', "views-pools", "def draw_family("),
        ("livrev.draw.counts(table, of=of(x))", "figures-grid", "def counts("),
        ("draw_summary(", "views-answers", "def draw_summary("),
    ],
)
def test_the_address_leads_to_the_function_in_a_file_that_is_there(
    cell: str, file: str, said: str, tmp_path: Path
) -> None:
    address = str(address_of_code(config(), cell))
    unset = config(repository_url="https://github.com/executablebooks/jupyter-book")
    assert address == address_of_code(unset, cell), "Jupyter Book's own address is not the review's"
    name, _, sought = address.partition("#:~:text=")
    write_code(SimpleNamespace(outdir=tmp_path))  # type: ignore[arg-type]
    assert name == f"code/{file}.txt"
    assert unquote(sought) == said and said in (tmp_path / name).read_text(encoding="utf-8")


def test_a_cell_that_draws_with_nothing_of_ours_leads_nowhere() -> None:
    assert address_of_code(config(), "frame.plot()") is None


def test_a_published_repository_is_preferred() -> None:
    options = config(repository_url="https://example.org/r/", repository_branch="main")
    address = str(address_of_code(options, 'review.draw_family("a")'))
    assert address.startswith("https://example.org/r/blob/main/src/livrev/show/views/pools.py#L")
