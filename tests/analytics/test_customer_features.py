"""Features of customers: each against the plainest way to count it."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.customer_features import (
    RHYTHM_COLUMNS,
    TASTE_COLUMNS,
    customer_features,
)
from colmado_insights.domain import LINE_COLUMNS, SECONDS_A_DAY, day_number
from tests.analytics.known_customers import UNTIL, receipts_of, simulate


def test_one_customer_by_hand() -> None:
    receipts = receipts_of(
        [(7, 30, 100_00), (7, 20, 200_00), (7, 20, 50_00), (7, 6, 100_00), (7, 5, -50_00), (0, 1, 9_00)]
    )
    frame = customer_features(receipts, None, UNTIL)
    row = frame.iloc[0]
    assert frame["customer_id"].tolist() == [7]
    assert row["visits"] == 3 and row["receipts"] == 4
    assert row["recency_days"] == 6 and row["age_days"] == 30
    assert row["gap_days"] == 12 and row["longest_gap_days"] == 14
    assert row["rhythm_days"] == pytest.approx(12) and row["lateness"] == pytest.approx(0.5)
    assert row["spent_cents"] == 400_00 and row["avg_basket_cents"] == 112_50
    assert (row["visits_15"], row["visits_30"], row["visits_90"]) == (1, 2, 3)
    assert row["spent_15"] == 50_00
    assert row["refund_share"] == pytest.approx(1 / 5)


def test_each_column_against_the_plainest_count() -> None:
    known = simulate(25, seed=3)
    frame = customer_features(known.receipts, known.lines, UNTIL).set_index("customer_id")
    past, lines = known.before(UNTIL)
    ago = day_number(UNTIL) - past["sold_at"] // SECONDS_A_DAY
    for who, own in past.groupby("customer_id"):
        row, days = frame.loc[who], np.unique(ago[own.index])[::-1]
        gaps = -np.diff(days)
        assert row["visits"] == len(days) and row["recency_days"] == days[-1]
        assert np.isnan(row["gap_days"]) if len(gaps) == 0 else row["gap_days"] == np.median(gaps)
        assert row["gap_spread"] == pytest.approx(gaps.std() / gaps.mean() if len(gaps) > 1 else 1.0)
        assert row["lateness_rank"] == pytest.approx((gaps < days[-1]).sum() / (len(gaps) + 1))
        assert row["visits_90"] == (days < 90).sum()
        assert row["basket_trend"] == pytest.approx(
            np.log((own["total_cents"].tail(5).mean() + 1) / (own["total_cents"].mean() + 1))
        )
        bought = lines[lines["receipt"].isin(own.index)]
        assert row["lines_each"] == pytest.approx(len(bought) / len(own))
        assert row["products_each"] == pytest.approx(bought["product_id"].nunique() / len(days))
        shares = bought.groupby("category")["amount_cents"].sum() / bought["amount_cents"].sum()
        assert row[[f"share_{n}" for n in ("alcohol", "staples")]].tolist() == pytest.approx(
            [shares.get(0, 0.0), shares.get(1, 0.0)]
        )


def test_the_future_changes_nothing() -> None:
    known = simulate(20, seed=5)
    cut = UNTIL - timedelta(days=100)
    pd.testing.assert_frame_equal(
        customer_features(known.receipts, known.lines, cut), customer_features(*known.before(cut), cut)
    )


def test_few_gaps_lean_on_the_shop() -> None:
    """Who came once has the shop's rhythm; who came twice is drawn towards it."""
    weekly = [(who, 7 * week, 100_00) for who in range(1, 12) for week in range(10)]
    frame = customer_features(
        receipts_of([*weekly, (20, 3, 5_00), (21, 0, 5_00), (21, 60, 5_00)]), None, UNTIL
    )
    rhythm = frame.set_index("customer_id")["rhythm_days"]
    assert rhythm[1] == pytest.approx(7) and rhythm[20] == pytest.approx(7)
    assert 7 < rhythm[21] < 30


def test_pace_of_a_steady_customer_is_visits_a_day_at_every_half_life() -> None:
    frame = customer_features(receipts_of([(1, 4 * n, 1_00) for n in range(60)]), None, UNTIL)
    assert frame[["pace_14", "pace_45", "pace_120"]].to_numpy()[0] == pytest.approx(0.25, rel=0.15)


def test_nothing_known_is_an_empty_frame() -> None:
    frame = customer_features(receipts_of([(0, 3, 5_00), (4, 3, -5_00)]), None, UNTIL)
    assert frame.empty and list(frame.columns) == ["customer_id", *RHYTHM_COLUMNS]
    none = pd.DataFrame(columns=list(LINE_COLUMNS)).astype(LINE_COLUMNS)
    assert list(customer_features(receipts_of([]), none, UNTIL).columns)[-1] == TASTE_COLUMNS[-1]


def test_only_the_gap_may_be_unknown() -> None:
    known = simulate(60, mean_gap=60, seed=9)
    frame = customer_features(known.receipts, known.lines, UNTIL)
    assert frame["gap_days"].isna().any()
    assert np.isfinite(frame.drop(columns="gap_days").to_numpy()).all()
