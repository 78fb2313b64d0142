"""What can be said about rows that wait: the fixes that a reason allows, and how a cell would be read then."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from colmado_insights import text
from colmado_insights.text import N_, _

DATE_ORDERS = {"dmy": N_("día/mes/año"), "mdy": N_("mes/día/año"), "ymd": N_("año/mes/día")}
_DATE = re.compile(r"(\d{1,4})[/.\- ](\d{1,2})[/.\- ](\d{1,4})")
_NUMBER = re.compile(r"\d[\d.,]*")
_STYLES = {
    ".": re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,4}))?"),
    ",": re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,4}))?"),
}


@dataclass(frozen=True)
class Fix:
    """One way to read the rows of a reason; a `typed` one asks for the value first."""

    words: str  # marked with N_
    name: str  # what `retry_quarantine` calls it
    value: str = ""

    @property
    def is_typed(self) -> bool:
        """True when the value is the user's to write."""
        return not self.value

    def values(self, typed: str) -> Mapping[str, str]:
        """The fix as the shop takes it."""
        return {self.name: self.value or typed}


_DATES = (*(Fix(words, "date_order", order) for order, words in DATE_ORDERS.items()),
          Fix(N_("Un día…"), "date"))  # fmt: skip
_AMOUNTS = (
    Fix("1,234.50", "decimal", "."),
    Fix("1.234,50", "decimal", ","),
    Fix(N_("Un monto…"), "amount"),
)
FIXES: dict[str, tuple[Fix, ...]] = {
    "no_date": _DATES[-1:],
    "bad_date": _DATES,
    "no_amount": _AMOUNTS[-1:],
    "bad_amount": _AMOUNTS,
    "bad_quantity": (Fix(N_("Se cuenta 1 de cada producto"), "quantity", "1"),),
    "too_many_cells": (Fix(N_("Lo que sobra es parte del nombre del producto"), "join", "product"),),
}
"""To add one: the reason's code and its fixes, the likeliest first."""

ASKED: dict[str, str] = {
    "date": N_("¿Cómo están escritas las fechas?"),
    "amount": N_("¿Cómo están escritos los montos?"),
    "quantity": N_("¿Qué se hace con la cantidad?"),
    "cells": N_("¿Por qué sobran celdas?"),
}


def question_of(code: str) -> str:
    """What the fixes of a reason answer."""
    return _(ASKED.get(code.rsplit("_", 1)[-1], N_("¿Qué se hace con ellas?")))


def is_good(fix: Fix, typed: str) -> bool:
    """Whether a typed value can be one."""
    if not fix.is_typed:
        return True
    if fix.name == "date":
        try:
            date.fromisoformat(typed.strip())
        except ValueError:
            return False
        return True
    return re.fullmatch(r"\d{1,9}(\.\d{1,2})?", typed.strip()) is not None


def reading_of(fix: Fix, cell: str, typed: str = "") -> str:
    """What a cell means after a fix, in words; empty when it still means nothing."""
    if fix.name == "date_order":
        day = _read_date(cell, fix.value)
        return text.long_date(day) if day else ""
    if fix.name == "decimal":
        cents = _read_cents(cell, fix.value)
        return "" if cents is None else text.money_exact(cents)
    if not is_good(fix, typed):
        return ""
    if fix.name == "date":
        return text.long_date(date.fromisoformat(typed.strip()))
    if fix.name == "amount":
        return text.money_exact(round(float(typed) * 100))
    return _("1 unidad") if fix.name == "quantity" else ""


def piece_of(fix: Fix, cell: str) -> str:
    """The part of a cell, or of a row, that a fix reads."""
    found = _DATE.search(cell) if fix.name == "date_order" else None
    return found.group() if found else cell


def likeliest(fixes: Sequence[Fix], cells: Sequence[str]) -> int:
    """The place of the fix that makes sense of most cells; the last one, a value to write, when none does."""
    if not fixes or not cells:
        return 0
    counts = [sum(bool(reading_of(fix, cell)) for cell in cells) for fix in fixes]
    return counts.index(max(counts)) if any(counts) else len(fixes) - 1


def _read_date(cell: str, order: str) -> date | None:
    found = _DATE.search(cell)
    if not found:
        return None
    parts = dict(zip(order, map(int, found.groups()), strict=True))
    year = parts["y"] + 2000 if parts["y"] < 100 else parts["y"]
    try:
        return date(year, parts["m"], parts["d"])
    except ValueError:
        return None


def _read_cents(cell: str, decimal: str) -> int | None:
    found = _NUMBER.search(cell)
    if not found:
        return None
    parts = _STYLES[decimal].fullmatch(found.group())
    if not parts:
        return None
    return round(float(f"{re.sub(r'[.,]', '', parts[1])}.{parts[2] or 0}") * 100)
