"""Which column is what: guessed from the header's words, the cells' types and sums that must agree."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from colmado_insights.domain import Reason
from colmado_insights.errors import NotSales, UnknownColumns
from colmado_insights.storage.importing import sums
from colmado_insights.storage.importing.cleaning import is_number, parse_numbers, weigh_decimal
from colmado_insights.storage.importing.columns import (
    CATALOG,
    IGNORED,
    SUMMED,
    Profile,
    is_word_of,
    match_header,
    profile_column,
    suit,
)
from colmado_insights.storage.importing.moments import (
    DateGuess,
    DateStyle,
    is_moment,
    parse_moments,
    parse_times,
    weigh_date_style,
)
from colmado_insights.storage.importing.vocabulary import fold_header
from colmado_insights.text import N_, _

HEADER_ROWS = 30
SAMPLE_ROWS = 2_000
_LEAST_SCORE = 0.4
_NAMED = 0.65
"""A score that needs more than a word in common."""

_RECONCILED = 0.8
_ASSUMED = 0.85
"""What each guess without evidence leaves of the confidence."""


class Field(StrEnum):
    """What a column of a sales file can hold."""

    RECEIPT = "receipt"
    MOMENT = "moment"  # date and time together
    DATE = "date"
    TIME = "time"
    PRODUCT = "product"
    SKU = "sku"
    CATEGORY = "category"
    QUANTITY = "quantity"
    UNIT_PRICE = "unit_price"
    LINE_TOTAL = "line_total"  # net, after discount
    GROSS_TOTAL = "gross_total"  # before discount
    RECEIPT_TOTAL = "receipt_total"
    DISCOUNT = "discount"
    TAX = "tax"
    TIP = "tip"
    COST = "cost"
    PAYMENT = "payment"
    CUSTOMER = "customer"
    CONTACT = "contact"
    CASHIER = "cashier"
    STORE = "store"
    REGISTER = "register"
    KIND = "kind"
    STATUS = "status"


class AmountRule(StrEnum):
    """How a line's net amount is had."""

    LINE_TOTAL = "line_total"
    GROSS_LESS_DISCOUNT = "gross_less_discount"  # a missing discount column counts as 0
    PRICE_TIMES_QUANTITY = "price_times_quantity"  # less the discount where there is one; no quantity = 1
    RECEIPT_TOTAL = "receipt_total"  # one row a receipt, or lines without amounts of their own


@dataclass(frozen=True)
class Mapping:
    """What was understood of a table's columns, how sure, and why."""

    columns: dict[Field, int]  # column position
    dates: DateStyle
    decimal: str  # "." or ","
    amount: AmountRule
    confidence: float  # 0 to 1
    reasons: tuple[Reason, ...]
    decimals: dict[Field, str] = field(default_factory=dict)  # of each numeric column
    discount_is_percent: bool = False
    cost_is_per_unit: bool = False

    def decimal_of(self, column: Field) -> str:
        """The decimal sign of one column."""
        return self.decimals.get(column, self.decimal)


