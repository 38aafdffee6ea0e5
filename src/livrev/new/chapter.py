"""Plan a new chapter: its words, its notebook and its entry in the contents, as text; nothing is written here.

Every other byte of the table of contents stays as it was.
"""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from livrev.checks.prose import check_numbers, check_uncited
from livrev.checks.results import check_certainty_words
from livrev.diagnostics import Refused
from livrev.paths import Repository
from livrev.records.model import IDENTIFIER
from livrev.records.plain_yaml import read_yaml
from livrev.sources.entry import plain_letters

_TEMPLATE, _NOTEBOOK = (Path(__file__).with_name(f"chapter.{suffix}") for suffix in ("md", "ipynb"))
_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_TITLE, _LONGEST_STEM = 120, 40
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#$|~])")
_ELSE = "choose another with --name, or write on in that chapter"
_FILLERS = " a an and are as at by do does for from how in is of on or the to what when which who with "


@dataclass(frozen=True, slots=True)
class ChapterPlan:
    """What a new chapter adds to a review: its words, its *working* (not run yet) and the contents, and all texts by file."""

    words: Path
    working: Path
    texts: dict[Path, str]


def plain_words(text: str) -> list[str]:
    """Return the words of *text* in plain lower-case letters and digits."""
    return re.findall(r"[a-z0-9]+", plain_letters(text).lower())


def stem_of(title: str) -> str:
    """Return the name that a title gives its files: its telling words in plain letters, joined by hyphens."""
    words = plain_words(title)
    telling = [word for word in words if f" {word} " not in _FILLERS] or words
    lines = textwrap.wrap(" ".join(telling), _LONGEST_STEM, break_long_words=False)
    return lines[0][:_LONGEST_STEM].replace(" ", "-") if lines else ""


def plan_chapter(
    repository: Repository, title: str, *, stem: str = "", question: str = "", label: str = ""
) -> ChapterPlan:
    """Return what a chapter of this *title* adds; *stem* names its files, *question* the studies that its notebook shows.

    A *question* with a *label* is new, and is added to the settings of the review. Raises Refused for a title that is no
    heading, a name that is taken, a question that there is not, and contents or settings without a place for them.
    """
    title = checked_title(title)
    stem = stem or stem_of(title)
    if not _STEM.fullmatch(stem):
        said = f"{stem!r} is no name for a file" if stem else f"no plain letter of {title!r} can name a file"
        raise Refused(f"{said}; give one of lower-case letters, digits and hyphens with --name")
    words, working = repository.chapters / f"{stem}.md", repository.notebooks / f"{stem}.ipynb"
    for path in [*repository.chapter_files(), *repository.notebook_files()]:
        if path.stem.lower() == stem:
            raise Refused(f"{stem} is taken by {repository.relative(path)}; {_ELSE}")
    file, contents = repository.relative(words), repository.contents.read_bytes().decode("utf-8")
    try:
        entered = enter_chapter(contents, *(repository.relative(path.with_suffix("")) for path in (words, working)))
    except Refused as error:
        raise Refused(f"{repository.relative(repository.contents)}: {error}") from error
    chapter = chapter_text(title, notebook=stem)
    problems = [*check_numbers(chapter, file), *check_uncited(chapter, file), *check_certainty_words(chapter, file, {})]
    if problems:
        raise Refused("\n".join(map(str, problems)) + "\nchoose a title that needs no evidence of its own")
    asked = f"question == '{question}' and " if question else ""
    notebook = fill(_NOTEBOOK, {"TITLE": as_text(title), "STEM": stem, "ASKED": asked})
    texts = {words: chapter, working: notebook, repository.contents: entered}
    if question:
        settings = repository.settings.read_bytes().decode("utf-8")
        if (added := enter_question(settings, question, label, stem=stem)) != settings:
            texts[repository.settings] = added
    return ChapterPlan(words, working, texts)


