"""Answers of an experiment that wait for the owner's thumb; who wrote them is told only afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.domain import Experiment, Topic
from colmado_insights.personas.experiments import ArmAnswer, ExperimentReport
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.notice_place import NoticePlace


class JudgeCard(Card):
    """The answers side by side, each with two thumbs; `voted` carries the answer, its arm's name and the thumb."""

    voted = Signal(object, str, int)  # ArmAnswer

    def __init__(self, look: Look) -> None:
        super().__init__(look, _("¿Te sirve? Opina sin saber quién lo escribió"), "thumbs-up")
        self.notices = NoticePlace(look)
        self._rows = QVBoxLayout()
        self.body.addLayout(self.notices)
        self.body.addLayout(self._rows)

    def show_reports(self, reports: Sequence[ExperimentReport], customers: Mapping[str, str]) -> None:
        """Show what waits in running experiments, or how more comes."""
        clear_layout(self._rows)
        running = [report for report in reports if report.experiment.ended_at is None]
        self.setVisible(bool(running))
        waiting = [(report.experiment, answer) for report in running for answer in report.unjudged]
        if not waiting:
            words = _("No hay respuestas por opinar. Cuando le pidas palabras a Grok, aparecen aquí.")
            self._rows.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))
            return
        grid = CardGrid(self.look, 330, 2)
        for experiment, answer in waiting:
            title = subject_name(experiment.topic, answer.subject, customers)
            grid.add(self._make_answer(experiment, answer, title))
        self._rows.addWidget(grid)

    def _make_answer(self, experiment: Experiment, answer: ArmAnswer, title: str) -> Card:
        look, made = self.look, Card(self.look, kind="inset")
        words = answer.words
        made.body.addWidget(label(look, title, 14, 600, wrap=True))
        made.body.addWidget(label(look, words.description, 13.5, 400, wrap=True))
        for idea in (*words.marketing, *words.operations):
            made.body.addLayout(self._make_idea(idea))
        made.body.addStretch(1)
        made.body.addLayout(self._make_thumbs(experiment, answer, title))
        return made

    def _make_idea(self, idea: str) -> QHBoxLayout:
        row, dot = QHBoxLayout(), label(self.look, "•", 13, 700, "brand")
        row.setSpacing(self.look.px(7))
        row.addWidget(dot, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(self.look, idea, 13, 400, "soft", wrap=True), 1)
        return row

    def _make_thumbs(self, experiment: Experiment, answer: ArmAnswer, title: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(8))
        row.addWidget(QWidget(), 1)
        arm = arm_name(experiment, answer.arm)
        for symbol, words, vote in (
            ("thumbs-up", _("Me sirve"), 1),
            ("thumbs-down", _("No me sirve"), -1),
        ):
            thumb = button(self.look, words, partial(self.voted.emit, answer, arm, vote), symbol=symbol)
            thumb.setAccessibleName(f"{words}: {title}")
            row.addWidget(thumb)
        return row


def arm_name(experiment: Experiment, place: int) -> str:
    """B (De vecino · grok-3)."""
    arm = experiment.arms[place]
    return f"{text.arm_letter(place)} ({text.prompt_name(arm.prompt)} · {arm.model})"


def subject_name(topic: Topic, subject: str, customers: Mapping[str, str]) -> str:
    """What the answer is about."""
    if topic is Topic.SEGMENT:
        return text.segment_name(subject)
    return customers.get(subject, _("Un cliente")) if topic is Topic.CUSTOMER else _("La semana")
