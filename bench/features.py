"""Features of a million lines: ours beside the same features in polars, interleaved in one run.

python -m bench.features [--lines 1000000] [--rounds 7] [--json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figure import Figure, show
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.features import (
    LARGE_BASKET_CENTS,
    OCCASION_IDS,
    SMALL_BASKET_CENTS,
    compute_features,
)
from colmado_insights.domain import CATEGORIES, LINE_COLUMNS, RECEIPT_COLUMNS, SaleKind, day_of

LINES_A_RECEIPT = 3.2
YEARS = 3
LEAST_LINES_PER_SECOND = 2_000_000
LEAST_RATIO = 2.0


def make_frames(lines: int, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Random receipts and lines over three years; about one receipt in 25 has no line."""
    rng = np.random.default_rng(seed)
    n = max(1, round(lines / LINES_A_RECEIPT))
    kind = (rng.random(n) < 0.01).astype(np.int8)
    receipt = np.sort(rng.integers(0, n, lines))
    sign = np.where(kind[receipt] == SaleKind.REFUND, -1, 1)
    amount = rng.integers(5_00, 300_00, lines) * sign
    goods = pd.DataFrame(
        {
            "receipt": receipt,
            "product_id": rng.integers(1, 1000, lines),
            "category": rng.integers(0, len(CATEGORIES), lines),
            "quantity_milli": rng.integers(1, 5, lines) * 1000 * sign,
            "amount_cents": amount,
        }
    ).astype(LINE_COLUMNS)
    receipts = pd.DataFrame(
        {
            "sale_id": np.arange(n) + 1,
            "sold_at": np.sort(rng.integers(19_700 * 86_400, (19_700 + 365 * YEARS) * 86_400, n)),
            "has_time": rng.random(n) < 0.99,
            "kind": kind,
            "total_cents": np.bincount(receipt, amount, minlength=n),
            "payment": rng.integers(0, 5, n),
            "cashier_id": rng.integers(0, 4, n),
            "shift_id": rng.integers(0, 2000, n),
            "customer_id": 0,
        }
    ).astype(RECEIPT_COLUMNS)
    return receipts, goods


def make_calendar(receipts: pd.DataFrame, days: DominicanDays) -> pl.DataFrame:
    """The calendar of the days sold, ready to be joined."""
    number = receipts["sold_at"].to_numpy() // 86_400
    frame = days.frame(day_of(number.min()), day_of(number.max()))
    occasion = [OCCASION_IDS.index(name) for name in frame["occasion"]]
    return pl.DataFrame(
        {
            "day": frame["day"].to_numpy(),
            "day_of_week": frame["weekday"].to_numpy().astype(np.int8),
            "week_of_month": frame["week_of_month"].to_numpy().astype(np.int8),
            "is_weekend": frame["is_weekend"].to_numpy(),
            "is_payroll_day": frame["is_payroll_day"].to_numpy(),
            "pay_phase": frame["pay_phase"].to_numpy(),
            "is_holiday": frame["is_holiday"].to_numpy(),
            "occasion": np.array(occasion, dtype=np.int8),
        }
    )


