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
