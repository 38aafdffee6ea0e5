"""References in JSON: CSL-JSON of every taste, and answers of services that somebody saved."""

import json
from typing import Any

import pytest
from service_answers import CROSSREF_WORK, DOI, EUROPEPMC_RESULT, STUDY, crossref, crossref_list, europepmc

from livrev.sources.files import read_bytes
from livrev.sources.json_records import read_study
from livrev.sources.publication import Author, Publication, Unreadable
from livrev.text.quantities import find_quantities

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


def test_a_day_and_an_author_as_plain_text() -> None:
    found = read(ITEM | {"issued": "2018-05-01", "author": ["Beet, Ada"]})
    assert (found.year, found.authors) == (2018, (Author("Beet", "Ada"),))


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
    lite = {"id": "1", "source": "MED", "title": "On radish.", "authorString": "Beet A, van de Roe B, Garden Group.", "journalTitle": "GL",
            "issue": "3", "journalVolume": "12", "pubYear": "2021", "pageInfo": "1-2"}  # fmt: skip
    found = read(europepmc(lite))
    assert found.authors == (Author("Beet", "A"), Author("van de Roe", "B"), Author("Garden Group", group=True))
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
    for other in ({"what": "is this"}, {"title": "Of OpenAlex", "authorships": []}, {"data": {"attributes": {}}}):
        with pytest.raises(Unreadable, match=r"JSON and holds no references of a kind that is read; give CSL-JSON, or"):
            read(other)
    with pytest.raises(Unreadable, match=r"is an answer of Crossref that lacks message.DOI"):
        read(crossref({k: v for k, v in CROSSREF_WORK.items() if k != "DOI"}))


GROUPS = [{"id": "OG000", "title": "Radish"}, {"id": "OG001", "title": "Water"}]
SIZES = [
    {"units": "Participants", "counts": [{"groupId": "OG000", "value": "30"}, {"groupId": "OG001", "value": "28"}]}
]
SURVIVAL: dict[str, Any] = {
    "type": "PRIMARY", "title": "Overall Survival", "timeFrame": "24 months", "paramType": "MEDIAN",
    "dispersionType": "95% Confidence Interval", "unitOfMeasure": "months", "groups": GROUPS, "denoms": SIZES,
    "classes": [{"categories": [{"measurements": [
        {"groupId": "OG000", "value": "12.1", "lowerLimit": "10.0", "upperLimit": "14.2"},
        {"groupId": "OG001", "value": "NA", "comment": "Not reached"},
    ]}]}],
    "analyses": [{"groupIds": ["OG000", "OG001"], "paramType": "Hazard Ratio (HR)", "paramValue": "0.71", "ciPctValue": "95",
                  "ciNumSides": "TWO_SIDED", "ciLowerLimit": "0.52", "ciUpperLimit": "0.97", "pValue": "0.03"}],
}  # fmt: skip
RESPONSE = {
    "title": "Objective Response", "paramType": "COUNT_OF_PARTICIPANTS", "unitOfMeasure": "Participants", "groups": GROUPS,
    "denoms": SIZES, "classes": [{"categories": [{"measurements": [{"groupId": "OG000", "value": "9"}]}]}],
}  # fmt: skip
RATE = {
    "title": "Rate of Control", "paramType": "NUMBER", "unitOfMeasure": "percentage of participants", "groups": GROUPS,
    "denoms": SIZES, "dispersionType": "90% Confidence Interval",
    "classes": [{"title": "Week 12", "categories": [{"measurements": [
        {"groupId": "OG001", "value": "20.5", "lowerLimit": "9.1", "upperLimit": "36.5"}]}]}],
}  # fmt: skip
HARM = {
    "eventGroups": [
        {
            "title": "Radish",
            "deathsNumAffected": 3,
            "deathsNumAtRisk": 30,
            "seriousNumAffected": 1,
            "seriousNumAtRisk": 30,
        }
    ]
}


def results() -> list[tuple[str, str]]:
    section = {"outcomeMeasuresModule": {"outcomeMeasures": [SURVIVAL, RESPONSE, RATE]}, "adverseEventsModule": HARM}
    return [(s.place, s.text) for s in read_study(STUDY | {"resultsSection": section}).body]


def test_each_result_has_its_line_and_its_place() -> None:
    assert results() == [
        ("registry results, Overall Survival, group Radish",
         "Overall Survival, Radish (n = 30): median 12.1 months (95% CI 10.0 to 14.2)."),
        ("registry results, Overall Survival, comparison",
         "Overall Survival, Radish versus Water: hazard ratio 0.71 (95% CI 0.52 to 0.97), p=0.03."),
        ("registry results, Objective Response, group Radish", "Objective Response, Radish (n = 30): 9 of 30 participants."),
        ("registry results, Rate of Control, part Week 12, group Water",
         "Rate of Control, Week 12, Water (n = 28): 20.5% (90% CI 9.1 to 36.5)."),
        ("registry results, adverse events, group Radish", "Radish: 3 of 30 participants died of any cause."),
        ("registry results, adverse events, group Radish", "Radish: 1 of 30 participants had serious adverse events."),
    ]  # fmt: skip


def test_the_lines_can_be_read_by_the_reader_of_sentences() -> None:
    lines = [text for _, text in results()]
    median = next(q for q in find_quantities(lines[0]) if q.kind == "median")
    assert (median.value, median.low, median.high, median.unit) == (12.1, 10.0, 14.2, "months")
    ratio = next(q for q in find_quantities(lines[1]) if q.kind == "HR")
    assert (ratio.value, ratio.low, ratio.high, ratio.level, ratio.p) == (0.71, 0.52, 0.97, 95, "0.03")
    share = next(q for q in find_quantities(lines[2]) if q.kind == "proportion")
    assert (share.events, share.total) == (9, 30)


def test_a_study_without_results_has_none() -> None:
    assert read_study(STUDY).body == ()
