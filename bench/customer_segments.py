"""Whether RFM segments mean anything: who came again, and what they spent, in the 60 days after.

python -m bench.customer_segments FILE

FILE is a CSV of receipt lines with the columns receipt_number, datetime, customer and amount. On five month ends in
the middle of the history each customer is segmented from what was known that day; nothing is fitted, so that
nothing has to be held out. Beside it the same with recency in days instead of the own rhythm: fifths of days since
the last purchase, which is what most programs call R.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from colmado_insights import text
from colmado_insights.analytics.results import CustomerSegment, Rfm
from colmado_insights.analytics.rfm import compute_rfm
from colmado_insights.domain import RECEIPT_COLUMNS, SECONDS_A_DAY, day_number, day_of

AHEAD_DAYS = 60
ORIGINS = 5


def read_receipts(path: Path) -> pd.DataFrame:
    """The receipts of the file as analytics takes them."""
    rows = pd.read_csv(path, usecols=["receipt_number", "datetime", "customer", "amount"])
    own = rows.groupby("receipt_number").agg({"datetime": "first", "customer": "first", "amount": "sum"})
    frame = pd.DataFrame(dict.fromkeys(RECEIPT_COLUMNS, 0), index=range(len(own)))
    frame["sale_id"] = np.arange(len(own)) + 1
    frame["sold_at"] = pd.to_datetime(own["datetime"]).to_numpy().astype("datetime64[s]").astype(np.int64)
    frame["has_time"] = True
    frame["total_cents"] = (own["amount"] * 100).round().to_numpy().astype(np.int64)
    frame["customer_id"] = pd.factorize(own["customer"], sort=True)[0] + 1
    return frame.astype(RECEIPT_COLUMNS)


def find_origins(receipts: pd.DataFrame) -> Iterator[date]:
    """Month ends with half of the history before them and enough days after."""
    days = receipts["sold_at"] // SECONDS_A_DAY
    first, last = int(days.min()), int(days.max())
    ends = pd.date_range(day_of((first + last) // 2), day_of(last - AHEAD_DAYS), freq="ME")
    yield from (end.date() for end in ends[:ORIGINS])


def main() -> int:
    """Measure and print."""
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    receipts = read_receipts(Path(sys.argv[1]))
    day = receipts["sold_at"] // SECONDS_A_DAY
    by_segment: dict[CustomerSegment, list[tuple[bool, float]]] = defaultdict(list)
    by_days: dict[int, list[tuple[bool, float]]] = defaultdict(list)
    for until in find_origins(receipts):
        rfm = compute_rfm(receipts, until=until)
        assert isinstance(rfm, Rfm)
        start = day_number(until)
        after = receipts[(day > start) & (day <= start + AHEAD_DAYS)]
        spent = after.groupby("customer_id")["total_cents"].sum()
        ranks = pd.Series([score.recency_days for score in rfm.customers]).rank(pct=True)
        for score, rank in zip(rfm.customers, ranks, strict=True):
            came = (score.customer_id in spent.index, float(spent.get(score.customer_id, 0)))
            by_segment[score.segment].append(came)
            by_days[min(int(rank * 5), 4)].append(came)
    print(f"{'':<20} customers  came in {AHEAD_DAYS} days  spent")
    for segment in CustomerSegment:
        tell(text.customer_segment_name(segment), by_segment[segment])
    print("fifths of days since the last purchase, the latest first")
    for fifth in range(5):
        tell(str(fifth + 1), by_days[fifth])
    return 0


def tell(name: str, came: list[tuple[bool, float]]) -> None:
    """One line; nothing of a segment that had nobody."""
    if came:
        share, spent = (float(np.mean(values)) for values in zip(*came, strict=True))
        print(f"{name:<20} {len(came):>9} {share:>16.0%}  {text.money(spent)}")


if __name__ == "__main__":
    sys.exit(main())
