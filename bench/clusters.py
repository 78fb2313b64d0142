"""How fast and how firm the learned segments are: against a full sweep, against planted truth, on real baskets.

    python -m bench.clusters [RECEIPTS.csv.gz] [--lines 1000000] [--only speed|planted|real] [--json]

*speed*: a million lines of the made-up minimarket (seed 1997). Our whole choice of k (fits, stability,
silhouettes, chance, profiles) beside scikit-learn's k-means with n_init=10 on every receipt for every k
from 2 to 12 with the silhouette of 5,000 of them; the same columns, one thread, float32. CPU seconds are compared, and the inertia of all
receipts at the k we chose. All is done by one thread, so the processor's seconds are those of a machine that
has nothing else to do, and they are judged; the wall clock is printed beside. Then the twelve rule segments of the same receipts.

*planted*: the sample shop, whose receipts carry the mission they were made for; 60 days, the last 30
learned, seeds 1997, 3 and 8 (the weights were chosen on 1997). The adjusted Rand index
is over all sales of the window. Beside it what is there to be found: a gradient boosting classifier that
was *told* the missions of the 30 days before, on the same columns.

*real* (with a file): one row a receipt line with `receipt_number, datetime, amount, department, category`
columns as in `grocery_households_2017.csv.gz`; departments become our categories by `GOODS` below. All
receipts are learned. Stability is the mean adjusted Rand index, over all receipts, between every pair of
runs on 8 bootstraps (seeds 0-7), each run choosing its own k. Rival: k-means (n_init=10) on the same columns
all standardised alike, at the k of its best silhouette, over the same bootstraps. Silhouettes are each in
the space it clusters, on the same 5,000 receipts (seed 0), ours also with every column shuffled.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import click
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figure import Figure, show
from bench.million import LAST_DAY
from colmado_insights import sample_shop
from colmado_insights.analytics.clusters import (
    MOST_SEGMENTS,
    SCORE_SAMPLE,
    assign_learned,
    compute_learned,
    encode,
)
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.features import compute_features
from colmado_insights.analytics.results import LearnedSegments
from colmado_insights.analytics.segments import compute_segments
from colmado_insights.domain import (
    CATEGORY_CODE,
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    Category,
    SaleKind,
    day_number,
    day_of,
)

ALL_DAYS = 20_000
NUMBERS = range(2, MOST_SEGMENTS + 1)
PLANTED_SEEDS = (1997, 3, 8)
BOOTSTRAPS = 8

MOST_SECONDS = 20.0
MOST_CPU_SHARE = 0.10
MOST_INERTIA = 1.02
MOST_RULE_SECONDS = 1.0
LEAST_PLANTED = 0.70
LEAST_STABILITY = 0.85
LEAST_SHARE = 0.03

GOODS: tuple[tuple[Category, tuple[str, ...]], ...] = (
    (Category.ALCOHOL, ("BEERS", "WINE", "LIQUOR")),
    (Category.TOBACCO, ("CIGAR", "TOBACCO", "SMOKING")),
    (Category.RECHARGES, ("PREPAID", "CALLING CARDS", "TICKETS")),
    (
        Category.BEVERAGES,
        ("SOFT DRINKS", "JUICE", "WATER -", "ISOTONIC", "DRNK MX", "NEW AGE", "JCE CONC", "TEAS",
         "NUTRITION/WATER", "BEVERAGE", "FRZN ICE"),
    ),
    (
        Category.SNACKS,
        ("BAG SNACKS", "CANDY", "COOKIES", "CRACKERS", "SNACK", "SNKS", "ICE CREAM", "NOVELTIES", "POPCORN",
         "NUTS", "SWEET GOODS", "CONES", "DIETARY"),
    ),
    (
        Category.PERSONAL_CARE,
        ("HAIR CARE", "ORAL", "SOAP", "DEODORANT", "FEMININE", "SHAVING", "DIAPERS", "FACIAL PROD", "BABY HBC",
         "COLD AND FLU", "ANALGESICS", "FIRST AID", "VITAMINS", "COSMETICS", "LAXATIVES", "ANTACIDS", "SINUS",
         "EYE AND EAR", "INFANT", "FOOT CARE", "INCONTINENCE", "SUNTAN", "FAMILY PLAN", "ETHNIC PERSONAL"),
    ),
    (
        Category.HOUSEHOLD,
        ("TISSUE", "PAPER", "LAUNDRY", "DISHWASH", "CLEANG", "BLEACH", "FD WRAPS", "AIR CARE", "TISS/", "BROOMS",
         "PLASTIC HOUSE", "FOILWARE", "COFFEE FILTERS", "CANDLES", "BATTERIES", "LITTER", "INSECT", "IRONING",
         "CHARCOAL"),
    ),
    (
        Category.BAKERY,
        ("MILK", "BREAD", "CHEESE", "YOGURT", "EGGS", "BUTTER", "MARGARINE", "PASTRY", "DAIRY", "DOUGH", "CAKES",
         "ROLLS", "BAKED"),
    ),
    (Category.MEAT, ("MEAT/", "MEAT-PCKGD", "DELI MEATS", "SEAFOOD", "CHICKEN", "LUNCHMEAT", "FRZN MEAT")),
    (Category.FRESH, ("PRODUCE", "FRUIT", "SALAD BAR")),
    (
        Category.OTHER,
        ("DRUG GM", "FLORAL", "FUEL", "COUPON", "MISC", "PET", "DOG FOOD", "CAT FOOD", "GARDEN", "TRAVEL",
         "RESTAURANT", "PHOTO", "TOYS", "BIRD"),
    ),
    (Category.STAPLES, ("GROCERY", "NUTRITION", "DELI")),
)  # fmt: skip
"""What a DEPARTMENT/CATEGORY of the grocery file is here: the first line with a word in it."""

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """What the work answers, its seconds by the wall and by the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    answer = work()
    return answer, time.perf_counter() - wall, time.process_time() - processor


