"""What to charge: all products' advice at once, kept for the night's data, and one product out of it."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime

import numpy as np

from colmado_insights.analytics.elasticity import HISTORY_DAYS
from colmado_insights.analytics.price_board import compute_price_board
from colmado_insights.analytics.results import NotEnough, PriceAdvice, PriceBoard, PriceWeek
from colmado_insights.config import Settings
from colmado_insights.domain import day_number, day_of
from colmado_insights.insights.closing import read_whole_day
from colmado_insights.insights.keeping import calendar, kept, read_until, shop_parameters
from colmado_insights.progress import Progress
from colmado_insights.storage import catalog, price_days, products, sales, series
from colmado_insights.storage.database import Database

WEEKS = 104
"""So many weeks back a product's price is shown."""


def find_prices(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> PriceBoard | NotEnough:
    """All products' advice from the sales up to the last whole day, or up to `as_of`."""
    until = read_whole_day(database, datetime.now()) if as_of is None else read_until(database, as_of)
    if until is None:
        return NotEnough(needed=1, have=0, unit="sales")
    last = day_number(until)
    first = last - HISTORY_DAYS + 1

    def make() -> PriceBoard | NotEnough:
        return compute_price_board(
            price_days.read_price_days(database, first, last, progress),
            sales.read_daily(database, first, last),
            until=until,
            days=calendar(settings),
            grid_pesos=settings.price_grid_pesos,
            progress=progress,
        )

    # Costs that the owner or a list tells change no sale, but every advice.
    parameters = f"{shop_parameters(settings)} {price_days.read_costs_state(database)}"
    return kept(database, "prices", until, parameters, PriceBoard, make, progress)


def find_price_advice(
    database: Database,
    settings: Settings,
    product_id: int,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> PriceAdvice | NotEnough:
    """The advice on one product; NotEnough says by its unit why there is none (see `why_refused`)."""
    board = find_prices(database, settings, as_of, progress)
    if isinstance(board, NotEnough):
        return board
    roots = catalog.read_roots(database)
    product = int(roots[product_id]) if 0 < product_id < len(roots) else product_id
    for advice in board.advices:
        if advice.product_id == product:
            return advice
    for refusal in board.refusals:
        if refusal.product_id == product:
            return refusal.why
    return NotEnough(needed=1, have=0, unit="sales", until=board.until)


def read_price_weeks(database: Database, product_id: int, as_of: date | None = None) -> tuple[PriceWeek, ...]:
    """The whole weeks of one product, Monday to Sunday, up to two years back: units sold and the price."""
    until = read_until(database, as_of)
    if until is None:
        return ()
    last = day_number(until)
    monday = last - (last + 3) % 7  # of the week that is not over, unless `until` is its Sunday
    end = monday + 7 if last == monday + 6 else monday
    sold = series.read_product_series(database, product_id, end - WEEKS * 7, end - 1)
    if sold.empty:
        return ()
    day = sold["day"].to_numpy()
    first = int(day[0]) - (int(day[0]) + 3) % 7
    units = np.bincount((day - first) // 7, sold["units_milli"].to_numpy(), (end - first) // 7)
    changes = products.read_price_history(database, product_id)
    days = [day_number(change.day) for change in changes]
    found = []
    for week, milli in enumerate(units.tolist()):
        monday = first + week * 7
        place = bisect_right(days, monday + 6)
        price = changes[place - 1].price_cents if place else None
        found.append(PriceWeek(day_of(monday), round(max(milli, 0.0) / 1000, 3), price))
    return tuple(found)


def refresh_prices(database: Database, settings: Settings, now: datetime, progress: Progress) -> int:
    """Have the advice up to the last whole day ready; returns how many products were judged."""
    until = read_whole_day(database, now)
    found = None if until is None else find_prices(database, settings, until, progress)
    return found.judged if isinstance(found, PriceBoard) else 0
