"""What a record is called, where it can be read, how it was read, and what became of its publication."""

from collections.abc import Iterable

from livrev.records.model import Outcome, Study
from livrev.records.review import Review
from livrev.review.retraction_effects import mark_of
from livrev.show.format import format_outcome
from livrev.show.tables import Link

BASIS = {
    "full-text": "full text", "abstract": "abstract", "conference-abstract": "meeting abstract",
    "registry": "registry record", "secondary": "another publication",
}  # fmt: skip
# The mark of each weaker basis and what it means, the weakest first: where two numbers are joined, it is the one shown.
_BASIS_MARKS = {
    "secondary": ("‡", "another publication than the study’s own"), "conference-abstract": ("†", "a meeting abstract"),
}  # fmt: skip
UNCHECKED = "not looked up yet"
_WARNINGS = {
    "retracted": "This publication was retracted",
    "concern": "A concern about this publication was published",
}


def link_study(review: Review, study: Study, outcome: str = "") -> Link:
    """Return the name of a study, beside which a retraction is said, linked to its page, or to the place of one *outcome* there."""
    mark = mark_of(review, study.citekey)
    said = f"{study.name} [{mark}]" if mark else study.name
    return Link(said, f"../studies/{study.study}.html" + (f"#{outcome}" if outcome else ""))


def label_conditions(review: Review, conditions: Iterable[str | None]) -> list[str]:
    """Return the terms of the review's condition axis by their labels."""
    group = condition_group(review)
    return [review.vocabulary.label(group, condition) for condition in conditions if condition]


def name_strategy(review: Review, key: str) -> str:
    """Return what a way of treating is called: as the table of strategies names it, else as the vocabulary does."""
    strategy = review.strategies.get(key)
    return strategy.name if strategy else review.vocabulary.label("strategies", key)


def condition_group(review: Review) -> str:
    """Return the group of the vocabulary that holds the conditions."""
    columns = review.tables["studies"].table.columns
    return next(column.vocabulary or "" for column in columns if column.name == review.settings.condition.column)


def say_stratum(review: Review, outcome: Outcome) -> str:
    """Return the patients of a result in words; a stratum of a study's own is kept as it is called there."""
    stratum = outcome.stratum.removeprefix("other:")
    return review.vocabulary.label("strata", stratum) if stratum in review.vocabulary.ids("strata") else stratum


def say_published(review: Review, pool: str) -> str:
    """Return the published syntheses that the certainty of *pool* rests on too, with their results; empty where there are none."""
    named = review.appraisals[pool].published if pool in review.appraisals else ()
    found = [review.outcomes[key] for key in named if key in review.outcomes]
    return "; ".join(f"{review.studies[one.study].name}: {format_outcome(one)}" for one in found)


def link_reference(review: Review, citekey: str, text: str = "") -> Link | str:
    """Return *text* as a link to the document behind *citekey*, or *text* alone where no address is known.

    Without *text* it is the key, beside which a retraction is said.
    """
    reference, mark = review.references.get(citekey), mark_of(review, citekey)
    said = text or (f"{citekey} [{mark}]" if mark else citekey)
    if reference is None:
        return said
    if doi := reference.plain("doi"):
        return Link(said, f"https://doi.org/{doi}")
    if nct := reference.plain("nct"):
        return Link(said, f"https://clinicaltrials.gov/study/{nct.split(';')[0].strip()}")
    url = reference.plain("url")
    return Link(said, url) if url.startswith("http") else said


def cite(review: Review, citekey: str) -> Link | str:
    """Return author and year of a reference, linked to where it stands; the key where the bibliography has none."""
    reference = review.references.get(citekey)
    if reference is None:
        return citekey
    return link_reference(review, citekey, f"{reference.first_author} {reference.year or 'undated'}".strip())


def retraction_of(review: Review, citekey: str, *, warn: bool = False) -> str:
    """Return what is known of a retraction, in words; with *warn*, only what a reader must be warned of."""
    found = review.retractions.get(citekey)
    if warn:
        return f"{_WARNINGS[found.state]} ({found.checked_on})." if found and found.state in _WARNINGS else ""
    if found is None or found.state == "unchecked":
        return UNCHECKED
    return f"{found.state.replace('-', ' ')}, {found.checked_on}"


def basis_mark(bases: Iterable[str]) -> str:
    """Return the mark of a number that rests on rows read in *bases*; empty where the study's own report was read."""
    read = set(bases)
    return next((mark for basis, (mark, _) in _BASIS_MARKS.items() if basis in read), "")


def basis_legend(marks: Iterable[str]) -> str:
    """Return what *marks* mean, as `† read in a meeting abstract; …`; empty where there is none."""
    used = set(marks)
    return "; ".join(f"{mark} read in {name}" for mark, name in reversed(_BASIS_MARKS.values()) if mark in used)
