"""Which language a text is in, and how many sentences it has: enough to check an answer, no more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_WORD = re.compile(r"[^\W\d_]+")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_OWN: Mapping[str, frozenset[str]] = {
    "es": _words(
        "de la que el en y los se del las un por con una su para es al lo como más pero sus le ya o "
        "este si porque esta entre cuando muy sobre también hasta hay donde quien desde todo nos "
        "todos ni otros ese eso esos esas ellos estos estas cada casi siempre sea están está son "
        "gente cerca junto antes después tu te ten pon qué unos unas mucho poco poca menos día días "
        "hora horas mañana tarde noche semana productos llevan compran vienen gastan ofrece prepara "
        "compra compras sin mejor aquí luego así solo sobre algo nada hace hacen otra otro trae puede "
        "pueden elige escoge dos tres vende surte lleva"
    ),
    "en": _words(
        "the of and to in is that for it as was with be by on not this are or from at which but have "
        "an they you were her she all would there their we him been when who will more if out so said "
        "what up its about into than them can only other some could time these two may then do first "
        "any my now such like our over most made after also did many your keep offer put have week "
        "day days hour hours buy buys come comes spend before near together each every little people "
        "ready early late usually mostly them how here customers purchases sell make set stock next try "
        "again wait choose find take price between since write see show"
    ),
}
_OTHERS = _words(
    "não você vocês uma com são em mais ao muito pelo pela eles isso também dos das os seu sua "
    "quem hoje le les est une dans pour avec vous et qui sur aux ils leur leurs plus ont cette "
    "ces und der das ist mit nicht ein eine für sie auf den dem oder auch wird il che di sono per "
    "gli della nel anche più questo alla loro"
)
"""Of languages that could be taken for Spanish or English."""
_SPANISH_LETTERS = frozenset("áéíóúñü¿¡")
_LEAST_EVIDENCE = 0.12
_CLOCK = re.compile(r"\b([ap])\. ?m\.")
_STOP = re.compile(r"[.!?…]+[\"'»”)]*(?= +[¿¡«“\"'(]*[A-ZÁÉÍÓÚÜÑ\d]|$)")


def is_in(language: str, words: str) -> bool:
    """Tell whether a text of some sentences is in Spanish (`es`) or English (`en`)."""
    own, other, foreign, count = _weigh(language, words)
    return (
        own >= max(1, _LEAST_EVIDENCE * count)
        and own > 2 * other
        and own > foreign
        and not _is_strange(words)
    )


def may_be_in(language: str, words: str) -> bool:
    """Tell whether nothing speaks against it: a short sentence may hold no word that tells."""
    own, other, foreign, _count = _weigh(language, words)
    is_other = other > own or (other > 1 and other == own)
    return not is_other and (foreign < 2 or own > foreign) and not _is_strange(words)


def _weigh(language: str, words: str) -> tuple[int, int, int, int]:
    """How many words speak for a language, for the other of the two, for a third, and how many there are."""
    found = [match.group().lower() for match in _WORD.finditer(unicodedata.normalize("NFC", words))]
    other = "en" if language == "es" else "es"
    weights = {
        each: sum(
            word in _OWN[each] or (each == "es" and not _SPANISH_LETTERS.isdisjoint(word)) for word in found
        )
        for each in _OWN
    }
    return weights[language], weights[other], sum(word in _OTHERS for word in found), len(found)


def _is_strange(words: str) -> bool:
    """True when a letter is of another script."""
    return any(
        char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") and char not in "ªº"
        for char in words
    )


def count_sentences(words: str) -> int:
    """How many sentences a text has; the stops of "7 p. m." and of abbreviations within one end none."""
    plain = _CLOCK.sub(
        lambda clock: f"{clock[1]}m" + ("." if _ends(words, clock.end()) else ""), words.strip()
    )
    parts = [part for part in _STOP.split(plain) if any(char.isalnum() for char in part)]
    return len(parts)


def _ends(words: str, place: int) -> bool:
    """Whether a sentence ends here: nothing follows, or what begins with a capital letter."""
    following = words.strip()[place:].lstrip(" ")
    return not following or (following[:1].isupper()) or following[:1] in "¿¡"
