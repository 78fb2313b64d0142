"""The twelve segments of a believable month, with their house: figures of the sample shop, written down."""

from __future__ import annotations

from datetime import date

from colmado_insights.analytics.results import Segment, SegmentPerformance, Segments, SegmentType
from colmado_insights.analytics.segments import SEGMENT_TYPES
from colmado_insights.config import Settings
from colmado_insights.domain import Category, Payment, Reason
from colmado_insights.personas import House

UNTIL = date(2026, 11, 20)
RECEIPTS, REVENUE = 8017, 120_655_325

# id, purchases, revenue, lines, peak hours, peak days, categories, payments, purchases by hour, pair, pay lift
_ROWS = [
    (
        "morning_commute", 1828, 23_053_050, 1.72, (7, 8), (5, 1, 6),
        {"bakery": 0.313, "staples": 0.177, "household": 0.093, "personal_care": 0.057, "alcohol": 0.055},
        {"CASH": 0.84, "TRANSFER": 0.092, "CARD": 0.05, "CREDIT": 0.018},
        (7, 750, 735, 343), ("fresh", "staples", 0.261), 0.25,
    ),
    (
        "lunch_rush", 1966, 29_507_875, 1.69, (11, 12), (0, 5, 1),
        {"alcohol": 0.295, "staples": 0.244, "beverages": 0.09, "meat": 0.079, "household": 0.061},
        {"CASH": 0.838, "TRANSFER": 0.098, "CARD": 0.052, "CREDIT": 0.013},
        (11, 775, 705, 343, 143), None, 0.25,
    ),
    (
        "after_work", 2701, 41_637_475, 1.67, (19, 18, 20), (0, 6, 5),
        {"alcohol": 0.334, "staples": 0.156, "bakery": 0.101, "meat": 0.092, "beverages": 0.081},
        {"CASH": 0.834, "TRANSFER": 0.097, "CARD": 0.051, "CREDIT": 0.018},
        (17, 522, 713, 807, 659), None, 0.32,
    ),
    (
        "late_night", 708, 14_307_525, 1.44, (21,), (0, 6, 5),
        {"alcohol": 0.691, "beverages": 0.078, "snacks": 0.052, "staples": 0.038, "tobacco": 0.026},
        {"CASH": 0.829, "TRANSFER": 0.123, "CARD": 0.047, "CREDIT": 0.001},
        (0, 20, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 410, 187, 82), None, 0.31,
    ),
    (
        "quick_picks", 6314, 48_152_000, 1.44, (19, 7, 8, 11), (0, 6, 5),
        {"staples": 0.164, "beverages": 0.144, "bakery": 0.138, "snacks": 0.102, "meat": 0.082},
        {"CASH": 0.85, "TRANSFER": 0.089, "CARD": 0.05, "CREDIT": 0.011},
        (0, 13, 4, 0, 0, 0, 0, 0, 637, 620, 265, 290, 618, 540, 272, 118, 130, 226, 420, 561, 638, 504, 293, 119, 46), None, 0.25,
    ),
    (
        "regular_shoppers", 1234, 36_110_300, 2.22, (19, 11, 18, 12), (0, 6, 5),
        {"alcohol": 0.325, "staples": 0.182, "bakery": 0.127, "meat": 0.109, "household": 0.058},
        {"CASH": 0.838, "TRANSFER": 0.083, "CARD": 0.055, "CREDIT": 0.024},
        (0, 5, 4, 0, 0, 0, 0, 0, 101, 90, 57, 56, 118, 113, 51, 14, 29, 40, 72, 117, 130, 100, 75, 38, 24), ("fresh", "bakery", 0.339), 0.31,
    ),
    (
        "big_shoppers", 395, 26_802_325, 3.04, (12, 20, 21, 11), (0, 5, 6),
        {"alcohol": 0.645, "staples": 0.162, "bakery": 0.059, "household": 0.031, "meat": 0.026},
        {"CASH": 0.673, "TRANSFER": 0.23, "CARD": 0.053, "CREDIT": 0.043},
        (0, 2, 1, 0, 0, 0, 0, 0, 9, 24, 16, 11, 34, 44, 18, 10, 8, 13, 24, 30, 33, 41, 41, 25, 11), ("fresh", "staples", 0.957), 0.53,
    ),
    (
        "bulk_buyers", 74, 9_590_700, 5.27, (20,), (5, 0, 1),
        {"alcohol": 0.517, "staples": 0.331, "bakery": 0.044, "meat": 0.036, "household": 0.022},
        {"CASH": 0.676, "TRANSFER": 0.243, "CREDIT": 0.068, "CARD": 0.014},
        (7, 3, 1, 5, 3, 5, 8, 2, 1, 1, 7, 6, 5, 6, 14, 1, 5, 1), None, 0.75,
    ),
    (
        "beer_and_snacks", 829, 36_894_000, 1.54, (20, 19, 21), (0, 5, 6),
        {"alcohol": 0.977, "beverages": 0.013, "snacks": 0.003, "bakery": 0.003, "tobacco": 0.002},
        {"CASH": 0.802, "TRANSFER": 0.138, "CARD": 0.051, "CREDIT": 0.01},
        (0, 9, 8, 0, 0, 0, 0, 0, 12, 15, 6, 5, 53, 75, 37, 18, 17, 32, 46, 52, 111, 117, 107, 70, 39), None, 0.48,
    ),
    (
        "household", 828, 9_400_400, 1.64, (7, 8), (6, 5, 2),
        {"household": 0.603, "personal_care": 0.354, "other": 0.023, "staples": 0.006, "fresh": 0.005},
        {"CASH": 0.83, "TRANSFER": 0.097, "CARD": 0.053, "CREDIT": 0.021},
        (0, 1, 0, 0, 0, 0, 0, 0, 131, 115, 54, 40, 76, 65, 36, 20, 25, 27, 42, 55, 55, 48, 26, 8, 4), None, 0.38,
    ),
    (
        "fresh", 2104, 27_338_550, 1.78, (7, 8, 18, 19), (6, 4, 0),
        {"bakery": 0.435, "meat": 0.3, "fresh": 0.188, "staples": 0.04, "other": 0.021},
        {"CASH": 0.853, "TRANSFER": 0.086, "CARD": 0.044, "CREDIT": 0.018},
        (0, 1, 1, 0, 0, 0, 0, 0, 341, 291, 108, 129, 193, 121, 28, 12, 7, 34, 135, 264, 263, 129, 37, 7, 3), ("staples", "meat", 0.404), 0.22,
    ),
    (
        "convenience", 3481, 22_084_925, 1.27, (12, 11, 19, 20), (0, 5, 6),
        {"beverages": 0.298, "staples": 0.248, "snacks": 0.203, "other": 0.093, "recharges": 0.092},
        {"CASH": 0.851, "TRANSFER": 0.086, "CARD": 0.054, "CREDIT": 0.009},
        (0, 9, 0, 0, 0, 0, 0, 0, 218, 252, 128, 149, 349, 351, 202, 79, 95, 150, 230, 273, 326, 326, 213, 97, 34), None, 0.24,
    ),
]  # fmt: skip


