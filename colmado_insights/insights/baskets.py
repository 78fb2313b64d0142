"""What goes together, what grows and whose season comes: found each night, kept with the model of the baskets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import pandas as pd

from colmado_insights.analytics import seasonal
from colmado_insights.analytics.basket_model import compute_basket_model
from colmado_insights.analytics.baskets import compute_baskets
from colmado_insights.analytics.results import Basket, BasketModel, NotEnough
from colmado_insights.analytics.seasonal import compute_seasonal
from colmado_insights.analytics.trends import compute_trends
from colmado_insights.config import Settings
from colmado_insights.domain import CATEGORY_CODE, SHELF_COLUMNS, CatalogProduct, day_number
from colmado_insights.insights.closing import read_whole_day
from colmado_insights.insights.keeping import calendar, kept, read_until, shop_parameters
from colmado_insights.progress import Progress
from colmado_insights.storage import price_days, products, sales
from colmado_insights.storage.database import Database
from colmado_insights.storage.quality import is_catch_all
from colmado_insights.storage.sales import SalesFrames

BASKETS, BASKET_MODEL = "baskets", "basket_model"
"""Kinds of the kept answers."""


@dataclass(frozen=True)
class _Sold:
    """The sales and the shelf, read when something is to be made of them, and then once."""

    database: Database
    until: date

    @cached_property
    def frames(self) -> SalesFrames:
        last = day_number(self.until)
        return sales.read_sales(self.database, last - seasonal.HISTORY_DAYS + 1, last)

    @cached_property
    def shelf(self) -> pd.DataFrame:
        return make_shelf(products.read_catalog(self.database, self.until))


def make_shelf(catalog: tuple[CatalogProduct, ...]) -> pd.DataFrame:
    """What may be offered by name (SHELF_COLUMNS): no VARIOS, and nothing without a name."""
    named = [product for product in catalog if product.name.strip() and not is_catch_all(product.name)]
    return pd.DataFrame(
        [
            (
                product.product_id,
                product.name,
                CATEGORY_CODE[product.category],
                max(0, product.price_cents or 0),
                max(0, product.cost_cents or 0),
                product.is_sold_by_amount,
            )
            for product in named
        ],
        columns=list(SHELF_COLUMNS),
    ).astype(SHELF_COLUMNS)


def find_baskets(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> Basket | NotEnough:
    """What goes together, from the sales up to the last whole day, or up to `as_of`."""
    until = read_baskets_until(database, as_of)
    if until is None:
        return NotEnough(needed=1, have=0, unit="receipts")
    sold = _Sold(database, until)
    model = _find_model(sold, settings, progress)

    def make() -> Basket | NotEnough:
        receipts, lines, shelf = sold.frames.receipts, sold.frames.lines, sold.shelf
        days = calendar(settings)
        return compute_baskets(
            receipts, lines, shelf,
            until=until,
            days=days,
            model=model if isinstance(model, BasketModel) else None,
            trends=compute_trends(receipts, lines, shelf, until=until, progress=progress),
            seasonal=compute_seasonal(receipts, lines, shelf, until=until, days=days, progress=progress),
            progress=progress,
        )  # fmt: skip

    # Costs that the owner or a list tells change no sale, but what is worth offering.
    parameters = f"{shop_parameters(settings)} {price_days.read_costs_state(database)}"
    return kept(database, BASKETS, until, parameters, Basket, make, progress)


def find_basket_model(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> BasketModel | NotEnough:
    """The fitted model of the baskets behind `find_baskets`."""
    until = read_baskets_until(database, as_of)
    if until is None:
        return NotEnough(needed=1, have=0, unit="receipts")
    return _find_model(_Sold(database, until), settings, progress)


def read_baskets_until(database: Database, as_of: date | None) -> date | None:
    """The last day that counts: whole, or as asked."""
    return read_whole_day(database, datetime.now()) if as_of is None else read_until(database, as_of)


def _find_model(sold: _Sold, settings: Settings, progress: Progress | None) -> BasketModel | NotEnough:
    def make() -> BasketModel | NotEnough:
        return compute_basket_model(
            sold.frames.receipts,
            sold.frames.lines,
            until=sold.until,
            product_ids=sold.shelf["product_id"].to_numpy(),
            progress=progress,
        )

    parameters = shop_parameters(settings)
    return kept(sold.database, BASKET_MODEL, sold.until, parameters, BasketModel, make, progress)


def refresh_baskets(database: Database, settings: Settings, now: datetime, progress: Progress) -> int:
    """Have what goes together up to the last whole day ready; returns how many pairs there are."""
    until = read_whole_day(database, now)
    found = None if until is None else find_baskets(database, settings, until, progress)
    return len(found.pairs) if isinstance(found, Basket) else 0
