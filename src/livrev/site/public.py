"""The public addresses of a book, as the environment names them.

The address of the code is `repository: {url: …, branch: …}` in `_config.yml`, or LIVREV_REPOSITORY and LIVREV_BRANCH in the
environment, which come first: a fork that publishes itself leads its readers to itself. The address of the book is
that of livrev.site.address.
"""

import re
from collections.abc import Mapping

from livrev.site.address import VARIABLE, base_address

REPOSITORY, BRANCH = "LIVREV_REPOSITORY", "LIVREV_BRANCH"
_CODE = re.compile(r"https://(?:github|gitlab)\.com/[\w.-]+/[\w.-]+?(?:\.git)?/?")
_NAME = re.compile(r"[\w][\w./-]*")


def settings_from(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses that *environment* names; raise ValueError, with the cure, for one that is none."""
    forms = {
        REPOSITORY: (_CODE, "write https://github.com/OWNER/NAME"),
        BRANCH: (_NAME, "write the name of a branch"),
    }
    found = {name: environment[name].strip() for name in forms if environment.get(name, "").strip()}
    for name, value in found.items():
        form, cure = forms[name]
        if not form.fullmatch(value):
            raise ValueError(f"{name}: {value} is not such an address; {cure}")
    if address := base_address(environment.get(VARIABLE, "")):
        found[VARIABLE] = address
    return found