def learn(features: pd.DataFrame, window_days: int = ALL_DAYS, seed: int = 0) -> LearnedSegments:
    """The learned segments of the days up to the last."""
    until = day_of(int(features["day"].max()))
    found = compute_learned(features, until=until, window_days=window_days, random_state=seed)
    if not isinstance(found, LearnedSegments):
        raise SystemExit(f"too little data: {found}")
    return found


def points_of(features: pd.DataFrame, learned: LearnedSegments) -> np.ndarray:
    """The receipts as our k-means sees them."""
    points = (encode(features) - np.array(learned.means, np.float32)) / np.array(learned.scales, np.float32)
    return np.nan_to_num(points)


# ── speed ──


def try_speed(lines: int) -> dict[str, float]:
    """Our choice of k beside a full sweep; the rule segments."""
    days = sample_shop.bench_days(lines)
    shop = sample_shop.generate(sample_shop.bench_parameters(lines), last_day=LAST_DAY, days=days)
    features = compute_features(*shop.sales, DominicanDays())
    features = features[features["kind"] == SaleKind.SALE]
    learn(features.iloc[:2_000])  # libraries are loaded once
    learned, wall, processor = timed(lambda: learn(features))
    points = points_of(features, learned)
    k = len(learned.segments)
    centres = np.array(learned.centres, np.float32)
    labels = assign_learned(features, learned)
    own = float(((points - centres[labels]) ** 2).sum())
    inertia: dict[int, float] = {}
    picked = np.random.default_rng(0).choice(len(points), min(SCORE_SAMPLE, len(points)), replace=False)

    def sweep() -> None:
        for number in NUMBERS:
            model = KMeans(number, n_init=10, random_state=0).fit(points)
            inertia[number] = float(model.inertia_)
            silhouette_score(points[picked], model.labels_[picked])

    with threadpool_limits(1):
        _, full_wall, full_processor = timed(sweep)
    _, rule_wall, rule_processor = timed(
        lambda: compute_segments(features, until=LAST_DAY, window_days=ALL_DAYS)
    )
    size = f"{len(features):,} receipts"
    ratio, loss = processor / full_processor, own / inertia[k]
    show(
        Figure(
            f"k-means with choice of k, {size}", f"{wall:.1f} s, {processor:.1f} CPU-s, k = {k}",
            f"n_init=10 sweep {full_wall:.0f} s, {full_processor:.0f} CPU-s",
            f"1/{1 / ratio:.0f} of the CPU, inertia × {loss:.3f}",
            f"≤ {MOST_SECONDS:g} s, ≤ 1/10 of the CPU, inertia ≤ {MOST_INERTIA:g} ×",
            processor <= MOST_SECONDS and ratio <= MOST_CPU_SHARE and loss <= MOST_INERTIA,
        )
    )  # fmt: skip
    show(
        Figure(
            f"twelve rule segments, {size}", f"{rule_wall:.2f} s, {rule_processor:.2f} CPU-s",
            target=f"≤ {MOST_RULE_SECONDS:g} s", met=rule_processor <= MOST_RULE_SECONDS,
        )
    )  # fmt: skip
    return {
        "receipts": len(features), "k": k, "seconds": wall, "cpu_seconds": processor,
        "sweep_cpu_seconds": full_processor, "inertia_ratio": loss, "rule_seconds": rule_wall,
        "rule_cpu_seconds": rule_processor,
    }  # fmt: skip


