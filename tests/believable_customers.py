"""Believable answers about known customers, made by hand for charts, pages and reports."""

from __future__ import annotations

from datetime import date

from colmado_insights.analytics.results import (
    BrandTaste,
    CustomerMigration,
    CustomerMove,
    CustomerProfile,
    CustomerSegment,
    CustomerSegmentSummary,
    DecisionStyle,
    ProductHabit,
    Rfm,
    RfmCluster,
    RfmScore,
)
from colmado_insights.domain import Category, Payment, Reason

UNTIL = date(2026, 11, 19)
CUSTOMERS = (15, 14, 13, 0, 7, 3, 2, 6)
REVENUE_CENTS = (90_000_00, 64_000_00, 30_000_00, 0, 9_000_00, 6_000_00, 5_000_00, 4_000_00)


def make_rfm() -> Rfm:
    """Sixty customers in seven of the eight segments."""
    whole = sum(REVENUE_CENTS)
    segments = tuple(
        CustomerSegmentSummary(
            segment=segment,
            customers=customers,
            share=customers / sum(CUSTOMERS),
            revenue_cents=cents,
            revenue_share=cents / whole,
            avg_basket_cents=400_00 if customers else 0,
            receipts=cents // 400_00,
            growth=None,
            is_beyond_noise=False,
            strategy=Reason.of(f"customer_strategy_{segment}"),
            message=Reason.of(f"customer_message_{segment}"),
            why=(Reason.of("customers_earn", share=cents / whole),),
        )
        for segment, customers, cents in zip(CustomerSegment, CUSTOMERS, REVENUE_CENTS, strict=True)
    )
    members = [
        segment for segment, count in zip(CustomerSegment, CUSTOMERS, strict=True) for _ in range(count)
    ]
    return Rfm(
        customers=tuple(
            RfmScore(number, 3, 90, 2_400_00, 2.5, 0.7, 4, 4, 4, segment, 0)
            for number, segment in enumerate(members, start=1)
        ),
        segments=segments,
        clusters=(
            RfmCluster(60, 1.0, 1.0, 3.0, 90.0, 2_400_00, Reason.of("rfm_cluster_traits", traits=("often",))),
        ),
        trials=((2, 76.7, 0.53), (3, 45.5, 0.47)),
        agreement=0.23,
        until=UNTIL,
        window_days=365,
        confidence=0.8,
        reasons=(Reason.of("rfm_sample", customers=60, days=400),),
    )


def make_customer_migration() -> CustomerMigration:
    """A month in which most stayed."""
    return CustomerMigration(
        before=date(2026, 10, 31),
        until=UNTIL,
        flows=(
            ("champions", "champions", 14),
            ("loyal", "loyal", 12),
            ("potential_loyalists", "potential_loyalists", 11),
            ("lost", "lost", 6),
            ("promising", "promising", 4),
            ("", "new", 3),
            ("loyal", "need_attention", 2),
            ("champions", "at_risk", 1),
            ("potential_loyalists", "loyal", 1),
        ),
        moves=(
            CustomerMove(
                7,
                CustomerSegment.CHAMPIONS,
                CustomerSegment.AT_RISK,
                Reason.of("move_stopped_coming", days_away=16, gap_days=2),
            ),
        ),
        stayed=0.92,
    )


def make_profile() -> CustomerProfile:
    """Doña Tata's year: coffee and bread at seven, on account."""
    months = tuple(
        (date(2025 + month // 12, month % 12 + 1, 1), 12, 3_000_00 + 150_00 * month)
        for month in range(11, 23)
    )
    hours = [0] * 24
    hours[7], hours[8], hours[9], hours[18] = 60, 40, 12, 6
    return CustomerProfile(
        customer_id=1,
        until=UNTIL,
        first_day=date(2025, 12, 2),
        last_day=date(2026, 11, 17),
        receipts=118,
        spent_cents=41_000_00,
        avg_basket_cents=347_00,
        avg_lines=2.2,
        rhythm_days=2.0,
        months=months,
        hours=tuple(hours),
        weekdays=(10, 18, 18, 18, 18, 18, 18),
        preferred_hours=(7, 8),
        preferred_weekdays=(),
        pay_phases=(("before", 0.15), ("payday", 0.2), ("middle", 0.65)),
        payments=((Payment.CREDIT, 0.6), (Payment.CASH, 0.4)),
        credit_share=0.55,
        categories=((Category.BAKERY, 0.6), (Category.STAPLES, 0.4)),
        habits=(ProductHabit(5, Category.BAKERY, 40, 1_000, 0.8, 7.0, date(2026, 11, 16), 160_00, 6_400_00),),
        brands=(BrandTaste("Rica", Category.BAKERY, 0.95, 0.6, 38),),
        style=DecisionStyle.REGULAR,
        style_confidence=0.9,
        style_reasons=(Reason.of("style_regular", share=0.6, usual_share=0.4),),
        loyalty=(Reason.of("loyalty_weeks", share=0.96),),
        recent=((901, date(2026, 11, 17), 350_00, 2),),
        confidence=0.9,
        reasons=(Reason.of("profile_sample", purchases=118, days_known=353),),
    )
