"""What Grok cost month by month, under the limit the owner set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from colmado_insights import text
from colmado_insights.charts.plot import Anchor, Plot, draw_x_words, open_with_value_axis
from colmado_insights.charts.style import Chart, ChartStyle
from colmado_insights.text import _, ngettext

NANO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SpentMonth:
    """One month: its first day, its cost in thousand-millionths of a US$, and the requests it paid."""

    first_day: date
    cost_nano: int
    calls: int


def spending_months(
    months: Sequence[SpentMonth], limit_nano: int, style: ChartStyle, width_px: float, height_px: float
) -> Chart:
    """A bar a month, dashed over them this month's limit; bars of other months stand back."""
    plot = Plot(style, width_px, height_px)
    costs = [month.cost_nano / NANO for month in months]
    limit = limit_nano / NANO
    open_with_value_axis(
        plot, (0, len(months)), max(limit, *costs, 0.01), plot.label_px * 1.9, whole=False, write=_axis_words
    )
    plot.axes.bar(
        [place + 0.5 for place in range(len(months))],
        costs,
        width=0.66,
        color=[style.bar] * (len(months) - 1) + [style.brand],
        linewidth=0,
        zorder=3,
    )
    plot.draw_line([(0, limit), (len(months), limit)], style.accent, 1.75, dashes=(3, 2))
    plot.draw_dashed_key(_("límite: {limit} al mes").format(limit=text.dollars(limit_nano)), style.accent)
    for place, month in enumerate(months):
        plot.add_point(place + 0.5, costs[place], spent_month_words(month))
    names = [(i + 0.5, text.month_name(month.first_day.month, short=True)) for i, month in enumerate(months)]
    draw_x_words(plot, names, (1, 2, 3, 4, 6))
    words = text.dollars(months[-1].cost_nano)
    wide = plot.text_width(words, plot.label_px, "SemiBold")
    centre = plot.clamped(plot.x_px(len(months) - 0.5), wide)
    plot.place(words, [Anchor(centre, plot.y_px(costs[-1]) + 3)], style.brand, plot.label_px, "SemiBold")
    return plot.finished()


def spent_month_words(month: SpentMonth) -> str:
    """octubre 2026: US$ 1.20 en 31 preguntas; for the hover, and for who cannot see the picture."""
    calls = ngettext("{n} pregunta", "{n} preguntas", month.calls).format(n=text.number(month.calls))
    name = f"{text.month_name(month.first_day.month)} {month.first_day.year}"
    return _("{month}: {cost} en {calls}").format(month=name, cost=text.dollars(month.cost_nano), calls=calls)


def _axis_words(value: float) -> str:
    """US$ 2, US$ 0.50"""
    return f"US$ {value:,.0f}" if value == round(value) else f"US$ {value:,.2f}"
