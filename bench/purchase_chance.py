"""How good the chances are that a customer buys of a category within 7 days.

    python -m bench.purchase_chance FILE [--window development|last]

FILE is the grocery households' CSV of receipt lines; its products are put into our categories by their names and the
file's own. At weekly origins `compute_category_chances` sees the receipts so far, and what came in the next 7 days is
held against what it said, for every customer and category bought of before.

Accuracy is the share of right answers when a chance of a half or more is taken as yes. It means something only beside
the base rate, what always saying the commoner answer would reach: where that is low, nobody reaches .81 (of those who
buy bread every other week, chance decides). The Brier score and the AUC tell how good the chances are themselves.

Protocol: the methods were fixed on `--window development` (12 weekly origins before the last 8); `--window last` (the
last 8 whole weeks) was scored once. Accuracy, base rate, Brier score, AUC of all rows:

                      development                  last
    the rule          .7583 .6752 .1665 .7952      .7538 .6822 .1671 .7951
    ours              .7734 .6752 .1565 .8174      .7719 .6822 .1557 .8175
    all pairs         .8215                        .8131

The rule is the share of the last 8 weeks with a purchase. *All pairs* counts every customer and category, those never
bought of too, which are taken as no. By category, on the last window: tobacco .913 (base .894), alcohol .858 (.838),
personal care .813 (.776), household .777 (.731); bakery .737 (.547), staples .731 (.616).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd

from colmado_insights.analytics.category_chance import compute_category_chances
from colmado_insights.analytics.chance_scores import auc, calibration_error
from colmado_insights.analytics.history import FloatArray
from colmado_insights.analytics.results import CategoryChances
from colmado_insights.domain import (
    CATEGORIES,
    CATEGORY_CODE,
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    day_of,
)
from colmado_insights.insights.categorizing import categorizer

WEEK = 7
LAST_ORIGINS, DEVELOPMENT_ORIGINS = 8, 12
RULE_WEEKS = 8


@dataclass(frozen=True)
class Shop:
    """One file as our frames, and who bought what on which day."""

    receipts: pd.DataFrame
    lines: pd.DataFrame
    bought: pd.DataFrame  # customer_id, category, day

    @classmethod
    def read(cls, path: Path) -> Shop:
        """Read the file; customers and receipts are numbered in the order they come."""
        rows = pd.read_csv(path, parse_dates=["datetime"], keep_default_na=False)
        rows = rows.sort_values("datetime", kind="stable")
        products = rows[["product", "category"]].drop_duplicates()
        guesses = categorizer().categorize_many(products["product"], products["category"])
        code = dict(
            zip(map(tuple, products.to_numpy()), (CATEGORY_CODE[g.category] for g in guesses), strict=True)
        )
        rows["code"] = [code[pair] for pair in zip(rows["product"], rows["category"], strict=True)]
        rows["receipt"] = pd.factorize(rows["receipt_number"])[0]
        rows["who"] = pd.factorize(rows["customer"])[0] + 1
        rows["cents"] = (rows["amount"] * 100).round().astype("int64")
        heads = rows.groupby("receipt").agg(
            at=("datetime", "first"), who=("who", "first"), cents=("cents", "sum")
        )
        receipts = pd.DataFrame(dict.fromkeys(RECEIPT_COLUMNS, 0), index=heads.index)
        receipts["sale_id"] = heads.index + 1
        receipts["sold_at"] = heads["at"].to_numpy().astype("datetime64[s]").astype(np.int64)
        receipts["total_cents"], receipts["customer_id"] = heads["cents"], heads["who"]
        lines = pd.DataFrame(
            {
                "receipt": rows["receipt"],
                "product_id": pd.factorize(rows["sku"])[0] + 1,
                "category": rows["code"],
                "quantity_milli": (rows["quantity"] * 1000).astype("int64").clip(lower=1),
                "amount_cents": rows["cents"],
            }
        ).sort_values("receipt", ignore_index=True)
        bought = pd.DataFrame(
            {
                "customer_id": rows["who"],
                "category": rows["code"],
                "day": rows["datetime"].to_numpy().astype("datetime64[D]").astype(np.int64),
            }
        ).drop_duplicates()
        return cls(receipts.astype(RECEIPT_COLUMNS), lines.astype(LINE_COLUMNS), bought)

    def origins(self, window: str) -> list[int]:
        """The days after which a week is scored."""
        last = int((self.receipts["sold_at"] // SECONDS_A_DAY).max())
        final = [last - WEEK * back for back in range(LAST_ORIGINS, 0, -1)]
        if window == "last":
            return final
        return [final[0] - WEEK * back for back in range(DEVELOPMENT_ORIGINS, 0, -1)]

    def rows_at(self, origin: int) -> pd.DataFrame:
        """Every customer and category bought of by a day, whether bought in the week after, and the rule's share."""
        pairs = ["customer_id", "category"]
        before = self.bought[self.bought["day"] <= origin]
        rows = before.groupby(pairs, as_index=False)["day"].max().drop(columns="day")
        after = self.bought[self.bought["day"].between(origin + 1, origin + WEEK)][pairs].drop_duplicates()
        recent = before[before["day"] > origin - WEEK * RULE_WEEKS]
        weeks = recent.assign(week=(origin - recent["day"]) // WEEK).groupby(pairs)["week"].nunique()
        rows = rows.merge(after.assign(came=1.0), how="left", on=pairs)
        rows = rows.merge((weeks / RULE_WEEKS).rename("rule").reset_index(), how="left", on=pairs)
        return rows.fillna({"came": 0.0, "rule": 0.0})


def expect(shop: Shop, origin: int) -> tuple[pd.DataFrame, str]:
    """What is said of each row, and what came."""
    answer = compute_category_chances(shop.receipts, shop.lines, until=day_of(origin))
    if not isinstance(answer, CategoryChances):
        raise click.ClickException(f"not enough at {day_of(origin)}: {answer}")
    said = {(item.customer_id, CATEGORY_CODE[item.category]): item.probability for item in answer.items}
    rows = shop.rows_at(origin)
    pairs = zip(rows["customer_id"], rows["category"], strict=True)
    return rows.assign(ours=[said.get(pair, 0.0) for pair in pairs]), answer.method


def scores(said: FloatArray, came: FloatArray) -> str:
    """One line of figures."""
    figures: dict[str, Callable[[], float]] = {
        "accuracy": lambda: float(((said >= 0.5) == (came > 0)).mean()),
        "base rate": lambda: float(max(came.mean(), 1 - came.mean())),
        "Brier": lambda: float(((said - came) ** 2).mean()),
        "AUC": lambda: auc(said, came),
        "calibration error": lambda: calibration_error(said, came),
    }
    return "  ".join(f"{name} {figure():.4f}" for name, figure in figures.items())


@click.command(help=(__doc__ or "").splitlines()[0])
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--window", type=click.Choice(["development", "last"]), default="last")
def main(file: Path, window: str) -> None:
    """Score all rows, then each category."""
    shop = Shop.read(file)
    origins = shop.origins(window)
    parts = [expect(shop, origin) for origin in origins]
    rows = pd.concat([part for part, _method in parts])
    everything = shop.receipts["customer_id"].nunique() * len(CATEGORIES) * len(origins)
    print(f"split: {window}: {len(origins)} weekly origins {day_of(origins[0])} to {day_of(origins[-1])}")
    print("methods: " + ", ".join(method for _part, method in parts))
    for name in ("rule", "ours"):
        print(f"  {name:6} {scores(rows[name].to_numpy(), rows['came'].to_numpy())}  rows {len(rows):,}")
    wrong = int(((rows["ours"] >= 0.5) != (rows["came"] > 0)).sum())
    never = everything - len(rows)
    print(
        f"  with the {never:,} pairs never bought before, all taken as no: accuracy {1 - wrong / everything:.4f}"
    )
    print("\n  ours, by category:")
    for code, part in rows.groupby("category"):
        name = CATEGORIES[int(str(code))]
        print(f"  {name:14} {scores(part['ours'].to_numpy(), part['came'].to_numpy())}  rows {len(part):,}")


if __name__ == "__main__":
    main()
