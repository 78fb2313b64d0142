"""The numbers on top of the prices: judged, sure gain, what to change, and costs that rose."""

from __future__ import annotations

from colmado_insights import text
from colmado_insights.analytics.results import PriceAdvice, PriceBoard
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.number_card import NumberCard
from colmado_insights.ui.widgets.price_words import gain_of, is_change

MOST_REASONS = 2


def price_cards(look: Look, board: PriceBoard, *, shows_costs: bool) -> tuple[NumberCard, ...]:
    """The cards; a cashier is told only what could be judged."""
    judged = _judged_card(look, board)
    if not shows_costs:
        return (judged,)
    changes = [advice for advice in board.advices if is_change(advice)]
    if not board.judged:
        nothing = _("todavía no se puede decir de ningún precio")
        changed = NumberCard(look, _("Precios por cambiar"), "tag", "–", words=nothing)
    else:
        changed = _changes_card(look, changes)
    return _gain_card(look, changes), changed, _alarms_card(look, board), judged


def _gain_card(look: Look, changes: list[PriceAdvice]) -> NumberCard:
    """Profit where costs are known; sums of sales only where nothing better is."""
    title = _("Ganarías a la semana")
    counted = [advice for advice in changes if advice.profit_change is not None]
    if changes and not counted:
        title, counted = _("Venderías a la semana"), changes
    if not counted:
        return NumberCard(look, title, "coins", "–", words=_("ningún cambio de precio es seguro todavía"))
    gains = [gain_of(advice) for advice in counted]
    mean = text.money(sum(gain.mean for gain in gains))
    return NumberCard(
        look, title, "coins", text.money(max(0.0, sum(gain.lo for gain in gains))),
        mark=_("▲ lo más probable: {money}").format(money=mean), tone=Tone.GOOD,
        words=_("por lo menos, cambiándolos paso a paso"),
    )  # fmt: skip


def _changes_card(look: Look, changes: list[PriceAdvice]) -> NumberCard:
    up = sum(advice.optimal_cents > advice.current_cents for advice in changes)
    mark = _("▲ {up} subir · ▼ {down} bajar").format(up=text.number(up), down=text.number(len(changes) - up))
    return NumberCard(
        look, _("Precios por cambiar"), "tag", text.number(len(changes)),
        mark=mark if changes else _("= déjalos"), tone=Tone.BRAND if changes else Tone.PLAIN,
        words=_("el resto está bien como está"),
    )  # fmt: skip


def _alarms_card(look: Look, board: PriceBoard) -> NumberCard:
    title, lost = _("Costos que subieron"), sum(alarm.weekly_loss_cents for alarm in board.alarms)
    if not board.alarms:
        return NumberCard(
            look, title, "triangle-alert", "0", mark=_("= al día"), tone=Tone.GOOD,
            words=_("ningún costo subió sin su precio"),
        )  # fmt: skip
    return NumberCard(
        look, title, "triangle-alert", text.number(len(board.alarms)),
        mark=_("▼ {money} a la semana").format(money=text.money(lost)), tone=Tone.ACCENT,
        words=_("que se pierden a los precios de hoy"),
    )  # fmt: skip


def _judged_card(look: Look, board: PriceBoard) -> NumberCard:
    refused = sum(count for _unit, count in board.refused)
    mark = _("{n} todavía no").format(n=text.number(refused)) if refused else _("= todos")
    return NumberCard(
        look, _("Productos juzgados"), "target", text.number(board.judged), mark=mark,
        words=refused_words(board.refused),
    )  # fmt: skip


def refused_words(refused: tuple[tuple[str, int], ...]) -> str:
    """Why most of those that could not be judged could not, in words."""
    most = sorted(refused, key=lambda pair: -pair[1])[:MOST_REASONS]
    return ", ".join(_refused_part(unit, count) for unit, count in most)


def _refused_part(unit: str, count: int) -> str:
    parts = {
        "prices": ngettext("{n} casi no cambió de precio", "{n} casi no cambiaron de precio", count),
        "days": ngettext("{n} vende muy poco", "{n} venden muy poco", count),
        "receipts": ngettext("{n} casi no se vende ya", "{n} casi no se venden ya", count),
        "by_amount": ngettext("{n} se pide por monto", "{n} se piden por monto", count),
        "open_price": ngettext("{n} no tiene precio fijo", "{n} no tienen precio fijo", count),
    }
    return parts.get(unit, ngettext("{n} sin ventas", "{n} sin ventas", count)).format(n=text.number(count))
