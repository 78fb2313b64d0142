"""Signs that one customer stays, or goes."""

from __future__ import annotations

import numpy as np

from colmado_insights.analytics.beyond_chance import LEVEL, Counts, tails_of
from colmado_insights.analytics.rfm_scores import IN_TIME, LATE, LATE_DAYS
from colmado_insights.analytics.rhythm import Visits, compute_rhythms
from colmado_insights.domain import Reason

_TREND_DAYS, _TREND_VISITS = 90, 10
_LONG_TENURE_DAYS = 180
_FAITHFUL_WEEKS, _LEAST_WEEKS = 0.7, 4
_LEAST_GAPS = 2


def find_signs(visit_days: Counts, until: int) -> tuple[Reason, ...]:
    """Tell for how long they come, in how many weeks, whether in their rhythm, and whether more or less lately.

    Parameters
    ----------
    visit_days : ndarray of int64
        Day numbers of one customer's purchases, each once, ascending; at least one.
    until : int
        Day number looked from.

    Notes
    -----
    More or less is a binomial tail under 5 %, both sides together, of the visits of the last 90 days among
    those of the last 180.
    """
    tenure = int(until - visit_days[0]) + 1
    signs = []
    if tenure >= _LONG_TENURE_DAYS:
        signs.append(Reason.of("loyalty_tenure", months_known=tenure // 30))
    weeks = tenure // 7
    if weeks >= _LEAST_WEEKS:
        ages = (until - visit_days) // 7
        share = float(np.unique(ages[ages < weeks]).size / weeks)
        signs.append(
            Reason.of("loyalty_weeks" if share >= _FAITHFUL_WEEKS else "loyalty_some_weeks", share=share)
        )
    return (*signs, *_rhythm_sign(visit_days, until), *_trend_sign(visit_days, until))


def _rhythm_sign(visit_days: Counts, until: int) -> tuple[Reason, ...]:
    """Whether they are late in their own rhythm: the gap in which half of their time passes."""
    visits = visit_days.size
    if visits <= _LEAST_GAPS:
        return ()
    rhythms = compute_rhythms(Visits(np.zeros(1, np.int64), np.array([0, visits]), visit_days))
    wait, usual = float(rhythms.wait[0]), max(1, round(float(rhythms.gap[0])))
    away = int(until - visit_days[-1])
    if away <= IN_TIME * wait or away < LATE_DAYS:
        return (Reason.of("loyalty_in_rhythm", gap_days=usual),)
    if away > LATE * wait:
        return (Reason.of("loyalty_late", days_away=away, gap_days=usual),)
    return ()


def _trend_sign(visit_days: Counts, until: int) -> tuple[Reason, ...]:
    """Whether they come more or less in the last 90 days than in the 90 before, beyond chance."""
    age = until - visit_days
    if age[0] + 1 < 2 * _TREND_DAYS:
        return ()
    now = int((age < _TREND_DAYS).sum())
    before = int(((age >= _TREND_DAYS) & (age < 2 * _TREND_DAYS)).sum())
    if now + before < _TREND_VISITS:
        return ()
    more, less = tails_of(np.array([now, before]), now + before, np.array([0.5, 0.5]))
    visits = {"purchases": now, "purchases_before": before, "days": _TREND_DAYS}
    if min(more, less) > LEVEL / 2:
        return (Reason.of("loyalty_steady", **visits),)
    return (Reason.of("loyalty_more" if now > before else "loyalty_less", **visits),)
