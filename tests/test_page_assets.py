"""A page gets the browser code that it uses, and no other."""

import re
from types import SimpleNamespace
from typing import Any

from livrev.site.page_assets import choose_scripts

SCRIPTS = [
    "_static/livrev.js",
    "_static/thebe.js",
    "_static/theme.js",
    "_static/cards.js",
    "_static/figures.js",
    "scripts/sphinx-book-theme.js",
]


def chosen(body: str) -> dict[str, Any]:
    files = [SimpleNamespace(filename=name, attributes={}) for name in SCRIPTS]
    files.append(SimpleNamespace(filename=None, attributes={"body": "const THEBE_JS_URL = 'https://unpkg.com/thebe'"}))
    context: dict[str, Any] = {
        "body": body,
        "script_files": files,
        "css_files": [
            "_static/thebe.css",
            "_static/livrev.css?v=1",
            "_static/explorer.css",
            "_static/sphinx-design.min.css",
        ],
    }
    choose_scripts(None, "page", context, None)  # type: ignore[arg-type]
    return context


def test_a_page_without_a_table_loads_no_table_code() -> None:
    context = chosen("<p>Words.</p>")
    assert [script.filename for script in context["script_files"]] == ["_static/theme.js"]
    assert context["css_files"] == ["_static/explorer.css"]  # the book's own styles stand in the bundle


def test_a_page_with_a_table_loads_it() -> None:
    context = chosen('<table class="livrev-data"></table>')
    assert [script.filename for script in context["script_files"]] == [SCRIPTS[0], SCRIPTS[2]]


def test_a_page_with_a_figure_loads_its_code() -> None:
    context = chosen('<span class="livrev-screen livrev-drawing"><svg></svg></span>')
    assert [script.filename for script in context["script_files"]] == ["_static/theme.js", "_static/figures.js"]


def test_a_name_and_a_day_are_not_broken_at_their_hyphens() -> None:
    body = chosen('<p title="EMERALD-1">EMERALD-1, glypican-3 and PD-L1 on 2023-05-31, in small-cell lung cancer</p>')[
        "body"
    ]
    assert re.findall(r'<span class="livrev-name">(.*?)</span>', body) == [
        "EMERALD-1",
        "glypican-3",
        "PD-L1",
        "2023-05-31",
    ]


def test_no_page_keeps_what_would_load_from_another_host() -> None:
    config = '<script type="text/x-thebe-config">{requestKernel: true}</script><script>kernelName = "python3"</script>'
    thebe = f"<p>a</p>{config}<p>b</p>"
    assert chosen(thebe)["body"] == "<p>a</p><p>b</p>"


def test_a_page_without_a_body_is_left_alone() -> None:
    context: dict[str, Any] = {"script_files": ["_static/theme.js"]}
    choose_scripts(None, "search", context, None)  # type: ignore[arg-type]
    assert context == {"script_files": ["_static/theme.js"]}


def test_styles_of_cards_come_with_the_first_card() -> None:
    assert "_static/sphinx-design.min.css" in chosen('<div class="sd-card docutils"></div>')["css_files"]
