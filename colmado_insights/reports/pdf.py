"""A report as a PDF to print or to send: cards, charts and tables on Letter or A4."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from io import BytesIO
from typing import Any

from colmado_insights import text
from colmado_insights.charts import PX_AN_INCH, ChartStyle, font_files
from colmado_insights.palette import LIGHT
from colmado_insights.reports.page import LETTER, POINTS
from colmado_insights.reports.report import (
    NUMBERS,
    Card,
    Cell,
    ChartSection,
    Column,
    Kind,
    Numbers,
    Paragraph,
    Report,
    Table,
    Trend,
    audience_words,
    cell_words,
)
from colmado_insights.text import _, ngettext

MARGIN = 40.0
HEAD = 26.0
FOOT = 34.0
CARDS_A_ROW = 4
CHART_DPI = 220
CELL_PADDING = 9.0
"""Left and right of a cell's words together, and a hair."""
SHORT_TABLE = 14
"""Lines of a table that is moved to the next page rather than cut."""
PX_A_POINT = PX_AN_INCH / 72

REGULAR = "Colmado"
STRONG = "Colmado-Strong"
TABULAR = "Colmado-Tabular"
TABULAR_STRONG = "Colmado-Tabular-Strong"

_fonts_lock = threading.Lock()


def pdf_bytes(report: Report, page: str = LETTER) -> bytes:
    """The PDF of a report on `page` (`Letter` or `A4`)."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    _register_fonts()
    content = BytesIO()
    width, height = POINTS[page]
    document = BaseDocTemplate(
        content,
        pagesize=(width, height),
        title=f"{report.title} · {report.shop_name}",
        subject=report.subtitle,
        author=report.shop_name,
        creator="Colmado Insights",
        lang=text.language(),
    )
    inside = Frame(
        MARGIN,
        MARGIN + FOOT,
        width - 2 * MARGIN,
        height - 2 * MARGIN - FOOT - HEAD,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates(PageTemplate(frames=[inside]))
    document.build(
        _Layout(width - 2 * MARGIN).story(report), canvasmaker=_numbered_canvas(report, width, height)
    )
    return content.getvalue()


# -- fonts --


def _register_fonts() -> None:
    """Give reportlab our typeface once, and a second face of it whose digits are all of one width."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with _fonts_lock:
        if TABULAR_STRONG in pdfmetrics.getRegisteredFontNames():
            return
        regular, strong = font_files()
        for name, path in ((REGULAR, regular), (STRONG, strong)):
            pdfmetrics.registerFont(TTFont(name, path))
        for name, path in ((TABULAR, regular), (TABULAR_STRONG, strong)):
            font = TTFont(name, path)
            _use_tabular_digits(font, path)
            # reportlab takes fonts of one face name for the same font.
            font.face.name += b"-Tabular"
            pdfmetrics.registerFont(font)
        pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=STRONG, italic=REGULAR, boldItalic=STRONG)


def _use_tabular_digits(font: Any, path: str) -> None:
    """Point the digits at the typeface's own figures of equal width (its `tnum` feature), where it has one.

    reportlab lays out characters, not features, so that the choice is made in its table of glyphs.
    """
    from fontTools.ttLib import TTFont as Typeface  # type: ignore[import-untyped]

    with Typeface(path, lazy=True) as typeface:
        if "GSUB" not in typeface:
            return
        table = typeface["GSUB"].table
        lookups = {
            index
            for record in table.FeatureList.FeatureRecord
            if record.FeatureTag == "tnum"
            for index in record.Feature.LookupListIndex
        }
        glyphs = {
            before: after
            for index in lookups
            for subtable in table.LookupList.Lookup[index].SubTable
            for before, after in getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {}).items()
        }
        names, scale = typeface.getBestCmap(), 1000 / typeface["head"].unitsPerEm
        for letter in map(ord, "0123456789.,:+− "):
            glyph = glyphs.get(names.get(letter, ""))
            if glyph is not None:
                font.face.charToGlyph[letter] = typeface.getGlyphID(glyph)
                font.face.charWidths[letter] = typeface["hmtx"][glyph][0] * scale


# -- every page --


