"""Notebooks store text only: pictures and HTML are made anew, so nbval compares everything else, strictly.

What `make book` has just run is not run a second time: nbval is told what the kernels said then. A notebook whose executed
copy is older than anything that it read is run by nbval itself.
"""

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from livrev.paths import Repository

_NOT_STORED = ("image/svg+xml", "image/png", "text/html")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the browser look at every page of the book, which takes half an hour; else at one of each kind."""
    parser.addoption("--all-pages", action="store_true", help="Look at every page of the book in the browser.")


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Let nbval pass over what is not stored; the text beside it holds every number."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += _NOT_STORED
        run = _runs_of(collector.path.parent.parent).get(collector.path.name)
        if run is not None:
            collector.setup = lambda: setattr(collector, "kernel", KernelThatSpoke(run))


@functools.cache
def _runs_of(root: Path) -> dict[str, Path]:
    """Return the executed copies of the notebooks of a review that are as new as what they read."""
    from livrev.site.execution import fresh_copies

    return fresh_copies(Repository(root))


class KernelThatSpoke:
    """Stands for the kernel of a notebook that was run already, and says again what that kernel said, cell by cell."""

    def __init__(self, run: Path) -> None:
        import nbformat

        cells = nbformat.read(run, as_version=4).cells
        self._cells = iter([cell for cell in cells if cell.cell_type == "code"])
        self._messages: Iterator[dict[str, Any]] = iter(())

    def execute_cell_input(self, source: str, allow_stdin: bool | None = None) -> str:
        """Take the next cell of the run, which must be the one that is asked for."""
        cell = next(self._cells)
        assert cell.source == source, "the run is one of another notebook"
        spoken = [(output.output_type, output) for output in cell.outputs]
        spoken.append(("status", {"execution_state": "idle"}))
        self._messages = iter(
            [{"msg_type": kind, "content": said, "parent_header": {"msg_id": source}} for kind, said in spoken]
        )
        return source

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """Return what the kernel said next."""
        return next(self._messages)

    def await_reply(self, message: str, timeout: float | None = None) -> None:
        """Wait for nothing: the answer is there."""

    def is_alive(self) -> bool:
        """Say that there are further cells, or none that anybody asks for."""
        return True

    def stop(self) -> None:
        """Do nothing: there is no process."""


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where CI is set, a test that was skipped counts as one that failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        reporter.write_line("a test was skipped, which is an error where CI is set", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
