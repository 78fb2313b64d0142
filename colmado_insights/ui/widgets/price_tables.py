"""What the tables of prices say: advice, costs that rose, and what could not be judged."""

from __future__ import annotations

from dataclasses import dataclass

from colmado_insights import text
from colmado_insights.analytics.results import (
    CostAlarm,
    NotEnough,
    PriceAdvice,
    PriceBoard,
    PriceRefusal,
    why_refused,
)
from colmado_insights.text import _
from colmado_insights.ui.dialogs.quick_open import plain
from colmado_insights.ui.widgets.data_table import Column
from colmado_insights.ui.widgets.price_what_if import HELPS, helping_words
from colmado_insights.ui.widgets.price_words import (
    answer_share,
    answer_words,
    change_words,
    gain_of,
    gain_words,
    has_steps,
    is_change,
    price_words,
)

Of = PriceAdvice | CostAlarm | PriceRefusal


@dataclass(frozen=True, slots=True)
class PriceRow:
    """What the board says of one product, with its name."""

    product_id: int
    name: str
    of: Of

    @property
    def key(self) -> str:
        """The key of its advice in the ledger; nothing where there is none to follow."""
        if isinstance(self.of, CostAlarm):
            return f"cost:{self.product_id}"
        return f"price:{self.product_id}" if isinstance(self.of, PriceAdvice) and is_change(self.of) else ""


@dataclass(frozen=True, slots=True)
class PriceRows:
    """The rows of the board by what they say."""

    raised: tuple[PriceRow, ...]
    lowered: tuple[PriceRow, ...]
    kept: tuple[PriceRow, ...]
    alarms: tuple[PriceRow, ...]
    refused: tuple[PriceRow, ...]

    @classmethod
    def of(cls, board: PriceBoard, names: dict[int, str]) -> PriceRows:
        """Sort a board out."""

        def rows(found: tuple[Of, ...]) -> tuple[PriceRow, ...]:
            return tuple(PriceRow(each.product_id, names.get(each.product_id, "–"), each) for each in found)

        steps = {
            sign: tuple(
                each for each in board.advices if _sign(each.optimal_cents - each.current_cents) == sign
            )
            for sign in (1, -1, 0)
        }
        return cls(rows(steps[1]), rows(steps[-1]), rows(steps[0]), rows(board.alarms), rows(board.refusals))

    @property
    def advised(self) -> tuple[PriceRow, ...]:
        """All that could be judged."""
        return (*self.raised, *self.lowered, *self.kept)


def _sign(step: int) -> int:
    return (step > 0) - (step < 0)


def advice_columns(*, shows_costs: bool) -> tuple[Column[PriceRow], ...]:
    """The advice: the price, the better one, what it brings, and how buyers answer."""
    advised = (
        Column[PriceRow](
            _("Conviene"), lambda row: _pesos(_advice(row).optimal_cents),
            lambda row: _advice(row).optimal_cents, 90, True,
            ink=lambda row: "brand" if is_change(_advice(row)) else "faint",
        ),
        Column[PriceRow](
            _("Cambio"), lambda row: change_words(_advice(row)),
            lambda row: _advice(row).optimal_cents - _advice(row).current_cents, 120, True,
            ink=lambda row: "ink" if is_change(_advice(row)) else "faint",
        ),
        Column[PriceRow](
            _("Primero a"), _step_words, lambda row: _advice(row).step_cents or None, 98, True,
            hint=_step_hint, ink=lambda row: "brand" if has_steps(_advice(row)) else "faint",
        ),
        Column[PriceRow](
            _("Gana a la semana"), _gain_words, _gain_key, 178, True, hint=_gain_hint,
            ink=lambda row: "good" if is_change(_advice(row)) else "faint",
        ),
    )  # fmt: skip
    return (
        _name_column(),
        Column(
            _("Hoy"),
            lambda row: _pesos(_advice(row).current_cents),
            lambda row: _advice(row).current_cents,
            78,
            True,
        ),
        *(advised if shows_costs else ()),
        Column(
            _("Si sube 10 %"),
            lambda row: answer_words(_advice(row).elasticity),
            lambda row: answer_share(_advice(row).elasticity),
            170,
            ink=lambda _row: "soft",
            hint=_answer_hint,
        ),
        Column(
            _("Seguridad"),
            lambda row: text.certainty(_advice(row).confidence),
            lambda row: -_advice(row).confidence,
            140,
            ink=lambda _row: "soft",
        ),
    )


GAIN_COLUMN = 5
LOSS_COLUMN = 6


def alarm_columns() -> tuple[Column[PriceRow], ...]:
    """The costs that rose: since when, what is left, what to charge, and what is lost meanwhile."""
    return (
        _name_column(),
        Column(
            _("Desde"),
            lambda row: text.short_date(_alarm(row).since),
            lambda row: -_alarm(row).since.toordinal(),
            108,
            ink=lambda _row: "soft",
        ),
        Column(_("Costo"), _cost_words, lambda row: _alarm(row).new_cost_cents, 158, True),
        Column(_("Te queda"), _margin_words, lambda row: -_alarm(row).new_margin, 122, True),
        Column(
            _("Hoy"),
            lambda row: _pesos(_alarm(row).price_cents),
            lambda row: _alarm(row).price_cents,
            78,
            True,
        ),
        Column(
            _("Ponlo a"),
            lambda row: _pesos(_alarm(row).proposed_cents),
            lambda row: _alarm(row).proposed_cents,
            84,
            True,
            ink=lambda _row: "brand",
        ),
        Column(
            _("Pierdes a la semana"),
            lambda row: text.number(_alarm(row).weekly_loss_cents / 100),
            lambda row: _alarm(row).weekly_loss_cents,
            172,
            True,
            ink=lambda _row: "bad",
        ),
    )


