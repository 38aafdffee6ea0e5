"""What spreadsheets, editors and git do to the files of a review is named as that: one cause, what follows folded under it."""

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_review import METHODS, replace, set_cell

from livrev.cli import main
from livrev.paths import Repository

Break = Callable[[Repository], object]
OURS, THEIRS, MIDDLE = "<" * 7 + " HEAD", ">" * 7 + " topic", "=" * 7


def check(repository: Repository) -> Result:
    return CliRunner().invoke(main, ["--root", str(repository.root), "check"])


def saved_with(separator: str) -> Callable[[str], bytes]:
    def save(text: str) -> bytes:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=separator, lineterminator="\n").writerows(
            csv.reader(io.StringIO(text, newline=""))
        )
        return buffer.getvalue().encode()

    return save


def with_empty_columns(text: str) -> bytes:
    return "".join(line + ",,\n" for line in text.splitlines()).encode()


TABLES = ["studies", "outcomes", "readings", "strategies", "arithmetic", "retractions"]
SAVED: dict[str, tuple[Callable[[str], bytes], str]] = {
    "semicolons": (
        saved_with(";"),
        "separator: ; is wrong: semicolons stand between the cells; save it as CSV in UTF-8 with commas",
    ),
    "tabs": (saved_with("\t"), "separator: \\t is wrong: tabs stand between the cells; save it as CSV"),
    "empty columns": (with_empty_columns, "header: has 2 columns without a name; delete them, in every row"),
    "UTF-16": (lambda text: text.encode("utf-16"), " is UTF-16; save the file as UTF-8"),
    "sep=": (
        lambda text: b"sep=;\n" + saved_with(";")(text),
        "separator: sep=; says that ; separates the cells",
    ),
    "a spreadsheet's own format": (
        lambda text: b"PK\x03\x04" + text.encode(),
        "is a spreadsheet or an archive, not text; export it as CSV in UTF-8",
    ),
}


@pytest.mark.parametrize(
    ("how", "tables"),
    [*((how, TABLES) for how in SAVED), *((how, [table]) for how, table in zip(SAVED, TABLES, strict=True))],
    ids=lambda part: part if isinstance(part, str) else " ".join(part) if len(part) == 1 else "all",
)
def test_a_table_that_cannot_be_read_is_one_problem(repository: Repository, how: str, tables: list[str]) -> None:
    """Each table saved in each way, all six at once, and each alone."""
    save, said = SAVED[how]
    paths = [next(repository.data.rglob(f"{table}.csv")) for table in tables]
    for path in paths:
        path.write_bytes(save(path.read_text(encoding="utf-8")))
    result = check(repository)
    lines = [line for line in result.stdout.splitlines() if not line.startswith("    ")]
    for path in paths:
        (line,) = [line for line in lines if line.startswith(f"{repository.relative(path)}:1 ")]
        assert said in line
    assert len(lines) == len(paths)
    many = "1 problem in 1 file" if len(paths) == 1 else f"{len(paths)} problems in {len(paths)} files"
    assert result.stderr.startswith(many)


@pytest.mark.parametrize(
    "day", ["7-Sep", "1-Mar", "Mar-05", "Sep-07", "07. Sep", "1-mars", "05-Okt-21", "12/05/2019", "Mrz 05"]
)
def test_a_day_in_the_place_of_a_text_is_named(repository: Repository, day: str) -> None:
    places = [("studies", "name"), ("studies", "arms"), ("studies", "note"), ("outcomes", "arm")]
    for table, column in places:
        set_cell(repository, table, 0, column, day)
    said = check(repository).stdout.splitlines()
    named = f"{day} is a day, which a spreadsheet makes of a name or a number;"
    for table, column in places:
        assert any(line.startswith(f"data/{table}.csv:2 {column}: {named}") for line in said), said


