"""What a stranger can write into a record never becomes more than words and plain links in a page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from pybtex.richtext import HRef, Tag, Text
from small_review import replace, set_cell

from livrev.cli import main
from livrev.paths import Repository
from livrev.records.safe_text import allowed_address, as_attribute, fault_of
from livrev.show.tables import Link
from livrev.show.views.cards import Card
from livrev.site.citations import SafeHtml
from livrev.site.rendering import render
from livrev.site.tooltips import _note

HOSTILE = [
    'https://a.b.org/"onmouseover="alert(1)',
    "https://a.b.org/'onmouseover='alert(1)",
    "https://a.b.org/ onmouseover=alert(1)",
    "https://a.b.org/><script>alert(1)</script>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example.org/",
    "https://user:word@example.org/",
    "https://[::1/",
    "http:\\\\example.org",
    "https://exa\u202emple.org/",
]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


def tags_in(html: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    links = _Links()
    links.feed(html)
    return links.tags


def harmless(html: str) -> bool:
    """Tell whether *html* runs nothing and leads only where a page may lead."""
    return all(
        tag != "script" and not any(name.startswith("on") for name, _ in attrs)
        and all(allowed_address(value or "") or value == "#" for name, value in attrs if name in ("href", "src"))
        for tag, attrs in tags_in(html)
    )  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_no_hostile_address_is_written(address: str) -> None:
    card = Card("key", "Head", (("Reference", Link("words", address)),), address)
    for html in (
        f'<a href="{as_attribute(address)}">x</a>',
        HRef(address, "words").render(SafeHtml()),
        render("card.html", cards=[card], number=1, root=""),
        _note("anchor", "words", address, "In the references"),
    ):
        assert harmless(html), html
    assert fault_of(address) is not None


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=1&c=2#d", "http://example.org/(x)", "../x/y.html#z", "#place", "mailto:a@b.org"],
)
def test_a_plain_address_is_written_as_it_is(address: str) -> None:
    assert tags_in(f'<a href="{as_attribute(address)}">x</a>') == [("a", [("href", address)])]


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"onload="x', "a & b < c"])
def test_the_words_of_a_reference_are_escaped(words: str) -> None:
    assert tags_in(Text(words, Tag("em", words)).render(SafeHtml())) == [("em", [])]


@pytest.mark.parametrize(
    "host",
    ["www-nejm-org.libproxy.example.edu", "proxy.example.org", "stg.example.org", "www.staging2.example.org", "dev.example.org",
     "journal-dev1.example.org", "qa.example.org", "site.vercel.app", "example.weglot.io", "main-abc.eu.platformsh.site"],
)  # fmt: skip
def test_no_reader_is_sent_to_a_proxy_or_to_a_copy_of_a_site(host: str) -> None:
    fault = fault_of(f"https://{host}/a")
    assert fault is not None and f"leads to {host}, a proxy, a mirror or a copy" in fault[0]


@pytest.mark.parametrize(
    "host", ["www.moph.gov.qa", "developer.example.org", "stages.example.org", "www.example.dev", "aqa.org"]
)
def test_a_public_host_is_one(host: str) -> None:
    assert fault_of(f"https://{host}/a") is None


def check(repository: Repository) -> str:
    result = CliRunner().invoke(main, ["--root", str(repository.root), "check"])
    assert result.exit_code == 1, result.output
    return result.stdout


@pytest.mark.parametrize("address", [one for one in HOSTILE if "\t" not in one and not one.startswith(" ")])
def test_the_bibliography_refuses_it(repository: Repository, address: str) -> None:
    replace(repository.references, "  year = {2018},", f"  year = {{2018}},\n  url = {{{address}}},")
    assert re.search(r"^references\.bib:1[34] (?:url|text): ", check(repository), re.MULTILINE)


@pytest.mark.parametrize("address", HOSTILE)
@pytest.mark.parametrize("table", ["studies", "outcomes"])
def test_a_table_refuses_it(repository: Repository, table: str, address: str) -> None:
    set_cell(repository, table, 0, "address", address)
    assert f"data/{table}.csv:2 address: " in check(repository)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (
            "title",
            "{{A \\href{javascript:alert(1)}{trial}}}",
            "holds the command \\href; write the words; the address goes into url",
        ),
        ("title", "{{A trial \\url{https://example.org/}}}", "holds the command \\url"),
        ("note", "{\\input{/etc/passwd}}", "holds the command \\input"),
        ("title", "{{A <script>alert(1)</script> trial}}", "holds HTML; write plain words"),
        ("journal", "{Cress <img src=x onerror=alert(1)>}", "holds HTML"),
        ("author", "{Roe, <b>Max</b>}", "holds HTML"),
        ("doi", '{10.1234/"onmouseover="x}', "is not well formed; write the bare DOI"),
        ("title", "{{A tri\u202eal}}", "holds a character that turns the direction"),
    ],
)
def test_a_field_of_the_bibliography_holds_words(repository: Repository, field: str, value: str, said: str) -> None:
    text = repository.references.read_text(encoding="utf-8")
    head, _, rest = text.partition("@article{Poe2018cohort,\n")
    entry = rest.partition("\n}")[0]
    changed = re.sub(rf"^  {field} = .*\n", "", entry + "\n", flags=re.MULTILINE) + f"  {field} = {value},"
    repository.references.write_text(
        f"{head}@article{{Poe2018cohort,\n{changed}" + rest.removeprefix(entry), encoding="utf-8"
    )
    assert said in check(repository), check(repository)


def test_the_package_loads_no_pickle() -> None:
    package = Path(str(__import__("livrev").__file__)).parent
    assert [
        path
        for path in package.rglob("*.py")
        if re.search(r"\bpickle\b.*load|load.*\bpickle\b|import pickle", path.read_text())
    ] == []
