"""What makes every process of the tests begin and go on sooner, and changes nothing that a test sees (`-p sooner`).

One of jsonschema's checks of formats compiles a grammar of addresses when it is imported, which takes a second; without it that
check is left out, as it is in a build. And what was imported and collected is no garbage: it is looked through seldom, and not
again once the tests begin.
"""

import contextlib
import gc
import importlib
import os
import sys
from pathlib import Path

import pytest

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave alone from here on what the tests were read into."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Let the second of two workers read the tests from the end, so that each finds what the other has compiled.

    In a new clone that takes seconds: pytest writes the assertions of each file anew. Where a file cannot be read, it is left to
    pytest to say so.
    """
    if os.environ.get("PYTEST_XDIST_WORKER") == "gw1":
        for path in sorted(Path(__file__).parent.glob("test_*.py"), reverse=True):
            with contextlib.suppress(Exception, pytest.skip.Exception):
                importlib.import_module(path.stem)
