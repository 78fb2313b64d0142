"""What to offer: with a product, instead of it, to a customer, or to everybody now; best first, each with its why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.analytics.basket_model import Completion, complete
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.pack import measure_times, read_pack
from colmado_insights.analytics.results import (
    Basket,
    BasketModel,
    NotEnough,
    Recommendation,
    RecommendationKind,
    Recommendations,
)
from colmado_insights.analytics.shelf import Shelf
from colmado_insights.domain import (
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    SHELF_COLUMNS,
    Reason,
    SaleKind,
    day_number,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_ITEMS = 10
PRICE_BAND = 0.5
"""A product that costs up to so much more or less is an alternative."""
LEAST_LIKENESS = 0.45
DUE_FROM = 0.8
"""Of the usual gap: from then on what a customer takes again and again is due."""
GONE_AFTER = 2.5
"""Of the usual gap: what was not taken for so long is given up, not due."""
HABIT_TIMES = 3
_WITHOUT_BASKETS = 0.3
"""Confidence in what only names, prices and habits tell."""
_NAME, _PRICE, _TOGETHER = 0.6, 0.25, 0.15
_LEAST_TIMES, _MOST_TIMES = 1.15, 8.0


@dataclass(frozen=True)
class Knowledge:
    """What recommendations are drawn from."""

    shelf: Shelf
    basket: Basket | None
    model: BasketModel | None
    until: date
    gone: frozenset[int] = frozenset()  # known to be out of stock
    asleep: frozenset[int] = frozenset()  # not sold for long: perhaps no longer kept

    @classmethod
    def of(
        cls,
        shelf: pd.DataFrame,
        basket: Basket | None,
        model: BasketModel | None,
        until: date,
        gone: Iterable[int] = (),
        asleep: Iterable[int] = (),
    ) -> Knowledge:
        """Take a frame of SHELF_COLUMNS and what was found; a model no better than what sells most is none.

        Raises
        ------
        TypeError
            When the frame is not what was declared.
        """
        check_frame(shelf, SHELF_COLUMNS, "shelf")
        better = model if model is not None and model.is_better else None
        return cls(Shelf.of(shelf), basket, better, until, frozenset(gone), frozenset(asleep))

    def may_offer(self, product: int) -> bool:
        """Whether a product is on the shelf, open to offers, not known to be gone, and sold of late."""
        return product not in self.asleep and self.may_order(product)

    def may_order(self, product: int) -> bool:
        """The same of what is not sold just now, but may be soon."""
        return product not in self.gone and self.shelf.may_offer(product)

    def find_rate(self, first: int, second: int) -> float | None:
        """Of receipts with the first, the share with the second; None unless the two are a found pair."""
        for pair in self.basket.pairs if self.basket else ():
            if (pair.first_id, pair.second_id) == (first, second):
                return pair.confidence
            if (pair.second_id, pair.first_id) == (first, second):
                return pair.receipts / pair.second_receipts
        return None


# ── to who asks for a product ──


def recommend_similar(known: Knowledge, product: int) -> Recommendations | NotEnough:
    """Find what can stand in for a product: its family, near its price, alike in name, in like company.

    Parameters
    ----------
    known : Knowledge
        The shelf decides; the model adds what is bought in like company.
    product : int
        On the shelf.
    """
    shelf = known.shelf
    at = shelf.place(product)
    if at is None:
        return _nothing(known)
    from rapidfuzz import fuzz

    price = float(shelf.price[at])
    own = " ".join(read_pack(shelf.names[at]).words)
    near = (shelf.category == shelf.category[at]) & (shelf.ids != product)
    if price:
        near &= np.abs(shelf.price - price) <= PRICE_BAND * price
    company = _company(known.model, product)
    found: list[tuple[float, int, Reason]] = []
    for place in np.flatnonzero(near):
        other = int(shelf.ids[place])
        likeness = fuzz.token_set_ratio(own, " ".join(read_pack(shelf.names[place]).words)) / 100
        if not known.may_offer(other) or likeness < LEAST_LIKENESS:
            continue
        closeness = 1 - abs(float(shelf.price[place]) - price) / (PRICE_BAND * price) if price else 0.0
        score = _NAME * likeness + _PRICE * closeness + _TOGETHER * company.get(other, 0.0)
        found.append((score, other, Reason.of("recommend_similar", price_cents=int(shelf.price[place]))))
    return _ranked(known, RecommendationKind.SIMILAR, found)


def _company(model: BasketModel | None, product: int) -> dict[int, float]:
    """How alike the company of other products is to that of one: the cosine of what they pull, 0-1."""
    if model is None or product not in model.product_ids:
        return {}
    place = model.product_ids.index(product)
    own = dict(zip(model.neighbours[place], model.pulls[place], strict=True))
    length = np.sqrt(sum(value**2 for value in own.values()))
    found = {}
    for other, ids in enumerate(model.neighbours):
        shared = sum(
            own[each] * pull for each, pull in zip(ids, model.pulls[other], strict=True) if each in own
        )
        size = length * np.sqrt(sum(value**2 for value in model.pulls[other]))
        if shared > 0 and size:
            found[model.product_ids[other]] = float(shared / size)
    return found


def recommend_cross_sell(known: Knowledge, product: int, *others: int) -> Recommendations | NotEnough:
    """Find what to offer with one or more products: ranked by the model, explained by a pair where there is one."""
    basket = dict.fromkeys((product, *others), 1.0)
    found = [(each.score, each.product_id, why) for each, why in offers_with(known, basket)]
    return _ranked(known, RecommendationKind.CROSS_SELL, found)


def offers_with(known: Knowledge, basket: Mapping[int, float]) -> Iterator[tuple[Completion, Reason]]:
    """What goes with a basket and is not the same again, best first, each with its why.

    Parameters
    ----------
    known : Knowledge
        The model ranks; of a pair found by `compute_baskets` the rate counts where it is higher, and is told.
    basket : mapping of int to float
        Product ids and their weights.
    """
    for each in _completions(known, basket):
        if not known.may_offer(each.product_id):
            continue
        if any(known.shelf.is_trivial(each.product_id, inside) for inside in basket):
            continue
        with_product = known.shelf.name(each.because_id)
        rate = known.find_rate(each.because_id, each.product_id)
        if rate is None and known.shelf.is_one_family(each.because_id, each.product_id):
            continue  # more of the same, or another brand
        if rate is None:
            yield each, Reason.of("recommend_fits", product=with_product)
        else:
            yield each, Reason.of("recommend_cross_sell", share=round(rate, 4), product=with_product)


def _completions(known: Knowledge, basket: Mapping[int, float]) -> list[Completion]:
    """What the model says of a basket, and of pairs that it does not know, their rate."""
    found = {each.product_id: each for each in complete(known.model, basket)} if known.model else {}
    for pair in known.basket.pairs if known.basket else ():
        for first, second, receipts in (
            (pair.first_id, pair.second_id, pair.first_receipts),
            (pair.second_id, pair.first_id, pair.second_receipts),
        ):
            if first in basket and second not in basket:
                rate = basket[first] * pair.receipts / receipts
                if second not in found or found[second].because_id == first:
                    score = max(rate, found[second].score) if second in found else rate
                    found[second] = Completion(second, score, first)
    return sorted(found.values(), key=lambda each: (-each.score, each.product_id))


def recommend_upsell(known: Knowledge, product: int) -> Recommendations | NotEnough:
    """Find a larger pack of the same good, the better price for what is in it first."""
    shelf = known.shelf
    at = shelf.place(product)
    if at is None:
        return _nothing(known)
    own, price = read_pack(shelf.names[at]), int(shelf.price[at])
    found: list[tuple[float, int, Reason]] = []
    for place in np.flatnonzero((shelf.category == shelf.category[at]) & (shelf.ids != product)):
        other, pack = int(shelf.ids[place]), read_pack(shelf.names[place])
        times = measure_times(own, pack)
        if pack.good != own.good or not own.good or times is None or not known.may_offer(other):
            continue
        if not _LEAST_TIMES <= times <= _MOST_TIMES or own.is_loose or pack.is_loose:
            continue
        asked = int(shelf.price[place])
        if not price or asked <= price:
            continue
        saves = 1 - asked / times / price
        reason = (
            Reason.of("recommend_cheaper_inside", times=round(times, 2), share=round(saves, 4))
            if saves > 0.01
            else Reason.of("recommend_larger", times=round(times, 2), more_cents=asked - price)
        )
        found.append((1.0 + saves - 0.02 * times, other, reason))
    return _ranked(known, RecommendationKind.UPSELL, found)


# ── to everybody ──


def recommend_bundles(known: Knowledge, product: int | None = None) -> Recommendations | NotEnough:
    """Tell the bundles, of one product or all: the product is what is added, the why the rest and the price."""
    bundles = [
        bundle
        for bundle in (known.basket.bundles if known.basket else ())
        if all(map(known.may_offer, bundle.product_ids))
        and (product is None or product in bundle.product_ids)
    ]
    found = []
    for bundle in bundles:
        ids = [each for each in bundle.product_ids if each != product]
        added = ids[-1]
        rest = [known.shelf.name(each) for each in bundle.product_ids if each != added]
        why = Reason.of(
            "recommend_bundle",
            products=tuple(rest),
            price_cents=bundle.price_cents,
            saving_cents=bundle.saving_cents,
        )
        worth = bundle.expected_profit_cents
        found.append((float(bundle.expected_revenue_cents if worth is None else worth), added, why))
    return _ranked(known, RecommendationKind.BUNDLE, found)


def recommend_pairs(known: Knowledge) -> Recommendations | NotEnough:
    """Tell what is best offered at all, each with what it goes with."""
    found = [
        (
            float(pair.gain_cents),
            pair.second_id,
            Reason.of(
                "recommend_cross_sell",
                share=round(pair.confidence, 4),
                product=known.shelf.name(pair.first_id),
            ),
        )
        for pair in (known.basket.pairs if known.basket else ())
        if known.may_offer(pair.second_id)
    ]
    return _ranked(known, RecommendationKind.CROSS_SELL, found)


def recommend_trending(known: Knowledge) -> Recommendations | NotEnough:
    """Tell what grows beyond its season and the shop."""
    trends = [trend for trend in (known.basket.trends if known.basket else ()) if trend.growth > 0]
    found = [
        (trend.growth, trend.product_id, Reason.of("recommend_trending", share=round(trend.growth, 4)))
        for trend in trends
        if known.may_offer(trend.product_id)
    ]
    return _ranked(known, RecommendationKind.TRENDING, found)


def recommend_seasonal(known: Knowledge) -> Recommendations | NotEnough:
    """Tell whose time of the year comes in the next six weeks."""
    found = []
    for each in known.basket.seasonal if known.basket else ():
        if known.may_order(each.product_id):
            times = round(each.index, 2)
            why = (
                Reason.of("recommend_occasion", occasion=each.occasion, times=times)
                if each.occasion
                else Reason.of("recommend_month", month=each.month, times=times)
            )
            found.append((each.lo, each.product_id, why))
    return _ranked(known, RecommendationKind.SEASONAL, found)


# ── to one customer ──


def recommend_personal(
    known: Knowledge, receipts: pd.DataFrame, lines: pd.DataFrame
) -> Recommendations | NotEnough:
    """Find what one customer takes again and is due for, and what goes with what they take.

    Parameters
    ----------
    known : Knowledge
        Up to the same day.
    receipts, lines : DataFrame
        RECEIPT_COLUMNS and LINE_COLUMNS of this customer alone.

    Returns
    -------
    Recommendations or NotEnough
        With fewer than three purchases.

    Raises
    ------
    TypeError
        When a frame is not what was declared.

    Assumes
    -------
    A product is due by its own rhythm: the median gap between the days on which this customer took it.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    check_frame(lines, LINE_COLUMNS, "lines")
    last = day_number(known.until)
    sold_at = receipts["sold_at"].to_numpy()
    counted = (receipts["kind"].to_numpy() == SaleKind.SALE) & (sold_at // SECONDS_A_DAY <= last)
    if counted.sum() < HABIT_TIMES:
        return NotEnough(HABIT_TIMES, int(counted.sum()), "receipts", known.until)
    row = lines["receipt"].to_numpy()
    kept = counted[row] & (lines["quantity_milli"].to_numpy() > 0)
    product, day = lines["product_id"].to_numpy()[kept], (sold_at // SECONDS_A_DAY)[row[kept]]
    days = {int(each): np.unique(day[product == each]) for each in np.unique(product)}
    visits = len(np.unique(sold_at[counted] // SECONDS_A_DAY))
    # Habits are receipts half used up: what is taken every time counts like standing in the basket.
    taste = {product: len(taken) / visits for product, taken in days.items()}
    found = list(_due(known, days, taste, last))
    due = {product for _score, product, _why in found}
    for each in _completions(known, taste):
        if each.product_id not in days and each.product_id not in due and known.may_offer(each.product_id):
            why = Reason.of("recommend_taste", product=known.shelf.name(each.because_id))
            found.append((min(each.score, 1.0) * 0.5, each.product_id, why))
    return _ranked(known, RecommendationKind.PERSONAL, found)


def _due(
    known: Knowledge, days: Mapping[int, NDArray[np.int64]], taste: Mapping[int, float], last: int
) -> Iterator[tuple[float, int, Reason]]:
    """What is taken again and again and has not been for about as long as it lasts."""
    for product, taken in sorted(days.items()):
        if len(taken) < HABIT_TIMES or not known.may_offer(product):
            continue
        gap = max(1.0, float(np.median(np.diff(taken))))
        since = last + 1 - int(taken[-1])
        if DUE_FROM <= since / gap <= GONE_AFTER:
            score = 0.5 + 0.5 * min(1.0, taste[product])
            yield score, product, Reason.of("recommend_due", days=round(gap), since_days=since)


# ── ──


def _ranked(
    known: Knowledge, kind: RecommendationKind, found: Collection[tuple[float, int, Reason]]
) -> Recommendations | NotEnough:
    """The best of each product once, their scores against the best of all; a bundle is a product of its own."""
    best: dict[int | tuple[int, Reason], tuple[float, int, Reason]] = {}
    for score, product, why in found:
        key = (product, why) if kind is RecommendationKind.BUNDLE else product
        if score > 0 and (key not in best or score > best[key][0]):
            best[key] = (score, product, why)
    order = sorted(best.values(), key=lambda each: (-each[0], each[1]))[:MOST_ITEMS]
    items = tuple(
        Recommendation(product, round(score / order[0][0], 4), why) for score, product, why in order
    )
    confidence = known.basket.confidence if known.basket else _WITHOUT_BASKETS
    return Recommendations(kind, items, known.until, confidence if items else 0.0)


def _nothing(known: Knowledge) -> NotEnough:
    return NotEnough(1, 0, "receipts", known.until)


FOR_PRODUCT: dict[RecommendationKind, Callable[[Knowledge, int], Recommendations | NotEnough]] = {
    RecommendationKind.SIMILAR: recommend_similar,
    RecommendationKind.CROSS_SELL: recommend_cross_sell,
    RecommendationKind.UPSELL: recommend_upsell,
    RecommendationKind.BUNDLE: recommend_bundles,
}
"""Kinds that are asked of a product."""
FOR_SHOP: dict[RecommendationKind, Callable[[Knowledge], Recommendations | NotEnough]] = {
    RecommendationKind.CROSS_SELL: recommend_pairs,
    RecommendationKind.BUNDLE: recommend_bundles,
    RecommendationKind.TRENDING: recommend_trending,
    RecommendationKind.SEASONAL: recommend_seasonal,
}
"""Kinds that are asked of the shop as a whole."""
