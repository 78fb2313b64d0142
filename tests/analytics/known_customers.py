"""Known customers whose visits and baskets follow a law we know: frames, and the law's truth beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.domain import (
    CATEGORIES,
    LINE_COLUMNS,
    PAYMENTS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    SaleKind,
    day_number,
)

UNTIL = date(2026, 6, 26)


@dataclass(frozen=True)
class Known:
    """Receipts and lines up to and beyond `until`, and each customer's last day of being one."""

    receipts: pd.DataFrame
    lines: pd.DataFrame
    left: np.ndarray

    def before(self, until: date) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The frames as they were known at the end of a day."""
        is_known = (self.receipts["sold_at"] // SECONDS_A_DAY <= day_number(until)).to_numpy()
        place = np.cumsum(is_known) - 1
        lines = self.lines[is_known[self.lines["receipt"]]]
        lines = lines.assign(receipt=place[lines["receipt"]]).reset_index(drop=True)
        return self.receipts[is_known].reset_index(drop=True), lines


def receipts_of(visits: list[tuple[int, int, int]], until: date = UNTIL) -> pd.DataFrame:
    """Receipts from (customer, days before `until`, cents); negative cents are a refund."""
    frame = pd.DataFrame(dict.fromkeys(RECEIPT_COLUMNS, 0), index=range(len(visits)))
    frame["sale_id"] = np.arange(len(visits)) + 1
    frame["sold_at"] = [(day_number(until) - ago) * SECONDS_A_DAY + 36_000 for _who, ago, _cents in visits]
    frame["has_time"] = True
    frame["kind"] = [SaleKind.REFUND if cents < 0 else SaleKind.SALE for _who, _ago, cents in visits]
    frame["total_cents"] = [cents for _who, _ago, cents in visits]
    frame["customer_id"] = [who for who, _ago, _cents in visits]
    return frame.astype(RECEIPT_COLUMNS)


def simulate(
    customers: int,
    *,
    days: int = 540,
    ahead: int = 180,
    mean_gap: float = 6.0,
    leave: float = 1 / 500,
    until: date = UNTIL,
    seed: int = 0,
) -> Known:
    """Customers who come at their own pace (gamma gaps), buy for about the same each time, and leave for good.

    `days` before `until` and `ahead` after it; `leave` is the chance a day of being lost.
    """
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, int, float, int]] = []
    left = np.empty(customers)
    last = day_number(until)
    for who in range(customers):
        pace = mean_gap * rng.lognormal(0, 0.6)
        basket = 300_00 * rng.lognormal(0, 0.5)
        day = last - days + rng.uniform(0, days * 0.6)
        left[who] = day + rng.exponential(1 / leave)
        while day <= min(left[who], last + ahead):
            rows.append((who + 1, int(day), basket * rng.lognormal(0, 0.4), int(rng.integers(1, 5))))
            day += max(1.0, rng.gamma(2.0, pace / 2.0))
    rows.sort(key=lambda row: (row[1], row[0]))
    count = np.array([row[3] for row in rows])
    receipts = receipts_of([(who, last - day, int(cents)) for who, day, cents, _lines in rows], until)
    receipts["payment"] = rng.integers(0, len(PAYMENTS), len(rows)).astype("int8")
    receipt = np.repeat(np.arange(len(rows)), count)
    lines = pd.DataFrame(dict.fromkeys(LINE_COLUMNS, 0), index=range(len(receipt)))
    lines["receipt"] = receipt
    lines["category"] = rng.integers(0, len(CATEGORIES), len(receipt))
    lines["product_id"] = lines["category"] * 10 + rng.integers(0, 10, len(receipt))
    lines["quantity_milli"] = 1000
    lines["amount_cents"] = (receipts["total_cents"].to_numpy() // count)[receipt]
    return Known(receipts, lines.astype(LINE_COLUMNS), left)
