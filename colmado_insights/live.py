"""Today as it happens: sums and a bounded stretch of receipts become the insights of this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

import msgspec
import pandas as pd

from colmado_insights import insights
from colmado_insights.analytics.day import compute_day
from colmado_insights.analytics.results import (
    DayView,
    LiveInsight,
    LiveType,
    NotEnough,
    Segments,
    Usual,
)
from colmado_insights.analytics.today import (
    compute_live,
    compute_rest_of_day,
    compute_traffic,
    merge_live,
)
from colmado_insights.config import Settings
from colmado_insights.domain import Category, Reason, Target, day_number, day_of, moment_of, wall_seconds
from colmado_insights.insights import calendar
from colmado_insights.storage import results, sales
from colmado_insights.storage.database import Database

HISTORY_DAYS = 60
"""Days with data behind "usual": twice the thirty that count, as some weekdays may be closed."""


@dataclass(frozen=True)
class CashierView:
    """What the cashier's panel shows: no money, no margins."""

    state: str  # busy | normal | slow | unknown | clock
    now_count: int
    usual: Usual | None
    expected: tuple[Category, ...]
    suggestion: Reason | None
    last_sale: datetime | None


class LiveFeed:
    """Answers about this moment; keeps the days before today in memory while they do not change."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._past: tuple[tuple[int, ...], pd.DataFrame] | None = None

    def read_day(self, now: datetime) -> DayView | NotEnough:
        """The day of `now` against what is usual; the last day with sales when today has none yet."""
        last = sales.read_last_day(self._database, now.date())
        if last is None:
            return NotEnough(needed=1, have=0, unit="receipts")
        if day_of(last) != now.date():
            now = datetime.combine(day_of(last), time(23, 59, 59))
        return compute_day(self._history(now), now, calendar(self._settings))

    def read_live(self, now: datetime, *, is_replay: bool = False) -> tuple[LiveInsight, ...]:
        """The insights that stand at `now`: replaced, never repeated, gone when they expire.

        A replay of a past moment sees no sale after it and leaves the kept insights alone.
        """
        history = self._history(now)
        if is_replay:
            history = history[history["sold_at"] <= wall_seconds(now)]
        found = compute_live(
            history,
            now,
            calendar(self._settings),
            segments=self._segments(now),
            rest_forecast_cents=self._rest(history, now),
        )
        if is_replay:
            return found
        before = tuple(msgspec.convert(body, LiveInsight) for body in results.read_insights(self._database))
        standing = merge_live(before, found, now)
        if standing != before:
            results.write_insights(
                self._database,
                (
                    (live.type, live.subject, live.created_at, live.expires_at, msgspec.to_builtins(live))
                    for live in standing
                ),
            )
        return standing

    def read_cashier(self, now: datetime) -> CashierView:
        """What the cashier needs to know now."""
        history = self._history(now)
        live = self.read_live(now)
        traffic = compute_traffic(history, now, calendar(self._settings))
        subjects = {insight.type: insight for insight in reversed(live)}
        if LiveType.CLOCK in subjects:
            state = "clock"
        elif LiveType.TRAFFIC in subjects:
            state = subjects[LiveType.TRAFFIC].subject
        else:
            state = "normal" if traffic.usual else "unknown"
        demand = [insight for insight in live if insight.type is LiveType.PRODUCT_DEMAND]
        last = sales.read_last_moment(self._database)
        return CashierView(
            state=state,
            now_count=traffic.count,
            usual=traffic.usual,
            expected=_expected(demand),
            suggestion=_suggestion(demand),
            last_sale=None if last is None else moment_of(last),
        )

    def _history(self, now: datetime) -> pd.DataFrame:
        """Receipts of the last days with data, and everything from today on.

        The daily sums, kept with every write, tell whether the days read before still stand.
        """
        today = day_number(now.date())
        daily = sales.read_daily(self._database, last=today - 1).tail(HISTORY_DAYS)
        if daily.empty:
            return sales.read_receipts(self._database, today, 2**31)
        first, last = int(daily["day"].iloc[0]), int(daily["day"].iloc[-1])
        mark = (first, last, *(int(daily[name].sum()) for name in ("receipts", "lines", "revenue_cents")))
        if self._past is None or self._past[0] != mark:
            self._past = (mark, sales.read_receipts(self._database, first, last))
        current = sales.read_receipts(self._database, last + 1, 2**31)
        return pd.concat([self._past[1], current], ignore_index=True) if len(current) else self._past[1]

    def _segments(self, now: datetime) -> Segments | NotEnough | None:
        """The segments of the days before today: the kept ones, made anew when a day was added to them."""
        whole = insights.yesterday(now)
        last = sales.read_last_day(self._database, whole)
        body = results.read_latest_result(self._database, "segments", day_number(now.date()))
        if body is not None:
            kept = msgspec.convert(body, Segments)
            if last is None or day_number(kept.until) >= last:
                return kept
        return insights.find_segments(self._database, self._settings, whole)

    def _rest(self, history: pd.DataFrame, now: datetime) -> float | None:
        """Revenue still to come today by the forecast; None without one."""
        mean = results.read_forecast_mean(self._database, Target.REVENUE, day_number(now.date()))
        if mean is None:
            return None
        return compute_rest_of_day(history, now, calendar(self._settings), mean)


def _expected(demand: list[LiveInsight]) -> tuple[Category, ...]:
    """The families most asked for at this hour, at most three, each once."""
    wanted = (name for insight in demand for name in insight.message["categories"])
    return tuple(Category(name) for name in dict.fromkeys(wanted) if name != Category.OTHER)[:3]


def _suggestion(demand: list[LiveInsight]) -> Reason | None:
    """What goes with what people buy at this hour."""
    return next((why for insight in demand for why in insight.why if why.code == "usual_pair"), None)
