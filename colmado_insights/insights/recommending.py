"""What to offer: to the owner by kind, to a customer, and to the cashier beside the last sale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from colmado_insights.analytics.recommend import (
    FOR_PRODUCT,
    FOR_SHOP,
    Knowledge,
    offers_with,
    recommend_cross_sell,
    recommend_personal,
)
from colmado_insights.analytics.results import (
    Basket,
    BasketModel,
    NotEnough,
    RecommendationKind,
    Recommendations,
)
from colmado_insights.config import Settings
from colmado_insights.domain import CATEGORIES, Category, Consent, Reason, day_number
from colmado_insights.errors import UnknownProduct
from colmado_insights.insights.baskets import (
    BASKET_MODEL,
    BASKETS,
    find_basket_model,
    find_baskets,
    make_shelf,
    read_baskets_until,
)
from colmado_insights.insights.keeping import read_kept
from colmado_insights.progress import Progress
from colmado_insights.storage import advices, catalog, customers, products, results, sales, stock
from colmado_insights.storage.database import Database
from colmado_insights.text import _

SELLING_DAYS = 60
"""What was not sold for so long is not offered: perhaps it is no longer kept."""
LEAST_OFFERED = 5
"""Fewer answers of buyers say nothing yet."""
_OF_A_PRODUCT = (RecommendationKind.SIMILAR, RecommendationKind.UPSELL)


def find_recommendations(
    database: Database,
    settings: Settings,
    kind: RecommendationKind,
    product_id: int | None = None,
    customer_id: int | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
    beside_id: int | None = None,
) -> Recommendations | NotEnough:
    """What to offer: with (one or two), instead of or beyond a product, to a customer, or to everybody.

    Raises
    ------
    UnknownProduct, UnknownCustomer
        There is none of that id, or the kind needs one and none is said.
    """
    until = read_baskets_until(database, as_of)
    if until is None:
        return NotEnough(needed=1, have=0, unit="receipts")
    product = None if product_id is None else _root(database, product_id)
    if product is None and kind in _OF_A_PRODUCT:
        raise UnknownProduct(_("¿De qué producto?"), _("Di cuál con su nombre o su número."))
    customer = None
    if kind is RecommendationKind.PERSONAL:
        asked = customers.read_customer(database, customer_id or 0)
        if asked.consent is Consent.NO:
            return NotEnough(needed=1, have=0, unit="consent", until=until)
        customer = asked.customer_id
    basket = find_baskets(database, settings, as_of, progress)
    model = find_basket_model(database, settings, as_of, progress)
    known = _know(database, basket, model, until)
    found: Recommendations | NotEnough
    if customer is not None:
        taken = customers.read_customer_sales(database, day_number(until), customer)
        found = recommend_personal(known, taken.receipts, taken.lines)
    elif isinstance(basket, NotEnough) and kind not in _OF_A_PRODUCT:
        found = basket
    elif product is not None and beside_id is not None and kind is RecommendationKind.CROSS_SELL:
        found = recommend_cross_sell(known, product, _root(database, beside_id))
    elif product is not None and kind in FOR_PRODUCT:
        found = FOR_PRODUCT[kind](known, product)
    else:
        found = FOR_SHOP[kind](known)
    return found if isinstance(found, NotEnough) else _with_answers(database, found, as_of)


def _with_answers(database: Database, found: Recommendations, as_of: date | None) -> Recommendations:
    """The same with what buyers answered when the cashier offered it, once that says something."""
    answers = {
        product: Reason.of("taken_at_till", taken=taken, offered=offered)
        for product, (taken, offered) in advices.count_offers(database, as_of).items()
        if offered >= LEAST_OFFERED
    }
    items = (
        replace(item, reasons=(*item.reasons, answers[item.product_id]))
        if item.product_id in answers
        else item
        for item in found.items
    )
    return replace(found, items=tuple(items))


def _root(database: Database, product_id: int) -> int:
    if product_id not in catalog.read_product_names(database):
        raise UnknownProduct(
            _("No hay ningún producto «{words}».").format(words=product_id),
            _("Mira los nombres en la página de productos."),
        )
    return int(catalog.read_roots(database)[product_id])


def _know(
    database: Database, basket: Basket | NotEnough, model: BasketModel | NotEnough, until: date
) -> Knowledge:
    listed = products.read_catalog(database, until)
    left = stock.read_stock(database, until)
    since = until - timedelta(days=SELLING_DAYS)
    return Knowledge.of(
        make_shelf(listed),
        basket if isinstance(basket, Basket) else None,
        model if isinstance(model, BasketModel) else None,
        until,
        gone=left.loc[left["stock_milli"] <= 0, "product_id"].tolist(),
        asleep=(each.product_id for each in listed if each.last_sold is not None and each.last_sold < since),
    )


# ── beside the till ──


@dataclass(frozen=True)
class OfferBook:
    """What the cashier may offer, ready in memory; made anew each night, and each hour for what ran out."""

    known: Knowledge
    mark: tuple[object, ...]

    def find_offer(self, bought: tuple[int, ...], *, is_alcohol_sold: bool) -> Reason | None:
        """The best thing to offer with what was just bought, or None; no money in it."""
        shelf = self.known.shelf
        for each, why in offers_with(self.known, dict.fromkeys(bought, 1.0)):
            place = shelf.place(each.product_id)
            assert place is not None  # what may be offered is on the shelf
            if CATEGORIES[shelf.category[place]] is Category.ALCOHOL and not is_alcohol_sold:
                continue
            share = dict(why.values).get("share", 0.0)
            return Reason.of(
                "offer_with", offered=shelf.names[place], offered_id=each.product_id,
                product=shelf.name(each.because_id), share=share,
            )  # fmt: skip
        return None


def read_offers(database: Database, now: datetime, kept: OfferBook | None = None) -> OfferBook | None:
    """The book to offer from: the one kept when nothing changed since, else one from the newest answers."""
    today = day_number(now.date())
    mark = (
        results.read_latest_mark(database, BASKET_MODEL, today),
        results.read_latest_mark(database, BASKETS, today),
        (today, now.hour),
    )
    if kept is not None and kept.mark == mark:
        return kept
    model = read_kept(database, BASKET_MODEL, today, BasketModel)
    basket = read_kept(database, BASKETS, today, Basket)
    if model is None and basket is None:
        return None
    none = NotEnough(1, 0, "receipts")
    return OfferBook(_know(database, basket or none, model or none, now.date()), mark)


def find_offer(
    database: Database, book: OfferBook | None, sale_id: int, *, is_alcohol_sold: bool
) -> Reason | None:
    """What to offer beside a sale."""
    if book is None:
        return None
    return book.find_offer(sales.read_sale_products(database, sale_id), is_alcohol_sold=is_alcohol_sold)
