"""What became of the segments of one run in the next: ribbons from the left column to the right one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from colmado_insights import text
from colmado_insights.analytics.results import Flow, Migration
from colmado_insights.charts.plot import Anchor, Box, Plot, empty_chart
from colmado_insights.charts.style import Chart, ChartStyle, mix
from colmado_insights.text import _, ngettext

BAR_PX = 9.0
NODE_GAP_PX = 5.0
MOST_LABEL_SHARE = 0.32
STEPS = 24
"""Points along a ribbon: enough for a smooth bend."""
HOVER_STEPS = (2, 7, 12, 17, 22)


@dataclass(frozen=True, slots=True)
class Node:
    """One segment in one column: its stretch of the height, in pixels from the bottom."""

    segment_id: str
    bottom: float
    top: float
    receipts: int

    @property
    def middle(self) -> float:
        """Half way up."""
        return (self.bottom + self.top) / 2


def purchases(count: int) -> str:
    """812 compras."""
    return ngettext("{n} compra", "{n} compras", count).format(n=text.number(count))


def migration_flows(
    migration: Migration,
    names: Mapping[str, str],
    style: ChartStyle,
    width_px: float,
    height_px: float,
    *,
    count: Callable[[int], str] = purchases,
) -> Chart:
    """Ribbons as thick as the receipts they carry: calm where they stayed, in amber where they moved.

    `count` says what is carried when it is not receipts.
    """
    flows = [flow for flow in migration.flows if flow.receipts > 0]
    if not flows:
        return empty_chart(style, width_px, height_px, _("Ninguna compra que comparar."))
    plot = Plot(style, width_px, height_px)
    plot.open_area(Box(0, 0, plot.width, plot.height), (0, plot.width), (0, plot.height))
    total = sum(flow.receipts for flow in flows)
    sources, targets = _columns(flows)
    head = plot.label_px * 1.7
    left_words, right_words = (
        [_label(plot, each, names, counts[each], total) for each in counts] for counts in (sources, targets)
    )
    left = max(plot.text_width(words, plot.axis_px) for words in left_words) + 9
    right = plot.width - max(plot.text_width(words, plot.axis_px) for words in right_words) - 12
    gaps = max(len(sources), len(targets)) - 1
    gap = min(NODE_GAP_PX * style.scale, (plot.height - head) / 4 / max(gaps, 1))
    unit = (plot.height - head - 2 - gap * gaps) / total
    before, after = (_nodes(counts, unit, gap, plot.height - head) for counts in (sources, targets))
    bar = BAR_PX * style.scale
    hovers = {flow: flow_words(flow, names, total, count) for flow in flows}
    _draw_ribbons(plot, hovers, before, after, unit, (left + bar, right - bar))
    for nodes, x, words, align in (
        (before, left, left_words, "right"),
        (after, right - bar, right_words, "left"),
    ):
        _draw_column(plot, nodes, x, bar, words, align)
    _write_heads(plot, migration, left + bar, right - bar)
    return plot.finished()


def _columns(flows: Sequence[Flow]) -> tuple[Counter[str], Counter[str]]:
    """Receipts of each segment before and after, the largest first; who kept its id stands level."""
    sources: Counter[str] = Counter()
    targets: Counter[str] = Counter()
    for flow in flows:
        sources[flow.source] += flow.receipts
        targets[flow.target] += flow.receipts
    order = [each for each, _count in (sources + targets).most_common() if each]
    order += [""]  # in no segment: last
    return (
        Counter({each: sources[each] for each in order if sources[each]}),
        Counter({each: targets[each] for each in order if targets[each]}),
    )


def _nodes(counts: Counter[str], unit: float, gap: float, top: float) -> dict[str, Node]:
    """One below the other from the top."""
    nodes = {}
    for segment_id, receipts in counts.items():
        nodes[segment_id] = Node(segment_id, top - receipts * unit, top, receipts)
        top -= receipts * unit + gap
    return nodes


def _draw_ribbons(
    plot: Plot,
    flows: Mapping[Flow, str],
    before: Mapping[str, Node],
    after: Mapping[str, Node],
    unit: float,
    ends: tuple[float, float],
) -> None:
    """Each from its place in the left bar to its place in the right one; those that stayed lie below."""
    rank = {segment_id: place for place, segment_id in enumerate([*before, *after])}
    leaves = {each: node.top for each, node in before.items()}
    enters = {each: node.top for each, node in after.items()}
    start: dict[Flow, float] = {}
    for flow in sorted(flows, key=lambda flow: rank[flow.target]):
        start[flow] = leaves[flow.source]
        leaves[flow.source] -= flow.receipts * unit
    calm, moved = plot.style.band_wide, mix(plot.style.accent, plot.style.surface, 0.42)
    for flow in sorted(flows, key=lambda flow: rank[flow.source]):
        bends = [_bend(start[flow], enters[flow.target], i / STEPS) for i in range(STEPS + 1)]
        enters[flow.target] -= flow.receipts * unit
        xs = [ends[0] + (ends[1] - ends[0]) * i / STEPS for i in range(STEPS + 1)]
        thick = flow.receipts * unit
        has_stayed = flow.source == flow.target
        plot.draw_band(
            xs, [y - thick for y in bends], bends, calm if has_stayed else moved, 2 if has_stayed else 3
        )
        for i in HOVER_STEPS:
            plot.add_point(xs[i], bends[i] - thick / 2, flows[flow])


def _bend(start: float, end: float, share: float) -> float:
    """The height of a ribbon's edge on its way: level at both ends (smoothstep)."""
    return start + (end - start) * share * share * (3 - 2 * share)


