"""Home: today against what is normal, what happens right now, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import DayView, LiveInsight, NotEnough
from colmado_insights.domain import Snooze
from colmado_insights.live import sleep_until
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import ANSWERS, BOARDS, SALES, SETTINGS, SNOOZES, Page
from colmado_insights.ui.periods import Period, PeriodKind, period_of
from colmado_insights.ui.span import SpanView, read_span_view
from colmado_insights.ui.widgets.advice_board import AdviceBoard
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, Notice
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.day_bars import DayBars
from colmado_insights.ui.widgets.day_numbers import day_cards, span_cards, span_words, why_words
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.live_feed import LiveFeed
from colmado_insights.ui.widgets.period_bar import PeriodBar

if TYPE_CHECKING:
    from colmado_insights.insights import Advice

MINUTE_MS = 60_000
SPANS = {PeriodKind.THIS_FORTNIGHT, PeriodKind.LAST_FORTNIGHT, PeriodKind.THIS_MONTH}


@dataclass(frozen=True)
class HomeView:
    """What Home shows: a day, the insights of this moment, and whether the day is the one asked for."""

    day: DayView
    live: tuple[LiveInsight, ...]
    snoozes: tuple[Snooze, ...]
    asked: date
    is_today: bool

    @property
    def is_live(self) -> bool:
        """True when the day shown is going on."""
        return self.is_today and self.day.day == self.asked


class HomePage(Page):
    """Today, or the day chosen above."""

    NAME = "home"
    TITLE = N_("Inicio")
    ICON = "house"
    NEEDS = frozenset({SALES, SETTINGS, ANSWERS})
    REPORT = "day"
    BADGE = "actions"
    BLOCKS = ((110, (1, 1, 1, 1)), (345, (31, 10)), (175, (1,)))

    def __init__(self, ctx: Context) -> None:
        self._period = period_of(PeriodKind.TODAY, ctx.clock().date())
        super().__init__(ctx)
        look = self.look
        self._is_live = False
        self._notices = QVBoxLayout()
        self._numbers = CardGrid(look, 215, 4)
        self._middle = CardGrid(look, 430, 2, shares=(31, 10))
        self._chart_card, self._chart = self._make_chart_card()
        self._feed = LiveFeed(look)
        self._feed.snooze_asked.connect(self._snooze)
        self._feed.wake_asked.connect(self._wake)
        self._middle.add(self._chart_card)
        self._middle.add(self._feed)
        self._span_card, self._bars, self._facts = self._make_span_card()
        self._advice = AdviceBoard(look)
        self._advice.answered.connect(self._answer)
        self._advice.page_asked.connect(ctx.go)
        self.body.addLayout(self._notices)
        parts = ((self._numbers, 0), (self._middle, 1), (self._span_card, 1), (self._advice, 0))
        for part, stretch in parts:
            self.body.addWidget(part, stretch)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._tick)
        self._minute.start()

    def _make_chart_card(self) -> tuple[Card, ChartView]:
        look = self.look
        card = Card(look, _("Clientes por hora, hoy contra lo normal"), "activity")
        self._why = button(look, _("¿Por qué es normal?"), self._turn_why, kind="link")
        card.add_action(self._why)
        self._why_words = Notice(look, "", Tone.BRAND)
        self._why_words.hide()
        card.body.addWidget(self._why_words)
        chart = ChartView(look, self.ctx.tasks, 265)
        card.body.addWidget(chart, 1)
        return card, chart

    def _make_span_card(self) -> tuple[Card, DayBars, QVBoxLayout]:
        card = Card(self.look, _("Vendido por día"), "chart-column")
        bars, facts = DayBars(self.look), QVBoxLayout()
        card.body.addWidget(bars, 1)
        card.body.addLayout(facts)
        card.hide()
        return card, bars, facts

    def make_control(self) -> QWidget:
        """The stretches Home can look at."""
        bar = PeriodBar(self.look, tuple(PeriodKind), self.ctx.clock)
        bar.period_changed.connect(self._change_period)
        return bar

    def load(self) -> None:
        """Read the day; the advice follows the first chart, for both at once would make the window wait."""
        self._follow_clock()
        super().load()
        if self._chart.has_drawn:
            self._load_actions()
        else:
            self._chart.drawn.connect(self._load_actions, Qt.ConnectionType.SingleShotConnection)

    def take_change(self, topics: frozenset[str]) -> None:
        """Where only what advice is made from is new, the day need not be read again."""
        if topics & BOARDS and not topics & self.NEEDS and self.isVisible():
            self._load_actions()
        super().take_change(topics)

    def _load_actions(self) -> None:
        now = self.ctx.clock()
        self.ctx.tasks.run(
            lambda progress: self.ctx.shop.compute_actions(now, progress),
            owner=self, key="actions", done=self._take_actions, error=self._advice.show_trouble,
        )  # fmt: skip

    def read(self, progress: Progress) -> HomeView | SpanView | NotEnough:
        """The stretch asked for; a day without sales gives way to the last one with some."""
        if self._period.kind in SPANS:
            return read_span_view(
                self.ctx.shop, self._period.first, self._period.last, self.ctx.clock().date(), progress
            )
        shop, now, asked = self.ctx.shop, self.ctx.clock(), self._period.last
        is_today = asked == now.date()
        day = shop.read_day(now if is_today else _end_of(asked))
        if isinstance(day, NotEnough):
            return day
        live = shop.read_live(now) if is_today else ()
        snoozes = shop.read_snoozes(now) if is_today else ()
        return HomeView(day, live, snoozes, asked, is_today)

    def show_result(self, result: HomeView | SpanView) -> None:
        """Fill the cards, the chart and the feed, or the days of the stretch."""
        is_span = isinstance(result, SpanView)
        self._middle.setVisible(not is_span)
        self._span_card.setVisible(is_span)
        if isinstance(result, SpanView):
            self._is_live = False
            self._show_span(result)
            return
        self._is_live = result.is_live
        self._show_notice(result)
        self._show_cards(day_cards(self.look, result.day, is_live=result.is_live))
        self._show_chart(result)
        self._feed.show_insights(result.live, is_live=result.is_live, snoozes=result.snoozes)

    def _show_notice(self, view: HomeView) -> None:
        clear_layout(self._notices)
        if view.day.day == view.asked:
            return
        none = _("Hoy todavía no hay ventas.") if view.is_today else _("Ese día no hubo ventas.")
        last = _("Este es el último día con ventas: {day}.").format(day=text.long_date(view.day.day))
        words = f"{none} {last}"
        self._notices.addWidget(Notice(self.look, words, Tone.ACCENT, "calendar-days"))

    def _show_cards(self, cards: Sequence[QWidget]) -> None:
        self._numbers.clear()
        for card in cards:
            self._numbers.add(card)

    def _show_chart(self, view: HomeView) -> None:
        which = _("hoy") if view.is_live else text.short_date(view.day.day)
        title = _("Clientes por hora, {which} contra lo normal").format(which=which)
        self._chart_card.title.setText(title)
        self._why.setVisible(view.day.normal is not None)
        if view.day.normal is not None:
            self._why_words.words.setText(why_words(view.day))
        self._chart.show_chart(partial(charts.day_chart, view.day), title)

    def _show_span(self, view: SpanView) -> None:
        clear_layout(self._notices)
        self._show_cards(span_cards(self.look, view))
        title = _("Vendido por día, {days}").format(days=self._period.words)
        self._span_card.title.setText(title)
        self._bars.show_days(view.span.by_day, self.ctx.settings.pay_days)
        clear_layout(self._facts)
        self._facts.addWidget(label(self.look, span_words(view.span), 13, 400, "soft", wrap=True))

    def _take_actions(self, advices: Sequence[Advice]) -> None:
        """Show the advice; what was computed for it may have more to say about this moment."""
        self._advice.show_advices(advices)
        self.badge_changed.emit(len(advices))
        if self._is_live:
            self._load_feed()

    def _load_feed(self) -> None:
        """Read the feed alone again."""
        now, shop = self.ctx.clock(), self.ctx.shop
        self.ctx.tasks.run(
            lambda _progress: (shop.read_live(now), shop.read_snoozes(now)),
            owner=self, key="feed", done=self._show_feed,
        )  # fmt: skip

    def _show_feed(self, found: tuple[Sequence[LiveInsight], Sequence[Snooze]]) -> None:
        live, snoozes = found
        self._feed.show_insights(live, is_live=self._is_live, snoozes=snoozes)

    def _snooze(self, kind: str, subject: str, how_long: str) -> None:
        """Silence an insight, here and wherever else it is shown."""
        now = self.ctx.clock()
        self.ctx.tasks.run(
            lambda _progress: self.ctx.shop.snooze_insight(kind, subject, sleep_until(how_long, now), now),
            owner=self, key=f"snooze {kind} {subject}",
            done=lambda _snooze: self._load_feed(), changes=frozenset({SNOOZES}),
        )  # fmt: skip

    def _wake(self, kind: str, subject: str) -> None:
        """Let it be said again."""
        self.ctx.tasks.run(
            lambda _progress: self.ctx.shop.wake_insight(kind, subject),
            owner=self, key=f"wake {kind} {subject}",
            done=lambda _was: self._load_feed(), changes=frozenset({SNOOZES}),
        )  # fmt: skip

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
        if self._period.kind is PeriodKind.TODAY and self.isVisible():
            self._follow_clock()
            super().load()

    def _follow_clock(self) -> None:
        """What "today" and "this month" mean has changed in a window that stood open over midnight."""
        if self._period.kind is not PeriodKind.OTHER:
            self._period = period_of(self._period.kind, self.ctx.clock().date())


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59))
