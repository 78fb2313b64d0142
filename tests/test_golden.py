"""What the command line says of one fixed shop, word for word; `poe golden` writes it anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from colmado_insights.cli import main
from colmado_insights.logs import stop_log
from colmado_insights.shop import Shop
from tests.conftest import is_near

SPOKEN = {
    "summary": ("summary",),
    "segments": ("segments",),
    "live-noon": ("live", "--at", "2026-03-31T12:30"),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small shop that is the same on every machine and every day."""
    path = tmp_path_factory.mktemp("golden") / "shop.db"
    with Shop(path) as shop:
        shop.make_sample(days=90, seed=7, last_day=date(2026, 3, 31))
        shop.compute_segments()  # live insights draw on the segments kept
    return path


@pytest.mark.parametrize(
    ("have", "is_good"),
    [
        ("1,278 compras", True), ("1,277 compras", True), ("1,300 compras", False), ("1,278 recibos", False),
        ("1,278 compras 3", False), ("", False),
    ],
)  # fmt: skip
def test_golden_files_forgive_a_receipt_between_two_groups(have: str, is_good: bool) -> None:
    assert is_near(have, "1,278 compras") == is_good
    assert not is_near("16 %", "15 %")


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """The log of one test is closed before the next begins."""
    yield
    stop_log()


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("name", SPOKEN)
def test_says_the_same_as_before(
    name: str, language: str, database: Path, golden: Callable[[str, str], None]
) -> None:
    done = CliRunner().invoke(main, [*SPOKEN[name], "--db", str(database), "--lang", language])
    assert done.exit_code == 0, done.output
    golden(f"{name}.{language}.txt", done.output)
