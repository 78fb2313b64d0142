"""A plotting area in logical pixels: labels are measured before they are placed.

One that finds no room is left out rather than drawn over another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10
from typing import TYPE_CHECKING

from colmado_insights import text
from colmado_insights.charts.style import PT_A_PX, PX_AN_INCH, Chart, ChartPoint, ChartStyle, font

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg

AXIS_PX = 11.0
LABEL_PX = 12.0
GAP_PX = 4.0
HAIR_PX = 0.5
HOUR_STEPS = (1, 2, 3, 4, 6, 8, 12, 24)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in logical pixels from the bottom left."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """Tell whether two rectangles share a point."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def touches(self, x: float, y: float) -> bool:
        """Tell whether a point lies in it or hardly outside."""
        return self.left - 3 <= x <= self.right + 3 and self.bottom - 1 <= y <= self.top + 1

    def is_inside(self, width: float, height: float) -> bool:
        """Tell whether it lies within a picture of this size."""
        return self.left >= 1 and self.bottom >= 0 and self.right <= width - 3 and self.top <= height


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place for a label: a point, and which side of the words stands on it."""

    x: float
    y: float
    align: str = "center"  # left | center | right
    rise: str = "bottom"  # the words' bottom, center or top stands at y


class Plot:
    """A figure of one plotting area whose margins are measured, and the labels placed in it so far."""

    def __init__(self, style: ChartStyle, width_px: float, height_px: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.style = style
        self.width = max(float(width_px), 40.0)
        self.height = max(float(height_px), 24.0)
        self.figure = Figure(
            figsize=(self.width / PX_AN_INCH, self.height / PX_AN_INCH),
            dpi=style.dpi,
            facecolor=style.surface,
        )
        # Measures words and stays the figure's canvas until the screen gives it another.
        canvas = FigureCanvasAgg(self.figure)
        self._renderer: RendererAgg = canvas.get_renderer()  # type: ignore[no-untyped-call]
        self.axes: Axes
        self.points: list[ChartPoint] = []
        self._area = Box(0, 0, self.width, self.height)
        self._x_range = (0.0, 1.0)
        self._y_range = (0.0, 1.0)
        self._labels: list[Box] = []
        self._ink: list[tuple[float, float]] = []

    # -- measures --

    @property
    def axis_px(self) -> float:
        """Size of the words on the axes."""
        return AXIS_PX * self.style.scale

    @property
    def label_px(self) -> float:
        """Size of the words on the lines."""
        return LABEL_PX * self.style.scale

    def text_width(self, words: str, size_px: float, weight: str = "Regular") -> float:
        """Width of some words in logical pixels."""
        size = self._renderer.get_text_width_height_descent(words, font(size_px, weight), False)  # type: ignore[no-untyped-call]
        return float(size[0]) * PX_AN_INCH / self.style.dpi

    def fitted(self, words: str, size_px: float, room_px: float, weight: str = "Regular") -> str:
        """The words, shortened with … until they are no wider than the room."""
        if self.text_width(words, size_px, weight) <= room_px:
            return words
        kept = words
        while kept and self.text_width(f"{kept}…", size_px, weight) > room_px:
            kept = kept[:-1].rstrip()
        return f"{kept}…"

    # -- area and coordinates --

    def open_area(self, area: Box, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        """Put the plotting area where the margins leave it; nothing of matplotlib's own frame is drawn."""
        self._area, self._x_range, self._y_range = area, x_range, y_range
        self.axes = self.figure.add_axes(
            (
                area.left / self.width,
                area.bottom / self.height,
                (area.right - area.left) / self.width,
                (area.top - area.bottom) / self.height,
            )
        )
        self.axes.set_axis_off()
        self.axes.set_xlim(*x_range)
        self.axes.set_ylim(*y_range)

    def x_px(self, x: float) -> float:
        """Pixels from the left of a value on the horizontal axis."""
        low, high = self._x_range
        return self._area.left + (x - low) / (high - low) * (self._area.right - self._area.left)

    def y_px(self, y: float) -> float:
        """Pixels from the bottom of a value on the vertical axis."""
        low, high = self._y_range
        return self._area.bottom + (y - low) / (high - low) * (self._area.top - self._area.bottom)

    # -- drawing --

    def draw_line(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        width_px: float,
        dashes: tuple[float, float] | None = None,
        order: float = 4,
    ) -> None:
        """A line through data points; labels keep clear of it."""
        (artist,) = self.axes.plot(
            [x for x, _y in points],
            [y for _x, y in points],
            color=colour,
            linewidth=width_px * PT_A_PX,
            solid_capstyle="round",
            solid_joinstyle="round",
            marker="None",
            clip_on=False,
            zorder=order,
        )
        artist.set_linestyle((0, dashes) if dashes else "-")
        self._avoid([(self.x_px(x), self.y_px(y)) for x, y in points])

    def draw_band(
        self, xs: Sequence[float], lows: Sequence[float], highs: Sequence[float], colour: str, order: float
    ) -> None:
        """A filled band between two lines."""
        self.axes.fill_between(
            xs, lows, highs, color=colour, edgecolor="none", linewidth=0, zorder=order, clip_on=False
        )

    def draw_dot(self, x: float, y: float, colour: str, hollow: bool = False) -> None:
        """The dot in which a line ends."""
        self.axes.plot(
            [x],
            [y],
            linestyle="none",
            marker="o",
            markersize=9 * PT_A_PX,
            markerfacecolor=self.style.surface if hollow else colour,
            markeredgecolor=colour if hollow else self.style.surface,
            markeredgewidth=1.5 * PT_A_PX,
            clip_on=False,
            zorder=6,
        )
        self._avoid([(self.x_px(x), self.y_px(y))])

    def draw_grid(self, ticks: Iterable[float]) -> None:
        """Hairline horizontal grid lines over the bands and under the lines."""
        for tick in ticks:
            self.axes.axhline(tick, color=self.style.line, linewidth=PT_A_PX, zorder=2.5, clip_on=False)

    def draw_upright(self, x: float, colour: str, dashes: tuple[float, float] | None = None) -> None:
        """A vertical line over the whole height of the plotting area."""
        line = self.axes.axvline(x, color=colour, linewidth=1.25 * PT_A_PX, zorder=3)
        line.set_linestyle((0, dashes) if dashes else "-")
        self._avoid([(self.x_px(x), self._area.bottom), (self.x_px(x), self._area.top)])

    def add_point(self, x: float, y: float, label: str) -> None:
        """Remember a value for the screen's hover."""
        self.points.append(ChartPoint(self.x_px(x) / self.width, 1 - self.y_px(y) / self.height, label))

    # -- words --

    def place(
        self,
        words: str,
        anchors: Iterable[Anchor],
        colour: str,
        size_px: float,
        weight: str = "Regular",
        may_cover_lines: bool = False,
    ) -> bool:
        """Write `words` at the best free anchor; without one they are left out."""
        width = self.text_width(words, size_px, weight)
        best: tuple[float, Box] | None = None
        for rank, anchor in enumerate(anchors):
            box = _box_of(anchor, width, size_px * 1.2)
            if not box.is_inside(self.width, self.height):
                continue
            if any(box.overlaps(other) for other in self._labels):
                continue
            covered = 0 if may_cover_lines else sum(box.touches(x, y) for x, y in self._ink)
            # A later anchor is a worse place: it wins only where it hides much less of a line.
            cost = 2 * covered + rank / 2
            if best is None or cost < best[0]:
                best = (cost, box)
        if best is None:
            return False
        self._write(words, best[1], colour, size_px, weight)
        return True

    def draw_dashed_key(self, words: str, colour: str) -> None:
        """Say at the top right, over the plotting area, what the dashed line is; left out without room."""
        from matplotlib.lines import Line2D

        size, right = self.axis_px, self._area.right
        corner = Anchor(right, self.height - 1.5 * self.style.scale, "right", "top")
        if not self.place(words, [corner], colour, size, "SemiBold"):
            return
        end = right - self.text_width(words, size, "SemiBold") - GAP_PX * 1.5
        x, y = (end - 2 * size) / self.width, 1 - size * 0.75 / self.height
        dash = Line2D([x, end / self.width], [y, y], color=colour, linewidth=1.75 * PT_A_PX)
        dash.set_linestyle((0, (3, 2)))
        self.figure.add_artist(dash)

    def clamped(self, x: float, width: float) -> float:
        """The centre nearest to `x` at which words of this width stay inside the figure."""
        return min(max(x, width / 2 + 1), max(self.width - width / 2 - 3, width / 2 + 1))

    def _write(self, words: str, box: Box, colour: str, size_px: float, weight: str) -> None:
        from matplotlib.patheffects import withStroke

        written = self.figure.text(
            box.left / self.width,
            (box.bottom + size_px * 0.27) / self.height,
            words,
            color=colour,
            fontproperties=font(size_px, weight),
            horizontalalignment="left",
            verticalalignment="baseline",
            # "RD$ 5 … RD$ 6" would be read as a formula otherwise.
            parse_math=False,
        )
        if weight != "Regular":
            # What matters stays readable where it must cross a line.
            halo = withStroke(linewidth=2.5 * PT_A_PX, foreground=self.style.surface)
            written.set_path_effects([halo])
        # A typeface's line is a hair higher than its letters.
        self._labels.append(
            Box(box.left - GAP_PX, box.bottom - HAIR_PX, box.right + GAP_PX, box.top + HAIR_PX)
        )

    def _avoid(self, path: Sequence[tuple[float, float]]) -> None:
        """Remember where ink lies, a point every few pixels."""
        self._ink += path
        for (x0, y0), (x1, y1) in pairwise(path):
            steps = int(max(abs(x1 - x0), abs(y1 - y0)) // 5)
            self._ink += [(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps) for i in range(1, steps)]

    def finished(self) -> Chart:
        """The chart as it stands."""
        return Chart(self.figure, tuple(self.points))


def _box_of(anchor: Anchor, width: float, height: float) -> Box:
    """The rectangle of words of this size at an anchor."""
    left = anchor.x - {"left": 0.0, "center": 0.5, "right": 1.0}[anchor.align] * width
    bottom = anchor.y - {"bottom": 0.0, "center": 0.5, "top": 1.0}[anchor.rise] * height
    return Box(left, bottom, left + width, bottom + height)


def nice_ticks(highest: float, most: int, whole: bool = False) -> tuple[float, ...]:
    """Round tick values from 0 up to `highest`, at most `most` steps."""
    if highest <= 0:
        return (0.0, 1.0)
    rough = highest / max(most, 1)
    power = 10.0 ** floor(log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))
    if whole:
        step = max(1.0, step)
    return tuple(i * step for i in range(int(highest / step + 1e-9) + 1))


