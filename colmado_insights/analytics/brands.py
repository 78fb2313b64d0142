"""Brands in product names: those that everybody knows, and those that the shop's own catalogue shows."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from colmado_insights.analytics.categories import fold

_WORD = re.compile(r"[^\W_]+")
_LONGEST_BRAND = 3
_SHORTEST_LEARNT = 4
_LEARNT_PRODUCTS, _LEARNT_CATEGORIES, _LEARNT_HEADS = 2, 2, 3
"""A word nobody knows is a brand when it stands on two products at least, but not on all kinds of things."""
_MANY_THINGS = (
    "rica", "goya", "la famosa", "linda", "campos", "mabel", "del monte", "libby", "iberia", "milano", "princesa",
    "lider", "kraft", "milca", "nestle", "baldom", "mirasol",
)  # fmt: skip
"""Brands of many things, which the vocabulary of categories keeps among its weak words."""
_SHOP_WORDS = frozenset(
    word
    for words in (
        "suelto suelta sueltos sueltas detalle detallado detallada chin petit verde verdes rojo roja negro negra",
        "blanco blanca amarillo amarilla azul rosado rosada morado dorado dorada fresa uva limon naranja vainilla",
        "coco pina menta clasico clasica original extra super plus light zero nuevo nueva especial natural fresco",
        "fresca frio fria varios",
    )
    for word in words.split()
)
"""Words of kind, colour and taste that say nothing of who made a thing."""


@dataclass(frozen=True, slots=True)
class ProductBrand:
    """What one product is called after: its brand as the shop writes it, and the thing it is ("" unsaid)."""

    brand: str
    thing: str  # a folded word: cerveza, arroz


@dataclass(frozen=True, slots=True)
class BrandWords:
    """Folded words: brands as phrases, and the words that name things."""

    brands: frozenset[tuple[str, ...]]
    things: frozenset[str]
    plain: frozenset[str]  # of no brand: things, qualities, units, small words
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A product's name in words, folded and as written."""

    product_id: int
    category: int
    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def written(self, start: int, end: int) -> str:
        """The words from start to end (not included) as the shop writes them, without shouting."""
        words = self.text[self.spans[start][0] : self.spans[end - 1][1]]
        return words.title() if words.isupper() or words.islower() else words


def read_brand_words(path: Path) -> BrandWords:
    """Read which words are brands and which are not from the vocabulary of the categories.

    Parameters
    ----------
    path : Path
        A file as described in `resources/README.md`, section "vocabulary".
    """
    with path.open("rb") as file:
        table = tomllib.load(file)
    parts = [part for part in table.values() if isinstance(part, dict) and "es" in part]
    things = {words[0] for part in parts for words in _phrases([*part["es"], *part["en"]]) if len(words) == 1}
    qualities = {words[0] for part in parts for words in _phrases(part["weak"]) if len(words) == 1}
    parts_of_things = {word for part in parts for words in _phrases(part["es"]) for word in words}
    small = {*table["ignored"]["words"], *table["joints"]["words"]}
    plain = {word for word in things | qualities | parts_of_things | small if not word.endswith("*")}
    plain |= _SHOP_WORDS
    told = {words for part in parts for words in _phrases(part["brands"])} | set(_phrases(_MANY_THINGS))
    brands = {_without_thing(words, things, plain, told) for words in told}
    stems = sorted(word[:-1] for word in things | qualities | parts_of_things if word.endswith("*"))
    return BrandWords(
        brands=frozenset(brands), things=frozenset(things), plain=frozenset(plain), stems=tuple(stems)
    )


