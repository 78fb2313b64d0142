"""The clock of a shop's days: what share of such a day is usually sold by now, in each hour, and still to come.

The share is that of the same weekday in the last days, leaning on all weekdays while these are few. How far
days lie apart at this time of the day is measured on those same days, and never less than counting alone gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.effects import WEEK, BoolArray, FloatArray, IntArray
from colmado_insights.analytics.normal import LEAST_DAYS, NormalDays, Quantiles
from colmado_insights.analytics.results import Normal, Usual
from colmado_insights.analytics.usual import Receipts
from colmado_insights.domain import day_of

HOURS = 24
_TIMED_SHARE = 0.5
_LEAN_DAYS = 2.0
"""All weekdays together count like so many days of the weekday itself."""
_SCATTER_WORTH = 8.0
_DONE = 0.995
"""When so much of such a day is usually sold, the day is compared as a whole."""
_WILDEST_PURCHASE = 0.995
_Z80 = 1.2816


@dataclass(frozen=True)
class Expected:
    """What was expected of each of the last days as a whole, and what is of today, with its doubt in logs."""

    model: NormalDays
    wholes: FloatArray
    today: float
    doubt: float

    @classmethod
    def of(cls, model: NormalDays, numbers: IntArray, today: int) -> Expected:
        """Ask a model once for all these days."""
        first = int(numbers[0])
        means, doubts = model.expect(day_of(first), day_of(today))
        return cls(model, means[numbers - first], float(means[-1]), float(doubts[-1]))


@dataclass(frozen=True)
class DayPart:
    """One stretch of the clock on each of the last days: what was sold in it, and in the whole day."""

    numbers: IntArray
    parts: FloatArray
    wholes: FloatArray
    today: int

    def shares(self) -> FloatArray:
        """Share of the day that falls into the stretch, by weekday; shape (7,)."""
        weekday = (self.numbers + 4) % WEEK
        parts = np.bincount(weekday, self.parts, WEEK)
        wholes = np.bincount(weekday, self.wholes, WEEK)
        total = float(wholes.sum())
        if total <= 0:
            return np.zeros(WEEK)
        lean = _LEAN_DAYS * total / len(self.numbers)
        shares: FloatArray = (parts + lean * float(parts.sum()) / total) / (np.maximum(wholes, 0.0) + lean)
        return np.clip(shares, 0.0, 1.0)

    def share(self) -> float:
        """Share of a day like today."""
        return float(self.shares()[(self.today + 4) % WEEK])

    def cut(self, whole: Expected) -> Normal:
        """What is normal in the stretch today, by what is normal for the whole day."""
        model, noise, each = whole.model, whole.model.effects_.noise_, whole.model.effects_.receipts_each_
        expected = self._expected(whole)
        known = expected > 0
        quantiles, chance = model.quantiles_, noise.excess**2
        if known.any():
            rest = self.parts[known] / expected[known] - 1
            counted = noise.floor / np.maximum(expected[known] * each, 0.5)
            seen = (1.4826 * float(np.median(np.abs(rest)))) ** 2 - float(counted.mean())
            chance = _lean(max(seen, 0.0), int(known.sum()), chance)
            quantiles = Quantiles.of(self.numbers[known], rest / np.sqrt(chance + counted))
        share = self.share()
        chance += noise.floor / max(share * whole.today * each, 0.5)
        return model.cut(day_of(self.today), share, chance * self._share_doubt(), quantiles)

    def band(self, whole: Expected) -> Usual:
        """What is normal to count in a short stretch: Poisson's scatter and that of the days."""
        expected, mean = self._expected(whole), whole.today * self.share()
        beyond = float(((self.parts - expected) ** 2 - expected).sum()) / max(
            float((expected**2).sum()), 1e-9
        )
        day_scatter = whole.model.effects_.noise_.excess**2
        chance = _lean(max(beyond, 0.0), len(self.numbers), day_scatter) + whole.doubt**2
        # On the scale of roots a count scatters alike whatever its size (Anscombe, Biometrika 35, 1948).
        middle = (mean + 0.375) ** 0.5
        half = _Z80 / 2 * ((1 + chance * mean) * self._share_doubt()) ** 0.5
        low, high = (max(middle - half, 0.375**0.5) ** 2 - 0.375, (middle + half) ** 2 - 0.375)
        return Usual(mean=mean, lo=min(max(low, 0.0), mean), hi=max(high, mean), days=len(self.numbers))

    def _expected(self, whole: Expected) -> FloatArray:
        """What was to be expected in the stretch on each of the last days."""
        return np.asarray(whole.wholes * self.shares()[(self.numbers + 4) % WEEK], dtype=np.float64)

    def _share_doubt(self) -> float:
        """By how much the variance grows because the share is known from so few days only.

        Those few days lie nearer to their own mean than the next one will: twice so, once for each side.
        """
        few = 1 / (int(((self.numbers - self.today) % WEEK == 0).sum()) + _LEAN_DAYS)
        return (1 + few) / (1 - few)


def _lean(seen: float, days: int, whole_day: float) -> float:
    """A variance seen on so many days, pulled towards that of the whole day."""
    return (days * seen + _SCATTER_WORTH * whole_day) / (days + _SCATTER_WORTH)


