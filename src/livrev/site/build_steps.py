"""The steps of a build in one process, which reads the records once: check, notebooks, HTML, PDF.

`livrev build` starts it with a fixed hash seed and a fixed date, so that two builds write the same bytes, and shows what it
says. It ends when the process that started it is gone.
"""

import gc
import importlib.metadata
import io
import multiprocessing
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from livrev.diagnostics import say_os_error
from livrev.paths import Repository
from livrev.site.build import BuildFailed, Report
from livrev.site.build_cache import private_doctrees

if TYPE_CHECKING:
    from livrev.diagnostics import Problem
    from livrev.records.model import Estimate
    from livrev.records.review import Review

_LOOK_UP, _SAY = 1.0, 10.0  # seconds


def main() -> None:
    """Make the book in the folder, with as many notebooks at a time, and of the kinds that the command line names."""
    root, jobs, *kinds = sys.argv[1:]
    gc.set_threshold(100_000, 50, 100)  # a short life, in which little becomes garbage
    begin_sooner()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    stdout = sys.stdout

    def report(line: str) -> None:
        print(line, file=stdout, flush=True)

    try:
        make_book(Repository(Path(root)), jobs=int(jobs), pdf="pdf" in kinds, report=report)
    except BuildFailed as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(say_os_error(error))
    os._exit(0)  # all is written and said; to clear away what was read would take a second


def make_book(repository: Repository, *, jobs: int, pdf: bool, report: Report) -> None:
    """Take every step, one after the other. Raises BuildFailed where one fails."""
    from livrev.records.model import RESULTS
    from livrev.site.build_cache import Inputs, keep
    from livrev.site.execution import NotebookFailed, execute_notebooks

    inputs = Inputs(repository)
    inputs.take(inputs.everything())
    with _step("records read", report):
        verdict, computed = _read(repository)
    with _step("notebooks executed", report):
        try:
            execute_notebooks(repository, inputs, workers=jobs, report=report, go_on=verdict.look)
        except NotebookFailed as error:
            verdict.wait()
            raise BuildFailed(f"a notebook failed:\n{error}") from error
    if computed is not None:
        verdict.wait()
        keep(repository, "results", RESULTS.dump_python(computed, mode="json"))
    with _step("HTML written", report):
        _write_html(repository, verdict, report)
        from livrev.site.page_assets import secure_first_page

        secure_first_page(repository.html / "index.html")
    if pdf:
        with _step("PDF written", report):
            _write_pdf(repository)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_UP)
    os._exit(1)


@contextmanager
def _step(name: str, report: Report) -> Iterator[None]:
    started = time.perf_counter()
    yield
    report(f"{name:<22}{time.perf_counter() - started:6.1f} s")


class _Unsound(BaseException):
    """Raised while Sphinx runs, to end it where the review is not sound: an error proper would make it forget the pages it knows."""


class Verdict:
    """What *look* finds wrong, in a copy of this process that looks while this one goes on, where the system can copy processes."""

    def __init__(self, look: Callable[[], list[str]]) -> None:
        self._said: list[str] | None = None
        if sys.platform != "linux":
            self._said = look()
            return
        copying = multiprocessing.get_context("fork")
        self._ours, theirs = copying.Pipe(duplex=False)
        self._copy = copying.Process(target=lambda: theirs.send(look()), daemon=True)
        self._copy.start()
        theirs.close()

    def look(self) -> None:
        """Raise BuildFailed where something wrong was found by now."""
        if self._said is not None or self._ours.poll():
            self.wait()

    def wait(self) -> None:
        """Wait until all is looked at. Raises BuildFailed where something is wrong, each time."""
        if self._said is None:
            try:
                self._said = self._ours.recv()
            except EOFError:
                self._said = ["the records could not be checked; what went wrong stands above"]
            self._copy.join()
        if self._said:
            raise BuildFailed("\n".join(self._said) + "\nnothing was built")