NUMERIC_FIELDS = (
    Field.QUANTITY,
    Field.UNIT_PRICE,
    Field.LINE_TOTAL,
    Field.GROSS_TOTAL,
    Field.RECEIPT_TOTAL,
    Field.DISCOUNT,
    Field.TAX,
    Field.TIP,
    Field.COST,
)
AMOUNT_FIELDS = (Field.LINE_TOTAL, Field.GROSS_TOTAL, Field.RECEIPT_TOTAL, Field.UNIT_PRICE)
_MATCHED = tuple(name for name in Field if name is not Field.DATE)
_BARE_NAMES = frozenset({"nombre", "name"})
_WHAT_TO_EXPORT = N_(
    "Exporte el reporte de recibos o de ventas por artículo, el que trae una fila por cada venta "
    "con su número de recibo, fecha y hora (en Loyverse: Informes, Recibos, Exportar)."
)


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Position of the header among the first rows: titles may stand before it."""
    scores = [_score_header(row, rows[place + 1 : place + 4]) for place, row in enumerate(rows[:HEADER_ROWS])]
    return int(np.argmax(scores)) if scores else 0


def _score_header(row: Sequence[str], following: Sequence[Sequence[str]]) -> float:
    """Known words, less typed cells, with a little for distinct texts above typed rows."""
    cells = [cell.strip() for cell in row if cell.strip()]
    typed = sum(map(_is_typed, cells))
    known = sum(any(match_header(cell, name).score > 0.7 for name in (*_MATCHED, IGNORED)) for cell in cells)
    score = known - 2.0 * typed
    if len(set(cells)) >= 3 and not typed:
        score += 0.5
    if any(_is_typed(cell) for other in following for cell in other):
        score += 0.25
    return score


def _is_typed(cell: str) -> bool:
    """True for a number or a date."""
    return bool(cell.strip()) and (is_number(cell) or is_moment(cell))


def guess_mapping(header: Sequence[str], rows: Sequence[Sequence[str]], *, file_name: str = "") -> Mapping:
    """The columns of a table of sales.

    Raises
    ------
    UnknownColumns
        No date, or neither a product nor a receipt nor a time, or no amount can be found.
    NotSales
        The table holds sums (per product, per day), not sales.
    """
    table = _Table.of(header, rows[:SAMPLE_ROWS])
    columns = _assign(table)
    _settle_names(columns, table)
    guess = _settle_dates(columns, table, file_name)
    _refuse_sums(columns, table, guess)
    decimals = _settle_decimals(columns, table)
    draft = _Draft(table, columns, decimals, file_name)
    amount = draft.settle_amount()
    _require(columns, table, file_name, amount)
    return draft.finish(guess, _only(amount))


@dataclass(frozen=True)
class _Table:
    """A header with its sample, column by column."""

    header: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]  # by column
    profiles: tuple[Profile, ...]

    @classmethod
    def of(cls, header: Sequence[str], rows: Sequence[Sequence[str]]) -> _Table:
        """Columns of rows that may be shorter or longer than the header."""
        width = len(header)
        full = [row for row in rows if any(cell.strip() for cell in row)]
        cells = tuple(tuple(row[place] if place < len(row) else "" for row in full) for place in range(width))
        return cls(tuple(header), cells, tuple(map(profile_column, cells)))

    @property
    def count(self) -> int:
        """Rows of the sample."""
        return len(self.cells[0]) if self.cells else 0

    @property
    def language(self) -> str:
        """The language in which more headers are written, or ""."""
        votes = {"en": 0, "es": 0}
        for header in self.header:
            languages = {match_header(header, name).language for name in _MATCHED if is_word_of(header, name)}
            for language in languages if len(languages) == 1 else ():
                votes[language] += 1
        return "" if votes["en"] == votes["es"] else max(votes, key=lambda language: votes[language])

    def score(self, name: Field, place: int) -> float:
        """How well a column fits a field, by words and by cells."""
        header = self.header[place]
        is_other = is_word_of(header, IGNORED) or (name not in NUMERIC_FIELDS and is_word_of(header, SUMMED))
        if is_other and not is_word_of(header, name):
            return 0.0
        return match_header(header, name).score * suit(name, self.profiles[place])

    def is_each_once(self, place: int) -> bool:
        """True for a column whose every value stands in one row only."""
        return self.count > 1 and self.profiles[place].distinct == 1.0

    def has_words(self, name: str) -> int:
        """How many headers are exactly a word of a kind."""
        return sum(is_word_of(header, name) for header in self.header)


def _assign(table: _Table) -> dict[Field, int]:
    """Fields to columns, the best pair first; each column and each field once."""
    pairs = [
        (score, name, place)
        for name in _MATCHED
        for place in range(len(table.header))
        if (score := table.score(name, place)) >= _LEAST_SCORE
    ]
    columns: dict[Field, int] = {}
    for _score, name, place in sorted(pairs, key=lambda pair: (-pair[0], pair[2])):
        if name not in columns and place not in columns.values():
            columns[name] = place
    return columns


def _settle_names(columns: dict[Field, int], table: _Table) -> None:
    """A bare "Nombre" is the receipt's when it holds numbers, the product's beside prices, else the customer's."""
    named = (Field.RECEIPT, Field.PRODUCT, Field.CUSTOMER)
    bare = [
        name for name in named if name in columns and fold_header(table.header[columns[name]]) in _BARE_NAMES
    ]
    if not bare:
        return
    place = columns.pop(bare[0])
    if Field.RECEIPT not in columns and table.profiles[place].digits > 0.8:
        columns[Field.RECEIPT] = place
    elif Field.PRODUCT not in columns and columns.keys() & {Field.QUANTITY, Field.UNIT_PRICE}:
        columns[Field.PRODUCT] = place
    else:
        columns.setdefault(Field.CUSTOMER, place)


