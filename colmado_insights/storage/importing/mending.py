"""Rows that could not be read, mended: what a fix does to a row's cells, and fixes remembered row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping as Fix
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from colmado_insights.domain import moment_of
from colmado_insights.storage.importing.cleaning import parse_moments, parse_numbers
from colmado_insights.storage.importing.fields import NUMERIC_FIELDS, AmountRule, Field, Mapping
from colmado_insights.storage.importing.moments import DateStyle

if TYPE_CHECKING:
    from sqlite3 import Connection

_AMOUNT_OF = {
    AmountRule.LINE_TOTAL: Field.LINE_TOTAL,
    AmountRule.GROSS_LESS_DISCOUNT: Field.GROSS_TOTAL,
    AmountRule.PRICE_TIMES_QUANTITY: Field.UNIT_PRICE,
    AmountRule.RECEIPT_TOTAL: Field.RECEIPT_TOTAL,
}


class Columns(msgspec.Struct):
    """How a file was read: its header and what its columns mean."""

    header: tuple[str, ...]
    mapping: Mapping


def remember_columns(header: Sequence[str], mapping: Mapping) -> str:
    """How a file was read, as JSON to keep with its batch."""
    return msgspec.json.encode(Columns(tuple(header), mapping)).decode()


def recall_columns(kept: str) -> Columns:
    """What `remember_columns` kept."""
    return msgspec.json.decode(kept, type=Columns)


def read_fixes(connection: Connection) -> dict[str, Fix[str, str]]:
    """The fix of each row that was mended, by the row as JSON."""
    rows = connection.execute("SELECT raw, fix FROM quarantine WHERE mended_by IS NOT NULL").fetchall()
    return {raw: json.loads(fix) for raw, fix in rows}


def mend_cells(cells: Sequence[str], columns: Columns, fix: Fix[str, str]) -> list[str]:
    """The row with a fix applied: `date_order`, `date`, `decimal`, `amount`, `quantity` or `join`.

    Dates and numbers are written so that they can be read in one way only.
    """
    mapping = columns.mapping
    mended = [*cells, *[""] * (len(columns.header) - len(cells))]
    if "join" in fix:
        mended = _joined(mended, mapping.columns.get(Field.PRODUCT, 0), len(columns.header))
    when = mapping.columns.get(Field.MOMENT, mapping.columns.get(Field.DATE))
    if when is not None and "date" in fix:
        mended[when] = fix["date"]
    if when is not None and "date_order" in fix:
        mended[when] = _plain_date(mended[when], fix["date_order"])
    if "decimal" in fix:
        for field in NUMERIC_FIELDS:
            place = mapping.columns.get(field)
            if place is not None:
                mended[place] = _plain_number(mended[place], fix["decimal"])
    for name, field in (("amount", _AMOUNT_OF[mapping.amount]), ("quantity", Field.QUANTITY)):
        place = mapping.columns.get(field)
        if name in fix and place is not None:
            mended[place] = fix[name]
    return mended


def _joined(cells: list[str], product: int, width: int) -> list[str]:
    """A row that is too wide because a comma stood in the product's name: its parts put together."""
    extra = max(0, len(cells) - width)
    return [*cells[:product], ",".join(cells[product : product + extra + 1]), *cells[product + extra + 1 :]]


def _plain_date(cell: str, order: str) -> str:
    seconds, has_time, bad = parse_moments([cell], DateStyle(order, has_time=True))
    if bad[0]:
        return cell
    moment = moment_of(int(seconds[0]))
    return moment.isoformat(sep=" ") if has_time[0] else moment.date().isoformat()


def _plain_number(cell: str, decimal: str) -> str:
    numbers, bad = parse_numbers([cell], decimal)
    return cell if bad[0] else f"{numbers[0]:.4f}"
