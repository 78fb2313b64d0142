"""A week or any stretch of days against what is normal, to be shared: days, hours, segments and what sold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from colmado_insights import text
from colmado_insights.analytics.results import RULE_TYPES, Normal, SegmentPerformance, Verdict
from colmado_insights.charts import Bar, hours_bars, named_bars, shown_hours
from colmado_insights.insights import SpanSales
from colmado_insights.insights.span import DaySold
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
from colmado_insights.reports.sections.first_rows import bars_of_rows, bars_px
from colmado_insights.text import _

PAPER_PRODUCTS = 30
PAPER_DAYS = 31
HOURS_PX = 115.0
PEAKS = 4
MOST_STEPS = 14
WEEK = 7


def span_report(
    span: SpanSales,
    performance: Sequence[SegmentPerformance],
    names: Mapping[int, str],
    shop_name: str,
    made_at: datetime,
) -> Report:
    """What those days brought, beside what is normal for them."""
    is_week = (span.last - span.first).days + 1 == WEEK
    sections: list[Section] = [
        Numbers(_cards(span)),
        *_normal_words(span),
        *_days_sections(span),
        *_hours_sections(span),
        *_categories_sections(span),
        _products_table(span, names),
        _segments_table(performance),
    ]
    return Report(
        title=_("La semana") if is_week else _("Resumen de esos días"),
        subtitle=_("Del {first} al {last}").format(
            first=text.long_date(span.first), last=text.long_date(span.last)
        ),
        shop_name=shop_name,
        made_at=made_at,
        sections=tuple(sections),
    )


def _cards(span: SpanSales) -> tuple[Card, ...]:
    normal = span.normal
    basket = round(span.revenue_cents / span.receipts) if span.receipts else None
    best = max(span.days, key=lambda each: each.revenue_cents)
    return (
        _card(_("Vendido"), span.revenue_cents, Kind.MONEY, normal.revenue if normal else None),
        _card(_("Clientes"), span.receipts, Kind.COUNT, normal.receipts if normal else None),
        _card(_("Compra promedio"), basket, Kind.MONEY, normal.basket if normal else None),
        Card(
            _("El mejor día"),
            text.short_date(best.day),
            Kind.TEXT,
            comparison=text.money(best.revenue_cents),
        ),
    )


def _card(label: str, value: int | None, kind: Kind, normal: Normal | None) -> Card:
    verdict = normal.verdict if normal else Verdict.UNKNOWN
    return against(label, value, kind, normal.mean if normal else None, verdict)


def _normal_words(span: SpanSales) -> tuple[Paragraph, ...]:
    known = span.normal.revenue if span.normal else None
    return (Paragraph(text.sentence(known.like)),) if known else ()


# -- days and hours --


def _days_sections(span: SpanSales) -> tuple[Section, ...]:
    title = _("Vendido por día")
    has_normal = any(each.normal for each in span.days)
    table = Table(
        key="days",
        title=title,
        columns=(
            Column(_("Día"), Kind.DATE, 1.2),
            Column(_("Vendido"), Kind.MONEY, 1.3),
            Column(_("Lo normal"), Kind.ESTIMATE, 1.2, on_paper=has_normal),
            Column(_("Diferencia"), Kind.CHANGE, 0.9, on_paper=has_normal),
            Column(_("Normal desde"), Kind.ESTIMATE, 1.1, on_paper=has_normal),
            Column(_("Normal hasta"), Kind.ESTIMATE, 1.1, on_paper=has_normal),
            Column(_("Clientes"), Kind.COUNT, 0.9),
        ),
        rows=tuple(
            (
                each.day,
                each.revenue_cents,
                each.normal.mean if each.normal else None,
                _difference(each),
                each.normal.lo if each.normal else None,
                each.normal.hi if each.normal else None,
                each.receipts,
            )
            for each in span.days
        ),
        totals=(_("Total"), span.revenue_cents, None, None, None, None, span.receipts),
        note=_("8 de cada 10 días así caen entre «desde» y «hasta»; «=» es que cayó ahí.")
        if has_normal
        else "",
        paper_rows=PAPER_DAYS,
    )
    steps = _steps(span)
    if len(steps) == len(span.days):
        return _bars_of_steps(title, steps, table.key), table
    by_step = Table(
        key="steps",
        title=_("Vendido por semana") if _is_by_week(span) else _("Vendido por mes"),
        columns=(Column(_("Desde"), Kind.TEXT), Column(_("Vendido"), Kind.MONEY)),
        rows=tuple(steps),
        on_paper=False,
    )
    return _bars_of_steps(by_step.title, steps, by_step.key), by_step, table


def _difference(each: DaySold) -> float | None:
    """How far the day was from what is normal for it; none within what is."""
    if each.normal is None or each.normal.mean <= 0:
        return None
    is_normal = each.normal.lo <= each.revenue_cents <= each.normal.hi
    return 0.0 if is_normal else each.revenue_cents / each.normal.mean - 1


def _is_by_week(span: SpanSales) -> bool:
    return (span.last - span.first).days < MOST_STEPS * WEEK


def _steps(span: SpanSales) -> list[tuple[str, int]]:
    """The days as they are, or by week or month where they are many; each with what it sold."""
    if len(span.days) <= MOST_STEPS:
        return [(text.short_date(each.day), each.revenue_cents) for each in span.days]
    sums: dict[date, int] = {}
    for each in span.days:
        start = (
            each.day - timedelta(days=each.day.weekday()) if _is_by_week(span) else each.day.replace(day=1)
        )
        start = max(start, span.first)
        sums[start] = sums.get(start, 0) + each.revenue_cents
    return [
        (
            text.short_date(start) if _is_by_week(span) else f"{text.month_name(start.month)} {start.year}",
            cents,
        )
        for start, cents in sums.items()
    ]


def _bars_of_steps(title: str, steps: Sequence[tuple[str, int]], table: str) -> ChartSection:
    bars = [Bar(name, cents, text.money(cents)) for name, cents in steps]
    return ChartSection(
        title=title,
        draw=partial(named_bars, bars),
        native=NativeChart(Shape.COLUMN, table, 0, (Line(1),)),
        height_px=bars_px(len(bars)),
    )


def _hours_sections(span: SpanSales) -> tuple[Section, ...]:
    if not any(span.receipts_by_hour):
        return ()
    title = _("Compras por hora")
    table = Table(
        key="hours",
        title=title,
        columns=(
            Column(_("Hora"), Kind.HOUR),
            Column(_("Compras"), Kind.COUNT),
            Column(_("En los días de antes"), Kind.COUNT),
        ),
        rows=tuple(
            (hour, span.receipts_by_hour[hour], span.before_by_hour[hour])
            for hour in shown_hours(span.receipts_by_hour)
        ),
        on_paper=False,
    )
    peaks = sorted(range(24), key=lambda hour: -span.receipts_by_hour[hour])[:PEAKS]
    chart = ChartSection(
        title=title,
        draw=partial(hours_bars, span.receipts_by_hour, peaks),
        native=NativeChart(Shape.COLUMN, table.key, 0, (Line(1),)),
        height_px=HOURS_PX,
    )
    return chart, table


# -- what sold --


def _change(now: int, before: int) -> float | None:
    return now / before - 1 if before > 0 else None


def _categories_sections(span: SpanSales) -> tuple[Section, ...]:
    title = _("Qué se vendió")
    sold = [each for each in span.categories if each.revenue_cents > 0]
    rows: list[tuple[Cell, ...]] = [
        (
            text.category_name(each.category),
            each.revenue_cents,
            each.revenue_cents / span.revenue_cents if span.revenue_cents else None,
            each.before_cents,
            _change(each.revenue_cents, each.before_cents),
        )
        for each in span.categories
    ]
    table = Table(
        key="categories",
        title=title,
        columns=(
            Column(_("Categoría"), Kind.TEXT, 2.0),
            Column(_("Vendido"), Kind.MONEY, 1.3),
            Column(_("% de la venta"), Kind.SHARE, 0.9),
            Column(_("En los días de antes"), Kind.MONEY, 1.3),
            Column(_("Cambio"), Kind.CHANGE, 0.9),
        ),
        rows=tuple(rows),
        totals=(
            _("Total"), sum(each.revenue_cents for each in span.categories), None,
            sum(each.before_cents for each in span.categories), None,
        ),
    )  # fmt: skip
    if not sold:
        return (table,)
    bars = [
        Bar(text.category_name(each.category), each.revenue_cents, text.money(each.revenue_cents))
        for each in sold
    ]
    chart = bars_of_rows(title, bars, table.key, 1)
    return chart, table


def _products_table(span: SpanSales, names: Mapping[int, str]) -> Table:
    return Table(
        key="products",
        title=_("Los más vendidos"),
        columns=(
            Column(_("Producto"), Kind.TEXT, 2.8),
            Column(_("Unidades"), Kind.DECIMAL, 0.9),
            Column(_("Vendido"), Kind.MONEY, 1.3),
            Column(_("En los días de antes"), Kind.MONEY, 1.3),
            Column(_("Cambio"), Kind.CHANGE, 0.9),
        ),
        note=_("Los días de antes son otros tantos, justo antes; su quincena puede caer distinto."),
        rows=tuple(
            (
                names.get(each.product_id, ""),
                each.units_milli / 1000,
                each.revenue_cents,
                each.before_cents,
                _change(each.revenue_cents, each.before_cents),
            )
            for each in span.products
        ),
        paper_rows=PAPER_PRODUCTS,
    )


def _segments_table(performance: Sequence[SegmentPerformance]) -> Table:
    """How the kinds of purchase did in the last weeks; a change that chance makes is none."""
    return Table(
        key="segments",
        title=_("Cómo van los segmentos"),
        columns=(
            Column(_("Segmento"), Kind.TEXT, 1.8),
            Column(_("% de la venta"), Kind.SHARE, 0.9),
            Column(_("Cambio"), Kind.CHANGE, 0.8),
            Column(_("Qué hacer"), Kind.TEXT, 4.0),
        ),
        rows=tuple(
            (
                text.segment_name(each.segment_id),
                each.revenue_share,
                None
                if each.receipts_growth is None
                else each.receipts_growth
                if each.is_beyond_noise
                else 0.0,
                text.sentence(each.strategy),
            )
            for each in performance
            if each.type in RULE_TYPES
        ),
        note=_(
            "Cambio: compras por día abierto en 30 días, contra los 30 de antes. «=» es lo que el azar mueve."
        ),
    )
