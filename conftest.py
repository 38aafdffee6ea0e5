"""Notebooks store text only: pictures and HTML are made anew, so nbval compares everything else, strictly."""

import os

import pytest

_NOT_STORED = ("image/svg+xml", "image/png", "text/html")


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Let nbval pass over what is not stored; the text beside it holds every number."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += _NOT_STORED


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where CI is set, a test that was skipped counts as one that failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        reporter.write_line("a test was skipped, which is an error where CI is set", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