def _numbered_canvas(report: Report, width: float, height: float) -> type:
    """A canvas that knows how many pages there are before it numbers them."""
    from reportlab.pdfgen.canvas import Canvas

    class NumberedCanvas(Canvas):  # type: ignore[misc]
        """Keeps its pages until the last one, then writes head and foot on each."""

        def __init__(self, *args: Any, **named: Any) -> None:
            # reportlab's own first font is Helvetica, which nobody could embed.
            super().__init__(*args, **{**named, "initialFontName": REGULAR})
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._kept, start=1):
                self.__dict__.update(page)
                _draw_frame(self, report, width, height, number, len(self._kept))
                super().showPage()
            super().save()

    return NumberedCanvas


def _draw_frame(canvas: Any, report: Report, width: float, height: float, number: int, pages: int) -> None:
    """Shop and title on top, when it was made and the page at the foot."""
    top, bottom = height - MARGIN, MARGIN
    canvas.saveState()
    canvas.setFont(STRONG, 9)
    canvas.setFillColor(LIGHT.brand)
    canvas.drawString(MARGIN, top, _fitting(canvas, report.shop_name, STRONG, 9, width / 2 - MARGIN))
    canvas.setFont(REGULAR, 9)
    canvas.setFillColor(LIGHT.soft)
    canvas.drawRightString(width - MARGIN, top, report.title)
    canvas.setStrokeColor(LIGHT.line)
    canvas.setLineWidth(0.75)
    canvas.line(MARGIN, top - 8, width - MARGIN, top - 8)
    made = _("Hecho el {day} a las {time}").format(
        day=text.long_date(report.made_at.date()), time=text.clock(report.made_at)
    )
    canvas.setFont(REGULAR, 8)
    canvas.drawString(MARGIN, bottom, text.fluent(made))
    if warning := audience_words(report.audience):
        canvas.setFont(STRONG, 8)
        canvas.setFillColor(LIGHT.bad)
        canvas.drawString(MARGIN, bottom + 11, warning)
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(LIGHT.soft)
    canvas.drawRightString(
        width - MARGIN, bottom, _("Página {page} de {pages}").format(page=number, pages=pages)
    )
    canvas.restoreState()


def _fitting(canvas: Any, words: str, font: str, size: float, width: float) -> str:
    """The words, cut with … where they are too long for one line."""
    if canvas.stringWidth(words, font, size) <= width:
        return words
    while words and canvas.stringWidth(f"{words}…", font, size) > width:
        words = words[:-1]
    return f"{words.rstrip()}…"


# -- the story --


@dataclass(frozen=True, slots=True)
class _Look:
    """How some words look on paper."""

    size: float
    font: str = REGULAR
    colour: str = LIGHT.ink
    align: int = 0  # reportlab: 0 left, 2 right
    lead: float = 1.32
    after: float = 0.0

    def style(self) -> Any:
        """The same as reportlab's own style."""
        from reportlab.lib.styles import ParagraphStyle

        return ParagraphStyle(
            name=f"{self.font}-{self.size}-{self.colour}-{self.align}",
            fontName=self.font,
            fontSize=self.size,
            leading=self.size * self.lead,
            textColor=self.colour,
            alignment=self.align,
            spaceAfter=self.after,
            splitLongWords=True,
        )


TITLE = _Look(20, STRONG, after=2)
SUBTITLE = _Look(11, REGULAR, LIGHT.soft, after=12)
WARNING = _Look(10, STRONG, LIGHT.bad, after=12)
HEADING = _Look(12.5, STRONG, after=6)
BODY = _Look(9.5, after=10)
NOTE = _Look(8, REGULAR, LIGHT.soft)
CARD_LABEL = _Look(8.5, STRONG, LIGHT.soft)
CARD_NUMBER = _Look(17, STRONG, lead=1.42)
CARD_WORD = _Look(12.5, STRONG, lead=1.93)
CARD_CHIP = _Look(8, REGULAR, LIGHT.soft)
CELL = _Look(8.5, REGULAR, lead=1.25)
CELL_NUMBER = _Look(8.5, TABULAR, align=2, lead=1.25)
CELL_TOTAL = _Look(8.5, STRONG, lead=1.25)
CELL_TOTAL_NUMBER = _Look(8.5, TABULAR_STRONG, align=2, lead=1.25)
COLUMN = _Look(8, STRONG, LIGHT.soft, lead=1.2)
COLUMN_NUMBER = _Look(8, STRONG, LIGHT.soft, align=2, lead=1.2)

TREND_COLOURS = {
    Trend.UP: LIGHT.good,
    Trend.DOWN: LIGHT.bad,
    Trend.SAME: LIGHT.soft,
    Trend.NONE: LIGHT.brand,
}


