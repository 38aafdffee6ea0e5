"""Store what notebooks said as plain text, so that a reader sees it, git can merge it, and nbval can compare it."""

from pathlib import Path
from typing import Any

import nbformat

from livrev.site.kernel import run_notebook
from livrev.transaction import write_atomically

_KEPT = "text/plain"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def store_outputs(path: Path) -> bool:
    """Execute the notebook at *path* and store its text output; return whether the file changed.

    Pictures and HTML are dropped: they are made again whenever the book is built. Raises
    nbclient.exceptions.CellExecutionError where a cell fails; the file is then left as it was.
    """
    text = as_stored(run_notebook(path))
    if path.read_text(encoding="utf-8") == text:
        return False
    write_atomically(path, text)
    return True


def as_stored(notebook: nbformat.NotebookNode) -> str:
    """Return an executed notebook as the repository keeps it: text only, with cells counted from the top."""
    notebook.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number:02d}"
        if cell.cell_type == "code":
            cell.outputs = [_text_only(output) for output in cell.outputs]
            cell.metadata.pop("execution", None)
    return str(nbformat.writes(notebook, indent=1)) + "\n"


def _text_only(output: Any) -> Any:
    if "data" in output:
        output["data"] = {_KEPT: output["data"].get(_KEPT, "")}
        output["metadata"] = {}
    return output
