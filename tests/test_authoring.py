"""A new chapter: words, notebook and entry in the contents, which build at once."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
import yaml
from building import build_again
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from small_review import CONTENTS, replace

from livrev.cli import main
from livrev.diagnostics import Refused
from livrev.new.chapter import enter_chapter, enter_question, files_in, plan_chapter, stem_of
from livrev.paths import Repository
from livrev.records.settings import read_settings
from livrev.site import kernel
from livrev.site.execution import fresh_copies
from livrev.site.kernel import as_stored

TITLE = "Does pruning help?"
MARKS = "Is *cress* <script>better</script> than {cite}`this` $x$ [or](that)?"


def run(repository: Repository, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(repository.root), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def everything(repository: Repository) -> dict[str, bytes]:
    files = (
        path for path in repository.root.rglob("*") if path.is_file() and not {".livrev", "_build"} & set(path.parts)
    )
    return {repository.relative(path): path.read_bytes() for path in files}


class Authored:
    """A review in which two chapters were begun; what was said, and what had changed, after the first of them."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        before = everything(repository)
        self.made = run(repository, "new", "chapter", TITLE, "--question", "exercise")
        after = everything(repository)
        self.changed = {name for name in after if after[name] != before.get(name)}
        self.checked = run(repository, "check")
        with pytest.MonkeyPatch.context() as patch:  # a notebook is run: the first was, and the build runs both
            patch.setattr(kernel, "run_notebook", lambda path: nbformat.read(path, as_version=4))
            self.second = run(repository, "new", "chapter", MARKS, "--name", "marks", "--question", f"marks={MARKS}")
        build_again(repository)


@pytest.fixture(scope="module")
def authored(small_book: Repository, tmp_path_factory: pytest.TempPathFactory) -> Authored:
    return Authored(Repository(Path(shutil.copytree(small_book.root, tmp_path_factory.mktemp("authored") / "review"))))


def test_a_new_chapter_builds_at_once(authored: Authored) -> None:
    assert authored.made.exit_code == 0, authored.made.output
    assert authored.made.stdout.split() == ["chapters/pruning-help.md", "notebooks/pruning-help.ipynb", "_toc.yml"]
    assert authored.changed == set(authored.made.stdout.split())
    html = authored.repository.html
    page = (html / "chapters" / "pruning-help.html").read_text(encoding="utf-8")
    assert (
        "Does pruning help?" in page
        and "This chapter is not written yet" in page
        and "../notebooks/pruning-help.html" in page
    )
    working = (html / "notebooks" / "pruning-help.html").read_text(encoding="utf-8")
    assert "<caption>Studies on record</caption>" in working and "../chapters/pruning-help.html" in working


def test_marks_in_a_title_are_shown_not_obeyed(authored: Authored) -> None:
    assert authored.second.exit_code == 0
    for folder in ("chapters", "notebooks"):
        page = (authored.repository.html / folder / "marks.html").read_text(encoding="utf-8")
        assert "Is *cress* &lt;script&gt;better&lt;/script&gt; than {cite}`this` $x$ [or](that)?" in page


def test_a_question_that_is_new_is_begun_with_its_chapter_and_stands_in_the_settings(authored: Authored) -> None:
    assert authored.second.stdout.split()[-1] == "data/review.yml"
    settings = read_settings(authored.repository)[0]
    assert settings is not None and list(settings.questions)[-1] == "marks"
    question = settings.questions["marks"]
    assert (question.label, question.chapter, question.notebook) == (MARKS, "marks", "marks")
    assert "0 rows" in fresh_copies(authored.repository)["marks.ipynb"].read_text(encoding="utf-8")


