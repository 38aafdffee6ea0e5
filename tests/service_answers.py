"""Answers in the published format of each service, about papers that do not exist; every word is ours."""

import json
from typing import Any

# PubMed: https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd
PUBMED_ARTICLE = """<PubmedArticle>
  <MedlineCitation Status="MEDLINE" Owner="NLM">
    <PMID Version="1">{pmid}</PMID>
    <Article PubModel="Print-Electronic">
      <Journal>
        <ISSN IssnType="Electronic">1234-5678</ISSN>
        <JournalIssue CitedMedium="Internet">
          <Volume>12</Volume><Issue>3</Issue>
          <PubDate><Year>2021</Year><Month>Mar</Month></PubDate>
        </JournalIssue>
        <Title>Journal of Kitchen Gardens</Title>
        <ISOAbbreviation>J Kitch Gard</ISOAbbreviation>
      </Journal>
      <ArticleTitle>{title}</ArticleTitle>
      <Pagination><MedlinePgn>289-95</MedlinePgn></Pagination>
      <ELocationID EIdType="doi" ValidYN="Y">{doi}</ELocationID>
      <Abstract>
        <AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">
          Nobody knew whether radish helps in leafoma.</AbstractText>
        <AbstractText Label="METHODS" NlmCategory="METHODS">
          We gave 60 patients radish or water, at 10<sup>6</sup> seeds a day.</AbstractText>
        <AbstractText Label="RESULTS" NlmCategory="RESULTS">
          Overall survival was longer with radish (HR 0.71; 95% CI 0.52-0.97; p=0.03).
          Of 30 patients on radish, 9 of 30 (30%) had an objective response.</AbstractText>
        <AbstractText Label="CONCLUSIONS" NlmCategory="CONCLUSIONS">Radish is worth a larger trial.</AbstractText>
      </Abstract>
      <AuthorList CompleteYN="Y">
        <Author ValidYN="Y"><LastName>Müller-Grün</LastName><ForeName>Ada B</ForeName><Initials>AB</Initials></Author>
        <Author ValidYN="Y"><CollectiveName>Kitchen Garden Group</CollectiveName></Author>
      </AuthorList>
      <Language>eng</Language>
      <DataBankList CompleteYN="Y"><DataBank><DataBankName>ClinicalTrials.gov</DataBankName>
        <AccessionNumberList><AccessionNumber>NCT04567890</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
      <PublicationTypeList>
        <PublicationType UI="D016428">Journal Article</PublicationType>
        <PublicationType UI="D016449">Randomized Controlled Trial</PublicationType>
      </PublicationTypeList>
    </Article>
    {notices}
  </MedlineCitation>
  <PubmedData>
    <ArticleIdList>
      <ArticleId IdType="pubmed">{pmid}</ArticleId>
      <ArticleId IdType="doi">{doi}</ArticleId>
      <ArticleId IdType="pmc">PMC7654321</ArticleId>
    </ArticleIdList>
  </PubmedData>
</PubmedArticle>
"""
RETRACTED = """<CommentsCorrectionsList>
  <CommentsCorrections RefType="RetractionIn">
    <RefSource>J Kitch Gard. 2022 Jan;13(1):9. doi: 10.5555/kitchen.2022.9.</RefSource><PMID Version="1">30000002</PMID>
  </CommentsCorrections>
  <CommentsCorrections RefType="Cites"><RefSource>Another</RefSource><PMID>1</PMID></CommentsCorrections>
</CommentsCorrectionsList>"""
_HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
TITLE = "Radish against <i>leafoma</i>: a randomised trial."
DOI = "10.5555/kitchen.2021.0289"


def pubmed_xml(pmid: str = "30000001", *, title: str = TITLE, doi: str = DOI, notices: str = "") -> str:
    """Return what efetch answers for one article."""
    article = PUBMED_ARTICLE.format(pmid=pmid, title=title, doi=doi, notices=notices)
    return f"{_HEAD}<PubmedArticleSet>{article}</PubmedArticleSet>\n"


