"""What is usual at this time of this weekday, and whether the shop is open at it.

*Usual* is the mean over the same weekday and the same clock window of the last 30 days
with data. Days the shop was closed are not in it, holidays only when today is one; with
fewer than three such days all weekdays stand in, and with fewer than three of those
nothing is usual.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import Usual
from colmado_insights.domain import (
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Reason,
    SaleKind,
    day_of,
    wall_seconds,
    weekday_of,
)

HISTORY_COLUMNS: dict[str, str] = {
    name: RECEIPT_COLUMNS[name] for name in ("sold_at", "has_time", "kind", "total_cents")
}
"""What is asked of a receipt here; a frame with all RECEIPT_COLUMNS will do."""

USUAL_DAYS = 30
"""Days with data that stand behind "usual"; give twice as many, some weekdays may have been closed."""
LEAST_USUAL_DAYS = 3
_FULL_DAYS = 4.0  # the same weekday comes four times in thirty days
_OTHER_WEEKDAY_WORTH = 0.5
_OPENING_PIVOT_SECONDS = 4 * 3600  # the hour at which even a colmadón sleeps

# Student's t at 0.90 for 1, 2, … 29 degrees of freedom: 80 % of new days fall inside.
_T90 = (
    3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341,
    1.337, 1.333, 1.330, 1.328, 1.325, 1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts as arrays of one length: wall-clock seconds, cents, and whether it was a sale."""

    sold_at: np.ndarray
    cents: np.ndarray
    is_sale: np.ndarray

    def take(self, mask: np.ndarray) -> Receipts:
        """The receipts of the mask."""
        return Receipts(self.sold_at[mask], self.cents[mask], self.is_sale[mask])

    @property
    def day(self) -> np.ndarray:
        """Day number of each receipt."""
        return self.sold_at // SECONDS_A_DAY

    @property
    def second(self) -> np.ndarray:
        """Second of the day of each receipt."""
        return self.sold_at % SECONDS_A_DAY


