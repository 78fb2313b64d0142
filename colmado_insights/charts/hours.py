"""When people come: bars by the hour, and the week as a heat map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from colmado_insights import text
from colmado_insights.analytics.results import HourPattern
from colmado_insights.charts.plot import HOUR_STEPS, Anchor, Box, Plot, draw_x_words, empty_chart
from colmado_insights.charts.style import Chart, ChartStyle, contrast, mix
from colmado_insights.text import _, ngettext

FIRST_HOUR_OF_THE_DAY = 5
"""A colmado's day runs past midnight: 1 a. m. stands after 11 p. m., not before 6 a. m."""
WEEK = (1, 2, 3, 4, 5, 6, 0)
"""Rows of the heat map: Monday first, so that the three days of the weekend stand together."""
LARGE_BARS_PX = 420.0
"""Bars by hour wider than a card's have all their words."""


def shown_hours(counts: Sequence[float]) -> tuple[int, ...]:
    """The hours from the first to the last with somebody, in the order in which a colmado lives them."""
    order = [(FIRST_HOUR_OF_THE_DAY + i) % 24 for i in range(24)]
    busy = [i for i, hour in enumerate(order) if counts[hour] > 0]
    return tuple(order[busy[0] : busy[-1] + 1]) if busy else ()


def hours_bars(
    counts: Sequence[int],
    peaks: Iterable[int],
    style: ChartStyle,
    width_px: float,
    height_px: float,
    *,
    hours: Sequence[int] | None = None,
) -> Chart:
    """A small bar an hour, the peaks in brand; give `hours` to show several of them on the same axis."""
    shown = tuple(hours) if hours is not None else shown_hours(counts)
    if not shown:
        return empty_chart(style, width_px, height_px, _("sin horas"))
    plot = Plot(style, width_px, height_px)
    size, peak_hours = plot.axis_px, frozenset(peaks)
    bottom = size * 1.2 + 6
    is_large = plot.width >= LARGE_BARS_PX
    top = max(plot.height - (size * 1.6 if is_large else 2), bottom + 8)
    highest = max(max(counts[hour] for hour in shown), 1)
    plot.open_area(Box(0, bottom, plot.width, top), (0, len(shown)), (0, highest))
    least = 2.0 * highest / (top - bottom)
    plot.axes.bar(
        [i + 0.5 for i in range(len(shown))],
        [max(counts[hour], least) for hour in shown],
        width=0.84,
        color=[style.brand if hour in peak_hours else style.bar for hour in shown],
        linewidth=0,
        zorder=3,
    )
    for i, hour in enumerate(shown):
        many = ngettext("{count} compra", "{count} compras", counts[hour]).format(
            count=text.number(counts[hour])
        )
        plot.add_point(i + 0.5, counts[hour], f"{text.hour_label(hour)} · {many}")
    if is_large:
        _write_bar_words(plot, counts, shown)
    else:
        plot.place(text.hour_label(shown[0]), [Anchor(1, 2, "left")], style.faint, size)
        plot.place(text.hour_label(shown[-1]), [Anchor(plot.width - 3, 2, "right")], style.faint, size)
    return plot.finished()


def _write_bar_words(plot: Plot, counts: Sequence[int], shown: Sequence[int]) -> None:
    """Hours under the bars, and numbers on them where they fit."""
    size = plot.axis_px
    draw_x_words(plot, [(i + 0.5, text.hour_label(hour)) for i, hour in enumerate(shown)], HOUR_STEPS)
    if plot.x_px(1) - plot.x_px(0) < max(plot.text_width(text.number(counts[hour]), size) for hour in shown):
        return
    for i, hour in enumerate(shown):
        at = Anchor(plot.x_px(i + 0.5), max(plot.y_px(counts[hour]), plot.y_px(0) + 2) + 1)
        plot.place(text.number(counts[hour]), [at], plot.style.soft, size)


def pattern_heatmap(pattern: HourPattern, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """Mean receipts by weekday and hour, darker where more people come."""
    hours = shown_hours([max(row[hour] for row in pattern.receipts) for hour in range(24)])
    if not hours:
        return empty_chart(style, width_px, height_px, _("Todavía no hay ventas con hora que mostrar."))
    plot = Plot(style, width_px, height_px)
    size = plot.axis_px
    names = [text.weekday_name(day, short=True) for day in WEEK]
    left = max(plot.text_width(name, size) for name in names) + 12
    bottom, head = size * 1.2 + 10, plot.label_px * 1.9
    plot.open_area(
        Box(left, bottom, plot.width - 6, max(plot.height - head, bottom + 20)),
        (0, len(hours)),
        (len(WEEK), 0),
    )
    highest = max(max(row) for row in pattern.receipts)
    _draw_cells(plot, pattern, hours, highest)
    for row, name in enumerate(names):
        anchor = Anchor(2, plot.y_px(row + 0.5), "left", "center")
        plot.place(name, [anchor], style.faint, size)
    draw_x_words(plot, [(i + 0.5, text.hour_label(hour)) for i, hour in enumerate(hours)], HOUR_STEPS)
    _name_the_busiest(plot, pattern, hours)
    return plot.finished()


def _draw_cells(plot: Plot, pattern: HourPattern, hours: Sequence[int], highest: float) -> None:
    """One cell a weekday and hour with its number where it fits."""
    from matplotlib.patches import Rectangle

    style = plot.style
    cell_width = plot.x_px(1) - plot.x_px(0)
    cell_height = abs(plot.y_px(1) - plot.y_px(0))
    gap_x, gap_y = min(2.0 / cell_width, 0.2), min(2.0 / cell_height, 0.2)
    size = plot.axis_px
    fits = cell_width > plot.text_width(text.number(highest), size) + 8 and cell_height > size * 1.5
    for row, day in enumerate(WEEK):
        for i, hour in enumerate(hours):
            value = pattern.receipts[day][hour]
            ground = mix(style.brand, style.brand_soft, value / highest) if value else style.surface
            plot.axes.add_patch(
                Rectangle(
                    (i + gap_x / 2, row + gap_y / 2),
                    1 - gap_x,
                    1 - gap_y,
                    facecolor=ground,
                    edgecolor="none",
                    linewidth=0,
                    zorder=1,
                )
            )
            many = text.number(value, 0 if value >= 10 else 1)
            words = _("{weekday}, {hour} · {count} compras por día").format(
                weekday=text.weekday_name(day), hour=text.hour_label(hour), count=many
            )
            plot.add_point(i + 0.5, row + 0.5, words)
            if fits and round(value):
                anchor = Anchor(plot.x_px(i + 0.5), plot.y_px(row + 0.5), "center", "center")
                colour = max((style.ink, style.surface), key=lambda words: contrast(words, ground))
                plot.place(text.number(value), [anchor], colour, size, may_cover_lines=True)


def _name_the_busiest(plot: Plot, pattern: HourPattern, hours: Sequence[int]) -> None:
    """Say above the map when most people come."""
    day, hour = max(
        ((day, hour) for day in WEEK for hour in hours), key=lambda at: pattern.receipts[at[0]][at[1]]
    )
    words = _("Más gente: {weekday} a las {hour}, {count} compras").format(
        weekday=text.weekday_name(day),
        hour=text.hour_label(hour),
        count=text.number(pattern.receipts[day][hour]),
    )
    top = plot.height - 2
    plot.place(
        text.fluent(words),
        [Anchor(plot.width - 6, top, "right", "top")],
        plot.style.brand,
        plot.label_px,
        "SemiBold",
    )
