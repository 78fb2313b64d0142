"""One column at a time: which words its header matches and which kinds of cells it holds."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from colmado_insights.domain import Payment
from colmado_insights.storage.importing.cleaning import (
    guess_decimal,
    is_voided,
    kind_of,
    parse_numbers,
    parse_times,
    payment_of,
    to_cents,
)
from colmado_insights.storage.importing.fields import NUMERIC_FIELDS, Field
from colmado_insights.storage.importing.moments import is_moment
from colmado_insights.storage.importing.vocabulary import fold, fold_header, header_words

IGNORED = "ignored"
SUMMED = "summed"
CATALOG = "catalog"

_PREFIX = 0.8
_OVERLAP = 0.55
_FUZZY = 0.7
_FUZZY_RATIO = 87
_RANK_LOSS = 0.1
"""The last synonym of a list is a little less telling than the first."""

_EXACT = 0.84  # less than any exact match, more than any other

_SMALL_WORDS = frozenset({"de", "del", "la", "el", "los", "las", "of", "the", "en", "a"})
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_BASKET = re.compile(r"\s*\d+(?:[.,]\d+)?\s*[x×]\s*\S", re.IGNORECASE)
_LONGEST_HEADER = 80


@dataclass(frozen=True, slots=True)
class Match:
    """How well a header fits one kind of column, 0 to 1, and the language of the word it fits."""

    score: float
    language: str = ""


@functools.lru_cache(maxsize=4096)
def match_header(header: str, name: str) -> Match:
    """The best fit of a header with the synonyms of one kind: exact, then prefix, overlap, likeness."""
    best = Match(0.0)
    for variant, share in _variants(header):
        found = _match(variant, name)
        if found.score * share > best.score:
            best = Match(found.score * share, found.language)
    return best


def _variants(header: str) -> list[tuple[str, float]]:
    """A header whole, without what stands in brackets, and the end of its path (Order lines/Product)."""
    text = header[:_LONGEST_HEADER]
    variants = [(fold_header(text), 1.0), (fold_header(_BRACKETS.sub(" ", text)), 0.98)]
    path = fold_header(text).split("/")
    if len(path) > 1 and len(path[0]) > 3 and not path[0].startswith("payment"):
        variants.append((path[-1].strip(), 0.95))
    return [(variant, share) for variant, share in variants if variant]


def _match(header: str, name: str) -> Match:
    words = header_words(name)
    tokens = set(header.split()) - _SMALL_WORDS
    best = Match(0.0)
    for rank, (word, language) in enumerate(words):
        score = _likeness(header, tokens, word) - _RANK_LOSS * rank / len(words)
        if score > best.score:
            best = Match(score, language)
    return best


def _likeness(header: str, tokens: set[str], word: str) -> float:
    """Likeness of a folded header and one synonym."""
    if header == word:
        return 1.0
    if len(word) > 3 and header.startswith(word + " "):
        return _PREFIX
    if len(word) > 4 and len(header) > 4 and fuzz.ratio(header, word) >= _FUZZY_RATIO:
        return _FUZZY
    inside = set(word.split()) - _SMALL_WORDS
    common = len(tokens & inside)
    if common == len(inside) > 0 and len(word) > 3:
        return _OVERLAP + 0.1 * common / len(tokens)
    return 0.0


def is_word_of(header: str, name: str) -> bool:
    """True when a header is exactly one of the synonyms of a kind."""
    return match_header(header, name).score > _EXACT


@dataclass(frozen=True, slots=True)
class Profile:
    """What stands in a column: shares (0 to 1) of its filled cells, but `filled` of all."""

    filled: float
    distinct: float
    moments: float
    times: float
    numbers: float
    fractions: float  # numbers that are no whole number
    letters: float
    digits: float
    baskets: float  # "2 x Pan, 1 x Leche"
    kinds: float
    voids: float
    payments: float
    length: float  # mean count of characters
    largest: float  # largest absolute number


EMPTY = Profile(*(0.0,) * 14)


def profile_column(values: Sequence[str]) -> Profile:
    """The profile of a column's sample."""
    filled = [value for value in values if value.strip()]
    if not filled:
        return EMPTY
    distinct = list(dict.fromkeys(filled))[:400]
    numbers, bad = parse_numbers(distinct, guess_decimal(distinct))
    good = numbers[~bad]
    folded = [fold(value[:200]) for value in distinct]
    return Profile(
        filled=len(filled) / len(values),
        distinct=len(set(filled)) / len(filled),
        moments=_share(distinct, is_moment),
        times=float(np.mean(~parse_times(distinct)[1] & bad)),
        numbers=float(np.mean(~bad)),
        fractions=float(np.mean(to_cents(good) % 100 != 0)) if len(good) else 0.0,
        letters=_share(folded, lambda text: sum(map(str.isalpha, text)) >= 2),
        digits=_share(folded, lambda text: any(map(str.isdigit, text))),
        baskets=_share(distinct, lambda text: _BASKET.match(text) is not None),
        kinds=_share(distinct, lambda text: kind_of(text) is not None),
        voids=_share(distinct, is_voided),
        payments=_share(distinct, _is_payment),
        length=float(np.mean([len(value) for value in distinct])),
        largest=float(np.max(np.abs(good))) if len(good) else 0.0,
    )


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values)


