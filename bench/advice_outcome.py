"""Whether the ledger tells an advice that helped from one that did not, and how long a stock lasts, on real sales.

    python -m bench.advice_outcome FILE… [--window development|last] [--top 100] [--origins 12]

FILE is the grocery's or the take-away's CSV of receipt lines. At each origin, two weeks apart, every one of the best
sellers is judged as if an advice had been taken: as it was (nobody advised anything, so every finding is a false
one) and with a tenth, a quarter or a half more sold in the two weeks after. Rivals for the same question: the two
weeks after against the two before, called different beyond a tenth; and a t-test of the days.

Then each product is given a stock of 3 to 21 days' worth, and how long it really lasted is compared with what was
said, beside stock over the mean of the last 28 days.

The method was fixed on simulated sales and on `--window development`, whose days end where those of `last` begin;
`last` was scored once. Of 100 products, mostly of one to five units a day:

                                   take-away                  grocery
                                   development  last          development  last
    placebos without a finding     97.4 %       95.6 %        95.1 %       93.8 %
    80 % interval holds nothing    86.9 %       83.8 %        83.9 %       77.0 %
    +25 % called better            7.6 %        9.2 %         9.6 %        13.8 %
    +50 % called better            12.9 %       19.8 %        19.1 %       24.0 %
    80 % interval of a stock       79.9 %       80.5 %        74.6 %       77.1 %
    off by, days (plain rule)      4.88 (7.83)  4.74 (5.14)   5.26 (5.27)  5.04 (8.35)

The plain comparison calls four in ten placebos better, so its six in ten of what was planted say nothing. What sells
so little cannot be told in two weeks; of simulated products with sixty units a day a quarter more is found in nine of
ten cases (tests/analytics/test_outcome.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
import numpy as np
import pandas as pd

from bench.demand_panel import Panel, read_panel
from colmado_insights.analytics.care import compute_care
from colmado_insights.analytics.outcome import JUDGED_DAYS, MEASURE_COLUMNS, compute_outcome
from colmado_insights.analytics.results import CareBoard, Outcome
from colmado_insights.domain import GOODS_COLUMNS, SOLD_COLUMNS, STOCK_COLUMNS, TOLD_COST_COLUMNS, day_of

LIFTS = (0.0, 0.1, 0.25, 0.5)
PLAIN_SHARE = 0.10
T_LIMIT = 2.06
STOCK_DAYS = (3, 7, 14, 21)
LONGEST_DAYS = 90


def origins_of(panel: Panel, window: str, count: int) -> list[int]:
    """Day numbers two weeks apart; those of `last` end with the file, the others before."""
    end = panel.last - (0 if window == "last" else (count + 1) * JUDGED_DAYS)
    return [end - JUDGED_DAYS * back for back in range(count, 0, -1)]


def lifted(days: pd.DataFrame, origin: int, lift: float) -> pd.DataFrame:
    """A product's days with so much more sold in the two weeks after."""
    is_after = (days["day"] > origin) & (days["day"] <= origin + JUDGED_DAYS)
    cents = days["revenue_cents"].where(~is_after, days["revenue_cents"] * (1 + lift)).round()
    return days.assign(cents=cents, revenue_cents=cents)[list(MEASURE_COLUMNS)].astype(MEASURE_COLUMNS)


def rivals(days: pd.DataFrame, origin: int) -> tuple[bool, bool]:
    """Whether the plain comparison and the t-test call the two weeks after better."""
    by_day = days.set_index("day")["cents"]
    before = by_day.reindex(range(origin - JUDGED_DAYS + 1, origin + 1), fill_value=0).to_numpy(float)
    after = by_day.reindex(range(origin + 1, origin + JUDGED_DAYS + 1), fill_value=0).to_numpy(float)
    spread = np.sqrt((before.var(ddof=1) + after.var(ddof=1)) / JUDGED_DAYS)
    return (
        bool(after.sum() > (1 + PLAIN_SHARE) * before.sum()),
        bool(spread > 0 and (after.mean() - before.mean()) / spread > T_LIMIT),
    )


