"""What a cell means: money, quantities, codes, payments, returns and voids.

The array functions take the *distinct* values of a column (callers factorise first) and
never raise on a text: what cannot be read is marked bad.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from colmado_insights.domain import Payment, SaleKind
from colmado_insights.storage.importing.moments import (
    DateGuess,
    DateStyle,
    guess_date_style,
    parse_moments,
    parse_times,
    weigh_date_style,
)
from colmado_insights.storage.importing.vocabulary import fold, value_words

__all__ = [
    "DateGuess",
    "DateStyle",
    "clean_code",
    "clean_text",
    "guess_date_style",
    "guess_decimal",
    "is_damaged_code",
    "is_number",
    "is_totals_row",
    "is_voided",
    "kind_of",
    "parse_moments",
    "parse_numbers",
    "parse_times",
    "payment_of",
    "to_cents",
    "to_milli",
    "weigh_date_style",
    "weigh_decimal",
]

Texts = Sequence[str] | np.ndarray

LARGEST_NUMBER = 1e12
"""More is no money and no quantity, but a barcode in the wrong column."""

_LONGEST_NUMBER = 40
_MONEY_SIGNS = re.compile(r"rd\s*\$|us\s*\$|dop|[$₱€£%'’`\s\u00a0\u2007\u202f]", re.IGNORECASE)
_MINUS_SIGNS = re.compile(r"[\u2010-\u2015\u2212]")
_SHAPE = re.compile(r"\d+(?:[.,]\d+)*[.,]?|[.,]\d+")
_EXPONENT = re.compile(r"(\d+(?:[.,]\d+)?)e([+-]?\d{1,2})", re.IGNORECASE)
_DASHES = frozenset({"-", "--", "---"})
_DAMAGED_CODE = re.compile(r"\d(?:[.,]\d+)?e\+\d{1,3}", re.IGNORECASE)
_TOTALS = re.compile(
    r"(?:gran |grand )?(?:sub ?)?total(?:es|s)?(?: general(?:es)?)?\b|suma\b|sum\b|summary\b|records? found\b|resumen\b"
)
_PART = re.compile(r"[,+;/&]|\by\b|\band\b")


# Numbers


def weigh_decimal(values: Texts) -> tuple[int, int]:
    """How many values can only be read with a decimal point, and how many only with a comma."""
    points = commas = 0
    for value in values:
        sign = _decimal_of(_bare(str(value)))
        points += sign == "."
        commas += sign == ","
    return points, commas


def guess_decimal(values: Texts) -> str:
    """The decimal sign of a column, "." or ","; "." when nothing tells."""
    points, commas = weigh_decimal(values)
    return "," if commas > points else "."


def parse_numbers(values: Texts, decimal: str) -> tuple[np.ndarray, np.ndarray]:
    """Numbers (float64, NaN where bad) and bad of each text; an empty text is bad, a lone dash is 0.

    A value that can be read in one way only (1.234,50; 12.5) is read so whatever `decimal` says.
    """
    texts = np.array([str(value) for value in values], dtype=object)
    numbers = _parse_plain(texts, decimal)
    for place in np.flatnonzero(np.isnan(numbers)):
        numbers[place] = _parse_number(texts[place], decimal)
    bad = ~(np.abs(numbers) <= LARGEST_NUMBER)
    numbers[bad] = np.nan
    return numbers, bad


def is_number(text: str) -> bool:
    """True for a text that is a number in one writing or another."""
    return abs(_parse_number(text, ".")) <= LARGEST_NUMBER or abs(_parse_number(text, ",")) <= LARGEST_NUMBER


def _parse_plain(texts: np.ndarray, decimal: str) -> np.ndarray:
    """The values that are plain digits with the decimal sign, at once; NaN for all others."""
    series = pd.Series(texts, dtype=object)
    if decimal == ",":
        series = series.where(~series.str.contains(".", regex=False), "")
        series = series.str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan).copy()
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def _parse_number(text: str, decimal: str) -> float:
    """One text with signs of money, grouping or brackets; NaN when it is no number."""
    body = text.strip().strip("=\"'")
    if len(body) > _LONGEST_NUMBER:
        return np.nan
    body = _MINUS_SIGNS.sub("-", _bare(body))
    if body in _DASHES:
        return 0.0
    body, is_negative = _take_sign(body)
    if found := _EXPONENT.fullmatch(body):
        return float(found[1].replace(",", ".") + "e" + found[2]) * (-1 if is_negative else 1)
    if not _SHAPE.fullmatch(body) or not body.isascii():
        return np.nan
    number = _read_digits(body, _decimal_of(body) or decimal)
    return -number if is_negative else number


def _bare(text: str) -> str:
    """Without signs of money, spaces and thousands apostrophes."""
    return _MONEY_SIGNS.sub("", text[: _LONGEST_NUMBER * 2])


def _take_sign(body: str) -> tuple[str, bool]:
    """Take off (1.00), -1.00, 1.00- and +1.00: the digits and whether they are negative."""
    if body.startswith("(") and body.endswith(")"):
        return body[1:-1].lstrip("-"), True
    if body.startswith("-"):
        return body[1:], True
    if body.endswith("-"):
        return body[:-1], True
    return body.removeprefix("+"), False


def _decimal_of(body: str) -> str:
    """The decimal sign that a value's shape proves, or "" when both readings are possible."""
    body = body.strip("()+-−")
    if not _SHAPE.fullmatch(body):
        return ""
    points, commas = body.count("."), body.count(",")
    if points and commas:
        return "." if body.rfind(".") > body.rfind(",") else ","
    if points + commas == 0:
        return ""
    sign, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other
    whole, _sign, part = body.partition(sign)
    can_be_grouping = len(part) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return "" if can_be_grouping else sign


