"""Only a plain address of the web gets into a record; what could break out of a page is refused by field, value and cure."""

import json
from pathlib import Path

import pytest
from service_answers import EUROPEPMC_RESULT, europepmc
from test_add import run, state_of

from livrev.paths import Repository
from livrev.sources.files import FileNotRead, read_file
from livrev.sources.publication import Unreadable, read_address

RIS = "TY  - JOUR\nAU  - Beet, Ada\nTI  - On radish\nPY  - 2020\nUR  - {}\nER  - \n"
BIBTEX = "@misc{{x,\n  author = {{Beet, Ada}},\n  title = {{On radish}},\n  year = 2020,\n  url = {{{}}}\n}}\n"
CSL = '[{{"type": "webpage", "title": "On radish", "author": [{{"family": "Beet", "given": "A"}}], "URL": "{}"}}]'


@pytest.mark.parametrize(
    ("values", "address"),
    [
        (["https://a.example/b?c=d&e=f#g"], "https://a.example/b?c=d&e=f#g"),
        (["https://a.example/b;https://c.example/d"], "https://a.example/b"),
        (["https://a.example/b https://c.example/d"], "https://a.example/b"),
        (["https://a.example/b;jsessionid=1"], "https://a.example/b;jsessionid=1"),
        (["<Go to ISI>://WOS:000123", "https://a.example/"], "https://a.example/"),
        (["internal-pdf://1/a.pdf"], ""),
        (["<https://a.example/b>"], "https://a.example/b"),
        (["10.5555/x", "doi:10.5555/x", "N/A", "", None], ""),
        (["www.a.example/b?c=d", "30000001"], ""),
        (["https://a.example/頁"], "https://a.example/%E9%A0%81"),
    ],
)
def test_what_is_taken(values: list[str | None], address: str) -> None:
    assert read_address("UR", values) == address


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ('https://a.b.org/"onmouseover="alert(1)', 'holds ", which no address does; delete it, or write %22'),
        ("https://a.b.org/'onmouseover='alert(1)", "holds ', which no address does; delete it, or write %27"),
        ("https://a.b.org/<script>", "holds <, which no address does"),
        ("https://a.b.org/c onmouseover=alert(1)", "holds a space or control character (U+0020)"),
        ("https://a.b.org/`id`", "holds `, which no address does"),
        ("https://a.b.org/\\x", "holds \\, which no address does"),
        ("https://me:secret@a.b.org/", "holds a name or password before the host; delete what stands before the @"),
        ("https://", "names no host"),
        ("https://127.0.0.1/x", "leads to the number 127.0.0.1"),
        ("javascript:alert(1)", "begins with javascript:; write an address that begins with http:// or https://"),
        ("JavaScript:alert(1)", "begins with javascript:"),
        ("data:text/html,<script>", "holds <"),
        ("file:///etc/passwd", "begins with file:"),
        ("ftp://a.b.org/c", "begins with ftp:"),
        ('x" onmouseover="y', "holds a space or control character"),
        ("//evil.example.org/", "names no scheme"),
    ],
)
def test_what_is_refused(value: str, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_address("UR", ["https://good.example/", value])
    assert str(caught.value).startswith(f"UR: {value} {why}") and "; " in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "field"), [(RIS, 5, "UR"), (BIBTEX, 5, "url"), (CSL, 1, "URL")], ids=["ris", "bibtex", "csl"]
)
def test_a_file_with_such_an_address_is_refused_by_its_line(tmp_path, text: str, line: int, field: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "it"
    path.write_text(text.format("https://a.b.org/'onmouseover='alert(1)"), encoding="utf-8")
    with pytest.raises(FileNotRead) as caught:
        read_file(path)
    assert str(caught.value).startswith(f"{path}:{line}: {field}: https://a.b.org/'onmouseover=")
    path.write_text(text.format("https://a.b.org/onmouseover"), encoding="utf-8")
    assert read_file(path).address == "https://a.b.org/onmouseover"


@pytest.mark.parametrize("text", [RIS, BIBTEX, CSL], ids=["ris", "bibtex", "csl"])
def test_nothing_of_a_hostile_file_gets_into_the_review(repository: Repository, tmp_path: Path, text: str) -> None:
    path = tmp_path / "it"
    path.write_text(text.format("https://a.b.org/'onmouseover='alert(1)"), encoding="utf-8")
    before = state_of(repository)
    result = run(repository, "add", path)
    assert result.exit_code == 1 and "holds ', which no address does; delete it, or write %27" in result.stderr
    assert state_of(repository) == before


def test_an_address_from_a_saved_answer_is_looked_at_too(repository: Repository, tmp_path: Path) -> None:
    path = tmp_path / "it.json"
    result = EUROPEPMC_RESULT | {"id": '1" onmouseover="alert(1)', "doi": "", "pmid": ""}
    path.write_text(json.dumps(europepmc(result)), encoding="utf-8")
    assert run(repository, "add", path).exit_code == 0
    assert "onmouseover" not in "".join(
        file.read_text(encoding="utf-8") for file in [repository.references, *repository.drafts.glob("*")]
    )
