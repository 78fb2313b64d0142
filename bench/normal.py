"""How honest "normal" is: bands walked day by day, false alarms, and its error beside plainer rules.

    python -m bench.normal [FILE] [--step 1]

FILE is a till's CSV (gzip or not) with one row a receipt line; its columns are named by options whose
defaults fit the till of the take-away `restaurant_orders_2015_2019.csv.gz`. Without it, only the sample
shop, whose truth is known, and simulated shops are walked.

The protocol, the same for all: each day is compared with what is learnt from the days before it and
nothing else, from the 61st day with sales on. Nothing is tuned on any of these days.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import click
import numpy as np
import pandas as pd

from bench.figure import Figure, show
from colmado_insights import sample_shop
from colmado_insights.analytics.day import compute_day, fit_day_normals
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.normal import (
    compare_span,
    compute_normal,
    compute_normal_basket,
    judge,
)
from colmado_insights.analytics.results import Normal, NormalSpan, NotEnough, Verdict
from colmado_insights.domain import DAILY_COLUMNS, SECONDS_A_DAY, SaleKind, Target, day_of

DAYS = DominicanDays()
WARM_UP_DAYS = 60
SPAN_DAYS = 15
CLOCK_HOURS = (10, 13, 16, 19, 22)
HISTORY_DAYS = 60
SEEDS = (1, 2, 3)
STATIONARY_DAYS = 420
MOST_FALSE_ALARMS = 0.10
MILLISECONDS = 50.0
COLUMNS = {"receipts": "receipts", "revenue": "revenue_cents"}


@dataclass(frozen=True)
class Shop:
    """One shop's receipts and the sums of its days."""

    name: str
    daily: pd.DataFrame
    receipts: pd.DataFrame  # sold_at, has_time, kind, total_cents


@dataclass(frozen=True)
class Walked:
    """What was normal and what came, a row each: actual, mean, lo, hi, lo95, hi95, verdict."""

    name: str
    rows: pd.DataFrame
    rivals: dict[str, np.ndarray]

    def wape(self, guess: np.ndarray) -> float:
        """Sum of distances over sum of actuals."""
        actual = self.rows["actual"].to_numpy()
        return float(np.abs(actual - guess).sum() / actual.sum())

    def covers(self, low: str, high: str) -> float:
        """Share of days inside."""
        return float(
            ((self.rows["actual"] >= self.rows[low]) & (self.rows["actual"] <= self.rows[high])).mean()
        )

    def alarms(self) -> float:
        """Share of days called more or less than normal."""
        return float(self.rows["verdict"].isin([Verdict.MORE, Verdict.LESS]).mean())


def sum_days(receipts: pd.DataFrame) -> pd.DataFrame:
    """The daily sums that storage keeps, as far as what is normal asks for them."""
    is_sale = receipts["kind"] == SaleKind.SALE
    rows = pd.DataFrame(
        {
            "day": receipts["sold_at"] // SECONDS_A_DAY,
            "receipts": is_sale.astype("int64"),
            "lines": 0,
            "units_milli": 0,
            "revenue_cents": receipts["total_cents"],
            "returns_cents": (-receipts["total_cents"]).where(~is_sale, 0),
        }
    )
    return rows.groupby("day", as_index=False).sum().astype(DAILY_COLUMNS)


def sample(days: int, seed: int) -> tuple[Shop, dict[str, object]]:
    """The sample shop, and what was planted in it; its last day ends at midnight and is left out."""
    made = sample_shop.generate(
        sample_shop.read_parameters(), last_day=date(2026, 11, 20), days=days, seed=seed
    )
    receipts = made.sales[0][["sold_at", "has_time", "kind", "total_cents"]]
    daily = sum_days(receipts).iloc[:-1]
    return Shop(f"sample shop ({days} days)", daily, receipts), made.truth


def read_till(path: Path, receipt: str, when: str, quantity: str, price: str) -> Shop:
    """A till's file of lines as receipts."""
    lines = pd.read_csv(path)
    moments = pd.to_datetime(lines[when], dayfirst=True, format="mixed")
    lines = lines.assign(
        sold_at=(moments - pd.Timestamp(0)).dt.total_seconds().astype("int64"),
        cents=(lines[quantity] * lines[price] * 100).round().astype("int64"),
    )
    receipts = lines.groupby(receipt).agg(sold_at=("sold_at", "min"), total_cents=("cents", "sum"))
    receipts = receipts.assign(has_time=True, kind=np.int8(0)).sort_values("sold_at", ignore_index=True)
    return Shop(path.name, sum_days(receipts).iloc[:-1], receipts)


