"""Patterns: when people come, what pay days do, and how weekdays, feasts and months differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import Effect, HourPattern, NotEnough, PayCurve, Seasons
from colmado_insights.domain import SHOP_TARGETS, Role
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import hairline, label
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.state_view import not_enough_words

MOST_FEASTS = 7
MONDAY_FIRST = (1, 2, 3, 4, 5, 6, 0)


@dataclass(frozen=True)
class PatternsView:
    """The week by the hour, the pay cycle, and the seasons; each may want more data."""

    pattern: HourPattern | NotEnough
    curve: PayCurve | NotEnough
    seasons: Seasons | NotEnough


class ChartCard(Card):
    """A chart, or the words that say what it still needs; a line of words under either."""

    def __init__(self, ctx: Context, title: str, symbol: str, height: int, *, near: str = "x") -> None:
        super().__init__(ctx.look, title, symbol)
        self.chart = ChartView(ctx.look, ctx.tasks, height, near=near)
        self.words = label(ctx.look, "", 13, 400, "soft", wrap=True)
        self.body.addWidget(self.chart, 1)
        self.body.addWidget(self.words)

    def show_words(self, words: str, *, has_chart: bool) -> None:
        """Say something with the chart or in its place."""
        self.chart.setVisible(has_chart)
        self.words.setVisible(bool(words))
        self.words.setText(words)


class PatternsPage(Page):
    """Five cards: the week, the pay cycle, weekdays, feasts and months."""

    NAME = "patterns"
    TITLE = N_("Patrones")
    ICON = "calendar-days"
    ROLE = Role.MANAGER
    BLOCKS = ((330, (6, 5)), (250, (1, 1, 1)))

    def __init__(self, ctx: Context) -> None:
        self._target = SHOP_TARGETS[0]
        super().__init__(ctx)
        look = self.look
        above = CardGrid(look, 430, 2, shares=(6, 5))
        self._week = ChartCard(ctx, _("Cuándo viene la gente"), "clock", 250, near="xy")
        self._pay = ChartCard(ctx, _("Alrededor del día de cobro"), "coins", 230)
        above.add(self._week)
        above.add(self._pay)
        below = CardGrid(look, 300, 3)
        self._weekdays = ChartCard(ctx, _("Cada día contra un día corriente"), "chart-column", 190)
        self._months = ChartCard(ctx, _("El día promedio de cada mes"), "trending-up", 190)
        self._feasts = Card(look, _("Feriados y fechas especiales"), "calendar-days")
        self._feast_rows = QVBoxLayout()
        self._feast_rows.setSpacing(look.px(4))
        self._feasts.body.addLayout(self._feast_rows)
        self._feasts.body.addStretch(1)
        for card in (self._weekdays, self._feasts, self._months):
            below.add(card)
        self.body.addWidget(above, 1)
        self.body.addWidget(below, 1)

    def make_control(self) -> QWidget:
        """Whether money or people are looked at."""
        self.target_switch = Segmented(self.look, [_("Ventas"), _("Clientes")])
        self.target_switch.chosen.connect(self._change_target)
        return self.target_switch

    def read(self, progress: Progress) -> PatternsView | NotEnough:
        """Everything up to the last day that is over: half a day would count as a bad one."""
        shop = self.ctx.shop
        until = shop.read_whole_day(self.ctx.clock())
        pattern = shop.compute_pattern(until)
        progress.step()
        if isinstance(pattern, NotEnough) and not pattern.have:
            return pattern
        curve = shop.compute_pay_curve(self._target, until)
        progress.step()
        return PatternsView(pattern, curve, shop.compute_seasons(self._target, until))

    def show_result(self, result: PatternsView) -> None:
        """Fill the cards that have enough to go by, and say what the others need."""
        if isinstance(result.pattern, HourPattern):
            words = _("Compras por día abierto; más oscuro, más gente")
            self._week.chart.show_chart(partial(charts.pattern_heatmap, result.pattern), words)
            self._week.show_words("", has_chart=True)
        else:
            self._week.show_words(not_enough_words(result.pattern), has_chart=False)
        self._show_pay(result.curve)
        self._show_seasons(result.seasons)

    def _show_pay(self, curve: PayCurve | NotEnough) -> None:
        if isinstance(curve, NotEnough):
            self._pay.show_words(not_enough_words(curve), has_chart=False)
            return
        self._pay.chart.show_chart(partial(charts.pay_curve, curve), self._pay.title.text())
        self._pay.show_words(pay_words(curve), has_chart=True)

    def _show_seasons(self, seasons: Seasons | NotEnough) -> None:
        clear_layout(self._feast_rows)
        if isinstance(seasons, NotEnough):
            words = not_enough_words(seasons)
            self._weekdays.show_words(words, has_chart=False)
            self._months.show_words(words, has_chart=False)
            self._feast_rows.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))
            return
        names = [text.weekday_name(day, short=True) for day in MONDAY_FIRST]
        effects = [seasons.weekdays[day] for day in MONDAY_FIRST]
        self._weekdays.chart.show_chart(
            partial(charts.effect_bars, names, effects), self._weekdays.title.text()
        )
        self._weekdays.show_words("", has_chart=True)
        self._months.chart.show_chart(partial(charts.month_levels, seasons), self._months.title.text())
        self._months.show_words(trend_words(seasons), has_chart=True)
        self._show_feasts(seasons)

    def _show_feasts(self, seasons: Seasons) -> None:
        largest = sorted(seasons.holidays, key=lambda pair: -abs(pair[1].factor - 1))[:MOST_FEASTS]
        for name, effect in largest:
            self._feast_rows.addLayout(self._feast_row(name, effect))
            self._feast_rows.addWidget(hairline())
        if not largest:
            words = _("Todavía no ha pasado ningún feriado con ventas.")
            self._feast_rows.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))
            return
        words = _("En gris, lo que puede ser casualidad.")
        self._feast_rows.addWidget(label(self.look, words, 12.5, 400, "faint", wrap=True))

    def _feast_row(self, name: str, effect: Effect) -> QHBoxLayout:
        row = QHBoxLayout()
        ink = "ink" if charts.is_sure(effect) else "faint"
        name = text.occasion_name(name)
        shown = label(self.look, name[:1].upper() + name[1:], 14, 400, ink, wrap=True)
        seen = ngettext("visto {n} vez", "visto {n} veces", effect.days).format(n=effect.days)
        shown.setToolTip(f"{charts.effect_words(effect)} · {seen}")
        row.addWidget(shown, 1)
        value = text.percent(effect.factor - 1, signed=True)
        row.addWidget(label(self.look, value, 14, 600, ink, tabular=True))
        return row

    def _change_target(self, index: int) -> None:
        self._target = SHOP_TARGETS[index]
        self.load()


def pay_words(curve: PayCurve) -> str:
    """What pay days do, in a sentence; only what is surely more than chance."""
    lifted = [effect for day, effect in curve.points if 0 <= day <= 2 and charts.is_sure(effect)]
    if not lifted:
        return _("En este colmado la quincena no se nota más que el azar.")
    mean = sum(effect.factor for effect in lifted) / len(lifted) - 1
    words = _("El día de cobro y los dos siguientes se vende {share} más que un día corriente.")
    if mean < 0:
        words = _("El día de cobro y los dos siguientes se vende {share} menos que un día corriente.")
    return words.format(share=text.percent(abs(mean)))


def trend_words(seasons: Seasons) -> str:
    """Whether the shop grows, as far as can be said."""
    parts = []
    if seasons.trend is not None:
        share = text.percent(abs(seasons.trend.factor - 1))
        if not charts.is_sure(seasons.trend):
            parts.append(_("Se mantiene más o menos igual."))
        elif seasons.trend.factor > 1:
            parts.append(_("Va creciendo: {share} al año.").format(share=share))
        else:
            parts.append(_("Va bajando: {share} al año.").format(share=share))
    for day, factor in seasons.shifts[-1:]:
        jump = _("El {day} cambió de nivel: {share}.")
        parts.append(jump.format(day=text.long_date(day), share=text.percent(factor - 1, signed=True)))
    return " ".join(parts)
