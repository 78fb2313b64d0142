"""The words of questions, from `vocabulary/questions.toml`, ready to be looked up."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from colmado_insights.config import resource
from colmado_insights.domain import Category
from colmado_insights.questions.dates import MONTHS, WEEKDAYS

_FILE = "vocabulary/questions.toml"
_TOKEN = re.compile(r"\d+(?:[/-]\d+)+|\d+|[a-z]+|%")
_TIME_WORDS = """ayer antier anteayer anoche hoy manana tarde noche madrugada mediodia semana quincena mes ano dia dias
    semanas meses quincenas anos pasado pasada anterior antepasado antepasada proximo proxima proximos proximas viene este esta ultimos
    ultimas ultimo ultima primero primera segunda desde hasta entre despues antes partir hace fin navidad nochebuena santo santa
    reyes madres padres valentin duarte mercedes altagracia independencia que va lo am pm cada domingos sabados"""
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """What goes by one word and bears many names: beer is Presidente, Bohemia …"""

    key: str
    words: frozenset[Phrase]
    names: tuple[Phrase, ...]
    category: Category
    unless: frozenset[str] = frozenset()  # with these signs its word is a verb, and says `sign`
    sign: str = ""


@dataclass(frozen=True)
class Lexicon:
    """All words that questions are made of."""

    signs: Mapping[Phrase, str]
    fillers: frozenset[str]
    rewrites: Mapping[Phrase, Phrase]
    spoken: Mapping[str, str]  # words said fast → as they are written
    families: tuple[Family, ...]
    categories: Mapping[Phrase, str]
    payments: Mapping[Phrase, str]
    segments: Mapping[Phrase, str]
    units: Mapping[str, str]
    containers: frozenset[str]  # what goods come in
    everyday: frozenset[str]  # words that name nobody and nothing
    generic: frozenset[str]  # sizes, packs, colours: by themselves they name no product
    words: frozenset[str]  # every single one of them
    longest: int


def split(folded: str) -> list[str]:
    """Words and numbers of a folded text; "20oz" are two, a date is one.

    >>> split("coca-cola 20oz el 3/11")
    ['coca', 'cola', '20', 'oz', 'el', '3/11']
    """
    return _TOKEN.findall(folded)


@functools.cache
def read_lexicon() -> Lexicon:
    """The words as the file has them; read once."""
    table = tomllib.loads(resource(_FILE).read_text(encoding="utf-8"))
    signs = {phrase: sign for sign, text in table["signs"].items() for phrase in _phrases(text)}
    rewrites = {tuple(split(key)): tuple(split(value)) for key, value in table["rewrites"].items()}
    families = tuple(
        Family(
            key,
            frozenset(_phrases(each["words"])),
            tuple(_phrases(each["names"])),
            Category(each["category"]),
            frozenset(each.get("unless", "").split()),
            each.get("sign", ""),
        )
        for key, each in table["families"].items()
    )
    categories, payments, segments = (_named(table[name]) for name in ("categories", "payments", "segments"))
    fillers = frozenset(word for text in table["fillers"].values() for word in text.split())
    phrases: list[Sequence[str]] = [
        *signs, *rewrites, *categories, *payments, *segments, tuple(fillers), WEEKDAYS, MONTHS, _TIME_WORDS.split(),
    ]  # fmt: skip
    phrases += [phrase for family in families for phrase in family.words]
    return Lexicon(
        signs=signs,
        fillers=fillers,
        rewrites=rewrites,
        spoken=table["spoken"],
        families=families,
        categories=categories,
        payments=payments,
        segments=segments,
        units={word: unit for unit, text in table["units"].items() for word in text.split()},
        containers=frozenset(table["containers"]["words"].split()),
        everyday=frozenset(table["everyday"]["words"].split()),
        generic=frozenset(table["generic"]["words"].split()),
        words=frozenset(word for phrase in phrases for word in phrase),
        longest=max(len(phrase) for phrase in (*signs, *rewrites)),
    )


def _phrases(text: str) -> Iterator[Phrase]:
    return (tuple(split(part)) for part in text.split("|") if part.strip())


def _named(table: Mapping[str, str]) -> dict[Phrase, str]:
    return {phrase: key for key, text in table.items() for phrase in _phrases(text)}
