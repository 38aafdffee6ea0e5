"""Run one notebook in a kernel of its own."""

import asyncio
from pathlib import Path

import nbformat
from nbformat import NotebookNode

_TIMEOUT = 120


def run_notebook(path: Path) -> NotebookNode:
    """Return the notebook at *path*, executed in its own folder.

    Raises nbclient.exceptions.CellExecutionError where a cell fails, CellTimeoutError after two minutes in one cell.
    """
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    run_in(path.parent, notebook)
    return notebook


def run_in(folder: Path, notebook: NotebookNode) -> None:
    """Execute *notebook* in *folder*, where its file need not stand yet; its outputs are filled in. Raises as run_notebook."""
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook, timeout=_TIMEOUT, kernel_name="python3", resources={"metadata": {"path": str(folder)}}, record_timing=False,
        extra_arguments=["--log-level=ERROR"],
    )  # fmt: skip
    asyncio.run(client.async_execute())  # client.execute() would leave its event loop open
