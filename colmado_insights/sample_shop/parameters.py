"""Everything that makes one shop different from another, read from demo/shop.toml.

One frozen dataclass a table of the file, with the same names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from colmado_insights.config import resource

BENCHMARK_DAYS = 730


@dataclass(frozen=True, slots=True)
class Opening:
    """When the shop is open; closing hours by weekday from Sunday, beyond 24 after midnight."""

    opens: float
    closes: tuple[float, ...]
    closed: tuple[str, ...]
    half_days: tuple[str, ...]
    half_day_closes: float


@dataclass(frozen=True, slots=True)
class Hump:
    """One busy time of the day, with its weight on each weekday from Sunday."""

    name: str
    centre: float
    width: float
    weight: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay days and what they do to the number of receipts."""

    days: tuple[int, ...]
    payday: float
    before: float
    bump_day: int
    bump: float


@dataclass(frozen=True, slots=True)
class Holidays:
    """What free days, their eves, occasions and December do to the number of receipts."""

    free_day: float
    eve: float
    december: float
    december_drinks: float
    named: Mapping[str, float]
    occasions: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Mission:
    """Why someone comes in, when, and for which families of products."""

    name: str
    share: float
    extra_lines: float
    units: float
    payday: float
    december: float
    weekday: tuple[float, ...]
    hours: tuple[tuple[float, float], ...]
    families: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Amounts:
    """Loose goods sold by amount of money."""

    share_of_loose: float
    grid: tuple[int, ...]
    typical: float
    spread: float


@dataclass(frozen=True, slots=True)
class Varios:
    """Lines rung up without a product."""

    share: float
    median_pesos: float
    spread: float


@dataclass(frozen=True, slots=True)
class Prices:
    """How often and how far costs and prices move."""

    changes_a_year: tuple[float, float]
    rise: tuple[float, float]
    drop: tuple[float, float]
    drop_share: float
    lag_days: tuple[int, int]
    grid_pesos: int
    spread_elasticity: float


@dataclass(frozen=True, slots=True)
class Power:
    """Power cuts: how many, how long."""

    cuts_a_week: float
    summer_cuts_a_week: float
    most_a_week: int
    median_hours: float
    spread: float
    shortest_hours: float
    longest_hours: float


@dataclass(frozen=True, slots=True)
class Ration:
    """Weeks in which little beer was delivered, and the part of demand that could be served."""

    share_of_weeks: float
    left: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Storm:
    """A storm and what people store up for it."""

    days_between: int
    months: tuple[int, ...]
    days: int
    receipts: float
    units: tuple[float, float]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Oddities:
    """Shares of receipts refunded and cancelled, and of lines with a discount."""

    refunds: float
    cancelled: float
    discounts: float


@dataclass(frozen=True, slots=True)
class PaymentShares:
    """How anonymous receipts are paid; the rest is cash."""

    card: float
    transfer: float
    large_transfer: float


@dataclass(frozen=True, slots=True)
class PosCategories:
    """What the till calls the categories, and the share of products left without one."""

    without_category: float
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fiado:
    """The customers with store credit: who they are and how they come."""

    median_gap_days: tuple[float, float]
    regularity: float
    credit: tuple[float, float]
    lapsed: float
    new: float
    pay_days: tuple[int, ...]
    weekly_share: float
    lines: float
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two products bought together beyond chance."""

    first: str
    second: str
    chance: float


@dataclass(frozen=True, slots=True)
class Need:
    """A product that lasts a household so many days."""

    product: str
    gap_days: tuple[float, float]
    units: int


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand of a family: the products whose names begin with it."""

    family: str
    name: str


@dataclass(frozen=True, slots=True)
class Households:
    """How many products each customer needs again and again, how steadily, and how firmly they hold to brands."""

    habits: tuple[int, int]
    regularity: float
    least_visits: float
    taste: float
    strength: float
    needs: tuple[Need, ...]
    brands: tuple[Brand, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """What the till's lists of products and of customers tell besides names."""

    counted: float
    cover_days: tuple[float, float]
    with_phone: float
    agreed: float
    refused: float
    suppliers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ShopParameters:
    """Everything that makes one shop different from another."""

    receipts_a_day: float
    growth_a_year: float
    day_noise: float
    extra_lines: float
    max_lines: int
    weekday: tuple[float, ...]
    cashiers: tuple[str, ...]
    shift_change: float
    store: str
    register: str
    opening: Opening
    humps: tuple[Hump, ...]
    pay: Pay
    holidays: Holidays
    missions: tuple[Mission, ...]
    amounts: Amounts
    varios: Varios
    prices: Prices
    elasticity: Mapping[str, float]
    power: Power
    ration: Ration
    storm: Storm
    oddities: Oddities
    payments: PaymentShares
    pos: PosCategories
    fiado: Fiado
    households: Households
    lists: Lists
    pairs: tuple[Pair, ...]


def read_parameters(path: Path | None = None) -> ShopParameters:
    """Read the parameters of the sample shop, or of another file of the same form."""
    return _parameters(_read_toml(path))


def bench_parameters(lines: int = 1_000_000) -> ShopParameters:
    """A minimarket of about 3.2 lines a receipt that stops at exactly `lines` lines.

    Generate it over `bench_days(lines)` days.
    """
    table = _read_toml(None)
    shop = table["shop"] | table["benchmark"] | {"max_lines": lines}
    # Without cancelled receipts, the flat file has that many lines too.
    return _parameters(table | {"shop": shop, "oddities": table["oddities"] | {"cancelled": 0.0}})


def bench_days(lines: int = 1_000_000) -> int:
    """Days a benchmark shop must be open to reach `lines` lines."""
    return max(1, round(BENCHMARK_DAYS * 1.05 * lines / 1_000_000))


def _read_toml(path: Path | None) -> dict[str, Any]:
    with (path or resource("demo/shop.toml")).open("rb") as file:
        return tomllib.load(file)


def _parameters(table: Mapping[str, Any]) -> ShopParameters:
    return ShopParameters(
        **_frozen(table["shop"]),
        opening=Opening(**_frozen(table["opening"])),
        humps=tuple(Hump(**_frozen(hump)) for hump in table["humps"]),
        pay=Pay(**_frozen(table["pay"])),
        holidays=Holidays(**_frozen(table["holidays"])),
        missions=tuple(Mission(**_frozen(mission)) for mission in table["missions"]),
        amounts=Amounts(**_frozen(table["amounts"])),
        varios=Varios(**_frozen(table["varios"])),
        prices=Prices(**_frozen(table["prices"])),
        elasticity=dict(table["elasticity"]),
        power=Power(**_frozen(table["power"])),
        ration=Ration(**_frozen(table["ration"])),
        storm=Storm(**_frozen(table["storm"])),
        oddities=Oddities(**_frozen(table["oddities"])),
        payments=PaymentShares(**_frozen(table["payments"])),
        pos=PosCategories(**_frozen(table["pos"])),
        fiado=Fiado(**_frozen(table["fiado"])),
        households=_households(table["households"]),
        lists=Lists(**_frozen(table["lists"])),
        pairs=tuple(Pair(**_frozen(pair)) for pair in table["pairs"]),
    )


def _households(table: Mapping[str, Any]) -> Households:
    lists = {
        "needs": tuple(Need(**_frozen(need)) for need in table["needs"]),
        "brands": tuple(Brand(**_frozen(brand)) for brand in table["brands"]),
    }
    return Households(**_frozen(table) | lists)


def _frozen(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _tuples(value) for name, value in table.items()}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value
