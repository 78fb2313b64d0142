"""Models: how the forecasts turned out, week by week, and which method does best in this shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import Forecast, ModelTrack, NotEnough, PredictionTrack
from colmado_insights.domain import SHOP_TARGETS, Role, Subject
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.widgets.card import Card, Notice
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import Tone, hairline, label
from colmado_insights.ui.widgets.number_card import NumberCard
from colmado_insights.ui.widgets.prediction_card import PredictionCard
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.share_rows import ShareRows

PROMISED = 0.80
COVERAGE_SLACK = 0.05
"""A band that holds this much more or less than promised is worth the colour of attention."""
SMALL_BIAS = 0.05


@dataclass(frozen=True)
class ModelsView:
    """How the forecasts of one target turned out, the forecast that stands, and what was said of customers."""

    track: ModelTrack
    forecast: Forecast | NotEnough
    customers: tuple[PredictionTrack, ...]


class ModelsPage(Page):
    """Four numbers, the error of each week, the competing methods, what moves the forecast, and the customers."""

    NAME = "models"
    TITLE = N_("Cómo va el pronóstico")
    ICON = "target"
    PARENT = "forecast"
    ROLE = Role.MANAGER
    BLOCKS = ((110, (1, 1, 1, 1)), (300, (1,)), (200, (1, 1)))

    def __init__(self, ctx: Context) -> None:
        self._target = SHOP_TARGETS[0]
        super().__init__(ctx)
        look = self.look
        self._notices = QVBoxLayout()
        self._numbers = CardGrid(look, 215, 4)
        self._weeks = Card(look, _("Error de cada semana"), "chart-column")
        self._weeks_chart = ChartView(look, ctx.tasks, 210)
        self._weeks_words = label(look, "", 12.5, 400, "faint", wrap=True)
        self._weeks.body.addWidget(self._weeks_chart, 1)
        self._weeks.body.addWidget(self._weeks_words)
        below = CardGrid(look, 360, 2)
        self._methods, self._method_rows = self._make_rows_card(_("Métodos que compiten"), "trending-up")
        self._movers, self._mover_rows = self._make_rows_card(_("Qué mueve el pronóstico"), "list-tree")
        below.add(self._methods)
        below.add(self._movers)
        self.body.addLayout(self._notices)
        self.body.addWidget(self._numbers)
        self.body.addWidget(self._weeks, 1)
        self.body.addWidget(below)
        self.customers = PredictionCard(look)
        self.body.addWidget(self.customers)

    def make_control(self) -> QWidget:
        """Which forecast, and the way back to it."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.look.px(10))
        self.back = self.make_way_back(_("Volver al pronóstico"))
        row.addWidget(self.back)
        self.target_switch = Segmented(self.look, [_("Ventas"), _("Clientes")])
        self.target_switch.chosen.connect(self._change_target)
        row.addWidget(self.target_switch)
        return holder

    def read(self, progress: Progress) -> ModelsView | NotEnough:
        """The forecasts kept, against what came."""
        yesterday = self.ctx.clock().date() - timedelta(days=1)
        forecast = self.ctx.shop.compute_forecast(Subject(self._target), as_of=yesterday, progress=progress)
        track = self.ctx.shop.read_track(self._target, as_of=yesterday)
        if isinstance(track, NotEnough):
            return track
        return ModelsView(track, forecast, self.ctx.shop.read_prediction_tracks(yesterday))

    def show_result(self, result: ModelsView) -> None:
        """Fill the page."""
        track = result.track
        self._show_drift(track)
        self._numbers.clear()
        for card in self._number_cards(track):
            self._numbers.add(card)
        title = self._weeks.title.text()
        self._weeks_chart.show_chart(partial(charts.error_weeks, track), title)
        self._weeks_words.setText(weeks_words(track))
        self._show_methods(track)
        self._show_movers(result.forecast)
        self.customers.show_tracks(result.customers)

    def _make_rows_card(self, title: str, symbol: str) -> tuple[Card, QVBoxLayout]:
        card, rows = Card(self.look, title, symbol), QVBoxLayout()
        rows.setSpacing(self.look.px(5))
        card.body.addLayout(rows)
        card.body.addStretch(1)
        return card, rows

    def _show_drift(self, track: ModelTrack) -> None:
        clear_layout(self._notices)
        if track.drift is not None and track.drift.code != "drift_none":
            self._notices.addWidget(Notice(self.look, text.sentence(track.drift), Tone.ACCENT, "activity"))

    def _number_cards(self, track: ModelTrack) -> list[NumberCard]:
        look = self.look
        gain = 1 - track.wape / track.naive_wape if track.naive_wape else 0.0
        is_better = gain > 0
        return [
            NumberCard(
                look, _("Error típico"), "target", text.percent(track.wape),
                mark=f"{'▼' if is_better else '▲'} {text.percent(abs(gain))}",
                tone=Tone.GOOD if is_better else Tone.BAD,
                words=gain_words(track, is_better=is_better),
            ),
            NumberCard(
                look, _("Se pasa o se queda corto"), "trending-up", text.percent(track.bias, signed=True),
                words=bias_words(track.bias),
            ),
            NumberCard(
                look, _("Días dentro de la sombra oscura"), "activity", text.percent(track.coverage80),
                mark=_("= lo prometido") if is_kept(track.coverage80) else "",
                tone=Tone.GOOD,
                words=_("prometido: {share}").format(share=text.percent(PROMISED)),
            ),
            NumberCard(
                look, _("Días comprobados"), "calendar-days", text.number(track.days),
                words=ngettext("en {n} semana", "en {n} semanas", len(track.weeks)).format(n=len(track.weeks)),
            ),
        ]  # fmt: skip

    def _show_methods(self, track: ModelTrack) -> None:
        clear_layout(self._method_rows)
        used = track.model.split("+")
        for name, error in track.challengers:
            row = QHBoxLayout()
            is_used = name in used
            words = _with_capital(text.model_name(name))
            row.addWidget(label(self.look, words, 14, 600 if is_used else 400), 1)
            if is_used:
                row.addWidget(label(self.look, _("en uso"), 12.5, 600, "brand"))
            row.addWidget(label(self.look, text.percent(error), 14, 600, tabular=True))
            self._method_rows.addLayout(row)
            self._method_rows.addWidget(hairline())
        for words in change_words(track):
            self._method_rows.addWidget(label(self.look, words, 12.5, 400, "faint", wrap=True))

    def _show_movers(self, forecast: Forecast | NotEnough) -> None:
        clear_layout(self._mover_rows)
        rows = forecast.importance if isinstance(forecast, Forecast) else ()
        shown = [(_with_capital(text.feature_name(code)), loss) for code, loss in rows if loss > 0]
        if shown:
            words = _("Cuánto más erraría si no lo supiera:")
            self._mover_rows.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))
            self._mover_rows.addWidget(ShareRows(self.look, shown))
        else:
            words = _("Con más semanas de ventas se sabrá qué pesa más.")
            self._mover_rows.addWidget(
                label(self.look, words, 13, 400, "soft", wrap=True), 0, Qt.AlignmentFlag.AlignTop
            )

    def _change_target(self, index: int) -> None:
        self._target = SHOP_TARGETS[index]
        self.load()


