"""What counts as a study, wherever the book says how many there are of a way of treating."""

from livrev.records.model import Study
from livrev.records.review import Review


def counted_studies(review: Review) -> dict[str, Study]:
    """Return the studies that are counted, by key: of a design that the settings count, and no part of another study.

    What is left out stands in the lists all the same: registered trials without a result, published syntheses, and
    what else `review.yml` marks with `counted: false`.
    """
    uncounted = {design for group in review.settings.designs if not group.counted for design in group.designs}
    return {key: study for key, study in review.studies.items() if not study.part_of and study.design not in uncounted}
