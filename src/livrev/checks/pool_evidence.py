"""Check what stands behind the pools: the right report, the right arms, like controls, no study left out in silence.

Each rule is a kind of mistake that a second reading of a review once found, and finds its next case. Most of them ask
only that the pool says so: its `rule` or `caution` names the study, one of its reports or its control.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain

from livrev.diagnostics import Problem
from livrev.records.model import Appraisal, NetworkPlan, Outcome, Plan, PoolPlan, Strategy, Study
from livrev.records.review import Review
from livrev.records.text_files import read_chapters
from livrev.review.pool_inputs import parts_of_wholes
from livrev.review.studies import family_of

_SAY = "say in rule or caution what is left out, and why"
_SAY_FOLLOWED = "look for a later report, and say in rule or caution what was found, naming the study"
_OLD = 2  # years after which an interim result should have been followed
_READ_IN = re.compile(r"\b(?:second-?hand|retellings?|retold|read in)\b", re.IGNORECASE)
_INITIALS = re.compile(r"[A-Z]{2,5}")  # a regimen in initials, a letter a drug: ABCP
_LATER = ("update", "final")

Said = tuple[str, str, str]  # value, message, cure


class _Known:
    """What is on record, found in one look at all results: a long table is not gone through again for each pool."""

    def __init__(self, review: Review) -> None:
        self.papers: dict[tuple[str, str], set[str]] = {}  # by study and endpoint
        self.alike: dict[tuple[str, ...], list[str]] = {}  # results, by their question
        self.first: dict[tuple[str, ...], dict[str, str]] = {}  # by what a pool asks: a result of each study
        for row in review.outcomes.values():
            self.papers.setdefault((row.study, row.endpoint), set()).add(row.citekey)
            self.alike.setdefault(_question(row), []).append(row.outcome)
            if None not in (row.value, row.ci_low, row.ci_high) and not row.flag:
                asked = self.first.setdefault((row.endpoint, row.measure, row.contrast, row.stratum), {})
                asked.setdefault(row.study, row.outcome)


def _question(outcome: Outcome) -> tuple[str, ...]:
    return outcome.study, outcome.endpoint, outcome.contrast, outcome.stratum


def check_pool_evidence(review: Review) -> Iterable[Problem]:
    """Yield what a reader of the trials would miss in a pool, in its appraisal, or in the chapters."""
    known = _Known(review)
    for kind, rules in _RULES.items():
        for plan, problem in review.located(kind):
            yield from (problem("outcomes", *said) for rule in rules for said in rule(review, plan, known))
    graded: tuple[type[Appraisal | Strategy], ...] = (Appraisal, Strategy)
    for record, problem in chain.from_iterable(map(review.located, graded)):
        for field in ("reason", "difference", "certainty_reason"):
            if found := _READ_IN.search(getattr(record, field, "")):
                cure = "judge how the studies were done; how a number was read is a mark of its own, beside the number"
                yield problem(field, found[0], "is no ground for certainty", cure)
    yield from _untold(review)


def _later_reports(review: Review, plan: Plan, known: _Known) -> Iterator[Said]:
    """Yield one member of each study that has a later report, from which nothing was read for this endpoint."""
    for member in {member.study: member for member in reversed(_members(review, plan))}.values():
        study, own = review.studies[member.study], _year(review, member.citekey)
        read = known.papers[study.study, member.endpoint]
        unread = (key for key in (study.citekey, *study.other_citekeys) if key not in read)
        later = [key for key in unread if _year(review, key) > own > 0]
        if later and not _tells(review, plan, study, later):
            said = f"nothing on {member.endpoint} was read in {', '.join(later)}"
            cure = f"read it, or say in rule or caution what is known of it, naming {study.short_name}"
            yield member.outcome, f"is not from the latest report on file: {said}", cure


def _interim_results(review: Review, plan: Plan, known: _Known) -> Iterator[Said]:
    """Yield each interim result of which a later one is on file, and each old one after which nothing is known."""
    for member in _members(review, plan):
        if member.report != "interim":
            continue
        alike = (review.outcomes[key] for key in known.alike[_question(member)] if key != member.outcome)
        later = ", ".join(other.outcome for other in alike if _is_later(review, other, member))
        year = _year(review, member.citekey)
        is_old = 0 < year <= member.read_on.year - _OLD
        if (later or is_old) and not _tells(review, plan, review.studies[member.study]):
            message = f"is interim; later is {later}" if later else f"is interim, of {year}, with nothing later"
            yield member.outcome, message, f"pool that, or {_SAY}" if later else _SAY_FOLLOWED


def _unlike_controls(review: Review, plan: Plan, known: _Known) -> Iterator[Said]:
    """Yield each member whose control is not that of most, where the pool names neither it nor the study."""
    controls = {member.outcome: _control(review, member) for member in _members(review, plan, "outcomes")}
    pairs = zip(plan.outcomes, plan.comparators, strict=False)
    for key, other in pairs if plan.measure != "ratio-of-HR" else ():
        if other in review.outcomes:  # each arm has a row: the control is the other row's arm
            controls[key] = _parts(review, review.outcomes[other].arm)
    controls = {key: parts for key, parts in controls.items() if parts}
    usual = Counter(controls.values()).most_common(1)[0][0] if controls else frozenset()
    for key, parts in controls.items():
        study = review.studies[review.outcomes[key].study]
        if parts != usual and not _tells(review, plan, study, parts - usual):
            message = f"has another control ({' + '.join(sorted(parts))}) than most ({' + '.join(sorted(usual))})"
            yield key, message, f"take it out, or name {study.short_name} and its control in rule or caution"


def _swapped_treatments(review: Review, plan: Plan, known: _Known) -> Iterator[Said]:
    """Yield each member whose arm lacks what its control has, though they share a part: one treatment takes another's place."""
    for member in _members(review, plan, "outcomes"):
        arm, control = _parts(review, member.arm), _control(review, member)
        if member.contrast != "treatment" or not arm & control:
            continue
        study = review.studies[member.study]
        others = (review.outcomes[key] for key in known.alike[_question(member)])
        adds = [o.outcome for o in others if (less := _control(review, o)) & arm and less < _parts(review, o.arm)]
        if control - arm and (adds or not _tells(review, plan, study)):
            message = f"swaps {' + '.join(sorted(control - arm))}, which only the control has, for what is asked about"
            cure = " or ".join(adds) or f"the arm that adds, or name {study.short_name} and the swap"
            yield member.outcome, message, f"take {cure}"


