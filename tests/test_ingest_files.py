"""A file is read by what it holds; what is hostile, broken or empty is refused with a cure, or read as harmless words."""

import contextlib
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from service_answers import CROSSREF_WORK, DOI, JATS, pubmed_xml

from livrev.cli import main
from livrev.paths import Repository
from livrev.records.bibliography import read_bibliography
from livrev.records.review import load_review
from livrev.sources.files import FileNotRead, read_bytes, read_file
from livrev.sources.publication import Author, Section

AUTHORS = (Author("Müller-Grün", "Ada B"), Author("Kitchen Garden Group", group=True))
OURS, MIDDLE, THEIRS = "<" * 7 + " HEAD", "=" * 7, ">" * 7 + " b"
TITLE = "Radish against leafoma: a randomised trial"
RIS = f"""TY  - JOUR
AU  - Müller-Grün, Ada B
AU  - Kitchen Garden Group
TI  - Radish against <i>leafoma</i>: a randomised trial.
JO  - Journal of Kitchen Gardens
PY  - 2021/03//
VL  - 12
IS  - 3
SP  - 289
EP  - 295
DO  - https://doi.org/{DOI}
AB  - The hazard ratio was 0.71 (95% CI 0.52-0.97).
ER  -
"""
BIBTEX = f"""@article{{whatever,
  author = {{M{{\\"u}}ller-Gr{{\\"u}}n, Ada B and {{Kitchen Garden Group}}}},
  title = {{{{Radish against leafoma: a randomised trial}}}},
  journal = "Journal of Kitchen Gardens", year = 2021, volume = 12, number = 3, pages = {{289--295}},
  doi = {{{DOI}}},
}}
"""
CSL = [
    {
        "type": "article-journal",
        "title": "Radish against <i>leafoma</i>: a randomised trial",
        "author": [{"family": "Müller-Grün", "given": "Ada B"}, {"literal": "Kitchen Garden Group"}],
        "container-title": "Journal of Kitchen Gardens",
        "issued": {"date-parts": [[2021, 3]]},
        "volume": "12",
        "issue": 3,
        "page": "289-295",
        "DOI": DOI,
    }
]
HTML = f"""<!DOCTYPE html><html lang="en"><head><title>Radish | Journal</title>
<meta name="citation_title" content="Radish against leafoma: a randomised trial">
<meta name="citation_author" content="Müller-Grün, Ada B"><meta name="citation_author" content="Kitchen Garden Group">
<meta name="citation_journal_title" content="Journal of Kitchen Gardens">
<meta name="citation_publication_date" content="2021/03/01"><meta name="citation_volume" content="12">
<meta name="citation_issue" content="3"><meta name="citation_firstpage" content="289"><meta name="citation_lastpage" content="295">
<meta name="citation_doi" content="doi:{DOI}"></head>
<body><nav>Home Menu Login</nav><article><h1>Radish against leafoma</h1>
<p>Sixty patients with leafoma took radish or water every day for two years in this randomised trial of ours.</p>
<p>The hazard ratio for death was 0.71 (95% CI 0.52-0.97), and nobody died of radish during the whole of the trial.</p>
<script>alert('0.99')</script></article></body></html>"""


def a_pdf(*lines: str | tuple[int, int, str], title: str = "", author: str = "", password: str = "") -> bytes:
    """Return a PDF of one page that prints *lines*, one below the other or each at its place."""
    writer = PdfWriter()
    page = writer.add_blank_page(width=600, height=800)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    placed = [line if isinstance(line, tuple) else (40, 700 - 20 * n, line) for n, line in enumerate(lines)]
    signs = str.maketrans({"(": "\\(", ")": "\\)"})
    shown = " ".join(f"1 0 0 1 {x} {y} Tm ({text.translate(signs)}) Tj" for x, y, text in placed)
    stream.set_data(f"BT /F1 12 Tf {shown} ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Title": title, "/Author": author})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize(
    "raw",
    [pubmed_xml().encode(), JATS.encode(), RIS.encode(), BIBTEX.encode(), json.dumps(CSL).encode(), HTML.encode()],
    ids=["pubmed", "jats", "ris", "bibtex", "csl", "html"],
)
def test_each_kind_says_the_same_of_one_paper(raw: bytes) -> None:
    found = read_bytes(raw)
    assert (found.title, found.year, found.journal) == (TITLE, 2021, "Journal of Kitchen Gardens")
    assert (found.volume, found.number, found.pages, found.doi) == ("12", "3", "289--295", DOI)
    assert [author.family for author in found.authors][:1] == ["Müller-Grün"]
    assert "Kitchen Garden Group" in (found.authors[1].family, f"{found.authors[1].given} {found.authors[1].family}")


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "cp1252"])
def test_the_charset_does_not_matter(charset: str) -> None:
    assert read_bytes(RIS.encode(charset)).authors == AUTHORS
    assert read_bytes(HTML.encode(charset)).authors[0] == AUTHORS[0]


