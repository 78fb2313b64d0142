"""The numbers in a text, in digits or in words, each with its kind: money, a share, an hour, a ratio or a plain count.

    >>> [str(each) for each in find_figures("Gastan RD$ 1,250.50, un 35 % a las 7 p. m.", "es")]
    ['money 1250.5', 'percent 35', 'hour 19']

A figure may be read in several ways: "1.250" is 1250 or 1.25, "a las 7" is 7 or 19.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What a number counts."""

    PLAIN = "plain"
    MONEY = "money"
    PERCENT = "percent"
    HOUR = "hour"  # 0 … 24
    RATIO = "ratio"  # in percent, and rougher than one
    STRANGE = "strange"  # of a kind that no data of ours holds: dollars, two for one, thousands of …


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, how it may be read, and what tells how it is meant."""

    kind: Kind
    readings: tuple[float, ...]
    start: int
    end: int
    also: Kind | None = None  # another kind it may be: "20 y 35 %" may speak of 20 of something else
    is_counted_out: bool = False  # "los 3 días": of something that was named
    tolerance: float = 0.0
    following: str = ""  # the word after a plain one

    def __str__(self) -> str:
        return f"{self.kind} {' / '.join(f'{reading:g}' for reading in self.readings)}"


# ── words to digits ──

_UNITS: Mapping[str, Mapping[str, int]] = {
    "es": {
        "cero": 0, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
        "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16,
        "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiun": 21, "veintiuno": 21,
        "veintiuna": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25,
        "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29, "treinta": 30,
        "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
        "cien": 100, "ciento": 100, "doscientos": 200, "doscientas": 200, "trescientos": 300,
        "trescientas": 300, "cuatrocientos": 400, "cuatrocientas": 400, "quinientos": 500, "quinientas": 500,
        "seiscientos": 600, "seiscientas": 600, "setecientos": 700, "setecientas": 700, "ochocientos": 800,
        "ochocientas": 800, "novecientos": 900, "novecientas": 900, "docena": 12,
    },
    "en": {
        "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
        "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "hundred": 100,
    },
}  # fmt: skip
_ONE = {"es": {"un": 1, "uno": 1, "una": 1}, "en": {"one": 1, "a": 1}}
"""Articles and pronouns, unless they end a number or begin a ratio."""
_THOUSAND = {"es": "mil", "en": "thousand"}
_MANY = {
    "es": r"\b(?:decenas|docenas|cientos|centenares|miles|millones|millon)\b",
    "en": r"\b(?:tens|dozens|hundreds|thousands|millions?)\b",
}
_WORD = re.compile(r"[^\W\d_]+")
_PER_HUNDRED = re.compile(r"(\w+)( +(?:por ciento|per cent|percent)\b)")


def _fold(words: str) -> str:
    """Lower case, without accents that Spanish numbers carry, every kind of space plain; as long as before."""
    plain = "".join(_fold_one(char) for char in words)
    return plain.lower() if len(plain.lower()) == len(plain) else plain


def _fold_one(char: str) -> str:
    if char.isspace():
        return " "
    simple = unicodedata.normalize("NFKD", char)
    if char in "½¼¾⅓⅔" or len(simple) == 0:
        return "\N{BALLOT X}"
    return simple[0]


def _in_digits(words: str, language: str) -> str:
    """The text with numbers in words written as digits, padded so that every place stays where it was."""
    units, ones, thousand = _UNITS[language], _ONE[language], _THOUSAND[language]
    words = _PER_HUNDRED.sub(lambda found: _as_sign(found, units), words)
    found: list[tuple[int, int, int]] = []  # start, end, value
    tokens = list(_WORD.finditer(words))
    at = 0
    while at < len(tokens):
        value, after = _read_number(words, tokens, at, units, ones, thousand)
        if after == at:
            at += 1
            continue
        found.append((tokens[at].start(), tokens[after - 1].end(), value))
        at = after
    for start, end, value in reversed(found):
        digits = str(value)
        if len(digits) <= end - start:  # "mil" is shorter than 1000
            words = words[:start] + digits.ljust(end - start) + words[end:]
        else:
            words = words[:start] + digits + words[end:]
    return words


def _as_sign(found: re.Match[str], units: Mapping[str, int]) -> str:
    """35 %; but "por ciento cincuenta pesos" after no number is as it was."""
    number = "1".ljust(len(found[1])) if found[1] in ("un", "uno", "one") else found[1]
    is_number = number[0] == "1" or number[-1].isdigit() or number in units
    return number + " %".ljust(len(found[2])) if is_number else found.group()


def _read_number(
    words: str,
    tokens: list[re.Match[str]],
    at: int,
    units: Mapping[str, int],
    ones: Mapping[str, int],
    thousand: str,
) -> tuple[int, int]:
    """The number in words that begins at a token, and the token after it; the same token where none begins."""
    whole, part, place, last = 0, 0, at, 10_000
    if words[: tokens[at].start()].rstrip()[-1:].isdigit() and tokens[at].group() == thousand:
        return 0, at  # "18 mil"
    while place < len(tokens):
        token = tokens[place].group()
        gap = words[tokens[place - 1].end() : tokens[place].start()] if place > at else ""
        if place > at and gap.strip(" -"):
            break
        if token in ("y", "and") and place > at and place + 1 < len(tokens):
            following = tokens[place + 1].group()
            value = ones.get(following, units.get(following, 0))
            joins = 20 < last < 100 and value < 10 if token == "y" else last == 100 and value < 100
            if not (value and joins) or words[tokens[place].end() : tokens[place + 1].start()].strip():
                break
            part, place, last = part + value, place + 2, value
            continue
        if token == thousand and (part or place == at):
            whole, part, place, last = (part or 1) * 1000, 0, place + 1, 1000
            continue
        if token == "hundred" and 0 < part < 10:
            part, place, last = part * 100, place + 1, 100
            continue
        is_end = place > at and (last >= 100 or (20 <= last < 100 and token == "one"))
        value = units.get(token, 1 if is_end and token in ("un", "uno", "una", "one") else -1)
        is_smaller = value >= 0 and (
            place == at
            or (last >= 100 > value)
            or (last == 1000 > value)
            or (20 <= last < 100 and value < 10)
        )
        if not is_smaller or (20 < last < 100 and thousand == "mil"):  # "treinta cinco" is no number
            break
        part, place, last = part + value, place + 1, value if value < 100 else 100
    return whole + part, place


# ── digits to figures ──

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TIMES = re.compile(r"\b\d+ *(?:x|×|por|for) *(?:\d+|uno|one)\b")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d\d)(?![\d:])")
_MERIDIEM = re.compile(
    r" *(?:(?P<am>a\. ?m\b|am\b|de la manana|de la madrugada|in the morning)"
    r"|(?P<pm>p\. ?m\b|pm\b|de la tarde|de la noche|del mediodia|in the afternoon|in the evening|at night))"
)
_MONEY_BEFORE = re.compile(r"(?:rd ?\$|(?<!us)(?<!us )\$|\bdop|\brd) *$")
_FOREIGN_BEFORE = re.compile(r"(?:us ?\$|\busd|€|£|\beur) *$")
_MONEY_AFTER = re.compile(r" *(?:pesos?\b|dop\b|rd ?\$|cheles\b)")
_FOREIGN_AFTER = re.compile(r" *(?:dolares|dollars|usd|euros?)\b")
_PERCENT_AFTER = re.compile(r" *%")
_HOUR_BEFORE = re.compile(r"\b(?:las?|tipo|at|by|before|after|until|till|from|around|between) *$")
_OCLOCK_AFTER = re.compile(r" *(?:o'?clock|en punto|hrs?\b)")
_COUNTED_BEFORE = re.compile(
    r"\b(?:los|las|estos|estas|esos|esas|sus|tus|the|these|those|their|your|all|todos los|todas las) *$"
)
_THOUSANDS_AFTER = re.compile(r" *(?:mil\b|k\b|thousand\b)")
_MILLIONS_AFTER = re.compile(r" *(?:millon\b|millones\b|millions?\b|m\b(?!\.))")
_JOINED = re.compile(
    r" *(?:y|o|e|u|a|al|ni|hasta|-|–|—|to|and|or|through|until)? *(?:las?|de las?|los|el)? *"
)
_RATIO = re.compile(
    r"\b(\d+|un|uno|una|one) +(?:de +cada|de +los|(?:out +)?of +every|out +of|in +every|in) +(\d+)\b"
)
_FRACTIONS: Mapping[str, tuple[tuple[re.Pattern[str], float], ...]] = {
    "es": (
        (re.compile(r"\b3 +cuartas partes\b"), 75.0),
        (re.compile(r"\b2 +tercios\b|\b2 +terceras partes\b"), 200 / 3),
        (re.compile(r"\bla tercera parte\b|\bun tercio\b"), 100 / 3),
        (re.compile(r"\b(?:la|una) cuarta parte\b"), 25.0),
        (re.compile(r"\b(?:la|una|otra) quinta parte\b"), 20.0),
        (re.compile(r"\bla mitad\b(?! de precio)"), 50.0),
    ),
    "en": (
        (re.compile(r"\b3 +(?:quarters|fourths)\b"), 75.0),
        (re.compile(r"\b2 +thirds\b"), 200 / 3),
        (re.compile(r"\b(?:a|one) third of\b"), 100 / 3),
        (re.compile(r"\b(?:a|one) (?:quarter|fourth) of\b"), 25.0),
        (re.compile(r"\b(?:a|one) fifth of\b"), 20.0),
        (re.compile(r"\bhalf (?:of|the|their|your)\b"), 50.0),
    ),
}
_STRANGE: Mapping[str, re.Pattern[str]] = {
    "es": re.compile(
        rf"{_MANY['es']}|\bel (?:doble|triple|cuadruple)\b(?! sueldo)|\bmitad de precio\b|\bduplic\w+|\btriplic\w+"
        r"|\b\d\d? +(?:y media\b|y cuarto\b|menos cuarto\b)"
    ),
    "en": re.compile(
        rf"{_MANY['en']}|\btwice (?:as|the)\b|\b(?:double|triple) (?:the|their|your|what)\b|\bhalf price\b"
    ),
}


def find_figures(words: str, language: str) -> tuple[Figure, ...]:
    """All numbers of a text, in their order; places are those of the text as it is looked at here."""
    language = language if language in _UNITS else "es"
    folded = _in_digits(_fold(words), language)
    figures = list(_ratios(folded, language))
    taken = [(each.start, each.end) for each in figures]
    for match in _CLOCK.finditer(folded):
        figures.append(_clock(folded, match))
        taken.append(match.span())
    figures += [
        _figure(folded, match)
        for match in _NUMBER.finditer(folded)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    figures += [Figure(Kind.STRANGE, (), *match.span()) for match in re.finditer("\N{BALLOT X}", folded)]
    return tuple(_share_kinds(sorted(figures, key=lambda each: each.start), folded))


def _ratios(folded: str, language: str) -> Iterator[Figure]:
    """Two of ten, a third, the half; and what is said of no number of ours: twice as much, two for one."""
    for match in _RATIO.finditer(folded):
        of = float(match[2])
        part = float(match[1]) if match[1].isdigit() else 1.0
        is_one = " in " in match.group() and of > 24  # "6 in 30 minutes"
        if of and part <= of and not is_one:
            yield Figure(Kind.RATIO, (100 * part / of,), *match.span(), tolerance=min(50 / of, 6.0))
    for pattern, percent in _FRACTIONS[language]:
        for match in pattern.finditer(folded):
            yield Figure(Kind.RATIO, (percent,), *match.span(), tolerance=5.0)
    for strange in (_STRANGE[language], _TIMES):
        for match in strange.finditer(folded):
            yield Figure(Kind.STRANGE, (), *match.span())


def _clock(folded: str, match: re.Match[str]) -> Figure:
    """7:30 p. m., 19:00."""
    half = _MERIDIEM.match(folded, match.end())
    is_of_24 = half is None and match[1].startswith("0")
    hours = (float(match[1]),) if is_of_24 else _hours(float(match[1]), half)
    return Figure(
        Kind.HOUR,
        tuple(hour + int(match[2]) / 60 for hour in hours),
        match.start(),
        half.end() if half else match.end(),
    )


def _hours(hour: float, half: re.Match[str] | None) -> tuple[float, ...]:
    """On the clock of 24; both halves of the day where none is said."""
    if half is None:
        return (hour, hour + 12) if 1 <= hour < 12 else (hour, 0.0) if hour == 12 else (hour,)
    if hour == 12 and "noche" in half.group():
        return (0.0,)
    if hour == 12:
        return (0.0,) if half["am"] else (12.0,)
    return (hour + 12,) if half["pm"] and hour < 12 else (hour,)


def _figure(folded: str, match: re.Match[str]) -> Figure:
    """One number in digits with the kind that the words around it tell."""
    before, end = folded[: match.start()], match.end()
    readings = _readings(match.group())
    for pattern, times in ((_THOUSANDS_AFTER, 1e3), (_MILLIONS_AFTER, 1e6)):
        if more := pattern.match(folded, end):
            readings, end = tuple(reading * times for reading in readings), more.end()
            break
    word = _WORD.match(folded, end + len(folded[end:]) - len(folded[end:].lstrip()))
    plain = Figure(
        Kind.PLAIN,
        readings,
        match.start(),
        end,
        is_counted_out=bool(_COUNTED_BEFORE.search(before)),
        following=word.group() if word else "",
    )
    if _FOREIGN_BEFORE.search(before) or _FOREIGN_AFTER.match(folded, end):
        return replace(plain, kind=Kind.STRANGE)
    if _MONEY_BEFORE.search(before):
        return replace(plain, kind=Kind.MONEY)
    for pattern, kind in ((_MONEY_AFTER, Kind.MONEY), (_PERCENT_AFTER, Kind.PERCENT)):
        if unit := pattern.match(folded, end):
            return replace(plain, kind=kind, end=unit.end())
    half = _MERIDIEM.match(folded, end)
    is_hour = half or _OCLOCK_AFTER.match(folded, end) or _HOUR_BEFORE.search(before)
    if is_hour and readings[0] <= 24:
        kind, also = (Kind.HOUR, None) if half else (Kind.HOUR, Kind.PLAIN)
        hours = _hours(readings[0], half)
        end = half.end() if half else end
        return replace(
            plain,
            kind=kind,
            also=also,
            readings=hours,
            end=end,
            is_counted_out=plain.is_counted_out and not half,
        )
    return plain


def _readings(digits: str) -> tuple[float, ...]:
    """1,250.50 → 1250.5; 1.250 → 1250 or 1.25; 1,5 → 1.5."""
    marks = [char for char in digits if char in ".,"]
    if not marks:
        return (float(digits),)
    groups = re.split("[.,]", digits)
    are_thousands = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3
    whole = float("".join(groups))
    decimal = float(f"{''.join(groups[:-1])}.{groups[-1]}")
    if len(set(marks)) == 2:
        return (decimal,) if marks[-1] not in marks[:-1] else (whole,)
    if len(marks) > 1:
        return (whole,)
    return (whole, decimal) if are_thousands else (decimal,)


def _share_kinds(figures: list[Figure], folded: str) -> list[Figure]:
    """Let "20 y 35 %" and "RD$ 200 a 300" share what stands once."""
    for place in range(len(figures) - 2, -1, -1):
        mine, following = figures[place], figures[place + 1]
        unit = following.also or following.kind
        if (
            mine.kind is Kind.PLAIN
            and unit in (Kind.PERCENT, Kind.MONEY, Kind.HOUR)
            and _is_joined(folded, mine, following)
        ):
            figures[place] = replace(mine, also=unit)
    for place in range(1, len(figures)):
        mine, earlier = figures[place], figures[place - 1]
        unit = earlier.kind
        if (
            mine.kind is Kind.PLAIN
            and mine.also is None
            and unit in (Kind.MONEY, Kind.HOUR)
            and _is_joined(folded, earlier, mine)
        ):
            figures[place] = replace(mine, also=unit)
    return figures


def _is_joined(folded: str, left: Figure, right: Figure) -> bool:
    between = folded[left.end : right.start].replace("rd$", " ").replace("$", " ")
    return bool(_JOINED.fullmatch(between)) and len(between.strip()) > 0
