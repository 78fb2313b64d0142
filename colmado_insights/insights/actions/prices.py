"""Advice from the price board: prices worth changing, and costs that ate a margin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from colmado_insights.analytics.results import CostAlarm, Estimate, PriceAdvice, PriceBoard
from colmado_insights.config import Settings
from colmado_insights.domain import Reason
from colmado_insights.insights.actions.advice import (
    GAIN_DAYS,
    MOST_OF_A_KIND,
    NAMED,
    PROFIT,
    Advice,
    part_singly,
    read_board,
)
from colmado_insights.progress import Progress
from colmado_insights.storage import advices
from colmado_insights.storage.catalog import read_product_names, read_products
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
    yield from _changes(board, names, _read_categories(database), _read_tried(database))


def _alarms(board: PriceBoard, names: dict[int, str]) -> Iterator[Advice]:
    known = [alarm for alarm in board.alarms if alarm.product_id in names]
    singly, together = part_singly(sorted(known, key=lambda each: -each.weekly_loss_cents))
    for alarm in singly:
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
    if together:
        yield _as_one(together, names)


def _as_one(alarms: Sequence[CostAlarm], names: dict[int, str]) -> Advice:
    """The costs that rose less, in one advice."""
    loss = sum(alarm.weekly_loss_cents for alarm in alarms)
    return Advice(
        key="costs",
        what=Reason.of("follow_costs", count=len(alarms)),
        why=Reason.of(
            "costs_rose", names=", ".join(names[alarm.product_id] for alarm in alarms[:NAMED]), cents=loss
        ),
        gain_cents=round(WEEKS * loss),
        icon="triangle-alert",
        kind="cost",
        page="prices",
        goal=PROFIT,
    )


def _read_categories(database: Database) -> dict[int, int]:
    products = read_products(database)
    return dict(zip(products["product_id"].tolist(), products["category"].tolist(), strict=True))


def _read_tried(database: Database) -> frozenset[int]:
    """Products whose price was changed as advised and is not judged yet."""
    return frozenset(
        int(key.removeprefix("price:").partition("#")[0])
        for key, answer in advices.read_answers(database).items()
        if key.startswith("price:") and answer.is_done and not answer.is_judged
    )


def _changes(
    board: PriceBoard, names: dict[int, str], categories: dict[int, int], tried: frozenset[int]
) -> Iterator[Advice]:
    """The next step towards the best price of a few products.

    One at a time in a family: buyers go from one beer to another, and two prices changed at once cannot be told apart.
    """
    steps = [
        (advice.step_change, advice)
        for advice in board.advices
        if advice.product_id in names and advice.step_change is not None and advice.step_change.lo > 0
    ]
    busy = {categories.get(product) for product in tried}
    first_of: dict[int | None, tuple[Estimate, PriceAdvice]] = {}
    for gain, advice in sorted(steps, key=lambda each: -each[0].mean):
        if (category := categories.get(advice.product_id)) not in busy:
            first_of.setdefault(category, (gain, advice))
    for gain, advice in list(first_of.values())[:MOST_OF_A_KIND]:
        code = "raise_price" if advice.step_cents > advice.current_cents else "lower_price"
        is_last = advice.step_cents == advice.optimal_cents
        yield Advice(
            key=f"price:{advice.product_id}",
            what=Reason.of(code, product=names[advice.product_id], cents=advice.step_cents),
            why=Reason.of(
                f"price_pays_{advice.goal}" if is_last else f"price_step_{advice.goal}",
                now_cents=advice.current_cents, lo_cents=round(WEEKS * gain.lo), hi_cents=round(WEEKS * gain.hi),
                **({} if is_last else {"best_cents": advice.optimal_cents}),
            ),
            gain_cents=round(WEEKS * gain.mean),
            icon="coins",
            kind="price",
            measure=f"product:{advice.product_id}",
            page="prices",
            goal=advice.goal,
        )  # fmt: skip
