"""What would come of another price: a chart, a slider over it, and the week it would make, against today's."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import Estimate, NotEnough, PriceAdvice, PricePoint, why_refused
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.comparison import EVEN
from colmado_insights.ui.widgets.label import Tone, chip, label
from colmado_insights.ui.widgets.price_slider import PriceSlider
from colmado_insights.ui.widgets.price_words import answer_sentence, has_steps, is_change, price_words, told

CHART_HEIGHT = 140
MOST_REASONS = 3
ANSWERS = frozenset({"price_inelastic", "price_elastic", "price_elastic_raise"})
"""Reasons that say by themselves how buyers answer."""
HELPS = frozenset({"prices"})
"""What a change of price made on purpose would help."""


class WhatIfCard(Card):
    """The slider and what it says; a cashier is told units and sales only."""

    def __init__(self, look: Look, tasks: Tasks, advice: PriceAdvice, *, shows_costs: bool) -> None:
        super().__init__(look, _("¿Y si cambias el precio? Así quedaría una semana"), "sliders-horizontal")
        self.advice, self._shows_costs = advice, shows_costs
        self._now = next(each for each in advice.points if each.price_cents == advice.current_cents)
        if shows_costs:
            self._chart = ChartView(look, tasks, CHART_HEIGHT)
            self._chart.show_chart(partial(charts.price_curve, advice), self.title.text())
            self._chart.drawn.connect(self._follow_chart)
            self._chart.picked.connect(self._go_to)
            self.body.addWidget(self._chart, 1)
        best = advice.optimal_cents if shows_costs else None
        prices = [point.price_cents for point in advice.points]
        self.slider = PriceSlider(look, prices, advice.current_cents, best)
        self.slider.priced.connect(lambda _cents: self._show())
        self.body.addWidget(self.slider)
        self.body.addWidget(self._make_numbers())
        self.body.addWidget(label(look, self._sentence(), 13, 400, "soft", wrap=True))
        self._show()

    @property
    def point(self) -> PricePoint:
        """What the price that is tried would bring."""
        return self.advice.points[self.slider.value()]

    def _sentence(self) -> str:
        """How buyers answer this price, and the weightiest reasons."""
        advice = self.advice
        first = advice.reasons[:MOST_REASONS]
        said = told(first, shows_costs=self._shows_costs)
        if not self._shows_costs or not any(reason.code in ANSWERS for reason in first):
            said.insert(0, answer_sentence(advice.elasticity))
        if self._shows_costs and has_steps(advice):
            said.append(
                _("Ve paso a paso: pon primero {price}.").format(price=price_words(advice.step_cents))
            )
        if self._shows_costs and advice.cost_cents is None:
            said.append(_("Pon el costo aquí al lado y se sabrá cuánto ganas."))
        learned = told(advice.elasticity.reasons, shows_costs=self._shows_costs)
        self.setToolTip("\n".join(learned))
        return " ".join(said)

    def _make_numbers(self) -> QWidget:
        has_profit = self._shows_costs and self._now.profit is not None
        parts = 4 if has_profit else 3
        numbers = CardGrid(self.look, 125, parts, shares=(7, 8, 11, 12)[:parts])
        self._price, self._units, self._sold = (TriedNumber(self.look) for _part in range(3))
        self._earned = TriedNumber(self.look) if has_profit else None
        for part in (self._price, self._units, self._sold, self._earned):
            if part is not None:
                numbers.add(part)
        return numbers

    def _show(self) -> None:
        point, now = self.point, self._now
        self._show_price()
        units = text.number(point.units.mean, int(point.units.mean < 10))
        self._units.show_value(units, _("unidades ({low} a {high})"), point.units, now.units, 1)
        sold = text.money(point.revenue.mean)
        self._sold.show_value(sold, _("de venta ({low} a {high})"), point.revenue, now.revenue)
        if self._earned is not None and point.profit is not None and now.profit is not None:
            earned = text.money(point.profit.mean)
            self._earned.show_value(earned, _("de ganancia ({low} a {high})"), point.profit, now.profit)
        self._mark()

    def _show_price(self) -> None:
        cents, step = self.point.price_cents, self.point.price_cents - self.advice.current_cents
        is_best = self._shows_costs and is_change(self.advice) and cents == self.advice.optimal_cents
        words = _("el que conviene") if is_best else _("si lo pones así") if step else _("el de hoy")
        sign = "▲" if step > 0 else "▼"
        mark = f"{sign} {price_words(abs(step))}" if step else _("= el de hoy")
        self._price.show_words(price_words(cents), words, mark, Tone.BRAND if step else Tone.PLAIN)

    def _follow_chart(self) -> None:
        self.slider.stand_below(self._chart.across())
        self._mark()

    def _mark(self) -> None:
        if self._shows_costs:
            self._chart.show_mark(len(self.advice.points) - self.slider.value())

    def _go_to(self, place: int) -> None:
        self.slider.setValue(place)


class TriedNumber(QWidget):
    """One number of the week at the price that is tried: how far it spreads, and against today's price."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(2))
        self._number = label(look, "", 17, 600, tabular=True)
        self._words = label(look, "", 12.5, 400, "soft", wrap=True)
        self._chip = chip(look, "")
        for part in (self._number, self._words, self._chip):
            column.addWidget(part)
        column.addStretch(1)

    def show_value(
        self, number: str, template: str, value: Estimate, now: Estimate, scale: float = 100
    ) -> None:
        """Show a number with its interval, which goes into the template."""
        digits = int(scale == 1 and value.hi < 10)
        low, high = (text.number(max(0.0, bound) / scale, digits) for bound in (value.lo, value.hi))
        self.setToolTip(_("8 de cada 10 semanas quedan entre {low} y {high}.").format(low=low, high=high))
        self.show_words(number, template.format(low=low, high=high), *against_now(value.mean, now.mean))

    def show_words(self, number: str, words: str, mark: str, tone: Tone) -> None:
        """Show these words; the chip takes its colour."""
        self._number.setText(number)
        self._words.setText(words)
        self._chip.setText(mark)
        self._chip.setProperty("tone", str(tone))
        self._chip.style().polish(self._chip)


def refused_card(look: Look, answer: NotEnough) -> Card:
    """Why the price cannot be judged, and what would help."""
    card = Card(look, _("¿Y si cambias el precio?"), "sliders-horizontal")
    card.body.addWidget(label(look, _("Todavía no se puede decir."), 15, 600, wrap=True))
    card.body.addWidget(label(look, text.sentence(why_refused(answer)), 13.5, 400, "soft", wrap=True))
    if answer.unit in HELPS:
        card.body.addWidget(label(look, helping_words(), 13.5, 400, "soft", wrap=True))
    card.body.addStretch(1)
    return card


def helping_words() -> str:
    """What the owner can do so that a price can be judged."""
    return _("Cámbialo a propósito unas semanas, un poco cada vez: así se ve cómo responde la gente.")


def against_now(value: float, now: float) -> tuple[str, Tone]:
    """▲ 8 % más que hoy, ▼ 3 % menos or = como hoy."""
    if not now or abs(value / now - 1) < EVEN:
        return _("= como hoy"), Tone.PLAIN
    share = text.percent(abs(value / now - 1))
    if value > now:
        return _("▲ {share} más").format(share=share), Tone.GOOD
    return _("▼ {share} menos").format(share=share), Tone.BAD
