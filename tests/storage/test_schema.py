"""The tables grow by whole versions; files of every shipped version still open."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest

from colmado_insights.domain import CATEGORIES, Arm, CallOutcome, Category, Consent, Topic
from colmado_insights.storage import health, schema
from colmado_insights.storage.advices import read_answers
from colmado_insights.storage.answers import read_last_answer
from colmado_insights.storage.backup import list_backups
from colmado_insights.storage.consents import read_allowed
from colmado_insights.storage.corrections import read_merges, read_not_twins, undo_category, undo_merge
from colmado_insights.storage.customers import erase_customer, read_customers
from colmado_insights.storage.database import APPLICATION_ID, Database
from colmado_insights.storage.experiments import read_experiments
from colmado_insights.storage.importing.history import read_batches, undo_batch
from colmado_insights.storage.products import read_catalog
from colmado_insights.storage.sales import SALE_COLUMNS
from colmado_insights.storage.schema import MIGRATIONS, open_database
from colmado_insights.storage.spending import read_calls, read_models
from tests.storage.till import NOW, dump

DATABASES = Path(__file__).parent.parent / "databases"


def test_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "shop.db"
    with open_database(path) as shop:
        assert shop.read_one("PRAGMA user_version") == len(MIGRATIONS)
        assert shop.read_one("PRAGMA application_id") == APPLICATION_ID
        assert [name for (name,) in shop.read("SELECT name FROM category ORDER BY id")] == list(CATEGORIES)
        assert health.find_problems(shop) == ()
    assert [p.name for p in path.parent.iterdir()] == ["shop.db"]


def test_what_is_set_aside_keeps_every_column_of_a_receipt(tmp_path: Path) -> None:
    with open_database(tmp_path / "shop.db") as shop:
        for table, aside in (("sale", "superseded_sale"), ("sale_line", "superseded_line")):
            columns = [(row[1], row[2], row[3]) for row in shop.read(f"PRAGMA table_info({table})")]
            kept = [(row[1], row[2], row[3]) for row in shop.read(f"PRAGMA table_info({aside})")]
            assert [name for name, *_rest in kept] == ["by_batch", *(name for name, *_rest in columns)]
            assert [kind for _name, kind, _need in kept[1:]] == [kind for _name, kind, _need in columns]
        assert [row[1] for row in shop.read("PRAGMA table_info(sale)")] == list(SALE_COLUMNS)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shop.db"
    open_database(path).close()

    def broken(connection: object) -> None:
        connection.execute("CREATE TABLE half (id)")  # type: ignore[attr-defined]
        raise RuntimeError("broken")

    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(RuntimeError):
        open_database(path)
    with Database(path) as shop:
        assert shop.read_one("PRAGMA user_version") == len(MIGRATIONS)
        assert shop.read_one("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0


def test_two_programs_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    troubles: list[Exception] = []

    def open_it() -> None:
        try:
            open_database(tmp_path / "shop.db").close()
        except Exception as trouble:  # noqa: BLE001
            troubles.append(trouble)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_file_of_every_shipped_version_opens_and_works(tmp_path: Path, version: int) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes((DATABASES / f"version-{version}.db").read_bytes())
    with open_database(path) as shop:
        assert shop.read_one("PRAGMA user_version") == len(MIGRATIONS)
        assert len(list_backups(path)) == (version < len(MIGRATIONS))
        assert health.find_problems(shop) == ()
        assert [(batch.file, batch.receipts_new) for batch in reversed(read_batches(shop))] == [
            ("receipts-by-item-2026-10-01-2026-10-31.csv", 5),
            ("receipts-2026-10-01-2026-10-31.csv", 0),
            ("editado.csv", 1),
        ]
        assert [(row[0], row[4]) for row in dump(shop)["sales"]] == [
            ("2-1678", 99_99), ("2-1679", 500_00), ("2-1680", -250_00),
            ("2-1681", 40_00), ("2-1683", 20_00), ("2-1684", 15_00),
        ]  # fmt: skip
        undo_batch(shop, 3, now=NOW)
        assert [(row[0], row[4], row[7]) for row in dump(shop)["sales"]][:2] == [
            ("2-1678", 199_88, 1),
            ("2-1679", 500_00, 4),
        ]
        assert health.find_problems(shop) == ()


def test_what_the_owner_made_of_products_is_in_version_2(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes((DATABASES / "version-2.db").read_bytes())
    with open_database(path) as shop:
        assert [(merge.kept_name, merge.other_name) for merge in read_merges(shop)] == [
            ("PAN SOBAO (Grande)", "PAN SOBAO GRANDE")
        ]
        products = {product.name: product for product in read_catalog(shop)}
        assert (products["ARROZ SELECTO LB"].category, products["ACE 1 LB"].cost_cents) == (
            Category.STAPLES, 35_00,
        )  # fmt: skip
        assert read_not_twins(shop) == {(1, 2)}
        undo_category(shop, 1, NOW)
        undo_merge(shop, 1, NOW)
        products = {product.name: product for product in read_catalog(shop)}
        assert products["ARROZ SELECTO LB"].category is Category.OTHER
        assert "PAN SOBAO GRANDE" in products


def test_jobs_snoozes_and_notices_are_in_version_3(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes((DATABASES / "version-3.db").read_bytes())
    with open_database(path) as shop:
        assert shop.read("SELECT name, done_at, failures, next_at, trouble FROM job ORDER BY name") == [
            ("forecasts", None, 2, 1792000700, "DatabaseLocked"),
            ("segments", 1792000000, 0, None, ""),
        ]
        assert shop.read("SELECT type, subject, until FROM snooze") == [("traffic", "slow", 1792003600)]
        assert shop.read("SELECT type, subject, at FROM notice") == [("traffic", "busy", 1792000000)]


def test_from_version_4_on_a_till_s_word_for_nobody_is_nobody(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.write_bytes((DATABASES / "version-3.db").read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        sales = old.execute("SELECT count(*), sum(total_cents) FROM sale").fetchone()
        key = old.execute("INSERT INTO customer (name) VALUES ('PÚBLICO General')").lastrowid
        old.execute("UPDATE sale SET customer_id = ? WHERE customer_id IS NULL", (key,))
    with open_database(path) as database:
        assert [person.name for person in read_customers(database)] == ["Doña Ana"]
        assert database.read("SELECT count(*), sum(total_cents) FROM sale")[0] == sales


def test_customers_stock_and_advice_are_in_version_4(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes((DATABASES / "version-4.db").read_bytes())
    with open_database(path) as shop:
        known = {one.shown_name: one for one in read_customers(shop)}
        assert {name: one.consent for name, one in known.items()} == {
            "La Doña": Consent.YES, "Sin Compras": Consent.NO,
        }  # fmt: skip
        assert (known["La Doña"].phone, known["La Doña"].note) == ("809-555-0101", "Paga los viernes")
        assert shop.read("SELECT product_id, stock_milli FROM product_stock") == [(1, 12_000)]
        assert shop.read("SELECT supplier FROM product WHERE id = 1") == [("Molinos",)]
        assert shop.read("SELECT segment, clv_cents FROM customer_month") == [("loyal", 150_000)]
        assert read_answers(shop)["price:1"].is_done
        assert shop.read_one("SELECT count(*) FROM erased_customer") == 1


def test_what_grok_was_asked_and_cost_is_in_version_5(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes((DATABASES / "version-5.db").read_bytes())
    with open_database(path) as shop:
        assert read_allowed(shop) == {Topic.SEGMENT, Topic.CUSTOMER}
        assert shop.read_one("SELECT count(*) FROM grok_consent") == 4
        assert [
            (call.outcome, call.cost_nano, call.is_estimate, call.vote) for call in read_calls(shop, 9)
        ] == [
            (CallOutcome.SENT, 25_200_000, True, 0),
            (CallOutcome.ANSWERED, 6_162_000, False, 0),
            (CallOutcome.REJECTED, 6_162_000, False, 0),
            (CallOutcome.ANSWERED, 6_162_000, False, 1),
            (CallOutcome.BUSY, 0, False, 0),
        ]
        kept = read_last_answer(shop, Topic.SEGMENT, "after_work", "es")
        assert kept is not None and "Pon el pan a la vista." in kept.body
        assert [(model.name, model.is_offered) for model in read_models(shop)] == [
            ("grok-2-1212", False),
            ("grok-3", True),
        ]
        running, ended = read_experiments(shop)
        assert (running.ended_at, ended.adopted) == (None, Arm("warm", "grok-3"))
        (known,) = (one for one in read_customers(shop) if one.receipts)
        erase_customer(shop, known.customer_id, NOW)
        assert [call.subject for call in read_calls(shop, 9) if call.topic is Topic.CUSTOMER] == [""]
        assert shop.read("SELECT DISTINCT topic FROM grok_answer") == [("segment",)]