@dataclass(frozen=True, slots=True)
class Timeline:
    """Receipts in the order of the clock: how many, and how much, between any two moments at once."""

    sold_at: np.ndarray  # ascending
    cents_before: np.ndarray  # of the receipts before each position; one longer

    @classmethod
    def of(cls, receipts: Receipts) -> Timeline:
        """The receipts in order."""
        order = np.argsort(receipts.sold_at, kind="stable")
        return cls(receipts.sold_at[order], np.concatenate(([0], np.cumsum(receipts.cents[order]))))

    def sums(self, after: np.ndarray, until: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Receipts and cents later than `after` and not later than `until`, for each pair of moments."""
        first = np.searchsorted(self.sold_at, after, side="right")
        end = np.searchsorted(self.sold_at, until, side="right")
        return end - first, self.cents_before[end] - self.cents_before[first]


@dataclass(frozen=True, slots=True)
class UsualDays:
    """The days behind "usual", ascending day numbers, and which rule chose them."""

    numbers: np.ndarray
    reason: Reason
    worth: float  # in same weekdays

    def positions(self, day: np.ndarray) -> np.ndarray:
        """Position of each day number among the usual days, -1 for any other day."""
        place = np.searchsorted(self.numbers, day)
        place[place == self.numbers.size] = 0
        return np.where(self.numbers[place] == day, place, -1)

    def confidence(self, full: float) -> float:
        """`full` with four same weekdays or more, in proportion below; other weekdays count half."""
        return round(full * min(1.0, self.worth / _FULL_DAYS), 3)


def get_receipts(history: pd.DataFrame) -> tuple[Receipts, Receipts]:
    """All receipts of a frame with HISTORY_COLUMNS as arrays, and those of them that have a time."""
    check_frame(history, HISTORY_COLUMNS, "history")
    everything = Receipts(
        sold_at=history["sold_at"].to_numpy(),
        cents=history["total_cents"].to_numpy(),
        is_sale=history["kind"].to_numpy() == SaleKind.SALE,
    )
    return everything, everything.take(history["has_time"].to_numpy())


@dataclass(frozen=True, slots=True)
class CandidateDays:
    """The last days with data that may stand behind "usual", ascending, and the weekday that is asked for."""

    numbers: np.ndarray
    weekday: int

    def choose(self, has: np.ndarray | None = None) -> UsualDays | None:
        """The same weekday where it came three times, else all; only days that `has` something to compare."""
        numbers = self.numbers if has is None else self.numbers[has]
        same = numbers[(numbers + 4) % 7 == self.weekday]
        if same.size >= LEAST_USUAL_DAYS:
            reason = Reason.of("usual_same_weekday", days=int(same.size), weekday=self.weekday)
            return UsualDays(same, reason, same.size)
        if numbers.size >= LEAST_USUAL_DAYS:
            reason = Reason.of("usual_all_weekdays", days=int(numbers.size))
            return UsualDays(numbers, reason, numbers.size * _OTHER_WEEKDAY_WORTH)
        return None


def get_candidate_days(past: Receipts, today: int, days: DominicanDays) -> CandidateDays:
    """The last thirty days with data before `today`, without holidays unless today is one."""
    numbers = np.unique(past.day[past.is_sale])[-USUAL_DAYS:]
    if days.holiday(day_of(today)) is None:
        numbers = numbers[[days.holiday(day_of(number)) is None for number in numbers.tolist()]]
    return CandidateDays(numbers, weekday_of(today))


def get_usual_days(past: Receipts, today: int, days: DominicanDays) -> UsualDays | None:
    """The days behind "usual" for `today`; None when there are too few."""
    return get_candidate_days(past, today, days).choose()


def get_usual(values: np.ndarray) -> Usual:
    """Mean of n days, and the interval in which 80 % of further such days fall; n is at least 3."""
    n = values.size
    mean = float(values.mean())
    half = _T90[n - 2] * float(values.std(ddof=1)) * (1 + 1 / n) ** 0.5
    return Usual(mean=mean, lo=max(0.0, mean - half), hi=mean + half, days=n)


def is_shop_open(history: pd.DataFrame, now: datetime) -> bool:
    """Tell whether the shop is open, as far as its sales can tell.

    Parameters
    ----------
    history : DataFrame
        HISTORY_COLUMNS, as in `compute_live`.
    now : datetime
        Naive wall-clock time.

    Returns
    -------
    bool
        True when something was sold since the day began, and at least half of the usual days (same
        weekday, else all, at least three) were between their first and their last sale at this time. Here
        days run from four in the morning, so that a colmadón is open past midnight.
    """
    moment = wall_seconds(now)
    _everything, timed = get_receipts(history)
    return is_open_at(timed.take(timed.is_sale & (timed.sold_at <= moment)), moment)


def is_open_at(sales: Receipts, moment: int) -> bool:
    """Tell what `is_shop_open` tells, from the sales up to the moment as arrays."""
    return OpenDays.of(sales.sold_at).is_open(moment)


@dataclass(frozen=True, slots=True)
class OpenDays:
    """When each day, from four to four, saw its first and its last sale."""

    numbers: np.ndarray  # ascending
    first: np.ndarray  # seconds after four
    last: np.ndarray

    @classmethod
    def of(cls, sold_at: np.ndarray) -> OpenDays:
        """The days of these moments of sale, in any order."""
        day, second = np.divmod(sold_at - _OPENING_PIVOT_SECONDS, SECONDS_A_DAY)
        numbers, position = np.unique(day, return_inverse=True)
        first = np.full(numbers.size, SECONDS_A_DAY)
        last = np.full(numbers.size, -1)
        np.minimum.at(first, position, second)
        np.maximum.at(last, position, second)
        return cls(numbers, first, last)

    def is_open(self, moment: int) -> bool:
        """Tell whether the shop is open at a moment; sales after it are passed over."""
        today, now_second = divmod(moment - _OPENING_PIVOT_SECONDS, SECONDS_A_DAY)
        place = int(np.searchsorted(self.numbers, today))
        if place == self.numbers.size or self.numbers[place] != today or self.first[place] > now_second:
            return False
        before = slice(max(0, place - USUAL_DAYS), place)
        was_open = (self.first[before] <= now_second) & (now_second <= self.last[before])
        same = was_open[(self.numbers[before] - today) % 7 == 0]
        chosen = same if same.size >= LEAST_USUAL_DAYS else was_open
        return bool(chosen.size >= LEAST_USUAL_DAYS and chosen.mean() >= 0.5)
