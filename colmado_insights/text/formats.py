"""Money, numbers, dates and times the Dominican way: RD$ 1,234.50, vie 20 nov, 5:22 p. m."""

from __future__ import annotations

import re
from datetime import date, datetime

from colmado_insights.domain import NANO_A_DOLLAR
from colmado_insights.text.language import _, language

WEEKDAYS = {
    "es": ("domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"),
    "en": ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
}
MONTHS = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def money(cents: float, *, signed: bool = False) -> str:
    """RD$ 18,450 - whole pesos, as the shop speaks; `signed` puts + or − before it."""
    pesos = round(abs(cents) / 100)
    sign = "" if not pesos else "−" if cents < 0 else "+" if signed else ""
    return f"{sign}RD$ {pesos:,}"


def money_exact(cents: int) -> str:
    """RD$ 18,450.25 - to the cent, for receipts and tables."""
    return f"{'−' if cents < 0 else ''}RD$ {abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def dollars(nano: int) -> str:
    """US$ 4.20, US$ 0.0066 - of thousand-millionths of a US$; what is under ten cents keeps four decimals."""
    amount = nano / NANO_A_DOLLAR
    decimals = 4 if 0 < amount < 0.1 else 2
    if 0 < amount < 0.0001:
        return _("menos de US$ 0.0001")
    return f"US$ {amount:,.{decimals}f}"


def about_dollars(nano: int) -> str:
    """unos US$ 0.06: to the cent, as what is only about so much is no surer than that."""
    amount = nano / NANO_A_DOLLAR
    return _("menos de US$ 0.01") if 0 < amount < 0.01 else _("unos {cost}").format(cost=f"US$ {amount:,.2f}")


def short_number(value: float) -> str:
    """20 mil, 1.2 M - for the axis of a chart."""
    thousand = _("mil")
    if abs(value) >= 1_000_000:
        return f"{value / 1_000_000:.1f} M"
    if abs(value) >= 1_000:
        text = f"{value / 1_000:.1f}".removesuffix(".0")
        return f"{text} {thousand}"
    return f"{value:,.0f}"


def number(value: float, decimals: int = 0) -> str:
    """1,842 - with thousands commas."""
    return f"{value:,.{decimals}f}"


def percent(share: float, *, signed: bool = False, decimals: int = 0) -> str:
    """22 % - of a share between 0 and 1; a small share that is not nothing keeps a decimal: 0.4 %."""
    if 0.0005 <= abs(share) < 0.0095:
        decimals = max(decimals, 1)
    value = round(share * 100, decimals)
    sign = "+" if signed and value > 0 else ("−" if value < 0 else "")
    return f"{sign}{abs(value):.{decimals}f} %"


def in_ten(share: float) -> str:
    """4 de cada 10: how a shop says a share."""
    tenths = round(share * 10)
    return _("{n} de cada 10").format(n=tenths) if 0 < tenths < 10 else percent(share)


def chance_words(probability: float) -> str:
    """72 %; nobody is surer of anything than 1 in 100."""
    if probability < 0.01:
        return "< 1 %"
    return "> 99 %" if probability > 0.99 else percent(probability)


def weekday(day: date, *, short: bool = False) -> str:
    """viernes, or vie when short."""
    return weekday_name((day.weekday() + 1) % 7, short=short)


def weekday_name(index: int, *, short: bool = False) -> str:
    """Name of a weekday counted from 0 = Sunday."""
    name = WEEKDAYS[language()][index]
    return name[:3] if short else name


def weekdays_name(index: int) -> str:
    """viernes, sábados: the weekday in the plural, counted from 0 = Sunday."""
    name = weekday_name(index)
    return name if name.endswith("s") else f"{name}s"


def month_name(month: int, *, short: bool = False) -> str:
    """Name of a month counted from 1."""
    name = MONTHS[language()][month - 1]
    return name[:3] if short else name


def short_date(day: date) -> str:
    """vie 20 nov."""
    return f"{weekday(day, short=True)} {day.day} {month_name(day.month, short=True)}"


def long_date(day: date) -> str:
    """viernes 20 de noviembre de 2026."""
    if language() == "en":
        return f"{weekday(day)} {day.day} {month_name(day.month)} {day.year}"
    return f"{weekday(day)} {day.day} de {month_name(day.month)} de {day.year}"


def clock(moment: datetime) -> str:
    """5:22 p. m."""
    return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02d} {_half(moment.hour)}"


def hour_label(hour: int) -> str:
    """5 p. m."""
    return f"{(hour - 1) % 12 + 1} {_half(hour)}"


def _half(hour: int) -> str:
    half = "a. m." if hour % 24 < 12 else "p. m."
    return half.replace(" ", "") if language() == "en" else half


def capitalized(words: str) -> str:
    """Begun with a capital letter, and otherwise as it was: English months keep theirs."""
    return words[:1].upper() + words[1:]


_ONE_O_CLOCK = re.compile(r"\b([Ll])as (?=1(?::\d\d)? [ap]\. m\.)")


def fluent(words: str) -> str:
    """Words with a clock in them as one says them: "a la 1 p. m.", and a single stop where one ends them."""
    return _ONE_O_CLOCK.sub(r"\1a ", words).replace("m..", "m.")
