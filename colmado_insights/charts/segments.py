"""Segments beside each other, and how many of them the baskets hold."""

from __future__ import annotations

from collections.abc import Sequence

from colmado_insights import text
from colmado_insights.analytics.results import LearnedSegments, Segment
from colmado_insights.charts.bars import Bar, named_bars
from colmado_insights.charts.plot import Anchor, Box, Plot, around, draw_x_words, empty_chart
from colmado_insights.charts.style import Chart, ChartStyle
from colmado_insights.text import _, ngettext


def segment_bars(segments: Sequence[Segment], style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """A bar a segment with its share and its number of receipts written at its end."""
    if not segments:
        return empty_chart(style, width_px, height_px, _("Todavía no hay segmentos que mostrar."))
    bars = [
        Bar(
            text.segment_title(segment),
            segment.share,
            "{share} · {count}".format(
                share=text.percent(segment.share),
                count=ngettext("{count} compra", "{count} compras", segment.transaction_count).format(
                    count=text.number(segment.transaction_count)
                ),
            ),
        )
        for segment in segments
    ]
    return named_bars(bars, style, width_px, height_px)


def trials_chart(learned: LearnedSegments, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """How clearly each number of groups parts the baskets, and what each leaves unexplained (the elbow)."""
    trials = sorted(learned.trials, key=lambda trial: trial.k)
    if len(trials) < 2:
        return empty_chart(style, width_px, height_px, _("No hubo números de grupos que comparar."))
    plot = Plot(style, width_px, height_px)
    size = plot.axis_px
    ks = [float(trial.k) for trial in trials]
    clear = [max(trial.silhouette, 0.0) for trial in trials]
    chance = [
        max(learned.shuffled_silhouette if trial.shuffled is None else trial.shuffled, 0.0)
        for trial in trials
    ]
    highest = max(*clear, *chance, 1e-6)
    area = Box(16, size * 1.2 + 14, plot.width - 16, max(plot.height - plot.label_px * 2, size * 2 + 20))
    plot.open_area(area, (ks[0], ks[-1]), (0, highest * 1.15))
    plot.draw_grid((0,))
    most = max(trial.inertia for trial in trials) or 1.0
    elbow = [(trial.k, trial.inertia / most * highest) for trial in trials]
    plot.draw_line(elbow, style.faint, 1.25, dashes=(3, 2))
    plot.draw_line(list(zip(ks, chance, strict=True)), style.accent, 1.25, dashes=(1, 2.5))
    plot.draw_line(list(zip(ks, clear, strict=True)), style.brand, 2.25, order=5)
    chosen = next((trial for trial in trials if trial.k == len(learned.segments)), trials[0])
    x, y = plot.x_px(chosen.k), plot.y_px(max(chosen.silhouette, 0.0))
    plot.draw_dot(chosen.k, max(chosen.silhouette, 0.0), style.brand)
    words = ngettext("{n} grupo", "{n} grupos", chosen.k).format(n=chosen.k)
    plot.place(words, around(x, y), style.brand, plot.label_px, "SemiBold")
    _name_line(plot, _("puro azar"), (ks[-1], chance[-1]), style.accent)
    _name_line(plot, _("lo que queda sin explicar"), elbow[0], style.soft, "left")
    _name_line(plot, _("qué tan claros salen"), (ks[-1], clear[-1]), style.brand)
    draw_x_words(plot, [(trial.k, str(trial.k)) for trial in trials], (1, 2, 3))
    for trial, value in zip(trials, clear, strict=True):
        plot.add_point(trial.k, value, _trial_words(trial.k, trial.silhouette))
    return plot.finished()


def _name_line(plot: Plot, words: str, end: tuple[float, float], colour: str, align: str = "right") -> None:
    """Write what a line is near one of its ends, over it or under it."""
    x, y, size = plot.x_px(end[0]), plot.y_px(end[1]), plot.axis_px
    anchors = (
        Anchor(x, y + 6, align),
        Anchor(x, y - 6, align, "top"),
        Anchor(x, y + size * 1.6, align),
        Anchor(x, y - size * 1.6, align, "top"),
        Anchor(x, y + size * 3, align),
    )
    plot.place(words, anchors, colour, size, "SemiBold")


def _trial_words(k: int, silhouette: float) -> str:
    """8 grupos: claridad 0.31."""
    words = ngettext("{n} grupo", "{n} grupos", k).format(n=k)
    return _("{groups}: claridad {value} de 1").format(groups=words, value=text.number(silhouette, 2))
