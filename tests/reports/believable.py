"""A believable Friday of pay, its forecast and its segments, without a database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import exp

from colmado_insights.analytics.results import (
    RULE_TYPES,
    Backtest,
    DayView,
    Driver,
    Forecast,
    ForecastPoint,
    HourPattern,
    LiveInsight,
    LiveType,
    Segment,
    Segments,
    SegmentType,
    Usual,
    Verdict,
    WeekError,
)
from colmado_insights.domain import Category, Payment, Reason, Target

FRIDAY = date(2026, 5, 15)
HOURS = tuple(range(7, 23))
CUSTOMERS = (11, 18, 13, 9, 12, 21, 24, 15, 11, 15, 25, 31, 34, 29, 22, 12)
USUAL = (9, 15, 12, 8, 10, 17, 19, 12, 9, 11, 17, 24, 28, 25, 20, 13)


def make_day(until_hour: int = 17, minute: int = 22) -> DayView:
    """The day up to an hour; at 23 it is over."""
    known = tuple(n if hour <= until_hour else None for hour, n in zip(HOURS, CUSTOMERS, strict=True))
    if minute < 59 and until_hour < 23:  # the hour still runs
        known = tuple(9 if hour == until_hour else n for hour, n in zip(HOURS, known, strict=True))
    receipts = sum(n or 0 for n in known)
    return DayView(
        day=FRIDAY,
        until=datetime(2026, 5, 15, min(until_hour, 23), minute),
        is_open_day=True,
        revenue_cents=1_845_025,
        receipts=receipts,
        avg_basket_cents=round(1_845_025 / max(receipts, 1)),
        usual_revenue=Usual(1_510_000, 1_290_000, 1_730_000, 9),
        usual_receipts=Usual(148, 128, 168, 9),
        usual_basket=Usual(10_400, 9_600, 11_200, 9),
        remaining_revenue=Usual(1_290_000, 1_080_000, 1_500_000, 9) if until_hour < 22 else None,
        hours=HOURS,
        receipts_by_hour=known,
        usual_by_hour=tuple(Usual(float(n), n * 0.72, n * 1.28, 9) for n in USUAL),
        normal=Reason.of("normal_like", weekday=5, pay_phase="middle", holiday="", days=84),
        verdict_revenue=Verdict.MORE,
        verdict_receipts=Verdict.AS_USUAL,
        verdict_basket=Verdict.MORE,
    )


def make_forecast(target: Target = Target.REVENUE) -> Forecast:
    """Three weeks behind and two ahead, with both quincenas in sight."""
    unit = 100_000 if target is Target.REVENUE else 10
    shape = (13.9, 13.0, 13.2, 13.8, 17.0, 22.6, 25.9)
    behind = (14.2, 12.9, 13.1, 13.4, 16.8, 19.5, 17.2, 13.8, 12.6, 13.0, 13.9, 21.4, 24.8, 20.1,
              15.0, 13.2, 13.3, 13.6, 16.2, 19.9, 17.8)  # fmt: skip
    until = date(2026, 5, 23)
    history = tuple(
        (until - timedelta(days=len(behind) - 1 - i), value * unit) for i, value in enumerate(behind)
    )
    points = []
    for i in range(14):
        mean = shape[i % 7] * unit * (1 if i < 7 else 0.93)
        narrow, wide = mean * (0.10 + 0.004 * i), mean * (0.19 + 0.008 * i)
        points.append(
            ForecastPoint(
                until + timedelta(days=i + 1), mean, mean - narrow, mean + narrow, mean - wide, mean + wide
            )
        )
    return Forecast(
        target=target,
        model="gradient_boosting",
        until=until,
        points=tuple(points),
        backtest=Backtest(
            0.093, 0.161, 0.81, 0.95, 0.72, 8, 14, (WeekError(date(2026, 5, 17), 0.09, 0.16, 0.01),)
        ),
        drivers=tuple(
            (
                Driver(Reason.of("weekday", weekday=i % 7), (shape[i % 7] - 16) * 0.3 * unit),
                *((Driver(Reason.of("payday", days=0), 6.2 * unit),) if i == 6 else ()),
                Driver(Reason.of("trend"), 0.4 * unit),
            )
            for i in range(14)
        ),
        candidates=(("gradient_boosting", 0.093), ("seasonal_naive", 0.161)),
        confidence=0.8,
        history=history,
    )


def _hump(centre: float, width: float, height: float) -> tuple[int, ...]:
    return tuple(
        round(height * exp(-(((hour - centre) / width) ** 2))) if 6 <= hour <= 23 else 0 for hour in range(24)
    )


_SEGMENTS = (
    ("morning_commute", SegmentType.TEMPORAL, 1842, 0.22, 14_367_600, (7, 8), 0.04, Category.BAKERY),
    ("lunch_rush", SegmentType.TEMPORAL, 2310, 0.27, 32_802_000, (12, 13), 0.0, Category.STAPLES),
    ("after_work", SegmentType.TEMPORAL, 2655, 0.31, 44_604_000, (18, 19), 0.09, Category.ALCOHOL),
    ("late_night", SegmentType.TEMPORAL, 1020, 0.12, 21_828_000, (21, 22), -0.06, Category.ALCOHOL),
    ("quick_picks", SegmentType.BASKET_VALUE, 6210, 0.73, 52_785_050, (12, 18), 0.02, Category.SNACKS),
    ("regular_shoppers", SegmentType.BASKET_VALUE, 1705, 0.2, 51_150_000, (18,), 0.03, Category.STAPLES),
    ("big_shoppers", SegmentType.BASKET_VALUE, 512, 0.06, 34_816_000, (10,), None, Category.STAPLES),
    ("bulk_buyers", SegmentType.BASKET_VALUE, 85, 0.01, 11_475_099, (9,), 0.11, Category.STAPLES),
    (
        "beer_and_snacks",
        SegmentType.PRODUCT_PREFERENCE,
        1377,
        0.16,
        33_874_200,
        (19, 20),
        0.11,
        Category.ALCOHOL,
    ),
    ("household", SegmentType.PRODUCT_PREFERENCE, 604, 0.07, 13_952_400, (9, 10), 0.02, Category.HOUSEHOLD),
    ("fresh", SegmentType.PRODUCT_PREFERENCE, 2120, 0.249, 25_440_000, (8, 11), -0.01, Category.FRESH),
    ("convenience", SegmentType.PRODUCT_PREFERENCE, 3320, 0.39, 21_580_000, (13,), 0.0, Category.SNACKS),
)


def make_segments() -> Segments:
    """The twelve segments of thirty days, 8,512 receipts."""
    return Segments(
        segments=tuple(
            Segment(
                segment_id=name,
                type=kind,
                transaction_count=count,
                share=count / 8512,
                revenue_cents=revenue,
                avg_basket_cents=round(revenue / count),
                avg_items_per_basket=2.4,
                peak_hours=peaks,
                peak_days=(5, 6),
                confidence_score=0.9,
                top_categories=((top, 0.52), (Category.BEVERAGES, 0.21), (Category.OTHER, 0.08)),
                payment_preferences=((Payment.CASH, 0.78), (Payment.CREDIT, 0.14), (Payment.TRANSFER, 0.08)),
                frequency_pattern="daily",
                receipts_by_hour=_hump(peaks[0] + 0.5, 2.2, count / 4),
                growth=growth,
                usual_pair=(top, Category.BEVERAGES, 0.38),
            )
            for name, kind, count, _share, revenue, peaks, growth, top in _SEGMENTS
        ),
        unassigned={
            kind: 1 - sum(row[2] for row in _SEGMENTS if row[1] is kind) / 8512 for kind in RULE_TYPES
        },
        receipts=8512,
        first_day=date(2026, 4, 16),
        until=FRIDAY,
        window_days=30,
    )


def make_live() -> tuple[LiveInsight, ...]:
    """Two live insights of that moment."""
    at = datetime(2026, 5, 15, 17, 22)
    return (
        LiveInsight(
            LiveType.TRAFFIC, "busy", Reason.of("traffic_busy", now=31, usual=17.0),
            ("open_second_till", "prepare_change"), 0.9, at, at + timedelta(minutes=30),
            (Reason.of("usual_same_weekday", days=9, weekday=5),),
        ),
        LiveInsight(
            LiveType.REVENUE, "rest_of_day", Reason.of("revenue_rest_high", expected_cents=1_290_000, usual_cents=1_010_000),
            ("upsell",), 0.8, at, at + timedelta(hours=4),
        ),
    )  # fmt: skip


def make_pattern() -> HourPattern:
    """Three humps a day, fuller towards the weekend."""
    lifts = (0.9, 0.8, 0.8, 0.85, 0.95, 1.25, 1.35)
    receipts = tuple(
        tuple(
            0.0
            if not 7 <= hour <= 22
            else lift * (18 * exp(-(((hour - 8) / 1.5) ** 2)) + 20 * exp(-(((hour - 12.5) / 1.5) ** 2))
                         + 28 * exp(-(((hour - 18.8) / 2) ** 2)) + 3)
            for hour in range(24)
        )
        for lift in lifts
    )  # fmt: skip
    return HourPattern(
        receipts=receipts,
        revenue_cents=tuple(tuple(n * 12_000 for n in row) for row in receipts),
        open_days=(13,) * 7,
        first_day=date(2026, 2, 15),
        until=FRIDAY,
    )
