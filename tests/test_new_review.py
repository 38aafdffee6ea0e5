"""A review is begun in one command: checked, built as HTML and PDF, and rid of its example in a minute."""

import csv
import json
import shutil
from pathlib import Path

import pytest
import yaml
from building import build_again
from click.testing import CliRunner, Result

import livrev
from livrev.checks.run import check_review
from livrev.cli import main
from livrev.new.review import review_texts
from livrev.paths import Repository
from livrev.records.review import load_review, read_review
from livrev.show.views.cards import show_all_studies

TITLE = 'Exercise for low backs: "does it help?"'
ASKED = ("--question", "exercise=Does exercise ease pain?", "--question", "Who does well?")


def begin(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["new", "review", str(folder), "--title", TITLE, *ASKED, *more])


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    folder = tmp_path_factory.mktemp("reviews") / "backs"
    result = begin(folder, "--author", "A. Nobody", "--condition", "kind of pain", "--conditions", "kinds of pain")
    assert result.exit_code == 0, result.output
    assert [path.name for path in folder.parent.iterdir()] == ["backs"]  # nothing is left beside it
    return Repository(folder)


@pytest.fixture
def own(begun: Repository, tmp_path: Path) -> Repository:
    return Repository(Path(shutil.copytree(begun.root, tmp_path / "own")))


def test_nothing_is_wrong_with_it_and_what_is_left_is_said(begun: Repository) -> None:
    result = CliRunner().invoke(main, ["--root", str(begun.root), "check", "--stored"])
    assert (
        result.exit_code == 0 and "check: nothing wrong, " in result.output and "places left to write" in result.output
    )


def test_its_words_are_those_that_were_given(begun: Repository) -> None:
    review = load_review(begun)
    assert {name: (q.label, q.chapter) for name, q in review.settings.questions.items()} == {
        "exercise": ("Does exercise ease pain?", "exercise"), "well": ("Who does well?", "well"),
    }  # fmt: skip
    condition = review.settings.condition
    assert (condition.name, condition.plural) == ("kind of pain", "kinds of pain")
    config = yaml.safe_load(begun.config.read_text(encoding="utf-8"))
    assert (config["title"], config["author"]) == (TITLE, "A. Nobody")
    assert "@" not in "".join(path.read_text(encoding="utf-8") for path in begun.chapter_files())


def test_every_table_has_its_columns_and_only_the_example_in_it(begun: Repository) -> None:
    package = json.loads(begun.datapackage.read_text(encoding="utf-8"))
    filled = {}
    for resource in package["resources"]:
        with (begun.data / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[0] == [field["name"] for field in resource["schema"]["fields"]], resource["name"]
        filled |= {resource["name"]: len(rows) - 1} if len(rows) > 1 else {}
    assert filled == {"studies": 1, "outcomes": 1}


def test_the_tables_are_those_of_the_first_review_but_for_its_own_columns(real: Repository, begun: Repository) -> None:
    ours, theirs = (
        {r["name"]: {f["name"]: f for f in r["schema"]["fields"]} for r in json.loads(text)["resources"]}
        for text in (begun.datapackage.read_text(encoding="utf-8"), real.datapackage.read_text(encoding="utf-8"))
    )
    assert set(ours) <= set(theirs)
    odd = {(name, column) for name in ours for column in set(ours[name]) ^ set(theirs[name])}
    assert odd == {("studies", "condition"), ("studies", "cancer"), ("studies", "n_liver_metastases")}
    shared = [(name, column) for name in ours for column in set(ours[name]) & set(theirs[name])]
    assert all(ours[name][column]["type"] == theirs[name][column]["type"] for name, column in shared)


def test_without_its_example_it_is_a_review_without_studies(own: Repository) -> None:
    said = (own.root / "README.md").read_text(encoding="utf-8")
    assert "example-2020" in said and "Example2020study" in said
    for name in ("studies", "outcomes"):
        path = own.data / f"{name}.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if "example-2020" not in line), encoding="utf-8")
    own.references.write_text("", encoding="utf-8")
    assert check_review(own) == []
    review = livrev.open_review(own.root)
    assert list(review.questions.index) == ["exercise", "well"]
    assert review.studies.empty and review.outcomes.empty and review.pools.empty
    assert show_all_studies(load_review(own)).rows == ()


def test_the_example_is_never_pooled_and_says_what_it_is(begun: Repository) -> None:
    review, _ = read_review(begun)
    assert review is not None
    (outcome,) = review.outcomes.values()
    assert outcome.measure == "MD" and outcome.flag == "other" and "not evidence" in str(outcome.flag_reason)


def test_it_is_built_at_once_as_html_and_pdf(own: Repository, small_book: Repository) -> None:
    # The letters, which are the same in every book and are cut for seconds, come from another one.
    shutil.copytree(small_book.build / "assets" / "fonts", own.build / "assets" / "fonts")
    build_again(own, pdf=True)
    page = (own.html / "chapters" / "index.html").read_text(encoding="utf-8")
    assert "one published studies" in page.replace("\n", " ") or "one</a> published studies" in page
    assert (own.html / "studies" / "example-2020.html").is_file() and own.pdf.read_bytes().startswith(b"%PDF")


def test_a_folder_that_holds_anything_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = begin(tmp_path)
    assert result.exit_code == 1 and "is there already and not empty" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--question", "exercise=Again?"), "two questions are called exercise"),
        (("--question", "index=Why?"), "index cannot name a question"),
        (("--question", "Up=Why?"), "Up cannot name a question"),
        (("--question", "empty= "), "the title is empty"),
        (("--condition", " "), "a review needs a question, an author and a word for its conditions"),
        (("--question", "many=Did 12 trials help?"), "12 is typed in the sentence"),
    ],
)
def test_what_cannot_be_begun_is_refused_and_leaves_nothing(tmp_path: Path, more: tuple[str, ...], said: str) -> None:
    result = begin(tmp_path / "new", *more)
    assert result.exit_code == 1 and said in result.stderr, result.output
    assert list(tmp_path.iterdir()) == []


def test_a_title_cannot_bring_markup_into_the_files() -> None:
    texts = review_texts('A: "b" #c {d} *e*', {"x": "<b>Why?</b>"}, author="O'Neil: x", condition=("pain", "pains"))
    assert yaml.safe_load(texts["_config.yml"])["title"] == 'A: "b" #c {d} *e*'
    assert yaml.safe_load(texts["data/review.yml"])["questions"]["x"]["label"] == "<b>Why?</b>"
    assert json.loads(texts["data/datapackage.json"])["contributors"][0]["title"] == "O'Neil: x"
    assert "# \\<b\\>Why?" in texts["chapters/x.md"]
