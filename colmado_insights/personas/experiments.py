"""Experiments with ways to ask Grok: who is asked which way, and how each way does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import pandas as pd

from colmado_insights import text
from colmado_insights.analytics.experiments import ARM_CALL_COLUMNS, compute_experiment
from colmado_insights.analytics.results import ExperimentResult, ExperimentVerdict
from colmado_insights.domain import Arm, CallOutcome, Experiment, Topic
from colmado_insights.errors import BadExperiment
from colmado_insights.insights.keeping import decode
from colmado_insights.personas import budget
from colmado_insights.personas.persona import Persona
from colmado_insights.personas.prompts import PROMPTS, prompt_id
from colmado_insights.storage import experiments, spending
from colmado_insights.storage.database import Database
from colmado_insights.storage.experiments import ArmCall
from colmado_insights.text import _, ngettext

TOPICS = (Topic.SEGMENT, Topic.CUSTOMER, Topic.WEEK)
"""What is put into words; to a question there is one right answer and no taste."""
MOST_ARMS = 4
UNJUDGED_OF_ARM = 2
_WHOLE = (CallOutcome.ANSWERED, CallOutcome.REJECTED)


@dataclass(frozen=True)
class ArmAnswer:
    """What one arm wrote of a subject."""

    call_id: int
    subject: str
    made_at: datetime
    words: Persona
    arm: int  # place; not to be shown before the owner's thumb


@dataclass(frozen=True)
class ExperimentReport:
    """How an experiment goes or went."""

    experiment: Experiment
    versions: tuple[str, ...]  # of each arm, the one that is counted, such as "plain-2"
    result: ExperimentResult
    outdated: int  # answers to earlier versions, which are not counted
    unjudged: tuple[ArmAnswer, ...] = ()  # in an order that tells nothing of the arm


def choose_arm(experiment: Experiment, question_key: str) -> Arm:
    """The arm that a question falls to: always the same one, and each arm as often as any other.

    `question_key` must name what is asked and not how, or the arm would choose itself. The experiment is part of
    the draw, so that the questions of one arm do not stay together in the next experiment.
    """
    return experiment.arms[_draw(experiment, question_key) % len(experiment.arms)]


def read_reports(database: Database, now: datetime) -> tuple[ExperimentReport, ...]:
    """All experiments with what they tell, the newest first."""
    return tuple(_report(database, each, now) for each in experiments.read_experiments(database))


def start(database: Database, topic: Topic, arms: Sequence[Arm], now: datetime) -> int:
    """Begin to compare ways to ask about a topic.

    Raises
    ------
    BadExperiment
        The arms cannot be compared, or another experiment deals out the topic; nothing was begun.
    """
    _check(database, topic, arms)
    made = experiments.write_experiment(database, topic, arms, now)
    if made is None:
        raise BadExperiment(_("Ya hay una prueba de ese tema."), _("Termínala antes de empezar otra."))
    return made


def end(
    database: Database, experiment_id: int, now: datetime, winner: Arm | None, replaced: Arm | None
) -> None:
    """End an experiment; a winner takes the place of another way to ask.

    Raises
    ------
    BadExperiment
        It does not run, or has no such arm.
    """
    running = find_experiment(database, experiment_id)
    if winner is not None and winner not in running.arms:
        raise BadExperiment(_("Esa manera no está en la prueba."), _("Escoge una de las que se comparan."))
    if not experiments.write_end(database, experiment_id, now, winner, replaced if winner else None):
        raise BadExperiment(_("Esa prueba ya terminó."), _("Puedes seguirla o empezar otra."))


def resume(database: Database, experiment_id: int) -> Experiment:
    """Let an ended experiment run on; as it was while it was ended.

    Raises
    ------
    BadExperiment
        It still runs, or another of its topic does.
    """
    ended = find_experiment(database, experiment_id)
    if not experiments.delete_end(database, experiment_id):
        raise BadExperiment(_("Ya hay una prueba de ese tema."), _("Termínala antes de seguir esta."))
    return ended


def find_experiment(database: Database, experiment_id: int) -> Experiment:
    """The experiment of that id.

    Raises
    ------
    BadExperiment
        There is none.
    """
    found = (each for each in experiments.read_experiments(database) if each.experiment_id == experiment_id)
    if (experiment := next(found, None)) is None:
        raise BadExperiment(_("No hay una prueba con ese número."), _("Mira cuáles hay."))
    return experiment


def verdict_words(report: ExperimentReport) -> tuple[str, ...]:
    """What holds of an experiment, and what became of it, a sentence each."""
    experiment, result = report.experiment, report.result
    is_over = experiment.ended_at is not None
    told = [
        text.sentence(reason)
        for reason in result.reasons
        if not (is_over and reason.code == "experiment_peeking")
    ]
    if is_over and result.verdict is ExperimentVerdict.WAITING:
        told[0] = _("Terminó antes de que se notara cuál gusta más.")
    if experiment.adopted is not None:
        letter = text.arm_letter(experiment.arms.index(experiment.adopted))
        told.append(_("Al terminar te quedaste con la manera {arm}.").format(arm=letter))
    if report.outdated:
        told.append(
            ngettext(
                "{n} respuesta no cuenta: se pidió con otra versión de las instrucciones.",
                "{n} respuestas no cuentan: se pidieron con otra versión de las instrucciones.",
                report.outdated,
            ).format(n=text.number(report.outdated))
        )
    return tuple(told)


def _check(database: Database, topic: Topic, arms: Sequence[Arm]) -> None:
    todo = _("Escoge de dos a cuatro maneras distintas.")
    if topic not in TOPICS:
        raise BadExperiment(
            _("De ese tema no se hacen pruebas."), _("Escoge segmentos, clientes o la semana.")
        )
    if not 2 <= len(arms) <= MOST_ARMS or len(set(arms)) < len(arms):
        raise BadExperiment(_("Una prueba compara maneras distintas."), todo)
    models = spending.read_models(database)
    for arm in arms:
        if arm.prompt not in {prompt.name for prompt in PROMPTS}:
            raise BadExperiment(_("No hay una manera «{name}».").format(name=arm.prompt), todo)
        price = budget.find_model(models, arm.model)
        if price is None or not price.is_offered:
            raise BadExperiment(
                _("No se sabe cuánto cobra el modelo «{model}».").format(model=arm.model),
                _("Trae la lista de modelos en la página de Grok, o escoge otro."),
            )


# ── what an experiment tells ──


def _report(database: Database, experiment: Experiment, now: datetime) -> ExperimentReport:
    calls = experiments.read_arm_calls(database, experiment.experiment_id)
    versions = tuple(_version(experiment, arm, calls) for arm in experiment.arms)
    places = {
        (version, arm.model): place
        for place, (version, arm) in enumerate(zip(versions, experiment.arms, strict=True))
    }
    rows = [
        _row(places[call.prompt, call.model], call) for call in calls if (call.prompt, call.model) in places
    ]
    frame = pd.DataFrame(rows, columns=list(ARM_CALL_COLUMNS)).astype(ARM_CALL_COLUMNS)
    until = (experiment.ended_at or now).date()
    return ExperimentReport(
        experiment=experiment,
        versions=versions,
        result=compute_experiment(frame, len(experiment.arms), until=until),
        outdated=sum(call.outcome in _WHOLE for call in calls) - int(frame["is_answer"].sum()),
        unjudged=() if experiment.ended_at else _unjudged(database, experiment, places),
    )


def _version(experiment: Experiment, arm: Arm, calls: Sequence[ArmCall]) -> str:
    """The version that counts: today's while it runs, afterwards the last that was asked."""
    asked = [
        call.prompt
        for call in calls
        if (call.prompt.rpartition("-")[0], call.model) == (arm.prompt, arm.model)
    ]
    return asked[-1] if experiment.ended_at is not None and asked else prompt_id(arm.prompt)


