"""Make notebooks that run in Colab, which opens one file and knows neither the review nor its package.

The notebooks of the book stay as they are: these are copies with one more cell, made when the book is published.
"""

import re
from importlib.metadata import requires

import nbformat
from nbformat import NotebookNode

# What the notebooks import and Colab does not bring; everything else (pandas, SciPy, Matplotlib, pydantic) it has.
LACKING = ("bibtexparser", "pymetaanalysis")
_CELL = """# Colab only: fetch the review and the little that Colab lacks; it takes half a minute.
!git clone --quiet --filter=blob:none {code} livrev
!git -C livrev checkout --quiet {commit}
%pip install --quiet {lacking}
%pip install --quiet --no-deps ./livrev
%cd -q livrev/notebooks"""


def for_colab(notebook: NotebookNode, *, code: str, commit: str) -> NotebookNode:
    """Return a copy of *notebook* that first fetches the review, as it was at *commit*, from the repository *code*."""
    copy: NotebookNode = nbformat.from_dict(notebook)
    source = _CELL.format(code=code, commit=commit, lacking=" ".join(f'"{line}"' for line in lacking_requirements()))
    cell = nbformat.v4.new_code_cell(source, id="cell-colab")
    copy.cells = [cell, *copy.cells]
    return copy


def lacking_requirements() -> list[str]:
    """Return what Colab lacks, each with the versions that the package asks for."""
    wanted = [line for line in requires("livrev") or [] if ";" not in line]
    return [line for line in wanted if re.split(r"[^\w.-]", line, maxsplit=1)[0].lower() in LACKING]
