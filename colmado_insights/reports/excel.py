"""A report as an Excel workbook: a first sheet to read, then a sheet of typed cells for each table.

Every text is written as text, so that a product called `=cmd` stays a name and never becomes a formula.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from colmado_insights import text
from colmado_insights.palette import LIGHT
from colmado_insights.reports.page import EXCEL_PAPER, LETTER
from colmado_insights.reports.report import (
    NUMBERS,
    Card,
    Cell,
    ChartSection,
    Column,
    Kind,
    Line,
    Numbers,
    Paragraph,
    Report,
    Shape,
    Table,
    Trend,
    audience_words,
    cell_words,
)
from colmado_insights.text import _

CARDS_A_ROW = 4
CARD_CHARS = 25.0
"""Width of a card's column in characters: four of them fill a printed page."""
ROW_PX = 20
WIDTH_PX = int(CARDS_A_ROW * (CARD_CHARS * 7 + 5))
LINE_CHARS = 118
TEXT_CHARS = 32
"""Wider texts of a table go on in a second line of their cell; a column of weight gets up to twice as much."""
MOST_UPRIGHT = 6
"""Columns that fit on upright paper."""
UPRIGHT_CHARS = 110
"""Characters of a row that can still be read on it."""
MOST_LABELS = 12
"""Words along an axis that can be read."""
MOST_CHARS = 90.0
PAGE_PX = 880
"""Height of a printed first sheet."""
RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r")
LOCALES = {"es": "[$-1C0A]", "en": "[$-409]"}
TREND_COLOURS = {
    Trend.UP: LIGHT.good,
    Trend.DOWN: LIGHT.bad,
    Trend.SAME: LIGHT.soft,
    Trend.NONE: LIGHT.brand,
}


def number_format(kind: Kind) -> str:
    """Excel's number format of a kind of value."""
    locale = LOCALES.get(text.language(), LOCALES["es"])
    return {
        Kind.MONEY: '"RD$" #,##0.00;[Red]-"RD$" #,##0.00',
        Kind.ESTIMATE: '"RD$" #,##0;[Red]-"RD$" #,##0',
        Kind.COUNT: "#,##0",
        Kind.DECIMAL: "#,##0.0",
        Kind.EXACT: "#,##0.000",
        Kind.SHARE: "0.0 %",
        Kind.CHANGE: '"▲" 0 %;"▼" 0 %;"="',
        Kind.TEXT: "@",
        Kind.DATE: f"{locale}ddd d mmm yyyy",
        Kind.HOUR: f"{locale}h AM/PM",
        Kind.CLOCK: f"{locale}h:mm AM/PM",
    }[kind]


