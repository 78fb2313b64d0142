"""How well the forecasts of days do on a real till's file, each scored on days the choice never saw.

    python -m bench.forecast_accuracy FILE [--weeks 8] [--horizon 14] [--target revenue|receipts] [--json]

FILE is a CSV (gzip or not) with one row a receipt line; its columns are named by options whose
defaults fit the till of the take-away `restaurant_orders_2015_2019.csv.gz`.

The split, which is printed too: one origin a week over the last weeks, each forecasting `--horizon`
days. At every origin the whole of `compute_forecast` (choice of the method, its fit, its intervals)
is run on the days before it; only then is it scored. Rivals are scored on the same days. The first
origin is so placed that every origin has its full horizon of days to be scored on.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from colmado_insights.analytics.backtest import bias, coverage, wape, within
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast import compute_forecast
from colmado_insights.analytics.forecast_methods import CANDIDATES, Calendar, FloatArray, History
from colmado_insights.analytics.results import Forecast, NotEnough
from colmado_insights.domain import Target, day_number, day_of

USUAL_CLOSE_SHARE = 0.10
"""A last day that ends before the earliest tenth of the same weekdays' ends was cut off by the export."""
ENDS_LOOKED_AT = 52


@dataclass(frozen=True)
class Columns:
    """What the file calls the columns needed."""

    receipt: str
    when: str
    quantity: str
    price: str


@dataclass(frozen=True)
class Score:
    """One forecaster's figures over all scored days."""

    name: str
    wape: float
    bias: float
    within15: float


@dataclass(frozen=True)
class Report:
    """Everything the command prints."""

    file: str
    target: str
    split: str
    left_out: str
    origins: int
    days_scored: int
    ours: Score
    rivals: tuple[Score, ...]
    gain_over_naive: float
    coverage80: float
    coverage95: float
    seconds_a_series: float
    seconds_a_series_most: float
    methods_used: dict[str, int]


