"""Results become figures here, in one style for the screen, the Excel report and the PDF.

No pyplot, no Qt, no global matplotlib settings: a figure may be drawn in any thread. Sizes are
logical pixels, 96 to the inch; `ChartStyle.dpi` says how many device pixels draw an inch, so that a
figure keeps its layout and only grows sharper. Labels are measured before they are placed, and one
that finds no room is left out rather than drawn over another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from math import floor, log10
from typing import TYPE_CHECKING, Self

from colmado_insights import text
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import DayView, Forecast, HourPattern, Segment, Usual
from colmado_insights.config import resource
from colmado_insights.domain import Target
from colmado_insights.palette import Palette
from colmado_insights.text import _, ngettext

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

PX_AN_INCH = 96
PT_A_PX = 72 / PX_AN_INCH
HISTORY_DAYS = 28
FIRST_HOUR_OF_THE_DAY = 5
"""A colmado's day runs past midnight: 1 a. m. stands after 11 p. m., not before 6 a. m."""

AXIS_PX = 11.0
LABEL_PX = 12.0
GAP_PX = 4.0
HOUR_STEPS = (1, 2, 3, 4, 6, 8, 12, 24)
LARGE_BARS_PX = 420.0
"""Bars by hour wider than a card's have all their words."""


@dataclass(frozen=True, slots=True)
class ChartStyle:
    """The colours of a chart, the size of its words and the sharpness of its picture."""

    ink: str
    soft: str
    faint: str
    line: str
    surface: str
    brand: str
    brand_soft: str
    accent: str
    bar: str
    band: str
    band_wide: str
    series: tuple[str, ...]
    scale: float = 1.0
    dpi: int = PX_AN_INCH

    @classmethod
    def of(cls, palette: Palette, scale: float = 1.0, dpi: int = PX_AN_INCH) -> Self:
        """The style of a theme; `scale` is the text-size setting (1.0 = 100 %)."""
        return cls(
            ink=palette.ink,
            soft=palette.soft,
            faint=palette.faint,
            line=palette.line,
            surface=palette.surface,
            brand=palette.brand,
            brand_soft=palette.brand_soft,
            accent=palette.accent,
            bar=palette.bar,
            band=palette.band,
            band_wide=palette.band_wide,
            series=palette.series,
            scale=scale,
            dpi=dpi,
        )


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A value to show on hover: its place as shares of the width and height from the top left, its words."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished figure and the values that the screen shows on hover."""

    figure: Figure
    points: tuple[ChartPoint, ...] = ()

    def to_png(self, dpi: int | None = None) -> bytes:
        """The picture as PNG, at the style's own sharpness unless told otherwise."""
        picture = BytesIO()
        self.figure.savefig(
            picture, format="png", dpi=dpi or self.figure.dpi, facecolor=self.figure.get_facecolor()
        )
        return picture.getvalue()


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle in logical pixels from the bottom left."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def touches(self, x: float, y: float) -> bool:
        return self.left - 3 <= x <= self.right + 3 and self.bottom - 1 <= y <= self.top + 1

    def is_inside(self, width: float, height: float) -> bool:
        return self.left >= 1 and self.bottom >= 0 and self.right <= width - 3 and self.top <= height


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A place for a label: a point, and which side of the words stands on it."""

    x: float
    y: float
    align: str = "center"  # left | center | right
    rise: str = "bottom"  # the words' bottom, center or top stands at y


@lru_cache(maxsize=8)
def _font_file(weight: str) -> str | None:
    """Path of the bundled typeface, or None where it is missing."""
    try:
        return str(resource(f"fonts/Inter-{weight}.ttf"))
    except FileNotFoundError:
        return None


def font_files() -> tuple[str, str]:
    """The regular and the strong face as TrueType files, for whoever embeds them."""
    regular, strong = _font_file("Regular"), _font_file("SemiBold")
    if regular and strong:
        return regular, strong
    from matplotlib import get_data_path

    folder = f"{get_data_path()}/fonts/ttf"
    return f"{folder}/DejaVuSans.ttf", f"{folder}/DejaVuSans-Bold.ttf"


def _font(size_px: float, weight: str = "Regular") -> FontProperties:
    """Inter by its file, so that nothing is registered globally; DejaVu, matplotlib's own, without it."""
    from matplotlib.font_manager import FontProperties

    path = _font_file(weight)
    if path:
        return FontProperties(fname=path, size=size_px * PT_A_PX)
    return FontProperties(
        family="DejaVu Sans",
        weight="bold" if weight in ("SemiBold", "Bold") else "normal",
        size=size_px * PT_A_PX,
    )


