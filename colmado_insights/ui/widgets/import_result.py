"""What became of one file, in words and counts."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from colmado_insights import text
from colmado_insights.domain import ImportReport, Reason
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.label import Tone, chip, label


class ImportResult(Card):
    """One file's result: nothing of it went missing without a word."""

    def __init__(self, look: Look, report: ImportReport) -> None:
        super().__init__(look)
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        tone = Tone.ACCENT if report.quarantined else Tone.GOOD
        symbol = "circle-alert" if report.quarantined else "circle-check"
        row.addWidget(SymbolTile(look, symbol, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(look.px(2))
        words.addWidget(label(look, report.file, 14, 600, wrap=True))
        words.addWidget(label(look, report_sentence(report), 13, 400, "soft", wrap=True))
        chips = Flow(look)
        for piece, its_tone in report_chips(report):
            chips.addWidget(chip(look, piece, its_tone))
        words.addSpacing(look.px(3))
        words.addLayout(chips)
        for reason in report.reasons:
            words.addWidget(label(look, reason_words(reason), 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        self.body.addLayout(row)


def report_sentence(report: ImportReport) -> str:
    """Entraron 8,512 compras, del dom 1 nov al vie 20 nov."""
    if not report.new and not report.replaced and report.unchanged:
        return _("Todo esto ya estaba: no se duplicó nada.")
    receipts = ngettext("Entró {n} compra", "Entraron {n} compras", report.receipts_new).format(
        n=text.number(report.receipts_new)
    )
    if report.first_day and report.last_day:
        return _("{receipts}, del {first} al {last}.").format(
            receipts=receipts, first=day_words(report.first_day), last=day_words(report.last_day)
        )
    return receipts + "."


def report_chips(report: ImportReport) -> list[tuple[str, Tone]]:
    """The five parts of the rows read, those that are not zero."""
    parts = (
        (report.new, ngettext("{n} fila nueva", "{n} filas nuevas", report.new), Tone.GOOD),
        (report.unchanged, ngettext("{n} ya estaba", "{n} ya estaban", report.unchanged), Tone.PLAIN),
        (report.replaced, ngettext("{n} corregida", "{n} corregidas", report.replaced), Tone.BRAND),
        (report.voided, ngettext("{n} anulada", "{n} anuladas", report.voided), Tone.PLAIN),
        (report.quarantined, ngettext("{n} por revisar", "{n} por revisar", report.quarantined), Tone.ACCENT),
    )
    return [(words.format(n=text.number(count)), tone) for count, words, tone in parts if count]


def reason_words(reason: Reason) -> str:
    """A reason in words; rows that wait are counted in the singular too."""
    if reason.code != "quarantined":
        return text.sentence(reason)
    count = reason["rows"]
    rows = ngettext("{n} fila", "{n} filas", count).format(n=text.number(count))
    return _("{rows}: {reason}").format(rows=rows, reason=text.bad_row_reason(reason["code"]))


def day_words(day: date) -> str:
    """A date with its year, short: 20 nov 2026."""
    return f"{day.day} {text.month_name(day.month, short=True)} {day.year}"
