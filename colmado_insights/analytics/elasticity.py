"""By how much units answer the price, product by product, the weak ones leaning on their category.

A price moves rarely and in steps, and much else moves meanwhile: the trade grows, beer is rationed, everything gets
dearer. So a product is compared with the rest of its category on the same days: what those sell, given their own
prices, is how many could have bought. Counts are small and zero is one of them, hence a Poisson mean.

References
----------
P. McCullagh, J. A. Nelder, "Generalized Linear Models", 1989, chapters 6 and 9 (log-linear counts; quasi-likelihood).
J. M. Wooldridge, "Distribution-free estimation of some nonlinear panel data models", Journal of Econometrics 90, 1999
(Poisson regression with fixed effects is right whatever the counts' law).
A. C. Cameron, D. L. Miller, "A practitioner's guide to cluster-robust inference", Journal of Human Resources 50, 2015
(why neighbouring days must not count as independent).
T. H. A. Bijmolt, H. J. van Heerde, R. G. M. Pieters, "New empirical generalizations on the determinants of price
elasticity", Journal of Marketing Research 42, 2005 (how widely elasticities differ).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.pooling import Pooled, Prior, pool
from colmado_insights.analytics.price_panel import (
    MOST_BY_AMOUNT,
    MOST_OFF_PRICE,
    BoolArray,
    FloatArray,
    IntArray,
    PricePanel,
    make_panel,
)
from colmado_insights.analytics.results import (
    Elasticities,
    Elasticity,
    ElasticityType,
    NotEnough,
    PriceRefusal,
)
from colmado_insights.analytics.threads import with_one_algebra_thread
from colmado_insights.domain import (
    CATEGORIES,
    DAILY_COLUMNS,
    PAY_PHASES,
    PRICE_DAY_COLUMNS,
    Reason,
    day_number,
    day_of,
)
from colmado_insights.progress import Progress

LEAST_PRICES = 3
LEAST_DAYS = 28
"""Fewer distinct prices or fewer days with sales tell nothing of a price."""
HISTORY_DAYS = 2 * 365
"""How far back the days should reach."""
USUAL_ELASTICITY = Prior(
    mean=-1.2, mean_spread=0.7, group_spread=0.4, member_spread=0.35, member_doubt=0.2, shared=2.0
)
"""What is thought of a shop, its categories and their products before any price moved.

Products of a category share its bad weeks, so their errors are not independent.
"""
USUAL_TREND = Prior(mean=0.0, mean_spread=0.02, group_spread=0.02, member_spread=0.1, member_doubt=0.5)
"""The same of how a product's part in its category grows in a year, in logs."""

_LENDING_PRICES, _LENDING_DAYS = 2, 10
"""Products with so much take part in what is learnt of their category."""
_ROUNDS = 12
_FIRST_POOLED_ROUND = 3
_STOCK_ROUNDS = (5, 8)
"""When days without stock are looked for: not before the rest is roughly known."""
_LARGEST_STEP = 0.7
_FARTHEST = 3.0  # in logs, from the usual
_TRAFFIC_UNITS = 10.0
"""The shop's traffic counts as so many units of what the rest of the category sells in a day."""
_CALENDAR_UNITS = 20.0
"""So many units speak for a product selling on a kind of day as its category does."""
_WEEK = 7
_BLOCK = 4 * _WEEK
"""Days within four weeks of one another are not independent."""
_USUAL_BLOCKS = 10.0
_NEAR_NOTHING = 0.35
"""A week that sold less than this part of what it should had little to sell, where chance cannot be it."""
_RATIONED = 0.5
"""The same of a whole category, against the weeks of the quarter around."""
_BY_CHANCE = 1e-4
_QUARTER = 13
_NEAR_UNIT = 0.1
_BORROWS = 0.5
_NOTEWORTHY = 0.1
_PER_YEAR = 365.0
_Z95 = 1.96


