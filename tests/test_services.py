"""Each service is read as its format says; a field that changed is named, never guessed."""

import datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from service_answers import (
    CROSSREF_WORK,
    DOI,
    EUROPEPMC_RESULT,
    JATS,
    RETRACTED,
    STUDY,
    as_json,
    crossref,
    crossref_list,
    esearch,
    europepmc,
    pubmed_xml,
)
from werkzeug import Request, Response

from livrev.sources.publication import Author, Notice, Publication, Section
from livrev.sources.services import ClinicalTrials, Crossref, EuropePMC, PubMed
from livrev.sources.transport import NotFound, RatePolicy, ServiceFailed

QUICK = RatePolicy(attempts=2, first_wait=0.01)
AUTHORS = (Author("Müller-Grün", "Ada B"), Author("Kitchen Garden Group", group=True))
TITLE = "Radish against leafoma: a randomised trial"


def serve(httpserver: HTTPServer, path: str, body: str | dict[str, Any], *more: dict[str, Any]) -> list[dict[str, str]]:
    """Let *path* answer with these bodies in turn; return the parameters of the requests."""
    bodies = [body, *more]
    seen: list[dict[str, str]] = []

    def answer(request: Request) -> Response:
        seen.append(dict(request.args))
        now = bodies[min(len(seen), len(bodies)) - 1]
        return Response(now if isinstance(now, str) else as_json(now), content_type="application/json")

    httpserver.expect_request(path).respond_with_handler(answer)
    return seen


def base(httpserver: HTTPServer) -> str:
    return httpserver.url_for("/").rstrip("/")


def check_radish(found: Publication) -> None:
    assert (found.title, found.year, found.journal) == (TITLE, 2021, "Journal of Kitchen Gardens")
    assert (found.volume, found.number, found.pages, found.doi) == ("12", "3", "289--295", DOI)
    assert [author.family for author in found.authors] == ["Müller-Grün", "Kitchen Garden Group"]
    assert [author.group for author in found.authors] == [False, True]


def test_pubmed(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", "k")
    monkeypatch.setenv("LIVREV_CONTACT", "gardener@example.org")
    seen = serve(httpserver, "/efetch.fcgi", pubmed_xml(notices=RETRACTED))
    found = PubMed(base(httpserver), policy=QUICK).get("30000001")
    check_radish(found)
    assert found.authors == AUTHORS
    assert (found.pmid, found.pmcid, found.nct) == ("30000001", "PMC7654321", ("NCT04567890",))
    assert [section.label for section in found.abstract] == ["BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"]
    assert "10^6 seeds" in found.abstract[1].text  # not 106
    assert found.kinds == ("Journal Article", "Randomized Controlled Trial")
    assert found.notices == (Notice("retraction", "RetractionIn", "10.5555/kitchen.2022.9", "30000002"),)
    asked = {"db": "pubmed", "id": "30000001", "retmode": "xml", "tool": "livrev", "email": "gardener@example.org"}
    assert seen == [asked | {"api_key": "k"}]


def test_pubmed_searches_since_a_day(httpserver: HTTPServer) -> None:
    seen = serve(httpserver, "/esearch.fcgi", esearch("30000001", count=7))
    serve(httpserver, "/efetch.fcgi", pubmed_xml())
    hits = PubMed(base(httpserver), policy=QUICK).search("radish", since=datetime.date(2026, 1, 2), limit=1)
    assert (hits.total, hits.all_taken, [found.pmid for found in hits.publications]) == (7, False, ["30000001"])
    assert (seen[0]["term"], seen[0]["mindate"], seen[0]["datetype"], seen[0]["retmax"]) == (
        "radish", "2026/01/02", "edat", "1",
    )  # fmt: skip


def test_pubmed_asks_for_long_lists_in_parts(httpserver: HTTPServer) -> None:
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.args["id"])
        return Response("<PubmedArticleSet></PubmedArticleSet>", content_type="text/xml")

    httpserver.expect_request("/efetch.fcgi").respond_with_handler(answer)
    assert PubMed(base(httpserver), policy=QUICK).fetch([str(n) for n in range(1, 451)]) == []
    assert [len(ids.split(",")) for ids in asked] == [200, 200, 50]


def test_pubmed_without_the_record(httpserver: HTTPServer) -> None:
    serve(httpserver, "/efetch.fcgi", "<PubmedArticleSet></PubmedArticleSet>")
    with pytest.raises(NotFound, match="PubMed: has no such record"):
        PubMed(base(httpserver), policy=QUICK).get("1")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<html><body>maintenance</body></html>", "is no PubmedArticleSet, but <html>"),
        (pubmed_xml()[:900], "is not well-formed XML"),
        (pubmed_xml(title=""), "PMID 30000001 has no title"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><PubmedArticleSet>&b;</PubmedArticleSet>', "declares entities of its own"),
    ],
)
def test_pubmed_answers_something_else(httpserver: HTTPServer, body: str, said: str) -> None:
    serve(httpserver, "/efetch.fcgi", body)
    with pytest.raises(ServiceFailed, match=f"PubMed: the answer .*{said}"):
        PubMed(base(httpserver), policy=QUICK).get("30000001")


def test_europe_pmc(httpserver: HTTPServer) -> None:
    seen = serve(httpserver, "/search", europepmc(EUROPEPMC_RESULT))
    found = EuropePMC(base(httpserver), policy=QUICK).get(pmcid="PMC7654321")
    check_radish(found)
    assert found.abstract == (
        Section("Background", "Nobody knew whether radish helps."),
        Section("Results", "HR 0.71 (p < 0.05), 10^6 seeds."),
    )
    assert found.open_text and (found.pmid, found.pmcid) == ("30000001", "PMC7654321")
    assert seen[0]["query"] == "PMCID:PMC7654321" and seen[0]["resultType"] == "core"


