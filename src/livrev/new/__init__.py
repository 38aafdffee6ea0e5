"""Begin a review, a chapter or a study: plans first, nothing written before all of it can be."""


class Refused(Exception):
    """Raised where a review, a chapter or a study cannot be begun; says why, and what to do."""