def stationary(seed: int) -> Shop:
    """Days without any change but chance: Poisson receipts around a fixed mean of each weekday, 8 % scatter."""
    rng = np.random.default_rng(seed)
    numbers = np.arange(20_000, 20_000 + STATIONARY_DAYS)
    mean = 150 * np.array([1.05, 0.9, 0.9, 0.95, 1.0, 1.2, 1.1])[(numbers + 4) % 7]
    counts = rng.poisson(mean * np.exp(rng.normal(0, 0.08, len(numbers))))
    money = np.rint(counts * 15_000 * np.exp(rng.normal(0, 0.9 / np.sqrt(counts)))).astype("int64")
    daily = pd.DataFrame({"day": numbers, "receipts": counts, "revenue_cents": money})
    daily = daily.assign(lines=0, units_milli=0, returns_cents=0)[list(DAILY_COLUMNS)].astype(DAILY_COLUMNS)
    return Shop(f"stationary {seed}", daily, pd.DataFrame())


def _row(actual: float, normal: Normal) -> tuple[object, ...]:
    verdict = judge(actual, normal)
    return actual, normal.mean, normal.lo, normal.hi, normal.lo95, normal.hi95, verdict


def _table(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["actual", "mean", "lo", "hi", "lo95", "hi95", "verdict"])


def walk(shop: Shop, what: str, step: int) -> Walked:
    """Compare every day with what the days before it say."""
    daily = shop.daily
    actual = (
        (daily["revenue_cents"] + daily["returns_cents"]) / daily["receipts"].clip(lower=1)
        if what == "basket"
        else daily[COLUMNS[what]]
    ).to_numpy(dtype=np.float64)
    numbers = daily["day"].to_numpy()
    rows, week, yesterday = [], [], []
    for place in range(WARM_UP_DAYS, len(daily), step):
        past, day = daily.iloc[:place], day_of(numbers[place])
        if what == "basket":
            normal = compute_normal_basket(past, day, DAYS, receipts=int(daily["receipts"].iloc[place]))
        else:
            normal = compute_normal(past, Target(what), day, DAYS)
        if isinstance(normal, NotEnough):
            raise click.ClickException(f"{shop.name}: too few days before {day}")
        rows.append(_row(actual[place], normal))
        same = [i for i in range(max(0, place - 30), place) if (numbers[i] - numbers[place]) % 7 == 0]
        week.append(actual[same].mean() if same else actual[place - 1])
        yesterday.append(actual[place - 1])
    rivals = {"week": np.array(week), "yesterday": np.array(yesterday)}
    return Walked(f"{shop.name}, {what} a day", _table(rows), rivals)


def walk_spans(shop: Shop, step: int) -> list[Walked]:
    """Compare fortnights with what the days before them say; no rival but the fortnight before."""
    numbers = shop.daily["day"].to_numpy()
    tables: dict[str, list[tuple[object, ...]]] = {"revenue": [], "receipts": [], "basket": []}
    before: dict[str, list[float]] = {name: [] for name in tables}
    start, last = int(numbers[0]) + 120, int(numbers[-1]) - SPAN_DAYS
    for first in range(start, last, max(1, step) * 5):
        stretch = day_of(first), day_of(first + SPAN_DAYS - 1)
        found = compare_span(shop.daily, *stretch, DAYS)
        if isinstance(found, NormalSpan):
            now, earlier = _span_sums(shop.daily, first), _span_sums(shop.daily, first - SPAN_DAYS)
            for name, rows in tables.items():
                normal = getattr(found, name)
                if normal is not None:
                    rows.append(_row(now[name], normal))
                    before[name].append(earlier[name])
    return [
        Walked(f"{shop.name}, {name} of {SPAN_DAYS} days", _table(rows), {"before": np.array(before[name])})
        for name, rows in tables.items()
    ]


def _span_sums(daily: pd.DataFrame, first: int) -> dict[str, float]:
    days = daily[(daily["day"] >= first) & (daily["day"] < first + SPAN_DAYS)]
    receipts = float(days["receipts"].sum())
    sold = float((days["revenue_cents"] + days["returns_cents"]).sum())
    return {
        "revenue": float(days["revenue_cents"].sum()),
        "receipts": receipts,
        "basket": sold / max(receipts, 1.0),
    }


def walk_clock(shop: Shop, step: int) -> list[tuple[str, int, float, float]]:
    """Coverage of the 80 % band and share of alarms of days cut at each hour of the clock."""
    inside: dict[str, list[bool]] = {name: [] for name in ("receipts", "revenue", "basket", "to come")}
    alarms: dict[str, list[bool]] = {name: [] for name in inside}
    sold_at = shop.receipts["sold_at"].to_numpy()
    numbers = shop.daily["day"].to_numpy()
    for place in range(WARM_UP_DAYS + 30, len(numbers), step):
        number = int(numbers[place])
        first = int(numbers[place - HISTORY_DAYS])
        history = shop.receipts[(sold_at >= first * SECONDS_A_DAY) & (sold_at < (number + 1) * SECONDS_A_DAY)]
        normals = fit_day_normals(shop.daily, day_of(number), DAYS)
        for hour in CLOCK_HOURS:
            now = datetime.combine(day_of(number), datetime.min.time()) + timedelta(hours=hour)
            view = compute_day(history, now, DAYS, normals)
            later = float(shop.daily["revenue_cents"].iloc[place]) - view.revenue_cents
            parts = (
                ("receipts", view.receipts, view.usual_receipts, view.verdict_receipts),
                ("revenue", view.revenue_cents, view.usual_revenue, view.verdict_revenue),
                ("basket", view.avg_basket_cents, view.usual_basket, view.verdict_basket),
                ("to come", later, view.remaining_revenue, Verdict.UNKNOWN),
            )
            for name, value, usual, verdict in parts:
                if value is not None and usual is not None and view.is_open_day and usual.mean > 0:
                    inside[name].append(usual.lo <= value <= usual.hi)
                    alarms[name].append(verdict in (Verdict.MORE, Verdict.LESS))
    return [
        (name, len(seen), float(np.mean(seen)), float(np.mean(alarms[name])))
        for name, seen in inside.items()
        if seen
    ]


