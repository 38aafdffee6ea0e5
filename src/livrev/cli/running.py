"""`livrev notebook` and `livrev colab`: run what stands behind the book, here or elsewhere."""

import difflib
import re
import subprocess
import sys
from pathlib import Path

import click

from livrev.cli.exits import fail, repository_of
from livrev.paths import Repository


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", required=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def notebook(context: click.Context, name: str | None, options: tuple[str, ...]) -> None:
    """Open the notebook NAME in JupyterLab on this computer; without a name, the folder of all.

    OPTIONS are JupyterLab's own and go on to it: --no-browser, --port=9000. Press Ctrl-C twice to stop it.

    \b
    livrev notebook pools
    livrev notebook --no-browser
    """
    repository = repository_of(context)
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
        near = difflib.get_close_matches(stem, known, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        fail(f"{name} is no notebook of this review; {meant}There are: {', '.join(known)}", 2)
    return known[stem]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--repository", "code", required=True, envvar="LIVREV_REPOSITORY", help="Public address of the code.")
@click.option("--commit", required=True, help="Commit that the notebooks fetch.")
@click.pass_context
def colab(context: click.Context, folder: Path, code: str, commit: str) -> None:
    """Write into FOLDER a copy of each notebook that runs in Colab: its first cell fetches the review.

    Publishing puts them on a branch of their own, to which the Colab buttons of the book lead.
    """
    import nbformat

    from livrev.atomic_write import write_atomically
    from livrev.cli.colab import for_colab

    if not re.fullmatch(r"[0-9a-f]{7,40}", commit):
        fail(f"{commit} is no commit; give its number: git rev-parse HEAD", 2)
    if not re.fullmatch(r"(?:https|file)://[\w./~:@-]+", code):
        fail(f"{code} is no address of a repository; write https://github.com/OWNER/NAME", 2)
    repository = repository_of(context)
    try:
        (folder / "notebooks").mkdir(parents=True, exist_ok=True)
        for path in repository.notebook_files():
            notebook = nbformat.read(path, as_version=4)
            text = nbformat.writes(for_colab(notebook, code=code, commit=commit), indent=1)
            write_atomically(folder / "notebooks" / path.name, text + "\n")
    except OSError as error:
        fail(f"{folder}: cannot be written ({error.strerror}); choose another folder")
    click.echo(f"{folder / 'notebooks'}: {len(repository.notebook_files())} notebooks", err=True)
