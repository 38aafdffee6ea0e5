"""JATS of every house: without declaration, with bodies, names in one piece, subtitles, and results in tables."""

import pytest
from service_answers import JATS

from livrev.sources.files import read_bytes
from livrev.sources.publication import Author, Publication

TABLE = """<table-wrap><label>Table 2.</label><caption><p>Efficacy</p></caption><table>
<thead><tr><th rowspan="2">Endpoint</th><th colspan="2">Radish (n = 30)</th><th>Radish v water</th></tr>
<tr><th>Median, months (95% CI)</th><th>Events</th><th>HR (95% CI)</th></tr></thead>
<tbody><tr><td colspan="4">All patients</td></tr>
<tr><td>Overall survival</td><td>12.1 (10.0–14.2)</td><td>9</td><td>0.71 (0.52–0.97)</td></tr>
<tr><td>Grew</td><td>—</td><td>NR</td><td>not done</td></tr></tbody></table></table-wrap>"""


def read(text: str) -> Publication:
    return read_bytes(text.encode())


def contributors(xml: str) -> tuple[Author, ...]:
    start, end = JATS.index("<contrib-group>"), JATS.index("</contrib-group>")
    return read(JATS[:start] + "<contrib-group>" + xml + JATS[end:]).authors


def test_neither_declaration_nor_type_is_needed() -> None:
    bare = JATS[JATS.index("<article ") :]
    for text in (bare, "<!DOCTYPE article SYSTEM 'x.dtd'>\n" + bare, "<!-- saved <p>by hand</p> -->\n" + bare):
        assert read(text).title == "Radish against leafoma: a randomised trial"
    assert read(f"<pmc-articleset>{bare}</pmc-articleset>").doi == "10.5555/kitchen.2021.0289"


def test_characters_by_name_are_kept() -> None:
    text = JATS.replace("Nobody knew", "IFN-&gamma;&nbsp;&ge;&thinsp;3 and &amp; nobody knew")
    for xml in (text, text[text.index("<article ") :]):
        assert read(xml).abstract[0].text.startswith("IFN-γ ≥ 3 and & nobody knew")


@pytest.mark.parametrize(
    ("xml", "author"),
    [
        ("<name><surname>Beet</surname><given-names>Ada M.L.</given-names><suffix>Jr</suffix></name>",
         Author("Beet", "Ada M. L.", suffix="Jr")),
        ("<name><surname>Roe</surname><given-names>Bo</given-names><prefix>van der</prefix></name>", Author("van der Roe", "Bo")),
        ("<name><surname>Roe</surname><given-names>Bo</given-names><prefix>Dr</prefix></name>", Author("Roe", "Bo")),
        ("<string-name><surname>Beet</surname>, <given-names>Ada</given-names></string-name>", Author("Beet", "Ada")),
        ("<string-name>Bo van der Roe</string-name>", Author("van der Roe", "Bo")),
        ("<name-alternatives><name><surname>Beet</surname><given-names>Ada</given-names></name></name-alternatives>",
         Author("Beet", "Ada")),
        ("<collab>Garden Group<contrib-group><contrib contrib-type='author'><name><surname>In</surname></name></contrib>"
         "</contrib-group></collab>", Author("Garden Group", group=True)),
        ("<collab><institution>Garden Group</institution></collab>", Author("Garden Group", group=True)),
    ],
)  # fmt: skip
def test_who_wrote_it(xml: str, author: Author) -> None:
    assert contributors(f'<contrib contrib-type="author">{xml}</contrib>') == (author,)


@pytest.mark.parametrize(("title", "printed"), [("Radish.", "Radish: A trial"), ("Radish?", "Radish? A trial")])
def test_a_subtitle_belongs_to_the_title(title: str, printed: str) -> None:
    start, end = JATS.index("<title-group>"), JATS.index("</title-group>")
    group = f"<title-group><article-title>{title}</article-title><subtitle>A trial.</subtitle>"
    assert read(JATS[:start] + group + JATS[end:]).title == printed


def test_a_result_in_a_table_is_a_line_with_its_place() -> None:
    start, end = JATS.index("<table-wrap>"), JATS.index("</table-wrap>") + len("</table-wrap>")
    found = [section for section in read(JATS[:start] + TABLE + JATS[end:]).body if section.place]
    assert [(section.place, section.text) for section in found] == [
        (
            "table 2, row 2 Overall survival, column 2 Radish (n = 30), Median, months …",
            "All patients, Overall survival, Radish (n = 30), Median, months: median 12.1 months (95% CI 10.0 to 14.2).",
        ),
        (
            "table 2, row 2 Overall survival, column 3 Radish (n = 30), Events",
            "All patients, Overall survival, Radish (n = 30), Events: 9.",
        ),
        (
            "table 2, row 2 Overall survival, column 4 Radish v water, HR (95% CI)",
            "All patients, Overall survival, Radish v water, HR: HR 0.71 (95% CI 0.52 to 0.97).",
        ),
    ]
