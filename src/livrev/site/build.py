"""Build the book step by step, saying what is done and how long it took."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from livrev.paths import Repository

Report = Callable[[str], None]
# The copyright line carries the year of this date; the two stay in the same year.
EPOCH = "1795392000"  # 2026-11-23


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
    state, stamp = _digest_everything(repository) + public_places(), repository.build / ".built"
    wanted = [repository.html / "index.html", *([repository.pdf] if pdf else [])]
    if stamp.exists() and stamp.read_text(encoding="utf-8") == state and all(path.exists() for path in wanted):
        report("nothing changed since the last build")
    else:
        stamp.unlink(missing_ok=True)
        _make(repository, jobs, pdf, report)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(state, encoding="utf-8")
    for path in wanted:
        report(f"{path}  ({path.stat().st_size / 1e6:.1f} MB)")
    report(f"done in {time.perf_counter() - started:.1f} s")


def _make(repository: Repository, jobs: int, pdf: bool, report: Report) -> None:
    """Take the steps in a process of their own (`livrev.site.build_steps`), whose date and hash seed are fixed."""
    command = [
        sys.executable,
        "-m",
        "livrev.site.build_steps",
        str(repository.root),
        str(jobs),
        *(["pdf"] if pdf else []),
    ]
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
            raise BuildFailed(
                failure.read().decode("utf-8", "replace").strip() or f"the build ended with {process.returncode}"
            )


def _digest_everything(repository: Repository) -> str:
    """Return a digest of all that a build reads."""
    from livrev.site.address import VARIABLE
    from livrev.site.execution import digest_inputs

    digest = hashlib.sha256(f"{digest_inputs(repository)} {os.environ.get(VARIABLE, '')}".encode())
    told = [path for path in (repository.citation, repository.root / "CHANGELOG.md") if path.is_file()]
    for path in [
        repository.config, repository.contents, *repository.chapter_files(), *repository.notebook_files(), *told,
        *book_files(repository),
    ]:  # fmt: skip
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def book_files(repository: Repository) -> list[Path]:
    """Return what the pages are made with besides code: style sheets, scripts, templates, the setting of the PDF."""
    site, pdf = repository.package / "site", repository.package / "pdf"
    static = [path for path in (site / "static").rglob("*") if path.is_file()]
    return sorted([*pdf.glob("*.typ"), *static, *(site / "templates").iterdir()])


def public_places() -> str:
    """Return the addresses that the pages will name, of code and book, as the environment has them."""
    from livrev.site.public import settings_from

    try:
        return " ".join(sorted(settings_from(os.environ).values()))
    except ValueError as error:
        raise BuildFailed(str(error)) from error