class _Plot:
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
        self._area = _Box(0, 0, self.width, self.height)
        self._x_range = (0.0, 1.0)
        self._y_range = (0.0, 1.0)
        self._labels: list[_Box] = []
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
        font = _font(size_px, weight)
        size = self._renderer.get_text_width_height_descent(words, font, False)  # type: ignore[no-untyped-call]
        return float(size[0]) * PX_AN_INCH / self.style.dpi

    # -- area and coordinates --

    def open_area(self, area: _Box, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
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
        anchors: Iterable[_Anchor],
        colour: str,
        size_px: float,
        weight: str = "Regular",
        may_cover_lines: bool = False,
    ) -> bool:
        """Write `words` at the best free anchor; without one they are left out."""
        width = self.text_width(words, size_px, weight)
        best: tuple[float, _Box] | None = None
        for rank, anchor in enumerate(anchors):
            box = _box_of(anchor, width, size_px * 1.2)
            if not box.is_inside(self.width, self.height):
                continue
            if any(box.overlaps(other) for other in self._labels):
                continue
            covered = 0 if may_cover_lines else sum(box.touches(x, y) for x, y in self._ink)
            # A later anchor is a worse place: it wins only where it hides much less of a line.
            cost = covered + rank / 2
            if best is None or cost < best[0]:
                best = (cost, box)
        if best is None:
            return False
        self._write(words, best[1], colour, size_px, weight)
        return True

    def clamped(self, x: float, width: float) -> float:
        """The centre nearest to `x` at which words of this width stay inside the figure."""
        return min(max(x, width / 2 + 1), max(self.width - width / 2 - 3, width / 2 + 1))

    def _write(self, words: str, box: _Box, colour: str, size_px: float, weight: str) -> None:
        from matplotlib.patheffects import withStroke

        written = self.figure.text(
            box.left / self.width,
            (box.bottom + size_px * 0.27) / self.height,
            words,
            color=colour,
            fontproperties=_font(size_px, weight),
            horizontalalignment="left",
            verticalalignment="baseline",
            # "RD$ 5 … RD$ 6" would be read as a formula otherwise.
            parse_math=False,
        )
        if weight != "Regular":
            # What matters stays readable where it must cross a line.
            halo = withStroke(linewidth=2.5 * PT_A_PX, foreground=self.style.surface)
            written.set_path_effects([halo])
        self._labels.append(replace(box, left=box.left - GAP_PX, right=box.right + GAP_PX))

    def _avoid(self, path: Sequence[tuple[float, float]]) -> None:
        """Remember where ink lies, a point every few pixels."""
        self._ink += path
        for (x0, y0), (x1, y1) in pairwise(path):
            steps = int(max(abs(x1 - x0), abs(y1 - y0)) // 5)
            self._ink += [(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps) for i in range(1, steps)]

    def finished(self) -> Chart:
        """The chart as it stands."""
        return Chart(self.figure, tuple(self.points))


def _box_of(anchor: _Anchor, width: float, height: float) -> _Box:
    """The rectangle of words of this size at an anchor."""
    left = anchor.x - {"left": 0.0, "center": 0.5, "right": 1.0}[anchor.align] * width
    bottom = anchor.y - {"bottom": 0.0, "center": 0.5, "top": 1.0}[anchor.rise] * height
    return _Box(left, bottom, left + width, bottom + height)


def _nice_ticks(highest: float, most: int, whole: bool = False) -> tuple[float, ...]:
    """Round tick values from 0 up to `highest`, at most `most` steps."""
    if highest <= 0:
        return (0.0, 1.0)
    rough = highest / max(most, 1)
    power = 10.0 ** floor(log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))
    if whole:
        step = max(1.0, step)
    return tuple(i * step for i in range(int(highest / step + 1e-9) + 1))


