"""Experiments: two ways to ask Grok compared by the owner's thumbs, and which of them is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import ExperimentVerdict
from colmado_insights.domain import Arm, Experiment, ModelPrice, Role, Topic
from colmado_insights.personas.experiments import ArmAnswer, ExperimentReport, verdict_words
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import CUSTOMERS, GROK, SETTINGS, Page
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.experiment_arm import ArmCard
from colmado_insights.ui.widgets.experiment_judge import JudgeCard, arm_name
from colmado_insights.ui.widgets.experiment_start import StartCard
from colmado_insights.ui.widgets.label import Tone, hairline, label
from colmado_insights.ui.widgets.notice_place import NoticePlace

_SIGNS: dict[ExperimentVerdict, tuple[str, Tone]] = {
    ExperimentVerdict.WAITING: ("hourglass", Tone.BRAND),
    ExperimentVerdict.WINNER: ("crown", Tone.GOOD),
    ExperimentVerdict.ALIKE: ("combine", Tone.ACCENT),
}


@dataclass(frozen=True)
class ExperimentsView:
    """All experiments, and what a new one could compare."""

    reports: tuple[ExperimentReport, ...]
    models: tuple[ModelPrice, ...]
    allowed: frozenset[Topic]
    customers: Mapping[str, str]  # names by id, where an experiment is about them

    @property
    def running(self) -> frozenset[Topic]:
        """Topics that are dealt out now."""
        return frozenset(each.experiment.topic for each in self.reports if each.experiment.ended_at is None)


class ExperimentsPage(Page):
    """What runs with its arms, answers to judge, beginning another, and what was tried before."""

    NAME = "experiments"
    TITLE = N_("Pruebas")
    ICON = "target"
    PARENT = "grok"
    ROLE = Role.OWNER
    CLOSED_TO = frozenset({Role.MANAGER, Role.CASHIER})
    CLOSED_WORDS = (
        N_("Esto lo ve solo el dueño."), N_("Aquí se decide cómo se le pregunta a Grok."),
    )  # fmt: skip
    NEEDS = frozenset({SETTINGS, GROK, CUSTOMERS})
    BLOCKS = ((120, (1,)), (260, (1, 1)), (240, (1,)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look, settings = self.look, ctx.settings
        self.notices = NoticePlace(look)
        self._running = QVBoxLayout()
        self._running.setSpacing(look.px(12))
        self.judge = JudgeCard(look)
        self.judge.voted.connect(self.vote)
        self.start = StartCard(look, Arm(settings.grok_prompt, settings.grok_model))
        self.start.started.connect(self.begin)
        self._past = Card(look, _("Pruebas de antes"), "clock")
        self._past_rows = QVBoxLayout()
        self._past_rows.setSpacing(look.px(8))
        self._past.body.addLayout(self._past_rows)
        for part in (self.notices, self._running):
            self.body.addLayout(part)
        for card in (self.judge, self.start, self._past):
            self.body.addWidget(card)
        self.body.addStretch(1)

    def make_control(self) -> QWidget:
        """The way back to Grok."""
        self.back = self.make_way_back(_("Volver a Grok"))
        return self.back

    # -- reading and showing --

    def read(self, progress: Progress) -> ExperimentsView:
        """The experiments, and the names that they need."""
        shop, now = self.ctx.shop, self.ctx.clock()
        reports = shop.read_experiments(now)
        is_of_customers = any(
            each.unjudged and each.experiment.topic is Topic.CUSTOMER for each in reports
        )  # fmt: skip
        known = shop.read_customers() if is_of_customers else ()
        names = {str(each.customer_id): each.shown_name for each in known}
        return ExperimentsView(reports, shop.read_models(), shop.read_grok(now).allowed, names)

    def show_result(self, result: ExperimentsView) -> None:
        """Fill the page."""
        clear_layout(self._running)
        past = [each for each in result.reports if each.experiment.ended_at is not None]
        for report in result.reports:
            if report.experiment.ended_at is None:
                self._running.addWidget(self._make_verdict(report))
                self._running.addWidget(self._make_arms(report))
        self.judge.show_reports(result.reports, result.customers)
        self.start.show_choices(result.models, result.running, result.allowed)
        self._show_past(past, result.running)

    def _make_verdict(self, report: ExperimentReport) -> Card:
        look, experiment, made = self.look, report.experiment, Card(self.look)
        row, words = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(SymbolTile(look, *_SIGNS[report.result.verdict]), 0, Qt.AlignmentFlag.AlignTop)
        words.setSpacing(look.px(3))
        title = _("{topic} · desde el {day}").format(
            topic=text.topic_name(experiment.topic), day=text.short_date(experiment.started_at.date())
        )
        words.addWidget(label(look, title, 13, 600, "soft", wrap=True))
        first, *rest = verdict_words(report)
        words.addWidget(label(look, first, 15.5, 650, wrap=True))
        for sentence in rest:
            words.addWidget(label(look, sentence, 13, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        row.addWidget(
            button(look, _("Terminar"), partial(self.end, experiment)), 0, Qt.AlignmentFlag.AlignTop
        )  # fmt: skip
        made.body.addLayout(row)
        return made

    def _make_arms(self, report: ExperimentReport) -> CardGrid:
        experiment, grid = report.experiment, CardGrid(self.look, 330, len(report.experiment.arms))
        for place, (arm, version, result) in enumerate(
            zip(experiment.arms, report.versions, report.result.arms, strict=True)
        ):
            grid.add(
                ArmCard(
                    self.look, place, arm, version, result,
                    is_winner=place == report.result.winner, adopt=partial(self.end, experiment, place),
                )
            )  # fmt: skip
        return grid

    def _show_past(self, past: Sequence[ExperimentReport], running: frozenset[Topic]) -> None:
        clear_layout(self._past_rows)
        self._past.setVisible(bool(past))
        for place, report in enumerate(past):
            if place:
                self._past_rows.addWidget(hairline())
            self._past_rows.addLayout(
                self._make_past(report, can_resume=report.experiment.topic not in running)
            )

    def _make_past(self, report: ExperimentReport, *, can_resume: bool) -> QHBoxLayout:
        look, experiment = self.look, report.experiment
        assert experiment.ended_at is not None
        row, words = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(look.px(12))
        words.setSpacing(look.px(2))
        arms = [arm_name(experiment, place) for place in range(len(experiment.arms))]
        title = _("{topic}, del {first} al {last}: {arms}").format(
            topic=text.topic_name(experiment.topic), first=text.short_date(experiment.started_at.date()),
            last=text.short_date(experiment.ended_at.date()), arms=text.join_words(arms),
        )  # fmt: skip
        words.addWidget(label(look, title, 14, 600, wrap=True))
        words.addWidget(label(look, " ".join(verdict_words(report)), 13, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        if can_resume:
            hint = _("La prueba sigue donde estaba, y se pregunta como antes de ella.")
            again = button(look, _("Seguir"), partial(self.resume, experiment), symbol="undo-2", hint=hint)
            row.addWidget(again, 0, Qt.AlignmentFlag.AlignTop)
        return row

    # -- acting --

    def begin(self, topic: Topic, arms: tuple[Arm, ...]) -> None:
        """Begin to compare."""
        shop, now = self.ctx.shop, self.ctx.clock()
        words = _("La prueba empezó: lo que se le pida a Grok desde ahora se reparte entre las dos maneras.")
        self._write(lambda: shop.start_experiment(topic, arms, now), partial(self._say_begun, words))

    def end(self, experiment: Experiment, place: int | None = None) -> None:
        """End an experiment, and ask like one of its arms from now on if one is chosen."""
        shop, now = self.ctx.shop, self.ctx.clock()
        winner = None if place is None else experiment.arms[place]
        if place is None:
            words = _("La prueba terminó. Se pregunta como antes de ella.")
        else:
            words = _("La prueba terminó. Desde ahora se pregunta de la manera {arm}.").format(
                arm=arm_name(experiment, place)
            )

        def ended(_nothing: Any) -> None:
            self.notices.say_done(words, partial(self.resume, experiment))
            self._take_settings()

        self._write(lambda: shop.end_experiment(experiment.experiment_id, now, winner), ended)

    def resume(self, experiment: Experiment) -> None:
        """Take an end back."""

        def resumed(_nothing: Any) -> None:
            self.notices.say_undone()
            self._take_settings()

        self._write(lambda: self.ctx.shop.resume_experiment(experiment.experiment_id), resumed)

    def vote(self, answer: ArmAnswer, arm: str, vote: int) -> None:
        """Keep a thumb, and tell whose answer it was."""
        shop, place = self.ctx.shop, self.judge.notices
        words = _("Anotado. Lo escribió la manera {arm}.").format(arm=arm)
        undo = partial(self._take_back, answer)
        self._write(
            lambda: shop.write_vote(answer.call_id, vote), lambda _nothing: place.say_done(words, undo), place
        )

    def _take_back(self, answer: ArmAnswer) -> None:
        place = self.judge.notices
        self._write(
            lambda: self.ctx.shop.write_vote(answer.call_id, 0), lambda _nothing: place.say_undone(), place
        )

    def _say_begun(self, words: str, _experiment_id: int) -> None:
        self.notices.say(words, Tone.GOOD, "circle-check")

    def _take_settings(self) -> None:
        """The way to ask is a setting: the window keeps it too."""
        settings = self.ctx.shop.settings
        if settings != self.ctx.settings:
            self.ctx.change_settings(settings)

    def _write(
        self, work: Callable[[], Any], done: Callable[[Any], None], place: NoticePlace | None = None
    ) -> None:
        self.ctx.tasks.run(
            lambda _progress: work(), owner=self, done=done,
            error=(place or self.notices).say_trouble, changes=frozenset({GROK}),
        )  # fmt: skip
