"""Know where things stand: the only module that names folders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from livrev.diagnostics import WrongCall


class RepositoryNotFound(WrongCall):
    """Raised where neither the folder given nor one above it is a review."""


class _Place:
    """The place of a file or a folder below the root of a review."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __get__(self, repository: "Repository", _: type["Repository"]) -> Path:
        return repository.root / self._place


@dataclass(frozen=True, slots=True)
class Repository:
    """The folders and files of one review, all below *root*.

    *planned* are texts that files are going to have: whoever reads a file through `read_text` reads them already.
    """

    root: Path
    planned: Mapping[Path, str] = field(default_factory=dict, compare=False, repr=False)

    data = _Place("data")
    datapackage = _Place("data/datapackage.json")
    schemas = _Place("data/schema")
    vocabulary = _Place("data/vocabulary.yml")
    settings = _Place("data/review.yml")
    sources = _Place("data/sources")
    features = _Place("data/features")
    drafts = _Place("data/drafts")
    raw = _Place("data/raw")
    history = _Place("data/history")
    pending = _Place(".livrev")
    citation = _Place("CITATION.cff")
    references = _Place("references.bib")
    config = _Place("_config.yml")
    contents = _Place("_toc.yml")
    chapters = _Place("chapters")
    notebooks = _Place("notebooks")
    lock = _Place("requirements.txt")
    build = _Place("_build")
    html = _Place("_build/html")
    pdf = _Place("_build/html/livrev.pdf")

    @property
    def package(self) -> Path:
        return Path(__file__).resolve().parent

    def relative(self, path: Path) -> str:
        """Return *path* as readers see it: relative to the root, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()

    def chapter_files(self) -> list[Path]:
        """Return the chapters in the order of their names."""
        return sorted(self.chapters.glob("*.md"))

    def notebook_files(self) -> list[Path]:
        """Return the notebooks in the order of their names."""
        return sorted(self.notebooks.glob("*.ipynb"))


def find_repository(start: Path | None = None) -> Repository:
    """Find the review that *start* lies in; without it, the one of the working folder, else the one that livrev came with.

    Raises RepositoryNotFound where no folder from there upwards holds `_config.yml` and `data/`.
    """
    here = (start or Path.cwd()).resolve()
    own = Path(__file__).resolve().parents if start is None else ()
    for folder in (here, *here.parents, *own):
        if (folder / "_config.yml").is_file() and (folder / "data").is_dir():
            return Repository(folder)
    raise RepositoryNotFound(
        f"{here}: no review here or above (looked for _config.yml beside data/); run in a clone of it, or give --root DIR"
    )
