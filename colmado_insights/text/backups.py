"""A backup in words: when it was made, what it holds, what putting it back does."""

from __future__ import annotations

from datetime import date, datetime

from colmado_insights.domain import BackupFacts
from colmado_insights.text.formats import clock, fluent, month_name, short_date
from colmado_insights.text.language import _
from colmado_insights.text.names import data_amount


def backup_moment(moment: datetime) -> str:
    """vie 20 nov 2026, 6:30 p. m."""
    return f"{short_date(moment.date())} {moment.year}, {clock(moment)}"


def backup_content(facts: BackupFacts) -> str:
    """5,012 compras, del 3 nov 2025 al 20 nov 2026; or why it cannot be used."""
    if facts.trouble:
        return facts.trouble
    if facts.first_day is None or facts.last_day is None:
        return _("Sin ventas")
    receipts = data_amount(facts.receipts, "receipts")
    return _("{receipts}, del {first} al {last}").format(
        receipts=receipts, first=_day(facts.first_day), last=_day(facts.last_day)
    )


def restore_plan(facts: BackupFacts) -> tuple[str, ...]:
    """What will happen when it is put back."""
    return (
        fluent(
            _("Tus datos vuelven a como estaban el {moment}: {content}.").format(
                moment=backup_moment(facts.made_at), content=backup_content(facts)
            )
        ),
        _("Lo de ahora se guarda antes como otra copia. Si te arrepientes, recupera esa."),
        _(
            "Los permisos de Grok, lo gastado, y los clientes que dijeron que no o que borraste, quedan como están ahora."
        ),
    )


def after_restore() -> str:
    """What to do next."""
    return _("Trae otra vez los archivos de la caja desde ese día: entra solo lo que falte.")


def _day(day: date) -> str:
    return f"{day.day} {month_name(day.month, short=True)} {day.year}"
