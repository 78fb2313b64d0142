"""What to do about one customer now, ranked by what it is expected to bring; politely, and never with a discount.

The shares of customers who answer to a word or a message are cautious guesses, and named as such below: what really
followed is measured by the ledger of advice. Gains are sales, not profit, from the customer's own figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from colmado_insights.analytics.results import (
    CategoryChance,
    Churn,
    CustomerSegment,
    Lifetime,
    NextAction,
    NextPurchase,
    Replenishment,
    RfmScore,
)
from colmado_insights.domain import Category, Reason

WRITTEN: frozenset[str] = frozenset(
    {"action_remind", "action_win_back", "action_check_in", "action_thank_new"}
)
"""Actions that need a message, and so the customer's consent; all others happen in the shop."""

_ANSWER_MESSAGE = 0.10
_ANSWER_WORD = 0.05
_HABIT_SAVED_DAYS = 90
"""A customer won back is counted for a quarter year,"""
_HABIT_SAVED_SHARE = 0.5
"""at half the old pace."""
_OFFER_SHARE = 0.15
"""One more category is worth so much of the usual basket."""
_THANKS_SHARE = 0.05
"""A thank-you is thought to hold so much of a good customer's next quarter."""
_RISKY = 0.6
_LATE_FOR_GOOD = 6.0
_LATE_FADES = 0.3
"""Who is that late answers so much less."""
_COMES_ANYWAY = 0.8
_LEAST_CENTS = 100.0
"""Under a peso nothing is worth doing."""
_LEAST_VISITS = 3
_OFFERED = (0.08, 0.5)
"""A category bought now and then: between a stranger to them and a habit."""
_NEVER_OFFERED = frozenset({Category.ALCOHOL, Category.TOBACCO, Category.RECHARGES, Category.OTHER})
_MORE_VISITS = 3
_AWAY = (CustomerSegment.AT_RISK, CustomerSegment.LOST)
_BEST = (CustomerSegment.CHAMPIONS, CustomerSegment.LOYAL)


@dataclass(frozen=True)
class _Case:
    """All that is known of one customer."""

    customer: RfmScore
    churn: Churn | None
    lifetime: Lifetime | None
    next: NextPurchase | None
    due: tuple[Replenishment, ...]
    chances: tuple[CategoryChance, ...]

    @property
    def basket_cents(self) -> float:
        return max(self.customer.monetary_cents, 0) / max(self.customer.frequency, 1)

    @property
    def week(self) -> float:
        """Chance of coming within the week by themselves."""
        if self.next is not None:
            return self.next.within_week
        return 0.0 if self.customer.lateness > 1 else min(7 / max(self.customer.rhythm_days, 7), 1.0)

    @property
    def risk(self) -> float:
        """Chance of not coming back; without a prediction, from how late they are."""
        if self.churn is not None:
            return self.churn.probability
        return 0.7 if self.customer.segment in _AWAY else 0.1

    @property
    def quarter_cents(self) -> float:
        """What the old pace brings in a quarter year, of visits that were really made in the window."""
        visits = _HABIT_SAVED_DAYS / max(self.customer.rhythm_days, 1.0)
        return self.basket_cents * min(visits, self.customer.frequency)

    @property
    def is_slipping(self) -> bool:
        return self.customer.segment in _AWAY or self.risk >= _RISKY

    @property
    def answers(self) -> float:
        """Share of messages like this that are answered."""
        return _ANSWER_MESSAGE * (_LATE_FADES if self.customer.lateness > _LATE_FOR_GOOD else 1.0)


def choose_actions(
    customer: RfmScore,
    churn: Churn | None,
    lifetime: Lifetime | None,
    next: NextPurchase | None,
    due: Sequence[Replenishment],
    chances: Sequence[CategoryChance],
    *,
    until: date,
    may_write: bool = False,
    quiet_products: Collection[int] = frozenset(),
) -> tuple[NextAction, ...]:
    """Rank what could be done about one customer by expected sales: what it brings if it works, times its chance.

    Parameters
    ----------
    customer, churn, lifetime, next, due, chances
        What the batch says of this customer; None or empty where it says nothing.
    until : date
        Last complete day.
    may_write : bool
        Whether the customer agreed to be written to; without it only what happens in the shop is proposed.
    quiet_products : collection of int
        Products nobody is reminded of (alcohol, tobacco).

    Returns
    -------
    tuple of NextAction
        At least one, best first. Where nothing is worth doing that is `action_leave_alone` (they come by themselves)
        or, of who is slipping away, `action_let_go`: no more messages.

    Notes
    -----
    ===================  ==========================================  ==============================================
    action               gain                                        chance
    ===================  ==========================================  ==============================================
    action_remind        one basket                                  not coming this week by themselves × 10 %
    action_win_back      half a quarter year at the old pace         of being lost × 10 %, 3 % once very late
    action_greet         the same, in the shop                       of being lost × of coming this week × 10 %
    action_check_in      one basket                                  not coming this week × 10 %
    action_thank_new     three baskets                               10 %
    action_welcome       three baskets, in the shop                  of coming this week × 5 %
    action_thank         5 % of a quarter year, in the shop          of coming this week × 10 %
    action_offer         15 % of a basket, in the shop               of coming this week × 5 %
    action_leave_alone   nothing                                     that they come this week
    action_let_go        nothing                                     the same
    ===================  ==========================================  ==============================================

    Nobody is offered a discount, least of all who comes anyway; nobody is pushed alcohol or tobacco; who is slipping
    away is asked how they are, not sold to. Gains are capped by what the lifetime model expects, where it is more
    careful, except for who is being won back: it expects nothing of them.
    """
    told = tuple(item for item in due if item.is_due and item.product_id not in quiet_products)
    case = _Case(customer, churn, lifetime, next, told, tuple(chances))
    possible = (
        action
        for action in _possible(case, until)
        if action.expected_cents >= _LEAST_CENTS and (may_write or action.what.code not in WRITTEN)
    )
    ranked = sorted(possible, key=lambda action: (-action.expected_cents, action.what.code))
    return tuple(ranked) or (_leave_alone(case),)


