"""A figure leads to the same in the explorer and to the code that drew it; a page says how large its pictures are before they are there."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest

from livrev.site.figures import _view_of, address_of_code, give_sizes, size_of_file, write_code


@pytest.mark.parametrize(
    ("name", "code", "view"),
    [
        ("fig-pool-tace-pfs", "", "pool=tace-pfs"),
        ("fig-family-hcc-cause-os", "", "family=hcc-cause-os"),
        ("fig-python-forest", 'review.pool("hcc-antivegf-os").forest()', "pool=hcc-antivegf-os"),
        ("fig-network-os", 'review.network("hcc-os").forest()', "network=hcc-os"),
        ("fig-x", 'review.draw_family("hcc-cause-os")', "family=hcc-cause-os"),
        ("fig-harvest", "livrev.draw.directions(x)", ""),
    ],
)
def test_a_figure_leads_to_what_it_shows(name: str, code: str, view: str) -> None:
    assert _view_of(name, code) == view


PAGE = (
    '<img alt="a &gt; b" src="../_images/one.svg" /><p></p><img src="../_images/two.svg" alt="c"/><img src="logo.png"/>'
)


def test_pictures_get_their_size_and_all_but_the_first_wait() -> None:
    page = give_sizes(PAGE, {"one.svg": (400, 300), "two.svg": (200, 100)}.get)
    assert '<img alt="a &gt; b" src="../_images/one.svg" decoding="async" width="400" height="300" />' in page
    assert '<img src="../_images/two.svg" alt="c" decoding="async" loading="lazy" width="200" height="100" />' in page
    assert '<img src="logo.png"/>' in page


def test_a_picture_of_unknown_size_says_none() -> None:
    assert "width" not in give_sizes(PAGE, lambda name: None)


def test_points_become_pixels(tmp_path: Path) -> None:
    picture = tmp_path / "a.svg"
    picture.write_text(
        '<?xml version="1.0"?><svg xmlns="x" width="72pt" height="36.1pt" viewBox="0 0 72 36">', encoding="utf-8"
    )
    assert size_of_file(picture) == (96, 48)
    (tmp_path / "b.svg").write_text('<svg viewBox="0 0 72 36">', encoding="utf-8")
    assert size_of_file(tmp_path / "b.svg") is None


def config(**options: str) -> Any:
    return {"html_theme_options": options}


@pytest.mark.parametrize(
    ("cell", "file", "said"),
    [
        ('review.pool("a").forest()', "frames-pooling", "def forest("),
        ('review.draw_family("a")', "views-forest_plots", "def draw_family("),
        ("livrev.draw.counts(table, of=of(x))", "figures-grid", "def counts("),
        ("draw_summary(", "views-forest_plots", "def draw_summary("),
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
    assert address.startswith("https://example.org/r/blob/main/src/livrev/show/views/forest_plots.py#L")
