"""Read a text with the machine that `livrev extract` uses."""

from livrev.diagnostics import ReviewError
from livrev.paths import RepositoryNotFound, find_repository
from livrev.records.review import read_vocabulary
from livrev.text import extract
from livrev.text.vocabulary import Vocabulary


def read_text(text: str, vocabulary: Vocabulary | None = None) -> list[dict[str, object]]:
    """Return every quantity and every term that *text* states, in reading order; `pd.DataFrame` makes a frame of it.

    Each is a mapping of what was said: `kind` (HR, OR, RR, p, proportion, n, median, rate, dose, date, or entity),
    `value`, `low` and `high` of an interval with its `level` in percent, `p`, `events` of `total`, `unit`, the place
    (`start`, `end`), and `text`, the words themselves. *vocabulary* is that of the review around the working folder where
    none is given; outside a review only quantities are found.

    >>> import pandas as pd
    >>> found = read_text("The hazard ratio was 0.58 (95% CI 0.42 to 0.79).", Vocabulary({}))
    >>> pd.DataFrame(found).set_index("kind")[["value", "low", "high", "level"]]  # doctest: +NORMALIZE_WHITESPACE
          value   low  high  level
    kind
    HR     0.58  0.42  0.79     95
    """
    found = extract(text, vocabulary or _own_vocabulary())
    return [item | {"text": text[int(str(item["start"])) : int(str(item["end"]))]} for item in found]


def _own_vocabulary() -> Vocabulary:
    try:
        vocabulary, problems = read_vocabulary(find_repository())
    except RepositoryNotFound:
        return Vocabulary({})
    if vocabulary is None:
        raise ReviewError(problems)
    return vocabulary
