"""Dates and times as tills write them, read without guessing twice.

A column's order (day first, month first…) is settled once by evidence; then every text is
read in that order or marked bad. The arrays take the *distinct* values of a column. Texts
of fixed width, which is nearly all of them, are read at once as a matrix of characters.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from colmado_insights.domain import SECONDS_A_DAY, day_number
from colmado_insights.storage.importing.vocabulary import fold, value_words

Texts = Sequence[str] | np.ndarray

FIRST_YEAR = 1990
LAST_YEAR = 2100
LOCAL_OFFSET = -4 * 3600
"""Dominican wall clock less UTC; the country has no summer time."""

_EXCEL_EPOCH = 25_569  # Excel's serial of 1970-01-01
_FIRST_SERIAL = _EXCEL_EPOCH + day_number(date(FIRST_YEAR, 1, 1))
_LAST_SERIAL = _EXCEL_EPOCH + day_number(date(LAST_YEAR, 12, 31))
_LONGEST = 60
_SAMPLE = 5_000
_DENSER = 4
"""A reading whose days lie this many times closer together is the right one."""

_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?)?(z?)")
_NUMERIC = re.compile(r"(\d{1,4}) ?[/.\-] ?(\d{1,2}) ?[/.\-] ?(\d{1,4})(?!\d)")
_DAY_MONTH_NAME = re.compile(
    r"(\d{1,2})(?: de |[ /.\-]+)([a-z]{3,10})\.?(?: del? |[ /.,\-]+)(\d{4}|\d{2})(?!\d)"
)
_MONTH_NAME_DAY = re.compile(r"([a-z]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_WEEKDAY = re.compile(r"^(?:lun|mar|mie|jue|vie|sab|dom|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? (?=\S)")
_CLOCK = re.compile(
    r"(?:(\d{1,2})[:.h](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d{1,9})?)?|(\d{1,2})(?= ?[ap]\W?))"
    r" ?(?:h|hrs|horas)?\.?"
    r"(?: ?([ap])\.? ?(?:m\.?)?)?"
    r"(?: ?(z|utc|gmt)| ?(?:utc|gmt)?([+\-])(\d{2}):?(\d{2})?)?"
)
_NAMED_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TWELVE_HOURS = re.compile(r"\d ?[ap]\.? ?m\.?")


@dataclass(frozen=True, slots=True)
class DateStyle:
    """The order of a date's parts, and whether the column's times of day may be believed."""

    order: str  # "ymd", "dmy", "mdy" or "excel"
    has_time: bool


@dataclass(frozen=True, slots=True)
class DateGuess:
    """A style and what decided it: `shape`, `parts`, `sequence`, `file_name`, `density`, `language` or `habit`."""

    style: DateStyle
    evidence: str

    @property
    def is_assumed(self) -> bool:
        """True when nothing in the data tells day-first from month-first."""
        return self.evidence in ("language", "habit")


# Reading


def parse_moments(values: Texts, style: DateStyle) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Wall-clock seconds (int64), has_time and bad of each text; an empty text is bad.

    Midnight counts as a time of day only where the column has other times too.
    """
    count = len(values)
    seconds = np.zeros(count, dtype=np.int64)
    has_time = np.zeros(count, dtype=bool)
    is_read = np.zeros(count, dtype=bool)
    if count:
        _read_fixed(values, style.order, seconds, has_time, is_read)
    for place in np.flatnonzero(~is_read).tolist():
        moment = _read_moment(str(values[place]), style.order)
        if moment is not None:
            seconds[place], has_time[place] = moment
            is_read[place] = True
    if not style.has_time:
        has_time &= seconds % SECONDS_A_DAY != 0
    return seconds, has_time, ~is_read


def parse_times(values: Texts) -> tuple[np.ndarray, np.ndarray]:
    """Seconds since midnight (int64) and bad of each time of day that stands in a column of its own."""
    seconds = np.zeros(len(values), dtype=np.int64)
    bad = np.ones(len(values), dtype=bool)
    for place, value in enumerate(values):
        read = _read_time(str(value))
        if read is not None:
            seconds[place], bad[place] = read, False
    return seconds, bad


def is_moment(text: str) -> bool:
    """True for a text that is a date, with or without a time, in one order or another."""
    return any(_read_moment(text, order) is not None for order in ("dmy", "mdy", "ymd"))


def _layouts(order: str) -> tuple[str, ...]:
    """The fixed-width texts that a style writes; those that start with the year are in every style."""
    clocks = (" HH:MM:SS", " HH:MM", "")
    dates = {"dmy": ("dd/mm/yyyy", "dd/mm/YY"), "mdy": ("mm/dd/yyyy", "mm/dd/YY")}.get(order, ())
    return tuple(day + clock for day in ("yyyy-mm-dd", *dates) for clock in clocks)


