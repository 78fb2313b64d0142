"""One segment: who, how many, how much, when, what to do - and where its profile is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import Segment, SegmentPerformance
from colmado_insights.text import _, ngettext
from colmado_insights.ui.icons import Icon, segment_icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.comparison import signed_change
from colmado_insights.ui.widgets.hour_bars import HourBars
from colmado_insights.ui.widgets.label import Tone, chip, label

OPENING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class SegmentCard(Card):
    """A segment at a glance; a click or Enter asks for its profile: `opened` carries the segment."""

    opened = Signal(object)

    def __init__(self, look: Look, segment: Segment, hours: Sequence[int]) -> None:
        super().__init__(look)
        self.segment = segment
        self.body.setSpacing(look.px(8))
        self.body.addLayout(self._make_heading())
        middle = CardGrid(look, 235, 2, gap=14)
        middle.add(self._make_numbers())
        middle.add(HourBars(look, segment.receipts_by_hour, segment.peak_hours, hours))
        self.body.addWidget(middle)
        self._advice = self._make_advice()
        self.body.addWidget(self._advice)
        self.body.addStretch(1)
        self.body.addLayout(self._make_foot())
        if segment.transaction_count:
            self._invite()

    def show_performance(self, performance: SegmentPerformance | None) -> None:
        """Say how it grew, when that is more than chance, and what to do with it."""
        mark, tone = growth_mark(performance)
        self._growth.setVisible(bool(mark))
        if mark:
            self._growth.setText(mark)
            self._growth.setProperty("tone", str(tone))
            self._growth.style().unpolish(self._growth)
            self._growth.style().polish(self._growth)
        has_advice = performance is not None and bool(self.segment.transaction_count)
        self._advice.setVisible(has_advice)
        if performance is not None and has_advice:
            self._advice_words.setText(text.sentence(performance.strategy))

    # -- Qt --

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on the card opens it."""
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So does Enter."""
        if event.key() in OPENING_KEYS:
            self._open()
            return
        super().keyPressEvent(event)

    # -- parts --

    def _open(self) -> None:
        if self.segment.transaction_count:
            self.opened.emit(self.segment)

    def _invite(self) -> None:
        """Show that there is more behind it, to the pointer, the keyboard and the screen reader."""
        self.setProperty("opens", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text.segment_title(self.segment))
        self.setAccessibleDescription(
            ", ".join(f"{value} {words}" for value, words in segment_numbers(self.segment))
        )

    def _make_heading(self) -> QHBoxLayout:
        look, segment = self.look, self.segment
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        row.addWidget(SymbolTile(look, segment_icon(segment)), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(look, text.segment_title(segment), 15.5, 600, wrap=True))
        about = text.segment_about(segment) or _("Nadie compró así en estos días.")
        words.addWidget(label(look, about, 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        self._growth = chip(look, "")
        self._growth.setToolTip(_("Compras por día abierto, contra la ventana anterior"))
        self._growth.hide()
        row.addWidget(self._growth, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _make_numbers(self) -> QWidget:
        look = self.look
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        for value, words in segment_numbers(self.segment):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(label(look, value, 20, 600))
            column.addWidget(label(look, words, 12.5, 400, "soft"))
            column.addStretch(1)
            row.addLayout(column)
        row.addStretch(1)
        return holder

    def _make_advice(self) -> QWidget:
        """What to do with it, in a line; not seen until it is known."""
        look = self.look
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(7))
        row.addWidget(Icon(look, "lightbulb", "accent", 15), 0, Qt.AlignmentFlag.AlignTop)
        self._advice_words = label(look, "", 13, 500, wrap=True)
        row.addWidget(self._advice_words, 1)
        holder.hide()
        return holder

    def _make_foot(self) -> QHBoxLayout:
        look, segment = self.look, self.segment
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        row.addWidget(label(look, sure_words(segment), 12.5, 400, "soft", wrap=True), 1)
        if segment.transaction_count:
            more = button(look, _("Perfil e ideas →"), self._open, kind="link")
            more.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the card itself takes the keyboard
            row.addWidget(more, 0, Qt.AlignmentFlag.AlignBottom)
        return row


def segment_numbers(segment: Segment) -> tuple[tuple[str, str], ...]:
    """Its share, its mean purchase and how many there were, each with its words."""
    count = segment.transaction_count
    return (
        (text.percent(segment.share), _("de las compras")),
        (text.money(segment.avg_basket_cents), _("compra típica")),
        (text.number(count), ngettext("compra", "compras", count)),
    )


def growth_mark(performance: SegmentPerformance | None) -> tuple[str, Tone]:
    """▲ 9 % or ▼ 6 %, only when chance alone would hardly make it; else nothing."""
    if performance is None or not performance.is_beyond_noise:
        return "", Tone.PLAIN
    return signed_change(performance.receipts_growth)


def sure_words(segment: Segment) -> str:
    """Muy seguro · todos los días."""
    return f"{text.certainty(segment.confidence_score)} · {pattern_words(segment.frequency_pattern)}"


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
