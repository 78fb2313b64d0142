"""What a question can cost at most, to the last thousand-millionth, and how the month stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights.config import Settings
from colmado_insights.domain import CallOutcome, GrokCall, ModelPrice, MonthSpending, TokenUse, Topic
from colmado_insights.errors import BudgetSpent, DatabaseLocked
from colmado_insights.personas import budget
from colmado_insights.personas.budget import Ledger, find_cost, find_model, find_replacement
from colmado_insights.storage import consents, customer_results, spending
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12, 0)
GROK_3 = ModelPrice("grok-3", 30_000, 7_500, 150_000)
CALL = GrokCall(0, NOW, Topic.SEGMENT, "after_work", "k", "grok-3", "plain-1", 1, 4000, 30_000_000)
PLENTY = 10**12


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        consents.write_consent(opened, Topic.SEGMENT, is_allowed=True, at=NOW, user="")
        yield opened


# ── prices ──


def test_a_million_tokens_cost_what_the_list_says() -> None:
    million = 1_000_000
    assert find_cost(GROK_3, TokenUse(million, 0, 0)) == 3 * 10**9
    assert find_cost(GROK_3, TokenUse(million, million, 0)) == 75 * 10**7
    assert find_cost(GROK_3, TokenUse(0, 0, million)) == 15 * 10**9


def test_cached_tokens_cost_their_own_price() -> None:
    # 772 × 3 $ + 128 × 0.75 $ + 250 × 15 $, of a million
    assert find_cost(GROK_3, TokenUse(900, 128, 250)) == 2_316_000 + 96_000 + 3_750_000


def test_a_part_of_a_nano_dollar_is_a_whole_one() -> None:
    assert find_cost(ModelPrice("x", 1, 1, 1), TokenUse(1, 0, 0)) == 1
    assert find_cost(ModelPrice("x", 1, 1, 1), TokenUse(10, 0, 0)) == 1
    assert find_cost(ModelPrice("x", 1, 1, 1), TokenUse(10, 0, 1)) == 2


@given(st.text(max_size=200), st.integers(0, 800))
def test_the_most_holds_for_any_text_of_bytes(words: str, answered: int) -> None:
    size = len(words.encode())
    most = find_cost(GROK_3, budget.find_most_tokens("grok-3", size, 800))
    assert find_cost(GROK_3, TokenUse(size + budget.FRAME_TOKENS, 0, answered)) <= most


@pytest.mark.parametrize(
    ("model", "may_think"),
    [
        ("grok-3", False),
        ("grok-3-latest", False),
        ("grok-2-1212", False),
        ("grok-4-fast-non-reasoning", False),
        ("grok-3-mini", True),
        ("grok-4", True),
        ("grok-4.20-reasoning", True),
        ("one-nobody-knows", True),
    ],
)
def test_what_may_think_is_reserved_for(model: str, may_think: bool) -> None:
    answer = budget.find_most_tokens(model, 100, 800).answer
    assert answer == (800 + budget.THINKING_TOKENS if may_think else 800)


def test_a_model_is_found_by_name_then_alias_then_among_the_retired() -> None:
    gone = replace(GROK_3, is_offered=False)
    heir = ModelPrice("grok-5", 1, 1, 1, aliases=("grok-3",))
    assert find_model([GROK_3, heir], "grok-3") == GROK_3
    assert find_model([gone, heir], "grok-3") == heir
    assert find_model([gone], "grok-3") == gone
    assert find_model([gone, heir], "grok-9") is None


def test_of_two_models_with_one_alias_the_dearest_is_reserved_for() -> None:
    cheap, dear = ModelPrice("grok-a", 1, 1, 1, ("grok-3",)), ModelPrice("grok-b", 9, 9, 9, ("grok-3",))
    assert find_model((cheap, dear), "grok-3") == find_model((dear, cheap), "grok-3") == dear


def test_the_replacement_is_the_cheapest_that_writes_words() -> None:
    offered = (
        ModelPrice("grok-4", 30_000, 7_500, 150_000),  # it thinks: dear
        ModelPrice("grok-4-fast-non-reasoning", 2_000, 500, 5_000),
        ModelPrice("grok-code-fast-1", 10, 5, 10),
        ModelPrice("grok-2-vision-1212", 10, 5, 10),
        replace(ModelPrice("grok-3-mini", 10, 5, 10), is_offered=False),
    )
    assert find_replacement(offered) == "grok-4-fast-non-reasoning"
    assert find_replacement([]) == ""


# ── the ledger ──


def attempt(
    outcome: CallOutcome, status: int | None, tokens: TokenUse | None = None, cost_nano: int | None = None
) -> SimpleNamespace:
    return SimpleNamespace(outcome=outcome, status=status, tokens=tokens, latency_ms=40, cost_nano=cost_nano)


def test_each_try_has_its_row(shop: Database) -> None:
    ledger = Ledger(shop, CALL, GROK_3, PLENTY)
    ledger.finish(ledger.begin(1), attempt(CallOutcome.BUSY, 429))
    ledger.finish(ledger.begin(2), attempt(CallOutcome.ANSWERED, 200, TokenUse(900, 128, 250)))
    second, first = spending.read_calls(shop, 9)
    assert (first.attempt, first.cost_nano, first.is_estimate, first.status) == (1, 0, False, 429)
    assert (second.attempt, second.cost_nano, second.is_estimate) == (2, 6_162_000, False)
    assert ledger.cost_nano == 6_162_000
    assert len(ledger.calls) == 2


@pytest.mark.parametrize(
    ("charged", "cost_nano"), [(9_000_001, 9_000_001), (0, 6_162_000), (None, 6_162_000)]
)
def test_what_was_charged_counts_before_what_the_list_says(
    shop: Database, charged: int | None, cost_nano: int
) -> None:
    ledger = Ledger(shop, CALL, GROK_3, PLENTY)
    ledger.finish(ledger.begin(1), attempt(CallOutcome.ANSWERED, 200, TokenUse(900, 128, 250), charged))
    assert ledger.cost_nano == spending.read_calls(shop, 1)[0].cost_nano == cost_nano


@pytest.mark.parametrize(
    ("outcome", "status", "is_free"),
    [
        (CallOutcome.REFUSED, 400, True),
        (CallOutcome.REFUSED, 401, True),
        (CallOutcome.REFUSED, 404, True),
        (CallOutcome.BUSY, 429, True),
        (CallOutcome.BUSY, 503, True),
        (CallOutcome.BUSY, 500, False),
        (CallOutcome.BUSY, 502, False),
        (CallOutcome.LOST, None, False),
        (CallOutcome.LOST, 200, False),
        (CallOutcome.ANSWERED, 200, False),
    ],
)
def test_what_told_no_cost_keeps_its_estimate_unless_it_was_refused(
    shop: Database, outcome: CallOutcome, status: int | None, is_free: bool
) -> None:
    ledger = Ledger(shop, CALL, GROK_3, PLENTY)
    ledger.finish(ledger.begin(1), attempt(outcome, status))
    (call,) = spending.read_calls(shop, 9)
    assert (call.cost_nano, call.is_estimate) == ((0, False) if is_free else (CALL.cost_nano, True))


@pytest.mark.parametrize(
    "tokens", [TokenUse(-1, 0, 0), TokenUse(900, 901, 0), TokenUse(1, 0, -9), TokenUse(2**70, 0, 0)]
)
def test_tokens_that_cannot_be_do_not_bring_money_back(shop: Database, tokens: TokenUse) -> None:
    ledger = Ledger(shop, CALL, GROK_3, PLENTY)
    ledger.finish(ledger.begin(1), attempt(CallOutcome.ANSWERED, 200, tokens))
    assert spending.read_spent(shop, NOW) == (CALL.cost_nano, CALL.cost_nano)


def test_more_than_reserved_is_written_as_it_is_and_the_next_is_refused(shop: Database) -> None:
    ledger = Ledger(shop, CALL, GROK_3, 2 * CALL.cost_nano)
    ledger.finish(ledger.begin(1), attempt(CallOutcome.ANSWERED, 200, TokenUse(20_000, 0, 0)))
    assert spending.read_spent(shop, NOW) == (60_000_000, 0)
    with pytest.raises(BudgetSpent):
        ledger.begin(2)


def test_a_row_that_cannot_be_completed_stays_reserved(
    shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: object) -> None:
        raise DatabaseLocked("ocupada")

    ledger = Ledger(shop, CALL, GROK_3, PLENTY)
    call_id = ledger.begin(1)
    monkeypatch.setattr(spending, "finish_call", locked)
    ledger.finish(call_id, attempt(CallOutcome.ANSWERED, 200, TokenUse(1, 0, 1)))
    (call,) = spending.read_calls(shop, 9)
    assert (call.outcome, call.is_estimate) == (CallOutcome.SENT, True)
    assert ledger.cost_nano == CALL.cost_nano


# ── the month ──


def test_a_new_shop_has_asked_nothing(shop: Database) -> None:
    state = budget.read_state(shop, Settings(), NOW)
    assert (state.allowed, state.key_place, state.model) == ({Topic.SEGMENT}, None, "grok-3")
    assert (state.limit_nano, state.spent_nano, state.reserved_nano) == (5 * 10**9, 0, 0)
    assert (state.is_warned, state.is_spent, state.hits, state.misses) == (False, False, 0, 0)
    assert state.price == GROK_3
    assert state.replacement == ""


@pytest.mark.parametrize(
    ("spent", "is_warned", "is_spent"),
    [
        (3_999_999_999, False, False),
        (4_000_000_000, True, False),
        (4_990_000_000, True, True),
        (5 * 10**9, True, True),
    ],
)
def test_warned_at_four_fifths_and_spent_when_nothing_fits(
    shop: Database, spent: int, is_warned: bool, is_spent: bool
) -> None:
    spending.begin_call(shop, replace(CALL, cost_nano=spent), PLENTY)
    state = budget.read_state(shop, Settings(), NOW)
    assert (state.is_warned, state.is_spent) == (is_warned, is_spent)
    assert (state.spent_nano, state.reserved_nano) == (spent, spent)


def test_with_a_limit_of_nothing_all_is_spent(shop: Database) -> None:
    assert budget.read_state(shop, replace(Settings(), grok_limit_cents=0), NOW).is_spent


def test_a_retired_model_is_said_so_and_another_proposed(shop: Database) -> None:
    spending.write_models(shop, [ModelPrice("grok-5", 10, 5, 20)], NOW)
    state = budget.read_state(shop, Settings(), NOW)
    assert state.price is not None
    assert not state.price.is_offered
    assert state.replacement == "grok-5"
    unknown = budget.read_state(shop, replace(Settings(), grok_model="grok-77"), NOW)
    assert (unknown.price, unknown.replacement) == (None, "grok-5")


def test_hits_and_misses_are_those_of_grok_alone(shop: Database) -> None:
    customer_results.add_uses(shop, {"profile": (90, 10), "grok": (11, 1)})
    state = budget.read_state(shop, Settings(), NOW)
    assert (state.hits, state.misses) == (11, 1)


def test_months_come_oldest_first_empty_ones_too(shop: Database) -> None:
    for moment in (datetime(2026, 9, 30, 23, 0), NOW, NOW + timedelta(days=99)):
        spending.begin_call(shop, replace(CALL, at=moment), PLENTY)
    assert budget.read_spending(shop, NOW, 3) == (
        MonthSpending(date(2026, 9, 1), 30_000_000, 1, 0),
        MonthSpending(date(2026, 10, 1), 0, 0, 0),
        MonthSpending(date(2026, 11, 1), 60_000_000, 2, 0),
    )
    assert len(budget.read_spending(shop, datetime(2026, 1, 31), 12)) == 12
