"""A day by the hour against what is normal."""

from __future__ import annotations

from collections.abc import Sequence

from colmado_insights import text
from colmado_insights.analytics.results import DayView, Usual
from colmado_insights.charts.plot import (
    HOUR_STEPS,
    Anchor,
    Plot,
    around,
    draw_x_words,
    empty_chart,
    open_with_value_axis,
)
from colmado_insights.charts.style import Chart, ChartStyle
from colmado_insights.text import _, ngettext


def day_chart(
    day: DayView, style: ChartStyle, width_px: float, height_px: float, *, is_today: bool = True
) -> Chart:
    """Customers by hour against the band of what is normal; `is_today` only chooses the words."""
    if not day.hours or not (day.is_open_day or any(day.usual_by_hour)):
        return empty_chart(style, width_px, height_px, _("Todavía no hay ventas que mostrar."))
    plot = Plot(style, width_px, height_px)
    counts = [(i, float(n)) for i, n in enumerate(day.receipts_by_hour) if n is not None]
    usual = [(i, u) for i, u in enumerate(day.usual_by_hour) if u is not None]
    highest = max([n for _i, n in counts] + [u.hi for _i, u in usual], default=0.0)
    open_with_value_axis(plot, (0, max(len(day.hours) - 1, 1)), highest, plot.label_px * 2.2, whole=True)
    draw_x_words(plot, [(i, text.hour_label(hour)) for i, hour in enumerate(day.hours)], HOUR_STEPS)
    for run in _runs(usual):
        xs = [float(i) for i, _u in run]
        plot.draw_band(xs, [u.lo for _i, u in run], [u.hi for _i, u in run], style.band_wide, order=1)
        plot.draw_line([(i, u.mean) for i, u in run], style.soft, 1.25, dashes=(3, 3), order=3.5)
    _draw_the_day(plot, day, counts, is_today)
    _name_the_band(plot, day, usual)
    _add_hour_points(plot, day, highest)
    return plot.finished()


def _runs(usual: Sequence[tuple[int, Usual]]) -> list[list[tuple[int, Usual]]]:
    """Stretches of consecutive hours with a known normal."""
    runs: list[list[tuple[int, Usual]]] = []
    for index, value in usual:
        if runs and runs[-1][-1][0] == index - 1:
            runs[-1].append((index, value))
        else:
            runs.append([(index, value)])
    return runs


def running_hour(day: DayView) -> int | None:
    """Position of the hour that was still going on at `until`: its count is not yet a whole hour's."""
    if day.until.date() != day.day or (day.until.minute, day.until.second) >= (59, 59):
        return None
    return next((i for i, hour in enumerate(day.hours) if hour == day.until.hour), None)


def _draw_the_day(plot: Plot, day: DayView, counts: Sequence[tuple[int, float]], is_today: bool) -> None:
    """The day's own line, its dot and number; an hour still running hangs on it as a hollow dot."""
    colour, running = plot.style.brand, running_hour(day)
    whole = [(i, n) for i, n in counts if i != running]
    going = next(((i, n) for i, n in counts if i == running), None)
    if whole:
        plot.draw_line(whole, colour, 2.5, order=5)
    if going:
        if whole:
            plot.draw_line([whole[-1], going], colour, 1.5, dashes=(1, 2), order=5)
        plot.draw_dot(*going, colour, hollow=True)
    if not whole:
        return
    is_over = len(whole) == len(day.hours)
    index, count = max(whole, key=lambda point: point[1]) if is_over else whole[-1]
    plot.draw_dot(index, count, colour)
    many = ngettext("{count} cliente", "{count} clientes", int(count)).format(count=text.number(count))
    when = text.hour_label(day.hours[index]) if is_over or not is_today else _("Hoy")
    plot.place(
        f"{when}: {many}",
        around(plot.x_px(index), plot.y_px(count)),
        colour,
        plot.label_px,
        "SemiBold",
    )


def _band_words(day: DayView) -> str:
    """Which days the band stands for."""
    if day.normal is None or day.normal.code != "normal_like":
        return _("lo normal a esa hora")
    weekday = text.weekday(day.day)
    if day.normal["holiday"]:
        name = text.occasion_name(day.normal["holiday"])
        return _("lo normal de un {weekday} ({day})").format(weekday=weekday, day=name)
    if day.normal["pay_phase"] == "payday":
        return _("lo normal de un {weekday} de quincena").format(weekday=weekday)
    return _("lo normal de un {weekday}").format(weekday=weekday)


def _name_the_band(plot: Plot, day: DayView, usual: Sequence[tuple[int, Usual]]) -> None:
    """Say on the band itself what it is."""
    words = _band_words(day)
    by_height = sorted(usual, key=lambda point: -point[1].hi)
    width = plot.text_width(words, plot.label_px)
    anchors = [
        anchor
        for i, u in by_height[:8]
        for anchor in (
            Anchor(plot.clamped(plot.x_px(i), width), plot.y_px(u.hi) + 5),
            Anchor(plot.x_px(i) + 8, plot.y_px(u.hi), "left"),
            Anchor(plot.x_px(i) - 8, plot.y_px(u.hi), "right"),
        )
    ]
    plot.place(words, anchors, plot.style.soft, plot.label_px)


def _add_hour_points(plot: Plot, day: DayView, highest: float) -> None:
    """One hover value an hour."""
    running = running_hour(day)
    for i, hour in enumerate(day.hours):
        count, usual = day.receipts_by_hour[i], day.usual_by_hour[i]
        parts = [text.hour_label(hour)]
        if count is not None:
            many = ngettext("{count} cliente", "{count} clientes", count).format(count=text.number(count))
            parts.append(_("va por {count}").format(count=many) if i == running else many)
        if usual is not None:
            parts.append(
                _("lo normal: {mean} (de {low} a {high})").format(
                    mean=text.number(usual.mean), low=text.number(usual.lo), high=text.number(usual.hi)
                )
            )
        if len(parts) > 1:
            height = count if count is not None else (usual.mean if usual is not None else 0.0)
            plot.add_point(i, min(height, highest), " · ".join(parts))