def compute_elasticity(
    price_days: pd.DataFrame,
    shop: pd.DataFrame,
    *,
    product_id: int,
    until: date,
    days: DominicanDays,
    progress: Progress | None = None,
) -> Elasticity | NotEnough:
    """By how much units of one product answer its price.

    Parameters
    ----------
    price_days : DataFrame
        PRICE_DAY_COLUMNS of the product and, better, of all others: they tell how many could have bought.
    shop, until, days, progress
        As in `compute_elasticities`.
    product_id : int
        The product.

    Returns
    -------
    Elasticity or NotEnough
        See `why_refused` for what may be missing.

    References
    ----------
    See the module.
    """
    found = compute_elasticities(price_days, shop, until=until, days=days, progress=progress)
    if isinstance(found, NotEnough):
        return found
    judged = {each.product_id: each for each in found.found}
    refused = {each.product_id: each.why for each in found.refused}
    return judged.get(product_id) or refused.get(product_id) or NotEnough(1, 0, "sales", until)


@with_one_algebra_thread
def compute_elasticities(
    price_days: pd.DataFrame,
    shop: pd.DataFrame,
    *,
    until: date,
    days: DominicanDays,
    progress: Progress | None = None,
) -> Elasticities | NotEnough:
    """By how much units of every product answer its price.

    Parameters
    ----------
    price_days : DataFrame
        PRICE_DAY_COLUMNS, any order, `HISTORY_DAYS` long at most; later rows are not looked at.
    shop : DataFrame
        DAILY_COLUMNS: how busy the shop was.
    until : date
        Last complete day.
    days : DominicanDays
        The shop's calendar.
    progress : Progress, optional
        Called between rounds.

    Returns
    -------
    Elasticities or NotEnough
        Elasticities of products with `LEAST_PRICES` prices and `LEAST_DAYS` days with sales that are not mostly sold by
        amount or at prices typed by hand; the others by what is missing. NotEnough without a single sale.

    Assumes
    -------
    On a day, a product's mean units are its own level times the category's day, its own weekday, pay phase and slow
    trend, and the price to the power of its elasticity. Own trends scatter around none, elasticities around the
    category's. Lines asked for by amount and lines at another price than the day's carry no information; weeks
    and runs of empty days too poor for chance had no stock.

    References
    ----------
    See the module.
    """
    check_frame(price_days, PRICE_DAY_COLUMNS, "price_days")
    check_frame(shop, DAILY_COLUMNS, "shop")
    last = day_number(until)
    is_near = (price_days["day"] <= last) & (price_days["day"] > last - HISTORY_DAYS)
    if not (is_near & (price_days["lines"] > 0)).any():
        return NotEnough(LEAST_DAYS, 0, "days", until)
    panel = make_panel(price_days, shop[shop["day"] <= last], last, HISTORY_DAYS)
    refused = [_refusal(panel, place, until) for place in range(len(panel.products))]
    wanted = [place for place, why in enumerate(refused) if why is None]
    model = _Model.of(panel, days).fitted(progress)
    return Elasticities(
        found=tuple(model.answer(place, until) for place in wanted),
        refused=tuple(
            PriceRefusal(int(product), why)
            for product, why in zip(panel.products, refused, strict=True)
            if why is not None
        ),
        categories=tuple(
            (str(CATEGORIES[code]), round(float(model.pooled.mean[code]), 3))
            for code in np.unique(panel.category[model.lends])
        ),
        until=until,
        confidence=round(len(wanted) / len(panel.products), 3),
        reasons=(Reason.of("elasticities_sample", judged=len(wanted), all=len(panel.products)),),
    )


def _refusal(panel: PricePanel, place: int, until: date) -> NotEnough | None:
    """What a product lacks, the weightiest first; None when it can be judged."""
    in_percent = 100
    for unit, share, most in (
        ("by_amount", panel.by_amount[place], MOST_BY_AMOUNT),
        ("open_price", panel.off_price[place], MOST_OFF_PRICE),
    ):
        if share > most:
            return NotEnough(round((1 - most) * in_percent), round((1 - share) * in_percent), unit, until)
    if panel.sold_days[place] < LEAST_DAYS:
        return NotEnough(LEAST_DAYS, int(panel.sold_days[place]), "days", until)
    if panel.n_prices[place] < LEAST_PRICES:
        return NotEnough(LEAST_PRICES, int(panel.n_prices[place]), "prices", until)
    return None


@dataclass(frozen=True)
class _Piece:
    """Some products' days; all arrays (products, days) unless said otherwise."""

    rows: slice
    category: IntArray  # (products,)
    is_judged: BoolArray  # (products,) by units
    all_units: FloatArray  # of days that do not count too
    is_sold: BoolArray  # on sale: from its first sale to its last, the shop open
    price: FloatArray  # log price around its mean, 0 where not on sale
    counts: FloatArray  # 1 where a day counts
    answer: FloatArray  # what price and own trend make of the usual units
    level: FloatArray  # (products, 1)
    units: FloatArray  # of days that count
    usual: FloatArray  # the same, as level, price and trend let expect


