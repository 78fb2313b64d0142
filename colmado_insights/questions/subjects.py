"""Who and what of this shop a question names: products, categories, customers, cashiers, ways to pay, segments."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from colmado_insights import text
from colmado_insights.domain import CATEGORIES, Category
from colmado_insights.questions.query import Named, SubjectKind
from colmado_insights.questions.words import Family, Lexicon, Phrase, split
from colmado_insights.storage import catalog, slices
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.vocabulary import fold
from colmado_insights.storage.slices import KnownName
from colmado_insights.storage.spelling import JOINTS, sound
from colmado_insights.text import ngettext

LONGEST_NAME = 7
SHORTEST_SINGULAR = 3
"""A word of no more letters that ends in s is no plural."""
MEANT_SHARE = 0.2
"""A word that begins names of several categories means those with at least this share of the names."""
MOST_NEAR, LEAST_NEAR, SHORTEST_NEAR = 3, 70, 4
"""Names offered for words nobody knows: so many, this much like them, of words not shorter."""
Likeness = Callable[[str, str], bool]


@functools.lru_cache(maxsize=50_000)
def _words_of(name: str) -> Phrase:
    """A name's words; those of a shop are read again with every question."""
    return tuple(split(fold(name)))


@dataclass(frozen=True, slots=True)
class _Product:
    product_id: int  # as the one it counts as
    name: str
    words: Phrase
    content: Phrase  # without small words
    category: Category


@dataclass(frozen=True, slots=True)
class _Person:
    known: KnownName
    words: tuple[Phrase, ...]  # of the name and of the nickname, without small words


