"""Products that look like one: the same code, or names that differ only in writing.

A colmado types its products by hand: "Coca-Cola 2 Lt", "COCA COLA 2L". Two names are twins when every
word of one has its match in the other - misspelt, cut short or in the plural - and all their numbers
and sizes agree: "Arroz Campos 5 lb" and "Arroz Campos 10 lb" are two products, and so are "Coca Cola"
and "Coca Cola Zero".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from colmado_insights.domain import CatalogProduct, Twins
from colmado_insights.progress import Progress
from colmado_insights.storage.importing.vocabulary import fold
from colmado_insights.storage.spelling import JOINTS, UNITS, is_one_word
from colmado_insights.text import _

LEAST_LIKENESS = 0.75
"""Of whole names: below it no two names are compared word by word."""
MOST_OF_A_CODE = 3
"""A code that more products share is none of a product ("0", "1", "VARIOS")."""

_PIECE = re.compile(r"\d+(?:[.,/]\d+)*|[a-z]+|%")
_LONG = {"peq": "pequeno", "gde": "grande", "gd": "grande", "med": "mediano", "sto": "santo", "sta": "santa"}


@dataclass(frozen=True)
class _Name:
    """A name as it is compared."""

    words: tuple[str, ...]  # without joints, in order of the alphabet
    sizes: tuple[tuple[float, str], ...]  # numbers and their units, in order

    @property
    def text(self) -> str:
        """The words in one."""
        return " ".join(self.words)


def find_twins(
    products: Sequence[CatalogProduct],
    refused: set[tuple[int, int]],
    progress: Progress | None = None,
) -> tuple[Twins, ...]:
    """The pairs that are probably one product, the likeliest first; `refused` pairs are not told again."""
    progress = progress or Progress()
    names = {product.product_id: _understand(product.name) for product in products}
    found: dict[tuple[int, int], Twins] = {}
    for first, other, likeness in (*_same_code(products, names), *_alike(products, names, progress)):
        pair = _pair(first, other, likeness)
        key = (min(pair.kept, pair.other), max(pair.kept, pair.other))
        if key not in refused and (key not in found or found[key].likeness < likeness):
            found[key] = pair
    return tuple(sorted(found.values(), key=lambda pair: (-pair.likeness, pair.kept_name, pair.other_name)))


def _pair(first: CatalogProduct, other: CatalogProduct, likeness: float) -> Twins:
    """The better known of the two is kept: by what it brings, then by its code, then by age."""
    kept, lost = sorted(
        (first, other), key=lambda product: (-product.revenue_cents, not product.sku, product.product_id)
    )
    return Twins(kept.product_id, kept.name, lost.product_id, lost.name, likeness)


def _understand(name: str) -> _Name:
    pieces = _PIECE.findall(fold(name))
    words: list[str] = []
    sizes: list[tuple[float, str]] = []
    is_after_number = False
    for piece in pieces:
        if piece[0].isdigit():
            sizes.append((_number(piece), ""))
        elif is_after_number and piece in UNITS:
            unit, times = UNITS[piece]
            sizes[-1] = (sizes[-1][0] * times, unit)
        elif piece in UNITS and len(piece) > 1:
            sizes.append((1.0, UNITS[piece][0]))  # "ARROZ SELECTO LB"
        elif piece not in JOINTS:
            words.append(_LONG.get(piece, piece))
        is_after_number = piece[0].isdigit()
    return _Name(tuple(sorted(words)), tuple(sorted(sizes)))


def _number(piece: str) -> float:
    if "/" in piece:
        top, _slash, bottom = piece.partition("/")
        try:
            return round(float(top.replace(",", ".")) / float(bottom.replace(",", ".")), 3)
        except (ValueError, ZeroDivisionError):
            return float(re.sub(r"\D", "", piece))
    try:
        return float(piece.replace(",", "."))
    except ValueError:
        return float(re.sub(r"\D", "", piece))


# ── the same code ──


def _same_code(
    products: Sequence[CatalogProduct], names: dict[int, _Name]
) -> Iterator[tuple[CatalogProduct, CatalogProduct, float]]:
    by_code: defaultdict[str, list[CatalogProduct]] = defaultdict(list)
    for product in products:
        if product.sku:
            by_code[product.sku].append(product)
    for group in by_code.values():
        if 1 < len(group) <= MOST_OF_A_CODE:
            for first, other in combinations(group, 2):
                if _sizes_agree(names[first.product_id], names[other.product_id]):
                    yield first, other, 1.0


# ── alike names ──


def _alike(
    products: Sequence[CatalogProduct], names: dict[int, _Name], progress: Progress
) -> Iterator[tuple[CatalogProduct, CatalogProduct, float]]:
    """Names are only compared with those of the same sizes, all at once in compiled code."""
    import numpy as np
    from rapidfuzz import fuzz, process

    by_size: defaultdict[tuple[tuple[float, str], ...], list[CatalogProduct]] = defaultdict(list)
    for product in products:
        if names[product.product_id].words:
            by_size[names[product.product_id].sizes].append(product)
    for done, group in enumerate(by_size.values()):
        progress.step(done, len(by_size), _("Buscando productos repetidos"))
        texts = [names[product.product_id].text for product in group]
        likeness = process.cdist(
            texts, texts, scorer=fuzz.ratio, score_cutoff=100 * LEAST_LIKENESS, dtype=np.float32
        )
        for place, other in zip(*np.nonzero(np.triu(likeness, 1)), strict=True):
            first, second = group[place], group[other]
            if first.sku and second.sku and first.sku != second.sku and texts[place] != texts[other]:
                continue  # the till itself tells them apart
            if _words_agree(names[first.product_id].words, names[second.product_id].words):
                yield first, second, float(likeness[place, other]) / 100


def _sizes_agree(first: _Name, other: _Name) -> bool:
    """A name without any size may be the same product as one with."""
    return first.sizes == other.sizes or not first.sizes or not other.sizes


def _words_agree(first: Sequence[str], other: Sequence[str]) -> bool:
    """True when each word of either has its own match in the other; written together or apart is the same."""
    if "".join(first) == "".join(other):
        return True
    if len(first) != len(other):
        return _is_joined(first, other) or _is_joined(other, first)
    left = list(other)
    for word in sorted(first, key=len, reverse=True):
        match = max((each for each in left if is_one_word(word, each)), key=len, default=None)
        if match is None:
            return False
        left.remove(match)
    return True


def _is_joined(short: Sequence[str], long: Sequence[str]) -> bool:
    """True when two words of one are one word of the other: "cola cao" and "colacao"."""
    alone, parts = set(short) - set(long), set(long) - set(short)
    if len(alone) != 1 or len(parts) != 2:
        return False
    one, two = parts
    return alone.pop() in (one + two, two + one)
