"""Which sections each report has, in which order.

To add a report: a function from results to a `Report`; Excel, PDF and CLI need nothing more.
Costs and profits never stand here: reports are printed and shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from colmado_insights import text
from colmado_insights.analytics.results import (
    RULE_TYPES,
    DayView,
    Driver,
    Forecast,
    LiveInsight,
    Segment,
    Segments,
    SegmentType,
    Usual,
    Verdict,
)
from colmado_insights.charts import (
    day_chart,
    forecast_chart,
    hours_bars,
    running_hour,
    segment_bars,
    shown_hours,
)
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
    Trend,
    change_words,
)
from colmado_insights.text import N_, _, ngettext

FREQUENCIES = {
    "daily": N_("casi todos los días"),
    "weekly": N_("todas las semanas"),
    "occasional": N_("de vez en cuando"),
}
ROW_OF_BARS_PX = 27.0
HOURS_PX = 160.0
MAIN_DRIVERS = 2
PEAKS = 4


# -- segments --


def segments_report(segments: Segments, shop_name: str, made_at: datetime) -> Report:
    """Who buys: the three ways of cutting the same receipts, with their hours and what they take."""
    sections: list[Section] = [
        Numbers(_segment_cards(segments)),
        Paragraph(
            _(
                "Cada compra se mira de tres maneras: a qué hora se hizo, de cuánto fue y qué llevaba. "
                "En cada manera, los segmentos y «ningún segmento» suman el 100 % de las compras."
            )
        ),
    ]
    sections += _hours_sections(segments)
    for kind in RULE_TYPES:
        members = tuple(segment for segment in segments.segments if segment.type is kind)
        if members:
            sections += _type_sections(segments, kind, members)
    sections += [_categories_table(segments), _payments_table(segments)]
    return Report(
        title=_("Quiénes compran"),
        subtitle=_("Segmentos del {first} al {last}").format(
            first=text.long_date(segments.first_day), last=text.long_date(segments.until)
        ),
        shop_name=shop_name,
        made_at=made_at,
        sections=tuple(sections),
    )


def _segment_cards(segments: Segments) -> tuple[Card, ...]:
    cards = [
        Card(
            _("Compras"),
            segments.receipts,
            Kind.COUNT,
            comparison=ngettext("en {days} día", "en {days} días", segments.window_days).format(
                days=segments.window_days
            ),
        )
    ]
    labels = (
        (SegmentType.TEMPORAL, _("La hora más fuerte")),
        (SegmentType.BASKET_VALUE, _("La compra más común")),
        (SegmentType.PRODUCT_PREFERENCE, _("Lo que más llevan")),
    )
    for kind, label in labels:
        members = [s for s in segments.segments if s.type is kind and s.transaction_count]
        if members:
            biggest = max(members, key=lambda s: s.transaction_count)
            cards.append(
                Card(
                    label,
                    text.segment_title(biggest),
                    Kind.TEXT,
                    comparison=_("{share} de las compras").format(share=text.percent(biggest.share)),
                )
            )
    return tuple(cards)


def _type_sections(
    segments: Segments, kind: SegmentType, members: Sequence[Segment]
) -> tuple[ChartSection, Table]:
    title = text.segment_type_name(kind)
    chart = ChartSection(
        title=title,
        draw=partial(segment_bars, members),
        native=NativeChart(Shape.BAR, kind.value, 0, (Line(2),)),
        height_px=ROW_OF_BARS_PX * len(members) + 8,
    )
    return chart, _type_table(segments, kind, members, title)


def _type_table(segments: Segments, kind: SegmentType, members: Sequence[Segment], title: str) -> Table:
    """One row a segment and the rest; money of the rest is not known, so it is left empty."""
    columns = (
        Column(_("Segmento"), Kind.TEXT, 1.7),
        Column(_("Compras"), Kind.COUNT, 0.85),
        Column(_("% de las compras"), Kind.SHARE, 0.95),
        Column(_("Vendido"), Kind.MONEY, 1.65),
        Column(_("Compra promedio"), Kind.MONEY, 1.35),
        Column(_("Cambio"), Kind.CHANGE, 0.8),
        Column(_("Horas fuertes"), Kind.TEXT, 1.45),
        Column(_("Lo que más llevan"), Kind.TEXT, 1.55),
        Column(_("Artículos por compra"), Kind.DECIMAL, on_paper=False),
        Column(_("Días fuertes"), Kind.TEXT, on_paper=False),
        Column(_("Frecuencia"), Kind.TEXT, on_paper=False),
        Column(_("Confianza"), Kind.SHARE, on_paper=False),
        Column(_("Quiénes son"), Kind.TEXT, on_paper=False),
    )
    counted = sum(segment.transaction_count for segment in members)
    rest = segments.receipts - counted
    rows = [_segment_row(segment) for segment in members]
    if rest:
        rows.append(
            (_("Ningún segmento"), rest, segments.unassigned.get(kind), *(None,) * (len(columns) - 3))
        )
    revenue = sum(segment.revenue_cents for segment in members) if not rest else None
    return Table(
        key=kind.value,
        title=title,
        columns=columns,
        rows=tuple(rows),
        totals=(_("Total"), segments.receipts, 1.0, revenue, *(None,) * (len(columns) - 4)),
        note=_("Cambio: compras por día abierto contra la ventana anterior."),
    )


def _segment_row(segment: Segment) -> tuple[Cell, ...]:
    return (
        text.segment_title(segment),
        segment.transaction_count,
        segment.share,
        segment.revenue_cents,
        segment.avg_basket_cents,
        segment.growth,
        ", ".join(text.hour_label(hour) for hour in segment.peak_hours),
        ", ".join(text.category_name(category) for category, _share in segment.top_categories[:1]),
        segment.avg_items_per_basket,
        ", ".join(text.weekday_name(day) for day in segment.peak_days),
        _(FREQUENCIES.get(segment.frequency_pattern, segment.frequency_pattern)),
        segment.confidence_score,
        text.segment_about(segment),
    )


def _hours_sections(segments: Segments) -> tuple[Section, ...]:
    """All receipts by hour, and an hour a row with a segment a column for other charts."""
    # The sizes of basket leave nobody out, so that together they are all receipts with an hour.
    sizes = [s for s in segments.segments if s.type is SegmentType.BASKET_VALUE]
    every = tuple(sum(s.receipts_by_hour[hour] for s in sizes) for hour in range(24))
    if not any(every):
        return ()
    title = _("Compras por hora")
    table = Table(
        key="hours",
        title=title,
        columns=(
            Column(_("Hora"), Kind.HOUR),
            Column(_("Todas las compras"), Kind.COUNT),
            *(Column(text.segment_title(s), Kind.COUNT) for s in segments.segments),
        ),
        rows=tuple(
            (hour, every[hour], *(s.receipts_by_hour[hour] for s in segments.segments))
            for hour in shown_hours(every)
        ),
        on_paper=False,
    )
    peaks = sorted(range(24), key=lambda hour: -every[hour])[:PEAKS]
    chart = ChartSection(
        title=title,
        draw=partial(hours_bars, every, peaks),
        native=NativeChart(Shape.COLUMN, "hours", 0, (Line(1),)),
        height_px=HOURS_PX,
    )
    return chart, table


def _categories_table(segments: Segments) -> Table:
    return Table(
        key="categories",
        title=_("Qué llevan"),
        columns=(
            Column(_("Segmento"), Kind.TEXT),
            Column(_("Categoría"), Kind.TEXT),
            Column(_("% de su dinero"), Kind.SHARE),
        ),
        rows=tuple(
            (text.segment_title(s), text.category_name(category), share)
            for s in segments.segments
            for category, share in s.top_categories
        ),
        on_paper=False,
    )


def _payments_table(segments: Segments) -> Table:
    return Table(
        key="payments",
        title=_("Cómo pagan"),
        columns=(
            Column(_("Segmento"), Kind.TEXT),
            Column(_("Forma de pago"), Kind.TEXT),
            Column(_("% de sus compras"), Kind.SHARE),
        ),
        rows=tuple(
            (text.segment_title(s), text.payment_name(payment), share)
            for s in segments.segments
            for payment, share in s.payment_preferences
        ),
        on_paper=False,
    )


# -- a day --


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
        subtitle=text.long_date(day.day).capitalize(),
        shop_name=shop_name,
        made_at=made_at,
        sections=tuple(sections),
    )


def _day_cards(day: DayView) -> tuple[Card, ...]:
    cards = [
        _against(_("Vendido"), day.revenue_cents, Kind.MONEY, day.usual_revenue, day.verdict_revenue),
        _against(_("Clientes"), day.receipts, Kind.COUNT, day.usual_receipts, day.verdict_receipts),
        _against(
            _("Compra promedio"), day.avg_basket_cents, Kind.MONEY, day.usual_basket, day.verdict_basket
        ),
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


def _against(label: str, value: int | None, kind: Kind, usual: Usual | None, verdict: Verdict) -> Card:
    """A card with its comparison: better or worse only when that is beyond noise."""
    if value is None or usual is None:
        return Card(label, value, kind, comparison=_("todavía sin días con que comparar"))
    words = text.money if kind is Kind.MONEY else text.number
    normal = _("lo normal: {usual}").format(usual=words(usual.mean))
    if verdict is Verdict.UNKNOWN or not usual.mean:
        return Card(label, value, kind, comparison=normal)
    if verdict is Verdict.AS_USUAL:
        return Card(label, value, kind, _("= como siempre"), Trend.SAME, normal)
    change = value / usual.mean - 1
    return Card(label, value, kind, change_words(change), Trend.UP if change > 0 else Trend.DOWN, normal)


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
