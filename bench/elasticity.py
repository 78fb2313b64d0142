"""Elasticities of sample shops against what was planted in them: how near, and who is rightly refused.

The method was chosen on seeds 1 to 3; what is scored by default are seeds from 101 on, which it never saw.
Elsewhere than where a price moved (fewer than three distinct prices planted, prices typed by hand) the right answer is a
refusal; of goods sold mostly by amount too, which a second shop has, where four of five lines of loose goods are asked
for by amount. Rivals: the plain rule (log units on log price with weekdays and trend, product by product, on days with
sales) and the category's own planted elasticity, which no shop knows: as near as anything that knows no product can be.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click
import numpy as np
import pandas as pd

from bench.figure import Figure, show
from bench.million import LINES, flat_file
from colmado_insights import sample_shop
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.price_board import compute_price_board
from colmado_insights.analytics.results import Elasticity, PriceBoard
from colmado_insights.domain import CATEGORY_CODE, DAILY_COLUMNS, Category, day_number
from colmado_insights.sample_shop.parameters import ShopParameters
from colmado_insights.shop import Shop
from colmado_insights.storage.price_days import sum_price_days
from colmado_insights.storage.sales import SoldLines

LAST_DAY = date(2026, 10, 31)
FIRST_SEED = 101
NEAR = 0.4
BY_AMOUNT = 0.8
FIRM = 0.3
"""From this weight on a product's own sales speak for it."""
ARTEFACT = 0.15
MOST_SECONDS = 10.0
_MOVED = 3


