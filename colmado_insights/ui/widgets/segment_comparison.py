"""Two segments side by side: the same cards in two columns, what differs marked and said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import Segment, SegmentPerformance
from colmado_insights.domain import Category
from colmado_insights.text import _, ngettext
from colmado_insights.ui.icons import segment_icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.hour_bars import HourBars
from colmado_insights.ui.widgets.label import Tone, chip, label
from colmado_insights.ui.widgets.segment_profile import HOURS_HEIGHT, day_chips, growth_words, shares_card

UP, DOWN, EVEN = "▲", "▼", "="
SAME_SHARE = 0.05
"""Amounts this near to each other, as a share of the larger, are called the same."""
CATEGORY_GAP = 0.05
"""Shares of a category that differ by less are not worth a word."""
LISTED_CATEGORIES = 5
"""So many a segment names at most; of those beyond nothing is known but that they are smaller."""
MOST_CATEGORY_WORDS = 2
NIGHT_ENDS = 5
"""Hours before this one belong to the evening before."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the segment and, where it is known, how it did."""

    segment: Segment
    performance: SegmentPerformance | None

    @property
    def name(self) -> str:
        """What it is called."""
        return text.segment_title(self.segment)

    def titled(self, words: str) -> str:
        """A card's title with the name in it: where the columns stand below each other it tells whose it is."""
        return f"{words} · {self.name}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What one segment has more or less of than the other, in a sentence."""

    mark: str
    words: str


def heading_card(look: Look, side: Side, tone: Tone) -> Card:
    """Its icon, name and what it is about."""
    card = Card(look)
    row = QHBoxLayout()
    row.setSpacing(look.px(10))
    row.addWidget(SymbolTile(look, segment_icon(side.segment), tone), 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(label(look, side.name, 15.5, 600, wrap=True))
    about = text.segment_about(side.segment) or _("Nadie compró así en estos días.")
    words.addWidget(label(look, about, 12.5, 400, "soft", wrap=True))
    row.addLayout(words, 1)
    card.body.addLayout(row)
    return card


def numbers_card(look: Look, side: Side, other: Side) -> Card:
    """Its numbers, each with how it stands to the other's."""
    card = Card(look, side.titled(_("Cuánto compran")), "banknote")
    holder = QWidget()
    row = Flow(look, 18, row_gap=6)
    holder.setLayout(row)
    for value, words, mark in _numbers(side.segment, other.segment):
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(2))
        column.addWidget(label(look, value, 20, 600, tabular=True))
        column.addWidget(label(look, words, 12.5, 400, "soft"))
        column.addWidget(chip(look, mark))
        row.addWidget(part)
    card.body.addWidget(holder)
    if side.performance is not None:
        mark, tone, words = growth_words(side.performance)
        line = QHBoxLayout()
        line.setSpacing(look.px(8))
        if mark:
            line.addWidget(chip(look, mark, tone))
        line.addWidget(label(look, words, 13, 400, "soft", wrap=True), 1)
        card.body.addSpacing(look.px(4))
        card.body.addLayout(line)
    card.body.addStretch(1)
    return card


def hours_card(look: Look, side: Side, other: Side, hours: Sequence[int]) -> Card:
    """Its hours and days, and whether it comes earlier or later."""
    card = Card(look, side.titled(_("Cuándo vienen")), "clock")
    segment = side.segment
    card.body.addWidget(HourBars(look, segment.receipts_by_hour, segment.peak_hours, hours, HOURS_HEIGHT))
    card.body.addWidget(day_chips(look, segment.peak_days))
    found = _hour_difference(segment, other.segment)
    if found is not None:
        card.body.addWidget(label(look, f"{found.mark} {found.words}", 13, 400, "soft", wrap=True))
    card.body.addStretch(1)
    return card


def categories_card(look: Look, side: Side, other: Side) -> Card:
    """What it spends on, and what it takes more or less of."""
    rows = [(text.category_name(each), share) for each, share in side.segment.top_categories]
    card = shares_card(look, side.titled(_("Qué llevan")), "shopping-basket", rows)
    for found in _category_differences(side.segment, other.segment):
        words = label(look, f"{found.mark} {found.words}", 13, 400, "soft", wrap=True)
        card.body.insertWidget(card.body.count() - 1, words)
    return card


def differences_card(look: Look, one: Side, two: Side) -> Card:
    """What sets the first apart, a sentence each."""
    title = _("En qué se diferencia {one} de {two}").format(one=one.name, two=two.name)
    card = Card(look, title, "columns-3")
    rows = CardGrid(look, 330, 2, gap=6)
    for found in differences(one, two):
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        mark = label(look, found.mark, 14, 600, "brand")
        mark.setFixedWidth(look.px(14))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(look, found.words, 14, 400, wrap=True), 1)
        rows.add(holder)
    card.body.addWidget(rows)
    return card


def differences(one: Side, other: Side) -> list[Difference]:
    """What sets the first apart from the second, the plainest first."""
    mine, theirs = one.segment, other.segment
    found = [
        _amount_difference(
            mine.avg_basket_cents, theirs.avg_basket_cents,
            _("Gastan {more} más por compra: {own} contra {theirs}."),
            _("Gastan {more} menos por compra: {own} contra {theirs}."),
            _("Gastan casi lo mismo por compra: {own} y {theirs}."),
            text.money,
        ),
        _amount_difference(
            mine.avg_items_per_basket, theirs.avg_items_per_basket,
            _("Llevan {more} productos más: {own} contra {theirs}."),
            _("Llevan {more} productos menos: {own} contra {theirs}."),
            _("Llevan casi los mismos productos por compra: {own} y {theirs}."),
            lambda value: text.number(value, 1),
        ),
        _hour_difference(mine, theirs),
        *_category_differences(mine, theirs),
        _growth_difference(one.performance, other.performance),
    ]  # fmt: skip
    return [each for each in found if each is not None]


