"""The one bridge: frames from storage go through analytics, answers are kept with their freshness."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import msgspec
import numpy as np
import pandas as pd

from colmado_insights.analytics.categories import Categorizer, read_vocabulary
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.features import compute_features
from colmado_insights.analytics.forecast import compute_forecast
from colmado_insights.analytics.forecast_methods import load_libraries
from colmado_insights.analytics.patterns import compute_pattern
from colmado_insights.analytics.results import Forecast, HourPattern, NotEnough, Segment, Segments
from colmado_insights.analytics.segments import SEGMENT_IDS, SEGMENT_TYPES, assign_segments, compute_segments
from colmado_insights.config import Settings, resource
from colmado_insights.domain import Reason, SaleKind, Target, day_number, day_of
from colmado_insights.progress import Progress
from colmado_insights.storage import results, sales
from colmado_insights.storage.database import Database
from colmado_insights.text import _

HORIZON_DAYS = 14
FEATURE_DAYS_AT_ONCE = 120
PEAK_SHARE = 0.10
"""A coming day is worth preparing for when it is this much above the mean of the days ahead."""
ACCEPTED_OFFERS = 0.05
"""Assumed share of customers who take what is offered with their purchase; said beside the gain."""
NOISE_DEVIATIONS = 2.0

T = TypeVar("T")


@dataclass(frozen=True)
class Summary:
    """The shop at a glance."""

    receipts: int
    lines: int
    revenue_cents: int
    returns_cents: int
    avg_basket_cents: int
    customers: int
    products: int
    days_open: int
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True)
class Advice:
    """One thing to do: what, why, and what it brings in revenue where that can be computed."""

    key: str
    what: Reason
    why: Reason
    gain_cents: int | None
    icon: str


def calendar(settings: Settings) -> DominicanDays:
    """The shop's calendar."""
    return DominicanDays(settings.pay_days, settings.pay_on_bank_day)


@cache
def categorizer() -> Categorizer:
    """The categoriser with the vocabulary that ships with the program."""
    return Categorizer(read_vocabulary(resource("vocabulary/categories.toml")))


def warm_up(progress: Progress) -> None:
    """Load what the first analysis needs, piece by piece: at first use it would hold the window up."""
    for load in (lambda: DominicanDays().holiday(day_of(0)), load_libraries, categorizer):
        progress.step()
        load()


def read_summary(database: Database, as_of: date | None = None) -> Summary:
    """Count and sum the sales up to `as_of`."""
    last = day_number(as_of) if as_of else None
    daily = sales.read_daily(database, last=last)
    receipts, lines = int(daily["receipts"].sum()), int(daily["lines"].sum())
    revenue, returns = int(daily["revenue_cents"].sum()), int(daily["returns_cents"].sum())
    customers, products = sales.count_known(database, last)
    return Summary(
        receipts=receipts,
        lines=lines,
        revenue_cents=revenue,
        returns_cents=returns,
        avg_basket_cents=round((revenue + returns) / receipts) if receipts else 0,
        customers=customers,
        products=products,
        days_open=len(daily),
        first_day=day_of(daily["day"].iloc[0]) if len(daily) else None,
        last_day=day_of(daily["day"].iloc[-1]) if len(daily) else None,
    )


# ── kept answers ──


def _kept(
    database: Database,
    kind: str,
    until: date,
    parameters: str,
    shape: type[T],
    make: Callable[[], T | NotEnough],
) -> T | NotEnough:
    """The kept answer if it is still fresh, else a new one, which is kept."""
    version = sales.read_data_version(database)
    body = results.read_result(database, kind, day_number(until), parameters)
    if body is not None:
        return msgspec.convert(body, shape)
    answer = make()
    if not isinstance(answer, NotEnough):
        results.write_result(
            database, kind, day_number(until), parameters, msgspec.to_builtins(answer),
            made_at=datetime.now(), version=version,
        )  # fmt: skip
    return answer


def _until(database: Database, as_of: date | None) -> date | None:
    last = sales.read_last_day(database, as_of)
    return None if last is None else day_of(last)


# ── features ──


def refresh_features(database: Database, settings: Settings, progress: Progress | None = None) -> int:
    """Make the features of the days that lack them, and each day's segments; returns how many days."""
    progress = progress or Progress()
    missing = results.find_days_without_features(database)
    for start in range(0, len(missing), FEATURE_DAYS_AT_ONCE):
        progress.step(start, len(missing), _("Entendiendo las compras"))
        part = missing[start : start + FEATURE_DAYS_AT_ONCE]
        for first, last in _stretches(part):
            features = _make_features(database, settings, first, last)
            results.write_features(database, features)
            results.write_assignments(database, _assignment_rows(features))
    progress.step(len(missing), len(missing), _("Entendiendo las compras"))
    return len(missing)


