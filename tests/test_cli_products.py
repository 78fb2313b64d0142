"""`colmado products` and `colmado actions`: keys that others rely on, filters, answers and their taking back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from colmado_insights.cli import main
from colmado_insights.insights import note_shown
from colmado_insights.logs import stop_log
from colmado_insights.shop import Shop
from colmado_insights.storage.stock import write_stock
from tests.storage.till import write_rows

Run = Callable[..., Result]
LAST = date(2026, 11, 19)
NEXT_MORNING = datetime(2026, 11, 20, 9)
UNTIL = ("--as-of", LAST.isoformat())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of two products that sell every day, one of them nearly sold out, and one that stopped."""
    folder = tmp_path_factory.mktemp("shop")
    rows: list[tuple[object, ...]] = []
    for ago in range(200):
        moment = f"{LAST - timedelta(days=ago):%d/%m/%Y} 10:00"
        rows.append((f"{ago}a", moment, "Malta", 4, 200, 30))
        rows.append((f"{ago}b", moment, "Pan", 5, 50, ""))
        if ago > 80:
            rows.append((f"{ago}c", moment, "Sombrilla", 1, 390, 250))
    with Shop(folder / "shop.db") as shop:
        header = ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Costo")
        shop.import_files([write_rows(folder / "sales.csv", rows, header)])
        shop.write_supplier(shop.find_product("Malta"), "Nacional")
        for name, units in (("Malta", 8), ("Sombrilla", 10)):
            write_stock(shop._database, shop.find_product(name), units * 1000, LAST - timedelta(days=1))
        shop.compute_care(LAST)
        note_shown(shop._database, shop.compute_actions(NEXT_MORNING, is_replay=True), NEXT_MORNING)
    return folder / "shop.db"


@pytest.fixture
def run(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Call `colmado` on a copy of that shop."""
    monkeypatch.setenv("COLMADO_HOME", str(tmp_path / "home"))
    db = tmp_path / "shop.db"
    db.write_bytes(made.read_bytes())
    yield lambda *words: CliRunner().invoke(main, [*map(str, words), "--db", str(db)])
    stop_log()


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def names(found: Any) -> list[str]:
    return [product["name"] for product in found["products"]]


def test_products_with_their_filters(run: Run) -> None:
    found = answer(run("products", *UNTIL, "--json"))
    assert names(found) == ["Malta", "Pan", "Sombrilla"]
    malta, bread, umbrella = found["products"]
    assert (malta["abc"], malta["margin_share"], malta["costed_share"], bread["margin"]) == (
        "A",
        0.4,
        1.0,
        None,
    )
    assert (umbrella["is_dead"], umbrella["quiet_days"], umbrella["asleep"]) == (True, 81, 2500.0)
    assert names(answer(run("products", "--dead", *UNTIL, "--json"))) == ["Sombrilla"]
    assert names(answer(run("products", "--abc", "A", *UNTIL, "--json"))) == ["Malta", "Pan"]
    parts = answer(run("products", "--margins", "supplier", *UNTIL, "--json"))["margins"]
    assert [(part["key"], part["margin_share"]) for part in parts] == [("Nacional", 0.4)]
    assert "Nacional" in run("products", "--margins", "supplier", *UNTIL).output
    assert "81 días sin venderse" in run("products", "--dead", *UNTIL).output


def test_low_stock_is_what_ends_within_a_week(run: Run) -> None:
    (malta,) = answer(run("products", "--low-stock", *UNTIL, "--json"))["products"]
    assert (malta["name"], malta["stock"], malta["days_left"]["mean"]) == ("Malta", 4.0, 1.0)


def test_actions_are_answered_and_taken_back(run: Run) -> None:
    found = answer(run("actions", "--as-of", "2026-11-20", "--json"))["actions"]
    assert set(found[0]) == {"key", "kind", "what", "why", "gain", "gain_is", "measure", "page"}
    key = "restock:1"
    assert key in {each["key"] for each in found}
    assert answer(run("actions", "--done", key, "--json")) == {"key": key, "done": True}
    entries = {each["key"]: each for each in answer(run("actions", "--ledger", "--json"))["entries"]}
    assert entries[key]["is_taken"] is True
    assert answer(run("actions", "--undo", key, "--json")) == {"key": key, "undone": True}
    assert answer(run("actions", "--not-now", key, "--json")) == {"key": key, "done": False}
    assert "ahora no" in run("actions", "--ledger").output


def test_a_foreign_key_and_two_wishes_at_once_are_refused(run: Run) -> None:
    unknown = run("actions", "--done", "nada")
    assert unknown.exit_code == 1
    assert "nada" in unknown.stderr
    assert run("actions", "--done", "a", "--undo", "a").exit_code == 2


def test_an_empty_shop_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLMADO_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(main, ["products", "--json", "--db", str(tmp_path / "empty.db")])
    assert answer(result) == {"not_enough": {"needed": 7, "have": 0, "unit": "days"}}
    ledger = CliRunner().invoke(main, ["actions", "--ledger", "--json", "--db", str(tmp_path / "empty.db")])
    assert answer(ledger) == {"entries": [], "brought": [], "without": []}
    stop_log()
