"""What customers will spend, ours beside lifetimes, a random forest and LightGBM; and the published CDNOW figures.

    python -m bench.customer_value GROCERY CDNOW [--window development|last]

GROCERY is the grocery households' CSV of receipt lines (amounts times 58, as it comes), CDNOW the CSV of 2,357 CDNOW
customers with x, t_x, T, zbar. The rivals live in an environment of their own, made once
(`bench/peers/customer-requirements.txt`): lifetimes' BG/NBD with Gamma-Gamma, unpenalised while that converges; a
random forest and LightGBM with Tweedie loss on the same features of the same past cut-offs as ours, with the plain
spending as target.

Protocol: cut-offs and horizons are in WINDOWS. Methods, features and settings were chosen by the seven development
windows, all of which end before the last one begins; the last (calibration to 2017-09-30, 90 days ahead) was printed
more than once while this was built, but nothing was chosen by it. At each cut-off choice, fit and intervals see only the
days up to it. CDNOW's file holds the calibration half alone, no purchases of the 39 weeks after it, so nothing can be
held out on it: its parameters are compared with the published ones, and the held-out test is the grocery's.

Written down on 2026-11-20: MAE in dollars of the study (over the mean), |bias|, Spearman, means over the windows

                 development                      last
    ours         109.7 (.349)  .024  .8438        158.4 (.320)  .074  .8447    80 % intervals cover .849, .789
    lifetimes    114.0 (.363)  .024  .8319        169.9 (.343)  .062  .8204
    forest       153.4 (.462)  .214  .8381        169.1 (.341)  .013  .8483
    LightGBM     147.9 (.445)  .138  .8284        169.1 (.341)  .048  .8443
    simple rule  112.8 (.359)  .026  .8334        166.5 (.336)  .061  .8225

On the last window a plain forest ranks better by .004, within the .02 that 246 households leave to chance, and errs
7 % more. Tried on development: setting the forest's total to that of the MBG/NBD took its error from .372 to .357 of
the mean and its bias from .107 to .019; correcting that total by half of what it was off at the last three cut-offs took
the blend's from .3485 to .3476, and its bias on simulated shops with regular visits from .12 to .04.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from bench.figure import Figure, show
from bench.peers import CUSTOMER_MODELS, CUSTOMER_REQUIREMENTS, ask
from bench.purchase_chance import Shop
from colmado_insights.analytics.btyd import (
    FloatArray,
    PurchaseModel,
    SpendModel,
    Variant,
    fit_bgnbd,
    fit_gamma_gamma,
)
from colmado_insights.analytics.customer_cuts import Cut, Sales, cut_days, take_cut
from colmado_insights.analytics.lifetime import SIMPLE, compute_lifetimes, score
from colmado_insights.analytics.results import Lifetimes
from colmado_insights.domain import day_number

WINDOWS: dict[str, tuple[tuple[date, int], ...]] = {
    "development": (
        (date(2017, 6, 2), 90),
        (date(2017, 6, 17), 45),
        (date(2017, 7, 2), 90),
        (date(2017, 7, 2), 60),
        (date(2017, 7, 17), 45),
        (date(2017, 8, 1), 60),
        (date(2017, 8, 16), 45),
    ),
    "last": ((date(2017, 9, 30), 90),),
}
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
PUBLISHED_SPEND = {"p": 6.25, "q": 3.74, "gamma": 15.44}
PUBLISHED_VISITS = {"visits": 1.226}
MOST_AWAY = 0.01
UNIT = 58 * 100
"""Cents of the file a dollar of the study."""
OURS = "ours"
MOST_BIAS, LEAST_RANK, MOST_MAE = 0.10, 0.83, 170.0


def try_cdnow(path: Path) -> None:
    """The published parameters, with our prior and without."""
    rows = pd.read_csv(path)
    frequency, recency, age, spend = (rows[name].to_numpy(np.float64) for name in ("x", "t_x", "T", "zbar"))
    for penalty in (1.0, 0.0):
        model = fit_bgnbd(frequency, recency, age, penalty=penalty)
        found = {name: getattr(model, name) for name in PUBLISHED}
        tell(f"CDNOW BG/NBD, {'our prior' if penalty else 'no prior'}", found, PUBLISHED)
        worth = fit_gamma_gamma(frequency, spend, penalty=penalty)
        values = {name: getattr(worth, name) for name in PUBLISHED_SPEND}
        tell(f"CDNOW Gamma-Gamma, {'our prior' if penalty else 'no prior'}", values, PUBLISHED_SPEND, None)
    expected = model.visits(np.array([2.0]), np.array([30.43]), np.array([38.86]), 39.0)
    tell("CDNOW customer 1, purchases in 39 weeks", {"visits": float(expected[0])}, PUBLISHED_VISITS)
    print("CDNOW: the file holds no purchases after the calibration, so there is nothing to hold out")


def tell(
    what: str, found: dict[str, float], published: dict[str, float], most: float | None = MOST_AWAY
) -> None:
    """One line of parameters beside the published."""
    away = max(abs(found[name] / published[name] - 1) for name in published)
    words = " ".join(f"{name} {value:.4g}" for name, value in found.items())
    paper = " ".join(f"{name} {value:g}" for name, value in published.items())
    target = f"within {most:.0%}" if most else ""
    show(
        Figure(
            what,
            words,
            f"published {paper}",
            f"at most {away:.2%} away",
            target,
            None if most is None else away <= most,
        )
    )


@dataclass(frozen=True)
class Window:
    """One cut-off of the grocery: what was known, and what each customer spent in the days after it."""

    shop: Shop
    sales: Sales
    until: date
    ahead: int

    @property
    def now(self) -> Cut:
        """The customers on the last day known."""
        return take_cut(self.shop.receipts, self.shop.lines, day_number(self.until))

    def actual(self) -> FloatArray:
        """What came, in cents."""
        return self.sales.cents_after(self.now, self.ahead)

    def ours(self) -> Lifetimes:
        """Our answer."""
        found = compute_lifetimes(
            self.shop.receipts, until=self.until, horizon_days=self.ahead, lines=self.shop.lines
        )
        if not isinstance(found, Lifetimes):
            raise SystemExit(f"too little data: {found}")
        return found

    def rivals(self) -> dict[str, Any]:
        """The rivals' answer."""
        known = Sales.of(self.shop.receipts, self.until)
        past = [
            take_cut(self.shop.receipts, self.shop.lines, day)
            for day in cut_days(known, self.until, self.ahead, 6)
        ]
        now = self.now
        frequency, recency, age = now.seen
        question: dict[str, Any] = {
            "seen": {
                "frequency": frequency.tolist(),
                "recency": recency.tolist(),
                "age": age.tolist(),
                "spend": (now.visit_cents / UNIT).tolist(),
            },
            "ahead": self.ahead,
        }
        if past:
            question["columns"] = np.concatenate([columns_of(cut) for cut in past]).tolist()
            question["spent"] = np.concatenate(
                [known.cents_after(cut, self.ahead) / UNIT for cut in past]
            ).tolist()
            question["asked"] = columns_of(now).tolist()
        return ask(question, requirements=CUSTOMER_REQUIREMENTS, script=CUSTOMER_MODELS)

    def lifetimes(self, answer: dict[str, Any]) -> FloatArray:
        """What lifetimes expects; by its own parameters in our stable formula where its own overflows."""
        said = np.array(answer["lifetimes"], np.float64)
        if np.isfinite(said).all():
            return said
        told = answer["parameters"]
        now = self.now
        model = PurchaseModel(Variant.BGNBD, told["r"], told["alpha"], told["a"], told["b"])
        worth = SpendModel(told["p"], told["q"], told["v"])
        print(
            f"    lifetimes' formula overflows for {int((~np.isfinite(said)).sum())} households: ours with its parameters"
        )
        return model.visits(*now.seen, float(self.ahead)) * worth.mean(now.seen[0], now.visit_cents / UNIT)


