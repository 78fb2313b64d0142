"""Home: today against what is normal, what happens right now, what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import DayView, LiveInsight, NotEnough, Usual
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import ANSWERS, SALES, SETTINGS, Page, clear_layout
from colmado_insights.ui.periods import Period, PeriodKind, period_of
from colmado_insights.ui.span import Span, month_before, read_span
from colmado_insights.ui.widgets.advice_card import AdviceCard
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, Notice
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.comparison import against_usual, signed_change
from colmado_insights.ui.widgets.day_bars import DayBars
from colmado_insights.ui.widgets.insight_row import InsightRow
from colmado_insights.ui.widgets.label import Tone, hairline, label
from colmado_insights.ui.widgets.number_card import NumberCard
from colmado_insights.ui.widgets.period_bar import PeriodBar

if TYPE_CHECKING:
    from colmado_insights.insights import Advice

MINUTE_MS = 60_000
MOST_INSIGHTS = 3
MOST_ADVICES = 3
SPANS = {PeriodKind.THIS_FORTNIGHT, PeriodKind.LAST_FORTNIGHT, PeriodKind.THIS_MONTH}


@dataclass(frozen=True)
class HomeView:
    """What Home shows: a day, the insights of this moment, and whether the day is the one asked for."""

    day: DayView
    live: tuple[LiveInsight, ...]
    asked: date
    is_today: bool


@dataclass(frozen=True)
class SpanView:
    """What Home shows of a stretch of days."""

    span: Span
    whole: Span  # without today, which is not sold out yet
    before: Span  # the days of `whole` a month earlier


class HomePage(Page):
    """Today, or the day chosen above."""

    NAME = "home"
    TITLE = N_("Inicio")
    ICON = "house"
    NEEDS = frozenset({SALES, SETTINGS, ANSWERS})
    REPORT = "day"
    BLOCKS = ((110, (1, 1, 1, 1)), (345, (31, 10)), (175, (1,)))

    def __init__(self, ctx: Context) -> None:
        self._period = period_of(PeriodKind.TODAY, ctx.clock().date())
        super().__init__(ctx)
        look = self.look
        self._is_live = False
        self._notices = QVBoxLayout()
        self._numbers = CardGrid(look, 215, 4)
        self._middle = CardGrid(look, 430, 2, shares=(31, 10))
        self._chart_card = Card(look, _("Clientes por hora, hoy contra lo normal"), "activity")
        self._why = button(look, _("¿Por qué es normal?"), self._turn_why, kind="link")
        self._chart_card.add_action(self._why)
        self._why_words = Notice(look, "", Tone.BRAND)
        self._why_words.hide()
        self._chart_card.body.addWidget(self._why_words)
        self._chart = ChartView(look, ctx.tasks, 265)
        self._chart_card.body.addWidget(self._chart, 1)
        self._feed = Card(look, _("Ahora mismo"), "radio")
        self._feed_rows = QVBoxLayout()
        self._feed_rows.setSpacing(0)
        self._feed.body.addLayout(self._feed_rows, 1)
        self._middle.add(self._chart_card)
        self._middle.add(self._feed)
        self._advice = Card(look, _("Qué hacer hoy"), "lightbulb")
        self._advice_rows = QVBoxLayout()
        self._advice.body.addLayout(self._advice_rows)
        self.body.addLayout(self._notices)
        self._span_card, self._bars, self._facts = self._make_span_card()
        parts = ((self._numbers, 0), (self._middle, 1), (self._span_card, 1), (self._advice, 0))
        for part, stretch in parts:
            self.body.addWidget(part, stretch)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._tick)
        self._minute.start()

    def make_control(self) -> QWidget:
        """The stretches Home can look at."""
        bar = PeriodBar(self.look, tuple(PeriodKind), self.ctx.clock().date())
        bar.period_changed.connect(self._change_period)
        return bar

    def load(self) -> None:
        """Read the day; the advice follows the first chart, for both at once would make the window wait."""
        super().load()
        if self._chart.has_drawn:
            self._load_actions()
        else:
            self._chart.drawn.connect(self._load_actions, Qt.ConnectionType.SingleShotConnection)

    def _load_actions(self) -> None:
        now = self.ctx.clock()
        self.ctx.tasks.run(
            lambda progress: self.ctx.shop.compute_actions(now, progress),
            owner=self, key="actions", done=self._take_actions, error=self._show_no_actions,
        )  # fmt: skip

    def read(self, progress: Progress) -> HomeView | SpanView | NotEnough:
        """The stretch asked for; a day without sales gives way to the last one with some."""
        if self._period.kind in SPANS:
            return self._read_span(progress)
        shop, now, asked = self.ctx.shop, self.ctx.clock(), self._period.last
        is_today = asked == now.date()
        day = shop.read_day(now if is_today else _end_of(asked))
        if isinstance(day, NotEnough):
            return day
        live = shop.read_live(now) if is_today else ()
        return HomeView(day, live, asked, is_today)

    def _read_span(self, progress: Progress) -> SpanView:
        period, shop = self._period, self.ctx.shop
        span = read_span(shop, period.first, period.last, progress)
        last = min(period.last, self.ctx.clock().date() - timedelta(days=1))
        whole = read_span(shop, period.first, last, progress)
        before = read_span(shop, month_before(period.first), month_before(last), progress)
        return SpanView(span, whole, before)

    def show_result(self, result: HomeView | SpanView) -> None:
        """Fill the cards, the chart and the feed, or the days of the stretch."""
        is_span = isinstance(result, SpanView)
        self._middle.setVisible(not is_span)
        self._span_card.setVisible(is_span)
        if isinstance(result, SpanView):
            self._is_live = False
            self._show_span(result)
            return
        self._is_live = result.is_today and result.day.day == result.asked
        self._show_notice(result)
        self._show_numbers(result.day, is_live=self._is_live)
        self._show_chart(result)
        self._show_feed(result.live, is_live=self._is_live)

    def _show_notice(self, view: HomeView) -> None:
        clear_layout(self._notices)
        if view.day.day == view.asked:
            return
        none = _("Hoy todavía no hay ventas.") if view.is_today else _("Ese día no hubo ventas.")
        last = _("Este es el último día con ventas: {day}.").format(day=text.long_date(view.day.day))
        words = f"{none} {last}"
        self._notices.addWidget(Notice(self.look, words, Tone.ACCENT, "calendar-days"))

    def _show_numbers(self, day: DayView, *, is_live: bool) -> None:
        self._numbers.clear()
        for card in day_cards(self, day, is_live=is_live):
            self._numbers.add(card)

    def _show_chart(self, view: HomeView) -> None:
        which = _("hoy") if view.is_today and view.day.day == view.asked else text.short_date(view.day.day)
        title = _("Clientes por hora, {which} contra lo normal").format(which=which)
        self._chart_card.title.setText(title)
        self._why.setVisible(view.day.normal is not None)
        if view.day.normal is not None:
            self._why_words.words.setText(text.sentence(view.day.normal))
        self._chart.show_chart(partial(charts.day_chart, view.day), title)

    def _show_feed(self, live: Sequence[LiveInsight], *, is_live: bool) -> None:
        clear_layout(self._feed_rows)
        for place, insight in enumerate(live[:MOST_INSIGHTS]):
            if place:
                self._feed_rows.addWidget(hairline())
            self._feed_rows.addWidget(InsightRow(self.look, insight))
        if rest := live[MOST_INSIGHTS:]:
            words = ngettext("y {n} aviso más", "y {n} avisos más", len(rest)).format(n=len(rest))
            self._feed_rows.addWidget(button(self.look, words, partial(self._unfold, rest), kind="link"))
        if not live:
            words = (
                _("Todo va como de costumbre. Si algo cambia, se dice aquí.")
                if is_live
                else _("Aquí se avisa lo que pasa mientras se vende: mucha gente, qué van a pedir, "
                       "cuánto falta por vender.")
            )  # fmt: skip
            self._feed_rows.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))
        self._feed_rows.addStretch(1)

    def _make_span_card(self) -> tuple[Card, DayBars, QVBoxLayout]:
        card = Card(self.look, _("Vendido por día"), "chart-column")
        bars, facts = DayBars(self.look), QVBoxLayout()
        card.body.addWidget(bars, 1)
        card.body.addLayout(facts)
        card.hide()
        return card, bars, facts

    def _show_span(self, view: SpanView) -> None:
        clear_layout(self._notices)
        self._numbers.clear()
        for card in span_cards(self, view):
            self._numbers.add(card)
        title = _("Vendido por día, {days}").format(days=self._period.words)
        self._span_card.title.setText(title)
        self._bars.show_days(view.span.by_day, self.ctx.settings.pay_days)
        clear_layout(self._facts)
        self._facts.addWidget(label(self.look, span_words(view.span), 13, 400, "soft", wrap=True))

    def _unfold(self, rest: Sequence[LiveInsight]) -> None:
        """Show the insights that had no room; the link goes, the stretch at the end stays."""
        link = self._feed_rows.takeAt(self._feed_rows.count() - 2)
        if link is not None and (widget := link.widget()):
            widget.deleteLater()
        for insight in rest:
            place = self._feed_rows.count() - 1
            self._feed_rows.insertWidget(place, hairline())
            self._feed_rows.insertWidget(place + 1, InsightRow(self.look, insight))

    def _take_actions(self, advices: Sequence[Advice]) -> None:
        """Show the advice; what was computed for it may have more to say about this moment."""
        self._show_actions(advices)
        if self._is_live:
            now = self.ctx.clock()
            self.ctx.tasks.run(
                lambda _progress: self.ctx.shop.read_live(now),
                owner=self, key="feed", done=lambda live: self._show_feed(live, is_live=True),
            )  # fmt: skip

    def _show_actions(self, advices: Sequence[Advice]) -> None:
        clear_layout(self._advice_rows)
        self.badge_changed.emit(len(advices))
        if not advices:
            words = _("Nada pendiente por ahora: lo de hoy está atendido.")
            self._advice_rows.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))
            return
        grid = CardGrid(self.look, 290, min(MOST_ADVICES, len(advices)))
        for advice in advices[:MOST_ADVICES]:
            card = AdviceCard(self.look, advice)
            card.answered.connect(self._answer)
            grid.add(card)
        self._advice_rows.addWidget(grid)

    def _show_no_actions(self, error: Exception) -> None:
        clear_layout(self._advice_rows)
        words = _("Los consejos no se pudieron calcular. {what}").format(what=error)
        self._advice_rows.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))

    def _answer(self, key: str, is_done: bool) -> None:
        self.ctx.tasks.run(
            lambda _progress: self.ctx.shop.write_answer(key, is_done),
            owner=self, key=f"answer {key}", done=lambda _nothing: None, changes=frozenset({ANSWERS}),
        )  # fmt: skip

    def _change_period(self, period: Period) -> None:
        self._period = period
        self.load()

    def _turn_why(self) -> None:
        self._why_words.setVisible(not self._why_words.isVisible())

    def _tick(self) -> None:
        if self._period.kind is PeriodKind.TODAY:
            self._period = period_of(PeriodKind.TODAY, self.ctx.clock().date())
            if self.isVisible():
                super().load()


def span_cards(page: Page, view: SpanView) -> tuple[NumberCard, ...]:
    """The four numbers of a stretch; its whole days stand against the same days of the month before."""
    return tuple(
        _span_card(
            page, title, symbol, write(measure(view.span)), measure(view.whole), measure(view.before), write
        )
        for title, symbol, measure, write in (
            (_("Vendido"), "banknote", lambda span: span.revenue_cents, text.money),
            (_("Clientes"), "users", lambda span: span.receipts, text.number),
            (_("Compra promedio"), "shopping-basket", lambda span: span.avg_basket_cents or 0, text.money),
            (_("Días abiertos"), "calendar-days", lambda span: span.days_open, text.number),
        )
    )


def _span_card(
    page: Page,
    title: str,
    symbol: str,
    number: str,
    whole: float,
    before: float,
    write: Callable[[float], str],
) -> NumberCard:
    mark, tone = signed_change(whole / before - 1 if before and whole else None)
    words = _("mes pasado: {value}").format(value=write(before)) if before else ""
    card = NumberCard(page.look, title, symbol, number, mark=mark, tone=tone, words=words)
    card.setToolTip(_("Los días completos, contra los mismos días del mes pasado"))
    return card


def span_words(span: Span) -> str:
    """The best and the weakest open day of a stretch."""
    opened = [(day, cents) for day, cents in span.by_day if cents > 0]
    if not opened:
        return _("En estos días no hubo ventas.")
    best, weakest = max(opened, key=lambda row: row[1]), min(opened, key=lambda row: row[1])
    return _("Mejor día: {best}, {most} · más flojo: {weakest}, {least} · el punto marca los días de cobro · se compara con los mismos días del mes pasado").format(
        best=text.short_date(best[0]), most=text.money(best[1]),
        weakest=text.short_date(weakest[0]), least=text.money(weakest[1]),
    )  # fmt: skip


def day_cards(page: Page, day: DayView, *, is_live: bool) -> tuple[NumberCard, ...]:
    """The four numbers of a day, each against what is usual."""
    look = page.look
    sold_mark, sold_tone = against_usual(day.revenue_cents, day.usual_revenue)
    came_mark, came_tone = against_usual(day.receipts, day.usual_receipts)
    basket_mark, basket_tone = against_usual(day.avg_basket_cents, day.usual_basket)
    usual_now = _("lo normal: {value}")
    return (
        NumberCard(
            look, _("Vendido hoy") if is_live else _("Vendido"), "banknote", text.money(day.revenue_cents),
            mark=sold_mark, tone=sold_tone, words=_mean_words(day.usual_revenue, usual_now, text.money),
        ),
        NumberCard(
            look, _("Clientes"), "users", text.number(day.receipts),
            mark=came_mark, tone=came_tone, words=_mean_words(day.usual_receipts, usual_now, text.number),
        ),
        NumberCard(
            look, _("Compra promedio"), "shopping-basket",
            "—" if day.avg_basket_cents is None else text.money(day.avg_basket_cents),
            mark=basket_mark, tone=basket_tone, words=_band_words(day.usual_basket),
        ),
        _remaining_card(page, day),
    )  # fmt: skip


def _remaining_card(page: Page, day: DayView) -> NumberCard:
    rest = day.remaining_revenue
    if rest is None or rest.mean <= 0:
        words = _("el día ya cerró") if day.is_open_day else ""
        return NumberCard(page.look, _("Falta por vender"), "moon", text.money(0), words=words)
    closing = text.hour_label((day.hours[-1] + 1) % 24) if day.hours else ""
    return NumberCard(
        page.look, _("Falta por vender"), "moon", text.money(rest.mean),
        mark=f"± {text.money((rest.hi - rest.lo) / 2)}", tone=Tone.BRAND,
        words=_("hasta las {hour}").format(hour=closing),
    )  # fmt: skip


def _mean_words(usual: Usual | None, words: str, write: Callable[[float], str]) -> str:
    if usual is None:
        return _("aún sin días con qué comparar")
    return words.format(value=write(usual.mean))


def _band_words(usual: Usual | None) -> str:
    if usual is None:
        return _("aún sin días con qué comparar")
    return _("{low} a {high}").format(low=text.money(usual.lo), high=text.money(usual.hi))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59))
