"""Ask addresses whether they still answer, with Sphinx's own checker of links: it waits, tries again, and keeps limits."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_SETTINGS = {
    "linkcheck_anchors": False,
    "linkcheck_allow_unauthorized": True,
    "linkcheck_report_timeouts_as_broken": False,
    "linkcheck_rate_limit_timeout": 60.0,
    "linkcheck_workers": 4,
    "user_agent": "livrev links (weekly check of a review's references)",
}
# The checker takes addresses from pages; this one page has none of its own, and gets them from the list beside it.
_CONF = """import json, pathlib
from livrev.sources.ssrf_guard import only_public
only_public(loopback={loopback!r})
locals().update({settings!r})
def _take(app):
    from sphinx.builders.linkcheck import Hyperlink
    listed = json.loads(pathlib.Path(app.confdir, "addresses.json").read_text(encoding="utf-8"))
    app.builder.hyperlinks.update({{uri: Hyperlink(uri, "index", "index.rst", 1) for uri in listed}})
def setup(app):
    app.connect("builder-inited", _take)
"""


class AskingFailed(Exception):
    """Raised where the checker itself could not run; holds what it said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered: *status* is the checker's word, *code* that of HTTP (0: none), *said* its message."""

    address: str
    status: str
    code: int
    said: str


def ask(
    addresses: Iterable[str],
    *,
    timeout: float = 20,
    tries: int = 3,
    loopback: bool = False,
    report: Callable[[str], None] = lambda line: None,
) -> list[Answer]:
    """Ask every address, *timeout* seconds and *tries* times at most; return the answers in the order of addresses.

    Nothing that leads into this machine or its own network is asked; *loopback* lets tests ask this machine.
    """
    listed = list(addresses)
    if not listed:
        return []
    settings = _SETTINGS | {"linkcheck_timeout": timeout, "linkcheck_retries": tries}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "conf.py").write_text(_CONF.format(settings=settings, loopback=loopback), encoding="utf-8")
        (folder / "index.rst").write_text("Links\n=====\n", encoding="utf-8")
        (folder / "addresses.json").write_text(json.dumps(listed), encoding="utf-8")
        command = [sys.executable, "-m", "sphinx", "-b", "linkcheck", "--no-color", name, str(folder / "out")]
        lines: list[str] = []
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
        ) as process:
            assert process.stdout is not None
            asked = 0
            for line in process.stdout:
                lines.append(line.rstrip())
                if "line    1)" in line:
                    asked += 1
                    if asked % 50 == 0 or asked == len(listed):
                        report(f"  {asked} of {len(listed)} addresses asked")
        output = folder / "out" / "output.json"
        if not output.is_file() or process.returncode not in (0, 1):  # 1: an address is broken
            raise AskingFailed("\n".join(lines[-20:]))
        found = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    answers = {
        one["uri"]: Answer(one["uri"], one["status"], int(one["code"]), str(one["info"]).strip(" -")) for one in found
    }
    return [answers.get(address, Answer(address, "unchecked", 0, "was not asked")) for address in listed]
