"""A card beside what is normal."""

from __future__ import annotations

from colmado_insights import text
from colmado_insights.analytics.results import Verdict
from colmado_insights.reports.report import Card, Kind, Trend, change_words
from colmado_insights.text import _


def against(label: str, value: int | None, kind: Kind, usual: float | None, verdict: Verdict) -> Card:
    """A card with its comparison: better or worse only when that is beyond noise."""
    if value is None or usual is None:
        return Card(label, value, kind, comparison=_("todavía sin días con que comparar"))
    words = text.money if kind is Kind.MONEY else text.number
    normal = _("lo normal: {usual}").format(usual=words(usual))
    if verdict is Verdict.UNKNOWN or not usual:
        return Card(label, value, kind, comparison=normal)
    if verdict is Verdict.AS_USUAL:
        return Card(label, value, kind, _("= como siempre"), Trend.SAME, normal)
    change = value / usual - 1
    return Card(label, value, kind, change_words(change), Trend.UP if change > 0 else Trend.DOWN, normal)
