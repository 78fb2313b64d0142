"""How a command says that there is too little data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from colmado_insights import text
from colmado_insights.analytics.results import NotEnough
from colmado_insights.text import _

T = TypeVar("T")


def not_enough_values(found: NotEnough) -> dict[str, Any]:
    """What is needed and what there is, for programs."""
    return {"needed": found.needed, "have": found.have, "unit": found.unit}


def not_enough_words(found: NotEnough) -> str:
    """What is needed and what there is, for a person."""
    if found.unit == "consent":
        return _("No quiere que se miren sus compras: solo cuentan en los totales.")
    return _("Hace falta: {needed}. Hay {have}. Importa más ventas.").format(
        needed=text.data_amount(found.needed, found.unit), have=text.number(found.have)
    )


def values_or_not_enough(found: T | NotEnough, values: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    """The values of what was found, or that there is too little for it."""
    return {"not_enough": not_enough_values(found)} if isinstance(found, NotEnough) else values(found)