def excel_value(value: Cell, kind: Kind) -> Cell:
    """The value that stands in the cell: pesos for cents, a part of the day for an hour."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int | float):
        if kind in (Kind.MONEY, Kind.ESTIMATE):
            return round(value) / 100
        if kind is Kind.HOUR:
            return int(value) / 24
    return value


def excel_bytes(report: Report, page: str = LETTER) -> bytes:
    """The workbook of a report."""
    from xlsxwriter import Workbook

    content = BytesIO()
    # Typed writes only: nothing that looks like a number, a link or a formula is guessed from text.
    book = Workbook(
        content,
        {
            "in_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        },
    )
    _Writer(book, report, page).write()
    book.close()
    return content.getvalue()


class _Writer:
    """Writes one report into one workbook; formats are made once."""

    def __init__(self, book: Any, report: Report, page: str) -> None:
        self.book = book
        self.report = report
        self.page = page
        self.warning = audience_words(report.audience)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._sheet_names: dict[str, str] = {}
        self._heights: dict[int, int] = {}
        self._breaks: list[int] = []

    def write(self) -> None:
        """Write the first sheet, then one sheet a table."""
        self.book.set_properties(
            {
                "title": self.report.title,
                "subject": self.report.subtitle,
                "author": self.report.shop_name,
                "company": self.report.shop_name,
                "created": self.report.made_at,
                "comments": "Colmado Insights",
            }
        )
        taken: set[str] = {_("Resumen").lower()}
        front = self.book.add_worksheet(_("Resumen"))
        for table in self.report.tables:
            self._sheet_names[table.key] = _sheet_name(table.title, taken)
            self._write_table(self.book.add_worksheet(self._sheet_names[table.key]), table)
        self._write_front(front)
        front.activate()

    # -- the first sheet --

    def _write_front(self, sheet: Any) -> None:
        self._set_up(sheet, self.report.title, wide=False)
        sheet.hide_gridlines(2)
        sheet.set_column(0, CARDS_A_ROW - 1, CARD_CHARS)
        self._set_height(sheet, 0, 40)
        self._put(sheet, 0, 0, self.report.title, bold=True, font_size=20, font_color=LIGHT.ink)
        self._put(sheet, 1, 0, self.report.subtitle, font_size=12, font_color=LIGHT.soft)
        made = _("{shop} · hecho el {day} a las {time}").format(
            shop=self.report.shop_name,
            day=text.long_date(self.report.made_at.date()),
            time=text.clock(self.report.made_at),
        )
        self._put(sheet, 2, 0, text.fluent(made), font_color=LIGHT.soft)
        row = 4
        if self.warning:
            self._put(sheet, 3, 0, self.warning, bold=True, font_color=LIGHT.bad)
            row = 5
        for section in self.report.sections:
            match section:
                case Numbers():
                    row = self._write_cards(sheet, row, section.cards)
                case ChartSection():
                    row = self._write_chart(sheet, row, section)
                case Paragraph():
                    row = self._write_words(sheet, row, section.words)
                case Table():
                    pass
        self._keep_together(row, ROW_PX * (1 + len(self.report.tables)))
        row = self._write_links(sheet, row)
        sheet.set_h_pagebreaks(self._breaks)
        sheet.print_area(0, 0, row, CARDS_A_ROW - 1)

    def _write_cards(self, sheet: Any, row: int, cards: Sequence[Card]) -> int:
        """Cards side by side: label, number, chip, comparison; the chips' row only where there are chips."""
        for start in range(0, len(cards), CARDS_A_ROW):
            shown = cards[start : start + CARDS_A_ROW]
            has_chips = any(card.chip for card in shown)
            self._set_height(sheet, row + 1, 40)
            for column, card in enumerate(shown):
                self._write_card(sheet, row, column, card, has_chips=has_chips)
            lines = max(math.ceil(len(card.comparison) / (CARD_CHARS - 3)) for card in shown)
            self._set_height(sheet, row + 2 + has_chips, ROW_PX * max(1, lines))
            row += 4 + has_chips
        return row

    def _write_card(self, sheet: Any, row: int, column: int, card: Card, *, has_chips: bool) -> None:
        side: dict[str, Any] = {
            "left": 1,
            "right": 1,
            "border_color": LIGHT.line,
            "bg_color": LIGHT.raised,
            "indent": 1,
            "align": "left",
        }
        self._put(sheet, row, column, card.label, font_color=LIGHT.soft, bold=True, top=1, **side)
        is_long = len(cell_words(card.value, card.kind, exact=False)) > CARD_CHARS / 2
        self._put(
            sheet,
            row + 1,
            column,
            card.value,
            Kind.ESTIMATE if card.kind is Kind.MONEY else card.kind,  # whole pesos; the cell keeps the cents
            bold=True,
            font_size=15 if isinstance(card.value, str) or is_long else 18,
            font_color=LIGHT.ink,
            valign="vcenter",
            **side,
        )
        if has_chips:
            colour = TREND_COLOURS[card.trend]
            self._put(sheet, row + 2, column, card.chip, bold=True, font_color=colour, **side)
        last = row + 2 + has_chips
        self._put(
            sheet,
            last,
            column,
            card.comparison,
            font_color=LIGHT.soft,
            bottom=1,
            valign="top",
            text_wrap=True,
            **side,
        )

    def _set_height(self, sheet: Any, row: int, pixels: int) -> None:
        """The height of a row of the first sheet, kept to know where its pages end."""
        sheet.set_row_pixels(row, pixels)
        self._heights[row] = pixels

    def _keep_together(self, row: int, pixels: int) -> None:
        """Begin a new page where so much would not fit any more."""
        start = self._breaks[-1] if self._breaks else 0
        used = sum(self._heights.get(each, ROW_PX) for each in range(start, row))
        if used and used + pixels > PAGE_PX:
            self._breaks.append(row)

    def _write_words(self, sheet: Any, row: int, words: str) -> int:
        lines = max(1, math.ceil(len(words) / LINE_CHARS))
        style = self._format(text_wrap=True, valign="top", font_color=LIGHT.ink)
        # Merged empty first: merge_range itself would guess a type.
        sheet.merge_range(row, 0, row, CARDS_A_ROW - 1, "", style)
        sheet.write_string(row, 0, words, style)
        self._set_height(sheet, row, lines * 18 + 4)
        return row + 2

    def _write_chart(self, sheet: Any, row: int, section: ChartSection) -> int:
        chart = self._native(section)
        least = 260 if section.native.shape is Shape.LINE else 165
        height = int(max(section.height_px, least))
        self._keep_together(row, height + 2 * ROW_PX)
        self._put(sheet, row, 0, section.title, bold=True, font_size=13, font_color=LIGHT.ink)
        chart.set_size({"width": WIDTH_PX, "height": height})
        sheet.insert_chart(
            row + 1,
            0,
            chart,
            {"object_position": 2, "description": section.title},
        )
        row += 1 + math.ceil(height / ROW_PX) + 1
        return self._write_words(sheet, row, section.note) if section.note else row

    def _write_links(self, sheet: Any, row: int) -> int:
        self._put(sheet, row, 0, _("En las otras hojas"), bold=True, font_size=13, font_color=LIGHT.ink)
        style = self._format(font_color=LIGHT.brand, underline=1)
        for table in self.report.tables:
            row += 1
            sheet_name = self._sheet_names[table.key]
            sheet.write_url(row, 0, f"internal:'{sheet_name}'!A1", style, string=table.title)
        return row

    # -- native charts --

    def _native(self, section: ChartSection) -> Any:
        native = section.native
        table = self.report.table(native.table)
        chart = self.book.add_chart({"type": native.shape.value})
        last = min(len(table.rows), native.rows or len(table.rows))
        sheet = self._sheet_names[native.table]
        for index, line in enumerate(native.lines):
            chart.add_series(
                {
                    "name": [sheet, 0, line.column],
                    "categories": [sheet, 1, native.categories, last, native.categories],
                    "values": [sheet, 1, line.column, last, line.column],
                    **_series_look(native.shape, line, index, len(native.lines)),
                }
            )
        values, categories = table.columns[native.lines[0].column], table.columns[native.categories]
        self._dress(chart, native.shape, values, categories, last)
        chart.set_legend(
            {"none": True} if len(native.lines) == 1 else {"position": "bottom", "font": _font()}
        )
        chart.set_title({"none": True})
        chart.set_chartarea({"border": {"none": True}, "fill": {"color": LIGHT.surface}})
        chart.show_blanks_as("gap")
        return chart

    def _dress(self, chart: Any, shape: Shape, values: Column, categories: Column, rows: int) -> None:
        """Hairline grid, no frames, numbers and dates as in the table."""
        category_axis = {
            "num_font": _font(),
            "line": {"color": LIGHT.line},
            "major_tick_mark": "none",
            "num_format": number_format(categories.kind).replace("ddd ", "").replace(" yyyy", ""),
            "text_axis": categories.kind is not Kind.DATE,
            "date_axis": categories.kind is Kind.DATE,
            "reverse": shape is Shape.BAR,
            **({"interval_unit": rows // MOST_LABELS + 1} if rows > 2 * MOST_LABELS else {}),
        }
        value_axis = {
            "num_font": _font(),
            "num_format": number_format(values.kind).replace(".00", "").replace(".0", ""),
            "line": {"none": True},
            "major_tick_mark": "none",
            "major_gridlines": {
                "visible": shape is not Shape.BAR,
                "line": {"color": LIGHT.line, "width": 0.75},
            },
            "visible": shape is not Shape.BAR,
            "min": 0,
            **({"max": 1} if shape is Shape.LINE and values.kind is Kind.SHARE else {}),
        }
        # XlsxWriter calls a bar chart's upright axis x although it holds the categories.
        if shape is Shape.BAR:
            category_axis, value_axis = value_axis, category_axis
        chart.set_x_axis(category_axis)
        chart.set_y_axis(value_axis)

    # -- a sheet a table --

    def _write_table(self, sheet: Any, table: Table) -> None:
        # What is only for the screen stands to the right, and would make the print tiny.
        printed = max(
            (i for i, each in enumerate(table.columns) if each.on_paper and table.on_paper), default=0
        )
        printed = printed or len(table.columns) - 1
        widths = [_column_chars(table, index) for index in range(len(table.columns))]
        is_wide = printed >= MOST_UPRIGHT or sum(widths[: printed + 1]) > UPRIGHT_CHARS
        self._set_up(sheet, table.title, wide=is_wide)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.set_row(0, 32)
        for index, column in enumerate(table.columns):
            sheet.set_column(index, index, widths[index])
            self._put(
                sheet,
                0,
                index,
                column.title,
                bold=True,
                font_color=LIGHT.on_brand,
                bg_color=LIGHT.brand,
                text_wrap=True,
                valign="vcenter",
                **({"align": "right"} if column.kind in NUMBERS else {"align": "left", "indent": 1}),
            )
        for row, cells in enumerate(table.rows, start=1):
            self._write_row(sheet, row, table.columns, cells, bottom=1, border_color=LIGHT.line)
        last = len(table.rows)
        if table.rows:
            sheet.autofilter(0, 0, last, len(table.columns) - 1)
        if table.totals is not None:
            last += 1
            self._write_row(
                sheet, last, table.columns, table.totals, bold=True, top=2, border_color=LIGHT.brand
            )
        if words := " ".join(filter(None, ["" if table.rows else table.empty, table.note])):
            last += 2
            self._put(sheet, last, 0, words, font_color=LIGHT.soft)
        sheet.print_area(0, 0, last, printed)

    def _write_row(
        self, sheet: Any, row: int, columns: Sequence[Column], cells: Sequence[Cell], **look: Any
    ) -> None:
        lines = 1
        for index, (column, value) in enumerate(zip(columns, cells, strict=True)):
            side: dict[str, Any] = {} if column.kind in NUMBERS else {"indent": 1, "align": "left"}
            widest = _most_chars(column)
            if isinstance(value, str) and len(value) > widest:
                side["text_wrap"] = True
                lines = max(lines, math.ceil(len(value) / (widest - 5)))
            if column.kind is Kind.CHANGE and isinstance(value, int | float) and round(value, 2):
                side["font_color"] = LIGHT.good if value > 0 else LIGHT.bad
            self._put(sheet, row, index, value, column.kind, valign="top", **side, **look)
        sheet.set_row_pixels(row, ROW_PX * lines)

    # -- what all sheets share --

    def _put(
        self, sheet: Any, row: int, column: int, value: Cell, kind: Kind = Kind.TEXT, **look: Any
    ) -> None:
        """Write one cell with its type; the look is Excel's format properties."""
        value = excel_value(value, kind)
        if isinstance(value, str) or value is None:
            risky = isinstance(value, str) and value.startswith(RISKY_STARTS)
            style = self._format(**({"quote_prefix": True} if risky else {}), **look)
            if value:
                sheet.write_string(row, column, value, style)
            else:
                sheet.write_blank(row, column, None, style)
            return
        style = self._format(num_format=number_format(kind), **look)
        if isinstance(value, date | datetime):
            sheet.write_datetime(row, column, value, style)
        else:
            sheet.write_number(row, column, value, style)

    def _format(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"font_name": "Calibri", "font_size": 11, **look})
        return self._formats[key]

    def _set_up(self, sheet: Any, title: str, *, wide: bool) -> None:
        """Paper, margins, one page wide, who and what on top, page numbers at the foot."""
        sheet.set_paper(EXCEL_PAPER[self.page])
        if wide:
            sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        shop, name = (words.replace("&", "&&")[:90] for words in (self.report.shop_name, title))
        warning = f"&C&B&9{self.warning}" if self.warning else ""
        sheet.set_header(f"&L&9{shop}{warning}&R&9{name}")
        day = text.long_date(self.report.made_at.date())
        sheet.set_footer("&L&9" + day + "&R&9" + _("Página {page} de {pages}").format(page="&P", pages="&N"))


def _font() -> dict[str, Any]:
    return {"name": "Calibri", "size": 9, "color": LIGHT.soft}


def _series_look(shape: Shape, line: Line, index: int, among: int) -> dict[str, Any]:
    """Brand first and strong, what is only context thin and pale."""
    colour = LIGHT.series[index % len(LIGHT.series)] if line.strong else LIGHT.bar
    if shape is Shape.LINE:
        dash = {"dash_type": "dash"} if line.dashed else {}
        return {"line": {"color": colour, "width": 2.5 if line.strong else 1.25, **dash}, "smooth": False}
    return {
        "fill": {"color": colour},
        "border": {"none": True},
        "gap": 60 if among == 1 else 40,
        **({"data_labels": {"value": True, "font": _font()}} if shape is Shape.BAR else {}),
    }


def _column_chars(table: Table, index: int) -> float:
    """A width that shows the widest cell; long sentences wrap."""
    column = table.columns[index]
    cells = [row[index] for row in table.rows] + ([table.totals[index]] if table.totals else [])
    widest = max((len(cell_words(cell, column.kind)) for cell in cells), default=0)
    title = max(len(word) for word in column.title.split()) + 4
    least = {Kind.DATE: 17, Kind.MONEY: 13, Kind.ESTIMATE: 13}.get(column.kind, 10)
    return float(max(min(widest + 4, _most_chars(column)), title, least))


def _most_chars(column: Column) -> float:
    """How wide a column may get; on the screen there is more room than on paper."""
    return MOST_CHARS if not column.on_paper else TEXT_CHARS * min(max(column.weight / 1.5, 1.0), 2.0)


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel accepts: 31 characters, nothing that stands in its formulas, unlike the others."""
    clean = "".join(" " if letter in "[]:*?/\\" else letter for letter in title).strip(" '")[:31] or "Hoja"
    name, number = clean, 2
    while name.lower() in taken:
        name = f"{clean[:27]} {number}"
        number += 1
    taken.add(name.lower())
    return name