def refusal_columns() -> tuple[Column[PriceRow], ...]:
    """What could not be judged: why, and what would help."""
    return (
        _name_column(),
        Column(_("Por qué no"), _short_refusal, _nearness, 320, ink=lambda _row: "soft", hint=refusal_words),
        Column(_("Qué ayudaría"), _short_help, _nearness, 350, ink=lambda _row: "soft", hint=help_words),
    )


def refusal_words(row: PriceRow) -> str:
    """Why it could not be judged."""
    return text.sentence(why_refused(_refusal(row)))


def help_words(row: PriceRow) -> str:
    """What would let it be judged."""
    unit = _refusal(row).unit
    if unit in HELPS:
        return helping_words()
    return {
        "by_amount": _("Venderlo por unidad o por libra, no por monto."),
        "open_price": _("Ponerle un precio fijo en la caja."),
    }.get(unit, _("Esperar: con más ventas se sabrá."))


def _short_refusal(row: PriceRow) -> str:
    template = {
        "prices": _("lleva {have} de los {needed} precios que hacen falta"),
        "days": _("lleva {have} de los {needed} días con ventas que hacen falta"),
        "receipts": _("lleva {have} de las {needed} ventas que hacen falta"),
        "by_amount": _("se pide por monto"),
        "open_price": _("sin precio fijo en la caja"),
    }.get(_refusal(row).unit, _("sin ventas"))
    return template.format(have=text.number(_refusal(row).have), needed=text.number(_refusal(row).needed))


def _short_help(row: PriceRow) -> str:
    return (
        _("cambiarle el precio a propósito, poco a poco") if _refusal(row).unit in HELPS else help_words(row)
    )


def _nearness(row: PriceRow) -> tuple[bool, float]:
    """First what a change of price would help, and of that what lacks least."""
    why = _refusal(row)
    return why.unit not in HELPS, -why.have / max(1, why.needed)


def what_words(row: PriceRow) -> str:
    """What to do about one product, in a sentence."""
    if isinstance(row.of, CostAlarm):
        return _("{product}: te subió el costo, ponlo a {price}").format(
            product=row.name, price=price_words(row.of.proposed_cents)
        )
    if isinstance(row.of, PriceRefusal):
        return row.name
    if not is_change(row.of):
        return _("{product}: déjalo a {price}").format(
            product=row.name, price=price_words(row.of.current_cents)
        )
    is_up = row.of.optimal_cents > row.of.current_cents
    template = (
        _("{product}: súbelo de {now} a {price}") if is_up else _("{product}: bájalo de {now} a {price}")
    )
    now, best = price_words(row.of.current_cents), price_words(row.of.optimal_cents)
    if not has_steps(row.of):
        return template.format(product=row.name, now=now, price=best)
    first = template.format(product=row.name, now=now, price=price_words(row.of.step_cents))
    return _("{first}, y si va bien, sigue hasta {best}").format(first=first, best=best)


def _name_column() -> Column[PriceRow]:
    return Column(_("Producto"), lambda row: row.name, lambda row: plain(row.name), hint=lambda row: row.name)


def _advice(row: PriceRow) -> PriceAdvice:
    assert isinstance(row.of, PriceAdvice)
    return row.of


def _alarm(row: PriceRow) -> CostAlarm:
    assert isinstance(row.of, CostAlarm)
    return row.of


def _refusal(row: PriceRow) -> NotEnough:
    assert isinstance(row.of, PriceRefusal)
    return row.of.why


def _pesos(cents: int) -> str:
    """In a column of money the sign would be noise."""
    return text.number(cents / 100, 2 if cents % 100 else 0)


def _step_words(row: PriceRow) -> str:
    return _pesos(_advice(row).step_cents) if has_steps(_advice(row)) else "–"


def _step_hint(row: PriceRow) -> str:
    if not has_steps(_advice(row)):
        return ""
    return _("De un golpe se nota mucho: pon este primero, y si va bien, sigue.")


def _gain_words(row: PriceRow) -> str:
    return gain_words(gain_of(_advice(row))) if is_change(_advice(row)) else "–"


def _gain_key(row: PriceRow) -> float | None:
    """By what the column says first."""
    return gain_of(_advice(row)).mean if is_change(_advice(row)) else None


def _gain_hint(row: PriceRow) -> str:
    if not is_change(_advice(row)):
        return _("Ningún otro precio gana más con seguridad.")
    of = _("de ganancia") if _advice(row).profit_change else _("de venta: no se sabe el costo")
    return _("Pesos más a la semana, {of}; 8 de cada 10 veces queda entre los del paréntesis.").format(of=of)


def _answer_hint(row: PriceRow) -> str:
    return "\n".join(text.sentence(reason) for reason in _advice(row).elasticity.reasons)


def _cost_words(row: PriceRow) -> str:
    old, new = (_pesos(cents) for cents in (_alarm(row).old_cost_cents, _alarm(row).new_cost_cents))
    return f"{old} → {new}"


def _margin_words(row: PriceRow) -> str:
    old, new = (text.percent(share) for share in (_alarm(row).old_margin, _alarm(row).new_margin))
    return f"{old} → {new}"
