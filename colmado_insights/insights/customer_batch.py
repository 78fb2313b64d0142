"""Every question about known customers, asked of all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

import pandas as pd

from colmado_insights.analytics.category_chance import compute_category_chances
from colmado_insights.analytics.churn import compute_churns
from colmado_insights.analytics.customer_migration import compute_customer_migration
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.lifetime import compute_lifetimes
from colmado_insights.analytics.next_action import choose_actions
from colmado_insights.analytics.next_purchase import compute_next_purchases
from colmado_insights.analytics.replenish import compute_replenishments
from colmado_insights.analytics.results import (
    CategoryChances,
    Churns,
    CustomerMigration,
    CustomerModels,
    CustomerOutlook,
    Lifetimes,
    NextPurchases,
    NotEnough,
    Replenishments,
    Rfm,
)
from colmado_insights.analytics.rfm import compute_rfm
from colmado_insights.domain import CATEGORY_CODE, Category, SaleKind, moment_of
from colmado_insights.progress import Progress
from colmado_insights.storage.sales import SalesFrames
from colmado_insights.text import _

T = TypeVar("T")

WORTH_DAYS = 365
"""What a customer is worth is what they spend in a year."""
QUESTIONS = 8
NEVER_REMINDED = (Category.ALCOHOL, Category.TOBACCO)


@dataclass(frozen=True)
class CustomerAnswers:
    """What a batch answers."""

    outlooks: tuple[CustomerOutlook, ...]
    rfm: Rfm
    models: CustomerModels
    migration: CustomerMigration | NotEnough


def ask_all(
    frames: SalesFrames,
    until: date,
    *,
    days: DominicanDays,
    may_write: Collection[int],
    previous: Rfm | None,
    nameless: Collection[int],
    progress: Progress,
) -> CustomerAnswers | NotEnough:
    """Ask every question of the sales of known customers, one after the other.

    Parameters
    ----------
    frames
        Their receipts and lines, all history.
    until
        Last day of it.
    days
        The shop's calendar.
    may_write
        Customers who agreed to be written to.
    previous
        What the last batch said of them all, so that groups keep their number.
    nameless
        Products that stand for anything, such as VARIOS: nobody runs out of them.

    Raises
    ------
    Cancelled
        When asked to stop; nothing is kept here.
    """
    receipts, lines = frames.receipts, frames.lines
    part = progress.quiet()

    def ask(place: int, question: Callable[[], T]) -> T:
        progress.step(place, QUESTIONS, _("Conociendo a los clientes"))
        return question()

    rfm = ask(0, lambda: compute_rfm(receipts, until=until, previous=previous, progress=part))
    if isinstance(rfm, NotEnough):
        return rfm
    migration = ask(1, lambda: _find_migration(receipts, until, part))
    lifetimes = ask(2, lambda: compute_lifetimes(
        receipts, until=until, horizon_days=WORTH_DAYS, progress=part, lines=lines
    ))  # fmt: skip
    churns = ask(3, lambda: compute_churns(receipts, lines, until=until, progress=part))
    visits = ask(4, lambda: compute_next_purchases(receipts, until=until, days=days, progress=part))
    due = ask(5, lambda: compute_replenishments(
        receipts, lines, until=until, days=days, left_out=nameless, progress=part
    ))  # fmt: skip
    chances = ask(6, lambda: compute_category_chances(receipts, lines, until=until, progress=part))
    outlooks = ask(7, lambda: _gather(receipts, rfm, lifetimes, churns, visits, due, chances))
    quiet = _quiet_products(lines)
    outlooks = tuple(_advise(one, one.customer_id in may_write, quiet, part) for one in outlooks)
    progress.step(QUESTIONS, QUESTIONS, _("Conociendo a los clientes"))
    answers = {
        "clv": lifetimes,
        "churn": churns,
        "next_purchase": visits,
        "replenish": due,
        "chance": chances,
    }
    return CustomerAnswers(
        outlooks=outlooks,
        rfm=rfm,
        models=_tell_models(answers, until, len(rfm.customers)),
        migration=migration,
    )


def _find_migration(receipts: pd.DataFrame, until: date, progress: Progress) -> CustomerMigration | NotEnough:
    """Who moved between the last two month ends; in the first two months of a shop, since the last one."""
    is_month_end = (until + timedelta(days=1)).day == 1
    last = until if is_month_end else until.replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    found = compute_customer_migration(receipts, before=before, until=last, progress=progress)
    if isinstance(found, NotEnough) and not is_month_end:
        return compute_customer_migration(receipts, before=last, until=until, progress=progress)
    return found


def _gather(
    receipts: pd.DataFrame,
    rfm: Rfm,
    lifetimes: Lifetimes | NotEnough,
    churns: Churns | NotEnough,
    visits: NextPurchases | NotEnough,
    due: Replenishments | NotEnough,
    chances: CategoryChances | NotEnough,
) -> tuple[CustomerOutlook, ...]:
    """One record a customer of what the questions answered."""
    worth = {} if isinstance(lifetimes, NotEnough) else {one.customer_id: one for one in lifetimes.customers}
    risk = {} if isinstance(churns, NotEnough) else {one.customer_id: one for one in churns.customers}
    visit = {} if isinstance(visits, NotEnough) else {one.customer_id: one for one in visits.customers}
    needs = _by_customer(() if isinstance(due, NotEnough) else due.items)
    likely = _by_customer(() if isinstance(chances, NotEnough) else chances.items)
    sales_of = receipts[receipts["kind"] == SaleKind.SALE].groupby("customer_id")["sold_at"]
    spans = sales_of.agg(["min", "max", "size"]).to_dict("index")
    found = []
    for score in rfm.customers:
        key, span = score.customer_id, spans[score.customer_id]
        found.append(
            CustomerOutlook(
                customer_id=key,
                until=rfm.until,
                first_day=moment_of(span["min"]).date(),
                last_day=moment_of(span["max"]).date(),
                receipts=int(span["size"]),
                spent_cents=score.monetary_cents,
                rfm=score,
                lifetime=worth.get(key),
                churn=risk.get(key),
                next=visit.get(key),
                chances=tuple(likely.get(key, ())),
                due=tuple(needs.get(key, ())),
            )
        )
    return tuple(found)


def _advise(
    outlook: CustomerOutlook, may_write: bool, quiet: frozenset[int], progress: Progress
) -> CustomerOutlook:
    """The outlook with what to do about the customer, best first."""
    progress.step()
    best, *more = choose_actions(
        outlook.rfm, outlook.churn, outlook.lifetime, outlook.next, outlook.due, outlook.chances,
        until=outlook.until, may_write=may_write, quiet_products=quiet,
    )  # fmt: skip
    return replace(outlook, action=best, more_actions=tuple(more))


def _quiet_products(lines: pd.DataFrame) -> frozenset[int]:
    """Alcohol and tobacco: nobody is reminded of them."""
    is_quiet = lines["category"].isin([CATEGORY_CODE[category] for category in NEVER_REMINDED])
    return frozenset(lines.loc[is_quiet, "product_id"].unique().tolist())


class _OfCustomer(Protocol):
    @property
    def customer_id(self) -> int: ...


One = TypeVar("One", bound=_OfCustomer)


def _by_customer(items: Iterable[One]) -> dict[int, list[One]]:
    """The items of each customer, in their order."""
    found: dict[int, list[One]] = defaultdict(list)
    for item in items:
        found[item.customer_id].append(item)
    return found


Model = Lifetimes | Churns | NextPurchases | Replenishments | CategoryChances


def _tell_models(answers: Mapping[str, Model | NotEnough], until: date, count: int) -> CustomerModels:
    """Which methods answered and how well they did; what has no answer has no method."""
    models = [(question, answer) for question, answer in answers.items() if not isinstance(answer, NotEnough)]
    return CustomerModels(
        until=until,
        customers=count,
        methods=tuple((question, answer.method) for question, answer in models),
        trials=tuple((question, answer.trials) for question, answer in models),
        reasons=tuple(dict.fromkeys(reason for _question, answer in models for reason in answer.reasons)),
    )
