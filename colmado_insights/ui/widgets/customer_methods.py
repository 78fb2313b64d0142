"""How what is said of customers was found: which methods answered, how well they do, how fresh it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import CustomerModels, ModelScore, PredictionTrack
from colmado_insights.domain import Reason
from colmado_insights.insights import CacheUse
from colmado_insights.text import _
from colmado_insights.ui.ages import ago
from colmado_insights.ui.icons import Icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.label import hairline, label

SIMPLE_RULES = frozenset(
    {
        "lifetime_few_customers",
        "lifetime_short_history",
        "churn_few_customers",
        "churn_short_history",
        "churn_few_lost",
        "next_rule",
        "replenish_rule",
        "chance_rule",
    }
)
"""Reasons that say a simple rule answered, for want of enough to learn from."""


class MethodsFoot(QWidget):
    """One quiet line; the details unfold below it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(7))
        row.addWidget(Icon(look, "info", "faint", 14))
        self._words = label(look, "", 12.5, 400, "soft", wrap=True)
        row.addWidget(self._words, 1)
        self.more = button(look, _("¿Cómo se sabe?"), kind="link")
        row.addWidget(self.more)

    def show_words(self, words: str, hint: str = "") -> None:
        """Say it."""
        self._words.setText(words)
        self._words.setToolTip(hint)
        self.setVisible(bool(words))


def methods_card(
    look: Look, models: CustomerModels, tracks: Sequence[PredictionTrack], use: Sequence[CacheUse]
) -> Card:
    """What answered each question, how it did on time held back, how it did since, and how often it was at hand."""
    card = Card(look, _("Cómo se sabe"), "info")
    scores, said = dict(models.trials), text.by_question(models.reasons)
    for question, method in models.methods:
        words = said.pop(question, "") or " ".join(
            [
                _("Con {method}.").format(method=text.customer_method_name(method)),
                score_words(question, scores.get(question, ())),
            ]
        )
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        name = label(look, text.question_name(question), 13, 600)
        name.setFixedWidth(look.px(140))
        row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(look, words.strip(), 13, 400, "soft", wrap=True), 1)
        card.body.addLayout(row)
    lines = [line for line in (*said.values(), *map(track_words, tracks), use_words(use)) if line]
    if lines:
        card.body.addWidget(hairline())
    for line in lines:
        card.body.addWidget(label(look, line, 12.5, 400, "soft", wrap=True))
    return card


def simple_words(reasons: Sequence[Reason]) -> str:
    """Con tan pocas compras se usa la regla simple para decir si se va y cuándo vuelve; nothing where all was learnt."""
    simple = [text.question_of(reason.code) for reason in reasons if reason.code in SIMPLE_RULES]
    if not simple:
        return ""
    asked = [text.question_name(question) for question in dict.fromkeys(simple)]
    what = text.join_words([words[:1].lower() + words[1:] for words in asked])
    return _("Con tan pocas compras se usa la regla simple para decir {what}.").format(what=what)


def score_words(question: str, trials: Sequence[ModelScore]) -> str:
    """How well the method in use did on time it had not seen, as one counts in a shop."""
    used = next((trial for trial in trials if trial.is_used), None)
    return text.score_words(question, dict(used.scores)) if used else ""


def brief_words(models: CustomerModels, made_at: datetime, now: datetime) -> str:
    """Calculado hace 2 h. De 10 que dijo que no volvían, 8 no volvieron."""
    said = [score_words(question, trials) for question, trials in models.trials if question == "churn"]
    return " ".join([_("Calculado {age}.").format(age=ago(made_at, now)), *filter(None, said)])


def track_words(track: PredictionTrack) -> str:
    """Lo dicho el 31 oct …: what came of it."""
    for day, _customers, scores in reversed(track.months):
        if said := text.score_words(track.question, dict(scores)):
            name = text.question_name(track.question).lower()
            return _("Lo que se dijo el {day} ({what}): {score}").format(
                day=text.short_date(day), what=name, score=said
            )
    return ""


def use_words(use: Sequence[CacheUse]) -> str:
    """91 % de las respuestas ya estaba lista."""
    asked = sum(each.hits + each.misses for each in use)
    if not asked:
        return ""
    share = text.percent(sum(each.hits for each in use) / asked)
    return _("{share} de las respuestas del programa ya estaban listas y no se calcularon otra vez.").format(
        share=share
    )
