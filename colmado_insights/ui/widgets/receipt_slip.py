"""A sale as the till's paper shows it: when, what, how much."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from colmado_insights import text
from colmado_insights.domain import Payment, PreviewLine, PreviewSale, SaleKind
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.label import hairline, label

MOST_LINES = 3


class ReceiptSlip(Card):
    """A small receipt of the preview."""

    def __init__(self, look: Look, sale: PreviewSale) -> None:
        super().__init__(look, kind="inset")
        self.body.setContentsMargins(*(look.px(side) for side in (12, 9, 12, 10)))
        self.body.setSpacing(look.px(3))
        self.body.addWidget(label(look, moment_words(sale), 12.5, 600, tabular=True, wrap=True))
        about = " · ".join(filter(None, (sale.number, payment_words(sale))))
        if about:
            self.body.addWidget(label(look, about, 12, 400, "faint", wrap=True))
        self.body.addSpacing(look.px(2))
        for line in sale.lines[:MOST_LINES]:
            self._add_row(line_words(line), amount_words(line.amount_cents))
        if (rest := len(sale.lines) - MOST_LINES) > 0:
            more = ngettext("y {n} línea más", "y {n} líneas más", rest).format(n=text.number(rest))
            self.body.addWidget(label(look, more, 12, 400, "faint"))
        self.body.addStretch(1)
        self.body.addWidget(hairline())
        total = _("Devolución") if sale.kind == SaleKind.REFUND else _("Total")
        self._add_row(total, text.money_exact(sale.total_cents), weight=600)

    def _add_row(self, words: str, amount: str, weight: int = 400) -> None:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(8))
        row.addWidget(label(self.look, words, 12.5, weight, wrap=True), 1)
        figure = label(self.look, amount, 12.5, weight, tabular=True)
        row.addWidget(figure, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)


def moment_words(sale: PreviewSale) -> str:
    """vie 20 nov 2026, 5:22 p. m."""
    day = f"{text.short_date(sale.sold_at.date())} {sale.sold_at.year}"
    return f"{day}, {text.clock(sale.sold_at)}" if sale.has_time else _("{day}, sin hora").format(day=day)


def payment_words(sale: PreviewSale) -> str:
    """How it was paid, when the file says so."""
    return "" if sale.payment is Payment.UNKNOWN else text.payment_name(sale.payment)


def line_words(line: PreviewLine) -> str:
    """2 × Huevo; a single one needs no count."""
    name = line.product or _("Sin nombre")
    if abs(line.quantity_milli) == 1000:
        return name
    return f"{quantity_words(line.quantity_milli)} × {name}"


def amount_words(cents: int) -> str:
    """350.00, or −250.00 of what was given back."""
    return f"{'−' if cents < 0 else ''}{text.number(abs(cents) / 100, 2)}"


def quantity_words(milli: int) -> str:
    """2, or 0.455 of what is weighed; a refund's amount says already that it came back."""
    return f"{abs(milli) / 1000:,.3f}".rstrip("0").rstrip(".")
