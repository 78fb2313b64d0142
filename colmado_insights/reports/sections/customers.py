"""Known customers: who they are, who may be lost, what is due for whom, and how all that is known.

It names people, so that it is not for sharing; telephones stand only in Excel, of those who agreed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from colmado_insights import text
from colmado_insights.analytics.results import (
    AT_RISK,
    CustomerModels,
    CustomerSegmentSummary,
    NotEnough,
    Replenishment,
    Rfm,
)
from colmado_insights.charts import rfm_map
from colmado_insights.domain import Consent
from colmado_insights.insights import CustomerBook
from colmado_insights.insights.people import (
    Person,
    list_at_risk,
    list_due,
    list_people,
    list_to_win_back,
)
from colmado_insights.reports.report import (
    Audience,
    Card,
    Cell,
    ChartSection,
    Column,
    Kind,
    Line,
    NativeChart,
    Numbers,
    Paragraph,
    Report,
    Section,
    Shape,
    Table,
)
from colmado_insights.text import _, ngettext

DUE_DAYS = 7
PAPER_PEOPLE = 40
MAP_PX = 150.0
SUREST = 0.99
"""Nobody is surer of anyone than this."""


def customers_report(book: CustomerBook, shop_name: str, made_at: datetime) -> Report:
    """Everyone the shop knows by name, and what to do about them."""
    people = list_people(book)
    risky = list_at_risk(people)
    today = made_at.date()
    due = list_due(people, today + timedelta(days=DUE_DAYS))
    sections: list[Section] = [
        Numbers(_cards(book, people, risky, len(due))),
        *(Paragraph(text.sentence(reason)) for reason in book.rfm.reasons),
        *_segment_sections(book.rfm),
        _risk_table(risky),
        _due_table(due, book.product_names),
        _win_back_table(list_to_win_back(people)),
        _people_table(book, people, today),
        *_move_tables(book),
        _methods_table(book.models),
        _trials_table(book.models),
    ]
    return Report(
        title=_("Clientes conocidos"),
        subtitle=_("Con las compras hasta el {day}").format(day=text.long_date(book.until)),
        shop_name=shop_name,
        made_at=made_at,
        sections=tuple(sections),
        audience=Audience.PEOPLE,
    )


def _cards(
    book: CustomerBook, people: Sequence[Person], risky: Sequence[Person], due: int
) -> tuple[Card, ...]:
    days = book.rfm.window_days
    return (
        Card(_("Clientes conocidos"), len(people), Kind.COUNT, comparison=_("con compras")),
        Card(
            _("Gastaron"),
            sum(one.outlook.rfm.monetary_cents for one in people),
            Kind.MONEY,
            comparison=ngettext("en {n} día", "en {n} días", days).format(n=text.number(days)),
        ),
        Card(
            _("Pueden no volver"),
            len(risky),
            Kind.COUNT,
            comparison=_("dejaban {money} al año").format(
                money=text.money(sum(one.outlook.stake_cents for one in risky))
            ),
        ),
        Card(_("Les toca algo"), due, Kind.COUNT, comparison=_("de hoy a una semana")),
    )  # fmt: skip


# -- the eight segments --


def _segment_sections(rfm: Rfm) -> tuple[Section, ...]:
    title = _("Los ocho segmentos")
    columns = (
        Column(_("Segmento"), Kind.TEXT, 1.5),
        Column(_("Clientes"), Kind.COUNT, 0.85),
        Column(_("Gastaron"), Kind.MONEY, 1.45),
        Column(_("% del dinero"), Kind.SHARE, 0.9),
        Column(_("Cambio"), Kind.CHANGE, 0.8),
        Column(_("Qué hacer"), Kind.TEXT, 4.0),
        Column(_("Compras"), Kind.COUNT, on_paper=False),
        Column(_("Compra promedio"), Kind.MONEY, on_paper=False),
        Column(_("Qué decirles"), Kind.TEXT, 3.0, on_paper=False),
        Column(_("Por qué"), Kind.TEXT, 3.0, on_paper=False),
    )
    spent = sum(one.revenue_cents for one in rfm.segments)
    table = Table(
        key="segments",
        title=title,
        columns=columns,
        rows=tuple(_segment_row(one) for one in rfm.segments),
        totals=(
            _("Total"), sum(one.customers for one in rfm.segments), spent, 1.0 if spent else None,
            *(None,) * (len(columns) - 4),
        ),
        note=_("Cambio: lo que gasta cada uno por día, contra la ventana anterior. «=» es lo que el azar mueve."),
    )  # fmt: skip
    chart = ChartSection(
        title=title,
        draw=partial(rfm_map, rfm),
        native=NativeChart(Shape.BAR, table.key, 0, (Line(3),)),
        height_px=MAP_PX,
    )
    return chart, table


def _segment_row(one: CustomerSegmentSummary) -> tuple[Cell, ...]:
    change = one.growth if one.is_beyond_noise else 0.0
    return (
        text.customer_segment_name(one.segment),
        one.customers,
        one.revenue_cents,
        one.revenue_share,
        None if one.growth is None else change,
        text.sentence(one.strategy),
        one.receipts,
        one.avg_basket_cents,
        text.sentence(one.message).replace(", {name}", ""),
        " ".join(text.sentence(reason) for reason in one.why),
    )


# -- lists of people --


def _risk_table(risky: Sequence[Person]) -> Table:
    return Table(
        key="at_risk",
        title=_("Pueden no volver"),
        columns=(
            Column(_("Cliente"), Kind.TEXT, 1.7),
            Column(_("Segmento"), Kind.TEXT, 1.2),
            Column(_("Riesgo"), Kind.SHARE, 0.8),
            Column(_("Al año dejaba"), Kind.ESTIMATE, 1.1),
            Column(_("Última visita"), Kind.DATE, 1.0),
            Column(_("Venía cada (días)"), Kind.DECIMAL, 0.85),
            Column(_("Por qué"), Kind.TEXT, 3.0),
            Column(_("Teléfono"), Kind.TEXT, on_paper=False),
        ),
        rows=tuple(
            (
                one.customer.shown_name,
                text.customer_segment_name(one.outlook.rfm.segment),
                _chance(one.outlook.risk),
                one.outlook.stake_cents,
                one.outlook.last_day,
                one.outlook.rfm.rhythm_days,
                " ".join(text.sentence(factor) for factor in one.outlook.churn.factors[:2])
                if one.outlook.churn
                else "",
                _phone(one),
            )
            for one in risky
        ),
        note=_("Desde un riesgo de {share}; primero los que más dejan.").format(share=text.percent(AT_RISK)),
        paper_rows=PAPER_PEOPLE,
        empty=_("Nadie corre ese riesgo: buena señal."),
    )


def _due_table(due: Sequence[tuple[Person, Replenishment]], names: Mapping[int, str]) -> Table:
    return Table(
        key="due",
        title=_("Lo que les toca esta semana"),
        columns=(
            Column(_("Día"), Kind.DATE, 1.0),
            Column(_("Cliente"), Kind.TEXT, 2.0),
            Column(_("Le toca"), Kind.TEXT, 2.6),
            Column(_("Lleva"), Kind.DECIMAL, 0.7),
            Column(_("Probable"), Kind.SHARE, 0.8),
            Column(_("Desde"), Kind.DATE, on_paper=False),
            Column(_("Hasta"), Kind.DATE, on_paper=False),
            Column(_("Veces que lo llevó"), Kind.COUNT, on_paper=False),
            Column(_("Teléfono"), Kind.TEXT, on_paper=False),
        ),
        rows=tuple(
            (
                item.day,
                one.customer.shown_name,
                names.get(item.product_id, ""),
                item.quantity_milli / 1000,
                _chance(item.probability),
                item.lo,
                item.hi,
                item.times,
                _phone(one),
            )
            for one, item in due
        ),
        note=_("Probable: que lo lleve alrededor de ese día; el Excel dice entre cuáles."),
        paper_rows=PAPER_PEOPLE,
        empty=_("A nadie le toca nada en estos días."),
    )


def _win_back_table(people: Sequence[Person]) -> Table:
    return Table(
        key="win_back",
        title=_("Para que vuelvan"),
        columns=(
            Column(_("Cliente"), Kind.TEXT, 1.5),
            Column(_("Última visita"), Kind.DATE, 0.95),
            Column(_("Al año dejaba"), Kind.ESTIMATE, 1.0),
            Column(_("Permiso"), Kind.TEXT, 1.15),
            Column(_("Qué decirle"), Kind.TEXT, 4.0),
            Column(_("Teléfono"), Kind.TEXT, on_paper=False),
        ),
        rows=tuple(
            (
                one.customer.shown_name,
                one.outlook.last_day,
                one.outlook.stake_cents,
                text.consent_name(one.customer.consent),
                text.polite_message(one.customer.shown_name, is_leaving=True),
                _phone(one),
            )
            for one in people
        ),
        note=_("Escríbele solo a quien dio permiso; a los demás, díselo cuando pasen."),
        paper_rows=PAPER_PEOPLE,
        empty=_("Todos tus clientes conocidos vienen como de costumbre."),
    )


def _people_table(book: CustomerBook, people: Sequence[Person], today: date) -> Table:
    silent = sum(customer.consent is Consent.NO for customer in book.customers)
    note = ngettext(
        "{n} cliente no quiere que se mire lo que compra: no está aquí.",
        "{n} clientes no quieren que se mire lo que compran: no están aquí.",
        silent,
    ).format(n=text.number(silent))
    return Table(
        key="customers",
        title=_("Todos los clientes"),
        columns=(
            Column(_("Cliente"), Kind.TEXT, 1.8),
            Column(_("Segmento"), Kind.TEXT, 1.6),
            Column(_("Compras"), Kind.COUNT, 0.75),
            Column(_("Gastó"), Kind.MONEY, 1.3),
            Column(_("Última visita"), Kind.DATE, 1.0),
            Column(_("Próximos 12 meses"), Kind.ESTIMATE, 1.15),
            Column(_("Riesgo"), Kind.SHARE, 0.75),
            Column(_("Vuelve hacia"), Kind.DATE, 1.0),
            Column(_("12 meses: desde"), Kind.ESTIMATE, on_paper=False),
            Column(_("12 meses: hasta"), Kind.ESTIMATE, on_paper=False),
            Column(_("Vuelve desde"), Kind.DATE, on_paper=False),
            Column(_("Vuelve hasta"), Kind.DATE, on_paper=False),
            Column(_("Viene cada (días)"), Kind.DECIMAL, on_paper=False),
            Column(_("Días sin venir"), Kind.COUNT, on_paper=False),
            Column(_("Recencia (1 a 5)"), Kind.COUNT, on_paper=False),
            Column(_("Frecuencia (1 a 5)"), Kind.COUNT, on_paper=False),
            Column(_("Gasto (1 a 5)"), Kind.COUNT, on_paper=False),
            Column(_("Primera visita"), Kind.DATE, on_paper=False),
            Column(_("Qué hacer"), Kind.TEXT, 3.0, on_paper=False),
            Column(_("Puede dejar"), Kind.ESTIMATE, on_paper=False),
            Column(_("Permiso"), Kind.TEXT, on_paper=False),
            Column(_("Teléfono"), Kind.TEXT, on_paper=False),
        ),
        rows=tuple(_person_row(one, today) for one in people),
        note=note if silent else "",
        paper_rows=PAPER_PEOPLE,
    )


def _person_row(one: Person, today: date) -> tuple[Cell, ...]:
    outlook = one.outlook
    rfm, worth, visit, action = outlook.rfm, outlook.lifetime, outlook.next, outlook.action
    return (
        one.customer.shown_name,
        text.customer_segment_name(rfm.segment),
        rfm.frequency,
        rfm.monetary_cents,
        outlook.last_day,
        worth.clv_cents if worth else None,
        _chance(outlook.churn.probability) if outlook.churn else None,
        visit.day if visit else None,
        worth.lo_cents if worth else None,
        worth.hi_cents if worth else None,
        visit.lo if visit else None,
        visit.hi if visit else None,
        rfm.rhythm_days,
        (today - outlook.last_day).days,
        rfm.r,
        rfm.f,
        rfm.m,
        outlook.first_day,
        text.sentence(action.what) if action else "",
        action.expected_cents if action else None,
        text.consent_name(one.customer.consent),
        _phone(one),
    )


def _phone(one: Person) -> str:
    """Only of those who agreed to be written to."""
    return one.customer.phone if one.customer.consent is Consent.YES else ""


def _chance(probability: float) -> float:
    return min(max(probability, 1 - SUREST), SUREST)


# -- who moved, and how it is known --


def _move_tables(book: CustomerBook) -> Iterator[Section]:
    migration = book.migration
    if isinstance(migration, NotEnough):
        return
    words = _("Entre el {before} y el {until}, {share} siguió en su segmento; quién cambió está en el Excel.")
    yield Paragraph(
        words.format(
            before=text.short_date(migration.before),
            until=text.short_date(migration.until),
            share=text.percent(migration.stayed),
        )
    )
    names = {customer.customer_id: customer.shown_name for customer in book.customers}
    yield Table(
        key="moves",
        title=_("Quién cambió de segmento"),
        columns=(
            Column(_("Cliente"), Kind.TEXT),
            Column(_("De"), Kind.TEXT),
            Column(_("A"), Kind.TEXT),
            Column(_("Por qué"), Kind.TEXT, 3.0),
        ),
        rows=tuple(
            (
                names[move.customer_id],
                text.customer_segment_name(move.source) if move.source else _("no se conocía"),
                text.customer_segment_name(move.target),
                text.sentence(move.why),
            )
            for move in migration.moves
            if move.customer_id in names
        ),
        on_paper=False,
    )


def _methods_table(models: CustomerModels) -> Table:
    """Which method answered each question, and how well it did, in words."""
    trials, said = dict(models.trials), text.by_question(models.reasons)
    rows = []
    for question, method in models.methods:
        used = next((trial for trial in trials.get(question, ()) if trial.is_used), None)
        score = text.score_words(question, dict(used.scores)) if used else ""
        rows.append(
            (
                text.question_name(question),
                text.customer_method_name(method),
                said.get(question) or score,
            )
        )
    return Table(
        key="methods",
        title=_("Cómo se sabe"),
        columns=(
            Column(_("Pregunta"), Kind.TEXT, 1.2),
            Column(_("Método"), Kind.TEXT, 1.6),
            Column(_("Qué tan bien"), Kind.TEXT, 4.5),
        ),
        rows=tuple(rows),
    )


def _trials_table(models: CustomerModels) -> Table:
    """The scores of all methods tried, by the names the field gives them."""
    return Table(
        key="trials",
        title=_("Métodos probados"),
        columns=(
            Column(_("Pregunta"), Kind.TEXT),
            Column(_("Método"), Kind.TEXT),
            Column(_("Se usa"), Kind.TEXT),
            Column(_("Medida"), Kind.TEXT),
            Column(_("Valor"), Kind.EXACT),
        ),
        rows=tuple(
            (
                text.question_name(question),
                text.customer_method_name(trial.method),
                _("sí") if trial.is_used else "",
                measure,
                value,
            )
            for question, trials in models.trials
            for trial in trials
            for measure, value in trial.scores
        ),
        on_paper=False,
    )
