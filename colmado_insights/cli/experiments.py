"""Trying ways to ask Grok against each other: begin, look, end, adopt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from colmado_insights import text
from colmado_insights.analytics.results import ArmResult, CountedShare
from colmado_insights.cli.group import main
from colmado_insights.cli.help import option
from colmado_insights.cli.options import Options, common
from colmado_insights.domain import NANO_A_DOLLAR, Arm, Topic
from colmado_insights.personas.experiments import TOPICS, ExperimentReport, verdict_words
from colmado_insights.text import _, ngettext


def parse_arm(value: str) -> Arm:
    """A way to ask and a model, such as warm:grok-3."""
    prompt, _colon, model = value.partition(":")
    if not (prompt and model):
        raise click.BadParameter(
            _("«{value}» no es una manera; escribe por ejemplo warm:grok-3.").format(value=value)
        )
    return Arm(prompt, model)


@main.command(example="colmado experiments")
@option(
    "--start",
    "topic",
    type=click.Choice([str(each) for each in TOPICS]),
    help="Empezar una prueba de ese tema.",
)
@option(
    "--arm",
    "arms",
    multiple=True,
    only_with="topic",
    metavar="MANERA:MODELO",
    help="Lo que se compara; de dos a cuatro veces.",
)
@option("--end", "ended", type=int, metavar="PRUEBA", help="Terminar esa prueba.")
@option("--adopt", metavar="LETRA", only_with="ended", help="Con --end: preguntar así desde ahora.")
@option(
    "--resume",
    "resumed",
    type=int,
    metavar="PRUEBA",
    help="Seguir una prueba terminada; lo adoptado se devuelve.",
)
@common
def experiments(
    options: Options,
    topic: str | None,
    arms: tuple[str, ...],
    ended: int | None,
    adopt: str | None,
    resumed: int | None,
) -> None:
    """Compara maneras de preguntarle a Grok con tus opiniones y la revisión automática."""
    if sum(value is not None for value in (topic, ended, resumed)) > 1:
        raise click.UsageError(_("Escoge una sola cosa: --start, --end o --resume."))
    compared = [parse_arm(arm) for arm in arms]
    now = options.moment
    with options.shop() as shop:
        if topic is not None:
            shop.start_experiment(Topic(topic), compared, now)
        elif ended is not None:
            winner = None if adopt is None else _arm_of(shop.read_experiments(now), ended, adopt)
            shop.end_experiment(ended, now, winner)
        elif resumed is not None:
            shop.resume_experiment(resumed)
        reports = shop.read_experiments(now)
    words = "\n\n".join(map(_words, reports))
    options.show({"experiments": list(map(_values, reports))}, words or _("Todavía no hay pruebas."))


def _arm_of(reports: Iterable[ExperimentReport], number: int, letter: str) -> Arm | None:
    """The arm that the list calls by a letter; None of an experiment that there is not."""
    arms = next((each.experiment.arms for each in reports if each.experiment.experiment_id == number), ())
    named = {text.arm_letter(place): arm for place, arm in enumerate(arms)}
    if named and letter.upper() not in named:
        raise click.BadParameter(
            _("«{letter}» no es una manera de esa prueba: son {letters}.").format(
                letter=letter, letters=text.join_words(list(named))
            )
        )
    return named.get(letter.upper())


def _values(report: ExperimentReport) -> dict[str, Any]:
    experiment, result = report.experiment, report.result
    return {
        "id": experiment.experiment_id,
        "topic": str(experiment.topic),
        "started_at": experiment.started_at.isoformat(),
        "ended_at": experiment.ended_at and experiment.ended_at.isoformat(),
        "verdict": str(result.verdict),
        "winner": None if result.winner is None else text.arm_letter(result.winner),
        "adopted": None
        if experiment.adopted is None
        else text.arm_letter(experiment.arms.index(experiment.adopted)),
        "votes_missing": result.votes_missing,
        "confidence": round(result.confidence, 6),
        "outdated": report.outdated,
        "until": result.until.isoformat(),
        "reasons": [text.sentence(reason) for reason in result.reasons],
        "arms": [
            {
                "arm": text.arm_letter(place),
                "prompt": version,
                "model": arm.model,
                "answers": found.answers,
                "passed": _share_values(found.passed),
                "votes": found.votes,
                "liked": _share_values(found.liked),
                "cost_usd": None if found.cost_nano is None else round(found.cost_nano / NANO_A_DOLLAR, 9),
                "latency_ms": None if found.latency_ms is None else round(found.latency_ms),
                "fails_too_often": found.fails_too_often,
            }
            for place, (arm, version, found) in enumerate(
                zip(experiment.arms, report.versions, result.arms, strict=True)
            )
        ],
    }


def _share_values(share: CountedShare | None) -> dict[str, float] | None:
    if share is None:
        return None
    return {"share": round(share.share, 6), "lo95": round(share.lo, 6), "hi95": round(share.hi, 6)}


def _words(report: ExperimentReport) -> str:
    """The experiment, a line an arm, and what holds of them."""
    experiment, result = report.experiment, report.result
    since = _("Prueba {number} · {topic} · desde el {day}").format(
        number=experiment.experiment_id,
        topic=text.topic_name(experiment.topic),
        day=text.short_date(experiment.started_at.date()),
    )
    if experiment.ended_at is not None:
        since += " " + _("hasta el {day}").format(day=text.short_date(experiment.ended_at.date()))
    lines = [
        f"  {text.arm_letter(place)}  {text.prompt_name(arm.prompt)} · {arm.model}: {arm_words(found)}"
        for place, (arm, found) in enumerate(zip(experiment.arms, result.arms, strict=True))
    ]
    told = [f"  {sentence}" for sentence in verdict_words(report)]
    return "\n".join((since, *lines, *told))


def arm_words(arm: ArmResult) -> str:
    """How often it was liked, how often it passed, what it costs and how long it takes."""
    if not arm.answers:
        return _("todavía sin respuestas")
    parts = [ngettext("{n} opinión", "{n} opiniones", arm.votes).format(n=text.number(arm.votes))]
    if arm.liked:
        parts[0] += " " + _("(gusta {share}, entre {lo} y {hi})").format(
            share=text.percent(arm.liked.share), lo=text.percent(arm.liked.lo), hi=text.percent(arm.liked.hi)
        )
    if arm.passed:
        parts.append(_("pasa la revisión {share}").format(share=text.percent(arm.passed.share)))
    if arm.cost_nano is not None:
        parts.append(_("{money} cada una").format(money=text.dollars(round(arm.cost_nano))))
    if arm.latency_ms is not None:
        parts.append(_("{seconds} s").format(seconds=text.number(arm.latency_ms / 1000, 1)))
    return " · ".join(parts)
