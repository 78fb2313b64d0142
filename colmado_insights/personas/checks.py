"""What an answer of Grok must pass before anybody reads it: shape, lengths, language, and no number but ours.

Each check has a code, which the ledger keeps and `text.sentence` says in words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from colmado_insights.domain import Source, Topic
from colmado_insights.personas import prompts, speech
from colmado_insights.personas.figures import Figure, Kind, find_figures
from colmado_insights.personas.persona import Persona, Question

CHECKS = (
    "check_shape", "check_length", "check_ideas", "check_language", "check_numbers", "check_links",
    "check_markup", "check_echo", "check_promises", "check_vices",
)  # fmt: skip
"""The codes, in the order in which they are told."""

SENTENCES = (2, 3)
MARKETING, OPERATIONS = (3, 4), (2, 3)
DESCRIPTION_CHARS, IDEA_CHARS = (40, 600), (10, 260)
MOST_CHARS = 8_000
_ECHO_WORDS = 8
FIELDS = ("description", "marketing", "operations")


def check_answer(data: Any, question: Question) -> tuple[Persona | None, tuple[str, ...]]:
    """The persona that an answer holds, or None and the codes of the checks that it failed."""
    persona = _read(data)
    if persona is None:
        return None, ("check_shape",)
    if len(persona.description) + sum(map(len, (*persona.marketing, *persona.operations))) > MOST_CHARS:
        return None, ("check_length",)  # looking at it closely would take long
    failed = set(_failures(persona, question))
    return (None if failed else persona), tuple(code for code in CHECKS if code in failed)


def _read(data: Any) -> Persona | None:
    """The answer with spare space trimmed; None of another shape than was asked for."""
    if not isinstance(data, Mapping) or set(data) != set(FIELDS) or not isinstance(data["description"], str):
        return None
    lists = [data["marketing"], data["operations"]]
    if not all(isinstance(each, Sequence) and not isinstance(each, str | bytes) for each in lists):
        return None
    if not all(isinstance(idea, str) for each in lists for idea in each):
        return None
    marketing, operations = (tuple(_trim(idea) for idea in each) for each in lists)
    return Persona(_trim(data["description"]), marketing, operations, source=Source.GROK)


def _trim(words: str) -> str:
    return re.sub(r"[ \t\r\n\u00a0]+", " ", unicodedata.normalize("NFC", words)).strip()


def _failures(persona: Persona, question: Question) -> Iterator[str]:
    ideas = (*persona.marketing, *persona.operations)
    said = (persona.description, *ideas)
    if not (
        _is_within(len(persona.description), DESCRIPTION_CHARS)
        and all(_is_within(len(idea), IDEA_CHARS) for idea in ideas)
        and _is_within(speech.count_sentences(persona.description), SENTENCES)
    ):
        yield "check_length"
    if not (
        _is_within(len(persona.marketing), MARKETING)
        and _is_within(len(persona.operations), OPERATIONS)
        and len({idea.casefold() for idea in ideas}) == len(ideas)
    ):
        yield "check_ideas"
    if not (
        speech.is_in(question.language, " ".join(said))
        and all(speech.may_be_in(question.language, part) for part in said)
    ):
        yield "check_language"
    known = _known_figures(question)
    if not all(_is_known(figure, known) for part in said for figure in _figures(part, question)):
        yield "check_numbers"
    whole = "\n".join(said)
    if _LINK.search(whole):
        yield "check_links"
    if _MARKUP.search(whole) or any(_LIST_MARK.match(part) or not _is_plain(part) for part in said):
        yield "check_markup"
    if _MACHINE.search(whole) or not _echoed(question).isdisjoint(_runs(whole)):
        yield "check_echo"
    if _PROMISES.search(_fold(whole)):
        yield "check_promises"
    if question.topic is Topic.CUSTOMER and _VICES.search(_fold(whole)):
        yield "check_vices"


def _is_within(value: int, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= value <= bounds[1]


# ── numbers ──


@dataclass(frozen=True)
class _Known:
    """The numbers that the data holds, by kind, and how long its lists are."""

    readings: Mapping[Kind, frozenset[float]]
    counts: frozenset[int] = field(default_factory=frozenset)


def _figures(words: str, question: Question) -> tuple[Figure, ...]:
    return find_figures(words, question.language)


def _known_figures(question: Question) -> _Known:
    readings: dict[Kind, set[float]] = {kind: set() for kind in Kind}
    counts: set[int] = set()
    for value in _walk(question.facts):
        if isinstance(value, str):
            for figure in _figures(value.replace("_", " "), question):
                readings[figure.kind].update(figure.readings)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            readings[Kind.PLAIN].update((float(value), float(round(value))))
            if 0 < value < 1:
                readings[Kind.PERCENT].add(100 * value)
        elif isinstance(value, Sequence | Mapping):
            counts.add(len(value))
            if (part := _ratio(value)) is not None:
                readings[Kind.PERCENT].add(part)
    return _Known({kind: frozenset(found) for kind, found in readings.items()}, frozenset(counts))


def _walk(value: Any) -> Iterator[Any]:
    """The value and all that it holds, names included."""
    yield value
    if isinstance(value, Mapping):
        for name, held in value.items():
            yield name
            yield from _walk(held)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for held in value:
            yield from _walk(held)


def _ratio(value: Any) -> float | None:
    """So many of ten, as the facts tell it, in percent."""
    many = value.get("cuantos", value.get("how_many")) if isinstance(value, Mapping) else None
    return 10.0 * many if isinstance(many, int) else None


def _is_known(figure: Figure, known: _Known) -> bool:
    """Whether the data holds that number in that sense."""
    kinds = [figure.kind, *([figure.also] if figure.also else [])]
    if figure.is_counted_out and known.counts.intersection(map(int, figure.readings)):
        return True
    if any(_holds(known.readings[kind], figure.readings) for kind in kinds if kind is not Kind.STRANGE):
        return True
    if figure.kind is Kind.RATIO:
        return any(
            abs(percent - figure.readings[0]) <= figure.tolerance + 0.01
            for percent in known.readings[Kind.PERCENT] | known.readings[Kind.RATIO]
        )
    # "gastan 130 por compra": money without its sign
    is_sum = figure.kind is Kind.PLAIN and _AFTER_BARE_MONEY.fullmatch(figure.following) is not None
    return is_sum and _holds(known.readings[Kind.MONEY], figure.readings)


_AFTER_BARE_MONEY = re.compile(
    r"(?:por|cada|en|y|o|al?|de|la|mientras|contra|que|cuando|per|each|every|and|or|on|in|at|while|to|when|)"
)


def _holds(known: frozenset[float], readings: tuple[float, ...]) -> bool:
    return any(abs(one - reading) < 0.005 for one in known for reading in readings)


# ── what has no place in an answer ──

_LINK = re.compile(
    r"https?:|www\.|\bwa\.me\b|\b[\w.-]+@[\w-]+\.\w+|(?<!\w)@\w+|\b[\w-]{2,}\.(?:com|net|org|do|io|ai|app|info|co|me|ly|gov|edu)\b"
    r"|(?:\+?\d[ ().-]*){7,}",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[*`<>{}|\\~^]|\[|\]|#|__|&\w+;")
_LIST_MARK = re.compile(r"(?:[-–—•·►]|\d+[.)]) ")
_MACHINE = re.compile(
    r"\bxai-\w+|\bsk-\w{6,}|\bapi[ _-]?keys?\b|\bbearer\b|\bprompts?\b|\bjson\b|</?datos|\bsystem message\b"
    r"|\bmis instrucciones\b|\bmy instructions\b|\b(?:modelo de lenguaje|language model)\b|\b(?:as an ai|como una? ia)\b"
    r"|\bgrok\b|\w_\w|\b(?=\w*\d)(?=\w*[a-z])[\w-]{20,}\b",
    re.IGNORECASE,
)
_PROMISES = re.compile(
    r"\bgaranti\w+|\bguarante\w+|\bcura(?:n|r|ra)?\b|\bcures?\b|\badelgaz\w+|\bmedicin\w+|\bmedical\b|\bdemand(?:ar|arlos?|as)\b"
    r"|\b(?:abogado|tribunal|policia|embarg\w+|datacredito|lawyer|lawsuit|sue|police|court)\b"
    r"|\bburo de credito\b|\bcredit bureau\b|\bsin intereses\b|\binterest[- ]free\b|\bprestamos?\b|\bloans?\b"
    r"|\bhazte rico\b|\bget rich\b|\bcien por ciento seguro\b|\brisk[- ]free\b|\bsin riesgo\b"
)
_VICES = re.compile(
    r"\b(?:alcohol\w*|cervez\w+|ron|rones|whisky|vinos?|romo|tragos?|cigarr\w+|tabaco\w*|fumar|beber alcohol|presidente|brugal"
    r"|beers?|rum|wines?|liquors?|cigarettes?|tobacco|smok\w+)\b"
)


def _is_plain(words: str) -> bool:
    """True without control characters, invisible ones and pictures."""
    return not any(unicodedata.category(char) in _UNWANTED for char in words)


_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Zl", "Zp"})


def _fold(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.lower())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _runs(words: str) -> frozenset[tuple[str, ...]]:
    """Every run of eight words."""
    found = re.findall(r"\w+", words.lower())
    return frozenset(tuple(found[at : at + _ECHO_WORDS]) for at in range(len(found) - _ECHO_WORDS + 1))


def _echoed(question: Question) -> frozenset[tuple[str, ...]]:
    """The runs of words of all that may have been said before the data."""
    return _echo_runs(question.topic, question.language)


@lru_cache(maxsize=16)
def _echo_runs(topic: Topic, language: str) -> frozenset[tuple[str, ...]]:
    asked = Question(topic, "", language, {}, Persona("", (), ()))
    return frozenset(
        run for prompt in prompts.PROMPTS for run in _runs(prompts.write_instructions(asked, prompt.name))
    )
