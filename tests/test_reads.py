"""What is read of a review is noted, in whatever way it is read, and no more."""

import os
from dataclasses import fields
from importlib import import_module

import pytest

from livrev.paths import Repository
from livrev.records.reads import CITED, watch_reads
from livrev.records.review import FILES, Review, load_review


def reads_of(repository: Repository, code: str) -> set[str]:
    """Return the names that are noted while *code* runs on the review, in a process that ends with it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.chdir(repository.notebooks)
            watch_reads(repository, lambda name: os.write(writer, f"{name}\n".encode()) and None)
            exec(code, {"load_review": load_review, "repository": repository})
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as told:
        names = {line.rstrip("\n") for line in told}
    assert os.waitpid(child, 0)[1] == 0
    return names


OUTCOMES = "data/outcomes.csv"


@pytest.mark.parametrize(
    ("code", "read", "not_read"),
    [
        ("load_review().outcomes", {OUTCOMES}, {"data/studies.csv", "data/sources", "references.bib"}),
        ("load_review().tables['studies'].records", {"data/studies.csv"}, {OUTCOMES}),
        ("load_review().tables['studies'].column('n')", {"data/studies.csv"}, {OUTCOMES}),
        ("load_review().tables['studies'].table.names", set(), {"data/studies.csv"}),
        ("load_review().findings", {"data/sources"}, {OUTCOMES, "data/features"}),
        ("load_review().references", {"references.bib"}, {OUTCOMES}),
        ("load_review().line_of('outcomes', 'x')", {OUTCOMES}, {"data/studies.csv", "data/sources"}),
        (
            "[rows.lines for rows in dict(load_review().tables).values()]",
            {OUTCOMES, "data/prisma.csv"},
            {"data/sources"},
        ),
        ("[rows.lines for rows in {**load_review().tables}.values()]", {OUTCOMES, "data/prisma.csv"}, set()),
        ("[rows.whole for rows in load_review().tables.values()]", {OUTCOMES, "data/prisma.csv"}, set()),
        ("(load_review().tables | {})['outcomes'].records", {OUTCOMES}, {"data/studies.csv"}),
        ("import dataclasses; dataclasses.replace(load_review()).outcomes", {OUTCOMES}, set()),
        ("open('../data/outcomes.csv').read()", {OUTCOMES}, {"data/studies.csv"}),
        ("import pandas; pandas.read_csv('../data/outcomes.csv')", {OUTCOMES}, set()),
        ("[*repository.data.glob('*.csv')]", {"data/"}, {OUTCOMES}),
        ("import os; os.listdir(repository.sources)", {"data/sources/"}, {"data/sources"}),
        ("(repository.chapters / 'index.md').read_text()", {"chapters/index.md"}, {CITED}),
        (
            "from livrev.checks.citations import uses_of_references as uses; uses(load_review())",
            {CITED, OUTCOMES, "references.bib"},
            {"chapters/index.md"},
        ),
        ("(repository.root / 'new.txt').write_text('a')", set(), {"new.txt"}),
    ],
)
def test_what_is_read_is_noted_and_no_more(
    repository: Repository, code: str, read: set[str], not_read: set[str]
) -> None:
    noted = reads_of(repository, code)
    assert noted >= read and not noted & not_read
    if "load_review" in code:
        assert noted >= {"requirements.txt", "data/datapackage.json", "data/vocabulary.yml"}


def test_the_code_that_runs_is_noted(repository: Repository) -> None:
    package = repository.package
    noted = reads_of(repository, "import livrev.text.quantities")
    assert {str(package / "records" / "review.py"), str(package / "text" / "quantities.py")} <= noted


def test_every_part_of_a_review_says_which_files_it_is_read_from() -> None:
    assert set(FILES) == {part.name for part in fields(Review)}, "what is missing here is read unnoticed"


def test_a_table_of_the_package_is_noted_with_the_module_that_was_imported_before(repository: Repository) -> None:
    import_module("livrev.review.bias")
    assert any(name.endswith("review/bias_rules.yml") for name in reads_of(repository, "pass"))


def test_a_compiled_module_stands_for_its_source_whoever_compiled_it(repository: Repository) -> None:
    kept = repository.root / "helps" / "__pycache__"
    kept.mkdir(parents=True)
    (kept / "one.cpython-311.opt-1.pyc").touch()
    (kept / "two.cpython-311-pytest-8.3.4.pyc").touch()
    code = "[open(path, 'rb').read() for path in repository.root.glob('helps/__pycache__/*.pyc')]"
    assert reads_of(repository, code) >= {"helps/one.py", "helps/two.py"}
