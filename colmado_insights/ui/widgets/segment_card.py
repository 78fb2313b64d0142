"""One segment: who, how many, how much, when - and where the ideas are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import Segment
from colmado_insights.text import _, ngettext
from colmado_insights.ui.icons import SEGMENT_ICONS
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.comparison import signed_change
from colmado_insights.ui.widgets.hour_bars import HourBars
from colmado_insights.ui.widgets.label import chip, label


class SegmentCard(Card):
    """A segment at a glance; `ideas_asked` carries the segment."""

    ideas_asked = Signal(object)

    def __init__(self, look: Look, segment: Segment, hours: Sequence[int]) -> None:
        super().__init__(look)
        self.segment = segment
        self.body.setSpacing(look.px(10))
        self.body.addLayout(self._make_heading())
        self.body.addSpacing(look.px(2))
        middle = CardGrid(look, 235, 2, gap=16)
        middle.add(self._make_numbers())
        middle.add(HourBars(look, segment.receipts_by_hour, segment.peak_hours, hours))
        self.body.addWidget(middle)
        self.body.addStretch(1)
        self.body.addLayout(self._make_foot())

    def _make_heading(self) -> QHBoxLayout:
        look, segment = self.look, self.segment
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        symbol = SEGMENT_ICONS.get(segment.segment_id, "users")
        row.addWidget(SymbolTile(look, symbol), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(look, text.segment_title(segment), 15.5, 600, wrap=True))
        about = text.segment_about(segment) or _("Nadie compró así en estos días.")
        words.addWidget(label(look, about, 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        mark, tone = signed_change(segment.growth)
        if mark:
            growth = chip(look, mark, tone)
            growth.setToolTip(_("Compras por día abierto, contra la ventana anterior"))
            row.addWidget(growth, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _make_numbers(self) -> QWidget:
        look, segment = self.look, self.segment
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        for value, words in (
            (text.percent(segment.share), _("de las compras")),
            (text.money(segment.avg_basket_cents), _("compra típica")),
            (
                text.number(segment.transaction_count),
                ngettext("compra", "compras", segment.transaction_count),
            ),
        ):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(label(look, value, 20, 600))
            column.addWidget(label(look, words, 12.5, 400, "soft"))
            column.addStretch(1)
            row.addLayout(column)
        row.addStretch(1)
        return holder

    def _make_foot(self) -> QHBoxLayout:
        look, segment = self.look, self.segment
        row = QHBoxLayout()
        words = _("Confianza {value} · {pattern}").format(
            value=text.number(segment.confidence_score, 1), pattern=pattern_words(segment.frequency_pattern)
        )
        row.addWidget(label(look, words, 12.5, 400, "soft"))
        row.addStretch(1)
        if not segment.transaction_count:
            return row
        self.ideas = button(
            look, _("Ver ideas para vender más →"), lambda: self.ideas_asked.emit(segment), kind="link"
        )
        row.addWidget(self.ideas)
        return row


def pattern_words(pattern: str) -> str:
    """How often such a purchase is made."""
    return {
        "daily": _("todos los días"),
        "weekly": _("cada semana"),
        "occasional": _("de vez en cuando"),
    }.get(pattern, pattern)


def shown_hours(segments: Sequence[Segment]) -> tuple[int, ...]:
    """The hours from the first to the last sale of any of them, so that all cards share one axis."""
    counts = [sum(segment.receipts_by_hour[hour] for segment in segments) for hour in range(24)]
    return charts.shown_hours(counts) or tuple(range(7, 22))