def _left_out(review: Review, plan: Plan, known: _Known) -> Iterator[Said]:
    """Yield each study of the members' designs with a result of the pool's stratum that is no member and is not named."""
    measure, members = "HR" if plan.measure == "ratio-of-HR" else plan.measure, _members(review, plan)
    families = {family_of(review, member.study) for member in members}
    designs = {review.studies[member.study].design for member in members}
    asked = (plan.endpoint, measure, plan.contrast, plan.stratum)
    for key, row in known.first.get(asked, {}).items() if plan.stratum != "all" else ():
        study = review.studies[key]
        if study.design in designs and family_of(review, key) not in families and not _tells(review, plan, study):
            yield key, f"has {row} of this stratum and is left out without a word", f"pool it, or {_SAY}"


def _part_and_whole(review: Review, plan: Plan, known: _Known) -> Iterator[Said]:
    """Yield each printed stratum that is most of its trial, where the other one is worked out from the two."""
    for key, share in parts_of_wholes(review, plan).items():
        if share > 0.5:
            most = f"carries {100 * share:.0f} % of its trial's information, so that the rest is worked out from little"
            yield key, most, "pair it with a printed stratum, or take the trial out of the pool"


def _untold(review: Review) -> Iterator[Problem]:
    """Yield each large randomised trial with results, and each strategy that is rated well, of which no chapter speaks."""
    text = "\n".join(read_chapters(review.repository)[0].values())
    with_results = set(review.tables["outcomes"].column("study"))
    settings = review.repository.relative(review.repository.settings)
    reasons, fewest = review.settings.not_told, review.settings.told_from
    for study, problem in review.located(Study):
        large = study.design == "rct" and (study.n or 0) >= fewest and study.study in with_results
        if large and study.study not in reasons and not _is_told(review, study, text):
            message = f"is a randomised trial of {study.n} with results, and in no chapter"
            cure = f"tell of it in the chapter of its question, or say under not_told in {settings} why not"
            yield problem("study", study.study, message, cure)
    for strategy, problem in review.located(Strategy):
        if strategy.certainty in ("high", "moderate") and f"strategy.{strategy.strategy}" not in text:
            said = f"is of {strategy.certainty} certainty, and in no chapter"
            cure = "tell of it in the chapter of its question, with its evidence"
            yield problem("strategy", strategy.strategy, said, cure)
    lines = review.repository.settings.read_text(encoding="utf-8").splitlines() if reasons else []
    for key in reasons:
        line = next((n for n, line in enumerate(lines, 1) if line.strip().startswith(f"{key}:")), 1)
        if key not in review.studies:
            yield Problem(settings, line, "not_told", key, "is no study on record", "fix the id, or delete the line")
        elif _is_told(review, review.studies[key], text):
            yield Problem(settings, line, "not_told", key, "stands in a chapter by now", "delete the line")


