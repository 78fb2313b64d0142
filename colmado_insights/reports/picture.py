"""A report as one picture to share from the telephone: its title, its cards and its first charts."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from colmado_insights import text
from colmado_insights.charts import PX_AN_INCH, ChartStyle
from colmado_insights.charts.style import font
from colmado_insights.palette import LIGHT
from colmado_insights.reports.report import (
    Card,
    ChartSection,
    Kind,
    Numbers,
    Report,
    Trend,
    audience_words,
    cell_words,
)
from colmado_insights.text import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 540.0
"""Layout pixels; the picture has twice as many."""
DPI = 2 * PX_AN_INCH
MARGIN = 20.0
GAP = 10.0
CARD_HEIGHT = 92.0
CARDS_A_ROW = 2
MOST_CHARTS = 2
SUBTITLE_CHARS = 66
SMALLEST = 0.7
"""Of their size, words are not written smaller."""
TREND_COLOURS = {
    Trend.UP: LIGHT.good,
    Trend.DOWN: LIGHT.bad,
    Trend.SAME: LIGHT.soft,
    Trend.NONE: LIGHT.brand,
}


def picture_bytes(report: Report) -> bytes:
    """The PNG of a report, 1080 pixels wide and as high as it needs."""
    cards = [card for section in report.sections if isinstance(section, Numbers) for card in section.cards]
    charts = [section for section in report.sections if isinstance(section, ChartSection)][:MOST_CHARTS]
    canvas = _Canvas(_height(report, cards, charts))
    canvas.write(report.shop_name, 13, LIGHT.brand, strong=True)
    canvas.write(report.title, 25, LIGHT.ink, strong=True)
    for line in _subtitle(report):
        canvas.write(line, 13, LIGHT.soft)
    if warning := audience_words(report.audience):
        canvas.write(warning, 13, LIGHT.bad, strong=True)
    canvas.down(GAP)
    for start in range(0, len(cards), CARDS_A_ROW):
        canvas.draw_cards(cards[start : start + CARDS_A_ROW])
    for section in charts:
        canvas.draw_chart(section)
    canvas.write(text.fluent(_made(report)), 11, LIGHT.soft)
    content = BytesIO()
    canvas.figure.savefig(content, format="png", dpi=DPI, facecolor=LIGHT.surface)
    return content.getvalue()


def _subtitle(report: Report) -> list[str]:
    return textwrap.wrap(report.subtitle, SUBTITLE_CHARS)


def _made(report: Report) -> str:
    return _("Hecho el {day} a las {time}").format(
        day=text.long_date(report.made_at.date()), time=text.clock(report.made_at)
    )


def _height(report: Report, cards: Sequence[Card], charts: Sequence[ChartSection]) -> float:
    lines = [13.0, 25.0, *(13.0 for _line in _subtitle(report)), 11.0]
    if audience_words(report.audience):
        lines.append(13.0)
    rows = -(-len(cards) // CARDS_A_ROW)
    drawn = sum(section.height_px + _line(15) + 2 * GAP for section in charts)
    return 2 * MARGIN + sum(map(_line, lines)) + GAP + rows * (CARD_HEIGHT + GAP) + drawn


def _line(size: float) -> float:
    return size * 1.5


class _Canvas:
    """A figure that is filled from the top; all lengths are layout pixels."""

    def __init__(self, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.height = height
        self.figure: Figure = Figure(figsize=(WIDTH / PX_AN_INCH, height / PX_AN_INCH), dpi=DPI)
        FigureCanvasAgg(self.figure)
        self._top = MARGIN  # where the next thing goes

    def down(self, pixels: float) -> None:
        """Leave room."""
        self._top += pixels

    def write(self, words: str, size: float, colour: str, *, strong: bool = False) -> None:
        """One line from the left."""
        self._text(words, MARGIN, self._top, size, colour, strong=strong, room=WIDTH - 2 * MARGIN)
        self.down(_line(size))

    def draw_cards(self, cards: Sequence[Card]) -> None:
        """Cards side by side: label, number, chip or comparison."""
        width = (WIDTH - 2 * MARGIN - GAP * (CARDS_A_ROW - 1)) / CARDS_A_ROW
        for place, card in enumerate(cards):
            left = MARGIN + place * (width + GAP)
            self._box(left, width)
            room = width - 24
            self._text(card.label, left + 12, self._top + 10, 12, LIGHT.soft, strong=True, room=room)
            value = cell_words(card.value, card.kind, exact=False)
            size = 18 if card.kind is Kind.TEXT else 24
            self._text(value, left + 12, self._top + 28, size, LIGHT.ink, strong=True, room=room)
            if card.chip:
                self._text(
                    card.chip,
                    left + 12,
                    self._top + 62,
                    12,
                    TREND_COLOURS[card.trend],
                    strong=True,
                    room=room,
                )
                used = self._width(card.chip + "  ", 12, strong=True)
                self._text(
                    card.comparison, left + 12 + used, self._top + 62, 12, LIGHT.soft, room=room - used
                )
            else:
                self._text(card.comparison, left + 12, self._top + 62, 12, LIGHT.soft, room=room)
        self.down(CARD_HEIGHT + GAP)

    def draw_chart(self, section: ChartSection) -> None:
        """A chart under its title."""
        from matplotlib.image import imread

        self.down(GAP)
        self.write(section.title, 15, LIGHT.ink, strong=True)
        width = WIDTH - 2 * MARGIN
        chart = section.draw(ChartStyle.of(LIGHT, dpi=DPI), width, section.height_px)
        pixels = imread(BytesIO(chart.to_png()))
        self._area(MARGIN, width, section.height_px).imshow(pixels, aspect="auto", interpolation="none")
        self.down(section.height_px + GAP)

    def _area(self, left: float, width: float, height: float) -> Any:
        bottom = 1 - (self._top + height) / self.height
        area = self.figure.add_axes((left / WIDTH, bottom, width / WIDTH, height / self.height))
        area.set_axis_off()
        return area

    def _box(self, left: float, width: float) -> None:
        from matplotlib.patches import Rectangle

        bottom = 1 - (self._top + CARD_HEIGHT) / self.height
        self.figure.add_artist(
            Rectangle(
                (left / WIDTH, bottom), width / WIDTH, CARD_HEIGHT / self.height,
                facecolor=LIGHT.raised, edgecolor=LIGHT.line, linewidth=0.75,
                transform=self.figure.transFigure,
            )
        )  # fmt: skip

    def _text(
        self,
        words: str,
        left: float,
        top: float,
        size: float,
        colour: str,
        *,
        strong: bool = False,
        room: float,
    ) -> None:
        """Words that get smaller, then shorter, rather than leave their room; a name is never read as a formula."""
        wide = self._width(words, size, strong=strong)
        size *= max(SMALLEST, min(1.0, room / wide)) if wide else 1.0
        if wide * SMALLEST > room:
            words = f"{words[: int(len(words) * room / wide / SMALLEST) - 1].rstrip()}…"
        self.figure.text(
            left / WIDTH, 1 - top / self.height, words, color=colour, va="top", ha="left",
            fontproperties=font(size, "SemiBold" if strong else "Regular"), parse_math=False,
        )  # fmt: skip

    def _width(self, words: str, size: float, *, strong: bool = False) -> float:
        renderer = self.figure.canvas.get_renderer()  # type: ignore[attr-defined]
        face = font(size, "SemiBold" if strong else "Regular")
        return float(renderer.get_text_width_height_descent(words, face, False)[0]) * PX_AN_INCH / DPI
