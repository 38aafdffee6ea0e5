"""Execute the notebooks in parallel, each once for every state of its code and of what it reads.

An executed copy bears a mark of its code and of all that it read: where either has changed, it is made again. The book is made
of the notebooks as they are, with the outputs of these copies.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livrev.paths import Repository
from livrev.site.build_cache import Inputs, digest_all
from livrev.transaction import write_atomically

if TYPE_CHECKING:
    from livrev.site.kernel import Run

_MARK = "livrev"
_CURE = "open it with livrev notebook {stem}, run it from the top, mend what fails; then build again"


class NotebookFailed(Exception):
    """Raised where a notebook cannot be read, or a cell of it ends in an error."""


def fresh_copies(repository: Repository, inputs: Inputs | None = None) -> dict[str, Path]:
    """Return the executed copies that are as new as all that their notebooks read, by the name of the notebook's file."""
    fresh, now = {}, inputs or Inputs(repository)
    for path in repository.notebook_files():
        copy = _copy_of(repository, path)
        try:
            mark = json.loads(copy.read_text(encoding="utf-8"))["metadata"][_MARK]
            if mark["code"] == _code_of(json.loads(path.read_text(encoding="utf-8"))) and now.hold(mark["read"]):
                fresh[path.name] = copy
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue  # it was never executed, or one of the two is no notebook
    return fresh


def _copy_of(repository: Repository, path: Path) -> Path:
    return repository.build / ".executed" / path.name


def _code_of(notebook: Any) -> str:
    """Return a digest of the code of *notebook*, read as JSON."""
    return digest_all(["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"])


def executed(repository: Repository, path: Path) -> dict[str, Any]:
    """Return the notebook at *path* as it is, as JSON, with the outputs of its executed copy. Raises OSError where there is none."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    made = json.loads(_copy_of(repository, path).read_text(encoding="utf-8"))
    notebook["metadata"] |= {"language_info": made["metadata"]["language_info"]}
    runs = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    for cell, run in zip((one for one in notebook["cells"] if one["cell_type"] == "code"), runs, strict=True):
        cell |= {"outputs": run["outputs"], "execution_count": run["execution_count"]}
    return notebook


def execute_notebooks(
    repository: Repository,
    inputs: Inputs | None = None,
    *,
    workers: int = 2,
    report: Callable[[str], None] = lambda line: None,
    go_on: Callable[[], None] = lambda: None,
) -> int:
    """Execute every notebook whose executed copy is not there, or is older than what it read; return how many were executed.

    *inputs* are the files as they were before anything of the review was read. *workers* run at a time; *go_on* is called when
    one has ended, and what it raises ends the others. Raises NotebookFailed with what failed in each notebook.
    """
    inputs = inputs or Inputs(repository)
    fresh = fresh_copies(repository, inputs)
    outdated = [path for path in repository.notebook_files() if path.name not in fresh]
    if wrong := [f"{repository.relative(path)}: {said}" for path in outdated if (said := _fault_of(path))]:
        raise NotebookFailed("\n".join(wrong))
    if not outdated:
        return 0
    from livrev.site.kernel import missing_module, run_notebooks

    inputs.take(inputs.everything())
    outdated.sort(key=lambda path: -path.stat().st_size)  # the longest first, so that no worker waits at the end
    failures = []
    for number, (path, run) in enumerate(run_notebooks(outdated, workers=workers, watched=repository), 1):
        if isinstance(run, Exception):
            said = f"{run}\n{missing_module(run)}".rstrip()
            failures.append(f"{repository.relative(path)}: {said}\n{_CURE.format(stem=path.stem)}")
        else:
            _keep(repository, path, run, inputs)
        report(f"  [{number}/{len(outdated)}] {path.name}{' failed' if isinstance(run, Exception) else ''}")
        go_on()
    if failures:
        raise NotebookFailed("\n".join(failures))
    return len(outdated)


def _keep(repository: Repository, path: Path, run: "Run", inputs: Inputs) -> None:
    """Write the executed copy of the notebook at *path*, with a mark of its code and of what it read."""
    import nbformat

    run.notebook.metadata[_MARK] = {
        "code": _code_of(run.notebook),
        "read": inputs.take(run.read or inputs.everything()),
    }
    copy = _copy_of(repository, path)
    copy.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(copy, nbformat.writes(run.notebook))


def _fault_of(path: Path) -> str:
    """Return what is wrong with a file that is no notebook; else nothing."""
    import nbformat

    try:
        nbformat.validate(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4))
    except (OSError, ValueError, AttributeError, KeyError, TypeError, nbformat.ValidationError) as error:
        return f"is no notebook ({(str(error).splitlines() or [type(error).__name__])[0]}); restore it"
    return ""
