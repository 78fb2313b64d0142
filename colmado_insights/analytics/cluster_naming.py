"""What a learned segment is called: from what it buys, when it comes and how much it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from colmado_insights.analytics.results import Segment
from colmado_insights.domain import Category, Reason

DAYPARTS: dict[str, tuple[int, ...]] = {
    "morning": (5, 6, 7, 8, 9, 10),
    "noon": (11, 12, 13, 14),
    "afternoon": (15, 16, 17, 18),
    "night": (19, 20, 21, 22, 23, 0, 1, 2, 3, 4),
}

_LEADING_SHARE = 0.45
"""A category that makes this part of a segment's value gives it its name."""
_SECOND_SHARE = 0.25
_DAYPART_SHARE = 0.40
_DAYPART_LIFT = 1.25
_LARGE_VALUE, _LARGE_LINES = 1.6, 1.4
_SMALL_VALUE = 0.4
_SLACK = 0.15


def name_segments(
    segments: Sequence[Segment], before: Mapping[str, Reason | None] | None = None
) -> tuple[Reason, ...]:
    """Name the learned segments of one run, each differently.

    Parameters
    ----------
    segments : sequence of Segment
        All segments of the run: what is large or late is so against the others.
    before : mapping of str to Reason, optional
        Names of the last run by segment id. What a segment was called it is called a little longer, and
        what it was not it must be more clearly, so that its name does not change every night.

    Returns
    -------
    tuple of Reason
        One a segment, in their order; the first of two that would be called the same gets the plain name.

    Notes
    -----
    A segment is called after its first two categories when both make 25 % of its value, else after the
    one that makes 45 %, else it is a mixed purchase. A part of the day is said when 40 % of the receipts
    fall into it, a quarter more than of all receipts. Large is 1.6 times the mean basket in money with 1.4
    times the lines; small is under 0.4 of the mean basket.
    """
    receipts = max(sum(segment.transaction_count for segment in segments), 1)
    crowd = _Crowd(
        mean_cents=sum(segment.revenue_cents for segment in segments) / receipts,
        mean_lines=sum(s.avg_items_per_basket * s.transaction_count for s in segments) / receipts,
        by_hour=np.sum([segment.receipts_by_hour for segment in segments], axis=0),
    )
    names: list[Reason] = []
    for segment in segments:
        was = _traits((before or {}).get(segment.segment_id))
        daypart = _daypart(np.array(segment.receipts_by_hour), crowd.by_hour, was)
        candidates = _candidates(segment, daypart, _basket(segment, crowd, was), was)
        names.append(next(name for name in candidates if name not in names))
    return tuple(names)


@dataclass(frozen=True, slots=True)
class _Crowd:
    """All segments together."""

    mean_cents: float
    mean_lines: float
    by_hour: np.ndarray


@dataclass(frozen=True, slots=True)
class _Traits:
    """What the last run's name said."""

    daypart: str
    basket: str
    also: str


def _traits(name: Reason | None) -> _Traits | None:
    """What a name says; None without one."""
    if name is None:
        return None
    values = dict(name.values)
    is_breakfast = name.code.endswith("breakfast")
    basket = next((size for size in ("large", "small") if size in name.code), "")
    return _Traits(
        daypart="morning" if is_breakfast else str(values.get("daypart", "")),
        basket=basket if is_breakfast else str(values.get("basket", "")),
        also=str(values.get("also_goods", "")),
    )


def _edge(threshold: float, had: bool | None) -> float:
    """A threshold, lower for what was so and higher for what was not."""
    if had is None:
        return threshold
    return threshold * (1 - _SLACK if had else 1 + _SLACK)


def _daypart(own: np.ndarray, everybody: np.ndarray, was: _Traits | None) -> str:
    """The part of the day in which the segment comes more than others do; empty when there is none."""
    if not own.sum() or not everybody.sum():
        return ""
    shares = {name: own[list(hours)].sum() / own.sum() for name, hours in DAYPARTS.items()}
    usual = {name: everybody[list(hours)].sum() / everybody.sum() for name, hours in DAYPARTS.items()}
    name = max(shares, key=lambda part: shares[part])
    had = None if was is None else was.daypart == name
    is_special = shares[name] >= _DAYPART_SHARE and shares[name] >= _edge(_DAYPART_LIFT, had) * usual[name]
    return name if is_special else ""


def _basket(segment: Segment, crowd: _Crowd, was: _Traits | None) -> str:
    """`large`, `small`, or empty for a basket that is neither."""
    was_large, was_small = (None if was is None else was.basket == size for size in ("large", "small"))
    is_large = segment.avg_basket_cents >= _edge(_LARGE_VALUE, was_large) * crowd.mean_cents
    if is_large and segment.avg_items_per_basket >= _edge(_LARGE_LINES, was_large) * crowd.mean_lines:
        return "large"
    # Small is under a threshold: what was small may grow a little.
    most = _SMALL_VALUE**2 / _edge(_SMALL_VALUE, was_small)
    return "small" if segment.avg_basket_cents <= most * crowd.mean_cents else ""


def _candidates(segment: Segment, daypart: str, basket: str, was: _Traits | None) -> Iterator[Reason]:
    """Names that fit, the best first, without end: the last ones are numbered."""
    shares = segment.top_categories
    goods = str(shares[0][0]) if shares and shares[0][1] >= _LEADING_SHARE else ""
    also = str(shares[1][0]) if len(shares) > 1 else ""
    had_also = None if was is None else was.also == also
    if also and shares[1][1] >= _edge(_SECOND_SHARE, had_also):
        yield Reason.of("learned_goods_with", goods=str(shares[0][0]), also_goods=also)
    if goods == Category.BAKERY and daypart == "morning":
        yield _breakfast(basket)
    yield _plain(goods, daypart, basket)
    if goods and also:
        yield Reason.of("learned_goods_with", goods=goods, also_goods=also)
    if goods and segment.peak_hours:
        yield Reason.of("learned_goods_hour", goods=goods, hour=segment.peak_hours[0])
    number = 2
    while True:
        yield (
            Reason.of("learned_goods_number", goods=goods, number=number)
            if goods
            else Reason.of("learned_mixed_number", number=number)
        )
        number += 1


def _breakfast(basket: str) -> Reason:
    if basket == "small":
        return Reason.of("learned_small_breakfast")
    return Reason.of("learned_large_breakfast") if basket == "large" else Reason.of("learned_breakfast")


def _plain(goods: str, daypart: str, basket: str) -> Reason:
    """The name of goods, part of day and size, without what there is none of."""
    if goods and basket and daypart:
        return Reason.of("learned_size_goods_when", basket=basket, goods=goods, daypart=daypart)
    if goods and basket:
        return Reason.of("learned_size_goods", basket=basket, goods=goods)
    if goods and daypart:
        return Reason.of("learned_goods_when", goods=goods, daypart=daypart)
    if goods:
        return Reason.of("learned_goods", goods=goods)
    if basket and daypart:
        return Reason.of("learned_size_mixed_when", basket=basket, daypart=daypart)
    if basket:
        return Reason.of("learned_size_mixed", basket=basket)
    return Reason.of("learned_mixed_when", daypart=daypart) if daypart else Reason.of("learned_mixed")
