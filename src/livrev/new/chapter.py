"""Plan a new chapter: its words, its notebook and its entry in the contents, as text; nothing is written here."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode

from livrev.checks.prose import check_bare_numbers, check_uncited
from livrev.checks.results import check_certainty_words
from livrev.new.contents import ContentsUnclear, enter_chapter, files_in
from livrev.paths import Repository

_TEMPLATE = Path(__file__).with_name("chapter.md")
_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_TITLE, _LONGEST_STEM = 120, 40
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#$|~])")
_ELSE = "choose another with --name, or write on in that chapter"
_TELL_NOTHING = "a an and are as at by do does for from how in is of on or the to what when which who with"
_FILLERS = frozenset(_TELL_NOTHING.split(" "))


class ChapterRefused(Exception):
    """Raised where a chapter cannot be begun under a title or a name; says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ChapterPlan:
    """What a new chapter adds to a review. The notebook has not been run yet."""

    stem: str
    chapter: str
    notebook: NotebookNode
    contents: str


def stem_of(title: str) -> str:
    """Return the name that a title gives its files: its telling words in plain letters, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    telling = [word for word in words if word not in _FILLERS] or words
    stem = ""
    for word in telling:
        if stem and len(stem) + 1 + len(word) > _LONGEST_STEM:
            break
        stem += f"-{word}" if stem else word[:_LONGEST_STEM]
    return stem


def plan_chapter(repository: Repository, title: str, *, stem: str = "", question: str = "") -> ChapterPlan:
    """Return what a chapter of this *title* adds; *stem* names its files, *question* the studies that its notebook shows.

    Raises ChapterRefused for a title that is no heading, a name that is taken, and contents without a place for it.
    """
    title = checked_title(title)
    stem = stem or stem_of(title)
    if not _STEM.fullmatch(stem):
        said = f"{stem!r} is no name for a file" if stem else f"no plain letter of {title!r} can name a file"
        raise ChapterRefused(f"{said}; give one of lower-case letters, digits and hyphens with --name")
    contents = repository.contents.read_bytes().decode("utf-8")
    name, notebook = f"{repository.chapters.name}/{stem}", f"{repository.notebooks.name}/{stem}"
    chapter = chapter_text(title, notebook=stem)
    _refuse_taken(repository, stem)
    _refuse_listed(repository, stem, contents)
    try:
        entered = enter_chapter(contents, chapter=name, notebook=notebook)
    except ContentsUnclear as error:
        raise ChapterRefused(f"{repository.relative(repository.contents)}: {error}") from error
    file = f"{name}.md"
    problems = [*check_bare_numbers(chapter, file), *check_uncited(chapter, file)]
    problems += check_certainty_words(chapter, file, {})
    if problems:
        raise ChapterRefused("\n".join(map(str, problems)) + "\nchoose a title that needs no evidence of its own")
    return ChapterPlan(stem, chapter, _draft_notebook(title, stem, question), entered)


def chapter_text(title: str, *, notebook: str) -> str:
    """Return the words of a new chapter of this *title*, whose working stands in *notebook*."""
    return _TEMPLATE.read_text(encoding="utf-8").replace("@STEM@", notebook).replace("@TITLE@", as_text(title))


def checked_title(title: str) -> str:
    """Return *title* on one line. Raises ChapterRefused where it is no heading."""
    title = " ".join(title.split())
    if not title or not title.isprintable():
        raise ChapterRefused(
            "the title is empty or holds a character that cannot be printed; give the chapter's question"
        )
    if len(title) > _LONGEST_TITLE:
        raise ChapterRefused(f"the title has {len(title)} characters; {_LONGEST_TITLE} fit a heading")
    return title


def as_text(title: str) -> str:
    """Return *title* so that MyST shows it as it stands."""
    return _MARKUP.sub(r"\\\1", title)


def _refuse_taken(repository: Repository, stem: str) -> None:
    """Raise ChapterRefused where a chapter or a notebook bears the name, in any case."""
    for path in [*repository.chapter_files(), *repository.notebook_files()]:
        if path.stem.lower() == stem:
            raise ChapterRefused(f"{stem} is taken by {repository.relative(path)}; {_ELSE}")


def _refuse_listed(repository: Repository, stem: str, contents: str) -> None:
    """Raise ChapterRefused where the contents name a file so."""
    try:
        files = list(files_in(yaml.safe_load(contents)))
    except yaml.YAMLError:
        return  # said by who enters the files
    for file in files:
        if Path(file).name.lower() == stem:
            raise ChapterRefused(f"{stem} is taken by {file} in {repository.relative(repository.contents)}; {_ELSE}")


def _draft_notebook(title: str, stem: str, question: str) -> NotebookNode:
    """Return a notebook that shows the studies on record to begin from, chosen in pandas."""
    asked = f"question == '{question}' and " if question else ""
    said = f"# Data and code: {as_text(title)}\n\nThe studies behind [](../chapters/{stem}.md)."
    load = f"""import livrev

review = livrev.open_review()

studies = review.studies.query("{asked}design != 'registered-trial'").sort_values("year", ascending=False, kind="stable")
studies = studies.assign(link=review.link(studies.index, studies["name"]), design=review.label(studies["design"], "designs"))"""
    shown = f"""livrev.table(
    studies,
    name="table-{stem}",
    caption="Studies on record",
    columns={{"link": "Study", "question": "Question", "year": "Year", "design": "Design", "n": "Patients", "basis": "Read in"}},
    filters=["question", "design", "basis"],
    download="studies.csv",
)"""
    cells = [
        nbformat.v4.new_markdown_cell(said, id="cell-01"),
        nbformat.v4.new_code_cell(load, id="cell-02"),
        nbformat.v4.new_code_cell(shown, id="cell-03"),
    ]
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    return notebook
