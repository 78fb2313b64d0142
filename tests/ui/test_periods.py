"""What today, a fortnight and a month mean on a given day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from colmado_insights.analytics.results import Verdict
from colmado_insights.progress import Progress
from colmado_insights.ui.ages import ago
from colmado_insights.ui.periods import PeriodKind, period_of
from colmado_insights.ui.span import month_before, read_span
from colmado_insights.ui.widgets.comparison import against_normal, signed_change
from colmado_insights.ui.widgets.label import Tone, glued
from tests.ui.fake_shop import TODAY, FakeShop

NOV20 = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("kind", "today", "first", "last"),
    [
        (PeriodKind.TODAY, NOV20, NOV20, NOV20),
        (PeriodKind.YESTERDAY, date(2026, 3, 1), date(2026, 2, 28), date(2026, 2, 28)),
        (PeriodKind.THIS_FORTNIGHT, NOV20, date(2026, 11, 16), NOV20),
        (PeriodKind.THIS_FORTNIGHT, date(2026, 11, 15), date(2026, 11, 1), date(2026, 11, 15)),
        (PeriodKind.LAST_FORTNIGHT, NOV20, date(2026, 11, 1), date(2026, 11, 15)),
        (PeriodKind.LAST_FORTNIGHT, date(2026, 3, 3), date(2026, 2, 16), date(2026, 2, 28)),
        (PeriodKind.THIS_MONTH, NOV20, date(2026, 11, 1), NOV20),
    ],
)
def test_periods(kind: PeriodKind, today: date, first: date, last: date) -> None:
    period = period_of(kind, today)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 20, 17, 21, 30), "ahora mismo"),
        (datetime(2026, 11, 20, 17, 20), "hace 2 min"),
        (datetime(2026, 11, 20, 14, 0), "hace 3 h"),
        (datetime(2026, 11, 19, 20, 10), "ayer, 8:10 p. m."),
        (datetime(2026, 11, 15, 20, 10), "hace 5 días"),
        (datetime(2019, 8, 3, 20, 10), "3 ago 2019"),
    ],
)
def test_ages(moment: datetime, words: str) -> None:
    assert ago(moment, datetime(2026, 11, 20, 17, 22)) == words


def test_comparison_carries_a_sign_and_never_a_colour_alone() -> None:
    assert against_normal(105, 100, Verdict.AS_USUAL) == ("= como siempre", Tone.PLAIN)
    assert against_normal(122, 100, Verdict.MORE) == ("▲ 22 % más", Tone.GOOD)
    assert against_normal(80, 100, Verdict.LESS) == ("▼ 20 % menos", Tone.BAD)
    assert against_normal(80, 100, Verdict.UNKNOWN) == ("", Tone.PLAIN)
    assert against_normal(80, None, Verdict.UNKNOWN) == ("", Tone.PLAIN)
    assert signed_change(0.001) == ("= igual", Tone.PLAIN)
    assert signed_change(0.01) == ("▲ 1 %", Tone.PLAIN)


def test_span_is_the_difference_of_sums() -> None:
    shop = FakeShop()
    span = read_span(shop, TODAY - timedelta(days=2), TODAY, Progress())  # type: ignore[arg-type]
    assert [cents for _day, cents in span.by_day] == [830_000, 840_000, 850_000]
    assert (span.revenue_cents, span.receipts, span.days_open) == (2_520_000, 300, 3)
    assert span.avg_basket_cents == 8_400


def test_month_before_keeps_to_its_length() -> None:
    assert month_before(date(2026, 3, 31)) == date(2026, 2, 28)
    assert month_before(date(2026, 1, 15)) == date(2025, 12, 15)


def test_amounts_are_never_torn_apart() -> None:
    assert glued("RD$ 100 a las 5 p. m..") == "RD$\u00a0100 a las 5\u00a0p.\u00a0m."