class _Layout:
    """Turns sections into reportlab's flowing pieces for one width of paper."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.chart_style = ChartStyle.of(LIGHT, dpi=CHART_DPI)

    def story(self, report: Report) -> list[Any]:
        """Every piece in order; a chart and the short table that says the same stay on one page."""
        from reportlab.platypus import KeepTogether, Spacer

        pieces: list[Any] = [_words(report.title, TITLE), _words(report.subtitle, SUBTITLE)]
        if warning := audience_words(report.audience):
            pieces.append(_words(warning, WARNING))
        chart: ChartSection | None = None
        for section in (*report.sections, None):
            drawn, chart = chart, None
            together = (
                drawn is not None
                and isinstance(section, Table)
                and section.on_paper
                and section.title == drawn.title
            )
            if drawn is not None and not together:
                pieces += [KeepTogether(self._chart(drawn)), Spacer(0, 14)]
            match section:
                case Numbers():
                    pieces += self._cards(section.cards)
                case Paragraph():
                    pieces.append(_words(section.words, BODY))
                case ChartSection():
                    chart = section
                case Table() if section.on_paper and section.rows:
                    before = self._chart(drawn) if together and drawn is not None else []
                    pieces += self._table(section, before)
                case Table() if section.on_paper and section.empty:
                    pieces.append(KeepTogether([_words(section.title, HEADING), _words(section.empty, BODY)]))
        return pieces

    def _cards(self, cards: Sequence[Card]) -> list[Any]:
        """Cards side by side, a gap between them."""
        from reportlab.platypus import Spacer, TableStyle
        from reportlab.platypus import Table as Grid

        gap = 8.0
        pieces: list[Any] = []
        for start in range(0, len(cards), CARDS_A_ROW):
            row = cards[start : start + CARDS_A_ROW]
            width = (self.width - gap * (len(row) - 1)) / len(row)
            cells: list[Any] = []
            widths: list[float] = []
            looks: list[tuple[Any, ...]] = [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
            ]
            for index, card in enumerate(row):
                if index:
                    cells.append("")
                    widths.append(gap)
                at = (len(cells), 0)
                looks += [("BACKGROUND", at, at, LIGHT.raised), ("BOX", at, at, 0.75, LIGHT.line)]
                cells.append(_card_pieces(card, width - 14))
                widths.append(width)
            grid = Grid([cells], colWidths=widths, style=TableStyle(looks))
            pieces += [grid, Spacer(0, 14)]
        return pieces

    def _chart(self, section: ChartSection) -> list[Any]:
        """The picture under its title, its note below."""
        from reportlab.platypus import Image

        width_px = self.width * PX_A_POINT
        chart = section.draw(self.chart_style, width_px, section.height_px)
        picture = Image(BytesIO(chart.to_png()), self.width, section.height_px / PX_A_POINT)
        pieces = [_words(section.title, HEADING), picture]
        if section.note:
            pieces.append(_words(section.note, NOTE))
        return pieces

    def _table(self, table: Table, before: list[Any]) -> list[Any]:
        """A table under its title or its chart, its head repeated on every page; a short one is not parted."""
        from reportlab.platypus import CondPageBreak, KeepTogether, Spacer, TableStyle
        from reportlab.platypus import Table as Grid

        shown = [index for index, column in enumerate(table.columns) if column.on_paper]
        columns = [table.columns[index] for index in shown]
        lines = [[_column_words(column) for column in columns]]
        lines += [[_cell(row[i], table.columns[i]) for i in shown] for row in table.rows[: table.paper_rows]]
        looks: list[tuple[Any, ...]] = [
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("VALIGN", (0, 1), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("LINEBELOW", (0, 0), (-1, 0), 1, LIGHT.brand),
            ("LINEBELOW", (0, 1), (-1, -1), 0.5, LIGHT.line),
        ]
        if table.totals is not None:
            lines.append([_cell(table.totals[i], table.columns[i], total=True) for i in shown])
            looks += [
                ("LINEABOVE", (0, -1), (-1, -1), 1, LIGHT.brand),
                ("BACKGROUND", (0, -1), (-1, -1), LIGHT.raised),
            ]
        grid = Grid(
            lines,
            colWidths=_widths(table, shown, self.width),
            repeatRows=1,
            style=TableStyle(looks),
        )
        pieces: list[Any] = [*(before or [_words(table.title, HEADING)]), grid]
        for note in filter(None, (_more_words(table), table.note)):
            pieces += [Spacer(0, 4), _words(note, NOTE)]
        whole_pieces = [KeepTogether(pieces)] if len(lines) <= SHORT_TABLE else [CondPageBreak(120), *pieces]
        return [*whole_pieces, Spacer(0, 16)]


def _more_words(table: Table) -> str:
    """How many rows paper has no room for."""
    more = len(table.rows) - (len(table.rows) if table.paper_rows is None else table.paper_rows)
    if more <= 0:
        return ""
    return ngettext("Y {n} más, que está en el Excel.", "Y {n} más, que están en el Excel.", more).format(
        n=text.number(more)
    )


def _words(words: str, look: _Look) -> Any:
    """A paragraph of plain words: what a name contains is never read as mark-up."""
    # An amount is never cut after its RD$.
    return _marked_up(escape(words.replace("RD$ ", "RD$\N{NO-BREAK SPACE}")), look)


def _marked_up(markup: str, look: _Look) -> Any:
    from reportlab.platypus import Paragraph as Piece

    return Piece(markup, look.style())


def _card_pieces(card: Card, room: float) -> list[Any]:
    """A card's label, number, chip and comparison, one under the other; a long number is written smaller."""
    value = cell_words(card.value, card.kind, exact=False)
    look = CARD_WORD if card.kind is Kind.TEXT else _shrunk(CARD_NUMBER, value, room)
    pieces = [_words(card.label, CARD_LABEL), _words(value, look)]
    if card.chip:
        pieces.append(_words(card.chip, _Look(8.5, STRONG, TREND_COLOURS[card.trend])))
    return [*pieces, _words(card.comparison, CARD_CHIP)] if card.comparison else pieces