def columns_of(cut: Cut) -> FloatArray:
    """All features of a cut-off but the gap, which may be unknown."""
    return cut.features.drop(columns=["customer_id", "gap_days"]).to_numpy(np.float64)


Scores = dict[str, list[dict[str, float]]]
"""Of each contender the scores of every window; `relative` is the error over the mean spending."""


def try_window(window: Window, scores: Scores) -> float:
    """Score everybody on one window; answers the share of households inside our intervals."""
    actual, ours, rivals = window.actual() / UNIT, window.ours(), window.rivals()
    print(
        f"known to {window.until}, {window.ahead} days ahead: {len(actual)} households, mean {actual.mean():.0f}"
    )
    said = {OURS: np.array([one.clv_cents for one in ours.customers]) / UNIT}
    said[SIMPLE] = np.array([one.simple_cents for one in ours.customers]) / UNIT
    said["lifetimes"] = window.lifetimes(rivals)
    said |= {name: np.array(rivals[name]) for name in ("forest", "lightgbm") if name in rivals}
    for who, values in said.items():
        found = score(values, actual)
        found["relative"] = found["mae"] / float(actual.mean())
        scores.setdefault(who, []).append(found)
        print(
            f"    {who:10s} MAE {found['mae']:6.1f} ({found['relative']:.3f})  RMSE {found['rmse']:6.1f}"
            f"  bias {found['bias']:+.3f}  Spearman {found['spearman']:.4f}"
        )
    low = np.array([one.lo_cents for one in ours.customers]) / UNIT
    high = np.array([one.hi_cents for one in ours.customers]) / UNIT
    cover = float(((actual >= low - 0.01) & (actual <= high + 0.01)).mean())
    print(f"    ours is {ours.method}; its 80 % intervals cover {cover:.3f}")
    return cover


