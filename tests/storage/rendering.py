"""Sales written as a till might: any delimiter, encoding, decimal sign, date style, layout and kind of file."""

from __future__ import annotations

import csv
import gzip
import html
import io
import itertools
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

Cell = str | float | datetime
NARROW, WIDE = "\u202f", "\xa0"


@dataclass(frozen=True)
class Line:
    """One thing sold; both numbers are positive, also in a refund."""

    product: str
    sku: str
    category: str
    milli: int
    cents: int


@dataclass(frozen=True)
class Sale:
    """One receipt."""

    number: str
    moment: datetime
    is_refund: bool
    payment: str  # as `Payment` has it
    cashier: str
    customer: str
    lines: tuple[Line, ...]

    @property
    def cents(self) -> int:
        """What was paid, without its sign."""
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True)
class Style:
    """How a till writes."""

    language: str = "es"  # | en
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    grouping: str = ""
    currency: str = ""
    dates: str = "iso"
    layout: str = "flat"  # | first_row | repeated_total | price
    signs: str = "minus"  # | plus: only the word of its column tells a refund
    container: str = "text"  # | xlsx | merged | html | json | gzip | zip
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


HEADERS = {
    "es": {
        "number": "No. Recibo", "moment": "Fecha y hora", "date": "Fecha", "time": "Hora", "kind": "Tipo",
        "product": "Artículo", "sku": "Código", "category": "Categoría", "quantity": "Cantidad",
        "price": "Precio", "amount": "Importe", "total": "Total Venta", "payment": "Forma de pago",
        "cashier": "Cajero", "customer": "Cliente",
    },
    "en": {
        "number": "Receipt number", "moment": "Date", "date": "Date", "time": "Time", "kind": "Type",
        "product": "Item name", "sku": "SKU", "category": "Category", "quantity": "Qty",
        "price": "Unit price", "amount": "Line total", "total": "Receipt total", "payment": "Payment method",
        "cashier": "Cashier", "customer": "Customer",
    },
}  # fmt: skip
WORDS = {
    "es": {"cash": "Efectivo", "card": "Tarjeta", "transfer": "Transferencia", "credit": "Fiado"},
    "en": {"cash": "Cash", "card": "Card", "transfer": "Transfer", "credit": "Credit"},
}
KINDS = {"es": ("Venta", "Devolución"), "en": ("Sale", "Refund")}
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic")


def _clock(moment: datetime, half: str, space: str = " ") -> str:
    letter = "ap"[moment.hour >= 12]
    return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02d}{space}{half.format(letter)}"


def write_moment(moment: datetime, dates: str) -> str:
    """A moment in one of the styles; those of two columns are told by `TWO_COLUMNS`."""
    day = f"{moment.day}/{moment.month}/{moment.year}"
    styles = {
        "iso": f"{moment:%Y-%m-%d %H:%M:%S}",
        "iso_t": f"{moment:%Y-%m-%dT%H:%M:%S}",
        "dmy": f"{moment:%d/%m/%Y %H:%M}",
        "dmy_dots": f"{moment:%d.%m.%Y %H:%M}",
        "dmy_dashes": f"{moment:%d-%m-%y %H:%M}",
        "dmy_12": f"{day} {_clock(moment, '{}. m.')}",
        "dmy_wide": f"{day} {_clock(moment, '{}.' + WIDE + 'm.', WIDE)}",
        "dmy_narrow": f"{day} {_clock(moment, '{}. m.', NARROW)}",
        "dmy_comma": f"{day}, {_clock(moment, '{}. m.')}",
        "mdy_12": f"{moment.month}/{moment.day}/{moment:%y} {_clock(moment, '{}m').upper()}",
        "month_name": f"{moment.day}-{MONTHS[moment.month - 1]}-{moment.year} {moment:%H:%M}",
        "serial": f"{(moment - datetime(1899, 12, 30)).total_seconds() / 86_400:.6f}",
    }
    return styles[dates]


DATES = (
    "iso", "iso_t", "dmy", "dmy_dots", "dmy_dashes", "dmy_12", "dmy_wide", "dmy_narrow", "dmy_comma", "mdy_12",
    "month_name", "apart", "apart_12",
)  # fmt: skip
TWO_COLUMNS = {"apart": "%H:%M", "apart_12": ""}


def write_number(units: int, places: int, style: Style) -> str:
    """Whole cents or thousandths as this till writes them."""
    whole, part = divmod(abs(units), 10**places)
    digits = f"{whole:,}".replace(",", style.grouping)
    cents = f"{part:0{places}d}"
    if places == 3:
        cents = cents.rstrip("0")
    return f"{'-' if units < 0 else ''}{digits}{style.decimal + cents if cents else ''}"


def rows_of(sales: Sequence[Sale], style: Style) -> list[list[Cell]]:
    """The header and the rows; typed cells for workbooks."""
    return [_header(style), *(row for sale in sales for row in _sale_rows(sale, style))]


def _header(style: Style) -> list[Cell]:
    names = HEADERS[style.language]
    moment = ("date", "time") if style.dates in TWO_COLUMNS else ("moment",)
    keys = ["number", *moment, "kind", "product", "sku", "category", "quantity"]
    keys += ["price"] if style.layout == "price" else ["amount"]
    keys += ["total"] if style.layout == "repeated_total" else []
    return [names[key] for key in (*keys, "payment", "cashier", "customer")]


