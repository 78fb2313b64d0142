"""What a correction of one product's category teaches of others: the same name, another size, another spelling.

"BATIDA LA CREMA 8OZ" corrected teaches "BATIDA LA CREMA 16 OZ" and "Bat. la crema gde". A lesson is a row of
`category_change` beside the owner's own, so that it is undone with it and reaches products that come later.
It never overrules the till's own category, nor a guess that is surer than the likeness of the names; only the
very same name does, as the owner cannot mean two things by it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from colmado_insights.domain import CategorySource
from colmado_insights.storage.importing.vocabulary import fold
from colmado_insights.storage.spelling import JOINTS, UNITS, is_one_word, is_short_for, sound

if TYPE_CHECKING:
    from sqlite3 import Connection

_WORD = re.compile(r"[a-z]+")
_SIZES = frozenset(UNITS).union(
    *(
        line.split()
        for line in (
            "peq pequeno pequena chiq chiquito chiquita mini med mediano mediana medio media",
            "gde gd gte grande jumbo jbo familiar fam xl xxl maxi regular reg",
            "lata bot botella botellita caja cja cajita sobre sob sobrecito funda fda fundita",
            "pote frasco fco carton docena doc pieza pza unid x",
        )
    )
)
_SHORTEST_ALONE = 5
"""A name of one shorter word is like no other: "pan" is not cut from "pañal"."""


class Nearness(IntEnum):
    """How a product came by a correction, the nearest first; kept in `category_change.is_inherited`."""

    ITSELF = 0
    SAME_NAME = 1
    SAME_WORDS = 2
    ALIKE = 3


CONFIDENCE: dict[Nearness, float] = {
    Nearness.ITSELF: 1.0,
    Nearness.SAME_NAME: 1.0,
    Nearness.SAME_WORDS: 0.97,
    Nearness.ALIKE: 0.8,
}
"""How sure a lesson is: it is heard only where nobody was surer before."""

State = tuple[int, str, float]
"""A product's category code, who said so and how sure."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the owner said of one product, as far as it concerns another."""

    change: int
    category: int
    at: int
    nearness: Nearness


class Likeness:
    """Finds, among names once read, those of the same product as another name."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        self._words: dict[int, tuple[str, ...]] = {}
        self._folded: defaultdict[str, list[int]] = defaultdict(list)
        self._joined: defaultdict[str, list[int]] = defaultdict(list)
        self._starts: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for key, name in names:
            words = self._words[key] = _words(name)
            self._folded[fold(name)].append(key)
            if words:
                self._joined["".join(words)].append(key)
                self._starts[_starts(words)].append(key)

    def find(self, name: str) -> dict[int, Nearness]:
        """The keys of the names that are the same product's, with how near they are."""
        words = _words(name)
        found: dict[int, Nearness] = {}
        if words:
            near = self._starts.get(_starts(words), ())
            found |= {key: Nearness.ALIKE for key in near if _are_alike(words, self._words[key])}
            found |= {
                key: Nearness.SAME_WORDS
                for key in (*near, *self._joined.get("".join(words), ()))
                if sorted(words) == sorted(self._words[key]) or "".join(words) == "".join(self._words[key])
            }
        return found | dict.fromkeys(self._folded.get(fold(name), ()), Nearness.SAME_NAME)


class Lessons:
    """The corrections of an owner that stand, to be asked of a product that is new."""

    def __init__(self, connection: Connection) -> None:
        self._said: list[tuple[int, int, int]] = []
        names: list[tuple[int, str]] = []
        for name, change, category, at in connection.execute(
            "SELECT name, change_id, category, at FROM category_change JOIN product ON product.id = product_id"
            " WHERE undone_at IS NULL AND NOT is_inherited ORDER BY change_id"
        ):
            names.append((len(self._said), name))
            self._said.append((change, category, at))
        self._likeness = Likeness(names)

    def of(self, name: str) -> list[Lesson]:
        """What concerns a product of this name, each correction once, by what is nearest; oldest first."""
        if not self._said:
            return []
        found: dict[int, Lesson] = {}
        for place, nearness in self._likeness.find(name).items():
            change, category, at = self._said[place]
            if change not in found or nearness < found[change].nearness:
                found[change] = Lesson(change, category, at, nearness)
        return sorted(found.values(), key=lambda lesson: lesson.change)


