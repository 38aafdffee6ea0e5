"""Begin a review: every file that a book needs, from the files in template/, with one example study that is easy to delete."""

import datetime
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from livrev.checks.run import check_review
from livrev.diagnostics import Refused
from livrev.new.chapter import as_text, chapter_text, checked_title, fill, quote
from livrev.paths import Repository
from livrev.records.json_schema import make_schemas
from livrev.records.model import IDENTIFIER
from livrev.records.review import read_vocabulary
from livrev.records.settings import read_settings
from livrev.site.kernel import as_stored, run_notebook

_TEMPLATES = Path(__file__).with_name("template")
_EVIDENCE = _TEMPLATES / "notebooks" / "evidence.ipynb"
_RENAMED = {"gitignore": ".gitignore", "vscode-settings.json": ".vscode/settings.json"}
_QUESTION = "  {0}:\n    label: {1}\n    chapter: {0}\n    notebook: evidence"
_TAKEN = ("index", "references", "evidence")


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
        repository = Repository(staged)
        _write(repository, texts)
        if problems := check_review(repository):
            raise Refused("\n".join(map(str, problems)) + "\nnothing was written; choose other words")
        notebook = repository.notebooks / "evidence.ipynb"
        notebook.write_text(as_stored(run_notebook(notebook)), encoding="utf-8", newline="\n")
        staged.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        staged.replace(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _write(repository: Repository, texts: Mapping[str, str]) -> None:
    """Write *texts*, by their places, and the schemas that follow from them."""
    for name, text in texts.items():
        (repository.root / name).parent.mkdir(parents=True, exist_ok=True)
        (repository.root / name).write_text(text, encoding="utf-8", newline="\n")
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
    today = datetime.date.today()
    words = {
        "TITLE": as_text(title), "TITLE_QUOTED": quote(title), "PLAIN_TITLE": title,
        "AUTHOR": author, "AUTHOR_QUOTED": quote(author),
        "CONDITION_QUOTED": quote(one), "CONDITIONS_QUOTED": quote(several),
        "YEAR": str(today.year), "TODAY": today.isoformat(), "QUESTION": next(iter(labels)),
        "QUESTIONS": "\n".join(_QUESTION.format(name, quote(label)) for name, label in labels.items()),
        "QUESTION_FILES": "\n".join(f"      - file: chapters/{name}" for name in labels),
        "QUESTION_LINKS": "\n".join(f"- [{as_text(label)}]({name}.md)" for name, label in labels.items()),
    }  # fmt: skip
    files = sorted(path for path in _TEMPLATES.rglob("*") if path.is_file())
    places = {path: path.relative_to(_TEMPLATES).as_posix() for path in files}
    texts = {_RENAMED.get(place, place): fill(path, words) for path, place in places.items() if path != _EVIDENCE}
    texts["notebooks/evidence.ipynb"] = _evidence(labels)
    texts |= {f"chapters/{name}.md": chapter_text(label, notebook="evidence") for name, label in labels.items()}
    texts |= {"data/sources/.gitkeep": "", "data/features/.gitkeep": ""}
    for table in json.loads(texts["data/datapackage.json"])["resources"]:  # those that hold no example
        header = ",".join(column["name"] for column in table["schema"]["fields"])
        texts.setdefault(f"data/{table['path']}", f"{header}\n")
    return texts


def _evidence(labels: Mapping[str, str]) -> str:
    """Return the notebook that shows what is on record; its cells that name a question stand once for each of them."""
    notebook = json.loads(_EVIDENCE.read_text(encoding="utf-8"))
    cells: list[dict[str, object]] = []
    for name, label in labels.items():
        filled = json.loads(fill(_EVIDENCE, {"NAME": name, "LABEL": as_text(label)}))["cells"]
        cells += [new for old, new in zip(notebook["cells"], filled, strict=True) if not cells or old != new]
    notebook["cells"] = [cell | {"id": f"cell-{number:02d}"} for number, cell in enumerate(cells, 1)]
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
