"""Known customers: the eight segments as a map, who moved between them, and one customer's months and hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from colmado_insights import text
from colmado_insights.analytics.results import (
    CustomerMigration,
    CustomerProfile,
    CustomerSegment,
    CustomerSegmentSummary,
    Flow,
    Migration,
    Rfm,
)
from colmado_insights.charts.flows import migration_flows
from colmado_insights.charts.hours import hours_bars
from colmado_insights.charts.plot import (
    Anchor,
    Box,
    Plot,
    draw_x_words,
    empty_chart,
    open_with_value_axis,
)
from colmado_insights.charts.style import Chart, ChartStyle, mix
from colmado_insights.text import _, ngettext

TILE_GAP_PX = 4.0
TILE_PAD_PX = 8.0
WIDE_PX = 620.0
"""From here on the eight tiles stand in two rows, under it in four."""
_MOST_SHADE = 0.42
"""The darkest tile still bears the ink that all words are written in."""
NAME_SCALE = 1.15


def rfm_map(rfm: Rfm, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """A tile a segment, best first, with its customers and its part of the money; darker where more comes from."""
    if not rfm.customers:
        return empty_chart(style, width_px, height_px, _("Todavía no hay clientes conocidos que mostrar."))
    plot = Plot(style, width_px, height_px)
    plot.open_area(Box(0, 0, plot.width, plot.height), (0, plot.width), (0, plot.height))
    columns = 4 if plot.width >= WIDE_PX * style.scale else 2
    rows = -(-len(rfm.segments) // columns)
    highest = max(max(segment.revenue_share for segment in rfm.segments), 1e-9)
    gap = TILE_GAP_PX * style.scale
    width, height = (plot.width + gap) / columns, (plot.height + gap) / rows
    for place, summary in enumerate(rfm.segments):
        left = place % columns * width
        top = plot.height - place // columns * height
        tile = Box(left, top - height + gap, left + width - gap, top)
        _draw_tile(plot, tile, summary, summary.revenue_share / highest)
    return plot.finished()


def _draw_tile(plot: Plot, tile: Box, summary: CustomerSegmentSummary, strength: float) -> None:
    """One segment: its name, how many, and what part of the money, as far as there is room."""
    style = plot.style
    ground = (
        mix(style.brand, style.brand_soft, strength * _MOST_SHADE) if summary.customers else style.surface
    )
    plot.draw_band([tile.left, tile.right], [tile.bottom] * 2, [tile.top] * 2, ground, 1)
    if not summary.customers:
        edge = [(tile.left, tile.bottom), (tile.right, tile.bottom)]
        plot.draw_line(edge, style.line, 1)
    words = (
        (text.customer_segment_name(summary.segment), plot.label_px * NAME_SCALE),
        (_customers(summary.customers), plot.axis_px),
        (_("{share} del dinero").format(share=text.percent(summary.revenue_share)), plot.axis_px),
    )
    pad = TILE_PAD_PX * style.scale
    room, y = tile.right - tile.left - 2 * pad, tile.top - pad / 2
    for line, size in words if summary.customers else words[:2]:
        if y - size * 1.4 < tile.bottom:
            break
        at = Anchor(tile.left + pad, y, "left", "top")
        plot.place(plot.fitted(line, size, room), [at], style.ink, size, may_cover_lines=True)
        y -= size * 1.5
    middle = ((tile.left + tile.right) / 2, (tile.bottom + tile.top) / 2)
    plot.add_point(*middle, rfm_segment_words(summary))


def rfm_segment_words(summary: CustomerSegmentSummary) -> str:
    """Fieles: 15 clientes, RD$ 240,000 (29 %); for the hover, and for who cannot see the picture."""
    return _("{name}: {customers}, {amount} ({share})").format(
        name=text.customer_segment_name(summary.segment),
        customers=_customers(summary.customers),
        amount=text.money(summary.revenue_cents),
        share=text.percent(summary.revenue_share),
    )


def customer_flows(
    migration: CustomerMigration, style: ChartStyle, width_px: float, height_px: float
) -> Chart:
    """Ribbons from each segment to the next, as thick as the customers they carry."""
    if not migration.flows:
        return empty_chart(style, width_px, height_px, _("Ningún cliente que comparar."))
    names: Mapping[str, str] = {
        "": _("No venían"),
        **{str(segment): text.customer_segment_name(segment) for segment in CustomerSegment},
    }
    flows = tuple(Flow(source, target, customers) for source, target, customers in migration.flows)
    shown = Migration(migration.before, migration.until, flows, (), migration.stayed)
    return migration_flows(shown, names, style, width_px, height_px, count=_customers)


def _customers(count: int) -> str:
    return ngettext("{n} cliente", "{n} clientes", count).format(n=text.number(count))


def customer_months(profile: CustomerProfile, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """A bar a month with what one customer spent; the month that still runs stands back."""
    plot = Plot(style, width_px, height_px)
    months = profile.months
    # Who brought back more than they bought that month has no bar.
    pesos = [max(cents, 0) / 100 for _month, _receipts, cents in months]
    open_with_value_axis(plot, (0, len(months)), max(pesos), plot.label_px * 1.6, whole=False)
    plot.axes.bar(
        [i + 0.5 for i in range(len(months))],
        pesos,
        width=0.68,
        color=[style.brand] * (len(months) - 1) + [style.bar],
        linewidth=0,
        zorder=3,
    )
    for i, (month, receipts, cents) in enumerate(months):
        plot.add_point(i + 0.5, pesos[i], month_words(month, receipts, cents))
    named = [
        (i + 0.5, text.month_name(month.month, short=True)) for i, (month, _n, _cents) in enumerate(months)
    ]
    draw_x_words(plot, named, (1, 2, 3, 4, 6, 12))
    best = max(range(len(months)), key=lambda i: pesos[i])
    words = text.money(100 * pesos[best])
    centre = plot.clamped(plot.x_px(best + 0.5), plot.text_width(words, plot.label_px, "SemiBold"))
    plot.place(words, [Anchor(centre, plot.y_px(pesos[best]) + 3)], style.brand, plot.label_px, "SemiBold")
    return plot.finished()


def month_words(month: date, receipts: int, cents: int) -> str:
    """octubre 2026: RD$ 2,049 en 10 compras."""
    bought = ngettext("{n} compra", "{n} compras", receipts).format(n=text.number(receipts))
    return _("{month}: {amount} en {purchases}").format(
        month=f"{text.month_name(month.month)} {month.year}", amount=text.money(cents), purchases=bought
    )


def customer_hours(profile: CustomerProfile, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """The hours in which one customer comes, those beyond the others and beyond chance in brand."""
    return hours_bars(profile.hours, profile.preferred_hours, style, width_px, height_px)