def _possible(case: _Case, until: date) -> Iterator[NextAction]:
    """Everything that fits the customer, however little it brings."""
    segment = case.customer.segment
    if case.is_slipping:
        yield from _win_back(case)
        return
    if segment is CustomerSegment.NEW:
        yield from _welcome(case)
    elif segment is CustomerSegment.NEED_ATTENTION:
        yield _make(
            case,
            Reason.of("action_check_in"),
            case.basket_cents,
            (1 - case.week) * _ANSWER_MESSAGE,
            _late(case),
        )
    elif segment in _BEST:
        thanks = _capped(case, case.quarter_cents * _THANKS_SHARE)
        yield _make(case, Reason.of("action_thank"), thanks, case.week * _ANSWER_MESSAGE, _spends(case))
    yield from _remind(case, until)
    yield from _offer(case)


def _win_back(case: _Case) -> Iterator[NextAction]:
    """Ask how they are; never again by message when they hardly ever came."""
    gain = case.quarter_cents * _HABIT_SAVED_SHARE
    why = (*_late(case), Reason.of("action_why_risk", share=case.risk), *_spends(case))
    if case.customer.frequency >= _LEAST_VISITS:
        yield _make(case, Reason.of("action_win_back"), gain, case.risk * case.answers, why)
    yield _make(case, Reason.of("action_greet"), gain, case.risk * case.week * _ANSWER_MESSAGE, why)


def _welcome(case: _Case) -> Iterator[NextAction]:
    gain = _capped(case, case.basket_cents * _MORE_VISITS)
    why = (Reason.of("action_why_new", purchases=case.customer.frequency),)
    yield _make(case, Reason.of("action_thank_new"), gain, _ANSWER_MESSAGE, why)
    yield _make(case, Reason.of("action_welcome"), gain, case.week * _ANSWER_WORD, why)


def _remind(case: _Case, until: date) -> Iterator[NextAction]:
    """Of the product that is likeliest due, unless they come anyway."""
    if not case.due or case.week >= _COMES_ANYWAY:
        return
    item = max(case.due, key=lambda item: (item.probability, -item.product_id))
    why = (
        Reason.of("action_why_due", times=item.times, days_away=max((item.day - until).days, 1)),
        Reason.of("action_why_may_miss", share=1 - case.week),
    )
    chance = (1 - case.week) * _ANSWER_MESSAGE
    yield _make(case, Reason.of("action_remind"), case.basket_cents, chance, why, item.product_id)


def _offer(case: _Case) -> Iterator[NextAction]:
    """The likeliest of the categories that they buy of now and then."""
    least, most = _OFFERED
    fitting = [
        chance
        for chance in case.chances
        if least <= chance.probability <= most and chance.category not in _NEVER_OFFERED
    ]
    if fitting and case.customer.frequency >= _LEAST_VISITS:
        best = max(fitting, key=lambda chance: (chance.probability, chance.category))
        gain = _capped(case, case.basket_cents * _OFFER_SHARE)
        why = (Reason.of("action_why_now_and_then", share=best.probability),)
        what = Reason.of("action_offer", category=str(best.category))
        yield _make(case, what, gain, case.week * _ANSWER_WORD, why)


def _leave_alone(case: _Case) -> NextAction:
    if case.is_slipping:
        return _make(case, Reason.of("action_let_go"), 0.0, case.week, _late(case))
    why = () if case.next is None else (Reason.of("action_why_comes", share=case.week),)
    return _make(case, Reason.of("action_leave_alone"), 0.0, case.week, why)


def _make(
    case: _Case,
    what: Reason,
    gain_cents: float,
    probability: float,
    why: tuple[Reason, ...],
    product_id: int | None = None,
) -> NextAction:
    return NextAction(
        customer_id=case.customer.customer_id,
        what=what,
        why=why,
        gain_cents=round(gain_cents),
        probability=min(max(probability, 0.0), 1.0),
        product_id=product_id,
    )


def _capped(case: _Case, cents: float) -> float:
    """No more than the lifetime model expects of the customer, where it says something."""
    return cents if case.lifetime is None else min(cents, float(max(case.lifetime.clv_cents, 0)))


def _late(case: _Case) -> tuple[Reason, ...]:
    usual = max(round(case.customer.rhythm_days), 1)
    return (Reason.of("action_why_late", days_away=case.customer.recency_days, gap_days=usual),)


def _spends(case: _Case) -> tuple[Reason, ...]:
    return (
        Reason.of("action_why_spends", cents=case.customer.monetary_cents, purchases=case.customer.frequency),
    )
