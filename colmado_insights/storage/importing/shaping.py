"""Tables brought to one row a line: what a till leaves out, or writes as columns, is put where it belongs.

Three shapes are seen from the first rows alone, so that a table always gets the same columns:
order fields on the first line only (they are carried down), a column of money for each way of
paying (its name becomes the payment), and a whole basket in one cell (it becomes lines).
Columns of our own stand behind the file's.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Named
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from colmado_insights.domain import Payment, Reason
from colmado_insights.errors import FileProblem
from colmado_insights.storage.importing.cleaning import guess_decimal, is_totals_row, parse_numbers
from colmado_insights.storage.importing.fields import AMOUNT_FIELDS, AmountRule, Field, Mapping
from colmado_insights.storage.importing.mapping import assign_columns, guess_mapping
from colmado_insights.storage.importing.moments import DateGuess, DateStyle, weigh_date_style
from colmado_insights.storage.importing.readers import Chunk, Table, chunk_of_rows
from colmado_insights.storage.importing.sample import Sample
from colmado_insights.storage.importing.vocabulary import fold_header, value_words

Cells = Sequence[str]


class Shape(ABC):
    """Makes rows of rows that are as wide as the table; one may be kept until those that belong to it are known."""

    @abstractmethod
    def __call__(self, row: list[str]) -> list[list[str]]:
        """The rows that are ready now."""

    def finish(self) -> list[list[str]]:
        """The rows that were still kept at the end."""
        return []


_CARRIED = (
    Field.RECEIPT, Field.MOMENT, Field.TIME, Field.CUSTOMER, Field.PAYMENT, Field.CASHIER, Field.STORE,
    Field.REGISTER, Field.KIND, Field.STATUS,
)  # fmt: skip
"""What a receipt says once; amounts are never carried."""

_TENDER = re.compile(r"(?:(?:pagado|pago|cobrado|cobro|monto|total|paid|en|con|in|by)\s+)+")
_LEAST_WORD = 3
_IS_BASKET = 0.6
_ITEM = re.compile(r"(\d+(?:[.,]\d+)?)\s*[x×]\s*(\S.*)", re.IGNORECASE | re.DOTALL)
_BETWEEN_ITEMS = re.compile(r"\s*[,;|+\n]\s*(?=\d+(?:[.,]\d+)?\s*[x×]\s*\S)", re.IGNORECASE)
_MOSTLY = 0.9
_WEIGHED_AT_ONCE = 5_000
_ASSUMED = 0.85
"""What a guess of the dates' order had left of the confidence."""

# Not translated: a layout is remembered by its headers.
_PAYMENT_HEADER = "Forma de pago"
_TOTAL_HEADER = "Total cobrado"
_BASKET_HEADERS = ("Producto", "Cantidad", "Importe")


class ShapedTable:
    """A table whose rows pass through a shape; `begin` gives one anew each time they are read."""

    def __init__(self, table: Table, more: Sequence[str], begin: Callable[[], Shape]) -> None:
        self.name = table.name
        self.header = (*table.header, *more)
        self._table = table
        self._begin = begin
        self._more = len(more)
        self.sample = tuple(tuple(row) for row in self._shaped(table.sample))

    @property
    def other_tables(self) -> tuple[str, ...]:
        """Those that stand beside the table in its file."""
        return self._table.other_tables

    def chunks(self, texts: Sequence[int], numbers: Sequence[int]) -> Iterator[Chunk]:
        """The shaped rows, all as text."""
        shape = self._begin()
        line = 0
        for chunk in self._table.chunks(range(len(self._table.header)), ()):
            line = line or chunk.first_line
            rows = list(self._shaped(map(chunk.cells, range(chunk.rows)), shape))
            yield self._piece(rows, [*texts, *numbers], line, chunk)
            line += len(rows)
        if rows := shape.finish():
            yield self._piece(rows, [*texts, *numbers], line, chunk)

    def _piece(self, rows: list[list[str]], wanted: Sequence[int], line: int, chunk: Chunk) -> Chunk:
        piece = chunk_of_rows(rows, wanted, len(self.header))
        piece.first_line, piece.done, piece.total = line, chunk.done, chunk.total
        return piece

    def _shaped(self, rows: Iterable[Cells], shape: Shape | None = None) -> Iterator[list[str]]:
        is_whole = shape is None
        shape = shape or self._begin()
        width = len(self._table.header)
        for row in rows:
            cells = [*row, *[""] * (width - len(row))]
            if any(cells[width:]):  # too long to know what is what
                yield [*cells[:width], *[""] * self._more, *cells[width:]]
            else:
                yield from shape(cells[:width])
        if is_whole:
            yield from shape.finish()