def enter_question(text: str, name: str, label: str, *, stem: str) -> str:
    """Return the settings *text* with the question *name*, told in the files *stem*; without a *label* it must be there. Raises Refused."""
    data = read_yaml(text, "")[0]
    known = data["questions"]
    if not label:
        if name in known:
            return text
        raise Refused(f'{name} is no question; use one of {", ".join(known)}, or begin it: --question {name}="Label"')
    if name in known:
        raise Refused(f"{name} is a question already; give it without a label, or choose another name")
    if not IDENTIFIER.fullmatch(name):
        raise Refused(f"{name!r} cannot name a question; use lower-case letters, digits and hyphens")
    facts = {"label": checked_title(label), "chapter": stem, "notebook": stem}
    last, newline = list(known)[-1], "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    indent = " " * lines[known.line_of(last) - 1].index(last)
    entry = [f"{indent}{name}:", *(f"{indent}  {field}: {quote(value)}" for field, value in facts.items()), ""]
    lines.insert(max(known[last].lines.values()), newline.join(entry))
    added = "".join(lines)
    if read_yaml(added, "")[0] != data | {"questions": known | {name: facts}}:
        raise Refused("data/review.yml is written in a way that a new line would change; enter the question by hand")
    return added


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


def files_in(contents: Any) -> Iterator[str]:
    """Yield every file that *contents*, parsed, names, in its order."""
    if isinstance(contents, dict):
        yield from [str(contents[key]) for key in ("root", "file") if key in contents]
        contents = list(contents.values())
    for part in contents if isinstance(contents, list) else ():
        yield from files_in(part)


def enter_chapter(text: str, chapter: str, notebook: str) -> str:
    """Return the table of contents *text* with two more entries.

    The chapter goes behind the last one of the first list that holds chapters, the notebook behind the last notebook of
    all; what belongs together is told by the folder. Raises Refused where there is no such list.
    """
    try:
        known = list(files_in(yaml.safe_load(text)))
    except yaml.YAMLError as error:
        raise Refused(f"it is not YAML: {str(error).splitlines()[0]}") from error
    if taken := next((file for file in known if Path(file).name.lower() == Path(chapter).name), ""):
        raise Refused(f"{Path(chapter).name} is taken by {taken}; {_ELSE}")
    entered = _enter(_enter(text, chapter, last=False), notebook, last=True)
    if [file for file in files_in(yaml.safe_load(entered)) if file not in (chapter, notebook)] != known:
        raise Refused("it is written in a way that a new line would change; enter the two files by hand")
    return entered


def _enter(text: str, name: str, *, last: bool) -> str:
    """Put the entry of *name* behind the last one of its folder, in the first list that holds any, or behind the last of all."""
    folder = name.partition("/")[0] + "/"
    if not (lists := list(_lists(yaml.compose(text), folder))):
        raise Refused(f"no list of it holds a file of {folder}; enter the first one by hand")
    entry = (max(lists, key=lambda entries: entries[-1].start_mark.line) if last else lists[0])[-1]
    lines = text.splitlines(keepends=True)
    before = lines[entry.start_mark.line][: entry.start_mark.column]
    if not re.fullmatch(" *- +", before):
        raise Refused("a list of it does not give each file a line of its own; enter the two files by hand")
    while below := _below(entry):
        entry = below[-1]
    end, newline = entry.end_mark.line, "\r\n" if "\r\n" in text else "\n"
    lines[end] = f"{lines[end].rstrip(newline)}{newline}{before}file: {name}{newline}"
    return "".join(lines)


def _lists(node: yaml.Node | None, folder: str) -> Iterator[Sequence[yaml.Node]]:
    """Yield, list by list, the entries whose file is in *folder*."""
    if isinstance(node, yaml.SequenceNode):
        entries = [entry for entry in node.value if isinstance(entry, yaml.MappingNode)]
        files = ({key.value: value.value for key, value in entry.value}.get("file", "") for entry in entries)
        if found := [entry for entry, file in zip(entries, files, strict=True) if str(file).startswith(folder)]:
            yield found
    for part in _below(node):
        yield from _lists(part, folder)


def _below(node: yaml.Node | None) -> Sequence[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return node.value if isinstance(node, yaml.SequenceNode) else []
