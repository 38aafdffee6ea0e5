"""Draft the rows of a publication: its results, each with its sentence, and the study that they belong to, all marked unread.

A row is filled with what its very sentence holds: the endpoint that is named before the number, its p-value, the number of
patients. What a machine must not decide stays empty: which arm, which contrast, which population.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from livrev.paths import Repository
from livrev.records.tables import Column
from livrev.sources.publication import Publication, Unreadable
from livrev.text.features import DocumentFeatures, SentenceFeatures, describe_document
from livrev.text.numbers import Quantity
from livrev.text.vocabulary import Vocabulary, find_entities

MARKS = ("sentence", "read")  # the columns that a draft row has beyond those of its table
RATIOS = ("HR", "OR", "RR")
_LONGEST_TEXT = 1_000_000  # characters; no paper is longer
_MOST_WORDS = 5  # of a heading in a place: a longer one is the words of the source, of which we keep none
_RESULTS = (*RATIOS, "proportion", "median", "rate")
_TABLE = "table"
_RANDOMISED = re.compile(r"(?i)\b(?:randomi[sz]ed|enrolled|assigned|recruited|included|treated|participants)\b")
_TRIAL_NAME = r"([A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:[ -]?\d+[A-Za-z]?\b|-[IVX]+\b)?)"
# CRESS-7: …; … (CRESS-7): …; the CRESS-7 trial
_AROUND = (r"^{}\s*[:–—]", r"\({}\)\s*[:;–—]", r"\b{}\)?\s+(?:trial|study)\b")
_ACRONYMS = tuple(re.compile(pattern.replace("{}", _TRIAL_NAME)) for pattern in _AROUND)
_PHASE = re.compile(r"(?i)\bphase[ -]?([1-4]|I{1,3}|IV)(?:[ab]?\s*(?:/|-|to)\s*([1-4]|I{1,3}|IV))?(?![\w])")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_STATUS = {"preprint": "preprint", "conference": "conference", "meeting": "conference", "inproceedings": "conference"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A publication under its key, and what the machine found in its text.

    *features* are what data/features/ holds of it, *places* where each sentence stands.
    """

    key: str
    publication: Publication
    vocabulary: Vocabulary
    text: str
    features: DocumentFeatures
    places: tuple[str, ...]

    @property
    def study(self) -> str:
        """The name that its study would have: `Finn2020atezolizumab` gives finn-2020-atezolizumab."""
        if re.fullmatch(r"NCT\d{8}", self.key):
            return self.key.lower()
        return re.sub(r"(\d{4}|nd)(?=[a-z0-9]+$)", r"-\1-", self.key, count=1).lower()

    def sentences(self) -> Iterator[tuple[SentenceFeatures, str, str]]:
        """Yield each sentence with its quantities and entities, its place, and its words, in reading order."""
        for sentence, place in zip(self.features.sentences, self.places, strict=True):
            yield sentence, place, self.text[sentence.start : sentence.end]


def read_by_machine(key: str, publication: Publication, vocabulary: Vocabulary) -> Draft:
    """Return what the machine finds in the text of *publication*. Raises Unreadable where it is longer than any paper."""
    text = publication.text
    if len(text) > _LONGEST_TEXT:
        said = f"the text has {len(text):,} characters (at most {_LONGEST_TEXT:,})"
        raise Unreadable(f"{said}; give the part that matters")
    features, bounds = describe_document(key, text.encode("utf-8"), vocabulary), _bounds(publication)
    before = (bisect_right(bounds, sentence.start, key=lambda bound: bound[0]) for sentence in features.sentences)
    return Draft(key, publication, vocabulary, text, features, tuple(bounds[number - 1][1] for number in before))


def _bounds(publication: Publication) -> list[tuple[int, str]]:
    """Return where each part of the text begins, with the name of its place: `abstract, methods`."""
    whole = "record" if publication.registry else "abstract"
    places = ["title"]
    for part, section in [(whole, s) for s in publication.abstract] + [("text", s) for s in publication.body]:
        label = section.label.rstrip(": ").lower()
        places.append(section.place or (f"{part}, {label}" if label and len(label.split()) <= _MOST_WORDS else part))
    bounds, start = [], 0
    for place, paragraph in zip(places, publication.paragraphs, strict=True):
        if paragraph.strip():
            bounds.append((start, place))
            start += len(paragraph) + 2
    return bounds


