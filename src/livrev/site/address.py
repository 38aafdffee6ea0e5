"""Where the book is published: `LIVREV_BASE_URL`, or `baseurl` in the configuration, and what follows from it.

With an address, each page names itself (canonical), pictures for sharing and the sitemap are absolute, and the page for what
is missing works at any depth. Without one the book is read from the disk, and every address is relative.
"""

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:
    from sphinx.config import Config

VARIABLE = "LIVREV_BASE_URL"
_POINTS = re.compile(r'(?P<before>\s(?:href|src)=")(?P<to>(?![a-zA-Z][a-zA-Z0-9+.-]*:|//|#)[^"]*)(?=")')
_FOLDER = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[\w.~%-]+)*/?")
_ROOT = re.compile(r'(?P<before>data-content_root=")[^"]*(?=")')


def base_address(said: str) -> str:
    """Return the address of the book with a slash at its end; none where *said* is empty.

    Raises ValueError where it is not the address of a folder on the web.
    """
    said = said.strip()
    if not said:
        return ""
    if not _FOLDER.fullmatch(said):
        raise ValueError(
            f"{VARIABLE} (or html.baseurl): {said} is no address of a book; write it whole, like https://example.org/book/"
        )
    return said.rstrip("/") + "/"


def set_base(config: "Config") -> None:
    """Take the address of the book from the environment, else from the configuration. Raises ConfigError on a wrong one."""
    from sphinx.errors import ConfigError

    try:
        config["html_baseurl"] = base_address(os.environ.get(VARIABLE) or config.html_baseurl or "")
    except ValueError as error:
        raise ConfigError(str(error)) from error


def with_absolute_addresses(html: str, base: str) -> str:
    """Return a page of the book's root whose every address begins with *base*, so that it may be shown at any depth."""
    absolute = _POINTS.sub(lambda match: match["before"] + urljoin(base, match["to"]), html)
    return _ROOT.sub(lambda match: match["before"] + base, absolute)
