"""What a product's name says of the pack: which good it is and how much of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from colmado_insights.analytics.categories import fold

LEAST_LIKENESS = 85
"""Of two names without their sizes: from here on they are one good."""

_PIECE = re.compile(r"\d+/\d+|\d+(?:[.,]\d+)?|[a-z]+")


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_JOINTS = _words("de del la el los las y con en a al para por")
_SIZES = _words(
    "grande gde pequena pequeno peq mediana mediano jumbo mini familiar chata petaca lata botella botellita"
    " sobre sobrecito funda fundita paquete paquetico caja carton cajetilla suelta suelto vaso tarro pote"
    " saco six pack botellon retornable rollo barra"
)
_MEASURES: dict[str, float] = {
    word: grams
    for words, grams in (
        ("g gr grs gramo gramos ml cc", 1.0),
        ("cl", 10.0),
        ("oz onz onza onzas", 29.0),  # 28.3 g or 29.6 ml: within one good it is the one or the other
        ("lb lbs libra libras", 453.6),
        ("kg kgs kilo kilos l lt lts ltr litro litros", 1000.0),
        ("gal gl galon galones", 3785.0),
    )
    for word in words.split()
}
_BOTTLES = _words("litro galon")
_COUNTS = _words("u un und unds unid unidad unidades ud uds pk pack rollos sobres latas")


@dataclass(frozen=True, slots=True)
class Pack:
    """A name taken apart."""

    words: tuple[str, ...]  # without sizes and small words, in their order
    measure: float | None  # grams or millilitres, of the whole pack
    count: float | None  # pieces
    is_loose: bool = False  # sold by weight: "Queso de Freír Lb"

    @property
    def good(self) -> frozenset[str]:
        """The words that two sizes of one good share."""
        return frozenset(self.words)


@lru_cache(maxsize=8192)
def read_pack(name: str) -> Pack:
    """Take a name apart; what it does not say is None."""
    words: list[str] = []
    number: float | None = None
    measure = count = None
    is_loose = False
    for piece in _PIECE.findall(fold(name)):
        if piece[0].isdigit():
            count = number if number is not None else count  # "6 x 350 ml"
            number = _number(piece)
        elif piece in _MEASURES:
            is_loose = number is None and piece not in _BOTTLES
            measure = (number or 1.0) * _MEASURES[piece]
            number = None
        elif piece in _COUNTS:
            count = number if number is not None else count
            number = None
        elif piece not in _JOINTS and piece not in _SIZES and piece != "x":
            words.append(piece)
            number = None
    if measure is not None and count is not None:
        measure *= count
    return Pack(tuple(words), measure, count, is_loose)


def _number(piece: str) -> float:
    top, _slash, bottom = piece.partition("/")
    value = float(top.replace(",", "."))
    return value / float(bottom) if bottom and float(bottom) else value


def is_same_kind(first: str, other: str) -> bool:
    """Tell whether two names are the same good in another size or flavour, or of another brand.

    Both begin alike ("Arroz Campos", "Arroz Selecto"; "Presidente Light", "Presidente Grande") or are near
    the same without their sizes. To offer one to who takes the other is trivial.
    """
    from rapidfuzz import fuzz

    one, two = read_pack(first).words, read_pack(other).words
    if not one or not two:
        return False
    return one[0] == two[0] or fuzz.token_set_ratio(" ".join(one), " ".join(two)) >= LEAST_LIKENESS


def measure_times(small: Pack, large: Pack) -> float | None:
    """How many times as much the second pack holds, or None where the names do not tell."""
    for of_small, of_large in ((small.measure, large.measure), (small.count, large.count)):
        if of_small and of_large:
            return of_large / of_small
    return None
