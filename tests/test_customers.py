"""Known customers through the door of the shop: the batch, its freshness, one page, and what a person may ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights import insights
from colmado_insights.analytics.results import CustomerMigration, CustomerProfile, NotEnough
from colmado_insights.domain import Consent, Customer
from colmado_insights.errors import ShopError
from colmado_insights.insights import customers as of_customers
from colmado_insights.insights.customers import CustomerBook
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.shop import Shop
from colmado_insights.storage import customer_results
from tests.few_customers import till_rows
from tests.small_shop import LAST_DAY
from tests.storage.till import write_rows

NOW = datetime(2026, 11, 20, 8, 0)


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Shop]:
    """20 customers and 300 receipts."""
    with Shop(tmp_path / "shop.db") as shop:
        shop.import_files([write_rows(tmp_path / "ventas.csv", till_rows(20, 300, LAST_DAY))])
        yield shop


def book_of(shop: Shop, **how: date) -> CustomerBook:
    book = shop.compute_customers(**how)
    assert isinstance(book, CustomerBook)
    return book


class Clock:
    """Stands in for `datetime` where the batch asks what time it is."""

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def __getattr__(self, name: str) -> object:
        return getattr(datetime, name)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(NOW)
    monkeypatch.setattr(of_customers, "datetime", clock)
    return clock


def sell(shop: Shop, folder: Path, *who: str, day: date = LAST_DAY) -> None:
    """New receipts of these customers, as the till's next file."""
    rows = [
        (9000 + n, f"{day:%d/%m/%Y} 20:{n:02d}", "Pan", 1, 10, "Efectivo", "Ana", name)
        for n, name in enumerate(who)
    ]
    shop.import_files([write_rows(folder / f"nuevas-{day}-{len(who)}.csv", rows)])


def uses(shop: Shop) -> dict[str, tuple[int, int]]:
    return {use.kind: (use.hits, use.misses) for use in shop.read_cache_use()}


# ── the batch ──


def test_a_small_shop_gets_sensible_answers(known: Shop) -> None:
    book = book_of(known)
    assert book.until == LAST_DAY
    assert len(book.outlooks) == len(book.rfm.customers) == len(book.customers) == 20
    assert {outlook.customer_id for outlook in book.outlooks} == {one.customer_id for one in book.customers}
    assert sum(summary.customers for summary in book.rfm.segments) == 20
    assert set(dict(book.models.methods)) <= {"clv", "churn", "next_purchase", "replenish", "chance"}
    spent = {one.customer_id: one for one in book.customers}
    for outlook in book.outlooks:
        assert outlook.receipts == spent[outlook.customer_id].receipts
        assert (outlook.first_day, outlook.last_day) == (
            spent[outlook.customer_id].first_day, spent[outlook.customer_id].last_day,
        )  # fmt: skip
        if outlook.lifetime:
            assert 0 <= outlook.lifetime.lo_cents <= outlook.lifetime.hi_cents
            assert outlook.lifetime.clv_cents < 100 * 365 * 1000
        if outlook.churn:
            assert 0 <= outlook.churn.probability <= 1
        if outlook.next:
            assert outlook.next.lo <= outlook.next.day <= outlook.next.hi
        assert all(item.product_id in book.product_names for item in outlook.due)


def test_the_book_is_the_same_when_it_is_served_as_kept(known: Shop) -> None:
    made, kept = book_of(known), book_of(known)
    assert kept == made
    assert uses(known)["customers"] == (1, 1)


def test_a_shop_that_knows_nobody_says_so(small_shop: Shop, tmp_path: Path) -> None:
    with Shop(tmp_path / "empty.db") as empty:
        assert isinstance(empty.compute_customers(), NotEnough)
        assert empty.read_customers() == ()
        empty.write_customer(Customer(0, "Luis"))
        (luis,) = empty.read_customers()
        assert isinstance(empty.read_customer(luis.customer_id).profile, NotEnough)
    assert isinstance(book_of(small_shop).migration, CustomerMigration | NotEnough)


