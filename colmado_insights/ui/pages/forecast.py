"""Forecast: what the next days will sell, why, and how well such forecasts did before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import Backtest, Forecast, ForecastPoint, HourForecast, NotEnough
from colmado_insights.domain import Category, Role, Subject, Target
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
from colmado_insights.ui.widgets.picker import Picker
from colmado_insights.ui.widgets.product_card import category_choices
from colmado_insights.ui.widgets.segmented import Segmented

HORIZONS = (7, 14, 28)
MOST_DRIVERS = 4
WHOLE_SHOP, A_PRODUCT = "", "product"
TITLES = {
    Target.REVENUE: N_("Ventas por día"),
    Target.RECEIPTS: N_("Clientes por día"),
    Target.UNITS: N_("Unidades por día"),
}


class ForecastPage(Page):
    """The days ahead with their bands, of the shop, a category or a product; a click on a day explains it."""

    NAME = "forecast"
    TITLE = N_("Pronóstico")
    ICON = "trending-up"
    ROLE = Role.MANAGER
    REPORT = ""
    BLOCKS = ((400, (1,)), (248, (5, 5, 4)))

    def __init__(self, ctx: Context) -> None:
        self._subject, self._horizon = Subject(Target.REVENUE), 14
        self._product_name = ""
        super().__init__(ctx)
        look = self.look
        self._forecast: Forecast | None = None
        self._hours: HourForecast | NotEnough | None = None
        self._place = 0
        self._chart_card = Card(look, _("Ventas por día"), "trending-up")
        self.subject_picker = self._make_subject_picker()
        self._chart_card.add_action(self.subject_picker)
        self._chart = ChartView(look, ctx.tasks, 280)
        self._chart.picked.connect(self._pick_point)
        self._chart_card.body.addWidget(self._chart, 1)
        words = _("sombra oscura: 8 de cada 10 días · clara: 19 de cada 20")
        self._chart_card.body.addWidget(label(look, words, 12, 400, "faint", wrap=True))
        self.body.addWidget(self._chart_card, 1)
        below = CardGrid(look, 300, 3, shares=(5, 5, 4))
        for card in (self._make_why_card(), self._make_hours_card(), self._make_trust_card()):
            below.add(card)
        self.body.addWidget(below)

    def _make_subject_picker(self) -> Picker:
        choices = [(WHOLE_SHOP, _("Todo el colmado")), *category_choices(), (A_PRODUCT, _("Un producto…"))]
        made = Picker(self.look, choices, WHOLE_SHOP, width=210)
        made.setAccessibleName(_("De qué es el pronóstico"))
        made.picked.connect(self._change_subject)
        return made

    def _make_why_card(self) -> Card:
        look = self.look
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
        return self._why

    def _make_hours_card(self) -> Card:
        self._hours_card = Card(self.look, _("Ese día, por hora"), "clock")
        self._hours_chart = ChartView(self.look, self.ctx.tasks, 170)
        self._hours_words = label(self.look, "", 13, 400, "soft", wrap=True)
        self._sums = QVBoxLayout()
        self._sums.setSpacing(self.look.px(5))
        self._hours_card.body.addWidget(self._hours_chart, 1)
        self._hours_card.body.addWidget(self._hours_words)
        self._hours_card.body.addLayout(self._sums)
        self._hours_words.hide()
        return self._hours_card

    def _make_trust_card(self) -> Card:
        look = self.look
        self._trust = Card(look, _("Qué tan bien acierta"), "target")
        self._trust_rows = QVBoxLayout()
        self._trust_rows.setSpacing(look.px(4))
        self._trust.body.addLayout(self._trust_rows)
        self._trust.body.addStretch(1)
        self._models = button(
            look, _("Ver semana por semana"), lambda: self.ctx.go("models"), symbol="chart-column"
        )
        self._trust.body.addWidget(self._models, 0, Qt.AlignmentFlag.AlignLeft)
        return self._trust

    def make_control(self) -> QWidget:
        """What to forecast, and how far."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.look.px(10))
        self.target_switch = Segmented(self.look, [_("Ventas"), _("Clientes")])
        self.target_switch.chosen.connect(self._change_target)
        self.horizon_switch = Segmented(
            self.look, [_("{n} días").format(n=days) for days in HORIZONS], HORIZONS.index(self._horizon)
        )
        self.horizon_switch.chosen.connect(self._change_horizon)
        row.addWidget(self.target_switch)
        row.addWidget(self.horizon_switch)
        return holder

    def show_product(self, product_id: int, name: str) -> None:
        """Forecast the units of one product."""
        self._product_name = name
        self._subject = Subject(Target.UNITS, product_id=product_id)
        self.subject_picker.show_words(name)
        self._fit_switch()
        self.load()

    def read(self, progress: Progress) -> Forecast | NotEnough:
        """The forecast of the subject chosen."""
        yesterday = self.ctx.clock().date() - timedelta(days=1)  # today is not sold out yet
        return self.ctx.shop.compute_forecast(
            self._subject, horizon=self._horizon, as_of=yesterday, progress=progress
        )

    def show_result(self, result: Forecast) -> None:
        """Fill the chart and both cards, with the best day explained."""
        self._forecast = result
        title = _(TITLES[result.target])
        days = _("próximos {n} días").format(n=len(result.points))
        self._chart_card.title.setText(f"{title}, {days}")
        self._chart.show_chart(partial(charts.forecast_chart, result), self._chart_card.title.text())
        best = max(range(len(result.points)), key=lambda place: result.points[place].mean)
        self._show_day(best)
        self._show_trust(result)
        clear_layout(self._sums)
        if self._is_whole_shop:
            self._load_hours()
        else:
            self._show_sums(result)

    @property
    def _is_whole_shop(self) -> bool:
        return self._subject.category is None and self._subject.product_id is None

    def _load_hours(self) -> None:
        """Read the hours once the days stand: both at once would only make one wait for the other."""
        yesterday = self.ctx.clock().date() - timedelta(days=1)
        target, horizon = self._subject.target, self._horizon
        self.ctx.tasks.run(
            lambda progress: self.ctx.shop.compute_hours(
                target, horizon=horizon, as_of=yesterday, progress=progress
            ),
            owner=self, key="hours", done=self._take_hours, error=self._take_no_hours,
        )  # fmt: skip

    def _show_sums(self, forecast: Forecast) -> None:
        """What to have ready: of a category or product the stretch matters, not the hour."""
        self._hours_chart.hide()
        self._hours_words.hide()
        self._hours_card.title.setText(_("Lo que hace falta tener"))
        for days in [days for days in HORIZONS if days <= len(forecast.points)]:
            total = sum(point.mean for point in forecast.points[:days])
            words = _("próximos {n} días").format(n=days)
            self._sums.addLayout(self._row(words, amount_words(total, forecast.target)))
            self._sums.addWidget(hairline())

    def _take_hours(self, hours: HourForecast | NotEnough) -> None:
        self._hours = hours
        self._show_hours()

    def _take_no_hours(self, _error: Exception) -> None:
        self._take_hours(NotEnough(0, 0, "hours"))

    def _show_hours(self) -> None:
        has_hours = isinstance(self._hours, HourForecast) and bool(self._hours.points)
        self._hours_words.setVisible(self._hours is not None and not has_hours)
        self._hours_chart.setVisible(self._hours is None or has_hours)
        if isinstance(self._hours, HourForecast) and self._forecast is not None:
            day = self._forecast.points[self._place].day
            title = _("El {day}, por hora").format(day=f"{text.weekday(day)} {day.day}")
            self._hours_card.title.setText(title)
            self._hours_chart.show_chart(partial(charts.hours_ahead_chart, self._hours, day), title)
        elif self._hours is not None:
            words = _("Faltan ventas con hora para decirlo por hora.")
            self._hours_words.setText(words)

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
        if point.hi95:
            self._show_why(forecast, place)
        if self._is_whole_shop and self._hours is not None:
            self._show_hours()

    def _show_why(self, forecast: Forecast, place: int) -> None:
        point = forecast.points[place]
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

    def _pick_point(self, index: int) -> None:
        if self._forecast is None:
            return
        ahead = len(self._forecast.points)
        place = index - (self._chart.count_points() - ahead)
        if 0 <= place < ahead:
            self._show_day(place)

    def _step(self, by: int) -> None:
        self._show_day(self._place + by)

    def _change_subject(self, key: str) -> None:
        if key == A_PRODUCT:
            # A product is chosen where all of them stand, with their search.
            self.subject_picker.show_words(self._subject_words())
            self.ctx.go("products")
            return
        self._subject = Subject(Target.REVENUE, category=Category(key) if key else None)
        self._hours = None
        self._fit_switch()
        self.load()

    def _subject_words(self) -> str:
        if self._subject.product_id is not None:
            return self._product_name
        return text.category_name(self._subject.category) if self._subject.category else _("Todo el colmado")

    def _fit_switch(self) -> None:
        """A shop is counted in money and customers, a category in money and units, a product in units."""
        self.target_switch.set_words(1, _("Clientes") if self._is_whole_shop else _("Unidades"))
        self.target_switch.set_index(int(self._subject.target is not Target.REVENUE))
        self.target_switch.setEnabled(self._subject.product_id is None)

    def _change_target(self, index: int) -> None:
        counted = Target.RECEIPTS if self._is_whole_shop else Target.UNITS
        self._subject = replace(self._subject, target=counted if index else Target.REVENUE)
        self._hours = None
        self.load()

    def _change_horizon(self, index: int) -> None:
        self._horizon = HORIZONS[index]
        self._hours = None
        self.load()


def amount_words(value: float, target: Target) -> str:
    """A number of the target's unit in words."""
    if target is Target.REVENUE:
        return text.money(value)
    if target is Target.UNITS:
        return charts.amount_words(value, target)
    count = round(value)
    return ngettext("{n} cliente", "{n} clientes", count).format(n=text.number(count))


def signed_amount(value: float, target: Target) -> str:
    """What a cause adds: + RD$ 6,200."""
    if target is Target.REVENUE:
        return text.money(value, signed=value > 0)
    sign = "+" if value > 0 else "−"
    return f"{sign}{text.number(abs(value), int(abs(value) < 10))}"


def day_title(point: ForecastPoint, target: Target) -> str:
    """Por qué el sábado 30 se venderán RD$ 25,900."""
    words = {"day": f"{text.weekday(point.day)} {point.day.day}", "amount": amount_words(point.mean, target)}
    if not point.hi95:
        return _("El {day} se cierra").format(**words)
    if target is not Target.RECEIPTS:
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
