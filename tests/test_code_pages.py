"""The code behind a figure can be read: in the book, or where the repository is published."""

from typing import Any

from bs4 import BeautifulSoup

from livrev.site.code_pages import _PACKAGE, address_of_code, code_page


def config(**options: str) -> Any:
    return {"html_theme_options": options}


def test_the_address_leads_to_the_line_of_the_function() -> None:
    address = address_of_code(config(), "pools", "draw_pool")
    unset = config(repository_url="https://github.com/executablebooks/jupyter-book")
    assert address == address_of_code(unset, "pools", "draw_pool"), "Jupyter Book's own address is not the review's"
    page, _, line = address.partition("#line-")
    assert page == "code/views-pools.html"
    source = (_PACKAGE / "show" / "views" / "pools.py").read_text(encoding="utf-8").split("\n")
    assert source[int(line) - 1].startswith("def draw_pool(")


def test_a_published_repository_is_preferred() -> None:
    address = address_of_code(
        config(repository_url="https://example.org/r/", repository_branch="main"), "pools", "draw_pool"
    )
    assert address.startswith("https://example.org/r/blob/main/src/livrev/show/views/pools.py#L")


def test_the_page_holds_the_whole_module_and_leads_to_what_it_uses() -> None:
    path = _PACKAGE / "show" / "views" / "pools.py"
    page = BeautifulSoup(code_page("views", path), "lxml")
    assert (
        page.select_one("pre") is not None
        and page.select_one("pre").get_text().strip() == path.read_text("utf-8").strip()
    )  # type: ignore[union-attr]
    assert "figures-forest.html" in [link.get("href") for link in page.select("a[href]")]
    assert page.select_one("#line-1") is not None and page.select_one("a:empty") is None
