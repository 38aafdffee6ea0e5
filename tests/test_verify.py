"""`livrev verify` holds every finding against its document, and sees the smallest change to either."""

import json
import re

import pytest
from click.testing import CliRunner, Result
from small_review import DOCUMENT, replace

from livrev.cli import main
from livrev.paths import Repository


def verify(repository: Repository, *, raw: bool = True) -> Result:
    more = ["--raw", str(repository.root / "raw")] if raw else []
    result = CliRunner().invoke(main, ["--root", str(repository.root), "verify", *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("raw", [True, False])
def test_all_is_well_and_the_coverage_is_shown(repository: Repository, raw: bool) -> None:
    result = verify(repository, raw=raw)
    head, row, last = result.stdout.splitlines()
    assert result.exit_code == 0
    assert head.split() == ["document", "sentences", "claims", "furniture", "repeats", "accounted", "findings"]
    assert row.split() == ["Doe2020cress", "4", "2", "2", "0", "4/4", "2"]
    assert last.startswith("verify: 2 findings in 1 documents hold against")


@pytest.mark.parametrize("place", [n for n, character in enumerate(DOCUMENT) if character.isalnum()][::7])
def test_one_character_of_the_document_is_seen(repository: Repository, place: int) -> None:
    other = "x" if DOCUMENT[place] != "x" else "y"
    (repository.root / "raw" / "cress.txt").write_text(DOCUMENT[:place] + other + DOCUMENT[place + 1 :])
    result = verify(repository)
    assert result.exit_code == 1
    assert "is not the document on record" in result.stdout
    assert "fingerprint" in result.stdout


def test_a_sentence_too_many_is_seen(repository: Repository) -> None:
    (repository.root / "raw" / "cress.txt").write_text(DOCUMENT + "Cress is for sale.\n")
    result = verify(repository)
    assert result.exit_code == 1
    assert "sentence: 5 is not on record" in result.stdout
    assert "sentence: 5 is not accounted for" in result.stdout


def test_a_sentence_too_few_is_seen(repository: Repository) -> None:
    (repository.root / "raw" / "cress.txt").write_text(DOCUMENT.replace("The garden thanks its readers.\n", ""))
    assert "sentence: 4 is on record, but not in the document" in verify(repository).stdout


def test_a_missing_document_is_named(repository: Repository) -> None:
    (repository.root / "raw" / "cress.txt").unlink()
    result = verify(repository)
    assert result.exit_code == 1
    assert "data/sources/Doe2020cress.md:5 document: cress.txt is not to be had" in result.stdout


def test_a_document_of_another_encoding_is_named(repository: Repository) -> None:
    (repository.root / "raw" / "cress.txt").write_bytes(DOCUMENT.encode().replace(b"Coached", b"C\xefached"))
    result = verify(repository)
    assert result.exit_code == 1
    assert "is not UTF-8 (byte 79)" in result.stdout


def test_a_document_elsewhere_on_the_disk_is_not_read(repository: Repository) -> None:
    replace(repository.sources / "Doe2020cress.md", "document: cress.txt", "document: ../../../etc/passwd")
    assert "document: ../../../etc/passwd is not to be had" in verify(repository).stdout


def test_a_fingerprint_changed_in_the_note_is_stale(repository: Repository) -> None:
    path = repository.sources / "Doe2020cress.md"
    path.write_text(re.sub(r'fingerprint: "\w+"', 'fingerprint: "00000000000000aa"', path.read_text(), count=1))
    for raw in (True, False):
        assert "fingerprint: 00000000000000aa is stale (cress-01)" in verify(repository, raw=raw).stdout


def test_fingerprints_that_changed_places_lead_to_the_right_sentence(repository: Repository) -> None:
    path = repository.sources / "Doe2020cress.md"
    first, second = re.findall(r'fingerprint: "(\w+)"', path.read_text())
    path.write_text(path.read_text().replace(first, "-").replace(second, first).replace("-" + '"', second + '"'))
    assert "it is the fingerprint of sentence 3: mend the number" in verify(repository).stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"numbers": ["12", "40"]', '"numbers": ["12", "40", "99"]'),
        ('"start": 20', '"start": 21'),
        ('"characters": ', '"words": 4, "characters": '),
        ('{"n": 2,', '{"n": 2, "remark": "by hand",'),
        ('{"citekey": "Doe2020cress"', '{"by": "hand", "citekey": "Doe2020cress"'),
        (',\n  {"n": 2', ',  {"n": 2'),
    ],
)
def test_features_edited_by_hand_are_seen(repository: Repository, old: str, new: str) -> None:
    path = repository.features / "Doe2020cress.json"
    replace(path, old, new)
    json.loads(path.read_text())
    result = verify(repository)
    assert result.exit_code == 1
    assert "data/features/Doe2020cress.json:" in result.stdout


def test_the_founding_documents_hold(real: Repository) -> None:
    documents = real.root.parent / "shared" / "sources"
    with_documents = ["--raw", str(documents)] if documents.is_dir() else []
    result = CliRunner().invoke(main, ["--root", str(real.root), "verify", *with_documents])
    assert result.exit_code == 0, result.stdout


def test_features_are_made_again_from_the_documents(repository: Repository) -> None:
    path = repository.features / "Doe2020cress.json"
    kept = path.read_bytes()
    replace(path, '"numbers": ["12", "40"]', '"numbers": []')
    command = ["--root", str(repository.root), "features", "--raw", str(repository.root / "raw")]
    first, second = (CliRunner().invoke(main, command) for _ in range(2))
    assert (first.exit_code, first.stdout) == (0, "data/features/Doe2020cress.json: written\n")
    assert (second.exit_code, second.stdout) == (0, "data/features/Doe2020cress.json: unchanged\n")
    assert path.read_bytes() == kept


def test_features_are_not_made_from_what_is_no_text(repository: Repository) -> None:
    kept = (repository.features / "Doe2020cress.json").read_bytes()
    (repository.root / "raw" / "cress.txt").write_bytes(b"\xff\xfe")
    command = ["--root", str(repository.root), "features", "--raw", str(repository.root / "raw")]
    result = CliRunner().invoke(main, command)
    assert isinstance(result.exception, SystemExit) and result.exit_code == 1
    assert "is not UTF-8 (byte 0)" in result.stdout
    assert (repository.features / "Doe2020cress.json").read_bytes() == kept


def test_a_broken_note_is_reported_before_anything_is_verified(repository: Repository) -> None:
    replace(repository.sources / "Doe2020cress.md", "verdict: confirmed", "verdict: sure")
    result = verify(repository)
    assert result.exit_code == 1
    assert "findings.verdict: sure is not an allowed value" in result.stdout