def _sale_rows(sale: Sale, style: Style) -> list[list[Cell]]:
    sign = -1 if sale.is_refund and style.signs == "minus" else 1
    is_sheet = style.container in ("xlsx", "merged")

    def number(units: int, places: int) -> Cell:
        return units / 10**places if is_sheet else write_number(units, places, style)

    def money(cents: int) -> Cell:
        return number(cents, 2) if is_sheet else style.currency + str(number(cents, 2))

    rows: list[list[Cell]] = []
    for place, line in enumerate(sale.lines):
        first: list[Cell] = [sale.number, *_moment(sale.moment, style, is_sheet)]
        last: list[Cell] = [WORDS[style.language][sale.payment], sale.cashier, sale.customer]
        kind: list[Cell] = [KINDS[style.language][sale.is_refund]]
        if place and (style.layout == "first_row" or style.container == "merged"):
            first, last, kind = [""] * len(first), [""] * len(last), [""]
        # A price per unit must give the amount again: it is only told of whole pieces.
        amounts = [money(line.cents * 1000 // line.milli if style.layout == "price" else sign * line.cents)]
        if style.layout == "repeated_total":
            amounts.append(money(sign * sale.cents))
        quantity = number(sign * line.milli, 3)
        rows.append([*first, *kind, line.product, line.sku, line.category, quantity, *amounts, *last])
    return rows


def _moment(moment: datetime, style: Style, is_sheet: bool) -> list[Cell]:
    if style.dates in TWO_COLUMNS:
        clock = moment.strftime("%H:%M") if style.dates == "apart" else _clock(moment, "{}. m.")
        return [f"{moment:%d/%m/%Y}", clock]
    return [moment if is_sheet else write_moment(moment, style.dates)]


def render(sales: Sequence[Sale], style: Style, path: Path) -> Path:
    """Write sales as a file; its ending is the caller's, as it is a shopkeeper's."""
    rows = rows_of(sales, style)
    match style.container:
        case "xlsx" | "merged":
            _write_workbook(rows, style, path)
        case "html":
            path.write_bytes(_as_html(rows).encode(style.encoding))
        case "json":
            path.write_text(_as_json(rows), encoding="utf-8")
        case "gzip":
            path.write_bytes(gzip.compress(_as_text(rows, style), mtime=0))
        case "zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr(
                    zipfile.ZipInfo("ventas.csv", (2026, 11, 20, 8, 0, 0)), _as_text(rows, style)
                )
        case _:
            path.write_bytes(_as_text(rows, style))
    return path


def _as_text(rows: Sequence[Sequence[Cell]], style: Style) -> bytes:
    stream = io.StringIO()
    stream.writelines(line + "\r\n" for line in style.before)
    csv.writer(stream, delimiter=style.delimiter, lineterminator="\r\n").writerows(rows)
    stream.writelines(line + "\r\n" for line in style.after)
    return stream.getvalue().encode(style.encoding)


def _as_html(rows: Sequence[Sequence[Cell]]) -> str:
    lines = ("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        "<html><head><meta charset='utf-8'></head><body><table>\n"
        + "\n".join(lines)
        + "\n</table></body></html>"
    )


def _as_json(rows: Sequence[Sequence[Cell]]) -> str:
    header, *body = rows
    return json.dumps(
        [dict(zip(map(str, header), row, strict=True)) for row in body], ensure_ascii=False, indent=1
    )


def _write_workbook(rows: Sequence[Sequence[Cell]], style: Style, path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy hh:mm:ss"})
    book.set_properties({"created": datetime(2026, 11, 20)})
    sheet = book.add_worksheet("Ventas")
    texts = [[text] for text in style.before]
    for place, row in enumerate([*texts, *rows]):
        sheet.write_row(place, 0, row)
    if style.container == "merged":
        _merge(book, sheet, rows, len(texts))
    book.close()


def _merge(book: Any, sheet: Any, rows: Sequence[Sequence[Cell]], above: int) -> None:
    """Number and moment of a receipt of several lines as one cell each, as reports print them."""
    plain, timed = book.add_format(), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    starts = [place for place, row in enumerate(rows) if row[0]]
    for first, after in itertools.pairwise([*starts[1:], len(rows)]):
        if after - first > 1:
            for column, look in ((0, plain), (1, timed)):
                sheet.merge_range(first + above, column, after - 1 + above, column, rows[first][column], look)


def told(sales: Sequence[Sale]) -> list[tuple[str, ...]]:
    """The lines as the tests read them back from a database (`tests.storage.presets.made.sold`), by the minute."""
    rows: list[tuple[str, ...]] = []
    for sale in sorted(sales, key=lambda sale: (sale.number, sale.is_refund, sale.moment)):
        sign = -1 if sale.is_refund else 1
        for line in sale.lines:
            rows.append(
                (
                    sale.number, f"{sale.moment:%Y-%m-%d %H:%M}", ("sale", "refund")[sale.is_refund],
                    line.product, line.sku, line.category, f"{sign * line.milli / 1000:.3f}",
                    f"{sign * line.cents / 100:.2f}", "", sale.payment, sale.cashier, sale.customer, "",
                )
            )  # fmt: skip
    return rows
