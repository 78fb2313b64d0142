"""The days ahead with their bands, holidays and pay days; and one of them by the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from colmado_insights import text
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import Forecast, HourForecast
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
from colmado_insights.domain import Target
from colmado_insights.text import _, ngettext

HISTORY_DAYS = 28
_NEAR_THE_BEST = 0.85
"""Hours this near the best one stand out with it."""


def forecast_chart(
    forecast: Forecast,
    style: ChartStyle,
    width_px: float,
    height_px: float,
    *,
    calendar: DominicanDays | None = None,
) -> Chart:
    """The days behind, the days ahead with what 8 and 19 of 20 days fall into, pay days marked."""
    if not forecast.points:
        return empty_chart(style, width_px, height_px, _("Todavía no hay pronóstico que mostrar."))
    plot = Plot(style, width_px, height_px)
    unit = 100.0 if forecast.target is Target.REVENUE else 1.0
    days_known = calendar or DominicanDays()
    first_shown = forecast.points[0].day - timedelta(days=HISTORY_DAYS)
    history = [(d, max(v, 0.0) / unit) for d, v in forecast.history if first_shown <= d <= forecast.until]
    first_day = history[0][0] if history else forecast.points[0].day
    days = (forecast.points[-1].day - first_day).days

    highest = max([p.hi95 / unit for p in forecast.points] + [v for _d, v in history])
    feasts = _feasts(first_day, days, days_known)
    head = plot.label_px * 1.9 + (plot.axis_px * 1.4 if feasts else 0)
    open_with_value_axis(plot, (0, max(days, 1)), highest, head, whole=forecast.target is Target.RECEIPTS)
    draw_dates(plot, first_day, days)
    _draw_pay_days(plot, first_day, days, days_known)
    _draw_feasts(plot, feasts)
    _draw_bands(plot, forecast, first_day, history[-1:], unit)
    if history:
        plot.draw_line([((d - first_day).days, v) for d, v in history], style.ink, 1.75)
        _draw_until(plot, forecast.until, first_day)
    means = [((p.day - first_day).days, p.mean / unit) for p in forecast.points]
    bridge = [((d - first_day).days, v) for d, v in history[-1:]]
    plot.draw_line(bridge + means, style.brand, 2.25, order=5)
    _name_the_peak(plot, forecast, first_day, unit)
    _add_day_points(plot, forecast, history, first_day, unit)
    return plot.finished()


def draw_dates(plot: Plot, first_day: date, days: int) -> None:
    """Dates under the axis: each Sunday where the stretch has several, else every few days."""
    all_days = [first_day + timedelta(days=i) for i in range(days + 1)]
    places = [(float(i), text.short_date(day)) for i, day in enumerate(all_days)]
    sunday = next((i for i, day in enumerate(all_days) if day.weekday() == 6), 0)
    steps = (7, 14, 28) if days >= 21 else (1, 2, 3, 4, 7, 14)
    draw_x_words(plot, places, steps, start=sunday if days >= 21 else 0)


def _draw_pay_days(plot: Plot, first_day: date, days: int, calendar: DominicanDays) -> None:
    """Pay days as dotted amber lines with their word on top."""
    colour = plot.style.accent
    for i in range(days + 1):
        day = first_day + timedelta(days=i)
        if not calendar.is_payroll_day(day):
            continue
        plot.draw_upright(i, colour, dashes=(1, 2.5))
        words = pay_day_words(day)
        width = plot.text_width(words, plot.axis_px, "SemiBold")
        top = plot.height - plot.axis_px * 1.2 - 1
        centre = plot.clamped(plot.x_px(i), width)
        plot.place(words, [Anchor(centre, top)], colour, plot.axis_px, "SemiBold", may_cover_lines=True)


def _feasts(first_day: date, days: int, calendar: DominicanDays) -> list[tuple[int, str]]:
    """Holidays and occasions of the stretch: days after the first, and the name, once for those of several days."""
    found: list[tuple[int, str]] = []
    for i in range(days + 1):
        day = first_day + timedelta(days=i)
        name = calendar.holiday(day) or calendar.occasion(day)
        if name and (not found or found[-1][1] != name):
            found.append((i, name))
    return found


def _draw_feasts(plot: Plot, feasts: Sequence[tuple[int, str]]) -> None:
    """Holidays and occasions as dotted lines with their name in a row under the pay days."""
    colour = plot.style.soft
    for i, name in feasts:
        words = text.occasion_name(name)
        centre = plot.clamped(plot.x_px(i), plot.text_width(words, plot.axis_px))
        top = plot.height - plot.axis_px * 2.6 - 1
        if plot.place(words, [Anchor(centre, top)], colour, plot.axis_px, may_cover_lines=True):
            plot.draw_upright(i, plot.style.line, dashes=(1, 2.5))


def pay_day_words(day: date) -> str:
    """quincena 15, quincena 30, or the day itself where the owner added one."""
    if 12 <= day.day <= 16:
        return _("quincena 15")
    if day.day >= 26 or day.day == 1:
        return _("quincena 30")
    return _("cobro {day}").format(day=day.day)


def _draw_bands(
    plot: Plot,
    forecast: Forecast,
    first_day: date,
    last_known: Sequence[tuple[date, float]],
    unit: float,
) -> None:
    """The wide and the narrow band, opening from the last day known."""
    start = [((d - first_day).days, v) for d, v in last_known]
    xs = [x for x, _v in start] + [(p.day - first_day).days for p in forecast.points]
    known = [v for _x, v in start]
    for colour, lows, highs, order in (
        (plot.style.band_wide, [p.lo95 for p in forecast.points], [p.hi95 for p in forecast.points], 1.0),
        (plot.style.band, [p.lo80 for p in forecast.points], [p.hi80 for p in forecast.points], 1.5),
    ):
        plot.draw_band(
            xs,
            known + [max(low, 0.0) / unit for low in lows],
            known + [high / unit for high in highs],
            colour,
            order,
        )


def _draw_until(plot: Plot, until: date, first_day: date) -> None:
    """Where the known days end and the expected ones begin."""
    x = (until - first_day).days
    plot.draw_upright(x, plot.style.faint)
    at, bottom = plot.x_px(x), plot.y_px(0) + 5
    plot.place(_("vendido"), [Anchor(at - 6, bottom, "right")], plot.style.faint, plot.axis_px)
    plot.place(_("pronóstico"), [Anchor(at + 6, bottom, "left")], plot.style.faint, plot.axis_px)


def amount_words(value: float, target: Target) -> str:
    """A value of the forecast in the target's own words; revenue comes in cents."""
    if target is Target.REVENUE:
        return text.money(value)
    if target is Target.UNITS:
        return unit_words(value)
    count = round(value)
    return ngettext("{count} compra", "{count} compras", count).format(count=text.number(count))