class NameBook:
    """All names of one shop, looked up by their words."""

    def __init__(self, database: Database, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._roots = catalog.read_roots(database)
        listed = catalog.read_products(database)
        codes = catalog.read_category_codes(database)
        self._names = dict(zip(listed["product_id"].tolist(), listed["name"], strict=True))
        self._products = [
            _Product(int(self._roots[key]), name, words, _content(words), CATEGORIES[codes[key]])
            for key, name in zip(listed["product_id"], listed["name"], strict=True)
            for words in (self._units(_words_of(name)),)
        ]
        self._people = [
            _Person(each, tuple(filter(None, (_content(_words_of(n)) for n in (each.name, each.nickname)))))
            for each in slices.read_known_names(database)
        ]
        self._cashiers = slices.read_cashiers(database)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of a name."""
        found = {word for each in self._products for word in each.words}
        found |= {word for each in self._people for phrase in each.words for word in phrase}
        found |= {word for name in self._cashiers.values() for word in _words_of(name)}
        return frozenset(found)

    @cached_property
    def _runs(self) -> frozenset[Phrase]:
        """Words that stand one after the other in a name."""
        names = [each.words for each in self._products]
        names += [_words_of(each.known.name) for each in self._people]
        return frozenset(
            name[start : start + length]
            for name in names
            for length in range(2, LONGEST_NAME + 1)
            for start in range(len(name) - length + 1)
        )

    @property
    def people(self) -> tuple[KnownName, ...]:
        """All customers."""
        return tuple(each.known for each in self._people)

    def find_runs(self, words: Sequence[str]) -> frozenset[int]:
        """The places of words that only make sense as part of a name: "santo domingo" is no Sunday."""
        said, taken = self._units(words), set[int]()
        for length in range(min(LONGEST_NAME, len(said)), 1, -1):
            for start in range(len(said) - length + 1):
                run = said[start : start + length]
                places = range(start, start + length)
                if run in self._runs and taken.isdisjoint(places) and self._is_telling(run):
                    taken.update(places)
        return frozenset(taken)

    def _is_telling(self, run: Phrase) -> bool:
        if run[0] in JOINTS or run[-1] in JOINTS:
            return run[0] in JOINTS and any(run == _words_of(each.known.name) for each in self._people)
        return any(word.isalpha() and word not in self._lexicon.words for word in run) or any(
            run == each.words[: len(run)] for each in self._products
        )

    def _units(self, words: Sequence[str]) -> Phrase:
        return tuple(self._lexicon.units.get(word, word) for word in words)

    # ── looking up ──

    def explain(self, words: Phrase, *, is_person: bool) -> tuple[Named, ...] | None:
        """What a run of words names, whole or in parts; None when some of it is no name of this shop."""
        whole = self._find(words, is_person=is_person)
        if whole is not None:
            return (whole,)
        for cut in range(len(words) - 1, 0, -1):
            first = self._find(words[:cut], is_person=is_person)
            rest = self.explain(words[cut:], is_person=is_person) if first is not None else None
            if first is not None and rest is not None:
                return (first, *rest)
        return None

    def _find(self, words: Phrase, *, is_person: bool) -> Named | None:
        content = _content(words)
        if not any(word.isalpha() and word not in self._lexicon.units for word in content):
            return None  # "más de 500" names no product
        people = self._find_people(content)
        is_whole = len(people) == 1 and content in people[0].words
        if is_whole or (people and is_person):
            return _person(people)
        said = {sound(word) for word in content}
        cashiers = {
            key for key, name in self._cashiers.items() if said <= {sound(word) for word in _words_of(name)}
        }
        if len(cashiers) == 1:
            key = cashiers.pop()
            return Named(SubjectKind.CASHIER, self._cashiers[key], (key,))
        found = [] if self._lexicon.generic.issuperset(content) else self._find_products(self._units(content))
        if found:
            return self._named_products(" ".join(words), found)
        return _person(people) if people else None

    def _find_people(self, content: Phrase) -> list[_Person]:
        whole = [each for each in self._people if content in each.words]
        return whole or [
            each for each in self._people if any(set(content) <= set(phrase) for phrase in each.words)
        ]

    @cached_property
    def _holders(self) -> dict[str, set[int]]:
        """Places of the products with a word, in any form of it."""
        found: dict[str, set[int]] = {}
        for place, each in enumerate(self._products):
            for word in each.words:
                for form in _forms(word):
                    found.setdefault(form, set()).add(place)
        return found

    def _find_products(self, content: Phrase) -> list[_Product]:
        """The products whose name begins with the words, else holds them in that order, else in any.

        «Huevos» are all that are called «Huevo …» or «Huevos …»; «huevo» is first of all what is called so.
        """
        holders = [set().union(*(self._holders.get(form, ()) for form in _forms(word))) for word in content]
        possible = [self._products[place] for place in sorted(set.intersection(*holders))]
        for is_like in self._likenesses(content, possible):
            starting = [each for each in possible if _begins(content, each.content, is_like)]
            if starting:
                return _of_main_categories(starting)
            holding = [each for each in possible if _holds(content, each.content, is_like)]
            if not holding:
                holding = [
                    each
                    for each in possible
                    if all(any(is_like(word, other) for other in each.words) for word in content)
                ]
            if holding:
                return holding
        return []

    def _likenesses(self, content: Phrase, possible: Sequence[_Product]) -> tuple[Likeness, ...]:
        """Eggs are "huevo" and "huevos" in names; where the plural is of another kind, as with "papas", it is a thing apart."""
        exact, alike = (
            {each.category for each in possible if _begins(content, each.content, is_like)}
            for is_like in (_is_same, _is_same_thing)
        )
        if exact == alike:
            return (_is_same_thing,)
        is_either = bool(exact) and len(content) == 1 and content[0].endswith("s")  # crisps, or potatoes?
        return () if is_either else (_is_same, _is_same_thing)

    def _named_products(self, words: str, found: Sequence[_Product], key: str = "") -> Named:
        ids = sorted({each.product_id for each in found})
        if len(ids) == 1:
            return Named(SubjectKind.PRODUCTS, self._names[ids[0]], tuple(ids), key)
        return Named(SubjectKind.PRODUCTS, self._as_owner_says(words), tuple(ids), key)

    def _as_owner_says(self, words: str) -> str:
        """In English what was asked of as beer is said as beer again."""
        english = (
            " ".join(said) for said, meant in self._lexicon.rewrites.items() if " ".join(meant) == words
        )
        return next(english, words) if text.language() == "en" else words

    def family(self, family: Family, words: str) -> Named | None:
        """The products of a family that this shop has."""
        found = [
            each
            for each in self._products
            if each.category is family.category
            and any(_holds(phrase, each.words, _is_same) for phrase in family.names)
        ]
        return self._named_products(words, found, family.key) if found else None

    def in_category(self, category: Category) -> Named:
        """A whole category."""
        ids = sorted({each.product_id for each in self._products if each.category is category})
        return Named(SubjectKind.CATEGORY, text.category_name(category), tuple(ids), str(category))

    def counted_in(self, named: Named, word: str) -> Named | None:
        """Of those products the ones that are counted so: by the pound loose rice and no sack, in bags ice and no glass."""
        unit, container = self._lexicon.units.get(word), self._lexicon.containers & set(_forms(word))
        if unit is None and not container:
            return named
        found = [
            each
            for each in self._products
            if each.product_id in named.ids
            and (_is_loose(each, unit) if unit else self._is_in(each, container))
        ]
        return self._named_products(named.words, found, named.key) if found else None

    def _is_in(self, product: _Product, container: frozenset[str]) -> bool:
        named = self._lexicon.containers.intersection(product.words)
        return named == container or (not named and "botella" in container)

    def members(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Those products and all that were merged into them."""
        wanted = set(ids)
        return tuple(key for key, root in enumerate(self._roots.tolist()) if root in wanted)

    def near(self, words: Sequence[str]) -> tuple[str, ...]:
        """Names of products that are like words nobody knows."""
        from rapidfuzz import fuzz, process

        wanted = " ".join(words)
        if len(wanted) < SHORTEST_NEAR:
            return ()
        names = {fold(each.name): each.name for each in self._products}
        found = process.extract(
            wanted, names.keys(), scorer=fuzz.token_set_ratio, limit=MOST_NEAR, score_cutoff=LEAST_NEAR
        )
        return tuple(names[name] for name, _score, _place in found)


def describe(subject: Named) -> str:
    """The subject as it stands within a sentence, with how many products were counted under its name."""
    if subject.kind in (SubjectKind.CATEGORY, SubjectKind.PAYMENT):
        return subject.words.lower()
    if subject.kind is not SubjectKind.PRODUCTS or len(subject.ids) == 1:
        return subject.words
    count = len(subject.ids)
    return ngettext("{words} ({n} producto)", "{words} ({n} productos)", count).format(
        words=subject.words, n=text.number(count)
    )


def _person(people: Sequence[_Person]) -> Named:
    """One person, or several among whom nobody can choose."""
    ids = tuple(each.known.customer_id for each in people)
    return Named(SubjectKind.CUSTOMER, people[0].known.shown_name, ids)


def _of_main_categories(found: Sequence[_Product]) -> list[_Product]:
    """Without the few that only bear the word: milk of magnesia is no milk."""
    counts = Counter(each.category for each in found)
    return [each for each in found if counts[each.category] >= MEANT_SHARE * len(found)]


def _content(words: Sequence[str]) -> Phrase:
    return tuple(word for word in words if word not in JOINTS)


def _is_loose(product: _Product, unit: str) -> bool:
    return product.words[-1] == unit and not product.words[-2:][0][0].isdigit()


def _is_same(word: str, other: str) -> bool:
    return word == other


def _is_same_thing(word: str, other: str) -> bool:
    """Also in the plural."""
    return not set(_forms(word)).isdisjoint(_forms(other))


def _forms(word: str) -> Iterator[str]:
    yield word
    if len(word) > SHORTEST_SINGULAR and word.isalpha():
        yield word.removesuffix("s")
        yield word.removesuffix("es")


def _begins(words: Phrase, name: Phrase, is_like: Likeness) -> bool:
    return len(words) <= len(name) and all(map(is_like, words, name))


def _holds(words: Phrase, name: Phrase, is_like: Likeness) -> bool:
    return any(_begins(words, name[start:], is_like) for start in range(len(name) - len(words) + 1))
