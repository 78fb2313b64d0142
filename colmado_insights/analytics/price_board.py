"""All products' price advice at once: elasticities, what to charge, and the costs that ate a margin."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.cost_alarms import find_cost_alarms
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.elasticity import compute_elasticities
from colmado_insights.analytics.pricing import RECENT_DAYS, compute_price_advice
from colmado_insights.analytics.results import NotEnough, PriceAdvice, PriceBoard, PriceRefusal
from colmado_insights.domain import Reason, day_number
from colmado_insights.progress import Progress


def compute_price_board(
    price_days: pd.DataFrame,
    shop: pd.DataFrame,
    *,
    until: date,
    days: DominicanDays,
    grid_pesos: int = 5,
    progress: Progress | None = None,
) -> PriceBoard | NotEnough:
    """Advice on every product whose price moved enough, and an alarm for every cost that its price did not follow.

    Parameters
    ----------
    price_days : DataFrame
        PRICE_DAY_COLUMNS of all products, two years of them at best.
    shop : DataFrame
        DAILY_COLUMNS: how busy the shop was.
    until : date
        Last complete day; later rows are not looked at.
    days : DominicanDays
        The shop's calendar.
    grid_pesos : int
        Prices end in multiples of it.
    progress : Progress, optional
        Called between products.

    Returns
    -------
    PriceBoard or NotEnough
        What surely gains most comes first. NotEnough without a single sale.
    """
    found = compute_elasticities(price_days, shop, until=until, days=days, progress=progress)
    if isinstance(found, NotEnough):
        return found
    last = day_number(until)
    ordered = price_days.sort_values(["product_id", "day"], kind="stable")
    products = ordered["product_id"].to_numpy()
    places = _places(price_days, last)
    refused = list(found.refused)
    advices = []
    for number, elasticity in enumerate(found.found):
        if progress:
            progress.step(number, len(found.found))
        product = elasticity.product_id
        advice = compute_price_advice(
            ordered.iloc[slice(*np.searchsorted(products, [product, product + 1]))],
            elasticity,
            until=until,
            grid_pesos=grid_pesos,
            place=places.get(product),
        )
        if isinstance(advice, NotEnough):
            refused.append(PriceRefusal(product, advice))
        else:
            advices.append(advice)
    return PriceBoard(
        advices=tuple(sorted(advices, key=lambda advice: (-_sure_gain(advice), advice.product_id))),
        alarms=find_cost_alarms(price_days, until=until, grid_pesos=grid_pesos),
        judged=len(advices),
        refused=tuple(sorted(Counter(each.why.unit for each in refused).items())),
        category_elasticities=found.categories,
        until=until,
        reasons=(_sample(len(advices), len(advices) + len(refused)),),
        refusals=tuple(sorted(refused, key=lambda each: each.product_id)),
    )


def _sample(judged: int, everything: int) -> Reason:
    if not judged:
        return Reason.of("prices_none", all=everything)
    return Reason.of("prices_sample", judged=judged, all=everything)


def _places(price_days: pd.DataFrame, last: int) -> dict[int, int]:
    """Where each product stands among the most bought of the recent days, 1 the first."""
    recent = price_days[(price_days["day"] <= last) & (price_days["day"] > last - RECENT_DAYS)]
    bought = recent.groupby("product_id")["lines"].sum().sort_values(ascending=False, kind="stable")
    return {int(product): place for place, product in enumerate(bought.index, start=1)}


def _sure_gain(advice: PriceAdvice) -> float:
    """What the advised change brings a week at the least, in cents; 0 where nothing is to be changed."""
    return (advice.profit_change or advice.revenue_change).lo
