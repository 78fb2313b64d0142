"""Customers on the command line: keys that others rely on, lists to act on, and what a person may ask."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from colmado_insights.analytics.results import LEAVING, CustomerSegment, Replenishment
from colmado_insights.cli import main
from colmado_insights.insights.customers import CustomerBook
from colmado_insights.logs import stop_log
from colmado_insights.shop import Shop
from tests.few_customers import till_rows
from tests.small_shop import LAST_DAY
from tests.storage.till import write_rows

Run = Callable[..., Result]

KEYS = {
    "customer_id", "name", "segment", "recency_days", "frequency", "monetary", "clv", "clv_lo", "clv_hi",
    "churn_probability", "risk_level", "next_purchase_date", "next_action",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the shop, its book ready."""
    folder = tmp_path_factory.mktemp("few")
    with Shop(folder / "shop.db") as shop:
        shop.import_files([write_rows(folder / "ventas.csv", till_rows(20, 300, LAST_DAY))])
        shop.compute_customers()
    return folder / "shop.db"


@pytest.fixture
def file(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "shop.db"))


@pytest.fixture
def run(file: Path) -> Iterator[Run]:
    """Call `colmado` on the shop."""
    yield lambda *words: CliRunner().invoke(main, [*map(str, words), "--db", str(file)])
    stop_log()


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_every_customer_is_told_with_these_keys(run: Run) -> None:
    told = answer(run("customers", "--json"))
    assert set(told) >= {"customers", "models", "until"}
    assert told["until"] == LAST_DAY.isoformat()
    assert len(told["customers"]) == 20
    assert all(set(one) >= KEYS for one in told["customers"])
    assert set(told["models"]) == {"methods", "trials", "reasons"}
    spent = [one["monetary"] for one in told["customers"]]
    assert spent == sorted(spent, reverse=True)
    words = run("customers", "--limit", 3)
    assert words.exit_code == 0
    assert told["customers"][0]["name"] in words.stdout
    assert told["customers"][3]["name"] + " " not in words.stdout


def test_a_segment_and_a_risk_narrow_the_list(run: Run) -> None:
    everybody = answer(run("customers", "--json"))["customers"]
    for segment in CustomerSegment:
        of_it = answer(run("customers", "--segment", segment, "--json"))["customers"]
        assert len(of_it) == sum(one["segment"] == segment for one in everybody)
    for words, least in ((("--at-risk",), 0.6), (("--at-risk", 0.05), 0.05)):
        risky = answer(run("customers", *words, "--json"))["customers"]
        assert {one["customer_id"] for one in risky} == {
            one["customer_id"] for one in everybody if one["churn_probability"] >= least
        }
    assert run("customers", "--at-risk", 7).exit_code == 2


def test_who_leaves_gets_a_word_without_blame(run: Run) -> None:
    told = answer(run("customers", "--win-back", "--json"))
    assert told["win_back"]
    for row in told["win_back"]:
        assert row["name"] in row["message"]
        assert row["message"].startswith("Hola, ")
    assert {one["customer_id"] for one in told["customers"]} == {
        one["customer_id"] for one in told["win_back"]
    }
    assert all(
        one["churn_probability"] >= 0.6 or CustomerSegment(one["segment"]) in LEAVING
        for one in told["customers"]
    )
    assert told["win_back"][0]["message"] in run("customers", "--win-back").stdout


def test_what_is_due_is_said_as_one_says_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Shop.compute_customers

    def with_milk(self: Shop, *how: Any) -> CustomerBook:
        book = real(self, *how)
        assert isinstance(book, CustomerBook)
        one, *rest = book.outlooks
        tomorrow, two = LAST_DAY + timedelta(days=1), timedelta(days=2)
        milk = next(key for key, name in book.product_names.items() if name == "Leche")
        due = Replenishment(
            one.customer_id, milk, tomorrow, tomorrow - two, tomorrow + two, 2000, 9, 0.7, True
        )
        others = [replace(outlook, due=()) for outlook in rest]
        return replace(book, outlooks=(replace(one, due=(due, replace(due, is_due=False))), *others))

    monkeypatch.setattr(Shop, "compute_customers", with_milk)
    (row,) = answer(run("customers", "--due", "--json", "--as-of", LAST_DAY))["due"]
    assert row["words"] == f"A {row['name']} le toca Leche mañana, ±2 días."
    assert (row["product"], row["quantity"], row["day"]) == ("Leche", 2.0, "2026-11-20")