def polars_features(receipts: pl.DataFrame, goods: pl.DataFrame, calendar: pl.DataFrame) -> pl.DataFrame:
    """The same columns by one group-by of the lines and two joins."""
    codes = range(len(CATEGORIES))
    amount, sign = pl.col("amount_cents"), pl.when(pl.col("kind") == SaleKind.REFUND).then(-1).otherwise(1)
    in_category = [pl.col("category") == code for code in codes]
    baskets = (
        goods.lazy()
        .group_by("receipt")
        .agg(
            pl.len().alias("item_count"),
            (pl.col("quantity_milli").sum() / 1000).alias("unit_count"),
            *[in_category[code].sum().alias(f"n{code}") for code in codes],
            *[amount.filter(in_category[code]).sum().alias(f"v{code}") for code in codes],
        )
    )
    named = list(enumerate(CATEGORIES))
    has = {"alcohol": "alcohol", "fresh": "fresh_produce", "household": "household_items"}
    has |= {"snacks": "snacks", "beverages": "beverages"}
    total = pl.col("total_cents")
    counts = ["item_count", "unit_count", *[f"n{code}" for code in codes], *[f"v{code}" for code in codes]]
    clipped = [(pl.col(f"v{code}") * sign).clip(lower_bound=0).alias(f"v{code}") for code in codes]
    return (
        receipts.lazy()
        .with_row_index("receipt")
        .with_columns(pl.col("receipt").cast(pl.Int64), (pl.col("sold_at") // 86_400).alias("day"))
        .join(baskets, on="receipt", how="left", maintain_order="left")
        .join(calendar.lazy(), on="day", how="left", maintain_order="left")
        .with_columns(pl.col(counts).fill_null(0))
        .with_columns(clipped)
        .with_columns(pl.sum_horizontal([f"v{code}" for code in codes]).alias("value"))
        .select(
            "sale_id",
            "kind",
            pl.col("day").cast(pl.Int32),
            pl.when("has_time").then(pl.col("sold_at") % 86_400 // 3600).otherwise(-1).cast(pl.Int8)
            .alias("hour_of_day"),
            "day_of_week", "week_of_month", "is_weekend", "is_payroll_day", "pay_phase", "is_holiday",
            "occasion",
            total.alias("total_value"),
            pl.col("item_count").cast(pl.Int32),
            "unit_count",
            pl.when(pl.col("item_count") > 0).then(total / pl.col("item_count")).otherwise(float("nan"))
            .alias("avg_item_price"),
            (total > LARGE_BASKET_CENTS).alias("is_large_basket"),
            (total < SMALL_BASKET_CENTS).alias("is_small_basket"),
            "payment", "cashier_id", "shift_id",
            *[(pl.col(f"n{code}") > 0).alias(f"has_{has[name]}") for code, name in named if name in has],
            *[
                (pl.col(f"n{code}") / pl.max_horizontal("item_count", 1)).cast(pl.Float32)
                .alias(f"share_{name}")
                for code, name in named
            ],
            *[
                (pl.col(f"v{code}") / pl.max_horizontal("value", 1)).cast(pl.Float32)
                .alias(f"value_share_{name}")
                for code, name in named
            ],
        )
        .collect()
    )  # fmt: skip


def check_equal(ours: pd.DataFrame, theirs: pl.DataFrame) -> None:
    """Raise AssertionError unless both have the same columns with the same values."""
    assert set(ours.columns) == set(theirs.columns), set(ours.columns) ^ set(theirs.columns)
    for name in ours.columns:
        np.testing.assert_allclose(ours[name].to_numpy(), theirs[name].to_numpy(), rtol=1e-6, err_msg=name)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the wall and by the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def measure(lines: int, rounds: int) -> dict[str, float]:
    """Medians of interleaved rounds; the ratios are taken round by round."""
    days = DominicanDays()
    receipts, goods = make_frames(lines)
    calendar = make_calendar(receipts, days)
    their_receipts, their_goods = pl.from_pandas(receipts), pl.from_pandas(goods)
    check_equal(
        compute_features(receipts, goods, days), polars_features(their_receipts, their_goods, calendar)
    )
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(timed(lambda: compute_features(receipts, goods, days)))
        theirs.append(timed(lambda: polars_features(their_receipts, their_goods, calendar)))
    pairs = list(zip(ours, theirs, strict=True))
    return {
        "lines": lines,
        "receipts": len(receipts),
        "ours_lines_per_second": lines / statistics.median(wall for wall, _ in ours),
        "ours_lines_per_cpu_second": lines / statistics.median(cpu for _, cpu in ours),
        "polars_lines_per_second": lines / statistics.median(wall for wall, _ in theirs),
        "polars_lines_per_cpu_second": lines / statistics.median(cpu for _, cpu in theirs),
        "ratio_wall": statistics.median(b[0] / a[0] for a, b in pairs),
        "ratio_cpu": statistics.median(b[1] / a[1] for a, b in pairs),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.lines, options.rounds)
    if options.json:
        print(json.dumps(found))
        return
    size = f"{found['lines'] / 1e6:g} M lines"
    speed, cpu_speed = found["ours_lines_per_second"], found["ours_lines_per_cpu_second"]
    show(
        Figure(
            what=f"features, {size}",
            ours=f"{speed / 1e6:.1f} M lines/s",
            target=f"≥ {LEAST_LINES_PER_SECOND / 1e6:g} M lines/s",
            met=speed >= LEAST_LINES_PER_SECOND,
        )
    )
    show(
        Figure(
            what=f"features against polars, {size}, equal columns",
            ours=f"{cpu_speed / 1e6:.1f} M lines/CPU-s",
            rival=f"polars {found['polars_lines_per_cpu_second'] / 1e6:.1f} M lines/CPU-s",
            ratio=f"{found['ratio_cpu']:.1f} × by CPU, {found['ratio_wall']:.1f} × by the wall",
            target=f"≥ {LEAST_RATIO:g} × by CPU",
            met=found["ratio_cpu"] >= LEAST_RATIO,
        )
    )


if __name__ == "__main__":
    main()