@dataclass(frozen=True)
class DayClock:
    """The last days by the clock, cut at a second of the day: one value a day, and counts by hour."""

    today: int
    second: int
    numbers: IntArray
    receipts: tuple[FloatArray, FloatArray]  # up to the second, of the whole day
    revenue: tuple[FloatArray, FloatArray]
    sold: tuple[FloatArray, FloatArray]  # cents, refunds not counted
    by_hour: FloatArray  # (days, 24)
    scatter: float  # relative variance of one purchase

    @classmethod
    def of(
        cls, everything: Receipts, timed: Receipts, today: int, second: int, days: DominicanDays
    ) -> DayClock | None:
        """Lay out the days before today; None when too few have times.

        `everything` and `timed` are all receipts before today and those of them that have a time.
        """
        numbers = _clock_days(everything, timed, today, days)
        if len(numbers) < LEAST_DAYS:
            return None
        place = np.searchsorted(numbers, timed.day).clip(max=len(numbers) - 1)
        is_kept = numbers[place] == timed.day
        timed, place = timed.take(is_kept), place[is_kept]
        before = timed.second <= second
        lift = _untimed_lift(everything, timed, numbers)

        def sums(weights: FloatArray, mask: BoolArray) -> FloatArray:
            known = np.bincount(place[mask], weights[mask], len(numbers))
            return np.asarray(known * lift, dtype=np.float64)

        whole = np.ones(len(place), dtype=bool)
        sale, cents = timed.is_sale.astype(np.float64), timed.cents.astype(np.float64)
        sold = cents * sale
        key = place[timed.is_sale] * HOURS + timed.second[timed.is_sale] // 3600
        purchases = cents[timed.is_sale]
        return cls(
            today=today,
            second=second,
            numbers=numbers,
            receipts=(sums(sale, before), sums(sale, whole)),
            revenue=(sums(cents, before), sums(cents, whole)),
            sold=(sums(sold, before), sums(sold, whole)),
            by_hour=np.bincount(key, minlength=len(numbers) * HOURS).reshape(-1, HOURS).astype(np.float64),
            scatter=_scatter(purchases),
        )

    @property
    def is_over(self) -> bool:
        """True when such a day has usually sold all by now."""
        return self._part(*self.receipts).share() >= _DONE

    def visits_by_now(self, model: NormalDays) -> Normal:
        """Receipts that are normal by now."""
        return self._part(*self.receipts).cut(self._whole(model))

    def money_by_now(self, model: NormalDays) -> Normal:
        """Revenue that is normal by now."""
        return self._part(*self.revenue).cut(self._whole(model))

    def money_to_come(self, model: NormalDays) -> Normal:
        """Revenue that is normal from now to the end of the day."""
        by_now, whole = self.revenue
        return self._part(whole - by_now, whole).cut(self._whole(model))

    def basket_by_now(self, model: NormalDays, receipts: int) -> Normal:
        """The mean purchase that is normal by now, of so many receipts (0: of as many as usual)."""
        cents, visits = self._part(*self.sold).share(), self._part(*self.receipts).share()
        day = day_of(self.today)
        usual = model.receipts_ or 1.0
        noise = model.effects_.noise_
        between = max(noise.excess**2 + (noise.floor - self.scatter) / usual, 0.0)
        counted = self.scatter / (receipts or max(usual * visits, 1.0))
        # How days differ has the shop's own shape; a mean of few purchases has that of chance.
        quantiles = model.quantiles_.leaning(counted / max(between + counted, 1e-12))
        return model.cut(day, cents / visits if visits > 0 else 1.0, between + counted, quantiles)

    def hours(self, model: NormalDays, hours: tuple[int, ...]) -> tuple[Usual | None, ...]:
        """Receipts that are normal in each of these hours."""
        whole = self._whole(model)
        return tuple(self._part(self.by_hour[:, hour], self.receipts[1]).band(whole) for hour in hours)

    def _whole(self, model: NormalDays) -> Expected:
        return Expected.of(model, self.numbers, self.today)

    def _part(self, parts: FloatArray, wholes: FloatArray) -> DayPart:
        return DayPart(self.numbers, parts, wholes, self.today)


def _clock_days(everything: Receipts, timed: Receipts, today: int, days: DominicanDays) -> IntArray:
    """Days most of whose sales have a time; free days only when today is one, or there is nothing else."""
    numbers, counts = np.unique(everything.day[everything.is_sale], return_counts=True)
    with_time = np.isin(timed.day[timed.is_sale], numbers)
    place = np.searchsorted(numbers, timed.day[timed.is_sale][with_time])
    numbers = numbers[np.bincount(place, minlength=len(numbers)) >= _TIMED_SHARE * counts]
    if days.holiday(day_of(today)) is not None:
        return numbers
    plain = numbers[[days.holiday(day_of(number)) is None for number in numbers.tolist()]]
    return plain if len(plain) >= LEAST_DAYS else numbers


def _untimed_lift(everything: Receipts, timed: Receipts, numbers: IntArray) -> FloatArray:
    """How many times the sales with a time a day's sales are: those without one came at the same hours."""

    def counts(receipts: Receipts) -> FloatArray:
        day = receipts.day[receipts.is_sale]
        day = day[np.isin(day, numbers)]
        return np.asarray(
            np.bincount(np.searchsorted(numbers, day), minlength=len(numbers)), dtype=np.float64
        )

    return np.asarray(counts(everything) / np.maximum(counts(timed), 1.0), dtype=np.float64)


def _scatter(purchases: FloatArray) -> float:
    """Relative variance of one purchase, the few wildest pulled in."""
    if not len(purchases) or purchases.mean() <= 0:
        return 0.0
    tame = np.minimum(purchases, np.quantile(purchases, _WILDEST_PURCHASE))
    return float(tame.var() / tame.mean() ** 2)
