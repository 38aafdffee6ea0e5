"""One line of a chapter shows a figure or table of the engine: numbered, with its words, its data and its code."""

import re

import pytest
from building import build_again
from small_review import add_pool

from livrev.paths import Repository
from livrev.site.build import BuildFailed

TABLE = "table-all-findings-of-the-founding-documents"


def test_one_line_shows_a_pool_a_figure_and_a_table(built: Repository, small_book: Repository) -> None:
    add_pool(built)
    built.config.write_text(built.config.read_text().replace("  config:\n", "  config:\n    numfig: true\n"))
    with (built.chapters / "methods.md").open("a") as chapter:
        chapter.write(
            "\n```{figure-of} pool.pain\n:name: fig-pain\n```\n\n```{figure-of} fig-verdicts\n```\n\n"
            f"```{{figure-of}} {TABLE}\n:caption: What was found\n:columns: verdict, statement\nconfirmed\n```\n\n"
            "```{figure-of} summary\n```\n\nSee {numref}`fig-pain`.\n"
        )
    build_again(built)
    settings = [(book.html / ".buildinfo").read_text(encoding="utf-8") for book in (built, small_book)]
    assert settings[0] == settings[1], "nothing of the book hangs on the folder in which it is built"
    page = (built.html / "chapters" / "methods.html").read_text()
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    pain, verdicts, found, summary = figures
    assert "Fig. 1" in pain and "mean difference" in pain and "fig-pool-pain.csv" in pain and ">Code<" in pain
    assert re.search(r'role="img" aria-label="[^"]*Roe 2019', pain) and "See" in page and 'href="#fig-pain"' in page
    assert "What was confirmed." in verdicts and (built.html / "_static" / "figures" / "fig-verdicts.csv").is_file()
    assert "Table 1" in found and "What was found" in found and "12 responded" in found
    assert re.findall(r'<th scope="col"[^>]*>(\w+)', found) == ["verdict", "statement"]
    assert "coached" not in found.lower(), "a row that does not begin with the line is left out"
    assert "Does cress ease pain?" in summary and "MD " in summary and "moderate" in summary


def test_what_is_not_there_fails_the_build_and_is_named(built: Repository) -> None:
    add_pool(built)
    asked = {
        "fig-verdict\n": "near it: fig-verdicts",
        "summary\nnone\n": "none: no pool with an appraisal",
        f"{TABLE}\n:columns: colour\n": "no column is called colour; there are",
        f"{TABLE}\nzebra\n": "no row begins with zebra",
        "answers\n:left: less\n# Pain\npool.pain | Cress\n": "answers lacks right",
    }
    with (built.chapters / "methods.md").open("a") as chapter:
        chapter.write("".join(f"\n```{{figure-of}} {one}```\n" for one in asked))
    with pytest.raises(BuildFailed) as failed:
        build_again(built)
    lines = [line for line in str(failed.value).splitlines() if "methods.md" in line]
    assert [said in line for said, line in zip(asked.values(), lines, strict=True)] == [True] * 5, lines
