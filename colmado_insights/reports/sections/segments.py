"""Who buys: the three ways of cutting the same receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from colmado_insights import text
from colmado_insights.analytics.results import RULE_TYPES, Segment, Segments, SegmentType
from colmado_insights.charts import hours_bars, segment_bars, shown_hours
from colmado_insights.personas import Persona, describe_source
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
from colmado_insights.text import N_, _, ngettext

FREQUENCIES = {
    "daily": N_("casi todos los días"),
    "weekly": N_("todas las semanas"),
    "occasional": N_("de vez en cuando"),
}
ROW_OF_BARS_PX = 27.0
HOURS_PX = 160.0
PEAKS = 4
ON_PAPER = 2
"""Ideas of each kind that paper has room for; Excel has all."""


def segments_report(
    segments: Segments, shop_name: str, made_at: datetime, words: Mapping[str, Persona] | None = None
) -> Report:
    """Who buys: the three ways of cutting the same receipts, with their hours, what they take and their words."""
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
    if words:
        sections.append(_words_table(segments, words))
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


def _words_table(segments: Segments, words: Mapping[str, Persona]) -> Table:
    """Each segment in words, and who wrote them: on paper only the most telling ideas of each kind."""
    return Table(
        key="words",
        title=_("En palabras"),
        columns=(
            Column(_("Segmento"), Kind.TEXT, 1.0),
            Column(_("Quiénes son"), Kind.TEXT, 2.6),
            Column(_("Qué venderles"), Kind.TEXT, 2.0),
            Column(_("Cómo atenderlos"), Kind.TEXT, 2.0),
            Column(_("Quién lo dice"), Kind.TEXT, 1.3),
            Column(_("Más que venderles"), Kind.TEXT, on_paper=False),
            Column(_("Más para atenderlos"), Kind.TEXT, on_paper=False),
        ),
        rows=tuple(
            (
                text.segment_title(segment),
                persona.description,
                " ".join(persona.marketing[:ON_PAPER]),
                " ".join(persona.operations[:ON_PAPER]),
                describe_source(persona),
                " ".join(persona.marketing[ON_PAPER:]),
                " ".join(persona.operations[ON_PAPER:]),
            )
            for segment in segments.segments
            if (persona := words.get(segment.segment_id)) is not None
        ),
        note=_(
            "Son sugerencias: lo que dice Grok se revisa, pero puede equivocarse; las reglas salen solo de tus ventas."
        ),
    )


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
