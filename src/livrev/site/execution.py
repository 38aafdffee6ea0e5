"""Execute the notebooks in parallel, each once for every state of what it reads."""

import hashlib
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from livrev.paths import Repository
from livrev.site.notebook_inputs import Inputs, Kept, digest_cited, keep, recall_kept, take_down

if TYPE_CHECKING:
    from nbformat import NotebookNode

_DIGEST_LENGTH = 16
_KEPT, _DONE = "inputs.json", ".done"
_CURE = "open it with livrev notebook {stem}, run it from the top, mend what fails; then build again"


class NotebookFailed(Exception):
    """Raised where a notebook cannot be read, or a cell of it ends in an error."""


def digest_inputs(repository: Repository) -> str:
    """Return a digest of everything that a notebook can read: package, data, bibliography, lock, and what is cited."""
    digest = hashlib.sha256(digest_cited(repository).encode())
    for path in _inputs(repository):
        digest.update(path.name.encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest())
    return digest.hexdigest()[:_DIGEST_LENGTH]


def _inputs(repository: Repository) -> Iterable[Path]:
    yield repository.references
    if repository.lock.is_file():  # a review without one takes the packages that are there
        yield repository.lock
    for folder, patterns in (
        (repository.package, ("*.py",)),
        (repository.data, ("*.md", "*.csv", "*.json", "*.yml")),
    ):
        for pattern in patterns:
            yield from sorted(path for path in folder.rglob(pattern) if "_build" not in path.parts)


def cache_folder(repository: Repository) -> Path:
    """Return the folder of executed notebooks."""
    return repository.build / ".executed"


def executed_copies(repository: Repository) -> dict[str, Path]:
    """Return where the executed copy of each notebook that livrev executed lies, by the name of its file."""
    folder = cache_folder(repository)
    return {name: _copy(folder, kept.code) for name, kept in recall_kept(folder / _KEPT).items()}


def fresh_copies(repository: Repository) -> dict[str, Path]:
    """Return the executed copies that are as new as all that their notebooks read, by the name of the notebook's file."""
    folder = cache_folder(repository)
    return {name: _copy(folder, kept.code) for name, kept in _known(repository).items()}


def _copy(folder: Path, code: str) -> Path:
    return folder / "executed" / code / "base.ipynb"


def find_outdated(repository: Repository) -> list[Path]:
    """Return the notebooks that have to be executed; drop from the cache whatever has to be made again.

    Raises NotebookFailed where a file is no notebook.
    """
    folder = cache_folder(repository)
    if _is_done(repository):
        return []
    unreadable = [f"{repository.relative(path)}: {said}" for path, said in _unreadable(repository)]
    if unreadable:
        raise NotebookFailed("\n".join(unreadable))
    known = _known(repository)
    outdated = [path for path in repository.notebook_files() if path.name not in known]
    if folder.is_dir():
        # Forgotten before it is made again, by whomever: what is new must not be taken for what is known of the old.
        (folder / _DONE).unlink(missing_ok=True)
        keep(folder / _KEPT, known)
        _drop_all_but({one.code for one in known.values()}, folder)
    return outdated


def _known(repository: Repository) -> dict[str, Kept]:
    """Return what is known of the notebooks whose executed copies are as new as all that they read."""
    folder, inputs = cache_folder(repository), Inputs(repository)
    kept = recall_kept(folder / _KEPT)
    return {
        path.name: one
        for path in repository.notebook_files()
        if (one := kept.get(path.name))
        and one.code == code_key(path)
        and _copy(folder, one.code).is_file()
        and one.holds(inputs)
    }


class Kernels:
    """The notebooks to execute, how kernels are started for them, and what the files were like before the first could read them."""

    def __init__(self, repository: Repository, outdated: Collection[Path], inputs: Inputs, command: list[str]) -> None:
        self.repository, self.outdated, self.inputs, self.command = repository, outdated, inputs, command


@contextmanager
def start_kernels(repository: Repository) -> Iterator[Kernels]:
    """Yield what starts kernels for the notebooks that are outdated: copies of one process, where the system can do that.

    That process begins at once with what all of them need, while the caller does other things. Raises NotebookFailed where a
    file is no notebook.
    """
    from livrev.site.kernel_forkserver import available, open_nursery

    outdated, inputs = find_outdated(repository), Inputs(repository)
    if outdated:
        inputs.take_all()
    if not outdated or not available():
        yield Kernels(
            repository,
            outdated,
            inputs,
            [sys.executable, "-m", "livrev.site.watched_kernel", "-f", "{connection_file}"],
        )
        return
    with open_nursery(repository) as command:
        yield Kernels(repository, outdated, inputs, command)


