"""The ledger: a row before each request, in one step with consent and limit; and what is known of prices."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights.domain import (
    CallOutcome,
    Consent,
    Customer,
    GrokCall,
    ModelPrice,
    TokenUse,
    Topic,
)
from colmado_insights.errors import BudgetSpent, NotAllowed
from colmado_insights.storage import consents, spending
from colmado_insights.storage.customers import write_customer
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12, 0)
LIMIT = 5_000_000_000
CALL = GrokCall(0, NOW, Topic.SEGMENT, "after_work", "k", "grok-3", "plain-1", 1, 4000, 30_000_000)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        consents.write_consent(opened, Topic.SEGMENT, is_allowed=True, at=NOW, user="")
        yield opened


def test_a_row_stands_before_the_request_leaves_and_is_completed_after(shop: Database) -> None:
    call_id = spending.begin_call(shop, CALL, LIMIT)
    sent = replace(CALL, call_id=call_id)
    assert spending.read_calls(shop, 9) == (sent,)
    assert spending.read_spent(shop, NOW) == (30_000_000, 30_000_000)
    done = replace(
        sent, outcome=CallOutcome.ANSWERED, status=200, tokens=TokenUse(900, 128, 250), latency_ms=812,
        cost_nano=6_162_000, is_estimate=False,
    )  # fmt: skip
    spending.finish_call(shop, done)
    assert spending.read_calls(shop, 9) == (done,)
    assert spending.read_spent(shop, NOW) == (6_162_000, 0)
    spending.reject_call(shop, call_id, ["language", "numbers"])
    rejected = replace(done, outcome=CallOutcome.REJECTED, failed_checks=("language", "numbers"))
    assert spending.read_calls(shop, 9) == (rejected,)


def test_nothing_leaves_of_a_topic_that_is_not_allowed(shop: Database) -> None:
    with pytest.raises(NotAllowed):
        spending.begin_call(shop, replace(CALL, topic=Topic.WEEK), LIMIT)
    consents.write_consent(shop, Topic.SEGMENT, is_allowed=False, at=NOW, user="")
    with pytest.raises(NotAllowed):
        spending.begin_call(shop, CALL, LIMIT)
    assert spending.read_calls(shop, 9) == ()


@pytest.mark.parametrize("consent", [Consent.UNKNOWN, Consent.YES, Consent.NO])
def test_nothing_leaves_of_a_customer_who_said_no_or_is_not_known(shop: Database, consent: Consent) -> None:
    consents.write_consent(shop, Topic.CUSTOMER, is_allowed=True, at=NOW, user="")
    key = write_customer(shop, Customer(0, "Ana", consent=consent), NOW)
    call = replace(CALL, topic=Topic.CUSTOMER, subject=str(key))
    if consent is Consent.NO:
        with pytest.raises(NotAllowed):
            spending.begin_call(shop, call, LIMIT)
    else:
        spending.begin_call(shop, call, LIMIT)
    with pytest.raises(NotAllowed):
        spending.begin_call(shop, replace(call, subject=str(key + 1)), LIMIT)


def test_the_limit_is_never_passed_and_may_be_reached(shop: Database) -> None:
    with pytest.raises(BudgetSpent):
        spending.begin_call(shop, CALL, 29_999_999)
    spending.begin_call(shop, CALL, 30_000_000)
    with pytest.raises(BudgetSpent):
        spending.begin_call(shop, CALL, 59_999_999)
    assert len(spending.read_calls(shop, 9)) == 1


def test_a_limit_of_nothing_lets_nothing_leave(shop: Database) -> None:
    with pytest.raises(BudgetSpent):
        spending.begin_call(shop, CALL, 0)


def test_a_month_starts_anew_and_the_future_counts(shop: Database) -> None:
    spending.begin_call(shop, replace(CALL, at=datetime(2026, 10, 31, 23, 59, 59)), LIMIT)
    assert spending.read_spent(shop, NOW) == (0, 0)
    spending.begin_call(shop, replace(CALL, at=NOW + timedelta(days=900)), LIMIT)
    assert spending.read_spent(shop, NOW) == (30_000_000, 30_000_000)
    with pytest.raises(BudgetSpent):
        spending.begin_call(shop, CALL, 59_000_000)


def test_months_are_summed_and_the_last_holds_the_future(shop: Database) -> None:
    for moment in (datetime(2026, 10, 1), datetime(2026, 10, 31, 23, 59, 59), NOW, NOW + timedelta(days=400)):
        spending.begin_call(shop, replace(CALL, at=moment), LIMIT)
    call = spending.read_calls(shop, 1)[0]
    spending.finish_call(
        shop, replace(call, outcome=CallOutcome.ANSWERED, cost_nano=1_000_000, is_estimate=False)
    )
    october, november = date(2026, 10, 1), date(2026, 11, 1)
    assert spending.read_month(shop, october, november) == (60_000_000, 2, 0)
    assert spending.read_month(shop, november, None) == (31_000_000, 2, 1)


def test_requests_come_newest_first_and_so_many(shop: Database) -> None:
    ids = [spending.begin_call(shop, replace(CALL, at=NOW - timedelta(days=n)), LIMIT) for n in range(3)]
    assert [call.call_id for call in spending.read_calls(shop, 2)] == [ids[2], ids[1]]


def test_fifty_at_once_from_two_programs_keep_to_the_limit(shop: Database) -> None:
    other = Database(shop.path)
    refused: list[int] = []

    def send(database: Database, count: int) -> None:
        for _ in range(count):
            try:
                spending.begin_call(database, CALL, 7 * CALL.cost_nano)
            except BudgetSpent:
                refused.append(1)

    threads = [threading.Thread(target=send, args=(base, 13)) for base in (shop, other, shop, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert len(spending.read_calls(shop, 99)) == 7
    assert len(refused) == 4 * 13 - 7


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from colmado_insights.domain import GrokCall, Topic
from colmado_insights.storage import spending
from colmado_insights.storage.schema import open_database
shop = open_database(Path(sys.argv[1]))
call = GrokCall(0, datetime(2026, 11, 20, 12), Topic.SEGMENT, "", "k", "grok-3", "plain-1", 1, 10, 30_000_000)
spending.begin_call(shop, call, 10**12)
os._exit(9)
"""