def test_a_name_with_a_month_in_it_is_no_day(repository: Repository) -> None:
    names = ["Mei 2021", "May 2019", "1 Mar trial", "March 5 cohort", "SEPT-9 assay", "9-May trial"]
    for number, name in enumerate(names):
        set_cell(repository, "studies", number % 2, ("name", "arms", "note")[number // 2], name)
    assert check(repository).output == "check: nothing wrong\n"


def test_what_a_spreadsheet_writes_for_errors_is_named(repository: Repository) -> None:
    cells = ["#REF!", "#NAME?", "#N/A", "1.23E+07", "########"]
    for number, cell in enumerate(cells):
        set_cell(repository, "studies", number % 2, ("arms", "note", "name")[number // 2], cell)
    said = check(repository).stdout
    for number, cell in enumerate(cells):
        assert f"data/studies.csv:{2 + number % 2} {('arms', 'note', 'name')[number // 2]}: {cell} " in said


def test_what_follows_from_a_bad_cell_is_folded_under_it(repository: Repository) -> None:
    set_cell(repository, "studies", 0, "n", "many")
    result = check(repository)
    cause, follows = result.stdout.splitlines()
    assert cause == "data/studies.csv:2 n: many is not a whole number; write digits only"
    assert "more follow from it, in " in follows and "data/outcomes.csv" in follows and "chapters/index.md" in follows
    assert result.stderr.startswith("1 problem in 1 file; ")


def test_what_does_not_follow_is_still_told(repository: Repository) -> None:
    set_cell(repository, "studies", 0, "n", "many")
    set_cell(repository, "outcomes", 3, "ci_low", "1.9")
    (repository.chapters / "methods.md").write_text(METHODS + "\nOf these, 12 responded.\n", encoding="utf-8")
    said = check(repository).stdout
    assert "data/outcomes.csv:5 ci_low: 1.9 is above value 1.5" in said and "chapters/methods.md:8 number: 12" in said


def in_a_cell_of_json(repository: Repository) -> None:
    path = repository.notebooks / "working.ipynb"
    replace(path, '    "review = livrev.open_review()\\n"', f'{OURS}\n    "review = None\\n"\n{MIDDLE}\n{THEIRS}')


def in_the_text_of_a_cell(repository: Repository) -> None:
    path = repository.notebooks / "working.ipynb"
    marked = json.dumps([f"{OURS}\n", "# Working\n", f"{MIDDLE}\n", "# Work\n", THEIRS])
    replace(path, '[\n    "# Working"\n   ]', marked)


def around(place: str, line: str) -> Break:
    return lambda r: replace(r.root / place, line, f"{OURS}\n{line}\n{MIDDLE}\n{line}\n{THEIRS}")


MARKED = {
    "chapters/methods.md:3": around("chapters/methods.md", "One document was read"),
    "_toc.yml:4": around("_toc.yml", "- file: chapters/methods"),
    "_config.yml:2": around("_config.yml", "author: the gardeners"),
    "references.bib:9": around("references.bib", "@article{Poe2018cohort,"),
    "data/studies.csv:3": around("data/studies.csv", "poe-2018"),
    "data/vocabulary.yml:6": around("data/vocabulary.yml", "  acute-pain"),
    "data/sources/Doe2020cress.md:6": around("data/sources/Doe2020cress.md", "language: English"),
    "data/datapackage.json:3": around("data/datapackage.json", ' "name": "review-data",'),
    "CITATION.cff:7": around("CITATION.cff", "version: 0.1.0"),
}


@pytest.mark.parametrize("in_the_notebook", [in_a_cell_of_json, in_the_text_of_a_cell])
def test_the_marks_of_a_conflict_are_named_in_any_file(repository: Repository, in_the_notebook: Break) -> None:
    """And nothing is said but that."""
    for change in (*MARKED.values(), in_the_notebook):
        change(repository)
    said = [line for line in check(repository).stdout.splitlines() if not line.startswith("    ")]
    for place in (*(f"{place} " for place in MARKED), "notebooks/working.ipynb:"):
        (line,) = [line for line in said if line.startswith(place)]
        assert f"conflict: {OURS} is a mark that git left" in line
        assert line.endswith("settle the conflict: keep one of the two versions and delete the marks")
    assert len(said) == len(MARKED) + 1


def test_what_a_chapter_with_marks_cites_is_not_called_unused(repository: Repository) -> None:
    entry = "\n@misc{Coe2021only,\n  author = {Coe, Ann},\n  title = {{On watering}},\n  year = {2021},\n}\n"
    repository.references.write_text(repository.references.read_text(encoding="utf-8") + entry, encoding="utf-8")
    text = f"{METHODS}\n{OURS}\nWater helps {{cite:p}}`Coe2021only`.\n{MIDDLE}\n{THEIRS}\n"
    (repository.chapters / "methods.md").write_text(text, encoding="utf-8")
    result = check(repository)
    assert [line.strip().split(" in ")[0] for line in result.stdout.splitlines()[1:]] == ["1 more follows from it,"]
    assert "conflict" in result.stdout.splitlines()[0] and result.stderr.startswith("1 problem in 1 file")


def test_a_heading_that_is_underlined_is_no_conflict(repository: Repository) -> None:
    (repository.chapters / "methods.md").write_text(
        f"Methods\n{MIDDLE}\n\n" + METHODS.partition("\n")[2], encoding="utf-8"
    )
    assert check(repository).exit_code == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("chapters/methods", "chapters/method"),
            "_toc.yml:4 file: chapters/method is not there; did you mean chapters/methods?",
        ),
        (("root:", "rooot:"), "_toc.yml:2 key: rooot is no key of the contents; did you mean root?"),
        (
            ("notebooks/working", "chapters/methods"),
            "_toc.yml:5 file: chapters/methods stands twice; it stands already at line 4",
        ),
        (
            ("- file: chapters/methods", "- fle: chapters/methods"),
            "_toc.yml:4 key: fle is no key of an entry; did you mean file?",
        ),
        (("format: jb-book", "format: [jb"), "_toc.yml:"),
    ],
)
def test_the_contents_name_pages_that_are_there(repository: Repository, change: tuple[str, str], said: str) -> None:
    replace(repository.contents, *change)
    assert said in check(repository).stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("title: A", "titel: A"), "_config.yml:1 key: titel is no setting of Jupyter Book; did you mean title?"),
        (("  execute_notebooks:", "  execute_notebook:"), "_config.yml:7 key: execute.execute_notebook is no setting"),
        (("author: the gardeners", "author: 'the gardeners"), "_config.yml:"),
        (("sphinx:\n", "sphinx: yes\nother:\n"), "_config.yml:11 sphinx: True is no group of settings"),
    ],
)
def test_a_setting_that_nobody_reads_is_named(repository: Repository, change: tuple[str, str], said: str) -> None:
    replace(repository.config, *change)
    assert said in check(repository).stdout