def try_grocery(path: Path, name: str) -> None:
    """Score everybody on the windows of one name, and sum up."""
    shop = Shop.read(path)
    sales = Sales.of(shop.receipts, date(2018, 12, 31))
    scores: Scores = {}
    cover = [try_window(Window(shop, sales, *window), scores) for window in WINDOWS[name]]
    mean = {
        who: {key: float(np.mean([abs(one[key]) for one in found])) for key in found[0]}
        for who, found in scores.items()
        if len(found) == len(cover)
    }
    own, rivals = mean[OURS], {who: found for who, found in mean.items() if who not in (OURS, SIMPLE)}
    for who, found in mean.items():
        print(
            f"  mean {who:10s} MAE {found['mae']:6.1f} ({found['relative']:.4f})  |bias| {found['bias']:.3f}"
            f"  Spearman {found['spearman']:.4f}"
        )
    best = min(rivals, key=lambda who: rivals[who]["relative"])
    ranked = max(rivals, key=lambda who: rivals[who]["spearman"])
    is_met = (
        own["relative"] <= rivals[best]["relative"]
        and own["spearman"] >= max(rivals[ranked]["spearman"], LEAST_RANK)
        and own["bias"] <= MOST_BIAS
        and own["mae"] <= MOST_MAE
    )
    show(
        Figure(
            f"customer value, grocery, {name}",
            f"MAE {own['mae']:.1f} ({own['relative']:.3f} of the mean), |bias| {own['bias']:.3f},"
            f" Spearman {own['spearman']:.4f}, 80 % covers {np.mean(cover):.3f}",
            f"{best} MAE {rivals[best]['mae']:.1f} ({rivals[best]['relative']:.3f}), {ranked} Spearman"
            f" {rivals[ranked]['spearman']:.4f}",
            f"{own['relative'] / rivals[best]['relative']:.3f} of its error",
            f"both not worse, MAE ≤ {MOST_MAE:g}, Spearman ≥ {LEAST_RANK:g}, |bias| ≤ {MOST_BIAS:g}",
            is_met,
        )
    )


@click.command(help=__doc__)
@click.argument("grocery", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("cdnow", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--window", type=click.Choice(list(WINDOWS)), help="Only these; both without.")
def main(grocery: Path, cdnow: Path | None, window: str | None) -> None:
    """Measure and print."""
    if cdnow is not None:
        try_cdnow(cdnow)
    for name in [window] if window else WINDOWS:
        try_grocery(grocery, name)


if __name__ == "__main__":
    main()
