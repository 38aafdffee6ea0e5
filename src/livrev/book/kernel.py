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
    from nbclient import NotebookClient

    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, timeout=_TIMEOUT, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}, record_timing=False,
        extra_arguments=["--log-level=ERROR"],
    )  # fmt: skip
    asyncio.run(client.async_execute())  # client.execute() would leave its event loop open
    return notebook
