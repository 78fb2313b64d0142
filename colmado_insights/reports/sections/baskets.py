"""What goes together, what grows and whose season comes; to be shared: it holds no costs and nothing of profit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from colmado_insights import text
from colmado_insights.analytics.results import Basket, ProductPair, ProductSet
from colmado_insights.charts import Bar
from colmado_insights.reports.report import (
    Card,
    Cell,
    Column,
    Kind,
    Numbers,
    Paragraph,
    Report,
    Section,
    Table,
)
from colmado_insights.reports.sections.first_rows import MOST_BARS, bars_of_rows
from colmado_insights.text import N_, _

PAPER_PAIRS = 40
PAY_PHASES: Mapping[str, str] = {
    "before": N_("antes de la quincena"),
    "payday": N_("en la quincena"),
    "middle": N_("entre quincenas"),
}


def baskets_report(found: Basket, names: Mapping[int, str], shop_name: str, made_at: datetime) -> Report:
    """What to put side by side, and what to offer with what."""
    sections: list[Section] = [
        Numbers(_cards(found)),
        *(Paragraph(text.sentence(reason)) for reason in found.reasons),
        *_pairs_chart(found.pairs, names),
        _pairs_table(found.pairs, names),
        _sets_table(found.sets, names),
        _bundles_table(found, names),
        _trends_table(found, names),
        _seasons_table(found, names),
    ]
    return Report(
        title=_("Lo que va junto"),
        subtitle=_("Compras del {first} al {last}").format(
            first=text.long_date(found.first_day), last=text.long_date(found.until)
        ),
        shop_name=shop_name,
        made_at=made_at,
        sections=tuple(sections),
    )


def _cards(found: Basket) -> tuple[Card, ...]:
    share = found.receipts_of_two / found.receipts if found.receipts else 0.0
    return (
        Card(_("Compras"), found.receipts, Kind.COUNT),
        Card(_("Llevan dos o más"), share, Kind.SHARE, comparison=_("de las compras")),
        Card(_("Van juntos"), len(found.pairs), Kind.COUNT, comparison=_("pares de productos")),
        Card(_("Combos"), len(found.bundles), Kind.COUNT, comparison=_("que conviene ofrecer")),
    )


def _pairs_chart(pairs: Sequence[ProductPair], names: Mapping[int, str]) -> tuple[Section, ...]:
    if not pairs:
        return ()
    bars = [
        Bar(
            f"{names.get(pair.first_id, '')} → {names.get(pair.second_id, '')}",
            pair.confidence,
            text.percent(pair.confidence),
        )
        for pair in pairs[:MOST_BARS]
    ]
    return (bars_of_rows(_("De los que llevan uno, cuántos llevan también el otro"), bars, "pairs", 3),)


def _pairs_table(pairs: Sequence[ProductPair], names: Mapping[int, str]) -> Table:
    return Table(
        key="pairs",
        title=_("Lo que se lleva junto"),
        columns=(
            Column(_("Juntos"), Kind.TEXT, on_paper=False),
            Column(_("Quien lleva"), Kind.TEXT, 2.2),
            Column(_("lleva también"), Kind.TEXT, 2.2),
            Column(_("De ellos"), Kind.SHARE, 0.8),
            Column(_("Veces más que por azar"), Kind.DECIMAL, 0.95),
            Column(_("Compras con los dos"), Kind.COUNT, 0.9),
            Column(_("Cuándo, sobre todo"), Kind.TEXT, 1.6),
            Column(_("Por lo menos (veces)"), Kind.DECIMAL, on_paper=False),
            Column(_("En las compras de prueba (veces)"), Kind.DECIMAL, on_paper=False),
        ),
        rows=tuple(_pair_row(pair, names) for pair in pairs),
        note=_(
            "Primero donde más deja ofrecer lo segundo. Veces: comparado con llevarlos sin que tengan que ver."
        ),
        paper_rows=PAPER_PAIRS,
        empty=_("Nada se lleva junto más que por casualidad."),
    )


def _pair_row(pair: ProductPair, names: Mapping[int, str]) -> tuple[Cell, ...]:
    first, second = names.get(pair.first_id, ""), names.get(pair.second_id, "")
    hours = ", ".join(text.hour_label(hour) for hour in pair.hours)
    return (
        f"{first} → {second}",
        first,
        second,
        pair.confidence,
        pair.lift,
        pair.receipts,
        " · ".join(
            filter(None, (hours, _(PAY_PHASES.get(pair.pay_phase, pair.pay_phase)) if pair.pay_phase else ""))
        ),
        pair.lift_lo,
        pair.held_out_lift,
    )


def _sets_table(sets: Sequence[ProductSet], names: Mapping[int, str]) -> Table:
    return Table(
        key="sets",
        title=_("Tres que van juntos"),
        columns=(
            Column(_("Productos"), Kind.TEXT, 4.0),
            Column(_("De quien lleva los primeros"), Kind.SHARE, 1.1),
            Column(_("Veces más que por azar"), Kind.DECIMAL, 1.0),
            Column(_("Compras con los tres"), Kind.COUNT, 1.0),
        ),
        rows=tuple(
            (_together(three.product_ids, names), three.confidence, three.lift, three.receipts)
            for three in sets
        ),
        paper_rows=PAPER_PAIRS,
    )


def _bundles_table(found: Basket, names: Mapping[int, str]) -> Table:
    return Table(
        key="bundles",
        title=_("Combos que conviene ofrecer"),
        columns=(
            Column(_("Combo"), Kind.TEXT, 3.4),
            Column(_("Por separado"), Kind.MONEY, 1.1),
            Column(_("Juntos, a"), Kind.MONEY, 1.1),
            Column(_("Se ahorran"), Kind.MONEY, 1.1),
            Column(_("Compras que ya los llevan"), Kind.COUNT, 1.1),
        ),
        rows=tuple(
            (
                _together(bundle.product_ids, names),
                bundle.single_cents,
                bundle.price_cents,
                bundle.saving_cents,
                bundle.receipts,
            )
            for bundle in found.bundles
        ),
        empty=_("Ningún combo deja más que venderlos aparte."),
    )


def _trends_table(found: Basket, names: Mapping[int, str]) -> Table:
    return Table(
        key="trends",
        title=_("Lo que crece y lo que baja"),
        columns=(
            Column(_("Producto"), Kind.TEXT, 3.0),
            Column(_("Cambio"), Kind.CHANGE, 0.9),
            Column(_("Desde"), Kind.CHANGE, 0.9),
            Column(_("Hasta"), Kind.CHANGE, 0.9),
            Column(_("Por semana, antes"), Kind.DECIMAL, on_paper=False),
            Column(_("Por semana, ahora"), Kind.DECIMAL, on_paper=False),
        ),
        rows=tuple(
            (
                names.get(trend.product_id, ""),
                trend.growth,
                trend.lo,
                trend.hi,
                trend.before_units,
                trend.recent_units,
            )
            for trend in found.trends
        ),
        note=_("Sin contar la época ni lo que creció el negocio; solo lo que pasa de lo que el azar mueve."),
        empty=_("Nada crece ni baja más de lo que el azar mueve."),
    )


def _seasons_table(found: Basket, names: Mapping[int, str]) -> Table:
    return Table(
        key="seasons",
        title=_("Lo que viene pronto"),
        columns=(
            Column(_("Producto"), Kind.TEXT, 3.0),
            Column(_("Cuándo"), Kind.TEXT, 1.4),
            Column(_("Veces lo normal"), Kind.DECIMAL, 0.9),
            Column(_("Desde"), Kind.DECIMAL, 0.8),
            Column(_("Hasta"), Kind.DECIMAL, 0.8),
            Column(_("Veces visto"), Kind.COUNT, 0.8),
        ),
        rows=tuple(
            (
                names.get(each.product_id, ""),
                text.occasion_name(each.occasion) if each.occasion else text.month_name(each.month),
                each.index,
                each.lo,
                each.hi,
                each.seen,
            )
            for each in found.seasonal
        ),
        empty=_(
            "Ningún producto tiene una época que venga pronto, o falta más de un año de ventas para verla."
        ),
    )


def _together(products: Sequence[int], names: Mapping[int, str]) -> str:
    return " + ".join(names.get(product, "") for product in products)
