"""Make up the sales of a shop, one stage after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from colmado_insights.domain import (
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    day_number,
    day_of,
)
from colmado_insights.progress import Progress
from colmado_insights.sample_shop.basket import make_picks, price_lines
from colmado_insights.sample_shop.catalogue import (
    make_catalogue,
    pos_categories,
    read_products,
)
from colmado_insights.sample_shop.chance import stream
from colmado_insights.sample_shop.day import make_days
from colmado_insights.sample_shop.habit import add_habits, follow_tastes, make_ways
from colmado_insights.sample_shop.parameters import ShopParameters
from colmado_insights.sample_shop.receipt import limited, make_frames, only
from colmado_insights.sample_shop.truth import make_truth
from colmado_insights.sample_shop.visit import make_customers, make_visits
from colmado_insights.text import _

DEMO_DAYS = 400
"""Long enough for every holiday, a December and a Semana Santa."""
DEMO_SEED = 1997


@dataclass(frozen=True)
class SampleShop:
    """The sales of a made-up shop, with its hidden truth.

    `receipts` has RECEIPT_COLUMNS and `number` (the till's running number), `cancelled`,
    `customer` (name or ""), `mission` (why they came: position in `parameters.missions`), `gross_cents`,
    `discount_cents` and `cost_cents` (as positive amounts); `lines` has LINE_COLUMNS and the same amounts a line, and `by_amount`.
    Cancelled receipts are in both with their full amounts. `first_day` is the first with sales. Row i of `products` is the
    product with id i + 1.
    """

    receipts: pd.DataFrame
    lines: pd.DataFrame
    products: pd.DataFrame
    truth: dict[str, Any]
    parameters: ShopParameters
    first_day: date
    last_day: date

    @cached_property
    def sales(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Receipts and lines as analytics takes them: declared columns only, cancelled ones left out."""
        receipts, lines = only(self.receipts, self.lines, ~self.receipts["cancelled"].to_numpy())
        return receipts[list(RECEIPT_COLUMNS)], lines[list(LINE_COLUMNS)]


def generate(
    parameters: ShopParameters,
    *,
    last_day: date,
    days: int = DEMO_DAYS,
    seed: int = DEMO_SEED,
    until: time | None = None,
    progress: Progress | None = None,
) -> SampleShop:
    """Make up the sales of the `days` days that end with `last_day`.

    `until` cuts the last day short, as a till looks in the middle of a day. What the bar
    sells after midnight of the last day belongs to a day that has not come, and is left out.
    """
    step = _Steps(progress or Progress(), total=8)
    days_made = make_days(parameters, last_day - timedelta(days=days - 1), last_day, stream(seed, 1))
    step()
    products = read_products()
    catalogue = make_catalogue(parameters, products, len(days_made.numbers), seed)
    step()
    customers = make_customers(parameters, days_made, stream(seed, 4))
    visits = make_visits(parameters, days_made, customers, seed)
    step()
    picks = make_picks(parameters, days_made, catalogue, visits, seed)
    step()
    ways = make_ways(parameters, catalogue, customers, seed)
    picks = follow_tastes(parameters, catalogue, visits, picks, ways, seed)
    lines = price_lines(parameters, catalogue, visits, picks, stream(seed, 9))
    lines = add_habits(parameters, catalogue, visits, lines, ways, seed)
    step()
    receipts, frame = make_frames(parameters, days_made, catalogue, customers, visits, lines, seed)
    step()
    # Cut only now: the shop seen at noon is the beginning of the shop seen at night.
    end = _end_of(last_day, until)
    receipts, frame = only(receipts, frame, (receipts["sold_at"] < end).to_numpy())
    receipts, frame = limited(receipts, frame, parameters.max_lines)
    step()
    products = products.assign(pos_category=pos_categories(parameters.pos, products, stream(seed, 12)))
    truth = make_truth(
        parameters, days_made, catalogue, customers, ways, products, receipts, frame, seed, end
    )
    step()
    first_day = day_of(receipts["sold_at"].min() // SECONDS_A_DAY) if len(receipts) else last_day
    return SampleShop(receipts, frame, products, truth, parameters, first_day, last_day)


class _Steps:
    """Counts the stages of the generator, each a cancel point."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self) -> None:
        self._done += 1
        self._progress.step(self._done, self._total, _("Inventando las ventas de un colmado"))


def _end_of(last_day: date, until: time | None) -> int:
    """First second, of the wall clock, that is no longer part of the shop's history."""
    midnight = (day_number(last_day) + 1) * SECONDS_A_DAY
    if until is None:
        return midnight
    return midnight - SECONDS_A_DAY + until.hour * 3600 + until.minute * 60 + until.second
