"""What to charge: how buyers answer one product's price, and all products at once with the costs that rose."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import click

from colmado_insights import text
from colmado_insights.analytics.results import (
    CostAlarm,
    Elasticity,
    Estimate,
    NotEnough,
    PriceAdvice,
    PriceBoard,
    PricePoint,
    why_refused,
)
from colmado_insights.cli.answers import not_enough_values, not_enough_words
from colmado_insights.cli.group import main
from colmado_insights.cli.help import argument, option
from colmado_insights.cli.options import Options, common
from colmado_insights.text import _

_SHOWN = 15


@main.command(example='colmado price "Presidente Grande 22oz"')
@argument("product", metavar="PRODUCTO", help="Su número o su nombre.")
@option("--what-if", type=float, help="Qué pasaría a ese precio, en pesos.")
@common
def price(options: Options, product: str, what_if: float | None) -> None:
    """Cómo responde la gente al precio de un producto (número o nombre), y el que más conviene."""
    with options.shop() as shop:
        product_id = shop.find_product(product)
        found = shop.compute_price_advice(product_id, options.as_of, options.progress())
    if isinstance(found, NotEnough):
        options.show(
            {"product_id": product_id, "not_enough": _refusal_values(found)},
            text.sentence(why_refused(found)),
        )
        return
    values = _advice_values(found) | {"points": [_point_values(point) for point in found.points]}
    words = list(_advice_words(found))
    if what_if is not None:
        point = _point_at(found, what_if)
        values["what_if"] = _point_values(point)
        words.append(_point_words(point))
    options.show(values, "\n".join(words))


@main.command(example="colmado prices")
@common
def prices(options: Options) -> None:
    """Los precios que conviene cambiar y los costos que subieron, de todos los productos."""
    with options.shop() as shop:
        found = shop.compute_prices(options.as_of, options.progress())
        names = shop.read_product_names()
    if isinstance(found, NotEnough):
        options.show(
            {"advices": [], "alarms": [], "not_enough": not_enough_values(found)}, not_enough_words(found)
        )
        return
    values = {
        "until": found.until,
        "judged": found.judged,
        "refused": dict(found.refused),
        "category_elasticities": dict(found.category_elasticities),
        "advices": [
            {"name": names.get(advice.product_id, "")} | _advice_values(advice) for advice in found.advices
        ],
        "alarms": [
            {"name": names.get(alarm.product_id, "")} | _alarm_values(alarm) for alarm in found.alarms
        ],
        "reasons": [text.sentence(reason) for reason in found.reasons],
    }
    options.show(values, "\n".join(_board_words(found, names)))


def _refusal_values(found: NotEnough) -> dict[str, Any]:
    return not_enough_values(found) | {"reason": text.sentence(why_refused(found))}


def _pesos(cents: float | None) -> float | None:
    return None if cents is None else round(cents / 100, 2)


def _estimate_values(found: Estimate | None, scale: float = 100.0) -> dict[str, float] | None:
    if found is None:
        return None
    return {name: round(getattr(found, name) / scale, 2) for name in ("mean", "lo", "hi")}


def _point_values(point: PricePoint) -> dict[str, Any]:
    return {
        "price": _pesos(point.price_cents),
        "units": _estimate_values(point.units, 1.0),
        "revenue": _estimate_values(point.revenue),
        "profit": _estimate_values(point.profit),
    }


def _elasticity_values(found: Elasticity) -> dict[str, Any]:
    return {
        "elasticity": found.elasticity,
        "lo95": found.lo95,
        "hi95": found.hi95,
        "r_squared": found.r_squared,
        "type": found.type,
        "n_prices": found.n_prices,
        "days": found.days,
        "lowest_price": _pesos(found.lowest_cents),
        "highest_price": _pesos(found.highest_cents),
        "raw_elasticity": found.raw,
        "own_weight": found.own_weight,
        "category_elasticity": found.category_elasticity,
        "left_out_share": found.left_out_share,
    }


def _advice_values(found: PriceAdvice) -> dict[str, Any]:
    return {"product_id": found.product_id} | _elasticity_values(found.elasticity) | {
        "current_price": _pesos(found.current_cents),
        "optimal_price": _pesos(found.optimal_cents),
        "next_price": _pesos(found.step_cents or found.optimal_cents),
        "goal": found.goal,
        "cost": _pesos(found.cost_cents),
        "grid": _pesos(found.grid_cents),
        "lowest_advised": _pesos(found.lowest_cents),
        "highest_advised": _pesos(found.highest_cents),
        "units_change": _estimate_values(found.units_change, 1.0),
        "revenue_change": _estimate_values(found.revenue_change),
        "profit_change": _estimate_values(found.profit_change),
        "until": found.until,
        "confidence": found.confidence,
        "reasons": [text.sentence(reason) for reason in (*found.reasons, *found.elasticity.reasons)],
    }  # fmt: skip


def _alarm_values(alarm: CostAlarm) -> dict[str, Any]:
    return {
        "product_id": alarm.product_id,
        "since": alarm.since,
        "old_cost": _pesos(alarm.old_cost_cents),
        "new_cost": _pesos(alarm.new_cost_cents),
        "current_price": _pesos(alarm.price_cents),
        "proposed_price": _pesos(alarm.proposed_cents),
        "old_margin": alarm.old_margin,
        "new_margin": alarm.new_margin,
        "weekly_loss": _pesos(alarm.weekly_loss_cents),
        "reasons": [text.sentence(reason) for reason in alarm.reasons],
    }


def _point_at(found: PriceAdvice, pesos: float) -> PricePoint:
    """The point of that price, or the nearest; a price outside the bounds is refused: nothing is known of it."""
    cents = round(pesos * 100) if math.isfinite(pesos) else -1
    if not found.lowest_cents <= cents <= found.highest_cents:
        raise click.BadParameter(
            _("solo se puede saber entre {low} y {high}.").format(
                low=text.money(found.lowest_cents), high=text.money(found.highest_cents)
            ),
            param_hint="--what-if",
        )
    return min(found.points, key=lambda point: abs(point.price_cents - cents))


def _advice_words(found: PriceAdvice) -> Iterator[str]:
    if found.optimal_cents == found.current_cents:
        loses = found.cost_cents is not None and found.current_cents < found.cost_cents
        template = _("Precio: {price}.") if loses else _("Precio: {price}. Déjalo así.")
        yield template.format(price=text.money(found.current_cents))
    else:
        change = found.profit_change or found.revenue_change
        template = (
            _("Precio: {price}. Conviene {best}: {mean} más de ganancia a la semana ({low} a {high}).")
            if found.profit_change
            else _("Precio: {price}. Conviene {best}: {mean} más de venta a la semana ({low} a {high}).")
        )
        yield template.format(
            price=text.money(found.current_cents), best=text.money(found.optimal_cents),
            mean=text.money(change.mean), low=text.money(change.lo), high=text.money(change.hi),
        )  # fmt: skip
    yield _("Elasticidad: {value} (entre {low} y {high}).").format(
        value=text.number(found.elasticity.elasticity, 2),
        low=text.number(found.elasticity.lo95, 2),
        high=text.number(found.elasticity.hi95, 2),
    )
    for reason in (*found.reasons, *found.elasticity.reasons):
        yield text.sentence(reason)


def _point_words(point: PricePoint) -> str:
    words = _("A {price}: {units} a la semana, {revenue} de venta").format(
        price=text.money(point.price_cents),
        units=text.number(point.units.mean, 1),
        revenue=text.money(point.revenue.mean),
    )
    if point.profit is None:
        return words + "."
    return words + _(", {profit} de ganancia ({low} a {high}).").format(
        profit=text.money(point.profit.mean),
        low=text.money(point.profit.lo),
        high=text.money(point.profit.hi),
    )


def _board_words(found: PriceBoard, names: dict[int, str]) -> Iterator[str]:
    for reason in found.reasons:
        yield text.sentence(reason)
    for advice in [each for each in found.advices if each.optimal_cents != each.current_cents][:_SHOWN]:
        change = advice.profit_change or advice.revenue_change
        yield _("{name}: de {price} a {best}, {low} a {high} más a la semana").format(
            name=names.get(advice.product_id, advice.product_id),
            price=text.money(advice.current_cents),
            best=text.money(advice.optimal_cents),
            low=text.money(change.lo),
            high=text.money(change.hi),
        )
    for alarm in found.alarms[:_SHOWN]:
        yield _("{name}: te subió el costo; a {price} pierdes {loss} a la semana, ponlo a {proposed}").format(
            name=names.get(alarm.product_id, alarm.product_id),
            price=text.money(alarm.price_cents),
            loss=text.money(alarm.weekly_loss_cents),
            proposed=text.money(alarm.proposed_cents),
        )
