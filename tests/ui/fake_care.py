"""Believable care of products and a ledger of advice, for pages and charts without a database."""

from __future__ import annotations

from datetime import datetime, timedelta

from colmado_insights.analytics.results import (
    AdviceOutcome,
    CareBoard,
    Estimate,
    MarginPart,
    Outcome,
    ProductCare,
)
from colmado_insights.domain import CATEGORIES, Category, Reason
from colmado_insights.insights import Advice, LedgerEntry

NOW = datetime(2026, 11, 20, 17, 22)
_SUPPLIERS = ("Cervecería Nacional", "Induveca", "Molinos Modernos")


def make_care(products: int = 120) -> CareBoard:
    """A board whose products sell ever less; some sleep, some run out, some have no cost."""
    revenue = [round(9_000_000 / (place + 1) ** 1.05) for place in range(products)]
    total, upto = sum(revenue), 0
    made = []
    for place, cents in enumerate(revenue):
        letter = "A" if upto < 0.8 * total else "B" if upto < 0.95 * total else "C"
        upto += cents
        has_cost, is_dead, has_stock = place % 9 != 4, place % 40 == 39, place % 3 == 0
        made.append(
            ProductCare(
                product_id=place + 1,
                category=CATEGORIES[place % len(CATEGORIES)],
                abc=letter,
                revenue_cents=cents,
                revenue_share=cents / total,
                units_milli=cents * 10,
                margin_cents=round(0.18 * cents) if has_cost else None,
                margin_share=0.18 if has_cost else None,
                costed_share=1.0 if has_cost else 0.0,
                last_sold=NOW.date() - timedelta(days=80 if is_dead else 1),
                quiet_days=80 if is_dead else None,
                is_dead=is_dead,
                stock_milli=24_000 if has_stock or is_dead else None,
                asleep_cents=180_000 if is_dead else None,
                days_left=Estimate(6.0, 4.0, 9.0) if has_stock and not is_dead else None,
                reasons=(Reason.of("care_quiet", days=80, gap=7),) if is_dead else (),
                stock_age_days=3 if has_stock or is_dead else None,
            )
        )
    return CareBoard(
        products=tuple(made),
        by_category=tuple(
            MarginPart(
                str(category), 9_000_000 // (place + 1), 1_500_000 // (place + 1), 0.1 + 0.02 * place, 0.9, 10
            )
            for place, category in enumerate(
                (Category.ALCOHOL, Category.STAPLES, Category.SNACKS, Category.RECHARGES)
            )
        ),
        by_supplier=tuple(
            MarginPart(name, 5_000_000 // (place + 1), 800_000 // (place + 1), 0.16, 1.0, 20)
            for place, name in enumerate(_SUPPLIERS)
        ),
        revenue_cents=total,
        margin_cents=round(0.16 * total),
        costed_share=0.89,
        asleep_cents=540_000,
        dead=3,
        first_day=NOW.date() - timedelta(days=89),
        until=NOW.date(),
        window_days=90,
        confidence=0.9,
        reasons=(Reason.of("care_window", days=90), Reason.of("care_uncosted", share=0.11)),
    )


def make_advices() -> tuple[Advice, ...]:
    """One advice of several sources."""
    return (
        Advice(
            "price:12", Reason.of("raise_price", product="Presidente Grande 22oz", cents=25_000),
            Reason.of("price_pays_profit", now_cents=22_000, lo_cents=83_000, hi_cents=295_000),
            198_000, "coins", "price", "product:12", "prices", "profit",
        ),
        Advice(
            "asleep:39", Reason.of("sell_off_product", product="Bay Rum 8oz"),
            Reason.of("product_asleep", days=80, cents=180_000, share=0.25),
            45_000, "moon", "asleep", "product:39", "products",
        ),
        Advice(
            "win_back", Reason.of("win_back_customers", customers=3),
            Reason.of("customers_slipping", cents=640_000), 38_000, "heart-handshake", "win_back", "", "customers",
        ),
    )  # fmt: skip


def make_ledger() -> tuple[LedgerEntry, ...]:
    """An advice that helped, one without a difference, one put off, one still open."""
    price, asleep, win_back = make_advices()
    shown, answered = NOW - timedelta(days=24), NOW - timedelta(days=22)
    until = NOW.date() - timedelta(days=1)
    helped = AdviceOutcome(
        Outcome.BETTER, Estimate(400_000, 330_000, 470_000), 610_000, Estimate(210_000, 140_000, 280_000),
        198_000, 14, until, (Reason.of("outcome_better", cents=210_000, expected_cents=400_000),),
    )  # fmt: skip
    same = AdviceOutcome(
        Outcome.AS_BEFORE, Estimate(90_000, 50_000, 130_000), 95_000, Estimate(5_000, -35_000, 45_000),
        45_000, 14, until, (Reason.of("outcome_as_before"),),
    )  # fmt: skip
    return (
        LedgerEntry(price, shown, answered, True, helped),
        LedgerEntry(asleep, shown, answered, True, same),
        LedgerEntry(win_back, NOW - timedelta(days=3), NOW - timedelta(days=2), False, None),
        LedgerEntry(price, NOW, None, None, None),
    )
