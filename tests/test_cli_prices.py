"""`colmado price` and `colmado prices`: their keys, their refusals, and a price that nobody tried."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from colmado_insights.cli import main
from colmado_insights.logs import stop_log
from tests.test_prices import sales_of

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli-prices")
    sales = folder / "ventas.csv"
    varios = "".join(f"v{i},01/11/2026 10:00,VARIOS,1,{5 + i * 5}.00,\n" for i in range(40))
    sales.write_text(sales_of({"Malta": 6, "Jugo": 4}) + varios, encoding="utf-8")
    result = CliRunner().invoke(
        main, ["import", str(sales), "--db", str(folder / "shop.db")], env={"COLMADO_HOME": str(folder)}
    )
    assert result.exit_code == 0, result.output
    stop_log()
    return folder / "shop.db"


@pytest.fixture
def run(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("COLMADO_HOME", str(tmp_path / "home"))
    yield lambda *words: CliRunner().invoke(main, [*map(str, words), "--db", str(made)])
    stop_log()


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_price_has_the_keys_that_others_rely_on(run: Run) -> None:
    found = answer(run("price", "Malta", "--json"))
    assert {
        "elasticity", "lo95", "hi95", "r_squared", "type", "n_prices", "optimal_price", "current_price",
        "units_change", "revenue_change", "profit_change", "cost", "confidence", "reasons", "points", "until",
    } <= set(found)  # fmt: skip
    assert (found["n_prices"], found["current_price"], found["cost"]) == (3, 60.0, 40.0)
    assert found["lo95"] <= found["elasticity"] <= found["hi95"]
    assert found["lowest_advised"] <= found["optimal_price"] <= found["highest_advised"]
    assert {"price", "units", "revenue", "profit"} == set(found["points"][0])


def test_what_if_says_what_a_week_at_that_price_brings(run: Run) -> None:
    found = answer(run("price", "Malta", "--what-if", 55, "--json"))
    assert found["what_if"] == next(point for point in found["points"] if point["price"] == 55)
    assert "A RD$ 55:" in run("price", "Malta", "--what-if", 55).stdout
    for nonsense in ("nan", "inf", "-5", "1e300"):
        assert run("price", "Malta", "--what-if", nonsense).exit_code == 2


def test_a_price_that_nobody_tried_is_refused(run: Run) -> None:
    result = run("price", "Malta", "--what-if", 500)
    assert result.exit_code == 2
    assert "RD$ 69" in result.output


def test_a_product_without_enough_says_why(run: Run) -> None:
    found = answer(run("price", "VARIOS", "--json"))
    assert found["not_enough"]["unit"] == "open_price"
    assert "No tiene un precio" in run("price", "VARIOS").stdout


def test_the_board_names_products_and_counts_the_refused(run: Run) -> None:
    found = answer(run("prices", "--json"))
    assert (found["judged"], found["refused"]) == (2, {"open_price": 1})
    assert {advice["name"] for advice in found["advices"]} == {"Malta", "Jugo"}
    assert found["alarms"] == []
    words = run("prices").stdout
    assert "2 de 3 productos" in words


def test_an_empty_shop_says_what_is_missing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLMADO_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(main, ["prices", "--json", "--db", str(tmp_path / "empty.db")])
    assert answer(result)["not_enough"]["unit"] == "sales"
