"""Everything that is known about one customer, as a file they can be given."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from colmado_insights import text
from colmado_insights.domain import Customer
from colmado_insights.reports.output import write_report, write_whole
from colmado_insights.reports.report import Cell, Column, Kind, Report, Table
from colmado_insights.storage.customers import Purchase
from colmado_insights.text import _


@dataclass(frozen=True)
class PersonFile:
    """One customer: who they are, what they bought, and what was found out of it."""

    customer: Customer
    purchases: Sequence[Purchase]
    findings: Mapping[str, Any]  # as kept: outlook, profile, months


def write_person(person: PersonFile, path: Path, shop_name: str, made_at: datetime) -> Path:
    """Write it as .json for programs, or as .xlsx or .pdf for the person.

    Raises
    ------
    ShopError
        The file cannot be written, or its name ends in something else.
    """
    if path.suffix.lower() == ".json":
        values = {
            "customer": dataclasses.asdict(person.customer),
            "purchases": [dataclasses.asdict(line) for line in person.purchases],
            "findings": person.findings,
            "made_at": made_at,
        }
        words = json.dumps(values, ensure_ascii=False, indent=2, default=str)
        return write_whole(path, words.encode("utf-8"))
    return write_report(_report(person, shop_name, made_at), path)


def _report(person: PersonFile, shop_name: str, made_at: datetime) -> Report:
    sections = (_who(person.customer), _bought(person.purchases), _found(person.findings))
    return Report(_("Todo lo que sabemos de usted"), person.customer.name, shop_name, made_at, sections)


def _who(customer: Customer) -> Table:
    rows = (
        (_("Nombre"), customer.name),
        (_("Apodo"), customer.nickname),
        (_("Teléfono"), customer.phone),
        (_("Correo"), customer.contact),
        (_("Nota"), customer.note),
        (_("Permiso"), text.consent_name(customer.consent)),
        (_("Fecha del permiso"), text.short_date(customer.consent_at.date()) if customer.consent_at else ""),
        (_("Compras"), text.number(customer.receipts)),
        (_("Gastado"), text.money_exact(customer.spent_cents)),
    )
    columns = (Column(_("Dato"), Kind.TEXT), Column(_("Valor"), Kind.TEXT, 3.0))
    return Table("person", _("Datos"), columns, rows)


def _bought(purchases: Sequence[Purchase]) -> Table:
    return Table(
        "purchases",
        _("Compras"),
        (
            Column(_("Día"), Kind.DATE),
            Column(_("Recibo"), Kind.TEXT),
            Column(_("Pago"), Kind.TEXT),
            Column(_("Producto"), Kind.TEXT, 3.0),
            Column(_("Cantidad"), Kind.DECIMAL),
            Column(_("Monto"), Kind.MONEY),
        ),
        tuple(
            (
                line.sold_at.date(), line.receipt, text.payment_name(line.payment), line.product,
                line.quantity_milli / 1000, line.amount_cents,
            )
            for line in purchases
        ),
    )  # fmt: skip


def _found(findings: Mapping[str, Any]) -> Table:
    columns = (Column(_("Dato"), Kind.TEXT, 2.0), Column(_("Valor"), Kind.TEXT, 3.0))
    return Table("findings", _("Lo que el programa calcula de usted"), columns, tuple(_leaves("", findings)))


def _leaves(name: str, value: Any) -> Iterator[tuple[Cell, ...]]:
    """Each single value with the way to it, such as `outlook.churn.probability`."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(f"{name}.{key}".strip("."), part)
    elif isinstance(value, list) and any(isinstance(part, Mapping | list) for part in value):
        for place, part in enumerate(value, 1):
            yield from _leaves(f"{name}.{place}", part)
    elif value is not None:
        yield name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)
