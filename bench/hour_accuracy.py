"""How well the receipts of single hours are forecast, beside the plain rule and boosted trees.

    python -m bench.hour_accuracy FILE… [--window development|last] [--horizon 14 --horizon 1] [--origins 12]

FILE is the grocery's or the take-away's CSV of receipt lines. At each origin `compute_hours` (choice, fit and
intervals) sees only the days up to it; the next days are scored on every hour of the clock, also those in which
the shop seemed closed. Origins are nine days apart for one day ahead, so that every weekday is scored, else weekly.

Protocol: every method was fixed on `--window development`, whose last scored day lies before the first scored day
of `--window last`; `last` is scored when nothing is changed any more: it was when the methods were done, and once
again, with nothing changed, for the figures here. WAPE of ours, the plain rule and the best rival:

                        development                        last
    grocery, 14 days    .526  .551  .541 LightGBM          .549  .570  .569 LightGBM
    grocery, 1 day      .530  .556  .556 plain rule        .552  .583  .550 HGB
    take-away, 14 days  .574  .596  .584 LightGBM          .616  .643  .635 HGB
    take-away, 1 day    .585  .599  .599 plain rule        .647  .673  .667 LightGBM

On development ours promised a quarter too little of the take-away's twelve single days (bias -.248), as the plain
rule (-.188) and the trees (-.26, -.28) did. Our own trees blended half and half with the profile were no help there for one day ahead (grocery .533, take-away
.585) and little for fourteen (.526 and .572): the choice stays with the profile until trees are clearly better.

Rivals: the mean of the same weekday and hour over 8 weeks (the plain rule), the same hour a week ago, scikit-learn's
HGB with Poisson loss, and LightGBM with Poisson loss where it is installed (`pip install lightgbm`: a development extra, not needed otherwise).
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from bench.demand_panel import column_of
from colmado_insights.analytics.backtest import bias, coverage, wape
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.history import Calendar, FloatArray
from colmado_insights.analytics.hours import compute_hours
from colmado_insights.analytics.results import HourForecast
from colmado_insights.domain import HOURLY_COLUMNS, Target, day_of, weekday_of

HOURS = 24
WEEK = 7
RIVAL_MEMORY = 400


def read_hours(path: Path) -> pd.DataFrame:
    """Receipts by day and hour (HOURLY_COLUMNS); the last day is left out, for an export may cut it off."""
    lines = pd.read_csv(path)
    when = column_of(lines, "when")
    moment = pd.to_datetime(when, dayfirst="/" in str(when.iloc[0]), format="mixed")
    receipts = pd.DataFrame({"receipt": column_of(lines, "receipt"), "at": moment})
    receipts = receipts.groupby("receipt", as_index=False)["at"].min()
    day = (receipts["at"].dt.normalize() - pd.Timestamp(0)).dt.days
    frame = pd.DataFrame({"day": day, "hour": receipts["at"].dt.hour, "receipts": 1})
    frame = frame[frame["day"] < frame["day"].max()].groupby(["day", "hour"], as_index=False).sum()
    rest = {name: 0 for name in HOURLY_COLUMNS if name not in frame.columns}
    return frame.assign(**rest)[list(HOURLY_COLUMNS)].astype(HOURLY_COLUMNS)


def measure(hourly: pd.DataFrame, file: str, window: str, horizon: int, count: int) -> None:
    """Score everything at the origins of one window and print it."""
    first, last = int(hourly["day"].min()), int(hourly["day"].max())
    values = np.zeros((last - first + 1, HOURS))
    np.add.at(values, (hourly["day"] - first, hourly["hour"]), hourly["receipts"])
    values[values.sum(axis=1) == 0] = np.nan
    step = WEEK if horizon > 1 else 9
    span = horizon + step * (count - 1)
    end = len(values) if window == "last" else len(values) - span
    origins = [end - horizon - step * back for back in range(count - 1, -1, -1)]
    actual = np.stack([values[origin : origin + horizon] for origin in origins])
    started = time.perf_counter()
    forecasts = [_ours(hourly, first + origin - 1, horizon) for origin in origins]
    seconds = (time.perf_counter() - started) / count
    points = {name: _grid(forecasts, name, horizon) for name in ("mean", "lo80", "hi80", "lo95", "hi95")}
    answers = {"ours": np.nan_to_num(points["mean"])} | _rivals(values, first, origins, horizon)
    begin, stop = day_of(first + origins[0]), day_of(first + origins[-1] + horizon - 1)
    print(f"\n{file}: receipts an hour, {horizon} days ahead, {np.nanmean(actual.sum(axis=2)):.1f} a day")
    print(f"split: {window}: {count} origins, {step} days apart, scored {begin} to {stop}")
    for name, predicted in sorted(answers.items(), key=lambda pair: wape(pair[1], actual)):
        print(f"  {name:18} WAPE {wape(predicted, actual):.4f}   bias {bias(predicted, actual):+.3f}")
    within80, within95 = (
        coverage(points[low], points[high], actual) for low, high in (("lo80", "hi80"), ("lo95", "hi95"))
    )
    print(f"  intervals cover {within80:.3f} of 80 %, {within95:.3f} of 95 %; {seconds:.2f} s a forecast")
    rivals = {name: wape(predicted, actual) for name, predicted in answers.items() if name != "ours"}
    best = min(rivals, key=lambda name: rivals[name])
    ours = wape(answers["ours"], actual)
    print(f"  ours is {1 - ours / rivals['plain rule']:.1%} below the plain rule,", end=" ")
    print(f"{1 - ours / rivals[best]:.1%} below the best rival ({best})")
    print(f"  chance alone, were our means the truth: WAPE {_chance(answers['ours']):.4f}")
    print(f"  used: {dict(Counter(forecast.model for forecast in forecasts))}")


def _chance(means: FloatArray) -> float:
    """The error of whoever knows the true mean of every hour: the mean absolute deviation of Poisson counts."""
    from scipy.stats import poisson

    sure = means[means > 0]
    whole = np.floor(sure)
    return float((2 * (whole + 1) * poisson.pmf(whole + 1, sure)).sum() / sure.sum())


def _ours(hourly: pd.DataFrame, day: int, horizon: int) -> HourForecast:
    found = compute_hours(
        hourly[hourly["day"] <= day],
        Target.RECEIPTS,
        until=day_of(day),
        horizon=horizon,
        days=DominicanDays(),
    )
    assert isinstance(found, HourForecast), found
    return found


def _grid(forecasts: list[HourForecast], name: str, horizon: int) -> FloatArray:
    """One number of every point, shape (origins, horizon, 24); NaN where there is none."""
    grid = np.full((len(forecasts), horizon, HOURS), np.nan)
    for turn, forecast in enumerate(forecasts):
        for point in forecast.points:
            grid[turn, (point.day - forecast.until).days - 1, point.hour] = getattr(point, name)
    return grid


def _rivals(values: FloatArray, first: int, origins: list[int], horizon: int) -> dict[str, FloatArray]:
    weekday = np.array([weekday_of(first + row) for row in range(len(values) + horizon)])
    answers = {
        "plain rule": np.stack([_weekday_mean(values[:o], weekday, horizon, 8) for o in origins]),
        "last week": np.stack([_weekday_mean(values[:o], weekday, horizon, 1) for o in origins]),
    }
    for name, model in (("HGB-Poisson", _hgb()), ("LightGBM-Poisson", _lightgbm())):
        if model is not None:
            answers[name] = _boosted(values, first, origins, horizon, model)
    return answers


def _weekday_mean(past: FloatArray, weekday: np.ndarray, horizon: int, weeks: int) -> FloatArray:
    span = past[-weeks * WEEK :]
    such = weekday[len(past) - len(span) : len(past)]
    is_open = ~np.isnan(span[:, 0])
    means = np.stack(
        [
            span[is_open & (such == number)].mean(axis=0)
            if (is_open & (such == number)).any()
            else np.zeros(24)
            for number in range(WEEK)
        ]
    )
    return np.asarray(means[weekday[len(past) : len(past) + horizon]])


def _hgb() -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(
        loss="poisson", learning_rate=0.05, max_iter=200, min_samples_leaf=40, l2_regularization=1.0,
        early_stopping=False, random_state=0,
    )  # fmt: skip


def _lightgbm() -> Any:
    try:
        import lightgbm  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        print("LightGBM is not installed: pip install lightgbm to have it scored too")
        return None
    return lightgbm.LGBMRegressor(
        objective="poisson", n_estimators=250, learning_rate=0.05, num_leaves=31, min_child_samples=40,
        n_jobs=1, random_state=0, verbose=-1,
    )  # fmt: skip


def _boosted(values: FloatArray, first: int, origins: list[int], horizon: int, model: Any) -> FloatArray:
    """Trees on hour, calendar and memories, fitted afresh every fourth origin; capped at twice the most seen."""
    frame = Calendar.of(DominicanDays(), first, first + len(values) + horizon).frame
    names = ("weekday", "days_since_payroll", "days_to_payroll", "is_holiday", "is_eve")
    days = np.column_stack([frame[name].to_numpy(dtype=np.float64) for name in names])
    memories = [pd.DataFrame(values).ewm(halflife=half).mean().ffill().to_numpy() for half in (7, 28, 90)]
    answers = []
    for turn, origin in enumerate(origins):
        if turn % 4 == 0:
            rng = np.random.default_rng(0)
            rows = np.arange(max(8 * WEEK, origin - RIVAL_MEMORY), origin)
            rows = rows[~np.isnan(values[rows, 0])]
            steps = rng.integers(1, horizon + 1, len(rows))
            model.fit(_features(values, memories, days, rows, steps), values[rows].ravel())
        steps = np.arange(1, horizon + 1)
        told = model.predict(_features(values, memories, days, origin + steps - 1, steps))
        most = 2 * np.nanmax(values[:origin])
        answers.append(np.clip(told.reshape(horizon, HOURS), 0, most))
    return np.stack(answers)


def _features(
    values: FloatArray, memories: list[FloatArray], days: FloatArray, rows: np.ndarray, steps: np.ndarray
) -> FloatArray:
    hours = np.broadcast_to(np.arange(HOURS), (len(rows), HOURS))
    weeks = (steps + WEEK - 1) // WEEK
    lags = np.stack([values[np.maximum(rows - WEEK * (weeks + back), 0)] for back in range(4)])
    known = ~np.isnan(lags)
    mean = np.where(known, lags, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    parts = [hours, lags[0], mean, *(memory[rows - steps] for memory in memories)]
    parts += [
        np.broadcast_to(memory[rows - steps].sum(axis=1, keepdims=True), hours.shape) for memory in memories
    ]
    parts += [np.broadcast_to(column[rows][:, None], hours.shape) for column in days.T]
    parts.append(np.broadcast_to(steps[:, None], hours.shape))
    return np.stack(parts, axis=-1).reshape(hours.size, -1).astype(np.float64)


@click.command(help=__doc__)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--window", type=click.Choice(["development", "last"]), default="last", show_default=True)
@click.option("--horizon", "horizons", type=int, multiple=True, default=(14, 1), show_default=True)
@click.option("--origins", default=12, show_default=True)
def main(files: tuple[Path, ...], window: str, horizons: tuple[int, ...], origins: int) -> None:
    """Measure and print."""
    for file in files:
        hourly = read_hours(file)
        for horizon in horizons:
            measure(hourly, file.name, window, horizon, origins)


if __name__ == "__main__":
    main()
