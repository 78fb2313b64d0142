"""What is worth doing, with what it brings where that can be computed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from colmado_insights.analytics.results import Forecast, Segment, Segments
from colmado_insights.config import Settings
from colmado_insights.domain import Reason, Target, day_number
from colmado_insights.insights.features import read_features
from colmado_insights.insights.forecasts import find_forecast
from colmado_insights.insights.keeping import yesterday
from colmado_insights.insights.segments import find_segments
from colmado_insights.progress import Progress
from colmado_insights.storage import results, sales
from colmado_insights.storage.database import Database

PEAK_SHARE = 0.10
"""A coming day is worth preparing for when it is this much above the mean of the days ahead."""
ACCEPTED_OFFERS = 0.05
"""Assumed share of customers who take what is offered with their purchase; said beside the gain."""
NOISE_DEVIATIONS = 2.0


@dataclass(frozen=True)
class Advice:
    """One thing to do: what, why, and what it brings in revenue where that can be computed."""

    key: str
    what: Reason
    why: Reason
    gain_cents: int | None
    icon: str


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