def _open_with_value_axis(
    plot: _Plot, x_range: tuple[float, float], highest: float, head_px: float, whole: bool
) -> None:
    """Open the plotting area with a labelled value axis on the left, room for words above and below."""
    size = plot.axis_px
    bottom, right = size * 1.2 + 12, 14.0
    room = max(plot.height - bottom - head_px, 20.0)
    top_value = highest * 1.04 if highest > 0 else 1.0
    ticks = _nice_ticks(top_value, max(1, min(5, int(room // (size * 4)))), whole)
    words = [text.short_number(tick) for tick in ticks]
    left = max(plot.text_width(word, size) for word in words) + 14
    plot.open_area(
        _Box(left, bottom, plot.width - right, bottom + room), x_range, (0.0, max(top_value, ticks[-1]))
    )
    plot.draw_grid(ticks)
    for tick, word in zip(ticks, words, strict=True):
        anchor = _Anchor(2, plot.y_px(tick), "left", "center")
        plot.place(word, [anchor], plot.style.faint, size, may_cover_lines=True)


def _draw_x_words(
    plot: _Plot, places: Sequence[tuple[float, str]], steps: Sequence[int], start: int = 0
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
        plot.place(word, [_Anchor(centre, 5)], plot.style.faint, size, may_cover_lines=True)


def _around(x: float, y: float, away: float = 9.0) -> tuple[_Anchor, ...]:
    """Anchors about a dot, the left shoulder first as the eye comes from there."""
    return (
        _Anchor(x - away, y + away * 0.7, "right"),
        _Anchor(x, y + away),
        _Anchor(x + away, y + away * 0.7, "left"),
        _Anchor(x, y + away * 1.7),
        _Anchor(x + away, y, "left", "center"),
        _Anchor(x - away, y, "right", "center"),
        _Anchor(x, y + away * 2.4),
        _Anchor(x + away, y - away * 0.7, "left", "top"),
        _Anchor(x - away, y - away * 0.7, "right", "top"),
        _Anchor(x, y - away, "center", "top"),
        _Anchor(x - away, y + away * 2, "right"),
        _Anchor(x + away, y + away * 2, "left"),
        _Anchor(x, y - away * 2, "center", "top"),
    )


def _empty(style: ChartStyle, width_px: float, height_px: float, words: str) -> Chart:
    """A calm sentence where there is nothing to draw."""
    plot = _Plot(style, width_px, height_px)
    plot.place(
        words, [_Anchor(plot.width / 2, plot.height / 2, "center", "center")], style.soft, plot.label_px
    )
    return plot.finished()


# -- a day against what is normal --


def day_chart(
    day: DayView, style: ChartStyle, width_px: float, height_px: float, *, is_today: bool = True
) -> Chart:
    """Customers by hour against the band of what is normal; `is_today` only chooses the words."""
    if not day.hours or not (day.is_open_day or any(day.usual_by_hour)):
        return _empty(style, width_px, height_px, _("Todavía no hay ventas que mostrar."))
    plot = _Plot(style, width_px, height_px)
    counts = [(i, float(n)) for i, n in enumerate(day.receipts_by_hour) if n is not None]
    usual = [(i, u) for i, u in enumerate(day.usual_by_hour) if u is not None]
    highest = max([n for _i, n in counts] + [u.hi for _i, u in usual], default=0.0)
    _open_with_value_axis(plot, (0, max(len(day.hours) - 1, 1)), highest, plot.label_px * 2.2, whole=True)
    _draw_x_words(plot, [(i, text.hour_label(hour)) for i, hour in enumerate(day.hours)], HOUR_STEPS)
    for run in _runs(usual):
        xs = [float(i) for i, _u in run]
        plot.draw_band(xs, [u.lo for _i, u in run], [u.hi for _i, u in run], style.band_wide, order=1)
        plot.draw_line([(i, u.mean) for i, u in run], style.soft, 1.25, dashes=(3, 3), order=3.5)
    _draw_the_day(plot, day, counts, is_today)
    _name_the_band(plot, day, usual)
    _add_hour_points(plot, day, highest)
    return plot.finished()


def _runs(usual: Sequence[tuple[int, Usual]]) -> list[list[tuple[int, Usual]]]:
    """Stretches of consecutive hours with a known normal."""
    runs: list[list[tuple[int, Usual]]] = []
    for index, value in usual:
        if runs and runs[-1][-1][0] == index - 1:
            runs[-1].append((index, value))
        else:
            runs.append([(index, value)])
    return runs


def running_hour(day: DayView) -> int | None:
    """Position of the hour that was still going on at `until`: its count is not yet a whole hour's."""
    if day.until.date() != day.day or (day.until.minute, day.until.second) >= (59, 59):
        return None
    return next((i for i, hour in enumerate(day.hours) if hour == day.until.hour), None)


def _draw_the_day(plot: _Plot, day: DayView, counts: Sequence[tuple[int, float]], is_today: bool) -> None:
    """The day's own line, its dot and number; an hour still running hangs on it as a hollow dot."""
    colour, running = plot.style.brand, running_hour(day)
    whole = [(i, n) for i, n in counts if i != running]
    going = next(((i, n) for i, n in counts if i == running), None)
    if whole:
        plot.draw_line(whole, colour, 2.5, order=5)
    if going:
        if whole:
            plot.draw_line([whole[-1], going], colour, 1.5, dashes=(1, 2), order=5)
        plot.draw_dot(*going, colour, hollow=True)
    if not whole:
        return
    is_over = len(whole) == len(day.hours)
    index, count = max(whole, key=lambda point: point[1]) if is_over else whole[-1]
    plot.draw_dot(index, count, colour)
    many = ngettext("{count} cliente", "{count} clientes", int(count)).format(count=text.number(count))
    when = text.hour_label(day.hours[index]) if is_over or not is_today else _("Hoy")
    plot.place(
        f"{when}: {many}",
        _around(plot.x_px(index), plot.y_px(count)),
        colour,
        plot.label_px,
        "SemiBold",
    )


def _name_the_band(plot: _Plot, day: DayView, usual: Sequence[tuple[int, Usual]]) -> None:
    """Say on the band itself what it is."""
    words = (
        _("lo normal de un {weekday}").format(weekday=text.weekday(day.day))
        if day.normal is not None and day.normal.code == "usual_same_weekday"
        else _("lo normal a esa hora")
    )
    by_height = sorted(usual, key=lambda point: -point[1].hi)
    width = plot.text_width(words, plot.label_px)
    anchors = [
        anchor
        for i, u in by_height[:8]
        for anchor in (
            _Anchor(plot.clamped(plot.x_px(i), width), plot.y_px(u.hi) + 5),
            _Anchor(plot.x_px(i) + 8, plot.y_px(u.hi), "left"),
            _Anchor(plot.x_px(i) - 8, plot.y_px(u.hi), "right"),
        )
    ]
    plot.place(words, anchors, plot.style.soft, plot.label_px)


def _add_hour_points(plot: _Plot, day: DayView, highest: float) -> None:
    """One hover value an hour."""
    running = running_hour(day)
    for i, hour in enumerate(day.hours):
        count, usual = day.receipts_by_hour[i], day.usual_by_hour[i]
        parts = [text.hour_label(hour)]
        if count is not None:
            many = ngettext("{count} cliente", "{count} clientes", count).format(count=text.number(count))
            parts.append(_("va por {count}").format(count=many) if i == running else many)
        if usual is not None:
            parts.append(
                _("lo normal: {mean} (de {low} a {high})").format(
                    mean=text.number(usual.mean), low=text.number(usual.lo), high=text.number(usual.hi)
                )
            )
        if len(parts) > 1:
            height = count if count is not None else (usual.mean if usual is not None else 0.0)
            plot.add_point(i, min(height, highest), " · ".join(parts))


# -- what will sell --


def forecast_chart(
    forecast: Forecast,
    style: ChartStyle,
    width_px: float,
    height_px: float,
    *,
    calendar: DominicanDays | None = None,
) -> Chart:
    """The days behind, the days ahead with what 8 and 19 of 20 days fall into, pay days marked."""
    if not forecast.points:
        return _empty(style, width_px, height_px, _("Todavía no hay pronóstico que mostrar."))
    plot = _Plot(style, width_px, height_px)
    unit = 100.0 if forecast.target is Target.REVENUE else 1.0
    first_shown = forecast.points[0].day - timedelta(days=HISTORY_DAYS)
    history = [(d, max(v, 0.0) / unit) for d, v in forecast.history if first_shown <= d <= forecast.until]
    first_day = history[0][0] if history else forecast.points[0].day
    days = (forecast.points[-1].day - first_day).days

    highest = max([p.hi95 / unit for p in forecast.points] + [v for _d, v in history])
    _open_with_value_axis(plot, (0, max(days, 1)), highest, plot.label_px * 1.9, whole=unit == 1)
    _draw_dates(plot, first_day, days)
    _draw_pay_days(plot, first_day, days, calendar or DominicanDays())
    _draw_bands(plot, forecast, first_day, history[-1:], unit)
    if history:
        plot.draw_line([((d - first_day).days, v) for d, v in history], style.ink, 1.75)
        _draw_until(plot, forecast.until, first_day)
    means = [((p.day - first_day).days, p.mean / unit) for p in forecast.points]
    bridge = [((d - first_day).days, v) for d, v in history[-1:]]
    plot.draw_line(bridge + means, style.brand, 2.25, order=5)
    _name_the_peak(plot, forecast, first_day, unit)
    _add_day_points(plot, forecast, history, first_day, unit)
    return plot.finished()


def _draw_dates(plot: _Plot, first_day: date, days: int) -> None:
    """Dates under the axis: each Sunday where the stretch has several, else every few days."""
    all_days = [first_day + timedelta(days=i) for i in range(days + 1)]
    places = [(float(i), text.short_date(day)) for i, day in enumerate(all_days)]
    sunday = next((i for i, day in enumerate(all_days) if day.weekday() == 6), 0)
    steps = (7, 14, 28) if days >= 21 else (1, 2, 3, 4, 7, 14)
    _draw_x_words(plot, places, steps, start=sunday if days >= 21 else 0)


def _draw_pay_days(plot: _Plot, first_day: date, days: int, calendar: DominicanDays) -> None:
    """Pay days as dotted amber lines with their word on top."""
    colour = plot.style.accent
    for i in range(days + 1):
        day = first_day + timedelta(days=i)
        if not calendar.is_payroll_day(day):
            continue
        plot.draw_upright(i, colour, dashes=(1, 2.5))
        words = pay_day_words(day)
        width = plot.text_width(words, plot.axis_px, "SemiBold")
        top = plot.height - plot.axis_px * 1.2 - 1
        centre = plot.clamped(plot.x_px(i), width)
        plot.place(words, [_Anchor(centre, top)], colour, plot.axis_px, "SemiBold", may_cover_lines=True)


def pay_day_words(day: date) -> str:
    """quincena 15, quincena 30, or the day itself where the owner added one."""
    if 12 <= day.day <= 16:
        return _("quincena 15")
    if day.day >= 26 or day.day == 1:
        return _("quincena 30")
    return _("cobro {day}").format(day=day.day)


def _draw_bands(
    plot: _Plot,
    forecast: Forecast,
    first_day: date,
    last_known: Sequence[tuple[date, float]],
    unit: float,
) -> None:
    """The wide and the narrow band, opening from the last day known."""
    start = [((d - first_day).days, v) for d, v in last_known]
    xs = [x for x, _v in start] + [(p.day - first_day).days for p in forecast.points]
    known = [v for _x, v in start]
    for colour, lows, highs, order in (
        (plot.style.band_wide, [p.lo95 for p in forecast.points], [p.hi95 for p in forecast.points], 1.0),
        (plot.style.band, [p.lo80 for p in forecast.points], [p.hi80 for p in forecast.points], 1.5),
    ):
        plot.draw_band(
            xs,
            known + [max(low, 0.0) / unit for low in lows],
            known + [high / unit for high in highs],
            colour,
            order,
        )


def _draw_until(plot: _Plot, until: date, first_day: date) -> None:
    """Where the known days end and the expected ones begin."""
    x = (until - first_day).days
    plot.draw_upright(x, plot.style.faint)
    at, bottom = plot.x_px(x), plot.y_px(0) + 5
    plot.place(_("vendido"), [_Anchor(at - 6, bottom, "right")], plot.style.faint, plot.axis_px)
    plot.place(_("pronóstico"), [_Anchor(at + 6, bottom, "left")], plot.style.faint, plot.axis_px)


def _amount(value: float, target: Target) -> str:
    """A value of the forecast in the target's own words; revenue comes in cents."""
    if target is Target.REVENUE:
        return text.money(value)
    count = round(value)
    return ngettext("{count} compra", "{count} compras", count).format(count=text.number(count))


def _name_the_peak(plot: _Plot, forecast: Forecast, first_day: date, unit: float) -> None:
    """The best day ahead gets its number."""
    best = max(forecast.points, key=lambda point: point.mean)
    x, y = (best.day - first_day).days, best.mean / unit
    plot.draw_dot(x, y, plot.style.brand)
    at_right, *others = (
        _Anchor(plot.x_px(x) + 9, plot.y_px(y) + 4, "left"),
        *_around(plot.x_px(x), plot.y_px(y)),
    )
    plot.place(
        _amount(best.mean, forecast.target),
        [at_right, *others],
        plot.style.brand,
        plot.label_px,
        "SemiBold",
    )


def _add_day_points(
    plot: _Plot,
    forecast: Forecast,
    history: Sequence[tuple[date, float]],
    first_day: date,
    unit: float,
) -> None:
    """One hover value a day, behind and ahead."""
    for day, value in history:
        words = f"{text.short_date(day)} · {_amount(value * unit, forecast.target)}"
        plot.add_point((day - first_day).days, value, words)
    for point in forecast.points:
        words = _("{day} · {mean} (de {low} a {high})").format(
            day=text.short_date(point.day),
            mean=_amount(point.mean, forecast.target),
            low=_amount(max(point.lo80, 0.0), forecast.target),
            high=_amount(point.hi80, forecast.target),
        )
        plot.add_point((point.day - first_day).days, point.mean / unit, words)


# -- when people come --


def shown_hours(counts: Sequence[float]) -> tuple[int, ...]:
    """The hours from the first to the last with somebody, in the order in which a colmado lives them."""
    order = [(FIRST_HOUR_OF_THE_DAY + i) % 24 for i in range(24)]
    busy = [i for i, hour in enumerate(order) if counts[hour] > 0]
    return tuple(order[busy[0] : busy[-1] + 1]) if busy else ()


def hours_bars(
    counts: Sequence[int],
    peaks: Iterable[int],
    style: ChartStyle,
    width_px: float,
    height_px: float,
    *,
    hours: Sequence[int] | None = None,
) -> Chart:
    """A small bar an hour, the peaks in brand; give `hours` to show several of them on the same axis."""
    shown = tuple(hours) if hours is not None else shown_hours(counts)
    if not shown:
        return _empty(style, width_px, height_px, _("sin horas"))
    plot = _Plot(style, width_px, height_px)
    size, peak_hours = plot.axis_px, frozenset(peaks)
    bottom = size * 1.2 + 6
    is_large = plot.width >= LARGE_BARS_PX
    top = max(plot.height - (size * 1.6 if is_large else 2), bottom + 8)
    highest = max(max(counts[hour] for hour in shown), 1)
    plot.open_area(_Box(0, bottom, plot.width, top), (0, len(shown)), (0, highest))
    least = 2.0 * highest / (top - bottom)
    plot.axes.bar(
        [i + 0.5 for i in range(len(shown))],
        [max(counts[hour], least) for hour in shown],
        width=0.84,
        color=[style.brand if hour in peak_hours else style.bar for hour in shown],
        linewidth=0,
        zorder=3,
    )
    for i, hour in enumerate(shown):
        many = ngettext("{count} compra", "{count} compras", counts[hour]).format(
            count=text.number(counts[hour])
        )
        plot.add_point(i + 0.5, counts[hour], f"{text.hour_label(hour)} · {many}")
    if is_large:
        _write_bar_words(plot, counts, shown)
    else:
        plot.place(text.hour_label(shown[0]), [_Anchor(1, 2, "left")], style.faint, size)
        plot.place(text.hour_label(shown[-1]), [_Anchor(plot.width - 3, 2, "right")], style.faint, size)
    return plot.finished()


def _write_bar_words(plot: _Plot, counts: Sequence[int], shown: Sequence[int]) -> None:
    """Hours under the bars, and numbers on them where they fit."""
    size = plot.axis_px
    _draw_x_words(plot, [(i + 0.5, text.hour_label(hour)) for i, hour in enumerate(shown)], HOUR_STEPS)
    if plot.x_px(1) - plot.x_px(0) < max(plot.text_width(text.number(counts[hour]), size) for hour in shown):
        return
    for i, hour in enumerate(shown):
        at = _Anchor(plot.x_px(i + 0.5), max(plot.y_px(counts[hour]), plot.y_px(0) + 2) + 1)
        plot.place(text.number(counts[hour]), [at], plot.style.soft, size)


WEEK = (1, 2, 3, 4, 5, 6, 0)
"""Rows of the heat map: Monday first, so that the three days of the weekend stand together."""


def pattern_heatmap(pattern: HourPattern, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """Mean receipts by weekday and hour, darker where more people come."""
    hours = shown_hours([max(row[hour] for row in pattern.receipts) for hour in range(24)])
    if not hours:
        return _empty(style, width_px, height_px, _("Todavía no hay ventas con hora que mostrar."))
    plot = _Plot(style, width_px, height_px)
    size = plot.axis_px
    names = [text.weekday_name(day, short=True) for day in WEEK]
    left = max(plot.text_width(name, size) for name in names) + 12
    bottom, head = size * 1.2 + 10, plot.label_px * 1.9
    plot.open_area(
        _Box(left, bottom, plot.width - 6, max(plot.height - head, bottom + 20)),
        (0, len(hours)),
        (len(WEEK), 0),
    )
    highest = max(max(row) for row in pattern.receipts)
    _draw_cells(plot, pattern, hours, highest)
    for row, name in enumerate(names):
        anchor = _Anchor(2, plot.y_px(row + 0.5), "left", "center")
        plot.place(name, [anchor], style.faint, size)
    _draw_x_words(plot, [(i + 0.5, text.hour_label(hour)) for i, hour in enumerate(hours)], HOUR_STEPS)
    _name_the_busiest(plot, pattern, hours)
    return plot.finished()


def _draw_cells(plot: _Plot, pattern: HourPattern, hours: Sequence[int], highest: float) -> None:
    """One cell a weekday and hour with its number where it fits."""
    from matplotlib.patches import Rectangle

    style = plot.style
    cell_width = plot.x_px(1) - plot.x_px(0)
    cell_height = abs(plot.y_px(1) - plot.y_px(0))
    gap_x, gap_y = min(2.0 / cell_width, 0.2), min(2.0 / cell_height, 0.2)
    size = plot.axis_px
    fits = cell_width > plot.text_width(text.number(highest), size) + 8 and cell_height > size * 1.5
    for row, day in enumerate(WEEK):
        for i, hour in enumerate(hours):
            value = pattern.receipts[day][hour]
            ground = mix(style.brand, style.brand_soft, value / highest) if value else style.surface
            plot.axes.add_patch(
                Rectangle(
                    (i + gap_x / 2, row + gap_y / 2),
                    1 - gap_x,
                    1 - gap_y,
                    facecolor=ground,
                    edgecolor="none",
                    linewidth=0,
                    zorder=1,
                )
            )
            many = text.number(value, 0 if value >= 10 else 1)
            words = _("{weekday}, {hour} · {count} compras por día").format(
                weekday=text.weekday_name(day), hour=text.hour_label(hour), count=many
            )
            plot.add_point(i + 0.5, row + 0.5, words)
            if fits and round(value):
                anchor = _Anchor(plot.x_px(i + 0.5), plot.y_px(row + 0.5), "center", "center")
                colour = max((style.ink, style.surface), key=lambda words: contrast(words, ground))
                plot.place(text.number(value), [anchor], colour, size, may_cover_lines=True)


def _name_the_busiest(plot: _Plot, pattern: HourPattern, hours: Sequence[int]) -> None:
    """Say above the map when most people come."""
    day, hour = max(
        ((day, hour) for day in WEEK for hour in hours), key=lambda at: pattern.receipts[at[0]][at[1]]
    )
    words = _("Más gente: {weekday} a las {hour}, {count} compras").format(
        weekday=text.weekday_name(day),
        hour=text.hour_label(hour),
        count=text.number(pattern.receipts[day][hour]),
    )
    top = plot.height - 2
    plot.place(
        words, [_Anchor(plot.width - 6, top, "right", "top")], plot.style.brand, plot.label_px, "SemiBold"
    )


# -- who buys --


def segment_bars(segments: Sequence[Segment], style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """A bar a segment with its share and its number of receipts written at its end."""
    if not segments:
        return _empty(style, width_px, height_px, _("Todavía no hay segmentos que mostrar."))
    plot = _Plot(style, width_px, height_px)
    size = min(plot.label_px, (plot.height - 8) / len(segments) / 1.3)
    names = [text.segment_name(segment.segment_id) for segment in segments]
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
        _Box(left, 4, max(plot.width - right, left + 20), plot.height - 4), (0, highest), (len(segments), 0)
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
        plot.place(name, [_Anchor(2, middle, "left", "center")], style.ink, size)
        at = _Anchor(plot.x_px(segment.share) + 7, middle, "left", "center")
        plot.place(end, [at], style.soft, size, "SemiBold")
        plot.add_point(segment.share, i + 0.5, f"{name} · {end}")
    return plot.finished()


def mix(over: str, under: str, share: float) -> str:
    """The colour that `share` (0-1) of one colour makes with another."""
    parts = zip(_rgb(over), _rgb(under), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in parts)


def contrast(one: str, other: str) -> float:
    """How well two colours stand apart, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _rgb(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
