"""Read sentences: the quantities that they state and the terms of the vocabulary that they name."""

from livrev.text.numbers import quantity_to_json
from livrev.text.quantities import find_quantities
from livrev.text.vocabulary import Vocabulary, find_entities


def extract(text: str, vocabulary: Vocabulary) -> list[dict[str, object]]:
    """Return every quantity and entity of *text* in reading order, as plain mappings.

    Keys: kind, value, low, high, level, p, events, total, unit, entity, negated, start, end; what is not said is absent.
    """
    found = [*find_quantities(text), *find_entities(text, vocabulary)]
    return [quantity_to_json(one) for one in sorted(found, key=lambda one: (one.start, one.end))]