def unit_words(value: float) -> str:
    """3.5 unidades: few are said with a decimal, for a slow product sells less than one a day."""
    digits = 1 if value < 10 and round(value, 1) != round(value) else 0
    return ngettext("{count} unidad", "{count} unidades", 1 if round(value, digits) == 1 else 2).format(
        count=text.number(value, digits)
    )


def _name_the_peak(plot: Plot, forecast: Forecast, first_day: date, unit: float) -> None:
    """The best day ahead gets its number."""
    best = max(forecast.points, key=lambda point: point.mean)
    x, y = (best.day - first_day).days, best.mean / unit
    plot.draw_dot(x, y, plot.style.brand)
    at_right, *others = (
        Anchor(plot.x_px(x) + 9, plot.y_px(y) + 4, "left"),
        *around(plot.x_px(x), plot.y_px(y)),
    )
    plot.place(
        amount_words(best.mean, forecast.target),
        [at_right, *others],
        plot.style.brand,
        plot.label_px,
        "SemiBold",
    )


def _add_day_points(
    plot: Plot,
    forecast: Forecast,
    history: Sequence[tuple[date, float]],
    first_day: date,
    unit: float,
) -> None:
    """One hover value a day, behind and ahead."""
    for day, value in history:
        words = f"{text.short_date(day)} · {amount_words(value * unit, forecast.target)}"
        plot.add_point((day - first_day).days, value, words)
    for point in forecast.points:
        words = _("{day} · {mean} (de {low} a {high})").format(
            day=text.short_date(point.day),
            mean=amount_words(point.mean, forecast.target),
            low=amount_words(max(point.lo80, 0.0), forecast.target),
            high=amount_words(point.hi80, forecast.target),
        )
        plot.add_point((point.day - first_day).days, point.mean / unit, words)


def hours_ahead_chart(
    forecast: HourForecast, day: date, style: ChartStyle, width_px: float, height_px: float
) -> Chart:
    """One of the days ahead: a bar an hour, and over it what 8 of 10 such hours fall into."""
    points = [point for point in forecast.points if point.day == day]
    if not points:
        return empty_chart(style, width_px, height_px, _("Ese día no se espera abrir."))
    plot = Plot(style, width_px, height_px)
    unit = 100.0 if forecast.target is Target.REVENUE else 1.0
    highest = max(point.hi80 for point in points) / unit
    open_with_value_axis(plot, (0, len(points)), highest, plot.label_px * 0.8, whole=unit == 1)
    places = [i + 0.5 for i in range(len(points))]
    means = [point.mean / unit for point in points]
    best = max(means)
    colours = [style.brand if mean >= best * _NEAR_THE_BEST else style.bar for mean in means]
    plot.axes.bar(places, means, width=0.72, color=colours, linewidth=0, zorder=3)
    for x, point in zip(places, points, strict=True):
        low, high = max(point.lo80, 0.0) / unit, point.hi80 / unit
        plot.draw_line([(x, low), (x, high)], style.soft, 1.25)
        words = _("{hour} · {mean} (de {low} a {high})").format(
            hour=text.hour_label(point.hour),
            mean=amount_words(point.mean, forecast.target),
            low=amount_words(low * unit, forecast.target),
            high=amount_words(point.hi80, forecast.target),
        )
        plot.add_point(x, point.mean / unit, words)
    draw_x_words(
        plot, [(x, text.hour_label(point.hour)) for x, point in zip(places, points, strict=True)], HOUR_STEPS
    )
    return plot.finished()
