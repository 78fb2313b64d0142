"""Advice from the care of products: what sleeps on the shelf, and what is about to run out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from colmado_insights.analytics.results import CareBoard, Estimate, ProductCare
from colmado_insights.config import Settings
from colmado_insights.domain import Reason
from colmado_insights.insights.actions.advice import (
    NAMED,
    PROFIT,
    REVENUE,
    TOLD_SINGLY,
    Advice,
    part_singly,
    read_board,
)
from colmado_insights.insights.care import CARE
from colmado_insights.progress import Progress
from colmado_insights.storage.catalog import read_product_names
from colmado_insights.storage.database import Database

SOLD_OFF = 0.25
"""Assumed share of sleeping stock that an offer turns into money in two weeks, at cost; said beside the gain."""
LEAST_ASLEEP_CENTS = 500_00
FEW_DAYS = 4.0
EMPTY_DAYS = 3
"""Assumed days that a shelf stays empty when nobody orders in time; said beside the gain."""
OLD_COUNT_DAYS = 14
"""A count that is older may have missed a delivery: nothing is said of running out."""
LEAST_STOPPED = 3


def find_of_shelf(
    database: Database, _settings: Settings, whole: date, _progress: Progress | None
) -> Iterator[Advice]:
    """What sleeps and what runs out, by the kept board."""
    board = read_board(database, CARE, whole, CareBoard)
    if board is None:
        return
    names = read_product_names(database)
    known = [product for product in board.products if product.product_id in names]
    yield from _asleep(known, names)
    yield from _running_out(known, names, board)


def _asleep(products: list[ProductCare], names: dict[int, str]) -> Iterator[Advice]:
    """The dead products that most money sleeps in; where no stock is known, only that they stopped."""
    worth = [each for each in products if (each.asleep_cents or 0) >= LEAST_ASLEEP_CENTS]
    singly, together = part_singly(sorted(worth, key=lambda each: -(each.asleep_cents or 0)))
    for product in singly:
        cents = product.asleep_cents or 0
        yield Advice(
            key=f"asleep:{product.product_id}",
            what=Reason.of("sell_off_product", product=names[product.product_id]),
            why=Reason.of("product_asleep", days=product.quiet_days, cents=cents, share=SOLD_OFF),
            gain_cents=round(SOLD_OFF * cents),
            icon="moon",
            kind="asleep",
            measure=f"product:{product.product_id}",
            page="products",
        )
    if together:
        cents = sum(product.asleep_cents or 0 for product in together)
        yield Advice(
            key="sleepers",
            what=Reason.of("sell_off_products", count=len(together)),
            why=Reason.of("products_asleep", names=_name_first(together, names), cents=cents, share=SOLD_OFF),
            gain_cents=round(SOLD_OFF * cents),
            icon="moon",
            kind="asleep",
            page="products",
        )
    stopped = [each for each in products if each.is_dead and each.stock_milli is None]
    if not worth and len(stopped) >= LEAST_STOPPED:
        yield Advice(
            key="stopped",
            what=Reason.of("look_at_stopped", count=len(stopped)),
            why=Reason.of("products_stopped"),
            gain_cents=None,
            icon="moon",
            kind="asleep",
            page="products",
        )


def _running_out(products: list[ProductCare], names: dict[int, str], board: CareBoard) -> Iterator[Advice]:
    """The products worth having that are sold out in days."""
    found = []
    for product in products:
        left = product.days_left
        is_fresh = not any(reason.code in ("care_stock_old", "care_stock_gone") for reason in product.reasons)
        is_counted_lately = product.stock_age_days is not None and product.stock_age_days <= OLD_COUNT_DAYS
        if left is None or not is_fresh or not is_counted_lately or left.mean > FEW_DAYS:
            continue
        earned = product.revenue_cents if product.margin_cents is None else product.margin_cents
        lost = round(earned / board.window_days * EMPTY_DAYS)
        if product.abc != "C" and lost > 0:
            found.append((lost, product, left))
    found.sort(key=lambda each: -each[0])
    if len(found) > TOLD_SINGLY:
        yield _order(found, names, board.until)
        return
    for lost, product, left in found:
        day = board.until + timedelta(days=max(1, round(left.mean)))
        yield Advice(
            key=f"restock:{product.product_id}",
            what=Reason.of("restock_product", product=names[product.product_id]),
            why=Reason.of("product_runs_out", day=day.isoformat(), days=EMPTY_DAYS),
            gain_cents=lost,
            icon="package",
            kind="restock",
            page="products",
            goal=REVENUE if product.margin_cents is None else PROFIT,
        )


def _order(found: Sequence[tuple[int, ProductCare, Estimate]], names: dict[int, str], until: date) -> Advice:
    """All of them in one order; next week's is another."""
    products = [product for _lost, product, _left in found]
    week = until.isocalendar()
    return Advice(
        key=f"restock:{week.year}-{week.week:02d}",
        what=Reason.of("restock_products", count=len(products)),
        why=Reason.of("products_run_out", names=_name_first(products, names), days=EMPTY_DAYS),
        gain_cents=sum(lost for lost, _product, _left in found),
        icon="package",
        kind="restock",
        page="products",
        goal=REVENUE if any(product.margin_cents is None for product in products) else PROFIT,
    )


def _name_first(products: Sequence[ProductCare], names: dict[int, str]) -> str:
    """The first of many."""
    return ", ".join(names[product.product_id] for product in products[:NAMED])
