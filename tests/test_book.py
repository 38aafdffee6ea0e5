"""The book: its plan holds together, and the small review becomes a page that loads nothing from elsewhere."""

import fcntl
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from bs4 import BeautifulSoup
from building import build_again
from small_review import INDEX, METHODS, replace, set_cell

from livrev.paths import Repository
from livrev.site.build import BuildFailed, build_book, is_built

_LOADED = re.compile(
    r"""(?:<(?:script|img|iframe|link)\b[^>]*?(?:src|href)|@import\s+url|url)\s*[=(]\s*["']?(https?:)?//"""
)


def files_in(contents: Any) -> Iterator[str]:
    if isinstance(contents, dict):
        yield from [contents[key] for key in ("root", "file") if key in contents]
        contents = list(contents.values())
    if isinstance(contents, list):
        for part in contents:
            yield from files_in(part)


def test_every_file_of_the_contents_exists_and_every_chapter_is_in_them(real: Repository) -> None:
    named = list(files_in(yaml.safe_load(real.contents.read_text(encoding="utf-8"))))
    assert len(named) == len(set(named))
    pages = {real.relative(path.with_suffix("")) for path in [*real.chapter_files(), *real.notebook_files()]}
    assert set(named) == pages


def test_the_real_book_is_built_strictly_and_loads_its_own_mathematics(real: Repository) -> None:
    config = yaml.safe_load(real.config.read_text(encoding="utf-8"))
    assert config["execute"]["execute_notebooks"] == "cache"
    assert "livrev.site" in config["sphinx"]["extra_extensions"]
    assert not config["sphinx"]["config"]["mathjax_path"].startswith(("http", "//"))
    assert (real.root / config["bibtex_bibfiles"][0]).is_file()


def test_the_small_book_is_built_and_says_so(small_book: Repository, shared: Path) -> None:
    repository, said = small_book, (shared / "built").read_text(encoding="utf-8").splitlines()
    assert (repository.html / "index.html").is_file()
    page = (repository.html / "chapters" / "index.html").read_text(encoding="utf-8")
    assert "0.70 (95 % CI 0.50 to 0.98)" in page and "12 of 40" in page
    assert [line.split()[0] for line in said if line.endswith(" s")][:1] == ["records"] and said[-1].startswith(
        "done in "
    )


def test_figures_and_tables_are_described_for_those_who_do_not_see_them(small_book: Repository) -> None:
    page = (small_book.html / "notebooks" / "working.html").read_text(encoding="utf-8")
    assert re.search(r'alt="Bars of the number of findings[^"]*General, confirmed: 1 of 1 findings', page)
    assert "<caption>All findings of the founding documents</caption>" in page
    assert "livrev.js" in page
    assert "livrev.js" not in (small_book.html / "chapters" / "methods.html").read_text(encoding="utf-8")


def test_a_figure_is_drawn_in_its_page_with_data_picture_and_code_behind_it(
    small_book: Repository,
) -> None:
    html = small_book.html
    page = BeautifulSoup((html / "notebooks" / "working.html").read_text(encoding="utf-8"), "lxml")
    figure = page.select_one("figure#fig-verdicts")
    assert figure is not None and len(figure.select(".livrev-drawing svg")) == 2
    assert "General, confirmed: 1 of 1 findings" in str(figure.select_one('[role="img"]')["aria-label"])  # type: ignore[index]
    assert "General, confirmed: 1 of 1 findings" in [
        title.get_text() for title in figure.select("svg.wide .datum title")
    ]
    assert figure.select_one("img")["loading"] == "lazy" and not figure.select("script")  # type: ignore[index]
    behind = {link.get_text(): str(link["href"]) for link in figure.select(".livrev-behind a")}
    data, picture, code = (
        (html / "notebooks" / behind[said]).resolve() for said in ("Data (CSV)", "Picture (SVG)", "Code")
    )
    assert data.read_text(encoding="utf-8") == "row,verdict,findings\nGardening,not-verifiable,1\nGeneral,confirmed,1\n"
    assert picture.read_text(encoding="utf-8").startswith("<svg ")
    module, _, sought = code.name.partition("#:~:text=")
    assert unquote(sought) in (code.parent / module).read_text(encoding="utf-8")


def test_downloads_lie_beside_the_pages(small_book: Repository) -> None:
    folder = small_book.html / "_static" / "downloads"
    wanted = {
        f"{name}.{form}"
        for name in ("sources", "findings", "studies", "outcomes", "estimates")
        for form in ("csv", "json")
    }
    assert wanted | {"references.bib", "dictionary.csv"} <= {path.name for path in folder.iterdir()}


