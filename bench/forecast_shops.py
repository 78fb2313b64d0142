"""The series on which forecasts are compared: a real till, cuts of it, and simulated kinds of shop.

Two windows each. Methods were fixed on `DEVELOPMENT`; `LAST` was scored when nothing was changed any more:

=============  ============================================  ==========================================
kind           development                                   last
=============  ============================================  ==========================================
real           origins of 2017 and 2018, every fourth week    origins of 2019, every week
real_tiny      the same, 8 receipts a day, seeds 1-2          the same, seeds 101-102, every fourth week
busy           sample shop of seeds 1-3, ~300 receipts a day  seeds 101-103
growing        seeds 1-3, 60 receipts a day, +60 % a year     seeds 101-103
tiny           seeds 1-3, ~8 receipts a day                   seeds 101-103
=============  ============================================  ==========================================

Simulated shops have two years of days and eight origins, three weeks apart, before their end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

import numpy as np
import pandas as pd

from bench.forecast_accuracy import Columns, read_days, read_lines
from colmado_insights.domain import DAILY_COLUMNS, HOURLY_COLUMNS, SECONDS_A_DAY, SaleKind, day_number
from colmado_insights.sample_shop import ShopParameters, generate, read_parameters

TINY_RECEIPTS = 8.0
SIMULATED_DAYS = 730
LAST_DAY = date(2026, 6, 30)
_WEEK = 7


class Window(StrEnum):
    """Which days are scored: those the methods were fixed on, or those kept for the end."""

    DEVELOPMENT = "development"
    LAST = "last"


@dataclass(frozen=True)
class Series:
    """One shop's days (DAILY columns), its hours where known, and the last day known at each origin."""

    kind: str
    name: str
    daily: pd.DataFrame
    hourly: pd.DataFrame | None
    origins: tuple[int, ...]


_SHOP = read_parameters()
SIMULATED: dict[str, ShopParameters] = {
    "busy": _SHOP,
    "growing": replace(_SHOP, receipts_a_day=60.0, growth_a_year=0.6),
    "tiny": replace(_SHOP, receipts_a_day=6.0, fiado=replace(_SHOP.fiado, names=_SHOP.fiado.names[:6])),
}
KINDS = ("real", "real_tiny", *SIMULATED)


def read_series(
    file: Path | None, columns: Columns, kinds: tuple[str, ...], window: Window, horizon: int
) -> Iterator[Series]:
    """Every series of these kinds; those of a till's file only when there is one."""
    for kind in kinds:
        if kind in SIMULATED:
            yield from _simulated(kind, window, horizon)
        elif file is not None:
            yield from _real(file, columns, kind, window, horizon)


def _real(file: Path, columns: Columns, kind: str, window: Window, horizon: int) -> Iterator[Series]:
    """The till's own days, or seeded thinnings of its receipts."""
    lines = read_lines(file, columns)
    whole, _left_out = read_days(lines)
    if kind == "real":
        origins = _real_origins(whole, window, horizon, every=1 if window is Window.LAST else 4)
        yield Series(kind, file.name, whole, hourly_sums(lines, whole), origins)
        return
    usual = whole["receipts"].tail(365).mean()
    for seed in (1, 2) if window is Window.DEVELOPMENT else (101, 102):
        kept = _thinned(lines, TINY_RECEIPTS / usual, seed)
        days = kept.groupby("day").agg(**_SUMS).reset_index()
        daily = _daily(days[days["day"] <= whole["day"].max()])
        origins = _real_origins(whole, window, horizon, every=4)
        yield Series(kind, f"{file.name} thinned, seed {seed}", daily, hourly_sums(kept, daily), origins)


_SUMS = {
    "receipts": ("receipt", "nunique"),
    "lines": ("receipt", "size"),
    "units_milli": ("units_milli", "sum"),
    "revenue_cents": ("cents", "sum"),
}


def _daily(days: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(days.assign(returns_cents=0)[list(DAILY_COLUMNS)].astype(DAILY_COLUMNS))


def _thinned(lines: pd.DataFrame, share: float, seed: int) -> pd.DataFrame:
    """Keep a share of the receipts, drawn by a seed."""
    receipts = np.sort(lines["receipt"].unique())
    kept = receipts[np.random.default_rng(seed).random(len(receipts)) < share]
    return lines[lines["receipt"].isin(kept)]


def hourly_sums(lines: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    """HOURLY columns of the days of `daily`."""
    hours = lines[lines["day"].isin(daily["day"])].groupby(["day", "hour"]).agg(**_SUMS).reset_index()
    return pd.DataFrame(hours.assign(returns_cents=0)[list(HOURLY_COLUMNS)].astype(HOURLY_COLUMNS))


def _real_origins(daily: pd.DataFrame, window: Window, horizon: int, every: int) -> tuple[int, ...]:
    """Last days known: in the last calendar year of the file, or in the two before it."""
    last = int(daily["day"].max())
    year = (date(1970, 1, 1) + pd.Timedelta(days=last)).year
    starts = {Window.LAST: date(year, 1, 1), Window.DEVELOPMENT: date(year - 2, 1, 1)}
    ends = {Window.LAST: last - horizon, Window.DEVELOPMENT: day_number(date(year, 1, 1)) - 1 - horizon}
    origins = range(ends[window], day_number(starts[window]) - 2, -_WEEK * every)
    return tuple(sorted(origins))


def _simulated(kind: str, window: Window, horizon: int) -> Iterator[Series]:
    seeds = (1, 2, 3) if window is Window.DEVELOPMENT else (101, 102, 103)
    for seed in seeds:
        daily, hourly = simulated_days(SIMULATED[kind], seed)
        last = int(daily["day"].max())
        origins = tuple(last - horizon - 3 * _WEEK * back for back in range(7, -1, -1))
        yield Series(kind, f"{kind}, seed {seed}", daily, hourly, origins)


def simulated_days(
    parameters: ShopParameters, seed: int, days: int = SIMULATED_DAYS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Daily and hourly sums of a sample shop, cancelled receipts left out."""
    shop = generate(parameters, last_day=LAST_DAY, days=days, seed=seed)
    return sums_of(*shop.sales)


def sums_of(receipts: pd.DataFrame, lines: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Daily and hourly sums as storage keeps them."""
    is_sale = receipts["kind"] == SaleKind.SALE
    per_receipt = lines.groupby("receipt")
    rows = pd.DataFrame(
        {
            "day": receipts["sold_at"] // SECONDS_A_DAY,
            "hour": receipts["sold_at"] % SECONDS_A_DAY // 3600,
            "receipts": is_sale.astype("int64"),
            "lines": per_receipt.size().reindex(receipts.index, fill_value=0),
            "units_milli": per_receipt["quantity_milli"].sum().reindex(receipts.index, fill_value=0),
            "revenue_cents": receipts["total_cents"],
            "returns_cents": (-receipts["total_cents"]).where(~is_sale, 0),
        }
    )
    hourly = rows.groupby(["day", "hour"], as_index=False).sum()
    daily = rows.drop(columns="hour").groupby("day", as_index=False).sum()
    return (
        pd.DataFrame(daily[list(DAILY_COLUMNS)].astype(DAILY_COLUMNS)),
        pd.DataFrame(hourly[list(HOURLY_COLUMNS)].astype(HOURLY_COLUMNS)),
    )