def draft_rows(draft: Draft) -> list[dict[str, str]]:
    """Return draft rows of results, by the columns of the table of outcomes, with the sentence and `read`."""
    seen: Counter[str] = Counter()
    rows = []
    for sentence, place, text in draft.sentences():
        for row in _rows_of(sentence.quantities, text, draft.vocabulary, place.startswith(_TABLE)):
            name = f"{draft.study}--{row['endpoint'] or row['measure'].lower() or 'result'}"
            seen[name] += 1
            rows.append(row | {
                "outcome": name if seen[name] == 1 else f"{name}-{seen[name]}", "study": draft.study, "citekey": draft.key,
                "basis": _basis(draft.publication, place), "address": draft.publication.address, "place": place,
                "sentence": str(sentence.n), "read": "no",
            })  # fmt: skip
    return rows


def draft_study(draft: Draft, columns: Sequence[Column], condition: str) -> dict[str, str]:
    """Return a draft of the row of the study, by the *columns* of the table of studies, with the sentence and `read`.

    *condition* names the column that says which condition was studied; its terms are looked for in the title. The sentence
    is the one that its number of patients was read in.
    """
    publication, vocabulary = draft.publication, draft.vocabulary
    said = " ".join((publication.title, *publication.kinds, *(section.text for section in publication.abstract)))
    # a registry says PHASE1 PHASE2 where papers say phase 1/2
    phase = _PHASE.search(re.sub(r"\bPHASE([12])\W+PHASE([23])\b", r"phase \1/\2", said))
    phases = filter(None, phase.groups() if phase else ())
    n, sentence = _patients(draft)
    acronym = _acronym(publication, vocabulary)
    first = publication.authors[0].family if publication.authors else draft.key
    named = publication.nct[0] if publication.registry and publication.nct else f"{first} {publication.year or 'n.d.'}"
    kinds = " ".join(publication.kinds).lower()
    journal = "published" if publication.journal or publication.booktitle else ""
    row = {
        "study": draft.study, "name": f"{named} ({acronym})" if acronym else named, "citekey": draft.key,
        "doi": publication.doi, "pmid": publication.pmid, "nct": ";".join(publication.nct),
        "design": _design(publication, vocabulary), "phase": "/".join(_ROMAN.get(part.lower(), part) for part in phases),
        "masking": "double-blind" if re.search(r"(?i)double[- ](?:blind|mask)", said) else
                   "open-label" if re.search(r"(?i)\bopen[- ]label", said) else "",
        "n": n, "year": str(publication.year or ""),
        "status": "registered" if publication.registry else next((s for word, s in _STATUS.items() if word in kinds), journal),
        "basis": _basis(publication, "text" if publication.body else "abstract"), "address": publication.address,
        "sentence": sentence, "read": "no",
    }  # fmt: skip
    groups = {column.name: column.vocabulary for column in columns}
    if group := groups.get(condition):
        row[condition] = ";".join(_terms(group, find_entities(publication.title, vocabulary)))
    return {column: cell for column, cell in row.items() if column in (*MARKS, *groups)}


def study_draft(repository: Repository, key: str) -> Path:
    """Return the file of the drafted study, beside those of its results and its note."""
    return repository.drafts / f"{key}.study.csv"


def _basis(publication: Publication, place: str) -> str:
    read = "abstract" if place.startswith(("abstract", "title")) else "full-text"
    return "registry" if publication.registry else read


def _rows_of(stated: Sequence[Quantity], text: str, vocabulary: Vocabulary, in_table: bool) -> Iterator[dict[str, str]]:
    """Yield a row for each result of one sentence; of a table only those that name an endpoint or compare."""
    named = find_entities(text, vocabulary)
    strata = sorted(_terms("strata", named))
    endpoints = [entity for entity in named if entity.entity.startswith("endpoints:")]
    results = [quantity for quantity in stated if quantity.kind in _RESULTS]
    sizes = _sizes(stated, results)
    p = {quantity.p or "" for quantity in stated if quantity.kind == "p"}
    # the one p-value of a sentence is that of the only ratio, or of all that is compared
    ratios = [result for result in results if result.kind in RATIOS]
    sharing = ratios if len(ratios) == 1 else [] if ratios or len({result.kind for result in results}) > 1 else results
    for quantity, endpoint in zip(results, _endpoints_of(results, endpoints), strict=True):
        if in_table and not endpoint and quantity.kind not in RATIOS:
            continue  # age, weight, stage: who the patients are, and no result
        row = {"total": sizes.get(quantity.start, ""), "endpoint": endpoint} | _result(quantity, text, vocabulary)
        row["stratum"] = strata[0] if len(strata) == 1 else ""
        row["p"] = row["p"] or (next(iter(p)) if len(p) == 1 and quantity in sharing else "")
        yield row


