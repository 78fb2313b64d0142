"""The ledger: shown, answered, taken back, judged after two weeks; clocks that jump; sums that count a peso once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights.analytics.results import AdviceOutcome, Estimate, Outcome
from colmado_insights.domain import Reason
from colmado_insights.insights import Advice, LedgerEntry, count_outcomes, ledger, note_shown, sum_ledger
from colmado_insights.progress import Progress
from colmado_insights.shop import Shop
from colmado_insights.storage import advices
from tests.storage.till import write_rows

FIRST = date(2026, 2, 1)
TAKEN = FIRST + timedelta(days=150)
LAST = FIRST + timedelta(days=170)
NOW = datetime.combine(LAST + timedelta(days=1), datetime.min.time()).replace(hour=10)
HEADER = ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Costo")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """170 days of two products; after TAKEN, malta sells half more at the same price and cost."""
    folder = tmp_path_factory.mktemp("ledger")
    rows = []
    for day in range((LAST - FIRST).days + 1):
        moment = f"{FIRST + timedelta(days=day):%d/%m/%Y} 10:00"
        malta = (20 + day * 7 % 5) * (3 if day > 150 else 2)
        rows += [
            (f"{day}a", moment, "Malta", malta, malta * 50, 30),
            (f"{day}b", moment, "Pan", 100 + day * 3 % 11, (100 + day * 3 % 11) * 10, ""),
        ]
    path = folder / "shop.db"
    with Shop(path) as shop:
        shop.import_files([write_rows(folder / "sales.csv", rows, HEADER)])
    return path


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Iterator[Shop]:
    (tmp_path / "shop.db").write_bytes(made.read_bytes())
    with Shop(tmp_path / "shop.db") as opened:
        yield opened


def advise(measure: str, key: str = "a", goal: str = "revenue") -> Advice:
    why = Reason.of("products_stopped")
    return Advice(
        key, Reason.of("look_at_stopped", count=3), why, 500_00, "moon", "price", measure, "prices", goal
    )


def show(shop: Shop, *found: Advice, at: datetime) -> int:
    return note_shown(shop._database, found, at)


def judge(shop: Shop, now: datetime = NOW) -> int:
    return ledger.refresh_outcomes(shop._database, shop.settings, now, Progress())


def only(shop: Shop, now: datetime = NOW) -> LedgerEntry:
    (entry,) = shop.read_ledger(now)
    return entry


def noon(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()).replace(hour=12)


def test_what_is_shown_is_noted_once_a_day(shop: Shop) -> None:
    advice = advise("product:1")
    assert show(shop, advice, at=noon(TAKEN)) == 1
    assert show(shop, advice, at=noon(TAKEN) + timedelta(hours=3)) == 0
    changed = replace(advice, gain_cents=900_00)
    assert show(shop, changed, at=noon(TAKEN) + timedelta(days=1)) == 1
    entry = only(shop)
    assert entry.advice == advice  # as it was first said
    assert (entry.shown_at, entry.is_taken, entry.outcome) == (noon(TAKEN), None, None)
    assert advices.read_advices(shop._database)[0].seen_at == noon(TAKEN) + timedelta(days=1)


def test_advice_shown_on_another_page_can_be_answered_and_is_judged(shop: Shop) -> None:
    shop.note_advice(advise("product:1", key="bundle:1:2"), noon(TAKEN))
    advices.write_answer(shop._database, "bundle:1:2", done=True, at=noon(TAKEN))
    assert judge(shop) == 1
    entry = only(shop)
    assert entry.is_taken is True
    assert entry.outcome is not None and entry.outcome.outcome is not Outcome.UNKNOWN


def test_a_clock_set_back_moves_the_first_showing(shop: Shop) -> None:
    advice = advise("product:1")
    show(shop, advice, at=noon(TAKEN) + timedelta(days=3000))
    assert show(shop, advice, at=noon(TAKEN)) == 1
    assert only(shop).shown_at == noon(TAKEN)
    assert show(shop, advice, at=noon(TAKEN)) == 0


def test_an_answer_is_kept_changed_and_taken_back(shop: Shop) -> None:
    show(shop, advise("product:1"), at=noon(TAKEN))
    shop.write_answer("a", done=True)
    assert only(shop).is_taken is True
    shop.write_answer("a", done=False)
    assert only(shop).is_taken is False
    assert shop.undo_answer("a")
    assert (only(shop).is_taken, only(shop).answered_at) == (None, None)
    assert not shop.undo_answer("a")


def test_taken_advice_is_judged_after_two_weeks(shop: Shop) -> None:
    show(shop, advise("product:1"), at=noon(TAKEN))
    advices.write_answer(shop._database, "a", done=True, at=noon(TAKEN))
    early = datetime.combine(TAKEN + timedelta(days=6), datetime.min.time())
    assert judge(shop, early) == 0
    waiting = only(shop, early).outcome
    assert waiting is not None
    assert (waiting.outcome, waiting.days) == (Outcome.TOO_EARLY, 5)
    assert judge(shop) == 1
    outcome = only(shop).outcome
    assert outcome is not None
    assert outcome.outcome is Outcome.BETTER
    assert outcome.change is not None and outcome.actual is not None
    assert outcome.change.mean == pytest.approx(outcome.actual / 3, rel=0.1)
    assert outcome.promised_cents == 500_00
    assert judge(shop) == 0  # once
    shop.undo_answer("a")
    assert only(shop).outcome is None


def test_profit_is_judged_where_it_was_promised(shop: Shop) -> None:
    """Malta costs 30 of 50: profit is two fifths of revenue, before and after."""
    show(shop, advise("product:1", "a"), advise("product:1", "b", "profit"), at=noon(TAKEN))
    assert judge(shop) == 2
    found = {entry.advice.key: entry.outcome for entry in shop.read_ledger(NOW)}
    assert found["a"] and found["b"] and found["a"].actual and found["b"].actual
    assert found["b"].actual == pytest.approx(0.4 * found["a"].actual)


def test_other_measures(shop: Shop) -> None:
    pan = int(shop.find_product("Pan"))
    category = str(next(each.category for each in shop.read_catalog() if each.product_id == pan))
    measures = ("shop", f"category:{category}", f"product:{pan}", "segment:convenience", "customer:3", "")
    show(shop, *(advise(measure, measure or "none") for measure in measures), at=noon(TAKEN))
    judge(shop)
    found = {entry.advice.key: entry.outcome for entry in shop.read_ledger(NOW)}
    codes = {key: outcome.reasons[0].code for key, outcome in found.items() if outcome}
    assert codes["customer:3"] == codes["none"] == "outcome_not_measurable"
    assert found[f"product:{pan}"] and found[f"product:{pan}"].outcome is Outcome.AS_BEFORE  # type: ignore[union-attr]
    assert set(found) == {measure or "none" for measure in measures} and all(found.values())


def test_an_answer_from_the_future_waits_for_its_time(shop: Shop) -> None:
    show(shop, advise("product:1"), at=noon(TAKEN))
    advices.write_answer(shop._database, "a", done=True, at=noon(LAST) + timedelta(days=3000))
    assert judge(shop) == 0
    outcome = only(shop).outcome
    assert outcome is not None and outcome.outcome is Outcome.TOO_EARLY


def test_an_empty_ledger_of_an_empty_shop(tmp_path: Path) -> None:
    with Shop(tmp_path / "empty.db") as empty:
        assert empty.read_ledger(NOW) == ()
        assert judge(empty) == 0
        show(empty, advise("shop"), at=NOW)
        assert len(empty.read_ledger(NOW)) == 1
    assert sum_ledger(()) == ()


def judged(
    measure: str, days: int, change: float, goal: str = "revenue", is_taken: bool | None = True
) -> LedgerEntry:
    estimate = Estimate(change, change - 30, change + 40)
    outcome = AdviceOutcome(Outcome.BETTER, Estimate(0, 0, 0), change, estimate, None, 14, LAST)
    at = noon(TAKEN) + timedelta(days=days)
    return LedgerEntry(advise(measure, f"{measure}@{days}", goal), at, at, is_taken, outcome)


def test_sums_count_a_peso_once() -> None:
    entries = [
        judged("product:1", 0, 100), judged("product:2", 3, 100), judged("product:1", 5, 999),  # the same malta
        judged("shop", 7, 5000), judged("shop", 40, 200), judged("category:snacks", 60, 300),
        judged("product:4", 0, 70, "profit"), judged("product:5", 0, 40, is_taken=None),
    ]  # fmt: skip
    revenue, profit = sum_ledger(entries)
    assert (revenue.goal, revenue.advices, revenue.change.mean) == ("revenue", 4, 700)
    assert (revenue.change.lo, revenue.change.hi) == (700 - 60, 700 + 80)
    assert (profit.goal, profit.change.mean) == ("profit", 70)
    (ignored,) = sum_ledger(entries, is_taken=False)
    assert (ignored.advices, ignored.change.mean) == (1, 40)
    assert count_outcomes(entries)[Outcome.BETTER] == 7