def test_xml_that_lies_about_its_charset() -> None:
    lying = pubmed_xml().replace('version="1.0"', 'version="1.0" encoding="UTF-8"').encode("cp1252")
    assert read_bytes(lying).authors == AUTHORS


@pytest.mark.parametrize("name", ["record.pdf", "record.txt", "record", "record.json"])
def test_a_wrong_extension_does_not_matter(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(pubmed_xml(), encoding="utf-8")
    assert read_file(tmp_path / name).authors == AUTHORS


def test_a_page_gives_its_main_text_and_no_script() -> None:
    text = read_bytes(HTML.encode()).text
    assert "0.71 (95% CI 0.52-0.97)" in text and "0.99" not in text and "Login" not in text


def test_a_page_is_signed_by_its_publisher_where_nobody_else_does() -> None:
    page = '<html><head><title>News</title><meta property="og:site_name" content="The Garden Post"></head><body><p>Hello.</p></body></html>'
    assert read_bytes(page.encode()).authors == (Author("The Garden Post", group=True),)


def test_a_pdf_gives_title_author_doi_and_text() -> None:
    raw = a_pdf(
        "Radish against leafoma",
        f"doi: {DOI}",
        "HR 0.71",
        title=TITLE,
        author="Müller-Grün, Ada B; Kitchen Garden Group",
    )
    found = read_bytes(raw)
    assert (found.title, found.doi) == (TITLE, DOI) and found.authors[0] == AUTHORS[0]
    assert "HR 0.71" in found.text


def test_a_pdf_with_the_name_of_a_manuscript_for_a_title() -> None:
    assert read_bytes(a_pdf("Radish against leafoma", title="Microsoft Word - final3.docx")).title.startswith(
        "Radish against"
    )


def test_the_name_of_an_account_is_no_author() -> None:
    assert read_bytes(a_pdf("Radish against leafoma", author="abeet3")).authors == ()


def test_plain_text_has_a_title_and_paragraphs() -> None:
    found = read_bytes(b"On turnips\r\n\r\nOne\r\nline.\r\n\r\nTwo.\r\n")
    assert found.title == "On turnips" and found.body == (Section("", "One line."), Section("", "Two."))


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
) + "]><PubmedArticleSet>&i;</PubmedArticleSet>"  # fmt: skip
FETCHES = '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]><article><front><article-meta>&x;</article-meta></front></article>'


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty; get it again"),
        (b" \n\t ", "is empty; get it again"),
        (bytes(range(256)) * 40, "is neither text nor PDF"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 100, "is neither text nor PDF"),
        (BOMB.encode(), "declares entities of its own"),
        (FETCHES.encode(), "declares entities of its own"),
        (b"<PubmedArticleSet><PubmedArticle>", "is not well-formed XML"),
        (b"<PubmedArticleSet></PubmedArticleSet>", "holds no articles; give a file with one"),
        (b"<?xml version='1.0'?><feed><entry/></feed>", "is XML, but neither PubMed's nor JATS"),
        (b"<article><front/></article>", "is no JATS article"),
        (b"{not json", "is JSON that cannot be read"),
        (b"[]", "is JSON and holds no references of a kind that is read; give CSL-JSON, or an answer of Crossref"),
        (b"[" * 50_000, "is JSON that cannot be read"),
        (b"@article{a, title = {x", "is BibTeX"),
        ((BIBTEX + BIBTEX.replace("whatever", "b")).encode(), "is BibTeX and holds 2 references; give a file with one"),
        ((RIS + RIS).encode(), "is RIS and holds 2 references; give a file with one"),
        (b"%PDF-1.7 and nothing more", "is a PDF that cannot be read"),
        (a_pdf("secret", password="x"), "is a PDF under a password"),
        (a_pdf(), "is a PDF without text"),
        (b"<html><body></body></html>", "is a page without a title"),
    ],
)
def test_what_cannot_be_read_is_named_with_a_cure(tmp_path: Path, raw: bytes, said: str) -> None:
    (tmp_path / "it").write_bytes(raw)
    with pytest.raises(FileNotRead) as caught:
        read_file(tmp_path / "it")
    assert str(caught.value).startswith(f"{tmp_path}/it: {said}") and "; " in str(caught.value)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.builds(
            lambda start, rest: start.encode() + rest,
            st.sampled_from(
                [
                    "%PDF-1.4\n",
                    "<PubmedArticleSet>",
                    "<article>",
                    "<html>",
                    "TY  - JOUR\nTI  - ",
                    "@article{",
                    "[{",
                    "\ufeff",
                ]
            ),
            st.binary(max_size=200),
        ),
    )
)
def test_no_bytes_whatever_end_in_another_error(raw: bytes) -> None:
    with contextlib.suppress(ValueError):
        read_bytes(raw)


