"""Advice from the price board: prices worth changing, and costs that ate a margin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from colmado_insights.analytics.results import PriceBoard
from colmado_insights.config import Settings
from colmado_insights.domain import Reason
from colmado_insights.insights.actions.advice import GAIN_DAYS, MOST_OF_A_KIND, PROFIT, Advice, read_board
from colmado_insights.progress import Progress
from colmado_insights.storage.catalog import read_product_names
from colmado_insights.storage.database import Database

WEEKS = GAIN_DAYS / 7


def find_of_prices(
    database: Database, _settings: Settings, whole: date, _progress: Progress | None
) -> Iterator[Advice]:
    """What the kept board says is worth changing; its figures are per week."""
    board = read_board(database, "prices", whole, PriceBoard)
    if board is None:
        return
    names = read_product_names(database)
    yield from _alarms(board, names)
    yield from _changes(board, names)


def _alarms(board: PriceBoard, names: dict[int, str]) -> Iterator[Advice]:
    known = [alarm for alarm in board.alarms if alarm.product_id in names]
    for alarm in sorted(known, key=lambda each: -each.weekly_loss_cents)[:MOST_OF_A_KIND]:
        yield Advice(
            key=f"cost:{alarm.product_id}",
            what=Reason.of("follow_cost", product=names[alarm.product_id], cents=alarm.proposed_cents),
            why=Reason.of(
                "cost_rose", day=alarm.since.isoformat(), old_cents=alarm.old_cost_cents,
                new_cents=alarm.new_cost_cents, now_cents=alarm.price_cents,
            ),
            gain_cents=round(WEEKS * alarm.weekly_loss_cents),
            icon="triangle-alert",
            kind="cost",
            measure=f"product:{alarm.product_id}",
            page="prices",
            goal=PROFIT,
        )  # fmt: skip


def _changes(board: PriceBoard, names: dict[int, str]) -> Iterator[Advice]:
    found = []
    for advice in board.advices:
        gain = advice.profit_change if advice.goal == PROFIT else advice.revenue_change
        if advice.product_id in names and advice.optimal_cents != advice.current_cents and gain is not None:
            found.append((gain, advice))
    for gain, advice in sorted(found, key=lambda each: -each[0].mean)[:MOST_OF_A_KIND]:
        code = "raise_price" if advice.optimal_cents > advice.current_cents else "lower_price"
        yield Advice(
            key=f"price:{advice.product_id}",
            what=Reason.of(code, product=names[advice.product_id], cents=advice.optimal_cents),
            why=Reason.of(
                f"price_pays_{advice.goal}", now_cents=advice.current_cents,
                lo_cents=round(WEEKS * gain.lo), hi_cents=round(WEEKS * gain.hi),
            ),
            gain_cents=round(WEEKS * gain.mean),
            icon="coins",
            kind="price",
            measure=f"product:{advice.product_id}",
            page="prices",
            goal=advice.goal,
        )  # fmt: skip