def _is_payment(text: str) -> bool:
    """True for a word of payments; lone letters and digits tell nothing."""
    return len(text.strip()) > 2 and payment_of(text) is not Payment.UNKNOWN


def suit(name: Field, cells: Profile) -> float:
    """How well a column's cells suit a kind of column, 0 to 1."""
    if name in NUMERIC_FIELDS:
        return _suit_number(cells)
    if name is Field.MOMENT:
        return cells.moments
    if name is Field.TIME:
        return max(cells.times, cells.moments * 0.3)
    if not cells.filled:
        return 0.6
    if cells.moments > 0.8 and cells.numbers < 0.5:
        return 0.0
    special = _SUITS.get(name)
    return special(cells) if special else (0.3 if cells.fractions > 0.3 else 1.0)


def _suit_number(cells: Profile) -> float:
    if not cells.filled:
        return 0.0
    return cells.numbers if cells.numbers >= 0.9 else cells.numbers * 0.8


def _suit_receipt(cells: Profile) -> float:
    if cells.fractions > 0.2:
        return 0.1
    return (1.0 if cells.digits > 0.8 else 0.3) * (0.4 if cells.length > 40 else 1.0)


def _suit_product(cells: Profile) -> float:
    if cells.baskets > 0.6:
        return 0.0
    return 1.0 if cells.letters >= 0.5 else 0.2


def _suit_code(cells: Profile) -> float:
    return 0.2 if cells.fractions > 0.3 or cells.length > 40 else 1.0


def _suit_kind(cells: Profile) -> float:
    if cells.payments > 0.6 and cells.payments > cells.kinds:
        return 0.5
    return 1.0 if cells.kinds >= 0.4 else (0.3 if cells.numbers > 0.9 else 0.8)


def _suit_status(cells: Profile) -> float:
    return 0.3 if cells.fractions > 0.3 else (1.0 if cells.kinds + cells.voids > 0.3 else 0.8)


def _suit_payment(cells: Profile) -> float:
    if cells.fractions > 0.2 or (cells.numbers > 0.9 and cells.largest > 9):
        return 0.1
    return 1.0 if cells.payments > 0.4 or cells.numbers > 0.9 or cells.kinds < 0.4 else 0.6


_SUITS: dict[Field, Callable[[Profile], float]] = {
    Field.RECEIPT: _suit_receipt,
    Field.PRODUCT: _suit_product,
    Field.SKU: _suit_code,
    Field.KIND: _suit_kind,
    Field.STATUS: _suit_status,
    Field.PAYMENT: _suit_payment,
}
