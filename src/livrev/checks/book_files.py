"""Check the files of the book that are no records: contents, configuration, schemas, chapters, drafts, releases, conflicts."""

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache, partial
from importlib.resources import files
from itertools import starmap
from pathlib import Path
from typing import Any

from docutils.nodes import make_id

from livrev.checks.chapter_markup import check_chapter
from livrev.checks.notebooks import check_notebooks
from livrev.diagnostics import Problem, suggest
from livrev.paths import Repository
from livrev.records.json_schema import make_schemas
from livrev.records.model import PrismaItem
from livrev.records.plain_yaml import Mapping, read_mapping, read_yaml
from livrev.records.review import Review
from livrev.records.text_files import find_fault, read_chapters, read_texts
from livrev.show.fonts import strange_signs, without_glyph

_TEXTS = ".md .csv .json .yml .yaml .bib .ipynb .txt .cff .toml .cfg .py .js .css .html .typ .sh .svg .rst .ris .xml"
_SKIPPED = ("_build", "node_modules", "__pycache__")
_KEPT_HIDDEN = (".github", ".ci", ".vscode")
_PAGES = (".md", ".ipynb")
_LISTS = ("parts", "chapters", "sections", "subtrees", "entries")
_TOP = ("format", "root", "defaults", "options", *_LISTS)
_OF_ENTRY = "file glob url title options caption numbered maxdepth hidden titlesonly reversed"
_ENTRY = (*_LISTS, *_OF_ENTRY.split())


def check_book_files(repository: Repository) -> Iterable[Problem]:
    """Yield what is wrong with the files of the book; needs no record."""
    for path in _files(repository.root):
        if fault := find_fault(path, repository, text=path.suffix in _TEXTS.split()):
            yield fault
    yield from _check_contents(repository)
    yield from _check_config(repository)
    chapters, problems = read_chapters(repository)
    yield from problems
    for file, text in chapters.items():
        yield from check_chapter(text, file, repository)
    for file, text in (chapters | read_texts([repository.references], repository)[0]).items():
        signs = strange_signs(text)
        for sign in without_glyph(signs) if signs else ():
            line, shown = text.count("\n", 0, signs[sign]) + 1, f"{sign} (U+{ord(sign):04X})"
            yield Problem(file, line, "sign", shown, "is in no font of the book", "write it in another way")
    yield from check_notebooks(repository)


def _files(root: Path) -> Iterator[Path]:
    """Yield every file, and every folder that is a link out of the repository."""
    top = root.resolve()
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if name not in _SKIPPED
            and (not name.startswith(".") or name in _KEPT_HIDDEN)
            and not (here / name / "pyvenv.cfg").exists()
            and not (here == root / "data" and name == "raw")
        )
        links = (here / name for name in folders if (here / name).is_symlink())
        yield from (link for link in links if not link.resolve().is_relative_to(top))
        yield from (here / name for name in sorted(names) if not name.startswith("."))


def _strange(mapping: Mapping, known: Collection[str], said: str, before: str = "") -> Iterator[tuple[Any, ...]]:
    """Yield line, field, value, message and cure of each key that is none of the *known*."""
    for key in mapping:
        if key not in known:
            yield mapping.line_of(key), "key", before + key, said, suggest(key, known)


def _check_contents(repository: Repository) -> Iterator[Problem]:
    """Yield each page of `_toc.yml` that is not there, and each key that is none."""
    problem = partial(Problem, repository.relative(repository.contents))
    data, problems = read_mapping(repository.contents, repository)
    yield from problems
    if data is None:
        return
    yield from starmap(problem, _strange(data, _TOP, "is no key of the contents"))
    pages = [(str(data["root"]), data.line_of("root"))] if data.get("root") else []
    if not pages:
        yield problem(data.line_of("root"), "root", "", "is missing", "name the first page: root: chapters/index")
    for key, line, entry in _entries(data):
        if not isinstance(entry, Mapping):
            yield problem(line, key, str(entry), "is no entry", "write it with a dash, as - file: chapters/name")
            continue
        yield from starmap(problem, _strange(entry, _ENTRY, "is no key of an entry"))
        if "file" in entry:
            pages.append((str(entry["file"]), entry.line_of("file")))
    seen: dict[str, int] = {}
    paths = (*repository.chapter_files(), *repository.notebook_files())
    there = [repository.relative(path).rpartition(".")[0] for path in paths]
    for page, line in pages:
        plain = page.removesuffix(".md").removesuffix(".ipynb")
        if not any((repository.root / f"{plain}{suffix}").exists() for suffix in _PAGES):
            cure = suggest(plain, there, "add the page, or delete the line", likeness=0.4)
            yield problem(line, "file", page, "is not there", cure)
        elif plain in seen:
            yield problem(line, "file", page, "stands twice", f"it stands already at line {seen[plain]}")
        seen.setdefault(plain, line)
    for page in there if pages and seen.keys() <= {*there} else ():
        if page not in seen:
            yield problem(1, "file", page, "has no place in the contents", f"add it below its part: - file: {page}")