def _amount_difference(
    own: float, theirs: float, more: str, less: str, even: str, write: Callable[[float], str]
) -> Difference:
    mark = _mark(own, theirs)
    template = {UP: more, DOWN: less}.get(mark, even)
    words = template.format(more=write(abs(own - theirs)), own=write(own), theirs=write(theirs))
    return Difference(mark, words)


def _mark(own: float, theirs: float) -> str:
    if abs(own - theirs) <= SAME_SHARE * max(abs(own), abs(theirs)):
        return EVEN
    return UP if own > theirs else DOWN


def _numbers(mine: Segment, theirs: Segment) -> list[tuple[str, str, str]]:
    """Value, what it is, and in a chip how it stands to the other's."""
    own, other = mine.transaction_count, theirs.transaction_count
    lines = mine.avg_items_per_basket, theirs.avg_items_per_basket
    return [
        (
            text.money(mine.avg_basket_cents),
            _("por compra"),
            _chip_words(mine.avg_basket_cents, theirs.avg_basket_cents, text.money),
        ),
        (text.number(lines[0], 1), _("productos"), _chip_words(*lines, lambda each: text.number(each, 1))),
        (text.number(own), ngettext("compra", "compras", own), _chip_words(own, other, text.number)),
    ]


def _chip_words(own: float, theirs: float, write: Callable[[float], str]) -> str:
    mark = _mark(own, theirs)
    if mark == EVEN:
        return _("= casi igual")
    words = _("{amount} más") if mark == UP else _("{amount} menos")
    return f"{mark} {words.format(amount=write(abs(own - theirs)))}"


def _hour_difference(mine: Segment, theirs: Segment) -> Difference | None:
    if not mine.peak_hours or not theirs.peak_hours:
        return None
    own, other = mine.peak_hours[0], theirs.peak_hours[0]
    names = {"own": text.hour_label(own), "theirs": text.hour_label(other)}
    gap = _in_the_day(own) - _in_the_day(other)
    if not gap:
        return Difference(EVEN, _("Su hora más fuerte es la misma: {own}").format(**names))
    if gap > 0:
        return Difference(
            UP, _("Vienen más tarde: su hora más fuerte es {own}, la del otro {theirs}").format(**names)
        )
    return Difference(
        DOWN, _("Vienen más temprano: su hora más fuerte es {own}, la del otro {theirs}").format(**names)
    )


def _in_the_day(hour: int) -> int:
    """The hour in a day that ends when the night does."""
    return hour + 24 if hour < NIGHT_ENDS else hour


def _category_differences(mine: Segment, theirs: Segment) -> list[Difference]:
    """The categories that surely differ, the most different first."""
    own, others = dict(mine.top_categories), dict(theirs.top_categories)
    found: list[tuple[float, Difference]] = []
    for each in sorted({*own, *others} - {Category.OTHER}):
        names = {
            "what": text.category_name(each).lower(),
            "own": text.percent(own[each]) if each in own else _("casi nada"),
            "theirs": text.percent(others[each]) if each in others else _("casi nada"),
        }
        more = own.get(each, 0.0) - others.get(each, _unlisted(theirs))
        less = others.get(each, 0.0) - own.get(each, _unlisted(mine))
        if more >= CATEGORY_GAP:
            found.append((more, Difference(UP, _("Más {what}: {own} contra {theirs}.").format(**names))))
        elif less >= CATEGORY_GAP:
            found.append((less, Difference(DOWN, _("Menos {what}: {own} contra {theirs}.").format(**names))))
    found.sort(key=lambda pair: -pair[0])
    return [difference for _gap, difference in found[:MOST_CATEGORY_WORDS]]


def _unlisted(segment: Segment) -> float:
    """The most that a category can have which is not among a segment's first."""
    shares = [share for _category, share in segment.top_categories]
    return shares[-1] if len(shares) >= LISTED_CATEGORIES else 0.0


def _growth_difference(
    mine: SegmentPerformance | None, theirs: SegmentPerformance | None
) -> Difference | None:
    """Who gains purchases and who loses them; only what is more than chance."""
    if mine is None or theirs is None or mine.receipts_growth is None or theirs.receipts_growth is None:
        return None
    own = mine.receipts_growth if mine.is_beyond_noise else 0.0
    other = theirs.receipts_growth if theirs.is_beyond_noise else 0.0
    names = {"own": _growth(own), "theirs": _growth(other)}
    if own == other:
        return Difference(EVEN, _("Los dos siguen más o menos igual que antes."))
    if own > other:
        return Difference(UP, _("Van mejor: {own}; el otro, {theirs}.").format(**names))
    return Difference(DOWN, _("Van peor: {own}; el otro, {theirs}.").format(**names))


def _growth(share: float) -> str:
    if not share:
        return _("siguen igual")
    words = _("{share} más compras por día") if share > 0 else _("{share} menos compras por día")
    return words.format(share=text.percent(abs(share)))