def _read_fixed(
    values: Texts, order: str, seconds: np.ndarray, has_time: np.ndarray, is_read: np.ndarray
) -> None:
    """Fill in the values of fixed width, layout by layout, over a matrix of characters."""
    layouts = _layouts(order)
    width = max(map(len, layouts)) + 1  # one more, so that longer texts match none
    texts = np.ascontiguousarray(np.asarray(values, dtype=f"<U{width}"))
    letters = texts.view(np.uint32).reshape(len(values), width)
    lengths = (letters != 0).sum(axis=1)
    for layout in layouts:
        places = np.flatnonzero((lengths == len(layout)) & ~is_read)
        if len(places):
            moments, good = _read_layout(letters[places], layout)
            seconds[places[good]] = moments[good]
            has_time[places[good]] = "HH" in layout
            is_read[places[good]] = True


def _read_layout(letters: np.ndarray, layout: str) -> tuple[np.ndarray, np.ndarray]:
    """Seconds and whether each row has the layout and is a day of the calendar."""
    good = np.ones(len(letters), dtype=bool)
    parts: dict[str, np.ndarray] = {}
    for place, sign in enumerate(layout):
        column = letters[:, place]
        if sign.isalpha():
            digit = column.astype(np.int64) - ord("0")
            good &= (digit >= 0) & (digit <= 9)
            parts[sign] = parts.get(sign, 0) * 10 + digit
        else:
            good &= np.isin(column, [ord(other) for other in _ALIKE[sign]])
    years = parts["y"] if "y" in parts else parts["Y"] + 2000 - np.where(parts["Y"] >= 70, 100, 0)
    days, is_day = _days_of(years, parts["m"], parts["d"])
    zero = np.zeros(len(letters), dtype=np.int64)
    hours, minutes, rest = (parts.get(sign, zero) for sign in "HMS")
    good &= is_day & (hours < 24) & (minutes < 60) & (rest < 60)
    return days * SECONDS_A_DAY + hours * 3600 + minutes * 60 + rest, good


_ALIKE = {"-": "-/.", "/": "/-.", " ": " T", ":": ":"}
"""Separators that may stand for one another in a fixed layout."""


