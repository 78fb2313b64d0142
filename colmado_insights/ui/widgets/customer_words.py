"""What is said of a known customer in a few words: segment, risk, worth, dates, consent, and the text to send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from colmado_insights import text
from colmado_insights.analytics.results import (
    Churn,
    CustomerOutlook,
    CustomerSegment,
    Lifetime,
    NextPurchase,
    Replenishment,
    RiskLevel,
)
from colmado_insights.domain import Consent, Customer, Reason
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.label import Tone

SEGMENT_SYMBOLS: Mapping[CustomerSegment, str] = {
    CustomerSegment.CHAMPIONS: "crown",
    CustomerSegment.LOYAL: "heart",
    CustomerSegment.POTENTIAL_LOYALISTS: "sprout",
    CustomerSegment.NEW: "user-plus",
    CustomerSegment.PROMISING: "star",
    CustomerSegment.NEED_ATTENTION: "hand",
    CustomerSegment.AT_RISK: "hourglass",
    CustomerSegment.LOST: "user-x",
}
SEGMENT_TONES: Mapping[CustomerSegment, Tone] = {
    CustomerSegment.NEED_ATTENTION: Tone.ACCENT,
    CustomerSegment.AT_RISK: Tone.ACCENT,
    CustomerSegment.LOST: Tone.BAD,
}
"""The others are ours, and bear our colour."""
RISK_TONES: Mapping[RiskLevel, Tone] = {
    RiskLevel.LOW: Tone.GOOD,
    RiskLevel.MEDIUM: Tone.PLAIN,
    RiskLevel.HIGH: Tone.ACCENT,
    RiskLevel.CRITICAL: Tone.BAD,
}
NAME = "{name}"
"""Where a message has room for the customer's name."""


def segment_tone(segment: CustomerSegment) -> Tone:
    """What ground a segment's chip stands on; its name always says it too."""
    return SEGMENT_TONES.get(segment, Tone.BRAND)


def risk_words(churn: Churn) -> str:
    """Alto · 72 %."""
    return f"{text.risk_name(churn.level)} · {text.chance_words(churn.probability)}"


def risk_hint(churn: Churn) -> str:
    """What the risk is of, and what makes it."""
    days = text.number(churn.horizon_days)
    share = text.chance_words(churn.probability)
    what = _("{share} de que no vuelva en los próximos {days} días.").format(share=share, days=days)
    return "\n".join([what, *(text.sentence(reason) for reason in churn.factors)])


def interval_words(lifetime: Lifetime) -> str:
    """Entre RD$ 20,000 y RD$ 41,000, 8 de cada 10 veces."""
    return _("entre {lo} y {hi}, 8 de cada 10 veces").format(
        lo=text.money(lifetime.lo_cents), hi=text.money(lifetime.hi_cents)
    )


def soon_words(day: date, today: date) -> str:
    """hoy, mañana, dom 22, 30 nov: for a narrow column."""
    away = (day - today).days
    if abs(away) < 2:
        return text.near_day(day, today)
    if 0 < away < 7:
        return f"{text.weekday(day, short=True)} {day.day}"
    return f"{day.day} {text.month_name(day.month, short=True)}"


def ago_words(day: date, today: date) -> str:
    """hoy, ayer, hace 12 días, hace 4 meses."""
    days = (today - day).days
    if days < 2:
        return text.near_day(day, today)
    if days < 60:
        return ngettext("hace {n} día", "hace {n} días", days).format(n=days)
    months = round(days / 30.4)
    return ngettext("hace {n} mes", "hace {n} meses", months).format(n=months)


def around_words(expected: NextPurchase | Replenishment, today: date) -> str:
    """Mañana, ±2 días."""
    return text.around_day(expected.day, expected.lo, expected.hi, today)


def between_words(expected: NextPurchase, today: date) -> str:
    """Entre hoy y el lun 30 nov."""
    return _("entre {lo} y {hi}, 8 de cada 10 veces").format(
        lo=text.near_day(expected.lo, today), hi=text.near_day(expected.hi, today)
    )


def every_words(days: float | None) -> str:
    """Cada 6 días, todos los días."""
    if days is None:
        return "–"
    if days < 1.5:
        return _("todos los días")
    return _("cada {n} días").format(n=text.number(days))


def quantity_words(milli: int) -> str:
    """2, 1.5: an amount of whole and broken units."""
    units = milli / 1000
    if 0 < units < 0.05:
        return "< 0.1"
    return text.number(units, 0 if abs(units - round(units)) < 0.05 else 1)


def consent_tone(consent: Consent) -> Tone:
    """The ground of the consent's chip."""
    return {Consent.YES: Tone.GOOD, Consent.NO: Tone.PLAIN, Consent.UNKNOWN: Tone.ACCENT}[consent]


def polite_text(customer: Customer, outlook: CustomerOutlook, names: Mapping[int, str]) -> str:
    """A few polite words to send: that they are missed, or what they may be running out of.

    Only what the actions remind of is named: nobody is reminded of alcohol.
    """
    actions = filter(None, (outlook.action, *outlook.more_actions))
    product = next((names.get(each.product_id, "") for each in actions if each.product_id is not None), "")
    return text.polite_message(
        customer.shown_name,
        is_leaving=outlook.is_leaving,
        is_new=outlook.rfm.segment is CustomerSegment.NEW,
        product=product,
    )


def message_to_all(message: Reason) -> str:
    """What to tell all of a segment: the greeting without a name."""
    return text.sentence(message).replace(f", {NAME}", "")


def copy_button(look: Look, words: str, said: str = "", *, kind: str = "plain") -> QPushButton:
    """A button that puts a text on the clipboard and says that it did."""

    def copy() -> None:
        QGuiApplication.clipboard().setText(words)
        made.setText(" " + _("Copiado"))

    made = button(
        look,
        said or _("Copiar texto"),
        copy,
        kind=kind,
        symbol="copy",
        hint=_("Copiar para pegarlo en un mensaje"),
    )
    made.setAccessibleDescription(words)
    return made
