"""What moves the shop: the pay cycle, weekdays and months, and the long run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from colmado_insights import text
from colmado_insights.analytics.results import Effect, PayCurve, Seasons
from colmado_insights.charts.plot import (
    Anchor,
    Box,
    Plot,
    around,
    at_end,
    draw_x_words,
    empty_chart,
    nice_ticks,
    open_with_value_axis,
)
from colmado_insights.charts.style import Chart, ChartStyle
from colmado_insights.domain import Target
from colmado_insights.text import _

LEAST_REACH = 0.10
"""Effects smaller than this are drawn small, not blown up to fill the picture."""


def pay_curve(curve: PayCurve, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """How the days around a pay day stand to a plain day: a line with the band it surely lies in."""
    if len(curve.points) < 2:
        return empty_chart(style, width_px, height_px, _("Todavía no hay quincenas que comparar."))
    plot = Plot(style, width_px, height_px)
    days = [day for day, _effect in curve.points]
    effects = [effect for _day, effect in curve.points]
    _open_around_plain(plot, (days[0], days[-1]), effects, plot.label_px * 1.8)
    plot.draw_band(days, [e.lo - 1 for e in effects], [e.hi - 1 for e in effects], style.band_wide, 1)
    plot.draw_upright(0, style.accent, dashes=(1, 2.5))
    words = _("día de cobro")
    centre = plot.clamped(plot.x_px(0), plot.text_width(words, plot.axis_px, "SemiBold"))
    top = plot.height - plot.axis_px * 1.2 - 1
    plot.place(words, [Anchor(centre, top)], style.accent, plot.axis_px, "SemiBold", may_cover_lines=True)
    plot.draw_line([(day, effect.factor - 1) for day, effect in curve.points], style.brand, 2.25, order=5)
    best, effect = max(curve.points, key=lambda point: point[1].factor)
    plot.draw_dot(best, effect.factor - 1, style.brand)
    plot.place(
        text.percent(effect.factor - 1, signed=True),
        around(plot.x_px(best), plot.y_px(effect.factor - 1)),
        style.brand,
        plot.label_px,
        "SemiBold",
    )
    draw_x_words(plot, [(day, _day_words(day)) for day in days], (1, 2, 3, 4, 7), start=-days[0] % 2)
    for day, each in curve.points:
        plot.add_point(day, each.factor - 1, f"{_long_day_words(day)} · {effect_words(each)}")
    return plot.finished()


def effect_bars(
    names: Sequence[str], effects: Sequence[Effect], style: ChartStyle, width_px: float, height_px: float
) -> Chart:
    """A bar up or down from a plain day for each name, with its share written at its end."""
    if not effects:
        return empty_chart(style, width_px, height_px, _("Todavía no hay días bastantes."))
    plot = Plot(style, width_px, height_px)
    size = plot.axis_px
    low, high = _reach(effects)
    bottom, head = size * 1.2 + 10, size * 1.6
    plot.open_area(
        Box(2, bottom + size * 1.3, plot.width - 2, max(plot.height - head, bottom + size * 1.3 + 10)),
        (0, len(effects)),
        (low, high),
    )
    plot.axes.axhline(0, color=style.line, linewidth=0.75, zorder=2)
    places = [i + 0.5 for i in range(len(effects))]
    plot.axes.bar(
        places,
        [effect.factor - 1 for effect in effects],
        width=0.62,
        # What may as well be chance stands back.
        color=[style.brand if is_sure(effect) else style.bar for effect in effects],
        linewidth=0,
        zorder=3,
        clip_on=False,
    )
    draw_x_words(plot, list(zip(places, names, strict=True)), (1, 2, 3))
    for x, name, effect in zip(places, names, effects, strict=True):
        value = effect.factor - 1
        rise = "bottom" if value >= 0 else "top"
        at = Anchor(plot.x_px(x), plot.y_px(value) + (3 if value >= 0 else -3), "center", rise)
        plot.place(text.percent(value, signed=True), [at], style.soft, size, may_cover_lines=True)
        plot.add_point(x, value, f"{name} · {effect_words(effect)}")
    return plot.finished()


def month_levels(seasons: Seasons, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """A mean day of each month, and where the level jumped."""
    levels = seasons.levels
    if len(levels) < 2:
        return empty_chart(style, width_px, height_px, _("Hacen falta dos meses para compararlos."))
    plot = Plot(style, width_px, height_px)
    unit = 100.0 if seasons.target is Target.REVENUE else 1.0
    places = [_month_place(month) - _month_place(levels[0][0]) for month, _level in levels]
    values = [level / unit for _month, level in levels]
    open_with_value_axis(plot, (0, max(places[-1], 1)), max(values), plot.label_px * 2.4, whole=False)
    for day, _factor in seasons.shifts:
        plot.draw_upright(_month_place(day) - _month_place(levels[0][0]), style.accent, dashes=(1, 2.5))
    plot.draw_line(list(zip(places, values, strict=True)), style.brand, 2.25)
    plot.draw_dot(places[-1], values[-1], style.brand)
    words = text.short_number(values[-1])
    anchors = at_end(plot.x_px(places[-1]), plot.y_px(values[-1]))
    plot.place(words, anchors, style.brand, plot.label_px, "SemiBold")
    named = [
        (x, text.month_name(month.month, short=True))
        for x, (month, _level) in zip(places, levels, strict=True)
    ]
    draw_x_words(plot, named, (1, 2, 3, 6, 12))
    for x, value, (month, level) in zip(places, values, levels, strict=True):
        amount = text.money(level) if seasons.target is Target.REVENUE else text.number(level)
        name = f"{text.month_name(month.month)} {month.year}"
        words = _("{month}: {amount} al día").format(month=name, amount=amount)
        plot.add_point(x, value, words)
    return plot.finished()


def is_sure(effect: Effect) -> bool:
    """Whether chance alone would hardly make such an effect."""
    return effect.lo > 1 or effect.hi < 1


def effect_words(effect: Effect) -> str:
    """+22 % (de +15 % a +29 %)."""
    return _("{mean} (de {low} a {high})").format(
        mean=text.percent(effect.factor - 1, signed=True),
        low=text.percent(effect.lo - 1, signed=True),
        high=text.percent(effect.hi - 1, signed=True),
    )


def _reach(effects: Sequence[Effect]) -> tuple[float, float]:
    """From the deepest to the highest effect, no less than a little."""
    values = [effect.factor - 1 for effect in effects]
    reach = max(max(abs(value) for value in values), LEAST_REACH)
    return min(min(values), -0.15 * reach), max(max(values), 0.3 * reach)


def _open_around_plain(
    plot: Plot, x_range: tuple[float, float], effects: Sequence[Effect], head_px: float
) -> None:
    """Open the area with shares above and below a plain day on the left."""
    size = plot.axis_px
    high = max([effect.hi - 1 for effect in effects] + [LEAST_REACH])
    low = min([effect.lo - 1 for effect in effects] + [-LEAST_REACH])
    above, below = nice_ticks(high, 3), nice_ticks(-low, 2)
    step = max(above[1], below[1])
    ticks = [step * i for i in range(-int(-low / step + 0.999), int(high / step + 0.999) + 1)]
    words = [text.percent(tick, signed=True) if tick else _("normal") for tick in ticks]
    left = max(plot.text_width(word, size) for word in words) + 14
    bottom = size * 1.2 + 12
    area = Box(left, bottom, plot.width - 14, max(plot.height - head_px, bottom + 20))
    plot.open_area(area, x_range, (min(ticks[0], low), max(ticks[-1], high)))
    plot.draw_grid(ticks)
    for tick, word in zip(ticks, words, strict=True):
        anchor = Anchor(2, plot.y_px(tick), "left", "center")
        plot.place(word, [anchor], plot.style.faint, size, may_cover_lines=True)


def _day_words(day: int) -> str:
    return _("cobro") if day == 0 else f"{'+' if day > 0 else '−'}{abs(day)}"


def _long_day_words(day: int) -> str:
    if day == 0:
        return _("día de cobro")
    words = text.ngettext("{n} día", "{n} días", abs(day)).format(n=abs(day))
    return _("{days} después").format(days=words) if day > 0 else _("{days} antes").format(days=words)


def _month_place(day: date) -> float:
    return day.year * 12 + day.month - 1 + (day.day - 1) / 31
