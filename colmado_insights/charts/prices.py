"""What every price would bring in a week, and how the price moved while the weeks sold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from colmado_insights import text
from colmado_insights.analytics.results import Estimate, PriceAdvice, PricePoint, PriceWeek
from colmado_insights.charts.forecasts import unit_words
from colmado_insights.charts.plot import (
    Anchor,
    Plot,
    around,
    at_end,
    draw_x_words,
    empty_chart,
    open_with_value_axis,
)
from colmado_insights.charts.style import Chart, ChartStyle
from colmado_insights.text import _

_PESO = 100.0
_PRICE_STEPS = (1, 2, 4, 5, 10, 20, 40)
_WEEK_STEPS = (4, 8, 13, 26, 52)
_PRICE_FLOOR, _PRICE_ROOM = 0.55, 0.35
"""The line of the price runs in the upper part of the picture, over the bars."""


def price_curve(advice: PriceAdvice, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """Revenue and profit of a week at each price, with what 8 of 10 weeks fall into.

    The present price is a dot without filling, the best one a full one.
    """
    if len(advice.points) < 2:
        return empty_chart(style, width_px, height_px, _("No hay otros precios que comparar."))
    plot = Plot(style, width_px, height_px)
    prices = [point.price_cents / _PESO for point in advice.points]
    highest = max(point.revenue.hi for point in advice.points) / _PESO
    open_with_value_axis(plot, (prices[0], prices[-1]), highest, plot.label_px * 1.6, whole=False)
    draw_x_words(
        plot,
        [(x, text.money(p.price_cents)) for x, p in zip(prices, advice.points, strict=True)],
        _PRICE_STEPS,
    )
    revenues = [point.revenue for point in advice.points]
    _draw_outcome(plot, prices, revenues, (style.band_wide, style.soft), 1.0)
    profits = [point.profit for point in advice.points if point.profit is not None]
    if profits:
        _draw_outcome(plot, prices, profits, (style.band, style.brand), 1.5)
    shown = profits or revenues
    _mark(plot, advice, shown)
    _name(plot, _("venta"), prices[-1], revenues[-1], style.soft)
    if profits:
        _name(plot, _("ganancia"), prices[-1], profits[-1], style.brand)
    for x, point, money in zip(prices, advice.points, shown, strict=True):
        plot.add_point(x, max(money.mean, 0.0) / _PESO, point_words(point))
    return plot.finished()


def point_words(point: PricePoint) -> str:
    """RD$ 60 · 12 unidades · RD$ 720 de venta · RD$ 180 de ganancia."""
    words = _("{price} · {units} · {revenue} de venta").format(
        price=text.money(point.price_cents),
        units=unit_words(point.units.mean),
        revenue=text.money(point.revenue.mean),
    )
    if point.profit is None:
        return words
    return words + _(" · {profit} de ganancia").format(profit=text.money(point.profit.mean))


def price_weeks(weeks: Sequence[PriceWeek], style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """Units of each week as bars, and over them the price in its steps, each named where it begins."""
    if not weeks:
        return empty_chart(style, width_px, height_px, _("Todavía no hay semanas con ventas."))
    plot = Plot(style, width_px, height_px)
    # The bars keep to the lower part where there is a price: what is above belongs to it.
    floor = _PRICE_FLOOR if any(week.price_cents is not None for week in weeks) else 1.0
    highest = max(max(week.units for week in weeks), 1.0)
    open_with_value_axis(plot, (0, len(weeks)), highest / floor * 1.1, plot.label_px * 1.1, whole=True)
    middles = [i + 0.5 for i in range(len(weeks))]
    plot.axes.bar(middles, [week.units for week in weeks], width=0.8, color=style.bar, linewidth=0, zorder=3)
    draw_x_words(
        plot, [(x, text.short_date(week.week)) for x, week in zip(middles, weeks, strict=True)], _WEEK_STEPS
    )
    _draw_steps(plot, weeks)
    for x, week in zip(middles, weeks, strict=True):
        words = _("Semana del {day} · {units}").format(
            day=text.short_date(week.week), units=unit_words(week.units)
        )
        if week.price_cents is not None:
            words += f" · {text.money(week.price_cents)}"
        plot.add_point(x, week.units, words)
    return plot.finished()


def _draw_outcome(
    plot: Plot,
    prices: Sequence[float],
    money: Sequence[Estimate],
    colours: tuple[str, str],
    order: float,
) -> None:
    band, line = colours
    lows = [max(each.lo, 0.0) / _PESO for each in money]
    plot.draw_band(prices, lows, [max(each.hi, 0.0) / _PESO for each in money], band, order)
    means = [max(each.mean, 0.0) / _PESO for each in money]
    plot.draw_line(list(zip(prices, means, strict=True)), line, 2.25, order=5)


def _mark(plot: Plot, advice: PriceAdvice, money: Sequence[Estimate]) -> None:
    """Dots at the present and at the best price, with their words."""
    places = {point.price_cents: at for at, point in enumerate(advice.points)}
    for cents, words, is_best in (
        (advice.optimal_cents, _("conviene {price}"), True),
        (advice.current_cents, _("hoy {price}"), False),
    ):
        if not is_best and cents == advice.optimal_cents:
            return
        x, y = cents / _PESO, max(money[places[cents]].mean, 0.0) / _PESO
        if is_best and cents == advice.current_cents:
            words = _("hoy {price}, y conviene")
        colour = plot.style.brand if is_best else plot.style.ink
        plot.draw_dot(x, y, colour, hollow=not is_best)
        anchors = around(plot.x_px(x), plot.y_px(y))
        plot.place(words.format(price=text.money(cents)), anchors, colour, plot.label_px, "SemiBold")


def _name(plot: Plot, words: str, x: float, last: Estimate, colour: str) -> None:
    at, height = plot.x_px(x), plot.y_px(max(last.mean, 0.0) / _PESO)
    plot.place(words, at_end(at, height, 5.0), colour, plot.axis_px, "SemiBold")


def _draw_steps(plot: Plot, weeks: Sequence[PriceWeek]) -> None:
    """The price as a line of steps, scaled into the upper part, with each new price beside its beginning."""
    known = [(i, week.price_cents) for i, week in enumerate(weeks) if week.price_cents is not None]
    if not known:
        return
    low, high = min(cents for _i, cents in known), max(cents for _i, cents in known)
    top = plot.axes.get_ylim()[1]

    def height(cents: int) -> float:
        share = (cents - low) / (high - low) if high > low else 0.5
        return float(top * (_PRICE_FLOOR + 0.03 + _PRICE_ROOM * share))

    path = [(float(known[0][0]), height(known[0][1]))]
    starts = [known[0]]
    for (_before, old), (i, new) in pairwise(known):
        if new != old:
            path += [(float(i), height(old)), (float(i), height(new))]
            starts.append((i, new))
    path.append((float(len(weeks)), height(known[-1][1])))
    plot.draw_line(path, plot.style.brand, 2.25)
    # The newest price is worth most: it is named first, and older ones where there is room.
    for i, cents in reversed(starts):
        x, y = plot.x_px(i), plot.y_px(height(cents))
        anchors = [
            Anchor(x + 3, y + 4, "left"), Anchor(x + 3, y - 4, "left", "top"), Anchor(x - 3, y + 4, "right"),
            Anchor(x - 3, y - 4, "right", "top"),
        ]  # fmt: skip
        plot.place(text.money(cents), anchors, plot.style.brand, plot.axis_px, "SemiBold")
