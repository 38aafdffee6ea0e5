"""A look-up puts together what several services say, and reads a page that no service knows."""

from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from service_answers import (
    CROSSREF_WORK,
    DOI,
    EUROPEPMC_RESULT,
    JATS,
    as_json,
    crossref,
    esearch,
    europepmc,
    pubmed_xml,
)
from test_ingest_files import HTML, a_pdf
from werkzeug import Response

from livrev.sources.lookup import Lookup, NotUnderstood, Request, merge, read_request
from livrev.sources.publication import Notice, Publication, Section
from livrev.sources.services import ClinicalTrials, Crossref, EuropePMC, PubMed, WebPages
from livrev.sources.transport import RatePolicy, ServiceFailed

QUICK = RatePolicy(interval=0.0, attempts=1)


@pytest.fixture
def services(httpserver: HTTPServer) -> Lookup:
    base = httpserver.url_for("/").rstrip("/")
    clients = (kind(base, policy=QUICK) for kind in (PubMed, EuropePMC, Crossref, ClinicalTrials))
    return Lookup(*clients, WebPages(policy=QUICK, loopback=True))  # type: ignore[arg-type]


def serve(httpserver: HTTPServer, path: str, body: str | bytes | int, type_: str = "application/json") -> None:
    made = Response(status=body) if isinstance(body, int) else Response(body, content_type=type_)
    httpserver.expect_request(path).respond_with_response(made)


def test_a_page_without_doi_is_read_itself(httpserver: HTTPServer, services: Lookup) -> None:
    page = HTML.replace("citation_doi", "nothing")
    serve(httpserver, "/page", page.encode("cp1252", "xmlcharrefreplace"), "text/html; charset=windows-1252")
    found = services.fetch(Request("address", httpserver.url_for("/page")))
    assert found.service == "web page" and found.address == httpserver.url_for("/page")
    assert found.authors[0].family == "Müller-Grün" and "0.71" in found.text


def test_a_page_with_a_doi_gets_what_is_registered_and_keeps_its_text(httpserver: HTTPServer, services: Lookup) -> None:
    serve(httpserver, "/page", HTML, "text/html")
    serve(httpserver, "/search", as_json(europepmc()))
    serve(httpserver, "/esearch.fcgi", as_json(esearch()))
    serve(httpserver, f"/works/{DOI}", as_json(crossref(CROSSREF_WORK)))
    found = services.fetch(Request("address", httpserver.url_for("/page")))
    assert found.service == "Crossref, web page" and found.publisher == "The Kitchen Press"
    assert any("0.71 (95% CI 0.52-0.97)" in section.text for section in found.body)


def test_a_page_whose_doi_nobody_can_look_up_is_still_read(httpserver: HTTPServer, services: Lookup) -> None:
    serve(httpserver, "/page", HTML, "text/html")
    for path in ("/search", "/esearch.fcgi", f"/works/{DOI}"):
        serve(httpserver, path, 500)
    found = services.fetch(Request("address", httpserver.url_for("/page")))
    assert found.doi == DOI and "out of order" in str(services.failures[0])


def test_an_address_may_lead_to_a_pdf(httpserver: HTTPServer, services: Lookup) -> None:
    serve(httpserver, "/paper.pdf", a_pdf("Radish", "HR 0.71", title="On radish"), "text/html")
    found = services.fetch(Request("address", httpserver.url_for("/paper.pdf")))
    assert (found.title, found.service) == ("On radish", "PDF")


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02" * 50, b"<html><body></body></html>"])
def test_a_page_that_says_nothing_is_refused(httpserver: HTTPServer, services: Lookup, body: bytes) -> None:
    serve(httpserver, "/page", body, "text/html")
    with pytest.raises(ServiceFailed, match=r"web page: the answer .*; (get it again|save what you see)"):
        services.fetch(Request("address", httpserver.url_for("/page")))


def test_services_complete_each_other(httpserver: HTTPServer, services: Lookup) -> None:
    serve(httpserver, "/search", as_json(europepmc(EUROPEPMC_RESULT)))
    serve(httpserver, "/efetch.fcgi", pubmed_xml(), "text/xml")
    serve(httpserver, f"/works/{DOI}", as_json(crossref(CROSSREF_WORK)))
    serve(httpserver, "/PMC7654321/fullTextXML", JATS, "text/xml")
    said: list[str] = []
    services.report = said.append
    found = services.fetch(Request("doi", DOI))
    assert found.service == "PubMed, Europe PMC, Crossref, JATS"
    assert [section.label for section in found.abstract] == ["BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"]
    assert [section.label for section in found.body] == ["Results", "Harm"]
    assert said == [f"Europe PMC: {DOI}", "PubMed: 30000001", f"Crossref: {DOI}", "Europe PMC: full text of PMC7654321"]


