"""What every test shares: no screen, a home of its own, Spanish, and golden files."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from colmado_insights import text, vault

if TYPE_CHECKING:
    from colmado_insights.shop import Shop

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # the tests already run side by side
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # never the real vault
os.environ.pop("XAI_API_KEY", None)

# The same examples on every machine; `--hypothesis-profile=default` looks for new ones.
# How quick the machine is, is not what they try.
hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")

GOLDEN = Path(__file__).parent / "golden"
NUMBER = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, databases and logs of a test stay in its own temporary folder."""
    home = tmp_path / "home"
    monkeypatch.setenv("COLMADO_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def spanish() -> Iterator[None]:
    """Every test starts in Spanish and leaves Spanish behind."""
    text.use_language("es")
    yield
    text.use_language("es")


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test starts without a key of Grok; one that it writes lasts no longer than the test."""
    monkeypatch.delenv("XAI_API_KEY", raising=False)
    monkeypatch.setattr(vault, "_memory", vault._Memory())


def is_near(have: str, want: str) -> bool:
    """Whether two texts have the same words, and numbers that say the same."""
    pairs = zip(NUMBER.findall(have), NUMBER.findall(want), strict=False)
    return NUMBER.split(have) == NUMBER.split(want) and all(_are_near(*pair) for pair in pairs)


def _are_near(have: str, want: str) -> bool:
    wanted = float(want.replace(",", ""))
    is_counted = wanted > 31  # neither a day nor an hour
    return have == want or (is_counted and abs(float(have.replace(",", "")) - wanted) <= max(1, wanted / 100))


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare text with tests/golden/<name>; `poe golden` writes the files anew.

    They are written on Linux, and there to the letter. Elsewhere counts and money may differ by one, or one percent:
    the last bit of a sum is another, and a receipt that lies between two groups may go to the other one.
    """

    def compare(name: str, have: str) -> None:
        path = GOLDEN / name
        if os.environ.get("COLMADO_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(have, encoding="utf-8", newline="\n")
        assert path.exists(), f"no golden file {name}: run `poe golden` and look at it"
        want = path.read_text(encoding="utf-8")
        assert have == want or (sys.platform != "linux" and is_near(have, want))

    return compare


@pytest.fixture(scope="session")
def small_shop_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the shop that `small_shop` copies, made once; its till's files lie in `till` beside it."""
    from tests.small_shop import make_small_shop

    return make_small_shop(tmp_path_factory.mktemp("small-shop"))


@pytest.fixture(scope="session")
def found_shop_made(small_shop_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same shop with its segments found and how they have done, as after a night: that takes seconds."""
    from colmado_insights.shop import Shop
    from tests.small_shop import LAST_DAY, copy_small_shop

    path = copy_small_shop(small_shop_made, tmp_path_factory.mktemp("found-shop"))
    with Shop(path) as shop:
        shop.compute_performance(LAST_DAY)
    return path


@pytest.fixture
def small_shop(small_shop_made: Path, tmp_path: Path) -> Iterator[Shop]:
    """A shop of 45 days up to 2026-11-19, the test's own copy."""
    from colmado_insights.shop import Shop
    from tests.small_shop import copy_small_shop

    with Shop(copy_small_shop(small_shop_made, tmp_path / "shop")) as shop:
        yield shop


@pytest.fixture
def found_shop(found_shop_made: Path, tmp_path: Path) -> Iterator[Shop]:
    """The test's own copy of the shop whose segments are found."""
    from colmado_insights.shop import Shop
    from tests.small_shop import copy_small_shop

    with Shop(copy_small_shop(found_shop_made, tmp_path / "shop")) as shop:
        yield shop
