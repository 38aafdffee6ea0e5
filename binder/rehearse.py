"""Do here what Binder and Colab would do with a fresh clone: install, run a notebook, hold it against what is stored.

`python binder/rehearse.py binder` or `… colab`; `--notebook NAME` chooses which one. Needs a package index, no account.
Colab's own image cannot be had: a new environment with the packages that it is known to bring stands for it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BROUGHT = [
    "beautifulsoup4", "ipykernel", "lxml", "matplotlib<3.11", "nbclient", "numpy<2.1", "pandas<3", "pydantic", "pyyaml",
    "requests", "scipy<1.17",
]  # fmt: skip
RUN = """
import sys, nbformat
from nbclient import NotebookClient
path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
stored = nbformat.read(sys.argv[2], as_version=4)
NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": sys.argv[3]}}).execute()
def texts(cells):
    code = [c for c in cells if c.cell_type == "code" and c.id != "cell-colab"]
    return [[o["data"].get("text/plain") for o in c.outputs if "data" in o] for c in code]
said, before = texts(notebook.cells), texts(stored.cells)
differ = [n for n, (a, b) in enumerate(zip(said, before, strict=True), 1) if a != b]
for n in differ:
    print(said[n - 1], "\\nstored:", before[n - 1])
sys.exit(f"cells {differ} say something else than what is stored" if differ else 0)
"""


def main() -> None:
    """Read the command line and rehearse in a clone that is thrown away afterwards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("where", choices=["binder", "colab"])
    parser.add_argument("--notebook", default="pools", help="stem of the notebook to run (default: %(default)s)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        rehearse = rehearse_binder if asked.where == "binder" else rehearse_colab
        rehearse(Path(folder), clone, asked.notebook)


def rehearse_binder(folder: Path, clone: Path, name: str) -> None:
    """Make Binder's environment and run the notebook in its folder."""
    wanted = (clone / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    python = shutil.which(f"python{wanted}") or sys.exit(f"Binder uses Python {wanted}, which is not here")
    environment = make_environment(folder, python)
    step("binder/postBuild", ["binder/postBuild"], clone, environment)
    run_notebook(clone / "notebooks" / f"{name}.ipynb", clone / "notebooks", name, environment)


def rehearse_colab(folder: Path, clone: Path, name: str) -> None:
    """Make an environment like Colab's and run there the notebook that publishing would put on its branch."""
    environment = make_environment(folder, sys.executable)
    step("what Colab brings", ["python", "-m", "pip", "install", "--quiet", *BROUGHT], folder, environment)
    livrev = [str(Path(sys.executable).with_name("livrev")), "--root", str(clone), "colab", str(folder / "branch")]
    commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=clone, text=True).strip()
    subprocess.run([*livrev, "--repository", clone.as_uri(), "--commit", commit], check=True)
    content = folder / "content"
    content.mkdir()
    run_notebook(folder / "branch" / "notebooks" / f"{name}.ipynb", content, name, environment)


def make_environment(folder: Path, python: str) -> dict[str, str]:
    """Return the variables of a shell in a new environment, into which nothing of this one leaks."""
    subprocess.run([python, "-m", "venv", folder / "venv"], check=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "JUPYTER"))}
    return kept | {"PATH": f"{folder / 'venv' / 'bin'}:{os.environ['PATH']}", "IPYTHONDIR": str(folder / "ipython")}


def run_notebook(path: Path, folder: Path, name: str, environment: dict[str, str]) -> None:
    """Run the notebook at *path* in *folder*; hold its text against what the notebook *name* of the book has stored."""
    step(
        f"{path.name} run",
        ["python", "-c", RUN, path, ROOT / "notebooks" / f"{name}.ipynb", folder],
        folder,
        environment,
    )
    print(f"{path.name}: every cell says what is stored")


def step(name: str, command: list[object], folder: Path, environment: dict[str, str]) -> None:
    """Run one command, say how long it took, and end where it fails."""
    started = time.perf_counter()
    done = subprocess.run([str(word) for word in command], cwd=folder, env=environment, check=False)
    if done.returncode:
        sys.exit(f"{name}: failed")
    print(f"{name}: {time.perf_counter() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
