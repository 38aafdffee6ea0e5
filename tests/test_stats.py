"""The room of statistics: its examples run, and it knows nothing of records, reviews or pages."""

import ast
import doctest
import importlib
from pathlib import Path

import pytest

import livrev.stats

ROOM = Path(livrev.stats.__path__[0])
MODULES = sorted(path.stem for path in ROOM.glob("[a-z]*.py"))


@pytest.mark.parametrize("module", MODULES)
def test_examples_run(module):
    assert doctest.testmod(importlib.import_module(f"livrev.stats.{module}")).failed == 0


@pytest.mark.parametrize("module", MODULES)
def test_no_arrow_points_up(module):
    tree = ast.parse((ROOM / f"{module}.py").read_text(encoding="utf-8"))
    named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    ours = {name for name in named if name.startswith("livrev.")}
    assert {name.split(".")[1] for name in ours} <= {"stats", "diagnostics"}
