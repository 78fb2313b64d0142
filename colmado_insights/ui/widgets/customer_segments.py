"""The eight segments of known customers, the groups found beside them, and who moved from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import (
    CustomerMigration,
    CustomerMove,
    CustomerSegmentSummary,
    NotEnough,
    Rfm,
    RfmCluster,
)
from colmado_insights.text import _, ngettext
from colmado_insights.ui.dialogs.quick_open import plain
from colmado_insights.ui.icons import Icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.comparison import signed_change
from colmado_insights.ui.widgets.customer_words import (
    SEGMENT_SYMBOLS,
    copy_button,
    message_to_all,
    segment_tone,
)
from colmado_insights.ui.widgets.data_table import Column, DataTable
from colmado_insights.ui.widgets.label import Tone, chip, label
from colmado_insights.ui.widgets.slot import Slot

HEIGHT = 300


class CustomerSegmentsView(QWidget):
    """Tiles of the eight segments, then the groups of k-means and the moves month to month."""

    segment_asked = Signal(str)
    opened = Signal(int)

    def __init__(self, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self.look, self._tasks = look, tasks
        self._shown: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.px(12))
        self._tiles = CardGrid(look, 250, 4)
        self._moves, self._clusters = Slot(), Slot()
        for part in (self._tiles, self._moves, self._clusters):
            self._column.addWidget(part)
        self._column.addStretch(1)

    def show_book(self, rfm: Rfm, migration: CustomerMigration | NotEnough, names: Mapping[int, str]) -> None:
        """Show what is known of the segments; `names` are of customers."""
        if (rfm, migration, names) == self._shown:
            return  # a reading that brought nothing new leaves the keyboard where it is
        self._shown = (rfm, migration, names)
        self._tiles.clear()
        for summary in rfm.segments:
            tile = SegmentTile(self.look, summary)
            tile.asked.connect(self.segment_asked)
            self._tiles.add(tile)
        moves = MovesCard(self.look, self._tasks, migration, names)
        moves.opened.connect(self.opened)
        self._moves.fill(moves)
        self._clusters.fill(clusters_card(self.look, rfm))


class SegmentTile(Card):
    """One segment: how many, what they bring, how it goes, what to do and what to tell them."""

    asked = Signal(str)

    def __init__(self, look: Look, summary: CustomerSegmentSummary) -> None:
        super().__init__(look)
        self.body.setSpacing(look.px(7))
        self.body.addLayout(self._make_heading(summary))
        if not summary.customers:
            self.body.addWidget(label(look, _("Nadie está aquí ahora."), 13, 400, "soft", wrap=True))
            self.body.addStretch(1)
            return
        self.setToolTip("\n".join(text.sentence(reason) for reason in summary.why))
        self.body.addLayout(self._make_numbers(summary))
        advice = QHBoxLayout()
        advice.setSpacing(look.px(7))
        advice.addWidget(Icon(look, "lightbulb", "accent", 15), 0, Qt.AlignmentFlag.AlignTop)
        advice.addWidget(label(look, text.sentence(summary.strategy), 13, 500, wrap=True), 1)
        self.body.addLayout(advice)
        if said := return_words(summary):
            self.body.addWidget(label(look, said, 12.5, 400, "soft", wrap=True))
        self.body.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        words = message_to_all(summary.message)
        message = copy_button(look, words, _("Mensaje"))
        message.setToolTip(words)
        foot.addWidget(message)
        foot.addStretch(1)
        who = button(look, _("Ver quiénes →"), lambda: self.asked.emit(str(summary.segment)), kind="link")
        who.setAccessibleName(
            _("Ver quiénes: {segment}").format(segment=text.customer_segment_name(summary.segment))
        )
        foot.addWidget(who)
        self.body.addLayout(foot)

    def _make_heading(self, summary: CustomerSegmentSummary) -> QHBoxLayout:
        look = self.look
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        tone = segment_tone(summary.segment) if summary.customers else Tone.BRAND
        row.addWidget(SymbolTile(look, SEGMENT_SYMBOLS[summary.segment], tone, 32))
        row.addWidget(label(look, text.customer_segment_name(summary.segment), 15, 600, wrap=True), 1)
        if summary.is_beyond_noise and summary.growth is not None:
            mark = chip(look, *signed_change(summary.growth))
            mark.setToolTip(_("Lo que gasta cada uno por día, contra la ventana anterior"))
            row.addWidget(mark)
        return row

    def _make_numbers(self, summary: CustomerSegmentSummary) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(14))
        people = ngettext("cliente", "clientes", summary.customers)
        for value, words in (
            (text.number(summary.customers), people),
            (text.percent(summary.revenue_share), _("de lo que dejan")),
        ):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(label(self.look, value, 20, 600, tabular=True))
            column.addWidget(label(self.look, words, 12.5, 400, "soft"))
            row.addLayout(column)
        row.addStretch(1)
        return row


def return_words(summary: CustomerSegmentSummary) -> str:
    """Por cada peso en detalles vuelven RD$ 3, entre 1 y 5; nothing while nobody knows."""
    gain = summary.return_on_spend
    if gain is None:
        return ""
    return _("Por cada peso que les dediques vuelven unos {mean} (entre {lo} y {hi}).").format(
        mean=text.number(gain.mean, 1), lo=text.number(gain.lo, 1), hi=text.number(gain.hi, 1)
    )


def clusters_card(look: Look, rfm: Rfm) -> Card:
    """The groups that the purchases make by themselves, and whether they say the same as the segments."""
    card = Card(look, _("Grupos que salen solos (k-means)"), "sparkles")
    if not rfm.clusters:
        words = _("Con tan pocos clientes no salen grupos de fiar; los segmentos de arriba sí valen.")
        card.body.addWidget(label(look, words, 13, 400, "soft", wrap=True))
        card.body.addStretch(1)
        return card
    said = _("{count} grupos según cuándo vinieron, cuánto vienen y cuánto gastan.").format(
        count=len(rfm.clusters)
    )
    if rfm.agreement is not None:
        said += " " + _("Coinciden en {share} con los segmentos.").format(
            share=text.percent(max(0.0, rfm.agreement))
        )
    card.body.addWidget(label(look, said, 13, 400, "soft", wrap=True))
    columns: tuple[Column[tuple[int, RfmCluster]], ...] = (
        Column(
            _("Grupo"), lambda each: text.sentence(each[1].name), lambda each: each[0],
            hint=lambda each: text.sentence(each[1].name),
        ),
        Column(_("Clientes"), lambda each: text.number(each[1].customers), lambda each: each[1].customers, 90, True),
        Column(
            _("Dejan"), lambda each: text.percent(each[1].revenue_share), lambda each: each[1].revenue_share, 84, True,
            hint=lambda _each: _("De lo que dejan todos los clientes conocidos"),
        ),
        Column(
            _("Cada uno"), lambda each: text.number(each[1].monetary_cents / 100),
            lambda each: each[1].monetary_cents, 100, True, hint=lambda _each: _("Lo que gastó el de en medio"),
        ),
        Column(_("Visitas"), lambda each: text.number(each[1].frequency), lambda each: each[1].frequency, 84, True),
        Column(
            _("Sin venir"), lambda each: _days_words(each[1].recency_days), lambda each: each[1].recency_days, 100, True
        ),
    )  # fmt: skip
    table: DataTable[tuple[int, RfmCluster]] = DataTable(
        look, columns, lambda each: each[0], sort_by=2, name=_("Grupos que salen solos")
    )
    table.setFixedHeight(look.px(36 * (len(rfm.clusters) + 1)))
    table.set_rows(enumerate(rfm.clusters))
    card.body.addWidget(table, 1)
    return card


class MovesCard(Card):
    """Who changed segment between two month ends, and why; a double click opens the customer."""

    opened = Signal(int)

    def __init__(
        self, look: Look, tasks: Tasks, migration: CustomerMigration | NotEnough, names: Mapping[int, str]
    ) -> None:
        super().__init__(look, _("Quién cambió de segmento"), "combine")
        self.body.addWidget(label(look, migration_words(migration), 13, 400, "soft", wrap=True))
        if isinstance(migration, NotEnough):
            self.body.addStretch(1)
            return

        def name(each: tuple[int, CustomerMove]) -> str:
            return names.get(each[1].customer_id, "–")

        def why(each: tuple[int, CustomerMove]) -> str:
            return text.sentence(each[1].why)

        columns: tuple[Column[tuple[int, CustomerMove]], ...] = (
            Column(_("Cliente"), name, lambda each: plain(name(each))),
            Column(_("De"), _source_words, _source_words, 126, ink=lambda _each: "soft", hint=_source_words),
            Column(_("A"), _target_words, _target_words, 126, hint=_target_words),
            Column(
                _("Por qué"), why, lambda each: each[0], 200, ink=lambda _each: "soft", hint=why, grows=True
            ),
        )
        self.table: DataTable[tuple[int, CustomerMove]] = DataTable(
            look, columns, lambda each: each[0], sort_by=3, name=_("Quién cambió de segmento")
        )
        self.table.setMinimumHeight(look.px(HEIGHT))
        self.table.set_rows(enumerate(migration.moves))
        self.table.opened.connect(lambda each: self.opened.emit(each[1].customer_id))
        chart = ChartView(look, tasks, HEIGHT, near="xy")
        chart.show_chart(partial(charts.customer_flows, migration), migration_words(migration))
        parts = CardGrid(look, 430, 2, shares=(4, 6), gap=18)
        parts.add(chart)
        parts.add(self.table)
        self.body.addWidget(parts)


def migration_words(migration: CustomerMigration | NotEnough) -> str:
    """How many stayed, or why that cannot be said."""
    if isinstance(migration, NotEnough):
        return _("Todavía no hay dos fines de mes que comparar: aquí se verá quién sube y quién se aleja.")
    return _("Entre el {before} y el {until}, {share} siguió donde estaba.").format(
        before=text.short_date(migration.before),
        until=text.short_date(migration.until),
        share=text.percent(migration.stayed),
    )


def _days_words(days: float) -> str:
    whole = round(days)
    return ngettext("{n} día", "{n} días", whole).format(n=text.number(whole))


def _source_words(each: tuple[int, CustomerMove]) -> str:
    source = each[1].source
    return text.customer_segment_name(source) if source else _("no se conocía")


def _target_words(each: tuple[int, CustomerMove]) -> str:
    return text.customer_segment_name(each[1].target)