def planted_segments() -> tuple[Segment, ...]:
    """The twelve."""
    return tuple(
        Segment(
            segment_id=name,
            type=SEGMENT_TYPES[name],
            transaction_count=count,
            share=count / RECEIPTS,
            revenue_cents=revenue,
            avg_basket_cents=round(revenue / count),
            avg_items_per_basket=lines,
            peak_hours=hours,
            peak_days=days,
            confidence_score=0.9,
            top_categories=tuple((Category(each), share) for each, share in categories.items()),
            payment_preferences=tuple((Payment[each], share) for each, share in payments.items()),
            frequency_pattern="daily",
            receipts_by_hour=(*(0,) * first, *by_hour, *(0,) * (24 - first - len(by_hour))),
            growth=0.0,
            usual_pair=pair and (Category(pair[0]), Category(pair[1]), pair[2]),
        )
        for name, count, revenue, lines, hours, days, categories, payments, (first, *by_hour), pair, _lift in _ROWS
    )  # fmt: skip


def planted_performances() -> tuple[SegmentPerformance, ...]:
    """How each has done: as before, and what pay days lift."""
    return tuple(
        SegmentPerformance(
            row[0], SEGMENT_TYPES[row[0]], (), row[2] / REVENUE, 0.0, 0.0, False,
            Reason.of("strategy_watch"), (), row[-1],
        )
        for row in _ROWS
    )  # fmt: skip


def planted_house(until: date = UNTIL, settings: Settings | None = None) -> House:
    """The house they make."""
    segments = Segments(planted_segments(), {SegmentType.TEMPORAL: 0.1}, RECEIPTS, UNTIL, until, 30)
    return House.of(segments, settings or Settings(), planted_performances())