def _days_of(years: np.ndarray, months: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Day numbers, and whether each is a day of the calendar between the years we take."""
    good = (years >= FIRST_YEAR) & (years <= LAST_YEAR) & (months >= 1) & (months <= 12) & (days >= 1)
    start = np.where(good, (years - 1970) * 12 + months - 1, 0).astype("datetime64[M]")
    numbers = start.astype("datetime64[D]") + np.where(good, days - 1, 0)
    good &= numbers.astype("datetime64[M]") == start
    return numbers.astype(np.int64), good


def _read_moment(text: str, order: str) -> tuple[int, bool] | None:
    """One text of any other width: seconds and whether it tells a time; None when it is no date."""
    if len(text) > _LONGEST:
        return None
    head, _space, tail = text.partition(" ")
    day, clock = _read_day_word(head, order), _read_clock_words(tail)
    if day is not None and clock is not None:
        return _join(day, clock), True
    return _read_unsplit(text, order)


def _read_unsplit(text: str, order: str) -> tuple[int, bool] | None:
    """One text that is not simply a date, a blank and a time."""
    plain = _plain(text)
    if _SERIAL.fullmatch(plain):
        return _read_serial(plain)
    if compact := _COMPACT.fullmatch(plain):
        return _read_compact(compact)
    split = _split_date(plain, order)
    if split is None:
        return None
    day, rest = split
    rest = rest.removeprefix("t").strip(" ,-")
    if not rest:
        return day * SECONDS_A_DAY, False
    clock = _read_clock(rest)
    return None if clock is None else (_join(day, clock), True)


@functools.lru_cache(maxsize=65_536)
def _read_day_word(word: str, order: str) -> int | None:
    """The day number of a date without blanks; a file has few of them."""
    split = _split_date(_plain(word).rstrip(","), order)
    return split[0] if split and not split[1] else None


@functools.lru_cache(maxsize=65_536)
def _read_clock_words(words: str) -> tuple[int, int | None] | None:
    """A time of day as `_read_clock` gives it; a file has few of them."""
    return _read_clock(_plain(words)) if words else None


def _join(day: int, clock: tuple[int, int | None]) -> int:
    """Wall-clock seconds of a day and a time, brought over from the time's own offset."""
    seconds, offset = clock
    return day * SECONDS_A_DAY + seconds + (0 if offset is None else LOCAL_OFFSET - offset)


def _plain(text: str) -> str:
    """Folded, with every kind of space as one space and Excel's apostrophe off."""
    return fold(text).strip("'\"= ")


def _read_serial(plain: str) -> tuple[int, bool] | None:
    """Excel's count of days, with the time of day as its fraction."""
    serial = float(plain.replace(",", "."))
    if not _FIRST_SERIAL <= serial < _LAST_SERIAL + 1:
        return None
    seconds = math.floor((serial - _EXCEL_EPOCH) * SECONDS_A_DAY + 0.5)
    return seconds, not serial.is_integer()


def _read_compact(found: re.Match[str]) -> tuple[int, bool] | None:
    """20260919, or 20260919201505 with the time."""
    day = _day(int(found[1]), int(found[2]), int(found[3]))
    if day is None:
        return None
    hour, minute, second = (int(found[part] or 0) for part in (4, 5, 6))
    if hour > 23 or minute > 59 or second > 59:
        return None
    seconds = day * SECONDS_A_DAY + hour * 3600 + minute * 60 + second
    return seconds + (LOCAL_OFFSET if found[7] else 0), found[4] is not None


def _split_date(plain: str, order: str) -> tuple[int, str] | None:
    """The day number at the start of a text, and what follows it."""
    if not _MONTH_NAME_DAY.match(plain):  # mar 19 2026 is in March, mar 19/9/2026 a Tuesday
        plain = _WEEKDAY.sub("", plain, count=1)
    if found := _NUMERIC.match(plain):
        day = _day_of_parts(found[1], found[2], found[3], order)
    elif found := _DAY_MONTH_NAME.match(plain):
        day = _day(_full_year(found[3]), _month(found[2]), int(found[1]))
    elif found := _MONTH_NAME_DAY.match(plain):
        day = _day(int(found[3]), _month(found[1]), int(found[2]))
    else:
        return None
    return None if day is None else (day, plain[found.end() :])


def _day_of_parts(first: str, second: str, third: str, order: str) -> int | None:
    """The day number of three numbers: a year of four digits in front wins over the order."""
    if len(first) == 4:
        return _day(int(first), int(second), int(third)) if len(third) <= 2 else None
    if len(first) == 3 or len(third) not in (2, 4):
        return None
    if order == "ymd" and len(third) == 2:
        return _day(_full_year(first), int(second), int(third))
    if order == "mdy":
        return _day(_full_year(third), int(first), int(second))
    if order == "ymd" and int(first) <= 12:
        return None  # among year-first dates nothing tells which of the two is the month
    return _day(_full_year(third), int(second), int(first))


def _full_year(text: str) -> int:
    """70 to 99 are of the last century."""
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= 70 else 2000)


def _month(name: str) -> int:
    """1 to 12, or 0 when the word is no month."""
    return int(value_words("months").get(name, 0))


def _day(year: int, month: int, day: int) -> int | None:
    """The day number, or None when there is no such day or the year is out of range."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return day_number(date(year, month, day))
    except ValueError:
        return None


def _read_clock(text: str) -> tuple[int, int | None] | None:
    """Seconds since midnight and the offset from UTC where the text has one; None when it is no time."""
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hour = int(found[1] or found[4])
    minute, second = int(found[2] or 0), int(found[3] or 0)
    if found[5]:
        if hour > 12 and found[5] == "a":
            return None
        hour = hour % 12 + (12 if found[5] == "p" else 0) if hour <= 12 else hour
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * 3600 + minute * 60 + second, _offset(found)


def _offset(found: re.Match[str]) -> int | None:
    """Seconds east of UTC, 0 for Z, None for a wall clock."""
    if found[6]:
        return 0
    if not found[7]:
        return None
    seconds = int(found[8]) * 3600 + int(found[9] or 0) * 60
    return -seconds if found[7] == "-" else seconds


def _read_time(text: str) -> int | None:
    """Seconds since midnight of a lone time, of Excel's fraction of a day, or of a full moment."""
    plain = _plain(text[:_LONGEST])
    clock = _read_clock(plain)
    if clock is not None:
        return clock[0]
    if re.fullmatch(r"0?[.,]\d+|0", plain):
        return math.floor(float(plain.replace(",", ".")) * SECONDS_A_DAY + 0.5) % SECONDS_A_DAY
    moment = _read_moment(plain, "ymd")  # a sheet may keep a time as 1899-12-30 20:15 or a whole moment
    if moment is None and plain.startswith(("1899-12-3", "1900-01-0")):
        clock = _read_clock(plain[10:].strip(" t"))
        return clock[0] if clock else None
    return moment[0] % SECONDS_A_DAY if moment and moment[1] else None