def read_lines(path: Path, columns: Columns) -> pd.DataFrame:
    """Read a file of receipt lines: receipt, day, hour, second of the day, cents, units in thousandths."""
    lines = pd.read_csv(path)
    when = pd.to_datetime(lines[columns.when], dayfirst=True, format="mixed")
    second = (when - when.dt.normalize()).dt.total_seconds()
    return pd.DataFrame(
        {
            "receipt": lines[columns.receipt],
            "day": (when.dt.normalize() - pd.Timestamp(0)).dt.days,
            "hour": (second // 3600).astype("int64"),
            "second": second,
            "cents": (lines[columns.quantity] * lines[columns.price] * 100).round().astype("int64"),
            "units_milli": (lines[columns.quantity] * 1000).round().astype("int64"),
        }
    )


def read_days(lines: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Sum receipt lines up to a DAILY frame; say which days were left out and why."""
    days = lines.groupby("day").agg(
        receipts=("receipt", "nunique"),
        lines=("receipt", "size"),
        units_milli=("units_milli", "sum"),
        revenue_cents=("cents", "sum"),
        end=("second", "max"),
    )
    days = days.reset_index()
    left_out = "nothing"
    if _is_cut_off(days):
        left_out = f"{day_of(days['day'].iloc[-1])}: the export cut the day off"
        days = days.iloc[:-1]
    frame = days.assign(returns_cents=0).drop(columns="end")
    return frame.astype("int64").reset_index(drop=True), left_out


def _is_cut_off(days: pd.DataFrame) -> bool:
    """Tell whether the last day ends earlier than such days end."""
    last = days.iloc[-1]
    same = days[(days["day"] - last["day"]) % 7 == 0].iloc[:-1].tail(ENDS_LOOKED_AT)
    return bool(last["end"] < same["end"].quantile(USUAL_CLOSE_SHARE))


def measure(days: pd.DataFrame, target: Target, weeks: int, horizon: int, file: str, left_out: str) -> Report:
    """Run the whole forecast at each origin and score it beside every candidate."""
    last = int(days["day"].max())
    # The newest origin has exactly `horizon` days after it.
    origins = [last - horizon - 7 * back for back in range(weeks - 1, -1, -1)]
    column = "revenue_cents" if target is Target.REVENUE else "receipts"
    known = days.set_index("day")[column].astype("float64")
    actual = np.array([known.reindex(range(o + 1, o + 1 + horizon)).to_numpy() for o in origins])
    forecasts: list[Forecast] = []
    seconds = []
    for origin in origins:
        past = days[days["day"] <= origin]
        start = time.perf_counter()
        forecast = compute_forecast(past, target, until=day_of(origin), horizon=horizon, days=DominicanDays())
        seconds.append(time.perf_counter() - start)
        if isinstance(forecast, NotEnough):
            raise click.ClickException(f"only {forecast.have} days with sales before {day_of(origin)}")
        forecasts.append(forecast)
    points = {
        name: np.array([[getattr(point, name) for point in forecast.points] for forecast in forecasts])
        for name in ("mean", "lo80", "hi80", "lo95", "hi95")
    }
    rivals = _rivals(known, origins, horizon, actual)
    naive = next(rival for rival in rivals if rival.name == "seasonal_naive")
    ours = _score("ours", points["mean"], actual)
    used = pd.Series([forecast.model for forecast in forecasts]).value_counts()
    return Report(
        file=file,
        target=target.value,
        split=_split_words(origins, horizon),
        left_out=left_out,
        origins=len(origins),
        days_scored=int(np.count_nonzero(~np.isnan(actual))),
        ours=ours,
        rivals=rivals,
        gain_over_naive=1.0 - ours.wape / naive.wape,
        coverage80=coverage(points["lo80"], points["hi80"], actual),
        coverage95=coverage(points["lo95"], points["hi95"], actual),
        seconds_a_series=float(np.median(seconds)),
        seconds_a_series_most=float(np.max(seconds)),
        methods_used={str(name): int(count) for name, count in used.items()},
    )


def _rivals(
    known: pd.Series[float], origins: list[int], horizon: int, actual: FloatArray
) -> tuple[Score, ...]:
    """Each candidate alone, fitted afresh at each origin, best first."""
    first, last = int(known.index.min()), int(known.index.max())
    calendar = Calendar.of(DominicanDays(), first, last + 28)
    values: FloatArray = np.asarray(known.reindex(range(first, last + 1)), dtype=np.float64)
    history = History(values, calendar)
    scores = []
    for method in CANDIDATES:
        past = [history.before(origin - first + 1) for origin in origins]
        predicted = np.array([method().fit(days).predict(days, horizon) for days in past])
        scores.append(_score(method.name, predicted, actual))
    return tuple(sorted(scores, key=lambda score: score.wape))


def _score(name: str, predicted: FloatArray, actual: FloatArray) -> Score:
    return Score(name, wape(predicted, actual), bias(predicted, actual), within(predicted, actual, 0.15))


def _split_words(origins: list[int], horizon: int) -> str:
    first, last = day_of(origins[0]), day_of(origins[-1])
    scored_from, scored_to = first + timedelta(days=1), last + timedelta(days=horizon)
    return (
        f"{len(origins)} weekly origins, {first} to {last}; at each, choice, fit and intervals see only the days up"
        f" to it and the next {horizon} days are scored ({scored_from} to {scored_to})"
    )


def _print_report(report: Report) -> None:
    click.echo(f"file       {report.file}")
    click.echo(f"target     {report.target} per day")
    click.echo(f"split      {report.split}")
    click.echo(f"left out   {report.left_out}")
    click.echo(f"scored     {report.days_scored} days with sales\n")
    click.echo(f"{'':16}{'WAPE':>8}{'bias':>8}{'within 15 %':>14}")
    for score in (report.ours, *report.rivals):
        click.echo(f"{score.name:16}{score.wape:8.3f}{score.bias:+8.3f}{score.within15:14.2f}")
    click.echo(f"\nbelow the seasonal naive by {report.gain_over_naive:.1%}")
    click.echo(f"80 % interval covers {report.coverage80:.1%}, 95 % interval {report.coverage95:.1%}")
    click.echo(
        f"seconds a series: median {report.seconds_a_series:.1f}, most {report.seconds_a_series_most:.1f}"
    )
    click.echo("used       " + ", ".join(f"{name} ×{count}" for name, count in report.methods_used.items()))


def column_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that name the columns of a till's file, handed over together as `columns`."""

    @functools.wraps(command)
    def with_columns(receipt: str, when: str, quantity: str, price: str, **others: Any) -> Any:
        return command(columns=Columns(receipt, when, quantity, price), **others)

    for option, default, words in _COLUMN_OPTIONS:
        with_columns = click.option(option, default=default, show_default=True, help=words)(with_columns)
    return with_columns


_COLUMN_OPTIONS = (
    ("--price", "Product Price", "Column of the unit price."),
    ("--quantity", "Quantity", "Column of the quantity."),
    ("--when", "Order Date", "Column of date and time, day first."),
    ("--receipt", "invoice", "Column of the receipt number."),
)


@click.command(help=__doc__)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--weeks", default=8, show_default=True, help="Weekly origins.")
@click.option("--horizon", default=14, show_default=True, help="Days ahead.")
@click.option("--target", type=click.Choice([t.value for t in Target]), default="revenue", show_default=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Leave out all days after this one.")
@column_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(
    file: Path,
    weeks: int,
    horizon: int,
    target: str,
    until: date | None,
    columns: Columns,
    as_json: bool,
) -> None:
    """Measure and print."""
    days, left_out = read_days(read_lines(file, columns))
    if until:
        days = days[days["day"] <= day_number(date(until.year, until.month, until.day))]
    report = measure(days, Target(target), weeks, horizon, file.name, left_out)
    if as_json:
        click.echo(json.dumps(asdict(report), indent=2))
    else:
        _print_report(report)


if __name__ == "__main__":
    main()