def test_who_said_no_has_no_outlook_and_no_profile(known: Shop) -> None:
    luis = known.read_customers()[0]
    known.write_customer(replace(luis, consent=Consent.NO))
    book = book_of(known)
    assert luis.customer_id not in {outlook.customer_id for outlook in book.outlooks}
    assert luis.customer_id in {one.customer_id for one in book.customers}
    view = known.read_customer(luis.customer_id)
    assert isinstance(view.profile, NotEnough)
    assert view.profile.unit == "consent"
    assert view.customer.spent_cents == luis.spent_cents > 0


def test_a_past_day_is_answered_and_not_kept(known: Shop) -> None:
    past = LAST_DAY - timedelta(days=30)
    book = book_of(known, as_of=past)
    assert book.until <= past
    assert not customer_results.read_outlooks(known._database)
    view = known.read_customer(book.outlooks[0].customer_id, past)
    assert isinstance(view.profile, CustomerProfile)
    assert view.profile.last_day <= past


def test_a_cancelled_batch_keeps_nothing(known: Shop) -> None:
    progress = Progress(lambda *_step: progress.cancel())
    with pytest.raises(Cancelled):
        known.compute_customers(progress=progress)
    assert not customer_results.read_outlooks(known._database)
    assert len(book_of(known).outlooks) == 20


# ── freshness ──


def test_new_sales_matter_after_four_hours(known: Shop, clock: Clock, tmp_path: Path) -> None:
    first = book_of(known).made_at
    clock.moment += timedelta(days=3)
    assert book_of(known).made_at == first  # nothing was sold
    clock.moment = NOW + timedelta(hours=3)
    sell(known, tmp_path, "Vecino 1")
    assert book_of(known).made_at == first
    clock.moment = NOW + timedelta(hours=5)
    assert book_of(known).made_at == clock.moment


def test_outlooks_of_another_batch_are_not_served(known: Shop, clock: Clock) -> None:
    """As when sales were taken back, or the power went between the two."""
    book = book_of(known)
    with known._database.transaction() as connection:
        connection.execute("UPDATE customer_outlook SET made_at = made_at + 60")
    clock.moment += timedelta(minutes=5)
    assert book_of(known).made_at == clock.moment > book.made_at


def test_what_another_version_kept_is_made_anew(known: Shop) -> None:
    key = book_of(known).customers[0].customer_id
    known.read_customer(key)
    with known._database.transaction() as connection:
        connection.execute("UPDATE customer_profile SET body = '{}'")
        connection.execute("UPDATE result SET body = '{\"until\": 3}' WHERE kind = 'customers'")
    assert not known.read_customer(key).is_kept
    assert len(book_of(known).outlooks) == 20


def test_many_new_receipts_matter_at_once(known: Shop, clock: Clock, tmp_path: Path) -> None:
    first = book_of(known).made_at
    clock.moment += timedelta(minutes=5)
    sell(known, tmp_path, *[f"Vecino {n}" for n in range(16)])
    assert book_of(known).made_at == clock.moment > first


def test_a_clock_set_back_makes_the_book_anew(known: Shop, clock: Clock) -> None:
    book_of(known)
    clock.moment -= timedelta(days=40)
    assert book_of(known).made_at == clock.moment


def test_a_page_is_kept_until_that_customer_buys(known: Shop, clock: Clock, tmp_path: Path) -> None:
    book_of(known)
    key = known.find_customer("Vecino 1")
    assert not known.read_customer(key).is_kept
    view = known.read_customer(key)
    assert view.is_kept
    assert view.is_outlook_fresh
    assert view.outlook is not None
    sell(known, tmp_path, "Vecino 2")
    clock.moment += timedelta(hours=2)
    assert known.read_customer(key).is_kept  # somebody else bought, two hours ago
    sell(known, tmp_path, "Vecino 1", "Vecino 2", day=LAST_DAY + timedelta(days=1))
    view = known.read_customer(key)
    assert not view.is_kept
    assert not view.is_outlook_fresh  # said before they came; the next batch says better
    assert isinstance(view.profile, CustomerProfile)
    assert view.profile.last_day == LAST_DAY + timedelta(days=1)
    clock.moment += timedelta(hours=23)
    assert known.read_customer(key).is_kept
    sell(known, tmp_path, "Vecino 2", "Vecino 3", "Vecino 4", day=LAST_DAY + timedelta(days=1))
    clock.moment += timedelta(hours=2)
    assert not known.read_customer(key).is_kept  # a day old, and something was sold
    assert uses(known)["profile"] == (3, 3)


