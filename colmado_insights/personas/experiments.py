"""Experiments with ways to ask Grok: who is asked which way, and how each way does."""

from __future__ import annotations

from hashlib import sha256

from colmado_insights.domain import Arm, Experiment


def choose_arm(experiment: Experiment, question_key: str) -> Arm:
    """The arm that a question falls to: always the same one, and each arm as often as any other.

    `question_key` must name what is asked and not how, or the arm would choose itself. The experiment is part of
    the draw, so that the questions of one arm do not stay together in the next experiment.
    """
    drawn = sha256(f"{experiment.experiment_id}:{question_key}".encode()).digest()
    return experiment.arms[int.from_bytes(drawn[:8], "big") % len(experiment.arms)]
