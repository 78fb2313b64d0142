"""What the tables of baskets say: what goes together, what grows and falls, whose season comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from colmado_insights import text
from colmado_insights.analytics.results import Basket, ProductPair, ProductTrend, SeasonalProduct
from colmado_insights.text import _
from colmado_insights.ui.dialogs.quick_open import plain
from colmado_insights.ui.widgets.basket_words import (
    between_shares,
    chance_words,
    check_ink,
    check_words,
    name_of,
    season_when,
    seen_words,
    tenths_words,
    times_words,
    trend_mark,
    when_words,
)
from colmado_insights.ui.widgets.data_table import Column

Of = TypeVar("Of", ProductPair, ProductTrend, SeasonalProduct)
GAIN_COLUMN, GROWTH_COLUMN, INDEX_COLUMN = 3, 1, 2


@dataclass(frozen=True, slots=True)
class BasketRow(Generic[Of]):
    """What is said of a product, or of one beside another, with their names."""

    product_id: int
    name: str
    of: Of
    other_name: str = ""  # of a pair, what goes with it

    @property
    def identity(self) -> tuple[int, int | str]:
        """Which row it is."""
        if isinstance(self.of, ProductPair):
            return self.product_id, self.of.second_id
        return self.product_id, self.of.occasion if isinstance(self.of, SeasonalProduct) else ""


PairRow = BasketRow[ProductPair]
TrendRow = BasketRow[ProductTrend]
SeasonRow = BasketRow[SeasonalProduct]


def pair_rows(basket: Basket, names: dict[int, str]) -> tuple[PairRow, ...]:
    """The pairs of both names."""
    return tuple(
        BasketRow(pair.first_id, name_of(names, pair.first_id), pair, name_of(names, pair.second_id))
        for pair in basket.pairs
    )


def trend_rows(basket: Basket, names: dict[int, str]) -> tuple[TrendRow, ...]:
    """What grows and falls."""
    return tuple(BasketRow(each.product_id, name_of(names, each.product_id), each) for each in basket.trends)


def season_rows(basket: Basket, names: dict[int, str]) -> tuple[SeasonRow, ...]:
    """Whose time comes."""
    return tuple(
        BasketRow(each.product_id, name_of(names, each.product_id), each) for each in basket.seasonal
    )


def pair_columns() -> tuple[Column[PairRow], ...]:
    """With what, what, how often, what offering it brings, how sure, when, against chance."""
    return (
        Column(_("A quien lleva"), lambda row: row.name, lambda row: plain(row.name), hint=lambda row: row.name),
        Column(
            _("Ofrécele"), lambda row: row.other_name, lambda row: plain(row.other_name), 220,
            hint=lambda row: row.other_name, ink=lambda _row: "brand", grows=True,
        ),
        Column(
            _("Lo llevan"), lambda row: tenths_words(row.of.confidence), lambda row: -row.of.confidence, 122
        ),
        Column(
            _("Deja al mes"), lambda row: _pesos(row.of.gain_cents), lambda row: row.of.gain_cents, 118, True,
            ink=lambda row: "good" if row.of.gain_cents > 0 else "faint", hint=lambda _row: _gain_hint(),
        ),
        Column(
            _("Después"), lambda row: check_words(row.of), lambda row: -(row.of.held_out_lift or 0), 126,
            ink=lambda row: check_ink(row.of), hint=lambda _row: _check_hint(),
        ),
        Column(
            _("Cuándo"), lambda row: when_words(row.of), lambda row: (not row.of.hours, row.of.hours), 172,
            ink=lambda _row: "soft", hint=lambda row: when_words(row.of),
        ),
        Column(
            _("Contra el azar"), lambda row: times_words(row.of.lift), lambda row: row.of.lift, 122, True,
            ink=lambda _row: "soft", hint=lambda row: _least_hint(row.of),
        ),
    )  # fmt: skip


def trend_columns() -> tuple[Column[TrendRow], ...]:
    """What changed by how much, between what, how sure, and how many a week."""
    return (
        Column(_("Producto"), lambda row: row.name, lambda row: plain(row.name), hint=lambda row: row.name),
        Column(
            _("Cambio"), lambda row: trend_mark(row.of), lambda row: row.of.growth, 104, True,
            ink=lambda row: "good" if row.of.growth > 0 else "bad", hint=lambda _row: _trend_hint(),
        ),
        Column(
            _("Con margen"), lambda row: between_shares(row.of.lo, row.of.hi), lambda row: -row.of.growth, 196,
            ink=lambda _row: "soft",
        ),
        Column(
            _("Qué tan seguro"), lambda row: chance_words(row.of.p_value), lambda row: row.of.p_value, 214,
            ink=lambda _row: "soft",
        ),
        Column(
            _("Por semana"), _weekly_words, lambda row: row.of.recent_units, 140, True, ink=lambda _row: "soft"
        ),
    )  # fmt: skip


def season_columns() -> tuple[Column[SeasonRow], ...]:
    """What, for what, how many times as much, between what, and how often that was seen."""
    return (
        Column(_("Producto"), lambda row: row.name, lambda row: plain(row.name), hint=lambda row: row.name),
        Column(
            _("Para"), lambda row: season_when(row.of), lambda row: season_when(row.of), 190,
            hint=lambda row: season_when(row.of),
        ),
        Column(
            _("Se vende"), lambda row: times_words(row.of.index), lambda row: row.of.index, 120, True,
            ink=lambda _row: "good",
        ),
        Column(
            _("Con margen"), lambda row: _times_between(row.of), lambda row: -row.of.lo, 180,
            ink=lambda _row: "soft",
        ),
        Column(_("Cuánto se vio"), lambda row: seen_words(row.of), lambda row: -row.of.seen, 130,
               ink=lambda _row: "soft"),
    )  # fmt: skip


def set_words(basket: Basket, names: dict[int, str]) -> str:
    """De a tres: A, B y C (14 compras); the three best."""
    if not basket.sets:
        return ""
    said = [
        _("{products} ({n} compras)").format(
            products=text.join_words([name_of(names, each) for each in found.product_ids]),
            n=text.number(found.receipts),
        )
        for found in basket.sets[:3]
    ]
    return _("De a tres: {sets}.").format(sets="; ".join(said))


def identity_of(row: BasketRow[ProductPair] | BasketRow[ProductTrend] | BasketRow[SeasonalProduct]) -> object:
    """Which row it is, for the choice that stands."""
    return row.identity


def product_ids(rows: Sequence[BasketRow[Of]]) -> list[int]:
    """The products of rows, each once, in their order."""
    return list(dict.fromkeys(row.product_id for row in rows))


def _pesos(cents: int) -> str:
    return text.money(cents, signed=True) if cents > 0 else "–"


def _gain_hint() -> str:
    return _("Ganancia al mes, con cautela: que al ofrecerlo lo lleve uno más por cada diez que ya lo llevan. "
             "Donde no se sabe el costo, con la ganancia de costumbre.")  # fmt: skip


def _check_hint() -> str:
    return _("Si en las compras de después, que no se miraron para encontrarlo, siguió yendo junto.")


def _least_hint(pair: ProductPair) -> str:
    return _("Más de lo que daría el azar; seguro, al menos {least}.").format(least=times_words(pair.lift_lo))


def _trend_hint() -> str:
    return _("Sin contar la época del año ni lo que creció o cayó el negocio.")


def _weekly_words(row: TrendRow) -> str:
    before, now = (text.number(units) for units in (row.of.before_units, row.of.recent_units))
    return f"{before} → {now}"


def _times_between(season: SeasonalProduct) -> str:
    return _("entre {low} y {high}").format(low=times_words(season.lo), high=times_words(season.hi))
