"""A believable colmado, made up from one file of parameters, and the truth hidden in it.

The same seed gives the same shop to the last cent, whatever the clock says. What was
planted (lifts, cuts, rhythms, price changes, pairs) is returned beside the sales, so
that a test can ask an analysis whether it found it.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.config import resource
from colmado_insights.domain import (
    CATEGORIES,
    CATEGORY_CODE,
    LINE_COLUMNS,
    PAY_PHASES,
    PAYMENT_CODE,
    PAYMENTS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Category,
    Payment,
    PayPhase,
    SaleKind,
    day_number,
    day_of,
    moment_of,
)
from colmado_insights.progress import Progress

DEMO_DAYS = 400
"""Long enough for every holiday, a December and a Semana Santa."""
DEMO_SEED = 1997
BENCHMARK_DAYS = 730
VARIOS = "VARIOS"
"""What a cashier rings up when a thing has no key of its own."""

_MINUTES = 26 * 60  # of a business day: it may end at two in the morning of the next
_FRIDAY, _SATURDAY = 5, 6
_SUMMER = (6, 7, 8, 9)
_FIRST_RECEIPT = 1001
_CHUNK = 100_000

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Language = Literal["es", "en"]
Clock = Literal["12h", "24h"]


# Parameters: one frozen dataclass a table of demo/shop.toml, with the same names.


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
        pairs=tuple(Pair(**_frozen(pair)) for pair in table["pairs"]),
    )


def _frozen(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _tuples(value) for name, value in table.items()}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value


# The shop made.


@dataclass(frozen=True)
class SampleShop:
    """The sales of a made-up shop, with its hidden truth.

    `receipts` has RECEIPT_COLUMNS and `number` (the till's running number), `cancelled`,
    `customer` (name or ""), `gross_cents`, `discount_cents` and `cost_cents` (as positive
    amounts); `lines` has LINE_COLUMNS and the same amounts a line, and `by_amount`.
    Cancelled receipts are in both with their full amounts. Row i of `products` is the
    product with id i + 1.
    """

    receipts: pd.DataFrame
    lines: pd.DataFrame
    products: pd.DataFrame
    truth: dict[str, Any]
    parameters: ShopParameters
    first_day: date
    last_day: date

    @cached_property
    def sales(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Receipts and lines as analytics takes them: declared columns only, cancelled ones left out."""
        keep = ~self.receipts["cancelled"].to_numpy()
        place = np.cumsum(keep) - 1
        of_line = self.lines["receipt"].to_numpy()
        receipts = self.receipts.loc[keep, list(RECEIPT_COLUMNS)].reset_index(drop=True)
        lines = self.lines.loc[keep[of_line], list(LINE_COLUMNS)].reset_index(drop=True)
        lines["receipt"] = place[of_line[keep[of_line]]]
        return receipts, lines


def read_products() -> pd.DataFrame:
    """The products of the sample shop as listed in demo/products.csv, VARIOS last."""
    with resource("demo/products.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pd.DataFrame(
        {
            "name": [row["name"] for row in rows] + [VARIOS],
            "category": [Category(row["category"]).value for row in rows] + [Category.OTHER.value],
            "family": [row["family"] for row in rows] + ["varios"],
            "price_cents": [_cents(row["price"]) for row in rows] + [0],
            "cost_cents": [_cents(row["cost"]) for row in rows] + [0],
            "is_loose": [row["loose"] == "yes" for row in rows] + [False],
            "weight": [float(row["weight"]) for row in rows] + [0.0],
            "extra_units": [float(row["extra_units"]) for row in rows] + [0.0],
        }
    )
    table.insert(0, "product_id", np.arange(1, len(table) + 1, dtype=np.int64))
    table.insert(2, "sku", [str(10_000 + number) for number in range(1, len(table) + 1)])
    return table


def _cents(pesos: str) -> int:
    return round(float(pesos) * 100)


def generate(
    parameters: ShopParameters,
    *,
    last_day: date,
    days: int = DEMO_DAYS,
    seed: int = DEMO_SEED,
    until: time | None = None,
    progress: Progress | None = None,
) -> SampleShop:
    """Make up the sales of the `days` days that end with `last_day`.

    `until` cuts the last day short, as a till looks in the middle of a day. What the bar
    sells after midnight of the last day belongs to a day that has not come, and is left out.
    """
    step = _Steps(progress or Progress(), total=8)
    days_made = _make_days(parameters, last_day - timedelta(days=days - 1), last_day, _stream(seed, 1))
    step("days")
    products = read_products()
    catalogue = _make_catalogue(parameters, products, len(days_made.numbers), seed)
    step("prices")
    customers = _make_customers(parameters, days_made, _stream(seed, 4))
    visits = _make_visits(parameters, days_made, customers, seed)
    step("visits")
    picks = _make_picks(parameters, days_made, catalogue, visits, seed)
    step("lines")
    lines = _price_lines(parameters, catalogue, visits, picks, _stream(seed, 9))
    step("amounts")
    end = _end_of(last_day, until)
    receipts, frame = _make_frames(parameters, days_made, catalogue, customers, visits, lines, seed, end)
    step("receipts")
    receipts, frame = _limited(receipts, frame, parameters.max_lines)
    step("limits")
    products = products.assign(pos_category=_pos_categories(parameters.pos, products, _stream(seed, 12)))
    truth = _truth(parameters, days_made, catalogue, customers, products, receipts, frame, seed)
    step("truth")
    first_day = day_of(receipts["sold_at"].min() // SECONDS_A_DAY) if len(receipts) else last_day
    return SampleShop(receipts, frame, products, truth, parameters, first_day, last_day)


class _Steps:
    """Counts the stages of the generator, each a cancel point."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self, text: str) -> None:
        self._done += 1
        self._progress.step(self._done, self._total, text)


def _stream(seed: int, stage: int) -> np.random.Generator:
    """One stream of chance a stage, so that a change in one leaves the others alone."""
    return np.random.default_rng([seed, stage])


def _end_of(last_day: date, until: time | None) -> int:
    """First second, of the wall clock, that is no longer part of the shop's history."""
    midnight = (day_number(last_day) + 1) * SECONDS_A_DAY
    if until is None:
        return midnight
    return midnight - SECONDS_A_DAY + until.hour * 3600 + until.minute * 60 + until.second


# Days: how many receipts are expected, at which minutes the shop sells.


@dataclass(frozen=True)
class _Cut:
    """A power cut in wall-clock seconds, end excluded."""

    start: int
    end: int


@dataclass(frozen=True)
class _Days:
    """The days of the shop, one position a business day."""

    numbers: Ints
    weekday: Ints
    phase: Ints
    month: Ints
    expected: Floats  # receipts a normal, uncut day would bring
    open: Flags  # (days, minutes): open and with power
    dry: Flags  # days without alcohol
    closed: Flags
    half: Flags
    beer_left: Floats  # share of the demand for beer that could be served
    storm_units: Floats  # factor on what is stored up for a storm
    cuts: tuple[_Cut, ...]
    calendar: pd.DataFrame


def _make_days(shop: ShopParameters, first_day: date, last_day: date, rng: np.random.Generator) -> _Days:
    calendar = DominicanDays(pay_days=shop.pay.days).frame(first_day, last_day)
    numbers = calendar["day"].to_numpy(dtype=np.int64)
    weekday = (numbers + 4) % 7
    dates = [day_of(number) for number in numbers]
    month = np.array([day.month for day in dates], dtype=np.int64)
    holiday = calendar["holiday"].to_numpy(dtype=object)
    closed = np.isin(holiday, shop.opening.closed)
    half = np.isin(holiday, shop.opening.half_days)
    storm = _storm_days(shop.storm, month, rng)
    cuts = _power_cuts(shop, numbers, month, closed, rng)
    return _Days(
        numbers=numbers,
        weekday=weekday,
        phase=calendar["pay_phase"].to_numpy(dtype=np.int64),
        month=month,
        expected=_expected_receipts(shop, calendar, dates, weekday, storm),
        open=_open_minutes(shop.opening, numbers, weekday, closed, half, cuts),
        dry=half,
        closed=closed,
        half=half,
        beer_left=_rationed(shop.ration, numbers, rng),
        storm_units=np.where(storm, rng.uniform(*shop.storm.units, len(numbers)), 1.0),
        cuts=cuts,
        calendar=calendar,
    )


def _expected_receipts(
    shop: ShopParameters, calendar: pd.DataFrame, dates: Sequence[date], weekday: Ints, storm: Flags
) -> Floats:
    """Receipts of each day before chance: the product of all that is planted."""
    phase = calendar["pay_phase"].to_numpy(dtype=np.int64)
    by_phase = {PayPhase.BEFORE: shop.pay.before, PayPhase.PAYDAY: shop.pay.payday}
    pay = np.array([by_phase.get(each, 1.0) for each in PAY_PHASES])[phase]
    of_month = np.array([day.day for day in dates])
    # Where pay day and the government's fall together, the pay day's lift is the whole of it.
    bump = np.where((of_month == shop.pay.bump_day) & (pay == 1.0), shop.pay.bump, 1.0)
    feast = np.array(
        [
            _feast(shop.holidays, holiday, occasion, eve)
            for holiday, occasion, eve in zip(
                calendar["holiday"], calendar["occasion"], calendar["is_eve"], strict=True
            )
        ]
    )
    december = np.array([shop.holidays.december if day.month == 12 else 1.0 for day in dates])
    growth = (1 + shop.growth_a_year) ** (np.arange(len(dates)) / 365.0)
    stormy = np.where(storm, shop.storm.receipts, 1.0)
    ordinary = shop.receipts_a_day * np.array(shop.weekday)[weekday]
    expected: Floats = ordinary * pay * bump * feast * december * growth * stormy
    return expected


def _feast(holidays: Holidays, holiday: str, occasion: str, is_eve: bool) -> float:
    """The strongest of what makes a day special: feasts do not multiply one another."""
    factors = [holidays.occasions.get(occasion, 1.0)]
    if is_eve:
        factors.append(holidays.eve)
    if holiday:
        factors.append(holidays.named.get(holiday, holidays.free_day))
        if holiday in holidays.named:
            return holidays.named[holiday]
    return max(factors)


def _storm_days(storm: Storm, month: Ints, rng: np.random.Generator) -> Flags:
    """Days of storms: as many as the period is long, in their season."""
    flags = np.zeros(len(month), dtype=bool)
    season = np.flatnonzero(np.isin(month, storm.months))
    if season.size:
        for start in rng.choice(season, size=round(len(month) / storm.days_between), replace=True):
            flags[start : start + storm.days] = True
    return flags


def _rationed(ration: Ration, numbers: Ints, rng: np.random.Generator) -> Floats:
    """Share of beer that could be served, day by day; a delivery serves Monday to Sunday."""
    week = (numbers + 3) // 7
    weeks = np.unique(week)
    short = rng.choice(weeks, size=round(len(weeks) * ration.share_of_weeks), replace=False)
    left = dict(zip(short.tolist(), rng.uniform(*ration.left, len(short)).tolist(), strict=True))
    return np.array([left.get(number, 1.0) for number in week.tolist()])


def _power_cuts(
    shop: ShopParameters, numbers: Ints, month: Ints, closed: Flags, rng: np.random.Generator
) -> tuple[_Cut, ...]:
    """Cuts between opening and early evening, a few a week, at most one a day."""
    power = shop.power
    cuts = []
    for first in range(0, len(numbers), 7):
        week = np.flatnonzero(~closed[first : first + 7]) + first
        if not week.size:
            continue
        rate = power.summer_cuts_a_week if month[week[0]] in _SUMMER else power.cuts_a_week
        count = min(int(rng.poisson(rate * len(week) / 7)), power.most_a_week, len(week))
        for place in rng.choice(week, size=count, replace=False):
            hours = float(
                np.clip(
                    rng.lognormal(np.log(power.median_hours), power.spread),
                    power.shortest_hours,
                    power.longest_hours,
                )
            )
            begin = float(rng.uniform(shop.opening.opens, 20.0))
            start = int(numbers[place]) * SECONDS_A_DAY + round(begin * 60) * 60
            cuts.append(_Cut(start, start + round(hours * 60) * 60))
    return tuple(sorted(cuts, key=lambda cut: cut.start))


def _open_minutes(
    opening: Opening, numbers: Ints, weekday: Ints, closed: Flags, half: Flags, cuts: Iterable[_Cut]
) -> Flags:
    """Minutes, counted from each business day's midnight, at which the shop can sell."""
    minute = np.arange(_MINUTES)
    closes = np.where(half, opening.half_day_closes, np.array(opening.closes)[weekday])
    is_open = (minute >= opening.opens * 60) & (minute < closes[:, None] * 60) & ~closed[:, None]
    for cut in cuts:
        day = cut.start // SECONDS_A_DAY - int(numbers[0])
        # A cut may reach into the hours after midnight of the day before, and into the next day.
        for place in range(max(day - 1, 0), min(day + 2, len(numbers))):
            start = (cut.start - int(numbers[place]) * SECONDS_A_DAY) // 60
            end = (cut.end - int(numbers[place]) * SECONDS_A_DAY) // 60
            is_open[place, max(start, 0) : max(end, 0)] = False
    return np.asarray(is_open)


def _day_shapes(shop: ShopParameters) -> Floats:
    """Share of an ordinary day's receipts in each minute, (weekday, minute); rows sum to one."""
    hour = np.arange(_MINUTES) / 60.0
    weights = np.array([hump.weight for hump in shop.humps])
    bells = np.array([_bell(hour, hump.centre, hump.width) / hump.width for hump in shop.humps])
    shapes = weights.T @ bells
    closes = np.array(shop.opening.closes)[:, None]
    shapes = np.where((hour >= shop.opening.opens) & (hour < closes), shapes, 0.0)
    return np.asarray(shapes / shapes.sum(axis=1, keepdims=True))


def _bell(hour: Floats, centre: float, width: float) -> Floats:
    return np.asarray(np.exp(-0.5 * ((hour - centre) / width) ** 2))


def _bells(hour: Floats, bells: Iterable[tuple[float, float]]) -> Floats:
    """Sum of bells given as (centre, width)."""
    return np.asarray(sum((_bell(hour, centre, width) for centre, width in bells), np.zeros(len(hour))))


# Catalogue: what there is to buy, and its price and cost on each day.


@dataclass(frozen=True)
class _Move:
    """A price, or a cost, that changed from one day to the next."""

    product: int
    day: int
    before: int
    after: int


@dataclass(frozen=True)
class _Catalogue:
    """Products by position; prices and costs in cents by (product, day)."""

    names: tuple[str, ...]
    category: Ints
    family: Ints
    families: tuple[str, ...]
    is_loose: Flags
    extra_units: Floats
    cumulative: Floats  # family f fills (f, f + 1]: one search finds a product of a family
    order: Ints
    price: Ints
    cost: Ints
    elasticity: Floats
    moves: tuple[_Move, ...]

    @property
    def varios(self) -> int:
        """Position of VARIOS."""
        return len(self.names) - 1

    def place(self, name: str) -> int:
        """Position of a product."""
        return self.names.index(name)


def _make_catalogue(shop: ShopParameters, products: pd.DataFrame, days: int, seed: int) -> _Catalogue:
    families = tuple(dict.fromkeys(products["family"]))
    family = (
        products["family"].map({name: code for code, name in enumerate(families)}).to_numpy(dtype=np.int64)
    )
    codes = {category.value: code for category, code in CATEGORY_CODE.items()}
    order = np.argsort(family, kind="stable")
    weight = np.maximum(products["weight"].to_numpy(dtype=float), 1e-12)[order]
    total = np.bincount(family, weights=np.maximum(products["weight"].to_numpy(dtype=float), 1e-12))
    starts = np.cumsum(total) - total
    cumulative = (np.cumsum(weight) - starts[family[order]]) / total[family[order]] + family[order]
    price, cost, moves = _move_prices(shop.prices, products, days, _stream(seed, 2))
    spread = _stream(seed, 3).normal(0, shop.prices.spread_elasticity, len(products))
    usual = np.array([shop.elasticity[each] for each in products["category"]])
    return _Catalogue(
        names=tuple(products["name"]),
        category=np.array([codes[name] for name in products["category"]], dtype=np.int64),
        family=family.astype(np.int64),
        families=families,
        is_loose=products["is_loose"].to_numpy(dtype=bool),
        extra_units=products["extra_units"].to_numpy(dtype=float),
        cumulative=cumulative,
        order=order,
        price=price,
        cost=cost,
        elasticity=np.where(usual == 0, 0.0, np.minimum(usual + spread, -0.05)).round(3),
        moves=moves,
    )


def _move_prices(
    prices: Prices, products: pd.DataFrame, days: int, rng: np.random.Generator
) -> tuple[Ints, Ints, tuple[_Move, ...]]:
    """Let costs move and prices follow some days later, on the grid of the shop."""
    price = np.repeat(products["price_cents"].to_numpy(dtype=np.int64)[:, None], days, axis=1)
    cost = np.repeat(products["cost_cents"].to_numpy(dtype=np.int64)[:, None], days, axis=1)
    rate = rng.uniform(*prices.changes_a_year, len(products)) * days / 365
    moves: list[_Move] = []
    for product, count in enumerate(rng.poisson(rate)):
        if price[product, 0] == 0:
            continue
        markup = price[product, 0] / cost[product, 0]
        for day in np.sort(rng.integers(0, days, count)):
            falls = rng.random() < prices.drop_share
            change = 1 + rng.uniform(*(prices.drop if falls else prices.rise))
            follows = int(day) + int(rng.integers(prices.lag_days[0], prices.lag_days[1] + 1))
            cost[product, day:] = round(cost[product, day] * change / 25) * 25
            target = _on_grid(cost[product, day] * markup, prices.grid_pesos)
            if 0 < follows < days and target != price[product, follows]:
                moves.append(_Move(product, follows, int(price[product, follows - 1]), target))
                price[product, follows:] = target
    return price, cost, tuple(moves)


def _on_grid(cents: float, grid_pesos: int) -> int:
    """Cents rounded to the grid, or to the peso where the grid is too coarse for the price."""
    grid = grid_pesos * 100 if cents >= 3 * grid_pesos * 100 else 100
    return max(100, round(cents / grid) * grid)


# Customers and visits: who comes in, when, and why.


@dataclass(frozen=True)
class _Customer:
    """A person with store credit, and the rhythm given to them."""

    name: str
    median_gap_days: float
    pay_day: str  # "15", "25", "30", or "friday", "saturday"
    hour: float
    credit: float
    first: int  # positions of days
    last: int
    fate: str  # "steady", "lapsed", "new"


@dataclass(frozen=True)
class _Visits:
    """One position a receipt, in the order of time."""

    place: Ints  # position of the business day
    minute: Ints  # of the business day
    sold_at: Ints
    customer: Ints  # 0 = anonymous
    mission: Ints


def _make_customers(shop: ShopParameters, days: _Days, rng: np.random.Generator) -> tuple[_Customer, ...]:
    fiado, count = shop.fiado, len(days.numbers)
    fates = rng.permutation(
        ["lapsed"] * round(len(fiado.names) * fiado.lapsed)
        + ["new"] * round(len(fiado.names) * fiado.new)
        + ["steady"] * len(fiado.names)
    )
    low, high = np.log(fiado.median_gap_days)
    customers = []
    for name, fate in zip(fiado.names, _first_fates(fates, fiado), strict=True):
        weekly = rng.random() < fiado.weekly_share
        pay_day = str(rng.choice(["friday", "saturday"]) if weekly else rng.choice(fiado.pay_days))
        turn = int(rng.uniform(0.35, 0.8) * count)
        customers.append(
            _Customer(
                name=name,
                median_gap_days=round(float(np.exp(rng.uniform(low, high))), 2),
                pay_day=pay_day,
                hour=round(float(rng.choice([8.0, 11.5, 17.5, 19.0]) + rng.normal(0, 0.6)), 2),
                credit=round(float(rng.uniform(*fiado.credit)), 3),
                first=turn if fate == "new" else 0,
                last=turn if fate == "lapsed" else count - 1,
                fate=fate,
            )
        )
    return tuple(customers)


def _first_fates(fates: NDArray[np.str_], fiado: Fiado) -> list[str]:
    """One fate a customer: exactly the lapsed and the new that were asked for, the rest steady."""
    special = [str(fate) for fate in fates if fate != "steady"]
    step = len(fiado.names) / max(1, len(special))
    chosen = {int(number * step): fate for number, fate in enumerate(special)}
    return [chosen.get(position, "steady") for position in range(len(fiado.names))]


def _make_visits(shop: ShopParameters, days: _Days, customers: Sequence[_Customer], seed: int) -> _Visits:
    rng = _stream(seed, 5)
    noise = rng.lognormal(-(shop.day_noise**2) / 2, shop.day_noise, len(days.numbers))
    rate = _day_shapes(shop)[days.weekday] * (days.expected * noise)[:, None] * days.open
    flat = np.repeat(np.arange(rate.size), rng.poisson(rate).ravel())
    known_place, known_minute, known = _known_visits(shop, days, customers, _stream(seed, 6))
    place = np.concatenate([flat // _MINUTES, known_place])
    minute = np.concatenate([flat % _MINUTES, known_minute])
    customer = np.concatenate([np.zeros(len(flat), dtype=np.int64), known])
    sold_at = days.numbers[place] * SECONDS_A_DAY + minute * 60 + rng.integers(0, 60, len(place))
    order = np.argsort(sold_at, kind="stable")
    place, minute = place[order], minute[order]
    return _Visits(
        place=place,
        minute=minute,
        sold_at=sold_at[order],
        customer=customer[order],
        mission=_missions(shop, days, place, minute, _stream(seed, 7)),
    )


def _known_visits(
    shop: ShopParameters, days: _Days, customers: Sequence[_Customer], rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Day, minute and id of the visits of known customers, each in their own rhythm."""
    places, minutes, ids = [], [], []
    for number, customer in enumerate(customers, start=1):
        span = customer.last - customer.first + 1
        enough = int(span / customer.median_gap_days * 2) + 20
        shape = shop.fiado.regularity
        # The median of a gamma is about its mean less a third of its scale.
        scale = customer.median_gap_days / (shape - 1 / 3)
        moments = customer.first + np.cumsum(rng.gamma(shape, scale, enough))
        day = moments[moments < customer.last + 1].astype(np.int64)
        minute = np.round((customer.hour + rng.normal(0, 1.0, len(day))) * 60).astype(np.int64)
        places.append(day)
        minutes.append(np.clip(minute, round(shop.opening.opens * 60), _MINUTES - 1))
        ids.append(np.full(len(day), number, dtype=np.int64))
    place, minute, known = (
        np.concatenate([np.zeros(0, np.int64), *parts]) for parts in (places, minutes, ids)
    )
    can = days.open[place, minute]
    return place[can], minute[can], known[can]


def _missions(shop: ShopParameters, days: _Days, place: Ints, minute: Ints, rng: np.random.Generator) -> Ints:
    """Draw why each visit happens, from its hour and its day."""
    by_hour = _mission_hours(shop)
    weight = by_hour[:, minute // 60] * _mission_days(shop, days)[:, place]
    cumulative = np.cumsum(weight, axis=0)
    drawn = rng.random(len(place)) * cumulative[-1]
    return np.asarray((cumulative < drawn).sum(axis=0))


def _mission_hours(shop: ShopParameters) -> Floats:
    """Weight of each mission in each hour, (mission, hour); over an ordinary week it averages the share."""
    hour: Floats = np.arange(_MINUTES // 60, dtype=np.float64) + 0.5
    bells = np.array([_bells(hour, mission.hours) for mission in shop.missions]) + 0.04
    ordinary = _day_shapes(shop).mean(axis=0).reshape(len(hour), 60).sum(axis=1)
    share = np.array([mission.share for mission in shop.missions])
    return np.asarray(bells * (share / (bells @ ordinary))[:, None])


def _mission_days(shop: ShopParameters, days: _Days) -> Floats:
    """How the day changes the chance of each mission, (mission, day)."""
    is_payday = days.phase == PAY_PHASES.index(PayPhase.PAYDAY)
    is_december = days.month == 12
    rows = []
    for mission in shop.missions:
        drinks = "cerveza" in mission.families
        december = mission.december * (shop.holidays.december_drinks if drinks else 1.0)
        row = np.array(mission.weekday)[days.weekday]
        row = row * np.where(is_payday, mission.payday, 1.0) * np.where(is_december, december, 1.0)
        rows.append(np.where(days.dry & drinks, 0.0, row))
    return np.array(rows)


# Lines: what is in the basket, how much of it, and for what amount.


@dataclass(frozen=True)
class _Lines:
    """One position a line, ordered by visit."""

    visit: Ints
    product: Ints
    quantity: Ints  # thousandths
    gross: Ints  # cents
    discount: Ints
    cost: Ints
    by_amount: Flags


@dataclass(frozen=True)
class _Picks:
    """Which product, and how many of it, before prices have their say."""

    visit: Ints
    product: Ints
    units: Ints


def _make_picks(
    shop: ShopParameters, days: _Days, catalogue: _Catalogue, visits: _Visits, seed: int
) -> _Picks:
    rng = _stream(seed, 8)
    extra = np.array([mission.extra_lines for mission in shop.missions])[visits.mission] * shop.extra_lines
    extra = np.where(visits.customer > 0, extra * shop.fiado.lines, extra)
    visit = np.repeat(np.arange(len(visits.place)), 1 + rng.poisson(extra))
    family = _draw(_family_chances(shop, catalogue), visits.mission[visit], rng)
    position = np.searchsorted(catalogue.cumulative, family + rng.random(len(visit)), side="right")
    product = catalogue.order[np.minimum(position, len(catalogue.order) - 1)]
    visit, product = _with_pairs(shop.pairs, catalogue, visit, product, rng)
    visit, product = _without_twins(visit, product, len(catalogue.names))
    keep = _available(days, catalogue, visits, visit, product, rng)
    visit, product = visit[keep], product[keep]
    product = _with_varios(shop.varios, catalogue, product, rng)
    units = _units(shop, days, catalogue, visits, visit, product, rng)
    return _answer_prices(catalogue, visits, _Picks(visit, product, units), _stream(seed, 13))


def _family_chances(shop: ShopParameters, catalogue: _Catalogue) -> Floats:
    """Chance of each family in each mission; rows sum to one."""
    chances = np.zeros((len(shop.missions), len(catalogue.families)))
    for row, mission in enumerate(shop.missions):
        for name, weight in mission.families.items():
            chances[row, catalogue.families.index(name)] = weight
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def _draw(chances: Floats, rows: Ints, rng: np.random.Generator) -> Ints:
    """Draw one column for each of `rows`, all rows in one search."""
    cumulative = np.cumsum(chances, axis=1)
    cumulative[:, -1] = 1.0
    flat = (cumulative + np.arange(len(chances))[:, None]).ravel()
    found = np.searchsorted(flat, rows + rng.random(len(rows)), side="right")
    return np.asarray(np.minimum(found - rows * chances.shape[1], chances.shape[1] - 1))


def _with_pairs(
    pairs: Iterable[Pair], catalogue: _Catalogue, visit: Ints, product: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Add to some baskets what goes with a thing in them."""
    visits, products = [visit], [product]
    for pair in pairs:
        first, second = catalogue.place(pair.first), catalogue.place(pair.second)
        chosen = visit[product == first]
        chosen = chosen[rng.random(len(chosen)) < pair.chance]
        visits.append(chosen)
        products.append(np.full(len(chosen), second, dtype=np.int64))
    return np.concatenate(visits), np.concatenate(products)


def _without_twins(visit: Ints, product: Ints, count: int) -> tuple[Ints, Ints]:
    """One line a product and visit, in the order of visits and, within one, as drawn."""
    _keys, first = np.unique(visit * count + product, return_index=True)
    first = np.sort(first)
    order = first[np.argsort(visit[first], kind="stable")]
    return visit[order], product[order]


def _available(
    days: _Days, catalogue: _Catalogue, visits: _Visits, visit: Ints, product: Ints, rng: np.random.Generator
) -> Flags:
    """Lines that could be served: rationed beer and dry days take theirs away."""
    place = visits.place[visit]
    beer = catalogue.family[product] == catalogue.families.index("cerveza")
    left = np.where(beer, days.beer_left[place], 1.0)
    alcohol = catalogue.category[product] == CATEGORY_CODE[Category.ALCOHOL]
    return np.asarray((rng.random(len(visit)) < left) & ~(alcohol & days.dry[place]))


def _with_varios(varios: Varios, catalogue: _Catalogue, product: Ints, rng: np.random.Generator) -> Ints:
    """Ring some lines up as VARIOS; drinks and top-ups always have their key."""
    keyed = np.isin(
        catalogue.category[product], [CATEGORY_CODE[Category.ALCOHOL], CATEGORY_CODE[Category.RECHARGES]]
    )
    share = varios.share / max(1e-9, float(np.mean(~keyed))) if len(product) else 0.0
    return np.where((rng.random(len(product)) < share) & ~keyed, catalogue.varios, product)


def _units(
    shop: ShopParameters,
    days: _Days,
    catalogue: _Catalogue,
    visits: _Visits,
    visit: Ints,
    product: Ints,
    rng: np.random.Generator,
) -> Ints:
    """Thousandths of the unit: whole ones, or quarters of a pound for what is cut."""
    factor = np.array([mission.units for mission in shop.missions])[visits.mission[visit]]
    dear = catalogue.price[product, visits.place[visit]] > 350_00
    mean = catalogue.extra_units[product] * factor * np.where(dear, 0.2, 1.0)
    whole = (1 + rng.poisson(mean)) * 1000
    cut = rng.choice(np.array([250, 250, 500, 500, 1000]), len(product))
    units = np.where(catalogue.is_loose[product] & (catalogue.extra_units[product] == 0), cut, whole)
    stored = np.isin(
        catalogue.family[product], [catalogue.families.index(name) for name in shop.storm.families]
    )
    storm = np.where(stored, days.storm_units[visits.place[visit]], 1.0)
    return np.asarray(np.where(storm > 1, np.round(units * storm / 1000).astype(np.int64) * 1000, units))


def _answer_prices(catalogue: _Catalogue, visits: _Visits, picks: _Picks, rng: np.random.Generator) -> _Picks:
    """Let units answer the price of the day against the product's mean price, by its elasticity."""
    price = catalogue.price[picks.product, visits.place[picks.visit]]
    usual = catalogue.price.mean(axis=1)[picks.product]
    ratio = np.where(usual > 0, price / np.maximum(usual, 1), 1.0)
    answer = np.clip(ratio ** catalogue.elasticity[picks.product], 0.4, 1.9)
    chance = rng.random(len(answer))
    keep = chance < answer
    units = np.where(chance < answer - 1, picks.units * 2, picks.units)
    return _Picks(picks.visit[keep], picks.product[keep], units[keep])


def _price_lines(
    shop: ShopParameters, catalogue: _Catalogue, visits: _Visits, picks: _Picks, rng: np.random.Generator
) -> _Lines:
    """Turn picks into amounts: by quantity, by amount of money, or open (VARIOS)."""
    place = visits.place[picks.visit]
    price, cost = catalogue.price[picks.product, place], catalogue.cost[picks.product, place]
    by_amount = catalogue.is_loose[picks.product] & (rng.random(len(place)) < shop.amounts.share_of_loose)
    asked = _asked_amounts(shop.amounts, price, rng)
    open_amount = _open_amounts(shop.varios, len(place), rng)
    varios = picks.product == catalogue.varios
    bought = np.round(asked * 1000 / np.maximum(price, 1)).astype(np.int64)
    quantity = np.where(varios, 1000, np.where(by_amount, np.maximum(bought, 1), picks.units))
    gross = np.where(by_amount, asked, _times(price, quantity))
    gross = np.where(varios, open_amount, gross).astype(np.int64)
    cheaper = (rng.random(len(place)) < shop.oddities.discounts) & ~by_amount & (gross >= 50_00)
    discount = np.where(cheaper, rng.choice(np.array([5_00, 10_00]), len(place)), 0)
    return _Lines(picks.visit, picks.product, quantity, gross, discount, _times(cost, quantity), by_amount)


def _times(cents: Ints, milli: Ints) -> Ints:
    """Price times quantity, rounded half up to the cent as a till does."""
    return (cents * milli + 500) // 1000


def _asked_amounts(amounts: Amounts, price: Ints, rng: np.random.Generator) -> Ints:
    """An amount of the grid near the usual part of the price, in cents."""
    grid = np.array(amounts.grid, dtype=np.int64) * 100
    wish = np.log(np.maximum(price, 1) * amounts.typical) + rng.normal(0, amounts.spread, len(price))
    borders = (np.log(grid)[1:] + np.log(grid)[:-1]) / 2
    return grid[np.searchsorted(borders, wish)]


def _open_amounts(varios: Varios, count: int, rng: np.random.Generator) -> Ints:
    """Amounts of VARIOS lines on the RD$5 grid, in cents."""
    wish = rng.lognormal(np.log(varios.median_pesos), varios.spread, count)
    return np.asarray(np.maximum(np.round(wish / 5), 1).astype(np.int64) * 500)


# Frames: receipts with their payment, cashier and number; refunds and cancelled ones.


def _make_frames(
    shop: ShopParameters,
    days: _Days,
    catalogue: _Catalogue,
    customers: Sequence[_Customer],
    visits: _Visits,
    lines: _Lines,
    seed: int,
    end: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    served = np.zeros(len(visits.place), dtype=bool)
    served[lines.visit] = True
    served &= visits.sold_at < end
    receipts = _receipts_of(shop, days, customers, visits, lines, served, _stream(seed, 10))
    in_time = served[lines.visit]
    frame = pd.DataFrame(
        {
            "receipt": (np.cumsum(served) - 1)[lines.visit[in_time]],
            "place": lines.product[in_time],
            "quantity_milli": lines.quantity[in_time],
            "gross_cents": lines.gross[in_time],
            "discount_cents": lines.discount[in_time],
            "cost_cents": lines.cost[in_time],
            "by_amount": lines.by_amount[in_time],
        }
    )
    rng = _stream(seed, 11)
    receipts["cancelled"] = rng.random(len(receipts)) < shop.oddities.cancelled
    receipts, frame = _with_refunds(shop, days, receipts, frame, end, rng)
    return _declared(customers, receipts, frame, catalogue.category)


def _receipts_of(
    shop: ShopParameters,
    days: _Days,
    customers: Sequence[_Customer],
    visits: _Visits,
    lines: _Lines,
    served: Flags,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row a visit that bought something."""
    net = _summed(lines.gross - lines.discount, lines.visit, len(served))[served]
    place, customer = visits.place[served], visits.customer[served]
    shift = (visits.minute[served] >= shop.shift_change * 60).astype(np.int64)
    week = (days.numbers[place] + 3) // 7
    return pd.DataFrame(
        {
            "sold_at": visits.sold_at[served],
            "business_place": place,
            "kind": np.full(len(place), int(SaleKind.SALE), dtype=np.int8),
            "payment": _payments(shop, days, customers, place, customer, net, rng),
            "cashier_id": (shift + week) % len(shop.cashiers) + 1,
            "shift_id": days.numbers[place] * 2 + shift + 1,
            "customer_id": customer,
        }
    )


def _payments(
    shop: ShopParameters,
    days: _Days,
    customers: Sequence[_Customer],
    place: Ints,
    customer: Ints,
    net: Ints,
    rng: np.random.Generator,
) -> Ints:
    """Cash mostly; known customers put more on their account the further their pay day lies back."""
    transfer = np.where(net > 500_00, shop.payments.large_transfer, shop.payments.transfer)
    chance = rng.random(len(place))
    paid = np.select(
        [chance < shop.payments.card, chance < shop.payments.card + transfer],
        [PAYMENT_CODE[Payment.CARD], PAYMENT_CODE[Payment.TRANSFER]],
        PAYMENT_CODE[Payment.CASH],
    )
    credit = np.array([0.0, *(each.credit for each in customers)])[customer]
    late = _days_since_own_pay(days, customers)[customer, place]
    on_account = rng.random(len(place)) < np.clip(credit * (0.5 + late), 0, 1)
    return np.asarray(np.where(on_account, PAYMENT_CODE[Payment.CREDIT], paid))


def _days_since_own_pay(days: _Days, customers: Sequence[_Customer]) -> Floats:
    """How far each customer is into the time between two of their pay days, 0–1, (customer, day)."""
    of_month = np.array([day_of(number).day for number in days.numbers])
    table = np.zeros((len(customers) + 1, len(days.numbers)))
    for row, customer in enumerate(customers, start=1):
        if customer.pay_day in ("friday", "saturday"):
            paid = _FRIDAY if customer.pay_day == "friday" else _SATURDAY
            table[row] = ((days.weekday - paid) % 7) / 6
        else:
            table[row] = np.minimum((of_month - int(customer.pay_day)) % 30, 29) / 29
    return table


def _with_refunds(
    shop: ShopParameters,
    days: _Days,
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    end: int,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add a few receipts that give the money of one line back, minutes later, while the shop is open."""
    chosen = np.flatnonzero(
        (rng.random(len(receipts)) < shop.oddities.refunds) & ~receipts["cancelled"].to_numpy()
    )
    later = receipts["sold_at"].to_numpy()[chosen] + rng.integers(5 * 60, 60 * 60, len(chosen))
    place = receipts["business_place"].to_numpy()[chosen]
    minute = (later - days.numbers[place] * SECONDS_A_DAY) // 60
    can = (minute < _MINUTES) & (later < end)
    can &= days.open[place, np.minimum(minute, _MINUTES - 1)]
    chosen, later = chosen[can], later[can]
    back = receipts.iloc[chosen].assign(sold_at=later, kind=np.int8(SaleKind.REFUND), cancelled=False)
    first_line = np.searchsorted(lines["receipt"].to_numpy(), chosen, side="left")
    back_lines = lines.iloc[first_line].assign(receipt=len(receipts) + np.arange(len(chosen)), cost_cents=0)
    return (
        pd.concat([receipts, back], ignore_index=True),
        pd.concat([lines, back_lines], ignore_index=True),
    )


def _declared(
    customers: Sequence[_Customer],
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    category: Ints,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Order by time, number the receipts and give both frames their declared columns."""
    order = np.argsort(receipts["sold_at"].to_numpy(), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    of_line = rank[lines["receipt"].to_numpy()]
    line_order = np.argsort(of_line, kind="stable")
    receipts = receipts.iloc[order].reset_index(drop=True)
    lines = lines.iloc[line_order].reset_index(drop=True)
    receipt = of_line[line_order]
    sign = np.where(receipts["kind"].to_numpy() == SaleKind.REFUND, -1, 1)
    place = lines["place"].to_numpy()
    net = lines["gross_cents"].to_numpy() - lines["discount_cents"].to_numpy()
    made_lines = pd.DataFrame(
        {
            "receipt": receipt,
            "product_id": place + 1,
            "category": category[place],
            "quantity_milli": lines["quantity_milli"].to_numpy() * sign[receipt],
            "amount_cents": net * sign[receipt],
        }
    ).astype(LINE_COLUMNS)
    sums = {name: lines[name].to_numpy() for name in ("gross_cents", "discount_cents", "cost_cents")}
    made_lines = made_lines.assign(**sums, by_amount=lines["by_amount"].to_numpy())
    made = pd.DataFrame(
        {
            "sale_id": np.arange(1, len(receipts) + 1),
            "sold_at": receipts["sold_at"],
            "has_time": True,
            "kind": receipts["kind"],
            "total_cents": _summed(net, receipt, len(receipts)) * sign,
            **{name: receipts[name] for name in ("payment", "cashier_id", "shift_id", "customer_id")},
        }
    ).astype(RECEIPT_COLUMNS)
    names = np.array(["", *(customer.name for customer in customers)], dtype=object)
    made = made.assign(
        number=np.arange(_FIRST_RECEIPT, _FIRST_RECEIPT + len(made)),
        cancelled=receipts["cancelled"].to_numpy(dtype=bool),
        customer=names[made["customer_id"].to_numpy()],
        **{name: _summed(values, receipt, len(made)) for name, values in sums.items()},
    )
    return made, made_lines


def _summed(values: Ints, receipt: Ints, count: int) -> Ints:
    """Sum of the lines of each receipt; exact, for sums stay far below 2**53."""
    return np.bincount(receipt, weights=values, minlength=count).astype(np.int64)


def _limited(receipts: pd.DataFrame, lines: pd.DataFrame, most: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The last `most` lines and their receipts, whole ones only."""
    if not most or len(lines) <= most:
        return receipts, lines
    of_line = lines["receipt"].to_numpy()
    first_whole = int(of_line[len(lines) - most - 1]) + 1
    short = most - int((of_line >= first_whole).sum())
    size = np.bincount(of_line, minlength=len(receipts))
    keep = np.arange(len(receipts)) >= first_whole
    # Filled up to the round number with the one-line receipts just before.
    singles = np.flatnonzero(size[:first_whole] == 1)
    keep[singles[len(singles) - short :]] = True
    place = np.cumsum(keep) - 1
    kept = keep[of_line]
    kept_lines = lines[kept].reset_index(drop=True)
    kept_lines["receipt"] = place[of_line[kept]]
    return receipts[keep].reset_index(drop=True), kept_lines


def _pos_categories(pos: PosCategories, products: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """What the till says of each product's category: the owner's word, or nothing."""
    missing = rng.random(len(products)) < pos.without_category
    return [
        "" if gone else pos.names[category]
        for category, gone in zip(products["category"], missing, strict=True)
    ]


# Truth: what was planted, and what came of it.


def _truth(
    shop: ShopParameters,
    days: _Days,
    catalogue: _Catalogue,
    customers: Sequence[_Customer],
    products: pd.DataFrame,
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    seed: int,
) -> dict[str, Any]:
    """Everything an analysis may be asked to recover, as plain JSON values."""
    return {
        "seed": seed,
        "first_day": str(day_of(days.numbers[0])),
        "last_day": str(day_of(days.numbers[-1])),
        "planted": {
            "receipts_a_day": shop.receipts_a_day,
            "growth_a_year": shop.growth_a_year,
            "weekday": list(shop.weekday),
            "pay_days": list(shop.pay.days),
            "pay_phase": {
                PayPhase.BEFORE.value: shop.pay.before,
                PayPhase.PAYDAY.value: shop.pay.payday,
                PayPhase.MIDDLE.value: 1.0,
            },
            "bump": {"day": shop.pay.bump_day, "factor": shop.pay.bump},
            "holidays": asdict(shop.holidays),
            "humps": [asdict(hump) for hump in shop.humps],
            "by_amount_share_of_loose": shop.amounts.share_of_loose,
            "by_amount_grid": list(shop.amounts.grid),
            "varios_share": shop.varios.share,
            "pairs": [asdict(pair) for pair in shop.pairs],
        },
        "hours": _hours_truth(shop),
        "days": _days_truth(shop, days),
        "power_cuts": [
            {"start": moment_of(cut.start).isoformat(), "end": moment_of(cut.end).isoformat()}
            for cut in days.cuts
        ],
        "closed_days": [str(day_of(number)) for number in days.numbers[days.closed]],
        "half_days": [str(day_of(number)) for number in days.numbers[days.half]],
        "storm_days": [str(day_of(number)) for number in days.numbers[days.storm_units > 1]],
        "ration_weeks": _ration_truth(days),
        "price_changes": [
            {
                "product": catalogue.names[move.product],
                "day": str(day_of(days.numbers[move.day])),
                "before_cents": move.before,
                "after_cents": move.after,
            }
            for move in catalogue.moves
        ],
        "customers": _customers_truth(days, customers),
        "products": _products_truth(catalogue, products),
        "achieved": _achieved(catalogue, days, receipts, lines),
    }


def _hours_truth(shop: ShopParameters) -> list[list[float]]:
    """Planted share of a weekday's receipts in each hour of its business day (24 = midnight to one)."""
    shapes = _day_shapes(shop).reshape(7, _MINUTES // 60, 60).sum(axis=2)
    return [[round(float(share), 5) for share in row] for row in shapes]


def _days_truth(shop: ShopParameters, days: _Days) -> list[dict[str, Any]]:
    """Expected receipts of each business day, and the part of them that power and hours allowed."""
    possible = (_day_shapes(shop)[days.weekday] * days.open).sum(axis=1)
    return [
        {
            "day": str(day_of(number)),
            "expected_receipts": round(float(expected), 1),
            "open_share": round(float(share), 4),
            "pay_phase": PAY_PHASES[phase].value,
            "holiday": str(holiday),
            "occasion": str(occasion),
        }
        for number, expected, share, phase, holiday, occasion in zip(
            days.numbers,
            days.expected,
            possible,
            days.phase,
            days.calendar["holiday"],
            days.calendar["occasion"],
            strict=True,
        )
    ]


def _ration_truth(days: _Days) -> list[dict[str, Any]]:
    """Rationed weeks by their first day in the period, with the share of demand served."""
    week = (days.numbers + 3) // 7
    _weeks, first = np.unique(week, return_index=True)
    return [
        {"first_day": str(day_of(days.numbers[place])), "left": round(float(days.beer_left[place]), 3)}
        for place in first
        if days.beer_left[place] < 1
    ]


def _customers_truth(days: _Days, customers: Iterable[_Customer]) -> list[dict[str, Any]]:
    return [
        {
            "name": customer.name,
            "median_gap_days": customer.median_gap_days,
            "pay_day": customer.pay_day,
            "hour": customer.hour,
            "credit_share": customer.credit,
            "fate": customer.fate,
            "first_day": str(day_of(days.numbers[customer.first])),
            "last_day": str(day_of(days.numbers[customer.last])),
        }
        for customer in customers
    ]


def _products_truth(catalogue: _Catalogue, products: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name_,
            "sku": row.sku,
            "category": row.category,
            "family": row.family,
            "is_loose": bool(row.is_loose),
            "elasticity": float(elasticity),
            "distinct_prices": len(np.unique(prices)),
        }
        for row, elasticity, prices in zip(
            products.rename(columns={"name": "name_"}).itertuples(index=False),
            catalogue.elasticity,
            catalogue.price,
            strict=True,
        )
    ]


def _achieved(
    catalogue: _Catalogue, days: _Days, receipts: pd.DataFrame, lines: pd.DataFrame
) -> dict[str, Any]:
    """What the sales came to, cancelled receipts left out."""
    valid = ~receipts["cancelled"].to_numpy()
    counted = valid[lines["receipt"].to_numpy()]
    amount = lines["amount_cents"].to_numpy()[counted]
    place = lines["product_id"].to_numpy()[counted] - 1
    revenue = int(amount.sum())
    beer = catalogue.family[place] == catalogue.families.index("cerveza")
    loose = catalogue.is_loose[place]
    by_amount = lines["by_amount"].to_numpy()[counted]
    sales = int((valid & (receipts["kind"].to_numpy() == SaleKind.SALE)).sum())
    open_days = int((~days.closed).sum())
    return {
        "sales": sales,
        "refunds": int((receipts["kind"].to_numpy() == SaleKind.REFUND).sum()),
        "cancelled": int((~valid).sum()),
        "lines": len(place),
        "revenue_cents": revenue,
        "receipts_a_day": round(sales / max(1, open_days), 1),
        "revenue_a_day_cents": round(revenue / max(1, open_days)),
        "lines_a_receipt": round(len(place) / max(1, int(valid.sum())), 3),
        "beer_share_of_revenue": _share(amount[beer].sum(), revenue),
        "by_amount_share_of_loose_lines": _share(by_amount[loose].sum(), loose.sum()),
        "by_amount_share_of_lines": _share(by_amount.sum(), len(place)),
        "varios_share_of_lines": _share((place == catalogue.varios).sum(), len(place)),
        "category_share_of_revenue": {
            category.value: _share(amount[catalogue.category[place] == code].sum(), revenue)
            for code, category in enumerate(CATEGORIES)
        },
    }


def _share(part: float, whole: float) -> float:
    return round(float(part) / float(whole), 4) if whole else 0.0


# Files: the two exports of Loyverse, a flat table, the truth.


@dataclass(frozen=True, slots=True)
class _Words:
    """One language of the Loyverse back office."""

    receipts: str
    items: str
    sale: str
    refund: str
    closed: str
    cancelled: str
    dining: str
    payments: Mapping[Payment, str]


_WORDS: dict[str, _Words] = {
    "es": _Words(
        receipts=(
            "Fecha,Número de recibo,Tipo de recibo,Ventas brutas,Descuentos,Ventas netas,Impuestos,Propinas,"
            "Total recaudado,Costo de los bienes,Beneficio bruto,Tipo de pago,Descripción,TPV,Tienda,"
            "Nombre del cajero,Nombre del cliente,Contactos del cliente,Estado"
        ),
        items=(
            "Fecha,Número de recibo,Tipo de recibo,Categoria,REF,Artículo,Variante,Modificadores aplicados,Cantidad,"
            "Ventas brutas,Descuentos,Ventas netas,Costo de los bienes,Beneficio bruto,Impuestos,Tipo de pedido,TPV,"
            "Tienda,Nombre del cajero,Nombre del cliente,Contactos del cliente,Comentario,Estado"
        ),
        sale="Venta",
        refund="Reembolso",
        closed="Cerrado",
        cancelled="Cancelado",
        dining="Para llevar",
        payments={
            Payment.CASH: "Efectivo",
            Payment.CARD: "Tarjeta",
            Payment.TRANSFER: "Transferencia",
            Payment.CREDIT: "Fiao",
        },
    ),
    "en": _Words(
        receipts=(
            "Date,Receipt number,Receipt type,Gross sales,Discounts,Net sales,Taxes,Total collected,Cost of goods,"
            "Gross profit,Payment type,Description,Dining option,POS,Store,Cashier name,Customer name,"
            "Customer contacts,Status"
        ),
        items=(
            "Date,Receipt number,Receipt type,Category,SKU,Item,Variant,Modifiers applied,Quantity,Gross sales,"
            "Discounts,Net sales,Cost of goods,Gross profit,Taxes,Dining option,POS,Store,Cashier name,"
            "Customer name,Customer contacts,Comment,Status"
        ),
        sale="Sale",
        refund="Refund",
        closed="Closed",
        cancelled="Cancelled",
        dining="Takeout",
        payments={
            Payment.CASH: "Cash",
            Payment.CARD: "Card",
            Payment.TRANSFER: "Transfer",
            Payment.CREDIT: "Fiao",
        },
    ),
}

Column = list[str]


def write_loyverse(
    shop: SampleShop,
    folder: Path,
    language: Language = "es",
    *,
    clock: Clock = "12h",
    progress: Progress | None = None,
) -> tuple[Path, Path]:
    """Write the receipts and the receipts by item as the Loyverse back office exports them.

    Returns the two files, named as Loyverse names them.
    """
    words = _WORDS[language]
    span = f"{shop.first_day.isoformat()}-{shop.last_day.isoformat()}.csv"
    receipts_file, items_file = folder / f"receipts-{span}", folder / f"receipts-by-item-{span}"
    folder.mkdir(parents=True, exist_ok=True)
    shared = _receipt_columns(shop, words, language, clock)
    progress = progress or Progress()
    names = [_quoted(name) for name in shop.products["name"]]
    _write_rows(receipts_file, words.receipts, _receipt_rows(shop, words, shared, names), progress)
    _write_rows(items_file, words.items, _item_rows(shop, words, shared, names), progress)
    return receipts_file, items_file


def write_flat(shop: SampleShop, path: Path, *, progress: Progress | None = None) -> Path:
    """Write one row a line of what was sold, with ISO times and plain decimals; cancelled receipts left out."""
    receipts, lines = shop.sales
    of_line = lines["receipt"].to_numpy()
    moments = np.datetime_as_string(receipts["sold_at"].to_numpy().astype("datetime64[s]"), unit="s")
    moments = np.char.replace(moments, "T", " ")
    number = shop.receipts["number"].to_numpy()[~shop.receipts["cancelled"].to_numpy()]
    cashiers = ["", *shop.parameters.cashiers]
    product = lines["product_id"].to_numpy() - 1
    columns = (
        _texts(number)[of_line].tolist(),
        moments.astype(object)[of_line].tolist(),
        _looked_up([_quoted(name) for name in shop.products["name"]], product),
        _looked_up(list(shop.products["category"]), product),
        _decimals(lines["quantity_milli"].to_numpy(), 3),
        _decimals(lines["amount_cents"].to_numpy(), 2),
        _looked_up([payment.value for payment in PAYMENTS], receipts["payment"].to_numpy()[of_line]),
        _looked_up(cashiers, receipts["cashier_id"].to_numpy()[of_line]),
    )
    header = "receipt,datetime,product,category,quantity,amount,payment,cashier"
    _write_rows(path, header, columns, progress or Progress())
    return path


def write_truth(shop: SampleShop, path: Path) -> Path:
    """Write the hidden truth as JSON."""
    path.write_text(json.dumps(shop.truth, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


@dataclass(frozen=True, slots=True)
class _ReceiptColumns:
    """What both Loyverse files say of a receipt, as text arrays by receipt."""

    date: NDArray[np.object_]
    number: NDArray[np.object_]
    type: NDArray[np.object_]
    cashier: NDArray[np.object_]
    customer: NDArray[np.object_]
    status: NDArray[np.object_]


def _receipt_columns(shop: SampleShop, words: _Words, language: Language, clock: Clock) -> _ReceiptColumns:
    receipts = shop.receipts
    cashiers = np.array(["", *map(_quoted, shop.parameters.cashiers)], dtype=object)
    kinds = np.array([words.sale, words.refund], dtype=object)
    states = np.array([words.closed, words.cancelled], dtype=object)
    return _ReceiptColumns(
        date=_dates(receipts["sold_at"].to_numpy() // 60, language, clock),
        number=np.array([f"1-{number}" for number in receipts["number"].tolist()], dtype=object),
        type=kinds[receipts["kind"].to_numpy()],
        cashier=cashiers[receipts["cashier_id"].to_numpy()],
        customer=np.array([_quoted(name) for name in receipts["customer"]], dtype=object),
        status=states[receipts["cancelled"].to_numpy().astype(np.int64)],
    )


def _receipt_rows(
    shop: SampleShop, words: _Words, shared: _ReceiptColumns, names: Sequence[str]
) -> tuple[Iterable[str], ...]:
    receipts, count = shop.receipts, len(shop.receipts)
    payments = [words.payments.get(payment, "") for payment in PAYMENTS]
    money = _money_columns(receipts, receipts["total_cents"].to_numpy())
    zero = ["0.00"] * count
    is_spanish = "Propinas" in words.receipts
    columns: list[Iterable[str]] = [shared.date.tolist(), shared.number.tolist(), shared.type.tolist()]
    columns += [money.gross, money.discount, money.net, zero]
    columns += [zero] if is_spanish else []
    columns += [money.net, money.cost, money.profit]
    columns += [_looked_up(payments, receipts["payment"].to_numpy()), _descriptions(shop, names)]
    columns += [] if is_spanish else [[words.dining] * count]
    columns += [[_quoted(shop.parameters.register)] * count, [_quoted(shop.parameters.store)] * count]
    columns += [shared.cashier.tolist(), shared.customer.tolist(), [""] * count, shared.status.tolist()]
    return tuple(columns)


def _item_rows(
    shop: SampleShop, words: _Words, shared: _ReceiptColumns, names: Sequence[str]
) -> tuple[Iterable[str], ...]:
    lines, count = shop.lines, len(shop.lines)
    of_line, product = lines["receipt"].to_numpy(), lines["product_id"].to_numpy() - 1
    money = _money_columns(lines, lines["amount_cents"].to_numpy())
    blank = [""] * count
    return (
        shared.date[of_line].tolist(),
        shared.number[of_line].tolist(),
        shared.type[of_line].tolist(),
        _looked_up([_quoted(name) for name in shop.products["pos_category"]], product),
        _looked_up(list(shop.products["sku"]), product),
        _looked_up(names, product),
        blank,
        blank,
        _decimals(np.abs(lines["quantity_milli"].to_numpy()), 3),
        money.gross,
        money.discount,
        money.net,
        money.cost,
        money.profit,
        ["0.00"] * count,
        [words.dining] * count,
        [_quoted(shop.parameters.register)] * count,
        [_quoted(shop.parameters.store)] * count,
        shared.cashier[of_line].tolist(),
        shared.customer[of_line].tolist(),
        blank,
        blank,
        shared.status[of_line].tolist(),
    )


@dataclass(frozen=True, slots=True)
class _Money:
    """The amounts of a Loyverse row; of a refund only the net and the profit are negative."""

    gross: Column
    discount: Column
    net: Column
    cost: Column
    profit: Column


def _money_columns(frame: pd.DataFrame, net: Ints) -> _Money:
    cost = frame["cost_cents"].to_numpy()
    return _Money(
        gross=_decimals(frame["gross_cents"].to_numpy(), 2),
        discount=_decimals(frame["discount_cents"].to_numpy(), 2),
        net=_decimals(net, 2),
        cost=_decimals(cost, 2),
        profit=_decimals(net - cost, 2),
    )


def _descriptions(shop: SampleShop, names: Sequence[str]) -> Iterator[str]:
    """Quantity and name of every line of a receipt in one cell, as "2 x Pan de Agua, 1 x Café"."""
    lines = shop.lines
    milli = np.abs(lines["quantity_milli"].to_numpy())
    values, inverse = np.unique(milli, return_inverse=True)
    amounts = [f"{value / 1000:g}" for value in values.tolist()]
    bare = [name.strip('"').replace('""', '"') for name in names]
    parts = [
        f"{amounts[amount]} x {bare[product]}"
        for amount, product in zip(
            inverse.tolist(), (lines["product_id"].to_numpy() - 1).tolist(), strict=True
        )
    ]
    ends = np.cumsum(np.bincount(lines["receipt"].to_numpy(), minlength=len(shop.receipts))).tolist()
    start = 0
    for end in ends:
        yield _quoted(", ".join(parts[start:end]))
        start = end


def _dates(minutes: Ints, language: Language, clock: Clock) -> NDArray[np.object_]:
    """The text of each wall-clock minute, as the back office of that language writes it."""
    values, inverse = np.unique(minutes, return_inverse=True)
    return np.array([_date_text(value, language, clock) for value in values.tolist()], dtype=object)[inverse]


def _date_text(minutes: int, language: Language, clock: Clock) -> str:
    moment = moment_of(minutes * 60)
    if clock == "24h":
        return moment.strftime("%d/%m/%Y %H:%M")
    hour, is_morning = (moment.hour - 1) % 12 + 1, moment.hour < 12
    if language == "en":
        half = "AM" if is_morning else "PM"
        return f"{moment.month}/{moment.day}/{moment.year % 100:02d} {hour}:{moment.minute:02d} {half}"
    half = "a. m." if is_morning else "p. m."
    return f"{moment.day}/{moment.month}/{moment.year} {hour}:{moment.minute:02d} {half}"


def _decimals(values: Ints, places: int) -> Column:
    """Whole cents or thousandths as decimal text; each distinct value is written once."""
    unique, inverse = np.unique(values, return_inverse=True)
    unit = 10**places
    texts = [
        f"{'-' if value < 0 else ''}{abs(value) // unit}.{abs(value) % unit:0{places}d}"
        for value in unique.tolist()
    ]
    return _looked_up(texts, inverse)


def _looked_up(texts: Sequence[str], codes: Ints) -> Column:
    found: Column = np.array(texts, dtype=object)[codes].tolist()
    return found


def _texts(values: Ints) -> NDArray[np.object_]:
    return np.array([str(value) for value in values.tolist()], dtype=object)


def _quoted(text: str) -> str:
    """A CSV cell, quoted only where it must be."""
    if any(mark in text for mark in ',"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _write_rows(path: Path, header: str, columns: Sequence[Iterable[str]], progress: Progress) -> None:
    """Write the columns as rows, chunk by chunk; each chunk is a cancel point."""
    total = max((len(column) for column in columns if isinstance(column, list)), default=0)
    rows = map(",".join, zip(*columns, strict=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header + "\n")
        for done in range(0, total, _CHUNK):
            progress.step(done, total, path.name)
            chunk = [row for _number, row in zip(range(_CHUNK), rows, strict=False)]
            file.write("\n".join(chunk) + "\n")