def test_a_notebook_that_is_none_is_named(repository: Repository) -> None:
    held = {
        "nothing": ("", ":1 notebook: is empty; restore it from git"),
        "a list": ("[1, 2]", ":1 notebook: is no notebook"),
        "a mapping": ("{}", ":1 notebook: is no notebook (KeyError: 'cells')"),
        "a piece": (
            '{"cells": [{"cell_type": "code", "source": ["impo',
            "ends in the middle of the file; restore it from git",
        ),
        "no cells": ('{"cells": []}', ":1 notebook: holds no cell with anything in it"),
        "a nest": ("{" * 100_000, "notebook: cannot be read"),
    }
    for name, (content, _) in held.items():
        (repository.notebooks / f"{name}.ipynb").write_text(content, encoding="utf-8")
    lines = check(repository).stdout.splitlines()
    for name, (_, said) in held.items():
        assert any(line.startswith(f"notebooks/{name}.ipynb:") and said in line for line in lines), lines


def test_a_notebook_is_an_analysis(repository: Repository) -> None:
    cells = {
        "def f():\n    return 1": "def f(): holds a function",
        "for n in [1]:\n    print(n)": "holds a loop",
        "while False:\n    pass": "holds a loop",
        "double = lambda n: 2 * n": "holds a function",
        "class A:\n    pass": "holds a class",
        "x = '../data/studies.csv'": "../data/studies.csv is a path; ask the review",
        "y = open('studies.csv')": "opens a file by its path",
        "x = 'https://example.org/x'": "is an address of the network",
        "!ls": "is a command, not Python",
        "z = (": "is no Python",
    }
    path = repository.notebooks / "working.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    model = notebook["cells"][2]
    notebook["cells"][2:3] = [model | {"id": f"c{n}", "source": code.splitlines(True)} for n, code in enumerate(cells)]
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    found, text = check(repository).stdout.splitlines(), path.read_text(encoding="utf-8").splitlines()
    for code, said in cells.items():
        first = json.dumps(code.splitlines(True)[0])
        number = next(n for n, line in enumerate(text, 1) if line.strip().rstrip(",") == first)
        place = f"notebooks/working.ipynb:{number} cell: "
        assert any(line.startswith(place) and said in line for line in found), (place, said, found)


