"""Files as PubMed's baseline has them (pubmed_250101.dtd), every word in them invented."""

import gzip
import random
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet SYSTEM "http://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>
"""
TAIL = "</PubmedArticleSet>\n"
_SYLLABLES = [consonant + vowel for consonant in "bdklmnr" for vowel in "aeiou"]
_LABELS = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")


def make_words(seed: int, count: int) -> list[str]:
    """Return *count* invented words."""
    chance = random.Random(seed)
    return ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5))) for _ in range(count)]


WORDS = make_words(7, 6000)
NAMES = [word.title() for word in make_words(8, 2000)]


def make_article(
    pmid: int,
    *,
    title: str = "",
    abstract: str = "",
    mesh: tuple[str, ...] = (),
    version: int = 1,
    doi: str | None = None,
    nct: str = "",
    year: int = 2024,
    corrections: str = "",
    chance: random.Random | None = None,
) -> str:
    """Return one PubmedArticle. What is not given is invented from *chance*, about as long as a record of PubMed is."""
    draw = chance or random.Random(pmid)
    title = title or _sentence(draw, 12).capitalize()
    parts = (
        f"<AbstractText>{abstract}</AbstractText>"
        if abstract
        else "".join(
            f'<AbstractText Label="{label}" NlmCategory="{label}">{_sentence(draw, 50)} ({draw.randint(1, 99)}%; '
            f"95% CI {draw.random():.2f}-{draw.random() + 1:.2f}).</AbstractText>"
            for label in _LABELS
        )
    )
    authors = "".join(
        f'<Author ValidYN="Y"><LastName>{draw.choice(NAMES)}</LastName><ForeName>{draw.choice(NAMES)}</ForeName>'
        f"<Initials>{chr(65 + draw.randrange(26))}</Initials><AffiliationInfo><Affiliation>Department of {draw.choice(WORDS)}, "
        f"University of {draw.choice(NAMES)}, {draw.choice(NAMES)}.</Affiliation></AffiliationInfo></Author>"
        for _ in range(draw.randint(2, 9))
    )
    headings = "".join(_heading(term, draw) for term in mesh or (draw.choice(NAMES) for _ in range(9)))
    chemicals = "".join(
        f'<Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="D{draw.randrange(10**6):06}">'
        f"{draw.choice(NAMES)}</NameOfSubstance></Chemical>"
        for _ in range(3)
    )
    references = "".join(
        f"<Reference><Citation>{draw.choice(NAMES)} A. {_sentence(draw, 9)}. J {draw.choice(NAMES)}. 2019;{n}:1-9.</Citation>"
        f'<ArticleIdList><ArticleId IdType="pubmed">{draw.randrange(10**6, 10**7)}</ArticleId></ArticleIdList></Reference>'
        for n in range(draw.randint(0, 30))
    )
    doi = f"10.5555/{pmid}" if doi is None else doi
    place = f'<ELocationID EIdType="doi" ValidYN="Y">{escape(doi)}</ELocationID>' if doi else ""
    bank = (
        '<DataBankList CompleteYN="Y"><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>'
        f"<AccessionNumber>{nct}</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
        if nct
        else ""
    )
    ids = f'<ArticleId IdType="doi">{escape(doi)}</ArticleId>' if doi else ""
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" IndexingMethod="Automated" Owner="NLM">
<PMID Version="{version}">{pmid}</PMID><DateCompleted><Year>{year}</Year><Month>02</Month><Day>03</Day></DateCompleted>
<DateRevised><Year>{year}</Year><Month>02</Month><Day>03</Day></DateRevised>
<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">0000-0000</ISSN><JournalIssue CitedMedium="Internet">
<Volume>{draw.randint(1, 90)}</Volume><Issue>{draw.randint(1, 12)}</Issue><PubDate><Year>{year}</Year><Month>Jan</Month></PubDate>
</JournalIssue><Title>Journal of {draw.choice(NAMES)}</Title><ISOAbbreviation>J {draw.choice(NAMES)}</ISOAbbreviation></Journal>
<ArticleTitle>{title}</ArticleTitle><Pagination><StartPage>1</StartPage><EndPage>9</EndPage><MedlinePgn>1-9</MedlinePgn></Pagination>
{place}<Abstract>{parts}<CopyrightInformation>Nobody.</CopyrightInformation></Abstract>
<AuthorList CompleteYN="Y">{authors}</AuthorList><Language>eng</Language>{bank}
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>
<ArticleDate DateType="Electronic"><Year>{year}</Year><Month>01</Month><Day>09</Day></ArticleDate></Article>
<MedlineJournalInfo><Country>Nowhere</Country><MedlineTA>J Nowhere</MedlineTA><NlmUniqueID>0000000</NlmUniqueID>
<ISSNLinking>0000-0000</ISSNLinking></MedlineJournalInfo><ChemicalList>{chemicals}</ChemicalList>
<CitationSubset>IM</CitationSubset>{corrections}<MeshHeadingList>{headings}</MeshHeadingList>
<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">{draw.choice(WORDS)}</Keyword></KeywordList></MedlineCitation>
<PubmedData><History><PubMedPubDate PubStatus="pubmed"><Year>{year}</Year><Month>1</Month><Day>9</Day></PubMedPubDate></History>
<PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>{ids}</ArticleIdList>
<ReferenceList>{references}</ReferenceList></PubmedData></PubmedArticle>
"""


def _heading(term: str, draw: random.Random) -> str:
    name, _, qualifier = term.partition("/")
    more = f'<QualifierName UI="Q000001" MajorTopicYN="N">{qualifier}</QualifierName>' if qualifier else ""
    return (
        f'<MeshHeading><DescriptorName UI="D{draw.randrange(10**6):06}" MajorTopicYN="N">{escape(name)}</DescriptorName>'
        f"{more}</MeshHeading>"
    )


def _sentence(draw: random.Random, length: int) -> str:
    return " ".join(draw.choices(WORDS, k=length))


def delete_citations(*pmids: int) -> str:
    """Return the element by which an update file takes records back."""
    numbers = "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in pmids)
    return f"<DeleteCitation>{numbers}</DeleteCitation>\n"


def write_file(path: Path, parts: Iterator[str] | list[str]) -> Path:
    """Write *parts* as one file of PubMed."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as file:
        file.write(HEAD)
        for part in parts:
            file.write(part)
        file.write(TAIL)
    return path


def write_baseline(
    folder: Path, *, files: int, records: int, every: int = 300, title: str = "", abstract: str = ""
) -> list[Path]:
    """Write *files* files of *records* records; one record in *every* has *title* and *abstract*, the others do not."""
    paths = []
    for number in range(1, files + 1):
        chance = random.Random(number)
        first = (number - 1) * records + 1
        paths.append(
            write_file(
                folder / f"pubmed25n{number:04}.xml.gz",
                (
                    make_article(
                        pmid,
                        chance=chance,
                        **({"title": title, "abstract": abstract} if title and pmid % every == 0 else {}),
                    )
                    for pmid in range(first, first + records)
                ),
            )
        )
    return paths
