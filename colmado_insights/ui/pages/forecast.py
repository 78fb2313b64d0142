"""Forecast: what the next days will sell, why, and how well such forecasts did before."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import Backtest, Forecast, ForecastPoint, NotEnough
from colmado_insights.domain import Role, Target
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import hairline, label
from colmado_insights.ui.widgets.segmented import Segmented

TARGETS = ((Target.REVENUE, N_("Ventas")), (Target.RECEIPTS, N_("Clientes")))
HORIZONS = (7, 14, 28)
MOST_DRIVERS = 4


class ForecastPage(Page):
    """The days ahead with their bands; a click on a day explains it."""

    NAME = "forecast"
    TITLE = N_("Pronóstico")
    ICON = "trending-up"
    ROLE = Role.MANAGER
    REPORT = ""
    BLOCKS = ((400, (1,)), (248, (28, 10)))

    def __init__(self, ctx: Context) -> None:
        self._target, self._horizon = Target.REVENUE, 14
        super().__init__(ctx)
        look = self.look
        self._forecast: Forecast | None = None
        self._place = 0
        self._chart_card = Card(look, _("Ventas por día"), "trending-up")
        self._chart_card.add_action(self._make_legend())
        self._chart = ChartView(look, ctx.tasks, 300)
        self._chart.picked.connect(self._pick_point)
        self._chart_card.body.addWidget(self._chart, 1)
        self.body.addWidget(self._chart_card, 1)
        below = CardGrid(look, 330, 2, shares=(28, 10))
        self._why = Card(look, _("Por qué"), "list-tree")
        self._back = button(
            look, "", lambda: self._step(-1), kind="small", symbol="chevron-left", hint=_("Día anterior")
        )
        self._next = button(
            look, "", lambda: self._step(1), kind="small", symbol="chevron-right", hint=_("Día siguiente")
        )
        self._why.add_action(self._back)
        self._why.add_action(self._next)
        self._why_rows = QVBoxLayout()
        self._why_rows.setSpacing(look.px(5))
        self._why.body.addLayout(self._why_rows)
        self._why.body.addStretch(1)
        self._trust = Card(look, _("Qué tan bien acierta"), "target")
        self._trust_rows = QVBoxLayout()
        self._trust_rows.setSpacing(look.px(4))
        self._trust.body.addLayout(self._trust_rows)
        self._trust.body.addStretch(1)
        below.add(self._why)
        below.add(self._trust)
        self.body.addWidget(below)

    def _make_legend(self) -> QWidget:
        words = _("sombra oscura: 8 de cada 10 días · clara: 19 de cada 20")
        made = label(self.look, words, 12.5, 400, "soft", wrap=self.look.scale > 1.2)
        made.setAlignment(Qt.AlignmentFlag.AlignRight)
        return made

    def make_control(self) -> QWidget:
        """What to forecast, and how far."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.look.px(10))
        self.target_switch = Segmented(self.look, [_(words) for _target, words in TARGETS])
        self.target_switch.chosen.connect(self._change_target)
        self.horizon_switch = Segmented(
            self.look, [_("{n} días").format(n=days) for days in HORIZONS], HORIZONS.index(self._horizon)
        )
        self.horizon_switch.chosen.connect(self._change_horizon)
        row.addWidget(self.target_switch)
        row.addWidget(self.horizon_switch)
        return holder

    def read(self, progress: Progress) -> Forecast | NotEnough:
        """The forecast of the target chosen."""
        yesterday = self.ctx.clock().date() - timedelta(days=1)  # today is not sold out yet
        return self.ctx.shop.compute_forecast(
            self._target, horizon=self._horizon, as_of=yesterday, progress=progress
        )

    def show_result(self, result: Forecast) -> None:
        """Fill the chart and both cards, with the best day explained."""
        self._forecast = result
        title = _("Ventas por día") if result.target is Target.REVENUE else _("Clientes por día")
        days = _("próximos {n} días").format(n=len(result.points))
        self._chart_card.title.setText(f"{title}, {days}")
        self._chart.show_chart(partial(charts.forecast_chart, result), self._chart_card.title.text())
        best = max(range(len(result.points)), key=lambda place: result.points[place].mean)
        self._show_day(best)
        self._show_trust(result)

    def _show_day(self, place: int) -> None:
        forecast = self._forecast
        if forecast is None:
            return
        self._place = place
        point = forecast.points[place]
        self._chart.show_mark(len(forecast.points) - place)
        self._back.setEnabled(place > 0)
        self._next.setEnabled(place < len(forecast.points) - 1)
        self._why.title.setText(day_title(point, forecast.target))
        clear_layout(self._why_rows)
        self._why_rows.addWidget(
            label(self.look, band_words(point, forecast.target), 12.5, 400, "soft", wrap=True)
        )
        drivers = forecast.drivers[place] if place < len(forecast.drivers) else ()
        largest = sorted(drivers, key=lambda driver: -abs(driver.amount))[:MOST_DRIVERS]
        if largest:
            base = point.mean - sum(driver.amount for driver in drivers)
            self._why_rows.addWidget(hairline())
            self._why_rows.addLayout(self._row(_("Un día corriente"), amount_words(base, forecast.target)))
        for driver in largest:
            self._why_rows.addWidget(hairline())
            words = signed_amount(driver.amount, forecast.target)
            self._why_rows.addLayout(self._row(text.sentence(driver.reason), words))
        if not largest:
            words = _("Nada especial ese día: se espera lo de siempre.")
            self._why_rows.addWidget(label(self.look, words, 14, 400, wrap=True))

    def _row(self, words: str, amount: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(self.look, words, 14, 400, wrap=True), 1)
        row.addWidget(label(self.look, amount, 14, 600, tabular=True))
        return row

    def _show_trust(self, forecast: Forecast) -> None:
        clear_layout(self._trust_rows)
        backtest = forecast.backtest
        if backtest is None:
            words = _("Todavía no hay semanas bastantes para comprobarlo: toma estos números con cuidado.")
            self._trust_rows.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))
            return
        self._trust_rows.addWidget(label(self.look, text.percent(backtest.wape), 30, 700))
        self._trust_rows.addWidget(label(self.look, trust_words(backtest), 13, 400, "soft", wrap=True))
        model = _("Método: {name}").format(name=text.model_name(forecast.model))
        self._trust_rows.addWidget(label(self.look, model, 12.5, 400, "faint", wrap=True))
        for reason in forecast.reasons:
            if reason.code != "forecast_method":
                words = text.sentence(reason)
                self._trust_rows.addWidget(label(self.look, words, 12.5, 400, "faint", wrap=True))
        if backtest.weeks:
            weeks = self._make_weeks(backtest)
            weeks.hide()
            shown = button(
                self.look,
                _("Ver cada semana"),
                lambda: weeks.setVisible(not weeks.isVisible()),
                symbol="chart-column",
            )
            self._trust_rows.addSpacing(self.look.px(4))
            self._trust_rows.addWidget(shown)
            self._trust_rows.addWidget(weeks)

    def _make_weeks(self, backtest: Backtest) -> QWidget:
        table = QWidget()
        box = QVBoxLayout(table)
        box.setContentsMargins(0, self.look.px(4), 0, 0)
        box.setSpacing(self.look.px(4))
        for week in backtest.weeks:
            row = QHBoxLayout()
            row.addWidget(
                label(
                    self.look, _("semana del {day}").format(day=text.short_date(week.week)), 12.5, 400, "soft"
                ),
                1,
            )
            row.addWidget(label(self.look, text.percent(week.wape), 12.5, 600, tabular=True))
            box.addLayout(row)
        return table

    def _pick_point(self, index: int) -> None:
        if self._forecast is None:
            return
        ahead = len(self._forecast.points)
        place = index - (self._chart.count_points() - ahead)
        if 0 <= place < ahead:
            self._show_day(place)

    def _step(self, by: int) -> None:
        self._show_day(self._place + by)

    def _change_target(self, index: int) -> None:
        self._target = TARGETS[index][0]
        self.load()

    def _change_horizon(self, index: int) -> None:
        self._horizon = HORIZONS[index]
        self.load()


