"""Segments beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from colmado_insights import text
from colmado_insights.analytics.results import Segment
from colmado_insights.charts.plot import Anchor, Box, Plot, empty_chart
from colmado_insights.charts.style import Chart, ChartStyle
from colmado_insights.text import _, ngettext


def segment_bars(segments: Sequence[Segment], style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """A bar a segment with its share and its number of receipts written at its end."""
    if not segments:
        return empty_chart(style, width_px, height_px, _("Todavía no hay segmentos que mostrar."))
    plot = Plot(style, width_px, height_px)
    size = min(plot.label_px, (plot.height - 8) / len(segments) / 1.3)
    names = [text.segment_title(segment) for segment in segments]
    ends = [
        "{share} · {count}".format(
            share=text.percent(segment.share),
            count=ngettext("{count} compra", "{count} compras", segment.transaction_count).format(
                count=text.number(segment.transaction_count)
            ),
        )
        for segment in segments
    ]
    left = max(plot.text_width(name, size) for name in names) + 14
    right = max(plot.text_width(end, size, "SemiBold") for end in ends) + 14
    highest = max(max(segment.share for segment in segments), 1e-9)
    plot.open_area(
        Box(left, 4, max(plot.width - right, left + 20), plot.height - 4), (0, highest), (len(segments), 0)
    )
    plot.axes.barh(
        [i + 0.5 for i in range(len(segments))],
        [segment.share for segment in segments],
        height=0.56,
        color=style.brand,
        linewidth=0,
        zorder=3,
    )
    for i, (segment, name, end) in enumerate(zip(segments, names, ends, strict=True)):
        middle = plot.y_px(i + 0.5)
        plot.place(name, [Anchor(2, middle, "left", "center")], style.ink, size)
        at = Anchor(plot.x_px(segment.share) + 7, middle, "left", "center")
        plot.place(end, [at], style.soft, size, "SemiBold")
        plot.add_point(segment.share, i + 0.5, f"{name} · {end}")
    return plot.finished()
