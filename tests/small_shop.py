"""A made-up shop of 45 days, imported once for all tests that open it through its door."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

from colmado_insights.shop import Shop

LAST_DAY = date(2026, 11, 19)
DAYS = 45
EVENING = datetime(2026, 11, 19, 23, 59, 59)


def make_small_shop(folder: Path) -> Path:
    """Make the shop's file and its till's files in `folder`; returns the database."""
    path = folder / "shop.db"
    with Shop(path) as shop:
        shop.make_sample(days=DAYS, seed=11, last_day=LAST_DAY, folder=folder / "till")
    return path


def copy_small_shop(made: Path, folder: Path) -> Path:
    """A copy of the closed file for one test."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(made, folder / "shop.db"))