def execute_notebooks(
    repository: Repository, *, workers: int = 2, report: Callable[[str], None] = lambda line: None
) -> int:
    """Execute every notebook whose executed copy is not there, or is older than what it read; return how many were executed.

    *workers* run at a time. Raises NotebookFailed with what failed in each notebook.
    """
    with start_kernels(repository) as kernels:
        return execute_in(kernels, workers=workers, report=report)


def execute_in(kernels: Kernels, *, workers: int, report: Callable[[str], None]) -> int:
    """Execute the notebooks that *kernels* were started for, as execute_notebooks does."""
    repository, paths, failures = kernels.repository, kernels.outdated, []
    folder = cache_folder(repository)
    kept = recall_kept(folder / _KEPT)
    with tempfile.TemporaryDirectory(prefix="livrev-") as notes, ThreadPoolExecutor(max_workers=workers) as pool:
        running = {pool.submit(_execute, path, kernels, Path(notes)): path for path in _longest_first(paths)}
        for number, future in enumerate(as_completed(running), 1):
            path = running[future]
            executed, read, failure = future.result()
            if executed is None:
                failures.append(f"{repository.relative(path)}: {failure}\n{_CURE.format(stem=path.stem)}")
            else:
                put_into_cache(folder, path, executed)
                kept[path.name] = take_down(read, code_key(path), kernels.inputs)
            report(f"  [{number}/{len(paths)}] {path.name}{'' if executed else ' failed'}")
    folder.mkdir(parents=True, exist_ok=True)
    keep(folder / _KEPT, kept)
    if failures:
        raise NotebookFailed("\n".join(failures))
    (folder / _DONE).write_text(_state(repository), encoding="utf-8")
    return len(paths)


def put_into_cache(folder: Path, path: Path, executed: "NotebookNode") -> None:
    """Put an executed notebook where MyST-NB looks for it."""
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn

    get_cache(str(folder)).cache_notebook_bundle(
        CacheBundleIn(executed, str(path)), check_validity=False, overwrite=True
    )


def _state(repository: Repository) -> str:
    return f"{digest_files(repository.notebook_files())} {digest_inputs(repository)}"


def _is_done(repository: Repository) -> bool:
    """Tell whether every notebook was executed, and nothing that any of them could read has changed since."""
    done = cache_folder(repository) / _DONE
    return done.is_file() and done.read_text(encoding="utf-8") == _state(repository)


def code_key(path: Path) -> str:
    """Return the name that the code of a notebook has in the cache, as jupyter-cache computes it."""
    import nbformat
    from jupyter_cache.cache.main import JupyterCacheBase

    notebook = nbformat.read(path, as_version=4)
    return str(JupyterCacheBase("").create_hashed_notebook(notebook)[1])


def _drop_all_but(codes: Collection[str], folder: Path) -> None:
    """Delete the executed copies whose code is not among *codes*: what is found in the cache is taken for new."""
    if not (folder / "executed").is_dir():
        return
    from jupyter_cache import get_cache

    cache = get_cache(str(folder))
    for record in cache.list_cache_records():
        if record.hashkey not in codes:
            cache.remove_cache(record.pk)


def digest_files(paths: Iterable[Path]) -> str:
    """Return a digest of *paths*: of their names and of what is in them."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _unreadable(repository: Repository) -> Iterable[tuple[Path, str]]:
    """Yield each notebook that is none, with what is wrong."""
    import nbformat

    for path in repository.notebook_files():
        try:
            nbformat.validate(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4))
        except (OSError, ValueError, AttributeError, KeyError, TypeError, nbformat.ValidationError) as error:
            yield path, f"is no notebook ({(str(error).splitlines() or [type(error).__name__])[0]}); restore it"


def _longest_first(paths: Iterable[Path]) -> list[Path]:
    """Return the notebooks with those first that are likely to take long, so that no worker waits for another at the end."""
    return sorted(paths, key=lambda path: -path.stat().st_size)


def _execute(path: Path, kernels: Kernels, notes: Path) -> tuple["NotebookNode | None", list[str], str]:
    """Run one notebook; return it, what it read, and nothing; or None and the traceback of the cell that failed."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    from livrev.site.kernel import missing_module, run_notebook
    from livrev.site.watched_kernel import environment_for, what_was_read

    place = notes / f"{path.stem}.jsonl"
    try:
        executed = run_notebook(path, kernels.command, environment_for(kernels.repository, place))
    except (CellExecutionError, CellTimeoutError, RuntimeError) as error:
        return None, [], f"{error}\n{missing_module(error)}".rstrip()
    return executed, what_was_read(place) or kernels.inputs.everything(), ""
