"""The table of known customers: names, segments as chips, risk as a word and a bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from colmado_insights import text
from colmado_insights.domain import Consent
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.customer_rows import CustomerRow
from colmado_insights.ui.widgets.customer_words import (
    RISK_TONES,
    ago_words,
    around_words,
    interval_words,
    risk_hint,
    risk_words,
    segment_tone,
    soon_words,
)
from colmado_insights.ui.widgets.data_table import Column, DataTable
from colmado_insights.ui.widgets.label import Tone

Index = QModelIndex | QPersistentModelIndex
PAD = 8
CHIP_HEIGHT = 22
BAR_HEIGHT = 4


def tone_colors(look: Look, tone: Tone) -> tuple[str, str]:
    """Palette tokens of the ground and the ink of a tone."""
    return ("raised", "soft") if tone is Tone.PLAIN else (f"{tone}_soft", str(tone))


class ChipDelegate(QStyledItemDelegate):
    """Draws a cell's words as a chip."""

    def __init__(
        self, table: DataTable[CustomerRow], look: Look, tone_of: Callable[[CustomerRow], Tone]
    ) -> None:
        super().__init__(table)
        self._table, self._look, self._tone_of = table, look, tone_of

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell's ground as ever, then the chip."""
        words = _draw_ground(self, painter, option, index)
        if not words:
            return
        look = self._look
        ground, ink = tone_colors(look, self._tone_of(self._table.rows.shown[index.row()]))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(12, 600))
        pad, high = look.px(PAD), look.px(CHIP_HEIGHT)
        room = option.rect.width() - 2 * pad
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room - 2 * pad)
        wide = min(room, painter.fontMetrics().horizontalAdvance(words) + 2 * pad)
        box = QRectF(option.rect.left() + pad, option.rect.center().y() - high / 2, wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(ground))
        painter.drawRoundedRect(box, high / 2, high / 2)
        painter.setPen(look.color(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()


class RiskDelegate(QStyledItemDelegate):
    """Draws the risk: its word, and below it a bar as long as it is likely."""

    def __init__(self, table: DataTable[CustomerRow], look: Look) -> None:
        super().__init__(table)
        self._table, self._look = table, look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell's ground as ever, then word and bar."""
        row = self._table.rows.shown[index.row()]
        if row.level is None or row.risk is None:
            super().paint(painter, option, index)
            return
        words = _draw_ground(self, painter, option, index)
        look = self._look
        _ground, ink = tone_colors(look, RISK_TONES[row.level])
        pad, thick = look.px(PAD), look.px(BAR_HEIGHT)
        room = QRectF(option.rect).adjusted(pad, 0, -pad, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(12.5, 500, tabular=True))
        painter.setPen(look.color(ink))
        above = room.adjusted(0, 0, 0, -look.px(8))
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.setPen(Qt.PenStyle.NoPen)
        top = room.bottom() - look.px(9)
        for share, token in ((1.0, "line"), (row.risk, ink)):
            painter.setBrush(look.color(token))
            bar = QRectF(room.left(), top, max(thick, room.width() * share), thick)
            painter.drawRoundedRect(bar, thick / 2, thick / 2)
        painter.restore()


def _draw_ground(
    delegate: QStyledItemDelegate, painter: QPainter, option: QStyleOptionViewItem, index: Index
) -> str:
    """Draw the cell without its words, and answer them."""
    delegate.initStyleOption(option, index)
    words, option.text = option.text, ""
    style = option.widget.style()
    style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
    return str(words)


class CustomerTable(DataTable[CustomerRow]):
    """Rows of customers; Enter or a double click opens one."""

    def __init__(self, look: Look, columns: Sequence[Column[CustomerRow]], sort_by: str, name: str) -> None:
        place = [column.title for column in columns].index(sort_by)
        super().__init__(look, columns, lambda row: row.customer_id, sort_by=place, name=name)
        self.setMinimumHeight(look.px(220))
        for at, column in enumerate(columns):
            if column.title == _("Segmento"):
                self.setItemDelegateForColumn(at, ChipDelegate(self, look, row_tone))
            elif column.title == _("Riesgo"):
                self.setItemDelegateForColumn(at, RiskDelegate(self, look))

    def shown_ids(self) -> list[int]:
        """Who stands in the table, from the top."""
        return [row.customer_id for row in self.rows.shown]


def row_tone(row: CustomerRow) -> Tone:
    """The ground of the segment's chip."""
    return segment_tone(row.segment) if row.segment else Tone.PLAIN


def list_columns(today: date) -> tuple[Column[CustomerRow], ...]:
    """What the list of all says of each, what matters most first."""
    return (
        _name_column(),
        Column(_("Segmento"), _segment_words, lambda row: _segment_words(row) or None, 130, hint=_segment_words),
        _risk_column(),
        _last_column(today),
        Column(
            _("Visitas"), lambda row: text.number(row.customer.receipts), lambda row: row.customer.receipts, 70, True
        ),
        Column(
            _("Gastado"), lambda row: text.number(row.customer.spent_cents / 100),
            lambda row: row.customer.spent_cents, 90, True,
            hint=lambda row: text.money_exact(row.customer.spent_cents),
        ),
        Column(_("En 12 meses"), _worth_words, lambda row: row.worth_cents, 106, True, hint=_worth_hint),
        Column(
            _("Vuelve"), partial(_next_words, today=today),
            lambda row: row.outlook.next.day if row.outlook and row.outlook.next else None, 86,
            hint=partial(_next_hint, today=today),
        ),
        Column(_("Qué hacer"), action_words, lambda row: -_gain_of(row) or None, 208, ink=lambda _row: "soft", hint=action_words, grows=True),
    )  # fmt: skip


def risk_columns(today: date) -> tuple[Column[CustomerRow], ...]:
    """What the list of those at risk says: how likely, what is at stake, and why."""
    return (
        _name_column(),
        _risk_column(),
        Column(
            _("Al año deja"), lambda row: text.number(row.stake_cents / 100), lambda row: row.stake_cents, 110, True,
            hint=lambda row: text.money_exact(row.stake_cents),
        ),
        _last_column(today),
        Column(
            _("Venía"), rhythm_words, lambda row: row.outlook.rfm.rhythm_days if row.outlook else None, 124,
            ink=lambda _row: "soft",
        ),
        Column(_("Por qué"), _why_words, _why_words, 420, ink=lambda _row: "soft", hint=_why_hint, grows=True),
    )  # fmt: skip


def rhythm_words(row: CustomerRow) -> str:
    """Cada 6 días."""
    if row.outlook is None:
        return "–"
    days = row.outlook.rfm.rhythm_days
    return _("todos los días") if days < 1.5 else _("cada {n} días").format(n=text.number(days))


def action_words(row: CustomerRow) -> str:
    """What to do now, or nothing."""
    return text.sentence(row.outlook.action.what) if row.outlook and row.outlook.action else ""


def _name_column() -> Column[CustomerRow]:
    return Column(
        _("Cliente"),
        lambda row: row.customer.shown_name,
        lambda row: row.said,
        hint=lambda row: row.customer.name,
    )


def _risk_column() -> Column[CustomerRow]:
    return Column(
        _("Riesgo"), lambda row: risk_words(row.outlook.churn) if row.outlook and row.outlook.churn else "–",
        lambda row: -row.risk if row.risk is not None else None, 122,
        hint=lambda row: risk_hint(row.outlook.churn) if row.outlook and row.outlook.churn else "",
    )  # fmt: skip


def _last_column(today: date) -> Column[CustomerRow]:
    def words(row: CustomerRow) -> str:
        return ago_words(row.customer.last_day, today) if row.customer.last_day else "–"

    def key(row: CustomerRow) -> int | None:
        return (today - row.customer.last_day).days if row.customer.last_day else None

    def hint(row: CustomerRow) -> str:
        return text.long_date(row.customer.last_day) if row.customer.last_day else _("Todavía no ha comprado")

    return Column(_("Última visita"), words, key, 120, hint=hint)


def _segment_words(row: CustomerRow) -> str:
    """The segment, or why there is none."""
    if row.segment:
        return text.customer_segment_name(row.segment)
    return text.consent_name(Consent.NO) if row.customer.consent is Consent.NO else ""


def _worth_words(row: CustomerRow) -> str:
    return "–" if row.worth_cents is None else text.number(row.worth_cents / 100)


def _worth_hint(row: CustomerRow) -> str:
    if row.outlook is None or row.outlook.lifetime is None:
        return ""
    return f"{text.money(row.outlook.lifetime.clv_cents)}, {interval_words(row.outlook.lifetime)}"


def _next_words(row: CustomerRow, today: date) -> str:
    return soon_words(row.outlook.next.day, today) if row.outlook and row.outlook.next else "–"


def _next_hint(row: CustomerRow, today: date) -> str:
    return around_words(row.outlook.next, today) if row.outlook and row.outlook.next else ""


def _gain_of(row: CustomerRow) -> float:
    return row.outlook.action.expected_cents if row.outlook and row.outlook.action else 0.0


def _why_words(row: CustomerRow) -> str:
    """What makes the risk, without what the columns beside it say already."""
    factors = row.outlook.churn.factors if row.outlook and row.outlook.churn else ()
    more = [reason for reason in factors if reason.code != "churn_factor_late"]
    return " ".join(text.sentence(reason) for reason in more or factors)


def _why_hint(row: CustomerRow) -> str:
    return risk_hint(row.outlook.churn) if row.outlook and row.outlook.churn else ""