@dataclass(frozen=True)
class _Model:
    """What is thought of all products at once; (products,) arrays unless said otherwise."""

    panel: PricePanel
    mean_price: FloatArray  # of its logs
    years: FloatArray  # (days,) around the middle
    kinds: tuple[FloatArray, ...]  # weekday and pay phase, each (days, kinds) of 0 and 1
    lends: BoolArray
    counts: BoolArray  # (products, days) where a day counts
    level: FloatArray
    slope: FloatArray
    trend: FloatArray
    dispersion: FloatArray
    information: FloatArray  # of the slope: 1 / variance of its own estimate
    raw: FloatArray
    pooled: Pooled
    trend_spread: float
    expected: FloatArray  # (products, weeks)
    out_of_stock: FloatArray  # days

    @classmethod
    def of(cls, panel: PricePanel, days: DominicanDays) -> _Model:
        """Before anything is learnt."""
        count, length = len(panel.products), len(panel.traffic)
        counts = np.zeros((count, length), np.bool_)
        mean_price, usual = np.zeros(count), np.zeros(count)
        for rows in panel.pieces():
            price = panel.prices(rows)
            counts[rows] = price > 0
            logs = np.log(np.where(price > 0, price, 1.0))
            mean_price[rows] = logs.sum(axis=1) / np.maximum(counts[rows].sum(axis=1), 1)
            open_days = (counts[rows] * panel.traffic).sum(axis=1)
            usual[rows] = panel.units(rows).sum(axis=1) / np.maximum(open_days, 1e-9)
        frame = days.frame(day_of(panel.first), day_of(panel.first + length - 1))
        prior = USUAL_ELASTICITY
        return cls(
            panel=panel,
            mean_price=mean_price,
            years=np.asarray((np.arange(length) - length / 2) / _PER_YEAR),
            kinds=(
                np.eye(_WEEK)[frame["weekday"].to_numpy()],
                np.eye(len(PAY_PHASES))[frame["pay_phase"].to_numpy()],
            ),
            lends=panel.is_judged_by_units
            & (panel.n_prices >= _LENDING_PRICES)
            & (panel.sold_days >= _LENDING_DAYS),
            counts=counts,
            level=usual,
            slope=np.full(count, prior.mean),
            trend=np.zeros(count),
            dispersion=np.ones(count),
            information=np.zeros(count),
            raw=np.full(count, prior.mean),
            pooled=Pooled(
                np.full(len(CATEGORIES), prior.mean),
                np.full(len(CATEGORIES), prior.mean_spread**2),
                prior.mean_spread,
                prior.mean,
            ),
            trend_spread=USUAL_TREND.member_spread,
            expected=np.zeros((count, -(-length // _WEEK))),
            out_of_stock=np.zeros(count),
        )

    def pieces(self) -> Iterator[_Piece]:
        """All products, as many at once as are well laid out together."""
        for rows in self.panel.pieces():
            units, cents = self.panel.units(rows), self.panel.prices(rows)
            is_sold, counts = cents > 0, self.counts[rows].astype(np.float64)
            price = (np.log(np.where(is_sold, cents, 1.0)) - self.mean_price[rows, None]) * is_sold
            logs = self.slope[rows, None] * price + self.trend[rows, None] * self.years
            answer = np.exp(np.clip(logs, -_FARTHEST, _FARTHEST))
            level = self.level[rows, None]
            yield _Piece(
                rows=rows,
                category=self.panel.category[rows],
                is_judged=self.panel.is_judged_by_units[rows],
                all_units=units,
                is_sold=is_sold,
                price=price,
                counts=counts,
                answer=answer,
                level=level,
                units=units * counts,
                usual=level * answer * counts,
            )

    def fitted(self, progress: Progress | None) -> _Model:
        """The same model after it has looked at everything several times in turn."""
        model = self
        for number in range(_ROUNDS):
            if progress:
                progress.step(number, _ROUNDS)
            if number in _STOCK_ROUNDS:
                model = model.without_empty_shelves()
            model = model.round(is_pooling=number >= _FIRST_POOLED_ROUND)
        return model

    def round(self, *, is_pooling: bool) -> _Model:
        """Surroundings given the products, then each product given its surroundings, then what they have in common."""
        sold, hoped = self.category_days()
        looks = [self._look(piece, self.exposure(piece, sold, hoped)) for piece in self.pieces()]
        told = {name: np.concatenate([look[name] for look in looks]) for name in looks[0]}
        dispersion = self._dispersion(told["dispersion"], told["days"])
        by_price, by_both, by_years, own_pull, own_trend = (
            told[name] / dispersion for name in ("by_price", "by_both", "by_years", "pull", "pull_trend")
        )
        firm, firm_trend = 1 / self.pooled.spread**2, 1 / self.trend_spread**2
        usual = self.pooled.mean[self.panel.category]
        pull, pull_trend = own_pull - firm * (self.slope - usual), own_trend - firm_trend * self.trend
        all_price, all_years = by_price + firm, by_years + firm_trend
        size = all_price * all_years - by_both**2
        step = (all_years * pull - by_both * pull_trend) / size
        step_trend = (all_price * pull_trend - by_both * pull) / size
        slope = self.slope + np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
        trend = self.trend + np.clip(step_trend, -_LARGEST_STEP, _LARGEST_STEP)
        information = np.maximum(by_price - by_both**2 / all_years, 1e-9)
        # One step from here without the prior: what the product's own days say, near enough wherever it is weak.
        raw = self.slope + (own_pull - by_both * pull_trend / all_years) / information
        found = replace(
            self, level=told["level"], slope=slope, trend=trend, dispersion=dispersion, information=information,
            raw=raw, expected=told["expected"],
        )  # fmt: skip
        if not is_pooling or not self.lends.any():
            return found
        weight = np.maximum(by_years - by_both**2 / all_price, 1e-9)
        return found.with_pooled(self.trend + (own_trend - by_both * pull / all_price) / weight, 1 / weight)

    def _look(self, piece: _Piece, exposure: FloatArray) -> dict[str, FloatArray]:
        """What the products' own days say, (products,), `expected` (products, weeks)."""
        expected = exposure * piece.answer * piece.counts
        level = piece.units.sum(axis=1) / np.maximum(expected.sum(axis=1), 1e-9)
        expected *= level[:, None]
        total = np.maximum(expected.sum(axis=1), 1e-9)
        lack = piece.units - expected
        of_days = (lack**2).sum(axis=1) / total
        blocks = np.add.reduceat(lack, np.arange(0, lack.shape[1], _BLOCK), axis=1)
        price = piece.price - ((expected * piece.price).sum(axis=1) / total)[:, None]
        years = self.years - (expected @ self.years / total)[:, None]
        return {
            "level": level,
            "dispersion": np.maximum(of_days, (blocks**2).sum(axis=1) / total),
            "days": piece.counts.sum(axis=1),
            "by_price": (expected * price * price).sum(axis=1),
            "by_both": (expected * price * years).sum(axis=1),
            "by_years": (expected * years * years).sum(axis=1),
            "pull": (lack * price).sum(axis=1),
            "pull_trend": (lack * years).sum(axis=1),
            "expected": _weekly(expected),
        }

    def category_days(self) -> tuple[FloatArray, FloatArray]:
        """Units sold and units usual of those judged by units, each (categories, days)."""
        both = _sums(
            (
                (piece.category[piece.is_judged], np.hstack([piece.units, piece.usual])[piece.is_judged])
                for piece in self.pieces()
            ),
            2 * len(self.panel.traffic),
        )
        sold, hoped = np.split(both, 2, axis=1)
        return sold, hoped

    def exposure(self, piece: _Piece, sold: FloatArray, hoped: FloatArray) -> FloatArray:
        """How many could buy of each product on each day: its category's day without itself, and its own calendar."""
        own, is_mine = piece.usual, piece.is_judged[:, None]
        others = (
            np.maximum(sold[piece.category] - piece.units * is_mine, 0.0)
            + _TRAFFIC_UNITS * self.panel.traffic
        ) / (np.maximum(hoped[piece.category] - own * is_mine, 0.0) + _TRAFFIC_UNITS)
        for kind in self.kinds:
            seen, hoped_for = piece.units @ kind, (own * others) @ kind
            others *= ((seen + _CALENDAR_UNITS) / (hoped_for + _CALENDAR_UNITS)) @ kind.T
        return np.asarray(others * (self.panel.traffic > 0))

    def _dispersion(self, own: FloatArray, days: FloatArray) -> FloatArray:
        """Variance over mean of the counts, at least 1: of days or of four weeks, whichever is more."""
        known = own[self.lends]
        usual = float(np.median(known)) if len(known) else 1.0
        weight = days / _BLOCK
        return np.asarray(np.maximum((own * weight + usual * _USUAL_BLOCKS) / (weight + _USUAL_BLOCKS), 1.0))

    def with_pooled(self, raw_trend: FloatArray, trend_variance: FloatArray) -> _Model:
        """What products of a category, and all products, have in common."""
        lends, groups = self.lends, len(CATEGORIES)
        pooled = pool(
            self.raw[lends], 1 / self.information[lends], self.panel.category[lends], groups, USUAL_ELASTICITY
        )
        one = np.zeros(int(lends.sum()), np.int64)
        trends = pool(raw_trend[lends], trend_variance[lends], one, 1, USUAL_TREND)
        return replace(self, pooled=pooled, trend_spread=trends.spread)

    def without_empty_shelves(self) -> _Model:
        """Leave out weeks and runs of empty days that sold too little for chance: there was nothing to sell."""
        # Dispersed counts tell less than their number. How dispersed they usually are: the empty days themselves are
        # most of what disperses a product's own.
        worth = float(np.median(self.dispersion[self.lends])) if self.lends.any() else 1.0
        sold, hoped = self.category_days()
        rationed = self._rationed_days(worth)
        counts, left_out = np.empty_like(self.counts), np.zeros(len(self.level))
        for piece in self.pieces():
            # Of all days, those left out before too: what is expected of them now decides again.
            expected = piece.level * self.exposure(piece, sold, hoped) * piece.answer * piece.is_sold
            empty = rationed[piece.category] | _empty(piece.all_units, expected, worth)
            left_out[piece.rows] = (empty & piece.is_sold).sum(axis=1)
            counts[piece.rows] = piece.is_sold & ~empty
        return replace(self, counts=counts, out_of_stock=left_out)

    def _rationed_days(self, worth: float) -> BoolArray:
        """Days of weeks in which a whole category sold far less than usual, (categories, days)."""
        both = _sums(
            (
                (
                    piece.category,
                    np.hstack(
                        [piece.all_units, piece.level * self.panel.traffic * piece.answer * piece.is_sold]
                    ),
                )
                for piece in self.pieces()
            ),
            2 * len(self.panel.traffic),
        )
        units, usual = np.split(both, 2, axis=1)
        return np.stack([_rationed(*days, worth) for days in zip(units, usual, strict=True)])

    def answer(self, place: int, until: date) -> Elasticity:
        """What is known of one product."""
        panel, at = self.panel, slice(place, place + 1)
        group = panel.category[at]
        mean, variance, own = (
            float(values[0]) for values in self.pooled.shrink(self.raw[at], 1 / self.information[at], group)
        )
        doubt = variance**0.5
        cents = panel.prices(slice(place, place + 1))
        prices = cents[cents > 0]
        lo95, hi95 = mean - _Z95 * doubt, mean + _Z95 * doubt
        elasticity = Elasticity(
            product_id=int(panel.products[place]),
            elasticity=round(mean, 4),
            lo95=round(lo95, 4),
            hi95=round(hi95, 4),
            r_squared=round(self._r_squared(place), 4),
            type=_type_of(mean, lo95, hi95),
            n_prices=int(panel.n_prices[place]),
            days=int(panel.sold_days[place]),
            lowest_cents=int(prices.min()),
            highest_cents=int(prices.max()),
            raw=round(float(np.clip(self.raw[place], -9.99, 9.99)), 4),
            own_weight=round(own, 4),
            category_elasticity=round(float(self.pooled.mean[group[0]]), 4),
            left_out_share=round(float(panel.left_out[place]), 4),
            until=until,
            confidence=round(float(np.clip(1 - doubt / USUAL_ELASTICITY.mean_spread, 0.1, 0.95)), 3),
        )
        return replace(elasticity, reasons=tuple(self._reasons(elasticity, place)))

    def _r_squared(self, place: int) -> float:
        """How much of what log units of the weeks do is explained, controls included."""
        counts = self.counts[place].astype(np.float64)
        sold = _weekly(self.panel.units(slice(place, place + 1)) * counts)[0]
        is_whole = _weekly(counts) >= _WEEK - 1
        seen, explained = np.log(sold[is_whole] + 0.5), np.log(self.expected[place][is_whole] + 0.5)
        if len(seen) < LEAST_PRICES or seen.std() == 0:
            return 0.0
        return float(np.clip(1 - ((seen - explained) ** 2).sum() / ((seen - seen.mean()) ** 2).sum(), 0, 1))

    def _reasons(self, found: Elasticity, place: int) -> list[Reason]:
        reasons = [
            Reason.of(
                "elasticity_sample", prices=found.n_prices, lowest_cents=found.lowest_cents,
                highest_cents=found.highest_cents, days=found.days,
            )
        ]  # fmt: skip
        if found.own_weight < _BORROWS:
            reasons.append(
                Reason.of("elasticity_borrowed", category=str(CATEGORIES[self.panel.category[place]]))
            )
        if found.type is ElasticityType.UNUSUAL:
            reasons.append(Reason.of("elasticity_unusual"))
        if found.left_out_share > _NOTEWORTHY:
            reasons.append(Reason.of("elasticity_left_out", share=found.left_out_share))
        if self.out_of_stock[place] > 0:
            reasons.append(Reason.of("elasticity_out_of_stock", days=int(self.out_of_stock[place])))
        return reasons


def _weekly(values: FloatArray) -> FloatArray:
    """Sums of weeks along the last axis."""
    return np.add.reduceat(values, np.arange(0, values.shape[-1], _WEEK), axis=-1)


def _sums(parts: Iterable[tuple[IntArray, FloatArray]], length: int) -> FloatArray:
    """Sums of all parts' rows by the categories of the rows, (categories, length)."""
    totals = np.zeros((len(CATEGORIES), length))
    for category, rows in parts:
        for code in np.unique(category):
            totals[code] = np.vstack([totals[code], rows[category == code]]).sum(axis=0)
    return totals


def _empty(units: FloatArray, expected: FloatArray, worth: float) -> BoolArray:
    """Weeks and runs of empty days that sold too little for chance, (products, days)."""
    from scipy.special import pdtr

    sold, hoped = _weekly(units) / worth, _weekly(expected) / worth
    is_poor = (sold < _NEAR_NOTHING * hoped) & (pdtr(np.floor(sold), hoped) < _BY_CHANCE)
    empty = np.repeat(is_poor, _WEEK, axis=1)[:, : units.shape[1]]
    return np.asarray(empty | _long_empty(units, expected / worth, -np.log(_BY_CHANCE)))


def _long_empty(units: FloatArray, expected: FloatArray, most: float) -> BoolArray:
    """Runs of days without a sale on which more than `most` units were expected, (products, days)."""
    is_empty = units == 0
    starts = np.diff(is_empty.astype(np.int8), axis=1, prepend=0) != 0
    run = np.cumsum(starts, axis=1) + np.arange(len(units))[:, None] * (units.shape[1] + 1)
    hoped = np.bincount(run.ravel(), weights=expected.ravel())
    return np.asarray(is_empty & (hoped[run] > most))


def _rationed(units: FloatArray, usual: FloatArray, worth: float) -> BoolArray:
    """Days of weeks in which a whole category sold less than half of what the weeks around let expect, (days,)."""
    from scipy.special import pdtr

    starts = np.arange(0, len(units), _WEEK)
    sold, hoped = np.add.reduceat(units, starts), np.maximum(np.add.reduceat(usual, starts), 1e-9)
    pace = pd.Series(sold / hoped).rolling(_QUARTER, center=True, min_periods=1).median().to_numpy()
    is_poor = (sold < _RATIONED * pace * hoped) & (
        pdtr(np.floor(sold / worth), pace * hoped / worth) < _BY_CHANCE
    )
    return np.asarray(np.repeat(is_poor, _WEEK)[: len(units)])


def _type_of(mean: float, lo95: float, hi95: float) -> ElasticityType:
    if mean > 0:
        return ElasticityType.UNUSUAL
    if lo95 <= -1 <= hi95 and abs(mean + 1) <= _NEAR_UNIT:
        return ElasticityType.UNIT
    return ElasticityType.ELASTIC if mean < -1 else ElasticityType.INELASTIC