def _read_digits(body: str, decimal: str) -> float:
    """The number, or NaN when the groups are not of three."""
    grouping = "," if decimal == "." else "."
    whole, _sign, part = body.partition(decimal)
    if grouping in part or decimal in part:
        return np.nan
    groups = whole.split(grouping)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        return np.nan
    digits = "".join(groups)
    return float(f"{digits or '0'}.{part or '0'}")


def to_cents(numbers: np.ndarray) -> np.ndarray:
    """Pesos to int64 cents, half away from zero; NaN becomes 0."""
    return _to_whole(numbers, 100)


def to_milli(numbers: np.ndarray) -> np.ndarray:
    """Units to int64 thousandths, half away from zero; NaN becomes 0."""
    return _to_whole(numbers, 1000)


def _to_whole(numbers: np.ndarray, scale: int) -> np.ndarray:
    scaled = np.abs(np.nan_to_num(np.asarray(numbers, dtype=np.float64))) * scale
    # 1.005 is stored as 1.00499999999999989: the nudge brings decimal halves back over the edge.
    whole = np.floor(scaled + 0.5 + 1e-7 + scaled * 2.0**-50)
    limited = np.minimum(whole, LARGEST_NUMBER * scale).astype(np.int64)
    signed: np.ndarray = np.where(np.asarray(numbers) < 0, -limited, limited)
    return signed


# Words


@functools.lru_cache(maxsize=4096)
def payment_of(value: str) -> Payment:
    """How a receipt was paid, from the shop's own words."""
    text = _words(value)
    if whole := value_words("payments").get(text):
        return Payment(whole)
    parts = [part.strip() for part in _PART.split(fold(value)[:200]) if part.strip()]
    if len(parts) > 1:
        kinds = {_payment_inside(_words(part)) for part in parts} - {Payment.UNKNOWN}
        return Payment.MIXED if len(kinds) > 1 else next(iter(kinds), Payment.UNKNOWN)
    return _payment_inside(text)


def _payment_inside(text: str) -> Payment:
    """The payment of the longest known words that stand in `text`."""
    words = value_words("payments")
    if whole := words.get(text):
        return Payment(whole)
    known = [word for word in words if len(word) > 2 and f" {word} " in f" {text} "]
    return Payment(words[max(known, key=len)]) if known else Payment.UNKNOWN


@functools.lru_cache(maxsize=4096)
def kind_of(value: str) -> SaleKind | None:
    """Sale or refund, or None when the word says neither."""
    text = _words(value)
    words = value_words("kinds")
    found = words.get(text)
    if found is None:
        known = [word for word in words if len(word) > 3 and f" {word} " in f" {text} "]
        found = words[max(known, key=len)] if known else None
    return SaleKind[found.upper()] if found else None


@functools.lru_cache(maxsize=4096)
def is_voided(status_value: str) -> bool:
    """True for a cancelled or voided receipt, whose amounts do not count."""
    text = _words(status_value)
    words = value_words("statuses")
    if text.startswith("no "):
        return False
    return text in words or any(len(word) > 3 and word != "true" and word in text.split() for word in words)


def _words(value: str) -> str:
    """Folded words of a cell, without dots, dashes and underscores; long texts are cut."""
    return " ".join(re.sub(r"[._\-:()]+", " ", fold(value[:200])).split())


# Names, codes and rows

_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""Signs that one cannot see and that turn what follows: terminal codes, right to left, no width."""


def clean_text(value: str) -> str:
    """A name as people read it: composed letters, no marks, no odd or double spaces."""
    plain = unicodedata.normalize("NFC", value if value.isprintable() else _UNSEEN.sub("", value))
    return " ".join(plain.split())


def clean_code(value: str) -> str:
    """A code without Excel's wrapping: '0012 and ="00123" become 0012 and 00123."""
    text = clean_text(value)
    if text.startswith("="):
        text = text[1:]
    return text.strip("\"'’").strip()


def is_damaged_code(value: str) -> bool:
    """True for a barcode that Excel turned into 7.46E+12: it must not be used as a key."""
    return _DAMAGED_CODE.fullmatch(clean_code(value)) is not None


def is_totals_row(cells: Sequence[str]) -> bool:
    """True when a row's first filled cell says total, summary, records found."""
    first = next((cell for cell in cells if cell.strip()), "")
    return _TOTALS.match(fold(first[:80]).strip("*=- ")) is not None
