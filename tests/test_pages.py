"""A page gets the browser code that it uses, and no other."""

from types import SimpleNamespace
from typing import Any

from livrev.book.pages import choose_scripts

SCRIPTS = ["_static/datatables.js", "_static/livrev.js", "_static/thebe.js", "_static/theme.js", "_static/cards.js"]


def chosen(body: str) -> dict[str, Any]:
    files = [SimpleNamespace(filename=name, attributes={}) for name in SCRIPTS]
    files.append(SimpleNamespace(filename=None, attributes={"body": "const THEBE_JS_URL = 'https://unpkg.com/thebe'"}))
    context: dict[str, Any] = {
        "body": body,
        "script_files": files,
        "css_files": ["_static/thebe.css", "_static/livrev.css"],
    }
    choose_scripts(None, "page", "page.html", context, None)  # type: ignore[arg-type]
    return context


def test_a_page_without_a_table_loads_no_table_code() -> None:
    context = chosen("<p>Words.</p>")
    assert [script.filename for script in context["script_files"]] == ["_static/theme.js", "_static/cards.js"]
    assert context["css_files"] == ["_static/livrev.css"]


def test_a_page_with_a_table_loads_it() -> None:
    context = chosen('<table class="livrev-data"></table>')
    assert [script.filename for script in context["script_files"]] == [SCRIPTS[0], SCRIPTS[1], *SCRIPTS[3:]]


def test_no_page_keeps_what_would_load_from_another_host() -> None:
    config = '<script type="text/x-thebe-config">{requestKernel: true}</script><script>kernelName = "python3"</script>'
    thebe = f"<p>a</p>{config}<p>b</p>"
    assert chosen(thebe)["body"] == "<p>a</p><p>b</p>"


def test_a_page_without_a_body_is_left_alone() -> None:
    context: dict[str, Any] = {"script_files": ["_static/theme.js"]}
    choose_scripts(None, "search", "search.html", context, None)  # type: ignore[arg-type]
    assert context == {"script_files": ["_static/theme.js"]}
