"""The one path by which sales come in: read → map → clean → group → write or quarantine → report.

Everything of a file happens in one transaction: killed at any instant, the database
holds whole batches only. Every row of the file ends in exactly one of new, unchanged,
replaced, voided or quarantined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.domain import (
    PAYMENT_CODE,
    SECONDS_A_DAY,
    BadRow,
    ImportReport,
    Payment,
    Reason,
    SaleKind,
    day_of,
    wall_seconds,
)
from colmado_insights.errors import UnknownColumns
from colmado_insights.progress import Progress
from colmado_insights.storage import sales
from colmado_insights.storage.catalog import Categorize, NameTable, ProductTable
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing import quarantine
from colmado_insights.storage.importing.basket import (
    KIND_UNKNOWN,
    SAME_RECEIPT_SECONDS,
    Lines,
    NumberGiver,
    Receipts,
    add_to_fingerprint,
    group_receipts,
    hash_names,
    number_key,
    split_last,
)
from colmado_insights.storage.importing.cleaning import (
    clean_code,
    clean_text,
    is_damaged_code,
    is_totals_row,
    is_voided,
    kind_of,
    parse_moments,
    parse_numbers,
    parse_times,
    payment_of,
    to_cents,
    to_milli,
)
from colmado_insights.storage.importing.mapping import AmountRule, Field, Mapping
from colmado_insights.storage.importing.presets import PRESETS, Preset
from colmado_insights.storage.importing.readers import Chunk, Table, open_table
from colmado_insights.storage.sales import MISSING
from colmado_insights.text import _, bad_row_reason

if TYPE_CHECKING:
    from sqlite3 import Connection

    from numpy.typing import NDArray

NUMERIC = (
    Field.QUANTITY, Field.UNIT_PRICE, Field.LINE_TOTAL, Field.GROSS_TOTAL, Field.RECEIPT_TOTAL,
    Field.DISCOUNT, Field.COST,
)  # fmt: skip
TEXTUAL = (
    Field.RECEIPT, Field.MOMENT, Field.DATE, Field.TIME, Field.PRODUCT, Field.SKU, Field.CATEGORY,
    Field.PAYMENT, Field.CUSTOMER, Field.CASHIER, Field.STORE, Field.REGISTER, Field.KIND, Field.STATUS,
)  # fmt: skip

MOST_HELD = 200_000
"""Lines of changed receipts that may wait for the end of the file."""


@dataclass
class _Coded:
    """A text column as codes into its distinct cleaned values; an empty cell is code -1."""

    codes: NDArray[np.int64]
    values: list[str]

    def take(self, results: NDArray[np.generic] | Sequence[object], empty: object) -> NDArray[np.generic]:
        """`results` (one a distinct value) spread over the rows, `empty` where the cell was empty."""
        table = np.append(np.asarray(results), np.asarray([empty], dtype=np.asarray(results).dtype))
        return table[self.codes]


@dataclass
class _Tally:
    """What became of the rows so far."""

    new: int = 0
    unchanged: int = 0
    replaced: int = 0
    voided: int = 0
    quarantined: int = 0
    receipts_new: int = 0
    totals_rows: int = 0
    revenue_cents: int = 0
    days: set[int] = field(default_factory=set)
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def rows_read(self) -> int:
        return self.new + self.unchanged + self.replaced + self.voided + self.quarantined


def choose_preset(table: Table) -> Preset:
    """The preset that recognises the table best, by its content."""
    return max(PRESETS, key=lambda preset: preset.recognise(table.header, table.sample))


def import_files(
    database: Database,
    paths: Sequence[Path],
    *,
    categorize: Categorize,
    now: datetime,
    progress: Progress | None = None,
    preset: str = "",
    is_dry_run: bool = False,
) -> list[ImportReport]:
    """Import several files, those with lines before those with only receipts, so that pairs join."""
    tables = []
    for path in paths:
        table = open_table(path)
        chosen = next((p for p in PRESETS if p.name == preset), None) or choose_preset(table)
        tables.append((table, chosen, chosen.map_columns(table.header, table.sample, table.name)))
    tables.sort(key=lambda entry: Field.PRODUCT not in entry[2].columns)
    return [
        import_table(
            database, table, chosen.name, mapping,
            categorize=categorize, now=now, progress=progress, is_dry_run=is_dry_run,
        )
        for table, chosen, mapping in tables
    ]  # fmt: skip


def import_table(
    database: Database,
    table: Table,
    preset: str,
    mapping: Mapping,
    *,
    categorize: Categorize,
    now: datetime,
    progress: Progress | None = None,
    is_dry_run: bool = False,
) -> ImportReport:
    """Import one table in one transaction and say what became of its rows.

    Raises
    ------
    UnknownColumns
        When not one row could be read as a sale; nothing is changed then.
    Cancelled
        When the user asked to stop; nothing is changed then.
    """
    progress = progress or Progress()
    try:
        with database.transaction() as connection:
            intake = _Intake(connection, table, mapping, categorize, preset, now)
            report = intake.run(progress)
            if is_dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


class _DryRun(Exception):
    """Rolls a trial run back."""


class _Intake:
    """One file on its way in; lives for one transaction."""

    def __init__(
        self,
        connection: Connection,
        table: Table,
        mapping: Mapping,
        categorize: Categorize,
        preset: str,
        now: datetime,
    ) -> None:
        self.connection = connection
        self.table = table
        self.mapping = mapping
        self.preset = preset
        self.products = ProductTable(connection, categorize)
        self.customers = NameTable(connection, "customer")
        self.cashiers = NameTable(connection, "cashier")
        self.tills = NameTable(connection, "till")
        self.numbers = NumberGiver()
        self.tally = _Tally()
        self.next_id = sales.next_sale_id(connection)
        self.lowest, self.highest = connection.execute(
            "SELECT coalesce(min(number_key), 0), coalesce(max(number_key), -1) FROM sale"
        ).fetchone()
        self.batch = connection.execute(
            "INSERT INTO batch (file, preset, imported_at, rows_read) VALUES (?, ?, ?, 0)",
            (table.name, preset, wall_seconds(now)),
        ).lastrowid
        connection.execute(
            "CREATE TEMP TABLE IF NOT EXISTS incoming (number_key INTEGER, position INTEGER)"
        )

    # ── the whole way ──

    def run(self, progress: Progress) -> ImportReport:
        """Bring in all pieces of the file."""
        columns = self.mapping.columns
        plain = [f for f in NUMERIC if f in columns and self._is_plain(f)]
        texts = [columns[f] for f in (*TEXTUAL, *NUMERIC) if f in columns and f not in plain]
        held: Lines | None = None
        self.changed: list[Lines] = []
        for chunk in self.table.chunks(sorted(set(texts)), [columns[f] for f in plain]):
            progress.step(chunk.done, chunk.total, _("Leyendo {file}").format(file=self.table.name))
            lines = self._clean(chunk)
            lines = held.followed_by(lines) if held is not None else lines
            ready, held = split_last(lines)
            self._write(ready)
        if held is not None:
            self._write(held)
        self._write_changed()
        if self.tally.quarantined and self.tally.quarantined == self.tally.rows_read:
            raise self._nothing_read()
        sales.refresh_sums(self.connection, self.tally.days)
        return self._report()

    def _is_plain(self, column: Field) -> bool:
        """True when the sample's cells are numbers that the reader itself can convert."""
        if self.mapping.decimal_of(column) != ".":
            return False
        position = self.mapping.columns[column]
        cells = [row[position] for row in self.table.sample if position < len(row) and row[position]]
        try:
            return all(np.isfinite(float(cell)) for cell in cells)
        except ValueError:
            return False

    def _report(self) -> ImportReport:
        tally = self.tally
        days = sorted(tally.days)
        first, last = (day_of(days[0]), day_of(days[-1])) if days else (None, None)
        self.connection.execute(
            "UPDATE batch SET rows_read = ?, new = ?, unchanged = ?, replaced = ?, voided = ?,"
            " quarantined = ?, receipts_new = ?, first_day = ?, last_day = ? WHERE id = ?",
            (
                tally.rows_read, tally.new, tally.unchanged, tally.replaced, tally.voided,
                tally.quarantined, tally.receipts_new,
                days[0] if days else None, days[-1] if days else None, self.batch,
            ),
        )  # fmt: skip
        reasons = [Reason.of("quarantined", code=code, rows=rows) for code, rows in tally.codes.most_common()]
        if tally.totals_rows:
            reasons.append(Reason.of("totals_rows", rows=tally.totals_rows))
        return ImportReport(
            file=self.table.name,
            preset=self.preset,
            rows_read=tally.rows_read,
            new=tally.new,
            unchanged=tally.unchanged,
            replaced=tally.replaced,
            voided=tally.voided,
            quarantined=tally.quarantined,
            receipts_new=tally.receipts_new,
            first_day=first,
            last_day=last,
            batch=self.batch,
            revenue_cents=tally.revenue_cents,
            reasons=(*self.mapping.reasons, *reasons),
        )

    def _nothing_read(self) -> UnknownColumns:
        code = self.tally.codes.most_common(1)[0][0]
        return UnknownColumns(
            _("Ninguna fila de «{file}» se pudo leer como venta ({why}).").format(
                file=self.table.name, why=bad_row_reason(code)
            ),
            _("Mira si las columnas de fecha, producto y monto son las que deben. No se cambió nada."),
        )

    # ── cleaning ──

    def _coded(
        self, chunk: Chunk, column: Field, clean: Callable[[str], str] | None = clean_text
    ) -> _Coded | None:
        position = self.mapping.columns.get(column)
        if position is None:
            return None
        codes, distinct = pd.factorize(chunk.texts[position])
        return _Coded(codes, list(distinct) if clean is None else [clean(value) for value in distinct])

    def _numbers(self, chunk: Chunk, column: Field) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
        """Numbers of a column (NaN where the cell is empty) and which cells are no numbers."""
        position = self.mapping.columns.get(column)
        if position is None:
            return None
        if position in chunk.numbers:
            values = chunk.numbers[position]
            return values, np.isinf(values)
        coded = self._coded(chunk, column)
        assert coded is not None
        numbers, bad = parse_numbers(coded.values, self.mapping.decimal_of(column))
        empty = np.array([value == "" for value in coded.values], bool)
        spread = coded.take(np.where(empty, np.nan, numbers), np.nan)
        return spread.astype(np.float64), coded.take(bad & ~empty, False).astype(bool)

    def _moments(
        self, chunk: Chunk
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Seconds, has_time, bad and empty of each row's moment."""
        column = Field.MOMENT if Field.MOMENT in self.mapping.columns else Field.DATE
        coded = self._coded(chunk, column, clean=None)
        assert coded is not None
        seconds, has_time, bad = parse_moments(coded.values, self.mapping.dates)
        is_empty = coded.take([not value.strip() for value in coded.values], True).astype(bool)
        sold_at = coded.take(seconds, 0).astype(np.int64)
        timed = coded.take(has_time, False).astype(bool)
        wrong = coded.take(bad, True).astype(bool)
        clock = self._coded(chunk, Field.TIME) if column is Field.DATE else None
        if clock is not None:
            of_day, unread = parse_times(clock.values)
            known = ~clock.take(unread, True).astype(bool)
            sold_at = sold_at - sold_at % SECONDS_A_DAY * known + clock.take(of_day, 0) * known
            timed = timed | known
        return sold_at, timed, wrong, is_empty

    def _clean(self, chunk: Chunk) -> Lines:
        """The good rows of a piece as lines; the bad ones go to quarantine, totals are counted."""
        n = chunk.rows
        sold_at, has_time, bad_moment, no_moment = self._moments(chunk)
        product = self._coded(chunk, Field.PRODUCT)
        kind = self._coded(chunk, Field.KIND)
        status = self._coded(chunk, Field.STATUS)
        number = self._coded(chunk, Field.RECEIPT, clean=_usable_code)
        quantity, amount, discount, trouble = self._amounts(chunk)
        trouble = np.where(bad_moment, "bad_date", trouble)
        trouble = np.where(no_moment, "no_date", trouble)
        trouble = np.where(chunk.is_wide, "too_many_cells", trouble)
        good = self._sort_out(chunk, trouble)

        void = np.zeros(n, bool)
        for coded in (status, kind):
            if coded is not None:
                void |= coded.take([is_voided(value) for value in coded.values], False).astype(bool)
        forced = np.full(n, KIND_UNKNOWN, np.int8)
        if kind is not None:
            codes = [_kind_code(value) for value in kind.values]
            forced = kind.take(np.array(codes, np.int8), KIND_UNKNOWN).astype(np.int8)
        sign = np.where(forced == SaleKind.REFUND, -1, 1)
        is_refund = forced == SaleKind.REFUND
        amount = np.where(is_refund, -np.abs(amount), amount)
        quantity = np.where(is_refund, -np.abs(quantity), quantity)
        cost = self._cost(chunk, sign)

        product_ids, name_hash = self._products(chunk, product)
        numbers = np.full(n, "", object)
        if number is not None:
            numbers = number.take(np.array(number.values, object), "").astype(object)
        lines = Lines(
            row=chunk.first_line + np.arange(n),
            number=numbers,
            key=np.zeros(n, np.int64),
            sold_at=sold_at,
            has_time=has_time,
            kind=forced,
            is_void=void,
            product=product_ids,
            name_hash=name_hash,
            quantity=quantity,
            amount=amount,
            discount=discount,
            cost=cost,
            payment=self._payments(chunk),
            till=self._names(chunk, (Field.STORE, Field.REGISTER), self.tills),
            cashier=self._names(chunk, (Field.CASHIER,), self.cashiers),
            customer=self._names(chunk, (Field.CUSTOMER,), self.customers),
        )
        if not good.all():
            lines = lines.take(good)
        lines.number = self.numbers.fill(lines.number, lines.sold_at)
        codes, distinct = pd.factorize(lines.number)
        keys = np.array([number_key(value) for value in distinct], np.int64)
        lines.key = keys[codes] if len(keys) else np.zeros(0, np.int64)
        return lines

    def _amounts(
        self, chunk: Chunk
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.str_]]:
        """Quantity (thousandths), net amount (cents), discount (cents or MISSING) and trouble of each row."""
        rule = self.mapping.amount
        trouble = np.full(chunk.rows, "", dtype="U20")
        read: dict[Field, NDArray[np.float64]] = {}
        for column in NUMERIC:
            numbers = self._numbers(chunk, column)
            if numbers is None:
                continue
            read[column], bad = numbers
            if column is Field.QUANTITY:
                trouble[bad] = "bad_quantity"
            elif column in _AMOUNT_FIELDS[rule]:
                trouble[bad] = "bad_amount"
        count = read.get(Field.QUANTITY)
        units = np.ones(chunk.rows) if count is None else np.where(np.isnan(count), 1.0, count)
        reduction = np.nan_to_num(read.get(Field.DISCOUNT, np.zeros(chunk.rows)))
        if rule is AmountRule.PRICE_TIMES_QUANTITY:
            amount = units * read[Field.UNIT_PRICE]
            amount = amount * (1 - reduction / 100) if self.mapping.discount_is_percent else amount - reduction
        elif rule is AmountRule.GROSS_LESS_DISCOUNT:
            gross = read[Field.GROSS_TOTAL]
            amount = np.sign(gross) * (np.abs(gross) - np.abs(reduction))
        else:
            column = Field.LINE_TOTAL if rule is AmountRule.LINE_TOTAL else Field.RECEIPT_TOTAL
            amount = read[column]
        trouble = np.where((trouble == "") & np.isnan(amount), "no_amount", trouble)
        discount = np.full(chunk.rows, MISSING, np.int64)
        if Field.DISCOUNT in read and not self.mapping.discount_is_percent:
            given = ~np.isnan(read[Field.DISCOUNT])
            discount[given] = np.abs(to_cents(read[Field.DISCOUNT][given]))
        return to_milli(units), to_cents(amount), discount, trouble

    def _cost(self, chunk: Chunk, sign: NDArray[np.int64]) -> NDArray[np.int64]:
        numbers = self._numbers(chunk, Field.COST)
        cost = np.full(chunk.rows, MISSING, np.int64)
        if numbers is not None:
            given = ~np.isnan(numbers[0]) & ~numbers[1]
            cost[given] = (np.abs(to_cents(numbers[0])) * sign)[given]
        return cost

    def _products(
        self, chunk: Chunk, product: _Coded | None
    ) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Product id and name hash of each row; 0 where the file has receipts only."""
        if product is None:
            return np.zeros(chunk.rows, np.int64), np.zeros(chunk.rows, np.uint64)
        names = [*(value or UNNAMED for value in product.values), UNNAMED]
        sku = self._coded(chunk, Field.SKU, clean=_usable_code)
        category = self._coded(chunk, Field.CATEGORY)
        combined = product.codes + 1
        for coded in (sku, category):
            if coded is not None:
                combined = combined * (len(coded.values) + 1) + coded.codes + 1
        _codes, first, inverse = np.unique(combined, return_index=True, return_inverse=True)

        def words(coded: _Coded | None) -> list[str]:
            if coded is None:
                return [""] * len(first)
            return [coded.values[code] if code >= 0 else "" for code in coded.codes[first]]

        ids = self.products.ids([names[code] for code in product.codes[first]], words(sku), words(category))
        return ids[inverse], hash_names(names)[product.codes]

    def _payments(self, chunk: Chunk) -> NDArray[np.int8]:
        coded = self._coded(chunk, Field.PAYMENT)
        if coded is None:
            return np.zeros(chunk.rows, np.int8)
        codes = [PAYMENT_CODE[payment_of(value)] for value in coded.values]
        return coded.take(np.array(codes, np.int8), PAYMENT_CODE[Payment.UNKNOWN]).astype(np.int8)

    def _names(self, chunk: Chunk, columns: Sequence[Field], names: NameTable) -> NDArray[np.int64]:
        """Ids of the names in one column, or in two joined ("tienda · caja")."""
        coded = [found for column in columns if (found := self._coded(chunk, column)) is not None]
        if not coded:
            return np.zeros(chunk.rows, np.int64)
        if len(coded) == 1:
            return coded[0].take(names.ids(coded[0].values), 0).astype(np.int64)
        first, second = coded
        combined = (first.codes + 1) * (len(second.values) + 1) + second.codes + 1
        _codes, where, inverse = np.unique(combined, return_index=True, return_inverse=True)
        words = [
            " · ".join(
                word
                for part in coded
                if (word := part.values[part.codes[row]] if part.codes[row] >= 0 else "")
            )
            for row in where
        ]
        return names.ids(words)[inverse]

    def _sort_out(self, chunk: Chunk, trouble: NDArray[np.str_]) -> NDArray[np.bool_]:
        """Send the rows in trouble to quarantine, but for blank ones and totals; True = good row."""
        good = trouble == ""
        bad: list[BadRow] = []
        for row in np.flatnonzero(~good):
            cells = chunk.cells(int(row))
            if not any(cell.strip() for cell in cells):
                continue
            if is_totals_row(cells):
                self.tally.totals_rows += 1
                continue
            bad.append(BadRow(int(chunk.first_line + row), chunk.raw(int(row)), str(trouble[row])))
        if bad:
            assert self.batch is not None
            quarantine.write_bad_rows(self.connection, self.batch, bad)
            self.tally.quarantined += len(bad)
            self.tally.codes.update(row.code for row in bad)
        return good

    # ── writing ──

    def _write(self, lines: Lines, *, is_whole: bool = False) -> None:
        """Compare the receipts with what is known and write what is new or has changed.

        A receipt that differs from the stored one may be a part whose other lines stand
        further down the file; it waits for the end (`is_whole`) before it counts as changed.
        """
        if not len(lines):
            return
        receipts = group_receipts(lines)
        known = self._find_known(receipts)
        is_void = receipts.is_void
        is_new = (known.sale_id == 0) & ~is_void
        is_more = (known.batch == self.batch) & ~is_void
        is_old = (known.sale_id > 0) & ~is_more & ~is_void
        knows_less = (receipts.line_count == 0) & (known.line_count > 0)
        is_same = is_old & ((known.fingerprint == receipts.fingerprint) | knows_less)
        is_fuller = is_same & (
            ((known.payment == 0) & (receipts.payment > 0))
            | ((known.cashier == 0) & (receipts.cashier > 0))
            | ((known.customer == 0) & (receipts.customer > 0))
        )
        is_changed = is_old & ~is_same
        if not is_whole and is_changed.any():
            at, _within = receipts.positions(is_changed)
            self.changed.append(receipts.lines.take(at))
            is_changed = np.zeros_like(is_changed)

        tally = self.tally
        tally.voided += receipts.rows_of(is_void)
        tally.unchanged += receipts.rows_of(is_same & ~is_fuller)
        tally.replaced += receipts.rows_of(is_fuller | is_changed)
        tally.new += receipts.rows_of(is_new | is_more)
        tally.receipts_new += int(is_new.sum())
        tally.revenue_cents += int(receipts.total[is_new | is_more].sum())

        self._archive(known.sale_id[is_fuller], with_lines=False)
        self._fill(receipts, known, is_fuller)
        gone = is_changed | (is_void & (known.sale_id > 0))
        self._archive(known.sale_id[gone], with_lines=True)
        sales.delete_sales(self.connection, known.sale_id[gone].tolist())

        ids = known.sale_id.copy()
        ids[is_new] = self.next_id + np.arange(is_new.sum())
        self.next_id += int(is_new.sum())
        self._insert(receipts, ids, is_new | is_changed, known)
        for position in np.flatnonzero(is_more):
            self._append(receipts, int(position), int(ids[position]))
        self._touch(known.sold_at[gone])
        self._touch(receipts.sold_at[is_new | is_changed | is_more | is_fuller])
        self._widen_keys(receipts.key)
        if sum(map(len, self.changed)) > MOST_HELD:
            self._write_changed()

    def _write_changed(self) -> None:
        """Write the receipts that differ from what is stored, now that their parts are together."""
        held, self.changed = self.changed, []
        if held:
            lines = held[0]
            for more in held[1:]:
                lines = lines.followed_by(more)
            self._write(lines, is_whole=True)

    def _widen_keys(self, keys: NDArray[np.int64]) -> None:
        is_first = self.highest < self.lowest
        self.lowest = int(keys.min()) if is_first else min(self.lowest, int(keys.min()))
        self.highest = max(self.highest, int(keys.max()))

    def _touch(self, sold_at: NDArray[np.int64]) -> None:
        self.tally.days.update(np.unique(sold_at // SECONDS_A_DAY).tolist())

    def _find_known(self, receipts: Receipts) -> _Known:
        """For each receipt the stored one with its number, kind and till, sold within hours of it."""
        known = _Known.none(len(receipts))
        if receipts.key.min() > self.highest or receipts.key.max() < self.lowest:
            return known  # numbers beyond all that are stored, as in a first or a following export
        connection = self.connection
        connection.execute("DELETE FROM incoming")
        connection.executemany(
            "INSERT INTO incoming VALUES (?, ?)", zip(receipts.key.tolist(), range(len(receipts)), strict=True)
        )
        rows = connection.execute(
            "SELECT position, sale.id, number, sold_at, kind, coalesce(till_id, 0), fingerprint, batch_id,"
            " line_count, payment, coalesce(cashier_id, 0), coalesce(customer_id, 0)"
            " FROM incoming CROSS JOIN sale USING (number_key)"
        ).fetchall()
        if not rows:
            return known
        columns = list(zip(*rows, strict=True))
        position = np.array(columns[0])
        numbers = np.array(columns[2], dtype=object)
        found = np.array([*columns[:2], *columns[3:]], dtype=np.int64)[1:]
        _sale_id, sold_at, kind, till, *_rest = found
        gap = np.abs(sold_at - receipts.sold_at[position])
        fits = (
            (numbers == receipts.number[position])
            & (gap <= SAME_RECEIPT_SECONDS)
            & ((kind == receipts.kind[position]) | receipts.is_void[position])
            & ((till == 0) | (receipts.till[position] == 0) | (till == receipts.till[position]))
        )
        where = np.flatnonzero(fits)
        where = where[np.argsort(gap[where], kind="stable")[::-1]]  # the nearest is written last
        known.fill(position[where], found[:, where])
        return known

    def _archive(self, sale_ids: NDArray[np.int64], *, with_lines: bool) -> None:
        assert self.batch is not None
        sales.archive_sales(self.connection, self.batch, sale_ids.tolist(), with_lines=with_lines)

    def _fill(self, receipts: Receipts, known: _Known, which: NDArray[np.bool_]) -> None:
        """Give stored receipts the payment, cashier and customer that they lacked."""
        self.connection.executemany(
            f"UPDATE sale SET payment = max(payment, ?), cashier_id = coalesce(cashier_id, nullif(?, {MISSING})),"
            f" customer_id = coalesce(customer_id, nullif(?, {MISSING})) WHERE id = ?",
            zip(
                np.where(known.payment[which] > 0, 0, receipts.payment[which]).tolist(),
                _or_missing(receipts.cashier[which]),
                _or_missing(receipts.customer[which]),
                known.sale_id[which].tolist(),
                strict=True,
            ),
        )

    def _insert(
        self, receipts: Receipts, ids: NDArray[np.int64], which: NDArray[np.bool_], known: _Known
    ) -> None:
        if not which.any():
            return
        n = int(which.sum())

        def filled(own: NDArray[np.generic], before: NDArray[np.generic]) -> NDArray[np.generic]:
            return np.where(own[which] == 0, before[which], own[which])

        sales.insert_sales(
            self.connection,
            zip(
                ids[which].tolist(), [self.batch] * n, receipts.number[which].tolist(),
                receipts.key[which].tolist(), receipts.fingerprint[which].tolist(),
                receipts.sold_at[which].tolist(), receipts.has_time[which].astype(np.int8).tolist(),
                receipts.kind[which].tolist(), receipts.total[which].tolist(),
                receipts.line_count[which].tolist(), receipts.units[which].tolist(),
                filled(receipts.payment, known.payment).tolist(),
                _or_missing(receipts.till[which]), _or_missing(filled(receipts.cashier, known.cashier)),
                [MISSING] * n, _or_missing(filled(receipts.customer, known.customer)),
                strict=True,
            ),
        )  # fmt: skip
        at, within = receipts.positions(which)
        self._insert_lines(receipts.lines.take(at), np.repeat(ids[which], receipts.count[which]), within)

    def _insert_lines(self, lines: Lines, sale_ids: NDArray[np.int64], within: NDArray[np.int64]) -> None:
        real = lines.product > 0
        if not real.all():
            lines, sale_ids, within = lines.take(real), sale_ids[real], within[real]
        sales.insert_lines(
            self.connection,
            zip(
                sale_ids.tolist(), within.tolist(), lines.product.tolist(), lines.quantity.tolist(),
                lines.amount.tolist(), lines.discount.tolist(), lines.cost.tolist(),
                strict=True,
            ),
        )  # fmt: skip

    def _append(self, receipts: Receipts, position: int, sale_id: int) -> None:
        """More lines of a receipt that this very file has begun earlier."""
        which = np.zeros(len(receipts), bool)
        which[position] = True
        at, within = receipts.positions(which)
        before, fingerprint = self.connection.execute(
            "SELECT line_count, fingerprint FROM sale WHERE id = ?", (sale_id,)
        ).fetchone()
        self._insert_lines(receipts.lines.take(at), np.full(len(at), sale_id), within + before)
        self.connection.execute(
            "UPDATE sale SET total_cents = total_cents + ?, line_count = line_count + ?,"
            " units_milli = units_milli + ?, fingerprint = ? WHERE id = ?",
            (
                int(receipts.total[position]), int(receipts.line_count[position]),
                int(receipts.units[position]),
                add_to_fingerprint(fingerprint, int(receipts.contents[position])), sale_id,
            ),
        )  # fmt: skip


UNNAMED = "SIN NOMBRE"
"""The product of a line that has an amount but no name: its money still counts."""

_AMOUNT_FIELDS: dict[AmountRule, tuple[Field, ...]] = {
    AmountRule.LINE_TOTAL: (Field.LINE_TOTAL,),
    AmountRule.GROSS_LESS_DISCOUNT: (Field.GROSS_TOTAL, Field.DISCOUNT),
    AmountRule.PRICE_TIMES_QUANTITY: (Field.UNIT_PRICE, Field.DISCOUNT),
    AmountRule.RECEIPT_TOTAL: (Field.RECEIPT_TOTAL,),
}


def _usable_code(value: str) -> str:
    """The code without wrapping; "" where a spreadsheet has damaged it, so that it keys nothing."""
    if value.isdigit():
        return value
    code = clean_code(value)
    return "" if is_damaged_code(code) else code


def _kind_code(value: str) -> int:
    kind = kind_of(value)
    return KIND_UNKNOWN if kind is None else int(kind)


def _or_missing(ids: NDArray[np.generic]) -> list[int]:
    """Ids for the database, where nobody is NULL and not 0."""
    return np.where(ids == 0, MISSING, ids).tolist()  # type: ignore[no-any-return]


@dataclass
class _Known:
    """What is stored of each incoming receipt; sale_id 0 = nothing."""

    sale_id: NDArray[np.int64]
    sold_at: NDArray[np.int64]
    fingerprint: NDArray[np.int64]
    batch: NDArray[np.int64]
    line_count: NDArray[np.int64]
    payment: NDArray[np.int64]
    cashier: NDArray[np.int64]
    customer: NDArray[np.int64]

    @classmethod
    def none(cls, n: int) -> _Known:
        """Nothing known of n receipts."""
        return cls(*(np.zeros(n, np.int64) for _column in range(8)))

    def fill(self, position: NDArray[np.int64], found: NDArray[np.int64]) -> None:
        """Write what was found: rows sale_id, sold_at, kind, till, fingerprint, batch, lines, payment, …"""
        (
            self.sale_id[position], self.sold_at[position], _kind, _till, self.fingerprint[position],
            self.batch[position], self.line_count[position], self.payment[position],
            self.cashier[position], self.customer[position],
        ) = found  # fmt: skip