def test_a_customer_is_added_corrected_and_shown(run: Run) -> None:
    key = answer(run(
        "customers", "--add", "Doña Tata", "--phone", "8295550101", "--nickname", "Tata", "--consent", "yes", "--json"
    ))["customer_id"]  # fmt: skip
    told = answer(run("customer", key, "--json"))
    assert (told["phone"], told["consent"], told["profile"]) == ("829-555-0101", "yes", None)
    assert run("customer", "tata", "--set", "note=vive arriba", "--set", "consent=no").exit_code == 0
    told = answer(run("customer", "Doña Tata", "--json"))
    assert (told["note"], told["consent"], told["phone"]) == ("vive arriba", "no", "829-555-0101")
    assert "No quiere" in run("customer", key).stdout
    for wrong in ("note", "age=30", "consent=maybe"):
        assert run("customer", key, "--set", wrong).exit_code == 2
    again = run("customers", "--add", "doña TATA")
    assert again.exit_code == 1
    assert "Ya hay un cliente" in again.stderr


def test_one_customer_is_told_whole(run: Run) -> None:
    told = answer(run("customer", "Vecino 1", "--json"))
    assert told["name"] == "Vecino 1"
    assert told["profile"]["receipts"] == told["receipts"] > 5
    assert told["profile"]["habits"][0]["product"] == "Pan"  # what they always take
    assert told["outlook"]["customer_id"] == told["customer_id"]
    assert "Pan" in run("customer", "Vecino 1").stdout
    nobody = run("customer", "Nadie")
    assert nobody.exit_code == 1
    assert "No hay ningún cliente así" in nobody.stderr


def test_a_person_is_given_their_data_and_forgotten(run: Run, file: Path, tmp_path: Path) -> None:
    target = tmp_path / "suyo.json"
    assert answer(run("customer", "Vecino 1", "--export", target, "--json"))["file"] == str(target)
    assert json.loads(target.read_text(encoding="utf-8"))["customer"]["name"] == "Vecino 1"
    assert run("customer", "Vecino 1", "--export", tmp_path / "suyo.odt").exit_code == 1
    assert run("customer", "Vecino 1", "--erase").exit_code == 1  # nobody said yes
    before = answer(run("summary", "--json"))
    assert answer(run("customer", "Vecino 1", "--erase", "--yes", "--json"))["erased"] is True
    assert run("customer", "Vecino 1", "--json").exit_code in (0, 1)
    after = answer(run("summary", "--json"))
    assert after["revenue"] == before["revenue"]
    assert after["customers"] == before["customers"] - 1
    with Shop(file) as shop:
        assert "Vecino 1" not in {customer.name for customer in shop.read_customers()}


def test_a_list_of_customers_is_taken(run: Run, tmp_path: Path) -> None:
    rows = [("vecino 1", "8095550101"), ("Eva", "8095550102")]
    path = write_rows(tmp_path / "clientes.csv", rows, ("Nombre", "Teléfono"))
    assert answer(run("customers", "--import", path, "--json")) == {
        "file": "clientes.csv", "matched": 1, "new": 1,
    }  # fmt: skip


def test_a_shop_that_knows_nobody_says_what_it_needs(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["customers", "--json", "--db", str(tmp_path / "empty.db")])
    assert answer(result)["customers"] == []
    assert "not_enough" in answer(result)
    stop_log()


def test_old_sales_are_called_so_and_nothing_was_due_long_ago(file: Path, run: Run) -> None:
    later = (LAST_DAY + timedelta(days=60)).isoformat()
    told = answer(run("customers", "--due", "--as-of", later, "--json"))
    assert told["due"] == []
    assert "Las ventas llegan hasta el" in run("customers", "--due", "--as-of", later).stdout
    assert "Las ventas llegan" not in run("customers", "--as-of", LAST_DAY.isoformat()).stdout
