"""The care of products: how few of them make most of what is sold, and what each family leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from colmado_insights import text
from colmado_insights.analytics.results import CareBoard, MarginPart
from colmado_insights.charts.bars import Bar, named_bars
from colmado_insights.charts.plot import (
    LABEL_PX,
    Anchor,
    Plot,
    draw_x_words,
    empty_chart,
    open_with_value_axis,
)
from colmado_insights.charts.style import Chart, ChartStyle
from colmado_insights.text import _, ngettext

MOST_BARS = 12
_HOVER_POINTS = 60


def abc_curve(board: CareBoard, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """The share of what is sold that the best products make together; A, B and C told on the line."""
    sold = [product for product in board.products if product.revenue_cents > 0]
    if not sold:
        return empty_chart(style, width_px, height_px, _("Todavía no hay productos vendidos."))
    total = sum(product.revenue_cents for product in sold)
    points, upto = [(0.0, 0.0)], 0
    for place, product in enumerate(sold, start=1):
        upto += product.revenue_cents
        points.append((float(place), 100 * upto / total))
    plot = Plot(style, width_px, height_px)
    open_with_value_axis(
        plot, (0, len(sold)), 100, plot.label_px * 1.9, False, lambda tick: text.percent(tick / 100)
    )
    ends = {letter: sum(product.abc <= letter for product in sold) for letter in "AB"}
    band = points[: ends["A"] + 1]
    plot.draw_band([x for x, _y in band], [0.0] * len(band), [y for _x, y in band], style.bar, 2)
    plot.draw_line(points, style.brand, 2.25, order=5)
    _name_classes(plot, ends, points)
    step = max(1, len(sold) // 5)
    draw_x_words(
        plot, [(place, text.number(place)) for place in range(step, len(sold) + 1, step)], (1, 2, 3, 5)
    )
    for at, share in points[1 :: max(1, len(sold) // _HOVER_POINTS)]:
        plot.add_point(at, share, f"{_products(round(at))} · {text.percent(share / 100)}")
    return plot.finished()


def _name_classes(plot: Plot, ends: dict[str, int], points: Sequence[tuple[float, float]]) -> None:
    for letter, end in ends.items():
        if not end:
            continue
        x, y = points[end]
        plot.draw_dot(x, y, plot.style.brand)
        words = f"{'A' if letter == 'A' else 'A + B'}: {_products(end)}, {text.percent(y / 100)}"
        at, high = plot.x_px(x), plot.y_px(y)
        anchors = [
            Anchor(at + 10, high - 4, "left", "top"),
            Anchor(at + 10, high - plot.label_px * 2, "left", "top"),
            Anchor(at - 10, high + 4, "right"),
            Anchor(plot.width - 16, high - plot.label_px * 2, "right", "top"),
            Anchor(plot.width - 16, high - plot.label_px * 4, "right", "top"),
        ]
        plot.place(words, anchors, plot.style.brand, plot.label_px, "SemiBold")


def _products(count: int) -> str:
    return ngettext("{n} producto", "{n} productos", count).format(n=text.number(count))


def margin_bars(
    parts: Sequence[MarginPart],
    style: ChartStyle,
    width_px: float,
    height_px: float,
    *,
    name: Callable[[str], str] = str,
) -> Chart:
    """A bar a category or supplier: what of each peso stays, those that leave most first; `name` says a key."""
    known = [part for part in parts if part.margin_share is not None]
    if not known:
        return empty_chart(style, width_px, height_px, _("Sin costos no se sabe cuánto deja cada cosa."))
    shown = sorted(known, key=lambda part: -part.margin_cents)[:MOST_BARS]
    shown = shown[: max(1, int((height_px - 8) / (LABEL_PX * style.scale * 1.35)))]
    bars = [
        Bar(
            name(part.key),
            part.margin_share or 0.0,
            f"{text.percent(part.margin_share or 0.0)} · {text.money(part.margin_cents)}",
        )
        for part in shown
    ]
    return named_bars(bars, style, width_px, height_px)
