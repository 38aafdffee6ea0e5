"""The text of a PDF comes in reading order, with its words whole; a PDF under a password is named as such."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from test_ingest_files import a_pdf

from livrev.sources.files import read_bytes
from livrev.sources.pdf_file import _paragraph
from livrev.sources.publication import Author, Unreadable

LEFT = ["Overall survival of all who", "took radish was 12.1 months", "in this trial. The hazard"]
RIGHT = ["ratio for death of any cause", "was 0.71 (95% CI 0.52-0.97)", "and nobody died of radish."]


def encrypted(raw: bytes, algorithm: str, *, user: str = "", owner: str = "owner") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(raw)))
    writer.encrypt(user, owner, algorithm=algorithm)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256", "AES-256-R5"])
def test_a_pdf_that_only_its_owner_may_change_is_read(algorithm: str) -> None:
    raw = encrypted(a_pdf("Radish", "HR 0.66", title="On radish", author="Ada Beet, Max Leek"), algorithm)
    found = read_bytes(raw)
    assert (found.title, found.authors) == (
        "On radish",
        (Author("Beet", "Ada"), Author("Leek", "Max")),
    ) and "HR 0.66" in found.text


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_under_a_password_is_named(algorithm: str) -> None:
    with pytest.raises(Unreadable, match=r"is a PDF under a password \(encrypted\); open it, save it without one"):
        read_bytes(encrypted(a_pdf("Radish"), algorithm, user="secret"))


def test_two_columns_are_read_one_after_the_other_however_they_were_drawn() -> None:
    lines = [(40, 700, "Radish against leafoma: a randomised trial of it in gardens")]
    for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        lines += [(40, 640 - 14 * number, left), (320, 640 - 14 * number, right)]
    text = " ".join(read_bytes(a_pdf(*lines)).text.split())
    assert " ".join([*LEFT, *RIGHT]) in text


@pytest.mark.parametrize(
    ("box", "text"),
    [
        ("Progres-\nsion-free survival", "Progression-free survival"),
        ("chemo-\nembolisation", "chemoembolisation"),
        ("Overall sur\u00ad\nvival", "Overall survival"),
        ("Progression\u00adfree sur\u00ad\nvival", "Progression-free survival"),
        ("objective re\u2010\nsponse", "objective response"),
        ("Fluorouracil-\nbased treatment", "Fluorouracil-based treatment"),
        ("non-\nsmall-cell", "non-small-cell"),
        ("anti-\nPD-1", "anti-PD-1"),
        ("0.42–\n0.99 of 12-\n14, 12-\nmonth, PD-\n1", "0.42–0.99 of 12-14, 12-month, PD-1"),
        ("check-\npoint, sub-\ngroup, follow-\nup, first-\nline", "checkpoint, subgroup, follow-up, first-line"),
        ("it was 34·\n2% (95% CI 28· 1–40·3)", "it was 34·2% (95% CI 28·1–40·3)"),
        ("E\ufb03cacy, con\ufb01dence, \ufb02ow", "Efficacy, confidence, flow"),
    ],
)
def test_words_are_made_whole(box: str, text: str) -> None:
    assert _paragraph(box) == text


def test_the_title_is_what_stands_in_the_largest_letters() -> None:
    import typst

    title = '#text(size: 18pt, hyphenate: true, lang: "en")[A randomised investigation of radish]'
    page = f"#set page(width: 9cm)\nJournal of gardens\n\n{title}\n\nText."
    found = read_bytes(typst.compile(page.encode()))
    assert found.title == "A randomised investigation of radish" and "Journal of gardens" in found.text
