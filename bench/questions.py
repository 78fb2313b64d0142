"""Questions in Spanish: how many of the forty are right, and how long an answer takes at size.

python -m bench.questions [--lines 1000000] [--keep FILE]

The forty stand in tests/data/questions/forty.toml with the SQL of their answers, committed before what answers them was
tuned. Speed is of a minimarket of a million lines (`bench.million`): each question three times after the first, the
median. What only the first asker of a day waits for (a forecast, the board of products, what goes together) is made by
night; its first time is printed beside.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bench.figure import Figure, show
from bench.million import LAST_DAY, LINES, flat_file
from colmado_insights.shop import Shop
from tests.questions.asked_shop import NOW, make_asked_shop, open_views, read_asked
from tests.questions.scoring import Score, judge

MOST_SECONDS = 0.300
LEAST_RIGHT = 36
ROUNDS = 3
ASKED = (
    "cuánto vendí ayer", "cuánto vendí este mes", "cuánto vendí de cerveza el domingo", "cuánto vendí de cerveza este año",
    "cuál fue el producto más vendido este mes", "a qué hora vendo más", "vendí más este mes o el pasado",
    "cuánto vendí en efectivo este mes", "cuándo fue la última vez que vendí ron", "cómo va la quincena",
    "a cómo está el arroz", "cuánto voy a vender mañana", "va a llover mañana",
)  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        is_good = score(Path(folder))
        if not options.lines:
            return 0 if is_good else 1
        with Shop(options.keep or Path(folder) / "million.db") as shop:
            if not shop.read_summary().receipts:
                print("importing the history …", flush=True)
                shop.import_files([flat_file(options.lines)])
            return 0 if all([is_good, *measure(shop, options.lines)]) else 1


def score(folder: Path) -> bool:
    """Ask the forty."""
    path = make_asked_shop(folder)
    with Shop(path) as shop:
        answers = [(asked, shop.ask(asked.question, NOW)) for asked in read_asked("forty.toml")]
    connection = open_views(path)
    scores = Counter(judge(asked, answer, connection) for asked, answer in answers)
    connection.close()
    right, wrong = scores[Score.RIGHT], scores[Score.WRONG]
    met = right >= LEAST_RIGHT and not wrong
    ours = f"{right} of {len(answers)} right, {wrong} wrong, {scores[Score.UNKNOWN]} not known"
    show(Figure("forty questions in Spanish", ours, target=f"{LEAST_RIGHT} right, 0 wrong", met=met))
    return met


def measure(shop: Shop, lines: int) -> Iterator[bool]:
    """Time each question."""
    now = datetime.combine(LAST_DAY + timedelta(days=1), NOW.time())
    for question in ASKED:
        first, *rest = (_time(shop, question, now) for _round in range(ROUNDS + 1))
        seconds = statistics.median(rest)
        met = seconds <= MOST_SECONDS
        show(
            Figure(
                f"«{question}», {lines:,} lines",
                f"{seconds * 1000:.0f} ms (first {first * 1000:.0f} ms)",
                target=f"{MOST_SECONDS * 1000:.0f} ms",
                met=met,
            )
        )
        yield met


def _time(shop: Shop, question: str, now: datetime) -> float:
    began = time.perf_counter()
    shop.ask(question, now)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
