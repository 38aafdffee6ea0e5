"""Measure the book, the reading machine, pooling and watching, each beside what one would use instead, in one run."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIVREV = Path(sys.executable).parent / "livrev"
PLAIN_JUPYTER_BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build"]
NOT_COPIED = (".venv", "_build", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")


def main() -> None:
    """Print the timings of the build and the speed of the reading machine."""
    with tempfile.TemporaryDirectory() as folder:
        measure_builds(Path(folder))
    for other in ("growth.py", "tests.py", "extraction.py", "pooling.py", "baseline.py", "reading.py", "lighthouse.py"):
        print(flush=True)
        subprocess.run([sys.executable, "-W", "ignore", str(ROOT / "benchmarks" / other)], check=True)


def measure_builds(folder: Path) -> None:
    """Time builds of a copy of the repository: cold, one chapter edited, nothing changed; and bare Jupyter Book.

    A third copy is built clean too, and every file of the two clean books is compared.
    """
    ours, twin, bare = folder / "ours", folder / "twin", folder / "bare"
    for copy in (ours, twin, bare):
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
    print(f"{'build':<54}{'seconds':>6}")
    report("livrev build, cold, HTML", build(ours, "--no-pdf"))
    report("livrev build, the PDF added (HTML looked over again)", build(ours))
    build(twin)
    different = compare(ours / "_build" / "html", twin / "_build" / "html")
    print(
        f"two clean books, HTML and PDF: {'the same bytes' if not different else 'different: ' + ', '.join(different)}"
    )
    edit(ours)
    report("livrev build, one chapter edited, HTML", build(ours, "--no-pdf"))
    edit(ours)
    report("livrev build, one chapter edited, HTML and PDF", build(ours))
    change_a_row(ours)
    report("livrev build, one row of outcomes.csv changed, HTML", build(ours, "--no-pdf"))
    build(ours)
    report("livrev build, nothing changed", build(ours))
    report("jupyter-book build of the same pages, cold", seconds([*PLAIN_JUPYTER_BOOK, str(bare)], bare))
    edit(bare)
    report("jupyter-book build, one chapter edited", seconds([*PLAIN_JUPYTER_BOOK, str(bare)], bare))
    report("jupyter-book build, nothing changed", seconds([*PLAIN_JUPYTER_BOOK, str(bare)], bare))


def compare(one: Path, other: Path) -> list[str]:
    """Return the files that two folders do not hold alike."""
    files = {path.relative_to(folder) for folder in (one, other) for path in folder.rglob("*") if path.is_file()}
    return sorted(str(file) for file in files if content(one / file) != content(other / file))


def content(path: Path) -> bytes | None:
    """Return the bytes of a file, or None where there is none."""
    return path.read_bytes() if path.is_file() else None


def build(root: Path, *options: str) -> float:
    """Return the seconds that `livrev build` takes in *root*."""
    return seconds([str(LIVREV), "--root", str(root), "build", *options], root)


def edit(root: Path) -> None:
    """Add a sentence to one chapter."""
    chapter = root / "chapters" / "limits.md"
    chapter.write_text(chapter.read_text(encoding="utf-8") + "\nA sentence more.\n", encoding="utf-8")


def change_a_row(root: Path) -> None:
    """Change the remark on one reported result."""
    table = root / "data" / "outcomes.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[0].rstrip("\n").endswith(",note")
    row = next(number for number, line in enumerate(lines) if line.endswith(",\n"))
    lines[row] = lines[row].rstrip("\n") + "looked at again\n"
    table.write_text("".join(lines), encoding="utf-8")


def seconds(command: list[str], root: Path) -> float:
    """Return the wall-clock seconds of *command*; end where it fails, with what it said."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, env={**os.environ}, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return time.perf_counter() - started


def report(name: str, took: float) -> None:
    """Print one line of the table."""
    print(f"{name:<54}{took:>6.1f}", flush=True)


if __name__ == "__main__":
    main()
