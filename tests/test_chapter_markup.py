"""A chapter holds Markdown and what the book knows: roles, directives, pictures that are there, and nothing hostile."""

from pathlib import Path

import pytest

from livrev.checks.chapter_markup import check_chapter
from livrev.checks.prose import check_numbers
from livrev.paths import Repository


@pytest.fixture
def place(tmp_path: Path) -> Repository:
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "curve.png").write_bytes(b"")
    (tmp_path / "chapters" / "a curve.png").write_bytes(b"")
    (tmp_path / "listing.py").write_text("x = 1\n", encoding="utf-8")
    return Repository(tmp_path)


def problems(text: str, place: Repository) -> list[str]:
    return [str(problem) for problem in check_chapter("# Title\n\n" + text, "chapters/x.md", place)]


@pytest.mark.parametrize(
    "line",
    [
        "It was {cite:p}‘Yu2021liver`.",
        "It was {cite:p}“Yu2021liver”.",
        "It was {cite:p} `Yu2021liver`.",
        "It was {cite:p}`Yu2021liver.",
        "It was {result}'studies.count|value'.",
        "It was so.{evidence}’yechemi-41, echemi-18’",
        "It was {result} “studies.count”.",
        "| a | b |\n| --- | --- |\n| {result}'x' | y |",
        ":::{note}\nIt was {cite:t}´Yu2021liver´.\n:::",
        "- It was {certainty}\n  `pool.x`.",
        "It was {reslut}'studies.count'.",
    ],
)
def test_a_role_needs_backticks(place: Repository, line: str) -> None:
    said = problems(line, place)
    assert len(said) == 1 and "needs backticks right behind its brace; write {" in said[0], said
    assert said[0].startswith(
        f"chapters/x.md:{3 + line[: line.index('{', line.index('It') if 'It' in line else 0)].count(chr(10))} "
    )


@pytest.mark.parametrize(
    "text",
    [
        "It was {result}`studies.count` {cite:p}`Yu2021liver`.",
        "Write ``{result}`name` `` or `{result}`.",
        "```text\n{cite:p}‘Yu’\n```",
        "In words.[^1]\nThe spread is $\\tau^2$, and $\\tau^2 = 0$ means none.\n\n$$\ny = 2x + 3\n$$\n\n[^1]: A remark.",
        "H{sub}`2`O and m{sup}`2`, in {math}`x^2`.",
        'See [the explorer](explorer.md), <https://example.org/a?b=1&c=2>, [mail](mailto:a@example.org) and <a href="x.html">x</a>.',
        "![A curve](curve.png)",
        "```{figure} curve.png\n:name: fig-x\n:alt: A curve\n\nThe caption.\n```",
        "```{literalinclude} ../listing.py\n```",
        "> ```text\n> x\n> ```\n\n- one\n\n  :::{note}\n  two\n  :::\n\n````text\n```\n````",
        "% a remark to the author <script>",
        "A p < 0.05, and 3 <4.",
        "At 3:result: 5, {download}`the listing <../listing.py>`, ask [a@example.org](mailto:a@example.org) of {x: y}.",
        "$\\frac{\\hat{\\theta}}{2} \\le \\text{data}$",
    ],
)
def test_what_a_chapter_may_hold(place: Repository, text: str) -> None:
    assert problems(text, place) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "Words <script src=x></script> words",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        '<a href="java&#115;cript:alert(1)">x</a>',
        '<a href="x.html" onclick="alert(1)">x</a>',
        "<br onclick=alert(1)>",
        "<svg/onload=alert(1)>",
        "<iframe src=https://example.org></iframe>",
        "<style>body { display: none }</style>",
        "<!--><script>alert(1)</script>-->",
        "<!-- a remark -->",
        "<b>bold</b>",
        "``\n\n<script>alert(1)</script>\n\n``",
        ":::{note}\n<script>alert(1)</script>\n:::",
        "::::{div}\n:::{note}\n<img src=x onerror=alert(1)>\n:::\n::::",
        "- a\n\n  <object data=x></object>",
        "| a |\n| --- |\n| <img src=x onerror=alert(1)> |",
        "<div\nonclick=alert(1)",
        "```{raw} html\n<script>alert(1)</script>\n```",
        "```{eval-rst}\n.. raw:: html\n\n   <script>alert(1)</script>\n```",
        ":::{raw} html\nx\n:::",
        "{raw-html}`<script>`",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,x)",
        "[x](//evil.example.org/)",
        "[x][y]\n\n[y]: vbscript:x",
        "<javascript:alert(1)>",
        "[x](https://example.org/){onclick=alert(1)}",
        "![x](curve.png){onerror=alert(1)}",
        "```{card} x\n:link: javascript:alert(1)\n```",
        "```{literalinclude} /etc/passwd\n```",
        "```{literalinclude} ../../../../etc/passwd\n```",
        "```{literalinclude} ../.git/config\n```",
        "```{include} ../listing.py\n```",
        "```{csv-table}\n:file: /etc/passwd\n```",
        "```{csv-table}\n:url: file:///etc/passwd\n```",
        "```{code-block} python\n---\nfile: /etc/passwd\n---\n```",
        "{download}`x <../../../../etc/passwd>`",
        "{download}`/.git/config`",
        "$\\href{javascript:alert(1)}{x}$",
        "$$\n\\style{position:fixed}{x}\n$$",
        "```{math}\n\\require{html}\n```",
        "{math}`\\class{x}{y}`",
        "It was so { cite:p}`Yu2021liver`.",
        "It was so ｛cite:p｝`Yu2021liver`.",
        "It was so :cite:p:`Yu2021liver`.",
        "It was so [@Yu2021liver].",
        "![x](https://example.org/x.png)",
        "![x](../../../etc/passwd)",
        "Hidden\u200b words",
        "Turned \u202e words",
        "Cafe\u0301",
    ],
)
def test_what_is_hostile_is_refused_with_a_cure(place: Repository, text: str) -> None:
    said = problems(text, place)
    assert said and all("; " in line and line.startswith("chapters/x.md:") for line in said), said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("![A](<a curve.png>)", "chapters/x.md:3 picture: a curve.png has a space or sign in its name"),
        ("![A](a%20curve.png)", "rename the file, as a-curve.png, and the picture with it"),
        ("![A](cruve.png)", "chapters/x.md:3 picture: cruve.png is not there; did you mean curve.png?"),
        ("```{image} cruve.png\n```", "chapters/x.md:3 picture: cruve.png is not there"),
        ("```{admoniton} x\n```", "directive: admoniton is no directive of the book; did you mean admonition?"),
        ("{reslt}`x`", "role: reslt is no role of the book; did you mean result?"),
        ("{result}` `", "role: result says nothing"),
        ("```{literalinclude} listing.py\n```", "literalinclude: listing.py is not there"),
        (
            "```{note}\nopen\n\n## What follows\n",
            "chapters/x.md:3 block: ```{note} is not closed, and holds all that follows",
        ),
        ("::::{note}\n:::{tip}\nHi\n:::\n\nWhat follows", "x.md:3 block: ::::{note} is not closed"),
        ("- one\n\n  ```text\n  x", "x.md:5 block: ```text is not closed"),
        ("# Again", "chapters/x.md:3 heading: # Again is a second title of the page; begin it with ##"),
    ],
)
def test_a_slip_is_named_with_its_cure(place: Repository, text: str, said: str) -> None:
    assert any(said in line for line in problems(text, place)), problems(text, place)


