"""Hand files to workers: this process, a pool of processes on this machine, or Dask's workers on many."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from livrev.update.baseline import Future, Job, Reading, Submit, read_file

Workers = tuple[Submit, int]


@dataclass(frozen=True, slots=True)
class _Later:
    """A reading that is made when it is asked for."""

    path: Path
    job: Job

    def result(self) -> Reading:
        return read_file(self.path, self.job)


def own_process() -> Workers:
    """Read in this process, one file after the other."""
    return _Later, 1


@contextmanager
def process_pool(count: int) -> Iterator[Workers]:
    """Read in *count* processes of this machine. What is under way when an error leaves the block is given up."""
    # Started afresh, not forked: the libraries below have threads, which a fork does not survive.
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))

    def submit(path: Path, job: Job) -> Future:
        return pool.submit(read_file, path, job)

    try:
        yield submit, count
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def dask_workers(address: str, *, patience_seconds: float = 10.0) -> Iterator[Workers]:
    """Read on the workers of the Dask scheduler at *address*.

    Raises ModuleNotFoundError where Dask is not installed, OSError where no scheduler answers, ValueError where it has no worker.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ModuleNotFoundError("Dask is not installed; install it: pip install 'livrev[scale]'") from None
    with Client(address, timeout=patience_seconds, set_as_default=False) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise ValueError("has no worker; start some: dask worker ADDRESS")
        # Sent once to every worker, not with every file.
        sent: dict[int, object] = {}

        def submit(path: Path, job: Job) -> Future:
            if id(job) not in sent:
                sent[id(job)] = client.scatter(job, broadcast=True)
            future: Future = client.submit(read_file, path, sent[id(job)], pure=False, retries=1)
            return future

        yield submit, threads
