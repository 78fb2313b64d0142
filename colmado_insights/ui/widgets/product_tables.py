"""What the lists of products say in their columns: weight, what is left, what sleeps, what runs out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from colmado_insights import charts, text
from colmado_insights.analytics.results import CareBoard, MarginPart, ProductCare
from colmado_insights.domain import Target
from colmado_insights.text import _, ngettext
from colmado_insights.ui.dialogs.quick_open import plain
from colmado_insights.ui.widgets.customer_words import quantity_words
from colmado_insights.ui.widgets.data_table import Column
from colmado_insights.ui.widgets.product_facts import stock_words
from colmado_insights.ui.widgets.product_parts import abc_words, days_words, part_words

SOON_DAYS, WEEK = 7, 7
HUNDRED = 0.995
"""So much of the sales with a cost is all of them."""


@dataclass(frozen=True, slots=True)
class CareRow:
    """One product's care with its name and its pace."""

    care: ProductCare
    name: str
    week_units: float

    @property
    def product_id(self) -> int:
        """Whose row it is."""
        return self.care.product_id


def care_rows(board: CareBoard, names: Mapping[int, str]) -> list[CareRow]:
    """The board's products with their names."""
    weeks = max(1, board.window_days) / WEEK
    return [
        CareRow(each, names.get(each.product_id, "–"), each.units_milli / 1000 / weeks)
        for each in board.products
    ]


def weight_columns(*, shows_costs: bool) -> tuple[Column[CareRow], ...]:
    """Class, sales and share; for who may see it, what is left and how much of it is known."""
    costs = (
        Column[CareRow](
            _("Deja"), lambda row: _whole(row.care.margin_cents), lambda row: row.care.margin_cents, 82, True,
            ink=lambda row: _loss_ink(row.care.margin_cents),
        ),
        Column[CareRow](
            _("Margen"), lambda row: _share(row.care.margin_share), lambda row: row.care.margin_share, 80, True,
            ink=lambda row: _loss_ink(row.care.margin_cents),
        ),
        Column[CareRow](
            _("Con costo"), lambda row: text.percent(row.care.costed_share), lambda row: row.care.costed_share,
            94, True, ink=lambda row: "soft" if row.care.costed_share > HUNDRED else "accent",
            hint=lambda _row: _("De cuánto de su venta se sabe el costo."),
        ),
    )  # fmt: skip
    return (
        _name_column(),
        Column(
            _("Clase"), lambda row: row.care.abc, lambda row: row.care.abc, 64,
            ink=lambda row: "brand" if row.care.abc == "A" else "soft", hint=lambda row: abc_words(row.care.abc),
        ),
        Column(_("Vendido"), lambda row: _whole(row.care.revenue_cents), lambda row: row.care.revenue_cents, 96, True),
        Column(
            _("Parte"), lambda row: part_words(row.care.revenue_share),
            lambda row: row.care.revenue_share, 68, True,
        ),
        *(costs if shows_costs else ()),
    )  # fmt: skip


def asleep_columns(*, shows_costs: bool) -> tuple[Column[CareRow], ...]:
    """Since when it sleeps, what is left of it and, for who may see it, the money in it."""
    money = (
        Column[CareRow](
            _("Dinero dormido"), lambda row: _whole(row.care.asleep_cents), lambda row: row.care.asleep_cents,
            138, True, ink=lambda row: "faint" if row.care.asleep_cents is None else "accent",
            hint=lambda row: stock_words(row.care),
        ),
    )  # fmt: skip
    return (
        _name_column(),
        Column(
            _("Sin venderse"), _quiet_words, lambda row: row.care.quiet_days, 126, True,
        ),
        Column(
            _("Última venta"), lambda row: text.short_date(row.care.last_sold) if row.care.last_sold else "–",
            lambda row: row.care.last_sold, 116, ink=lambda _row: "soft",
        ),
        Column(_("Quedan"), _stock, lambda row: row.care.stock_milli, 82, True, hint=lambda row: stock_words(row.care)),
        *(money if shows_costs else ()),
        Column(_("Antes"), _pace_words, _pace, 210, ink=lambda _row: "soft", hint=_reasons),
    )  # fmt: skip


