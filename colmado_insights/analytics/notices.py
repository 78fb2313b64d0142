"""Which live insights are worth interrupting the owner for: at most three a day.

The rule, in its order: the clock is said in place, never pushed. Something is pushed only with a confidence
of 0.6 or more, only when it is more than chance does eight days in ten, and not again within four hours of
itself. What is out of the ordinary goes first: a crowd, a good evening ahead, large baskets, then a quiet
hour; what a segment always asks for at this hour is known beforehand and takes one of the three places at
most. Opening hours and sleeping insights are the caller's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from colmado_insights.analytics.results import LiveInsight, LiveType
from colmado_insights.domain import Notice

MOST_A_DAY = 3
LEAST_CONFIDENCE = 0.6
NOT_AGAIN_WITHIN = timedelta(hours=4)

_ORDER: tuple[tuple[LiveType, str], ...] = (
    (LiveType.TRAFFIC, "busy"),
    (LiveType.REVENUE, "rest_of_day"),
    (LiveType.OPERATIONAL, "basket"),
    (LiveType.TRAFFIC, "slow"),
)
_BANDS = ("usual_receipts", "usual_basket", "usual_rest")
_MOST_OF_TYPE = {LiveType.PRODUCT_DEMAND: 1, LiveType.CLOCK: 0}


def choose_notices(
    standing: Sequence[LiveInsight], sent: Sequence[Notice], now: datetime
) -> tuple[LiveInsight, ...]:
    """Choose what to push now, the most useful first.

    Parameters
    ----------
    standing : sequence of LiveInsight
        What stands at `now` and does not sleep.
    sent : sequence of Notice
        What was pushed in the last 24 hours, in any order.
    now : datetime
        Naive wall-clock time.

    Returns
    -------
    tuple of LiveInsight
        As many as the day has places left, at most three.
    """
    today = Counter(notice.type for notice in sent if notice.at.date() == now.date())
    recent = {(notice.type, notice.subject) for notice in sent if now - NOT_AGAIN_WITHIN < notice.at <= now}
    chosen: list[LiveInsight] = []
    for insight in sorted(standing, key=_rank):
        has_place = today.total() < MOST_A_DAY
        has_type_place = today[insight.type] < _MOST_OF_TYPE.get(insight.type, MOST_A_DAY)
        is_new = (insight.type, insight.subject) not in recent
        if has_place and has_type_place and is_new and _is_sure(insight):
            chosen.append(insight)
            today[insight.type] += 1
    return tuple(chosen)


def _rank(insight: LiveInsight) -> tuple[int, float]:
    """Place in the order, then the surest first."""
    key = (insight.type, insight.subject)
    return _ORDER.index(key) if key in _ORDER else len(_ORDER), -insight.confidence


def _is_sure(insight: LiveInsight) -> bool:
    """Sure enough, and outside the band in which 80 % of such days fall, where the insight has one."""
    if insight.confidence < LEAST_CONFIDENCE:
        return False
    for why in insight.why:
        if why.code in _BANDS:
            _name, value = insight.message.values[0]  # every message begins with the number of now
            low, high = (number for name, number in why.values if name.startswith(("lo", "hi")))
            return not low <= value <= high
    return True
