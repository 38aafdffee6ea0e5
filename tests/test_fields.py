"""Names of authors are read in every notation that files and pages use; bodies stay in one piece."""

import pytest

from livrev.sources.fields import read_names
from livrev.sources.publication import Author


def body(name: str) -> Author:
    return Author(name, group=True)


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("Beet, Ada", [Author("Beet", "Ada")]),
        ("Beet, Ada M.L.", [Author("Beet", "Ada M. L.")]),
        ("van der Leek, J.P.", [Author("van der Leek", "J. P.")]),
        ("Leek, Jr., Max", [Author("Leek", "Max", suffix="Jr.")]),
        ("Leek, Max, Jr.", [Author("Leek", "Max", suffix="Jr.")]),
        ("Leek, Max 3rd", [Author("Leek", "Max", suffix="3rd")]),
        ("Leek, Max, MD, PhD", [Author("Leek", "Max")]),
        ("Beet A.", [Author("Beet", "A.")]),
        ("van der Leek J.P.", [Author("van der Leek", "J. P.")]),
        ("Beet AM", [Author("Beet", "A M")]),
        ("Leek M Jr", [Author("Leek", "M", suffix="Jr")]),
        ("Li X-Y", [Author("Li", "X-Y")]),
        ("BEET A", [Author("BEET", "A")]),
        ("J.P. van der Leek", [Author("van der Leek", "J. P.")]),
        ("Beet, Ada; Leek, Max; de Roe, Bo", [Author("Beet", "Ada"), Author("Leek", "Max"), Author("de Roe", "Bo")]),
        ("Beet A, Leek M, de Roe B", [Author("Beet", "A"), Author("Leek", "M"), Author("de Roe", "B")]),
        ("Garden Study Group", [body("Garden Study Group")]),
        ("Gardeners for the Study of the Leaf,", [body("Gardeners for the Study of the Leaf")]),
        ("Group, Garden Study", [body("Garden Study Group")]),
        ("Radish Pharma, Inc.", [body("Radish Pharma, Inc.")]),
        ("Department of Leaves, University of Nowhere", [body("Department of Leaves, University of Nowhere")]),
        ("CRESS-1", [body("CRESS-1")]),
        ("Ada Beet", [Author("Beet", "Ada")]),
        ("Ada M. van der Beet-Leek", [Author("van der Beet-Leek", "Ada M.")]),
        ("Bo Leek, Jr.", [Author("Leek", "Bo", suffix="Jr.")]),
        ("Beet, Ada and Leek, Max", [Author("Beet", "Ada"), Author("Leek", "Max")]),
        ("Beet, A. M., Leek, M., & Roe, B.", [Author("Beet", "A. M."), Author("Leek", "M."), Author("Roe", "B.")]),
        ("Radish Research UK", [body("Radish Research UK")]),
        ("World Radish Day", [body("World Radish Day")]),
        ("Beet A, Leek M, Garden Group", [Author("Beet", "A"), Author("Leek", "M"), body("Garden Group")]),
        ("on behalf of the Garden Investigators", [body("Garden Investigators")]),
        ("Garden Association. Electronic address: a@example.org", [body("Garden Association")]),
        ("World Radish Organization, Nowhere", [body("World Radish Organization, Nowhere")]),
        ("Beet, Ada* (0000-0001-2345-678X)", [Author("Beet", "Ada")]),
        ("[Anonymous]", []),
        ("et al.", []),
        ("", []),
    ],
)
def test_names_of_files(text: str, authors: list[Author]) -> None:
    assert list(read_names([text])) == authors


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("Ada Beet", Author("Beet", "Ada")),
        ("Bo van der Leek", Author("van der Leek", "Bo")),
        ("Dr. Ada Beet, MD", Author("Beet", "Ada")),
        ("Prof Ada Beet MD PhD", Author("Beet", "Ada")),
        ("Max Leek Jr.", Author("Leek", "Max", suffix="Jr.")),
        ("Garden Study Group", body("Garden Study Group")),
        ("Reuters", body("Reuters")),
        ("Beet, Ada", Author("Beet", "Ada")),
    ],
)
def test_names_as_spoken(text: str, author: Author) -> None:
    assert read_names([text], given_first=True) == (author,)
