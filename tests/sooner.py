"""What makes every process of the tests begin and go on sooner, and changes nothing that a test sees (`-p sooner`).

One of jsonschema's checks of formats compiles a grammar of addresses when it is imported, which takes a second; without it that
check is left out, as it is in a build. And what was imported and collected is no garbage: it is looked through seldom, and not
again once the tests begin.
"""

import gc
import sys

import pytest

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave alone from here on what the tests were read into."""
    gc.freeze()
