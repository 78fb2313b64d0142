"""What products weigh and leave, what sleeps and what runs out; what is worth doing, and what came of it."""

from __future__ import annotations

from typing import Any

import click

from colmado_insights import insights, text
from colmado_insights.analytics.results import (
    AdviceOutcome,
    CareBoard,
    Estimate,
    MarginPart,
    NotEnough,
    ProductCare,
)
from colmado_insights.cli.answers import not_enough_values, not_enough_words
from colmado_insights.cli.group import main
from colmado_insights.cli.help import option
from colmado_insights.cli.options import Options, common
from colmado_insights.errors import UnknownAdvice
from colmado_insights.insights import Advice, LedgerEntry, LedgerSum
from colmado_insights.shop import Shop
from colmado_insights.text import _, ngettext

SOON_DAYS = 7
LONG_DAYS = 365
"""Nobody needs to know more nearly when the stock ends."""
_SHOWN = 30

# ── products ──


@main.command(example="colmado products --abc A")
@option("--abc", type=click.Choice(["A", "B", "C"]), help="Solo los de esa letra.")
@option("--dead", "is_dead", is_flag=True, help="Solo los que dejaron de venderse.")
@option("--low-stock", "is_low", is_flag=True, help="Solo los que se acaban en una semana.")
@option(
    "--margins",
    type=click.Choice(["category", "supplier"]),
    never_with=("abc", "is_dead", "is_low"),
    help="Ganancia por categoría o suplidor.",
)
@common
def products(options: Options, abc: str | None, is_dead: bool, is_low: bool, margins: str | None) -> None:
    """Lo que pesa y deja cada producto, lo que duerme y lo que se acaba."""
    with options.shop() as shop:
        board = shop.compute_care(options.as_of, options.progress())
        names = shop.read_product_names()
    if isinstance(board, NotEnough):
        options.show({"not_enough": not_enough_values(board)}, not_enough_words(board))
        return
    values = _board_values(board)
    if margins is not None:
        parts = board.by_category if margins == "category" else board.by_supplier
        values["margins"] = [_part_values(part) for part in parts]
        words = "\n".join(_part_words(part, margins) for part in parts)
        options.show(values, words or _("No se sabe de ningún suplidor todavía."))
        return
    found = [
        product
        for product in board.products
        if (abc is None or product.abc == abc)
        and (not is_dead or product.is_dead)
        and (not is_low or (product.days_left is not None and product.days_left.mean <= SOON_DAYS))
    ]
    values["products"] = [_product_values(product, names) for product in found]
    options.show(values, _products_words(board, found, names))


def _board_values(board: CareBoard) -> dict[str, Any]:
    return {
        "until": board.until,
        "window_days": board.window_days,
        "revenue": board.revenue_cents / 100,
        "margin": _pesos(board.margin_cents),
        "costed_share": round(board.costed_share, 4),
        "dead": board.dead,
        "asleep": _pesos(board.asleep_cents),
        "confidence": round(board.confidence, 3),
        "reasons": [text.sentence(reason) for reason in board.reasons],
    }


def _product_values(product: ProductCare, names: dict[int, str]) -> dict[str, Any]:
    return {
        "product_id": product.product_id,
        "name": names.get(product.product_id, ""),
        "category": product.category,
        "abc": product.abc,
        "revenue": product.revenue_cents / 100,
        "revenue_share": round(product.revenue_share, 6),
        "units": product.units_milli / 1000,
        "margin": _pesos(product.margin_cents),
        "margin_share": None if product.margin_share is None else round(product.margin_share, 4),
        "costed_share": round(product.costed_share, 4),
        "last_sold": product.last_sold,
        "quiet_days": product.quiet_days,
        "is_dead": product.is_dead,
        "stock": None if product.stock_milli is None else product.stock_milli / 1000,
        "asleep": _pesos(product.asleep_cents),
        "days_left": _estimate_values(product.days_left),
        "reasons": [text.sentence(reason) for reason in product.reasons],
    }


