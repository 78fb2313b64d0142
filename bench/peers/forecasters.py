"""The rivals, run in their own virtual environment: a series comes in as JSON, forecasts go out as JSON.

In (standard input): `first_day`, `values` (null where the shop was closed), `calendar` (columns of numbers and
of words, as long as the values and the horizon together), `origins` (days known at each), `horizon`, `methods`.
Out (standard output): for each method `mean`, and `lo80`, `hi80`, `lo95`, `hi95` where it has them, all of shape
(origins, horizon), and `seconds`, the median of one fit with its forecast.

Each is used the way its own manual shows it to a data scientist who knows the shop's calendar: week of seven
days for the automatic families, holidays and pay days for Prophet and LightGBM. Nothing is tuned on what is scored.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

WEEK = 7
LEVELS = (80, 95)
Answer = dict[str, np.ndarray]


@dataclass(frozen=True)
class Past:
    """What is known at one origin: values without gaps, and the calendar of these days and those ahead."""

    values: np.ndarray
    is_open: np.ndarray
    days: pd.DatetimeIndex
    calendar: pd.DataFrame
    horizon: int

    @property
    def known(self) -> int:
        """Days before the origin."""
        return len(self.values)


def ets(past: Past) -> Answer:
    """Statsmodels' exponential smoothing with a damped trend and a week."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    series = pd.Series(past.values, index=past.days[: past.known])
    model = ETSModel(series, trend="add", damped_trend=True, seasonal="add", seasonal_periods=WEEK)
    fit = model.fit(disp=False)
    told = fit.get_prediction(start=past.known, end=past.known + past.horizon - 1)
    answer = {"mean": np.asarray(told.predicted_mean)}
    for level in LEVELS:
        band = told.summary_frame(alpha=1 - level / 100)
        answer[f"lo{level}"] = band["pi_lower"].to_numpy()
        answer[f"hi{level}"] = band["pi_upper"].to_numpy()
    return answer


def _automatic(name: str) -> Callable[[Past], Answer]:
    """One of statsforecast's automatic families."""

    def forecast(past: Past) -> Answer:
        from statsforecast import models

        told = getattr(models, name)(season_length=WEEK).forecast(
            past.values, h=past.horizon, level=list(LEVELS)
        )
        answer = {"mean": told["mean"]}
        for level in LEVELS:
            answer[f"lo{level}"], answer[f"hi{level}"] = told[f"lo-{level}"], told[f"hi-{level}"]
        return answer

    return forecast


def prophet(past: Past) -> Answer:
    """Prophet with the country's holidays, the occasions and the pay phase."""
    from prophet import Prophet

    frame = pd.DataFrame({"ds": past.days, "y": np.append(past.values, np.full(past.horizon, np.nan))})
    named = past.calendar["holiday"].where(past.calendar["holiday"] != "", past.calendar["occasion"])
    feasts = pd.DataFrame({"ds": past.days, "holiday": named})[named != ""]
    pay = pd.get_dummies(past.calendar["pay_phase"], prefix="pay").astype(float).to_numpy()[:, :2]
    answer: Answer = {}
    for level in LEVELS:
        model = Prophet(
            weekly_seasonality=True,
            yearly_seasonality="auto",
            daily_seasonality=False,
            holidays=feasts if len(feasts) else None,
            interval_width=level / 100,
            uncertainty_samples=400,
        )
        told = frame.copy()
        for column in range(pay.shape[1]):
            told[f"pay_{column}"] = pay[:, column]
            model.add_regressor(f"pay_{column}")
        known = told.iloc[: past.known]
        model.fit(known[past.is_open], seed=1)
        ahead = model.predict(told.iloc[past.known :])
        answer["mean"] = ahead["yhat"].to_numpy()
        answer[f"lo{level}"], answer[f"hi{level}"] = (
            ahead["yhat_lower"].to_numpy(),
            ahead["yhat_upper"].to_numpy(),
        )
    return answer