def measure_outcomes(panel: Panel, origins: Iterable[int], top: int) -> None:
    """Print how often each way finds what was planted, and what was not."""
    found: dict[tuple[float, str], list[bool]] = {}
    held: list[bool] = []
    for origin in origins:
        products = panel.until(origin).top(top)
        shop = panel.shop
        for product, days in panel.of(products).groupby("product_id"):
            assert product
            for lift in LIFTS:
                measure = lifted(days, origin, lift)
                answer = compute_outcome(
                    measure, shop, taken=day_of(origin), until=day_of(origin + JUDGED_DAYS)
                )
                if answer.outcome is Outcome.UNKNOWN:
                    continue
                found.setdefault((lift, "ours"), []).append(answer.outcome is Outcome.BETTER)
                plain, t_test = rivals(measure, origin)
                found.setdefault((lift, "plain"), []).append(plain)
                found.setdefault((lift, "t-test"), []).append(t_test)
                if lift == 0:
                    found.setdefault((lift, "worse"), []).append(answer.outcome is Outcome.WORSE)
                    assert answer.change is not None
                    held.append(answer.change.lo <= 0 <= answer.change.hi)
    count = len(found[0.0, "ours"])
    none = 1 - np.mean(found[0.0, "ours"]) - np.mean(found[0.0, "worse"])
    print(
        f"  {count} placebos: no finding in {none:.1%}; the 80 % interval holds nothing in {np.mean(held):.1%}"
    )
    print("  called better        ours   plain (beyond a tenth)   t-test")
    for lift in LIFTS:
        ours, plain, t_test = (np.mean(found[lift, name]) for name in ("ours", "plain", "t-test"))
        print(f"  {f'+{lift:.0%} planted':18} {ours:7.1%} {plain:15.1%} {t_test:18.1%}")


def measure_stock(panel: Panel, origins: Iterable[int], top: int, seed: int = 5) -> None:
    """Print how well it is told when a stock is sold out."""
    rng = np.random.default_rng(seed)
    inside, ours, rule = [], [], []
    for origin in origins:
        products = panel.until(origin).top(top)
        part = panel.of(products)
        daily = part.pivot_table(index="day", columns="product_id", values="units_milli", aggfunc="sum")
        daily = daily.reindex(range(origin - 27, origin + LONGEST_DAYS + 1)).fillna(0)
        usual = daily.loc[:origin].mean()
        stock = (usual * rng.choice(STOCK_DAYS, len(usual))).clip(lower=1000).round().astype("int64")
        coming = daily.loc[origin + 1 :].cumsum()
        lasted = (coming >= stock).idxmax() - origin
        is_sold_out = (coming.iloc[-1] >= stock) & (coming.index.max() <= panel.last)
        board = _care(part[part["day"] <= origin], stock, origin)
        for each in board.products:
            if each.days_left is None or not is_sold_out[each.product_id]:
                continue
            truth = float(lasted[each.product_id])
            inside.append(each.days_left.lo <= truth < each.days_left.hi + 1)
            ours.append(abs(truth - each.days_left.mean))
            rule.append(abs(truth - stock[each.product_id] / max(usual[each.product_id], 1.0)))
    if inside:
        print(
            f"  {len(inside)} stocks: {np.mean(inside):.1%} sold out within the 80 % interval; off by"
            f" {np.mean(ours):.2f} days on average, stock over the 28-day mean {np.mean(rule):.2f}"
        )


def _care(past: pd.DataFrame, stock: pd.Series[int], origin: int) -> CareBoard:
    sold = past.rename(columns={"units_milli": "quantity_milli", "revenue_cents": "amount_cents"})
    goods = past.groupby("product_id", as_index=False)["category"].first()
    board = compute_care(
        sold.assign(cost_cents=0)[list(SOLD_COLUMNS)].astype(SOLD_COLUMNS),
        goods.assign(supplier="", is_by_amount=False).astype(GOODS_COLUMNS),
        pd.DataFrame([], columns=list(TOLD_COST_COLUMNS)).astype(TOLD_COST_COLUMNS),
        pd.DataFrame({"product_id": stock.index, "day": origin, "stock_milli": stock.to_numpy()}).astype(
            STOCK_COLUMNS
        ),
        until=day_of(origin),
    )
    assert isinstance(board, CareBoard)
    return board


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--window", type=click.Choice(["development", "last"]), default="development")
@click.option("--top", default=100)
@click.option("--origins", default=12)
def main(files: tuple[Path, ...], window: str, top: int, origins: int) -> None:
    """Measure and print."""
    for file in files:
        panel = read_panel(file)
        days = origins_of(panel, window, origins)
        print(f"{panel.file}, top {top}, {window}: {day_of(days[0])} to {day_of(days[-1] + JUDGED_DAYS)}")
        measure_outcomes(panel, days, top)
        # A stock must have the time to be sold out before the file ends.
        measure_stock(panel, [day for day in days if day + LONGEST_DAYS <= panel.last], top)


if __name__ == "__main__":
    main()
