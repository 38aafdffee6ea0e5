"""Check the facts on bias: each pooled study has all, each is one that its tool asks for, and differences are settled."""

from collections.abc import Iterable

from livrev.diagnostics import Problem
from livrev.records.bias import FACTS, NO_INFORMATION
from livrev.records.review import Review
from livrev.review.bias import DOMAINS, missing_facts


def check_bias(review: Review) -> Iterable[Problem]:
    """Yield facts that no tool asks for, answers that are none, differences not settled, pages not named, and facts missing."""
    rows = review.tables["bias"]
    file = review.repository.relative(review.repository.data / rows.table.path)
    for row, line in zip(rows.records, rows.lines, strict=True):
        allowed = FACTS[row["tool"]].get(row["fact"])
        if allowed is None:
            cure = f"use one of {', '.join(FACTS[row['tool']])}"
            yield Problem(file, line, "fact", row["fact"], f"is no fact of {row['tool']}", cure)
            continue
        for column in ("first", "second", "settled"):
            if row[column] and row[column] not in (*allowed, NO_INFORMATION):
                cure = f"use one of {', '.join((*allowed, NO_INFORMATION))}"
                yield Problem(file, line, column, row[column], f"is no answer to {row['fact']}", cure)
        if not row["settled"]:
            yield Problem(
                file, line, "settled", "", "is empty", "write what holds; look again where the readers differ"
            )
        elif (read := {row["first"], row["second"]} - {None, ""}) and row["settled"] not in read:
            cure = "take the answer of a reader; what a third look finds stands in its place in second, with the reason in words"
            yield Problem(
                file, line, "settled", row["settled"], f"is what neither read: {' or '.join(sorted(read))}", cure
            )
        elif row["first"] != row["second"] and not row["words"]:
            yield Problem(
                file, line, "words", "", "is empty, though the readers differ", "say why the settled answer holds"
            )
        if row["settled"] not in (None, NO_INFORMATION) and not (row["address"] and row["read_on"]):
            yield Problem(
                file, line, "address", "", "or its day is missing", "name the page that says so, and when it was read"
            )
    for study, tool, fact, endpoint in missing_facts(review):
        line = review.line_of("bias", study)
        said = f"{fact} {endpoint}" if endpoint else fact
        cure = f"look for it; write {NO_INFORMATION} where no page says anything"
        yield Problem(file, line, "fact", said, f"of {study} is missing ({tool})", cure)
    yield from _check_judgements(review)


def _check_judgements(review: Review) -> Iterable[Problem]:
    rows = review.tables["bias_judgements"]
    file = review.repository.relative(review.repository.data / rows.table.path)
    for row, line in zip(rows.records, rows.lines, strict=True):
        if row["domain"] not in DOMAINS[row["tool"]]:
            cure = f"use one of {', '.join(DOMAINS[row['tool']])}"
            yield Problem(file, line, "domain", row["domain"], f"is no domain of {row['tool']}", cure)
        elif (row["study"], row["tool"]) not in review.bias_facts:
            yield Problem(file, line, "study", row["study"], "has no facts on bias", "add them first")
