"""What a person types is understood, or refused with what can be typed."""

from pathlib import Path

import pytest

from livrev.sources.identifiers import NotUnderstood, Request, read_request


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
