"""Tables for people: escaped in a page, short in a terminal, and no digit changes unseen."""

import pandas as pd
import pytest

from livrev.records.measures import Printed
from livrev.show.tables import Link, ShownTable
from livrev.show.tables import table as table_of


def table(*rows: dict[str, object], **more: object) -> ShownTable:
    frame = pd.DataFrame(list(rows), columns=["a", "b", "c"], dtype=object)
    return table_of(frame, name="t", caption="Leaves", columns={"a": "A", "b": "B"}, **more)  # type: ignore[arg-type]


def test_the_columns_come_in_the_order_asked_for() -> None:
    shown = table({"b": 1, "a": "x", "c": "hidden"})
    assert (shown.columns, shown.rows) == (("A", "B"), (("x", 1),))


def test_text_shows_caption_rows_and_digest() -> None:
    lines = str(table({"a": "x", "b": 1})).splitlines()
    assert lines[0] == "Leaves" and lines[1].split() == ["A", "B"] and lines[2].split() == ["x", "1"]
    assert lines[3].startswith("1 row, content ")


@pytest.mark.parametrize("kind", ["cell", "row"])
def test_a_digit_beyond_the_cut_changes_the_digest(kind: str) -> None:
    def shown(digit: str) -> str:
        rows = [{"a": "x" * 100 + digit if kind == "cell" else "x"}] + [{"a": "y"}] * 50 + [{"a": digit}]
        return str(table(*rows))

    one, other = shown("1").splitlines(), shown("2").splitlines()
    assert one[:-1] == other[:-1] and one[-1] != other[-1]


def test_what_is_cut_is_counted() -> None:
    assert "… and 12 more" in str(table(*[{"a": n} for n in range(42)]))


def test_a_table_of_nothing_says_so() -> None:
    assert str(table()).splitlines()[1] == "(no rows)"
    assert '<td colspan="2">none</td>' in table().to_html()


def test_a_column_without_a_value_is_left_out_and_nothing_of_an_empty_table_is() -> None:
    for empty in (None, float("nan"), "", ()):
        shown = table({"a": empty, "b": 1}, {"a": empty, "b": 2}, filters=["a", "b"])
        assert (shown.columns, shown.rows, shown.filters) == (("B",), ((1,), (2,)), ("B",))
    assert table({"a": "x", "b": 1}, {"b": 2}).columns == table().columns == ("A", "B")


def test_yes_no_and_whole_numbers_are_said_as_people_do_and_numbers_stand_under_their_head() -> None:
    frame = pd.DataFrame({"changes": [True, False], "months": [12.0, None], "ratio": [1.0, 0.85]})
    shown = table_of(frame, caption="Pools")
    assert shown.rows == (("yes", 12, 1.0), ("no", None, 0.85))
    assert '<th scope="col" class="number">months</th>' in shown.to_html()


def test_every_cell_is_escaped() -> None:
    evil = "<script>alert('&\"')</script>"
    page = ShownTable(evil, evil, (evil,), ((evil,), (Link(evil, "https://x.org/\"'><b>"),)), (evil,), evil).to_html()
    assert "<script" not in page and "<b>" not in page and "\"'><" not in page
    assert page.count("&lt;script&gt;") >= 4


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.org", "file:///etc/passwd", ""])
def test_only_pages_and_places_are_linked(address: str) -> None:
    assert "<a " not in table({"a": Link("here", address)}).to_html()


@pytest.mark.parametrize("address", ["https://x.org/a?b=1&c=2", "../chapters/x.html", "#place"])
def test_links_lead_somewhere(address: str) -> None:
    assert f'<a href="{address.replace("&", "&amp;")}">here</a>' in table({"a": Link("here", address)}).to_html()


def test_numbers_filters_and_download_are_marked() -> None:
    page = table({"a": 1.5, "b": ("x", "y")}, filters=["b"], download="t.csv").to_html()
    assert '<td class="number" data-head="A">1.5</td><td data-head="B">x, y</td>' in page.replace("\n", "")
    assert '<th scope="col" data-filter>B</th>' in page
    assert 'href="../_static/downloads/t.csv" download' in page


def test_columns_of_numbers_stand_to_the_right() -> None:
    frame = pd.DataFrame(
        {"n": pd.array([1, None], dtype="Int64"), "x": [0.5, 1], "flag": [True, False], "s": ["a", "b"]}
    )
    mixed = frame.assign(printed=pd.Series([Printed("0.50"), None], dtype=object))
    shown = table_of(mixed, caption="Kinds")
    assert shown.numeric == ("n", "x", "printed")
    page = shown.to_html()
    assert (
        '<td class="number" data-head="printed">0.50</td>' in page and '<td class="number" data-head="n"></td>' in page
    )


def test_a_notebook_stores_text_beside_html() -> None:
    assert set(table({"a": 1})._repr_mimebundle_()) == {"text/plain", "text/html"}