def _shrunk(look: _Look, words: str, room: float) -> _Look:
    """The look at which the words stand on one line, in a line as high."""
    size = look.size * min(1.0, room / _text_width(words, look))
    return replace(look, size=size, lead=look.lead * look.size / size)


def _text_width(words: str, look: _Look) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return max(1.0, float(stringWidth(words, look.font, look.size)))


def _widths(table: Table, shown: Sequence[int], width: float) -> list[float]:
    """Each column's part by its weight; those whose numbers and dates need more take it from who can spare it."""
    columns = [table.columns[index] for index in shown]
    whole = sum(column.weight for column in columns)
    wanted = [width * column.weight / whole for column in columns]
    rows = table.rows[: table.paper_rows]
    least = []
    for index, column in zip(shown, columns, strict=True):
        cells = [row[index] for row in (*rows, table.totals) if row is not None]
        words = [cell_words(cell, column.kind) for cell in cells if cell is not None]
        if column.kind is Kind.TEXT:
            words = [word for cell in words for word in cell.split()]
        longest = max((_text_width(word, CELL_TOTAL_NUMBER) for word in words), default=0.0)
        title = max((_text_width(word, COLUMN) for word in column.title.split()), default=0.0)
        least.append(min(max(longest, title) + CELL_PADDING, width / 2))
    missing = sum(max(0.0, low - want) for low, want in zip(least, wanted, strict=True))
    spare = sum(max(0.0, want - low) for low, want in zip(least, wanted, strict=True))
    taken = min(1.0, missing / spare) if spare else 0.0
    given = min(1.0, spare / missing) if missing else 0.0
    return [
        want - (want - low) * (taken if want > low else given)
        for low, want in zip(least, wanted, strict=True)
    ]


def _column_words(column: Column) -> Any:
    return _words(column.title, COLUMN_NUMBER if column.kind in NUMBERS else COLUMN)


def _cell(value: Cell, column: Column, *, total: bool = False) -> Any:
    """One cell: numbers to the right in figures of one width."""
    if value is None and total:
        return ""
    words = cell_words(value, column.kind)
    if column.kind in NUMBERS and not isinstance(value, str):
        look = CELL_TOTAL_NUMBER if total else CELL_NUMBER
        if column.kind is Kind.CHANGE and isinstance(value, int | float) and round(value, 2):
            look = replace(look, colour=LIGHT.good if value > 0 else LIGHT.bad)
        return _words(words.replace(" ", "\N{NO-BREAK SPACE}"), look)
    return _words(words, CELL_TOTAL if total else CELL)
