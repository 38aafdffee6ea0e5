"""Make rows of what searches found: what is new, in the order of its likeness, and what is known, with its link.

Words and pairs of words of title, abstract and index terms, weighted by how rare they are (TF-IDF), go into a logistic regression
that was trained on the decisions on record. The score is its probability of inclusion; it orders the records for a person, with
the words that decided, and decides nothing.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from livrev.records.search_log import Screened
from livrev.sources.dedupe import Known
from livrev.sources.publication import Publication, address_of, clean

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

# These say that a record was not read, or repeats another; they say nothing on what it is about.
NOT_ON_SUBJECT = ("not-found", "duplicate-report", "secondary-report")
_WORDS = 5  # that are named as having decided
_FEWEST = 5  # of each kind; with fewer there is nothing to learn from
_WORD = r"(?u)\b[^\W\d_][\w-]*\w\b"


class Decision(NamedTuple):
    """One text on which a person decided."""

    text: str
    included: bool


class Rank(NamedTuple):
    """The score of one record, from 0 to 1, and the words that raised (+) or lowered (-) it most."""

    score: float
    why: tuple[str, ...]


def make_model() -> "Pipeline":
    """Return the model, untrained."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    vectoriser = TfidfVectorizer(strip_accents="unicode", ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORD)
    # Balanced, so that the score does not depend on how much was included; liblinear and one seed, so that it repeats.
    regression = LogisticRegression(C=1.0, class_weight="balanced", solver="liblinear", random_state=0)
    return make_pipeline(vectoriser, regression)


def train_ranker(decisions: Iterable[Decision]) -> "Pipeline | None":
    """Return the model trained on *decisions*, whose order makes no difference; None where there are fewer than five of either kind."""
    known = sorted(set(decisions))
    texts, included = [decision.text for decision in known], [decision.included for decision in known]
    return make_model().fit(texts, included) if min(map(included.count, (True, False))) >= _FEWEST else None


def rank(texts: Sequence[str], model: "Pipeline") -> list[Rank]:
    """Return the rank of each text by a trained *model*, with the words that decided most, those like `of` left out."""
    if not texts:
        return []
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    vectoriser, classifier = model.steps[0][1], model.steps[-1][1]
    names, weights = vectoriser.get_feature_names_out(), classifier.coef_[0]
    counted = vectoriser.transform(texts)
    ranks = []
    for row, score in zip(counted, classifier.predict_proba(counted)[:, 1], strict=True):
        parts = ((weights[column] * value, names[column]) for column, value in zip(row.indices, row.data, strict=True))
        weighty = sorted((part for part in parts if abs(part[0]) > 1e-3), key=lambda part: (-abs(part[0]), part[1]))
        telling = [  # words like `of` tell kinds of titles apart
            f"{name} ({'+' if weight > 0 else '-'})" for weight, name in weighty if ENGLISH_STOP_WORDS.isdisjoint(name.split())
        ]  # fmt: skip
        ranks.append(Rank(round(float(score), 3), tuple(telling[:_WORDS])))
    return ranks


def decisions_of(screening: Iterable[Screened]) -> list[Decision]:
    """Return what the screening log teaches: included or not; duplicates, doubts and what was not read teach nothing."""
    told = [row for row in screening if row.decision in ("include", "exclude") and row.reason not in NOT_ON_SUBJECT]
    return [Decision(row.title, row.decision == "include") for row in told if row.title]


_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"[1-9]\d{0,7}")
Cells = dict[str, str]
Found = tuple[Publication, str]  # a record, and the run that found it (its id in queries.csv)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def id_of(publication: Publication) -> str:
    """Return the name of a record in `data/search/`: by its strongest identifier, else by its title and year."""
    if publication.registry and publication.nct:
        return publication.nct[0].lower()
    if publication.pmid:
        return f"pmid-{publication.pmid}"
    if publication.doi:
        return "doi-" + _slug(publication.doi)
    return "-".join(filter(None, ("title", _slug(publication.title)[:80], str(publication.year or ""))))


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")


def make_candidates(found: Iterable[Found], known: Known, model: "Pipeline | None", *, today: date) -> list[Cells]:
    """Return a row for each new candidate, the likeliest first, with its link where it is on file elsewhere; *known* learns them."""
    taken: list[tuple[Publication, Cells]] = []
    for record, query_id in found:
        link, name = known.find(record), id_of(record)
        own = f"candidates:{name}"
        if own in known.names or (link is not None and link.to == own):
            continue
        own_cells = {"query_id": query_id, "same_as": "", "trial_of": "", "known_by": ""}
        if link is not None:
            own_cells |= {"same_as" if link.kind == "same" else "trial_of": link.to, "known_by": link.by}
        known.add(own, record)
        taken.append((record, own_cells))
    ranks = rank([record.searched_text for record, _ in taken], model) if model else [None] * len(taken)
    rows = [_row(record, rank, today) | cells for (record, cells), rank in zip(taken, ranks, strict=True)]
    return sorted(rows, key=lambda row: (bool(row["same_as"]), -float(row["score"] or 0), row["record"]))


def _row(record: Publication, rank: Rank | None, today: date) -> Cells:
    authors = [plain_cell(f"{author.family} {author.given}") for author in record.authors[:1]]
    return {
        "record": id_of(record), "title": plain_cell(record.title),
        "year": str(record.year) if record.year and 1900 <= record.year <= 2100 else "",
        "doi": record.doi if _DOI.fullmatch(record.doi) else "", "pmid": record.pmid if _PMID.fullmatch(record.pmid) else "",
        "nct": ";".join(record.nct), "authors": " ".join(authors + ["and others"] * (len(record.authors) > 1)),
        "journal": plain_cell(record.journal or record.booktitle or record.publisher),
        "address": address_of(record) or (f"https://clinicaltrials.gov/study/{record.nct[0]}" if record.nct else ""),
        "found_on": today.isoformat(), "score": f"{rank.score:.3f}" if rank else "",
        "why": ";".join(plain_cell(word) for word in rank.why) if rank else "",
    }  # fmt: skip


def plain_cell(text: str) -> str:
    """Return *text* as a cell may hold it: one line, no markup, nothing that a spreadsheet takes for a formula."""
    plain = re.sub(r"<(?=[\s/!A-Za-z])", "‹", clean(text))
    return f"“{plain}”" if plain.startswith(_FORMULA) or plain == "NA" else plain


def update_rows(text: str, key: str, changes: Mapping[str, Cells]) -> str:
    """Return the CSV *text* with the cells in *changes* (by the value of column *key*) put in."""
    rows, buffer = list(csv.DictReader(io.StringIO(text, newline=""))), io.StringIO()
    writer = csv.DictWriter(buffer, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | changes.get(row[key], {}) for row in rows)
    return buffer.getvalue()
