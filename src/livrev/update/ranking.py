"""Rank records by likeness to what was included before, and say of each which of its words decided.

Words and pairs of words of title, abstract and index terms, weighted by how rare they are (TF-IDF), go into a logistic
regression that was trained on the decisions on record. The score is the model's probability of inclusion; it orders the
records for a person and decides nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from livrev.records.search_log import Screened

# These say that a record was not read, or repeats another; they say nothing on what it is about.
NOT_ON_SUBJECT = ("not-found", "duplicate-report", "secondary-report")
_WORDS = 5  # that are named as having decided
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
    """A trained model."""

    model: Pipeline

    def rank(self, texts: Sequence[str]) -> list[Rank]:
        """Return the rank of each text, with the words that decided most."""
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
            shown = [f"{name} ({'+' if weight > 0 else '-'})" for weight, name in telling[:_WORDS]]
            ranks.append(Rank(round(float(score), 3), tuple(shown)))
        return ranks


def _is_filler(name: str) -> bool:
    """Tell whether a word, or one of a pair, says nothing to a reader. The model weighs them: they tell kinds of titles apart."""
    return any(word in ENGLISH_STOP_WORDS for word in name.split())


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
    return Ranker(model)


def decisions_of(screening: Iterable[Screened]) -> list[Decision]:
    """Return what the screening log teaches: included or not; duplicates, doubts and what was not read teach nothing."""
    return [
        Decision(row.title, row.decision == "include")
        for row in screening
        if row.decision in ("include", "exclude") and row.reason not in NOT_ON_SUBJECT and row.title
    ]
