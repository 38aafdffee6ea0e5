"""What the package imports is declared, and what is declared is used: an installation holds what runs, and no more."""

import ast
import re
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from typing import Any

import pytest
from small_review import ROOT

# The command that opens the notebooks; a word that stands in many a sentence proves nothing.
BY_NAME = {"jupyter"}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def declared() -> dict[str, set[str]]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {group: {plain(re.split(r"[<>=!~\[ ]", one)[0]) for one in names} for group, names in groups.items()}


@pytest.fixture(scope="module")
def given_by() -> Mapping[str, list[str]]:
    """By the name of a module, the packages that bring it."""
    return packages_distributions()


def imported(folder: str) -> set[str]:
    """Return the packages that the modules below *folder* import, but for the standard library, this package and types alone."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(str(node.module))
    # sphinxcontrib is many packages: the second name tells which
    names = {".".join(name.split(".")[: 2 if name.startswith("sphinxcontrib") else 1]) for name in found}
    return names - {*sys.stdlib_module_names, "livrev", "_typeshed"}


def test_what_the_package_imports_is_declared(declared: dict[str, set[str]], given_by: Mapping[str, list[str]]) -> None:
    missing = {
        name
        for name in imported("src")
        if not ({plain(name), *map(plain, given_by.get(name, ()))} & (declared[""] | declared["scale"]))
    }
    assert missing == set()


def test_what_is_declared_is_imported_or_named(
    declared: dict[str, set[str]], given_by: Mapping[str, list[str]]
) -> None:
    brings: dict[str, set[str]] = {}
    for module, names in given_by.items():
        for name in names:
            brings.setdefault(plain(name), set()).add(module)
    texts = [path.read_text(encoding="utf-8") for path in [ROOT / "_config.yml", *(ROOT / "src").rglob("*.py")]]
    said = " ".join(texts).lower()
    unused = {
        name
        for name in declared[""] - BY_NAME
        if not any(re.search(rf"\b{re.escape(one.lower())}\b", said) for one in {name, *brings.get(name, ())})
    }
    assert unused == set()
