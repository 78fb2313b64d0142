"""What was foreseen of customers against what came, question by question, the newest month first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from colmado_insights import text
from colmado_insights.analytics.results import PredictionTrack
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import Tone, chip, hairline, label

SEGMENT = "segment"
AS_GOOD = 0.01
"""Shares nearer to each other than this are the same."""


class PredictionCard(Card):
    """A row a question: what it is, how it went lately, and how it went before."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, _("Clientes: lo dicho contra lo que pasó"), "contact")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(look.px(6))
        self.body.addLayout(self._rows)
        self.body.addStretch(1)

    def show_tracks(self, tracks: Sequence[PredictionTrack]) -> None:
        """Fill the card, or say when there will be something to tell."""
        clear_layout(self._rows)
        told = [track for track in tracks if track.months]
        if not told:
            words = _("Todavía no se ha cumplido ningún mes de lo dicho: cada fin de mes se guarda lo que se"
                      " espera de cada cliente, y aquí se compara con lo que pasó.")  # fmt: skip
            self._rows.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))
        for place, track in enumerate(told):
            if place:
                self._rows.addWidget(hairline())
            self._rows.addLayout(self._make_row(track))

    def _make_row(self, track: PredictionTrack) -> QHBoxLayout:
        look = self.look
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        column = QVBoxLayout()
        column.setSpacing(look.px(2))
        day, customers, scores = track.months[-1]
        column.addWidget(label(look, question_words(track.question), 14, 600, wrap=True))
        said = came_words(track.question, dict(scores))
        when = ngettext(
            "Lo dicho el {day} de {n} cliente:", "Lo dicho el {day} de {n} clientes:", customers
        ).format(day=text.short_date(day), n=text.number(customers))
        column.addWidget(label(look, f"{when} {_inside(said)}", 13, 400, "soft", wrap=True))
        if before := before_words(track):
            column.addWidget(label(look, before, 12.5, 400, "faint", wrap=True))
        row.addLayout(column, 1)
        mark, tone = beside_simple(track.question, dict(scores))
        if mark:
            row.addWidget(chip(look, mark, tone), 0, Qt.AlignmentFlag.AlignTop)
        return row


def question_words(question: str) -> str:
    """What was asked."""
    return _("En qué segmento estará") if question == SEGMENT else text.question_name(question)


def came_words(question: str, scores: Mapping[str, float]) -> str:
    """How it went, as one counts in a shop."""
    if question == SEGMENT and "base_rate" in scores:
        return _("De 10 clientes acertó el segmento de {n}; dejándolos donde estaban, de {base}.").format(
            n=text.number(10 * scores["accuracy"], 1), base=text.number(10 * scores["base_rate"], 1)
        )
    if question == "clv" and "mae" in scores:
        return _("Se equivoca en unos {money} por cliente.").format(money=text.money(scores["mae"]))
    return text.score_words(question, scores) or _("Se está comprobando.")


def beside_simple(question: str, scores: Mapping[str, float]) -> tuple[str, Tone]:
    """Where a simple rule answers the same: whether it was beaten."""
    if question != SEGMENT or "base_rate" not in scores:
        return "", Tone.PLAIN
    more = scores["accuracy"] - scores["base_rate"]
    if abs(more) < AS_GOOD:
        return _("= igual que dejarlos ahí"), Tone.PLAIN
    return (_("▲ mejor"), Tone.GOOD) if more > 0 else (_("▼ peor"), Tone.BAD)


def before_words(track: PredictionTrack) -> str:
    """The three months before the newest."""
    before = [
        f"{text.month_name(day.month)}, {_inside(came_words(track.question, dict(scores))).rstrip('.')}"
        for day, _customers, scores in reversed(track.months[:-1][-3:])
    ]
    return _("Antes: {months}.").format(months="; ".join(before)) if before else ""


def _inside(sentence: str) -> str:
    """A sentence as the rest of another one."""
    return f"{sentence[:1].lower()}{sentence[1:]}"
