"""What Grok cost month by month, under the limit the owner set."""

from __future__ import annotations

from collections.abc import Sequence

from colmado_insights import text
from colmado_insights.charts.plot import Anchor, Plot, draw_x_words, open_with_value_axis
from colmado_insights.charts.style import Chart, ChartStyle
from colmado_insights.domain import NANO_A_DOLLAR, MonthSpending
from colmado_insights.text import _


def spending_months(
    months: Sequence[MonthSpending], limit_nano: int, style: ChartStyle, width_px: float, height_px: float
) -> Chart:
    """A bar a month, dashed over them this month's limit; bars of other months stand back."""
    plot = Plot(style, width_px, height_px)
    costs = [month.cost_nano / NANO_A_DOLLAR for month in months]
    limit = limit_nano / NANO_A_DOLLAR
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
        plot.add_point(place + 0.5, costs[place], text.month_spending(month))
    names = [(i + 0.5, text.month_name(month.first_day.month, short=True)) for i, month in enumerate(months)]
    draw_x_words(plot, names, (1, 2, 3, 4, 6))
    words = text.dollars(months[-1].cost_nano)
    wide = plot.text_width(words, plot.label_px, "SemiBold")
    centre = plot.clamped(plot.x_px(len(months) - 0.5), wide)
    plot.place(words, [Anchor(centre, plot.y_px(costs[-1]) + 3)], style.brand, plot.label_px, "SemiBold")
    return plot.finished()


def _axis_words(value: float) -> str:
    """US$ 2, US$ 0.50"""
    return f"US$ {value:,.0f}" if value == round(value) else f"US$ {value:,.2f}"