def _sizes(quantities: Iterable[Quantity], results: Sequence[Quantity]) -> dict[int, str]:
    """Return the number of patients of each result, by where it stands: the only one said, or as many as there are results."""
    sizes = _patients_in(quantities)
    without = [result.start for result in results if result.total is None]
    if len(set(sizes)) == len(without) == 1 or len(sizes) == len(without):
        return dict(zip(without, sizes, strict=False))
    return {}


def _patients_in(quantities: Iterable[Quantity]) -> list[str]:
    return [f"{said.value:.0f}" for said in quantities if said.kind == "n" and said.value is not None]


def _endpoints_of(results: Iterable[Quantity], endpoints: Sequence[Quantity]) -> Iterator[str]:
    """Yield the endpoint of each result: the one named since the result before it, or else that result's own.

    Where two are named in one breath (OS and PFS were 50% and 40%), nobody can tell without reading: then there is none.
    """
    named = {entity.entity for entity in endpoints}
    current, last = next(iter(named)) if len(named) == 1 else "", 0
    for result in results:
        since = {entity.entity for entity in endpoints if last <= entity.start < result.end}
        current = since.pop() if len(since) == 1 else "" if since else current
        yield current.partition(":")[2]
        last = result.end


def _result(quantity: Quantity, text: str, vocabulary: Vocabulary) -> dict[str, str]:
    stretch, unit = text[quantity.start : quantity.end], quantity.unit or ""
    own = {
        "proportion": "percent" if quantity.events is None else "proportion", "rate": "rate-at-time",
        "median": "median-months" if unit == "months" else "",
    }  # fmt: skip
    measure = own.get(quantity.kind, quantity.kind)
    row = {"measure": measure if measure in vocabulary.ids("measures") else "", "p": quantity.p or ""}
    numbers = {"value": quantity.value, "ci_low": quantity.low, "ci_high": quantity.high, "ci_level": quantity.level}
    row |= {column: _as_printed(number, stretch) for column, number in numbers.items()}
    counts = {"events": quantity.events, "total": quantity.total}
    row |= {column: str(count) for column, count in counts.items() if count is not None}
    if match := re.fullmatch(r"at (\d+(?:\.\d+)?) (month|year)s?", unit):
        row["time_months"] = f"{float(match[1]) * (12 if match[2] == 'year' else 1):g}"
    elif unit not in ("", "months"):
        row["note"] = f"unit as printed: {unit}"
    return row


def _as_printed(value: float | str | None, stretch: str) -> str:
    """Return a number with the digits that the text prints: 0.70, not 0.7."""
    if value is None or isinstance(value, str):
        return value or ""
    printed = re.findall(r"\d+(?:\.\d+)?", stretch.replace("·", "."))
    return next((number for number in printed if float(number) == value), f"{value:g}")


def _acronym(publication: Publication, vocabulary: Vocabulary) -> str:
    """Return the name of the trial, where the title or the abstract calls one so; a term of the subject (CTLA-4) is none."""
    for text in (publication.title, *(section.text for section in publication.abstract)):
        for match in (match for pattern in _ACRONYMS for match in pattern.finditer(text)):
            known = any(entity.end - entity.start == len(match[1]) for entity in find_entities(match[1], vocabulary))
            if not known and not match[1].startswith(("PHASE", "RCT")):
                return match[1]
    return ""


def _patients(draft: Draft) -> tuple[str, str]:
    """Return how many patients a study has, and the sentence that says so: the first that randomises or enrols one number."""
    for sentence, place, text in draft.sentences():
        sizes = set(_patients_in(sentence.quantities))
        if len(sizes) == 1 and not place.startswith(_TABLE) and _RANDOMISED.search(text):
            return sizes.pop(), str(sentence.n)
    return "", ""


def _terms(group: str, entities: Iterable[Quantity]) -> list[str]:
    found = (entity for entity in entities if entity.entity.startswith(f"{group}:"))
    return list(dict.fromkeys(entity.entity.partition(":")[2] for entity in found))


def _design(publication: Publication, vocabulary: Vocabulary) -> str:
    """Return the one design that the title or the kind of publication names; a record of a registry is a registered trial."""
    if publication.registry and "registered-trial" in vocabulary.ids("designs"):
        return "registered-trial"
    texts = (publication.title, ". ".join(publication.kinds))
    named = (_terms("designs", find_entities(said, vocabulary)) for said in texts)
    return next((found[0] for found in named if len(found) == 1), "")
