"""A shop without a database: believable numbers for every page, or none, or trouble."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from colmado_insights.analytics.results import (
    Backtest,
    DayView,
    Driver,
    Effect,
    Flow,
    Forecast,
    ForecastPoint,
    HourForecast,
    HourPattern,
    HourPoint,
    KTrial,
    LearnedSegments,
    LiveInsight,
    LiveType,
    Migration,
    ModelTrack,
    Normal,
    NormalSpan,
    NotEnough,
    PayCurve,
    Seasons,
    Segment,
    SegmentPerformance,
    Segments,
    SegmentType,
    SegmentWeek,
    TrackedWeek,
    Usual,
    Verdict,
    WeekError,
)
from colmado_insights.config import Settings
from colmado_insights.domain import (
    BackupFacts,
    BadGroup,
    BadRow,
    CatalogProduct,
    Category,
    CategorySource,
    ImportReport,
    MappingChoice,
    Merge,
    Payment,
    Preview,
    PreviewLine,
    PreviewSale,
    PriceChange,
    QualityIssue,
    Reason,
    Restored,
    SaleKind,
    Snooze,
    Subject,
    Target,
    Twins,
)
from colmado_insights.insights import Summary
from colmado_insights.schedule import JOBS, JobState
from tests.ui.fake_baskets import FakeBaskets
from tests.ui.fake_customers import FakeCustomers
from tests.ui.fake_experiments import FakeExperiments
from tests.ui.fake_grok import FakeGrok
from tests.ui.fake_words import FakeWords

NOW = datetime(2026, 11, 20, 17, 22)
TODAY = NOW.date()
FIRST_DAY = TODAY - timedelta(days=84)
HOURS = tuple(range(7, 23))
USUAL = (9, 15, 12, 8, 10, 17, 19, 12, 9, 11, 17, 24, 28, 25, 20, 13)
CAME = (11, 18, 13, 9, 12, 21, 24, 15, 11, 15, 25)


def _usual(mean: float) -> Usual:
    return Usual(mean, mean * 0.72, mean * 1.28, 6)


def make_day(day: date = TODAY, *, is_open_day: bool = True) -> DayView:
    return DayView(
        day=day,
        until=datetime.combine(day, NOW.time()),
        is_open_day=is_open_day,
        revenue_cents=1_845_000 if is_open_day else 0,
        receipts=sum(CAME) if is_open_day else 0,
        avg_basket_cents=10_500 if is_open_day else None,
        usual_revenue=Usual(1_510_000, 1_300_000, 1_700_000, 6),
        usual_receipts=Usual(148, 130, 165, 6),
        usual_basket=Usual(10_400, 9_600, 11_200, 6),
        remaining_revenue=Usual(1_290_000, 1_080_000, 1_500_000, 6),
        hours=HOURS,
        receipts_by_hour=(*CAME, *(None,) * (len(HOURS) - len(CAME)))
        if is_open_day
        else (None,) * len(HOURS),
        usual_by_hour=tuple(_usual(mean) for mean in USUAL),
        normal=Reason.of("normal_like", weekday=5, pay_phase="middle", holiday="", days=84),
        verdict_revenue=Verdict.MORE if is_open_day else Verdict.UNKNOWN,
        verdict_receipts=Verdict.AS_USUAL if is_open_day else Verdict.UNKNOWN,
        verdict_basket=Verdict.AS_USUAL if is_open_day else Verdict.UNKNOWN,
    )


def make_normal_span(first: date, last: date) -> NormalSpan:
    days = (last - first).days + 1
    like = Reason.of("normal_span", days=days, paydays=2, holidays=0)

    def normal(mean: float, verdict: Verdict) -> Normal:
        return Normal(mean, mean * 0.9, mean * 1.1, mean * 0.85, mean * 1.15, 84, like, (), verdict)

    return NormalSpan(
        first, last, normal(days * 700_000, Verdict.MORE), normal(days * 100, Verdict.AS_USUAL),
        normal(9_400, Verdict.LESS), days, first - timedelta(days=1),
    )  # fmt: skip


def make_live() -> tuple[LiveInsight, ...]:
    def insight(kind: LiveType, subject: str, message: Reason, actions: tuple[str, ...]) -> LiveInsight:
        why = (Reason.of("usual_same_weekday", days=6, weekday=5),)
        return LiveInsight(kind, subject, message, actions, 0.9, NOW, NOW + timedelta(minutes=30), why)

    return (
        insight(LiveType.TRAFFIC, "busy", Reason.of("traffic_busy", now=25, usual=17), ("open_second_till",)),
        insight(
            LiveType.PRODUCT_DEMAND,
            "after_work",
            Reason.of("segment_peak", segment="after_work", hour=17, categories=("alcohol", "snacks")),
            ("stock_top_category",),
        ),
        insight(
            LiveType.OPERATIONAL, "basket", Reason.of("basket_high", now_cents=20_000, usual_cents=13_000), ()
        ),
        insight(
            LiveType.REVENUE,
            "rest_of_day",
            Reason.of("revenue_rest_high", expected_cents=1_290_000, usual_cents=900_000),
            ("upsell",),
        ),
    )


def make_segment(
    segment_id: str, kind: SegmentType, peak: int, share: float, growth: float | None
) -> Segment:
    by_hour = tuple(
        round(260 * math.exp(-(((hour - peak) / 2.2) ** 2))) if 6 <= hour <= 22 else 0 for hour in range(24)
    )
    return Segment(
        segment_id=segment_id,
        type=kind,
        transaction_count=round(8512 * share),
        share=share,
        revenue_cents=round(8512 * share) * 14_200,
        avg_basket_cents=14_200,
        avg_items_per_basket=3.1,
        peak_hours=(peak, peak + 1),
        peak_days=(5, 6),
        confidence_score=0.9,
        top_categories=((Category.STAPLES, 0.41), (Category.BEVERAGES, 0.22), (Category.FRESH, 0.12)),
        payment_preferences=((Payment.CASH, 0.82), (Payment.CREDIT, 0.12), (Payment.CARD, 0.06)),
        frequency_pattern="daily",
        receipts_by_hour=by_hour,
        growth=growth,
        usual_pair=(Category.ALCOHOL, Category.SNACKS, 0.42),
    )


def make_segments() -> Segments:
    temporal, value = SegmentType.TEMPORAL, SegmentType.BASKET_VALUE
    taste = SegmentType.PRODUCT_PREFERENCE
    return Segments(
        segments=(
            make_segment("morning_commute", temporal, 8, 0.22, 0.04),
            make_segment("lunch_rush", temporal, 12, 0.27, 0.0),
            make_segment("after_work", temporal, 18, 0.31, 0.09),
            make_segment("late_night", temporal, 21, 0.12, -0.06),
            make_segment("quick_picks", value, 17, 0.61, 0.02),
            make_segment("regular_shoppers", value, 18, 0.25, None),
            make_segment("big_shoppers", value, 11, 0.1, 0.0),
            make_segment("bulk_buyers", value, 10, 0.04, 0.11),
            make_segment("beer_and_snacks", taste, 19, 0.16, 0.11),
            make_segment("household", taste, 9, 0.07, 0.02),
            make_segment("fresh", taste, 11, 0.2, 0.0),
            make_segment("convenience", taste, 15, 0.3, -0.03),
        ),
        unassigned={temporal: 0.08, value: 0.0, taste: 0.27},
        receipts=8512,
        first_day=NOW.date() - timedelta(days=29),
        until=NOW.date(),
        window_days=30,
    )


LEARNED = (  # name, hour, share, top category, mean basket
    (Reason.of("learned_breakfast"), 8, 0.19, Category.BAKERY, 8_500),
    (Reason.of("learned_size_goods", basket="large", goods="staples"), 12, 0.17, Category.STAPLES, 21_000),
    (Reason.of("learned_goods_when", goods="alcohol", daypart="night"), 19, 0.15, Category.ALCOHOL, 32_500),
    (Reason.of("learned_goods_when", goods="beverages", daypart="afternoon"), 18, 0.12, Category.BEVERAGES, 9_000),
    (Reason.of("learned_goods_with", goods="fresh", also_goods="meat"), 10, 0.1, Category.FRESH, 18_000),
    (Reason.of("learned_size_goods", basket="small", goods="snacks"), 16, 0.09, Category.SNACKS, 5_500),
    (Reason.of("learned_goods_when", goods="meat", daypart="noon"), 17, 0.07, Category.MEAT, 26_000),
    (Reason.of("learned_mixed_when", daypart="morning"), 9, 0.06, Category.OTHER, 31_000),
    (Reason.of("learned_goods", goods="recharges"), 21, 0.05, Category.RECHARGES, 10_500),
)  # fmt: skip


def make_learned() -> LearnedSegments:
    segments = tuple(
        replace(
            make_segment(f"learned_{place + 1}", SegmentType.LEARNED, hour, share, None),
            top_categories=((category, 0.52), (Category.OTHER, 0.2)),
            avg_basket_cents=basket,
            avg_items_per_basket=1.2 + basket / 10_000,
            name=name,
        )
        for place, (name, hour, share, category, basket) in enumerate(LEARNED)
    )
    return LearnedSegments(
        segments=segments, columns=("x",), means=(0.0,), scales=(1.0,),
        centres=tuple((float(place),) for place in range(len(segments))),
        trials=tuple(KTrial(k, 9000 / k, 0.34 - abs(k - 9) * 0.012, 0.9) for k in range(2, 13)),
        silhouette=0.34, shuffled_silhouette=0.12, stability=0.91, seed_stability=0.97, agreement=0.74,
        one_item_share=0.46, receipts=8512, first_day=TODAY - timedelta(days=29), until=TODAY, window_days=30,
        reasons=(
            Reason.of("learned_found", count=len(segments)),
            Reason.of("learned_steady", share=0.91),
            Reason.of("learned_apart", separation=0.34, chance=0.12),
            Reason.of("learned_one_item", share=0.46),
        ),
    )  # fmt: skip


def make_migration() -> Migration:
    stays = [Flow(f"learned_{place}", f"learned_{place}", 1400 - 140 * place) for place in range(1, 9)]
    moves = [
        Flow("learned_1", "learned_4", 130), Flow("learned_2", "learned_9", 180),
        Flow("learned_3", "learned_9", 210), Flow("learned_6", "learned_4", 60), Flow("", "learned_5", 40),
    ]  # fmt: skip
    return Migration(
        before=TODAY - timedelta(days=7),
        until=TODAY,
        flows=(*stays, *moves),
        names=tuple((each.segment_id, each.name) for each in make_learned().segments),
        stayed=0.89,
    )


def make_performance() -> tuple[SegmentPerformance, ...]:
    monday = TODAY - timedelta(days=TODAY.weekday())

    def weeks(place: int) -> tuple[SegmentWeek, ...]:
        return tuple(
            SegmentWeek(
                monday - timedelta(weeks=25 - week), 400 + 9 * week,
                round((1 + place % 5) * 700_000 * (1 + 0.012 * week + 0.1 * math.sin(week * 1.7 + place))),
                5 if week == 25 else 7,
            )
            for week in range(26)
        )  # fmt: skip

    segments = (*make_segments().segments, *make_learned().segments)
    return tuple(
        SegmentPerformance(
            each.segment_id, each.type, weeks(place), each.share * 0.9, each.growth, each.growth,
            is_beyond_noise=each.growth is not None and abs(each.growth) >= 0.09,
            strategy=Reason.of(("strategy_protect", "strategy_raise_basket", "strategy_watch")[place % 3]),
            why=(Reason.of("segment_earns", share=each.share * 0.9), Reason.of("segment_as_before")),
        )
        for place, each in enumerate(segments)
    )  # fmt: skip


def make_forecast(target: Target, horizon: int) -> Forecast:
    until = NOW.date() - timedelta(days=1)
    unit = 100_000 if target is Target.REVENUE else 10

    def level(day: date) -> float:
        pay = 6 if day.day in (15, 30) else 0
        return (13 + 6 * (day.weekday() in (4, 5)) + pay + (day.day * 7 % 5) * 0.4) * unit

    days = [until + timedelta(days=place + 1) for place in range(horizon)]
    return Forecast(
        target=target,
        model="seasonal_regression",
        until=until,
        points=tuple(
            ForecastPoint(d, level(d), level(d) * 0.84, level(d) * 1.16, level(d) * 0.74, level(d) * 1.27)
            for d in days
        ),
        backtest=Backtest(
            0.09, 0.16, 0.81, 0.95, 0.71, 8, 14,
            tuple(WeekError(until - timedelta(weeks=w), 0.08 + w / 200, 0.16, 0.01) for w in range(8)),
        ),
        drivers=tuple(
            (
                Driver(Reason.of("payday", days=0), 6.2 * unit),
                Driver(Reason.of("weekday", weekday=6), 4.1 * unit),
                Driver(Reason.of("trend"), -0.4 * unit),
            )
            for _day in days
        ),
        importance=(("weekday", 0.09), ("payday", 0.03), ("recent", 0.02)),
        candidates=(("seasonal_regression", 0.09), ("seasonal_naive", 0.16)),
        confidence=0.8,
        history=tuple((until - timedelta(days=60 - place), level(until - timedelta(days=60 - place))) for place in range(61)),
    )  # fmt: skip


def make_hours(target: Target, horizon: int) -> HourForecast:
    until = NOW.date() - timedelta(days=1)
    unit = 10_000 if target is Target.REVENUE else 1
    return HourForecast(
        target, "profile", until,
        tuple(
            HourPoint(
                until + timedelta(days=ahead), hour, mean * unit, mean * unit * 0.6, mean * unit * 1.4,
                mean * unit * 0.4, mean * unit * 1.7,
            )
            for ahead in range(1, horizon + 1)
            for hour, mean in zip(HOURS, USUAL, strict=True)
        ),
        None, 0.7,
    )  # fmt: skip


def make_track(target: Target) -> ModelTrack:
    until = NOW.date() - timedelta(days=1)
    return ModelTrack(
        target=target, until=until, model="ridge+boosting",
        challengers=(("ridge", 0.124), ("boosting", 0.128), ("ets", 0.141), ("seasonal_naive", 0.2)),
        weeks=tuple(
            TrackedWeek(
                until - timedelta(weeks=12 - place), 0.11 + 0.004 * (place * 5 % 7), 0.2, 0.01, 0.82, 7,
                "ridge+boosting", place > 7,
            )
            for place in range(12)
        ),
        wape=0.121, naive_wape=0.2, bias=0.012, coverage80=0.81, coverage95=0.95, days=84,
        changes=((until - timedelta(weeks=12), "ets"), (until - timedelta(weeks=4), "ridge+boosting")),
        drift=None,
    )  # fmt: skip


def make_pattern() -> HourPattern:
    rows = tuple(
        tuple(
            round(USUAL[hour - 7] * (1 + 0.12 * weekday), 1) if 7 <= hour <= 22 else 0.0 for hour in range(24)
        )
        for weekday in range(7)
    )
    return HourPattern(rows, rows, (4,) * 7, NOW.date() - timedelta(days=29), NOW.date())


def make_curve(target: Target) -> PayCurve:
    lift = {-2: 0.93, -1: 0.95, 0: 1.24, 1: 1.2, 2: 1.12}
    return PayCurve(
        target,
        tuple(
            (day, Effect(lift.get(day, 1.0), lift.get(day, 1.0) - 0.06, lift.get(day, 1.0) + 0.06, 6))
            for day in range(-7, 15)
        ),
        FIRST_DAY,
        TODAY,
    )


def make_seasons(target: Target) -> Seasons:
    weekdays = tuple(
        Effect(factor, factor - 0.05, factor + 0.05, 12) for factor in (1.1, 0.9, 0.92, 0.95, 1.0, 1.15, 1.2)
    )
    return Seasons(
        target, weekdays, (),
        (("navidad", Effect(1.4, 1.1, 1.7, 2)), ("viernes_santo", Effect(0.8, 0.55, 1.1, 1))),
        tuple((date(2026, month, 1), 3_000_000.0 + 40_000 * month) for month in range(8, 12)),
        Effect(1.12, 1.03, 1.2, 84), ((date(2026, 10, 5), 1.2),), FIRST_DAY, TODAY,
    )  # fmt: skip


GOODS = (
    ("Cerveza Presidente 650 ml", "alcohol", "owner", 1.0, 17_500, 13_900, 4_812_500),
    ("Arroz Selecto La Garza 10 lb", "staples", "rules", 1.0, 39_500, 34_100, 3_989_500),
    ("Refresco Coca-Cola 2 L", "beverages", "rules", 1.0, 11_000, 8_800, 2_410_000),
    ("Ron Brugal Añejo 350 ml", "alcohol", "pos", 1.0, 32_500, 26_000, 2_080_000),
    ("Huevo", "bakery", "rules", 1.0, 800, 640, 1_664_000),
    ("Salami Induveca Súper Especial", "meat", "rules", 1.0, 14_000, None, 1_526_000),
    ("Presidente 650ml", "alcohol", "rules", 1.0, 17_500, None, 1_190_000),
    ("Recarga Claro", "recharges", "rules", 1.0, None, None, 990_000),
    ("Plátano verde", "fresh", "classifier", 0.93, 2_500, 1_700, 905_000),
    ("Chulito Ramón", "snacks", "classifier", 0.41, 1_500, None, 412_500),
    ("Varios", "other", "none", 0.0, None, None, 380_000),
    ("Detergente Ace 900 g", "household", "rules", 1.0, 13_500, 14_200, 324_000),
)


def make_catalog() -> tuple[CatalogProduct, ...]:
    return tuple(
        CatalogProduct(
            place + 1, name, f"74600{place:05d}", Category(category), CategorySource(source), sure, price,
            cost, sold, sold * 10, NOW.date() - timedelta(days=place % 3), is_sold_by_amount=price is None,
        )
        for place, (name, category, source, sure, price, cost, sold) in enumerate(GOODS)
    )  # fmt: skip


HEADER = ("Recibo", "Fecha", "Artículo", "Cant.", "Precio", "Forma de pago", "Nota")
EXAMPLES = (
    ("R-1001", "20/11/2026 17:05", "Cerveza Presidente 650 ml", "2", "175.00", "Efectivo", ""),
    ("R-1001", "20/11/2026 17:05", "Huevo", "6", "8.00", "Efectivo", ""),
    ("R-1002", "20/11/2026 17:09", "Arroz Selecto La Garza 10 lb", "1", "395.00", "Fiado", "doña Ana"),
)


def make_preview(path: Path, choice: MappingChoice | None = None) -> Preview:
    """A sure Loyverse file, a doubtful table (its name says so), or something that is no sales file."""
    if "foto" in path.name:
        return Preview(path, path.name, trouble="Eso es una foto. Elige el archivo de ventas.")
    lines = (
        PreviewLine("Cerveza Presidente 650 ml", Category.ALCOHOL, 2000, 35_000),
        PreviewLine("Huevo", Category.BAKERY, 6000, 4_800),
        PreviewLine("Salami Induveca", Category.MEAT, 455, 6_370),
        PreviewLine("Pan de agua", Category.BAKERY, 1000, 1_000),
    )
    sales = tuple(
        PreviewSale(
            f"R-100{place}", NOW - timedelta(minutes=4 * place), True, SaleKind.SALE,
            sum(line.amount_cents for line in lines[: 4 - place]), Payment.CASH, lines[: 4 - place],
        )
        for place in range(4)
    )  # fmt: skip
    is_table = "tabla" in path.name
    columns = {"receipt": 0, "moment": 1, "product": 2, "quantity": 3, "unit_price": 4, "payment": 5}
    report = ImportReport(
        path.name, "generic", 120, 100, 10, 3, 2, 5 if is_table and not choice else 0, 48,
        date(2026, 11, 1), date(2026, 11, 20), None, 1_203_000,
        (Reason.of("date_order_assumed", order="dmy"),) if is_table and not choice else (),
    )  # fmt: skip
    return Preview(
        path, path.name, "generic" if is_table else "loyverse_items", 0.72 if is_table else 1.0,
        HEADER, choice.columns if choice else columns, EXAMPLES, choice.date_order if choice else "dmy",
        ".", "price_times_quantity", sales, report, bool(choice), "", is_table,
    )  # fmt: skip


def make_jobs(now: datetime) -> tuple[JobState, ...]:
    """All done two hours ago, but for one that fails and one that is due."""
    states = (
        JobState(
            job, now - timedelta(hours=2), 2.4, job.name == "segments", now + timedelta(hours=5), False,
            0, None, "", "",
        )
        for job in JOBS
    )  # fmt: skip
    trouble = ("Otro programa estaba usando tus datos.", "Se intenta otra vez solo.")
    return tuple(
        replace(
            state, failures=3, failing_since=now - timedelta(minutes=8), trouble=trouble[0], todo=trouble[1]
        )
        if state.job.name == "backup"
        else state
        for state in states
    )


@dataclass
class FakeShop(FakeCustomers, FakeBaskets, FakeGrok, FakeWords, FakeExperiments):
    """Answers like `Shop`; `mood` is small, empty, failing or closed (no sales today)."""

    mood: str = "small"
    path: Path = Path("colmado.db")
    settings: Settings = field(default_factory=Settings)
    answers: list[tuple[str, bool]] = field(default_factory=list)
    snoozes: list[Snooze] = field(default_factory=list)
    notices: tuple[LiveInsight, ...] = ()  # what is to be pushed, once
    written: list[tuple[str, Path]] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)
    restored: list[Path] = field(default_factory=list)
    imported: list[Path] = field(default_factory=list)
    told: list[tuple[Any, ...]] = field(default_factory=list)  # what was asked of it, in order
    learned: LearnedSegments | NotEnough | Exception = field(default_factory=make_learned)
    migration: Migration | NotEnough = field(default_factory=make_migration)
    performance: tuple[SegmentPerformance, ...] | Exception = field(default_factory=make_performance)

    def _answer(self, value: Any) -> Any:
        if self.mood == "failing":
            raise ZeroDivisionError("an analysis fails")
        return NotEnough(1, 0, "receipts") if self.mood == "empty" else value

    def read_summary(self, as_of: date | None = None) -> Any:
        if self.mood == "failing":
            raise ZeroDivisionError("an analysis fails")
        last = TODAY - timedelta(days=self.mood == "closed")
        days = max(0, (min(as_of or last, last) - FIRST_DAY).days + 1) if self.mood != "empty" else 0
        # 100 receipts a day; the n-th day sells n times RD$ 100.
        return Summary(
            receipts=100 * days, lines=300 * days, revenue_cents=10_000 * days * (days + 1) // 2, returns_cents=0,
            avg_basket_cents=50 * (days + 1), customers=0, products=42, days_open=days,
            first_day=FIRST_DAY if days else None, last_day=last if days else None,
        )  # fmt: skip

    def read_day(self, now: datetime) -> DayView | NotEnough:
        is_closed = self.mood == "closed" and now.date() == TODAY
        return self._answer(make_day(TODAY - timedelta(days=1) if is_closed else now.date()))

    def read_live(self, now: datetime) -> tuple[LiveInsight, ...]:
        standing = make_live() if self.mood == "small" else ()
        return tuple(
            live
            for live in standing
            if not any(s.silences(live.type, live.subject, now) for s in self.snoozes)
        )

    def read_snoozes(self, now: datetime | None = None) -> tuple[Snooze, ...]:
        return tuple(self.snoozes)

    def snooze_insight(self, type: str, subject: str, until: datetime, now: datetime) -> Snooze:
        self.snoozes.append(Snooze(type, subject, until))
        return self.snoozes[-1]

    def wake_insight(self, type: str, subject: str) -> bool:
        self.snoozes = [one for one in self.snoozes if (one.type, one.subject) != (type, subject)]
        return True

    def take_notices(self, now: datetime) -> tuple[LiveInsight, ...]:
        taken, self.notices = self.notices, ()
        return taken

    def read_whole_day(self, now: datetime) -> date | None:
        return now.date() - timedelta(days=1)

    def compute_segments(self, as_of: date | None = None, progress: Any = None) -> Segments | NotEnough:
        return self._answer(make_segments())

    def compute_learned(self, as_of: date | None = None, progress: Any = None) -> LearnedSegments | NotEnough:
        self.told.append(("learned",))
        if isinstance(self.learned, Exception):
            raise self.learned
        return self._answer(self.learned)

    def read_migration(self, as_of: date | None = None, progress: Any = None) -> Migration | NotEnough:
        return self._answer(self.migration)

    def compute_performance(
        self, as_of: date | None = None, progress: Any = None
    ) -> tuple[SegmentPerformance, ...]:
        if isinstance(self.performance, Exception):
            raise self.performance
        return self.performance

    def compute_forecast(
        self, subject: Subject | Target, horizon: int = 14, as_of: date | None = None, progress: Any = None
    ) -> Forecast | NotEnough:
        target = subject if isinstance(subject, Target) else subject.target
        self.told.append(("forecast", subject, horizon))
        return self._answer(make_forecast(target, horizon))

    def compute_hours(
        self, target: Target, horizon: int = 14, as_of: date | None = None, progress: Any = None
    ) -> HourForecast | NotEnough:
        return self._answer(make_hours(target, horizon))

    def read_track(self, target: Target, as_of: date | None = None) -> ModelTrack | NotEnough:
        return self._answer(make_track(target))

    def compute_pay_curve(self, target: Target, as_of: date | None = None) -> PayCurve | NotEnough:
        return self._answer(make_curve(target))

    def compute_seasons(self, target: Target, as_of: date | None = None) -> Seasons | NotEnough:
        return self._answer(make_seasons(target))

    def compute_normal_span(self, first: date, last: date) -> NormalSpan | NotEnough:
        return self._answer(make_normal_span(first, last))

    def compute_pattern(self, as_of: date | None = None) -> HourPattern | NotEnough:
        return self._answer(make_pattern())

    def read_imports(self) -> tuple[Any, ...]:
        if self._answer(()) != ():
            return ()
        return (
            SimpleNamespace(
                batch=2, file="ventas-noviembre.csv", preset="generic", at=NOW, rows_read=20_110, new=20_000,
                unchanged=100, replaced=0, voided=0, quarantined=10, receipts_new=8_512,
                first_day=date(2026, 11, 1), last_day=NOW.date(), is_undone=False, revenue_cents=1_234_500, who="Ana",
            ),
            SimpleNamespace(
                batch=1, file="ventas-octubre.xlsx", preset="loyverse", at=NOW, rows_read=18_000, new=18_000,
                unchanged=0, replaced=0, voided=0, quarantined=0, receipts_new=7_900,
                first_day=date(2026, 10, 1), last_day=date(2026, 10, 31), is_undone=True, revenue_cents=0, who="",
            ),
        )  # fmt: skip

    def import_files(self, paths: list[Path], progress: Any, *, choices: Any = None) -> list[ImportReport]:
        self.imported += paths
        self.told.append(("choices", dict(choices or {})))
        return [
            ImportReport(
                path.name, "generic", 120, 100, 10, 3, 2, 5, 48, date(2026, 11, 1), date(2026, 11, 20), 3
            )
            for path in paths
        ]

    def preview_files(self, paths: Any, progress: Any = None, choices: Any = None) -> tuple[Preview, ...]:
        choices = choices or {}
        self.told.append(("preview", tuple(paths), dict(choices)))
        return tuple(make_preview(path, choices.get(path)) for path in paths)

    def undo_import(self, batch: int, progress: Any) -> None:
        self.undone.append(batch)

    def make_sample(self, progress: Any, now: datetime | None = None) -> None:
        self.mood = "small"

    def write_settings(self, settings: Settings) -> None:
        self.settings = settings

    def read_cashier(self, now: datetime) -> Any:
        if self.mood == "failing":
            raise ZeroDivisionError("an analysis fails")
        if self.mood == "empty":
            return SimpleNamespace(
                state="unknown", now_count=0, usual=None, expected=(), suggestion=None, last_sale=None,
                last_segment=None,
            )  # fmt: skip
        return SimpleNamespace(
            state="busy", now_count=25, usual=_usual(17),
            expected=(Category.ALCOHOL, Category.SNACKS, Category.BAKERY),
            suggestion=Reason.of("usual_pair", first=Category.ALCOHOL, second=Category.SNACKS, share=0.4),
            last_sale=NOW - timedelta(minutes=2),
            last_segment=Reason.of("segment_named", segment="beer_and_snacks"),
        )  # fmt: skip

    def read_jobs(self, now: datetime) -> tuple[JobState, ...]:
        if self.mood == "failing":
            raise ZeroDivisionError("the jobs fail")
        return make_jobs(now)

    def read_backups(self) -> list[tuple[datetime, Path]]:
        return [(NOW - timedelta(hours=5), Path("backup.db"))]

    def read_backup_facts(self) -> tuple[BackupFacts, ...]:
        return tuple(
            BackupFacts(
                Path(f"backup-{days}.db"), NOW - timedelta(days=days, hours=5), 3_000_000,
                12_345 - 140 * days, FIRST_DAY, TODAY - timedelta(days=days),
            )
            for days in range(6)
        )  # fmt: skip

    def read_backup(self, path: Path) -> BackupFacts:
        known = {facts.path: facts for facts in self.read_backup_facts()}
        return known.get(path) or BackupFacts(path, NOW, 0, trouble=f"«{path.name}» no es una copia.")

    def restore(self, chosen: Path, progress: Any = None) -> Restored:
        progress.step(1, 2, "Recuperando la copia")
        self._answer(None)
        self.restored.append(chosen)
        return Restored(self.read_backup(chosen), Path("backup-0.db"))

    def write_report(self, kind: str, path: Path, now: datetime, progress: Any) -> None:
        self.written.append((kind, path))
        path.write_bytes(b"report")

    # -- the catalog --

    def read_catalog(self) -> tuple[CatalogProduct, ...]:
        if self.mood == "failing":
            raise ZeroDivisionError("the catalog fails")
        return () if self.mood == "empty" else make_catalog()

    def read_taught(self, change: int) -> tuple[str, ...]:
        return ()

    def write_category(self, product_ids: Any, category: Category) -> int:
        self.told.append(("category", tuple(product_ids), category))
        return 7

    def undo_category(self, change: int) -> None:
        self.told.append(("undo category", change))

    def write_cost(self, product_id: int, cost_cents: int) -> None:
        self.told.append(("cost", product_id, cost_cents))

    def read_price_history(self, product_id: int) -> tuple[PriceChange, ...]:
        start = TODAY - timedelta(days=240)
        prices = (15_500, 16_000, 16_000, 17_500)
        return tuple(
            PriceChange(start + timedelta(days=70 * place), cents) for place, cents in enumerate(prices)
        )

    def find_twins(self, progress: Any = None) -> tuple[Twins, ...]:
        return (
            Twins(1, "Cerveza Presidente 650 ml", 7, "Presidente 650ml", 0.94),
            Twins(3, "Refresco Coca-Cola 2 L", 12, "Coca Cola 2 litros", 0.88),
        )

    def merge_products(self, kept: int, others: Any) -> int:
        self.told.append(("merge", kept, tuple(others)))
        return 5

    def write_not_twins(self, first: int, other: int) -> None:
        self.told.append(("not twins", first, other))

    def read_merges(self) -> tuple[Merge, ...]:
        return (Merge(4, "Plátano verde", "Platano", NOW - timedelta(days=1)),)

    def undo_merge(self, merge_id: int) -> None:
        self.told.append(("undo merge", merge_id))

    def import_catalog(self, path: Path, progress: Any = None) -> tuple[int, int]:
        self.told.append(("catalog", path))
        return 840, 512

    # -- what could be better --

    def read_quarantine(self) -> tuple[BadGroup, ...]:
        if self.mood == "failing":
            raise ZeroDivisionError("the quarantine fails")
        if self.mood == "empty" or self.is_clean:
            return ()
        rows = tuple(
            BadRow(line, f'["R-10{line}", "{day}", "Refresco Coca-Cola 2 L", "1", "110.00"]', "bad_date")
            for line, day in ((14, "03/14/2026"), (29, "03/15/2026"), (31, "03/15/2026"), (77, "03/31/2026"))
        )
        amounts = (
            BadRow(8, '["R-2001", "20/11/2026", "Arroz Selecto", "1.234,50"]', "bad_amount", "1.234,50"),
            BadRow(9, '["R-2002", "20/11/2026", "Huevo", "240,00"]', "bad_amount", "240,00"),
        )
        cells = (
            BadRow(3, '["R-7", "20/11/2026", "Pan, queso", "y salami", "1", "95.00"]', "too_many_cells"),
        )
        return (
            BadGroup("bad_date", 12, (2,), ("ventas-noviembre.csv",), rows),
            BadGroup("bad_amount", 2, (2,), ("ventas-noviembre.csv", "caja2.csv", "caja3.csv"), amounts),
            BadGroup("too_many_cells", 1, (1,), ("ventas-octubre.xlsx",), cells),
        )

    @property
    def is_clean(self) -> bool:
        """True when all that waited has been seen to."""
        return any(what in ("retry", "dismiss") for what, *_rest in self.told)

    def retry_quarantine(self, code: str, fix: Any, progress: Any = None) -> ImportReport:
        self.told.append(("retry", code, dict(fix)))
        return ImportReport("ventas-noviembre.csv", "generic", 12, 12, receipts_new=9)

    def dismiss_quarantine(self, code: str) -> int:
        self.told.append(("dismiss", code))
        return 12

    def write_quarantine(self, path: Path) -> int:
        self.written.append(("quarantine", path))
        return 15

    def find_quality(self, now: datetime) -> tuple[QualityIssue, ...]:
        if self.mood == "closed":
            return ()
        return (
            QualityIssue(Reason.of("rows_in_quarantine", rows=15, share=0.01), 0.01, 15, "quarantine"),
            QualityIssue(
                Reason.of("missing_cost", count=214, share=0.34), 0.34, 214, "products",
                ("Salami Induveca Súper Especial", "Presidente 650ml", "Chulito Ramón", "Varios"),
            ),
            QualityIssue(
                Reason.of("price_under_cost", count=1, share=0.02), 0.02, 1, "products",
                ("Detergente Ace 900 g",),
            ),
            QualityIssue(
                Reason.of("days_without_sales", days=3, share=0.03), 0.03, 3, "imports",
                ("mar 3 nov", "mié 4 nov", "jue 5 nov"),
            ),
        )  # fmt: skip