def lightgbm(past: Past) -> Answer:
    """LightGBM with absolute loss on logs: calendar, lags and rolling means, one model for all horizons."""
    import lightgbm as lgb

    logs = np.log(np.maximum(past.values, 1.0))
    horizons = np.arange(1, past.horizon + 1)
    origins = np.arange(8 * WEEK, past.known)
    rows, level, ahead = _lagged(past, logs, origins, horizons)
    trained = (ahead < past.known) & past.is_open[np.minimum(ahead, past.known - 1)]
    target = logs[np.minimum(ahead, past.known - 1)] - level
    model = lgb.LGBMRegressor(
        objective="l1",
        n_estimators=300,
        learning_rate=0.05,
        num_leaves=15,
        min_child_samples=50,
        n_jobs=1,
        verbose=-1,
        random_state=1,
    )
    model.fit(rows[trained.ravel()], target[trained])
    last, base, _ = _lagged(past, logs, np.array([past.known]), horizons)
    return {"mean": np.exp(base[0] + model.predict(last))}


def _lagged(
    past: Past, logs: np.ndarray, origins: np.ndarray, horizons: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features (origins * horizons, k), the level they are measured from, and the days meant (origins, horizons)."""
    ahead = origins[:, None] + horizons - 1
    sums = np.concatenate([[0.0], np.cumsum(logs)])
    means = [(sums[origins] - sums[origins - span]) / span for span in (WEEK, 4 * WEEK, 8 * WEEK)]
    level = np.broadcast_to(means[1][:, None], ahead.shape)
    weeks = (horizons + WEEK - 1) // WEEK * WEEK
    lags = [logs[ahead - weeks - WEEK * back] for back in range(4)]
    parts = [lag - level for lag in (*lags[:2], np.mean(lags, axis=0))]
    parts += [np.broadcast_to((mean - means[1])[:, None], ahead.shape) for mean in (means[0], means[2])]
    parts.append(np.broadcast_to(horizons, ahead.shape))
    words = past.calendar.select_dtypes("object").apply(lambda column: column.astype("category").cat.codes)
    numbers = past.calendar.select_dtypes(exclude="object")
    parts += [frame[name].to_numpy(dtype=float)[ahead] for frame in (numbers, words) for name in frame]
    parts.append(past.days.dayofyear.to_numpy(dtype=float)[ahead])
    return np.stack(parts, axis=-1).reshape(ahead.size, -1), level, ahead


METHODS: dict[str, Callable[[Past], Answer]] = {
    "ets": ets,
    "auto_arima": _automatic("AutoARIMA"),
    "auto_ets": _automatic("AutoETS"),
    "auto_theta": _automatic("AutoTheta"),
    "auto_ces": _automatic("AutoCES"),
    "prophet": prophet,
    "lightgbm": lightgbm,
}


def _filled(values: np.ndarray) -> np.ndarray:
    """Closed days get the last same weekday's value: most rivals know no gaps."""
    filled = values.copy()
    for day in np.flatnonzero(np.isnan(values)):
        filled[day] = filled[day - WEEK] if day >= WEEK else np.nan
    return np.where(np.isnan(filled), np.nanmean(values), filled)


def _pasts(asked: dict[str, Any]) -> list[Past]:
    values = np.array(asked["values"], dtype=float)
    calendar = pd.DataFrame(asked["calendar"])
    horizon = asked["horizon"]
    days = pd.date_range(asked["first_day"], periods=len(calendar))
    return [
        Past(
            values=_filled(values[:known]),
            is_open=~np.isnan(values[:known]),
            days=days[: known + horizon],
            calendar=calendar.iloc[: known + horizon],
            horizon=horizon,
        )
        for known in asked["origins"]
    ]


def main() -> None:
    """Answer one series."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    asked = json.load(sys.stdin)
    pasts = _pasts(asked)
    answers: dict[str, Any] = {}
    for name in asked["methods"]:
        told: list[Answer] = []
        seconds = []
        # The first call compiles or loads; it is made twice so that no rival pays for that in its seconds.
        METHODS[name](pasts[0])
        for past in pasts:
            start = time.perf_counter()
            told.append(METHODS[name](past))
            seconds.append(time.perf_counter() - start)
        answers[name] = {key: np.array([each[key] for each in told]).tolist() for key in told[0]}
        answers[name]["seconds"] = float(np.median(seconds))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
