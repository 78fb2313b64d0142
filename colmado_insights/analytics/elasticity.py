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
class _Model:
    """What is thought of all products at once; (products,) arrays unless said otherwise."""

    panel: PricePanel
    price: FloatArray  # (products, days) log price around its mean, 0 where not on sale
    years: FloatArray  # (days,) around the middle
    kinds: tuple[FloatArray, ...]  # weekday and pay phase, each (days, kinds) of 0 and 1
    lends: BoolArray
    counts: FloatArray  # (products, days) 1 where a day counts
    level: FloatArray
    slope: FloatArray
    trend: FloatArray
    dispersion: FloatArray
    information: FloatArray  # of the slope: 1 / variance of its own estimate
    raw: FloatArray
    pooled: Pooled
    trend_spread: float
    expected: FloatArray  # (products, days)
    out_of_stock: FloatArray  # days

    @classmethod
    def of(cls, panel: PricePanel, days: DominicanDays) -> _Model:
        """Before anything is learnt."""
        count, length = panel.units.shape
        counts = panel.is_sold.astype(np.float64)
        logs = np.log(np.where(panel.is_sold, panel.price, 1.0))
        means = logs.sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
        frame = days.frame(day_of(panel.first), day_of(panel.first + length - 1))
        usual = panel.units.sum(axis=1) / np.maximum((counts * panel.traffic).sum(axis=1), 1e-9)
        prior = USUAL_ELASTICITY
        return cls(
            panel=panel,
            price=(logs - means[:, None]) * counts,
            years=(np.arange(length) - length / 2) / _PER_YEAR,
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
            expected=counts * usual[:, None] * panel.traffic,
            out_of_stock=np.zeros(count),
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
        exposure = self.exposure()
        answer = self.answer_to_price()
        units = self.panel.units * self.counts
        expected = exposure * answer * self.counts
        level = units.sum(axis=1) / np.maximum(expected.sum(axis=1), 1e-9)
        expected *= level[:, None]
        dispersion = self._dispersion(units, expected)
        total = np.maximum(expected.sum(axis=1), 1e-9)[:, None]
        price = self.price - (expected * self.price).sum(axis=1, keepdims=True) / total
        years = self.years - (expected @ self.years)[:, None] / total
        lack = units - expected
        by_price = (expected * price * price).sum(axis=1) / dispersion
        by_both = (expected * price * years).sum(axis=1) / dispersion
        by_years = (expected * years * years).sum(axis=1) / dispersion
        firm, firm_trend = 1 / self.pooled.spread**2, 1 / self.trend_spread**2
        usual = self.pooled.mean[self.panel.category]
        own_pull, own_trend = (lack * price).sum(axis=1) / dispersion, (lack * years).sum(axis=1) / dispersion
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
            self, level=level, slope=slope, trend=trend, dispersion=dispersion, information=information,
            raw=raw, expected=expected,
        )  # fmt: skip
        if not is_pooling or not self.lends.any():
            return found
        told = np.maximum(by_years - by_both**2 / all_price, 1e-9)
        return found.with_pooled(self.trend + (own_trend - by_both * pull / all_price) / told, 1 / told)

    def exposure(self) -> FloatArray:
        """How many could buy of each product on each day: its category's day without itself, and its own calendar."""
        own = self.level[:, None] * self.answer_to_price() * self.counts
        others = np.zeros_like(own)
        for code in np.unique(self.panel.category):
            mine = (self.panel.category == code) & self.panel.is_judged_by_units
            units, usual = self.panel.units * self.counts, own
            sold, hoped = units[mine].sum(axis=0), usual[mine].sum(axis=0)
            rows = self.panel.category == code
            is_mine = mine[rows, None]
            others[rows] = (
                np.maximum(sold - units[rows] * is_mine, 0.0) + _TRAFFIC_UNITS * self.panel.traffic
            ) / (np.maximum(hoped - usual[rows] * is_mine, 0.0) + _TRAFFIC_UNITS)
        for kind in self.kinds:
            seen, hoped_for = (self.panel.units * self.counts) @ kind, (own * others) @ kind
            others *= ((seen + _CALENDAR_UNITS) / (hoped_for + _CALENDAR_UNITS)) @ kind.T
        return np.asarray(others * (self.panel.traffic > 0))

    def answer_to_price(self) -> FloatArray:
        """What price and own trend make of the usual units, (products, days)."""
        logs = self.slope[:, None] * self.price + self.trend[:, None] * self.years
        return np.asarray(np.exp(np.clip(logs, -_FARTHEST, _FARTHEST)))

    def _dispersion(self, units: FloatArray, expected: FloatArray) -> FloatArray:
        """Variance over mean of the counts, at least 1: of days or of four weeks, whichever is more."""
        lack = units - expected
        hoped = np.maximum(expected.sum(axis=1), 1e-9)
        of_days = (lack**2).sum(axis=1) / hoped
        blocks = np.add.reduceat(lack, np.arange(0, lack.shape[1], _BLOCK), axis=1)
        own = np.maximum(of_days, (blocks**2).sum(axis=1) / hoped)
        known = own[self.lends]
        usual = float(np.median(known)) if len(known) else 1.0
        weight = self.counts.sum(axis=1) / _BLOCK
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
        from scipy.special import pdtr

        counts = self.panel.is_sold.astype(np.float64)
        # Of all days, those left out before too: what is expected of them now decides again.
        units = self.panel.units
        expected = self.level[:, None] * self.exposure() * self.answer_to_price() * self.panel.is_sold
        starts = np.arange(0, units.shape[1], _WEEK)
        # Dispersed counts tell less than their number. How dispersed they usually are: the empty days themselves are
        # most of what disperses a product's own.
        worth = float(np.median(self.dispersion[self.lends])) if self.lends.any() else 1.0
        sold = np.add.reduceat(units, starts, axis=1) / worth
        hoped = np.add.reduceat(expected, starts, axis=1) / worth
        is_poor = (sold < _NEAR_NOTHING * hoped) & (pdtr(np.floor(sold), hoped) < _BY_CHANCE)
        empty = np.repeat(is_poor, _WEEK, axis=1)[:, : units.shape[1]]
        empty |= _long_empty(units, expected / worth, -np.log(_BY_CHANCE))
        usual = self.level[:, None] * self.panel.traffic * self.answer_to_price() * self.panel.is_sold
        for code in np.unique(self.panel.category):
            mine = self.panel.category == code
            empty[mine] |= _rationed(units[mine].sum(axis=0), usual[mine].sum(axis=0), worth)
        left_out = (empty & (counts > 0)).sum(axis=1).astype(np.float64)
        return replace(self, counts=counts * ~empty, out_of_stock=left_out)

    def answer(self, place: int, until: date) -> Elasticity:
        """What is known of one product."""
        panel, at = self.panel, slice(place, place + 1)
        group = panel.category[at]
        mean, variance, own = (
            float(values[0]) for values in self.pooled.shrink(self.raw[at], 1 / self.information[at], group)
        )
        doubt = variance**0.5
        prices = panel.price[place][panel.is_sold[place]]
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
        starts = np.arange(0, self.panel.units.shape[1], _WEEK)
        counts = self.counts[place]
        sold, hoped = (
            np.add.reduceat(values[place] * counts, starts) for values in (self.panel.units, self.expected)
        )
        is_whole = np.add.reduceat(counts, starts) >= _WEEK - 1
        seen, explained = np.log(sold[is_whole] + 0.5), np.log(hoped[is_whole] + 0.5)
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
