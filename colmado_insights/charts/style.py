"""The colours, typeface and sharpness of a chart, and the finished chart itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Self

from colmado_insights.config import resource
from colmado_insights.palette import Palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

PX_AN_INCH = 96
PT_A_PX = 72 / PX_AN_INCH


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


def font(size_px: float, weight: str = "Regular") -> FontProperties:
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