# Dates


def _settle_dates(columns: dict[Field, int], table: _Table, file_name: str) -> DateGuess | None:
    """Find the date, alone or with its time; None when there is none."""
    place = columns.pop(Field.MOMENT, None)
    if place is None:
        place = _find_unnamed_date(columns, table)
    if place is None:
        return None
    guess = _weigh_dates(table, place, file_name)
    if not guess.style.has_time and Field.TIME not in columns:
        place, guess = _prefer_timed(table, place, guess, columns, file_name)
    if guess.style.has_time:
        columns.pop(Field.TIME, None)
    columns[Field.MOMENT if guess.style.has_time else Field.DATE] = place
    return guess


def _weigh_dates(table: _Table, place: int, file_name: str) -> DateGuess:
    return weigh_date_style(table.cells[place], header_language=table.language, file_name=file_name)


def _find_unnamed_date(columns: dict[Field, int], table: _Table) -> int | None:
    """The only column of dates under an unknown header."""
    free = [
        place
        for place, cells in enumerate(table.profiles)
        if cells.moments > 0.95 and cells.numbers < 0.5 and place not in columns.values()
    ]
    return free[0] if len(free) == 1 else None


def _prefer_timed(
    table: _Table, place: int, guess: DateGuess, columns: dict[Field, int], file_name: str
) -> tuple[int, DateGuess]:
    """Another date column that also tells the time, where the best named one does not."""
    for other in range(len(table.header)):
        if other == place or other in columns.values() or table.score(Field.MOMENT, other) < 0.7:
            continue
        timed = _weigh_dates(table, other, file_name)
        if timed.style.has_time and table.profiles[other].filled > 0.95:
            return other, timed
    return place, guess


# Reports of sums


def _refuse_sums(columns: dict[Field, int], table: _Table, guess: DateGuess | None) -> None:
    """Say politely that a report per product, day or hour holds no sales."""
    if Field.RECEIPT in columns:
        return
    if Field.MOMENT in columns or Field.TIME in columns:
        if Field.PRODUCT not in columns and _is_hourly(columns, table, guess):
            raise NotSales(
                _("Este archivo es un resumen por hora: no trae las ventas una por una."), _(_WHAT_TO_EXPORT)
            )
        return
    if Field.PRODUCT in columns:
        _refuse_products(columns, table, guess)
        return
    is_of_days = guess is not None and bool(columns.keys() & set(AMOUNT_FIELDS))
    if is_of_days and (table.has_words(SUMMED) or table.is_each_once(columns[Field.DATE])):
        raise NotSales(
            _("Este archivo es un resumen por día: no trae las ventas una por una."), _(_WHAT_TO_EXPORT)
        )


def _refuse_products(columns: dict[Field, int], table: _Table, guess: DateGuess | None) -> None:
    """A list of products, or what each of them sold."""
    if guess is None and table.has_words(CATALOG) >= 2 and not table.has_words(SUMMED):
        raise NotSales(_("Este archivo es una lista de productos, no de ventas."), _(_WHAT_TO_EXPORT))
    has_figures = bool(columns.keys() & {Field.QUANTITY, *AMOUNT_FIELDS})
    is_summary = guess is None and has_figures and table.is_each_once(columns[Field.PRODUCT])
    if is_summary or table.has_words(SUMMED):
        raise NotSales(
            _("Este archivo es un resumen por producto: no dice qué se vendió en cada venta."),
            _(_WHAT_TO_EXPORT),
        )


