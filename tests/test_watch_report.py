"""The report is the text of an issue: complete, short enough, and nothing in it acts as markup."""

import datetime

import pytest
from markdown_it import MarkdownIt

from livrev.records.search_log import Search
from livrev.update.report import Look, Looked, Ran, write_report

DAY = datetime.date(2026, 2, 1)
SEARCH = Search(search="a", service="PubMed", question="cress", query="cress", written_on=DAY)
ROW = {
    "record": "pmid-1", "title": "Cress", "year": "2026", "authors": "Doe J", "journal": "Letters", "score": "0.912",
    "why": "cress (+);lawn (-)", "same_as": "", "trial_of": "", "address": "https://pubmed.ncbi.nlm.nih.gov/1/",
}  # fmt: skip


def test_a_quiet_month_needs_nobody() -> None:
    look = Look(DAY, ran=[Ran(SEARCH, "D1", DAY, 3, 3, counts=True)], candidates=[ROW | {"same_as": "references:x"}])
    assert not look.needs_a_person and look.whole
    assert write_report(look, waiting=0).startswith("# Watch of 2026-02-01: 0 new candidates, 0 notices\n")


@pytest.mark.parametrize(
    "title",
    [
        "<img src=x onerror=alert(1)> cress", "[cress](https://evil.example)", "@everyone fixes #1", "**cress** `x` ~~y~~",
        "![x](https://evil.example/a.png)", "cress | lawn", "<!-- hidden -->", "\\[x\\](y)",
    ],
)  # fmt: skip
def test_a_title_is_shown_as_it_is(title: str) -> None:
    row = ROW | {"title": title, "journal": title, "authors": title}
    text = write_report(Look(DAY, candidates=[row]), waiting=1)
    [line] = [line for line in text.splitlines() if line.startswith("1. ")]
    assert "@" not in line and "<" not in line
    tokens = [child for token in MarkdownIt().parse(line) for child in token.children or []]
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    assert links == ["https://pubmed.ncbi.nlm.nih.gov/1/"]
    assert not {"image", "html_inline", "code_inline"} & {token.type for token in tokens}
    assert sum(token.type == "strong_open" for token in tokens) == 1  # the score
    assert title in "".join(token.content for token in tokens if token.type in ("text", "text_special"))


def test_the_gravest_notice_is_first_and_a_failure_before_all() -> None:
    rows = [("B", "correction"), ("A", "concern"), ("C", "retracted"), ("D", "none")]
    looked = [Looked(key, f"10.1/{key}", "none", {"state": state, "note": "n"}, state != "none") for key, state in rows]
    look = Look(DAY, looked_up=looked, references=4, failed=["PubMed: cannot be reached"])
    text = write_report(look, waiting=0)
    places = [
        text.index(part) for part in ("cannot be reached", "**Retracted**: C", "concern**: A", "**Corrected**: B")
    ]
    assert places == sorted(places)
    assert "(https://doi.org/10.1/C)" in text and "10.1/D" not in text
    assert "answered for 4 of 4 references" in text


def test_however_much_is_found_it_fits_into_an_issue() -> None:
    rows = [ROW | {"record": f"pmid-{n}", "title": "*" * 3000, "journal": "_" * 3000} for n in range(3000)]
    look = Look(DAY, candidates=rows, failed=["x" * 5000] * 3)
    text = write_report(look, waiting=3000)
    assert len(text) < 65_000
    assert "more in `data/search/candidates.csv`" in text and "Nothing of this is part of the review" in text
