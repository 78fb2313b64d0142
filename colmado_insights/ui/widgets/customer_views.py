"""The lists of known customers: all of them, those at risk, what is due for whom, and whom to win back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import AT_RISK, LEAVING, CustomerSegment, Replenishment, RiskLevel
from colmado_insights.domain import Consent
from colmado_insights.text import _, ngettext
from colmado_insights.ui.dialogs.quick_open import plain
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.customer_rows import CustomerRow, DueRow, at_risk, due_rows, to_win_back
from colmado_insights.ui.widgets.customer_table import CustomerTable, list_columns, rhythm_words, risk_columns
from colmado_insights.ui.widgets.customer_words import (
    RISK_TONES,
    ago_words,
    around_words,
    copy_button,
    polite_text,
    quantity_words,
    risk_words,
    segment_tone,
)
from colmado_insights.ui.widgets.data_table import Column, DataTable
from colmado_insights.ui.widgets.label import chip, label
from colmado_insights.ui.widgets.picker import Picker
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.switch_place import SwitchPlace

THRESHOLDS = (0.3, 0.6, 0.8)
LIMITS = (10, 25, 50, 0)
CARDS_AT_ONCE = 12


class ListView(QWidget):
    """What stands under a tab: controls, and a card with rows; `opened` carries a customer's id."""

    opened = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.rows: tuple[CustomerRow, ...] = ()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(look.px(12))

    def show_rows(self, rows: Sequence[CustomerRow]) -> None:
        """Take everyone, and show whom this list is about."""
        raise NotImplementedError

    def add_table(self, table: DataTable[CustomerRow] | DataTable[DueRow], nobody: str) -> QLabel:
        """Put a table into a card, with the words that stand there when it has no rows."""
        look = self.look
        card = Card(look)
        card.body.setContentsMargins(*(look.px(side) for side in (8, 6, 8, 8)))
        none = label(look, nobody, 14, 400, "soft", wrap=True)
        none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        none.hide()
        card.body.addWidget(table, 1)
        card.body.addWidget(none)
        self.column.addWidget(card, 1)
        return none

    def shown_ids(self) -> list[int]:
        """Who stands here, from the top: the way that next and previous go."""
        return [row.customer_id for row in self.rows]


