"""Plan a new chapter: its words, its notebook and its entry in the contents, as text; nothing is written here.

Every other byte of the table of contents stays as it was.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from livrev.checks.prose import check_numbers, check_uncited
from livrev.checks.results import check_certainty_words
from livrev.new import Refused
from livrev.paths import Repository

_TEMPLATE, _NOTEBOOK = (Path(__file__).with_name(f"chapter.{suffix}") for suffix in ("md", "ipynb"))
_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_TITLE, _LONGEST_STEM = 120, 40
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#$|~])")
_ELSE = "choose another with --name, or write on in that chapter"
_TELL_NOTHING = "a an and are as at by do does for from how in is of on or the to what when which who with"
_FILLERS = frozenset(_TELL_NOTHING.split(" "))


@dataclass(frozen=True, slots=True)
class ChapterPlan:
    """What a new chapter adds to a review: its words, its *working* (not run yet) and the contents, and all texts by file."""

    words: Path
    working: Path
    texts: dict[Path, str]


def plain_words(text: str) -> list[str]:
    """Return the words of *text* in plain lower-case letters and digits."""
    return re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())


def stem_of(title: str) -> str:
    """Return the name that a title gives its files: its telling words in plain letters, joined by hyphens."""
    words = plain_words(title)
    telling = [word for word in words if word not in _FILLERS] or words
    stem = ""
    for word in telling:
        if stem and len(stem) + 1 + len(word) > _LONGEST_STEM:
            break
        stem += f"-{word}" if stem else word[:_LONGEST_STEM]
    return stem


def plan_chapter(repository: Repository, title: str, *, stem: str = "", question: str = "") -> ChapterPlan:
    """Return what a chapter of this *title* adds; *stem* names its files, *question* the studies that its notebook shows.

    Raises Refused for a title that is no heading, a name that is taken, and contents without a place for it.
    """
    title = checked_title(title)
    stem = stem or stem_of(title)
    if not _STEM.fullmatch(stem):
        said = f"{stem!r} is no name for a file" if stem else f"no plain letter of {title!r} can name a file"
        raise Refused(f"{said}; give one of lower-case letters, digits and hyphens with --name")
    words, working = repository.chapters / f"{stem}.md", repository.notebooks / f"{stem}.ipynb"
    contents, chapter = repository.contents.read_bytes().decode("utf-8"), chapter_text(title, notebook=stem)
    _refuse_taken(repository, stem, contents)
    names = [repository.relative(path.with_suffix("")) for path in (words, working)]
    try:
        entered = enter_chapter(contents, chapter=names[0], notebook=names[1])
    except Refused as error:
        raise Refused(f"{repository.relative(repository.contents)}: {error}") from error
    file = repository.relative(words)
    problems = [*check_numbers(chapter, file), *check_uncited(chapter, file)]
    problems += check_certainty_words(chapter, file, {})
    if problems:
        raise Refused("\n".join(map(str, problems)) + "\nchoose a title that needs no evidence of its own")
    asked = f"question == '{question}' and " if question else ""
    notebook = fill(_NOTEBOOK, {"TITLE": as_text(title), "STEM": stem, "ASKED": asked})
    return ChapterPlan(words, working, {words: chapter, working: notebook, repository.contents: entered})


def chapter_text(title: str, *, notebook: str) -> str:
    """Return the words of a new chapter of this *title*, whose working stands in *notebook*."""
    return fill(_TEMPLATE, {"STEM": notebook, "TITLE": as_text(title)})


def fill(template: Path, words: Mapping[str, str]) -> str:
    """Return the text of the file *template* with *words* where it names them, as `@NAME@`, which in JSON is within quotes."""
    text = template.read_text(encoding="utf-8")
    if template.suffix in (".ipynb", ".json"):
        words = {name: quote(word)[1:-1] for name, word in words.items()}
    return re.sub(r"@([A-Z_]+)@", lambda match: words[match[1]], text)


def quote(words: str) -> str:
    """Return *words* as a string of YAML and JSON."""
    return json.dumps(words, ensure_ascii=False)


def checked_title(title: str) -> str:
    """Return *title* on one line. Raises Refused where it is no heading."""
    title = " ".join(title.split())
    if not title or not title.isprintable():
        raise Refused("the title is empty or holds a character that cannot be printed; give the chapter's question")
    if len(title) > _LONGEST_TITLE:
        raise Refused(f"the title has {len(title)} characters; {_LONGEST_TITLE} fit a heading")
    return title


def as_text(title: str) -> str:
    """Return *title* so that MyST shows it as it stands."""
    return _MARKUP.sub(r"\\\1", title)


def _refuse_taken(repository: Repository, stem: str, contents: str) -> None:
    """Raise Refused where a chapter or a notebook bears the name, in any case, or the contents name a file so."""
    for path in [*repository.chapter_files(), *repository.notebook_files()]:
        if path.stem.lower() == stem:
            raise Refused(f"{stem} is taken by {repository.relative(path)}; {_ELSE}")
    try:
        files = list(files_in(yaml.safe_load(contents)))
    except yaml.YAMLError:
        return  # said by who enters the files
    for file in files:
        if Path(file).name.lower() == stem:
            raise Refused(f"{stem} is taken by {file} in {repository.relative(repository.contents)}; {_ELSE}")


def files_in(contents: Any) -> Iterator[str]:
    """Yield every file that *contents*, parsed, names, in its order."""
    if isinstance(contents, dict):
        yield from [str(contents[key]) for key in ("root", "file") if key in contents]
        contents = list(contents.values())
    if isinstance(contents, list):
        for part in contents:
            yield from files_in(part)


def enter_chapter(text: str, *, chapter: str, notebook: str) -> str:
    """Return the table of contents *text* with two more entries.

    The chapter goes behind the last one of the first list that holds chapters, the notebook behind the last notebook of
    all; what belongs together is told by the folder. Raises Refused where there is no such list.
    """
    try:
        before = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refused(f"it is not YAML: {str(error).splitlines()[0]}") from error
    known = list(files_in(before))
    entered = _enter(_enter(text, chapter, known, last=False), notebook, known, last=True)
    if _without(yaml.safe_load(entered), {chapter, notebook}) != before:
        raise Refused("it is written in a way that a new line would change; enter the two files by hand")
    return entered


def _enter(text: str, name: str, known: list[str], *, last: bool) -> str:
    """Put the entry of *name* behind the last one of its folder, in the first list that holds any, or behind the last of all."""
    folder = name.partition("/")[0] + "/"
    lines = text.splitlines(keepends=True)
    item = re.compile(rf"(?P<before> *- +)file: *[\"']?{folder}")
    found = {number: match for number, line in enumerate(lines) if (match := item.match(line))}
    if not found and any(file.startswith(folder) for file in known[1:]):  # the first is the root
        raise Refused("a list of it does not give each file a line of its own; enter the two files by hand")
    if not found:
        raise Refused(f"no list of it holds a file of {folder}; enter the first one by hand")
    first = end = max(found) if last else min(found)
    depth, within = lines[first].index("-"), True
    for number, line in enumerate(lines[first + 1 :], first + 1):
        plain = line.lstrip(" ")
        if not plain.strip() or plain.startswith("#"):
            continue
        if len(line) - len(plain) <= depth:
            if len(line) - len(plain) < depth or not plain.startswith("-"):
                break
            within = number in found
        end = number if within else end
    newline = "\r\n" if "\r\n" in text else "\n"
    lines[end] = f"{lines[end].rstrip(newline)}{newline}{found[first]['before']}file: {name}{newline}"
    return "".join(lines)


def _without(contents: Any, names: set[str]) -> Any:
    if isinstance(contents, dict):
        return {key: _without(value, names) for key, value in contents.items()}
    if isinstance(contents, list):
        return [
            _without(part, names) for part in contents if not (isinstance(part, dict) and part.get("file") in names)
        ]
    return contents
