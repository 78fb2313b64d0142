"""The cards of one product's page: its numbers, its weeks, what is ahead, what goes with it, whom it is due for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import (
    Basket,
    Estimate,
    Forecast,
    NotEnough,
    PriceWeek,
    ProductCare,
    ProductTrend,
    Recommendation,
    RecommendationKind,
    Recommendations,
    Replenishment,
    SeasonalProduct,
)
from colmado_insights.domain import CatalogProduct, Consent, Target
from colmado_insights.insights import CustomerBook
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.customer_cards import compact_card
from colmado_insights.ui.widgets.customer_words import soon_words
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.name_link import NameLink
from colmado_insights.ui.widgets.numbered import numbered
from colmado_insights.ui.widgets.price_words import price_words
from colmado_insights.ui.widgets.product_ahead import AheadStrip
from colmado_insights.ui.widgets.product_card import margin_of

WEEKS_HEIGHT = 122
MOST = {RecommendationKind.CROSS_SELL: 2}
MOST_DUE = 3
SPANS = (7, 14)
MOST_STEPS = 16
OFFERS = {
    RecommendationKind.CROSS_SELL: N_("Con él"),
    RecommendationKind.UPSELL: N_("Más grande"),
    RecommendationKind.SIMILAR: N_("En vez de él"),
}


@dataclass(frozen=True)
class Offers:
    """What to offer with a product, beyond it and instead of it, and how it grows."""

    lists: Mapping[RecommendationKind, Recommendations | NotEnough]
    trend: ProductTrend | None
    season: SeasonalProduct | None
    names: Mapping[int, str]

    @classmethod
    def of(
        cls,
        product_id: int,
        lists: Mapping[RecommendationKind, Recommendations | NotEnough],
        basket: Basket | NotEnough,
        names: Mapping[int, str],
    ) -> Offers:
        """Take one product's part out of what goes together in the shop."""
        trends = () if isinstance(basket, NotEnough) else basket.trends
        seasonal = () if isinstance(basket, NotEnough) else basket.seasonal
        return cls(
            lists,
            next((each for each in trends if each.product_id == product_id), None),
            next((each for each in seasonal if each.product_id == product_id), None),
            names,
        )

    def items(self, kind: RecommendationKind) -> tuple[Recommendation, ...]:
        """The best of one list."""
        found = self.lists.get(kind)
        return found.items[: MOST.get(kind, 1)] if isinstance(found, Recommendations) else ()


def strip_card(
    look: Look, product: CatalogProduct, care: ProductCare | None, window_days: int, *, shows_costs: bool
) -> Card:
    """What it sells for and how much, what it weighs and leaves, and how long it lasts."""
    card = Card(look)
    card.body.setContentsMargins(*(look.px(side) for side in (16, 8, 16, 9)))
    holder = QWidget()
    row = Flow(look, 26, row_gap=6)
    holder.setLayout(row)
    card.body.addWidget(holder)
    price = "–" if product.price_cents is None else price_words(product.price_cents)
    row.addWidget(numbered(look, _("por monto") if product.is_sold_by_amount else price, _("precio de hoy")))
    row.addWidget(numbered(look, text.money(product.revenue_cents), _("vendido en 30 días")))
    if care is not None:
        _add_care(look, row, care, window_days)
    if shows_costs:
        margin = margin_of(product)
        left = "–"
        if margin is not None and product.price_cents is not None and product.cost_cents is not None:
            left = price_words(product.price_cents - product.cost_cents)
        share = _("de margen") if margin is None else _("de margen · {money} cada uno").format(money=left)
        shown = "–" if margin is None else text.percent(margin)
        row.addWidget(
            numbered(look, shown, share, ink="bad" if margin is not None and margin <= 0 else "ink")
        )
    return card


def _add_care(look: Look, row: Flow, care: ProductCare, window_days: int) -> None:
    units = charts.amount_words(care.units_milli / 1000 / max(1, window_days) * 7, Target.UNITS)
    row.addWidget(numbered(look, units, _("por semana, en {n} días").format(n=window_days)))
    weight = _("{share} de la venta").format(share=part_words(care.revenue_share))
    row.addWidget(numbered(look, care.abc, f"{abc_words(care.abc)} · {weight}"))
    if care.days_left is not None:
        row.addWidget(
            numbered(look, days_words(care.days_left.mean), left_words(care.days_left), ink="accent")
        )
    elif care.is_dead and care.quiet_days is not None:
        row.addWidget(numbered(look, days_words(care.quiet_days), _("dormido: sin venderse"), ink="accent"))


def part_words(share: float) -> str:
    """5.1 %, < 0.1 %: a product's part of all that was sold."""
    return f"< {text.percent(0.001)}" if 0 < share < 0.0005 else text.percent(share, decimals=1)


def abc_words(letter: str) -> str:
    """What the letter means."""
    return {"A": _("de los que más pesan"), "B": _("pesa algo")}.get(letter, _("pesa poco"))


def days_words(days: float) -> str:
    """6 días."""
    count = max(0, round(days))
    return ngettext("{n} día", "{n} días", count).format(n=text.number(count))


def left_words(left: Estimate) -> str:
    """Para acabarse (4 a 9)."""
    low, high = (text.number(max(0, round(end))) for end in (left.lo, left.hi))
    return _("para acabarse ({low} a {high})").format(low=low, high=high)