def _draw_column(
    plot: Plot, nodes: Mapping[str, Node], x: float, bar: float, words: Sequence[str], align: str
) -> None:
    """The bars of one column with their labels outside; labels of thin bars give each other room."""
    size = plot.axis_px
    at = x - 5 if align == "right" else x + bar + 5
    middles = _spread([node.middle for node in nodes.values()], size * 1.2 + 2, size * 0.65)
    for node, middle, line in zip(nodes.values(), middles, words, strict=True):
        # In no segment: a paler bar, for it is none.
        colour = plot.style.brand if node.segment_id else plot.style.bar
        plot.draw_band([x, x + bar], [node.bottom] * 2, [max(node.top, node.bottom + 1)] * 2, colour, 4)
        ink = plot.style.ink if node.segment_id else plot.style.soft
        plot.place(line, [Anchor(at, middle, align, "center")], ink, size)


def _spread(middles: Sequence[float], step: float, lowest: float) -> list[float]:
    """The heights pushed apart by at least `step`, from the top down, then up from the lowest."""
    spread: list[float] = []
    for middle in middles:
        spread.append(min(middle, spread[-1] - step) if spread else middle)
    for place in reversed(range(len(spread))):
        spread[place] = max(spread[place], lowest)
        lowest = spread[place] + step
    return spread


def _label(plot: Plot, segment_id: str, names: Mapping[str, str], receipts: int, total: int) -> str:
    """Its name, shortened to the room there is, and its share."""
    share = f" · {text.percent(receipts / total)}"
    room = plot.width * MOST_LABEL_SHARE - plot.text_width(share, plot.axis_px)
    return plot.fitted(segment_words(segment_id, names), plot.axis_px, room) + share


def _write_heads(plot: Plot, migration: Migration, left: float, right: float) -> None:
    """Over each column, the day up to which it looked."""
    y = plot.height - plot.axis_px * 1.3
    for day, anchors in (
        (migration.until, (Anchor(right, y, "left"), Anchor(plot.width - 4, y, "right"))),
        (migration.before, (Anchor(left, y, "right"), Anchor(2, y, "left"))),
    ):
        words = _("hasta el {day}").format(day=text.short_date(day))
        plot.place(words, anchors, plot.style.soft, plot.axis_px, "SemiBold", may_cover_lines=True)


def flow_words(
    flow: Flow, names: Mapping[str, str], total: int, count: Callable[[int], str] = purchases
) -> str:
    """Desayuno → Cerveza de noche: 812 compras (9 %)."""
    source, target = segment_words(flow.source, names), segment_words(flow.target, names)
    if flow.source == flow.target:
        way = _("{name}, igual que antes").format(name=source)
    else:
        way = f"{source} → {target}"
    return f"{way}: {count(flow.receipts)} ({text.percent(flow.receipts / total if total else 0.0)})"


def segment_words(segment_id: str, names: Mapping[str, str]) -> str:
    """The segment's name; what was in none says so."""
    return names.get(segment_id) or segment_id or _("En ninguno")
