"""Tables are read as their description says; every wrong cell is named with line and column."""

import datetime
from typing import Any

import pytest
from small_review import set_cell

from livrev.paths import Repository
from livrev.records.tables import Column, Table, check_foreign_keys, read_schema, read_table, unsafe_text
from livrev.text.vocabulary import Vocabulary

WORDS = Vocabulary.model_validate({"colours": {"red": {"label": "Red"}, "green": {"label": "Green"}}})


def read(repository: Repository, text: str, *columns: Column, **more: Any) -> tuple[list[dict[str, Any]], list[str]]:
    (repository.data / "leaves.csv").write_text(text, encoding="utf-8")
    described = {"name": "leaves", "path": "leaves.csv", "schema": {"fields": columns} | more}
    rows, problems = read_table(Table.model_validate(described), repository, WORDS)
    return rows.records, [str(problem).removeprefix("data/leaves.csv:") for problem in problems]


def column(name: str, type: str = "string", **rules: Any) -> Column:
    return Column.model_validate({"name": name, "type": type, "description": "", "constraints": rules})


def test_cells_become_values_of_their_kind(repository: Repository) -> None:
    columns = (
        column("leaf"),
        column("n", "integer"),
        column("size", "number"),
        column("day", "date"),
        column("colours", vocabulary="colours", delimiter=";"),
    )
    records, problems = read(
        repository, 'leaf,n,size,day,colours\n"oak, old",3,-1.50,2020-02-29,red; green\nash,,,,\n', *columns
    )
    assert problems == []
    first = {"leaf": "oak, old", "n": 3, "size": -1.5, "day": datetime.date(2020, 2, 29), "colours": ("red", "green")}
    assert records == [first, {"leaf": "ash", "n": None, "size": None, "day": None, "colours": ()}]


@pytest.mark.parametrize(
    ("rules", "cell", "said"),
    [
        ({"type": "integer"}, "3.0", "is not a whole number"),
        ({"type": "integer", "minimum": 0}, "-1", "is below 0"),
        ({"type": "integer", "maximum": 10}, "11", "is above 10"),
        ({"type": "number"}, "1,5", None),
        ({"type": "number"}, "1e3", "is not a number"),
        ({"type": "number"}, "−1", "is not a number"),
        ({"type": "date"}, "2020-02-30", "is not a date"),
        ({"type": "date"}, "2020-W01-1", "is not a date"),
        ({"type": "date"}, "2999-01-01", "lies in the future"),
        ({"required": True}, "", "is missing"),
        ({"required": True}, "NA", "is missing"),
        ({"enum": ("a", "b")}, "c", "is not an allowed value; use one of a, b"),
        ({"pattern": "[a-z]+"}, "A", "has the wrong form"),
        ({"pattern": "[a-z]+"}, "a\nb", "holds a control character"),
        ({"vocabulary": "colours"}, "blue", "is not in the vocabulary; add it to data/vocabulary.yml under colours"),
        ({"vocabulary": "colours", "delimiter": ";"}, "red;blue", "is not in the vocabulary"),
        ({}, "a ", "has a space at its edge"),
    ],
)
def test_a_cell_that_cannot_be_is_named(
    repository: Repository, rules: dict[str, Any], cell: str, said: str | None
) -> None:
    quoted = '"' + cell + '"'
    records, problems = read(
        repository, f"leaf,x\noak,{quoted}\n", column("leaf"), column("x", **{"type": "string"} | rules)
    )
    assert records == []
    assert len(problems) == 1 and problems[0].startswith("2 x: ") and (said or "is not a number") in problems[0]


def test_not_applicable_is_an_allowed_value_or_nothing(repository: Repository) -> None:
    columns = (
        column("a", enum=("x", "NA"), required=True),
        column("b"),
        column("c", vocabulary="colours", required=True),
    )
    assert read(repository, "a,b,c\nNA,NA,NA\n", *columns) == ([{"a": "NA", "b": None, "c": None}], [])


def test_a_row_that_spans_lines_is_named_by_its_first(repository: Repository) -> None:
    text = 'a,b\n"1\n2",x\n3,4,5\n'
    assert [said.split(" ")[0] for said in read(repository, text, column("a"), column("b"))[1]] == ["2", "4"]


def test_keys_are_unique(repository: Repository) -> None:
    columns = column("a"), column("b")
    _, problems = read(repository, "a,b\n1,1\n1,2\n1,1\n", *columns, primaryKey=("a", "b"))
    assert problems == ["4 a, b: 1, 1 stands twice; it stands already at line 2"]


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "a <script>", "</p>", "<!-- x", "<?x", "< img src=x>", "=1", "+1", "-1", "@x", "\tx"]
)
def test_text_that_is_dangerous_to_show_is_named_but_kept(text: str) -> None:
    assert [problem.unsafe for problem in unsafe_text(text, "f", 1, "x")] == [True]


@pytest.mark.parametrize("text", ["p < 0.05", "a <= b", "1 - 2", "x@y", "<0.001"])
def test_plain_text_is_not_taken_for_markup(text: str) -> None:
    assert list(unsafe_text(text, "f", 1, "x")) == []


def test_the_description_of_the_real_tables_is_read(real: Repository) -> None:
    tables, problems = read_schema(real)
    assert problems == []
    assert [(key.fields, key.table, key.named) for key in tables["outcomes"].foreign_keys] == [
        (("study",), "studies", ("study",)),
        (("supersedes",), "outcomes", ("outcome",)),
    ]
    assert next(c for c in tables["outcomes"].columns if c.name == "ci_level").maximum == 99.99


def test_a_cell_that_points_nowhere_is_named(repository: Repository) -> None:
    set_cell(repository, "screening", 0, "study", "moe-2020")
    schema, _ = read_schema(repository)
    from livrev.records.review import read_vocabulary

    words, _ = read_vocabulary(repository)
    assert words is not None
    tables = {name: read_table(table, repository, words)[0] for name, table in schema.items()}
    names = {name: f"data/{table.path}" for name, table in schema.items()}
    problems = list(map(str, check_foreign_keys(tables, names)))
    assert problems == [
        "data/search/screening.csv:2 study: moe-2020 is not in studies; add it to data/studies.csv, or mend it"
    ]
