"""The commands that run notebooks: here, to store what they say, or elsewhere."""

import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import click

from livrev.cli.exits import FILE, fail, repository_of
from livrev.diagnostics import suggest
from livrev.paths import Repository

# What the notebooks import and Colab does not bring; everything else (pandas, SciPy, Matplotlib, pydantic) it has.
LACKING = ("bibtexparser", "pymetaanalysis")
_CELL = """# Colab only: fetch the review and the little that Colab lacks; it takes half a minute.
!git clone --quiet --filter=blob:none {code} livrev
!git -C livrev checkout --quiet {commit}
%pip install --quiet {lacking}
%pip install --quiet --no-deps ./livrev
%cd -q livrev/notebooks"""


@click.command()
@click.argument("notebooks", nargs=-1, type=FILE)
def store(notebooks: tuple[Path, ...]) -> None:
    """Execute NOTEBOOKS (default: all) and store their output as text, for readers, git and nbval."""
    from nbclient.exceptions import CellExecutionError

    from livrev.site.kernel import missing_module, run_notebooks, store_outputs

    failures = []
    for path, run in run_notebooks(notebooks or repository_of().notebook_files()):
        if isinstance(run, CellExecutionError):
            failures.append(f"{path.name}: {run}\n{missing_module(run)}the notebook was left as it was")
        elif isinstance(run, Exception):
            failures.append(f"{path.name}: cannot be run ({run}); livrev check names what is wrong with it")
        else:
            click.echo(f"{path.name}: {'stored' if store_outputs(path, run.notebook) else 'unchanged'}")
    if failures:
        fail("\n".join(failures))


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", required=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def notebook(name: str | None, options: tuple[str, ...]) -> None:
    """Open the notebook NAME in JupyterLab on this computer; without a name, the folder of all.

    OPTIONS are JupyterLab's own and go on to it: --no-browser, --port=9000. Press Ctrl-C twice to stop it.

    \b
    livrev notebook pools
    livrev notebook --no-browser
    """
    repository = repository_of()
    if name and name.startswith("-"):
        options, name = (name, *options), None
    opened = _find(repository, name) if name else repository.notebooks
    place = repository.relative(opened)
    # The address that the server prints leads to the notebook too, for who opens it by hand.
    ours = [f"--ServerApp.root_dir={repository.root}", f"--LabApp.default_url=/lab/tree/{place}"]
    command = [sys.executable, "-m", "jupyterlab", *ours, *options]
    click.echo(f"{place} opens in JupyterLab; Ctrl-C, twice, stops it", err=True)
    try:
        sys.exit(subprocess.run(command, cwd=repository.root, check=False).returncode)
    except KeyboardInterrupt:
        sys.exit(130)


def _find(repository: Repository, name: str) -> Path:
    """Return the notebook of that name, however it was written: `pools`, `pools.ipynb`, `notebooks/pools.ipynb`."""
    known = {path.stem: path for path in repository.notebook_files()}
    stem = Path(name).name.removesuffix(".ipynb")
    if stem not in known:
        cure = f"{suggest(stem, known, '')} There are: {', '.join(known)}".strip()
        fail(f"{name} is no notebook of this review; {cure}", 2)
    return known[stem]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--repository", "code", required=True, envvar="LIVREV_REPOSITORY", help="Public address of the code.")
@click.option("--commit", required=True, help="Commit that the notebooks fetch.")
def colab(folder: Path, code: str, commit: str) -> None:
    """Write into FOLDER a copy of each notebook that runs in Colab: its first cell fetches the review.

    Publishing puts them on a branch of their own, to which the Colab buttons of the book lead.
    """
    import nbformat

    from livrev.transaction import write_atomically

    if not re.fullmatch(r"[0-9a-f]{7,40}", commit):
        fail(f"{commit} is no commit; give its number: git rev-parse HEAD", 2)
    if not re.fullmatch(r"(?:https|file)://[\w./~:@-]+", code):
        fail(f"{code} is no address of a repository; write https://github.com/OWNER/NAME", 2)
    repository = repository_of()
    source = _CELL.format(code=code, commit=commit, lacking=" ".join(f'"{line}"' for line in lacking_requirements()))
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    for path in repository.notebook_files():
        copy = nbformat.read(path, as_version=4)
        copy.cells.insert(0, nbformat.v4.new_code_cell(source, id="cell-colab"))
        write_atomically(folder / "notebooks" / path.name, nbformat.writes(copy, indent=1) + "\n")
    click.echo(f"{folder / 'notebooks'}: {len(repository.notebook_files())} notebooks", err=True)


def lacking_requirements() -> list[str]:
    """Return what Colab lacks, each with the versions that the package asks for."""
    wanted = [line for line in requires("livrev") or [] if ";" not in line]
    return [line for line in wanted if re.split(r"[^\w.-]", line, maxsplit=1)[0].lower() in LACKING]
