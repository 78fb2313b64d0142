"""What will sell of a category or a product, and of the best sellers all at once."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from colmado_insights.analytics.demand import (
    DEMAND_HISTORY_DAYS,
    MOST_PRODUCTS,
    Family,
    compute_demand,
    compute_demands,
)
from colmado_insights.analytics.results import Forecast, NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import CATEGORIES, Category, Subject, Target, day_number
from colmado_insights.errors import UnknownProduct
from colmado_insights.insights.keeping import calendar, shop_parameters
from colmado_insights.progress import Progress
from colmado_insights.storage import catalog, results, sales, series
from colmado_insights.storage.database import Database
from colmado_insights.text import _

_SELLING_DAYS = 90
_WEEK = 7


def make_demand(
    database: Database,
    settings: Settings,
    subject: Subject,
    until: date,
    horizon: int,
    progress: Progress | None,
) -> Forecast | NotEnough:
    """Forecast one category or product from the day after `until`."""
    last = day_number(until)
    first = last - DEMAND_HISTORY_DAYS + 1
    family = None
    if subject.product_id is None:
        assert subject.category is not None
        sold = series.read_category_series(database, subject.category, first, last)
    else:
        codes = catalog.read_category_codes(database)
        if not 0 < subject.product_id < len(codes):
            raise _unknown(str(subject.product_id))
        sold = series.read_product_series(database, subject.product_id, first, last)
        family = _read_family(database, CATEGORIES[codes[subject.product_id]], first, last)
    return compute_demand(
        sold,
        sales.read_daily(database, first, last),
        subject.target,
        until=until,
        horizon=horizon,
        days=calendar(settings),
        family=family,
        category=subject.category,
        product_id=subject.product_id,
        progress=progress,
    )


def refresh_demands(
    database: Database, settings: Settings, until: date, horizon: int, progress: Progress | None = None
) -> int:
    """Have the units of the best sellers forecast, those that are not yet; returns how many were made.

    The points are kept to be scored only where none of the last week's were: 200 products a night would
    fill the file with what nobody reads.
    """
    last = day_number(until)
    first = last - DEMAND_HISTORY_DAYS + 1
    with database.alone("demands"):
        version = sales.read_data_version(database)
        parameters = shop_parameters(settings)
        parts = series.read_sold_parts(database, first, last)
        sold = parts.top_series(MOST_PRODUCTS)
        kinds = {
            int(product): f"forecast:{Subject(Target.UNITS, product_id=int(product)).key}:{horizon}"
            for product in sold["product_id"].unique()
        }
        missing = [
            product
            for product, kind in kinds.items()
            if results.read_result(database, kind, last, parameters) is None
        ]
        wanted = sold[sold["product_id"].isin(missing)].reset_index(drop=True)
        categories = [CATEGORIES[int(code)] for code in wanted["category"].unique()]
        found = compute_demands(
            wanted,
            sales.read_daily(database, first, last),
            until=until,
            horizon=horizon,
            days=calendar(settings),
            families={category: _family_of(parts, category, last) for category in categories},
            progress=progress,
        )
        for forecast in found:
            if progress:
                progress.step()
            assert forecast.product_id is not None
            results.write_result(
                database, kinds[forecast.product_id], last, parameters, msgspec.to_builtins(forecast),
                made_at=datetime.now(), version=version,
            )  # fmt: skip
            _write_weekly(database, forecast)
    return len(found)


def write_points(database: Database, subject: Subject, forecast: Forecast) -> None:
    """Keep the points of a forecast until what they speak of has come."""
    points = ((day_number(p.day), p.mean, p.lo80, p.hi80, p.lo95, p.hi95) for p in forecast.points)
    results.write_forecast(
        database, subject.key, day_number(forecast.until), forecast.model, points, made_at=datetime.now()
    )


def find_product(database: Database, words: str) -> int:
    """The product of that id, or else of that name, or else the only one whose name holds the words.

    Raises
    ------
    UnknownProduct
        There is none, or there are several.
    """
    products = catalog.read_products(database)
    roots = catalog.read_roots(database)
    if words.isdecimal() and int(words) in set(products["product_id"]):
        return int(roots[int(words)])
    names = products["name"].str.casefold()
    wanted = words.strip().casefold()
    for is_meant in (names == wanted, names.str.contains(wanted, regex=False)):
        found = sorted({int(roots[key]) for key in products.loc[is_meant, "product_id"]})
        if len(found) == 1:
            return found[0]
        if found:
            examples = ", ".join(products.loc[is_meant, "name"].head(3))
            raise UnknownProduct(
                _("«{words}» puede ser varios productos: {examples}.").format(words=words, examples=examples),
                _("Escribe el nombre completo o su número."),
            )
    raise _unknown(words)


def _unknown(words: str) -> UnknownProduct:
    return UnknownProduct(
        _("No hay ningún producto «{words}».").format(words=words),
        _("Mira los nombres en la página de productos."),
    )


def _read_family(database: Database, category: Category, first: int, last: int) -> Family:
    days = series.read_category_series(database, category, first, last)
    return Family(days, series.count_selling_products(database, category, last - _SELLING_DAYS + 1, last))


def _family_of(parts: series.SoldParts, category: Category, last: int) -> Family:
    """The same as `_read_family`, of what is already read."""
    return Family(parts.category_series(category), parts.count_selling(category, last - _SELLING_DAYS + 1))


def _write_weekly(database: Database, forecast: Forecast) -> None:
    """Keep the points unless a forecast of the last week is kept."""
    subject = Subject(Target.UNITS, product_id=forecast.product_id)
    last = day_number(forecast.until)
    kept = results.read_forecasts(database, subject.key, last)
    if kept.empty or int(kept["until"].max()) <= last - _WEEK:
        write_points(database, subject, forecast)
