"""The code behind a figure can be read: in the book, or where the repository is published."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from livrev.site.code_pages import _PACKAGE, address_of_code, code_page


def config(**options: str) -> Any:
    return {"html_theme_options": options}


@pytest.mark.parametrize(
    ("cell", "page", "path", "line"),
    [
        ('review.pool("a").forest()', "frames-pooling", "frames/pooling.py", "def forest("),
        ('review.draw_family("a")', "views-forest_plots", "show/views/forest_plots.py", "def draw_family("),
        ("livrev.draw.counts(table, of=of(x))", "figures-grid", "show/figures/grid.py", "def counts("),
        ("draw_summary(", "views-forest_plots", "show/views/forest_plots.py", "def draw_summary("),
    ],
)
def test_the_address_leads_to_the_line_of_the_function(cell: str, page: str, path: str, line: str) -> None:
    address = str(address_of_code(config(), cell))
    unset = config(repository_url="https://github.com/executablebooks/jupyter-book")
    assert address == address_of_code(unset, cell), "Jupyter Book's own address is not the review's"
    name, _, number = address.partition("#line-")
    assert name == f"code/{page}.html"
    assert (_PACKAGE / path).read_text(encoding="utf-8").split("\n")[int(number) - 1].strip().startswith(line)


def test_a_cell_that_draws_with_nothing_of_ours_leads_nowhere() -> None:
    assert address_of_code(config(), "frame.plot()") is None


def test_a_published_repository_is_preferred() -> None:
    options = config(repository_url="https://example.org/r/", repository_branch="main")
    address = str(address_of_code(options, 'review.draw_family("a")'))
    assert address.startswith("https://example.org/r/blob/main/src/livrev/show/views/forest_plots.py#L")


def test_the_page_holds_the_whole_module_and_leads_to_what_it_uses() -> None:
    path = _PACKAGE / "show" / "views" / "forest_plots.py"
    page = BeautifulSoup(code_page(path), "lxml")
    code = page.select_one("pre")
    assert code is not None and code.get_text().strip() == path.read_text("utf-8").strip()
    assert "figures-forest.html" in [link.get("href") for link in page.select("a[href]")]
    assert page.select_one("#line-1") is not None and page.select_one("a:empty") is None
