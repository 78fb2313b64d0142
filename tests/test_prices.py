"""The shop's prices are asked for in one way, kept, and follow what the owner says of costs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights import insights
from colmado_insights.analytics.results import NotEnough, PriceAdvice, PriceBoard
from colmado_insights.config import Settings
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.shop import Shop

LAST = date(2026, 11, 15)  # a Sunday
DAYS = 150
PRICES = ((0, 50), (50, 55), (100, 60))
HEADER = "Recibo,Fecha,Producto,Cantidad,Total,Costo"


def sales_of(names: dict[str, int]) -> str:
    """Sales of some products a day, so many a day at first, fewer as their prices rise."""
    rows = [HEADER]
    for day in range(DAYS):
        price = next(pesos for start, pesos in reversed(PRICES) if day >= start)
        when = LAST - timedelta(days=DAYS - 1 - day)
        for name, units in names.items():
            # Sold one by one, in turn more and fewer: a day is a day, and the mean is what is meant.
            count = round(units * (50 / price) + (0.6 if (day + len(name)) % 2 else -0.4))
            rows += [
                f"{day}-{name}-{i},{when:%d/%m/%Y} {9 + i % 10:02d}:{i % 60:02d},{name},1,{price}.00,40.00"
                for i in range(count)
            ]
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prices")
    (folder / "ventas.csv").write_text(sales_of({"Malta": 6, "Jugo": 4}), encoding="utf-8")
    with Shop(folder / "shop.db", Settings()) as shop:
        (report,) = shop.import_files([folder / "ventas.csv"])
        assert report.quarantined == 0
    return folder / "shop.db"


@pytest.fixture
def shop(made: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    path = tmp_path / "shop.db"
    path.write_bytes(made.read_bytes())
    with Shop(path, Settings()) as opened:
        yield opened


def test_the_board_is_made_once_and_kept(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    board = shop.compute_prices()
    assert isinstance(board, PriceBoard)
    assert (board.until, board.judged) == (LAST, 2)
    monkeypatch.setattr(insights.prices, "compute_price_board", None)
    assert shop.compute_prices() == board


def test_one_product_is_taken_out_of_the_board(shop: Shop) -> None:
    product = shop.find_product("Malta")
    advice = shop.compute_price_advice(product)
    assert isinstance(advice, PriceAdvice)
    assert (advice.product_id, advice.current_cents, advice.cost_cents) == (product, 60_00, 40_00)
    assert advice.elasticity.n_prices == 3
    board = shop.compute_prices()
    assert isinstance(board, PriceBoard)
    assert advice in board.advices


def test_what_is_missing_is_said_for_one_product_too(shop: Shop) -> None:
    early = LAST - timedelta(days=60)
    found = shop.compute_price_advice(shop.find_product("Malta"), as_of=early)
    assert found == NotEnough(3, 2, "prices", early)
    assert shop.compute_price_advice(999) == NotEnough(1, 0, "sales", LAST)


def test_a_cost_that_the_owner_tells_changes_the_advice(shop: Shop) -> None:
    product = shop.find_product("Malta")
    before = shop.compute_price_advice(product)
    insights.prices.products.write_cost(shop._database, product, 52_00, LAST - timedelta(days=20))
    after = shop.compute_price_advice(product)
    assert isinstance(before, PriceAdvice)
    assert isinstance(after, PriceAdvice)
    assert (before.cost_cents, after.cost_cents) == (40_00, 52_00)
    board = shop.compute_prices()
    assert isinstance(board, PriceBoard)
    (alarm,) = board.alarms
    assert (alarm.product_id, alarm.old_cost_cents, alarm.new_cost_cents) == (product, 40_00, 52_00)


def test_the_night_makes_it_ready(shop: Shop) -> None:
    now = datetime(2026, 11, 16, 7, 0)
    assert insights.refresh_prices(shop._database, shop.settings, now, Progress()) == 2


def test_it_can_be_stopped(shop: Shop) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        shop.compute_prices(progress=progress)


def test_the_weeks_of_a_product_are_whole_ones(shop: Shop) -> None:
    product = shop.find_product("Malta")
    weeks = shop.read_price_weeks(product)
    assert weeks[-1].week == LAST - timedelta(days=6)
    assert [week.week.weekday() for week in weeks] == [0] * len(weeks)
    assert (weeks[0].price_cents, weeks[-1].price_cents) == (50_00, 60_00)
    assert weeks[-1].units == pytest.approx(6 * 7 * 50 / 60, abs=4)
    until_saturday = shop.read_price_weeks(product, LAST - timedelta(days=1))
    assert until_saturday == weeks[:-1]


def test_an_empty_shop_has_too_little(tmp_path: Path) -> None:
    with Shop(tmp_path / "shop.db", Settings()) as empty:
        assert empty.compute_prices() == NotEnough(1, 0, "sales")
        assert empty.compute_price_advice(1) == NotEnough(1, 0, "sales")
        assert empty.read_price_weeks(1) == ()