# ── planted ──


def try_planted(seed: int) -> dict[str, float]:
    """Planted missions found again, beside what a classifier that knows them finds."""
    last = date(2026, 11, 19)
    shop = sample_shop.generate(sample_shop.read_parameters(), last_day=last, days=60, seed=seed)
    features = compute_features(*shop.sales, DominicanDays())
    mission = shop.receipts["mission"].to_numpy()[~shop.receipts["cancelled"].to_numpy()]
    is_sale = features["kind"].to_numpy() == SaleKind.SALE
    is_window = features["day"].to_numpy() > day_number(last) - 30
    learned = learn(features, window_days=30)
    labels = assign_learned(features, learned)
    tested, taught = is_sale & is_window, is_sale & ~is_window
    found = adjusted_rand_score(mission[tested], labels[tested])
    columns = encode(features)
    classifier = HistGradientBoostingClassifier(random_state=0).fit(columns[taught], mission[taught])
    ceiling = adjusted_rand_score(mission[tested], classifier.predict(columns[tested]))
    show(
        Figure(
            f"planted missions, sample shop {seed}, {int(tested.sum()):,} receipts",
            f"ARI {found:.3f}, k = {len(learned.segments)}, stability {learned.stability:.2f}",
            f"classifier told the missions {ceiling:.3f}", f"{found / ceiling:.2f} of what can be told",
            f"ARI ≥ {LEAST_PLANTED:g}", found >= LEAST_PLANTED,
        )
    )  # fmt: skip
    return {"seed": seed, "ari": found, "ceiling": ceiling, "k": len(learned.segments)}


# ── real ──


def category_of(department: str, category: str) -> Category:
    """Our category of a department and category of the file."""
    name = f"{department}/{category}"
    return next((goods for goods, words in GOODS if any(word in name for word in words)), Category.OTHER)


def read_receipts(path: Path) -> pd.DataFrame:
    """Features of the receipts of a file."""
    rows = pd.read_csv(path, dtype={"department": str, "category": str}).fillna({"category": ""})
    names = list(zip(rows["department"], rows["category"], strict=True))
    code = {name: CATEGORY_CODE[category_of(*name)] for name in set(names)}
    numbers, first, receipt = np.unique(rows["receipt_number"], return_index=True, return_inverse=True)
    moment = pd.to_datetime(rows["datetime"]).to_numpy().astype("datetime64[s]").astype(np.int64)
    cents = (rows["amount"] * 100).round().astype(np.int64).to_numpy()
    receipts = pd.DataFrame(dict.fromkeys(RECEIPT_COLUMNS, 0), index=range(len(numbers)))
    receipts["sale_id"] = np.arange(len(numbers)) + 1
    receipts["sold_at"], receipts["has_time"] = moment[first], True
    receipts["total_cents"] = np.bincount(receipt, cents)
    lines = pd.DataFrame(
        {
            "receipt": receipt,
            "product_id": 0,
            "category": [code[name] for name in names],
            "quantity_milli": 1000,
            "amount_cents": cents,
        }
    )
    features = compute_features(receipts.astype(RECEIPT_COLUMNS), lines.astype(LINE_COLUMNS), DominicanDays())
    return features[features["total_value"] > 0].reset_index(drop=True)