def _is_hourly(columns: dict[Field, int], table: _Table, guess: DateGuess | None) -> bool:
    """True when every row stands on a full hour."""
    if Field.TIME in columns:
        seconds, bad = parse_times(table.cells[columns[Field.TIME]])
    elif guess is not None:
        seconds, _has_time, bad = parse_moments(table.cells[columns[Field.MOMENT]], guess.style)
    else:
        return False
    return int((~bad).sum()) >= 3 and not (seconds[~bad] % 3600).any()


def _require(columns: dict[Field, int], table: _Table, file_name: str, amount: AmountRule | None) -> None:
    """Stop with one sentence that says what was found and what is missing."""
    missing = []
    if Field.DATE not in columns and Field.MOMENT not in columns:
        missing.append(_("la fecha"))
    if not columns.keys() & {Field.RECEIPT, Field.PRODUCT, Field.MOMENT, Field.TIME, Field.DATE}:
        missing.append(_("el producto o el número de recibo"))
    if amount is None:
        missing.append(_("el monto o el precio"))
    if not missing:
        return
    found = ", ".join(table.header[place].strip() for place in sorted(columns.values()))
    what = (
        _("En «{file}» falta {missing}; solo se reconoció: {found}.")
        if found
        else _("En «{file}» no se reconoce ninguna columna de ventas; falta {missing}.")
    )
    name = os.path.basename(file_name) or _("este archivo")
    raise UnknownColumns(
        what.format(file=name, missing=", ".join(missing), found=found[:300]), _(_WHAT_TO_EXPORT)
    )


# Decimal signs


def _settle_decimals(columns: dict[Field, int], table: _Table) -> dict[Field, str]:
    """The decimal sign of each numeric column: its own evidence, products that agree, the other columns."""
    votes = {
        name: weigh_decimal(_distinct(table.cells[columns[name]]))
        for name in NUMERIC_FIELDS
        if name in columns
    }
    points, commas = (sum(vote[side] for vote in votes.values()) for side in (0, 1))
    decimals = {name: "," if vote[1] > vote[0] else "." for name, vote in votes.items() if vote[0] != vote[1]}
    unsure = {
        name: _assume_decimal(name, table.cells[columns[name]], points, commas)
        for name in votes
        if name not in decimals
    }
    return decimals | _reconcile_decimals(columns, table, decimals, unsure)


def _assume_decimal(name: Field, cells: Iterable[str], points: int, commas: int) -> str:
    """The sign of a column whose values can all be read both ways, such as 1.000."""
    values = [cell.strip() for cell in cells if cell.strip()]
    sign = next((sign for value in values for sign in ".," if sign in value), "")
    other = {".": ",", ",": "."}.get(sign, ".")
    if name is Field.QUANTITY and sign and all(sign in value for value in values):
        return sign  # a till that writes three decimals writes them always
    if points != commas:
        return "," if commas > points else "."
    return other if sign else "."


def _reconcile_decimals(
    columns: dict[Field, int], table: _Table, sure: dict[Field, str], unsure: dict[Field, str]
) -> dict[Field, str]:
    """Among the readings of the unsure columns, the one in which price × quantity gives the total."""
    total = next((name for name in (Field.LINE_TOTAL, Field.GROSS_TOTAL) if name in columns), None)
    product = (Field.QUANTITY, Field.UNIT_PRICE, total)
    if total is None or not all(name in columns for name in product):
        return unsure
    moving = [name for name in product if name in unsure]

    def share(signs: dict[Field, str]) -> float:
        quantity, price, amount = (
            _numbers(table, columns[name], signs[name]) for name in product if name is not None
        )
        return sums.agreement(quantity * price, amount)

    best, best_share = unsure, share(sure | unsure)
    for signs in itertools.product(".,", repeat=len(moving)):
        trial = unsure | {name: sign for name, sign in zip(moving, signs, strict=True) if name is not None}
        if (trial_share := share(sure | trial)) > best_share + 0.1:
            best, best_share = trial, trial_share
    return best


