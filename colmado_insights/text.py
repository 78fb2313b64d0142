"""Words, money, dates and numbers the Dominican way; a `Reason` becomes a sentence here.

Spanish is the language the program is written in (the msgid); English is a gettext
catalogue. RD$ has thousands commas and a decimal point, the clock has twelve hours.
"""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from colmado_insights.domain import Reason

_catalogues: dict[str, gettext.NullTranslations] = {"es": gettext.NullTranslations()}
_language = "es"

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


def N_(message: str) -> str:
    """Mark a message for translation without translating it yet."""
    return message


def _(message: str) -> str:
    """The message in the language in use."""
    return _catalogues[_language].gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The singular or plural form in the language in use."""
    return _catalogues[_language].ngettext(one, many, count)


def language() -> str:
    """The language in use, `es` or `en`."""
    return _language


def use_language(code: str, catalogue: gettext.NullTranslations | None = None) -> None:
    """Switch the program's language; `catalogue` is needed once for a language other than Spanish."""
    global _language
    if catalogue is not None:
        _catalogues[code] = catalogue
    _language = code if code in _catalogues else "es"


def money(cents: float, *, signed: bool = False) -> str:
    """RD$ 18,450 - whole pesos, as the shop speaks; `signed` puts + or − before it."""
    pesos = round(abs(cents) / 100)
    sign = "−" if cents < 0 and pesos else ("+" if signed else "")
    return f"{sign}RD$ {pesos:,}"


def money_exact(cents: int) -> str:
    """RD$ 18,450.25 - to the cent, for receipts and tables."""
    return f"{'−' if cents < 0 else ''}RD$ {abs(cents) // 100:,}.{abs(cents) % 100:02d}"


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
    """22 % - of a share between 0 and 1."""
    value = round(share * 100, decimals)
    sign = "+" if signed and value > 0 else ("−" if value < 0 else "")
    return f"{sign}{abs(value):.{decimals}f} %"


def weekday(day: date, *, short: bool = False) -> str:
    """viernes, or vie when short."""
    return weekday_name((day.weekday() + 1) % 7, short=short)


def weekday_name(index: int, *, short: bool = False) -> str:
    """Name of a weekday counted from 0 = Sunday."""
    name = WEEKDAYS[_language][index]
    return name[:3] if short else name


def month_name(month: int, *, short: bool = False) -> str:
    """Name of a month counted from 1."""
    name = MONTHS[_language][month - 1]
    return name[:3] if short else name


def short_date(day: date) -> str:
    """vie 20 nov."""
    return f"{weekday(day, short=True)} {day.day} {month_name(day.month, short=True)}"


def long_date(day: date) -> str:
    """viernes 20 de noviembre de 2026."""
    if _language == "en":
        return f"{weekday(day)} {day.day} {month_name(day.month)} {day.year}"
    return f"{weekday(day)} {day.day} de {month_name(day.month)} de {day.year}"


def clock(moment: datetime) -> str:
    """5:22 p. m."""
    half = "a. m." if moment.hour < 12 else "p. m."
    return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02d} {half}"


def hour_label(hour: int) -> str:
    """5 p. m."""
    return f"{(hour - 1) % 12 + 1} {'a. m.' if hour % 24 < 12 else 'p. m.'}"


# ── names of what analyses speak of by code ──

