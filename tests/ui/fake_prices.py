"""Products, prices and what goes with them, without a database: for the pages of products."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from colmado_insights.analytics.results import (
    Basket,
    CareBoard,
    NotEnough,
    PriceAdvice,
    PriceBoard,
    PriceRefusal,
    PriceWeek,
    ProductTrend,
    Recommendation,
    RecommendationKind,
    Recommendations,
    SeasonalProduct,
)
from colmado_insights.domain import Reason
from colmado_insights.insights import LedgerEntry
from tests.believable_prices import make_price_board, make_price_weeks
from tests.ui.fake_care import make_advices, make_care

TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)
NAMES = {
    1: "Cerveza Presidente 650 ml", 2: "Arroz Selecto La Garza 10 lb", 3: "Refresco Coca-Cola 2 L",
    4: "Ron Brugal Añejo 350 ml", 5: "Huevo", 6: "Salami Induveca Súper Especial", 7: "Presidente 650ml",
    8: "Recarga Claro", 9: "Plátano verde", 10: "Chulito Ramón", 11: "Varios", 12: "Detergente Ace 900 g",
}  # fmt: skip
WITHOUT_COST, WITH_ALARM, REFUSED = 5, 6, 12


@cache
def make_ledger() -> tuple[LedgerEntry, ...]:
    """The alarm of one product was shown, and the advice on another put off."""
    first, *_others = make_advices()
    shown = datetime(2026, 11, 18, 9)
    return (
        LedgerEntry(replace(first, key=f"cost:{WITH_ALARM}"), shown, None, None, None),
        LedgerEntry(replace(first, key="price:1"), shown, shown, False, None),
    )


@cache
def make_care_of_catalog() -> CareBoard:
    """The care of the twelve products of the catalog: one sleeps, four are counted, one runs out."""
    board = make_care(12)
    products = [
        replace(
            each,
            is_dead=each.product_id == 12,
            last_sold=TODAY - timedelta(days=80 if each.product_id == 12 else 1),
            quiet_days=80 if each.product_id == 12 else None,
            stock_milli=24_000 if each.product_id == 12 else each.stock_milli,
            asleep_cents=180_000 if each.product_id == 12 else None,
            reasons=(Reason.of("care_quiet", days=80, gap=7),) if each.product_id == 12 else (),
        )
        for each in board.products
    ]
    return replace(board, products=tuple(products), dead=1, asleep_cents=180_000)


def make_recommendations(kind: RecommendationKind) -> Recommendations:
    whys = {
        RecommendationKind.CROSS_SELL: (
            (3, Reason.of("recommend_cross_sell", share=0.22, product=NAMES[1])),
            (10, Reason.of("recommend_fits", product=NAMES[1])),
        ),
        RecommendationKind.UPSELL: ((4, Reason.of("recommend_larger", times=2.0, more_cents=15_000)),),
    }
    found = whys.get(kind, ((7, Reason.of("recommend_similar", price_cents=17_500)),))
    items = tuple(Recommendation(product, 1.0 - place / 9, why) for place, (product, why) in enumerate(found))
    return Recommendations(kind, items, YESTERDAY, 0.9)


def make_basket() -> Basket:
    return Basket(
        pairs=(), bundles=(), trends=(ProductTrend(1, 0.21, 0.1, 0.34, 0.01, 72.0, 60.0),),
        seasonal=(SeasonalProduct(1, "navidad", 0, 1.6, 1.2, 2.0, 2),), receipts=8512, receipts_of_two=5100,
        hit_rate=0.2, popular_hit_rate=0.1, coverage=0.6, first_day=TODAY - timedelta(days=365),
        until=YESTERDAY, confidence=0.9,
    )  # fmt: skip


class FakePrices:
    """The part of the fake shop that knows prices and products."""

    mood: str
    told: list[tuple[Any, ...]]
    board: PriceBoard | NotEnough | None = None  # instead of the believable one

    def _fails_or(self, value: Any) -> Any:
        if self.mood == "failing":
            raise ZeroDivisionError("an analysis fails")
        return NotEnough(1, 0, "sales") if self.mood == "empty" else value

    def compute_prices(self, as_of: date | None = None, progress: Any = None) -> PriceBoard | NotEnough:
        return self._fails_or(self.board or make_price_board())

    def compute_price_advice(
        self, product_id: int, as_of: date | None = None, progress: Any = None
    ) -> PriceAdvice | NotEnough:
        board = self.compute_prices(as_of)
        if isinstance(board, NotEnough):
            return board
        found: list[PriceAdvice | PriceRefusal] = [*board.advices, *board.refusals]
        for each in found:
            if each.product_id == product_id:
                return each.why if isinstance(each, PriceRefusal) else each
        return NotEnough(needed=1, have=0, unit="sales")

    def read_price_weeks(self, product_id: int, as_of: date | None = None) -> tuple[PriceWeek, ...]:
        return make_price_weeks(60 - product_id)

    def compute_care(self, as_of: date | None = None, progress: Any = None) -> CareBoard | NotEnough:
        return self._fails_or(make_care_of_catalog())

    def read_suppliers(self) -> dict[int, str]:
        return {1: "Cervecería Nacional", 2: "Molinos Modernos"}

    def read_product_names(self) -> dict[int, str]:
        return dict(NAMES)

    def read_ledger(self, now: datetime) -> tuple[LedgerEntry, ...]:
        return make_ledger()

    def undo_answer(self, key: str) -> bool:
        self.told.append(("undo answer", key))
        return True

    def write_stock(self, product_id: int, stock_milli: int) -> None:
        self.told.append(("stock", product_id, stock_milli))

    def write_supplier(self, product_id: int, name: str) -> None:
        self.told.append(("supplier", product_id, name))

    def compute_baskets(self, as_of: date | None = None, progress: Any = None) -> Basket | NotEnough:
        return self._fails_or(make_basket())

    def recommend(
        self,
        kind: RecommendationKind,
        product_id: int | None = None,
        customer_id: int | None = None,
        as_of: date | None = None,
        progress: Any = None,
    ) -> Recommendations | NotEnough:
        return self._fails_or(make_recommendations(kind))