def _numbers(table: _Table, place: int, decimal: str) -> np.ndarray:
    return parse_numbers(table.cells[place], decimal)[0]


def _distinct(cells: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(cells))


# Amounts


def _only(amount: AmountRule | None) -> AmountRule:
    """The rule that `_require` made sure of."""
    assert amount is not None
    return amount


class _Draft:
    """A mapping while its money columns are being told apart by their sums."""

    def __init__(
        self, table: _Table, columns: dict[Field, int], decimals: dict[Field, str], file_name: str
    ) -> None:
        self.table = table
        self.columns = columns
        self.decimals = decimals
        self.reasons: list[Reason] = []
        self.confidence = 1.0
        self.receipts = sums.group_receipts(self._receipt_keys())

    def _receipt_keys(self) -> Sequence[str]:
        """What tells receipts apart: their number, else their moment."""
        for name in (Field.RECEIPT, Field.MOMENT):
            if name in self.columns:
                return self.table.cells[self.columns[name]]
        return [str(place) for place in range(self.table.count)]

    def numbers(self, name: Field) -> np.ndarray | None:
        """The sample of a numeric column, or None where the table has none."""
        if name not in self.columns:
            return None
        return self.numbers_at(self.columns[name], name)

    def numbers_at(self, place: int, name: Field) -> np.ndarray:
        """The sample of a column read with a field's decimal sign."""
        decimal = self.decimals.get(name) or _assume_decimal(
            name, self.table.cells[place], *self._votes(place)
        )
        return _numbers(self.table, place, decimal)

    def _votes(self, place: int) -> tuple[int, int]:
        own = weigh_decimal(_distinct(self.table.cells[place]))
        commas = sum(sign == "," for sign in self.decimals.values())
        return own if own[0] != own[1] else (len(self.decimals) - commas, commas)

    def note(self, code: str, keeps: float = 1.0, **values: object) -> None:
        """Keep a reason, and what it leaves of the confidence."""
        self.reasons.append(Reason.of(code, **values))
        self.confidence *= keeps

    def settle_amount(self) -> AmountRule | None:
        """Tell line totals from receipt totals, counts and gross amounts; the rule, or None."""
        self._settle_totals()
        self._settle_gross()
        self._settle_price()
        if Field.PRODUCT not in self.columns and not self._has_lines():
            return self._rule_of_receipts()
        if Field.LINE_TOTAL in self.columns:
            return AmountRule.LINE_TOTAL
        if Field.GROSS_TOTAL in self.columns:
            return AmountRule.GROSS_LESS_DISCOUNT
        if Field.UNIT_PRICE in self.columns:
            return AmountRule.PRICE_TIMES_QUANTITY
        return AmountRule.RECEIPT_TOTAL if Field.RECEIPT_TOTAL in self.columns else None

    def _has_lines(self) -> bool:
        """True when amounts differ inside receipts, so that rows are lines."""
        lines = self.numbers(Field.LINE_TOTAL)
        return self.receipts.repeat and lines is not None

    def _rule_of_receipts(self) -> AmountRule | None:
        """One row a receipt: whatever total there is, is the receipt's."""
        for name in (Field.RECEIPT_TOTAL, Field.LINE_TOTAL):
            if name in self.columns:
                self.columns[Field.RECEIPT_TOTAL] = self.columns[name]
                if name is Field.LINE_TOTAL:
                    del self.columns[name]
                    self.decimals[Field.RECEIPT_TOTAL] = self.decimals.pop(name, ".")
                return AmountRule.RECEIPT_TOTAL
        return AmountRule.GROSS_LESS_DISCOUNT if Field.GROSS_TOTAL in self.columns else None

    def _settle_totals(self) -> None:
        """Sort the columns named like totals into the line's and the receipt's."""
        places = self._total_places()
        values = {place: self.numbers_at(place, self._field_at(place)) for place in places}
        for name in (Field.LINE_TOTAL, Field.RECEIPT_TOTAL):
            self.columns.pop(name, None)
        counts = [place for place in places if self._is_count(values[place])]
        for place in counts:
            self.note("column_counts_lines", header=self.table.header[place])
        totals = [place for place in places if place not in counts]
        repeated = [place for place in totals if self._is_repeated(values[place])]
        single = [place for place in totals if place not in repeated]
        self._choose(Field.LINE_TOTAL, single, values)
        left = [place for place in totals if place not in self.columns.values()]
        named = [place for place in left if self.table.score(Field.RECEIPT_TOTAL, place) >= _NAMED]
        self._choose(Field.RECEIPT_TOTAL, [place for place in left if place in repeated] or named, values)
        if repeated:
            self.note("receipt_total_repeated", header=self.table.header[repeated[0]])

    def _total_places(self) -> list[int]:
        """Columns named like a line's or a receipt's total that no other field holds."""
        totals = (Field.LINE_TOTAL, Field.RECEIPT_TOTAL)
        taken = {place for name, place in self.columns.items() if name not in totals}
        return [
            place
            for place in range(len(self.table.header))
            if place not in taken and max(self.table.score(name, place) for name in totals) >= _LEAST_SCORE
        ]

    def _field_at(self, place: int) -> Field:
        return next((name for name, taken in self.columns.items() if taken == place), Field.LINE_TOTAL)

    def _is_count(self, values: np.ndarray) -> bool:
        whole = np.nan_to_num(values)
        return bool((whole == np.round(whole)).all()) and sums.counts_rows(
            values, self.numbers(Field.QUANTITY), self.receipts
        )

    def _is_repeated(self, values: np.ndarray) -> bool:
        """True for one value a receipt that is not the line's own price times quantity."""
        if not sums.is_constant_inside(values, self.receipts):
            return False
        quantity, price = self.numbers(Field.QUANTITY), self.numbers(Field.UNIT_PRICE)
        if quantity is None or price is None:
            return True
        return sums.agreement(quantity * price, values) < _RECONCILED

    def _choose(self, name: Field, places: Sequence[int], values: dict[int, np.ndarray]) -> None:
        """Give a field its best column: by its words, then by agreeing with price × quantity."""
        scores = {place: self.table.score(name, place) for place in places}
        fit = {place: score + 0.05 * self._reconciles(values[place]) for place, score in scores.items()}
        good = [place for place in places if scores[place] >= _LEAST_SCORE]
        if not good:
            return
        place = max(good, key=lambda other: fit[other])
        self.columns[name] = place
        self.decimals.setdefault(name, _assume_decimal(name, self.table.cells[place], *self._votes(place)))

    def _reconciles(self, values: np.ndarray) -> float:
        """Share of rows in which price × quantity gives these values, as it is, less discount or with tax."""
        quantity, price = self.numbers(Field.QUANTITY), self.numbers(Field.UNIT_PRICE)
        if quantity is None or price is None:
            return 0.0
        product = np.abs(quantity * price)
        discount = np.nan_to_num(np.abs(self._discounts(product)))
        tax = np.nan_to_num(self.numbers(Field.TAX)) if Field.TAX in self.columns else 0.0
        readings = (product, product - discount, product - discount + tax)
        return max(sums.agreement(reading, values) for reading in readings)

    def _discounts(self, gross: np.ndarray) -> np.ndarray:
        """The discount of each row in money; 0 without a column of it."""
        discount = self.numbers(Field.DISCOUNT)
        if discount is None:
            return np.zeros(self.table.count)
        return gross * discount / 100 if self.discount_is_percent else discount

    @property
    def discount_is_percent(self) -> bool:
        """True when the discount's header or cells say %."""
        place = self.columns.get(Field.DISCOUNT)
        if place is None:
            return False
        header = self.table.header[place].casefold()
        cells = [cell for cell in self.table.cells[place] if cell.strip()]
        return "%" in header or "porcentaje" in header or any("%" in cell for cell in cells[:200])

    def _settle_gross(self) -> None:
        """An amount that still holds the discount on the rows that have one is gross."""
        quantity, price = self.numbers(Field.QUANTITY), self.numbers(Field.UNIT_PRICE)
        line = self.numbers(Field.LINE_TOTAL)
        if quantity is None or price is None or line is None or Field.DISCOUNT not in self.columns:
            return
        product = np.abs(quantity * price)
        discount = np.nan_to_num(np.abs(self._discounts(product)))
        rows = discount > 0
        before = sums.agreement(product[rows], line[rows])
        after = sums.agreement((product - discount)[rows], line[rows])
        if before > _RECONCILED and before > after:
            place = self.columns.pop(Field.LINE_TOTAL)
            self.columns[Field.GROSS_TOTAL] = place
            self.decimals[Field.GROSS_TOTAL] = self.decimals.pop(Field.LINE_TOTAL, ".")
            self.note("amount_before_discount", header=self.table.header[place])

    def _settle_price(self) -> None:
        """In home-made sheets "Precio" may be the line's total: then it grows with the quantity."""
        if Field.LINE_TOTAL in self.columns or Field.GROSS_TOTAL in self.columns:
            return
        quantity, price = self.numbers(Field.QUANTITY), self.numbers(Field.UNIT_PRICE)
        place = self.columns.get(Field.PRODUCT)
        if quantity is None or price is None or place is None:
            return
        if sums.grows_with_quantity(price, quantity, self.table.cells[place]):
            self.columns[Field.LINE_TOTAL] = self.columns.pop(Field.UNIT_PRICE)
            self.decimals[Field.LINE_TOTAL] = self.decimals.pop(Field.UNIT_PRICE, ".")
            self.note("price_is_line_total", 0.9)

    def _cost_is_per_unit(self) -> bool:
        """True when the cost is a unit's and not the line's."""
        place = self.columns.get(Field.COST)
        if place is None:
            return False
        header = fold_header(self.table.header[place])
        if any(word in header for word in ("unit", "precio", "price", "per item", "pcosto", "product")):
            return True
        if any(word in header for word in ("total", "bienes", "goods", "cogs")):
            return False
        cost, quantity = self.numbers(Field.COST), self.numbers(Field.QUANTITY)
        product = self.columns.get(Field.PRODUCT)
        if cost is None or quantity is None or product is None:
            return False
        return not sums.grows_with_quantity(cost, quantity, self.table.cells[product])

    def finish(self, guess: DateGuess | None, amount: AmountRule) -> Mapping:
        """The frozen mapping with its reasons and confidence."""
        assert guess is not None
        if guess.is_assumed and guess.style.order in ("dmy", "mdy"):
            self.note("date_order_assumed", _ASSUMED, order=guess.style.order)
        if Field.RECEIPT not in self.columns:
            self.note("no_receipt_number", _ASSUMED)
        if Field.DATE in self.columns and Field.TIME not in self.columns:
            self.note("no_time_of_day")
        self._note_reconciling()
        self._weigh_words()
        commas = sum(sign == "," for sign in self.decimals.values())
        return Mapping(
            columns={name: self.columns[name] for name in Field if name in self.columns},
            dates=guess.style,
            decimal="," if commas * 2 > len(self.decimals) else ".",
            amount=amount,
            confidence=round(self.confidence, 3),
            reasons=tuple(self.reasons),
            decimals={name: sign for name, sign in self.decimals.items() if name in self.columns},
            discount_is_percent=self.discount_is_percent,
            cost_is_per_unit=self._cost_is_per_unit(),
        )

    def _note_reconciling(self) -> None:
        """Say in how many rows price × quantity gives the line's amount."""
        if Field.UNIT_PRICE not in self.columns or Field.QUANTITY not in self.columns:
            return
        for name in (Field.LINE_TOTAL, Field.GROSS_TOTAL):
            values = self.numbers(name)
            if values is not None:
                share = self._reconciles(values)
                self.note("amount_reconciles", 1.0 if share >= _RECONCILED else 0.8, share=round(share, 3))

    def _weigh_words(self) -> None:
        """The least sure of the columns that make a sale weighs on the whole."""
        vital = (Field.RECEIPT, Field.PRODUCT, Field.QUANTITY, *AMOUNT_FIELDS)
        words = [
            match_header(self.table.header[self.columns[name]], name).score
            for name in vital
            if name in self.columns
        ]
        self.confidence *= min(1.0, min(words, default=0.5) + 0.1)