def esearch(*pmids: str, count: int | None = None) -> dict[str, Any]:
    """Return what esearch answers."""
    found = {
        "count": str(len(pmids) if count is None else count),
        "retmax": "20",
        "retstart": "0",
        "idlist": list(pmids),
    }
    return {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": found}


def europepmc(*results: dict[str, Any], mark: str = "", total: int | None = None) -> dict[str, Any]:
    """Return what the search of Europe PMC answers."""
    answer: dict[str, Any] = {"version": "6.9", "hitCount": len(results) if total is None else total}
    return answer | ({"nextCursorMark": mark} if mark else {}) | {"resultList": {"result": list(results)}}


EUROPEPMC_RESULT: dict[str, Any] = {
    "id": "30000001",
    "source": "MED",
    "pmid": "30000001",
    "pmcid": "PMC7654321",
    "doi": DOI,
    "title": "Radish against <i>leafoma</i>: a randomised trial.",
    "authorList": {
        "author": [
            {"fullName": "Müller-Grün AB", "firstName": "Ada B", "lastName": "Müller-Grün", "initials": "AB"},
            {"collectiveName": "Kitchen Garden Group"},
        ]
    },
    "journalInfo": {
        "issue": "3",
        "volume": "12",
        "yearOfPublication": 2021,
        "journal": {"title": "Journal of Kitchen Gardens"},
    },
    "pubYear": "2021",
    "pageInfo": "289-295",
    "abstractText": "<h4>Background</h4>Nobody knew whether radish helps.<h4>Results</h4>HR 0.71 (p < 0.05), 10<sup>6</sup> seeds.",
    "language": "eng",
    "pubTypeList": {"pubType": ["Randomized Controlled Trial", "Journal Article"]},
    "isOpenAccess": "Y",
    "inEPMC": "Y",
}
CROSSREF_WORK: dict[str, Any] = {
    "DOI": DOI,
    "type": "journal-article",
    "title": ["Radish against <i>leafoma</i>: a randomised trial"],
    "author": [
        {"given": "Ada B.", "family": "Müller-Grün", "sequence": "first", "affiliation": []},
        {"name": "Kitchen Garden Group", "sequence": "additional", "affiliation": []},
    ],
    "container-title": ["Journal of Kitchen Gardens"],
    "published-print": {"date-parts": [[2021, 3]]},
    "issued": {"date-parts": [[2020, 12, 24]]},
    "volume": "12",
    "issue": "3",
    "page": "289-295",
    "publisher": "The Kitchen Press",
    "abstract": "<jats:title>Abstract</jats:title><jats:sec><jats:title>Results</jats:title><jats:p>HR 0.71.</jats:p></jats:sec>",
    "URL": f"https://doi.org/{DOI}",
}


def crossref(work: dict[str, Any]) -> dict[str, Any]:
    """Return what Crossref answers for one DOI."""
    return {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": work}


def crossref_list(*works: dict[str, Any], mark: str = "", total: int | None = None) -> dict[str, Any]:
    """Return what Crossref answers for a list of works."""
    message: dict[str, Any] = {"total-results": len(works) if total is None else total, "items": list(works)}
    message |= {"next-cursor": mark} if mark else {}
    return {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}


STUDY: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT04567890",
            "organization": {"fullName": "The Kitchen Garden", "class": "OTHER"},
            "briefTitle": "Radish in Leafoma",
            "officialTitle": "A Randomised Trial of Radish Against Water in Leafoma",
        },
        "statusModule": {
            "overallStatus": "NOT_YET_RECRUITING",
            "startDateStruct": {"date": "2021-01", "type": "ACTUAL"},
            "studyFirstPostDateStruct": {"date": "2020-09-29", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "The Kitchen Garden", "class": "OTHER"}},
        "descriptionModule": {"briefSummary": "Patients take radish or water."},
        "conditionsModule": {"conditions": ["Leafoma", "Leaf Tumour"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2"],
            "enrollmentInfo": {"count": 60, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [{"label": "Radish", "type": "EXPERIMENTAL", "description": "Raw, daily"}]
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "Overall survival", "timeFrame": "24 months"}]},
    },
    "hasResults": False,
}
JATS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving DTD v1.2//EN" "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" xml:lang="en">
<front><journal-meta><journal-title-group><journal-title>Journal of Kitchen Gardens</journal-title></journal-title-group></journal-meta>
<article-meta>
<article-id pub-id-type="pmid">30000001</article-id><article-id pub-id-type="pmc">7654321</article-id>
<article-id pub-id-type="doi">10.5555/kitchen.2021.0289</article-id>
<title-group><article-title>Radish against <italic>leafoma</italic>: a randomised trial</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Müller-Grün</surname><given-names>Ada B</given-names></name></contrib>
<contrib contrib-type="author"><collab>Kitchen Garden Group</collab></contrib>
<contrib contrib-type="editor"><name><surname>Nobody</surname></name></contrib></contrib-group>
<pub-date pub-type="epub"><year>2020</year></pub-date><pub-date pub-type="ppub"><year>2021</year></pub-date>
<volume>12</volume><issue>3</issue><fpage>289</fpage><lpage>295</lpage>
<abstract><sec><title>Background</title><p>Nobody knew whether radish helps in leafoma.</p></sec>
<sec><title>Results</title><p>Overall survival was longer with radish (HR 0.71; 95% CI 0.52-0.97).</p></sec></abstract>
</article-meta></front>
<body><sec><title>Results</title><p>Of 30 patients on radish, 9 of 30 (30%) had an objective response<xref ref-type="bibr">12</xref>.</p>
<table-wrap><table><tr><td>77</td></tr></table></table-wrap>
<sec><title>Harm</title><p>Nobody died.</p></sec></sec></body>
</article>
"""


def as_json(data: dict[str, Any]) -> str:
    """Return *data* as a service writes it."""
    return json.dumps(data, ensure_ascii=False)
