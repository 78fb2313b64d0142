"""`colmado forecast`: by day and hour, of shop, category and product; its keys, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from colmado_insights.cli import main
from colmado_insights.logs import stop_log
from tests.small_shop import LAST_DAY, copy_small_shop

POINT = {"date", "mean", "lo80", "hi80", "lo95", "hi95"}


@pytest.fixture
def database(small_shop_made: Path, tmp_path: Path) -> Iterator[Path]:
    yield copy_small_shop(small_shop_made, tmp_path / "shop")
    stop_log()


def run(database: Path, *words: object) -> Result:
    options = ["forecast", "--db", str(database), "--as-of", LAST_DAY.isoformat()]
    return CliRunner().invoke(main, [*options, *map(str, words)])


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_days_of_the_shop(database: Path) -> None:
    found = answer(run(database, "--target", "revenue", "--horizon", 3, "--json"))
    assert {"model", "until", "points", "backtest", "drivers"} <= set(found)
    assert [set(point) for point in found["points"]] == [POINT] * 3
    assert {"wape", "naive_wape", "coverage80"} <= set(found["backtest"])


def test_hours_of_the_shop(database: Path) -> None:
    found = answer(run(database, "--target", "receipts", "--by", "hour", "--horizon", 2, "--json"))
    assert {"model", "until", "points", "backtest", "drivers"} <= set(found)
    assert all(set(point) == POINT | {"hour"} for point in found["points"])
    assert len({point["date"] for point in found["points"]}) == 2
    assert "a. m." in run(database, "--target", "receipts", "--by", "hour", "--horizon", 1).stdout


def test_a_product_by_id_and_by_name(database: Path) -> None:
    catalog = json.loads(CliRunner().invoke(main, ["catalog", "--db", str(database), "--json"]).stdout)
    product = max(catalog["products"], key=lambda one: one["revenue_30_days"])
    by_id, by_name = (
        answer(run(database, "--product", product[key], "--horizon", 7, "--json"))
        for key in ("product_id", "name")
    )
    assert by_id == by_name
    assert (by_id["target"], by_id["product_id"]) == ("units", product["product_id"])
    assert len(by_id["points"]) == 7


def test_a_category_by_code_and_by_name(database: Path) -> None:
    by_code = answer(run(database, "--category", "staples", "--json"))
    assert by_code == answer(run(database, "--category", "VÍVERES secos", "--json"))
    assert (by_code["target"], by_code["category"]) == ("revenue", "staples")
    units = answer(run(database, "--category", "staples", "--target", "units", "--json"))
    assert units["points"][0]["mean"] < by_code["points"][0]["mean"]


def test_how_forecasts_turned_out(database: Path) -> None:
    found = answer(run(database, "--track", "--json"))
    assert {
        "model",
        "wape",
        "naive_wape",
        "bias",
        "coverage80",
        "weeks",
        "challengers",
        "changes",
        "drift",
    } <= set(found)
    assert all({"week", "wape", "naive_wape", "bias", "is_kept"} <= set(week) for week in found["weeks"])
    assert "de prueba" in run(database, "--track").stdout


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--product", "Xyz Nada"), 1),
        (("--product", "a"), 1),
        (("--category", "juguetes"), 2),
        (("--product", "1", "--category", "staples"), 2),
        (("--target", "units"), 2),
        (("--target", "receipts", "--category", "staples"), 2),
        (("--by", "hour", "--category", "staples"), 2),
        (("--by", "hour", "--target", "units"), 2),
        (("--by", "week"), 2),
        (("--horizon", "29"), 2),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(
    database: Path, words: tuple[str, ...], status: int
) -> None:
    result = run(database, *words)
    assert result.exit_code == status
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()


@pytest.mark.parametrize("words", [("--by", "hour"), ("--category", "meat"), ("--track",)])
def test_an_empty_shop_answers(tmp_path: Path, words: tuple[str, ...]) -> None:
    empty = tmp_path / "empty.db"
    found = answer(run(empty, *words, "--json"))
    assert found["model"] is None
    assert found["not_enough"]["have"] == 0
    assert "Hace falta" in run(empty, *words).stdout
    stop_log()
