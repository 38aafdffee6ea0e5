"""A forest plot shows each study at its value, and the pool below them."""

import pytest

from livrev.frames.open_review import OpenReview
from livrev.records.review import Review
from livrev.review.pools import pool_evidence
from livrev.show.figures.forest import SPAN, Interval, draw_forest
from livrev.show.figures.svg import Word

ROWS = [
    Interval("Roe", 0.5, 0.3, 0.8, (SPAN, "60 %"), size=8, said="weight 60 %"),
    Interval("Poe", 0.9, 0.5, 1.6, (SPAN, "40 %"), size=7, said="weight 40 %"),
]
POOL = Interval("All studies", 0.63, 0.4, 0.99, (SPAN, ""), kind="pool", prediction=(0.2, 2.0))
HEADS = ("ratio", "weight")
STRIP: list[Interval | str] = [
    "Without", Interval("Roe", 0.8, 0.6, 1.1, kind="dot"), Interval("Poe", 0.7, 0.5, 0.9, kind="dot"),
    Interval("two left", 0.7, 0.01, 50, kind="faint"),
]  # fmt: skip


def test_the_data_are_on_the_axes() -> None:
    figure = draw_forest([*ROWS, POOL], measure="hazard ratio", favours=("this", "that"), heads=HEADS).figure
    axes = figure.axes[0]
    squares = [line for line in axes.lines if line.get_marker() == "s"]
    words = [text.get_text() for text in figure.findobj(Word)]
    assert [float(line.get_xdata()[0]) for line in squares] == [0.5, 0.9]
    assert squares[0].get_markersize() > squares[1].get_markersize()
    diamond = axes.patches[0].get_xy()[:, 0]
    assert {round(float(x), 2) for x in diamond} == {0.4, 0.63, 0.99}
    assert [word for word in words if word in ("Roe", "Poe", "All studies")] == ["Roe", "Poe", "All studies"]
    assert axes.get_xscale() == "log"


def test_the_words_hold_every_number() -> None:
    said = draw_forest([*ROWS, POOL], measure="hazard ratio", favours=("this", "that"), heads=HEADS).alt
    for number in (
        "0.50 (95 % CI 0.30 to 0.80)",
        "weight 60 %",
        "0.63 (95 % CI 0.40 to 0.99)",
        "prediction interval 0.20 to 2.00",
    ):
        assert number in said


def test_each_mark_says_what_its_row_says() -> None:
    shown = draw_forest([*ROWS, POOL], measure="hazard ratio", favours=("this", "that"), heads=HEADS)
    assert [mark.said for mark in shown.marks] == [
        "Roe: hazard ratio 0.50 (95 % CI 0.30 to 0.80), weight 60 %",
        "Poe: hazard ratio 0.90 (95 % CI 0.50 to 1.60), weight 40 %",
        "All studies: pooled hazard ratio 0.63 (95 % CI 0.40 to 0.99); prediction interval 0.20 to 2.00",
    ]
    assert [(mark.row["value"], mark.row["ci_low"], mark.row["ci_high"]) for mark in shown.marks] == [
        (0.5, 0.3, 0.8), (0.9, 0.5, 1.6), (0.63, 0.4, 0.99),
    ]  # fmt: skip


def test_a_prediction_far_off_does_not_crush_the_studies() -> None:
    far = Interval("All studies", 0.63, 0.4, 0.99, (SPAN, ""), kind="pool", prediction=(0.0001, 5064))
    shown = draw_forest([*ROWS, far], measure="HR", favours=("this", "that"), heads=HEADS)
    low, high = shown.figure.axes[0].get_xlim()
    assert low > 0.2 and high < 2


