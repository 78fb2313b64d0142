"""Experiments without a ledger: one that runs, one that has a winner, one of before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from colmado_insights.analytics.results import ArmResult, CountedShare, ExperimentResult, ExperimentVerdict
from colmado_insights.config import Settings
from colmado_insights.domain import Arm, Experiment, Reason, Topic
from colmado_insights.personas import Persona
from colmado_insights.personas.experiments import ArmAnswer, ExperimentReport

NOW = datetime(2026, 11, 20, 17, 22)
PLAIN, WARM, MINI = Arm("plain", "grok-3"), Arm("warm", "grok-3"), Arm("plain", "grok-3-mini")


def make_arm(ups: int, votes: int, answers: int, passed: float = 0.95, *, fails: bool = False) -> ArmResult:
    """An arm with so many thumbs up; its intervals are about right."""

    def share(value: float, count: int) -> CountedShare | None:
        reach = 1.0 / max(count, 1) ** 0.5
        return CountedShare(value, max(0.0, value - reach), min(1.0, value + reach)) if count else None

    return ArmResult(
        answers=answers, passed=share(passed, answers), votes=votes, liked=share(ups / max(votes, 1), votes),
        cost_nano=6_600_000 if answers else None, latency_ms=2_140.0 if answers else None, fails_too_often=fails,
    )  # fmt: skip


def make_running(topic: Topic = Topic.SEGMENT) -> ExperimentReport:
    """Too few opinions yet; three answers wait."""
    result = ExperimentResult(
        NOW.date(), (make_arm(5, 9, 14), make_arm(8, 11, 13)), ExperimentVerdict.WAITING, None, 4, 0.3,
        (Reason.of("experiment_minimum", opinions=4, needed=12),),
    )  # fmt: skip
    subjects = {Topic.SEGMENT: ("fresh", "after_work", "late_night"), Topic.CUSTOMER: ("3", "1", "9")}
    answers = tuple(
        ArmAnswer(
            41 + place, subject, NOW - timedelta(hours=3 + place),
            Persona(
                "Vienen después del trabajo por la cena y compran pocas cosas a la vez.",
                ("Arma un combo para el viernes.", "Pon los plátanos a la entrada."),
                ("Abre la segunda caja a esa hora.",),
            ),
            place % 2,
        )
        for place, subject in enumerate(subjects.get(topic, ("", "", "")))
    )  # fmt: skip
    experiment = Experiment(2, topic, (PLAIN, WARM), NOW - timedelta(days=8))
    return ExperimentReport(experiment, ("plain-2", "warm-1"), result, 3, answers)


def make_won() -> ExperimentReport:
    """B is liked better beyond doubt, and A fails too often."""
    reasons = (
        Reason.of("experiment_winner", arm=1, share=0.9, other_arm=0, other_share=0.6),
        Reason.of("experiment_peeking"),
        Reason.of("experiment_fails", arm=0, answers=81, passed=60),
    )
    result = ExperimentResult(
        NOW.date(), (make_arm(36, 60, 81, 0.74, fails=True), make_arm(54, 60, 63)), ExperimentVerdict.WINNER, 1,
        0, 0.97, reasons,
    )  # fmt: skip
    return replace(make_running(), result=result, outdated=0, unjudged=())


def make_past() -> ExperimentReport:
    """It ended, and B was adopted."""
    experiment = Experiment(
        1, Topic.WEEK, (PLAIN, MINI), NOW - timedelta(days=70), NOW - timedelta(days=20), MINI, PLAIN
    )
    result = ExperimentResult(
        experiment.started_at.date(), (make_arm(2, 3, 7), make_arm(4, 4, 6)), ExperimentVerdict.WAITING, None, 17,
        0.1, (Reason.of("experiment_minimum", opinions=17, needed=12),),
    )  # fmt: skip
    return ExperimentReport(experiment, ("plain-1", "plain-1"), result, 0)


@dataclass(kw_only=True)
class FakeExperiments:
    """The part of the fake shop that knows experiments; the shop itself has the settings."""

    if TYPE_CHECKING:
        settings: Settings

    experiments: list[ExperimentReport] = field(default_factory=lambda: [make_running(), make_past()])
    experiments_told: list[tuple[Any, ...]] = field(default_factory=list)  # what was asked of it, in order
    experiments_trouble: Exception | None = None

    def read_experiments(self, now: datetime) -> tuple[ExperimentReport, ...]:
        mood = getattr(self, "mood", "small")
        if mood == "failing":
            raise ZeroDivisionError("an analysis fails")
        return () if mood == "empty" else tuple(self.experiments)

    def start_experiment(self, topic: Topic, arms: Sequence[Arm], now: datetime) -> int:
        self._note_experiment("start", topic, tuple(arms))
        return 3

    def end_experiment(self, experiment_id: int, now: datetime, winner: Arm | None = None) -> None:
        self._note_experiment("end", experiment_id, winner)
        if winner is not None:
            values = {"grok_prompt": winner.prompt, "grok_model": winner.model}
            self.settings = self.settings.with_values(values)
        self._end(experiment_id, now, winner)

    def resume_experiment(self, experiment_id: int) -> None:
        self._note_experiment("resume", experiment_id)
        self._end(experiment_id, None, None)

    def _note_experiment(self, *told: Any) -> None:
        if self.experiments_trouble is not None:
            raise self.experiments_trouble
        self.experiments_told.append(told)

    def _end(self, experiment_id: int, at: datetime | None, adopted: Arm | None) -> None:
        self.experiments = [
            replace(report, experiment=replace(report.experiment, ended_at=at, adopted=adopted))
            if report.experiment.experiment_id == experiment_id
            else report
            for report in self.experiments
        ]