SETTINGS = """questions: # in their order
  exercise:
    label: Exercise
    chapter: exercise # its own
    notebook: evidence

designs: []
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_question_stands_behind_the_others_and_nothing_else_changes(ends: str) -> None:
    text = SETTINGS.replace("\n", ends)
    added = enter_question(text, "drugs", "Drugs: do they help?", stem="drugs-help")
    new = '  drugs:\n    label: "Drugs: do they help?"\n    chapter: "drugs-help"\n    notebook: "drugs-help"\n'
    assert added == text.replace(f"evidence{ends}", f"evidence{ends}" + new.replace("\n", ends))
    assert enter_question(text, "exercise", "", stem="x") == text


@pytest.mark.parametrize(
    ("text", "name", "label", "said"),
    [
        (SETTINGS, "drugs", "", 'drugs is no question; use one of exercise, or begin it: --question drugs="Label"'),
        (SETTINGS, "exercise", "Training", "exercise is a question already; give it without a label"),
        (SETTINGS, "Dr ugs", "Drugs", "'Dr ugs' cannot name a question"),
        ("questions: {a: {label: A, chapter: a, notebook: a}}\n", "b", "B", "enter the question by hand"),
        (SETTINGS.partition("\n\n")[0], "drugs", "Drugs", "enter the question by hand"),  # no end of the last line
    ],
)
def test_a_question_that_cannot_be_entered_is_refused(text: str, name: str, label: str, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        enter_question(text, name, label, stem="x")


def test_its_notebook_has_been_run_and_stored_as_text(authored: Authored) -> None:
    path = authored.repository.notebooks / "pruning-help.ipynb"
    shown = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in shown] == [1, 2]
    assert [set(output.data) for output in shown[1].outputs] == [{"text/plain"}]
    assert "Roe 2019 (CRESS-1)" in shown[1].outputs[0].data["text/plain"]
    again = nbformat.read(fresh_copies(authored.repository)[path.name], as_version=4)  # as the build ran it
    assert as_stored(again) == path.read_text(encoding="utf-8")


def test_the_chapter_has_the_shape_of_all_others_and_check_says_what_is_left(authored: Authored) -> None:
    text = (authored.repository.chapters / "pruning-help.md").read_text(encoding="utf-8")
    parts = ["What it means for patients", "How we know"]
    parts += ["Where studies disagree", "What is missing", "What would change our mind", "The working"]
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == parts
    checked = authored.checked
    assert checked.exit_code == 0 and checked.stdout.endswith("check: nothing wrong, 13 places left to write\n")
    assert "chapters/pruning-help.md:3 draft: delete the box when all is written\n" in checked.stdout
    assert "chapters/pruning-help.md:13 to write: what is not known, with its certainty.\n" in checked.stdout


def test_the_real_chapters_have_the_shape_that_the_template_asks_for(real: Repository) -> None:
    for stem in ("liver-tolerance", "radiotherapy", "liver-cancer", "combination", "car-t"):
        text = (real.chapters / f"{stem}.md").read_text(encoding="utf-8")
        heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
        planned = plan_chapter(real, "Quite another")
        asked = re.findall(r"^## (.+)$", planned.texts[planned.words], re.MULTILINE)
        asked.remove("How we know")  # where a chapter has parts of its own, they say how we know
        assert heads[0] == asked[0] and [head for head in heads if head in asked] == asked, stem


def test_a_name_in_the_contents_is_taken_too(repository: Repository) -> None:
    replace(
        repository.contents, "- file: notebooks/working", "- file: notebooks/working\n- file: chapters/Pruning-Help"
    )
    assert (
        "_toc.yml: pruning-help is taken by chapters/Pruning-Help;" in run(repository, "new", "chapter", TITLE).stderr
    )


def test_a_broken_record_stops_it_before_anything_is_written(repository: Repository) -> None:
    replace(repository.sources / "Doe2020cress.md", "topic: gardening", "topic: golf")
    before = everything(repository)
    refused = run(repository, "new", "chapter", TITLE)
    assert refused.exit_code == 1 and "topic: golf" in refused.stderr and everything(repository) == before


def test_help_says_how(repository: Repository) -> None:
    said = run(repository, "new", "chapter", "--help").stdout
    assert 'livrev new chapter "Does exercise help?"' in said and "--question" in said


# The contents


REAL = """# The order of the book.
format: jb-book
root: chapters/index
parts:
  - caption: The review   # what readers came for
    numbered: true
    chapters:
      - file: chapters/one   # first
      - file: chapters/two
        sections:
          - file: chapters/deep
      # nothing below this line

  - caption: How we know
    chapters:
      - file: chapters/methods
      - file: notebooks/new
  - caption: Notebooks
    chapters:
      - file: notebooks/one
      - title: Not a file
        url: https://example.org"""


def test_an_entry_comes_behind_its_like_and_nothing_else_changes() -> None:
    entered = enter_chapter(REAL, chapter="chapters/three", notebook="notebooks/three")
    lines = entered.splitlines(keepends=True)
    assert "".join(line for line in lines if "three" not in line) == REAL
    at = {line.strip(): lines[number - 1].strip() for number, line in enumerate(lines)}
    assert (
        at["- file: chapters/three"] == "- file: chapters/deep"
        and at["- file: notebooks/three"] == "- file: notebooks/one"
    )
    assert "      - file: chapters/three\n" in lines, "beside its like, not below it"


def test_line_ends_stay_as_they_are() -> None:
    text = CONTENTS.replace("\n", "\r\n").rstrip()
    entered = enter_chapter(text, chapter="chapters/x", notebook="notebooks/x")
    assert entered == text.replace("methods", "methods\r\n- file: chapters/x") + "\r\n- file: notebooks/x\r\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("root: chapters/index\nchapters: [{file: chapters/a}, {file: notebooks/a}]", "does not give each file a line"),
        ("root: chapters/index\n", "no list of it holds a file of chapters/"),
        ("root: [", "it is not YAML"),
    ],
)
def test_contents_of_another_form_are_left_to_a_person(text: str, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        enter_chapter(text, chapter="chapters/x", notebook="notebooks/x")


_NAMES = st.from_regex(r"(chapters|notebooks)/[a-w]{1,6}", fullmatch=True)


@settings(max_examples=40)
@given(st.lists(_NAMES, unique=True), st.lists(_NAMES, unique=True), st.integers(0, 4))
def test_whatever_stands_in_the_contents_stays(first: list[str], second: list[str], indent: int) -> None:
    contents = {
        "root": "chapters/index",
        "parts": [{"chapters": [{"file": name} for name in part]} for part in (first, second)],
    }
    text = yaml.safe_dump(contents, indent=indent + 2, sort_keys=False)
    try:
        entered = enter_chapter(text, chapter="chapters/xyz", notebook="notebooks/xyz")
    except Refused:
        assert not {"chapters", "notebooks"} <= {name.partition("/")[0] for name in first + second}
        return
    named = list(files_in(yaml.safe_load(entered)))
    assert [name for name in named if not name.endswith("/xyz")] == list(files_in(contents)) and len(named) == len(
        first + second
    ) + 3


@given(st.text())
def test_a_title_of_any_kind_gives_a_name_or_none(title: str) -> None:
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", stem_of(title)) and len(stem_of(title)) <= 40


def test_a_name_keeps_what_tells() -> None:
    assert stem_of("What does the liver do to T cells, and for how long?") == "liver-t-cells-long"
    assert stem_of("Über-Wirkung: β-Blocker") == "uber-wirkung-blocker"
