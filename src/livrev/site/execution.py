"""Execute the notebooks in parallel, once for every state of what they can read."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from livrev.checks.citations import cited_in
from livrev.paths import Repository
from livrev.records.chapters import read_chapters

if TYPE_CHECKING:
    from jupyter_cache.base import CacheBundleIn
    from jupyter_cache.cache.main import JupyterCacheBase

_DIGEST_LENGTH = 16
_FEW = 3


class NotebookFailed(Exception):
    """Raised where a notebook cannot be read, or a cell of it ends in an error."""


def digest_inputs(repository: Repository) -> str:
    """Return a digest of everything that a notebook can read: package, data, bibliography, lock, and what is cited."""
    digest = hashlib.sha256()
    for file, text in read_chapters(repository)[0].items():
        cited = sorted({key for key, _ in cited_in(text)})
        digest.update(f"{file}: {', '.join(cited)}\n".encode())
    for path in _inputs(repository):
        digest.update(path.name.encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
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
    """Return the folder of executed notebooks that belongs to the present inputs."""
    return repository.build / ".executed" / digest_inputs(repository)


def execute_notebooks(
    repository: Repository, *, workers: int = 2, report: Callable[[str], None] = lambda line: None
) -> int:
    """Execute every notebook that the cache does not hold, *workers* at a time; return how many were executed.

    Caches of earlier inputs are deleted. Raises NotebookFailed with what failed in each notebook.
    """
    folder = cache_folder(repository)
    state, done = digest_files(repository.notebook_files()), folder / ".done"
    if done.exists() and done.read_text(encoding="utf-8") == state:
        return 0
    from jupyter_cache import get_cache

    if folder.parent.exists():
        for other in folder.parent.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
    cache = get_cache(str(folder))
    failures = [f"{repository.relative(path)}: {said}" for path, said in _unreadable(repository)]
    if failures:
        raise NotebookFailed("\n".join(failures))
    paths = [path for path in repository.notebook_files() if not _is_cached(cache, path)]
    with _kernels(repository, len(paths)) as command, ThreadPoolExecutor(max_workers=workers) as pool:
        running = {pool.submit(_execute, path, command): path for path in _longest_first(paths)}
        for number, future in enumerate(as_completed(running), 1):
            path = running[future]
            bundle, failure = future.result()
            if failure:
                failures.append(f"{repository.relative(path)}: {failure}")
                report(f"  [{number}/{len(paths)}] {path.name} failed")
            else:
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
                report(f"  [{number}/{len(paths)}] {path.name}")
    if failures:
        raise NotebookFailed("\n".join(failures))
    done.write_text(state, encoding="utf-8")
    return len(paths)


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
            nbformat.validate(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4))  # type: ignore[no-untyped-call]
        except (OSError, ValueError, AttributeError, KeyError, TypeError, nbformat.ValidationError) as error:
            yield path, f"is no notebook ({(str(error).splitlines() or [type(error).__name__])[0]}); restore it"


def _is_cached(cache: "JupyterCacheBase", path: Path) -> bool:
    import nbformat

    try:
        cache.match_cache_notebook(nbformat.read(path, as_version=4))  # type: ignore[no-untyped-call]
    except KeyError:
        return False
    return True


@contextmanager
def _kernels(repository: Repository, notebooks: int) -> Iterator[list[str] | None]:
    """Yield the command that starts a kernel: a copy of one process for all, where that is quicker and can be done."""
    from livrev.site.kernel_forkserver import available, open_nursery

    if notebooks < _FEW or not available():
        yield None
        return
    with open_nursery(repository) as command:
        yield command


def _longest_first(paths: Iterable[Path]) -> list[Path]:
    """Return the notebooks with those first that are likely to take long, so that no worker waits for another at the end."""
    return sorted(paths, key=lambda path: -path.stat().st_size)


def _execute(path: Path, command: list[str] | None) -> tuple["CacheBundleIn | None", str | None]:
    """Run one notebook; return the bundle for the cache, or the traceback of the cell that failed."""
    from jupyter_cache.base import CacheBundleIn
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    from livrev.site.kernel import run_notebook

    try:
        notebook = run_notebook(path, command)
    except (CellExecutionError, CellTimeoutError, RuntimeError) as error:
        return None, str(error)
    return CacheBundleIn(notebook, str(path)), None