@dataclass(frozen=True)
class Trial:
    """One shop: its frames and what was planted."""

    price_days: pd.DataFrame
    daily: pd.DataFrame
    truth: pd.DataFrame  # by product id

    @classmethod
    def of(cls, parameters: ShopParameters, seed: int, days: int) -> Trial:
        """Make the shop up, and read it as storage would."""
        shop = sample_shop.generate(parameters, last_day=LAST_DAY, days=days, seed=seed)
        receipts, lines = shop.sales
        kept = shop.lines.loc[lines.index, "cost_cents"] if len(lines) == len(shop.lines) else 0
        day = receipts["sold_at"].to_numpy()[lines["receipt"].to_numpy()] // 86_400
        sold = SoldLines(
            lines["product_id"].to_numpy(), day, lines["quantity_milli"].to_numpy(),
            lines["amount_cents"].to_numpy(), np.zeros(len(lines), np.int64) + np.asarray(kept),
        )  # fmt: skip
        codes = np.array([0, *(CATEGORY_CODE[Category(name)] for name in shop.products["category"])], np.int8)
        last = day_number(LAST_DAY)
        daily = receipts.assign(day=receipts["sold_at"] // 86_400, receipts=receipts["kind"] == 0)
        sums = daily.groupby("day", as_index=False)["receipts"].sum().reindex(columns=list(DAILY_COLUMNS))
        truth = pd.DataFrame(shop.truth["products"])
        return cls(
            sum_price_days(sold, codes, last - days, last),
            sums.fillna(0).astype(DAILY_COLUMNS),
            truth.set_index(np.arange(1, len(truth) + 1)),
        )

    def board(self) -> PriceBoard:
        """Our answer."""
        board = compute_price_board(self.price_days, self.daily, until=LAST_DAY, days=DominicanDays())
        assert isinstance(board, PriceBoard)
        return board


def plain_rule(rows: pd.DataFrame) -> float:
    """Log units on log price, weekdays and a trend, by least squares on the days with sales."""
    units = (rows["units_milli"] + rows["unclear_milli"] + rows["by_amount_milli"]).to_numpy() / 1000
    is_good = (units > 0) & (rows["price_cents"] > 0).to_numpy()
    price = np.log(np.maximum(rows["price_cents"].to_numpy(), 1))[is_good]
    if price.size < 10 or np.ptp(price) == 0:
        return float("nan")
    day = rows["day"].to_numpy()[is_good]
    table = np.column_stack([price, np.eye(7)[(day + 4) % 7], (day - day.mean()) / 365])
    return float(np.linalg.lstsq(table, np.log(units[is_good]), rcond=None)[0][0])


def measure(seed: int, days: int, parameters: ShopParameters) -> dict[str, float]:
    """Score one shop and print it."""
    trial = Trial.of(parameters, seed, days)
    clock = time.perf_counter()
    board = trial.board()
    seconds = time.perf_counter() - clock
    found = {each.product_id: each for each in _judged(board)}
    truth = trial.truth.loc[list(found)]
    given = np.array([each.elasticity for each in found.values()])
    error = np.abs(given - truth["elasticity"].to_numpy())
    rows = dict(tuple(trial.price_days.groupby("product_id")))
    plain = np.abs(np.array([plain_rule(rows[key]) for key in found]) - truth["elasticity"].to_numpy())
    usual = truth["category"].map(parameters.elasticity).to_numpy(dtype=float)
    inside = [
        each.lo95 <= true <= each.hi95 for each, true in zip(found.values(), truth["elasticity"], strict=True)
    ]
    still = trial.truth.index[(trial.truth["distinct_prices"] < _MOVED)]
    wrong = [key for key in still if key in found]
    is_firm = np.array([each.own_weight for each in found.values()]) >= FIRM
    out = [a for a in board.advices if not a.lowest_cents <= a.optimal_cents <= a.highest_cents]
    figures = {
        "judged": float(len(found)),
        "near": float((error <= NEAR).mean()),
        "mae": float(error.mean()),
        "plain_near": float((plain <= NEAR).mean()),
        "usual_near": float((np.abs(usual - truth["elasticity"].to_numpy()) <= NEAR).mean()),
        "covered": float(np.mean(inside)),
        "refused": 1 - len(wrong) / len(still),
        "firm_near": float((error[is_firm] <= NEAR).mean()) if is_firm.any() else float("nan"),
        "out": float(len(out)),
        "seconds": seconds,
    }
    print(
        f"seed {seed}, {days} days: {len(found)} judged · within ± {NEAR} {figures['near']:.3f}"
        f" (own sales speak, {int(is_firm.sum())}: {figures['firm_near']:.3f}), mean error {figures['mae']:.3f}"
        f" · plain rule {figures['plain_near']:.3f} · knowing the category {figures['usual_near']:.3f}"
        f" · 95 % intervals hold {figures['covered']:.3f} · right refusals {figures['refused']:.4f} of {len(still)}"
        f" · advice out of bounds {len(out)} · {seconds:.1f} s",
        flush=True,
    )
    return figures


def _judged(board: PriceBoard) -> Iterator[Elasticity]:
    for advice in board.advices:
        yield advice.elasticity


def measure_by_amount(seed: int, days: int, parameters: ShopParameters) -> tuple[int, int, int]:
    """A shop whose loose goods go by amount: how many, how many of them were judged, how many found at −1 by themselves."""
    amounts = replace(parameters.amounts, share_of_loose=BY_AMOUNT)
    trial = Trial.of(replace(parameters, amounts=amounts), seed, days)
    loose = set(trial.truth.index[trial.truth["is_loose"]])
    judged = [each for each in _judged(trial.board()) if each.product_id in loose]
    artefacts = [each for each in judged if each.own_weight >= FIRM and abs(each.raw + 1) < ARTEFACT]
    print(
        f"seed {seed}, {days} days, {BY_AMOUNT:.0%} by amount: {len(loose)} loose goods, {len(judged)} judged,"
        f" {len(artefacts)} of them at -1 by their own sales",
        flush=True,
    )
    return len(loose), len(judged), len(artefacts)


def measure_million() -> None:
    """Time the whole board from the database, a million lines of a thousand products."""
    with tempfile.TemporaryDirectory() as folder, Shop(Path(folder) / "shop.db") as shop:
        shop.import_files([flat_file(LINES)])
        clock, cpu = time.perf_counter(), time.process_time()
        board = shop.compute_prices()
        seconds, cpu = time.perf_counter() - clock, time.process_time() - cpu
        assert isinstance(board, PriceBoard)
        clock = time.perf_counter()
        shop.compute_prices()
        show(
            Figure(
                f"all prices, {LINES:,} lines, {board.judged + sum(n for _unit, n in board.refused)} products",
                ours=f"{seconds:.1f} s ({cpu:.1f} s of one core), kept {time.perf_counter() - clock:.2f} s",
                target="≤ 10 s", met=seconds <= MOST_SECONDS,
            )
        )  # fmt: skip


@click.command(help=__doc__)
@click.option("--seeds", default=3, show_default=True, help="How many shops.")
@click.option("--first-seed", default=FIRST_SEED, show_default=True)
@click.option("--million", is_flag=True, help="Time a million lines too.")
@click.option("--days", "spans", type=int, multiple=True, default=(400, 730), show_default=True)
def main(seeds: int, first_seed: int, million: bool, spans: tuple[int, ...]) -> None:
    """Measure and print."""
    parameters = sample_shop.read_parameters()
    refused, out = [], 0.0
    for days in spans:
        scores = [measure(seed, days, parameters) for seed in range(first_seed, first_seed + seeds)]
        mean = {name: float(np.nanmean([score[name] for score in scores])) for name in scores[0]}
        refused += [score["refused"] for score in scores]
        out += sum(score["out"] for score in scores)
        show(
            Figure(
                f"elasticity within ± {NEAR}, {days} days",
                ours=f"{mean['near']:.1%} (mean error {mean['mae']:.2f})",
                rival=f"plain log-log rule {mean['plain_near']:.1%}; knowing the category's {mean['usual_near']:.1%}",
                target="within ± 0.4 where the price moved",
            )
        )
    show(Figure("right refusals", ours=f"{np.mean(refused):.2%}", target="≥ 95 %", met=min(refused) >= 0.95))
    loose = [
        measure_by_amount(seed, min(spans), parameters) for seed in range(first_seed, first_seed + seeds)
    ]
    judged = sum(each[1] for each in loose) / sum(each[0] for each in loose)
    artefacts = sum(each[2] for each in loose)
    show(
        Figure(
            "goods sold by amount", ours=f"{judged:.1%} judged, {artefacts} found at -1", target="0 found at -1",
            met=artefacts == 0,
        )
    )  # fmt: skip
    show(Figure("price advice out of its bounds", ours=f"{out:.0f}", target="0", met=out == 0))
    if million:
        measure_million()


if __name__ == "__main__":
    main()
