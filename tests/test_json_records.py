"""References in JSON: CSL-JSON of every taste, and answers of services that somebody saved."""

import json
from typing import Any

import pytest
from service_answers import CROSSREF_WORK, DOI, EUROPEPMC_RESULT, STUDY, crossref, crossref_list, europepmc

from livrev.sources.files import read_bytes
from livrev.sources.publication import Author, Publication, Unreadable

ITEM = {
    "type": "article-journal",
    "title": "On radish",
    "author": [{"family": "Beet", "given": "A.B."}],
    "container-title": "GL",
}


def read(data: Any) -> Publication:
    return read_bytes(json.dumps(data).encode())


@pytest.mark.parametrize("wrap", [lambda i: i, lambda i: [i], lambda i: {"items": [i]}], ids=["one", "list", "items"])
def test_an_item(wrap: Any) -> None:
    found = read(
        wrap(ITEM | {"issued": {"date-parts": [["2020", 5]]}, "page": "3–7", "container-title": ["Garden Letters"]})
    )
    assert (found.title, found.year, found.journal, found.pages) == ("On radish", 2020, "Garden Letters", "3--7")
    assert found.authors == (Author("Beet", "A. B."),)


def test_a_chapter_has_its_book_and_its_editor() -> None:
    found = read(
        [ITEM | {"type": "chapter", "editor": [{"family": "Leek", "given": "Max"}], "publisher": "Garden Press"}]
    )
    assert (found.booktitle, found.journal, found.editors) == ("GL", "", (Author("Leek", "Max"),))


def test_suffix_particles_and_bodies() -> None:
    people = [
        {"family": "Leek", "given": "Max", "suffix": "Jr."},
        {"family": "Roe", "given": "Bo", "non-dropping-particle": "van de"},
        {"literal": "Garden Group"},
        {"family": "Garden Study Group"},
    ]
    assert read([ITEM | {"author": people}]).authors == (
        Author("Leek", "Max", suffix="Jr."), Author("van de Roe", "Bo"),
        Author("Garden Group", group=True), Author("Garden Study Group", group=True),
    )  # fmt: skip


@pytest.mark.parametrize("fields", [{"PMID": "30000001"}, {"note": "PMID: 30000001\nPMCID: PMC9"}, {"PMID": 30000001}])
def test_a_pmid_of_its_own_or_in_a_note(fields: dict[str, Any]) -> None:
    assert read([ITEM | fields]).pmid == "30000001"


@pytest.mark.parametrize(
    "data",
    [
        crossref(CROSSREF_WORK), CROSSREF_WORK, crossref_list(CROSSREF_WORK), europepmc(EUROPEPMC_RESULT), EUROPEPMC_RESULT,
    ],
    ids=["crossref", "crossref-work", "crossref-list", "europepmc", "europepmc-result"],
)  # fmt: skip
def test_a_saved_answer_is_read_as_the_service_is(data: Any) -> None:
    found = read(data)
    assert (found.title, found.doi, found.year) == ("Radish against leafoma: a randomised trial", DOI, 2021)
    assert (found.journal, found.pages) == ("Journal of Kitchen Gardens", "289--295") and len(found.authors) == 2


def test_the_short_answer_of_europe_pmc() -> None:
    lite = {"id": "1", "source": "MED", "title": "On radish.", "authorString": "Beet A, van de Roe B.", "journalTitle": "GL",
            "issue": "3", "journalVolume": "12", "pubYear": "2021", "pageInfo": "1-2"}  # fmt: skip
    found = read(europepmc(lite))
    assert found.authors == (Author("Beet", "A"), Author("van de Roe", "B"))
    assert (found.journal, found.volume, found.number, found.pages) == ("GL", "12", "3", "1--2")


@pytest.mark.parametrize("data", [STUDY, {"studies": [STUDY]}, [STUDY]])
def test_a_saved_trial(data: Any) -> None:
    found = read(data)
    assert found.registry and found.nct == ("NCT04567890",)


def test_a_chapter_at_crossref_and_a_paper_of_a_meeting() -> None:
    work = CROSSREF_WORK | {"container-title": ["The book"], "type": "book-chapter"}
    assert (read(work).booktitle, read(work).journal) == ("The book", "")
    assert read(work | {"type": "proceedings-article"}).booktitle == "The book"


def test_several_or_something_else_is_refused() -> None:
    with pytest.raises(Unreadable, match="Crossref and holds 2 references; give a file with one"):
        read(crossref_list(CROSSREF_WORK, CROSSREF_WORK))
    with pytest.raises(Unreadable, match="CSL-JSON and holds no references"):
        read({"what": "is this"})
    with pytest.raises(Unreadable, match=r"is an answer of Crossref that lacks message.DOI"):
        read(crossref({k: v for k, v in CROSSREF_WORK.items() if k != "DOI"}))