# Guessing


def guess_date_style(values: Texts, *, header_language: str = "", file_name: str = "") -> DateStyle:
    """The style in which a column's dates are written; `values` in file order."""
    return weigh_date_style(values, header_language=header_language, file_name=file_name).style


def weigh_date_style(values: Texts, *, header_language: str = "", file_name: str = "") -> DateGuess:
    """The style and its evidence, the strongest first: parts over 12, order in the file, name, density."""
    texts = [plain for plain in (_plain(str(value)[: _LONGEST + 1]) for value in values[:_SAMPLE]) if plain]
    order, evidence = _weigh_order(texts, header_language, file_name)
    _seconds, has_time, _bad = parse_moments(texts, DateStyle(order, has_time=False))
    return DateGuess(DateStyle(order, bool(has_time.any())), evidence)


def _weigh_order(texts: Sequence[str], header_language: str, file_name: str) -> tuple[str, str]:
    parts = [found for found in map(_NUMERIC.match, texts) if found and len(found[1]) < 3]
    serials = sum(1 for text in texts if _SERIAL.fullmatch(text))
    if texts and serials * 2 > len(texts):
        return "excel", "shape"
    if texts and not parts:
        starts_with_year = any(re.match(r"\d{4}", text) for text in texts)
        return ("ymd" if starts_with_year else "dmy"), "shape"
    pairs = [(int(found[1]), int(found[2])) for found in parts]
    if sum(first > 31 for first, _second in pairs) * 2 > len(pairs):
        return "ymd", "parts"
    first_over = sum(12 < first <= 31 for first, _second in pairs)
    second_over = sum(12 < second <= 31 for _first, second in pairs)
    if first_over != second_over:
        return ("dmy" if first_over > second_over else "mdy"), "parts"
    day_first, month_first = (_days_in_order(parts, order) for order in ("dmy", "mdy"))
    for evidence, decide in (("sequence", _by_sequence), ("density", _by_density)):
        if evidence == "density" and (order := _by_file_name(day_first, month_first, file_name)):
            return order, "file_name"
        if order := decide(day_first, month_first):
            return order, evidence
    if header_language == "en" and any(_TWELVE_HOURS.search(text) for text in texts):
        return "mdy", "language"
    return "dmy", "habit"


def _days_in_order(parts: Sequence[re.Match[str]], order: str) -> list[int]:
    """The days of the file under one reading, in file order, each run once."""
    days = (_day_of_parts(found[1], found[2], found[3], order) for found in parts)
    return [day for day, _run in itertools.groupby(day for day in days if day is not None)]


def _by_sequence(day_first: Sequence[int], month_first: Sequence[int]) -> str:
    """Tills write in order: the reading that goes back less often."""
    broken = {order: _share_broken(days) for order, days in (("dmy", day_first), ("mdy", month_first))}
    if min(broken.values()) > 0.05 or abs(broken["dmy"] - broken["mdy"]) < 0.05:
        return ""
    return min(broken, key=lambda order: broken[order])


def _share_broken(days: Sequence[int]) -> float:
    """Share of steps against the file's main direction; 0 with nothing to compare."""
    steps = [later - earlier for earlier, later in itertools.pairwise(days)]
    back = sum(step < 0 for step in steps)
    return min(back, len(steps) - back) / len(steps) if steps else 0.0


def _by_file_name(day_first: Sequence[int], month_first: Sequence[int], file_name: str) -> str:
    """receipts-2026-01-01-2026-01-31.csv says where its days must lie."""
    named = [_day(*(int(part) for part in found)) for found in _NAMED_DATE.findall(file_name)]
    known = [day for day in named if day is not None]
    if len(known) < 2:
        return ""
    inside = [
        sum(min(known) <= day <= max(known) for day in days) / max(1, len(days))
        for days in (day_first, month_first)
    ]
    if inside[0] == inside[1]:
        return ""
    return "dmy" if inside[0] > inside[1] else "mdy"


def _by_density(day_first: Sequence[int], month_first: Sequence[int]) -> str:
    """A week of sales lies on seven neighbouring days, not on the first of seven months."""
    spans = [max(days) - min(days) + 1 if len(set(days)) >= 3 else 0 for days in (day_first, month_first)]
    if not all(spans):
        return ""
    if spans[0] * _DENSER <= spans[1]:
        return "dmy"
    return "mdy" if spans[1] * _DENSER <= spans[0] else ""
