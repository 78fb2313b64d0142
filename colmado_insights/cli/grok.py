"""Grok without a window: what may leave, with which key and model, what it may cost, and what it has cost."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import click

from colmado_insights import text, vault
from colmado_insights.cli.group import main
from colmado_insights.cli.help import confirm, option
from colmado_insights.cli.options import Options, common
from colmado_insights.domain import (
    NANO_A_DOLLAR,
    PRICE_UNITS_A_DOLLAR,
    GrokCall,
    ModelPrice,
    MonthSpending,
    Topic,
)
from colmado_insights.errors import AdviceProblem
from colmado_insights.personas.budget import GrokState
from colmado_insights.personas.standing import hit_words, month_words, spent_words, state_words
from colmado_insights.shop import Shop
from colmado_insights.text import N_, _
from colmado_insights.vault import KeyPlace

THUMBS = {"up": 1, "down": -1, "none": 0}
TOPICS = click.Choice([str(topic) for topic in Topic])
ROWS = 20
MOST_ROWS = 2**31
"""More requests than that are in no ledger."""

_PLACES = {
    None: N_("no hay"),
    KeyPlace.VAULT: N_("en el llavero de esta computadora"),
    KeyPlace.SESSION: N_(
        "solo mientras dura esta orden, porque aquí no hay llavero; para la consola, ponla en XAI_API_KEY"
    ),
    KeyPlace.ENVIRONMENT: N_("en la variable XAI_API_KEY"),
}


@main.command(example="colmado grok")
@option("--allow", type=TOPICS, help="Permitir que salgan números de eso; antes dice cuáles.")
@option("--forbid", type=TOPICS, help="Que no salga nada más de eso.")
@option("--yes", is_flag=True, only_with="allow", help="Con --allow: sin preguntar.")
@option(
    "--key", "wants_key", is_flag=True, help="Guardar la llave; se escribe sin verse, o la da otro programa."
)
@option("--forget-key", is_flag=True, never_with=("wants_key",), help="Olvidar la llave.")
@option(
    "--models", "wants_models", is_flag=True, help="Los modelos y sus precios; sin internet, los guardados."
)
@option("--model", metavar="NOMBRE", help="Preguntarle a ese modelo.")
@option(
    "--limit", "limit_usd", type=click.FloatRange(0, 50), callback=lambda *said: _finite(said[-1]), metavar="US$",
    help="Lo más que se gasta al mes.",
)  # fmt: skip
@option("--daily/--no-daily", default=None, help="Cada noche, los segmentos que cambiaron; o no.")
@option("--url", metavar="DIRECCIÓN", help="Dirección del servicio.")
@option(
    "--ledger",
    "wants_ledger",
    is_flag=True,
    never_with=("wants_models",),
    help="Lo que ha salido, pregunta por pregunta.",
)
@option(
    "--limit-rows",
    type=click.IntRange(1, MOST_ROWS),
    default=ROWS,
    show_default=True,
    only_with="wants_ledger",
    help="Con --ledger: cuántas.",
)
@option(
    "--spending",
    "wants_spending",
    is_flag=True,
    never_with=("wants_models", "wants_ledger"),
    help="Lo gastado mes por mes.",
)
@option(
    "--thumb", nargs=2, type=(click.IntRange(1, MOST_ROWS), click.Choice(list(THUMBS))), metavar="NÚMERO OPINIÓN",
    help="Lo que te pareció una respuesta (su número en --ledger): up, down o none.",
)  # fmt: skip
@common
def grok(
    options: Options,
    allow: str | None,
    forbid: str | None,
    yes: bool,
    wants_key: bool,
    forget_key: bool,
    wants_models: bool,
    model: str | None,
    limit_usd: float | None,
    daily: bool | None,
    url: str | None,
    wants_ledger: bool,
    limit_rows: int,
    wants_spending: bool,
    thumb: tuple[int, str] | None,
) -> None:
    """Grok y tu privacidad: qué puede salir, con qué llave, y cuánto cuesta. Sin opciones, cómo está todo."""
    if forget_key:  # it is this PC's, not the shop's, and goes also where no shop can be opened
        vault.forget_key()
    with options.shop() as shop:
        if allow is not None:
            _allow(shop, Topic(allow), is_asked=not yes)
        if forbid is not None:
            shop.allow_grok(Topic(forbid), is_allowed=False)
        if wants_key:
            shop.write_grok_key(_read_key())
        _write_settings(
            shop,
            grok_model=model,
            grok_limit_cents=None if limit_usd is None else round(100 * limit_usd),
            grok_daily=daily,
            grok_url=None if url is None else url.rstrip("/"),
        )
        if thumb is not None:
            shop.write_vote(thumb[0], THUMBS[thumb[1]])
        if wants_models:
            _show_models(options, shop)
        elif wants_ledger:
            _show_ledger(options, shop.read_grok_calls(limit_rows))
        elif wants_spending:
            _show_spending(options, shop.read_spending(datetime.now()))
        else:
            state = shop.read_grok(datetime.now())
            values = _state_values(state) | {
                "url": shop.settings.grok_url,
                "is_daily": shop.settings.grok_daily,
            }
            options.show(values, "\n".join(_state_words(state, datetime.now().date())))


# ── what the owner says ──


def _allow(shop: Shop, topic: Topic, *, is_asked: bool) -> None:
    """Say what leaves, and let it only after that."""
    click.echo(text.topic_leaves(topic), err=True)
    if is_asked:
        confirm(_("Eso saldrá hacia Grok, un servicio de fuera. ¿Lo permites?"))
    shop.allow_grok(topic, is_allowed=True)


def _finite(usd: float | None) -> float | None:
    """An amount; "nan" is a number to Python and lies in every range."""
    if usd is not None and not math.isfinite(usd):
        raise click.BadParameter(_("«{value}» no sirve para eso.").format(value=usd))
    return usd


def _read_key() -> str:
    """The key as typed unseen, or as it comes through a pipe; never a word of the command, which others may see."""
    if sys.stdin.isatty():
        return str(click.prompt(_("Llave de Grok"), hide_input=True, err=True)).strip()
    return sys.stdin.readline().strip()


def _write_settings(shop: Shop, **said: Any) -> None:
    """Keep what was said of the settings."""
    values = {name: value for name, value in said.items() if value is not None}
    changed = shop.settings.with_values(values)
    for name, value in values.items():
        if getattr(changed, name) != value:
            raise click.BadParameter(_("«{value}» no sirve para eso.").format(value=value))
    if values:
        shop.write_settings(changed)


# ── how it stands ──


def _state_values(state: GrokState) -> dict[str, Any]:
    return {
        "allowed": sorted(state.allowed),
        "key_place": state.key_place,
        "model": state.model,
        "price": None if state.price is None else _price_values(state.price),
        "replacement": state.replacement or None,
        "limit_usd": state.limit_nano / NANO_A_DOLLAR,
        "spent_usd": state.spent_nano / NANO_A_DOLLAR,
        "reserved_usd": state.reserved_nano / NANO_A_DOLLAR,
        "is_warned": state.is_warned,
        "is_spent": state.is_spent,
        "hits": state.hits,
        "misses": state.misses,
    }


def _state_words(state: GrokState, today: date) -> Iterator[str]:
    yield state_words(state, today)[0]
    if state.allowed:
        yield _("Permitido: {topics}").format(topics=text.topics_words(state.allowed))
    yield _("Llave: {place}").format(place=_(_PLACES[state.key_place]))
    price = (
        _("no se sabe su precio, y así no se le pregunta")
        if state.price is None
        else text.model_price(state.price)
    )
    yield _("Modelo: {model} ({price})").format(model=state.model, price=price)
    if state.replacement:
        yield _("Ese modelo ya no se ofrece o no se conoce; puedes usar {model}.").format(
            model=state.replacement
        )
    yield f"{month_words(state)}. {spent_words(state)}"
    yield hit_words(state)


def _price_values(price: ModelPrice) -> dict[str, Any]:
    return {
        "name": price.name,
        "prompt_usd_per_million": price.prompt_price / PRICE_UNITS_A_DOLLAR,
        "cached_usd_per_million": price.cached_price / PRICE_UNITS_A_DOLLAR,
        "answer_usd_per_million": price.answer_price / PRICE_UNITS_A_DOLLAR,
        "aliases": list(price.aliases),
        "is_offered": price.is_offered,
        "read_at": price.read_at and price.read_at.isoformat(),
    }


# ── lists ──


def _show_models(options: Options, shop: Shop) -> None:
    """The list of today, or the one that is kept and why."""
    trouble = ""
    try:
        models = shop.read_models_online(options.progress())
    except AdviceProblem as exc:
        models, trouble = shop.read_models(), str(exc)
    values = {
        "models": [_price_values(each) for each in models],
        "is_online": not trouble,
        "trouble": trouble,
    }
    kept = [trouble, text.prices_age(models)] if trouble else []
    options.show(values, "\n".join([*_model_words(models), *kept]))


def _model_words(models: Sequence[ModelPrice]) -> Iterator[str]:
    width = max((len(each.name) for each in models), default=0)
    for each in models:
        gone = "" if each.is_offered else " · " + _("ya no se ofrece")
        yield f"{each.name:<{width}}  {text.model_price(each)}{gone}"


def _show_ledger(options: Options, calls: Sequence[GrokCall]) -> None:
    words = "\n".join(map(_call_words, calls))
    options.show({"calls": list(map(_call_values, calls))}, words or _("Todavía no ha salido nada."))


def _call_values(call: GrokCall) -> dict[str, Any]:
    tokens = call.tokens
    return {
        "call_id": call.call_id,
        "at": call.at.isoformat(),
        "topic": call.topic,
        "subject": call.subject,
        "question_key": call.question_key,
        "model": call.model,
        "prompt": call.prompt,
        "attempt": call.attempt,
        "outcome": call.outcome,
        "status": call.status,
        "sent_bytes": call.sent_bytes,
        "tokens": tokens and {"prompt": tokens.prompt, "cached": tokens.cached, "answer": tokens.answer},
        "cost_usd": call.cost_nano / NANO_A_DOLLAR,
        "is_estimate": call.is_estimate,
        "latency_ms": call.latency_ms,
        "experiment_id": call.experiment_id,
        "failed_checks": list(call.failed_checks),
        "vote": call.vote,
    }


def _call_words(call: GrokCall) -> str:
    about = text.call_subject(call.topic, call.subject)
    return (
        f"{call.call_id:>5}  {text.short_date(call.at.date())} {text.clock(call.at)}  {about} · {call.model}"
        f" · {text.call_outcome(call)} · {text.call_cost(call)}"
    )


def _show_spending(options: Options, months: Sequence[MonthSpending]) -> None:
    values = [
        {"month": f"{each.first_day:%Y-%m}", "cost_usd": each.cost_nano / NANO_A_DOLLAR}
        | {"calls": each.calls, "answered": each.answered}
        for each in months
    ]
    words = [text.month_spending(each) for each in months if each.calls]
    options.show({"months": values}, "\n".join(words) or _("Grok no ha costado nada."))
