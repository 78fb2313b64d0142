"""One day against what is normal for it, and what will come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from colmado_insights import text
from colmado_insights.analytics.results import (
    DayView,
    Driver,
    Forecast,
    LiveInsight,
    Segments,
    Usual,
    Verdict,
)
from colmado_insights.charts import day_chart, forecast_chart, running_hour
from colmado_insights.domain import Target
from colmado_insights.reports.report import (
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
from colmado_insights.reports.sections.comparison import against
from colmado_insights.text import _

MAIN_DRIVERS = 2


def day_report(
    day: DayView,
    live: tuple[LiveInsight, ...],
    segments: Segments | None,
    forecast: Forecast | None,
    shop_name: str,
    made_at: datetime,
) -> Report:
    """One day against what is normal for it, what to do, and what will come."""
    sections: list[Section] = [Numbers(_day_cards(day))]
    if day.normal is not None:
        sections.append(Paragraph(text.sentence(day.normal)))
    if not day.is_open_day:
        sections.append(Paragraph(_("Este día todavía no tiene ventas.")))
    by_hour = _day_sections(day) if day.hours else ()
    sections += by_hour[:1]
    if live:
        sections.append(_live_table(live))
    sections += by_hour[1:]
    if forecast is not None and forecast.points:
        sections += _forecast_sections(forecast)
    if segments is not None and segments.segments:
        sections.append(_short_segments_table(segments))
    return Report(
        title=_("Reporte del día"),
        subtitle=text.capitalized(text.long_date(day.day)),
        shop_name=shop_name,
        made_at=made_at,
        sections=tuple(sections),
    )


def _day_cards(day: DayView) -> tuple[Card, ...]:
    cards = [
        _card(_("Vendido"), day.revenue_cents, Kind.MONEY, day.usual_revenue, day.verdict_revenue),
        _card(_("Clientes"), day.receipts, Kind.COUNT, day.usual_receipts, day.verdict_receipts),
        _card(_("Compra promedio"), day.avg_basket_cents, Kind.MONEY, day.usual_basket, day.verdict_basket),
    ]
    if day.remaining_revenue is not None:
        left = day.remaining_revenue
        cards.append(
            Card(
                _("Falta por vender"),
                round(left.mean),
                Kind.ESTIMATE,
                chip=f"± {text.money((left.hi - left.lo) / 2)}",
                comparison=_("hasta cerrar"),
            )
        )
    return tuple(cards)


def _card(label: str, value: int | None, kind: Kind, usual: Usual | None, verdict: Verdict) -> Card:
    return against(label, value, kind, usual.mean if usual else None, verdict)


def _day_sections(day: DayView) -> tuple[Section, ...]:
    running = running_hour(day)
    note = (
        ""
        if running is None
        else _("A las {clock} todavía corría la hora de las {hour}, que por eso sale incompleta.").format(
            hour=text.hour_label(day.hours[running]), clock=text.clock(day.until)
        )
    )
    rows: list[tuple[Cell, ...]] = []
    for i, hour in enumerate(day.hours):
        count, usual = day.receipts_by_hour[i], day.usual_by_hour[i]
        known = count is not None and usual is not None and i != running
        rows.append(
            (
                hour,
                count,
                usual.mean if usual else None,
                usual.lo if usual else None,
                usual.hi if usual else None,
                count - usual.mean if known and count is not None and usual is not None else None,
            )
        )
    table = Table(
        key="day",
        title=_("Clientes por hora"),
        columns=(
            Column(_("Hora"), Kind.HOUR),
            Column(_("Clientes"), Kind.COUNT),
            Column(_("Lo normal"), Kind.DECIMAL),
            Column(_("Normal desde"), Kind.DECIMAL),
            Column(_("Normal hasta"), Kind.DECIMAL),
            Column(_("Diferencia"), Kind.DECIMAL),
        ),
        rows=tuple(rows),
        totals=(_("Total"), sum(n or 0 for n in day.receipts_by_hour), None, None, None, None),
        note=note,
        # On paper the chart says the same in less room.
        on_paper=False,
    )
    chart = ChartSection(
        title=_("Clientes por hora, contra lo normal"),
        draw=partial(day_chart, day, is_today=False),
        native=NativeChart(
            Shape.LINE,
            "day",
            0,
            (Line(1), Line(2, strong=False, dashed=True), Line(3, strong=False), Line(4, strong=False)),
        ),
        note=note,
    )
    return chart, table


def _live_table(live: Iterable[LiveInsight]) -> Table:
    return Table(
        key="live",
        title=_("Avisos del momento"),
        columns=(
            Column(_("Aviso"), Kind.TEXT, 2.6),
            Column(_("Qué hacer"), Kind.TEXT, 3.0),
            Column(_("Vale hasta"), Kind.CLOCK, 1.0),
            Column(_("Confianza"), Kind.SHARE, 0.9),
            Column(_("Por qué"), Kind.TEXT, on_paper=False),
        ),
        rows=tuple(
            (
                text.sentence(insight.message),
                " ".join(text.action_sentence(code) for code in insight.actions),
                insight.expires_at,
                insight.confidence,
                " ".join(text.sentence(reason) for reason in insight.why),
            )
            for insight in live
        ),
    )


def _forecast_sections(forecast: Forecast) -> tuple[Section, ...]:
    is_money = forecast.target is Target.REVENUE
    kind = Kind.ESTIMATE if is_money else Kind.COUNT
    days = len(forecast.points)
    title = (
        _("Ventas por día, próximos {days} días") if is_money else _("Compras por día, próximos {days} días")
    ).format(days=days)
    chart = ChartSection(
        title=title,
        draw=partial(forecast_chart, forecast),
        native=NativeChart(
            Shape.LINE, "forecast", 0, (Line(1), Line(2, strong=False), Line(3, strong=False))
        ),
        note=_("Sombra oscura: 8 de cada 10 días caen ahí. Sombra clara: 19 de cada 20."),
    )
    table = Table(
        key="forecast",
        title=_("Pronóstico"),
        columns=(
            Column(_("Día"), Kind.DATE, 0.95),
            Column(_("Esperado"), kind, 1.05),
            Column(_("8 de 10: desde"), kind, 1.05),
            Column(_("8 de 10: hasta"), kind, 1.05),
            Column(_("19 de 20: desde"), kind, on_paper=False),
            Column(_("19 de 20: hasta"), kind, on_paper=False),
            Column(_("Por qué"), Kind.TEXT, 4.2),
        ),
        rows=tuple(
            (
                point.day,
                *(round(v) for v in (point.mean, point.lo80, point.hi80, point.lo95, point.hi95)),
                _drivers_words(forecast.drivers[i] if i < len(forecast.drivers) else (), forecast.target),
            )
            for i, point in enumerate(forecast.points)
        ),
        totals=(
            _("Total"),
            sum(round(point.mean) for point in forecast.points),
            *(None,) * 5,
        ),
    )
    return (chart, *_backtest_words(forecast), table)


def _drivers_words(drivers: Sequence[Driver], target: Target) -> str:
    """The strongest causes of a day, with what each adds."""
    strongest = sorted(drivers, key=lambda driver: -abs(driver.amount))[:MAIN_DRIVERS]
    return " · ".join(
        f"{text.sentence(driver.reason)} {_signed(driver.amount, target)}"
        for driver in strongest
        if round(driver.amount)
    )


def _signed(amount: float, target: Target) -> str:
    if target is Target.REVENUE:
        return text.money(amount, signed=True)
    return f"{'+' if amount > 0 else '−'}{text.number(abs(amount))}"


def _backtest_words(forecast: Forecast) -> tuple[Paragraph, ...]:
    """How well this forecast did on the shop's own days."""
    test = forecast.backtest
    if test is None:
        return ()
    return (
        Paragraph(
            _(
                "Qué tan bien acierta: probado {origins} veces con los días ya pasados, el error típico fue de "
                "{error}; repetir la semana anterior habría errado {naive}. {inside} de los días cayó dentro de "
                "la sombra oscura. Método: {model}."
            ).format(
                origins=test.origins,
                error=text.percent(test.wape),
                naive=text.percent(test.naive_wape),
                inside=text.percent(test.coverage80),
                model=text.join_words([text.model_name(name) for name in forecast.model.split("+")]),
            )
        ),
    )


def _short_segments_table(segments: Segments) -> Table:
    """The segments in four columns; their own report has the rest."""
    return Table(
        key="segments",
        title=_("Quiénes compran"),
        columns=(
            Column(_("Segmento"), Kind.TEXT, 2.0),
            Column(_("Compras"), Kind.COUNT),
            Column(_("% de las compras"), Kind.SHARE),
            Column(_("Vendido"), Kind.MONEY, 1.3),
            Column(_("Compra promedio"), Kind.MONEY, 1.2),
            Column(_("Cambio"), Kind.CHANGE),
        ),
        rows=tuple(
            (
                text.segment_title(s),
                s.transaction_count,
                s.share,
                s.revenue_cents,
                s.avg_basket_cents,
                s.growth,
            )
            for s in segments.segments
        ),
        note=_(
            "Del {first} al {last}. Cada compra cuenta una vez por hora, una por tamaño y una por lo que lleva."
        ).format(
            first=text.short_date(segments.first_day),
            last=text.short_date(segments.until),
        ),
    )
