"""What the moment says, and silencing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from colmado_insights import text
from colmado_insights.analytics.results import LiveInsight, LiveType
from colmado_insights.cli.group import main
from colmado_insights.cli.help import option
from colmado_insights.cli.options import Options, common, parse_moment
from colmado_insights.domain import Snooze
from colmado_insights.live import LONGEST_SLEEP, SLEEPS, sleep_until
from colmado_insights.text import _


@main.command(example="colmado live --at 2026-11-19T18:00 --why")
@option("--at", metavar="AAAA-MM-DDTHH:MM", help="Momento a repetir; ahora si no se dice.")
@option("--why", is_flag=True, help="Decir también los números que hay detrás.")
@option("--snooze", metavar="TIPO[:ASUNTO]", help="Callar un aviso, o todos los de un tipo.")
@option(
    "--for", "how_long", type=click.Choice(SLEEPS), default="1h", show_default=True, only_with="snooze",
    help="Cuánto tiempo.",
)  # fmt: skip
@option("--wake", metavar="TIPO[:ASUNTO]", help="Dejar que un aviso callado vuelva a sonar.")
@common
def live(
    options: Options, at: str | None, why: bool, snooze: str | None, how_long: str, wake: str | None
) -> None:
    """Los avisos de este momento, o de uno pasado; los callados no se dicen."""
    now = options.moment if at is None else parse_moment(at)
    asked, woken = _live_key(snooze), _live_key(wake)
    with options.shop() as shop:
        if asked:
            shop.snooze_insight(*asked, sleep_until(how_long, now), now)
        if woken:
            shop.wake_insight(*woken)
        found = shop.read_live(now, is_replay=at is not None or options.as_of is not None)
        snoozes = [one for one in shop.read_snoozes(now) if one.until <= now + LONGEST_SLEEP]
    awake = [
        insight
        for insight in found
        if not any(one.silences(insight.type, insight.subject, now) for one in snoozes)
    ]
    values = {
        "at": now.isoformat(),
        "insights": [_insight_values(insight) for insight in awake],
        "snoozes": [
            {"type": one.type, "subject": one.subject, "until": one.until.isoformat()} for one in snoozes
        ],
    }
    words = [line for insight in awake for line in _insight_lines(insight, why=why)]
    words = words or [_("Nada fuera de lo normal ahora.")]
    options.show(values, "\n".join([*words, *map(_snooze_words, snoozes)]))


def _live_key(words: str | None) -> tuple[str, str] | None:
    """TYPE or TYPE:SUBJECT; the clock cannot be silenced, for while it is wrong nothing else is said."""
    if words is None:
        return None
    kind, _colon, subject = words.partition(":")
    kinds = [str(known) for known in LiveType if known is not LiveType.CLOCK]
    if kind not in kinds:
        raise click.BadParameter(
            _("«{value}» no es un tipo de aviso; hay {kinds}.").format(value=kind, kinds=", ".join(kinds))
        )
    return kind, subject


def _insight_values(insight: LiveInsight) -> dict[str, Any]:
    return {
        "type": insight.type,
        "subject": insight.subject,
        "message": text.sentence(insight.message),
        "confidence": insight.confidence,
        "actions": [text.action_sentence(code) for code in insight.actions],
        "why": [text.sentence(reason) for reason in insight.why],
        "numbers": [
            {"code": reason.code} | dict(reason.values) for reason in (insight.message, *insight.why)
        ],
        "created_at": insight.created_at.isoformat(),
        "expires_at": insight.expires_at.isoformat(),
    }


def _insight_lines(insight: LiveInsight, *, why: bool) -> Iterator[str]:
    todo = (text.action_sentence(code) for code in insight.actions)
    yield " ".join([text.sentence(insight.message), *todo])
    if why:
        told = [text.sentence(reason) for reason in insight.why]
        until = text.fluent(_("Vale hasta las {time}").format(time=text.clock(insight.expires_at)))
        yield from (f"  {line}" for line in [*told, f"{text.confidence_words(insight.confidence)}.", until])


def _snooze_words(snooze: Snooze) -> str:
    return _("Callado hasta el {day}, {time}: {what}").format(
        day=text.short_date(snooze.until.date()),
        time=text.clock(snooze.until),
        what=text.live_name(snooze.type, snooze.subject),
    )
