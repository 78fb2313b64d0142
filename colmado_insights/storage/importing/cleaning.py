"""What a cell means: money, quantities, dates, times, payments, returns and voids.

The array functions take the *distinct* values of a column (callers factorise first) and
never raise on a text: what cannot be read is marked bad.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from colmado_insights.domain import Payment, SaleKind

Texts = Sequence[str] | np.ndarray


@dataclass(frozen=True, slots=True)
class DateStyle:
    """The order of a date's parts, and whether the column's times of day may be believed."""

    order: str  # "ymd", "dmy", "mdy" or "excel"
    has_time: bool


def guess_date_style(values: Texts, *, header_language: str = "", file_name: str = "") -> DateStyle:
    """The style in which a column's dates are written; `values` in file order."""
    raise NotImplementedError


def parse_moments(values: Texts, style: DateStyle) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Wall-clock seconds (int64), has_time and bad of each text; an empty text is bad."""
    raise NotImplementedError


def parse_times(values: Texts) -> tuple[np.ndarray, np.ndarray]:
    """Seconds since midnight (int64) and bad of each time of day that stands in a column of its own."""
    raise NotImplementedError


def guess_decimal(values: Texts) -> str:
    """The decimal sign of a column, "." or ","; "." when nothing tells."""
    raise NotImplementedError


def parse_numbers(values: Texts, decimal: str) -> tuple[np.ndarray, np.ndarray]:
    """Numbers (float64, NaN where bad) and bad of each text; an empty text is bad, a lone dash is 0."""
    raise NotImplementedError


def to_cents(numbers: np.ndarray) -> np.ndarray:
    """Pesos to int64 cents, half away from zero; NaN becomes 0."""
    raise NotImplementedError


def to_milli(numbers: np.ndarray) -> np.ndarray:
    """Units to int64 thousandths, half away from zero; NaN becomes 0."""
    raise NotImplementedError


def payment_of(value: str) -> Payment:
    """How a receipt was paid, from the shop's own words."""
    raise NotImplementedError


def kind_of(value: str) -> SaleKind | None:
    """Sale or refund, or None when the word says neither."""
    raise NotImplementedError


def is_voided(status_value: str) -> bool:
    """True for a cancelled or voided receipt, whose amounts do not count."""
    raise NotImplementedError


def clean_text(value: str) -> str:
    """A name as people read it: no marks, no odd or double spaces."""
    raise NotImplementedError


def clean_code(value: str) -> str:
    """A code without Excel's wrapping: '0012 and ="00123" become 0012 and 00123."""
    raise NotImplementedError


def is_damaged_code(value: str) -> bool:
    """True for a barcode that Excel turned into 7.46E+12: it must not be used as a key."""
    raise NotImplementedError


def is_totals_row(cells: Sequence[str]) -> bool:
    """True when a row's first filled cell says total, summary, records found."""
    raise NotImplementedError
