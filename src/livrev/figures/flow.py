"""The flow of records from search to review, in PRISMA's manner; every number is counted from the screening log."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from livrev.figures.style import INK, MUTED, WIDTH, ShownFigure, house_style, need_something


def draw_flow(main: Sequence[str], side: Sequence[str | None]) -> ShownFigure:
    """Draw boxes from top to bottom (*main*), with what left the flow beside each (*side*, None for nothing).

    Raises ValueError where there is no box.
    """
    need_something(main, "step")
    height = 0.95
    with house_style():
        figure = Figure(figsize=(WIDTH, height * len(main) + 0.1))
        axes = figure.subplots()
        axes.set_axis_off()
        axes.set_xlim(0, 10)
        axes.set_ylim(-len(main) + 0.45, 0.55)
        for step, (text, left) in enumerate(zip(main, side, strict=True)):
            _box(axes, 2.6, -step, text, INK)
            if step + 1 < len(main):
                _arrow(axes, (2.6, -step - 0.3), (2.6, -step - 0.7))
            if left is not None:
                _box(axes, 7.6, -step, left, MUTED)
                _arrow(axes, (4.9, -step), (5.3, -step))
    said = " Then: ".join(main)
    out = "; ".join(text.replace("\n", ", ") for text in side if text)
    return ShownFigure(figure, f"Flow of records. {said.replace(chr(10), ', ')}. Left the flow: {out}.")


def _box(axes, x: float, y: float, text: str, ink: str) -> None:  # type: ignore[no-untyped-def]
    style = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": ink, "linewidth": 0.9}
    axes.text(x, y, text, ha="center", va="center", fontsize=8.5, bbox=style)


def _arrow(axes, start: tuple[float, float], end: tuple[float, float]) -> None:  # type: ignore[no-untyped-def]
    axes.annotate("", xy=end, xytext=start, arrowprops={"arrowstyle": "->", "color": MUTED, "linewidth": 1})