class AllView(ListView):
    """Everyone, searched by name or phone and narrowed by segment and risk."""

    def __init__(self, look: Look, today: date) -> None:
        super().__init__(look)
        self.column.addWidget(self._make_filters())
        self.table = CustomerTable(look, list_columns(today), _("Gastado"), _("Clientes"))
        self.table.opened.connect(lambda row: self.opened.emit(row.customer_id))
        self._nobody = self.add_table(self.table, _("Ningún cliente es así."))

    def show_rows(self, rows: Sequence[CustomerRow]) -> None:
        """Fill the table; what was asked for still is."""
        self.rows = tuple(rows)
        self.table.set_rows(rows)
        self.narrow()

    def show_segment(self, segment: CustomerSegment) -> None:
        """Show only who is of this segment."""
        self.search.clear()
        self.risk.set_key("")
        self.segment.choose(segment)

    def narrow(self) -> None:
        """Show those whom the search and both filters want."""
        wanted, segment, level = plain(self.search.text()).split(), self.segment.key, self.risk.key

        def is_wanted(row: CustomerRow) -> bool:
            if segment and row.segment != segment:
                return False
            if level and row.level != level:
                return False
            return all(piece in row.said for piece in wanted)

        self.table.narrow(is_wanted)
        self._nobody.setVisible(not self.table.rows.shown)

    def shown_ids(self) -> list[int]:
        """Who is left, in the order of the table."""
        return self.table.shown_ids()

    def _make_filters(self) -> QWidget:
        look = self.look
        self.search = QLineEdit()
        self.search.setFont(look.font(14))
        self.search.setPlaceholderText(_("Buscar por nombre o teléfono"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(look.px(120))
        self.search.textChanged.connect(lambda _words: self.narrow())
        segments = [(str(each), text.customer_segment_name(each)) for each in CustomerSegment]
        self.segment = Picker(look, [("", _("Todos los segmentos")), *segments], width=190)
        levels = [
            (str(each), _("Riesgo: {level}").format(level=text.risk_name(each).lower())) for each in RiskLevel
        ]
        self.risk = Picker(look, [("", _("Cualquier riesgo")), *levels], width=170)
        pickers = QWidget()
        row = QHBoxLayout(pickers)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        for picker in (self.segment, self.risk):
            picker.picked.connect(lambda _key: self.narrow())
            row.addWidget(picker)
        row.addStretch(1)
        grid = CardGrid(look, 360, 2)
        grid.add(self.search)
        grid.add(pickers)
        return grid


class AtRiskView(ListView):
    """Who may not come back, who would be missed most first; from which likelihood on, and how many."""

    def __init__(self, look: Look, today: date) -> None:
        super().__init__(look)
        self.threshold = Segmented(
            look,
            [_("Desde {share}").format(share=text.percent(each)) for each in THRESHOLDS],
            THRESHOLDS.index(0.6),
        )
        self.limit = Segmented(look, [str(each) if each else _("Todos") for each in LIMITS], len(LIMITS) - 1)
        self.threshold.setAccessibleName(_("Desde qué riesgo"))
        self.limit.setAccessibleName(_("Cuántos"))
        self._sum = label(look, "", 13, 400, "soft", wrap=True)
        self.column.addWidget(self._make_controls())
        self.table = CustomerTable(look, risk_columns(today), _("Al año deja"), _("Clientes en riesgo"))
        self.table.opened.connect(lambda row: self.opened.emit(row.customer_id))
        self._nobody = self.add_table(self.table, _("Nadie corre ese riesgo: buena señal."))
        for control in (self.threshold, self.limit):
            control.chosen.connect(lambda _index: self._show())

    def show_rows(self, rows: Sequence[CustomerRow]) -> None:
        """Take everyone; show those at risk."""
        self.rows = tuple(rows)
        self._show()

    def shown_ids(self) -> list[int]:
        """Who is at risk, in the order of the table."""
        return self.table.shown_ids()

    def _show(self) -> None:
        found = at_risk(self.rows, THRESHOLDS[self.threshold.index], LIMITS[self.limit.index])
        self.table.set_rows(found)
        self._nobody.setVisible(not found)
        self._sum.setText(stake_words(found) if found else "")

    def _make_controls(self) -> QWidget:
        look = self.look
        grid = CardGrid(look, 300, 3, shares=(11, 8, 15))
        grid.add(SwitchPlace(look, self.threshold))
        grid.add(SwitchPlace(look, self.limit))
        grid.add(self._sum)
        return grid


class DueView(ListView):
    """What is due for whom, soonest first."""

    def __init__(self, look: Look, today: date, names: Mapping[int, str]) -> None:
        super().__init__(look)
        self._today, self._names = today, names
        self.when = Segmented(look, (_("Hoy y mañana"), _("Esta semana")), 1)
        self.when.chosen.connect(lambda _index: self._show())
        self.column.addWidget(SwitchPlace(look, self.when))
        self.table: DataTable[DueRow] = DataTable(
            look, self._columns(), lambda each: each.identity, sort_by=2, name=_("Les toca comprar")
        )
        self.table.setMinimumHeight(look.px(220))
        self.table.opened.connect(lambda each: self.opened.emit(each.row.customer_id))
        self._nobody = self.add_table(self.table, _("A nadie le toca nada en esos días."))

    def show_rows(self, rows: Sequence[CustomerRow]) -> None:
        """Take everyone; show what is due."""
        self.rows = tuple(rows)
        self._show()

    def shown_ids(self) -> list[int]:
        """Each customer once, in the order of the table."""
        return list(dict.fromkeys(each.row.customer_id for each in self.table.rows.shown))

    def _show(self) -> None:
        found = due_rows(self.rows, self._today, is_week=bool(self.when.index))
        self.table.set_rows(found)
        self._nobody.setVisible(not found)

    def _columns(self) -> tuple[Column[DueRow], ...]:
        def what(each: DueRow) -> str:
            return self._names.get(each.product_id, "–") if each.product_id else _("su visita")

        def usual(each: DueRow) -> str:
            return (
                quantity_words(each.expected.quantity_milli)
                if isinstance(each.expected, Replenishment)
                else ""
            )

        return (
            Column(_("Cliente"), lambda each: each.row.customer.shown_name, lambda each: each.row.said),
            Column(
                _("Le toca"), what, lambda each: plain(what(each)), 240, hint=what,
                ink=lambda each: "ink" if each.product_id else "soft",
            ),
            Column(
                _("Cuándo"), lambda each: around_words(each.expected, self._today),
                lambda each: (each.expected.day, -each.probability), 170,
            ),
            Column(_("Probable"), lambda each: text.percent(each.probability), lambda each: each.probability, 96, True),
            Column(_("Lleva"), usual, lambda each: usual(each) or None, 80, True),
            Column(
                _("Teléfono"), lambda each: each.row.customer.phone, lambda each: each.row.customer.phone or None, 130,
                ink=lambda _each: "soft",
            ),
        )  # fmt: skip


class WinBackView(ListView):
    """Whom to win back: why, what is at stake, and a polite text to send."""

    def __init__(self, look: Look, today: date, names: Mapping[int, str]) -> None:
        super().__init__(look)
        self._today, self._names = today, names
        words = _(
            "Los que se alejan o dejaron de venir, primero los que más dejan. Un mensaje amable, sin presión, es lo que mejor funciona."
        )
        self.column.addWidget(label(look, words, 13, 400, "soft", wrap=True))
        self._cards = CardGrid(look, 380, 2)
        self.column.addWidget(self._cards)
        self._more = QHBoxLayout()
        self.column.addLayout(self._more)
        self.column.addStretch(1)
        self._count = CARDS_AT_ONCE

    def show_rows(self, rows: Sequence[CustomerRow]) -> None:
        """Take everyone; show a card for each of those who go."""
        found = tuple(to_win_back(rows))
        if found == self.rows and found:
            return  # a reading that brought nothing new leaves the keyboard where it is
        self.rows, self._count = found, CARDS_AT_ONCE
        self._show()

    def _show(self) -> None:
        self._cards.clear()
        clear_layout(self._more)
        for row in self.rows[: self._count]:
            card = WinBackCard(self.look, row, self._today, self._names)
            card.opened.connect(self.opened)
            self._cards.add(card)
        if not self.rows:
            calm = Card(self.look, _("Nadie por recuperar"), "heart-handshake")
            words = _("Todos tus clientes conocidos vienen como de costumbre.")
            calm.body.addWidget(label(self.look, words, 14, 400, wrap=True))
            self._cards.add(calm)
        left = len(self.rows) - self._count
        if left > 0:
            words = ngettext("Ver {n} más", "Ver {n} más", left).format(n=text.number(left))
            self._more.addWidget(button(self.look, words, self._show_more, symbol="chevron-down"))
            self._more.addStretch(1)

    def _show_more(self) -> None:
        self._count += CARDS_AT_ONCE
        self._show()


class WinBackCard(Card):
    """One customer who stays away: since when, how it used to be, and the text."""

    opened = Signal(int)

    def __init__(self, look: Look, row: CustomerRow, today: date, names: Mapping[int, str]) -> None:
        super().__init__(look)
        assert row.outlook is not None
        heading = QHBoxLayout()
        heading.setSpacing(look.px(8))
        heading.addWidget(label(look, row.customer.shown_name, 15.5, 600, wrap=True), 1)
        heading.addWidget(_leaving_chip(look, row), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(heading)
        self.body.addWidget(label(look, away_words(row, today), 13, 400, "soft", wrap=True))
        words = polite_text(row.customer, row.outlook, names)
        inset = Card(look, kind="inset")
        inset.body.setContentsMargins(*(look.px(side) for side in (12, 9, 12, 10)))
        inset.body.addWidget(label(look, words, 13.5, 400, wrap=True))
        self.body.addWidget(inset)
        self.body.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.addWidget(copy_button(look, words))
        foot.addWidget(
            button(
                look,
                _("Ver cliente"),
                lambda: self.opened.emit(row.customer_id),
                hint=row.customer.shown_name,
            )
        )
        if row.customer.consent is Consent.UNKNOWN:
            asked = label(look, text.consent_name(Consent.UNKNOWN), 12.5, 400, "accent")
            asked.setToolTip(_("Todavía no se sabe si quiere recibir mensajes: pregúntale primero."))
            foot.addWidget(asked)
        foot.addStretch(1)
        self.body.addLayout(foot)


def _leaving_chip(look: Look, row: CustomerRow) -> QLabel:
    """Why they stand among those who go: their risk, or the segment where the risk is still small."""
    assert row.outlook is not None
    churn, segment = row.outlook.churn, row.outlook.rfm.segment
    if churn is None or (segment in LEAVING and churn.probability < AT_RISK):
        return chip(look, text.customer_segment_name(segment), segment_tone(segment))
    return chip(look, risk_words(churn), RISK_TONES[churn.level])


def away_words(row: CustomerRow, today: date) -> str:
    """Vino hace 45 días; antes venía cada 6 días. Deja RD$ 18,400 al año."""
    parts = []
    if row.customer.last_day:
        parts.append(
            _("Última visita {ago}; venía {rhythm}.").format(
                ago=ago_words(row.customer.last_day, today), rhythm=rhythm_words(row)
            )
        )
    parts.append(_("Deja {money} al año.").format(money=text.money(row.stake_cents)))
    return " ".join(parts)


def stake_words(rows: Sequence[CustomerRow]) -> str:
    """12 clientes que dejan RD$ 240,000 al año."""
    count = ngettext("{n} cliente", "{n} clientes", len(rows)).format(n=text.number(len(rows)))
    money = text.money(sum(row.stake_cents for row in rows))
    return _("{customers}: al año se dejarían de vender unos {money}.").format(customers=count, money=money)
