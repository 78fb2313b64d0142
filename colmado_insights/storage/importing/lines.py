"""Rows of a file become cleaned lines; the bad ones go to quarantine with their reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.domain import PAYMENT_CODE, SECONDS_A_DAY, BadRow, Payment, SaleKind
from colmado_insights.storage.catalog import Categorize, NameTable, ProductTable
from colmado_insights.storage.customers import CustomerTable
from colmado_insights.storage.importing import mending, quarantine
from colmado_insights.storage.importing.basket import (
    KIND_UNKNOWN,
    Lines,
    NumberGiver,
    hash_names,
    number_keys,
)
from colmado_insights.storage.importing.cleaning import (
    LARGEST_NUMBER,
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
from colmado_insights.storage.importing.readers import Chunk, chunk_of_rows
from colmado_insights.storage.importing.tally import Tally
from colmado_insights.storage.sales import MISSING

if TYPE_CHECKING:
    from sqlite3 import Connection

    from numpy.typing import NDArray

NUMERIC = (
    Field.QUANTITY, Field.UNIT_PRICE, Field.LINE_TOTAL, Field.GROSS_TOTAL, Field.RECEIPT_TOTAL,
    Field.DISCOUNT, Field.COST,
)  # fmt: skip
TEXTUAL = (
    Field.RECEIPT, Field.MOMENT, Field.DATE, Field.TIME, Field.PRODUCT, Field.VARIANT, Field.SKU, Field.CATEGORY,
    Field.PAYMENT, Field.CUSTOMER, Field.CASHIER, Field.STORE, Field.REGISTER, Field.KIND, Field.STATUS,
)  # fmt: skip

UNNAMED = "SIN NOMBRE"
"""The product of a line that has an amount but no name: its money still counts."""

_NAMING = (Field.RECEIPT, Field.MOMENT, Field.DATE, Field.PRODUCT)
"""What a row of sums does not have."""

_AMOUNT_FIELDS: dict[AmountRule, tuple[Field, ...]] = {
    AmountRule.LINE_TOTAL: (Field.LINE_TOTAL,),
    AmountRule.GROSS_LESS_DISCOUNT: (Field.GROSS_TOTAL, Field.DISCOUNT),
    AmountRule.PRICE_TIMES_QUANTITY: (Field.UNIT_PRICE, Field.DISCOUNT),
    AmountRule.RECEIPT_TOTAL: (Field.RECEIPT_TOTAL,),
}


def _clean_texts(values: list[str]) -> list[str]:
    return [clean_text(value) for value in values]


@dataclass(frozen=True)
class _Coded:
    """A text column as codes into its distinct cleaned values; an empty cell is code -1."""

    codes: NDArray[np.int64]
    values: list[str]

    def take(self, results: NDArray[np.generic] | Sequence[object], empty: object) -> NDArray[np.generic]:
        """`results` (one a distinct value) spread over the rows, `empty` where the cell was empty."""
        table = np.append(np.asarray(results), np.asarray([empty], dtype=np.asarray(results).dtype))
        return table[self.codes]

    def value(self, row: int) -> str:
        """The cleaned text of one row."""
        code = self.codes[row]
        return self.values[code] if code >= 0 else ""


@dataclass(frozen=True)
class _Moments:
    """When each row was sold, and whether that could be read."""

    sold_at: NDArray[np.int64]
    has_time: NDArray[np.bool_]
    is_bad: NDArray[np.bool_]
    is_empty: NDArray[np.bool_]


@dataclass(frozen=True)
class _Amounts:
    """What each row counts and costs the customer, and the code of what is wrong with it ("" if nothing)."""

    quantity: NDArray[np.int64]  # thousandths
    amount: NDArray[np.int64]  # cents, net
    discount: NDArray[np.int64]  # cents or MISSING
    trouble: NDArray[np.str_]


class Cleaner:
    """Cleans the pieces of one file in their order; lives for one transaction."""

    def __init__(
        self,
        connection: Connection,
        batch: int,
        header: Sequence[str],
        mapping: Mapping,
        categorize: Categorize,
        tally: Tally,
    ) -> None:
        self._connection = connection
        self._batch = batch
        self._mapping = mapping
        self._columns = mending.Columns(tuple(header), mapping)
        self._tally = tally
        self._products = ProductTable(connection, categorize)
        self._customers = CustomerTable(connection)
        self._cashiers = NameTable(connection, "cashier")
        self._tills = NameTable(connection, "till")
        self._numbers = NumberGiver()
        self._sum = self._sum_before = 0  # cents so far, and up to the last row of totals
        self._mended = mending.read_fixes(connection)

    def clean(self, chunk: Chunk) -> Lines:
        """The good rows of a piece as lines; the bad ones go to quarantine, totals are counted.

        A row that was mended before is mended alike, so that a later export that holds it
        again finds its receipt unchanged.
        """
        again: list[list[str]] = []
        lines = self._clean(chunk, again)
        if again:
            wanted = [*chunk.texts, *chunk.numbers]
            lines = lines.followed_by(self._clean(chunk_of_rows(again, wanted, max(map(len, again))), []))
        return lines

    def _clean(self, chunk: Chunk, again: list[list[str]]) -> Lines:
        moments = self._read_moments(chunk)
        amounts = self._read_amounts(chunk)
        trouble = np.where(moments.is_bad, "bad_date", amounts.trouble)
        trouble = np.where(moments.is_empty, "no_date", trouble)
        trouble = np.where(chunk.is_wide, "too_many_cells", trouble)
        good = self._sort_out(chunk, trouble, amounts.amount, again)
        kind, is_void = self._read_kinds(chunk)
        product, name_hash = self._read_products(chunk)
        number, key = self._read_receipt_numbers(chunk)
        is_refund = kind == SaleKind.REFUND
        lines = Lines(
            row=chunk.first_line + np.arange(chunk.rows),
            number=number,
            key=key,
            sold_at=moments.sold_at,
            has_time=moments.has_time,
            kind=kind,
            is_void=is_void,
            product=product,
            name_hash=name_hash,
            quantity=np.where(is_refund, -np.abs(amounts.quantity), amounts.quantity) * (product > 0),
            amount=np.where(is_refund, -np.abs(amounts.amount), amounts.amount),
            discount=amounts.discount,
            cost=self._read_costs(chunk, amounts.quantity, is_refund),
            payment=self._read_payments(chunk),
            till=self._read_names(chunk, (Field.STORE, Field.REGISTER), self._tills),
            cashier=self._read_names(chunk, (Field.CASHIER,), self._cashiers),
            customer=self._read_names(chunk, (Field.CUSTOMER,), self._customers),
        )
        if not good.all():
            lines = lines.take(good)
        self._numbers.fill(lines)
        return lines

    # ── cells ──

    def _coded(
        self, chunk: Chunk, column: Field, clean: Callable[[list[str]], list[str]] = _clean_texts
    ) -> _Coded | None:
        position = self._mapping.columns.get(column)
        if position is None:
            return None
        codes, distinct = pd.factorize(chunk.texts[position])
        return _Coded(codes, clean(list(distinct)))

    def _read_numbers(
        self, chunk: Chunk, column: Field
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
        """Numbers of a column (NaN where the cell is empty) and which cells are no numbers."""
        position = self._mapping.columns.get(column)
        if position is None:
            return None
        if position in chunk.numbers:
            values = chunk.numbers[position]
            return values, np.abs(values) > LARGEST_NUMBER
        coded = self._coded(chunk, column)
        assert coded is not None
        numbers, bad = parse_numbers(coded.values, self._mapping.decimal_of(column))
        empty = np.array([value == "" for value in coded.values], bool)
        spread = coded.take(np.where(empty, np.nan, numbers), np.nan)
        return spread.astype(np.float64), coded.take(bad & ~empty, False).astype(bool)

    def _read_moments(self, chunk: Chunk) -> _Moments:
        column = Field.MOMENT if Field.MOMENT in self._mapping.columns else Field.DATE
        coded = self._coded(chunk, column, clean=list)
        assert coded is not None
        seconds, has_time, bad = parse_moments(coded.values, self._mapping.dates)
        sold_at = coded.take(seconds, 0).astype(np.int64)
        timed = coded.take(has_time, False).astype(bool)
        clock = self._coded(chunk, Field.TIME) if column is Field.DATE else None
        if clock is not None:
            of_day, unread = parse_times(clock.values)
            known = ~clock.take(unread, True).astype(bool)
            moment = sold_at - sold_at % SECONDS_A_DAY + clock.take(of_day, 0).astype(np.int64)
            sold_at = np.where(known, moment, sold_at)
            timed = timed | known
        return _Moments(
            sold_at=sold_at,
            has_time=timed,
            is_bad=coded.take(bad, True).astype(bool),
            is_empty=coded.take([not value.strip() for value in coded.values], True).astype(bool),
        )

    def _read_receipt_numbers(self, chunk: Chunk) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
        """Number ("" where there is none) and key of each row."""
        number = self._coded(chunk, Field.RECEIPT, clean=_usable_codes)
        if number is None:
            return np.full(chunk.rows, "", object), np.zeros(chunk.rows, np.int64)
        values = np.array(number.values, object)
        return number.take(values, "").astype(object), number.take(number_keys(values), 0).astype(np.int64)

    def _read_kinds(self, chunk: Chunk) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
        """Sale, refund or unknown of each row, and whether it was cancelled."""
        kind = self._coded(chunk, Field.KIND)
        is_void = np.zeros(chunk.rows, bool)
        for coded in (self._coded(chunk, Field.STATUS), kind):
            if coded is not None:
                is_void |= coded.take([is_voided(value) for value in coded.values], False).astype(bool)
        if kind is None:
            return np.full(chunk.rows, KIND_UNKNOWN, np.int8), is_void
        codes = np.array([_kind_code(value) for value in kind.values], np.int8)
        return kind.take(codes, KIND_UNKNOWN).astype(np.int8), is_void

    # ── amounts ──

    def _read_amounts(self, chunk: Chunk) -> _Amounts:
        rule = self._mapping.amount
        trouble = np.full(chunk.rows, "", dtype="U20")
        read: dict[Field, NDArray[np.float64]] = {}
        for column in NUMERIC:
            numbers = self._read_numbers(chunk, column)
            if numbers is None:
                continue
            read[column], bad = numbers
            if column is Field.QUANTITY:
                trouble[bad] = "bad_quantity"
            elif column in _AMOUNT_FIELDS[rule]:
                trouble[bad] = "bad_amount"
        count = read.get(Field.QUANTITY)
        units = np.ones(chunk.rows) if count is None else np.where(np.isnan(count), 1.0, count)
        amount = self._net(read, units)
        trouble = np.where((trouble == "") & np.isnan(amount), "no_amount", trouble)
        discount = np.full(chunk.rows, MISSING, np.int64)
        if Field.DISCOUNT in read and not self._mapping.discount_is_percent:
            given = ~np.isnan(read[Field.DISCOUNT])
            discount[given] = np.abs(to_cents(read[Field.DISCOUNT][given]))
        return _Amounts(to_milli(units), to_cents(amount), discount, trouble)

    def _net(self, read: dict[Field, NDArray[np.float64]], units: NDArray[np.float64]) -> NDArray[np.float64]:
        """The net amount of each row by the file's rule, NaN where its cell is empty."""
        rule = self._mapping.amount
        if rule is AmountRule.LINE_TOTAL:
            return read[Field.LINE_TOTAL]
        if rule is AmountRule.RECEIPT_TOTAL:
            return read[Field.RECEIPT_TOTAL]
        is_priced = rule is AmountRule.PRICE_TIMES_QUANTITY
        gross = units * read[Field.UNIT_PRICE] if is_priced else read[Field.GROSS_TOTAL]
        reduction = np.abs(np.nan_to_num(read.get(Field.DISCOUNT, np.zeros(len(gross)))))
        if self._mapping.discount_is_percent:
            reduction = np.abs(gross) * reduction / 100
        net: NDArray[np.float64] = np.sign(gross) * (np.abs(gross) - reduction)
        return net

    def _read_costs(
        self, chunk: Chunk, quantity: NDArray[np.int64], is_refund: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Cents that the whole line cost the shop, or MISSING."""
        cost = np.full(chunk.rows, MISSING, np.int64)
        numbers = self._read_numbers(chunk, Field.COST)
        if numbers is None:
            return cost
        values, bad = numbers
        if self._mapping.cost_is_per_unit:
            values = values * quantity / 1000
        given = ~np.isnan(values) & ~bad
        cents = np.abs(to_cents(values))
        cost[given] = np.where(is_refund, -cents, cents)[given]
        return cost

    # ── names ──

    def _read_products(self, chunk: Chunk) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Product id and name hash of each row; 0 where the file has receipts only."""
        product = self._coded(chunk, Field.PRODUCT)
        if product is None:
            return np.zeros(chunk.rows, np.int64), np.zeros(chunk.rows, np.uint64)
        if variant := self._coded(chunk, Field.VARIANT):
            product = _with_variants(product, variant)
        names = [*(value or UNNAMED for value in product.values), UNNAMED]
        sku, category = self._coded(chunk, Field.SKU, clean=_usable_codes), self._coded(chunk, Field.CATEGORY)
        first, inverse = _distinct([product, *filter(None, (sku, category))])
        ids = self._products.ids(
            [names[code] for code in product.codes[first]],
            [sku.value(row) if sku else "" for row in first],
            [category.value(row) if category else "" for row in first],
        )
        return ids[inverse], hash_names(names)[product.codes]

    def _read_payments(self, chunk: Chunk) -> NDArray[np.int8]:
        coded = self._coded(chunk, Field.PAYMENT)
        if coded is None:
            return np.zeros(chunk.rows, np.int8)
        codes = np.array([PAYMENT_CODE[payment_of(value)] for value in coded.values], np.int8)
        return coded.take(codes, PAYMENT_CODE[Payment.UNKNOWN]).astype(np.int8)

    def _read_names(self, chunk: Chunk, columns: Sequence[Field], names: NameTable) -> NDArray[np.int64]:
        """Ids of the names in one column, or in several joined ("tienda · caja"); 0 where empty."""
        coded = [found for column in columns if (found := self._coded(chunk, column)) is not None]
        if not coded:
            return np.zeros(chunk.rows, np.int64)
        if len(coded) == 1:
            return coded[0].take(names.ids(coded[0].values), 0).astype(np.int64)
        first, inverse = _distinct(coded)
        return names.ids([" · ".join(filter(None, (part.value(row) for part in coded))) for row in first])[
            inverse
        ]

    # ── quarantine ──

    def _sort_out(
        self,
        chunk: Chunk,
        trouble: NDArray[np.str_],
        amount: NDArray[np.int64],
        again: list[list[str]],
    ) -> NDArray[np.bool_]:
        """Send the rows in trouble to quarantine, but for blank ones, totals and those mended before; True = good."""
        good: NDArray[np.bool_] = trouble == ""
        bad: list[BadRow] = []
        sums = self._sum + np.cumsum(amount * good)
        self._sum = int(sums[-1]) if len(sums) else self._sum
        for row in np.flatnonzero(~good).tolist():
            cells = chunk.cells(row)
            if not any(cell.strip() for cell in cells) or tuple(cells) == self._columns.header:
                continue
            if is_totals_row(cells) or self._is_sum(cells, int(sums[row])):
                self._tally.totals_rows += 1
                self._sum_before = int(sums[row])
                continue
            raw = self._customers.blank(chunk.raw(row))
            fix = self._mended.get(raw)
            if fix is not None:
                again.append(mending.mend_cells(cells, self._columns, fix))
                continue
            bad.append(BadRow(chunk.first_line + row, raw, str(trouble[row])))
        if bad:
            quarantine.write_bad_rows(self._connection, self._batch, bad)
            self._tally.quarantined += len(bad)
            self._tally.codes.update(row.code for row in bad)
        return good

    def _is_sum(self, cells: Sequence[str], so_far: int) -> bool:
        """True for a row of nothing but amounts, one of which is the sum of the rows above it."""
        places = [self._mapping.columns[name] for name in _NAMING if name in self._mapping.columns]
        if any(cells[place].strip() for place in places if place < len(cells)):
            return False
        texts = [cell for cell in cells if cell.strip()]
        numbers, is_bad = parse_numbers(texts, self._mapping.decimal)
        sums = {so_far, so_far - self._sum_before} - {0}
        return not is_bad.any() and not sums.isdisjoint(to_cents(numbers).tolist())


def _distinct(columns: Sequence[_Coded]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first row of each combination of values, and for each row which combination it has."""
    combined = columns[0].codes + 1
    for coded in columns[1:]:
        combined = combined * (len(coded.values) + 1) + coded.codes + 1
    inverse, distinct = pd.factorize(combined)
    first = np.empty(len(distinct), np.intp)
    first[inverse[::-1]] = np.arange(len(inverse) - 1, -1, -1)
    return first, inverse


def _with_variants(product: _Coded, variant: _Coded) -> _Coded:
    """Products named "Pan sobao (Grande)" where the till keeps the variant in a column of its own."""
    first, inverse = _distinct([product, variant])
    names = (
        f"{product.value(row)} ({variant.value(row)})" if variant.value(row) else product.value(row)
        for row in first
    )
    return _Coded(inverse, list(names))


def _usable_codes(values: list[str]) -> list[str]:
    """Codes without wrapping; "" where a spreadsheet has damaged one, so that it keys nothing."""
    if all(map(str.isdecimal, values)):
        return values
    codes = map(clean_code, values)
    return ["" if is_damaged_code(code) else code for code in codes]


def _kind_code(value: str) -> int:
    kind = kind_of(value)
    return KIND_UNKNOWN if kind is None else int(kind)
