"""Check what two readers took: that results and verdicts still say what was settled, and that facts on bias are all there."""

from collections.abc import Iterable

from livrev.diagnostics import Problem, use_one_of
from livrev.records.model import Outcome
from livrev.records.readings import FACTS, NO_INFORMATION, NUMBERS, BiasFact, BiasJudgement, Reading, VerdictReading
from livrev.records.review import Review
from livrev.review.bias import DOMAINS, missing_facts

_COUNTS = ("events", "total")  # they stand whatever the measure
# The readers whose numbers a result follows, by what was settled.
_HOLDS = {"same": (0, 1), "first": (0,), "second": (1,)}


def check_readings(review: Review) -> Iterable[Problem]:
    """Yield each number of a result that is not the one its readings settled on."""
    for reading, problem in review.located(Reading):
        outcome = review.outcomes.get(reading.outcome)
        if outcome is not None and reading.found:
            for field, read in _read(reading, outcome):
                now = getattr(outcome, field)
                if now is None or float(now) != float(read):
                    said = f"was read for {outcome.outcome}, whose {field} is now {'empty' if now is None else now}"
                    yield problem(field, str(read), said, "read the source again, and mend the row that errs")


def check_verdict_readings(review: Review) -> Iterable[Problem]:
    """Yield each finding without a row in `verdict_readings`, and each row that does not fit its finding.

    A row fits where its settled verdict is the finding's, and one of the two readings; a remark says why unless both agree.
    """
    if not review.tables["verdict_readings"].records:  # the verdicts were read once
        return
    findings = {key: finding for key, (_, finding) in review.findings.items()}
    for judged, problem in review.located(VerdictReading):
        finding, said = findings.pop(judged.finding, None), (judged.first, judged.second)
        if finding is None:
            continue  # said where the tables are read
        if judged.settled != finding.verdict or judged.settled not in said:
            is_now = f"is not the verdict of {finding.id}, {finding.verdict}, or neither reading gave it"
            yield problem("settled", judged.settled, is_now, "settle the two readings again, and mend what errs")
        elif len(set(said)) > 1 and not judged.remark:
            yield problem("remark", "", "is empty where the readings differ", "say which holds, and why")
    for missing in findings:
        cure = "add its row; with one reading only, leave second empty and say so in remark"
        yield Problem(review.file_of("verdict_readings"), 1, "finding", missing, "has no row", cure)


def _read(reading: Reading, outcome: Outcome) -> Iterable[tuple[str, float]]:
    """Yield the fields of the result that were read, each with the number that was settled.

    What one of the two found in print and the other did not is settled only once the row says it.
    """
    holding, measures = _HOLDS.get(reading.settled or "", ()), reading.pair("measure")
    for field in NUMBERS:
        read = reading.pair(field)
        numbers = [read[n] for n in holding if field in _COUNTS or measures[n] in (None, outcome.measure)]
        found = [number for number in numbers if number is not None]
        if found and (len(found) == len(numbers) or getattr(outcome, field) is not None):
            yield from ((field, number) for number in found)


def check_bias(review: Review) -> Iterable[Problem]:
    """Yield facts that no tool asks for, answers that are none, differences not settled, pages not named, and facts missing."""
    for row, problem in review.located(BiasFact):
        if row.fact not in FACTS[row.tool]:
            yield problem("fact", row.fact, f"is no fact of {row.tool}", use_one_of(FACTS[row.tool]))
            continue
        answers = (*FACTS[row.tool][row.fact], NO_INFORMATION)
        for column, answer in (("first", row.first), ("second", row.second), ("settled", row.settled)):
            if answer and answer not in answers:
                yield problem(column, answer, f"is no answer to {row.fact}", use_one_of(answers))
        if not row.settled:
            yield problem("settled", "", "is empty", "write what holds; look again where the readers differ")
        elif (read := {answer for answer in (row.first, row.second) if answer}) and row.settled not in read:
            cure = "take the answer of a reader; what a third look finds stands in its place in second, with the reason in words"
            yield problem("settled", row.settled, f"is what neither read: {' or '.join(sorted(read))}", cure)
        elif row.first != row.second and not row.words:
            yield problem("words", "", "is empty, though the readers differ", "say why the settled answer holds")
        if row.settled not in (None, NO_INFORMATION) and not (row.address and row.read_on):
            yield problem("address", "", "or its day is missing", "name the page that says so, and when it was read")
    for (study, tool), facts in review.bias_facts.items():
        if not any(fact.first and fact.second for fact in facts):
            cure = f"have a second reader look; {NO_INFORMATION} is an answer"
            yield review.problem_at("bias", study)("second", "", f"is empty in every row of {study} ({tool})", cure)
    for study, tool, fact, endpoint in missing_facts(review):
        said = f"{fact} {endpoint}" if endpoint else fact
        cure = f"look for it; write {NO_INFORMATION} where no page says anything"
        yield review.problem_at("bias", study)("fact", said, f"of {study} is missing ({tool})", cure)
    for judged, problem in review.located(BiasJudgement):
        if judged.domain not in DOMAINS[judged.tool]:
            yield problem("domain", judged.domain, f"is no domain of {judged.tool}", use_one_of(DOMAINS[judged.tool]))
        elif (judged.study, judged.tool) not in review.bias_facts:
            yield problem("study", judged.study, "has no facts on bias", "add them first")
