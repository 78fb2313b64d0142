"""Our forecasts of days against the usual libraries, on the same origins and days of each kind of shop.

    python -m bench.forecast_peers [FILE] [--window development|last] [--kind real|real_tiny|busy|growing|tiny]
                                   [--target revenue|receipts] [--horizon 14] [--json]

FILE is a till's CSV of receipt lines as `bench.forecast_accuracy` reads it; without it only the simulated shops
are scored. Rivals: seasonal naive, statsmodels ETS, statsforecast AutoARIMA, AutoETS, AutoTheta and AutoCES,
Prophet and LightGBM. They are a development extra: the script makes them a virtual environment of their own in
the user's cache folder from `bench/peers/requirements.txt`, and asks them there.

Protocol: every method was fixed on `--window development`; `--window last` was scored once, when nothing was
changed any more. `bench/forecast_shops.py` says which days these are. At every origin choice, fit and intervals
see only the days up to it. Errors of a kind are means over its series. The best rival is chosen after seeing
the window, which flatters it. AutoARIMA takes most of the time: name the other rivals with `--rival` to leave it out.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.forecast_accuracy import Columns, column_options
from bench.forecast_shops import KINDS, Series, Window, read_series
from bench.peers import ask
from colmado_insights.analytics.backtest import bias, coverage, wape, within
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast import compute_forecast
from colmado_insights.analytics.forecast_methods import FloatArray, SeasonalNaive
from colmado_insights.analytics.history import Calendar, History
from colmado_insights.analytics.outages import compute_open_share
from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import Target, day_of

RIVALS = ("ets", "auto_arima", "auto_ets", "auto_theta", "auto_ces", "prophet", "lightgbm")
OURS = "ours"
MEASURED = """\
Written down on 2026-11-20: revenue a day, 14 days ahead (WAPE; our intervals' cover on days not cut short)
kind       development: ours, best rival   last: ours, best rival     80 %   95 %
real       .3043  Prophet .3194            .2656  LightGBM .2665     .786   .956
real_tiny  .3795  AutoCES .3971            .3275  AutoCES .3368      .816   .964
busy       .1317  Prophet .1394            .1215  Prophet .1229      .816   .927
growing    .1512  Prophet .1637            .1364  Prophet .1503      .850   .949
tiny       .4398  LightGBM .4655           .4571  AutoETS .4755      .773   .943
AutoARIMA was run on the real kinds only, and of the simulated ones' development only Prophet and LightGBM."""
_CALENDAR = (
    "weekday",
    "week_of_month",
    "days_since_payroll",
    "days_to_payroll",
    "pay_phase",
    "holiday",
    "occasion",
    "is_eve",
)
_BOUNDS = ("lo80", "hi80", "lo95", "hi95")
Answer = dict[str, FloatArray]


@dataclass(frozen=True)
class Score:
    """One forecaster on one kind of shop; coverage is None where it gives no interval."""

    kind: str
    name: str
    wape: float
    bias: float
    within15: float
    coverage80: float | None
    coverage95: float | None
    seconds: float


@dataclass(frozen=True)
class Scored:
    """One series with what every forecaster said about it."""

    series: Series
    actual: FloatArray
    whole: FloatArray  # `actual` without the days that the power or the owner cut short
    answers: dict[str, Answer]
    seconds: dict[str, float]
    models: Counter[str]


def run(series: Series, target: Target, horizon: int, rivals: tuple[str, ...]) -> Scored:
    """Let everyone forecast one series."""
    column = "revenue_cents" if target is Target.REVENUE else "receipts"
    first, last = int(series.daily["day"].min()), int(series.daily["day"].max())
    known = series.daily.set_index("day")[column].astype("float64").reindex(range(first, last + 1))
    known = known.where(known > 0)
    actual = np.array([known.reindex(range(day + 1, day + 1 + horizon)).to_numpy() for day in series.origins])
    whole = np.where(_is_cut_short(series, horizon), np.nan, actual)
    answers, seconds = _rivals(series, known, horizon, rivals)
    answers["seasonal_naive"], seconds["seasonal_naive"] = _naive(series, known, horizon)
    answers[OURS], seconds[OURS], models = _ours(series, target, horizon)
    return Scored(series, actual, whole, answers, seconds, models)


def _is_cut_short(series: Series, horizon: int) -> NDArray[np.bool_]:
    """Which of the days ahead of each origin lost business to silence, as all the file tells now."""
    last = int(series.daily["day"].max())
    if series.hourly is None:
        return np.zeros((len(series.origins), horizon), dtype=bool)
    share = compute_open_share(series.hourly, until=day_of(last), days=DominicanDays())
    ahead = np.array([range(day + 1, day + 1 + horizon) for day in series.origins])
    return np.asarray(share.reindex(ahead.ravel()).fillna(1.0) < 1.0).reshape(ahead.shape)


def _ours(series: Series, target: Target, horizon: int) -> tuple[Answer, float, Counter[str]]:
    """The whole of `compute_forecast` at every origin, on the days before it."""
    told: list[list[list[float]]] = []
    seconds = []
    models: Counter[str] = Counter()
    for origin in series.origins:
        until = day_of(origin)
        past = series.daily[series.daily["day"] <= origin]
        start = time.perf_counter()
        hours = series.hourly
        share = None if hours is None else compute_open_share(hours, until=until, days=DominicanDays())
        forecast = compute_forecast(
            past, target, until=until, horizon=horizon, days=DominicanDays(), open_share=share
        )
        seconds.append(time.perf_counter() - start)
        if isinstance(forecast, NotEnough):
            raise click.ClickException(f"{series.name}: only {forecast.have} days before {until}")
        models[forecast.model] += 1
        told.append([[getattr(point, name) for name in ("mean", *_BOUNDS)] for point in forecast.points])
    table = np.array(told)
    answer = {name: table[:, :, place] for place, name in enumerate(("mean", *_BOUNDS))}
    return answer, float(np.median(seconds)), models


def _naive(series: Series, known: pd.Series[float], horizon: int) -> tuple[Answer, float]:
    """The same weekday of the last week that had it."""
    first, last = int(known.index[0]), int(known.index[-1])
    values: FloatArray = np.asarray(known, dtype=np.float64)
    history = History(values, Calendar.of(DominicanDays(), first, last + horizon))
    start = time.perf_counter()
    pasts = [history.before(origin - first + 1) for origin in series.origins]
    mean = np.array([SeasonalNaive().fit(past).predict(past, horizon) for past in pasts])
    return {"mean": mean}, (time.perf_counter() - start) / len(pasts)


def _rivals(
    series: Series, known: pd.Series[float], horizon: int, names: tuple[str, ...]
) -> tuple[dict[str, Answer], dict[str, float]]:
    """What the libraries say, never less than nothing."""
    first, last = int(known.index[0]), int(known.index[-1])
    calendar = DominicanDays().frame(day_of(first), day_of(last + horizon))
    question = {
        "first_day": str(day_of(first)),
        "values": [None if np.isnan(value) else float(value) for value in known],
        "calendar": {column: calendar[column].tolist() for column in _CALENDAR},
        "origins": [origin - first + 1 for origin in series.origins],
        "horizon": horizon,
    }
    answers: dict[str, Answer] = {}
    seconds: dict[str, float] = {}
    for name in names:
        told = ask(question | {"methods": [name]})[name]
        seconds[name] = told.pop("seconds")
        answers[name] = {key: np.maximum(np.array(rows), 0.0) for key, rows in told.items()}
    return answers, seconds


def scores(kind: str, scored: list[Scored]) -> list[Score]:
    """Everyone's figures on one kind, the smallest error first."""
    rows = [_score(kind, name, scored) for name in scored[0].answers]
    return sorted(rows, key=lambda score: score.wape)


def _score(kind: str, name: str, scored: list[Scored]) -> Score:
    """Means over the series of a kind, so that each counts alike."""
    told = [(each.answers[name], each.actual) for each in scored]
    has_bounds = "lo80" in told[0][0]
    covers = {
        share: float(np.mean([coverage(a[f"lo{share}"], a[f"hi{share}"], y) for a, y in told]))
        for share in (80, 95)
        if has_bounds
    }
    return Score(
        kind=kind,
        name=name,
        wape=float(np.mean([wape(a["mean"], y) for a, y in told])),
        bias=float(np.mean([bias(a["mean"], y) for a, y in told])),
        within15=float(np.mean([within(a["mean"], y, 0.15) for a, y in told])),
        coverage80=covers.get(80),
        coverage95=covers.get(95),
        seconds=float(np.median([each.seconds[name] for each in scored])),
    )


def _split_words(scored: list[Scored], horizon: int) -> str:
    origins = [origin for each in scored for origin in each.series.origins]
    days = sum(int(np.count_nonzero(~np.isnan(each.actual))) for each in scored)
    return (
        f"{len(scored)} series, {len(origins)} origins {day_of(min(origins))} to {day_of(max(origins))}, "
        f"{horizon} days each, {days} days scored"
    )


def _print_kind(table: list[Score], scored: list[Scored], horizon: int) -> None:
    rivals = [score for score in table if score.name != OURS]
    ours = next(score for score in table if score.name == OURS)
    models = sum((each.models for each in scored), Counter[str]())
    click.echo(f"\n== {ours.kind}: {_split_words(scored, horizon)}")
    click.echo(f"{'':16}{'WAPE':>7}{'bias':>8}{'±15 %':>7}{'80 %':>7}{'95 %':>7}{'s/series':>10}")
    for score in table:
        covers = "".join(
            f"{'–':>7}" if share is None else f"{share:7.3f}"
            for share in (score.coverage80, score.coverage95)
        )
        click.echo(
            f"{score.name:16}{score.wape:7.4f}{score.bias:+8.3f}{score.within15:7.3f}{covers}{score.seconds:10.2f}"
        )
    best = rivals[0]
    told = [(each.answers[OURS], each.whole) for each in scored]
    whole = [np.mean([coverage(a[f"lo{share}"], a[f"hi{share}"], y) for a, y in told]) for share in (80, 95)]
    short = sum(int(np.count_nonzero(np.isnan(each.whole) & ~np.isnan(each.actual))) for each in scored)
    click.echo(f"on days not cut short ({short} were) ours cover {whole[0]:.3f} and {whole[1]:.3f}")
    words = "ahead of" if ours.wape <= best.wape else "BEHIND"
    click.echo(f"{words} the best rival ({best.name}) by {abs(1 - ours.wape / best.wape):.1%}")
    click.echo("used: " + ", ".join(f"{name} ×{count}" for name, count in models.most_common(4)))


def _run_kind(
    series: Iterable[Series], target: Target, horizon: int, rivals: tuple[str, ...]
) -> list[Scored]:
    return [run(each, target, horizon, rivals) for each in series]


@click.command(help=__doc__)
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--window", type=click.Choice([w.value for w in Window]), default="last", show_default=True)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these kinds; may repeat."
)
@click.option("--rival", "rivals", multiple=True, type=click.Choice(RIVALS), help="Only these; may repeat.")
@click.option("--target", type=click.Choice(["revenue", "receipts"]), default="revenue", show_default=True)
@click.option("--horizon", default=14, show_default=True, help="Days ahead.")
@column_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def main(
    file: Path | None,
    window: str,
    kinds: tuple[str, ...],
    rivals: tuple[str, ...],
    target: str,
    horizon: int,
    columns: Columns,
    as_json: bool,
) -> None:
    """Measure and print, kind by kind."""
    if not as_json:
        click.echo(
            f"window {window}, target {target} per day; at each origin only the days up to it are seen"
        )
    everything: list[Score] = []
    for kind in kinds or KINDS:
        scored = _run_kind(
            read_series(file, columns, (kind,), Window(window), horizon),
            Target(target),
            horizon,
            rivals or RIVALS,
        )
        if not scored:
            continue
        table = scores(kind, scored)
        everything += table
        if not as_json:
            _print_kind(table, scored, horizon)
    if as_json:
        click.echo(json.dumps([asdict(score) for score in everything], indent=2))
    else:
        click.echo(f"\n{MEASURED}")


if __name__ == "__main__":
    main()
