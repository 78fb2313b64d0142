"""What segments bring week by week: a small picture each, or one or two in a large one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from colmado_insights import text
from colmado_insights.analytics.results import SegmentPerformance, SegmentWeek
from colmado_insights.charts.plot import (
    Anchor,
    Box,
    Plot,
    around,
    at_end,
    draw_x_words,
    empty_chart,
    open_with_value_axis,
)
from colmado_insights.charts.style import Chart, ChartStyle
from colmado_insights.text import _

MOST_WEEKS = 26
PANEL_PX = 170.0
PANEL_GAP_PX = 18.0


def whole_weeks(weeks: Sequence[SegmentWeek]) -> tuple[SegmentWeek, ...]:
    """The last weeks, without a first or last one of which most days are missing."""
    kept = list(weeks[-MOST_WEEKS:])
    usual = max((week.open_days for week in kept), default=0)
    while len(kept) > 1 and kept[-1].open_days < usual - 1:
        kept.pop()
    while len(kept) > 1 and kept[0].open_days < usual - 1:
        kept.pop(0)
    return tuple(kept)


def segment_panels(
    performances: Sequence[SegmentPerformance],
    names: Mapping[str, str],
    style: ChartStyle,
    width_px: float,
    height_px: float,
) -> Chart:
    """A small line for each segment: money a day with sales, week by week, each on its own scale from 0."""
    shown = [(each, whole_weeks(each.weeks)) for each in performances]
    if not any(len(weeks) > 1 for _each, weeks in shown):
        return empty_chart(
            style, width_px, height_px, _("Hacen falta dos semanas para ver cómo va cada uno.")
        )
    plot = Plot(style, width_px, height_px)
    for box, (each, weeks) in zip(_panels(plot, len(shown)), shown, strict=True):
        _draw_panel(plot, box, names.get(each.segment_id, each.segment_id), weeks)
    return plot.finished()


def panel_rows(count: int, width_px: float, scale: float) -> int:
    """In how many rows so many small pictures stand at this width; all rows as even as can be."""
    gap = PANEL_GAP_PX * scale
    most = max(1, int((width_px + gap) // (PANEL_PX * scale + gap)))
    return max(1, -(-count // most))


def segment_trend(
    performances: Sequence[SegmentPerformance],
    names: Mapping[str, str],
    style: ChartStyle,
    width_px: float,
    height_px: float,
) -> Chart:
    """Money a day with sales, week by week, of one segment or of two on the same scale."""
    lines = [(each, whole_weeks(each.weeks)) for each in performances]
    days = sorted({week.week for _each, weeks in lines for week in weeks})
    if len(days) < 2:
        return empty_chart(style, width_px, height_px, _("Hacen falta dos semanas para ver cómo va."))
    plot = Plot(style, width_px, height_px)
    highest = max(_a_day(week) for _each, weeks in lines for week in weeks)
    open_with_value_axis(plot, (0, len(days) - 1), highest, plot.label_px * 1.8, whole=False)
    colours = (style.brand, style.accent)
    for colour, (each, weeks) in zip(colours, lines, strict=False):
        for run in _runs(weeks):
            points = [(float(days.index(week.week)), _a_day(week)) for week in run]
            plot.draw_line(points, colour, 2.25, order=5)
        name = names.get(each.segment_id, each.segment_id)
        _add_points(plot, weeks, [days.index(week.week) for week in weeks], name if len(lines) > 1 else "")
    for colour, (each, weeks) in zip(colours, lines, strict=False):
        _name_end(plot, days, weeks, names.get(each.segment_id, "") if len(lines) > 1 else "", colour)
    draw_x_words(plot, [(i, text.short_date(day)) for i, day in enumerate(days)], (1, 2, 3, 4, 6, 8, 13))
    return plot.finished()


def last_week_words(performance: SegmentPerformance, names: Mapping[str, str]) -> str:
    """Mañaneros: RD$ 5,079 al día; for who cannot see the picture."""
    name = names.get(performance.segment_id, performance.segment_id)
    weeks = whole_weeks(performance.weeks)
    amount = text.money(100 * _a_day(weeks[-1])) if weeks else text.money(0)
    return _("{name}: {amount} al día").format(name=name, amount=amount)


def _name_end(plot: Plot, days: Sequence[date], weeks: Sequence[SegmentWeek], name: str, colour: str) -> None:
    """The dot in which a line ends, with its name and its amount."""
    if not weeks:
        return
    x, y = days.index(weeks[-1].week), _a_day(weeks[-1])
    plot.draw_dot(x, y, colour)
    amount = text.money(100 * y)
    words = f"{name}: {amount}" if name else _("{amount} al día").format(amount=amount)
    plot.place(words, around(plot.x_px(x), plot.y_px(y)), colour, plot.label_px, "SemiBold")


def _panels(plot: Plot, count: int) -> list[Box]:
    """Where each small picture stands, row by row."""
    gap = PANEL_GAP_PX * plot.style.scale
    rows = panel_rows(count, plot.width, plot.style.scale)
    columns = -(-count // rows)
    width = (plot.width - gap * (columns - 1)) / columns
    height = (plot.height - gap / 2 * (rows - 1)) / rows
    boxes = []
    for place in range(count):
        left = place % columns * (width + gap)
        bottom = plot.height - (place // columns) * (height + gap / 2) - height
        boxes.append(Box(left, bottom, left + width, bottom + height))
    return boxes


def _draw_panel(plot: Plot, box: Box, name: str, weeks: Sequence[SegmentWeek]) -> None:
    """One small picture: its name on top, a line over nought, its last amount, first and last week below."""
    size, style = plot.axis_px, plot.style
    room = box.right - box.left - 6
    title_px = plot.label_px if plot.text_width(name, plot.label_px, "SemiBold") <= room else size
    title = plot.fitted(name, title_px, room, "SemiBold")
    top = box.top - plot.label_px * 1.25
    plot.place(title, [Anchor(box.left + 1, top, "left")], style.ink, title_px, "SemiBold")
    if len(weeks) < 2:
        return
    values = [_a_day(week) for week in weeks]
    area = Box(box.left + 2, box.bottom + size * 1.6, box.right - 8, top - 2)
    if area.top - area.bottom < size * 2:
        return
    # A part of the height stays free for the amount, which stands over the line's end.
    plot.open_area(area, (0, len(weeks) - 1), (0, max(*values, 0.01) * 1.3))
    plot.draw_grid((0,))
    places = {week.week: i for i, week in enumerate(weeks)}
    for run in _runs(weeks):
        plot.draw_line([(places[week.week], _a_day(week)) for week in run], style.brand, 1.75)
    plot.draw_dot(len(weeks) - 1, values[-1], style.brand)
    x, y = plot.x_px(len(weeks) - 1), plot.y_px(values[-1])
    near = [anchor for anchor in at_end(x, y, 6.0) if anchor.align == "right"]
    anchors = [*near[:4], Anchor(x + 6, area.top, "right", "top"), *near[4:]]
    plot.place(text.money(100 * values[-1]), anchors, style.brand, size, "SemiBold")
    below = box.bottom + 2
    last = text.short_date(weeks[-1].week)
    plot.place(last, [Anchor(box.right - 4, below, "right")], style.faint, size)
    plot.place(text.short_date(weeks[0].week), [Anchor(box.left + 1, below, "left")], style.faint, size)
    _add_points(plot, weeks, range(len(weeks)), name)


def _a_day(week: SegmentWeek) -> float:
    """Pesos a day with sales; nothing in a week without one."""
    return week.revenue_cents / 100 / week.open_days if week.open_days else 0.0


def _runs(weeks: Sequence[SegmentWeek]) -> list[list[SegmentWeek]]:
    """The stretches between weeks in which the shop was shut."""
    return [list(run) for is_open, run in groupby(weeks, lambda week: week.open_days > 0) if is_open]


def _add_points(plot: Plot, weeks: Sequence[SegmentWeek], places: Sequence[int], name: str) -> None:
    for x, week in zip(places, weeks, strict=True):
        receipts = text.ngettext("{n} compra", "{n} compras", week.receipts)
        words = _("semana del {day}: {amount} al día, {receipts}").format(
            day=text.short_date(week.week),
            amount=text.money(100 * _a_day(week)),
            receipts=receipts.format(n=text.number(week.receipts)),
        )
        plot.add_point(x, _a_day(week), f"{name} · {words}" if name else words)
