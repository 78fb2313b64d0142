"""Advice from the book of known customers, without a name: the page it leads to shows who."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from colmado_insights.analytics.results import CustomerOutlook, NextAction, RiskLevel
from colmado_insights.config import Settings
from colmado_insights.domain import Reason
from colmado_insights.insights.actions.advice import OLDEST_BOARD, Advice
from colmado_insights.progress import Progress
from colmado_insights.storage import customer_results
from colmado_insights.storage.database import Database

WIN_BACK = frozenset({"action_win_back", "action_greet"})
REMIND = frozenset({"action_remind"})
HORIZON_SHARE = 14 / 90
"""Who is won back is counted for a quarter year, an advice for two weeks."""
DUE_DAYS = 2


def find_of_customers(
    database: Database, _settings: Settings, whole: date, _progress: Progress | None
) -> Iterator[Advice]:
    """Whom to win back, and for whom something is due, by what is kept of each."""
    outlooks = [
        msgspec.json.decode(kept.body, type=CustomerOutlook)
        for _customer, kept in customer_results.read_outlooks(database)
        if whole - kept.until <= OLDEST_BOARD
    ]
    yield from _lost(outlooks)
    yield from _due(outlooks, whole)


def _lost(outlooks: list[CustomerOutlook]) -> Iterator[Advice]:
    risky = [
        outlook
        for outlook in outlooks
        if outlook.churn is not None and outlook.churn.level in (RiskLevel.HIGH, RiskLevel.CRITICAL)
    ]
    actions = [action for outlook in risky if (action := _action_of(outlook, WIN_BACK)) is not None]
    if actions:
        spent = sum(outlook.spent_cents for outlook in risky if _action_of(outlook, WIN_BACK) is not None)
        yield Advice(
            key="win_back",
            what=Reason.of("win_back_customers", customers=len(actions)),
            why=Reason.of("customers_slipping", cents=spent),
            gain_cents=round(HORIZON_SHARE * sum(action.expected_cents for action in actions)),
            icon="heart-handshake",
            kind="win_back",
            page="customers",
        )


def _due(outlooks: list[CustomerOutlook], whole: date) -> Iterator[Advice]:
    soon = whole + timedelta(days=DUE_DAYS)
    # What was due days ago may have been bought since, in sales that have not come in.
    due = [
        outlook
        for outlook in outlooks
        if any(item.is_due and item.lo <= soon and item.hi >= whole for item in outlook.due)
    ]
    if due:
        reminders = [action for outlook in due if (action := _action_of(outlook, REMIND)) is not None]
        yield Advice(
            key=f"replenish:{whole.isocalendar().year}-{whole.isocalendar().week:02d}",
            what=Reason.of("remind_customers", customers=len(due)),
            why=Reason.of("customers_due"),
            gain_cents=round(sum(action.expected_cents for action in reminders)) or None,
            icon="calendar-clock",
            kind="replenish",
            page="customers",
        )


def _action_of(outlook: CustomerOutlook, codes: frozenset[str]) -> NextAction | None:
    """The customer's first action of these kinds."""
    actions = (*((outlook.action,) if outlook.action else ()), *outlook.more_actions)
    return next((action for action in actions if action.what.code in codes), None)