def open_with_value_axis(
    plot: Plot,
    x_range: tuple[float, float],
    highest: float,
    head_px: float,
    whole: bool,
    write: Callable[[float], str] = text.short_number,
) -> None:
    """Open the plotting area with a labelled value axis on the left, room for words above and below."""
    size = plot.axis_px
    bottom, right = size * 1.2 + 12, 14.0
    room = max(plot.height - bottom - head_px, 20.0)
    top_value = highest * 1.04 if highest > 0 else 1.0
    ticks = nice_ticks(top_value, max(1, min(5, int(room // (size * 4)))), whole)
    words = [write(tick) for tick in ticks]
    left = max(plot.text_width(word, size) for word in words) + 14
    plot.open_area(
        Box(left, bottom, plot.width - right, bottom + room), x_range, (0.0, max(top_value, ticks[-1]))
    )
    plot.draw_grid(ticks)
    for tick, word in zip(ticks, words, strict=True):
        anchor = Anchor(2, plot.y_px(tick), "left", "center")
        plot.place(word, [anchor], plot.style.faint, size, may_cover_lines=True)


def draw_x_words(
    plot: Plot, places: Sequence[tuple[float, str]], steps: Sequence[int], start: int = 0
) -> None:
    """Write every n-th word under the axis, with the smallest n of `steps` that leaves air between them."""
    size = plot.axis_px
    widest = max((plot.text_width(word, size) for _x, word in places), default=0.0)
    air = size * 1.1
    chosen = places
    for step in steps:
        chosen = places[start::step] if start < len(places) else places[::step]
        if len(chosen) < 2 or plot.x_px(chosen[1][0]) - plot.x_px(chosen[0][0]) >= widest + air:
            break
    for x, word in chosen:
        centre = plot.clamped(plot.x_px(x), plot.text_width(word, size))
        plot.place(word, [Anchor(centre, 5)], plot.style.faint, size, may_cover_lines=True)


def around(x: float, y: float, away: float = 9.0) -> tuple[Anchor, ...]:
    """Anchors about a dot, the left shoulder first as the eye comes from there."""
    return (
        Anchor(x - away, y + away * 0.7, "right"),
        Anchor(x, y + away),
        Anchor(x + away, y + away * 0.7, "left"),
        Anchor(x, y + away * 1.7),
        Anchor(x + away, y, "left", "center"),
        Anchor(x - away, y, "right", "center"),
        Anchor(x, y + away * 2.4),
        Anchor(x + away, y - away * 0.7, "left", "top"),
        Anchor(x - away, y - away * 0.7, "right", "top"),
        Anchor(x, y - away, "center", "top"),
        Anchor(x - away, y + away * 2, "right"),
        Anchor(x + away, y + away * 2, "left"),
        Anchor(x, y - away * 2, "center", "top"),
    )


def at_end(x: float, y: float, away: float = 9.0) -> tuple[Anchor, ...]:
    """Anchors about the dot in which a line ends at the right edge, where no words fit beside it."""
    over_and_under = [
        anchor
        for steps in (1.0, 1.8, 2.6)
        for anchor in (
            Anchor(x + away, y + away * steps, "right"),
            Anchor(x + away, y - away * steps, "right", "top"),
        )
    ]
    return (*over_and_under, *around(x, y, away))


def empty_chart(style: ChartStyle, width_px: float, height_px: float, words: str) -> Chart:
    """A calm sentence where there is nothing to draw."""
    plot = Plot(style, width_px, height_px)
    plot.place(
        words, [Anchor(plot.width / 2, plot.height / 2, "center", "center")], style.soft, plot.label_px
    )
    return plot.finished()
