"""Sales at the till whose days are plainly alike, as the tests of live insights and of single days want them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd

from colmado_insights.analytics.usual import HISTORY_COLUMNS
from colmado_insights.domain import SaleKind, wall_seconds

FRIDAY = date(2026, 6, 26)  # in the middle of the pay cycle
Sale = tuple[datetime, int]


def make_history(sales: list[Sale], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "sold_at": [wall_seconds(moment) for moment, _cents in sales],
            "has_time": True,
            "kind": int(SaleKind.SALE),
            "total_cents": [cents for _moment, cents in sales],
        }
    ).assign(**columns)
    return frame.astype(HISTORY_COLUMNS)


def sales_of(day: date, hourly: int, cents: int = 100_00, hours: range = range(8, 22)) -> list[Sale]:
    """So many sales in each hour of a day, spread over its first half."""
    midnight = datetime.combine(day, datetime.min.time())
    return [
        (midnight + timedelta(hours=hour, seconds=1800 * i // hourly), cents)
        for hour in hours
        for i in range(hourly)
    ]


def usual_weeks(hourly: int = 10, days: int = 42, **sales: object) -> list[Sale]:
    """Every hour of every day before Friday alike."""
    return [
        sale
        for back in range(1, days + 1)
        for sale in sales_of(FRIDAY - timedelta(days=back), hourly, **sales)
    ]