@dataclass(frozen=True)
class Understood:
    """A shaped table and its columns, or why they are not known."""

    table: Table
    mapping: Mapping | None
    trouble: FileProblem | None = None


def understand(table: Table) -> Understood:
    """Shape a table that no preset knows, and guess its columns."""
    carried = _carry_down(table)
    tenders = _find_tenders(carried)
    shaped, header = _join_tenders(carried, tenders) if tenders else (carried, carried.header)
    try:
        mapping = guess_mapping(header, shaped.sample, file_name=table.name)
    except FileProblem as trouble:
        return Understood(shaped, None, trouble)
    if carried is not table:
        mapping = _without_head_total(table, shaped, header, mapping)
        mapping = _with_reason(mapping, Reason.of("rows_continue"))
    if tenders:
        names = ", ".join(table.header[place].strip() for place in tenders)
        mapping = _with_reason(mapping, Reason.of("tenders_are_columns", names=names))
    if carried is not table and mapping.amount is AmountRule.RECEIPT_TOTAL:
        return _set_totals_apart(shaped, mapping)
    return _open_baskets(shaped, mapping)


def judge_dates(table: Table, mapping: Mapping) -> Mapping:
    """Look at all days of the file where its first rows do not tell day-first from month-first."""
    place = mapping.columns.get(Field.MOMENT, mapping.columns.get(Field.DATE))
    if place is None or mapping.dates.order not in ("dmy", "mdy"):
        return mapping
    language = Sample.of(table.header, table.sample[:1]).language
    cells = [row[place] for row in table.sample if place < len(row)]
    if not weigh_date_style(cells, header_language=language, file_name=table.name).is_assumed:
        return mapping
    guess = _weigh_all_days(table, place, language)
    if guess.is_assumed:
        return mapping
    return replace(
        mapping,
        dates=replace(mapping.dates, order=guess.style.order),
        confidence=min(1.0, round(mapping.confidence / _ASSUMED, 3)),
        reasons=tuple(reason for reason in mapping.reasons if reason.code != "date_order_assumed"),
    )


def _weigh_all_days(table: Table, place: int, language: str) -> DateGuess:
    """How the days of a whole column are written; it is read only until a day over 12 decides."""
    days: dict[str, str] = {}
    guess = DateGuess(DateStyle("dmy", has_time=False), "habit")
    for chunk in table.chunks([place], []):
        texts = [text for text in pd.unique(chunk.texts[place]).tolist() if isinstance(text, str)]
        for start in range(0, len(texts), _WEIGHED_AT_ONCE):
            for text in texts[start : start + _WEIGHED_AT_ONCE]:
                days.setdefault(text.strip().partition(" ")[0], text)
            guess = weigh_date_style(list(days.values()), header_language=language, file_name=table.name)
            if guess.evidence == "parts":
                return guess
    return guess


def _with_reason(mapping: Mapping, reason: Reason) -> Mapping:
    return replace(mapping, reasons=(*mapping.reasons, reason))


# Order fields on the first line only