def amount_words(value: float, target: Target) -> str:
    """A number of the target's unit in words."""
    if target is Target.REVENUE:
        return text.money(value)
    count = round(value)
    return ngettext("{n} cliente", "{n} clientes", count).format(n=text.number(count))


def signed_amount(value: float, target: Target) -> str:
    """What a cause adds: + RD$ 6,200."""
    if target is Target.REVENUE:
        return text.money(value, signed=value > 0)
    sign = "+" if value > 0 else "−"
    return f"{sign}{text.number(abs(value))}"


def day_title(point: ForecastPoint, target: Target) -> str:
    """Por qué el sábado 30 se venderán RD$ 25,900."""
    words = {"day": f"{text.weekday(point.day)} {point.day.day}", "amount": amount_words(point.mean, target)}
    if target is Target.REVENUE:
        return _("Por qué el {day} se venderán {amount}").format(**words)
    return _("Por qué el {day} vendrán {amount}").format(**words)


def band_words(point: ForecastPoint, target: Target) -> str:
    """8 de cada 10 días así quedan entre … y …."""
    return _("8 de cada 10 días así quedan entre {low} y {high}").format(
        low=amount_words(point.lo80, target), high=amount_words(point.hi80, target)
    )


def trust_words(backtest: Backtest) -> str:
    """The back-test in plain sentences."""
    weeks = max(1, len(backtest.weeks))
    return " ".join(
        (
            ngettext(
                "de error típico en la última semana.", "de error típico en las últimas {n} semanas.", weeks
            ).format(n=weeks),
            _("Repetir la semana pasada erraría {naive}.").format(naive=text.percent(backtest.naive_wape)),
            _("{n} de cada 10 días cayeron a ± 15 %.").format(n=round(backtest.within15 * 10)),
        )
    )
