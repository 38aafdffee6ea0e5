"""Each tagged format, as the programs that write it write it; nothing of a reference is lost, and two are never run together."""

import pytest

from livrev.sources.files import read_bytes
from livrev.sources.publication import Author, Publication, Unreadable

FIRST = "AU  - Beet, Ada\nTI  - On radish\nPY  - 2020\n"


def ris(body: str, kind: str = "JOUR") -> Publication:
    return read_bytes(f"TY  - {kind}\n{body}ER  - \n".encode())


@pytest.mark.parametrize(
    ("lines", "journal"),
    [
        ("JF  - Garden Letters\nJO  - Gard Lett\nT2  - Gard\nJA  - G\n", "Garden Letters"),
        ("JO  - Gard Lett\nT2  - Gard\nJA  - G\n", "Gard Lett"),
        ("T2  - Gard\nJA  - G\n", "Gard"),
        ("JA  - G\n", "G"),
        ("J2  - Gard L\n", "Gard L"),
        ("JT  - Garden Letters\nJA  - G\n", "Garden Letters"),
    ],
)
def test_the_journal_stands_under_any_of_its_tags(lines: str, journal: str) -> None:
    assert ris(FIRST + lines).journal == journal


def test_as_mendeley_and_ovid_write_it() -> None:
    found = ris(
        "T1  - On radish\nA1  - Beet, Ada M.L.\nA1  - van der Leek, Bo\nY1  - 2012/05//\nJF  - Garden Letters\nVL  - 27\nIS  - 7\n"
        "SP  - 1276\nEP  - 1292\nN2  - The hazard ratio was 0.65\n   (95% CI 0.42-0.99).\nDO  - 10.5555/r.7\n"
    )
    assert found.authors == (Author("Beet", "Ada M. L."), Author("van der Leek", "Bo"))
    assert (found.title, found.year, found.volume, found.number, found.pages) == (
        "On radish",
        2012,
        "27",
        "7",
        "1276--1292",
    )
    assert found.abstract[0].text == "The hazard ratio was 0.65 (95% CI 0.42-0.99)."


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        ("N1  - PMID: 30000001\nN1  - PMCID: PMC30000009\n", "30000001"),
        ("UR  - https://pubmed.ncbi.nlm.nih.gov/30000001/\n", "30000001"),
        ("UR  - https://www.ncbi.nlm.nih.gov/pubmed/30000001\n", "30000001"),
        ("U1  - 30000001[pmid]\n", "30000001"),
        ("N1  - PubMed ID: 30000001; cited by 5\n", "30000001"),
        ("UR  - https://europepmc.org/article/MED/30000001\n", "30000001"),
        ("AN  - 30000001\nDB  - PubMed\n", "30000001"),
        ("AN  - 30000001\nDP  - NLM\n", "30000001"),
        ("C2  - 30000001\nDB  - Scopus\n", "30000001"),
        ("AN  - 2020-12345-001\nDB  - APA PsycInfo\n", ""),
        ("AN  - 30000001\nDB  - A database of its own\n", ""),
        ("VL  - 30000001\n", ""),
    ],
)
def test_a_pmid_is_read_where_it_is_said_to_be_one(lines: str, pmid: str) -> None:
    assert ris(FIRST + lines).pmid == pmid


@pytest.mark.parametrize(
    ("kind", "entry"), [("CHAP", "chapter"), ("ECHAP", "chapter"), ("CPAPER", "paper"), ("CONF", "paper")]
)
def test_what_holds_a_chapter_is_a_book_with_its_editor(kind: str, entry: str) -> None:
    found = ris(FIRST + "A2  - Leek, Max\nT2  - The book of leaves\nPB  - Garden Press\nSP  - 101\nEP  - 130\n", kind)
    assert (found.booktitle, found.journal, found.publisher) == ("The book of leaves", "", "Garden Press")
    assert found.editors == (Author("Leek", "Max"),) and found.authors == (Author("Beet", "Ada"),)


@pytest.mark.parametrize(
    ("kind", "journal"), [("RPRT", ""), ("THES", ""), ("MGZN", "Gard"), ("Journal Article", "Gard")]
)
def test_a_series_is_no_journal(kind: str, journal: str) -> None:
    assert ris(FIRST + "T2  - Gard\n", kind).journal == journal


def test_a_page_that_goes_on_has_no_last() -> None:
    assert ris(FIRST + "SP  - 720\nEP  - +\n").pages == "720"


