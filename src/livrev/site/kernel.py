"""Run one notebook in a kernel of its own."""

import asyncio
from pathlib import Path

import nbformat
from nbformat import NotebookNode

_TIMEOUT = 120


def run_notebook(path: Path, command: list[str] | None = None) -> NotebookNode:
    """Return the notebook at *path*, executed in its own folder, in a kernel that *command* starts (see book/nursery.py).

    Raises nbclient.exceptions.CellExecutionError where a cell fails, CellTimeoutError after two minutes in one cell.
    """
    from nbclient import NotebookClient

    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, timeout=_TIMEOUT, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}, record_timing=False,
        extra_arguments=["--log-level=ERROR"], kernel_manager_class=_manager(command),
    )  # fmt: skip
    asyncio.run(client.async_execute())  # client.execute() would leave its event loop open
    return notebook


def _manager(command: list[str] | None) -> type:
    """Return a manager of kernels that starts them by *command*, if there is one."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    if command is None:
        return AsyncKernelManager

    class Manager(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=command, display_name="Python 3", language="python")

    return Manager
