"""Build the book step by step, saying what is done and how long it took."""

import fcntl
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from livrev.paths import Repository

Report = Callable[[str], None]
# The copyright line carries the year of this date; the two stay in the same year.
EPOCH = "1795392000"  # 2026-11-23
_STAMP = ".built"


class BuildFailed(Exception):
    """Raised where a step of the build fails; its message is what the reader needs."""


def build_book(repository: Repository, *, jobs: int = 2, pdf: bool = True, report: Report = print) -> None:
    """Check the records, execute the notebooks, and write HTML and PDF below `_build/`.

    Raises BuildFailed where any of it fails. Where nothing changed since the last build nothing is done. Of two builds at
    once the second waits, and says so.
    """
    started = time.perf_counter()
    with _alone(repository, report):
        if is_built(repository, pdf=pdf):
            report("nothing changed since the last build")
        else:
            state, stamp = _state(repository), repository.build / _STAMP
            stamp.unlink(missing_ok=True)
            _make(repository, jobs, pdf, report)
            stamp.parent.mkdir(exist_ok=True)
            stamp.write_text("\n".join([state, *_describe(repository, pdf)]), encoding="utf-8")
        for line in (repository.build / _STAMP).read_text(encoding="utf-8").splitlines()[1:]:
            report(line)
    report(f"done in {time.perf_counter() - started:.1f} s")


def is_built(repository: Repository, *, pdf: bool = False) -> bool:
    """Tell whether the book below `_build/` is as new as all that it is made from."""
    stamp = repository.build / _STAMP
    wanted = [stamp, repository.html / "index.html", *([repository.pdf] if pdf else [])]
    if not all(path.is_file() for path in wanted):
        return False
    state, *made = stamp.read_text(encoding="utf-8").splitlines()
    # A PDF that the last build did not make is older than its pages.
    return state == _state(repository) and (not pdf or any(line.startswith(f"{repository.pdf}  ") for line in made))


def _describe(repository: Repository, pdf: bool) -> list[str]:
    """Return a line for the book, and one for the PDF: where it is, its pages, and its size."""
    files = [path for path in repository.html.rglob("*") if path.is_file() and path != repository.pdf]
    lines = [_say_book(repository.html / "index.html", sum(path.suffix == ".html" for path in files), files)]
    if pdf:
        from pypdf import PdfReader

        lines.append(_say_book(repository.pdf, len(PdfReader(repository.pdf).pages), [repository.pdf]))
    return lines


def _say_book(book: Path, pages: int, files: list[Path]) -> str:
    return f"{book}  ({pages} pages, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB)"


@contextmanager
def _alone(repository: Repository, report: Report) -> Iterator[None]:
    """Let one build of a review at a time into the block; say so when another has to end first."""
    folder = os.open(repository.root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            report("another build of this review is under way; this one waits until it has ended")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)  # which lets go of the lock


def _make(repository: Repository, jobs: int, pdf: bool, report: Report) -> None:
    """Take the steps in a process of their own (`livrev.site.build_steps`), whose date and hash seed are fixed."""
    command = [sys.executable, "-m", "livrev.site.build_steps", str(repository.root), str(jobs), *["pdf"] * pdf]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
    with (
        tempfile.TemporaryFile() as failure,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=failure, text=True, encoding="utf-8", cwd=repository.root, env=environment
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            report(line.rstrip("\n"))
        if process.wait() != 0:
            failure.seek(0)
            said = failure.read().decode("utf-8", "replace").strip()
            raise BuildFailed(said or f"the build ended with {process.returncode}")


def _state(repository: Repository) -> str:
    """Return a digest of all that a build reads, with the addresses that the pages will name."""
    from livrev.site.build_cache import digest_all, digest_files, record_files

    told = [path for path in (repository.citation, repository.root / "CHANGELOG.md") if path.is_file()]
    made_of = [repository.config, repository.contents, *repository.chapter_files(), *repository.notebook_files(), *told]
    return digest_all([digest_files([*record_files(repository), *made_of, *book_files(repository)]), public_places()])


def book_files(repository: Repository) -> list[Path]:
    """Return what the pages are made with besides code: style sheets, scripts, templates, the setting of the PDF."""
    site, pdf = repository.package / "site", repository.package / "pdf"
    static = [path for path in (site / "static").rglob("*") if path.is_file()]
    return sorted([*pdf.glob("*.typ"), *static, *(site / "templates").iterdir()])


def public_places() -> str:
    """Return the addresses that the pages will name, of code and book, as the environment has them."""
    from livrev.site.public_urls import settings_from

    try:
        return " ".join(sorted(settings_from(os.environ).values()))
    except ValueError as error:
        raise BuildFailed(str(error)) from error