HOSTILE_TITLES = {
    "script": "<script>alert(1)</script>Radish <img src=x onerror=alert(1)> works",
    "braces": "A {title} with } braces { and \\commands{x} at 50% & more_or less #1 $5 ~tilde",
    "controls": "Radish\x00\x1b[31m and\u202e reversed\u2066 \u200bwords\x9b",
    "rtl": "الفجل ضد الورم: تجربة",
    "at": '@article{evil, title = "x"}, and "quotes", = signs',
    "yaml": "Radish: yes\n---\nread: yes\n--- # no",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "long": "Radish " * 3000,
}


@pytest.mark.parametrize("name", HOSTILE_TITLES)
def test_a_hostile_title_leaves_a_sound_review(repository: Repository, tmp_path: Path, name: str) -> None:
    title = HOSTILE_TITLES[name]
    before, _ = read_bibliography(repository.references, repository)
    (tmp_path / "it.json").write_text(
        json.dumps([CSL[0] | {"title": title, "DOI": "10.5555/hostile"}]), encoding="utf-8"
    )
    result = CliRunner().invoke(main, ["--root", str(repository.root), "add", str(tmp_path / "it.json")])
    assert result.exit_code == 0, result.output
    assert all(character.isprintable() or character == "\n" for character in result.output)
    after, problems = read_bibliography(repository.references, repository)
    assert problems == [] and len(after) == len(before) + 1
    key = next(iter(after.keys() - before.keys()))
    kept = after[key].plain("title")
    assert kept and "<" not in kept and all(character.isprintable() for character in kept)
    for other, reference in before.items():
        assert after[other].fields == reference.fields
    load_review(repository)  # does not raise
    checked = CliRunner().invoke(main, ["--root", str(repository.root), "check"]).stdout.splitlines()
    about = [line for line in checked if "is a draft that no person has read" in line]
    assert checked == about and f"data/drafts/{key}.md:3 read: no" in checked[0]