SEGMENT_NAMES = {
    "morning_commute": N_("Mañaneros"),
    "lunch_rush": N_("Hora de almuerzo"),
    "after_work": N_("Salida del trabajo"),
    "late_night": N_("Trasnochadores"),
    "quick_picks": N_("Compra rápida"),
    "regular_shoppers": N_("Compra regular"),
    "big_shoppers": N_("Compra grande"),
    "bulk_buyers": N_("Al por mayor"),
    "beer_and_snacks": N_("Cerveza y picadera"),
    "household": N_("Limpieza del hogar"),
    "fresh": N_("Fresco"),
    "convenience": N_("Conveniencia"),
}
SEGMENT_TYPES = {
    "temporal": N_("Por hora"),
    "basket_value": N_("Por tamaño de compra"),
    "product_preference": N_("Por gusto"),
}
CATEGORY_NAMES = {
    "alcohol": N_("Cerveza y ron"),
    "staples": N_("Víveres secos"),
    "bakery": N_("Pan, queso y huevos"),
    "household": N_("Limpieza"),
    "snacks": N_("Picadera"),
    "beverages": N_("Refrescos y jugos"),
    "fresh": N_("Frutas y vegetales"),
    "other": N_("Otros"),
    "meat": N_("Carnes y embutidos"),
    "personal_care": N_("Cuidado personal"),
    "tobacco": N_("Cigarrillos"),
    "recharges": N_("Recargas"),
}
PAYMENT_NAMES = {
    "unknown": N_("Sin dato"),
    "cash": N_("Efectivo"),
    "card": N_("Tarjeta"),
    "transfer": N_("Transferencia"),
    "credit": N_("Fiado"),
    "check": N_("Cheque"),
    "voucher": N_("Bono"),
    "wallet": N_("Billetera móvil"),
    "mixed": N_("Mixto"),
}
ACTIONS = {
    "open_second_till": N_("Abre la segunda caja."),
    "refill_fast_movers": N_("Rellena lo que más se mueve."),
    "prepare_change": N_("Prepara menudo."),
    "count_stock": N_("Aprovecha y cuenta mercancía."),
    "clean_and_refill": N_("Limpia y rellena los tramos."),
    "prepare_next_peak": N_("Prepárate para la próxima hora fuerte."),
    "stock_top_category": N_("Ten a mano lo que más piden."),
    "fast_lane": N_("Despacha primero las compras chiquitas."),
    "offer_usual_pair": N_("Ofrece lo que suelen llevar junto."),
    "upsell": N_("Ofrece el tamaño grande."),
    "everyone_on_floor": N_("Que todos atiendan."),
    "stay_open_longer": N_("Vale la pena cerrar más tarde."),
    "offer_complements": N_("Ofrece lo que combina."),
    "have_bags_ready": N_("Ten fundas listas."),
    "family_combos": N_("Ofrece combos familiares."),
    "check_clock": N_("Revisa la fecha y la hora de la computadora."),
}
MODELS = {
    "weekday_mean": N_("promedio del mismo día"),
    "seasonal_naive": N_("repetir la semana pasada"),
}
HOLIDAYS = {
    "ano_nuevo": N_("Año Nuevo"),
    "reyes": N_("Día de Reyes"),
    "altagracia": N_("Día de la Altagracia"),
    "duarte": N_("Día de Duarte"),
    "independencia": N_("Independencia"),
    "viernes_santo": N_("Viernes Santo"),
    "trabajo": N_("Día del Trabajo"),
    "corpus_christi": N_("Corpus Christi"),
    "restauracion": N_("Restauración"),
    "mercedes": N_("Las Mercedes"),
    "constitucion": N_("Día de la Constitución"),
    "navidad": N_("Navidad"),
}
OCCASIONS = {
    "semana_santa": N_("Semana Santa"),
    "mothers_day": N_("Día de las Madres"),
    "fathers_day": N_("Día de los Padres"),
    "nochebuena": N_("Nochebuena"),
    "new_years_eve": N_("31 de diciembre"),
    "san_valentin": N_("San Valentín"),
    "back_to_school": N_("vuelta a clases"),
    "double_salary": N_("doble sueldo"),
}


def segment_name(segment_id: str) -> str:
    """Mañaneros, Hora de almuerzo …"""
    return _(SEGMENT_NAMES.get(segment_id, segment_id))


def segment_type_name(kind: str) -> str:
    """Por hora, Por tamaño de compra, Por gusto."""
    return _(SEGMENT_TYPES.get(kind, kind))


def category_name(category: str) -> str:
    """Cerveza y ron, Picadera …"""
    return _(CATEGORY_NAMES.get(category, category))


def payment_name(payment: str) -> str:
    """Efectivo, Fiado …"""
    return _(PAYMENT_NAMES.get(payment, payment))


def action_sentence(code: str) -> str:
    """What to do, as one short sentence."""
    return _(ACTIONS.get(code, code))


def model_name(name: str) -> str:
    """The forecasting method in words."""
    return _(MODELS.get(name, name))


def occasion_name(code: str) -> str:
    """The holiday or occasion in words."""
    return _(HOLIDAYS.get(code) or OCCASIONS.get(code) or code)


def join_words(words: Sequence[str]) -> str:
    """pan, café y leche."""
    if len(words) < 2:
        return "".join(words)
    return _("{first} y {last}").format(first=", ".join(words[:-1]), last=words[-1])


class Described(Protocol):
    """What `segment_about` needs of a segment."""

    @property
    def type(self) -> str:
        """temporal, basket_value or product_preference."""
        ...

    @property
    def peak_days(self) -> tuple[int, ...]:
        """Weekdays, 0 = Sunday."""
        ...

    @property
    def top_categories(self) -> tuple[tuple[str, float], ...]:
        """Categories and their shares."""
        ...


def segment_about(segment: Described) -> str:
    """What a segment buys and when, in one line made from its figures."""
    wanted = [category_name(category).lower() for category, _share in segment.top_categories[:3]]
    what = join_words(wanted)
    days = join_words([weekday_name(day, short=True) for day in segment.peak_days])
    if segment.peak_days and segment.type != "temporal":
        return _("{what}; sobre todo {days}").format(what=what, days=days).capitalize()
    return what.capitalize()


# ── reasons ──

_SENTENCES: dict[str, str] = {}


def sentence(reason: Reason) -> str:
    """The reason in words."""
    return reason.code
