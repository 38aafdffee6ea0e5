"""Build the book step by step, saying what is done and how long it took."""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from livrev.book.address import VARIABLE
from livrev.book.execution import NotebookFailed, digest_inputs, execute_notebooks
from livrev.paths import Repository

Report = Callable[[str], None]
# The copyright line carries the year of this date; the two stay in the same year.
_EPOCH = "1795392000"  # 2026-11-23


class BuildFailed(Exception):
    """Raised where a step of the build fails; its message is what the reader needs."""


def build_book(
    repository: Repository, *, jobs: int = 2, pdf: bool = True, clean: bool = False, report: Report = print
) -> None:
    """Check the records, execute the notebooks, and write HTML and PDF below `_build/`.

    Raises BuildFailed where any of it fails. Where nothing changed since the last build nothing is done.
    """
    started = time.perf_counter()
    if clean:
        shutil.rmtree(repository.build, ignore_errors=True)
    state, stamp = _digest_everything(repository), repository.build / ".built"
    state += _public_places()
    wanted = [repository.html / "index.html", *([repository.pdf] if pdf else [])]
    if stamp.exists() and stamp.read_text(encoding="utf-8") == state and all(path.exists() for path in wanted):
        report("nothing changed since the last build")
    else:
        stamp.unlink(missing_ok=True)
        with _step("records checked", report):
            _check(repository)
        with _step("notebooks executed", report):
            _execute(repository, jobs, report)
        with _step("HTML written", report):
            _write_html(repository, report)
        if pdf:
            with _step("PDF written", report):
                _write_pdf(repository)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(state, encoding="utf-8")
    for path in wanted:
        report(f"{path}  ({path.stat().st_size / 1e6:.1f} MB)")
    report(f"done in {time.perf_counter() - started:.1f} s")


@contextmanager
def _step(name: str, report: Report) -> Iterator[None]:
    started = time.perf_counter()
    yield
    report(f"{name:<22}{time.perf_counter() - started:6.1f} s")


def _digest_everything(repository: Repository) -> str:
    """Return a digest of all that a build reads."""
    digest = hashlib.sha256(f"{digest_inputs(repository)} {os.environ.get(VARIABLE, '')}".encode())
    book = repository.package / "book"
    static = sorted([*book.glob("*.typ"), *(path for path in (book / "static").rglob("*") if path.is_file())])
    static += sorted((book / "templates").iterdir())
    told = [path for path in (repository.citation, repository.root / "CHANGELOG.md") if path.is_file()]
    for path in [
        repository.config, repository.contents, *repository.chapter_files(), *repository.notebook_files(), *told, *static,
    ]:  # fmt: skip
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _public_places() -> str:
    """Return the addresses that the pages will name, of code and book, as the environment has them."""
    from livrev.book.public import settings_from

    try:
        return " ".join(sorted(settings_from(os.environ).values()))
    except ValueError as error:
        raise BuildFailed(str(error)) from error


def _check(repository: Repository) -> None:
    from livrev.verify.review import check_review

    problems = check_review(repository)
    if problems:
        raise BuildFailed("\n".join(map(str, problems)) + f"\n{len(problems)} problems; nothing was built")


def _execute(repository: Repository, jobs: int, report: Report) -> None:
    try:
        execute_notebooks(repository, workers=jobs, report=report)
    except NotebookFailed as error:
        raise BuildFailed(f"a notebook failed:\n{error}") from error


def _write_html(repository: Repository, report: Report) -> None:
    """Run Jupyter Book, strictly: every warning is an error; show its steps as they come."""
    command = [
        sys.executable, "-m", "livrev.book.launch", "build", str(repository.root), "--path-output", str(repository.root),
        "-W", "-n", "--keep-going",
    ]  # fmt: skip
    lines: list[str] = []
    environment = {**os.environ, "SOURCE_DATE_EPOCH": _EPOCH, "PYTHONHASHSEED": "0"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
        cwd=repository.root, env=environment,
    ) as process, _Heartbeat(report):  # fmt: skip
        assert process.stdout is not None
        lines.extend(line.rstrip() for line in process.stdout)
    if process.returncode != 0:
        # Sphinx remembers the pages of a failed build as read, and would not warn of them again.
        shutil.rmtree(repository.build / ".doctrees", ignore_errors=True)
        said = [line for line in lines if "WARNING" in line or "ERROR" in line]
        raise BuildFailed("Jupyter Book failed:\n" + "\n".join(said or lines[-60:]))


class _Heartbeat:
    """Say every few seconds that a silent step still works."""

    def __init__(self, report: Report, every: float = 10.0) -> None:
        self._report, self._every, self._done = report, every, threading.Event()

    def __enter__(self) -> "_Heartbeat":
        threading.Thread(target=self._beat, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()

    def _beat(self) -> None:
        started = time.perf_counter()
        while not self._done.wait(self._every):
            self._report(f"  … pages in the making ({time.perf_counter() - started:.0f} s)")


def _write_pdf(repository: Repository) -> None:
    from livrev.book.pdf import PdfFailed, write_pdf

    try:
        write_pdf(repository)
    except PdfFailed as error:
        raise BuildFailed(f"the PDF failed:\n{error}") from error


def main_page(repository: Repository) -> Path:
    """Return the page that a reader opens first."""
    return repository.html / "index.html"
