"""One past import with its way back, which asks in place before it acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.import_result import day_words
from colmado_insights.ui.widgets.label import Tone, chip, label

if TYPE_CHECKING:
    from colmado_insights.storage.importing.history import Batch


class BatchRow(QWidget):
    """A row of the history; `undo_asked` comes after the second press."""

    undo_asked = Signal()

    def __init__(self, look: Look, batch: Batch) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, look.px(2), 0, look.px(2))
        row.setSpacing(look.px(12))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(look, batch.file, 14, 600, wrap=True))
        words.addWidget(label(look, batch_words(batch), 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        if batch.quarantined:
            waiting = _("{n} por revisar").format(n=text.number(batch.quarantined))
            row.addWidget(chip(look, waiting, Tone.ACCENT))
        if batch.is_undone:
            row.addWidget(chip(look, _("deshecho"), Tone.PLAIN))
            return
        self._undo = button(look, _("Deshacer"), lambda: self._ask(True), symbol="undo-2")
        self._sure = button(look, _("Sí, deshacer"), self.undo_asked.emit, kind="primary")
        self._no = button(look, _("No"), lambda: self._ask(False))
        for part in (self._undo, self._sure, self._no):
            row.addWidget(part)
        self._ask(False)

    def _ask(self, is_asking: bool) -> None:
        self._undo.setVisible(not is_asking)
        self._sure.setVisible(is_asking)
        self._no.setVisible(is_asking)


def batch_words(batch: Batch) -> str:
    """8,512 compras · RD$ 1,204,300 · 1 nov 2026 a 20 nov 2026 · traído el vie 20 nov, 5:22 p. m., por Ana"""
    parts = [_came_words(batch)]
    if batch.revenue_cents:
        parts.append(text.money(batch.revenue_cents))
    if batch.first_day and batch.last_day:
        parts.append(
            _("{first} a {last}").format(first=day_words(batch.first_day), last=day_words(batch.last_day))
        )
    parts.append(_brought(batch))
    return " · ".join(parts)


def _came_words(batch: Batch) -> str:
    """New purchases, or the rows that completed purchases known from another file."""
    count = batch.receipts_new
    if count:
        return ngettext("{n} compra", "{n} compras", count).format(n=text.number(count))
    rows = ngettext("{n} fila", "{n} filas", batch.rows_read).format(n=text.number(batch.rows_read))
    return _("{rows} que completan otras").format(rows=rows) if batch.new or batch.replaced else rows


def _brought(batch: Batch) -> str:
    """traído el vie 20 nov, 5:22 p. m., por Ana"""
    day, time = text.short_date(batch.at.date()), text.clock(batch.at)
    if batch.who:
        return _("traído el {day}, {time}, por {who}").format(day=day, time=time, who=batch.who)
    return _("traído el {day}, {time}").format(day=day, time=time)
