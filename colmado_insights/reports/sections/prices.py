"""What to charge, for the owner: costs that rose, prices worth changing, and all that could be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from colmado_insights import text
from colmado_insights.analytics.results import Estimate, PriceAdvice, PriceBoard
from colmado_insights.charts import Bar
from colmado_insights.reports.report import (
    Audience,
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
from colmado_insights.text import N_, _, ngettext

PAPER_PRICES = 40
UP = 1.1
"""How buyers answer is told of a price 10 % up."""
REFUSALS: Mapping[str, str] = {
    "prices": N_("Su precio casi no ha cambiado"),
    "days": N_("Tiene muy pocos días con ventas"),
    "by_amount": N_("Se pide por monto («deme 25 pesos»)"),
    "open_price": N_("Se le pone un precio distinto en cada venta"),
    "receipts": N_("Se ha vendido poco últimamente"),
    "sales": N_("No tiene ventas"),
}


def prices_report(board: PriceBoard, names: Mapping[int, str], shop_name: str, made_at: datetime) -> Report:
    """The advice on all prices at once, what brings most first."""
    changes = [advice for advice in board.advices if advice.optimal_cents != advice.current_cents]
    sections: list[Section] = [
        Numbers(_cards(board, changes)),
        *(Paragraph(text.sentence(reason)) for reason in board.reasons),
        *_gain_chart(changes, names),
        _changes_table(changes, names),
        _alarms_table(board, names),
        _answers_table(board.advices, names),
        _refused_table(board),
    ]
    return Report(
        title=_("Precios"),
        subtitle=_("Con las ventas hasta el {day}").format(day=text.long_date(board.until)),
        shop_name=shop_name,
        made_at=made_at,
        sections=tuple(sections),
        audience=Audience.OWNER,
    )


def _cards(board: PriceBoard, changes: Sequence[PriceAdvice]) -> tuple[Card, ...]:
    refused = sum(count for _why, count in board.refused)
    return (
        Card(
            _("Precios por cambiar"),
            len(changes),
            Kind.COUNT,
            comparison=_("de {n} que se pudieron juzgar").format(n=text.number(board.judged)),
        ),
        Card(
            _("Te subió el costo"),
            len(board.alarms),
            Kind.COUNT,
            comparison=ngettext("producto", "productos", len(board.alarms)),
        ),
        Card(
            _("Se pierde por eso"),
            sum(alarm.weekly_loss_cents for alarm in board.alarms),
            Kind.ESTIMATE,
            comparison=_("a la semana, al precio de ahora"),
        ),
        Card(_("Sin juzgar"), refused, Kind.COUNT, comparison=_("falta que el precio cambie o se venda más")),
    )


def _gain(advice: PriceAdvice) -> Estimate:
    """Of profit where the cost is known, else of sales."""
    return advice.profit_change or advice.revenue_change


def _gain_chart(changes: Sequence[PriceAdvice], names: Mapping[int, str]) -> tuple[Section, ...]:
    if not changes:
        return ()
    bars = [
        Bar(
            names.get(advice.product_id, ""),
            _gain(advice).mean,
            text.money(_gain(advice).mean, signed=True),
        )
        for advice in changes[:MOST_BARS]
    ]
    return (bars_of_rows(_("Los cambios que más dejan a la semana"), bars, "changes", 3),)


def _changes_table(changes: Sequence[PriceAdvice], names: Mapping[int, str]) -> Table:
    return Table(
        key="changes",
        title=_("Precios que conviene cambiar"),
        columns=(
            Column(_("Producto"), Kind.TEXT, 2.3),
            Column(_("Está a"), Kind.MONEY, 1.1),
            Column(_("Ponlo a"), Kind.MONEY, 1.1),
            Column(_("Trae a la semana"), Kind.ESTIMATE, 1.0),
            Column(_("Desde"), Kind.ESTIMATE, 0.9),
            Column(_("Hasta"), Kind.ESTIMATE, 0.9),
            Column(_("Por qué"), Kind.TEXT, 3.6),
            Column(_("Qué más"), Kind.TEXT, 3.0, on_paper=False),
            Column(_("Es"), Kind.TEXT, on_paper=False),
            Column(_("Costo"), Kind.MONEY, on_paper=False),
            Column(_("Unidades a la semana"), Kind.DECIMAL, on_paper=False),
            Column(_("Confianza"), Kind.SHARE, on_paper=False),
        ),
        rows=tuple(_change_row(advice, names) for advice in changes),
        note=_(
            "8 de cada 10 veces cae entre «desde» y «hasta». Cambia pocos precios a la vez: lo que trae cada uno "
            "se calculó con los demás como están."
        ),
        paper_rows=PAPER_PRICES,
        empty=_("Ningún otro precio gana más con seguridad: déjalos como están."),
    )


def _change_row(advice: PriceAdvice, names: Mapping[int, str]) -> tuple[Cell, ...]:
    gain = _gain(advice)
    told = [text.sentence(reason) for reason in advice.reasons]
    return (
        names.get(advice.product_id, ""),
        advice.current_cents,
        advice.optimal_cents,
        gain.mean,
        gain.lo,
        gain.hi,
        " ".join(told[:1]),
        " ".join(told[1:]),
        _("de ganancia") if advice.profit_change else _("de venta"),
        advice.cost_cents,
        advice.units_change.mean,
        advice.confidence,
    )


def _alarms_table(board: PriceBoard, names: Mapping[int, str]) -> Table:
    return Table(
        key="alarms",
        title=_("Costos que subieron"),
        columns=(
            Column(_("Producto"), Kind.TEXT, 2.4),
            Column(_("Desde"), Kind.DATE, 1.0),
            Column(_("Costaba"), Kind.MONEY, 1.1),
            Column(_("Cuesta"), Kind.MONEY, 1.1),
            Column(_("Está a"), Kind.MONEY, 1.1),
            Column(_("Ponlo a"), Kind.MONEY, 1.1),
            Column(_("Margen antes"), Kind.SHARE, 0.8),
            Column(_("Margen ahora"), Kind.SHARE, 0.8),
            Column(_("Se pierde a la semana"), Kind.ESTIMATE, 1.0),
        ),
        rows=tuple(
            (
                names.get(alarm.product_id, ""),
                alarm.since,
                alarm.old_cost_cents,
                alarm.new_cost_cents,
                alarm.price_cents,
                alarm.proposed_cents,
                alarm.old_margin,
                alarm.new_margin,
                alarm.weekly_loss_cents,
            )
            for alarm in board.alarms
        ),
        note=_("«Ponlo a» te devuelve el margen que tenías."),
        paper_rows=PAPER_PRICES,
        empty=_("Ningún costo que se sepa te comió el margen."),
    )


def _answers_table(advices: Sequence[PriceAdvice], names: Mapping[int, str]) -> Table:
    """How buyers answer the price of everything that could be judged."""
    return Table(
        key="answers",
        title=_("Cómo responde la gente"),
        columns=(
            Column(_("Producto"), Kind.TEXT, 2.0),
            Column(_("Está a"), Kind.MONEY),
            Column(_("Si sube 10 %, se vende"), Kind.CHANGE),
            Column(_("Elasticidad"), Kind.EXACT),
            Column(_("Desde (95 %)"), Kind.EXACT),
            Column(_("Hasta (95 %)"), Kind.EXACT),
            Column(_("Precios vistos"), Kind.COUNT),
            Column(_("Días con ventas"), Kind.COUNT),
            Column(_("Se aconseja desde"), Kind.MONEY),
            Column(_("Se aconseja hasta"), Kind.MONEY),
            Column(_("Confianza"), Kind.SHARE),
        ),
        rows=tuple(
            (
                names.get(advice.product_id, ""),
                advice.current_cents,
                UP**found.elasticity - 1,
                found.elasticity,
                found.lo95,
                found.hi95,
                found.n_prices,
                found.days,
                advice.lowest_cents,
                advice.highest_cents,
                found.confidence,
            )
            for advice in advices
            for found in (advice.elasticity,)
        ),
        on_paper=False,
    )


def _refused_table(board: PriceBoard) -> Table:
    return Table(
        key="refused",
        title=_("Lo que no se pudo juzgar"),
        columns=(Column(_("Por qué"), Kind.TEXT, 3.0), Column(_("Productos"), Kind.COUNT)),
        rows=tuple(
            (_(REFUSALS.get(why, why)), count)
            for why, count in sorted(board.refused, key=lambda row: -row[1])
        ),
    )
