"""References come back out of BibTeX, RIS and CSL-JSON as readers that we did not write read them."""

import io
import json

import bibtexparser
import pytest
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from pybtex.database import parse_string

from livrev.exports.references import split_names, to_bibtex, to_csl_json, to_ris
from livrev.paths import Repository
from livrev.records.review import Review, load_review

STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-GB">
  <info><title>Plain</title><id>plain</id><updated>2026-01-15T00:00:00+00:00</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography><layout suffix=".">
    <names variable="author"><name initialize-with=". " name-as-sort-order="all"/></names>
    <date variable="issued" prefix=" (" suffix=") "><date-part name="year"/></date>
    <text variable="title" suffix=". "/><text variable="container-title"/><text variable="DOI" prefix=", "/>
  </layout></bibliography>
</style>
"""


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Doe, Jane", ["Doe, Jane"]),
        ("Doe, Jane and Roe, Max and others", ["Doe, Jane", "Roe, Max"]),
        ("{Association of Cress and Water} and Doe, Jane", ["{Association of Cress and Water}", "Doe, Jane"]),
        ("Anderson, Band", ["Anderson, Band"]),
    ],
)
def test_names_are_parted(field: str, names: list[str]) -> None:
    assert split_names(field) == names


def test_bibtex_is_read_by_two_readers(real_review: Review) -> None:
    text = to_bibtex(real_review)
    assert [entry.key for entry in bibtexparser.parse_string(text).entries] == list(real_review.references)
    entries = parse_string(text, "bibtex").entries
    assert {k.lower() for k in entries} == {key.lower() for key in real_review.references}


def test_ris_is_read_by_rispy_and_survives_the_way(real_review: Review) -> None:
    records = rispy.loads(to_ris(real_review))
    assert [record["id"] for record in records] == list(real_review.references)
    again = rispy.loads(rispy.dumps(records))
    assert [r.get("doi") for r in again] == [r.get("doi") for r in records]
    for record, reference in zip(records, real_review.references.values(), strict=True):
        assert record.get("doi", "") == reference.plain("doi")
        assert record.get("year", "") == str(reference.year or "")
        assert len(record["authors"]) == len(split_names(reference.fields["author"]))
        assert record["title"]


def test_csl_json_is_set_by_citeproc(review: Review) -> None:
    items = json.loads(to_csl_json(review))
    assert items[2] == {
        "id": "Roe2019trial", "type": "article-journal", "title": "A trial of cress",
        "author": [{"family": "Roe", "given": "Max"}, {"family": "Doe", "given": "Jane"}],
        "issued": {"date-parts": [[2019]]}, "container-title": "Garden Letters", "DOI": "10.1234/trial", "PMID": "1234567",
    }  # fmt: skip
    style = CitationStylesStyle(io.BytesIO(STYLE.encode()), validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    printed = [str(entry) for entry in bibliography.bibliography()]
    assert len(printed) == 3 and "Roe, M." in printed[2] and "(2019)" in printed[2] and "Garden Letters" in printed[2]


def test_every_reference_of_the_review_is_a_csl_item(real_review: Review) -> None:
    items = json.loads(to_csl_json(real_review))
    source = CiteProcJSON(items)
    assert len(source) == len(items) == len(real_review.references)
    assert all(name.get("family") or name.get("literal") for item in items for name in item["author"])
    assert not [item["id"] for item in items if "{" in json.dumps(item["title"]) or "\\" in item["title"]]


CHAPTER = """
@incollection{Zoe2020chapter,
  author = {Leek, Jr., Max and {Cress and Water Group}},
  editor = {Roe, Bo},
  title = {{A chapter}},
  booktitle = {{The book}},
  year = {2020},
}
"""


def test_a_chapter_keeps_its_editor_and_a_name_its_suffix(repository: Repository) -> None:
    with repository.references.open("a", encoding="utf-8") as file:
        file.write(CHAPTER)
    review = load_review(repository)
    item = next(item for item in json.loads(to_csl_json(review)) if item["id"] == "Zoe2020chapter")
    assert item["author"] == [{"family": "Leek", "given": "Max", "suffix": "Jr."}, {"literal": "Cress and Water Group"}]
    assert (item["type"], item["editor"]) == ("chapter", [{"family": "Roe", "given": "Bo"}])
    entry = rispy.loads(to_ris(review))[-1]
    assert (entry["type_of_reference"], entry["authors"], entry["secondary_authors"]) == (
        "CHAP", ["Leek, Max, Jr.", "Cress and Water Group"], ["Roe, Bo"],
    )  # fmt: skip
