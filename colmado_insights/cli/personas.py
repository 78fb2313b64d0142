"""Segments, customers and the week in words: by Grok where the owner allows it, else by rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import click

from colmado_insights import text
from colmado_insights.analytics.results import LearnedSegments, NotEnough
from colmado_insights.analytics.segments import SEGMENT_IDS
from colmado_insights.cli.answers import not_enough_values, not_enough_words
from colmado_insights.cli.group import main
from colmado_insights.cli.help import option
from colmado_insights.cli.options import Options, common
from colmado_insights.domain import NANO_A_DOLLAR, Topic
from colmado_insights.personas import Persona, PersonaRun, Preview, describe_source
from colmado_insights.shop import Shop
from colmado_insights.text import _, ngettext


@main.command(example="colmado personas --segment lunch_rush --offline")
@option("--segment", "segment", metavar="SEGMENTO", help="Solo ese, por su clave o su nombre.")
@option("--customer", "who", metavar="CLIENTE", help="Un cliente, por su número o su nombre.")
@option("--week", "is_week", is_flag=True, help="La última semana entera del colmado.")
@option("--preview", is_flag=True, help="Enseñar lo que se mandaría y lo más que costaría; no manda nada.")
@option("--offline", is_flag=True, never_with=("preview",), help="Sin preguntar: lo guardado, o por reglas.")
@common
def personas(
    options: Options, segment: str | None, who: str | None, is_week: bool, preview: bool, offline: bool
) -> None:
    """Quién compra, en palabras: qué venderles y cómo atenderlos. Lo escribe Grok si lo permites; si no, las reglas."""
    if sum((segment is not None, who is not None, is_week)) > 1:
        raise click.UsageError(_("Escoge una sola cosa: --segment, --customer o --week."))
    with options.shop() as shop:
        topic, names = _choose(shop, options, segment, who, is_week=is_week)
        if preview:
            _show_previews(options, shop, topic, names)
            return
        run = (
            _read(shop, options, topic, tuple(names)) if offline else _ask(shop, options, topic, tuple(names))
        )
    options.show(_values(topic, run), "\n\n".join(_words(names, run)))


def _choose(
    shop: Shop, options: Options, segment: str | None, who: str | None, *, is_week: bool
) -> tuple[Topic, dict[str, str]]:
    """What is asked about, and what each subject is called."""
    if is_week:
        return Topic.WEEK, {"": _("La semana")}
    if who is not None:
        return Topic.CUSTOMER, {str(shop.find_customer(who)): _("Este cliente")}
    titles = {name: text.segment_name(name) for name in SEGMENT_IDS}
    if segment is None:
        return Topic.SEGMENT, titles
    if segment not in titles:
        learned = shop.compute_learned(options.as_of, options.progress())
        own = learned.segments if isinstance(learned, LearnedSegments) else ()
        titles |= {one.segment_id: text.segment_title(one) for one in own}
    wanted = segment.casefold()
    found = [name for name, title in titles.items() if wanted in (name.casefold(), title.casefold())]
    if not found:
        raise click.BadParameter(
            _("No hay un segmento «{name}»; míralos con: colmado segments.").format(name=segment)
        )
    return Topic.SEGMENT, {found[0]: titles[found[0]]}


def _ask(shop: Shop, options: Options, topic: Topic, subjects: Sequence[str]) -> PersonaRun:
    """By Grok where that is allowed; nothing is asked, and nothing complained of, where it is not."""
    now = datetime.now()
    if topic not in shop.read_grok(now).allowed:
        return _read(shop, options, topic, subjects)
    return shop.ask_words(topic, subjects, options.as_of, now, options.progress())


def _read(shop: Shop, options: Options, topic: Topic, subjects: Sequence[str]) -> PersonaRun:
    """What is at hand without asking anybody."""
    now, made = datetime.now(), {}
    for subject in subjects:
        words = shop.read_words(topic, subject, options.as_of, now, options.progress())
        made[subject] = Persona(not_enough_words(words), (), ()) if isinstance(words, NotEnough) else words
    return PersonaRun(made)


def _values(topic: Topic, run: PersonaRun) -> dict[str, Any]:
    return {
        "personas": [_persona_values(topic, subject, each) for subject, each in run.personas.items()],
        "requests": run.requests,
        "kept": run.kept,
        "cost_usd": run.cost_nano / NANO_A_DOLLAR,
        "trouble": run.trouble,
        "todo": run.todo,
    }


def _subject_values(topic: Topic, subject: str) -> dict[str, Any]:
    return {
        "topic": str(topic),
        "segment_id": subject if topic is Topic.SEGMENT else None,
        "customer_id": int(subject) if topic is Topic.CUSTOMER else None,
    }


def _persona_values(topic: Topic, subject: str, persona: Persona) -> dict[str, Any]:
    return {
        **_subject_values(topic, subject),
        "source": persona.source,
        "persona_description": persona.description,
        "marketing_recommendations": list(persona.marketing),
        "operational_insights": list(persona.operations),
        "cost_usd": persona.cost_nano / NANO_A_DOLLAR,
        "made_at": persona.made_at and persona.made_at.isoformat(),
        "model": persona.model or None,
        "prompt": persona.prompt or None,
        "is_old": persona.is_old,
        "call_id": persona.call_id,
        "vote": persona.vote,
        "trouble": persona.trouble,
    }


def _words(names: dict[str, str], run: PersonaRun) -> Iterator[str]:
    today = datetime.now().date()
    for subject, persona in run.personas.items():
        lines = [f"{names[subject]} · {describe_source(persona, today)}", f"  {persona.description}"]
        lines += [f"  $ {idea}" for idea in persona.marketing]
        lines += [f"  → {idea}" for idea in persona.operations]
        yield "\n".join(lines)
    if run.requests:
        yield ngettext(
            "Salió {n} pregunta: {money}.", "Salieron {n} preguntas: {money}.", run.requests
        ).format(n=text.number(run.requests), money=text.dollars(run.cost_nano))
    if run.trouble:
        yield f"{run.trouble} {run.todo}".strip()


# ── what would be sent ──


def _show_previews(options: Options, shop: Shop, topic: Topic, names: dict[str, str]) -> None:
    now = datetime.now()
    found = {subject: shop.preview_words(topic, subject, options.as_of, now) for subject in names}
    sent = [each for each in found.values() if isinstance(each, Preview) and not each.is_kept]
    known = [each.most_nano for each in sent if each.most_nano is not None]
    total = sum(known) if len(known) == len(sent) else None
    is_allowed = topic in shop.read_grok(now).allowed
    words = "\n\n".join(_preview_words(names[subject], each) for subject, each in found.items())
    options.show(
        {
            "previews": [_preview_values(topic, subject, each) for subject, each in found.items()],
            "most_cost_usd": None if total is None else total / NANO_A_DOLLAR,
            "is_allowed": is_allowed,
        },
        f"{words}\n\n{_total_words(total, is_allowed=is_allowed)}",
    )


def _preview_values(topic: Topic, subject: str, preview: Preview | NotEnough) -> dict[str, Any]:
    if isinstance(preview, NotEnough):
        return {**_subject_values(topic, subject), "not_enough": not_enough_values(preview)}
    return {
        **_subject_values(topic, subject),
        "url": preview.url,
        "text": preview.text,
        "most_tokens": preview.most_tokens,
        "most_cost_usd": None if preview.most_nano is None else preview.most_nano / NANO_A_DOLLAR,
        "is_kept": preview.is_kept,
    }


def _preview_words(name: str, preview: Preview | NotEnough) -> str:
    if isinstance(preview, NotEnough):
        return f"{name}\n  {not_enough_words(preview)}"
    kept = "\n" + _("Ya está contestado: no se mandaría nada.") if preview.is_kept else ""
    return f"{name} → {preview.url}\n{preview.text}{kept}"


def _total_words(total: int | None, *, is_allowed: bool) -> str:
    words = _("No se mandó nada.")
    if total is None:
        words += " " + _("No se sabe cuánto costaría: falta el precio del modelo.")
    else:
        words += " " + _("Costaría {money} como mucho.").format(money=text.dollars(total))
    return words if is_allowed else words + " " + _("Y no está permitido mandarlo: mira colmado grok.")