def test_where_the_full_text_cannot_be_had_the_abstract_serves(httpserver: HTTPServer, services: Lookup) -> None:
    serve(httpserver, "/search", as_json(europepmc(EUROPEPMC_RESULT)))
    serve(httpserver, "/efetch.fcgi", pubmed_xml(), "text/xml")
    serve(httpserver, f"/works/{DOI}", as_json(crossref(CROSSREF_WORK)))
    serve(httpserver, "/PMC7654321/fullTextXML", JATS[:900], "text/xml")
    found = services.fetch(Request("pmid", "30000001"))
    assert found.body == () and "not well-formed XML" in str(services.failures[0])


def test_where_all_fail_all_are_named(httpserver: HTTPServer, services: Lookup) -> None:
    for path in ("/search", "/esearch.fcgi", f"/works/{DOI}"):
        serve(httpserver, path, 503)
    with pytest.raises(ServiceFailed, match=r"nobody could say \(Europe PMC: .*; PubMed: .*; Crossref: .*\)"):
        services.fetch(Request("doi", DOI))


def test_one_notice_told_by_two_is_one() -> None:
    one = Publication("T", notices=(Notice("retraction", "RetractionIn", "10.1/a", "7"),))
    other = Publication(
        "T", notices=(Notice("retraction", "retraction", "10.1/A", date="2022-01-05"), Notice("concern", "c", "10.1/b"))
    )
    assert [notice.kind for notice in merge(one, other).notices] == ["retraction", "concern"]
    assert merge(Publication("T"), Publication("U", abstract=(Section("", "x"),))).abstract == (Section("", "x"),)


@pytest.mark.parametrize(
    ("word", "kind", "value"),
    [
        ("10.1038/s41591-020-1131-x", "doi", "10.1038/s41591-020-1131-x"),
        ("doi:10.1016/S1470-2045(25)00209-8", "doi", "10.1016/S1470-2045(25)00209-8"),
        ("https://doi.org/10.1038/s41591-020-1131-x", "doi", "10.1038/s41591-020-1131-x"),
        ("https://dx.doi.org/10.1016/S1470-2045%2825%2900209-8", "doi", "10.1016/S1470-2045(25)00209-8"),
        ("32405063", "pmid", "32405063"),
        ("PMID: 32405063", "pmid", "32405063"),
        ("https://pubmed.ncbi.nlm.nih.gov/32405063/", "pmid", "32405063"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/32405063", "pmid", "32405063"),
        ("https://europepmc.org/article/MED/32405063", "pmid", "32405063"),
        ("pmc7245309", "pmcid", "PMC7245309"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC7245309/", "pmcid", "PMC7245309"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7245309/", "pmcid", "PMC7245309"),
        ("nct03434379", "nct", "NCT03434379"),
        ("doi.org/10.1038/s41591-020-1131-x", "doi", "10.1038/s41591-020-1131-x"),
        ("https://clinicaltrials.gov/ct2/show/NCT03434379", "nct", "NCT03434379"),
        ("https://www.example.org/NCT03434379", "address", "https://www.example.org/NCT03434379"),
        ("https://clinicaltrials.gov/study/NCT03434379?term=x", "nct", "NCT03434379"),
        ("https://www.example.org/news/10.1038/x", "address", "https://www.example.org/news/10.1038/x"),
        ("<https://example.org>", "address", "https://example.org"),
    ],
)
def test_what_can_be_typed(word: str, kind: str, value: str) -> None:
    assert read_request(word) == Request(kind, value)  # type: ignore[arg-type]


def test_a_file_that_is_there_goes_before_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("32405063").write_text("x", encoding="utf-8")
    assert read_request("32405063").kind == "file"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("", "nothing was asked for"),
        ("radish", "radish: not understood; give a DOI"),
        ("paper.pdf", "there is no such file"),
        ("a/b.xml", "there is no such file, and it is no DOI"),
        ("b.nbib", "there is no such file, and it is no DOI"),
        ("https:///b", "is no address; correct it"),
        ("file:///etc/passwd", "file: addresses are not read"),
        ("FILE:/etc/passwd", "file: addresses are not read"),
        ("gopher://example.org", "only http and https addresses are read"),
        ("/", "is a folder; give one file of it"),
        ("123456789", "not understood"),
    ],
)
def test_what_cannot(word: str, said: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read_request(word)
    assert said in str(caught.value)