def is_kept(coverage: float) -> bool:
    """Whether a band of 80 % held about as many days as it promised."""
    return abs(coverage - PROMISED) <= COVERAGE_SLACK


def _with_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def gain_words(track: ModelTrack, *, is_better: bool) -> str:
    """What the error is compared with."""
    naive = text.percent(track.naive_wape)
    if is_better:
        return _("menos que repetir la semana anterior: {naive}").format(naive=naive)
    return _("más que repetir la semana anterior: {naive}").format(naive=naive)


def bias_words(bias: float) -> str:
    """What a bias means for who orders by the forecast."""
    if abs(bias) < SMALL_BIAS:
        return _("casi parejo: ni sobra ni falta")
    return _("espera más de lo que viene") if bias > 0 else _("espera menos de lo que viene")


def weeks_words(track: ModelTrack) -> str:
    """Which weeks were told at the time, and which were tried afterwards."""
    kept = sum(week.is_kept for week in track.weeks)
    if not kept:
        return _(
            "Todavía son semanas de prueba: cada una se pronosticó con lo que se sabía antes de ella."
            " Lo que se pronostique desde hoy aparecerá aquí en color fuerte."
        )
    return _("Color fuerte: pronosticado en su momento. Color suave: prueba con lo que se sabía antes.")


def change_words(track: ModelTrack) -> list[str]:
    """Since when which method is used, newest first."""
    return [
        _("Desde el {day}: {model}").format(day=text.short_date(day), model=text.model_name(model))
        for day, model in reversed(track.changes)
    ][:4]
