"""Two or three products offered as one, counted with care: who would have bought all of it gets the saving too.

A bundle pays only when those it wins bring more than those who took everything anyway cost. Without the costs
the same is said of revenue, and no profit is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from colmado_insights.analytics.results import Bundle, ProductPair, ProductSet
from colmado_insights.analytics.shelf import Shelf
from colmado_insights.domain import Reason

GRID_CENTS = 500
SAVINGS = (0.03, 0.05, 0.08, 0.12)
"""Of what the parts cost apart; tried in turn, on the price grid."""
SEEN_TOGETHER = 0.25
"""Of those who would add the rest by themselves, so many more do when it stands there as one."""
ANSWER_TO_PRICE = 2.5
"""How demand answers a promoted price (as an elasticity, without its sign): the low end of what is measured."""
LEAST_CENTS = 10_00
"""What a bundle must bring in a month: for less nobody should write a sign."""
MOST_BUNDLES = 12


@dataclass(frozen=True)
class _Offer:
    """What could be offered as one, in receipts a month."""

    ids: tuple[int, ...]
    receipts: int
    all_now: float  # hold all of it
    nearly: tuple[tuple[float, float, int], ...]  # hold all but one: how many, their rate of adding it, which


def make_bundles(
    pairs: Sequence[ProductPair], sets: Sequence[ProductSet], goods: Shelf, *, months: float
) -> tuple[Bundle, ...]:
    """The bundles that bring more than they give away, the best first.

    Parameters
    ----------
    pairs, sets : sequences
        What goes together.
    goods : Shelf
        Prices and costs; what has no price of its own, or is sold by amount, is in no bundle.
    months : float
        Length of the window that the receipts were counted in.
    """
    found = [bundle for offer in _offers(pairs, sets, months) if (bundle := _price(offer, goods)) is not None]
    best = sorted(found, key=lambda bundle: (-_brings(bundle), bundle.product_ids))
    return tuple(best[:MOST_BUNDLES])


def _brings(bundle: Bundle) -> int:
    profit = bundle.expected_profit_cents
    return bundle.expected_revenue_cents if profit is None else profit


def _offers(pairs: Iterable[ProductPair], sets: Iterable[ProductSet], months: float) -> Iterator[_Offer]:
    for pair in pairs:
        together = pair.receipts / months
        nearly = tuple(
            (own / months - together, pair.receipts / own, missing)
            for own, missing in ((pair.first_receipts, pair.second_id), (pair.second_receipts, pair.first_id))
        )
        yield _Offer((pair.first_id, pair.second_id), pair.receipts, together, nearly)
    for three in sets:
        together = three.receipts / months
        without = together / three.confidence - together
        nearly = ((without, three.confidence, three.product_ids[2]),)
        yield _Offer(three.product_ids, three.receipts, together, nearly)


def _price(offer: _Offer, goods: Shelf) -> Bundle | None:
    """The saving that brings most, or None where none pays."""
    if not all(map(goods.is_piece, offer.ids)):
        return None
    single = sum(goods.price_of(product) for product in offer.ids)
    costs = [goods.cost_of(product) for product in offer.ids]
    floor = sum(costs) if all(costs) else 0
    prices = {
        int(single * (1 - share)) // GRID_CENTS * GRID_CENTS for share in SAVINGS
    }  # down to the grid: a saving nobody notices is none
    offered = [
        bundle
        for price in sorted(prices, reverse=True)
        if floor < price < single
        and (bundle := _expect(offer, goods, single, price, bool(floor))) is not None
    ]
    return max(offered, key=_brings, default=None)


def _expect(offer: _Offer, goods: Shelf, single: int, price: int, is_costed: bool) -> Bundle | None:
    saving = single - price
    more = SEEN_TOGETHER + ANSWER_TO_PRICE * saving / single
    given_away = offer.all_now * saving
    won, revenue, profit = 0.0, -given_away, -given_away
    for receipts, rate, missing in offer.nearly:
        new = receipts * min(1.0, rate * more)
        won += new
        revenue += new * (goods.price_of(missing) - saving)
        profit += new * (goods.price_of(missing) - goods.cost_of(missing) - saving)
    if (profit if is_costed else revenue) < LEAST_CENTS:
        return None
    reasons = [Reason.of("bundle_receipts", receipts=offer.receipts)]
    reasons.append(Reason.of("bundle_given_away", cents=round(given_away)))
    if not is_costed:
        reasons.append(Reason.of("bundle_without_cost"))
    return Bundle(
        product_ids=offer.ids,
        single_cents=single,
        price_cents=price,
        saving_cents=saving,
        receipts=offer.receipts,
        expected_sales=offer.all_now + won,
        expected_profit_cents=round(profit) if is_costed else None,
        expected_revenue_cents=round(revenue),
        reasons=tuple(reasons),
    )
