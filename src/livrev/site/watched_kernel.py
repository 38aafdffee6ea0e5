"""A kernel that notes what its notebook reads of the review, into the file that the environment names.

`python -m livrev.site.watched_kernel -f CONNECTION_FILE` is such a kernel; those of the fork server call `watch` themselves.
"""

import json
import os
from pathlib import Path

from livrev.paths import Repository
from livrev.records.reads import watch_reads

_PLACE, _ROOT = "LIVREV_READS", "LIVREV_READS_OF"


def environment_for(repository: Repository, place: Path) -> dict[str, str]:
    """Return what tells a kernel to note at *place* what is read of *repository*."""
    return {_PLACE: str(place), _ROOT: str(repository.root)}


def watch() -> None:
    """Note from now on what is read, where the environment asks for it."""
    if _PLACE in os.environ:
        file = Path(os.environ[_PLACE]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 - as long as the kernel lives
        watch_reads(Repository(Path(os.environ[_ROOT])), lambda name: print(json.dumps(name), file=file))


def what_was_read(place: Path) -> list[str]:
    """Return the names that a kernel noted at *place*; none where it noted nothing."""
    return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()] if place.is_file() else []


def main() -> None:
    """Be a kernel."""
    watch()
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance()


if __name__ == "__main__":
    main()
