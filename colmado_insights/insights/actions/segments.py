"""Advice from the rule segments: what people take together, and who comes no more."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

from colmado_insights.analytics.results import Segment, Segments
from colmado_insights.config import Settings
from colmado_insights.domain import Reason, day_number
from colmado_insights.insights.actions.advice import ACCEPTED_OFFERS, GAIN_DAYS, Advice
from colmado_insights.insights.features import read_features
from colmado_insights.insights.segments import find_segments
from colmado_insights.progress import Progress
from colmado_insights.storage.database import Database

NOISE_DEVIATIONS = 2.0


def find_of_segments(
    database: Database, settings: Settings, whole: date, progress: Progress | None
) -> Iterator[Advice]:
    """The pair of families worth offering, and the segment that lost most."""
    segments = find_segments(database, settings, whole, progress)
    if isinstance(segments, Segments):
        yield from _usual_pair(database, settings, segments)
        yield from _fallen_segment(segments)


def _usual_pair(database: Database, settings: Settings, segments: Segments) -> Iterator[Advice]:
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
        gain = ACCEPTED_OFFERS * lonely * float(value[has_second].mean()) * GAIN_DAYS / segments.window_days
        if best is None or gain > best[0]:
            best = (gain, segment)
    if best is None or best[1].usual_pair is None:
        return
    gain, segment = best
    first, second, share = best[1].usual_pair
    yield Advice(
        key=f"pair:{first}:{second}",
        what=Reason.of("offer_pair", first=str(first), second=str(second)),
        why=Reason.of("usual_pair", first=str(first), second=str(second), share=share),
        gain_cents=round(gain),
        icon="shopping-basket",
        kind="pair",
        measure=f"category:{second}",
        page="segments",
    )


def _fallen_segment(segments: Segments) -> Iterator[Advice]:
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
            key=f"fallen:{worst.segment_id}",
            what=Reason.of("win_back_segment", segment=worst.segment_id),
            why=Reason.of("segment_fell", share=-(worst.growth or 0.0), days=segments.window_days),
            gain_cents=round(_loss(worst) * GAIN_DAYS / segments.window_days),
            icon="trending-down",
            kind="fallen",
            measure=f"segment:{worst.segment_id}",
            page="segments",
        )


def _loss(segment: Segment) -> float:
    """Cents that a segment brought less than in the window before."""
    growth = segment.growth or 0.0
    return segment.revenue_cents * -growth / (1 + growth) if growth > -1 else float(segment.revenue_cents)
