"""How the same word is written by other hands: units, small words, plurals, cut, misspelt and shortened words."""

from __future__ import annotations

import re

LEAST_WORD_LIKENESS = 80
"""Of two words: one wrong letter in five."""
SHORTEST_MISSPELT = 5
"""Shorter words are compared letter by letter: "roja" and "rosa" are two words."""
SHORTEST_CUT = 3

JOINTS = frozenset(
    [
        "de",
        "del",
        "la",
        "el",
        "los",
        "las",
        "y",
        "con",
        "en",
        "a",
        "al",
        "para",
        "por",
        "the",
        "of",
        "and",
        "c",
    ]
)
UNITS: dict[str, tuple[str, float]] = {
    word: (unit, times)
    for words, unit, times in (
        ("g gr grs gramo gramos", "g", 1),
        ("kg kgs kilo kilos kilogramo kilogramos", "g", 1000),
        ("lb lbs libra libras", "lb", 1),
        ("oz onz onza onzas", "oz", 1),
        ("ml mls mililitro mililitros cc", "ml", 1),
        ("cl", "ml", 10),
        ("l lt lts ltr ltrs litro litros", "ml", 1000),
        ("gal gl galon galones", "gal", 1),
        ("u un und unds unid unidad unidades ud uds", "u", 1),
        ("pk pack paq paquete", "pack", 1),
    )
    for word in words.split()
}
_SOUNDS = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (("c(?=[ei])|z", "s"), ("qu(?=[ei])|k", "c"), ("ll", "y"), ("v", "b"), ("h", ""))
)
"""How a word is said here, whatever the hand that typed it knew of spelling."""
_VOWELS = frozenset("aeiou")


def sound(word: str) -> str:
    """The word as it is said."""
    for spelling, said in _SOUNDS:
        word = spelling.sub(said, word)
    return word


def is_one_word(first: str, other: str) -> bool:
    """The same word, in the plural, misspelt, or cut by the till."""
    from rapidfuzz import fuzz

    if first == other:
        return True
    short, long = sorted((first, other), key=len)
    if long in (short + "s", short + "es"):
        return True
    if len(short) >= SHORTEST_CUT and len(short) < len(long) - 1 and long.startswith(short):
        return True
    if len(short) < SHORTEST_MISSPELT:
        return False
    said, heard = sound(first), sound(other)
    return said[:1] == heard[:1] and fuzz.ratio(said, heard) >= LEAST_WORD_LIKENESS


def is_short_for(short: str, long: str) -> bool:
    """True of a word written by its consonants alone: "pte", presidente; "lch", leche; "btda", batida."""
    if not 1 < len(short) < len(long) - 1 or short[0] != long[0]:
        return False
    inner = short[1:-1] if short[-1] == long[-1] else short[1:]
    if not _VOWELS.isdisjoint(inner):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