@dataclass
class _Carrier(Shape):
    """Gives a receipt's further lines what its first line said."""

    keys: tuple[int, ...]  # receipt number and moment, those that there are
    number: int  # place of the receipt's number, or -1
    product: int
    places: tuple[int, ...]
    head: list[str] | None = None
    waiting: list[list[str]] = field(default_factory=list)
    """A first line without a product, and the lines that go on with it."""

    def __call__(self, row: list[str]) -> list[list[str]]:
        """The row, filled where it goes on with the receipt above."""
        if self.continues(row):
            assert self.head is not None
            whole = [
                self.head[place] if place in self.places and not cell.strip() else cell
                for place, cell in enumerate(row)
            ]
            if not self.waiting:
                return [whole]
            self.waiting.append(whole)
            return []
        done = self.finish()
        self.head = row if all(row[place].strip() for place in self.keys) else None
        if self.head is not None and not row[self.product].strip():
            self.waiting = [row]
            return done
        return [*done, row]

    def finish(self) -> list[list[str]]:
        """The receipt that was kept; its first line stays only where it says what no other line says."""
        rows, self.waiting = self.waiting, []
        if len(rows) < 2:
            return rows
        of_lines = {place for row in rows[1:] for place, cell in enumerate(row) if cell.strip()}
        own = [place for place, cell in enumerate(rows[0]) if cell.strip() and place not in of_lines]
        if not own:
            return rows[1:]
        # A total in a column of its own: it stays on the first line of the receipt.
        rows[1] = [rows[0][place] if place in own else cell for place, cell in enumerate(rows[1])]
        return rows[1:]

    def continues(self, row: Sequence[str]) -> bool:
        """True for a line without number and moment, or with the same number and no moment."""
        if self.head is None or not row[self.product].strip() or is_totals_row(row):
            return False
        filled = [place for place in self.keys if row[place].strip()]
        is_same = filled == [self.number] and row[self.number].strip() == self.head[self.number].strip()
        return not filled or (is_same and len(self.keys) > 1)


def _carry_down(table: Table) -> Table:
    """The table with its receipts' lines made whole, where it plainly says a receipt's fields only once."""
    columns = assign_columns(Sample.of(table.header, table.sample))
    names = (Field.RECEIPT, Field.MOMENT) if Field.RECEIPT in columns else (Field.MOMENT, Field.TIME)
    keys = tuple(columns[name] for name in names if name in columns)
    if not keys or Field.PRODUCT not in columns:
        return table
    places = tuple(columns[name] for name in _CARRIED if name in columns)

    def begin() -> _Carrier:
        return _Carrier(keys, columns.get(Field.RECEIPT, -1), columns[Field.PRODUCT], places)

    return ShapedTable(table, (), begin) if _says_once(table.sample, begin(), len(table.header)) else table


def _says_once(rows: Sequence[Sequence[str]], carrier: _Carrier, width: int) -> bool:
    """True when some lines go on with the receipt above and no line repeats what it would have left out."""
    continued = False
    before: tuple[str, ...] = ()
    for row in rows:
        cells = [*row, *[""] * (width - len(row))][:width]
        continued |= carrier.continues(cells)
        key = tuple(cells[place].strip() for place in carrier.keys)
        if all(key) and key == before:
            return False
        before = key if all(key) else before
        carrier(cells)
    return continued


# A receipt's total beside its first line, and no amounts of the lines


def _without_head_total(table: Table, shaped: Table, header: tuple[str, ...], mapping: Mapping) -> Mapping:
    """The mapping in which an amount that only first lines have is the receipt's, not the line's."""
    place = mapping.columns.get(Field.LINE_TOTAL)
    receipt = mapping.columns.get(Field.RECEIPT, mapping.columns.get(Field.MOMENT))
    if place is None or receipt is None or place >= len(table.header):
        return mapping
    further = [row for row in table.sample if max(place, receipt) < len(row) and not row[receipt].strip()]
    if not further or any(row[place].strip() for row in further):
        return mapping
    try:
        return guess_mapping(_without(header, [place]), shaped.sample, file_name=table.name)
    except FileProblem:
        columns: dict[Field, int] = dict(mapping.columns)
        columns[Field.RECEIPT_TOTAL] = columns.pop(Field.LINE_TOTAL)
        return replace(mapping, columns=columns, amount=AmountRule.RECEIPT_TOTAL)


