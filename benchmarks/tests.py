"""Print how long the tests take, beside a cold `make book` in the same run: three times as long at most."""

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from run import NOT_COPIED, seconds  # noqa: E402

MOST = 3.0


def main() -> None:
    """Build a copy of the repository cold, with environment and PDF, then test that copy as `make test` does."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*(name for name in NOT_COPIED if name != ".git")))
        book = seconds(["make", "book"], copy)
        tests = seconds(["make", "test"], copy)
    ratio = tests / book
    said = "" if ratio <= MOST else f"  more than {MOST:g} times"
    print(f"{'make book, cold, with its environment':<54}{book:>6.1f}")
    print(f"{'make test':<54}{tests:>6.1f}")
    print(f"{'test / book':<54}{ratio:>6.1f}{said}")


if __name__ == "__main__":
    main()