WORDS = {
    "<script>alert(1)</script>": "HTML: <script> is raw HTML",
    "Words <img src=x onerror=alert(1)> words": "<img src=x onerror=alert(1)> is raw HTML",
    "```{raw} html\n<b>\n```": "directive: raw is raw HTML",
    "```{literalinclude} ../../outside\n```": "reads a file out of the repository",
    "[x](javascript:alert(1))": "link: javascript:alert(1) leads where no page of the book may",
    "[x](https://example.org/){onclick=alert(1)}": "is a script",
    "Turned \u202e words": "text: ",
    "It was {result}“studies.count”.": "needs backticks",
}


@pytest.mark.parametrize("place", ["cell", "caption"])
def test_the_words_of_a_notebook_are_those_of_a_chapter(repository: Repository, place: str) -> None:
    path = repository.notebooks / "working.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for number, words in enumerate(WORDS):
        if place == "cell":
            source = [f"Plain words {number}.\n", "\n", words]
            notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": source})
        else:
            captioned = {"mystnb": {"figure": {"caption": words}}}
            notebook["cells"].append(notebook["cells"][1] | {"id": f"c{number}", "metadata": captioned})
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    found, text = check(repository).stdout.splitlines(), path.read_text(encoding="utf-8").splitlines()
    for number, said in enumerate(WORDS.values()):
        at = text.index(f'    "Plain words {number}.\\n",') + 3 if place == "cell" else ""
        assert any(line.startswith(f"notebooks/working.ipynb:{at}") and said in line for line in found), (said, found)


def test_a_pipe_is_named_and_not_waited_for(repository: Repository) -> None:
    places = ["data/outcomes.csv", "chapters/methods.md", "references.bib", "data/notes.csv", "_toc.yml"]
    for place in places:
        (repository.root / place).unlink(missing_ok=True)
        os.mkfifo(repository.root / place)
    said = check(repository).stdout
    for place in places:
        name = place.rpartition("/")[2]
        assert f"{place}:1 file: {name} cannot be read (is a pipe); put the file itself there" in said


@pytest.mark.parametrize(
    ("target", "said"), [("/dev/zero", "is a device"), ("/etc/passwd", "is a link that leads out of the")]
)
def test_a_link_out_of_the_repository_is_named(repository: Repository, target: str, said: str) -> None:
    places = ["data/outcomes.csv", "chapters/methods.md", "data/sources/Doe2020cress.md", "chapters/x.png"]
    for place in places:
        (repository.root / place).unlink(missing_ok=True)
        (repository.root / place).symlink_to(target)
    found = check(repository).stdout
    for place in places:
        assert f"{place}:1 file: {place.rpartition('/')[2]} cannot be read ({said}" in found


@pytest.mark.parametrize("place", ["chapters", "data/sources", "notebooks"])
def test_a_folder_that_is_a_link_out_of_the_repository_is_named(
    repository: Repository, tmp_path: Path, place: str
) -> None:
    folder = repository.root / place
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    said = check(repository).stdout
    assert f"{place}:1 file: {folder.name} cannot be read (is a link that leads out of the repository)" in said
    folder.unlink()
    (tmp_path / "elsewhere").rename(repository.root / "kept-here")
    folder.symlink_to(repository.root / "kept-here")
    assert "leads out" not in check(repository).stdout


def test_what_follows_from_a_pipe_in_the_contents_is_not_said(repository: Repository) -> None:
    (repository.notebooks / "working.ipynb").unlink()
    os.mkfifo(repository.notebooks / "working.ipynb")
    assert len(check(repository).stdout.splitlines()) == 1


def test_a_snapshot_that_is_cut_is_named(repository: Repository) -> None:
    repository.history.mkdir()
    (repository.history / "0.1.0.json").write_text('{"version": "0.1.0",\n', encoding="utf-8")
    assert "data/history/0.1.0.json:2 snapshot: cannot be read" in check(repository).stdout


def test_the_place_of_a_file_is_not_followed_by_a_folder(tmp_path: Path, repository: Repository) -> None:
    (repository.root / "_config.yml").unlink()
    (repository.root / "_config.yml").mkdir()
    assert CliRunner().invoke(main, ["--root", str(repository.root), "check"]).exit_code == 2
