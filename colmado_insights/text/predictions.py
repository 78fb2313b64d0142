"""What is foreseen of customers, question by question: what it is called, how it was found, how well it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from colmado_insights.domain import Reason
from colmado_insights.text.formats import number
from colmado_insights.text.language import N_, _
from colmado_insights.text.sentences import sentence

QUESTIONS: Mapping[str, str] = {
    "clv": N_("Cuánto va a dejar"),
    "churn": N_("Si se va"),
    "next_purchase": N_("Cuándo vuelve"),
    "replenish": N_("Qué le toca"),
    "chance": N_("Qué va a llevar"),
}
ABOUT: Mapping[str, str] = {
    "lifetime": "clv",
    "churn": "churn",
    "next": "next_purchase",
    "replenish": "replenish",
    "chance": "chance",
}
"""Which question a reason speaks of, by the first word of its code."""


def question_name(question: str) -> str:
    """Cuánto va a dejar, Si se va …"""
    return _(QUESTIONS.get(question, question))


def question_of(code: str) -> str:
    """Which question a reason speaks of; its own code where of none."""
    return ABOUT.get(code.partition("_")[0], code)


def by_question(reasons: Sequence[Reason]) -> dict[str, str]:
    """What was said of each question, in words; what speaks of none stands under its own code."""
    said: dict[str, str] = {}
    for reason in reasons:
        question = question_of(reason.code)
        said[question] = f"{said.get(question, '')} {sentence(reason)}".strip()
    return said


def score_words(question: str, scores: Mapping[str, float]) -> str:
    """De 10 que dijo que no volvían, 8 no volvieron; nothing where no score can be said so."""
    if question == "churn" and "precision" in scores:
        return _("De 10 que dijo que no volvían, {n} no volvieron.").format(n=_of_ten(scores["precision"]))
    if question == "churn" and "auc" in scores:
        return _("Entre uno que se fue y uno que se quedó, acierta cuál era {n} de 10 veces.").format(
            n=_of_ten(scores["auc"])
        )
    if question in ("next_purchase", "replenish") and "within3" in scores:
        return _("De 10 fechas que dijo, {n} cayeron a 3 días o menos.").format(n=_of_ten(scores["within3"]))
    if question == "clv" and "spearman" in scores:
        return _("Puesto a prueba, ordenó a los clientes por lo que dejan con {n} puntos de 10.").format(
            n=_of_ten(scores["spearman"])
        )
    if "accuracy" in scores:
        return _("De 10 veces, acertó {n}.").format(n=_of_ten(scores["accuracy"]))
    if "mae" in scores and question in ("next_purchase", "replenish"):
        return _("Se equivoca en unos {n} días.").format(n=number(scores["mae"], 1))
    return ""


def _of_ten(share: float) -> int:
    return round(min(max(share, 0.0), 1.0) * 10)