def _print_walked(walked: Walked, rivals: tuple[str, ...]) -> None:
    ours = walked.wape(walked.rows["mean"].to_numpy())
    beside = "".join(f"{walked.wape(walked.rivals[name]):10.3f}" for name in rivals)
    click.echo(
        f"{walked.name:52}{len(walked.rows):6}{ours:8.3f}{beside}"
        f"{walked.covers('lo', 'hi'):8.1%}{walked.covers('lo95', 'hi95'):8.1%}{walked.alarms():8.1%}"
    )


def _speed(shop: Shop) -> tuple[float, float]:
    """Median milliseconds of learning once a day, and of the day's view at a moment."""
    number = int(shop.daily["day"].iloc[-1])
    first = (number - HISTORY_DAYS) * SECONDS_A_DAY
    history = shop.receipts[(shop.receipts["sold_at"] >= first)]
    now = datetime.combine(day_of(number), datetime.min.time()) + timedelta(hours=17)

    def median(work: Callable[[], object]) -> float:
        seconds = []
        for _ in range(9):
            started = time.process_time()
            work()
            seconds.append(time.process_time() - started)
        return float(np.median(seconds)) * 1000

    normals = fit_day_normals(shop.daily, now.date(), DAYS)
    return (
        median(lambda: fit_day_normals(shop.daily, now.date(), DAYS)),
        median(lambda: compute_day(history, now, DAYS, normals)),
    )


@click.command(help=__doc__)
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--step", default=1, show_default=True, help="Walk every so many days.")
@click.option("--receipt", default="invoice", show_default=True, help="Column of the receipt number.")
@click.option("--when", default="Order Date", show_default=True, help="Column of date and time, day first.")
@click.option("--quantity", default="Quantity", show_default=True, help="Column of the quantity.")
@click.option("--price", default="Product Price", show_default=True, help="Column of the unit price.")
def main(file: Path | None, step: int, receipt: str, when: str, quantity: str, price: str) -> None:
    """Walk, measure and print."""
    shops = [sample(800, 21)[0]]
    if file:
        shops.append(read_till(file, receipt, when, quantity, price))
    click.echo(__doc__ or "")
    click.echo(
        f"{'days':52}{'n':>6}{'WAPE':>8}{'week 30':>10}{'yesterd.':>10}{'80 %':>8}{'95 %':>8}{'alarm':>8}"
    )
    for shop in shops:
        for what in ("receipts", "revenue", "basket"):
            _print_walked(walk(shop, what, step), ("week", "yesterday"))
    still = [walk(stationary(seed), what, step) for seed in SEEDS for what in COLUMNS]
    for walked in still:
        _print_walked(walked, ("week", "yesterday"))
    click.echo(f"\n{'fortnights':52}{'n':>6}{'WAPE':>8}{'before':>10}{'80 %':>8}{'95 %':>8}{'alarm':>8}")
    for shop in shops:
        for walked in walk_spans(shop, step):
            _print_walked(walked, ("before",))
    click.echo(
        f"\n{'parts of a day, at ' + ', '.join(map(str, CLOCK_HOURS)) + ' h':52}{'n':>6}{'80 %':>8}{'alarm':>8}"
    )
    for shop in shops:
        for name, count, covers, alarms in walk_clock(shop, step * 4):
            click.echo(f"{shop.name + ', ' + name:52}{count:6}{covers:8.1%}{alarms:8.1%}")
    false = float(np.mean([walked.alarms() for walked in still]))
    click.echo()
    show(
        Figure(
            what="days without change called more or less than normal",
            ours=f"{false:.1%}",
            target=f"≤ {MOST_FALSE_ALARMS:.0%}",
            met=false <= MOST_FALSE_ALARMS,
        )
    )
    learn, view = _speed(shops[0])
    show(
        Figure(
            what="the day's view (learning once a day beside it)",
            ours=f"{view:.0f} ms (+ {learn:.0f} ms)",
            target=f"≤ {MILLISECONDS:g} ms",
            met=view <= MILLISECONDS,
        )
    )


if __name__ == "__main__":
    main()
