"""What the forecasts find again of what was planted in the sample shop.

    python -m bench.forecast_truth [--seeds 3]

The split: sample shops of two years with seeds 301, 302, … that nothing was chosen on. Printed are

- pay days: errors on the days from two before to two after pay day, of the same model with and without the
  pay-phase columns, from 13 fortnightly origins of the last half year;
- holidays and occasions: how many planted effects lie within the 95 % interval learnt, and how wide it is;
- power cuts: of the days that lost a tenth of their business or more how many were found, how many of the days found
  had lost anything, and what that does to the forecasts of whole days, in a shop with a cut every other day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import click
import numpy as np
import pandas as pd

from bench.forecast_shops import LAST_DAY, SIMULATED_DAYS, sums_of
from colmado_insights.analytics.backtest import wape
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast_methods import Method
from colmado_insights.analytics.forecast_ridge import CalendarRidge
from colmado_insights.analytics.history import Calendar, FloatArray, History
from colmado_insights.analytics.outages import compute_open_share, without_outages
from colmado_insights.domain import day_number
from colmado_insights.sample_shop import generate, read_parameters

FIRST_SEED = 301
HORIZON = 14
ORIGINS = 13
PAY_CODES = ("payday", "before_payday")
FEAST_CODES = ("holiday", "eve", "occasion")
HALF_DAY = "viernes_santo"
"""The shop closes at one then, so no factor says what was planted."""
LOST = 0.10
_TWO_SIDED_95 = 1.96


@dataclass(frozen=True)
class Planted:
    """One sample shop: its receipts and revenue by day with and without power cuts, and its truth."""

    receipts: History
    revenue: History
    cut_receipts: History
    cut_revenue: History
    found: pd.Series[float]
    truth: pd.DataFrame
    holidays: dict[str, Any]


@dataclass(frozen=True)
class Recovered:
    """Planted effects against those learnt: (name, planted, learnt, standard error), in logs."""

    rows: tuple[tuple[str, float, float, float], ...]

    @property
    def share_inside(self) -> float:
        """Share of the planted effects inside their 95 % interval."""
        inside = [abs(planted - learnt) <= _TWO_SIDED_95 * error for _, planted, learnt, error in self.rows]
        return float(np.mean(inside))

    @property
    def usual_error(self) -> float:
        """Mean standard error."""
        return float(np.mean([error for *_, error in self.rows]))


@dataclass(frozen=True)
class Cuts:
    """How well power cuts are told from whole days."""

    days: int
    recall: float
    precision: float
    share_error: float


@cache
def planted_shop(seed: int, *, has_many_cuts: bool = False) -> Planted:
    """Make a sample shop and lay out its days."""
    parameters = read_parameters()
    if has_many_cuts:
        power = replace(
            parameters.power, cuts_a_week=3.5, summer_cuts_a_week=3.5, most_a_week=4, median_hours=5.0
        )
        parameters = replace(parameters, power=power)
    shop = generate(parameters, last_day=LAST_DAY, days=SIMULATED_DAYS, seed=seed)
    daily, hourly = sums_of(*shop.sales)
    truth = pd.DataFrame(shop.truth["days"])
    truth.index = pd.Index([day_number(date.fromisoformat(day)) for day in truth["day"]])
    first, last = int(truth.index[0]), int(truth.index[-1])
    calendar = Calendar.of(DominicanDays(), first, last + HORIZON)
    days = daily.set_index("day").reindex(range(first, last + 1)).astype("float64")
    found = compute_open_share(hourly, until=LAST_DAY, days=DominicanDays())
    cut = {name: History(days[name].to_numpy(), calendar) for name in ("receipts", "revenue_cents")}
    whole = {name: without_outages(history, found) for name, history in cut.items()}
    return Planted(
        receipts=whole["receipts"],
        revenue=whole["revenue_cents"],
        cut_receipts=cut["receipts"],
        cut_revenue=cut["revenue_cents"],
        found=found,
        truth=truth,
        holidays=shop.truth["planted"]["holidays"],
    )


def pay_day_gain(history: History) -> float:
    """By how much the pay-phase columns lower the errors around pay days; share of the error without them."""
    columns = np.array([code in PAY_CODES for code, _ in history.calendar.names])
    deaf = replace(history.calendar, effects=np.where(columns, 0.0, history.calendar.effects))
    frame = history.calendar.frame
    is_near = ((frame["days_since_payroll"] <= 2) | (frame["days_to_payroll"] <= 2)).to_numpy()
    with_pay, actual = _rolled(CalendarRidge, history)
    without, _ = _rolled(CalendarRidge, History(history.values, deaf))
    near = np.array([is_near[origin : origin + HORIZON] for origin in _origins(history)])
    counted = np.where(near, actual, np.nan)
    return 1.0 - wape(with_pay, counted) / wape(without, counted)


def recovered_feasts(shop: Planted) -> Recovered:
    """Every kind of feast day seen, what was planted and what the ridge learnt of it."""
    history = shop.receipts
    model = CalendarRidge().fit(history)
    calendar = history.calendar
    is_feast = np.array([code in FEAST_CODES for code, _ in calendar.names])
    design = np.where(is_feast, calendar.effects[: len(history)], 0.0)
    learnt, error = model.effects_of(design)
    rows: dict[tuple[float, ...], tuple[str, float, float, float]] = {}
    for row in np.flatnonzero(design.any(axis=1) & ~np.isnan(history.values)):
        day = shop.truth.iloc[row]
        if day["holiday"] == HALF_DAY:
            continue
        name = "+".join(
            word for word in (day["holiday"], day["occasion"], "eve" * bool(day["is_eve"])) if word
        )
        planted = np.log(_feast(shop.holidays, day))
        rows[tuple(design[row])] = (name, float(planted), float(learnt[row]), float(error[row]))
    return Recovered(tuple(rows.values()))


def _feast(holidays: dict[str, Any], day: pd.Series[Any]) -> float:
    """The planted factor: the strongest of a day's feasts, or a named holiday's own."""
    if day["holiday"] in holidays["named"]:
        return float(holidays["named"][day["holiday"]])
    factors = [holidays["occasions"].get(day["occasion"], 1.0)]
    factors += [holidays["eve"]] * bool(day["is_eve"]) + [holidays["free_day"]] * bool(day["holiday"])
    return float(max(factors))


def found_cuts(shop: Planted) -> Cuts:
    """Recall and precision of days cut short, holidays left out (closing early belongs to them)."""
    days = shop.truth[(shop.truth["open_share"] > 0) & (shop.truth["holiday"] == "")]
    told = shop.found.reindex(days.index)
    lost = days["open_share"] <= 1.0 - LOST
    flagged = told < 1.0
    return Cuts(
        days=int(lost.sum()),
        recall=float(flagged[lost].mean()),
        precision=float((days["open_share"][flagged] < 0.99).mean()),
        share_error=float((told - days["open_share"])[flagged].abs().mean()),
    )


def power_cut_gain(shop: Planted) -> float:
    """By how much the errors on whole days fall when days cut short are known as such."""
    whole_days = shop.truth["open_share"].to_numpy() >= 1.0
    gains = []
    for told, blind in ((shop.receipts, shop.cut_receipts), (shop.revenue, shop.cut_revenue)):
        with_shares, _ = _rolled(CalendarRidge, told)
        without, _ = _rolled(CalendarRidge, blind)
        actual = np.array(
            [
                np.where(whole_days, blind.values, np.nan)[origin : origin + HORIZON]
                for origin in _origins(blind)
            ]
        )
        gains.append(1.0 - wape(with_shares, actual) / wape(without, actual))
    return float(np.mean(gains))


def _origins(history: History) -> list[int]:
    return [len(history) - HORIZON * back for back in range(ORIGINS, 0, -1)]


def _rolled(method: type[Method], history: History) -> tuple[FloatArray, FloatArray]:
    """Forecasts from each origin, the method fitted afresh, and what came; (origins, horizon)."""
    told, came = [], []
    for origin in _origins(history):
        past = history.before(origin)
        told.append(method().fit(past).predict(past, HORIZON))
        came.append(history.values[origin : origin + HORIZON])
    return np.array(told), np.array(came)


@click.command(help=__doc__)
@click.option("--seeds", default=3, show_default=True, help="How many sample shops.")
def main(seeds: int) -> None:
    """Measure and print."""
    shops = [planted_shop(FIRST_SEED + turn) for turn in range(seeds)]
    for name in ("receipts", "revenue"):
        gains = [pay_day_gain(getattr(shop, name)) for shop in shops]
        click.echo(
            f"pay days ±2, {name}: the pay-phase term cuts the error by {np.mean(gains):.1%} "
            f"({min(gains):.1%} to {max(gains):.1%})  target ≥ 20 %"
        )
    feasts = Recovered(tuple(row for shop in shops for row in recovered_feasts(shop).rows))
    click.echo(
        f"feasts: {feasts.share_inside:.1%} of {len(feasts.rows)} planted effects inside their 95 % interval, "
        f"standard error {feasts.usual_error:.3f} in logs"
    )
    for name, planted, learnt, error in recovered_feasts(shops[0]).rows:
        mark = " " if abs(planted - learnt) <= _TWO_SIDED_95 * error else "!"
        click.echo(f"  {mark} {name:32} planted {planted:+.3f}  learnt {learnt:+.3f} ± {error:.3f}")
    for words, has_many in (("usual power", False), ("a cut every other day", True)):
        cut_shops = [planted_shop(FIRST_SEED + turn, has_many_cuts=has_many) for turn in range(seeds)]
        cuts = [found_cuts(shop) for shop in cut_shops]
        click.echo(
            f"power cuts, {words}: {sum(each.days for each in cuts)} days lost a tenth or more, "
            f"recall {np.mean([each.recall for each in cuts]):.1%}, "
            f"precision {np.mean([each.precision for each in cuts]):.1%}, "
            f"share off by {np.mean([each.share_error for each in cuts]):.3f}; "
            f"errors on whole days fall by {np.mean([power_cut_gain(shop) for shop in cut_shops]):.1%}"
        )


if __name__ == "__main__":
    main()