def test_a_first_build_names_each_script_with_its_digest_so_that_no_old_one_is_used(small_book: Repository) -> None:
    page = (small_book.html / "search.html").read_text(encoding="utf-8")
    named = re.findall(r'src="(_static/(?:search-records|search-texts|finding)\.js)\?v=(\w+)"', page)
    assert len(named) == 3
    for script, digest in named:
        assert f"{zlib.crc32((small_book.html / script).read_bytes()):08x}" == digest, script


def test_a_first_build_lets_the_search_find_the_words_of_documents_too(small_book: Repository) -> None:
    texts = (small_book.html / "_static" / "search-texts.js").read_text(encoding="utf-8")
    assert "12 responded." in texts.partition('"sources/Doe2020cress.html":')[2].partition('.html":')[0]
    named = re.findall(r'"([\w/.-]+\.html)":', texts)
    assert all((small_book.html / page).is_file() for page in named), "no page is found that is not there"


def test_no_page_loads_anything_from_another_host(small_book: Repository) -> None:
    for path in small_book.html.rglob("*.html"):
        assert _LOADED.search(path.read_text(encoding="utf-8")) is None, path.name


def test_what_is_shared_and_what_machines_ask_for_is_there(small_book: Repository) -> None:
    html = small_book.html
    page = (html / "chapters" / "methods.html").read_text(encoding="utf-8")
    picture = re.search(r'property="og:image" content="\.\./([^"]+)"', page)
    assert picture and (html / picture[1]).stat().st_size > 5_000
    assert 'property="og:title" content="' in page and 'name="description"' in page
    assert "This page is not here" in (html / "404.html").read_text(encoding="utf-8")
    assert "Sitemap" not in (html / "robots.txt").read_text(encoding="utf-8"), "the book has no address yet"


def test_every_study_and_document_has_a_page_in_the_theme(small_book: Repository) -> None:
    html = small_book.html
    page = (html / "studies" / "roe-2019.html").read_text(encoding="utf-8")
    assert "livrev-shell" not in page and '<tr id="roe-2019--os">' in page and "bd-sidebar" in page
    assert 'id="cress-01"' in (html / "sources" / "Doe2020cress.html").read_text(encoding="utf-8")
    assert not (html / "studies" / "shell.html").exists()
    assert 'class="livrev-data' in (html / "studies" / "index.html").read_text(encoding="utf-8")


def test_a_page_shows_its_formulas_and_is_never_older_than_its_records(built: Repository) -> None:
    words = "\nSo it is.{evidence}`roe-2019--os`\nThe spread is $\\tau^2$.\n"
    assert "0.70 (95 % CI 0.50 to 0.98)" in (built.html / "chapters" / "index.html").read_text(encoding="utf-8")
    (built.chapters / "methods.md").write_text(METHODS + words, encoding="utf-8")
    set_cell(built, "outcomes", 0, "value", "0.71")
    set_cell(built, "readings", 1, "settled", "second")  # which read 0.71
    replace(built.contents, "- file: chapters/methods", "- {file: chapters/methods, title: How to grow it}")
    said = build_again(built)
    assert not [line for line in said if "working" in line], "the notebook shows findings, and no result"
    page, other = (
        (built.html / "chapters" / name).read_text(encoding="utf-8") for name in ("methods.html", "index.html")
    )
    for text in (page, other):  # of the second no word was changed
        assert "0.71 (95" in text and "0.70 (95" not in text
    beside = (built.html / "notebooks" / "working.html").read_text(encoding="utf-8")
    assert "How to grow it" in beside, "the contents stand at the side of every page"
    # A page with a formula brings what sets it, and may style it; no other page may.
    assert (built.html / "_static" / "mathjax" / "tex-mml-chtml.js").is_file() and "mathjax/tex-mml-chtml.js" in page
    assert list((built.html / "_static" / "mathjax" / "output" / "chtml" / "fonts").rglob("*.woff"))
    assert "style-src-elem 'self' 'unsafe-inline'" in page
    assert "unsafe-inline" not in other and "tex-mml-chtml" not in other


def test_nothing_changed_is_nothing_done(small_book: Repository) -> None:
    said: list[str] = []
    build_book(small_book, pdf=False, report=said.append)
    assert said[0] == "nothing changed since the last build"
    pages = len(list(small_book.html.rglob("*.html")))
    assert re.fullmatch(rf"{re.escape(str(small_book.html / 'index.html'))}  \({pages} pages, \d+\.\d MB\)", said[1])


def test_a_pdf_that_the_last_build_did_not_make_is_not_passed_off_as_new(small_book: Repository) -> None:
    assert is_built(small_book) and not small_book.pdf.exists()
    small_book.pdf.write_bytes(b"of an earlier book")
    try:
        assert is_built(small_book) and not is_built(small_book, pdf=True)
        stamp = small_book.build / ".built"
        said = stamp.read_text(encoding="utf-8")
        stamp.write_text(f"{said}\n{small_book.pdf}  (1 pages, 0.1 MB)", encoding="utf-8")
        assert is_built(small_book, pdf=True)
        stamp.write_text(said, encoding="utf-8")
    finally:
        small_book.pdf.unlink()


