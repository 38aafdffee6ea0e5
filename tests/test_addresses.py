"""Only a plain address of the web gets into a record; what could break out of a page is refused by field, value and cure."""

import pytest

from livrev.sources.addresses import read_address
from livrev.sources.files import FileNotRead, read_file
from livrev.sources.publication import Unreadable

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
        (["https://例え.example/頁"], "https://例え.example/頁"),
    ],
)
def test_what_is_taken(values: list[str | None], address: str) -> None:
    assert read_address("UR", values) == address


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ('https://a.b/"onmouseover="alert(1)', "holds a quotation mark"),
        ("https://a.b/'onmouseover='alert(1)", "holds a quotation mark"),
        ("https://a.b/<script>", "holds an angle bracket"),
        ("https://a.b/c onmouseover=alert(1)", "holds a space"),
        ("https://a.b/`id`", "holds a backtick"),
        ("https://a.b/\\x", "holds a backslash"),
        ("https://me:secret@a.b/", "carries a user name or password"),
        ("https://", "names no host"),
        ("javascript:alert(1)", "has the scheme javascript:"),
        ("data:text/html,<script>", "has the scheme data:"),
        ("file:///etc/passwd", "has the scheme file:"),
        ("ftp://a.b/c", "has the scheme ftp:"),
        ('x" onmouseover="y', "is no address of the web"),
    ],
)
def test_what_is_refused(value: str, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_address("UR", ["https://good.example/", value])
    assert str(caught.value).startswith(f"UR: {value} {why}")
    assert str(caught.value).endswith("; delete or correct it, then add it again")


@pytest.mark.parametrize(
    ("text", "line", "field"), [(RIS, 5, "UR"), (BIBTEX, 5, "url"), (CSL, 1, "URL")], ids=["ris", "bibtex", "csl"]
)
def test_a_file_with_such_an_address_is_refused_by_its_line(tmp_path, text: str, line: int, field: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "it"
    path.write_text(text.format("https://a.b/'onmouseover='alert(1)"), encoding="utf-8")
    with pytest.raises(FileNotRead) as caught:
        read_file(path)
    assert str(caught.value).startswith(f"{path}:{line}: {field}: https://a.b/'onmouseover=")
    path.write_text(text.format("https://a.b/onmouseover"), encoding="utf-8")
    assert read_file(path).address == "https://a.b/onmouseover"