def _row(place: int, call: ArmCall) -> tuple[int, bool, bool, int, float, int]:
    is_whole = call.outcome in _WHOLE
    latency = float("nan") if call.latency_ms is None or not is_whole else float(call.latency_ms)
    return place, is_whole, call.outcome is CallOutcome.ANSWERED, call.cost_nano, latency, call.vote


def _unjudged(
    database: Database, experiment: Experiment, places: Mapping[tuple[str, str], int]
) -> tuple[ArmAnswer, ...]:
    """The newest few of each arm without a thumb, shuffled so that neither place nor time tells whose they are."""
    found: dict[int, list[ArmAnswer]] = {place: [] for place in places.values()}
    for each in experiments.read_votable(database, experiment.experiment_id):
        place = places.get((each.prompt, each.model))
        words = decode(each.body, Persona)
        if place is not None and words is not None and not each.vote:
            found[place].append(ArmAnswer(each.call_id, each.subject, each.made_at, words, place))
    newest = (answer for answers in found.values() for answer in answers[:UNJUDGED_OF_ARM])
    return tuple(sorted(newest, key=lambda answer: _draw(experiment, str(answer.call_id))))


def _draw(experiment: Experiment, key: str) -> int:
    drawn = sha256(f"{experiment.experiment_id}:{key}".encode()).digest()
    return int.from_bytes(drawn[:8], "big")