def _stretches(days: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of days that follow each other, closed days between them allowed."""
    numbers = np.array(days)
    for run in np.split(numbers, np.flatnonzero(np.diff(numbers) > 7) + 1):
        yield int(run[0]), int(run[-1])


def _make_features(database: Database, settings: Settings, first: int, last: int) -> pd.DataFrame:
    frames = sales.read_sales(database, first, last)
    return compute_features(
        frames.receipts,
        frames.lines,
        calendar(settings),
        small_basket_cents=settings.small_basket_cents,
        large_basket_cents=settings.large_basket_cents,
    )


def read_features(database: Database, settings: Settings, first: int, last: int) -> pd.DataFrame:
    """Transaction features between two day numbers: the kept ones, or made now where a day lacks them."""
    kept = results.read_features(database, first, last)
    return kept if kept is not None else _make_features(database, settings, first, last)


def _assignment_rows(features: pd.DataFrame) -> Iterator[tuple[int, str, str, int, int]]:
    """Receipts and cents of each day and segment."""
    labels = assign_segments(features)
    is_sale = (features["kind"] == SaleKind.SALE).to_numpy()
    for kind in dict.fromkeys(SEGMENT_TYPES.values()):
        codes = labels[str(kind)].to_numpy()
        wanted = is_sale & (codes >= 0)
        sums = (
            features.loc[wanted, ["day", "total_value"]]
            .assign(code=codes[wanted])
            .groupby(["day", "code"])["total_value"]
            .agg(["size", "sum"])
        )
        for (day, code), (count, cents) in zip(sums.index, sums.to_numpy(), strict=True):
            yield int(day), SEGMENT_IDS[code], str(kind), int(count), int(cents)


# ── answers ──


def find_segments(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> Segments | NotEnough:
    """The twelve rule segments of the window that ends with the last day of data."""
    until = _until(database, as_of)
    if until is None:
        return NotEnough(needed=1, have=0, unit="receipts")
    if progress:
        progress.step(0, 2, _("Buscando segmentos"))

    def make() -> Segments | NotEnough:
        window = settings.segment_window_days
        last = day_number(until)
        features = read_features(database, settings, last - window + 1, last)
        before = read_features(database, settings, last - 2 * window + 1, last - window)
        return compute_segments(
            features, until=until, window_days=window, previous=before if len(before) else None
        )

    return _kept(database, "segments", until, _shop_parameters(settings), Segments, make)


def find_forecast(
    database: Database,
    settings: Settings,
    target: Target,
    horizon: int = HORIZON_DAYS,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> Forecast | NotEnough:
    """The forecast from the day after the last whole day of data: `as_of`, or else yesterday."""
    until = _until(database, as_of or yesterday(datetime.now()))
    if until is None:
        return NotEnough(needed=3, have=0, unit="days")

    def make() -> Forecast | NotEnough:
        daily = sales.read_daily(database, last=day_number(until))
        answer = compute_forecast(
            daily, target, until=until, horizon=horizon, days=calendar(settings), progress=progress
        )
        if isinstance(answer, Forecast):
            points = ((day_number(p.day), p.mean, p.lo80, p.hi80, p.lo95, p.hi95) for p in answer.points)
            results.write_forecast(
                database, target, day_number(until), answer.model, points, made_at=datetime.now()
            )
        return answer

    return _kept(database, f"forecast:{target}:{horizon}", until, _shop_parameters(settings), Forecast, make)


def yesterday(now: datetime) -> date:
    """The last day that is surely over: a day still being sold would count as a bad one."""
    return now.date() - timedelta(days=1)


def find_pattern(database: Database, as_of: date | None = None) -> HourPattern | NotEnough:
    """When people come: mean receipts of each weekday and hour."""
    until = _until(database, as_of)
    if until is None:
        return NotEnough(needed=7, have=0, unit="days")
    last = day_number(until)
    first = last - 182
    return compute_pattern(
        sales.read_hourly(database, first, last), sales.read_daily(database, first, last), until
    )


def _shop_parameters(settings: Settings) -> str:
    """What of the settings an answer depends on."""
    shop = settings.part(machine=False)
    shop.pop("shop_name")
    return msgspec.json.encode(shop, order="sorted").decode()


# ── what to do ──


def find_actions(
    database: Database, settings: Settings, now: datetime, progress: Progress | None = None
) -> tuple[Advice, ...]:
    """What is worth doing, the largest gain first; what the owner answered is left out."""
    whole = yesterday(now)
    segments = find_segments(database, settings, whole, progress)
    forecast = find_forecast(database, settings, Target.REVENUE, as_of=whole, progress=progress)
    found: list[Advice] = []
    if isinstance(forecast, Forecast):
        found += _coming_peak(forecast)
    if isinstance(segments, Segments):
        found += _usual_pairs(database, settings, segments)
        found += _fallen_segments(segments)
    found += _quarantined(database)
    answered = results.read_answers(database)
    wanted = [advice for advice in found if advice.key not in answered]
    return tuple(sorted(wanted, key=lambda advice: -(advice.gain_cents or 0)))


def _coming_peak(forecast: Forecast) -> Iterator[Advice]:
    """The strongest of the next seven days, when it stands out."""
    week = forecast.points[:7]
    mean = sum(point.mean for point in forecast.points) / len(forecast.points)
    place = max(range(len(week)), key=lambda i: week[i].mean)
    peak = week[place]
    if mean <= 0 or peak.mean < (1 + PEAK_SHARE) * mean:
        return
    causes = forecast.drivers[place] if forecast.drivers else ()
    cause = max(causes, key=lambda driver: driver.amount, default=None)
    yield Advice(
        key=f"peak:{peak.day.isoformat()}",
        what=Reason.of("prepare_peak_day", day=peak.day.isoformat(), cents=round(peak.mean)),
        why=Reason.of(
            "peak_above_mean", share=peak.mean / mean - 1, cause=asdict(cause.reason) if cause else None
        ),
        gain_cents=round(peak.mean - mean),
        icon="calendar",
    )


def _usual_pairs(database: Database, settings: Settings, segments: Segments) -> Iterator[Advice]:
    """What two families people take together, where offering the second would bring most."""
    best: tuple[float, Segment] | None = None
    last = day_number(segments.until)
    features = read_features(database, settings, last - segments.window_days + 1, last)
    for segment in segments.segments:
        if segment.usual_pair is None:
            continue
        first, second, _share = segment.usual_pair
        value = features[f"value_share_{second}"] * features["total_value"]
        has_second = features[f"share_{second}"] > 0
        lonely = int(((features[f"share_{first}"] > 0) & ~has_second).sum())
        if not has_second.any():
            continue
        gain = ACCEPTED_OFFERS * lonely * float(value[has_second].mean())
        if best is None or gain > best[0]:
            best = (gain, segment)
    if best is None or best[1].usual_pair is None:
        return
    gain, segment = best
    first, second, share = best[1].usual_pair
    yield Advice(
        key=f"pair:{first}:{second}:{segments.until:%Y-%m}",
        what=Reason.of("offer_pair", first=str(first), second=str(second)),
        why=Reason.of("usual_pair", first=str(first), second=str(second), share=share),
        gain_cents=round(gain),
        icon="shopping-basket",
    )


def _fallen_segments(segments: Segments) -> Iterator[Advice]:
    """The segment that lost most, when the loss is beyond chance."""
    worst: Segment | None = None
    for segment in segments.segments:
        if segment.growth is None or segment.growth >= 0 or not segment.transaction_count:
            continue
        before = segment.transaction_count / (1 + segment.growth) if segment.growth > -1 else math.inf
        noise = NOISE_DEVIATIONS * math.sqrt(1 / segment.transaction_count + 1 / max(before, 1))
        if -segment.growth > noise and (worst is None or _loss(segment) > _loss(worst)):
            worst = segment
    if worst is not None:
        yield Advice(
            key=f"fallen:{worst.segment_id}:{segments.until:%Y-%m}",
            what=Reason.of("win_back_segment", segment=worst.segment_id),
            why=Reason.of("segment_fell", share=-(worst.growth or 0.0), days=segments.window_days),
            gain_cents=round(_loss(worst)),
            icon="trending-down",
        )


def _loss(segment: Segment) -> float:
    """Cents that a segment brought less than in the window before."""
    growth = segment.growth or 0.0
    return segment.revenue_cents * -growth / (1 + growth) if growth > -1 else float(segment.revenue_cents)


def _quarantined(database: Database) -> Iterator[Advice]:
    """Rows that wait to be looked at."""
    rows = sales.count_quarantined(database)
    if rows:
        yield Advice(
            key=f"quarantine:{rows}",
            what=Reason.of("look_at_quarantine", rows=rows),
            why=Reason.of("quarantine_not_counted"),
            gain_cents=None,
            icon="file-warning",
        )


def refresh(database: Database, settings: Settings, progress: Progress | None = None) -> dict[str, Any]:
    """Bring features, segments and forecasts up to date; what was done, for the CLI."""
    started = datetime.now()
    days = refresh_features(database, settings, progress)
    segments = find_segments(database, settings, progress=progress)
    for target in Target:
        find_forecast(database, settings, target, progress=progress)
    return {
        "days": days,
        "receipts": read_summary(database).receipts,
        "segments": len(segments.segments) if isinstance(segments, Segments) else 0,
        "clusters": 0,
        "seconds": round((datetime.now() - started) / timedelta(seconds=1), 3),
    }
