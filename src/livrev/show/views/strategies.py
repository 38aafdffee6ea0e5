"""Strategies side by side: why they should work, what was tested, how sure we are."""

from livrev.records.review import Review
from livrev.show.figures import ShownFigure, draw_counts
from livrev.show.tables import ShownTable, show_table

CERTAINTIES = ("high", "moderate", "low", "very low", "not rated")


def show_strategies(review: Review) -> ShownTable:
    """Return one row a strategy: rationale, evidence, stage and certainty."""
    rows = []
    for strategy in review.strategies.values():
        studies = [s for s in review.studies.values() if strategy.strategy in s.strategy]
        tested = [s for s in studies if s.design != "registered-trial"]
        rows.append(
            {
                **strategy.model_dump(),
                "for": len(strategy.findings_for),
                "against": len(strategy.findings_against),
                "studies": len(tested),
                "randomised": sum(study.design == "rct" for study in tested),
            }
        )
    columns = {
        "name": "Strategy", "rationale": "Why it should work", "studies": "Studies", "randomised": "Randomised",
        "for": "Findings for", "against": "Findings against", "stage": "Stage", "certainty": "Certainty", "certainty_reason": "Because",
    }  # fmt: skip
    caption = "Strategies side by side"
    return show_table(
        rows,
        name="table-strategies",
        caption=caption,
        columns=columns,
        filters=["certainty"],
        download="strategies.csv",
    )


def show_carriers(review: Review) -> ShownTable:
    """Return which findings of the founding documents carry each strategy, and which speak against it."""
    rows = [
        {
            "strategy": strategy.name,
            "side": side,
            "finding": key,
            "statement": review.findings[key][1].statement,
            "verdict": review.findings[key][1].verdict,
        }
        for strategy in review.strategies.values()
        for side, keys in (("for", strategy.findings_for), ("against", strategy.findings_against))
        for key in keys
    ]
    columns = {
        "strategy": "Strategy",
        "side": "Side",
        "finding": "Finding",
        "statement": "What the document says",
        "verdict": "Verdict",
    }
    caption = "Which findings carry each strategy"
    return show_table(
        rows, name="table-carriers", caption=caption, columns=columns, filters=["strategy", "side", "verdict"]
    )


def draw_designs(review: Review) -> ShownFigure:
    """Draw the number of studies of each strategy, coloured by design."""
    groups = {design: group.name for group in review.settings.designs for design in group.designs}
    pairs = [
        (review.strategies[key].name, groups[study.design])
        for study in review.studies.values()
        for key in study.strategy
        if key in review.strategies
    ]
    return draw_counts(pairs, of="studies", by="design", order=[group.name for group in review.settings.designs])
