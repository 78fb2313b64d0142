"""Bars side by side, each with its name before it and its number at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from colmado_insights.charts.plot import Anchor, Box, Plot
from colmado_insights.charts.style import Chart, ChartStyle

_NAME_SHARE = 0.45
"""Of the width, the names get no more."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, how long it is, and the words at its end."""

    name: str
    value: float
    end: str


def named_bars(bars: Sequence[Bar], style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """A bar a row from the top; what is below nothing in accent."""
    plot = Plot(style, width_px, height_px)
    size = min(plot.label_px, (plot.height - 8) / len(bars) / 1.3)
    names = [plot.fitted(bar.name, size, plot.width * _NAME_SHARE) for bar in bars]
    left = max(plot.text_width(name, size) for name in names) + 14
    right = max(plot.text_width(bar.end, size, "SemiBold") for bar in bars) + 14
    values = [bar.value for bar in bars]
    low, high = min(0.0, *values), max(1e-9, *values)
    plot.open_area(
        Box(left, 4, max(plot.width - right, left + 20), plot.height - 4), (low, high), (len(bars), 0)
    )
    plot.axes.barh(
        [place + 0.5 for place in range(len(bars))],
        values,
        height=0.56,
        color=[style.brand if value >= 0 else style.accent for value in values],
        linewidth=0,
        zorder=3,
    )
    for place, (bar, name) in enumerate(zip(bars, names, strict=True)):
        middle = plot.y_px(place + 0.5)
        plot.place(name, [Anchor(2, middle, "left", "center")], style.ink, size)
        at = Anchor(plot.x_px(max(bar.value, 0.0)) + 7, middle, "left", "center")
        plot.place(bar.end, [at], style.soft, size, "SemiBold")
        plot.add_point(max(bar.value, 0.0), place + 0.5, f"{bar.name} · {bar.end}")
    return plot.finished()
