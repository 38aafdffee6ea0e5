"""Run one notebook in a kernel of its own."""

import asyncio
import os
import re
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

# Seconds. A kernel that starts beside others on a slow machine takes its time, and so does a cell; only one that hangs is ended.
_START, _CELL = 600, 600


def run_notebook(
    path: Path, command: list[str] | None = None, environment: Mapping[str, str] | None = None
) -> NotebookNode:
    """Return the notebook at *path*, executed in its own folder, in a kernel that *command* starts, with *environment* added.

    Raises nbclient.exceptions.CellExecutionError where a cell fails, CellTimeoutError after ten minutes in one cell, and
    RuntimeError where the kernel does not start.
    """
    from nbclient import NotebookClient

    notebook: NotebookNode = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=_CELL, startup_timeout=_START, kernel_name="python3", record_timing=False,
        resources={"metadata": {"path": str(path.parent)}}, extra_arguments=["--log-level=ERROR"],
        kernel_manager_class=_manager(command),
    )  # fmt: skip
    # client.execute() would leave its event loop open
    asyncio.run(client.async_execute(env={**os.environ, **(environment or {})}))
    return notebook


def missing_module(error: Exception) -> str:
    """Return the cure, as a line, where a cell failed because a package is not installed; else nothing."""
    if getattr(error, "ename", "") not in ("ModuleNotFoundError", "ImportError"):
        return ""
    found = re.search(r"No module named '([\w.]+)'", str(getattr(error, "evalue", "")))
    if not found:
        return ""
    name = found[1].partition(".")[0]
    return (
        f"{name} is not installed: add it to dependencies in pyproject.toml, make requirements.txt again "
        "(CONTRIBUTING.md gives the command of uv), then install: make .venv/.ready\n"
    )


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
