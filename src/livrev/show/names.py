"""What a record is called, where it can be read, how it was read, and what became of its publication."""

from collections.abc import Iterable

from livrev.records.model import Study
from livrev.records.review import Review
from livrev.review.studies import mark_of
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
_WARNINGS = {"retracted": "This publication was retracted", "concern": "A concern about this publication was published"}


def link_study(review: Review, study: Study, outcome: str = "") -> Link:
    """Return the name of a study, beside which a retraction is said, linked to its page, or to the place of one *outcome* there."""
    mark, place = mark_of(review, study.citekey), f"#{outcome}" if outcome else ""
    return Link(f"{study.name} [{mark}]" if mark else study.name, f"../studies/{study.study}.html{place}")


def say_conditions(review: Review, conditions: Iterable[str | None]) -> str:
    """Return the terms of the review's condition axis by their labels, one after the other."""
    return ", ".join(say_code(review, condition_group(review), condition) for condition in conditions if condition)


def condition_group(review: Review) -> str:
    """Return the group of the vocabulary that holds the conditions."""
    columns = review.tables["studies"].table.columns
    return next(column.vocabulary or "" for column in columns if column.name == review.settings.condition.column)


def say_code(review: Review, group: str | None, code: str) -> str:
    """Return what people call *code* of a *group* of the vocabulary, or a question, a reference, a basis; nothing for NA.

    A strategy bears the name of its table; what a study calls in its own way (`other:…`) stays so, and other codes lose their hyphens.
    """
    if group == "strategies" and code in review.strategies:
        return review.strategies[code].name
    term = review.vocabulary.terms.get(group or "", {}).get(code)
    if term or code == "NA":
        return term.label if term else ""
    if code in review.settings.questions:
        return review.settings.questions[code].brief
    if code in review.references:
        return str(cite(review, code))
    return code.removeprefix("other:") if ":" in code else BASIS.get(code) or code.replace("-", " ")


def say_published(review: Review, pool: str) -> str:
    """Return the published syntheses that the certainty of *pool* rests on too, with their results; empty where there are none."""
    named = review.appraisals[pool].published if pool in review.appraisals else ()
    found = [review.outcomes[key] for key in named if key in review.outcomes]
    return "; ".join(f"{review.studies[one.study].name}: {format_outcome(one)}" for one in found)


def link_reference(review: Review, citekey: str, text: str = "") -> Link | str:
    """Return *text* (default: the key) as a link to the document behind *citekey*, if it has an address; a retraction is said beside it."""
    reference, mark = review.references.get(citekey), mark_of(review, citekey)
    said = f"{text or citekey} [{mark}]" if mark else text or citekey
    doi, nct, url = (reference.plain(field) if reference else "" for field in ("doi", "nct", "url"))
    if doi or nct:
        number = nct.split(";")[0].strip()
        return Link(said, f"https://doi.org/{doi}" if doi else f"https://clinicaltrials.gov/study/{number}")
    return Link(said, url) if url.startswith("http") else said


def cite(review: Review, citekey: str) -> Link | str:
    """Return author and year of a reference, linked to where it stands; the key where the bibliography has none."""
    reference = review.references.get(citekey)
    if reference is None:
        return citekey
    return link_reference(review, citekey, f"{reference.first_author} {reference.year or 'undated'}".strip())


def retraction_of(review: Review, citekey: str, *, warn: bool = False) -> str:
    """Return what is known of a retraction; with *warn*, only what a reader must be warned of. What was not looked up is empty."""
    found = review.retractions.get(citekey)
    if found is None or found.state == "unchecked":
        return ""
    if warn:
        return f"{_WARNINGS[found.state]} ({found.checked_on})." if found.state in _WARNINGS else ""
    return f"{found.state.replace('-', ' ')}, {found.checked_on}"


def basis_mark(bases: Iterable[str]) -> str:
    """Return the mark of a number that rests on rows read in *bases*; empty where the study's own report was read."""
    read = set(bases)
    return next((mark for basis, (mark, _) in _BASIS_MARKS.items() if basis in read), "")


def basis_legend(marks: Iterable[str]) -> str:
    """Return what *marks* mean, as `† read in a meeting abstract; …`; empty where there is none."""
    used = set(marks)
    return "; ".join(f"{mark} read in {name}" for mark, name in reversed(_BASIS_MARKS.values()) if mark in used)
