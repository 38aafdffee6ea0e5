"""Bars of counts, one row a category, stacked by a second category."""

from collections import Counter
from collections.abc import Iterable, Sequence

from matplotlib.figure import Figure

from livrev.figures.style import PALETTE, WIDTH, ShownFigure, house_style, need_something


def draw_counts(
    pairs: Iterable[tuple[str, str]],
    *,
    of: str,
    by: str,
    order: Sequence[str] | None = None,
    rows: Sequence[str] | None = None,
) -> ShownFigure:
    """Draw how many *pairs* (row, colour) there are of each kind; *of* and *by* name what rows and colours are.

    *order* gives the colours from left to right, *rows* the rows from top to bottom (default: by size). Raises ValueError
    where there is no pair, or where *order* or *rows* leaves one out.
    """
    tally = Counter(pairs)
    need_something(tally, of)
    totals = Counter(row for row, _ in tally.elements())
    rows = list(rows) if rows is not None else [row for row, _ in totals.most_common()]
    shades = list(order) if order is not None else sorted({shade for _, shade in tally})
    lost = sorted({f"{row}, {shade}" for row, shade in tally if row not in rows or shade not in shades})
    if lost:
        raise ValueError(f"the figure would leave out {'; '.join(lost)}; name them in rows and order")
    with house_style():
        figure = Figure(figsize=(WIDTH, 0.9 + 0.34 * len(rows)))
        axes = figure.subplots()
        left = [0] * len(rows)
        for number, shade in enumerate(shades):
            widths = [tally[row, shade] for row in rows]
            if not any(widths):
                continue
            axes.barh(
                range(len(rows)), widths, left=left, label=shade, color=PALETTE[number % len(PALETTE)], height=0.68
            )
            for place, (start, width) in enumerate(zip(left, widths, strict=True)):
                if width >= max(totals.values()) * 0.05:
                    ink = "white" if number % len(PALETTE) in (0, 2, 5) else "black"
                    axes.text(start + width / 2, place, str(width), ha="center", va="center", fontsize=8, color=ink)
            left = [start + width for start, width in zip(left, widths, strict=True)]
        for place, total in enumerate(left):
            axes.text(total + max(left) * 0.012, place, str(total), va="center", fontsize=8.5, fontweight="bold")
        axes.set_yticks(range(len(rows)), rows)
        axes.invert_yaxis()
        axes.set_xlabel(f"number of {of}")
        axes.set_xlim(0, max(left) * 1.08)
        axes.tick_params(axis="y", length=0)
        below = -0.45 / (0.77 * figure.get_figheight())
        axes.legend(title=by, alignment="left", loc="upper left", bbox_to_anchor=(0, below), ncols=3)
    parts = [
        f"{row}: {totals[row]} (" + ", ".join(f"{tally[row, s]} {s}" for s in shades if tally[row, s]) + ")"
        for row in rows
    ]
    return ShownFigure(figure, f"Bars of the number of {of}, coloured by {by}. " + "; ".join(parts) + ".")
