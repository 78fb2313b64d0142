"""Which column is what: guessed from the header's words, the cells' types and sums that must agree."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import numpy as np

from colmado_insights.errors import NotSales, UnknownColumns
from colmado_insights.storage.importing.amounts import LEAST_SCORE, Draft, settle_decimals
from colmado_insights.storage.importing.cleaning import is_number
from colmado_insights.storage.importing.columns import CATALOG, IGNORED, SUMMED, match_header
from colmado_insights.storage.importing.fields import (
    AMOUNT_FIELDS,
    MATCHED_FIELDS,
    NUMERIC_FIELDS,
    AmountRule,
    Field,
    Mapping,
)
from colmado_insights.storage.importing.moments import (
    DateGuess,
    is_moment,
    parse_moments,
    parse_times,
    weigh_date_style,
)
from colmado_insights.storage.importing.sample import Sample
from colmado_insights.storage.importing.vocabulary import fold_header
from colmado_insights.text import N_, _

__all__ = ["NUMERIC_FIELDS", "AmountRule", "Field", "Mapping", "find_header", "fold_header", "guess_mapping"]

HEADER_ROWS = 30
SAMPLE_ROWS = 2_000
_BARE_NAMES = frozenset({"nombre", "name"})
_WHAT_TO_EXPORT = N_(
    "Exporta el reporte de recibos o de ventas por artículo, el que trae una fila por cada venta "
    "con su número de recibo, fecha y hora (en Loyverse: Informes, Recibos, Exportar)."
)


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Position of the header among the first rows: titles may stand before it."""
    return _best_header(rows)[0]


def best_score(rows: Sequence[Sequence[str]]) -> float:
    """How much the best header among some rows looks like one of sales."""
    return _best_header(rows)[1]


def _best_header(rows: Sequence[Sequence[str]]) -> tuple[int, float]:
    best, highest = 0, -np.inf
    for place in _header_places(rows):
        score = _score_header(rows[place], rows[place + 1 : place + 4], at_least=highest)
        if score > highest:
            best, highest = place, score
    return best, highest


def _header_places(rows: Sequence[Sequence[str]]) -> Iterator[int]:
    """The first rows, and those that begin another table further down: after a blank row or under its title."""
    was_blank = 0
    for place, row in enumerate(rows[:SAMPLE_ROWS]):
        filled = sum(bool(cell.strip()) for cell in row)
        if place < HEADER_ROWS or (was_blank and filled > 1):
            yield place
        was_blank = 1 if not filled else was_blank if filled == 1 else 0


def find_other_table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> str:
    """The name of the table that begins at the first of these rows, or "" when none other than `header`'s does.

    A table has a row of at least two known words and no numbers, perhaps under its title.
    """
    title = ""
    for place, row in enumerate(rows[:3]):
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) > 1:
            same = [fold_header(cell) for cell in row] == [fold_header(cell) for cell in header]
            is_header = not any(map(_is_typed, cells)) and _known_words(cells) >= 2
            return "" if same or not is_header or place + 1 >= len(rows) else title or ", ".join(cells[:4])
        title = cells[0].strip("=*-# ") if cells else title
    return ""


def _score_header(row: Sequence[str], following: Sequence[Sequence[str]], at_least: float) -> float:
    """Known words, less typed cells, with a little for distinct texts above typed rows.

    Rows that could not score more than `at_least` even if all their words were known are not weighed.
    """
    cells = [cell.strip() for cell in row if cell.strip()]
    typed = sum(map(_is_typed, cells))
    if len(cells) - 3.0 * typed + 0.75 <= at_least:
        return -np.inf
    score = _known_words(cells) - 2.0 * typed
    if len(set(cells)) >= 3 and not typed:
        score += 0.5
    if any(_is_typed(cell) for other in following for cell in other):
        score += 0.25
    return score


def _known_words(cells: Sequence[str]) -> int:
    """How many cells are words that tills write above columns."""
    return sum(
        any(match_header(cell, name).score > 0.7 for name in (*MATCHED_FIELDS, IGNORED)) for cell in cells
    )


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
    table = Sample.of(header, rows[:SAMPLE_ROWS])
    columns = assign_columns(table)
    _settle_names(columns, table)
    guess = _settle_dates(columns, table, file_name)
    _refuse_sums(columns, table, guess)
    draft = Draft(table, columns, settle_decimals(columns, table))
    amount = draft.settle_amount()
    if guess is None or amount is None:
        raise _name_missing(columns, table, file_name, amount)
    return draft.finish(guess, amount)


def assign_columns(table: Sample) -> dict[Field, int]:
    """Fields to columns, the best pair first; each column and each field once."""
    pairs = [
        (score, name, place)
        for name in MATCHED_FIELDS
        for place in range(len(table.header))
        if (score := table.score(name, place)) >= LEAST_SCORE
    ]
    columns: dict[Field, int] = {}
    for _score, name, place in sorted(pairs, key=lambda pair: (-pair[0], pair[2])):
        if name not in columns and place not in columns.values():
            columns[name] = place
    return columns


def _settle_names(columns: dict[Field, int], table: Sample) -> None:
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


def _settle_dates(columns: dict[Field, int], table: Sample, file_name: str) -> DateGuess | None:
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


def _weigh_dates(table: Sample, place: int, file_name: str) -> DateGuess:
    return weigh_date_style(table.cells[place], header_language=table.language, file_name=file_name)


def _find_unnamed_date(columns: dict[Field, int], table: Sample) -> int | None:
    """The only column of dates under an unknown header."""
    free = [
        place
        for place, cells in enumerate(table.profiles)
        if cells.moments > 0.95 and cells.numbers < 0.5 and place not in columns.values()
    ]
    return free[0] if len(free) == 1 else None


def _prefer_timed(
    table: Sample, place: int, guess: DateGuess, columns: dict[Field, int], file_name: str
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


def _refuse_sums(columns: dict[Field, int], table: Sample, guess: DateGuess | None) -> None:
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


def _refuse_products(columns: dict[Field, int], table: Sample, guess: DateGuess | None) -> None:
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


def _is_hourly(columns: dict[Field, int], table: Sample, guess: DateGuess | None) -> bool:
    """True when every row stands on a full hour."""
    if Field.TIME in columns:
        seconds, bad = parse_times(table.cells[columns[Field.TIME]])
    elif guess is not None:
        seconds, _has_time, bad = parse_moments(table.cells[columns[Field.MOMENT]], guess.style)
    else:
        return False
    return int((~bad).sum()) >= 3 and not (seconds[~bad] % 3600).any()


def _name_missing(
    columns: dict[Field, int], table: Sample, file_name: str, amount: AmountRule | None
) -> UnknownColumns:
    """One sentence that says what was found and what is missing."""
    missing = []
    if not columns.keys() & {Field.DATE, Field.MOMENT}:
        missing.append(_("la fecha"))
    if not columns.keys() & {Field.RECEIPT, Field.PRODUCT}:
        missing.append(_("el producto o el número de recibo"))
    if amount is None:
        missing.append(_("el monto o el precio"))
    found = ", ".join(table.header[place].strip() for place in sorted(columns.values()))
    what = (
        _("En «{file}» falta {missing}; solo se reconoció: {found}.")
        if found
        else _("En «{file}» no se reconoce ninguna columna de ventas; falta {missing}.")
    )
    name = os.path.basename(file_name) or _("este archivo")
    return UnknownColumns(
        what.format(file=name, missing=", ".join(missing), found=found[:300]), _(_WHAT_TO_EXPORT)
    )
