"""Print how check, Results and the build grow where a review has ten times the records: no faster than linearly, or it says so.

The records are this review's own, several times over: study, results, papers, pools and appraisals of each copy have names
of their own and point at each other. `growth.py ROWS …` instead lengthens data/outcomes.csv alone, to so many rows each time,
and prints the seconds and the memory that `livrev check` takes.
"""

import csv
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from run import LIVREV, NOT_COPIED  # noqa: E402

TIMES = 10
SLACK = 1.3  # how much faster than linearly a step may grow before the bench says that it does: timings are noisy
# The tables that are multiplied, each with the columns that name records of a copy.
_NAMES = {
    "studies.csv": ("study", "part_of"),
    "outcomes.csv": ("outcome", "study", "supersedes"),
    "experiments.csv": ("experiment", "study"),
    "readings.csv": ("outcome",),
    "courses.csv": ("course", "study"),
    "trials.csv": ("study",),
    "bias.csv": ("study",),
    "bias_judgements.csv": ("study",),
    "pools.csv": ("pool", "family", "outcomes", "comparators"),
    "appraisals.csv": ("pool", "baseline"),
    "search/queries.csv": ("query_id",),
    "search/screening.csv": ("record", "query_id", "study"),
    "meta_tables.csv": ("pool",),
    "meta_pools.csv": ("meta_pool", "published", "table", "control_table"),
    "retractions.csv": (),
}
_PAPERS = ("citekey", "other_citekeys", "meta_citekey")
_ENTRY = re.compile(r"^@(\w+)\{([^,]+),(.*?)^\}$", re.MULTILINE | re.DOTALL)


def write_grown(root: Path, times: int) -> None:
    """Write this review into *root*, with *times* as many records."""
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*NOT_COPIED))
    used: set[str] = set()
    names: dict[str, str] = {}
    for name, columns in _NAMES.items():
        path = root / "data" / name
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, heads = list(reader), list(reader.fieldnames or ())
        if name == "studies.csv":
            names = {row["study"]: row["name"].partition(" (")[0] for row in rows}
        if name != "retractions.csv":
            used |= {key for row in rows for column in _PAPERS for key in (row.get(column) or "").split(";")}
        copied = [row for row in rows if row["citekey"] in used] if name == "retractions.csv" else rows
        if name == "pools.csv" and times > 1:
            rows = [row | {"rule": f"{row['rule']} Copies stand apart: {_members(row, names)}."} for row in rows]
            copied = rows
        grown = [*rows, *(copy_row(row, columns, number) for number in range(2, times + 1) for row in copied)]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heads, lineterminator="\n")
            writer.writeheader()
            writer.writerows(grown)
    bib = root / "references.bib"
    bib.write_text(_grow_bibliography(bib.read_text(encoding="utf-8"), used, times), encoding="utf-8")
    if times > 1:
        _tell_of_no_copy(root)


def _tell_of_no_copy(root: Path) -> None:
    """Say in data/review.yml of each copy that `livrev check` misses in the chapters that none tells of it."""
    said = subprocess.run(
        [str(LIVREV), "--root", str(root), "check"], capture_output=True, text=True, check=False
    ).stdout
    copies = re.findall(r" study: (\S+) is a randomised trial .* in no chapter", said)
    settings = root / "data" / "review.yml"
    told = "".join(f"  {copy}: a copy\n" for copy in copies)
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("\nnot_told:\n", f"\nnot_told:\n{told}"), encoding="utf-8")


def _members(pool: dict[str, str], names: dict[str, str]) -> str:
    """Return the studies of a pool: a pool says of whom else it has results of the same kind, and leaves them out."""
    studies = (key.partition("--")[0] for column in ("outcomes", "comparators") for key in pool[column].split(";"))
    return ", ".join(dict.fromkeys(names[study] for study in studies if study in names))


def copy_row(row: dict[str, str], columns: Iterable[str], number: int) -> dict[str, str]:
    """Return a row of the copy *number*: its own names, the papers of the copy, and identifiers that nobody else has."""
    new = dict(row)
    for column in columns:
        copy = query_copy if column == "query_id" else name_copy
        new[column] = ";".join(copy(name, number) for name in row[column].split(";"))
    for column in _PAPERS:
        if row.get(column):
            new[column] = ";".join(paper_copy(key, number) for key in row[column].split(";"))
    for column, change in _IDENTIFIERS.items():
        if row.get(column):
            new[column] = ";".join(change(one, number) for one in row[column].split(";"))
    if "name" in row and "study" in columns:
        new["name"] = f"{row['name']} (copy {number})"
    return new


def name_copy(name: str, number: int) -> str:
    """Return the name of a record in a copy; a result keeps the name of its study before two hyphens."""
    study, hyphens, rest = name.partition("--")
    return f"{study}-c{number}{hyphens}{rest}" if name else ""


def query_copy(name: str, number: int) -> str:
    """Return the name of a search in a copy: letters, then digits."""
    return f"COPY{chr(ord('A') + number)}{name}" if name else ""


def paper_copy(key: str, number: int) -> str:
    """Return the citekey of a paper in a copy."""
    return _trial_copy(key, number) if re.fullmatch(r"NCT\d{8}", key) else f"{key}c{number}" if key else ""


def _trial_copy(registered: str, number: int) -> str:
    """Return a registration that nobody else has: other digits at its end, as many as before."""
    return re.sub(
        r"\d+$", lambda end: f"{(int(end[0]) + number * 9_000_017) % 10 ** len(end[0]):0{len(end[0])}d}", registered
    )