def test_europe_pmc_turns_pages(httpserver: HTTPServer) -> None:
    first = europepmc(EUROPEPMC_RESULT, mark="next", total=2)
    seen = serve(httpserver, "/search", first, europepmc(EUROPEPMC_RESULT | {"pmid": "2"}, mark="next", total=2))
    hits = EuropePMC(base(httpserver), policy=QUICK).search("radish", since=datetime.date(2026, 1, 2))
    assert [found.pmid for found in hits.publications] == ["30000001", "2"] and hits.all_taken
    assert [asked["cursorMark"] for asked in seen] == ["*", "next"]
    assert seen[0]["query"] == "(radish) AND FIRST_IDATE:[2026-01-02 TO 3000-12-31]"


def test_europe_pmc_has_the_full_text(httpserver: HTTPServer) -> None:
    serve(httpserver, "/PMC7654321/fullTextXML", JATS)
    found = EuropePMC(base(httpserver), policy=QUICK).full_text("PMC7654321")
    check_radish(found)
    assert found.body == (
        Section("Results", "Of 30 patients on radish, 9 of 30 (30%) had an objective response."),
        Section("Harm", "Nobody died."),
    )
    assert [section.label for section in found.abstract] == ["Background", "Results"]


def test_crossref(httpserver: HTTPServer) -> None:
    updates = {"DOI": "10.5555/kitchen.2022.9", "type": "retraction", "updated": {"date-time": "2022-01-05T00:00:00Z"}}
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.environ["REQUEST_URI"])
        return Response(as_json(crossref(CROSSREF_WORK | {"updated-by": [updates]})), content_type="application/json")

    httpserver.expect_request(f"/works/{DOI}").respond_with_handler(answer)
    found = Crossref(base(httpserver), policy=QUICK).get(DOI)
    check_radish(found)
    assert asked == ["/works/10.5555%2Fkitchen.2021.0289"]
    assert found.abstract == (Section("Results", "HR 0.71."),)
    assert found.notices == (Notice("retraction", "retraction", "10.5555/kitchen.2022.9", date="2022-01-05"),)


def test_crossref_finds_notices_that_only_point(httpserver: HTTPServer) -> None:
    own = {"DOI": "10.5555/kitchen.2022.9", "type": "correction", "updated": {"date-time": "2022-01-05T00:00:00Z"}}
    concern = CROSSREF_WORK | {
        "DOI": "10.5555/concern",
        "title": ["Concern"],
        "update-to": [
            {"DOI": DOI.upper(), "type": "expression_of_concern", "updated": {"date-time": "2023-02-01T00:00:00Z"}}
        ],
    }
    serve(httpserver, f"/works/{DOI}", crossref(CROSSREF_WORK | {"updated-by": [own]}))
    seen = serve(httpserver, "/works", crossref_list(concern))
    notices = Crossref(base(httpserver), policy=QUICK).notices(DOI)
    assert [(notice.kind, notice.doi, notice.date) for notice in notices] == [
        ("correction", "10.5555/kitchen.2022.9", "2022-01-05"),
        ("concern", "10.5555/concern", "2023-02-01"),
    ]
    assert seen[0]["filter"] == f"updates:{DOI}"


def test_crossref_with_a_changed_field(httpserver: HTTPServer) -> None:
    serve(httpserver, f"/works/{DOI}", crossref(CROSSREF_WORK | {"title": "Radish"}))
    with pytest.raises(
        ServiceFailed, match=r"has another form than it used to: title is no list .*; try again later; if it stays"
    ):
        Crossref(base(httpserver), policy=QUICK).get(DOI)


@pytest.mark.parametrize(
    "body", ['{"status":"ok","message":{"DOI":"10.5555/kitchen.2021.0289"}}', "[]", "null", '"no"']
)
def test_crossref_with_a_field_that_went(httpserver: HTTPServer, body: str) -> None:
    serve(httpserver, f"/works/{DOI}", body)
    with pytest.raises(ServiceFailed, match=r"Crossref: the answer (lacks|has another form)"):
        Crossref(base(httpserver), policy=QUICK).get(DOI)


def test_clinicaltrials(httpserver: HTTPServer) -> None:
    serve(httpserver, "/studies/NCT04567890", STUDY)
    found = ClinicalTrials(base(httpserver), policy=QUICK).get("NCT04567890")
    assert (found.title, found.year) == ("A Randomised Trial of Radish Against Water in Leafoma", 2020)
    assert found.authors == (Author("The Kitchen Garden", group=True),)
    assert (found.nct, found.registry, found.kinds) == (("NCT04567890",), True, ("INTERVENTIONAL", "PHASE2"))
    assert Section("Enrolment", "60 participants (estimated)") in found.abstract
    assert Section("Primary outcome", "Overall survival, 24 months") in found.abstract


def test_clinicaltrials_turns_pages(httpserver: HTTPServer) -> None:
    first = {"totalCount": 2, "studies": [STUDY], "nextPageToken": "t"}
    seen = serve(httpserver, "/studies", first, {"studies": [STUDY]})
    hits = ClinicalTrials(base(httpserver), policy=QUICK).search("radish", since=datetime.date(2026, 1, 2))
    assert (hits.total, len(hits.publications)) == (2, 2)
    assert seen[1]["pageToken"] == "t"
    assert seen[0]["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-01-02,MAX]"
