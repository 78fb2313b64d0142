"""Spanish is told from English in a few words, and sentences are counted as people do."""

from __future__ import annotations

import gettext
import re
from functools import lru_cache

import pytest

from colmado_insights.config import resource
from colmado_insights.personas import speech

OTHERS = {
    "portuguese": "Eles não gastam muito, mas vêm todos os dias. Você pode oferecer uma promoção com o pão da manhã.",
    "french": "Les clients viennent le matin pour acheter du pain. Ils dépensent peu et sont pressés avec leurs enfants.",
    "italian": "Sono persone che comprano il pane nella mattina. Vengono anche per il latte e gli altri prodotti.",
    "german": "Die Kunden kommen am Morgen und kaufen nicht viel. Das Brot ist mit der Milch für sie wichtig.",
    "russian": "Это люди, которые приходят рано утром за хлебом и молоком.",
    "chinese": "他们每天早上来买面包和牛奶。",
}


@lru_cache
def sentences(language: str) -> tuple[str, ...]:
    """Hundreds of sentences of this program's own, in both languages."""
    with resource("locale/en/LC_MESSAGES/colmado.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    pairs = [(spanish, english) for spanish, english in catalogue.items() if isinstance(spanish, str)]
    found = [pair[language == "en"] for pair in pairs]
    plain = [re.sub(r"\{\w+\}", "X", words) for words in found]
    return tuple(sorted({words for words in plain if len(words.split()) >= 6 and "*." not in words}))


@pytest.mark.parametrize(("language", "other"), [("es", "en"), ("en", "es")])
def test_hundreds_of_sentences(language: str, other: str) -> None:
    own, foreign = sentences(language), sentences(other)
    assert min(len(own), len(foreign)) > 500
    missed = [words for words in own if not speech.is_in(language, words)]
    mistaken = [words for words in foreign if speech.is_in(language, words)]
    assert len(missed) <= 0.02 * len(own)
    assert not mistaken
    assert sum(not speech.may_be_in(language, words) for words in own) <= 0.005 * len(own)
    assert sum(speech.may_be_in(language, words) for words in foreign) <= 0.01 * len(foreign)


@pytest.mark.parametrize(("language", "other"), [("es", "en"), ("en", "es")])
def test_whole_answers(language: str, other: str) -> None:
    own, foreign = (
        [" ".join(found[at : at + 5]) for at in range(0, len(found), 5)]
        for found in (sentences(language), sentences(other))
    )
    assert sum(not speech.is_in(language, words) for words in own) <= 1
    assert not any(speech.is_in(language, words) for words in foreign)


@pytest.mark.parametrize("name", OTHERS)
def test_other_languages_are_neither(name: str) -> None:
    assert not speech.is_in("es", OTHERS[name])
    assert not speech.is_in("en", OTHERS[name])


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("Vienen temprano. Compran pan.", 2),
        ("Vienen a las 7 a. m. y se van. Compran pan.", 2),
        ("Vienen a las 7 a. m. Compran pan.", 2),
        ("Vienen a las 7 a. m.", 1),
        ("Gastan RD$ 1,250.50 o 1.7 productos. ¿Y quién más? ¡Nadie!", 3),
        ("Sin punto final", 1),
        ("They come at 7 a.m. and leave. They buy bread.", 2),
        ("Pan, leche, etc. y poco más.", 1),
        ("Esperan… y compran.", 1),
        ("", 0),
        ("...", 0),
    ],
)
def test_sentences_are_counted(words: str, count: int) -> None:
    assert speech.count_sentences(words) == count