def _set_totals_apart(table: Table, mapping: Mapping) -> Understood:
    """Lines without amounts of their own, as with a basket in a cell."""
    total, product = mapping.columns.get(Field.RECEIPT_TOTAL), mapping.columns.get(Field.PRODUCT)
    if total is None or product is None:
        return Understood(table, mapping)
    keys = tuple(
        mapping.columns[name] for name in (Field.RECEIPT, Field.MOMENT, Field.DATE) if name in mapping.columns
    )
    of_lines = (Field.PRODUCT, Field.SKU, Field.VARIANT, Field.CATEGORY, Field.COST)
    blank = tuple(mapping.columns[name] for name in of_lines if name in mapping.columns)
    columns: dict[Field, int] = dict(mapping.columns)
    del columns[Field.RECEIPT_TOTAL]
    columns[Field.LINE_TOTAL] = len(table.header)
    reasons = [reason for reason in mapping.reasons if reason.code != "receipt_total_repeated"]
    apart = replace(
        mapping,
        columns=columns,
        amount=AmountRule.LINE_TOTAL,
        decimals=dict(mapping.decimals) | {Field.LINE_TOTAL: mapping.decimal_of(Field.RECEIPT_TOTAL)},
        reasons=(*reasons, Reason.of("only_totals", header=table.header[total].strip())),
    )
    quantity = mapping.columns.get(Field.QUANTITY, -1)
    return Understood(
        ShapedTable(table, _BASKET_HEADERS[-1:], lambda: _TotalApart(keys, total, quantity, blank)), apart
    )


@dataclass
class _TotalApart(Shape):
    """Keeps a receipt's lines until it ends, as only then it is known whether the total is of one thing."""

    keys: tuple[int, ...]
    total: int
    quantity: int  # its place, or -1
    blank: tuple[int, ...]  # what only a line says
    waiting: list[list[str]] = field(default_factory=list)

    def __call__(self, row: list[str]) -> list[list[str]]:
        """The receipt before, when another one begins."""
        if self.waiting and self._key(row) == self._key(self.waiting[0]) and not row[self.total].strip():
            self.waiting.append(row)
            return []
        done = self.finish()
        if all(self._key(row)) and not is_totals_row(row):
            self.waiting = [row]
            return done
        return [*done, [*row, row[self.total]]]

    def _key(self, row: Sequence[str]) -> tuple[str, ...]:
        return tuple(row[place].strip() for place in self.keys)

    def finish(self) -> list[list[str]]:
        """The lines of the receipt; a total of several things stands on a line without a name."""
        rows, self.waiting = self.waiting, []
        if len(rows) < 2:
            return [[*row, row[self.total]] for row in rows]
        nameless = ["" if place in self.blank else cell for place, cell in enumerate(rows[0])]
        if self.quantity >= 0:
            nameless[self.quantity] = "0"
        return [*([*row, "0"] for row in rows), [*nameless, rows[0][self.total]]]


# Ways of paying as columns


def _find_tenders(table: Table) -> tuple[int, ...]:
    """The columns of money whose headers are ways of paying; none where a column already names the payment."""
    found = {
        place: kind
        for place, header in enumerate(table.header)
        if (kind := _tender_of(header))
        and _is_money([row[place] for row in table.sample if place < len(row)])
    }
    if len(set(found.values())) < 2:
        return ()
    columns = assign_columns(Sample.of(_without(table.header, tuple(found)), table.sample))
    return () if Field.PAYMENT in columns else tuple(found)