def _entries(data: Mapping) -> Iterator[tuple[str, int, Any]]:
    """Yield every entry of the contents, with key and line of its list; what is no list as if it were a word in one."""
    for key in _LISTS:
        inside = data.get(key) or []
        for entry in inside if isinstance(inside, list) else [str(inside)]:
            yield key, data.line_of(key), entry
            if isinstance(entry, Mapping):
                yield from _entries(entry)


def _check_config(repository: Repository) -> Iterator[Problem]:
    """Yield each key of `_config.yml` that Jupyter Book does not know: it would pass over it in silence."""
    problem = partial(Problem, repository.relative(repository.config))
    data, problems = read_mapping(repository.config, repository)
    yield from problems
    if data is None:
        return
    known, said = _known_settings(), "is no setting of Jupyter Book"
    yield from starmap(problem, _strange(data, known, said))
    for key, value in data.items():
        inner = known.get(key)
        if inner and isinstance(value, Mapping):
            yield from starmap(problem, _strange(value, inner, said, f"{key}."))
        elif inner:
            cure = f"write its settings below it: {', '.join(sorted(inner)[:4])} …"
            yield problem(data.line_of(key), key, str(value), "is no group of settings", cure)


@cache
def _known_settings() -> dict[str, frozenset[str]]:
    """Return the settings that Jupyter Book's own defaults and schema list, each with those within it."""
    folder = files("jupyter_book")
    defaults, _ = read_yaml((folder / "default_config.yml").read_text(encoding="utf-8"), "default_config.yml")
    schema = json.loads((folder / "config_schema.json").read_text(encoding="utf-8"))["properties"]
    inner = {key: said if isinstance(said, dict) else {} for key, said in defaults.items()}
    return {key: frozenset({*inner.get(key, ()), *schema.get(key, {}).get("properties", ())}) for key in inner | schema}


def check_schemas(review: Review) -> Iterable[Problem]:
    """Yield each schema in data/schema/ that is not the one which records and vocabulary make; none is asked for."""
    folder = review.repository.schemas
    made = make_schemas(review.vocabulary, review.settings) if folder.is_dir() else {}
    for path in (folder / name for name in made):
        if path.is_file() and path.read_bytes() != made[path.name].encode():
            said = ("is not that of the records", "make it again: livrev schema")
            yield Problem(review.repository.relative(path), 1, "schema", "", *said)


_READ = re.compile(r"^read:\s*([^#\n]*)", re.MULTILINE)


def check_drafts(review: Review) -> Iterable[Problem]:
    """Yield a problem for each draft in data/drafts/; nothing else of the package reads that folder."""
    repository = review.repository
    found = {path: path.name.partition(".")[0] for path in sorted(repository.drafts.glob("*"))}
    alone = (path for path, key in found.items() if path.suffix != ".csv" or path.with_name(f"{key}.md") not in found)
    texts, problems = read_texts(alone, repository)  # where there is a note, it speaks for its rows
    yield from problems
    for name, text in texts.items():
        key = found[repository.root / name]
        match = _READ.search(text) if name.endswith(".md") else None
        line, said = (text.count("\n", 0, match.start()) + 1, match[1].strip()) if match else (1, "")
        drafts, message = repository.relative(repository.drafts / key), "is a draft that no person has read"
        cure = f"read the source and mend the draft, then livrev accept {key}; or delete {drafts}.*"
        if said == "yes":
            message = "but it is a draft still, and in no table"
            cure = f"run livrev accept {key}: it moves what you kept into the tables"
        yield Problem(name, line, "read", said or "no", message, cure)


_LEFT = re.compile(r"^(?:- )?\*To write:\*[ \t]*(?P<what>[^\n]*)$|^:::\{admonition\} (?P<box>Draft)$", re.MULTILINE)


def find_unwritten(repository: Repository) -> list[Problem]:
    """Return every place of the chapters that is left to write; a build does not stop at them, a release does."""
    left = []
    for file, text in read_chapters(repository)[0].items():
        for match in _LEFT.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            said = ("to write", match["what"], "is left to write", "write it, or delete the line")
            box = ("draft", "", "is marked as a draft", "delete the box when all is written")
            left.append(Problem(file, line, *(box if match["box"] else said)))
    return left


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
    anchors = cache(partial(headings_of, review.repository))
    for item, problem in review.located(PrismaItem):
        place = item.place or ""
        page, _, anchor = place.partition("#")
        try:
            known = anchors(page) if page else None
        except (OSError, ValueError, LookupError, TypeError):
            continue  # the page cannot be read, which is said where pages are read
        if item.state == "not done":
            if place:
                yield problem("place", place, "answers an item that is not done", "empty it, or say partly")
        elif not page:
            yield problem("place", "", "is missing", "name the page and heading, or say not done")
        elif known is None:
            yield problem("place", place, "is no page of the book", "mend the name of the page")
        elif anchor and anchor not in known:
            yield problem("place", place, "is no heading of that page", "its headings are " + ", ".join(sorted(known)))
        if item.state != "done" and not item.remark:
            yield problem("remark", "", f"is missing, and the item is {item.state}", "say what is lacking, and why")