def test_a_file_without_a_title_is_said_to_be_one() -> None:
    with pytest.raises(Unreadable, match="is RIS and holds no references"):
        read_bytes(b"AU  - Beet, Ada\nPY  - 2020\nJO  - G\nER  - \n")


def test_the_day_of_access_is_no_year() -> None:
    assert ris("AU  - Beet, Ada\nTI  - On radish\nY2  - 2021/06/01\n").year is None


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\n" + FIRST + "JO  - Gard Lett\n",  # cut off
        "TY  - JOUR\nTY  - JOUR\n" + FIRST + "JO  - Gard Lett\nER  - \n",
        "DB  - Any\n" + FIRST + "TY  - JOUR\nJO  - Gard Lett\nER  - \n",  # the type comes late
        "\n\nProvider: a library\nContent: text/plain\n\nTY  - JOUR\n" + FIRST + "JO  - Gard Lett\nER  - \n",
        "TY - JOUR\n" + FIRST.replace("  - ", " - ") + "JO - Gard Lett\nER - \n",
        "  TY  - JOUR\n  " + FIRST.replace("\n", "\n  ", 2) + "  JO  - Gard Lett\n  ER  -\n",
    ],
    ids=["no-end", "two-types", "type-late", "preface", "narrow", "indented"],
)
def test_what_is_not_quite_ris_is_read_all_the_same(text: str) -> None:
    found = read_bytes(text.encode())
    assert (found.authors, found.title, found.year, found.journal) == (
        (Author("Beet", "Ada"),),
        "On radish",
        2020,
        "Gard Lett",
    )


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\n" + FIRST + "\nTY  - JOUR\n" + FIRST + "ER  - \n",
        "TY  - JOUR\n" + FIRST + "ER  - \n" + FIRST + "ER  - \n",
        FIRST + "JO  - G\nER  - \n" + FIRST + "JO  - G\nER  - \n",
        FIRST + "JO  - G\n\n" + FIRST + "JO  - G\n",
        FIRST + "TY  - JOUR\nER  - \n" + FIRST + "TY  - JOUR\nER  - \n",
        "PMID- 1\nTI  - A\nAU  - Beet A\n\nPMID- 2\nTI  - B\nAU  - Leek M\n",
        "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI A\nER\n\nPT J\nTI B\nER\n\nEF\n",
        "%0 Journal Article\n%T A\n\n%0 Journal Article\n%T B\n",
        "%A Ada Beet\n%T A\n\n%A Max Leek\n%T B\n",
    ],
    ids=["ris", "one-type", "no-type", "no-end", "types-late", "medline", "wos", "enw", "enw-no-type"],
)
def test_two_references_are_never_run_together(text: str) -> None:
    with pytest.raises(Unreadable, match="holds 2 references; give a file with one"):
        read_bytes(text.encode())


MEDLINE = """PMID- 30000001
OWN - NLM
VI  - 12
IP  - 3
DP  - 2021 Mar
TI  - Radish against leafoma, told at such a length that the line must be
      broken: a randomised trial.
PG  - 289-95
LID - S0000-0000(21)00001-7 [pii]
LID - 10.5555/kitchen.1 [doi]
AB  - BACKGROUND: Nobody knew. METHODS AND FINDINGS: Sixty took part
      (HR 0.71). OS: no more.
FAU - Beet, Ada
AU  - Beet A
FAU - Leek, Max Jr
AU  - Leek M Jr
CN  - Kitchen Garden Group
LA  - eng
SI  - ClinicalTrials.gov/NCT04567890
PT  - Journal Article
PT  - Randomized Controlled Trial
RIN - J Kitch Gard. 2022;13(1):9. doi: 10.5555/kitchen.9. PMID: 30000002
MH  - *Radish
PMC - PMC7654321
JT  - Journal of Kitchen Gardens
TA  - J Kitch Gard
"""


def test_pubmed_s_own_download() -> None:
    found = read_bytes(MEDLINE.encode())
    assert (
        found.title == "Radish against leafoma, told at such a length that the line must be broken: a randomised trial"
    )
    assert found.authors == (
        Author("Beet", "Ada"), Author("Leek", "Max", suffix="Jr"), Author("Kitchen Garden Group", group=True),
    )  # fmt: skip
    assert (found.journal, found.year, found.volume, found.number, found.pages) == (
        "Journal of Kitchen Gardens", 2021, "12", "3", "289--95",
    )  # fmt: skip
    assert (found.doi, found.pmid, found.pmcid, found.nct) == (
        "10.5555/kitchen.1", "30000001", "PMC7654321", ("NCT04567890",),
    )  # fmt: skip
    assert [(s.label, s.text) for s in found.abstract] == [
        ("BACKGROUND", "Nobody knew."), ("METHODS AND FINDINGS", "Sixty took part (HR 0.71). OS: no more."),
    ]  # fmt: skip
    assert [(n.kind, n.doi, n.pmid, n.is_notice) for n in found.notices] == [
        ("retraction", "10.5555/kitchen.9", "30000002", False)
    ]
    assert found.kinds[1] == "Randomized Controlled Trial" and found.terms == ("Radish",)


WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Beet, A
   Leek, M
AF Beet, Ada
   Leek, Max
TI Radish against
   leafoma
SO GARDEN LETTERS
LA English
DT Article; Proceedings Paper
AB The hazard ratio
   was 0.71.
PY 2021
VL 41
IS 8
BP 1
EP 11
DI 10.5555/wos.1
PM 30000001
ER

EF
"""


def test_web_of_science() -> None:
    found = read_bytes(WOS.encode())
    assert found.authors == (Author("Beet", "Ada"), Author("Leek", "Max"))
    assert (found.title, found.journal, found.booktitle) == ("Radish against leafoma", "GARDEN LETTERS", "")
    assert (found.pages, found.doi, found.pmid) == ("1--11", "10.5555/wos.1", "30000001")
    assert found.abstract[0].text == "The hazard ratio was 0.71."
    assert read_bytes(WOS.partition("\n")[2].partition("\n")[2].replace("PT J", "\tPT J").encode()).title == found.title
    book = read_bytes(WOS.replace("PT J", "PT S").replace("SO ", "BE Roe, Bo\nCT The meeting\nSO ").encode())
    assert (book.booktitle, book.editors) == ("GARDEN LETTERS", (Author("Roe", "Bo"),))


ENW = """%0 Journal Article
%A Beet, Ada
%A Leek, Max
%D 2015
%T On radish
%J Garden Letters
%V 4
%P 11-19
%M 30000001
%W PubMed
%R 10.5555/enw.1
%X ER positive leaves
ER negative leaves: the odds ratio was 1.90 (95% CI 1.10-3.28).
"""


def test_endnote_s_own_text() -> None:
    found = read_bytes(ENW.encode())
    assert (found.title, found.journal, found.pages, found.pmid) == (
        "On radish",
        "Garden Letters",
        "11--19",
        "30000001",
    )
    assert found.abstract[0].text.startswith("ER positive leaves ER negative leaves: the odds")
    chapter = ENW.replace("Journal Article", "Book Section").replace("%J", "%E Roe, Bo\n%B")
    assert read_bytes(chapter.encode()).booktitle == "Garden Letters"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("RT Journal Article\nSR Electronic\nA1 Beet, Ada\nT1 On radish\n", "RefWorks tagged text"),
        ("PMID,Title,Authors,Citation,First Author,Journal/Book\n1,On radish,Beet A,x,y,z\n", "a table of references"),
        ('"Authors","Author full names","Author(s) ID","Title","Year"\n"Beet A.","b","1","On","2020"\n', "a table of references"),
        ("PT\tAU\tBA\tBE\tGP\tTI\nJ\tBeet\t\t\t\tOn radish\n", "a table of references"),
        ("1. Gard Lett. 2021 May 1;397(1):1-2. doi: 10.5555/x.\n\nOn radish.\n\nBeet A(1).\n", "PubMed's abstract or summary as text"),
        ("Record #1 of 1\nID: CN-0\nAU: Beet A\nTI: On radish\n", "the text of the Cochrane Library"),
        ("<1>\nUnique Identifier\n  1\nTitle\n  On radish.\n", "Ovid's text"),
        ("UI - 1\nAU - Beet\nTI - On\nSO - x\nAB - y\nPT - z\n", "tagged text of an unknown kind"),
        ("<xml><records><record><rec-number>1</rec-number></record></records></xml>", "EndNote XML"),
        ('<rdf:RDF xmlns:rdf="x"><a/></rdf:RDF>', "RDF (Zotero)"),
    ],
)  # fmt: skip
def test_other_formats_are_named_with_what_to_export(text: str, name: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_bytes(text.encode())
    assert (
        str(caught.value)
        == f"is {name}, which is not read; export the reference as RIS, BibTeX or CSL-JSON (from PubMed: .nbib)"
    )


def test_a_link_in_a_title_is_its_words() -> None:
    assert (
        ris("AU  - Beet, Ada\nTI  - On \\href{javascript:alert(1)}{radish} \\url{https://a.b}\n").title
        == "On radish https://a.b"
    )