def _without(header: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    return tuple("" if place in places else cell for place, cell in enumerate(header))


def _tender_of(header: str) -> str:
    """The way of paying that a header names, or ""."""
    word = _TENDER.sub("", fold_header(header), count=1)
    kind = value_words("payments").get(word, "") if len(word) >= _LEAST_WORD else ""
    return "" if kind == Payment.MIXED else kind


def _is_money(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return not filled or bool(np.mean(~parse_numbers(filled, guess_decimal(filled))[1]) >= _MOSTLY)


def _join_tenders(table: Table, tenders: tuple[int, ...]) -> tuple[Table, tuple[str, ...]]:
    """The table with the payment's name, and the sum where no other column holds an amount; its header to guess by."""
    header = _without(table.header, tenders)
    columns = assign_columns(Sample.of(header, table.sample))
    is_summed = not columns.keys() & set(AMOUNT_FIELDS)
    names = {place: _tender_of(table.header[place]) for place in tenders}
    decimals = {
        place: guess_decimal([row[place] for row in table.sample if place < len(row)]) for place in tenders
    }

    more = (_PAYMENT_HEADER, *([_TOTAL_HEADER] if is_summed else []))
    shape = _Tendered(names, decimals, is_summed)
    return ShapedTable(table, more, lambda: shape), (*header, *more)


@dataclass(frozen=True)
class _Tendered(Shape):
    """Says how a row was paid, and where asked for it how much in all."""

    names: Named[int, str]
    decimals: Named[int, str]
    is_summed: bool

    def __call__(self, row: list[str]) -> list[list[str]]:
        """The row with what was paid; columns that are zero or blank do not count."""
        paid = [place for place in self.names if any(sign in "123456789" for sign in row[place])]
        kinds = {self.names[place] for place in paid}
        payment = str(Payment.MIXED) if len(kinds) > 1 else next(iter(kinds), "")
        return [[*row, payment, *([_sum(row, paid, self.decimals)] if self.is_summed else [])]]


def _sum(row: Sequence[str], places: Sequence[int], decimals: Named[int, str]) -> str:
    """What was paid in all; the text of a cell that is no number, so that it is not lost."""
    total = 0.0
    for place in places:
        number = float(parse_numbers([row[place]], decimals[place])[0][0])
        if np.isnan(number):
            return row[place]
        total += number
    return f"{total:.2f}" if places else ""


# A whole basket in one cell


def _open_baskets(table: Table, mapping: Mapping) -> Understood:
    """Lines of the things in a basket; what the receipt cost is said of a lone thing, else of none of them."""
    total = mapping.columns.get(Field.RECEIPT_TOTAL)
    if total is None or Field.PRODUCT in mapping.columns or mapping.amount is not AmountRule.RECEIPT_TOTAL:
        return Understood(table, mapping)
    sample = Sample.of(table.header, table.sample)
    free = set(range(len(table.header))) - set(mapping.columns.values())
    place = max(free, key=lambda other: sample.profiles[other].baskets, default=-1)
    if place < 0 or sample.profiles[place].baskets <= _IS_BASKET:
        return Understood(table, mapping)
    width = len(table.header)
    columns: dict[Field, int] = dict(mapping.columns)
    del columns[Field.RECEIPT_TOTAL]
    columns |= {Field.PRODUCT: width, Field.QUANTITY: width + 1, Field.LINE_TOTAL: width + 2}
    opened = replace(
        mapping,
        columns=columns,
        amount=AmountRule.LINE_TOTAL,
        decimals={Field.QUANTITY: ".", Field.LINE_TOTAL: mapping.decimal_of(Field.RECEIPT_TOTAL)},
        reasons=(*mapping.reasons, Reason.of("basket_in_a_cell", header=table.header[place].strip())),
    )
    return Understood(ShapedTable(table, _BASKET_HEADERS, lambda: _Opener(place, total)), opened)


@dataclass(frozen=True)
class _Opener(Shape):
    """Makes a line of each thing in a receipt's basket."""

    place: int
    total: int

    def __call__(self, row: list[str]) -> list[list[str]]:
        """The lines; an amount that belongs to several things stands on a line of its own, without a name."""
        if is_totals_row(row) or not row[self.place].strip():
            return [[*row, "", "", row[self.total]]]
        sign = "-" if row[self.total].strip().startswith(("-", "(", "−")) else ""
        items = [_item(text) for text in _BETWEEN_ITEMS.split(row[self.place].strip())]
        if len(items) == 1:
            name, count = items[0]
            return [[*row, name, sign + count, row[self.total]]]
        lines = [[*row, name, sign + count, "0"] for name, count in items]
        return [*lines, [*row, "", "0", row[self.total]]]


def _item(text: str) -> tuple[str, str]:
    """The name and the count of "2 x Pan"; a text without a count is one."""
    found = _ITEM.fullmatch(text.strip())
    return (found[2].strip(), found[1].replace(",", ".")) if found else (text.strip(), "1")
