"""Find drafts that no person has read: while there is one, the review is not fit to be built."""

import re
from collections.abc import Iterable

from livrev.diagnostics import Problem
from livrev.records.review import Review
from livrev.records.text_files import read_text

_READ = re.compile(r"^read:\s*([^#\n]*)", re.MULTILINE)


def check_drafts(review: Review) -> Iterable[Problem]:
    """Yield a problem for each draft in data/drafts/; nothing else of the package reads that folder."""
    repository = review.repository
    for path in sorted(repository.drafts.glob("*")):
        name, key = repository.relative(path), path.name.partition(".")[0]
        if path.suffix == ".csv" and path.with_name(f"{key}.md").exists():
            continue  # the note speaks for both
        text, problems = read_text(path, repository)
        yield from problems
        if problems:
            continue
        match = _READ.search(text) if path.suffix == ".md" else None
        line = text[: match.start()].count("\n") + 1 if match else 1
        said = match.group(1).strip() if match else ""
        if said == "yes":
            cure = f"run livrev accept {key}: it moves what you kept into the tables"
            yield Problem(name, line, "read", said, "but it is a draft still, and in no table", cure)
        else:
            files = repository.relative(repository.drafts / key)
            cure = f"read the source and mend the draft, then livrev accept {key}; or delete {files}.*"
            yield Problem(name, line, "read", said or "no", "is a draft that no person has read", cure)