def ending_columns() -> tuple[Column[CareRow], ...]:
    """How long it lasts, what is left, and how fast it goes."""
    return (
        _name_column(),
        Column(
            _("Se acaba en"), _soon_words,
            lambda row: row.care.days_left.mean if row.care.days_left else None, 126, True, ink=_soon_ink,
        ),
        Column(
            _("8 de cada 10 veces"), _left_words,
            lambda row: row.care.days_left.lo if row.care.days_left else None, 168, True,
            ink=lambda _row: "soft",
        ),
        Column(_("Quedan"), _stock, lambda row: row.care.stock_milli, 90, True, hint=lambda row: stock_words(row.care)),
        Column(
            _("Por semana"), lambda row: charts.amount_words(row.week_units, Target.UNITS),
            lambda row: row.week_units, 140, True, ink=lambda _row: "soft",
        ),
        Column(
            _("Contado"), lambda row: _age_words(row.care), lambda row: row.care.stock_age_days, 130,
            ink=lambda _row: "soft", hint=lambda row: stock_words(row.care),
        ),
    )  # fmt: skip


def part_columns(name: Callable[[str], str]) -> tuple[Column[MarginPart], ...]:
    """What a category or supplier sells and leaves, and how much of its sales has no cost."""
    return (
        Column(_("De qué"), lambda part: name(part.key), lambda part: plain(name(part.key))),
        Column(_("Vendido"), lambda part: _whole(part.revenue_cents), lambda part: part.revenue_cents, 104, True),
        Column(_("Deja"), lambda part: _whole(part.margin_cents), lambda part: part.margin_cents, 96, True,
               ink=lambda part: _loss_ink(part.margin_cents)),
        Column(_("Margen"), lambda part: _share(part.margin_share), lambda part: part.margin_share, 84, True),
        Column(
            _("Sin costo"), lambda part: text.percent(1 - part.costed_share), lambda part: 1 - part.costed_share,
            92, True, ink=lambda part: "soft" if part.costed_share > HUNDRED else "accent",
            hint=lambda _part: _("De cuánto de su venta no se sabe el costo."),
        ),
    )  # fmt: skip


def _name_column() -> Column[CareRow]:
    return Column(_("Producto"), lambda row: row.name, lambda row: plain(row.name), hint=lambda row: row.name)


def _whole(cents: int | None) -> str:
    return "–" if cents is None else text.number(cents / 100)


def _share(share: float | None) -> str:
    return "–" if share is None else text.percent(share)


def _loss_ink(cents: int | None) -> str:
    return "faint" if cents is None else "bad" if cents < 0 else "ink"


def _stock(row: CareRow) -> str:
    milli = row.care.stock_milli
    return "–" if milli is None else quantity_words(max(0, milli))


def _quiet_words(row: CareRow) -> str:
    return "–" if row.care.quiet_days is None else days_words(row.care.quiet_days)


def _soon_words(row: CareRow) -> str:
    left = row.care.days_left
    if left is None:
        return "–"
    return days_words(left.mean) if round(left.mean) > 0 else _("hoy")


def _soon_ink(row: CareRow) -> str:
    left = row.care.days_left
    return "accent" if left is not None and left.mean <= SOON_DAYS else "ink"


def _left_words(row: CareRow) -> str:
    left = row.care.days_left
    if left is None:
        return "–"
    low, high = (max(0, round(end)) for end in (left.lo, left.hi))
    if low == high:
        return days_words(high) if high else _("hoy")
    return _("{low} a {high} días").format(low=text.number(low), high=text.number(high))


def _age_words(care: ProductCare) -> str:
    days = care.stock_age_days
    if days is None:
        return "–"
    return _("hace {age}").format(age=days_words(days)) if days else _("hoy")


def _pace(row: CareRow) -> int | None:
    """Every how many open days it was sold before; None of what was sold on one day only."""
    quiet = next((reason for reason in row.care.reasons if reason.code == "care_quiet"), None)
    return int(dict(quiet.values)["gap"]) if quiet else None


def _pace_words(row: CareRow) -> str:
    gap = _pace(row)
    if gap is None:
        return _("salió un solo día")
    return ngettext("salía cada día", "salía cada {n} días", gap).format(n=text.number(gap))


def _reasons(row: CareRow) -> str:
    return " ".join(
        text.sentence(reason) for reason in row.care.reasons if reason.code.startswith("care_quiet")
    )
