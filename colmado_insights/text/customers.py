"""What is said of a customer, and what may be written to one: polite, without blame, ready to copy."""

from __future__ import annotations

from datetime import date

from colmado_insights.domain import Consent
from colmado_insights.text.formats import short_date
from colmado_insights.text.language import _, ngettext

FAR_DAYS = 30
"""An interval that ends further off says nothing to who waits."""
YEAR_DAYS = 300


def consent_name(consent: Consent) -> str:
    """Whether a customer agreed."""
    return {
        Consent.YES: _("Dio permiso"),
        Consent.NO: _("No quiere"),
        Consent.UNKNOWN: _("Falta preguntarle"),
    }[consent]


def near_day(day: date, today: date) -> str:
    """hoy, mañana, ayer, or the date; with its year where it could be taken for another's."""
    near, away = {0: _("hoy"), 1: _("mañana"), -1: _("ayer")}, (day - today).days
    return near.get(away) or short_date(day) + (f" {day.year}" if abs(away) > YEAR_DAYS else "")


def around_day(day: date, lo: date, hi: date, today: date) -> str:
    """mañana, ±2 días; of who may stay away for long only the day that is likeliest is told."""
    if (hi - day).days > FAR_DAYS:
        return _("{day}, o mucho después").format(day=near_day(day, today))
    spread = max((hi - day).days, (day - lo).days)
    if spread <= 0:
        return near_day(day, today)
    about = ngettext("±{n} día", "±{n} días", spread).format(n=spread)
    return f"{near_day(day, today)}, {about}"


def due_sentence(name: str, product: str, when: str) -> str:
    """A Doña Tata le toca leche mañana, ±2 días."""
    return _("A {name} le toca {product} {when}.").format(name=name, product=product, when=when)


def polite_message(name: str, *, is_leaving: bool = False, is_new: bool = False, product: str = "") -> str:
    """A few words to send: that they are missed, what they may be running out of, or thanks."""
    if is_leaving:
        words = _(
            "Hace días que no le vemos por el colmado y se le extraña. ¿Le hace falta algo? Escríbame y se lo mando."
        )
    elif product:
        words = _("Por aquí tenemos {product}, por si ya se le está acabando. ¿Se lo mando?").format(
            product=product
        )
    elif is_new:
        words = _(
            "Gracias por comprar con nosotros. Guarde este número: lo que necesite, escríbame y se lo mando."
        )
    else:
        words = _("Gracias por preferirnos. Cualquier cosa que necesite, escríbame y se lo mando.")
    return f"{_('Hola, {name}.').format(name=name)} {words}"
