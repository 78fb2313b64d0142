"""A question as it is typed or spoken → the words it is made of: without accents, mended by ear, said one way."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from colmado_insights.questions.words import Lexicon, split
from colmado_insights.storage.importing.vocabulary import fold
from colmado_insights.storage.spelling import sound as spell_as_said

MOST_LETTERS = 300
"""Of a question; what is longer is no question."""
SHORTEST_BY_EAR = 4
"""From this length on a word that only sounds like another is taken for it."""
WRONG_LETTERS = (6, 9)
"""From these lengths on one, and two, letters of a word may be wrong."""

_PICTURE = re.compile(
    r"\b(de|del|el|la|los|las|un|una|con|cuant[oa]s?|más|mas)\s*[\u2600-\u27bf\U0001f300-\U0001faff]",
    re.IGNORECASE,
)
"""«De 🍺» names something: a word that nobody knows here, as what is passed over would change the answer."""

sound = functools.lru_cache(maxsize=20_000)(spell_as_said)
"""How a word is said; the words of a shop are asked for again and again."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a question, said one way; `typed` has beside each what was typed."""

    words: tuple[str, ...]
    typed: tuple[str, ...]


def read(question: str, lexicon: Lexicon, names: Collection[str]) -> Reading:
    """Read a question; `names` are the words of this shop's products and people."""
    typed = split(fold(_PICTURE.sub(r"\1 dibujo", question[:MOST_LETTERS])))
    telling = lexicon.words - lexicon.fillers  # what is mended must not come to say nothing
    heard = {sound(word): word for word in lexicon.fillers if len(word) >= SHORTEST_BY_EAR}
    mended = [
        _said_fast(word, before, lexicon)
        or (word if word in lexicon.fillers else heard.get(sound(word)) or mend(word, telling, names))
        for word, before in zip(typed, ("", *typed), strict=False)
    ]
    return _said_one_way(mended, typed, lexicon)


def _said_fast(word: str, before: str, lexicon: Lexicon) -> str | None:
    """«Ta», «pa»: as it is written; after a number it is part of a name, "la 5ta"."""
    return None if before.isdigit() else lexicon.spoken.get(word)


def mend(word: str, known: Collection[str], names: Collection[str]) -> str:
    """A word as it is written in the shop, or in questions; one that is like none stays as it is."""
    if not word.isalpha() or word in known or word in names:
        return word
    for whole in _whole_forms(word):
        if whole in known or whole in names:
            return whole
    return _by_ear(word, known) or _by_ear(word, names) or word


def is_guess(typed: str, word: str) -> bool:
    """Whether what was typed is only nearly that word: neither a form of it, nor said like it."""
    return typed != word and word not in _whole_forms(typed) and sound(typed) != sound(word)


def _whole_forms(word: str) -> list[str]:
    """Its singular and plurals, and «pasao» as it is written."""
    forms = [word.removesuffix("s"), word.removesuffix("es"), word + "s", word + "es"]
    return forms + [re.sub("ao(s?)$", r"ado\1", word)] * word.endswith(("ao", "aos"))


def _by_ear(word: str, candidates: Collection[str]) -> str | None:
    """The one that sounds the same, or nearly; None when none does, or two do alike.

    Short words are many: one wrong letter makes another of them.
    """
    from rapidfuzz.distance import Levenshtein

    if len(word) < SHORTEST_BY_EAR:
        return None
    said = sound(word)
    alike = [each for each in candidates if sound(each) == said]
    if alike:
        return min(alike, key=lambda each: (abs(len(each) - len(word)), each))
    most = sum(len(word) >= length for length in WRONG_LETTERS)
    if not most:
        return None
    scored = sorted(
        (wrong, each)
        for each in candidates
        if sound(each)[:1] == said[:1]
        and abs(len(each) - len(word)) <= most
        and (wrong := Levenshtein.distance(said, sound(each), score_cutoff=most)) <= most
    )
    if not scored or (
        len(scored) > 1 and scored[1][0] == scored[0][0] and not _are_one(scored[0][1], scored[1][1])
    ):
        return None
    return scored[0][1]


def _are_one(first: str, other: str) -> bool:
    """Two forms of one word: mending to either says the same."""
    return first[:4] == other[:4]


def _said_one_way(words: Sequence[str], typed: Sequence[str], lexicon: Lexicon) -> Reading:
    """Rewrite phrases, the longest first, so that all that follows knows one way to say a thing."""
    said: list[str] = []
    heard: list[str] = []
    place = 0
    while place < len(words):
        for length in range(min(lexicon.longest, len(words) - place), 0, -1):
            phrase = tuple(words[place : place + length])
            if phrase in lexicon.rewrites:
                said += lexicon.rewrites[phrase]
                heard += [" ".join(typed[place : place + length])] * len(lexicon.rewrites[phrase])
                place += length
                break
        else:
            said.append(words[place])
            heard.append(typed[place])
            place += 1
    return Reading(tuple(said), tuple(heard))