@pytest.mark.parametrize(
    "name", ["liver-stratum-os", "hcc-tki-os", "tace-pfs", "prognosis-pfs", "rt-out-of-field-response"]
)
def test_five_numbers_are_those_of_the_records(real_review: Review, name: str) -> None:
    pooled = pool_evidence(real_review)[name]
    shown, times = OpenReview(real_review).pool(name).forest(), 100 if pooled.plan.measure == "proportion" else 1
    members = sorted(pooled.members, key=lambda member: member.interval(pooled.scale)[0])
    *studies, whole = (mark for mark in shown.marks if mark.row["label"] != "The same by Bayes")
    for mark, member in zip(studies, members, strict=True):
        row, outcome = mark.row, member.outcomes[0]
        assert str(row["label"]).startswith(member.study[:20])
        if member.reported:
            assert (row["value"], row["ci_low"], row["ci_high"], row["ci_level"]) == member.reported[:4]
            assert f"{outcome.value} ({outcome.ci_level} % CI {outcome.ci_low} to {outcome.ci_high})" in mark.said
        else:
            value, low, high = (times * n for n in member.interval(pooled.scale))
            assert row["value"] == pytest.approx(value, abs=0.5) and (row["ci_low"], row["ci_high"]) == (low, high)
            digits = 0 if times == 100 else 2
            assert f"{low:.{digits}f} to {high:.{digits}f}" in mark.said
    assert whole.row["value"] == times * pooled.pool.value


def test_a_study_is_shown_as_printed_though_its_weight_is_that_of_the_symmetric_interval(real_review: Review) -> None:
    pooled = pool_evidence(real_review)["prognosis-os"]
    member = next(m for m in pooled.members if m.study.startswith("ASTRUM-007"))
    shown = OpenReview(real_review).pool("prognosis-os").forest()
    (mark,) = (mark for mark in shown.marks if str(mark.row["label"]).startswith("ASTRUM-007"))
    _, low, high = member.interval(pooled.scale)
    assert (round(low, 3), round(high, 3)) == (1.098, 1.995), "the symmetric interval is another"
    assert "1.48 (95 % CI 1.09 to 1.98)" in mark.said
    assert any("weighted by the symmetric interval" in text.get_text() for text in shown.figure.findobj(Word))


def test_an_interval_of_another_level_is_printed_as_it_is_and_drawn_at_95(real_review: Review) -> None:
    shown = OpenReview(real_review).pool("hcc-tki-os").forest()
    (mark,) = (mark for mark in shown.marks if str(mark.row["label"]).startswith("COSMIC-312"))
    assert "(96 % CI 0.69 to 1.18)" in mark.said
    number = shown.marks.index(mark)
    (line,) = (
        line for line in shown.figure.axes[0].lines if line.get_gid() == f"mark-{number}" and len(line.get_xdata()) == 2
    )
    assert 0.69 < line.get_xdata()[0] < line.get_xdata()[1] < 1.18
    words = [text.get_text() for text in shown.figure.findobj(Word)]
    assert any(word.endswith("1.18)*") for word in words) and any(word.startswith("* as printed") for word in words)


def test_each_pool_of_the_review_can_be_drawn_and_listed(real_review: Review) -> None:
    for record in real_review.tables["pools"].records:
        alt = OpenReview(real_review).pool(record["pool"]).forest().alt
        assert alt.startswith(f"Forest plot of {len(record['outcomes'])} studies")
        assert len(OpenReview(real_review).pool(record["pool"]).leave_one_out()) == len(record["outcomes"])
    assert len(OpenReview(real_review).pools) == len(real_review.tables["pools"].records)


def test_a_strip_shows_each_dot_at_its_value_and_cuts_what_reaches_far() -> None:
    shown = draw_forest(STRIP, band=(0.6, 0.95), measure="hazard ratio", favours=("", ""))
    axes = shown.figure.axes[0]
    dots = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert dots == [0.8, 0.7]
    low, high = axes.get_xlim()
    assert 0.4 < low < 0.5 and 1.1 < high < 1.3 and "<" in [line.get_marker() for line in axes.lines]
    assert "two left (Without): hazard ratio 0.70 (0.01 to 50.00)" in shown.alt


def test_a_strip_fills_what_lies_on_one_side() -> None:
    axes = draw_forest(STRIP, measure="hazard ratio", favours=("", "")).figure.axes[0]
    colours = [line.get_markerfacecolor() for line in axes.lines if line.get_marker() == "o"]
    assert colours[0] != colours[1]
