"""Check that workflows and forms have the form that GitHub asks for.

Two schemas or four cost the same in one process, and one start is most of the time: `.venv/bin/python .github/check_forms.py`.
"""

import sys
from pathlib import Path

from check_jsonschema import main

FORMS = {
    "workflows/*.yml": "github-workflows",
    "ISSUE_TEMPLATE/[0-9]*.yml": "github-issue-forms",
    "ISSUE_TEMPLATE/config.yml": "github-issue-config",
    "dependabot.yml": "dependabot",
}


def check_forms(folder: Path) -> int:
    """Say what is wrong with the files in *folder*; return 1 if anything is, else 0. A form without a file is wrong."""
    wrong = False
    for pattern, schema in FORMS.items():
        files = [str(path) for path in sorted(folder.glob(pattern))]
        if not files:
            print(f"{folder / pattern}: there is no such file; put it back, or take its form out of {__file__}")
        wrong |= not files or bool(main(["--builtin-schema", f"vendor.{schema}", *files], standalone_mode=False))
    return int(wrong)


if __name__ == "__main__":
    sys.exit(check_forms(Path(__file__).parent))
