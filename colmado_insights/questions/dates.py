"""When: the days and hours that a question names, as they are said in a colmado.

"El domingo" is the last one before today, or the next one when what is ahead is asked; "la quincena" is the half of
the month that holds today. What was understood is said with the answer.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from colmado_insights.analytics.dominican_days import HOLIDAYS, OCCASIONS, DominicanDays
from colmado_insights.questions.query import DAY_HOURS, DateSpan

WEEKDAYS = ("domingo", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado")
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
DAY_PARTS = {
    "madrugada": (0, 6),
    "manana": (6, 12),
    "mediodia": (12, 14),
    "tarde": (12, 19),
    "noche": (19, DAY_HOURS),
}
"""Which hours are meant by a part of the day."""
MIDDAY, OPENING = 12, 7
FIRST_HALF = 15
"""Last day of the first half of a month."""
FEASTS = {
    "navidad": "navidad",
    "nochebuena": "nochebuena",
    "semana santa": "semana_santa",
    "viernes santo": "viernes_santo",
    "ano nuevo": "ano_nuevo",
    "dia de reyes": "reyes",
    "dia de las madres": "mothers_day",
    "dia de los padres": "fathers_day",
    "san valentin": "san_valentin",
    "dia de la altagracia": "altagracia",
    "dia de la independencia": "independencia",
    "dia de duarte": "duarte",
    "dia de las mercedes": "mercedes",
    "las mercedes": "mercedes",
    "dia de la restauracion": "restauracion",
    "la restauracion": "restauracion",
    "dia de la constitucion": "constitucion",
}
_NUMBER_WORDS = (
    "cero|uno un una primero|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|"
    "dieciseis|diecisiete|dieciocho|diecinueve|veinte|veintiuno|veintidos|veintitres|veinticuatro|veinticinco|"
    "veintiseis|veintisiete|veintiocho|veintinueve|treinta"
)
_NUMBERS = {word: number for number, words in enumerate(_NUMBER_WORDS.split("|")) for word in words.split()}
FUTURE = re.compile(
    r"\b(?:voy|vamos|va|van) a (?:vender|entrar|ser|facturar|venir|comprar|hacer)\b"
    r"|\b(?:vendere\w*|vendera\w*|pronostico|cree[ns]? que (?:vendo|venda|voy|se venda)|proxim[oa]s?|viene|vienen|espera|espero|esperar)\b"
)
"""By these words what is ahead is asked for."""

_N = r"(\d{1,2}|" + "|".join(_NUMBERS) + ")"
_W = "(" + "|".join(WEEKDAYS) + ")"
_ANY_DAY = "(?:" + "|".join(WEEKDAYS) + ")"
_M = "(" + "|".join(MONTHS) + ")"
_Y = r"(20\d\d)"
_OF_YEAR = r"(?: (?:del? )?(?:ano )?(20\d\d)| del? (ano pasado|pasado ano|este ano))"
_OF_MONTH = rf"(?: de(?:l)? (?:mes de )?(?:{_M}|(este mes|mes)|(mes pasado)))?(?: del? (?:ano )?{_Y})?"
_PART = "(madrugada|manana|mediodia|tarde|noche)"
_SUFFIX = rf"(?: (?:de la|del|en la|de) {_PART}| ?(am|pm|a m|p m))"


@dataclass(frozen=True, slots=True)
class _Found:
    """A time phrase: where it stands in the text, what it means, and what a step back from it is."""

    start: int
    end: int
    span: DateSpan
    unit: str  # day | week | weekend | fortnight | month | year | days


@dataclass(frozen=True, slots=True)
class Times:
    """All that a question says of when; `places` are the words that say it."""

    spans: tuple[DateSpan, ...]
    places: frozenset[int]
    units: tuple[str, ...]
    is_future: bool
    is_broken: bool = False  # a day that no calendar has
    is_joined: bool = False  # two of them, by a word such as "o"


def find_times(words: Sequence[str], now: date, days: DominicanDays) -> Times:
    """The days and hours named among folded words; a word None of which is about time has none."""
    text = " ".join(words)
    look = _Look(text, now, days)
    found = look.find()
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    places = {place for place, start in enumerate(starts[:-1]) if any(a <= start < b for a, b in look.taken)}
    return Times(
        tuple(each.span for each in found),
        frozenset(places),
        tuple(each.unit for each in found),
        look.is_future,
        look.is_broken,
        len(found) > 1
        and re.search(r"\b(?:y|o|que|contra|con|al?)\b", text[found[0].end : found[1].end]) is not None,
    )


class _Look:
    """One reading of a text: what was read is not read again."""

    def __init__(self, text: str, now: date, days: DominicanDays) -> None:
        self.text, self.now, self.days = text, now, days
        self.is_future = FUTURE.search(text) is not None
        self.is_broken = False
        self.taken: list[tuple[int, int]] = []

    def find(self) -> list[_Found]:
        """The spans, in the order of the text, with the hours that go for all of them."""
        hours = self._hours()
        weekday = self._every_weekday()
        found: list[_Found] = []
        for pattern, make in _SPANS:
            for match in re.finditer(rf"\b(?:{pattern})(?!\S)", self.text):
                if self._is_free(match):
                    made = make(self, match)
                    self.is_broken |= made is None
                    if made is not None:
                        self._take(match)
                        found.append(_Found(match.start(), match.end(), *made))
        found = self._told_apart(self._joined(sorted(found, key=lambda each: each.start)))
        found += self._the_one_before(found)
        if hours:
            found = [self._at(each, hours) for each in found] or [
                _Found(0, 0, DateSpan(self.now, self.now, *hours, is_assumed=True), "hours")
            ]
        if weekday is not None:
            found = [replace(each, span=replace(each.span, weekday=weekday)) for each in found] or [
                _Found(0, 0, DateSpan(self.now, self.now, weekday=weekday, is_assumed=True), "weekday")
            ]
        return found

    def _at(self, found: _Found, hours: tuple[int, int]) -> _Found:
        within = _within((found.span.from_hour, found.span.to_hour), hours)
        self.is_broken |= within is None
        return (
            replace(found, span=replace(found.span, from_hour=within[0], to_hour=within[1]))
            if within
            else found
        )

    def _is_free(self, match: re.Match[str]) -> bool:
        return all(match.end() <= start or end <= match.start() for start, end in self.taken)

    def _take(self, match: re.Match[str]) -> None:
        self.taken.append(match.span())

    # ── hours ──

    def _hours(self) -> tuple[int, int] | None:
        """The hours of the clock, or a part of the day, or the ones within the other: "en la noche, después de las 8"."""
        clock, part = self._first_hours(_CLOCK), self._first_hours(_PARTS)
        if clock is None or part is None:
            return clock or part
        within = _within(part, clock)
        self.is_broken |= within is None
        return within

    def _first_hours(self, patterns: tuple[_Hours, ...]) -> tuple[int, int] | None:
        for pattern, make in patterns:
            match = re.search(rf"\b(?:{pattern})(?!\S)", self.text)
            if match and self._is_free(match) and (hours := make(match)) is not None and hours[0] < hours[1]:
                self._take(match)
                return hours
        return None

    def _every_weekday(self) -> int | None:
        match = re.search(rf"\b(?:los|cada|todos los) {_W}s?(?!\S)", self.text)
        if match is None or not self._is_free(match):
            return None
        self._take(match)
        return WEEKDAYS.index(match[1])

    # ── two phrases that make one ──

    def _joined(self, found: list[_Found]) -> list[_Found]:
        """«Desde el lunes», «desde el lunes hasta ayer», «entre lunes y viernes»."""
        done: list[_Found] = []
        for each in found:
            before = self.text[: each.start].rstrip()
            opening = re.search(r"\b(desde|a partir de|entre|de)(?: el| la| los| del)?$", before)
            closing = re.search(r"\b(hasta|a|al|y)(?: el| la)?$", before)
            if done and closing and done[-1].unit.startswith("from:"):
                since = done.pop()
                is_between = since.unit in ("from:desde", "from:a partir de")
                if closing[1] == "y" and is_between:
                    done += [since, each]
                    continue
                done.append(self._through(since, each))
                self.taken.append(closing.span())
            elif opening and not each.unit.startswith("from:"):
                done.append(replace(each, unit=f"from:{opening[1]}"))
                if opening[1] != "de":
                    self.taken.append(opening.span())
            elif closing and closing[1] == "hasta" and not done:
                self.is_broken = True  # until then, but since when?
            else:
                done.append(each)
        return [self._opened(each) for each in done]

    def _through(self, since: _Found, until: _Found) -> _Found:
        first, last = since.span.first, until.span.last
        if first > last and until.unit == "day":  # "de lunes a viernes", said on a Thursday
            first -= timedelta(days=7 * (((first - last).days + 6) // 7))
        first, last = min(first, last), max(first, last)
        return _Found(since.start, until.end, DateSpan(first, last), "days")

    def _opened(self, each: _Found) -> _Found:
        """«Desde el viernes» goes until today."""
        if each.unit in ("from:desde", "from:a partir de"):
            last = max(self.now, each.span.last)
            return replace(each, span=replace(each.span, last=last), unit="days")
        return replace(each, unit="day") if each.unit.startswith("from:") else each

    def _told_apart(self, found: list[_Found]) -> list[_Found]:
        """«Este sábado contra el sábado pasado»: the second is the one before; any other day named twice is none."""
        if len(found) != 2 or found[0].span != found[1].span:
            return found
        first, second = found
        is_before = re.search(r" (?:pasado|anterior)$", self.text[second.start : second.end])
        self.is_broken |= not is_before
        return [first, replace(second, span=step_back(second.span, second.unit))]

    def _the_one_before(self, found: list[_Found]) -> Iterator[_Found]:
        """«¿Este mes o el pasado?»: the stretch before the one named."""
        match = re.search(
            r"\b(?:o|que|contra|y|al?|con) (?:el|la|los|las)?\s?(?:del? |de la )?(?:pasad[oa]|anterior)(?!\S)",
            self.text,
        )
        if match and len(found) == 1 and self._is_free(match):
            self._take(match)
            yield _Found(match.start(), match.end(), step_back(found[0].span, found[0].unit), found[0].unit)


def step_back(span: DateSpan, unit: str) -> DateSpan:
    """The whole stretch before one: the month before a month, however much of this one has passed."""
    before = span.first - timedelta(days=1)
    if unit == "month":
        return replace(span, first=before.replace(day=1), last=before)
    if unit == "fortnight":
        return replace(
            span, first=before.replace(day=1 if before.day <= FIRST_HALF else FIRST_HALF + 1), last=before
        )
    if unit == "year":
        return replace(span, first=before.replace(month=1, day=1), last=before)
    if unit == "day":
        return replace(span, first=span.first - timedelta(days=7), last=span.last - timedelta(days=7))
    length = 7 if unit in ("week", "weekend") else span.days
    return replace(
        span,
        first=span.first - timedelta(days=length),
        last=before if unit == "week" else span.last - timedelta(days=length),
    )


def running_span(unit: str, today: date) -> DateSpan | None:
    """The stretch of a kind that runs now, up to today."""
    firsts = {
        "day": today,
        "week": _monday(today),
        "fortnight": today.replace(day=1 if today.day <= FIRST_HALF else FIRST_HALF + 1),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }
    return DateSpan(firsts[unit], today) if unit in firsts else None


# ── hours ──


def _hour(text: str, part: str | None, mark: str | None) -> int:
    """5 de la tarde is 17; an hour that nobody could mean in the morning is one of the afternoon."""
    hour = int(text) if text.isdigit() else _NUMBERS[text]
    if hour > MIDDAY:
        return hour
    is_pm = part in ("tarde", "noche", "mediodia") or (mark or "").startswith("p")
    is_am = part in ("manana", "madrugada") or (mark or "").startswith("a")
    if hour == MIDDAY:
        return DAY_HOURS if part == "noche" else 0 if part == "madrugada" else MIDDAY
    if is_pm and not (part == "mediodia" and hour == 11):
        return hour + MIDDAY
    return hour if is_am or hour >= OPENING else hour + MIDDAY


def _between_hours(match: re.Match[str]) -> tuple[int, int] | None:
    first, last, part, mark = match[1], match[2], match[3], match[4]
    until = _hour(last, part, mark)
    since = _hour(first, part, mark)
    if since >= until:
        since -= MIDDAY
    return (since, until) if 0 <= since < until <= DAY_HOURS else None


def _within(part: tuple[int, int], hours: tuple[int, int]) -> tuple[int, int] | None:
    """Hours of the clock within a part of the day: after 8 "anoche" is after 20; None when they are none of it."""
    if part == (0, DAY_HOURS):
        return hours
    later = MIDDAY if part[0] >= MIDDAY else 0
    since = part[0] if hours[0] == 0 else hours[0] + later * (hours[0] < MIDDAY)
    until = part[1] if hours[1] == DAY_HOURS else hours[1] + later * (hours[1] <= MIDDAY)
    return (since, until) if part[0] <= since < until <= part[1] else None


def _one_hour(match: re.Match[str]) -> tuple[int, int] | None:
    hour = _hour(match[1], match[2], match[3])
    return None if hour > DAY_HOURS else (hour % DAY_HOURS, hour % DAY_HOURS + 1)


_Hours = tuple[str, Callable[[re.Match[str]], tuple[int, int] | None]]
_CLOCK: tuple[_Hours, ...] = (
    (rf"(?:entre|de|desde) (?:las? )?{_N} (?:y|a|hasta) (?:las? )?{_N}{_SUFFIX}", _between_hours),
    (
        rf"(?:entre|de|desde) las? {_N} (?:y|a|hasta) las? {_N}()()",
        _between_hours,
    ),
    (
        rf"(?:despues de|a partir de|desde|pasadas) las? {_N}(?:{_SUFFIX})?",
        lambda m: (_hour(m[1], m[2], m[3]), DAY_HOURS),
    ),
    (rf"antes de las? {_N}(?:{_SUFFIX})?", lambda m: (0, _hour(m[1], m[2], m[3]))),
    (rf"a las? {_N}(?:{_SUFFIX})?", _one_hour),
)  # fmt: skip
_PARTS: tuple[_Hours, ...] = (
    (rf"(?:por|en|de|a|durante) la {_PART}", lambda m: DAY_PARTS[m[1]]),
    (r"(?:al|a|de|del) (mediodia)", lambda m: DAY_PARTS[m[1]]),
    (r"de (noche|madrugada)", lambda m: DAY_PARTS[m[1]]),
)  # fmt: skip


# ── days ──

_Made = tuple[DateSpan, str]


def number(text: str) -> int:
    """5 or «cinco»; 0 for a word that is no number."""
    return int(text) if text.isdigit() else _NUMBERS.get(text, 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _one(day: date) -> _Made:
    return DateSpan(day, day), "day"


def _ago(days: int) -> Callable[[_Look, re.Match[str]], _Made]:
    return lambda look, _match: _one(look.now - timedelta(days=days))


def _part_of(days: int, part: str) -> Callable[[_Look, re.Match[str]], _Made]:
    def make(look: _Look, _match: re.Match[str]) -> _Made:
        day = look.now - timedelta(days=days)
        return DateSpan(day, day, *DAY_PARTS[part]), "day"

    return make


def _year_of(look: _Look, month: int, day: int, said: str | None) -> int:
    """The year meant: the one said, or else that of the last such day, or of the next when what is ahead is asked."""
    if said:
        return int(said)
    is_past = (month, day) <= (look.now.month, look.now.day)
    if look.is_future:
        return (
            look.now.year
            if not is_past or (month, day) == (look.now.month, look.now.day)
            else look.now.year + 1
        )
    return look.now.year if is_past else look.now.year - 1


def _said_year(look: _Look, number: str | None, words: str | None) -> str | None:
    """2025, or "el año pasado"."""
    return number or (str(look.now.year - (words != "este ano")) if words else None)


def _dated(look: _Look, match: re.Match[str]) -> _Made | None:
    day, month = number(match[1]), MONTHS.index(match[2]) + 1
    return _named_day(
        match, _day(_year_of(look, month, day, _said_year(look, match[3], match[4])), month, day)
    )


def _named_day(match: re.Match[str], found: date | None) -> _Made | None:
    """That day, unless it was called by the name of another: "el lunes 15" that is a Sunday."""
    said = re.search(rf"\b{_W}\b", match[0])
    if found is None or (said and WEEKDAYS.index(said[1]) != found.isoweekday() % 7):
        return None
    return _one(found)


def _numeric(look: _Look, match: re.Match[str]) -> _Made | None:
    parts = [int(each) for each in re.split(r"[/-]", match[1])]
    if parts[0] > 31:
        found = _day(*parts[:3]) if len(parts) == 3 else None
    else:
        day, month = parts[:2]
        year = parts[2] if len(parts) == 3 else None
        if not 1 <= month <= 12:
            return None
        year = year + 2000 if year is not None and year < 100 else year
        found = _day(year or _year_of(look, month, day, None), month, day)
    return None if found is None else _one(found)


def _day_of_month(look: _Look, match: re.Match[str]) -> _Made | None:
    """«El 15»: of this month, or of the one before while it is still to come."""
    wanted = number(match[1])
    first = look.now.replace(day=1)
    if wanted > look.now.day and not look.is_future:
        first = (first - timedelta(days=1)).replace(day=1)
    elif wanted < look.now.day and look.is_future:
        first = (first + timedelta(days=31)).replace(day=1)
    return _named_day(match, _day(first.year, first.month, wanted))


def _before_day(look: _Look, match: re.Match[str]) -> _Made | None:
    """«Antes del 10»: from the first of that month on."""
    made = _dated(look, match) if match[2] else _day_of_month(look, match)
    if made is None or made[0].first.day == 1:
        return None
    end = made[0].first
    return DateSpan(end.replace(day=1), end - timedelta(days=1)), "days"


def _days_between(look: _Look, match: re.Match[str]) -> _Made | None:
    """«Del 1 al 15 de noviembre», «del 28 de octubre al 3 de noviembre»."""
    first, first_month, last, last_month, this, before, year = match.groups()
    if re.match(r"(?:de|entre) \d", match[0]) and not (first_month or last_month or this or before):
        return None  # "de 6 a 8" are hours
    if last_month:
        month = MONTHS.index(last_month) + 1
    else:
        month = look.now.month if not before else (look.now.replace(day=1) - timedelta(days=1)).month
    if before:
        year = str((look.now.replace(day=1) - timedelta(days=1)).year)
    elif not last_month and not year:
        year = str(look.now.year)
        if number(first) > look.now.day and not first_month:  # all of it is still to come
            earlier = look.now.replace(day=1) - timedelta(days=1)
            month, year = earlier.month, str(earlier.year)
    end_year = _year_of(look, month, 1 if last_month else number(last), year)
    end = _day(end_year, month, number(last))
    begin_month = MONTHS.index(first_month) + 1 if first_month else month
    begin = _day(end_year - (begin_month > month), begin_month, number(first))
    return (DateSpan(begin, end), "days") if begin and end and begin <= end else None


def _weekday(look: _Look, match: re.Match[str]) -> _Made:
    before, name, after = match[1] or "", match[2], match[3] or ""
    index = WEEKDAYS.index(name)
    today = (look.now.weekday() + 1) % 7
    is_ahead = look.is_future or "prox" in before or "viene" in after or "prox" in after
    if is_ahead:
        return _one(look.now + timedelta(days=(index - today - 1) % 7 + 1))
    if before.startswith("este") and index == today:
        return _one(look.now)
    back = (today - index - 1) % 7 + 1
    return _one(look.now - timedelta(days=back + 7 * ("antepasad" in before + after)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(step: int) -> Callable[[_Look, re.Match[str]], _Made]:
    def make(look: _Look, _match: re.Match[str]) -> _Made:
        first = _monday(look.now) + timedelta(days=7 * step)
        last = look.now if step == 0 and not look.is_future else first + timedelta(days=6)
        return DateSpan(first, last), "week"

    return make


def _weekend(step: int) -> Callable[[_Look, re.Match[str]], _Made]:
    """Saturday and Sunday: the one that runs or ran last, so many weeks on."""

    def make(look: _Look, _match: re.Match[str]) -> _Made:
        saturday = _monday(look.now) + timedelta(days=5)
        if saturday > look.now and not look.is_future and step <= 0:
            saturday -= timedelta(days=7)
        elif step < 0:
            saturday += timedelta(days=7 * step)
        return DateSpan(saturday, saturday + timedelta(days=1)), "weekend"

    return make


def _month_span(first: date, look: _Look) -> _Made:
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    is_now = (first.year, first.month) == (look.now.year, look.now.month)
    return DateSpan(first, look.now if is_now and not look.is_future else last), "month"


def _month(step: int) -> Callable[[_Look, re.Match[str]], _Made]:
    def make(look: _Look, _match: re.Match[str]) -> _Made:
        index = look.now.year * 12 + look.now.month - 1 + step
        return _month_span(date(index // 12, index % 12 + 1, 1), look)

    return make


def _named_month(look: _Look, match: re.Match[str]) -> _Made | None:
    month = MONTHS.index(match[1]) + 1
    year = _year_of(look, month, 1, _said_year(look, match[2], match[3]))
    return _month_span(date(year, month, 1), look)


def _half(look: _Look, first: date) -> _Made:
    end = calendar.monthrange(first.year, first.month)[1]
    last = first.replace(day=15 if first.day == 1 else end)
    is_now = first <= look.now <= last
    return DateSpan(first, look.now if is_now and not look.is_future else last), "fortnight"


def _fortnight(step: int) -> Callable[[_Look, re.Match[str]], _Made]:
    def make(look: _Look, _match: re.Match[str]) -> _Made:
        first = look.now.replace(day=1 if look.now.day <= FIRST_HALF else FIRST_HALF + 1)
        if step < 0:
            before = first - timedelta(days=1)
            first = before.replace(day=1 if before.day <= FIRST_HALF else FIRST_HALF + 1)
        elif step > 0:
            first = first.replace(day=16) if first.day == 1 else (first + timedelta(days=31)).replace(day=1)
        return _half(look, first)

    return make


def _named_fortnight(look: _Look, match: re.Match[str]) -> _Made:
    month = MONTHS.index(match[2]) + 1 if match[2] else look.now.month
    year = _year_of(look, month, 1, None)
    return _half(look, date(year, month, 1 if match[1] == "primera" else 16))


def _year(step: int) -> Callable[[_Look, re.Match[str]], _Made]:
    def make(look: _Look, _match: re.Match[str]) -> _Made:
        year = look.now.year + step
        return DateSpan(date(year, 1, 1), look.now if step == 0 else date(year, 12, 31)), "year"

    return make


def _numbered_year(look: _Look, match: re.Match[str]) -> _Made:
    return _year(int(match[1]) - look.now.year)(look, match)


def _last_ones(look: _Look, match: re.Match[str]) -> _Made:
    """«Los últimos 7 días», today among them."""
    count = number(match[1]) if match[1] else 1
    length = {"dia": 1, "semana": 7, "quincena": 15, "mes": 30, "ano": 365}[_singular(match[2])]
    return DateSpan(look.now - timedelta(days=max(1, count * length) - 1), look.now), "days"


def _singular(word: str) -> str:
    return word.removesuffix("es") if word == "meses" else word.removesuffix("s") if word != "mes" else word


def _back(look: _Look, match: re.Match[str]) -> _Made:
    """«Hace tres días», «hace una semana»: that one day."""
    length = {"dia": 1, "semana": 7, "mes": 30, "quincena": 15, "ano": 365}[_singular(match[2])]
    return _one(look.now - timedelta(days=number(match[1]) * length))


def _ahead(look: _Look, match: re.Match[str]) -> _Made:
    """«Los próximos 7 días», from tomorrow on."""
    length = {"dia": 1, "semana": 7}[_singular(match[2])]
    last = look.now + timedelta(days=number(match[1]) * length)
    return DateSpan(look.now + timedelta(days=1), last), "days"


def _feast(look: _Look, match: re.Match[str]) -> _Made | None:
    name = FEASTS[match[1]]
    years = [look.now.year, look.now.year - 1, look.now.year + 1]
    if match[2]:
        years = [int(match[2])]
    elif match[3]:
        years = [look.now.year - 1]
    for year in years:
        found = _feast_days(look.days, name, year)
        if found and (match[2] or match[3] or (found[0] > look.now) == look.is_future):
            return DateSpan(found[0], found[-1]), "day"
    return None


def _feast_days(days: DominicanDays, name: str, year: int) -> list[date]:
    # Every one lies in one year; Holy Week is several days.
    assert name in HOLIDAYS or name in OCCASIONS
    first = date(year, 1, 1)
    every = (first + timedelta(days=number) for number in range(366))
    return [day for day in every if day.year == year and name in (days.holiday(day), days.occasion(day))]


_SPANS: tuple[tuple[str, Callable[[_Look, re.Match[str]], _Made | None]], ...] = (
    (r"(?:el |del |al )?(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?)", _numeric),
    (
        rf"(?:del|desde el|entre el|de el|de) (?:dia )?{_N}(?: de {_M})? (?:al|hasta el|y el|a el|a) (?:dia )?{_N}{_OF_MONTH}",
        _days_between,
    ),
    (rf"antes del (?:dia )?{_N}(?: de {_M}{_OF_YEAR}?)?", _before_day),
    (rf"(?:el |del |al )?(?:{_ANY_DAY} )?(?:dia )?{_N} (?:de )?{_M}{_OF_YEAR}?", _dated),
    (rf"(?:el |del )?({'|'.join(FEASTS)})(?: del? {_Y})?( (?:del ano )?pasad[ao])?", _feast),
    (rf"(?:(?:el )?mes de )?{_M}{_OF_YEAR}", _named_month),
    (rf"(?:el |del |al )?{_ANY_DAY} (?:dia )?{_N}(?! de la)", _day_of_month),
    (r"(?:antes de ayer|antier|anteayer)", _ago(2)),
    (r"ayer", _ago(1)),
    (r"anoche", _part_of(1, "noche")),
    (r"esta manana", _part_of(0, "manana")),
    (r"esta tarde", _part_of(0, "tarde")),
    (r"esta noche", _part_of(0, "noche")),
    (r"pasado manana", _ago(-2)),
    (r"hoy|el dia de hoy|en el dia", _ago(0)),
    (r"manana", _ago(-1)),
    (rf"hace {_N} (dias?|semanas?|mes|meses|quincenas?|anos?)", _back),
    (rf"(?:los |las )?(?:proxim[oa]s) {_N} (dias?|semanas?)", _ahead),
    (rf"(?:l[oa]s |el |la )?ultim[oa]s? (?:{_N} )?(dias?|semanas?|quincenas?|mes|meses|anos?)", _last_ones),
    (rf"(?:esos |estos )?{_N} (?:ultimos )(dias?|semanas?)", _last_ones),
    (r"(?:el )?fin de semana (?:pasado|anterior)", _weekend(-1)),
    (r"(?:el )?fin de semana antepasado", _weekend(-2)),
    (r"(?:el )?(?:proximo fin de semana|fin de semana (?:que viene|proximo))", _weekend(1)),
    (r"(?:este |el )?fin de semana", _weekend(0)),
    (r"(?:la )?(?:semana pasada|pasada semana|semana anterior)", _week(-1)),
    (r"(?:la )?semana antepasada", _week(-2)),
    (r"(?:la )?(?:proxima semana|semana que viene|semana proxima|semana que entra)", _week(1)),
    (r"(?:en )?lo que va de(?: la| esta)? semana|esta semana|(?<!dia de )(?<!dias de )la semana(?! (?:en )?(?:la )?que)", _week(0)),
    (r"(?:el )?(?:mes pasado|pasado mes|mes anterior)", _month(-1)),
    (r"(?:el )?mes antepasado", _month(-2)),
    (r"(?:el )?(?:proximo mes|mes que viene|mes que entra)", _month(1)),
    (r"(?:en )?lo que va (?:de|del)(?: este)? mes|este mes|(?:el|del) mes(?! (?:en )?(?:el )?que)", _month(0)),
    (rf"(?:la )?(primera|segunda) quincena(?: (?:de|del mes de) {_M})?", _named_fortnight),
    (r"(?:la )?(?:quincena pasada|pasada quincena|quincena anterior)", _fortnight(-1)),
    (r"(?:la )?(?:proxima quincena|quincena que viene)", _fortnight(1)),
    (r"(?:en )?(?:lo que va de )?(?:esta|la) quincena|quincena", _fortnight(0)),
    (r"(?:el )?(?:ano pasado|pasado ano|ano anterior)", _year(-1)),
    (r"(?:en )?lo que va (?:de|del)(?: este)? ano|este ano|el ano(?! (?:en )?(?:el )?que)", _year(0)),
    (rf"(?:el |del |al )?(este |proximo |pasado |ultimo )?{_W}( pasado| anterior| antepasado| que paso| que viene| proximo)?", _weekday),
    (rf"(?:(?:el )?mes de )?{_M}(?:{_OF_YEAR}?| pasado)", _named_month),
    (rf"(?:en |del |el )(?:ano )?{_Y}", _numbered_year),
    (rf"(?:el |del |al )(?:{_ANY_DAY} )?(?:dia )?{_N}", _day_of_month),
)  # fmt: skip
