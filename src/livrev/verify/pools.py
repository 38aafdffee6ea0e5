"""Check the table of pools: results that may stand together, one of each study, and enough of them."""

from collections.abc import Iterable

from livrev.library import Library
from livrev.problems import Problem

_FEWEST = 3


def check_pools(library: Library) -> Iterable[Problem]:
    """Yield what keeps a pool from being one: too few or unlike results, a flag, a study twice, a report out of date."""
    rows = library.tables.get("pools")
    if rows is None:
        return
    file = library.repository.relative(library.repository.data / rows.table.path)
    read_twice = {record["outcome"] for record in library.tables["readings"].records if record["found"] == "yes"}
    old = {outcome.supersedes for outcome in library.outcomes.values() if outcome.supersedes}
    for record, line in zip(rows.records, rows.lines, strict=True):

        def problem(value: str, message: str, cure: str, line: int = line) -> Problem:
            return Problem(file, line, "outcomes", value, message, cure)

        members = [library.outcomes[key] for key in record["outcomes"] if key in library.outcomes]
        for key in record["outcomes"]:
            if key not in library.outcomes:
                yield problem(key, "is not in outcomes", "mend the id, or add the result to data/outcomes.csv")
        if len(members) < _FEWEST:
            cure = f"pool {_FEWEST} or more; below that the studies are shown"
            yield problem(str(len(members)), "results are too few to pool", cure)
        studies: dict[str, str] = {}
        for member in members:
            if member.flag:
                yield problem(member.outcome, f"is flagged {member.flag}", "flagged results stay out of pools")
            if member.ci_low is None or member.ci_high is None or member.ci_level is None:
                yield problem(member.outcome, "has no interval of a stated level", "take it out of the pool")
            if member.outcome in old:
                yield problem(member.outcome, "was superseded by a later report", "pool the later report, or none")
            if member.outcome not in read_twice:
                cure = "have it read a second time, and add the row to data/readings.csv"
                yield problem(member.outcome, "was read only once", cure)
            for field in ("endpoint", "measure", "contrast", "stratum"):
                if getattr(member, field) != record[field]:
                    said = f"has {field} {getattr(member, field)}, the pool {record[field]}"
                    yield problem(member.outcome, said, "never in one pool: take it out")
            identity = library.studies[member.study].part_of or member.study
            if identity in studies:
                yield problem(member.outcome, f"is of the same study as {studies[identity]}", "one effect a study")
            studies.setdefault(identity, member.outcome)
