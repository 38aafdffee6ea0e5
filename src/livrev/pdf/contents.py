"""Put the pages of the book in order and let every link lead somewhere: chapters, bibliography, appendix."""

import re
from typing import Any

from livrev.paths import Repository
from livrev.pdf.failure import PdfFailed
from livrev.pdf.front import read_yaml
from livrev.pdf.pages import place_of_page, read_printed
from livrev.pdf.writer import PrintedPage, quote

_LINK = re.compile(r'#(?P<call>to|to-page)\("(?P<place>(?:[^"\\]|\\.)*)"\)\[')


def join_pages(repository: Repository) -> str:
    """Return the whole book in Typst: opening page, parts, bibliography, and as an appendix the notebooks.

    A link to what is not printed becomes its text. Raises PdfFailed where a page was not written.
    """
    contents = read_yaml(repository, "_toc.yml")
    if "root" not in contents:
        raise PdfFailed(f"{repository.contents}: no root page; add a line such as root: chapters/index")
    printed = [("outside", _read(repository, str(contents["root"])))]
    bibliography: list[tuple[str, PrintedPage]] = []
    appendix: list[tuple[str, PrintedPage]] = []
    for part in contents.get("parts") or [{"chapters": contents.get("chapters") or []}]:
        title = str(part.get("caption") or "")
        for name in _files(part.get("chapters") or []):
            page = _read(repository, name)
            if _is_bibliography(page):
                bibliography.append(("outside", page))
            elif name.startswith(f"{repository.notebooks.name}/"):
                appendix.append(("notebook", page))
            else:
                printed.append((f"chapter.with(part: {quote(title)})" if title else "chapter", page))
                title = ""
    pages = [*printed, *bibliography, *appendix]
    places = {name: label for _, page in pages for name, label in page.places.items()}

    def lead(found: re.Match[str]) -> str:
        place = places.get(found["place"])
        return f'#{found["call"]}(label("{place}"))[' if place else "#["

    made = [f"#({call})[\n{_LINK.sub(lead, page.markup)}\n]\n\n" for call, page in pages]
    made[len(pages) - len(appendix) :] = ["#appendix()\n\n" * bool(appendix), *made[len(pages) - len(appendix) :]]
    return "".join(made)


def _is_bibliography(page: PrintedPage) -> bool:
    return "#entry[" in page.markup and not re.search(r"#(heading\(depth: 2|figure\(|terms\()", page.markup)


def _files(entries: list[Any]) -> list[str]:
    """Return the pages of *entries*, each followed by those below it."""
    files = [[str(entry.get("file") or ""), *_files(entry.get("sections") or [])] for entry in entries]
    return [name.removesuffix(".md").removesuffix(".ipynb") for names in files for name in names if name]


def _read(repository: Repository, name: str) -> PrintedPage:
    try:
        return read_printed(repository, name)
    except OSError as error:
        missing = place_of_page(repository, name)
        raise PdfFailed(f"{missing}: no such page; delete _build and run livrev build again") from error
