"""What was planted in the sample shop comes back, and what is normal there keeps its word day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from colmado_insights import sample_shop
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.normal import compute_normal, judge
from colmado_insights.analytics.patterns import compute_pay_curve, compute_seasons
from colmado_insights.analytics.results import Effect, Normal, PayCurve, Seasons, Verdict
from colmado_insights.domain import DAILY_COLUMNS, SECONDS_A_DAY, SaleKind, Target, day_number, day_of

pytestmark = pytest.mark.accuracy

DAYS = DominicanDays()
LAST = date(2026, 11, 20)
UNTIL = LAST - timedelta(days=1)
SEEDS = (101, 102, 103)


@dataclass(frozen=True)
class Sample:
    """The days of a sample shop and its hidden truth; what the bar sells after midnight is the next day's."""

    daily: pd.DataFrame
    truth: dict[str, Any]

    @classmethod
    def of(cls, seed: int) -> Sample:
        made = sample_shop.generate(sample_shop.read_parameters(), last_day=LAST, days=800, seed=seed)
        receipts = made.sales[0]
        is_sale = receipts["kind"] == SaleKind.SALE
        rows = pd.DataFrame(
            {
                "day": receipts["sold_at"] // SECONDS_A_DAY,
                "receipts": is_sale.astype("int64"),
                "lines": 0,
                "units_milli": 0,
                "revenue_cents": receipts["total_cents"],
                "returns_cents": (-receipts["total_cents"]).where(~is_sale, 0),
            }
        )
        return cls(rows.groupby("day", as_index=False).sum().astype(DAILY_COLUMNS), made.truth)


@pytest.fixture(scope="module", params=SEEDS)
def sample(request: pytest.FixtureRequest) -> Sample:
    return Sample.of(request.param)


@pytest.fixture(scope="module")
def seasons(sample: Sample) -> Seasons:
    found = compute_seasons(sample.daily, Target.RECEIPTS, DAYS, UNTIL)
    assert isinstance(found, Seasons)
    return found


def held(pairs: list[tuple[Effect, float]]) -> float:
    """Share of truths inside their interval."""
    return float(np.mean([effect.lo <= truth <= effect.hi for effect, truth in pairs]))


def test_pay_phase_is_recovered(sample: Sample) -> None:
    found = compute_pay_curve(sample.daily, Target.RECEIPTS, DAYS, UNTIL)
    assert isinstance(found, PayCurve)
    points = dict(found.points)
    planted = sample.truth["planted"]["pay_phase"]
    # Plain days hold the 25th, whose bump lifts their mean.
    plain = (10 * planted["middle"] + 0.5 * sample.truth["planted"]["bump"]["factor"]) / 10.5
    pairs = [(points[offset], planted["payday"] / plain) for offset in (0, 1, 2)]
    pairs += [(points[offset], planted["before"] / plain) for offset in (-2, -1)]
    assert held(pairs) >= 0.6
    mean = np.mean([points[offset].factor for offset in (0, 1, 2)])
    assert mean == pytest.approx(planted["payday"], rel=0.04)


def test_weekdays_are_recovered(sample: Sample, seasons: Seasons) -> None:
    planted = np.array(sample.truth["planted"]["weekday"])
    planted = planted / np.exp(np.log(planted).mean())
    # The bar's receipts after midnight of Friday are Saturday's in the daily sums: 4 % of slack.
    for effect, truth in zip(seasons.weekdays, planted, strict=True):
        assert effect.factor == pytest.approx(truth, rel=0.05)


def test_planted_holidays_lie_within_their_interval(sample: Sample, seasons: Seasons) -> None:
    """Each special day's factor is its share of expected receipts, of which what was open counts."""
    named = sample.truth["planted"]["holidays"]["named"]
    occasions = sample.truth["planted"]["holidays"]["occasions"]
    eve = sample.truth["planted"]["holidays"]["eve"]
    found = dict(seasons.holidays)
    pairs = [(found["eve"], eve), (found["navidad"], named["navidad"])]
    pairs += [(found[name], occasions[name]) for name in ("mothers_day", "fathers_day", "san_valentin")]
    pairs += [(found[name], max(eve, occasions[name])) for name in ("nochebuena", "new_years_eve")]
    pairs += [(found[name], occasions[name]) for name in ("double_salary", "back_to_school")]
    free_day = sample.truth["planted"]["holidays"]["free_day"]
    pairs += [(found[name], free_day) for name in ("altagracia", "independencia", "mercedes", "duarte")]
    assert held(pairs) >= 0.8


def test_december_and_the_trend_are_recovered(sample: Sample, seasons: Seasons) -> None:
    december = sample.truth["planted"]["holidays"]["december"]
    assert dict(seasons.months)[12].factor == pytest.approx(december, abs=0.05)
    growth = 1 + sample.truth["planted"]["growth_a_year"]
    assert seasons.trend is not None
    assert seasons.trend.lo - 0.02 <= growth <= seasons.trend.hi + 0.02
    assert seasons.shifts == ()


def test_normal_keeps_its_word_day_by_day(sample: Sample) -> None:
    """The last 300 days, one in three, each known only by the days before it; power cuts and all."""
    daily = sample.daily[sample.daily["day"] <= day_number(UNTIL)]
    numbers, receipts = daily["day"].to_numpy(), daily["receipts"].to_numpy()
    inside, alarms, ours, week = [], [], [], []
    for place in range(len(daily) - 300, len(daily), 3):
        found = compute_normal(daily.iloc[:place], Target.RECEIPTS, day_of(numbers[place]), DAYS)
        assert isinstance(found, Normal)
        actual = float(receipts[place])
        inside.append(found.lo <= actual <= found.hi)
        alarms.append(judge(actual, found) is not Verdict.AS_USUAL)
        ours.append(abs(actual - found.mean))
        week.append(abs(actual - receipts[[place - 7, place - 14, place - 21, place - 28]].mean()))
    assert 0.70 <= np.mean(inside) <= 0.90  # 100 days: two standard errors are 8 points
    assert np.mean(alarms) <= 0.12
    assert np.sum(ours) < 0.75 * np.sum(week)