def test_what_may_be_offered_comes_with_the_page(known: Shop) -> None:
    key = book_of(known).customers[0].customer_id
    assert known.read_customer(key).personal is None  # nobody knows yet what goes together
    assert known.read_customer(key).is_kept
    known.run_job("baskets", NOW, Progress())
    book_of(known)
    view = known.read_customer(key)
    assert not view.is_kept
    assert view.personal is not None
    assert {item.product_id for item in view.personal.items} <= view.product_names.keys()
    again = known.read_customer(key)
    assert again.is_kept
    assert again.personal == view.personal


def test_month_ends_are_remembered(known: Shop, clock: Clock, tmp_path: Path) -> None:
    clock.moment = datetime(2026, 11, 21, 3, 0)
    book = book_of(known)
    months = customer_results.read_months(known._database, LAST_DAY)
    assert len(months) == 20
    assert dict(zip(months["customer_id"], months["segment"], strict=True)) == {
        outlook.customer_id: outlook.rfm.segment for outlook in book.outlooks
    }
    sell(known, tmp_path, "Vecino 1", day=date(2026, 12, 1))
    clock.moment = datetime(2026, 12, 2, 9, 0)
    book_of(known)
    days = customer_results.read_months(known._database, date(2026, 12, 31))["day"]
    assert days.nunique() == 2
    assert known.read_prediction_tracks() is not None


# ── what a person may ask ──


def test_the_erased_are_in_no_answer(known: Shop) -> None:
    book = book_of(known)
    gone = book.outlooks[3].customer_id
    known.erase_customer(gone)
    kept = book_of(known)
    assert gone not in {outlook.customer_id for outlook in kept.outlooks}
    assert gone not in {score.customer_id for score in kept.rfm.customers}
    if isinstance(kept.migration, CustomerMigration):
        assert gone not in {move.customer_id for move in kept.migration.moves}
    with pytest.raises(ShopError):
        known.read_customer(gone)


@pytest.mark.parametrize("suffix", [".json", ".xlsx", ".pdf"])
def test_all_that_is_known_goes_into_a_file(known: Shop, tmp_path: Path, suffix: str) -> None:
    book_of(known)
    key = known.find_customer("Vecino 1")
    known.read_customer(key)
    target = known.export_customer(key, tmp_path / f"suyo{suffix}")
    assert target.stat().st_size > 500
    if suffix == ".json":
        told = json.loads(target.read_text(encoding="utf-8"))
        assert told["customer"]["name"] == "Vecino 1"
        assert len({line["receipt"] for line in told["purchases"]}) == told["customer"]["receipts"]
        assert {"outlook", "profile"} <= told["findings"].keys()


def test_the_batch_is_a_job_of_the_night(known: Shop) -> None:
    known.run_job("customers", NOW, Progress())
    assert len(customer_results.read_outlooks(known._database)) == 20
    assert insights.refresh_customers(known._database, known.settings, datetime(2026, 8, 1), Progress()) == 0


def test_nobody_runs_out_of_varios(tmp_path: Path) -> None:
    """What has no button of its own is rung up as VARIOS, however regularly: it is no reminder."""
    rows = [
        (*row[:2], "VARIOS" if row[2] == "Leche" else row[2], *row[3:])
        for row in till_rows(20, 300, LAST_DAY)
    ]
    with Shop(tmp_path / "shop.db") as shop:
        shop.import_files([write_rows(tmp_path / "ventas.csv", rows)])
        book = book_of(shop)
    due = {book.product_names[each.product_id] for outlook in book.outlooks for each in outlook.due}
    assert due
    assert "VARIOS" not in due
