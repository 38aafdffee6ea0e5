"""Rank records by likeness to what was included before, and say of each which of its words decided.

Words and pairs of words of title, abstract and index terms, weighted by how rare they are (TF-IDF), go into a logistic
regression that was trained on the decisions on record. The score is the model's probability of inclusion; it orders the
records for a person and decides nothing.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

Vector = NDArray[np.float64]
# These say that a record was not read, or repeats another; they say nothing on what it is about.
NOT_ON_SUBJECT = ("not-found", "duplicate-report", "secondary-report")
_FEWEST = 5  # of each kind; with fewer there is nothing to learn from
_WORD = r"(?u)\b[^\W\d_][\w-]*\w\b"


@dataclass(frozen=True, slots=True)
class Decision:
    """One text on which a person decided."""

    text: str
    included: bool


@dataclass(frozen=True, slots=True)
class Rank:
    """The score of one record, from 0 to 1, and the words that raised (+) or lowered (-) it most, those like `of` left out."""

    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranker:
    """A trained model. *seen* is the number of decisions it was trained on."""

    model: Pipeline
    seen: int
    included: int

    def rank(self, texts: Sequence[str], *, words: int = 5) -> list[Rank]:
        """Return the rank of each text, with at most *words* words that decided."""
        if not texts:
            return []
        vectoriser, classifier = self.model.steps[0][1], self.model.steps[-1][1]
        names = vectoriser.get_feature_names_out()
        weights = classifier.coef_[0]
        ranks = []
        counted = vectoriser.transform(texts)
        for row, score in zip(counted, classifier.predict_proba(counted)[:, 1], strict=True):
            parts = sorted(
                ((weights[column] * value, names[column]) for column, value in zip(row.indices, row.data, strict=True)),
                key=lambda part: (-abs(part[0]), part[1]),
            )
            telling = [(weight, name) for weight, name in parts if abs(weight) > 1e-3 and not _is_filler(name)]
            shown = [f"{name} ({'+' if weight > 0 else '-'})" for weight, name in telling[:words]]
            ranks.append(Rank(round(float(score), 3), tuple(shown)))
        return ranks


def _is_filler(name: str) -> bool:
    """Tell whether a word, or one of a pair, says nothing to a reader. The model weighs them: they tell kinds of titles apart."""
    return any(word in ENGLISH_STOP_WORDS for word in name.split())


@dataclass(frozen=True, slots=True)
class Measured:
    """How well a ranking finds what was included: recall after reading a share of it, and work saved at 95 percent recall.

    *best* holds the same of a ranking that makes no mistake, *chance* of one by lot.
    """

    records: int
    included: int
    recall: dict[int, float]
    best: dict[int, float]
    saved: float
    saved_best: float


def make_model() -> Pipeline:
    """Return the model, untrained."""
    vectoriser = TfidfVectorizer(strip_accents="unicode", ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORD)
    # Balanced, so that the score does not depend on how much was included; liblinear and one seed, so that it repeats.
    return make_pipeline(
        vectoriser, LogisticRegression(C=1.0, class_weight="balanced", solver="liblinear", random_state=0)
    )


def train_ranker(decisions: Iterable[Decision]) -> Ranker | None:
    """Train on *decisions*, in an order of their own so that the order of the log makes no difference.

    Returns None where there are fewer than five of either kind.
    """
    known = sorted(set(decisions), key=lambda decision: (decision.text, decision.included))
    included = sum(decision.included for decision in known)
    if min(included, len(known) - included) < _FEWEST:
        return None
    model = make_model()
    model.fit([decision.text for decision in known], [decision.included for decision in known])
    return Ranker(model, len(known), included)


def decisions_of(screening: Iterable[dict[str, object]], texts: dict[str, str] | None = None) -> list[Decision]:
    """Return what the screening log teaches: included or not; duplicates, doubts and what was not read teach nothing.

    *texts* gives more words for a record, by its id, where they are at hand.
    """
    return [
        Decision((texts or {}).get(str(row["record"])) or str(row["title"]), row["decision"] == "include")
        for row in screening
        if row["decision"] in ("include", "exclude") and row["reason"] not in NOT_ON_SUBJECT and row["title"]
    ]


def cross_validate(decisions: Sequence[Decision], *, model: Pipeline | None = None, folds: int = 10) -> Vector:
    """Return for each decision the score by a model that did not see it, nor another record with the same words.

    Which fold a text falls into depends on the text alone.
    """
    fold = np.array([int(hashlib.sha256(d.text.lower().encode()).hexdigest(), 16) % folds for d in decisions])
    scores = np.zeros(len(decisions))
    for number in range(folds):
        held = np.flatnonzero(fold == number)
        if not held.size:
            continue
        unseen = set(held.tolist())
        fitted = model or make_model()
        kept = [decision for place, decision in enumerate(decisions) if place not in unseen]
        fitted.fit([decision.text for decision in kept], [decision.included for decision in kept])
        scores[held] = fitted.predict_proba([decisions[place].text for place in held.tolist()])[:, 1]
    return scores


def measure_ranking(scores: Vector, included: NDArray[np.bool_], *, shares: Sequence[int] = (10, 20, 50)) -> Measured:
    """Measure a ranking by *scores* of records of which some are *included*.

    Work saved over sampling at 95 percent recall: the share of records that need not be read once 95 percent of the
    included were met, less 5 percent (Cohen 2006, doi:10.1197/jamia.M1929).
    """
    total, wanted = len(scores), int(included.sum())
    # Equal scores count as the worst order: what was not included comes first.
    order = np.lexsort((included, -scores))
    met = np.cumsum(included[order])
    read = {share: round(total * share / 100) for share in shares}
    need = int(np.ceil(0.95 * wanted))
    last = int(np.searchsorted(met, need)) + 1
    return Measured(
        total,
        wanted,
        {share: float(met[count - 1] / wanted) if count else 0.0 for share, count in read.items()},
        {share: min(count, wanted) / wanted for share, count in read.items()},
        1 - last / total - 0.05,
        1 - need / total - 0.05,
    )
