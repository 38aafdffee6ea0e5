"""Begin a review: every file that a book needs, from the files in template/, with one example study that is easy to delete."""

import csv
import datetime
import io
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat

from livrev.checks.run import check_review
from livrev.new import Refused
from livrev.new.chapter import as_text, chapter_text, checked_title
from livrev.paths import Repository
from livrev.records.json_schema import make_schemas
from livrev.records.model import IDENTIFIER
from livrev.records.review import read_vocabulary
from livrev.records.settings import read_settings
from livrev.site.kernel import as_stored, run_notebook

_TEMPLATES = Path(__file__).with_name("template")
_RENAMED = {"gitignore": ".gitignore", "vscode-settings.json": ".vscode/settings.json"}
_TAKEN = ("index", "references", "evidence")
_EXAMPLE = "An example, not evidence: delete it, as README.md says."


def begin_review(
    folder: Path, title: str, questions: Mapping[str, str], *, author: str, condition: tuple[str, str]
) -> None:
    """Write a review with this *title* and these *questions* (label by name) into *folder*, whole or not at all.

    *condition* is what one and several conditions of its patients are called.
    Its notebook has been run, and `livrev check` finds nothing wrong with it. Raises Refused where *folder* holds
    anything, a name or title cannot be used, or the check finds fault with the words given.
    """
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is there already and not empty; name a folder that does not exist yet")
    texts = review_texts(title, questions, author=author, condition=condition)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        write_texts(staged, texts)
        repository = Repository(staged)
        notebook = repository.notebooks / "evidence.ipynb"
        notebook.write_text(as_stored(run_notebook(notebook)), encoding="utf-8", newline="\n")
        if problems := check_review(repository):
            raise Refused("\n".join(map(str, problems)) + "\nnothing was written; choose other words")
        staged.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        staged.replace(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def write_texts(root: Path, texts: Mapping[str, str]) -> None:
    """Write *texts*, by their place below *root*, and the schemas that follow from them."""
    for name, text in texts.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
    repository = Repository(root)
    vocabulary, problems = read_vocabulary(repository)
    settings, _, found = read_settings(repository)
    if vocabulary is None or settings is None:
        raise Refused("\n".join(map(str, [*problems, *found])))
    repository.schemas.mkdir(exist_ok=True)
    for name, text in make_schemas(vocabulary, settings).items():
        (repository.schemas / name).write_text(text, encoding="utf-8", newline="\n")


def review_texts(
    title: str, questions: Mapping[str, str], *, author: str, condition: tuple[str, str]
) -> dict[str, str]:
    """Return every file of a new review by its place, as text; its notebook has not been run. Raises Refused."""
    title, author = checked_title(title), " ".join(author.split())
    one, several = (" ".join(words.split()) for words in condition)
    labels = {name: checked_title(label) for name, label in questions.items()}
    if not labels or not author or not one or not several:
        raise Refused("a review needs a question, an author and a word for its conditions")
    for name in labels:
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name) or not IDENTIFIER.fullmatch(name) or name in _TAKEN:
            raise Refused(f"{name} cannot name a question; use lower-case letters, digits and hyphens, and no {_TAKEN}")
    words = {
        "TITLE": as_text(title), "TITLE_QUOTED": _quoted(title), "AUTHOR_QUOTED": _quoted(author),
        "CONDITION_QUOTED": _quoted(one), "CONDITIONS_QUOTED": _quoted(several),
        "YEAR": str(datetime.date.today().year),
        "QUESTIONS": "\n".join(
            f"  {name}:\n    label: {_quoted(label)}\n    chapter: {name}\n    notebook: evidence"
            for name, label in labels.items()
        ),
        "QUESTION_FILES": "\n".join(f"      - file: chapters/{name}" for name in labels),
        "QUESTION_LINKS": "\n".join(f"- [{as_text(label)}]({name}.md)" for name, label in labels.items()),
    }  # fmt: skip
    texts = {}
    for path in sorted(path for path in _TEMPLATES.rglob("*") if path.is_file()):
        name = path.relative_to(_TEMPLATES).as_posix()
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":  # these stand within quotes already
            text = text.replace("@TITLE@", _quoted(title)[1:-1]).replace("@AUTHOR@", _quoted(author)[1:-1])
        texts[_RENAMED.get(name, name)] = re.sub(r"@([A-Z_]+)@", lambda match: words[match[1]], text)
    texts |= {f"chapters/{name}.md": chapter_text(label, notebook="evidence") for name, label in labels.items()}
    texts |= {"notebooks/evidence.ipynb": _notebook(labels), "data/sources/.gitkeep": "", "data/features/.gitkeep": ""}
    return texts | _tables(json.loads(texts["data/datapackage.json"]), next(iter(labels)))


