"""The evidence card: what a finding or a reported result says, in whom, how sure, and where it was read."""

from dataclasses import dataclass
from urllib.parse import quote

from livrev.library import Library
from livrev.model import Finding, Outcome, Source, Strategy
from livrev.synthesis.members import SHARES, count_of
from livrev.tables import Link
from livrev.views.documents import address_of

BASIS = {
    "full-text": "full text", "abstract": "abstract", "conference-abstract": "meeting abstract",
    "registry": "registry record", "secondary": "a secondary page",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One record on a card: a head, facts in order (name, what is said), and the place of its own page."""

    key: str
    head: str
    facts: tuple[tuple[str, str | Link], ...]
    page: str

    @property
    def words(self) -> str:
        """The card in one line, as paper prints it."""
        return f"{self.head}. " + "; ".join(f"{name}: {said}" for name, said in self.facts) + "."


def card_of(library: Library, name: str) -> Card:
    """Return the card called *name*, a finding, an outcome, `pool.<id>` or `strategy.<id>`. Raises KeyError where there is none."""
    if name.startswith("pool."):
        return _pool_card(library, name.removeprefix("pool."))
    if name.startswith("strategy."):
        return _strategy_card(library.strategies[name.removeprefix("strategy.")])
    if name in library.findings:
        return _finding_card(library, *library.findings[name])
    return _outcome_card(library, library.outcomes[name])


def _pool_card(library: Library, key: str) -> Card:
    record = next((record for record in library.tables["pools"].records if record["pool"] == key), None)
    if record is None:
        raise KeyError(key)
    judged = next((a for a in library.tables["appraisals"].records if a["pool"] == key), None)
    studies = dict.fromkeys(library.outcomes[outcome].study for outcome in record["outcomes"])
    names = ", ".join(library.studies[study].name.partition(" (")[0] for study in studies)
    facts = [("Pooled", names), ("Which, and why", record["rule"]), ("Mind", record["caution"])]
    if judged is not None:
        facts[:0] = [("Certainty", judged["certainty"]), ("Because", judged["reason"])]
    return Card(f"pool.{key}", record["title"], tuple(facts), f"notebooks/pools.html#fig-pool-{key}")


def _strategy_card(strategy: Strategy) -> Card:
    facts = (
        ("Certainty", strategy.certainty), ("Because", strategy.certainty_reason), ("Stage", strategy.stage),
        ("Why it should work", strategy.rationale),
    )  # fmt: skip
    name = f"strategy.{strategy.strategy}"
    return Card(name, strategy.name, facts, "notebooks/strategies.html")


def _finding_card(library: Library, source: Source, finding: Finding) -> Card:
    facts: list[tuple[str, str | Link]] = [
        ("Said by", _linked(library, source.citekey, source.title)),
        ("Sentence", _sentence(library, source, finding)),
        ("About", {"mouse": "mice", "patient": "patients", "none": "neither mice nor patients"}[finding.population]),
        ("Verdict", finding.verdict.replace("-", " ")),
        *(("Settled by", cite(library, key)) for key in finding.settled_by),
        ("Because", finding.explanation),
        ("Retraction", retraction_of(library, source.citekey)),
    ]
    said = tuple((name, what) for name, what in facts if str(what))
    return Card(finding.id, finding.statement, said, f"sources/{source.citekey}.html#{finding.id}")


def _sentence(library: Library, source: Source, finding: Finding) -> str | Link:
    place = place_in_source(library, source, finding)
    return Link(f"number {finding.sentence}", place) if place else f"number {finding.sentence}"


def _outcome_card(library: Library, outcome: Outcome) -> Card:
    label, study = library.vocabulary.label, library.studies[outcome.study]
    who = outcome.arm or "" if outcome.contrast == "arm" else f"{outcome.arm} v {outcome.comparator}"
    head = f"{study.name}: {label('endpoints', outcome.endpoint)}, {say_outcome(outcome)}"
    facts: list[tuple[str, str | Link]] = [
        ("In", _in_whom(library, outcome)),
        ("Of", who),
        ("Kind", {"prognostic": "prognosis, not benefit", "treatment": "benefit over a control"}.get(outcome.contrast, "")),
        ("Design", label("designs", study.design)),
        ("Read in", Link(f"{BASIS.get(outcome.basis, outcome.basis)}, {outcome.read_on.isoformat()}", outcome.address)),
        ("Reference", cite(library, outcome.citekey)),
        ("Flag", f"{outcome.flag}: {outcome.flag_reason}" if outcome.flag else ""),
        ("Retraction", retraction_of(library, outcome.citekey)),
    ]  # fmt: skip
    said = tuple((name, what) for name, what in facts if str(what))
    return Card(outcome.outcome, head, said, f"studies/{study.study}.html#{outcome.outcome}")


def say_outcome(outcome: Outcome) -> str:
    """Return the number of a result in words, with its interval and counts as far as they are printed."""
    unit = {"median-months": " months", "proportion": " %", "percent": " %", "rate-at-time": " %"}.get(
        outcome.measure, ""
    )
    parts = []
    if outcome.value is not None:
        ratio = outcome.measure in ("HR", "OR", "RR", "ratio-of-HR")
        parts.append(f"{outcome.measure} {outcome.value:g}" if ratio else f"{outcome.value:g}{unit}")
    if outcome.ci_low is not None and outcome.ci_high is not None:
        level = f"{outcome.ci_level:g} % CI" if outcome.ci_level is not None else "interval of unstated level"
        parts.append(f"({level} {outcome.ci_low:g} to {outcome.ci_high:g})")
    if outcome.measure in SHARES and outcome.total and (outcome.events is not None or outcome.value is not None):
        events, total = count_of(outcome)
        parts.append(f"{events} of {total}" if outcome.events is not None else f"of {total}")
    elif outcome.events is not None:
        parts.append(f"{outcome.events} events" + (f" of {outcome.total}" if outcome.total else ""))
    if outcome.time_months is not None:
        parts.append(f"at {outcome.time_months:g} months")
    return " ".join(parts) or "no number printed"


def _in_whom(library: Library, outcome: Outcome) -> str:
    study = library.studies[outcome.study]
    cancers = ", ".join(library.vocabulary.label("cancers", cancer) for cancer in study.cancer)
    stratum = outcome.stratum.removeprefix("other:")
    if stratum == outcome.stratum:
        stratum = library.vocabulary.label("strata", stratum)
    people = f", {study.n} patients in all" if study.n else ""
    return f"{cancers}: {stratum.lower()}{people}"


def _linked(library: Library, citekey: str, text: str) -> str | Link:
    link = address_of(library, citekey)
    return Link(text, link.address) if isinstance(link, Link) else text


def cite(library: Library, citekey: str) -> str | Link:
    """Return author and year of a reference, linked to where it stands; the key where the bibliography has none."""
    reference, link = library.references.get(citekey), address_of(library, citekey)
    if reference is None:
        return citekey
    text = f"{reference.first_author} {reference.year or 'undated'}".strip()
    return Link(text, link.address) if isinstance(link, Link) else text


def place_in_source(library: Library, source: Source, finding: Finding) -> str:
    """Return the address of the very sentence that a finding comes from; empty where the document is not public.

    The sentence is named by its first and last few words (a text fragment), which browsers scroll to and mark.
    """
    link = address_of(library, source.citekey)
    if not isinstance(link, Link):
        return ""
    sentence = library.features[source.citekey]["sentences"][finding.sentence - 1]
    edges = [quote(edge, safe="").replace("-", "%2D") for edge in sentence.get("edges", ())]
    return link.address + (f"#:~:text={','.join(edges)}" if edges else "")


def retraction_of(library: Library, citekey: str, *, warn: bool = False) -> str:
    """Return what is known of a retraction, in words; empty where the review keeps no such table.

    With *warn*, only what a reader must be warned of.
    """
    rows = library.tables.get("retractions")
    if rows is None:
        return ""
    found = next((record for record in rows.records if record["citekey"] == citekey), None)
    state = found["state"] if found else "unchecked"
    if warn:
        said = {
            "retracted": "This publication was retracted",
            "concern": "A concern about this publication was published",
        }
        return f"{said[state]} ({found['checked_on']})." if found and state in said else ""
    if found is None or state == "unchecked":
        return "not looked up yet"
    return f"{state.replace('-', ' ')}, {found['checked_on']}"
