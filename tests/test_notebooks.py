"""A notebook shows, the package computes; what is stored is text."""

import ast
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest
from lxml import html as lxml_html

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
_BANNED = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.Try,
    ast.If,
)
_FIGURES = re.compile(
    r"^(?:review\.draw_|livrev\.draw\.|livrev\.conventions|.*\.(?:forest|sensitivity|funnel)\(\)$)", re.MULTILINE
)
_PANDAS = re.compile(
    r"\.(?:query|groupby|pivot_table|merge|value_counts|sort_values|loc|assign|explode|agg|melt|join|map)\b|crosstab|concat"
)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code_of(path: Path) -> list[Any]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


@pytest.fixture(params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


# Columns that hold nothing yet: registrations without a year, findings that nobody changed, searches that were not run.
EMPTY = {("Registered trials without results", "Year"), ("Findings on combination therapy", "Changed by"),
         ("Every search of a database", "Results")}  # fmt: skip


def test_no_column_of_a_table_was_lost_on_the_way(path: Path) -> None:
    """Links under another index than the frame's are silently dropped by pandas: the column then stands empty."""
    copy = ROOT / "_build" / ".executed" / path.name
    if not copy.is_file():
        missing = "the notebooks were not executed: make book"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    shown = [output.get("data", {}).get("text/html", "") for cell in code_of(copy) for output in cell.outputs]
    for table in (lxml_html.fromstring(said).find(".//table") for said in shown if "livrev-data" in said):
        caption, heads = table.findtext("caption"), [head.text for head in table.find("thead/tr")]
        rows = [[cell.text_content().strip() for cell in row] for row in table.find("tbody").iter("tr")]
        for head, cells in zip(heads, zip(*rows, strict=True), strict=True) if len(rows) > 2 else ():
            assert any(cells) or (caption, head) in EMPTY, (caption, head)


def test_it_defines_nothing_and_repeats_nothing(path: Path) -> None:
    for cell in code_of(path):
        assert [type(node).__name__ for node in ast.walk(ast.parse(cell.source)) if isinstance(node, _BANNED)] == []


def test_it_imports_pandas_and_the_package_alone(path: Path) -> None:
    nodes = [node for cell in code_of(path) for node in ast.walk(ast.parse(cell.source))]
    assert [node for node in nodes if isinstance(node, ast.ImportFrom)] == []
    assert {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names} == {"pandas", "livrev"}


def test_its_pandas_can_be_read(path: Path) -> None:
    source = "\n".join(cell.source for cell in code_of(path))
    assert _PANDAS.search(source), "show the lines that select and reshape"


def test_it_ends_with_a_cell_to_try(path: Path) -> None:
    said, tried = read(path).cells[-2:]
    assert said.cell_type == "markdown" and said.source.startswith("## Try it\n")
    assert tried.cell_type == "code" and "hide-input" not in tried.metadata.get("tags", [])


def test_its_other_code_is_folded_in_the_book(path: Path) -> None:
    if path.stem == "python":  # the page that teaches the code
        return
    assert [
        cell.source for cell in code_of(path)[:-1] if cell.metadata.get("tags") not in (["hide-input"], ["hide-cell"])
    ] == []


def test_it_knows_no_path_and_no_network(path: Path) -> None:
    for cell in code_of(path):
        source = re.sub(r'download="[\w./-]+"', "", cell.source)  # a file that the book offers
        assert not re.search(r"https?://|\bopen\(|\.\./|\.csv\b|^[!%]", source, re.MULTILINE)


def test_every_cell_was_run_in_order(path: Path) -> None:
    assert [cell.execution_count for cell in code_of(path)] == list(range(1, len(code_of(path)) + 1))


def test_only_text_is_stored(path: Path) -> None:
    for cell in code_of(path):
        for output in cell.outputs:
            assert output.output_type in ("execute_result", "display_data", "stream")
            assert output.output_type == "stream" or set(output.data) == {"text/plain"}
            assert "0x" not in json.dumps(output), "a memory address changes with every run"


def test_every_figure_has_a_caption_a_name_and_words(path: Path) -> None:
    for cell in code_of(path):
        if _FIGURES.search(cell.source):
            figure = cell.metadata.get("mystnb", {}).get("figure", {})
            assert len(figure.get("caption", "")) > 20 and figure.get("name", "").startswith("fig-"), cell.source
            assert any(len(output.data["text/plain"]) > 20 for output in cell.outputs if "data" in output), cell.source


def test_names_of_figures_and_tables_are_unique() -> None:
    figures, tables = Counter[str](), Counter[str]()
    for notebook in NOTEBOOKS:
        for cell in code_of(notebook):
            name = cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
            figures.update([name] if name else [])
        for name in set(re.findall(r"name=\"(table-[\w-]+)\"", "\n".join(cell.source for cell in code_of(notebook)))):
            tables[name] += 1
    assert [name for name, times in (figures + tables).items() if times > 1] == []


def test_a_chapters_working_has_its_name() -> None:
    chapters = {chapter.stem for chapter in (ROOT / "chapters").glob("*.md")}
    served = {"liver-tolerance", "radiotherapy", "combination", "car-t", "strategies"}
    assert served <= chapters
    assert served <= {notebook.stem for notebook in NOTEBOOKS}
    for stem in served:
        assert f"../chapters/{stem}.md" in (ROOT / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8")