def weeks_card(look: Look, tasks: Tasks, weeks: Sequence[PriceWeek]) -> Card:
    """The price in its steps over the units of each week; one that is typed anew at each sale has no steps."""
    title = _("El precio y lo que se vendió cada semana")
    if sum(new.price_cents != old.price_cents for old, new in pairwise(weeks)) > MOST_STEPS:
        title, weeks = _("Lo que se vendió cada semana"), [replace(each, price_cents=None) for each in weeks]
    card = Card(look, title, "chart-column")
    chart = ChartView(look, tasks, WEEKS_HEIGHT)
    chart.show_chart(partial(charts.price_weeks, weeks), card.title.text())
    card.body.addWidget(chart, 1)
    return card


def ahead_card(look: Look, forecast: Forecast | NotEnough | None, go: Callable[[], object]) -> Card:
    """The next seven days, and what to have ready; None while it is computed."""
    card = compact_card(look, _("Lo que se venderá"), "trending-up")
    card.add_action(button(look, _("Ver el pronóstico"), go, kind="link"))
    if forecast is None or isinstance(forecast, NotEnough):
        words = _("Calculando…") if forecast is None else _("Faltan ventas de este producto para decirlo.")
        card.body.addWidget(label(look, words, 13, 400, "soft", wrap=True))
        return card
    card.body.addWidget(AheadStrip(look, forecast.points))
    sums = [
        _("{n} días: {units}").format(
            n=days, units=charts.amount_words(sum(each.mean for each in forecast.points[:days]), Target.UNITS)
        )
        for days in SPANS
        if days <= len(forecast.points)
    ]
    card.body.addWidget(label(look, " · ".join(sums), 13, 500, wrap=True))
    return card


def offers_card(look: Look, offers: Offers | None, opened: Callable[[int], object]) -> Card:
    """What goes with it, what is more of it and what is like it; each leads to its own page."""
    card = compact_card(look, _("Va bien con"), "combine")
    if offers is None:
        card.body.addWidget(label(look, _("Calculando…"), 13, 400, "soft"))
        return card
    lists = [(kind, offers.items(kind)) for kind in OFFERS]
    if not any(items for _kind, items in lists):
        words = _("Todavía no se ve nada que la gente lleve junto con esto.")
        card.body.addWidget(label(look, words, 13, 400, "soft", wrap=True))
    for kind, items in lists:
        for item in items:
            card.body.addLayout(_offer_row(look, _(OFFERS[kind]), item, offers.names, opened))
    return card


def _offer_row(
    look: Look, kind: str, item: Recommendation, names: Mapping[int, str], opened: Callable[[int], object]
) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    row = QHBoxLayout()
    row.setSpacing(look.px(8))
    row.addWidget(NameLink(look, names.get(item.product_id, "–"), partial(opened, item.product_id)))
    row.addStretch(1)
    row.addWidget(label(look, kind, 12, 400, "faint"), 0, Qt.AlignmentFlag.AlignVCenter)
    column.addLayout(row)
    column.addWidget(label(look, " ".join(map(text.sentence, item.told)), 12.5, 400, "soft", wrap=True))
    return column


def trend_words(trend: ProductTrend) -> tuple[str, Tone]:
    """▲ crece 20 % or ▼ cae 47 %, beyond its season and the shop."""
    share = text.percent(abs(trend.growth))
    if trend.growth > 0:
        return _("▲ crece {share}").format(share=share), Tone.GOOD
    return _("▼ cae {share}").format(share=share), Tone.BAD


def season_words(season: SeasonalProduct) -> str:
    """Su época: Navidad."""
    when = text.occasion_name(season.occasion) if season.occasion else text.month_name(season.month)
    return _("Su época: {when}").format(when=when)


@dataclass(frozen=True)
class DueFor:
    """A known customer to whom a product is due."""

    customer_id: int
    name: str
    expected: Replenishment


def due_for(book: CustomerBook | NotEnough, product_id: int) -> tuple[DueFor, ...]:
    """Who is due for a product, soonest first; who said no is not looked at."""
    if isinstance(book, NotEnough):
        return ()
    names = {each.customer_id: each.shown_name for each in book.customers if each.consent is not Consent.NO}
    found = [
        DueFor(outlook.customer_id, names[outlook.customer_id], each)
        for outlook in book.outlooks
        if outlook.customer_id in names
        for each in outlook.due
        if each.product_id == product_id
    ]
    return tuple(sorted(found, key=lambda each: (each.expected.day, each.name)))


def due_card(look: Look, due: Sequence[DueFor], today: date, opened: Callable[[int], object]) -> Card:
    """To whom it is due, and when."""
    card = compact_card(look, _("A quién le toca"), "contact")
    for each in due[:MOST_DUE]:
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(NameLink(look, each.name, partial(opened, each.customer_id)))
        row.addStretch(1)
        when = soon_words(max(each.expected.day, today), today)
        row.addWidget(label(look, when, 13, 400, "soft", tabular=True))
        card.body.addLayout(row)
    if len(due) > MOST_DUE:
        more = text.number(len(due) - MOST_DUE)
        card.body.addWidget(label(look, _("y {n} más").format(n=more), 12.5, 400, "soft"))
    return card