def test_of_two_builds_at_once_the_second_waits_and_says_so(small_book: Repository) -> None:
    said: list[str] = []
    here = os.open(small_book.root, os.O_RDONLY)
    fcntl.flock(here, fcntl.LOCK_EX)

    def hear(line: str) -> None:
        said.append(line)
        if "waits" in line:
            os.close(here)  # the first build ends

    build_book(small_book, pdf=False, report=hear)
    assert said[:2] == [
        "another build of this review is under way; this one waits until it has ended",
        "nothing changed since the last build",
    ]


@pytest.fixture(scope="module")
def styled(small_book: Repository, tmp_path_factory: pytest.TempPathFactory) -> tuple[Repository, Path]:
    """Return the small review, built once more with a copy of the package, and that copy: both to be changed."""
    folder = tmp_path_factory.mktemp("styled")
    repository, package = Repository(folder / "review"), folder / "changed" / "livrev"
    shutil.copytree(small_book.root, repository.root)
    shutil.copytree(small_book.package, package, ignore=shutil.ignore_patterns("__pycache__"))
    build_again(repository, package=package)  # here, where Sphinx keeps what it reads
    return repository, package


def test_a_changed_style_sheet_is_named_by_every_page(styled: tuple[Repository, Path]) -> None:
    """Nothing of the records or chapters changed, so Sphinx by itself would write no page."""
    repository, package = styled
    with (package / "site" / "static" / "livrev.css").open("a", encoding="utf-8") as style:
        style.write(".changed { color: inherit; }\n")

    def named() -> set[str]:
        pages = [page.read_text(encoding="utf-8") for page in repository.html.rglob("*.html")]
        return {match[1] for page in pages for match in re.finditer(r"_static/book\.css\?v=(\w+)", page)}

    before = named()
    build_again(repository, package=package)
    assert len(before) == len(named()) == 1 and before != named()


def test_a_warning_fails_the_build_and_an_old_page_is_not_passed_off_as_new(built: Repository) -> None:
    (built.chapters / "methods.md").write_text(METHODS + "\nSee [nowhere](no-such-page.md).\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(BuildFailed, match=r"methods\.md:8: WARNING: .*no-such-page"):
            build_again(built)


def test_an_unknown_result_fails_with_file_and_line(repository: Repository) -> None:
    (repository.chapters / "index.md").write_text(
        INDEX.format() + "\nIt was {result}`study.roe-2020.n`.\n", encoding="utf-8"
    )
    with pytest.raises(BuildFailed, match=r"chapters/index\.md:10 result: study\.roe-2020\.n is no Result"):
        build_again(repository)
    assert not (repository.html / "index.html").exists()


def test_a_number_typed_in_a_chapter_stops_the_build_before_a_page_is_written_and_forgets_none(
    styled: tuple[Repository, Path],
) -> None:
    built, package = styled
    chapter = built.chapters / "methods.md"
    pages = {page: page.stat().st_mtime_ns for page in sorted(built.html.rglob("*.html"))}
    chapter.write_text(METHODS + "\nOf the patients 17 died.\n", encoding="utf-8")
    with pytest.raises(BuildFailed, match=r"methods\.md:8 number: 17 is typed(?s:.*)nothing was built"):
        build_again(built, package=package)
    assert pages == {page: page.stat().st_mtime_ns for page in sorted(built.html.rglob("*.html"))}
    chapter.write_text(METHODS + "\nNone were wombats.\n", encoding="utf-8")
    build_again(built, package=package)
    written = {page.name for page, time in pages.items() if page.stat().st_mtime_ns != time}
    assert "methods.html" in written and "working.html" not in written
    texts = (built.html / "_static" / "search-texts.js").read_text(encoding="utf-8")
    assert "None were wombats." in texts and texts.count('"notebooks/working.html"') == 1


def test_a_broken_notebook_fails_the_build_and_says_what_to_do(built: Repository) -> None:
    replace(built.notebooks / "working.ipynb", "livrev.draw.counts(", "livrev.draw.nothing(")
    with pytest.raises(
        BuildFailed, match=r"notebooks/working\.ipynb: (?s:.*)AttributeError(?s:.*)livrev notebook working"
    ):
        build_again(built)


def test_a_broken_record_fails_before_anything_is_built(repository: Repository) -> None:
    Path(repository.data / "studies.csv").unlink()
    with pytest.raises(BuildFailed, match=r"data/studies\.csv:1 file: studies\.csv cannot be read"):
        build_again(repository)
    assert not repository.html.exists()