def test_a_power_cut_after_the_reservation_leaves_it_counted(shop: Database) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(shop.path)], check=False)
    assert ended.returncode == 9
    (call,) = spending.read_calls(shop, 9)
    assert (call.outcome, call.is_estimate, call.cost_nano) == (CallOutcome.SENT, True, 30_000_000)
    assert spending.read_spent(shop, NOW) == (30_000_000, 30_000_000)


# ── prices ──


def test_before_a_list_was_read_the_shipped_price_holds(shop: Database) -> None:
    assert spending.read_models(shop) == (ModelPrice("grok-3", 30_000, 7_500, 150_000),)


def test_a_list_is_kept_with_its_moment_and_what_vanished_stays_as_not_offered(shop: Database) -> None:
    four = ModelPrice("grok-4", 20_000, 5_000, 60_000, ("grok-latest",))
    spending.write_models(shop, [four], NOW)
    three, kept = spending.read_models(shop)
    assert kept == replace(four, read_at=NOW)
    assert (three.name, three.answer_price, three.is_offered) == ("grok-3", 150_000, False)
    later = NOW + timedelta(days=1)
    spending.write_models(shop, [ModelPrice("grok-3", 1, 1, 1)], later)
    assert [(model.name, model.is_offered, model.read_at) for model in spending.read_models(shop)] == [
        ("grok-3", True, later),
        ("grok-4", False, NOW),
    ]


@pytest.mark.parametrize(
    ("prompt", "cached", "answer"),
    [(0, 0, 150_000), (30_000, 0, 0), (-1, 0, 1), (30_000, -1, 1), (30_000, 30_001, 1), (10**9, 1, 1)],
)
def test_a_price_that_cannot_be_is_none(shop: Database, prompt: int, cached: int, answer: int) -> None:
    spending.write_models(shop, [ModelPrice("free", prompt, cached, answer)], NOW)
    assert [model.name for model in spending.read_models(shop)] == ["grok-3"]
    assert spending.read_models(shop)[0].is_offered
