"""Where a result points that may not be pooled: for what was tested, against it, or neither."""

from livrev.records.model import Outcome

DIRECTIONS = ("favours", "no clear difference", "against")


def direction_of(outcome: Outcome) -> str | None:
    """Return where a hazard ratio points: by its interval, else by its p; None where neither is printed."""
    if outcome.value is None:
        return None
    favours, unclear, against = DIRECTIONS
    side = favours if outcome.value < 1 else against
    if outcome.ci_low is not None and outcome.ci_high is not None:
        return side if outcome.ci_high < 1 or outcome.ci_low > 1 else unclear
    p = (outcome.p or "").lstrip("<=").strip()
    if not p.replace(".", "", 1).isdigit():
        return None
    return side if float(p) < 0.05 or (outcome.p or "").startswith("<0.05") else unclear