def _quoted(words: str) -> str:
    """Return *words* as a string of YAML and JSON."""
    return json.dumps(words, ensure_ascii=False)


def _tables(schema: dict[str, list[dict[str, dict[str, list[dict[str, str]]]]]], question: str) -> dict[str, str]:
    """Return every table with its columns; studies and results hold the example."""
    seen = {"basis": "abstract", "address": "https://example.org/", "read_on": datetime.date.today().isoformat()}
    rows = {
        "studies": {
            "study": "example-2020", "name": "Example 2020 (delete it)", "citekey": "Example2020study", "question": question,
            "design": "rct", "condition": "example", "n": "100", "arms": "treatment v control", "year": "2020",
            "status": "published", "note": _EXAMPLE,
        },
        "outcomes": {
            "outcome": "example-2020--md", "study": "example-2020", "citekey": "Example2020study", "report": "primary",
            "contrast": "treatment", "arm": "treatment", "comparator": "control", "endpoint": "example-endpoint",
            "stratum": "all", "measure": "MD", "value": "-1.0", "ci_low": "-2.0", "ci_high": "0.0", "ci_level": "95",
            "place": "made up", "flag": "other", "flag_reason": _EXAMPLE,
        },
    }  # fmt: skip
    texts = {}
    for resource in schema["resources"]:
        name, path = str(resource["name"]), str(resource["path"])
        text = io.StringIO(newline="")
        columns = [field["name"] for field in resource["schema"]["fields"]]
        writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
        writer.writeheader()
        if name in rows:
            writer.writerow(rows[name] | seen)
        texts[f"data/{path}"] = text.getvalue()
    return texts


_STUDY_HEADS = {"link": "Study", "year": "Year", "design": "Design", "n": "Patients", "basis": "Read in"}
_RESULT_HEADS = {
    "link": "Study", "endpoint": "Endpoint", "arm": "Group", "comparator": "Against", "said": "As reported",
}  # fmt: skip
_LOAD = """import livrev

review = livrev.open_review()

studies = review.studies.sort_values("year", ascending=False)
studies = studies.assign(link=review.link(studies.index, studies["name"]))
results = review.outcomes.join(review.studies[["name", "question"]], on="study")
results = results.assign(link=review.link(results["study"], results["name"]), said=review.printed(results))"""


def _table(frame: str, caption: str, name: str, columns: Mapping[str, str]) -> str:
    """Return the cell that shows *frame*, an expression of the notebook, as a table."""
    lines = (frame, f'name="table-{name}"', f'caption="{caption}"', f"columns={json.dumps(dict(columns))}")
    return "livrev.table(\n" + "".join(f"    {line},\n" for line in lines) + ")"


def _notebook(labels: Mapping[str, str]) -> str:
    """Return the notebook that shows what is on record, question by question."""
    counted = 'studies.groupby("question", observed=True).size().rename("studies").reset_index()'
    cells = [
        ("markdown", "# The evidence\n\nWhat is on record for each question: the studies, and what they reported."),
        ("code", _LOAD),
        ("code", _table(counted, "Studies by question", "questions", {"question": "Question", "studies": "Studies"})),
    ]
    for name, label in labels.items():
        asked = f"question == '{name}'"
        cells += [
            ("markdown", f"## {as_text(label)}"),
            ("code", _table(f'studies.query("{asked}")', "Studies", f"studies-{name}", _STUDY_HEADS)),
            ("code", _table(f'results.query("{asked}")', "Results as reported", f"results-{name}", _RESULT_HEADS)),
        ]
    make: dict[str, Callable[..., nbformat.NotebookNode]] = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
    }
    made = [make[kind](text, id=f"cell-{number:02d}") for number, (kind, text) in enumerate(cells, 1)]
    return str(nbformat.writes(nbformat.v4.new_notebook(cells=made), indent=1)) + "\n"