def _read(repository: Repository) -> "tuple[Verdict, dict[str, Estimate] | None]":
    """Read the review and compute its Results, once for all steps that follow, while a copy of this process checks it.

    There are none to return where an earlier build kept them: of records that were found sound, so that only the rest of the
    review is checked. Notebooks need not wait for the verdict, pages do.
    """
    from livrev.records.model import RESULTS
    from livrev.records.review import cache_review, read_review
    from livrev.review.results import compute_results, keep_results
    from livrev.site.build_cache import recall

    review, problems = read_review(repository)
    kept = recall(repository, "results")
    verdict = Verdict(lambda: _problems_of(repository, review, problems, known=kept is not None))
    if review is None or problems:
        verdict.wait()
    assert review is not None
    cache_review(review)
    try:
        results = compute_results(review) if kept is None else RESULTS.validate_python(kept)
    except (LookupError, ValueError, TypeError, ArithmeticError, AttributeError):  # of rows that the verdict is on
        verdict.wait()
        raise
    keep_results(repository, results)
    return verdict, None if kept is not None else results


def _problems_of(
    repository: Repository, review: "Review | None", problems: "list[Problem]", *, known: bool
) -> list[str]:
    """Return every problem of *review* as a line; of the records only where their Results are not *known*."""
    from livrev.checks.run import OF_RECORDS, check_review
    from livrev.diagnostics import say_folded

    try:
        return say_folded(check_review(repository, but=OF_RECORDS if known else (), read=(review, problems)))
    except OSError as error:
        return [say_os_error(error)]


def begin_sooner() -> None:
    """Let whoever asks which plug-ins are installed have it from one look; a build asks twenty times."""
    # One of the checks of addresses compiles a grammar, which takes a second; without it that check is left out.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    everything = importlib.metadata.entry_points()
    importlib.metadata.entry_points = lambda **asked: everything.select(**asked) if asked else everything  # type: ignore[assignment]


def _write_html(repository: Repository, verdict: Verdict, report: Report) -> None:
    """Run Jupyter Book's own command, strictly: every warning is an error. No page is written before the *verdict*."""
    from livrev.site.extension import BEFORE_PAGES

    def go_on() -> None:
        try:
            verdict.wait()
        except BuildFailed as error:
            raise _Unsound from error

    BEFORE_PAGES.append(go_on)
    from jupyter_book import sphinx
    from jupyter_book.cli.main import main as jupyter_book

    folder, said = str(repository.root), io.StringIO()
    command = ["build", folder, "--path-output", folder, "-W", "-n", "--keep-going"]
    with private_doctrees(repository) as doctrees:
        sphinx.build_sphinx = partial(sphinx.build_sphinx, doctreedir=doctrees)
        try:
            with _heartbeat(report), redirect_stdout(said), redirect_stderr(said):
                jupyter_book(command, standalone_mode=False)
        except _Unsound:
            verdict.wait()
        except (
            Exception,
            SystemExit,
        ) as error:  # whatever an extension of Sphinx raises ends here, with all that was said
            if isinstance(error, SystemExit) and not error.code:
                return
            # Sphinx remembers the pages of a failed build as read, and would not warn of them again.
            shutil.rmtree(doctrees, ignore_errors=True)
            lines = [line.rstrip() for line in said.getvalue().splitlines()]
            told = [line for line in lines if "WARNING" in line or "ERROR" in line]
            raise BuildFailed("Jupyter Book failed:\n" + "\n".join(told or [*lines[-60:], str(error)])) from error


@contextmanager
def _heartbeat(report: Report) -> Iterator[None]:
    """Say every few seconds that a silent step still works."""
    done, started = threading.Event(), time.perf_counter()

    def beat() -> None:
        while not done.wait(_SAY):
            report(f"  … pages in the making ({time.perf_counter() - started:.0f} s)")

    threading.Thread(target=beat, daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _write_pdf(repository: Repository) -> None:
    from livrev.pdf.book import PdfFailed, write_pdf

    try:
        write_pdf(repository)
    except PdfFailed as error:
        raise BuildFailed(f"the PDF failed:\n{error}") from error


if __name__ == "__main__":
    main()