def _part_values(part: MarginPart) -> dict[str, Any]:
    return {
        "key": part.key,
        "revenue": part.revenue_cents / 100,
        "margin": part.margin_cents / 100,
        "margin_share": None if part.margin_share is None else round(part.margin_share, 4),
        "costed_share": round(part.costed_share, 4),
        "products": part.products,
    }


def _estimate_values(estimate: Estimate | None) -> dict[str, float] | None:
    if estimate is None:
        return None
    return {"mean": round(estimate.mean, 2), "lo": round(estimate.lo, 2), "hi": round(estimate.hi, 2)}


def _pesos(cents: float | None) -> float | None:
    return None if cents is None else cents / 100


def _part_words(part: MarginPart, by: str) -> str:
    name = text.category_name(part.key) if by == "category" else part.key
    margin = _("sin costo") if part.margin_share is None else text.percent(part.margin_share)
    return f"{name:<28.28}{text.money(part.revenue_cents):>14}{text.money(part.margin_cents):>14}{margin:>11}"


def _products_words(board: CareBoard, found: list[ProductCare], names: dict[int, str]) -> str:
    lines = [_product_words(product, names.get(product.product_id, "")) for product in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(_("… y {n} más.").format(n=text.number(len(found) - _SHOWN)))
    return "\n".join([*(lines or [_("Ninguno.")]), "", *(text.sentence(reason) for reason in board.reasons)])


def _product_words(product: ProductCare, name: str) -> str:
    margin = "" if product.margin_share is None else text.percent(product.margin_share)
    left = product.days_left
    ends = "" if left is None else _ends_words(left)
    quiet = "" if not product.is_dead else _("{n} días sin venderse").format(n=product.quiet_days)
    return f"{product.abc} {name:<38.38}{text.money(product.revenue_cents):>14}{margin:>8}  {ends or quiet}".rstrip()


def _ends_words(left: Estimate) -> str:
    """Se acabó, 2 a 9 días, más de 365 días."""
    low, high = round(left.lo), round(left.hi)
    if high <= 0:
        return _("se acabó")
    if low >= LONG_DAYS:
        return _("más de {n} días").format(n=text.number(LONG_DAYS))
    if low >= high:
        return ngettext("{n} día", "{n} días", high).format(n=text.number(high))
    return ngettext("{lo} a {hi} día", "{lo} a {hi} días", high).format(
        lo=text.number(low), hi=text.number(high)
    )


# ── actions ──


@main.command(example="colmado actions")
@option("--done", metavar="CLAVE", help="Este consejo se hizo.")
@option("--not-now", metavar="CLAVE", help="Este consejo, ahora no.")
@option("--undo", metavar="CLAVE", help="Quitar lo que se contestó a este consejo.")
@option("--ledger", "is_ledger", is_flag=True, help="Todo lo aconsejado y lo que trajo.")
@common
def actions(
    options: Options, done: str | None, not_now: str | None, undo: str | None, is_ledger: bool
) -> None:
    """Lo que conviene hacer, lo que más deja primero; y lo que trajo lo que se hizo."""
    if sum(each is not None for each in (done, not_now, undo)) + is_ledger > 1:
        raise click.UsageError(_("Escoge una sola de --done, --not-now, --undo y --ledger."))
    with options.shop() as shop:
        if (key := done or not_now) is not None:
            _require(shop, key)
            shop.write_answer(key, done=done is not None)
            options.show({"key": key, "done": done is not None}, _("Anotado."))
        elif undo is not None:
            _require(shop, undo)
            was_answered = shop.undo_answer(undo)
            options.show(
                {"key": undo, "undone": was_answered},
                _("Quitado.") if was_answered else _("No tenía respuesta."),
            )
        elif is_ledger:
            entries = shop.read_ledger(options.moment)
            sums = insights.sum_ledger(entries)
            values = {
                "entries": [_entry_values(entry) for entry in entries],
                "brought": [_sum_values(each) for each in sums],
                "without": [_sum_values(each) for each in insights.sum_ledger(entries, is_taken=False)],
            }
            words = "\n".join([*(_sum_words(each) for each in sums), *map(_entry_words, entries)])
            options.show(values, words or _("Todavía no se ha aconsejado nada."))
        else:
            found = shop.compute_actions(
                options.moment, options.progress(), is_replay=options.as_of is not None
            )
            words = "\n".join(_advice_words(advice) for advice in found)
            options.show(
                {"actions": [_advice_values(advice) for advice in found]}, words or _("Nada pendiente.")
            )


def _require(shop: Shop, key: str) -> None:
    if not shop.has_advice(key):
        raise UnknownAdvice(
            _("No hay ningún consejo «{key}».").format(key=key),
            _("Mira las claves con «colmado actions» o «colmado actions --ledger»."),
        )


def _advice_values(advice: Advice) -> dict[str, Any]:
    return {
        "key": advice.key,
        "kind": advice.kind,
        "what": text.sentence(advice.what),
        "why": text.sentence(advice.why),
        "gain": _pesos(advice.gain_cents),
        "gain_is": advice.goal,
        "measure": advice.measure,
        "page": advice.page,
    }


def _goal_words(goal: str) -> str:
    return _("de ganancia") if goal == "profit" else _("de venta")


def _advice_words(advice: Advice) -> str:
    gain = ""
    if advice.gain_cents:
        gain = f" ({text.money(advice.gain_cents, signed=True)} {_goal_words(advice.goal)})"
    return f"{text.sentence(advice.what)}{gain}\n    {text.sentence(advice.why)}\n    {advice.key}"


def _entry_values(entry: LedgerEntry) -> dict[str, Any]:
    return _advice_values(entry.advice) | {
        "shown_at": entry.shown_at.isoformat(),
        "answered_at": entry.answered_at and entry.answered_at.isoformat(),
        "is_taken": entry.is_taken,
        "outcome": None if entry.outcome is None else _outcome_values(entry.outcome),
    }


def _outcome_values(outcome: AdviceOutcome) -> dict[str, Any]:
    def pesos(estimate: Estimate | None) -> dict[str, float] | None:
        return None if estimate is None else {
            "mean": round(estimate.mean) / 100, "lo": round(estimate.lo) / 100, "hi": round(estimate.hi) / 100,
        }  # fmt: skip

    return {
        "outcome": outcome.outcome,
        "expected": pesos(outcome.expected),
        "actual": _pesos(outcome.actual),
        "change": pesos(outcome.change),
        "promised": _pesos(outcome.promised_cents),
        "days": outcome.days,
        "until": outcome.until,
        "reasons": [text.sentence(reason) for reason in outcome.reasons],
    }


def _entry_words(entry: LedgerEntry) -> str:
    answers = {True: _("hecho"), False: _("ahora no"), None: _("sin respuesta")}
    what = f"{text.short_date(entry.shown_at.date())} · {text.sentence(entry.advice.what)} · {answers[entry.is_taken]}"
    if entry.outcome is None or not entry.outcome.reasons:
        return what
    return f"{what}\n    {text.sentence(entry.outcome.reasons[0])}"


def _sum_values(each: LedgerSum) -> dict[str, Any]:
    return {
        "of": each.goal,
        "advices": each.advices,
        "mean": round(each.change.mean) / 100,
        "lo": round(each.change.lo) / 100,
        "hi": round(each.change.hi) / 100,
    }


def _sum_words(each: LedgerSum) -> str:
    return _("Lo hecho trajo {mean} {of}, entre {lo} y {hi}; consejos medidos: {n}.").format(
        mean=text.money(each.change.mean, signed=True), of=_goal_words(each.goal),
        lo=text.money(each.change.lo), hi=text.money(each.change.hi), n=each.advices,
    )  # fmt: skip
