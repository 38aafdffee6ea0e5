"""Check the table of reporting items: every place that it names is there."""

import json
import re
from collections.abc import Iterable

from docutils.nodes import make_id

from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.review import Review

_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
_FENCED = re.compile(r"^(`{3,}).*?^\1", re.MULTILINE | re.DOTALL)


def headings_of(repository: Repository, page: str) -> set[str] | None:
    """Return the anchors of the headings of a page (`chapters/methods`), as the book makes them; None if there is no page."""
    chapter, notebook = repository.root / f"{page}.md", repository.root / f"{page}.ipynb"
    if chapter.is_file():
        text = chapter.read_text(encoding="utf-8")
    elif notebook.is_file():
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    else:
        return None
    return {make_id(heading) for heading in _HEADING.findall(_FENCED.sub("", text))}


def check_prisma(review: Review) -> Iterable[Problem]:
    """Yield each item whose place is not there, and each that names no place and no reason."""
    rows = review.tables.get("prisma")
    if rows is None:
        return
    file = review.repository.relative(review.repository.data / rows.table.path)
    anchors: dict[str, set[str] | None] = {}
    for record, line in zip(rows.records, rows.lines, strict=True):
        place = record["place"] or ""
        page, _, anchor = place.partition("#")
        if page and page not in anchors:
            try:
                anchors[page] = headings_of(review.repository, page)
            except (OSError, ValueError, LookupError, TypeError):
                continue  # the page cannot be read, which is said where pages are read
        if record["state"] == "not done":
            if place:
                yield Problem(file, line, "place", place, "answers an item that is not done", "empty it, or say partly")
        elif not page:
            yield Problem(file, line, "place", "", "is missing", "name the page and heading, or say not done")
        elif (known := anchors[page]) is None:
            yield Problem(file, line, "place", place, "is no page of the book", "mend the name of the page")
        elif anchor and anchor not in known:
            cure = "its headings are " + ", ".join(sorted(known))
            yield Problem(file, line, "place", place, "is no heading of that page", cure)
        if record["state"] != "done" and not record["remark"]:
            cure = "say what is lacking, and why"
            yield Problem(file, line, "remark", "", f"is missing, and the item is {record['state']}", cure)
