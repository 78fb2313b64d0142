"""Kept predictions against what came, by hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.prediction_track import compute_prediction_tracks
from colmado_insights.analytics.results import PredictionTrack
from colmado_insights.domain import CUSTOMER_MONTH_COLUMNS, day_number
from colmado_insights.text.sentences import sentence
from tests.analytics.known_customers import UNTIL, receipts_of

MADE = 60
"""Days before UNTIL on which the predictions were made."""


def kept(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows with what they tell; nothing said elsewhere. Days ahead of the prediction become day numbers."""
    empty = dict.fromkeys(CUSTOMER_MONTH_COLUMNS, np.nan) | {
        "day": day_number(UNTIL) - MADE, "segment": "loyal", "recency_days": 1, "frequency": 1, "monetary_cents": 1
    }  # fmt: skip
    frame = pd.DataFrame([empty | row for row in rows], columns=list(CUSTOMER_MONTH_COLUMNS))
    frame = frame.astype(CUSTOMER_MONTH_COLUMNS)
    return frame.assign(**{name: frame["day"] + frame[name] for name in ("next_day", "next_lo", "next_hi")})


def tracks(rows: list[dict[str, object]], visits: list[tuple[int, int, int]]) -> dict[str, PredictionTrack]:
    found = compute_prediction_tracks(kept(rows), receipts_of(visits), until=UNTIL)
    return {track.question: track for track in found}


def scores(track: PredictionTrack) -> dict[str, float]:
    return dict(track.months[-1][2])


def after(ahead: int) -> int:
    """Days before UNTIL of a day so many after the prediction."""
    return MADE - ahead


def test_churn_counts_who_stayed_away() -> None:
    said = [0.9, 0.8, 0.2, 0.1, 0.3, 0.7]
    rows = [{"customer_id": who, "churn": p, "churn_days": 30} for who, p in enumerate(said, 1)]
    visits = [(who, after(10), 100) for who in (3, 4, 5)] + [(6, after(31), 100)]
    track = tracks(rows, visits)["churn"]
    assert track.months[0][:2] == (UNTIL - timedelta(days=MADE), 6)
    stayed = np.array([1, 1, 0, 0, 0, 1.0])
    assert scores(track)["auc"] == 1.0
    assert scores(track)["brier"] == pytest.approx(((np.array(said) - stayed) ** 2).mean())
    assert scores(track)["base_rate"] == 0.5


def test_churn_whose_days_are_not_over_is_not_judged() -> None:
    rows = [{"customer_id": who, "churn": 0.5, "churn_days": MADE + 1} for who in range(1, 9)]
    assert "churn" not in tracks(rows, [(1, after(3), 100)])


def test_next_purchase_in_days_and_within_its_interval() -> None:
    rows = [{"customer_id": who, "next_day": 10, "next_lo": 7, "next_hi": 14} for who in range(1, 8)]
    came = {1: 10, 2: 12, 3: 14, 4: 20, 5: 6, 6: 9}
    visits = [(who, after(ahead), 100) for who, ahead in came.items()] + [
        (1, after(40), 100),
        (7, after(-5), 100),
    ]
    track = tracks(rows, visits)["next_purchase"]
    assert track.months[0][1] == 7
    assert scores(track)["mae"] == pytest.approx((0 + 2 + 4 + 10 + 4 + 1) / 6)
    assert scores(track)["within3"] == pytest.approx(3 / 6)
    assert scores(track)["coverage"] == pytest.approx(4 / 7)


def test_who_may_still_come_within_the_interval_is_not_counted() -> None:
    rows = [{"customer_id": who, "next_day": 10, "next_lo": 5, "next_hi": MADE + 9} for who in range(1, 9)]
    track = tracks(rows, [(who, after(10), 100) for who in range(1, 7)])["next_purchase"]
    assert track.months[0][1] == 6
    assert scores(track)["coverage"] == 1.0


def test_value_is_judged_pro_rata_and_less_refunds() -> None:
    rows = [{"customer_id": who, "clv_cents": 365_00, "clv_days": 365} for who in range(1, 6)]
    visits = [(who, after(20), 70_00) for who in range(1, 6)] + [
        (1, after(25), -20_00),
        (1, after(-1), 999_00),
    ]
    track = tracks(rows, visits)["clv"]
    assert scores(track)["mae"] == pytest.approx((10_00 * 4 + 10_00) / 5)
    assert scores(track)["bias"] == pytest.approx(300_00 / 330_00 - 1)


def test_segments_are_foreseen_by_the_moves_of_earlier_months() -> None:
    visits = [(who, ago, 100_00) for who in range(1, 21) for ago in range(who % 3, 400, 5)]
    months = [
        [{"customer_id": who, "day": day_number(UNTIL) - back, "segment": "lost"} for who in range(1, 21)]
        for back in (120, 90, 60, 31)
    ]
    track = tracks([row for month in months for row in month], visits)["segment"]
    accuracy = [dict(each[2])["accuracy"] for each in track.months]
    stayed = [dict(each[2])["base_rate"] for each in track.months]
    assert stayed == [0.0] * 4
    assert accuracy[0] == 0.0
    assert accuracy[1] > 0.3  # having seen once that the lost ones come back


def test_nothing_kept_nothing_told_and_what_is_told_has_words() -> None:
    assert tracks([], [(1, 3, 100)]) == {}
    rows = [{"customer_id": who, "clv_cents": 1.0, "clv_days": 30} for who in range(1, 6)]
    for track in tracks(rows, [(1, after(20), 100)]).values():
        assert "{" not in sentence(track.reasons[0])


def test_customers_without_sales_and_anonymous_ones_do_no_harm() -> None:
    rows = [{"customer_id": who, "churn": 0.5, "churn_days": 20} for who in range(1, 9)]
    track = tracks(rows, [(0, after(5), 100), (4, after(5), 100)])["churn"]
    assert scores(track)["base_rate"] == pytest.approx(7 / 8)
