"""Receipts and lines: written in batches, read back as frames; the sums kept with each write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from colmado_insights.domain import (
    DAILY_COLUMNS,
    HOURLY_COLUMNS,
    LINE_COLUMNS,
    NO_HOUR,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    day_number,
)
from colmado_insights.storage.catalog import read_category_codes, read_roots
from colmado_insights.storage.changes import note_change
from colmado_insights.storage.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection

    from numpy.typing import NDArray

SALE_COLUMNS = (
    "id", "batch_id", "number", "number_key", "fingerprint", "sold_at", "has_time", "kind",
    "total_cents", "line_count", "units_milli", "payment",
    "till_id", "cashier_id", "shift_id", "customer_id",
)  # fmt: skip
LINE_VALUES = (
    "sale_id", "line_no", "product_id", "quantity_milli", "amount_cents", "discount_cents", "cost_cents",
)  # fmt: skip

ROWS_A_STATEMENT = 50
MISSING = -(2**63)
"""Stands for NULL in the columns that may be empty."""

# ── writing ──


def insert_columns(connection: Connection, table: str, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write rows given as columns of one length, integers (MISSING is NULL) or text.

    Binding values and starting statements is what writing costs, and None five times an
    integer: so a column of one value stands in the statement itself, a statement writes many
    rows, and MISSING becomes NULL there.
    """
    places: list[str] = []
    bound: list[NDArray[Any]] = []
    for values in columns.values():
        is_text = values.dtype == object
        if not is_text and (values == values[0]).all():
            places.append("NULL" if values[0] == MISSING else str(int(values[0])))
            continue
        places.append("?" if is_text or values.min() != MISSING else f"nullif(?, {MISSING})")
        bound.append(values)
    row = f"({', '.join(places)})"
    rows = np.column_stack(bound) if bound else np.empty((len(next(iter(columns.values()))), 0), np.int64)
    whole = len(rows) - len(rows) % ROWS_A_STATEMENT
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    connection.executemany(
        statement + ", ".join([row] * ROWS_A_STATEMENT),
        rows[:whole].reshape(whole // ROWS_A_STATEMENT, ROWS_A_STATEMENT * len(bound)).tolist(),
    )
    connection.executemany(statement + row, rows[whole:].tolist())


def next_sale_id(connection: Connection) -> int:
    """The first id that no receipt has, kept, set aside or cancelled."""
    row = connection.execute(
        "SELECT max(coalesce((SELECT max(id) FROM sale), 0), coalesce((SELECT max(id) FROM superseded_sale), 0)) + 1"
    ).fetchone()
    return int(row[0])


def write_seen(connection: Connection, batch: int, sale_ids: NDArray[np.int64]) -> None:
    """Note that a batch holds these receipts too, as runs of ids: a few rows for an export that overlaps."""
    ids = np.unique(sale_ids)
    if not len(ids):
        return
    breaks = np.flatnonzero(np.diff(ids) > 1)
    first, last = ids[np.append(0, breaks + 1)], ids[np.append(breaks, len(ids) - 1)]
    connection.executemany(
        "INSERT OR IGNORE INTO seen (batch_id, first_id, last_id) VALUES (?, ?, ?)",
        zip([batch] * len(first), first.tolist(), last.tolist(), strict=True),
    )


def pick(connection: Connection, ids: Iterable[int]) -> None:
    """Fill the temporary table `picked` with receipt ids, for statements over many receipts at once."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS picked (id INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM picked")
    connection.executemany("INSERT OR IGNORE INTO picked VALUES (?)", ((key,) for key in ids))


def archive_picked(connection: Connection, batch: int) -> None:
    """Keep the picked receipts as they stand before `batch` changes them, so that undo can bring them back."""
    header, lines = ", ".join(SALE_COLUMNS), ", ".join(LINE_VALUES)
    connection.execute(
        f"INSERT OR IGNORE INTO superseded_sale (by_batch, {header})"
        f" SELECT ?, {header} FROM sale WHERE id IN (SELECT id FROM picked)",
        (batch,),
    )
    connection.execute(
        f"INSERT OR IGNORE INTO superseded_line (by_batch, {lines})"
        f" SELECT ?, {lines} FROM sale_line WHERE sale_id IN (SELECT id FROM picked)",
        (batch,),
    )


def restore_picked(connection: Connection, batch: int) -> None:
    """Put the picked receipts back as they stood before `batch` changed them."""
    header, lines = ", ".join(SALE_COLUMNS), ", ".join(LINE_VALUES)
    delete_picked(connection)
    connection.execute(
        f"INSERT INTO sale ({header}) SELECT {header} FROM superseded_sale"
        " WHERE by_batch = ? AND id IN (SELECT id FROM picked)",
        (batch,),
    )
    connection.execute(
        f"INSERT INTO sale_line ({lines}) SELECT {lines} FROM superseded_line"
        " WHERE by_batch = ? AND sale_id IN (SELECT id FROM picked)",
        (batch,),
    )


def delete_picked(connection: Connection) -> None:
    """Remove the picked receipts and their lines."""
    connection.execute("DELETE FROM sale_line WHERE sale_id IN (SELECT id FROM picked)")
    connection.execute("DELETE FROM sale WHERE id IN (SELECT id FROM picked)")


def refresh_sums(connection: Connection, days: Iterable[int]) -> None:
    """Make the daily and hourly sums of these days anew from their receipts, in the same transaction.

    Recomputing whole days is cheap (an index on the moment, a few hundred receipts a day)
    and right by construction, whatever was added, replaced or undone.
    """
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched_day (day INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM touched_day")
    touched = {int(day) for day in days}
    connection.executemany("INSERT OR IGNORE INTO touched_day VALUES (?)", [(day,) for day in touched])
    connection.execute("DELETE FROM hourly WHERE day IN (SELECT day FROM touched_day)")
    connection.execute("DELETE FROM daily WHERE day IN (SELECT day FROM touched_day)")
    connection.execute("DELETE FROM sale_features WHERE day IN (SELECT day FROM touched_day)")
    connection.execute(
        f"""INSERT INTO hourly
        SELECT sale.sold_at / {SECONDS_A_DAY} AS of_day,
            CASE WHEN has_time THEN sale.sold_at % {SECONDS_A_DAY} / 3600 ELSE {NO_HOUR} END AS of_hour,
            sum(kind = 0), sum(line_count), sum(units_milli), sum(total_cents),
            -sum(CASE WHEN kind = 1 THEN total_cents ELSE 0 END)
        FROM touched_day JOIN sale
            ON sale.sold_at >= touched_day.day * {SECONDS_A_DAY}
            AND sale.sold_at < (touched_day.day + 1) * {SECONDS_A_DAY}
        GROUP BY of_day, of_hour"""
    )
    connection.execute(
        """INSERT INTO daily
        SELECT day, sum(receipts), sum(lines), sum(units_milli), sum(revenue_cents), sum(returns_cents)
        FROM hourly WHERE day IN (SELECT day FROM touched_day) GROUP BY day"""
    )
    note_change(connection, min(touched, default=None))


# ── reading ──


def read_data_version(database: Database) -> int:
    """A number that grows with every change of the sales."""
    return int(database.read_one("SELECT value FROM setting WHERE name = 'data_version'"))


def read_last_day(database: Database, as_of: date | None = None) -> int | None:
    """Day number of the last day with a receipt, up to and including `as_of`."""
    limit = day_number(as_of) if as_of else 2**31
    last: int | None = database.read_one("SELECT max(day) FROM daily WHERE day <= ?", (limit,))
    return last


def read_next_day(database: Database, day: int) -> int:
    """Day number of the first day with a receipt after one; that one itself without any."""
    following: int = database.read_one("SELECT coalesce(min(day), ?) FROM daily WHERE day > ?", (day, day))
    return following


def read_last_moment(database: Database) -> int | None:
    """Wall-clock seconds of the last receipt."""
    last: int | None = database.read_one("SELECT max(sold_at) FROM sale")
    return last


def read_last_sale(database: Database) -> int | None:
    """Id of the last receipt that was a sale."""
    last: int | None = database.read_one(
        "SELECT id FROM sale WHERE kind = 0 ORDER BY sold_at DESC, id DESC LIMIT 1"
    )
    return last


def read_sale_products(database: Database, sale_id: int) -> tuple[int, ...]:
    """What was bought in one receipt, each product once, as the ones they count as."""
    rows = database.read(
        "SELECT DISTINCT coalesce(merged_into, id) FROM sale_line JOIN product ON id = product_id"
        " WHERE sale_id = ? AND quantity_milli > 0 ORDER BY 1",
        (sale_id,),
    )
    return tuple(product for (product,) in rows)


def count_known(database: Database, last: int | None = None) -> tuple[int, int]:
    """Customers and products that sales up to a day number mention."""
    if last is None:
        # Only what a list names can be without sales: for it alone they are looked through.
        return database.read_one(
            "SELECT count(*) FROM customer"
            " WHERE NOT is_listed OR EXISTS (SELECT 1 FROM sale WHERE customer_id = customer.id)"
        ), database.read_one(
            "SELECT count(DISTINCT coalesce(merged_into, id)) FROM product"
            " WHERE NOT is_listed OR id IN (SELECT product_id FROM sale_line)"
        )
    limit = ((last + 1) * SECONDS_A_DAY,)
    customers = database.read_one("SELECT count(DISTINCT customer_id) FROM sale WHERE sold_at < ?", limit)
    products = database.read(
        "SELECT DISTINCT product_id FROM sale JOIN sale_line ON sale_id = id WHERE sold_at < ?", limit
    )
    roots = read_roots(database)
    return customers, len({roots[product] for (product,) in products})


def count_quarantined(database: Database) -> int:
    """Rows that wait in quarantine."""
    return int(
        database.read_one("SELECT count(*) FROM quarantine WHERE dismissed_at IS NULL AND mended_by IS NULL")
    )


def _frame(rows: list[tuple[object, ...]], columns: dict[str, str]) -> pd.DataFrame:
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return pd.DataFrame(
        {
            name: np.array(column, dtype=dtype)
            for (name, dtype), column in zip(columns.items(), values, strict=True)
        }
    )


def read_daily(database: Database, first: int | None = None, last: int | None = None) -> pd.DataFrame:
    """The daily sums between two day numbers, both included (DAILY_COLUMNS)."""
    rows = database.read(
        f"SELECT {', '.join(DAILY_COLUMNS)} FROM daily WHERE day BETWEEN ? AND ? ORDER BY day",
        (first if first is not None else -(2**31), last if last is not None else 2**31),
    )
    return _frame(rows, DAILY_COLUMNS)


def read_hourly(database: Database, first: int | None = None, last: int | None = None) -> pd.DataFrame:
    """The hourly sums between two day numbers, both included (HOURLY_COLUMNS)."""
    rows = database.read(
        f"SELECT {', '.join(HOURLY_COLUMNS)} FROM hourly WHERE day BETWEEN ? AND ? ORDER BY day, hour",
        (first if first is not None else -(2**31), last if last is not None else 2**31),
    )
    return _frame(rows, HOURLY_COLUMNS)


_PIECE = 20_000  # receipts whose columns SQLite joins into one text at a time


def read_columns(
    database: Database, table: str, columns: tuple[str, ...], where: str, key: str, first: int, last: int
) -> NDArray[np.int64]:
    """Integer columns of a table as an array, joined by SQLite and split by numpy.

    Several times faster than fetching rows: the values cross into Python as one text a piece.
    """
    inner = " || ',' || ".join(f"coalesce({name}, 0)" for name in columns)
    pieces: list[NDArray[np.int64]] = []
    for start in range(first, last + 1, _PIECE):
        text = database.read_one(
            f"SELECT group_concat({inner}) FROM (SELECT * FROM {table}"
            f" WHERE {key} BETWEEN ? AND ? {where} ORDER BY {key})",
            (start, min(start + _PIECE - 1, last)),
        )
        if text:
            pieces.append(np.fromstring(text, dtype=np.int64, sep=",").reshape(-1, len(columns)))
    return np.concatenate(pieces) if pieces else np.empty((0, len(columns)), np.int64)


@dataclass(frozen=True)
class SalesFrames:
    """Receipts (RECEIPT_COLUMNS) and their lines (LINE_COLUMNS)."""

    receipts: pd.DataFrame
    lines: pd.DataFrame


RECEIPT_SOURCE = (
    "id", "sold_at", "has_time", "kind", "total_cents", "payment", "cashier_id", "shift_id", "customer_id",
)  # fmt: skip
"""Columns of `sale` that make RECEIPT_COLUMNS."""
LINE_SOURCE = ("sale_id", "product_id", "quantity_milli", "amount_cents")
"""Columns of `sale_line` that, with the products' categories, make LINE_COLUMNS."""


def read_sales(database: Database, first: int, last: int) -> SalesFrames:
    """Receipts and lines between two day numbers, both included, ordered by moment."""
    start, end = first * SECONDS_A_DAY, (last + 1) * SECONDS_A_DAY
    return read_sales_where(database, f"sold_at >= {start} AND sold_at < {end}")


def read_sales_where(database: Database, where: str) -> SalesFrames:
    """Receipts of which a condition of SQL holds and their lines, ordered by moment; one walk through the file."""
    low, high = database.read(f"SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM sale WHERE {where}")[
        0
    ]
    receipts = read_columns(database, "sale", RECEIPT_SOURCE, f"AND {where}", "id", low, high)
    return as_frames(
        database, receipts, read_columns(database, "sale_line", LINE_SOURCE, "", "sale_id", low, high)
    )


def as_frames(database: Database, header: NDArray[np.int64], lines: NDArray[np.int64]) -> SalesFrames:
    """Rows of RECEIPT_SOURCE and of LINE_SOURCE, in any order, as frames; lines of other receipts are left out."""
    header = header[np.lexsort((header[:, 0], header[:, 1]))]
    receipts = pd.DataFrame(
        {
            name: header[:, position].astype(dtype)
            for position, (name, dtype) in enumerate(RECEIPT_COLUMNS.items())
        }
    )
    return SalesFrames(receipts, _lines_frame(database, header[:, 0], lines))


def _lines_frame(database: Database, sale_ids: NDArray[np.int64], lines: NDArray[np.int64]) -> pd.DataFrame:
    order = np.argsort(sale_ids, kind="stable")
    ordered = sale_ids[order]
    place = np.searchsorted(ordered, lines[:, 0])
    place[place == len(ordered)] = 0
    is_wanted = ordered[place] == lines[:, 0] if len(ordered) else np.zeros(len(lines), bool)
    lines, position = lines[is_wanted], order[place[is_wanted]]
    by_receipt = np.argsort(position, kind="stable")
    lines, position = lines[by_receipt], position[by_receipt]
    values = {
        "receipt": position,
        "product_id": read_roots(database)[lines[:, 1]],
        "category": read_category_codes(database)[lines[:, 1]],
        "quantity_milli": lines[:, 2],
        "amount_cents": lines[:, 3],
    }
    return pd.DataFrame({name: values[name].astype(dtype) for name, dtype in LINE_COLUMNS.items()})


@dataclass(frozen=True)
class SoldLines:
    """Lines as arrays of one length, for what is asked of products; cost is of the whole line, 0 = unknown."""

    product: NDArray[np.int64]  # as the line says it, merged or not
    day: NDArray[np.int64]
    quantity: NDArray[np.int64]  # thousandths, negative for a refund
    amount: NDArray[np.int64]  # cents, negative for a refund
    cost: NDArray[np.int64]


_LINE_SOURCE = ("sale_id", "product_id", "quantity_milli", "amount_cents", "cost_cents")


def read_sold_lines(database: Database, first: int, last: int) -> SoldLines:
    """Lines between two day numbers, both included, in no order."""
    start, end = first * SECONDS_A_DAY, (last + 1) * SECONDS_A_DAY
    low, high = database.read(
        "SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM sale WHERE sold_at >= ? AND sold_at < ?",
        (start, end),
    )[0]
    sold = read_columns(
        database, "sale", ("id", "sold_at"), f"AND sold_at >= {start} AND sold_at < {end}", "id", low, high
    )
    lines = read_columns(database, "sale_line", _LINE_SOURCE, "", "sale_id", low, high)
    place = np.searchsorted(sold[:, 0], lines[:, 0])
    place[place == len(sold)] = 0
    is_wanted = sold[place, 0] == lines[:, 0] if len(sold) else np.zeros(len(lines), bool)
    lines, place = lines[is_wanted], place[is_wanted]
    return SoldLines(lines[:, 1], sold[place, 1] // SECONDS_A_DAY, *lines[:, 2:].T)


def read_known_sales(database: Database, first: int, last: int) -> list[int]:
    """Ids of the receipts of known customers between two day numbers, both included."""
    rows = database.read(
        "SELECT id FROM sale WHERE sold_at >= ? AND sold_at < ? AND customer_id IS NOT NULL",
        (first * SECONDS_A_DAY, (last + 1) * SECONDS_A_DAY),
    )
    return [sale for (sale,) in rows]


def read_receipts(database: Database, first: int, last: int) -> pd.DataFrame:
    """Receipts alone between two day numbers, both included (RECEIPT_COLUMNS)."""
    rows = database.read(
        "SELECT id, sold_at, has_time, kind, total_cents, payment, coalesce(cashier_id, 0),"
        " coalesce(shift_id, 0), coalesce(customer_id, 0) FROM sale"
        " WHERE sold_at >= ? AND sold_at < ? ORDER BY sold_at, id",
        (first * SECONDS_A_DAY, (last + 1) * SECONDS_A_DAY),
    )
    return _frame(rows, RECEIPT_COLUMNS)
