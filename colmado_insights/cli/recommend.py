"""What goes together, and what to offer to whom."""

from __future__ import annotations

from typing import Any

import click

from colmado_insights import text
from colmado_insights.analytics.recommend import FOR_PRODUCT
from colmado_insights.analytics.results import (
    Basket,
    Bundle,
    NotEnough,
    ProductPair,
    ProductSet,
    ProductTrend,
    Recommendation,
    RecommendationKind,
    Recommendations,
    SeasonalProduct,
)
from colmado_insights.cli.answers import not_enough_words, values_or_not_enough
from colmado_insights.cli.group import main
from colmado_insights.cli.help import option
from colmado_insights.cli.options import Options, common
from colmado_insights.text import _

_SHOWN = 10


@main.command(example='colmado recommend --product "Presidente Grande 22oz"')
@option("--product", help="Producto, por su nombre o su número.")
@option("--customer", help="Cliente, por su nombre o su número.")
@option("--kind", type=click.Choice([str(kind) for kind in RecommendationKind]), help="Qué clase.")
@common
def recommend(options: Options, product: str | None, customer: str | None, kind: str | None) -> None:
    """Qué ofrecer: con un producto, en su lugar, a un cliente o a todos."""
    wanted = RecommendationKind(kind) if kind else _usual_kind(customer)
    _refuse_ignored(wanted, product, customer)
    with options.shop() as shop:
        found = shop.recommend(
            wanted,
            None if product is None else shop.find_product(product),
            None if customer is None else shop.find_customer(customer),
            options.as_of,
            options.progress(),
        )
        names = shop.read_product_names()
    values = values_or_not_enough(found, lambda known: _recommended(known, names))
    options.show({"kind": wanted, **values}, _words(found, names))


def _usual_kind(customer: str | None) -> RecommendationKind:
    return RecommendationKind.CROSS_SELL if customer is None else RecommendationKind.PERSONAL


def _refuse_ignored(wanted: RecommendationKind, product: str | None, customer: str | None) -> None:
    """Say what that kind would not look at."""
    for said, is_ignored in (
        ("--product", product is not None and wanted not in FOR_PRODUCT),
        ("--customer", customer is not None and wanted is not RecommendationKind.PERSONAL),
    ):
        if is_ignored:
            raise click.UsageError(
                _("{option} no va con {other}.").format(option=said, other=f"--kind {wanted}")
            )


def _recommended(found: Recommendations, names: dict[int, str]) -> dict[str, Any]:
    return {
        "until": found.until,
        "confidence": found.confidence,
        "items": [
            {
                "product_id": item.product_id,
                "name": names.get(item.product_id, ""),
                "score": item.score,
                "why": _why(item),
            }
            for item in found.items
        ],
    }


def _words(found: Recommendations | NotEnough, names: dict[int, str]) -> str:
    if isinstance(found, NotEnough):
        return not_enough_words(found)
    return "\n".join(_item_words(item, names) for item in found.items) or _("Nada que recomendar por ahora.")


def _item_words(item: Recommendation, names: dict[int, str]) -> str:
    return f"{names.get(item.product_id, ''):<40}{_why(item)}"


def _why(item: Recommendation) -> str:
    return " ".join(map(text.sentence, item.told))


@main.command(example="colmado baskets")
@common
def baskets(options: Options) -> None:
    """Lo que se lleva junto, los combos que convienen, lo que crece y lo que viene."""
    with options.shop() as shop:
        found = shop.compute_baskets(options.as_of, options.progress())
        names = shop.read_product_names()
    values = values_or_not_enough(found, lambda basket: _basket(basket, names))
    words = not_enough_words(found) if isinstance(found, NotEnough) else _basket_words(found, names)
    options.show(values, words)


def _basket(found: Basket, names: dict[int, str]) -> dict[str, Any]:
    return {
        "first_day": found.first_day,
        "until": found.until,
        "receipts": found.receipts,
        "receipts_of_two": found.receipts_of_two,
        "hit_rate": found.hit_rate,
        "popular_hit_rate": found.popular_hit_rate,
        "coverage": found.coverage,
        "confidence": found.confidence,
        "pairs": [_pair_values(pair, names) for pair in found.pairs],
        "sets": [_set_values(three, names) for three in found.sets],
        "bundles": [_bundle_values(bundle, names) for bundle in found.bundles],
        "trends": [_trend_values(trend, names) for trend in found.trends],
        "seasonal": [_seasonal_values(each, names) for each in found.seasonal],
        "reasons": [text.sentence(reason) for reason in found.reasons],
    }


def _pair_values(pair: ProductPair, names: dict[int, str]) -> dict[str, Any]:
    return {
        "first": names.get(pair.first_id, ""),
        "second": names.get(pair.second_id, ""),
        "first_id": pair.first_id,
        "second_id": pair.second_id,
        "receipts": pair.receipts,
        "confidence": round(pair.confidence, 4),
        "lift": round(pair.lift, 3),
        "lift_lo": round(pair.lift_lo, 3),
        "held_out_lift": None if pair.held_out_lift is None else round(pair.held_out_lift, 3),
        "hours": list(pair.hours),
        "pay_phase": pair.pay_phase or None,
    }


def _set_values(three: ProductSet, names: dict[int, str]) -> dict[str, Any]:
    return {
        "products": [names.get(each, "") for each in three.product_ids],
        "receipts": three.receipts,
        "confidence": round(three.confidence, 4),
        "lift": round(three.lift, 3),
    }


def _bundle_values(bundle: Bundle, names: dict[int, str]) -> dict[str, Any]:
    return {
        "products": [names.get(each, "") for each in bundle.product_ids],
        "single_cents": bundle.single_cents,
        "price_cents": bundle.price_cents,
        "saving_cents": bundle.saving_cents,
        "expected_sales": round(bundle.expected_sales, 1),
        "expected_profit_cents": bundle.expected_profit_cents,
        "expected_revenue_cents": bundle.expected_revenue_cents,
    }


def _trend_values(trend: ProductTrend, names: dict[int, str]) -> dict[str, Any]:
    return {
        "name": names.get(trend.product_id, ""),
        "product_id": trend.product_id,
        "growth": round(trend.growth, 4),
        "lo": round(trend.lo, 4),
        "hi": round(trend.hi, 4),
        "p_value": trend.p_value,
    }


def _seasonal_values(each: SeasonalProduct, names: dict[int, str]) -> dict[str, Any]:
    return {
        "name": names.get(each.product_id, ""),
        "product_id": each.product_id,
        "occasion": each.occasion or None,
        "month": each.month or None,
        "index": round(each.index, 3),
        "lo": round(each.lo, 3),
        "hi": round(each.hi, 3),
    }


def _basket_words(found: Basket, names: dict[int, str]) -> str:
    lines = [text.sentence(reason) for reason in found.reasons]
    for pair in found.pairs[:_SHOWN]:
        lines.append(
            _("{first} → {second}: {share} lo llevan, {times} veces más que por azar").format(
                first=names.get(pair.first_id, ""),
                second=names.get(pair.second_id, ""),
                share=text.percent(pair.confidence),
                times=text.number(pair.lift, 1),
            )
        )
    for bundle in found.bundles[:_SHOWN]:
        products = text.join_words([names.get(each, "") for each in bundle.product_ids])
        lines.append(
            _("Combo: {products} por {price}").format(products=products, price=text.money(bundle.price_cents))
        )
    return (
        "\n".join(lines) if found.pairs or found.bundles else "\n".join([*lines, _("Nada se lleva junto.")])
    )
