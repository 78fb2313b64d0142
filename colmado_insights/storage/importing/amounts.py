"""Which of a table's money columns are the line's, the receipt's or none, told by sums that must agree."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from colmado_insights.domain import Reason
from colmado_insights.storage.importing import sums
from colmado_insights.storage.importing.columns import match_header
from colmado_insights.storage.importing.fields import (
    AMOUNT_FIELDS,
    NUMERIC_FIELDS,
    AmountRule,
    Field,
    Mapping,
)
from colmado_insights.storage.importing.moments import DateGuess
from colmado_insights.storage.importing.sample import Sample
from colmado_insights.storage.importing.vocabulary import fold_header

LEAST_SCORE = 0.4
"""A column fits a field from this score on."""

_NAMED = 0.65
"""A score that needs more than a word in common."""

_RECONCILED = 0.8
_ASSUMED = 0.85
"""What each guess without evidence leaves of the confidence."""


def settle_decimals(columns: dict[Field, int], table: Sample) -> dict[Field, str]:
    """The decimal sign of each numeric column: its own evidence, products that agree, the other columns."""
    votes = {name: table.decimal_votes(columns[name]) for name in NUMERIC_FIELDS if name in columns}
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
    columns: dict[Field, int], table: Sample, sure: dict[Field, str], unsure: dict[Field, str]
) -> dict[Field, str]:
    """Among the readings of the unsure columns, the one in which price × quantity gives the total."""
    total = next((name for name in (Field.LINE_TOTAL, Field.GROSS_TOTAL) if name in columns), None)
    product = (Field.QUANTITY, Field.UNIT_PRICE, total)
    if total is None or not all(name in columns for name in product):
        return unsure
    moving = [name for name in product if name in unsure]

    def share(signs: dict[Field, str]) -> float:
        quantity, price, amount = (
            table.numbers(columns[name], signs[name]) for name in product if name is not None
        )
        return sums.agreement(quantity * price, amount)

    best, best_share = unsure, share(sure | unsure)
    for signs in itertools.product(".,", repeat=len(moving)):
        trial = unsure | {name: sign for name, sign in zip(moving, signs, strict=True) if name is not None}
        if (trial_share := share(sure | trial)) > best_share + 0.1:
            best, best_share = trial, trial_share
    return best


class Draft:
    """A mapping while its money columns are being told apart by their sums."""

    def __init__(self, table: Sample, columns: dict[Field, int], decimals: dict[Field, str]) -> None:
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
        return self.table.numbers(place, decimal)

    def _votes(self, place: int) -> tuple[int, int]:
        own = self.table.decimal_votes(place)
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
            if place not in taken and max(self.table.score(name, place) for name in totals) >= LEAST_SCORE
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
        good = [place for place in places if scores[place] >= LEAST_SCORE]
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
        tax = self.numbers(Field.TAX)
        with_tax = product - discount + (0.0 if tax is None else np.nan_to_num(tax))
        readings = (product, product - discount, with_tax)
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

    def finish(self, guess: DateGuess, amount: AmountRule) -> Mapping:
        """The frozen mapping with its reasons and confidence."""
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
