"""Known customers without a database: believable people, and a page of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from colmado_insights.analytics.results import (
    BrandTaste,
    CategoryChance,
    Churn,
    CustomerMigration,
    CustomerModels,
    CustomerMove,
    CustomerOutlook,
    CustomerProfile,
    CustomerSegment,
    CustomerSegmentSummary,
    DecisionStyle,
    Estimate,
    Lifetime,
    ModelScore,
    NextAction,
    NextPurchase,
    NotEnough,
    PredictionTrack,
    ProductHabit,
    Recommendation,
    RecommendationKind,
    Recommendations,
    Replenishment,
    Rfm,
    RfmCluster,
    RfmScore,
    RiskLevel,
)
from colmado_insights.domain import Category, Consent, Customer, Payment, Reason
from colmado_insights.errors import BadCustomer
from colmado_insights.insights import CacheUse, CustomerBook, CustomerView

NOW = datetime(2026, 11, 20, 17, 22)
TODAY = NOW.date()
YEAR = 365
PEOPLE = (  # nickname, till's name, segment, days since the last visit, rhythm, visits, mean basket, risk
    ("Doña Tata", "ALTAGRACIA PEÑA", "champions", 1, 2.1, 168, 41_000, 0.04),
    ("Chepe", "JOSE MERCEDES", "champions", 2, 3.0, 121, 38_500, 0.06),
    ("La profe Miriam", "MIRIAM SANTOS", "loyal", 3, 4.2, 84, 36_000, 0.11),
    ("Kelvin el mecánico", "KELVIN DIAZ", "loyal", 5, 5.5, 66, 52_500, 0.18),
    ("Doña Fefa", "JOSEFINA REYES", "potential_loyalists", 4, 7.0, 31, 29_000, 0.24),
    ("", "RAMON ANTONIO CASTILLO DE LA CRUZ", "potential_loyalists", 6, 8.1, 24, 44_000, 0.29),
    ("Yubelkis", "YUBELKIS MATOS", "new", 3, 6.0, 3, 18_500, 0.35),
    ("El Chino", "LUIS CHEN", "promising", 9, 9.0, 9, 22_000, 0.41),
    ("Doña Carmen", "CARMEN POLANCO", "need_attention", 19, 6.4, 58, 47_000, 0.52),
    ("Moreno", "FRANKLIN MORENO", "at_risk", 31, 6.0, 72, 55_500, 0.71),
    ("Sarita", "SARA JIMENEZ", "at_risk", 44, 9.5, 40, 39_000, 0.78),
    ("Papo", "RAFAEL PAPO NUÑEZ", "lost", 96, 8.0, 33, 61_000, 0.93),
    ("Don Julio", "JULIO CESAR GIL", "loyal", 2, 4.9, 71, 33_500, 0.14),
)
NAMES = {
    1: "Leche Rica entera 1 L", 2: "Arroz Selecto La Garza 10 lb", 3: "Cerveza Presidente 650 ml",
    4: "Huevo", 5: "Salami Induveca Súper Especial", 6: "Café Santo Domingo 1 lb", 7: "Pan de agua",
    8: "Plátano verde", 9: "Aceite Crisol 1 L", 10: "Refresco Coca-Cola 2 L",
}  # fmt: skip
SUMMARIES = (
    ("champions", 2, 0.29, 0.08), ("loyal", 3, 0.24, 0.02), ("potential_loyalists", 2, 0.12, 0.17),
    ("new", 1, 0.01, None), ("promising", 1, 0.02, 0.0), ("need_attention", 1, 0.09, -0.21),
    ("at_risk", 2, 0.15, -0.38), ("lost", 1, 0.08, -0.9),
)  # fmt: skip


def level_of(probability: float) -> RiskLevel:
    steps = ((0.3, RiskLevel.LOW), (0.6, RiskLevel.MEDIUM), (0.8, RiskLevel.HIGH))
    return next((level for top, level in steps if probability < top), RiskLevel.CRITICAL)


def make_customer(place: int) -> Customer:
    nickname, name, _segment, away, _rhythm, visits, basket, _risk = PEOPLE[place]
    return Customer(
        place + 1, name, nickname, f"809-555-01{place:02d}" if place % 3 else "",
        note="Le llevan el pedido los sábados" if place == 0 else "",
        consent=(Consent.YES, Consent.YES, Consent.UNKNOWN)[place % 3], is_listed=bool(nickname),
        first_day=TODAY - timedelta(days=400 - 20 * place) if place != 6 else TODAY - timedelta(days=20),
        last_day=TODAY - timedelta(days=away), receipts=visits, spent_cents=visits * basket,
    )  # fmt: skip


def make_outlook(place: int) -> CustomerOutlook:
    """What is expected of one; those who come often are due for something."""
    number = place + 1
    _nickname, _name, segment, away, rhythm, visits, basket, risk = PEOPLE[place]
    customer = make_customer(place)
    assert customer.first_day is not None and customer.last_day is not None
    yearly = round(basket * YEAR / rhythm)
    day = max(TODAY, customer.last_day + timedelta(days=round(rhythm)))
    due = (
        Replenishment(
            number, place % 8 + 1, TODAY + timedelta(days=place % 4), TODAY + timedelta(days=place % 4 - 2),
            TODAY + timedelta(days=place % 4 + 2), 2_000, 14, 0.74, is_due=place % 4 < 2,
        ),
    ) if risk < 0.5 else ()  # fmt: skip
    return CustomerOutlook(
        number, TODAY, customer.first_day, customer.last_day, visits, customer.spent_cents,
        RfmScore(number, away, visits, customer.spent_cents, rhythm, away / rhythm, 3, 3, 3, CustomerSegment(segment), place % 3),
        Lifetime(number, round(yearly * (1 - risk)), round(yearly * (1 - risk) * 0.7), round(yearly * (1 - risk) * 1.4),
                 yearly, YEAR / rhythm * (1 - risk), 1 - risk),
        Churn(number, risk, level_of(risk), max(30, round(3 * rhythm)), (Reason.of("move_is_late", days_away=away),)),
        NextPurchase(number, day, day - timedelta(days=1), day + timedelta(days=3), 1 - risk),
        (CategoryChance(number, Category.STAPLES, 0.84), CategoryChance(number, Category.MEAT, 0.3)), due,
        NextAction(
            number, Reason.of("move_stopped_coming", days_away=away, gap_days=round(rhythm)),
            (Reason.of("customers_as_before", days=90),), 120_000, 0.4, place % 8 + 1 if due else None,
        ) if place % 4 != 3 else None,
    )  # fmt: skip


def make_rfm() -> Rfm:
    summaries = tuple(
        CustomerSegmentSummary(
            CustomerSegment(segment), count, count / len(PEOPLE), round(share * 40_000_000), share, 38_000,
            count * 40, growth, growth is not None and abs(growth) > 0.1,
            Reason.of(f"customer_strategy_{segment}"), Reason.of(f"customer_message_{segment}"),
            Estimate(2.4, 0.8, 4.1) if segment in ("at_risk", "need_attention") else None,
        )
        for segment, count, share, growth in SUMMARIES
    )  # fmt: skip
    clusters = (
        RfmCluster(
            6, 0.46, 0.61, 2.0, 88.0, 3_300_000, Reason.of("rfm_cluster_traits", traits=("often", "much"))
        ),
        RfmCluster(4, 0.31, 0.29, 9.0, 30.0, 1_100_000, Reason.of("rfm_cluster_usual")),
        RfmCluster(3, 0.23, 0.1, 44.0, 9.0, 300_000, Reason.of("rfm_cluster_traits", traits=("long_ago",))),
    )
    scores = tuple(make_outlook(place).rfm for place in range(len(PEOPLE)))
    return Rfm(scores, summaries, clusters, ((3, 9.0, 0.4),), 0.62, TODAY, YEAR, 0.8)


def make_models() -> CustomerModels:
    return CustomerModels(
        TODAY, len(PEOPLE),
        (("clv", "mbgnbd"), ("churn", "boosting"), ("next_purchase", "hazard"), ("replenish", "median_gap")),
        (
            ("clv", (ModelScore("mbgnbd", (("mae", 42_000.0), ("spearman", 0.71)), is_used=True),)),
            ("churn", (
                ModelScore("boosting", (("auc", 0.88), ("brier", 0.11)), is_used=True),
                ModelScore("rhythm", (("auc", 0.8),)),
            )),
            ("next_purchase", (ModelScore("hazard", (("mae", 2.6), ("within3", 0.7)), is_used=True),)),
        ),
    )  # fmt: skip


def make_moves() -> CustomerMigration:
    segments = CustomerSegment
    return CustomerMigration(
        date(2026, 9, 30), date(2026, 10, 31),
        (("champions", "champions", 2), ("loyal", "loyal", 3), ("loyal", "at_risk", 1), ("", "new", 1), ("at_risk", "lost", 1)),
        (
            CustomerMove(10, segments.LOYAL, segments.AT_RISK, Reason.of("move_stopped_coming", days_away=31, gap_days=6)),
            CustomerMove(12, segments.AT_RISK, segments.LOST, Reason.of("move_stopped_coming", days_away=96, gap_days=8)),
            CustomerMove(7, None, segments.NEW, Reason.of("move_first_purchase", day="2026-10-31")),
        ),
        0.77,
    )  # fmt: skip


def make_book() -> CustomerBook:
    places = range(len(PEOPLE))
    return CustomerBook(
        tuple(map(make_customer, places)), tuple(map(make_outlook, places)), make_rfm(), make_models(), make_moves(),
        TODAY, NOW - timedelta(hours=2), dict(NAMES),
    )  # fmt: skip


def make_profile(customer_id: int) -> CustomerProfile:
    customer = make_customer(customer_id - 1)
    assert customer.first_day is not None and customer.last_day is not None
    months = tuple(
        (date(2025 + (9 + n) // 12, (9 + n) % 12 + 1, 1), 8 + n % 5, 310_000 + 40_000 * (n * 7 % 5))
        for n in range(14)
    )
    hours = tuple(
        {8: 20, 9: 14, 12: 6, 17: 11, 18: 24, 19: 19}.get(hour, 2 if 7 <= hour <= 21 else 0)
        for hour in range(24)
    )
    habits = tuple(
        ProductHabit(
            number, Category.BAKERY, 40 - 3 * number, 1_500 + 250 * number, 0.7 if number < 6 else None,
            3.0 + number if number < 9 else None, TODAY - timedelta(days=number),
            None if number == 5 else 4_500 + 1_000 * number, 90_000 * (11 - number),
        )
        for number in NAMES
    )  # fmt: skip
    recent = tuple(
        (900 - n, customer.last_day - timedelta(days=2 * n), 41_250 - 1_700 * n, 5 - n % 3) for n in range(12)
    )
    return CustomerProfile(
        customer_id, TODAY, customer.first_day, customer.last_day, customer.receipts, customer.spent_cents,
        41_000, 4.2, 2.1, months, hours, (14, 20, 20, 21, 24, 38, 31), (8, 18, 19), (5, 6),
        (("before", 0.2), ("payday", 0.38), ("middle", 0.42)),
        ((Payment.CREDIT, 0.58), (Payment.CASH, 0.37), (Payment.TRANSFER, 0.05)), 0.58,
        ((Category.STAPLES, 0.34), (Category.BAKERY, 0.23), (Category.MEAT, 0.14), (Category.BEVERAGES, 0.11)),
        habits,
        (
            BrandTaste("La Garza", Category.STAPLES, 0.92, 0.81, 38),
            BrandTaste("Rica", Category.BAKERY, 0.77, 0.64, 44),
            BrandTaste("Induveca", Category.MEAT, 0.61, 0.32, 19),
        ),
        DecisionStyle.REGULAR, 0.82, (Reason.of("customers_earn", share=0.7),),
        (Reason.of("move_comes_more", purchases=14, purchases_before=9), Reason.of("customers_as_before", days=90)),
        recent, 0.8,
    )  # fmt: skip


def make_view(customer_id: int) -> CustomerView:
    personal = Recommendations(
        RecommendationKind.PERSONAL,
        tuple(
            Recommendation(product, 0.9, Reason.of("usual_pair", first="alcohol", second="snacks", share=0.4))
            for product in (9, 10)
        ),
        TODAY, 0.7,
    )  # fmt: skip
    return CustomerView(
        make_customer(customer_id - 1), make_profile(customer_id), make_outlook(customer_id - 1), personal, dict(NAMES),
        NOW - timedelta(hours=2), True,
    )  # fmt: skip


@dataclass(kw_only=True)
class FakeCustomers:
    """The part of the fake shop that knows people; `book` and `views` stand in for what is not usual."""

    people: list[tuple[Any, ...]] = field(default_factory=list)  # what was told of customers, in order
    book: CustomerBook | NotEnough | None = None
    views: dict[int, CustomerView] = field(default_factory=dict)

    @property
    def _knows(self) -> bool:
        mood = getattr(self, "mood", "small")
        if mood == "failing":
            raise ZeroDivisionError("an analysis fails")
        return mood != "empty"

    def read_customers(self, as_of: date | None = None) -> tuple[Customer, ...]:
        if not self._knows or (isinstance(self.book, NotEnough) and not self.book.have):
            return ()
        return (self.book if isinstance(self.book, CustomerBook) else make_book()).customers

    def compute_customers(self, as_of: date | None = None, progress: Any = None) -> CustomerBook | NotEnough:
        return self.book or make_book() if self._knows else NotEnough(1, 0, "receipts")

    def read_customer(
        self, customer_id: int, as_of: date | None = None, progress: Any = None
    ) -> CustomerView:
        assert self._knows
        self.people.append(("read", customer_id))
        return self.views.get(customer_id) or make_view(customer_id)

    def write_customer(self, customer: Customer) -> int:
        if customer.name == "CARMEN POLANCO" and not customer.customer_id:
            raise BadCustomer("Ya hay un cliente con ese nombre.", "Búscalo en la lista.")
        self.people.append(("write", customer))
        return customer.customer_id or 99

    def import_customers(self, path: Path, progress: Any = None) -> tuple[int, int]:
        self.people.append(("import", path))
        return 12, 3

    def erase_customer(self, customer_id: int) -> None:
        self.people.append(("erase", customer_id))

    def export_customer(self, customer_id: int, path: Path) -> None:
        self.people.append(("export", customer_id, path))

    def read_segment_history(self, customer_id: int) -> tuple[tuple[date, CustomerSegment], ...]:
        segments = ("promising", "loyal", "loyal", "champions", "champions")
        return tuple((date(2026, 6 + n, 30), CustomerSegment(each)) for n, each in enumerate(segments))

    def read_cache_use(self) -> tuple[CacheUse, ...]:
        return (CacheUse("customers", 46, 4), CacheUse("profile", 90, 10))

    def read_prediction_tracks(self, as_of: date | None = None) -> tuple[PredictionTrack, ...]:
        months = ((date(2026, 10, 31), 13, (("auc", 0.83),)),)
        moved = tuple(
            (date(2026, month, 30), 13, (("accuracy", accuracy), ("base_rate", 0.62)))
            for month, accuracy in ((8, 0.61), (9, 0.7))
        )
        return PredictionTrack("churn", months, TODAY), PredictionTrack("segment", moved, TODAY)