_IDENTIFIERS: dict[str, Callable[[str, int], str]] = {
    "doi": lambda doi, number: f"{doi}.c{number}",
    "pmid": lambda pmid, number: str((int(pmid) + number * 5_000_017) % 99_999_989 + 1),
    "nct": _trial_copy,
}


class _Change:
    """Writes the identifiers of a field of an entry anew, for one copy."""

    def __init__(self, column: str, number: int) -> None:
        self.column, self.number = column, number

    def __call__(self, field: re.Match[str]) -> str:
        change = _IDENTIFIERS[self.column]
        return field[1] + ";".join(change(one.strip(), self.number) for one in field[2].split(";"))


def _grow_bibliography(text: str, used: set[str], times: int) -> str:
    """Return the bibliography with the entries of each copy, in the order of their keys."""
    entries = {key: (kind, body) for kind, key, body in _ENTRY.findall(text)}
    grown = dict(entries)
    for number in range(2, times + 1):
        for key in used & entries.keys():
            kind, body = entries[key]
            for column in _IDENTIFIERS:
                body = re.sub(
                    rf"^(\s*{column}\s*=\s*\{{)([^}}]+)(?=\}})",
                    _Change(column, number),
                    body,
                    flags=re.MULTILINE | re.IGNORECASE,
                )
            body = re.sub(r"^(\s*title\s*=\s*\{+)", rf"\g<1>Copy {number}: ", body, flags=re.MULTILINE)
            grown[paper_copy(key, number)] = (kind, body)
    return "\n\n".join(f"@{kind}{{{key},{body}}}" for key, (kind, body) in sorted(grown.items(), key=_order)) + "\n"


def lengthen_outcomes(root: Path, rows: int) -> None:
    """Write this review into *root*, with copies of its results behind them: *rows*, each with an id and a place of its own."""
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*NOT_COPIED))
    path = root / "data" / "outcomes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        once, heads = list(reader), list(reader.fieldnames or ())
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heads, lineterminator="\n")
        for number in range(rows - len(once)):
            row, copy = once[number % len(once)], number // len(once) + 2
            new = {column: f"{row[column]}-c{copy}" for column in ("outcome", "supersedes") if row[column]}
            writer.writerow({**row, **new, "place": f"{row['place']}, copy {copy}"})


def measure_rows(counts: Iterable[int]) -> None:
    """Print seconds and the most memory (MB) of `livrev check` for each number of rows in data/outcomes.csv."""
    print(f"{'livrev check, rows of data/outcomes.csv':<44}{'seconds':>10}{'MB':>8}{'ms a 1000 rows':>18}")
    for rows in counts:
        with tempfile.TemporaryDirectory() as folder:
            lengthen_outcomes(Path(folder) / "long", rows)
            started = time.perf_counter()
            command = [str(LIVREV), "--root", f"{folder}/long", "check"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
                said = running.stdout.read() if running.stdout else ""
                _, status, used = os.wait4(running.pid, 0)
                running.returncode = os.waitstatus_to_exitcode(status)
            took = time.perf_counter() - started
        print(
            f"{rows:<44,}{took:>10.1f}{used.ru_maxrss / 1024:>8.0f}{took / rows * 1e6:>18.1f}  {said.splitlines()[-1]}"
        )


def _order(entry: tuple[str, tuple[str, str]]) -> str:
    return entry[0].lower()


def seconds_of(command: list[str]) -> tuple[float, float]:
    """Return the seconds by the clock, and of the processor, of a command; end where it fails, with what it said."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, worked


RESULTS = (
    "import sys, time\nfrom pathlib import Path\nfrom livrev.paths import Repository\n"
    "from livrev.records.review import load_review\nfrom livrev.review.results import compute_results\n"
    "review = load_review(Repository(Path(sys.argv[1])))\nstarted = time.process_time()\n"
    "compute_results(review)\nprint(time.process_time() - started)"
)


def measure(root: Path) -> dict[str, tuple[float, float]]:
    """Return the seconds of each step on the review in *root*, by the clock and of the processor."""
    found = {"livrev check": seconds_of([str(LIVREV), "--root", str(root), "check"])}
    done = subprocess.run([sys.executable, "-c", RESULTS, str(root)], capture_output=True, text=True, check=True)
    found["Results"] = (float(done.stdout), float(done.stdout))
    found["livrev build, cold, HTML"] = seconds_of([str(LIVREV), "--root", str(root), "build", "--no-pdf"])
    return found


def main() -> None:
    """Print one line a step: once the records, *TIMES* the records, and how much longer it takes."""
    with tempfile.TemporaryDirectory() as folder:
        once, grown = Path(folder) / "once", Path(folder) / "grown"
        write_grown(once, 1)
        write_grown(grown, TIMES)
        small, large = measure(once), measure(grown)
    print(
        f"{f'{TIMES} times the records: seconds, of the processor in brackets':<62}{'once':>16}{TIMES:>16}{'times':>8}"
    )
    for name, (wall, worked) in small.items():
        more_wall, more_worked = large[name]
        ratio = more_worked / worked
        said = "" if ratio <= TIMES * SLACK else "  grows faster than the records"
        print(
            f"{name:<62}{f'{wall:.1f} ({worked:.1f})':>16}{f'{more_wall:.1f} ({more_worked:.1f})':>16}{ratio:>8.1f}{said}"
        )


if __name__ == "__main__":
    if counts := [int(rows) for rows in sys.argv[1:]]:
        measure_rows(counts)
    else:
        main()
