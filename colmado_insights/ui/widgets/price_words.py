"""What is said of prices: the change, what it brings, how buyers answer, and what a cashier is not told."""

from __future__ import annotations

from collections.abc import Iterable

from colmado_insights import text
from colmado_insights.analytics.results import Elasticity, Estimate, PriceAdvice
from colmado_insights.domain import Reason
from colmado_insights.text import _

UP = 1.1
"""Answers are told of a price 10 % up."""
ALIKE = 0.005
OF_COSTS = frozenset(
    {
        "price_cost_rose", "price_without_cost", "price_below_cost", "price_elastic_raise", "price_stay",
        "care_uncosted", "care_costs_told_later", "care_under_cost",
    }
)  # fmt: skip
"""Reasons that speak of costs or of what is earned: not for a cashier."""


def price_words(cents: int) -> str:
    """RD$ 250, or RD$ 12.50 where there are cents."""
    return text.money_exact(cents) if cents % 100 else text.money(cents)


def is_change(advice: PriceAdvice) -> bool:
    """Whether another price is advised."""
    return advice.optimal_cents != advice.current_cents


def has_steps(advice: PriceAdvice) -> bool:
    """Whether the best price is too far for one change."""
    return is_change(advice) and advice.step_cents not in (0, advice.optimal_cents)


def change_words(advice: PriceAdvice) -> str:
    """▲ 30 más, ▼ 5 menos or = igual."""
    step = advice.optimal_cents - advice.current_cents
    if not step:
        return _("= igual")
    pesos = text.number(abs(step) / 100, 2 if step % 100 else 0)
    return _("▲ {pesos} más").format(pesos=pesos) if step > 0 else _("▼ {pesos} menos").format(pesos=pesos)


def gain_of(advice: PriceAdvice) -> Estimate:
    """What the advised price brings in a week: of profit where the cost is known, else of sales."""
    return advice.profit_change or advice.revenue_change


def gain_words(gain: Estimate) -> str:
    """977 (396 a 1,479), in pesos."""
    mean, low, high = (text.number(cents / 100) for cents in (gain.mean, gain.lo, gain.hi))
    return _("{mean} ({low} a {high})").format(mean=mean, low=low, high=high)


def answer_share(elasticity: Elasticity) -> float:
    """By which share units change when the price goes up by 10 %."""
    return float(UP**elasticity.elasticity - 1)


def answer_words(elasticity: Elasticity) -> str:
    """Se vende 12 % menos, of a price 10 % up."""
    share = answer_share(elasticity)
    if abs(share) < ALIKE:
        return _("se vende igual")
    amount = text.percent(abs(share))
    return (_("se vende {share} menos") if share < 0 else _("se vende {share} más")).format(share=amount)


def answer_sentence(elasticity: Elasticity) -> str:
    """Si sube 10 %, se vende 12 % menos."""
    return _("Si sube 10 %, {answer}.").format(answer=answer_words(elasticity))


def told(reasons: Iterable[Reason], *, shows_costs: bool) -> list[str]:
    """The reasons as sentences; a cashier is told nothing of costs."""
    return [text.sentence(each) for each in reasons if shows_costs or each.code not in OF_COSTS]