def bootstraps(count: int) -> list[np.ndarray]:
    """Which receipts each bootstrap draws."""
    return [np.random.default_rng(seed).integers(0, count, count) for seed in range(BOOTSTRAPS)]


def agreement(labelings: list[np.ndarray]) -> float:
    """Mean adjusted Rand index between every two labelings."""
    return float(np.mean([adjusted_rand_score(a, b) for a, b in itertools.combinations(labelings, 2)]))


def try_real(path: Path) -> dict[str, float]:
    """Ours beside plain k-means on real baskets."""
    features = read_receipts(path)
    picked = np.random.default_rng(0).choice(len(features), min(SCORE_SAMPLE, len(features)), replace=False)
    learned = learn(features)
    labels = assign_learned(features, learned)
    silhouette = silhouette_score(points_of(features, learned)[picked], labels[picked])
    draws = bootstraps(len(features))
    runs = [learn(features.iloc[draw].assign(sale_id=np.arange(len(draw)))) for draw in draws]
    stability = agreement([assign_learned(features, run) for run in runs])
    smallest = min(segment.share for segment in learned.segments)
    plain = np.nan_to_num(encode(features))
    plain = (plain - plain.mean(axis=0)) / np.maximum(plain.std(axis=0), 1e-9)
    tried = {k: KMeans(k, n_init=10, random_state=0).fit_predict(plain) for k in NUMBERS}
    scores = {k: silhouette_score(plain[picked], found[picked]) for k, found in tried.items()}
    best = max(scores, key=lambda k: scores[k])
    plain_stability = agreement(
        [KMeans(best, n_init=10, random_state=0).fit(plain[draw]).predict(plain) for draw in draws]
    )
    plain_smallest = np.bincount(tried[best]).min() / len(plain)
    show(
        Figure(
            f"basket clusters, {path.name}, {len(features):,} receipts, {BOOTSTRAPS} bootstraps",
            f"k = {len(learned.segments)} ({', '.join(str(len(run.segments)) for run in runs)}), silhouette"
            f" {silhouette:.3f}, shuffled {learned.shuffled_silhouette:.3f}, ARI {stability:.2f},"
            f" smallest {smallest:.1%}, with Ward's tree {learned.agreement or 0:.2f}",
            f"plain k-means k = {best}, silhouette {scores[best]:.3f}, ARI {plain_stability:.2f},"
            f" smallest {plain_smallest:.1%}",
            target=f"silhouette not lower, ARI ≥ {LEAST_STABILITY:g}, smallest ≥ {LEAST_SHARE:.0%}",
            met=bool(silhouette >= scores[best] and stability >= LEAST_STABILITY and smallest >= LEAST_SHARE),
        )
    )  # fmt: skip
    return {
        "receipts": len(features), "k": len(learned.segments), "silhouette": float(silhouette),
        "shuffled": learned.shuffled_silhouette, "ari": stability, "smallest": smallest,
        "plain_k": best, "plain_silhouette": float(scores[best]), "plain_ari": plain_stability,
    }  # fmt: skip


@click.command(help=__doc__)
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--lines", default=1_000_000, show_default=True)
@click.option("--only", type=click.Choice(["speed", "planted", "real"]))
@click.option("--json", "as_json", is_flag=True)
def main(file: Path | None, lines: int, only: str | None, as_json: bool) -> None:
    """Measure and print."""
    found: dict[str, object] = {}
    if only in (None, "planted"):
        found["planted"] = [try_planted(seed) for seed in PLANTED_SEEDS]
    if file is not None and only in (None, "real"):
        found["real"] = try_real(file)
    if only in (None, "speed"):
        found["speed"] = try_speed(lines)
    if as_json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