def test_ten_megabytes_of_text_are_refused_at_once(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("On turnips\n\n" + "Of 20 patients, 5 responded. " * 350_000, encoding="utf-8")
    words = ["--root", str(repository.root), "add", str(tmp_path / "long.txt"), "--author", "Turnip, Tom"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 1 and "at most 1,000,000); give the part that matters" in result.stderr
    assert not repository.drafts.exists()


def test_a_page_nested_without_end_is_read_or_refused() -> None:
    deep = (
        "<html><head><title>Deep</title></head><body>"
        + "<div>" * 20_000
        + "<p>words</p>"
        + "</div>" * 20_000
        + "</body></html>"
    )
    try:
        assert read_bytes(deep.encode()).title == "Deep"
    except ValueError as error:
        assert "HTML" in str(error)


def test_a_number_raised_after_a_number_is_a_power() -> None:
    page = HTML.replace("Sixty patients", "The 1&#215;10<sup>6</sup> cells, 10<sup>−3</sup> of all, of sixty patients")
    text = read_bytes(page.encode()).text
    assert "10^6 cells" in text and "10^−3 of all" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "@article{x,\n author={Muster, Anna}\n title={T},\n year=2020\n}",
            ":3: lacks a comma between author and title",
        ),
        ('@article{x,\n author="Muster, Anna",\n title="T"\n year=2020\n}', ":4: lacks a comma between title and year"),
        (
            "@article{x, author={Muster, A., Probe, B.}, title={T}, year=2020}",
            ":1: author holds several names parted by",
        ),
        (
            f"@article{{x,\n{OURS}\n year=2020,\n{MIDDLE}\n year=2021,\n{THEIRS}\n title={{T}}}}",
            ":2: holds marks that git",
        ),
        (f"TY  - JOUR\n{OURS}\nTI  - T\n{MIDDLE}\nTI  - U\n{THEIRS}\nER  - \n", ":2: holds marks that git left"),
        ('{"title": NaN, "type": "article"}', ":1: holds NaN, which is no value; export it again"),
        (
            '{"type": "article",\n "title": "T",\n "title": "U"}',
            ":2: says title twice of one thing; keep one of the two",
        ),
        ("{\\rtf1\\ansi A title}", ": is RTF, which is not read; export the reference as RIS"),
        ("PK\x03\x04word/document.xml", ": is a document of an office program or an archive"),
    ],
)
def test_what_would_be_misread_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a file"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileNotRead) as caught:
        read_file(path)
    assert f"{path}{said}" in str(caught.value) and "; " in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "TY - JOUR\nAU - Muster, Anna\nTI - T\nPY - 2020\nJO - J Test\nER -\n",
        "ty  - jour\nau  - Muster, Anna\nti  - T\npy  - 2020\njo  - J Test\ner  - \n",
        "\ufeffTY  - JOUR\r\nAU  - Muster, Anna\r\nTI  - T\r\nPY  - 2020/03/15/Spring\r\nJO  - J Test\r\nER  - \r\n",
        "AU  - Muster, Anna\nTI  - T\nPY  - 2020\nJO  - J Test\nER  - \n",
        "TY\t- JOUR\nAU\t- Muster, Anna\nTI\t- T\nPY\t- 2020\nJO\t- J Test\nER\t- \n",
        "%A Anna Muster\n%T T\n%J J Test\n%D 2020\n%0 Journal Article\n",
        "  PMID- 1\n  TI  - T\n  FAU - Muster, Anna\n  DP  - 2020\n  JT  - J Test\n  PT  - Journal Article\n",
        "@article{Muster et al 2020, author={Muster, Anna}, title={T}, journal={J Test}, year={2020}}\n",
        '@article(x, author="Anna Muster", title={{T}}, journal="J Test", year=2020)',
    ],
)
def test_a_reference_that_was_copied_about_is_read(text: str) -> None:
    read = read_bytes(text.encode())
    assert (read.title, read.authors, read.year, read.journal) == ("T", (Author("Muster", "Anna"),), 2020, "J Test")
    assert read.kinds in (("JOUR",), ("jour",), ("article",), ("GEN",), ("Journal Article",))


def test_authors_that_commas_part_are_read_apart() -> None:
    read = read_bytes(b"@article{x, author={Anna Muster, Boris Probe, Cees de Voorbeeld}, title={T}, year=2020}")
    assert [author.family for author in read.authors] == ["Muster", "Probe", "de Voorbeeld"]
    (one,) = read_bytes(b"@article{x, author={Koenig, Jr., Martin}, title={T}, year=2020}").authors
    assert (one.family, one.given, one.suffix) == ("Koenig", "Martin", "Jr.")


def test_a_changed_crossref_record_is_no_csl(tmp_path: Path) -> None:
    (tmp_path / "it").write_text(json.dumps(CROSSREF_WORK | {"title": None}), encoding="utf-8")
    with pytest.raises(FileNotRead, match="holds no references"):
        read_file(tmp_path / "it")
