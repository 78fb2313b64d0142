"""One file before it is brought in: what was understood, the first sales, and what would come of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from colmado_insights import text
from colmado_insights.domain import ImportReport, MappingChoice, Preview
from colmado_insights.text import _, ngettext
from colmado_insights.ui.readings import is_sure, reading_words
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, Notice, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.import_result import day_words, reason_words, report_chips
from colmado_insights.ui.widgets.label import Tone, chip, label
from colmado_insights.ui.widgets.mapping_editor import MappingEditor
from colmado_insights.ui.widgets.receipt_slip import ReceiptSlip

SALES_AT_ONCE = 4


class PreviewCard(Card):
    """A file that waits; `choice_changed` carries what its owner says its columns are.

    A brief card keeps the sales of a file that was surely understood for who asks for them.
    """

    choice_changed = Signal(object)
    left_out = Signal()

    def __init__(self, look: Look, preview: Preview, *, is_brief: bool = False) -> None:
        super().__init__(look)
        self.preview = preview
        self._is_brief = is_brief and is_sure(preview)
        self.editor: MappingEditor | None = None
        self._is_chosen = False
        self.body.setSpacing(look.px(8))
        self._top, self._edit, self._rest = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for box in (self._top, self._edit, self._rest):
            box.setSpacing(look.px(8))
            self.body.addLayout(box)
        self.show_preview(preview)

    @property
    def can_enter(self) -> bool:
        """True when there is something to bring in."""
        return not self.preview.trouble and self.preview.report is not None

    def show_preview(self, preview: Preview) -> None:
        """Show what would come of the file; an open editor stays as it is."""
        self.preview = preview
        clear_layout(self._top)
        clear_layout(self._rest)
        self._top.addLayout(self._make_heading())
        if preview.trouble:
            self._rest.addWidget(Notice(self.look, preview.trouble, Tone.ACCENT, "triangle-alert"))
            return
        if preview.sales and self._is_brief:
            show = button(self.look, _("Ver sus primeras ventas"), self._show_sales, kind="link")
            self._rest.addWidget(show)
        elif preview.sales:
            grid = CardGrid(self.look, 200, SALES_AT_ONCE, gap=8)
            for sale in preview.sales[:SALES_AT_ONCE]:
                grid.add(ReceiptSlip(self.look, sale))
            self._rest.addWidget(grid)
        if preview.report:
            self._show_consequences(preview.report)

    def show_trouble(self, words: str) -> None:
        """Say why the file cannot come in this way."""
        self.show_preview(replace(self.preview, trouble=words))

    def open_editor(self) -> MappingEditor:
        """Let the columns be changed."""
        if self.editor is None:
            self.editor = MappingEditor(self.look, self.preview)
            self.editor.changed.connect(self._take_choice)
            self._edit.addWidget(self.editor)
            self.show_preview(self.preview)
        return self.editor

    def _show_sales(self) -> None:
        self._is_brief = False
        self.show_preview(self.preview)

    def _take_choice(self, choice: MappingChoice) -> None:
        self._is_chosen = True
        self.choice_changed.emit(choice)

    def _make_heading(self) -> QHBoxLayout:
        look, preview = self.look, self.preview
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        is_clear = is_sure(preview)
        symbol, tone = ("circle-check", Tone.GOOD) if is_clear else ("file-warning", Tone.ACCENT)
        row.addWidget(SymbolTile(look, symbol, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(look, preview.file, 15.5, 600, wrap=True))
        understood = reading_words(preview, is_chosen=self._is_chosen)
        words.addWidget(label(look, understood, 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        if preview.can_map and self.editor is None:
            row.addWidget(button(look, _("Cambiar columnas…"), self.open_editor, symbol="columns-3"))
        leave = button(look, "", self.left_out.emit, kind="icon", symbol="x", hint=_("No traer este archivo"))
        row.addWidget(leave, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _show_consequences(self, report: ImportReport) -> None:
        look = self.look
        self._rest.addWidget(label(look, coming_words(report), 14, 600, wrap=True))
        chips = Flow(look)
        for words, tone in report_chips(report):
            chips.addWidget(chip(look, words, tone))
        self._rest.addLayout(chips)
        for reason in report.reasons:
            self._rest.addWidget(label(look, reason_words(reason), 12.5, 400, "soft", wrap=True))


def coming_words(report: ImportReport) -> str:
    """Entran 8,512 compras por RD$ 120,300, del 1 nov 2026 al 20 nov 2026."""
    if report.receipts_new:
        count = ngettext("Entra {n} compra", "Entran {n} compras", report.receipts_new)
        words = count.format(n=text.number(report.receipts_new))
        if report.revenue_cents:
            words = _("{what} por {money}").format(what=words, money=text.money(report.revenue_cents))
        if report.first_day and report.last_day:
            first, last = day_words(report.first_day), day_words(report.last_day)
            return _("{receipts}, del {first} al {last}.").format(receipts=words, first=first, last=last)
        return f"{words}."
    if report.new or report.replaced:
        return _("No entra ninguna compra nueva; se completan o corrigen las que ya estaban.")
    if report.unchanged:
        return _("Todo esto ya está: no se duplica nada.")
    return _("Ninguna fila de este archivo entra como venta.")
