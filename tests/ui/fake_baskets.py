"""What goes together and what to do, without a database: for the pages of baskets and of advice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from colmado_insights.analytics.results import (
    AdviceOutcome,
    Basket,
    Bundle,
    Estimate,
    NotEnough,
    Outcome,
    ProductPair,
    ProductSet,
    ProductTrend,
    RecommendationKind,
    Recommendations,
)
from colmado_insights.domain import Reason
from colmado_insights.insights import Advice, LedgerEntry
from tests.ui import fake_prices
from tests.ui.fake_care import make_advices

NOW = datetime(2026, 11, 20, 17, 22)
YESTERDAY = NOW.date() - timedelta(days=1)
PAIRS = (
    ProductPair(3, 10, 294, 1379, 896, 0.42, 20.7, 18.4, 18.0, (17, 18, 19, 21), "payday", 449_400),
    ProductPair(2, 9, 623, 2259, 1499, 0.28, 4.24, 3.9, None, (), "", 48_350),
    ProductPair(1, 8, 44, 900, 300, 0.05, 2.1, 1.3, 1.9, (8,), "before", 0),
)
BUNDLES = (
    Bundle(
        (1, 10), 19_000, 18_000, 1_000, 43, 5.9, 9_000, 88_000,
        (Reason.of("bundle_receipts", receipts=43), Reason.of("bundle_given_away", cents=1_796)),
    ),
    Bundle(
        (3, 4, 10), 45_000, 43_000, 2_000, 12, 2.2, None, 61_000,
        (Reason.of("bundle_receipts", receipts=12), Reason.of("bundle_without_cost")),
    ),
)  # fmt: skip


def make_basket() -> Basket:
    """Three pairs, two bundles of which one lacks a cost, a product that falls beside the one that grows."""
    known = fake_prices.make_basket()
    return replace(
        known, pairs=PAIRS, bundles=BUNDLES, hit_rate=0.41,
        trends=(*known.trends, ProductTrend(5, -0.47, -0.61, -0.31, 0.017, 72.0, 63.0)),
        sets=(ProductSet((1, 3, 10), 14, 0.67, 7.25, 4.0),),
    )  # fmt: skip


def _told(key: str, days: int, *, is_taken: bool | None, outcome: AdviceOutcome | None = None) -> LedgerEntry:
    price, *_others = make_advices()
    advice = replace(price, key=key, measure=f"product:{days}")
    at = NOW - timedelta(days=days)
    return LedgerEntry(advice, at, None if is_taken is None else at, is_taken, outcome)


def _came(outcome: Outcome, change: int | None, days: int = 14) -> AdviceOutcome:
    reasons = {
        Outcome.BETTER: Reason.of("outcome_better", cents=change or 0, expected_cents=400_000),
        Outcome.WORSE: Reason.of("outcome_worse", cents=abs(change or 0), expected_cents=400_000),
        Outcome.TOO_EARLY: Reason.of("outcome_too_early", days=14),
    }
    reason = reasons.get(outcome, Reason.of("outcome_as_before"))
    estimate = None if change is None else Estimate(change, change - 60_000, change + 60_000)
    known = None if change is None else Estimate(400_000, 330_000, 470_000)
    actual = None if change is None else 400_000.0 + change
    return AdviceOutcome(outcome, known, actual, estimate, 198_000, days, YESTERDAY, (reason,))


def make_ledger() -> tuple[LedgerEntry, ...]:
    """Of each outcome one, one put off, two that wait, and one that nobody answered."""
    return (
        _told("bundle:1:10", 2, is_taken=None),
        _told("offer:3:10", 3, is_taken=None),
        _told("price:5", 8, is_taken=True, outcome=_came(Outcome.TOO_EARLY, None, 7)),
        replace(_told("win_back", 9, is_taken=False), advice=make_advices()[2]),
        _told("price:2", 30, is_taken=True, outcome=_came(Outcome.BETTER, 210_000)),
        _told("price:3", 50, is_taken=True, outcome=_came(Outcome.AS_BEFORE, 5_000)),
        _told("price:4", 70, is_taken=True, outcome=_came(Outcome.WORSE, -90_000)),
        _told("price:7", 90, is_taken=None, outcome=_came(Outcome.AS_BEFORE, 1_000)),
    )


def make_open_advices() -> tuple[Advice, ...]:
    """What waits: a strong day, an offer, and rows to look at."""
    why = Reason.of("usual_same_weekday", days=6, weekday=5)
    return (
        Advice(
            "advice 0", Reason.of("prepare_peak_day", day="2026-11-27", cents=2_060_000), why, 320_000, "calendar",
            "peak", "shop", "forecast",
        ),
        Advice(
            "advice 1", Reason.of("offer_pair", first="alcohol", second="snacks"), why, 64_000,
            "shopping-basket", "offer", "product:1", "prices", "profit",
        ),
        Advice(
            "advice 2", Reason.of("look_at_quarantine", rows=10), why, None, "file-warning", "quarantine", "",
            "quarantine",
        ),
    )  # fmt: skip


class FakeBaskets(fake_prices.FakePrices):
    """The part of the fake shop that knows baskets and advice; `basket` and `ledger` stand in for the usual."""

    answers: list[tuple[str, bool]]
    basket: Basket | NotEnough | None = None
    ledger: tuple[LedgerEntry, ...] | None = None

    def compute_actions(self, now: datetime, progress: Any = None) -> tuple[Advice, ...]:
        if self.mood == "failing":
            raise ZeroDivisionError("an analysis fails")
        answered = {key for key, _done in self.answers}
        return () if self.mood == "empty" else tuple(
            each for each in make_open_advices() if each.key not in answered
        )  # fmt: skip

    def note_advice(self, advice: Advice, now: datetime) -> None:
        self.told.append(("note", advice.key))

    def write_answer(self, key: str, done: bool) -> None:
        self.answers.append((key, done))

    def read_ledger(self, now: datetime) -> tuple[LedgerEntry, ...]:
        return (*super().read_ledger(now), *make_ledger()) if self.ledger is None else self.ledger

    def compute_baskets(self, as_of: date | None = None, progress: Any = None) -> Basket | NotEnough:
        return self._fails_or(self.basket or make_basket())

    def recommend(
        self,
        kind: RecommendationKind,
        product_id: int | None = None,
        customer_id: int | None = None,
        as_of: date | None = None,
        progress: Any = None,
        beside_id: int | None = None,
    ) -> Recommendations | NotEnough:
        self.told.append(("recommend", kind, product_id, beside_id))
        return super().recommend(kind, product_id, customer_id, as_of, progress)
