"""Know where things stand: the only module that names folders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class RepositoryNotFound(Exception):
    """Raised where neither the folder given nor one above it is a review."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The folders and files of one review, all below *root*.

    *planned* are texts that files are going to have: whoever reads a file through `read_text` reads them already.
    """

    root: Path
    planned: Mapping[Path, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def datapackage(self) -> Path:
        return self.data / "datapackage.json"

    @property
    def schemas(self) -> Path:
        return self.data / "schema"

    @property
    def vocabulary(self) -> Path:
        return self.data / "vocabulary.yml"

    @property
    def settings(self) -> Path:
        return self.data / "review.yml"

    @property
    def sources(self) -> Path:
        return self.data / "sources"

    @property
    def features(self) -> Path:
        return self.data / "features"

    @property
    def drafts(self) -> Path:
        return self.data / "drafts"

    @property
    def raw(self) -> Path:
        return self.data / "raw"

    @property
    def pending(self) -> Path:
        return self.root / ".livrev"

    @property
    def history(self) -> Path:
        return self.data / "history"

    @property
    def citation(self) -> Path:
        return self.root / "CITATION.cff"

    @property
    def codemeta(self) -> Path:
        return self.root / "codemeta.json"

    @property
    def references(self) -> Path:
        return self.root / "references.bib"

    @property
    def config(self) -> Path:
        return self.root / "_config.yml"

    @property
    def contents(self) -> Path:
        return self.root / "_toc.yml"

    @property
    def chapters(self) -> Path:
        return self.root / "chapters"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def lock(self) -> Path:
        return self.root / "requirements.txt"

    @property
    def build(self) -> Path:
        return self.root / "_build"

    @property
    def html(self) -> Path:
        return self.build / "html"

    @property
    def pdf(self) -> Path:
        return self.html / "livrev.pdf"

    @property
    def downloads(self) -> Path:
        return self.build / "downloads"

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