def numbers(text: str) -> list[str]:
    return [problem.value for problem in check_numbers(text, "x.md")]


@pytest.mark.parametrize(
    "text",
    [
        "As said before.[^1] And here.[^12]\n\n[^1]: A remark in words.\n[^12]: Another.\n",
        "The spread is $\\tau^2$, and $\\tau^2 = 0$ means none.",
        "$$\ny = 2x + 3\n$$\n",
        "$$y = 2x + 3$$ (eq-a)\n",
        "```{math}\ny = 2x\n```\n",
        "H{sub}`2`O and CO₂ and 10⁹ is m{sup}`2`.".replace("10⁹ is ", ""),
        "A phase 2/3 trial, alive at three years, two hazard ratios, one trial, `jiang-12`, `livrev add 12345.ris`.",
        "Second, both arms and the third question.",
    ],
)
def test_these_are_no_numbers_of_evidence(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("As said, 12 responded.[^1]", "12"),
        ("[^1]: Of these, 12 responded.", "12"),
        ("Twelve of forty patients responded.", "Twelve of forty"),
        ("One in five patients died.", "One in five"),
        ("A response was seen in twenty-three patients.", "twenty-three patients"),
        ("Six hundred and ten patients were treated.", "Six hundred and ten patients"),
        ("Half of the patients responded.", "Half of the"),
        ("Two-thirds of them died.", "Two-thirds of them"),
        ("It grew twice as fast.", "twice as"),
        ("The median was seven months.", "seven months"),
        ("It fell by thirty per cent.", "thirty per cent"),
        ("In ½ of all.", "½"),
        ("The ratio was `0.70`.", "0.70"),
        ("The ratio was `HR 0.70 (0.50 to 0.98)`.".replace(" (0.50 to 0.98)", ""), "HR 0.70"),
        ("They were `12 of 40`.", "12 of 40"),
        ("They were `30 %`.", "30 %"),
        ("The ratio was $0.70$.", "0.70"),
        ("It was $30\\%$ then.", "30\\%"),
        ("It was $12/40$ then.", "12/40"),
    ],
)
def test_these_are_typed_all_the_same(text: str, value: str) -> None:
    found = numbers(text)
    assert any(value in one or one.rstrip("`$") in value for one in found), found


def test_a_row_of_a_table_has_the_cells_of_its_head(place: Repository) -> None:
    table = "| a | b | c |\n|---|---|---|\n| x | {result}`y\\|value` | z |\n| x | y |\n| x | y | z | w |\n"
    short, long = problems(table, place)
    assert short.startswith(
        "chapters/x.md:6 table: | x | y | has 2 cells under a head of 3; give it a cell for each column"
    )
    assert long.startswith("chapters/x.md:7 table: ") and "has 4 cells" in long