def is_heard(nearness: Nearness, before: State) -> bool:
    """Tell whether a lesson counts for a product of which this was known before."""
    _category, source, confidence = before
    if nearness <= Nearness.SAME_NAME:
        return True
    return source != CategorySource.POS and confidence < CONFIDENCE[nearness]


def write_lesson(connection: Connection, product: int, lesson: Lesson) -> None:
    """Note a lesson of a product and follow it, unless somebody was surer before."""
    before = _before(connection, product)
    if not is_heard(lesson.nearness, before):
        return
    connection.execute(
        "INSERT INTO category_change (product_id, change_id, category, before_category, before_source,"
        " before_confidence, is_inherited, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (product, lesson.change, lesson.category, *before, int(lesson.nearness), lesson.at),
    )
    settle(connection, product)


def _before(connection: Connection, product: int) -> State:
    """What a product is to everybody but the owner."""
    state: State = connection.execute(
        """SELECT before_category, before_source, before_confidence FROM
            (SELECT id, before_category, before_source, before_confidence FROM category_change
                WHERE product_id = ?1 AND undone_at IS NULL
            UNION ALL
            SELECT 1 << 60, category_id, category_source, category_confidence FROM product WHERE id = ?1)
        ORDER BY id LIMIT 1""",
        (product,),
    ).fetchone()
    return state


def settle(connection: Connection, product: int) -> None:
    """Give a product the category that its standing corrections make; there must be one.

    What the first standing one noted as before is what the product was to everybody but the owner.
    """
    rows = connection.execute(
        "SELECT is_inherited, change_id, category, before_category, before_source, before_confidence"
        " FROM category_change WHERE product_id = ? AND undone_at IS NULL ORDER BY id",
        (product,),
    ).fetchall()
    before: State = rows[0][3:]
    lessons = [Lesson(change, category, 0, Nearness(near)) for near, change, category, *_ in rows]
    write_state(connection, product, decide(lessons, before))


def decide(lessons: Iterable[Lesson], before: State) -> State:
    """What a product is by the lessons that concern it: the nearest counts, of equally near ones the last."""
    heard = [lesson for lesson in lessons if is_heard(lesson.nearness, before)]
    if not heard:
        return before
    best = max(heard, key=lambda lesson: (-lesson.nearness, lesson.change))
    return (best.category, CategorySource.OWNER, CONFIDENCE[best.nearness])


def write_state(connection: Connection, product: int, state: State) -> None:
    """Set a product's category, who said so and how sure."""
    connection.execute(
        "UPDATE product SET category_id = ?, category_source = ?, category_confidence = ? WHERE id = ?",
        (*state, product),
    )


def _words(name: str) -> tuple[str, ...]:
    """The words of a name without sizes, numbers and small words."""
    return tuple(word for word in _WORD.findall(fold(name)) if word not in _SIZES and word not in JOINTS)


def _starts(words: Iterable[str]) -> tuple[str, ...]:
    """How the words begin, by ear: the same of all names that can be alike."""
    return tuple(sorted(sound(word)[:1] for word in words))


def _are_alike(first: Sequence[str], other: Sequence[str]) -> bool:
    """True when each word of either is written for one of the other."""
    if max(len(first), len(other)) == 1 and min(map(len, (*first, *other))) < _SHORTEST_ALONE:
        return False
    left = list(other)
    for word in sorted(first, key=len, reverse=True):
        match = max((each for each in left if _is_written_for(word, each)), key=len, default=None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _is_written_for(first: str, other: str) -> bool:
    """True when two words are one, misspelt, cut or shortened."""
    return is_one_word(first, other) or is_short_for(first, other) or is_short_for(other, first)