def _is_told(review: Review, study: Study, text: str) -> bool:
    """Tell whether *text* names the study, or another report of the same patients: by id, by name, by a citekey."""
    family = family_of(review, study.study)
    alike = [other for other in review.studies.values() if family_of(review, other.study) == family]
    names = {name for s in alike for name in (s.study, s.short_name, s.citekey, *s.other_citekeys)}
    anywhere = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.search(rf"(?<![\w-])(?:{anywhere})(?![\w]|-(?!-))", text) is not None


def _members(review: Review, plan: Plan, *columns: str) -> list[Outcome]:
    """Return the results of a pool, or those of some *columns* of it."""
    keys = (key for column in columns or ("outcomes", "comparators") for key in getattr(plan, column))
    return [review.outcomes[key] for key in keys if key in review.outcomes]


def _year(review: Review, citekey: str) -> int:
    """Return the year of a report; 0 where it bears none, so that it is never the later one."""
    return (review.references[citekey].year if citekey in review.references else None) or 0


def _is_later(review: Review, outcome: Outcome, other: Outcome) -> bool:
    if outcome.supersedes == other.outcome:
        return True
    cutoff, other_cutoff = outcome.data_cutoff or "", other.data_cutoff or ""
    if known := min(len(cutoff), len(other_cutoff)):  # a month is no later than one of its days
        return cutoff[:known] > other_cutoff[:known]
    return outcome.report in _LATER or _year(review, outcome.citekey) > _year(review, other.citekey) > 0


def _control(review: Review, member: Outcome) -> frozenset[str]:
    return _parts(review, member.comparator) if member.comparator != "NA" else frozenset()


def _parts(review: Review, arm: str | None) -> frozenset[str]:
    """Return what an arm consists of, under one name each, without its placebos."""
    if arm and _INITIALS.fullmatch(arm) and not _known(review, arm):
        return frozenset(arm)
    parts = [part.strip() for part in (arm or "").split("+") if "placebo" not in part.casefold()]
    return frozenset(_known(review, part) or part.casefold() for part in parts if part)


def _known(review: Review, name: str) -> str | None:
    """Return the label of the treatment that the vocabulary knows under *name*."""
    terms = review.vocabulary.terms.get("treatments", {}).values()
    return next((term.label for term in terms if name.casefold() in {n.casefold() for n in term.names}), None)


def _tells(review: Review, plan: Plan, study: Study, others: Collection[str] = ()) -> bool:
    """Tell whether the pool's rule or caution names the study, its registration, one of its reports, or one of *others*."""
    said = f" {_plain(plan.rule)} {_plain(plan.caution)} "
    reports = [review.references[k] for k in (study.citekey, *study.other_citekeys) if k in review.references]
    names = [study.study, study.short_name, *study.nct, *others, *(reference.key for reference in reports)]
    names += [f"{reference.first_author} {reference.year}" for reference in reports if reference.year]
    return any(f" {_plain(name)} " in said for name in names)


def _plain(text: str | None) -> str:
    """Return the words of *text* in small letters, parted by single spaces."""
    return " ".join(re.findall(r"[^\W_]+", (text or "").casefold()))


_Rule = Callable[[Review, Plan, _Known], Iterator[Said]]
_RULES: dict[type[Plan], tuple[_Rule, ...]] = {
    PoolPlan: (_later_reports, _interim_results, _unlike_controls, _swapped_treatments, _left_out, _part_and_whole),
    NetworkPlan: (_later_reports, _interim_results),
}
