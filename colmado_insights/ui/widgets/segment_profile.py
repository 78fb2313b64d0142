"""The cards of one segment's profile: how much, what to do, when, what, how they pay, how it goes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from colmado_insights import text
from colmado_insights.analytics.results import Segment, SegmentPerformance
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.hour_bars import HourBars
from colmado_insights.ui.widgets.label import Tone, chip, label
from colmado_insights.ui.widgets.numbered import numbered
from colmado_insights.ui.widgets.segment_card import growth_mark, sure_words
from colmado_insights.ui.widgets.share_rows import ShareRows

MONDAY_FIRST = (1, 2, 3, 4, 5, 6, 0)
MOST_SHARES = 5
HOURS_HEIGHT = 92


def figures_card(look: Look, segment: Segment, performance: SegmentPerformance | None) -> Card:
    """How many they are, what they bring, and how sure that is."""
    card = Card(look, _("Cuánto pesan"), "activity")
    numbers = [
        (text.percent(segment.share), _("de las compras")),
        (text.money(segment.avg_basket_cents), _("por compra")),
        (text.number(segment.avg_items_per_basket, 1), _("productos")),
    ]
    if performance is not None:
        numbers.insert(1, (text.percent(performance.revenue_share), _("de lo vendido")))
    card.body.addWidget(number_row(look, numbers))
    card.body.addStretch(1)
    sample = " ".join(text.sentence(reason) for reason in segment.reasons)
    words = " · ".join(filter(None, (sure_words(segment), sample)))
    card.body.addWidget(label(look, words, 12.5, 400, "soft", wrap=True))
    return card


def number_row(look: Look, numbers: Sequence[tuple[str, str]]) -> QWidget:
    """Numbers side by side, each over its words; the next row takes what finds no room."""
    holder = QWidget()
    row = Flow(look, 18, row_gap=6)
    holder.setLayout(row)
    for value, words in numbers:
        row.addWidget(numbered(look, value, words))
    return holder


def plan_card(look: Look, performance: SegmentPerformance) -> Card:
    """What to do with them, and why."""
    card = Card(look, _("Qué hacer"), "lightbulb")
    card.body.addWidget(label(look, text.sentence(performance.strategy), 15.5, 600, wrap=True))
    why = " ".join(text.sentence(reason) for reason in performance.why)
    if why:
        card.body.addWidget(label(look, why, 13, 400, "soft", wrap=True))
    card.body.addStretch(1)
    return card


def when_card(look: Look, segment: Segment, hours: Sequence[int]) -> Card:
    """The hours of the day as bars, and the weekdays they like."""
    card = Card(look, _("Cuándo vienen"), "clock")
    bars = HourBars(look, segment.receipts_by_hour, segment.peak_hours, hours, HOURS_HEIGHT)
    card.body.addWidget(bars)
    card.body.addSpacing(look.px(4))
    card.body.addWidget(day_chips(look, segment.peak_days))
    days = text.join_words([text.weekday_name(day) for day in MONDAY_FIRST if day in segment.peak_days])
    words = _("Sobre todo {days}.").format(days=days) if days else _("Ningún día se destaca.")
    card.body.addWidget(label(look, words, 13, 400, "soft", wrap=True))
    card.body.addStretch(1)
    return card


def day_chips(look: Look, peaks: Sequence[int]) -> QWidget:
    """The seven weekdays, those that stand out in our colour and in bold."""
    holder = QWidget()
    row = Flow(look, 4)
    holder.setLayout(row)
    for day in MONDAY_FIRST:
        is_peak = day in peaks
        made = chip(look, text.weekday_name(day, short=True), Tone.BRAND if is_peak else Tone.PLAIN)
        made.setFont(look.font(12, 700 if is_peak else 400))
        row.addWidget(made)
    return holder


def goods_card(look: Look, segment: Segment) -> Card:
    """What they spend on."""
    rows = [(text.category_name(category), share) for category, share in segment.top_categories]
    return shares_card(look, _("Qué llevan"), "shopping-basket", rows)


def payment_card(look: Look, segment: Segment) -> Card:
    """How they pay."""
    rows = [(text.payment_name(kind), share) for kind, share in segment.payment_preferences]
    return shares_card(look, _("Cómo pagan"), "wallet", rows)


def shares_card(look: Look, title: str, symbol: str, rows: Sequence[tuple[str, float]]) -> Card:
    """Shares as rows, or that nothing is known."""
    card = Card(look, title, symbol)
    if rows:
        card.body.addWidget(ShareRows(look, rows[:MOST_SHARES]))
    else:
        card.body.addWidget(label(look, _("Sin datos todavía."), 13, 400, "soft"))
    card.body.addStretch(1)
    return card


def growth_words(performance: SegmentPerformance) -> tuple[str, Tone, str]:
    """The mark and what it means: more, fewer or as many purchases as in the window before."""
    mark, tone = growth_mark(performance)
    if mark:
        more = performance.receipts_growth is not None and performance.receipts_growth > 0
        words = _("más compras por día que antes") if more else _("menos compras por día que antes")
        return mark, tone, words
    if performance.receipts_growth is None:
        return "", Tone.PLAIN, _("Todavía no hay un período anterior con que comparar.")
    return _("= igual"), Tone.PLAIN, _("lo que cambió no pasa de casualidad")