def find_brands(products: Iterable[tuple[int, str, int]], words: BrandWords) -> dict[int, ProductBrand]:
    """Tell the brand of every product that has one.

    Parameters
    ----------
    products : iterable of (product id, name, category code)
        The whole catalogue: what it repeats is learnt from it.
    words : BrandWords
        What `read_brand_words` gives.

    Returns
    -------
    dict of int to ProductBrand
        Products without a brand are left out. Products of one brand have it spelt alike.

    Notes
    -----
    The first known brand in a name is its brand; "Presidente Light" is Presidente where the shop also sells
    plain Presidente. Without one, the first word that no vocabulary knows is, when it stands on two products or
    more, of at most two categories and three things: "Arroz Bisonó", but not "Arroz Suelto".
    """
    names = [_name(*product) for product in products]
    found = {name.product_id: span for name in names if (span := _known(name, words.brands))}
    exact = {name.words[slice(*found[name.product_id])] for name in names if name.product_id in found}
    learnt = _learn([name for name in names if name.product_id not in found], words)
    keys: dict[int, tuple[str, ...]] = {}
    spelt: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for name in names:
        start, end = found.get(name.product_id) or _learnt_span(name, learnt)
        if start == end:
            continue
        # The shortest brand that it begins with and that the shop sells by itself.
        end = next((stop for stop in range(start + 1, end) if name.words[start:stop] in exact), end)
        keys[name.product_id] = name.words[start:end]
        spelt[name.words[start:end]][name.written(start, end)] += 1
    spelling = {key: min(counts, key=lambda each: (-counts[each], each)) for key, counts in spelt.items()}
    return {
        name.product_id: ProductBrand(spelling[keys[name.product_id]], _thing(name, words))
        for name in names
        if name.product_id in keys
    }


def _phrases(texts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(fold(text).split()) for text in texts)


def _without_thing(
    words: tuple[str, ...], things: set[str], plain: set[str], told: set[tuple[str, ...]]
) -> tuple[str, ...]:
    """The brand of a phrase that begins with the thing it makes: "pan pepin" is Pepín; "flor cana" stays."""
    rest = words[1:]
    is_brand = rest in told or not plain.issuperset(rest)
    return rest if rest and words[0] in things and is_brand else words


def _name(product_id: int, text: str, category: int) -> _Name:
    found = list(_WORD.finditer(text))
    return _Name(
        product_id=int(product_id),
        category=int(category),
        text=text,
        words=tuple(fold(each.group()) for each in found),
        spans=tuple(each.span() for each in found),
    )


def _known(name: _Name, brands: frozenset[tuple[str, ...]]) -> tuple[int, int] | None:
    """Where the first known brand stands, the longest that begins there; None without one."""
    for start in range(len(name.words)):
        for end in range(min(start + _LONGEST_BRAND, len(name.words)), start, -1):
            if name.words[start:end] in brands:
                return start, end
    return None


def _learn(names: Iterable[_Name], words: BrandWords) -> frozenset[str]:
    """Words of the catalogue that are brands though no vocabulary has them."""
    seen: defaultdict[str, list[_Name]] = defaultdict(list)
    for name in names:
        for word in dict.fromkeys(name.words[1:]):  # the first word says what it is
            if _may_be_brand(word, words):
                seen[word].append(name)
    return frozenset(
        word
        for word, on in seen.items()
        if len(on) >= _LEARNT_PRODUCTS
        and len({name.category for name in on}) <= _LEARNT_CATEGORIES
        and len({name.words[0] for name in on}) <= _LEARNT_HEADS
    )


def _may_be_brand(word: str, words: BrandWords) -> bool:
    """Whether a word is none that the vocabulary knows, in the singular or the plural."""
    if len(word) < _SHORTEST_LEARNT or not word.isalpha():
        return False
    if words.plain & {word, word.removesuffix("s"), word.removesuffix("es")}:
        return False
    return not word.startswith(words.stems)


def _learnt_span(name: _Name, learnt: frozenset[str]) -> tuple[int, int]:
    """Where the first learnt brand stands; an empty span without one."""
    return next(((place, place + 1) for place, word in enumerate(name.words) if word in learnt), (0, 0))


def _thing(name: _Name, words: BrandWords) -> str:
    """The first word that names a thing."""
    forms: Mapping[str, str] = {word: word.removesuffix("s") for word in name.words}
    return next((form for word, form in forms.items() if {word, form} & words.things), "")
