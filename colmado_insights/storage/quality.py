"""What makes the figures worse than they could be: each thing with its share, a few examples and where to act.

Nothing here names a customer. Shares are of the revenue of the last 30 days of data for what
concerns products, of all receipts, rows or days for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from colmado_insights.domain import (
    SECONDS_A_DAY,
    CatalogProduct,
    Category,
    CategorySource,
    QualityIssue,
    Reason,
    day_number,
    day_of,
    moment_of,
    wall_seconds,
    weekday_of,
)
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.lines import UNNAMED
from colmado_insights.storage.importing.vocabulary import fold
from colmado_insights.storage.products import read_catalog
from colmado_insights.storage.sales import read_columns
from colmado_insights.text import _, bad_row_reason, clock, money_exact, short_date

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_EXAMPLES = 5
UNSURE = 0.6
"""A category guessed with less confidence than this is as good as unknown."""
JUMP_SECONDS = 3600
FEW_REPEATS = 0.01
"""A till whose numbers come again more often than this restarts them: its numbers order a day only."""
CLOSED_SHARE = 0.5
"""A weekday without sales in this share of the weeks is one on which the shop is closed."""
_NUMBER_BITS = 43  # the number within `sale.number_key`; above it stands what comes before the number
_PREFIX_BITS = 20

_CATCH_ALL = re.compile(
    r"(?:(?:art(?:iculos?)?|productos?|items?|ventas?|mercancias?|cosas?)\s+)?"
    r"(?:varios|varias|miscelaneos?|miscelaneas?|miscellaneous|misc|otros|otras|general(?:es)?|generic[oa]?s?|"
    r"libre|rapida|comodin|sin codigo|sin registrar|no registrad[oa]s?|departamento)(?:\s+\d+)?"
    r"|(?:producto|articulo|item|venta|mercancia|custom amount|importe personalizado|monto libre)(?:\s+\d+)?"
)


def is_catch_all(name: str) -> bool:
    """True for a product that stands for whatever has no button of its own: VARIOS and its kin."""
    return _CATCH_ALL.fullmatch(re.sub(r"[^a-z0-9]+", " ", fold(name)).strip()) is not None


def find_quality(database: Database, now: datetime) -> tuple[QualityIssue, ...]:
    """All that could be better, the weightiest first; empty when nothing is."""
    look = _Look(database, now)
    checks: tuple[Callable[[_Look], Iterator[QualityIssue]], ...] = (
        _catch_alls, _missing_costs, _prices_under_cost, _unsure_categories, _unnamed,
        _quarantined, _future_sales, _clock_jumps, _days_without_sales, _receipts_without_time,
    )  # fmt: skip
    found = [issue for check in checks for issue in check(look)]
    return tuple(sorted(found, key=lambda issue: -issue.share))


@dataclass(frozen=True)
class _Look:
    """What the checks share, read once."""

    database: Database
    now: datetime

    @cached_property
    def products(self) -> tuple[CatalogProduct, ...]:
        """Products that brought or took money in the last days of data up to now."""
        catalog = read_catalog(self.database, self.now.date())
        return tuple(product for product in catalog if product.revenue_cents > 0)

    @cached_property
    def revenue(self) -> int:
        """What they brought together."""
        return sum(product.revenue_cents for product in self.products)

    @cached_property
    def receipts(self) -> int:
        """Receipts of all time."""
        return int(self.database.read_one("SELECT count(*) FROM sale"))

    def of_products(
        self, code: str, products: Sequence[CatalogProduct], examples: Sequence[str] = ()
    ) -> Iterator[QualityIssue]:
        """An issue of some products, if there are any, by the share of revenue they bring."""
        if products:
            share = sum(product.revenue_cents for product in products) / self.revenue
            names = tuple(product.name for product in products[:MOST_EXAMPLES])
            yield QualityIssue(
                Reason.of(code, count=len(products), share=share),
                share,
                len(products),
                "products",
                tuple(examples)[:MOST_EXAMPLES] or names,
            )


# ── products ──


def _missing_costs(look: _Look) -> Iterator[QualityIssue]:
    lacking = [product for product in look.products if product.cost_cents is None]
    yield from look.of_products("missing_cost", [product for product in lacking if _has_name(product)])


def _prices_under_cost(look: _Look) -> Iterator[QualityIssue]:
    losing = [
        product
        for product in look.products
        if product.cost_cents is not None
        and product.price_cents is not None
        and product.price_cents < product.cost_cents
        and _has_name(product)
    ]
    examples = [
        _("{product}: se vende a {price} y cuesta {cost}").format(
            product=product.name,
            price=money_exact(product.price_cents or 0),
            cost=money_exact(product.cost_cents or 0),
        )
        for product in losing
    ]
    yield from look.of_products("price_under_cost", losing, examples)


def _unsure_categories(look: _Look) -> Iterator[QualityIssue]:
    yield from look.of_products(
        "unsure_category",
        [product for product in look.products if _is_unsure(product) and _has_name(product)],
    )


def _has_name(product: CatalogProduct) -> bool:
    """False for what stands for many things: it has no cost and no category of its own."""
    return product.name != UNNAMED and not is_catch_all(product.name)


def _is_unsure(product: CatalogProduct) -> bool:
    if product.source is CategorySource.OWNER:
        return False
    return product.confidence < UNSURE or (
        product.category is Category.OTHER and product.source is CategorySource.NONE
    )


def _catch_alls(look: _Look) -> Iterator[QualityIssue]:
    yield from look.of_products(
        "catch_all_products", [product for product in look.products if is_catch_all(product.name)]
    )


def _unnamed(look: _Look) -> Iterator[QualityIssue]:
    yield from look.of_products(
        "unnamed_products", [product for product in look.products if product.name == UNNAMED]
    )


# ── rows ──


def _quarantined(look: _Look) -> Iterator[QualityIssue]:
    """Only the reasons are told: a row may name a customer."""
    rows = look.database.read(
        "SELECT code, count(*) FROM quarantine JOIN batch ON batch.id = batch_id"
        " WHERE dismissed_at IS NULL AND undone_at IS NULL GROUP BY code ORDER BY count(*) DESC"
    )
    count = sum(rows_of_code for _code, rows_of_code in rows)
    if count:
        read = int(
            look.database.read_one("SELECT sum(rows_read) FROM batch WHERE undone_at IS NULL") or count
        )
        share = count / max(read, count)
        yield QualityIssue(
            Reason.of("rows_in_quarantine", rows=count, share=share),
            share,
            count,
            "quarantine",
            tuple(bad_row_reason(code) for code, _count in rows[:MOST_EXAMPLES]),
        )


# ── moments ──


def _future_sales(look: _Look) -> Iterator[QualityIssue]:
    rows = look.database.read(
        "SELECT number, sold_at FROM sale WHERE sold_at > ? ORDER BY sold_at DESC", (wall_seconds(look.now),)
    )
    yield from _of_receipts(look, "future_sales", len(rows), [_when(sold_at) for _number, sold_at in rows])


def _receipts_without_time(look: _Look) -> Iterator[QualityIssue]:
    rows = look.database.read(
        "SELECT day, receipts FROM hourly WHERE hour = -1 AND receipts > 0 ORDER BY day DESC"
    )
    days = [_date(day) for day, _receipts in rows]
    yield from _of_receipts(look, "receipts_without_time", sum(count for _day, count in rows), days)


def _of_receipts(look: _Look, code: str, count: int, examples: Sequence[str]) -> Iterator[QualityIssue]:
    if count:
        share = count / max(look.receipts, count)
        told = tuple(dict.fromkeys(examples))[:MOST_EXAMPLES]
        yield QualityIssue(Reason.of(code, count=count, share=share), share, count, "imports", told)


def _days_without_sales(look: _Look) -> Iterator[QualityIssue]:
    """Days in the middle of the history without one receipt, but for the weekdays on which the shop is closed."""
    days = np.array(
        [
            day
            for (day,) in look.database.read(
                "SELECT day FROM daily WHERE receipts > 0 AND day <= ? ORDER BY day",
                (day_number(look.now.date()),),
            )
        ],
        np.int64,
    )
    if len(days) < 2:
        return
    every = np.arange(days[0], days[-1] + 1)
    is_open = np.isin(every, days)
    weekday = np.array([weekday_of(int(day)) for day in every])
    closed = [
        number
        for number in range(7)
        if (weekday == number).sum() > 2 and 1 - is_open[weekday == number].mean() >= CLOSED_SHARE
    ]
    expected = ~np.isin(weekday, closed)
    empty = every[expected & ~is_open]
    if len(empty):
        share = len(empty) / int(expected.sum())
        yield QualityIssue(
            Reason.of("days_without_sales", days=len(empty), share=share),
            share,
            len(empty),
            "imports",
            tuple(map(_stretch, _stretches(empty)[:MOST_EXAMPLES])),
        )


def _stretches(days: NDArray[np.int64]) -> list[tuple[int, int]]:
    """First and last of each run of days, the longest first and of those the latest."""
    runs = np.split(days, np.flatnonzero(np.diff(days) > 1) + 1)
    return sorted(((int(run[0]), int(run[-1])) for run in runs), key=lambda run: (run[0] - run[1], -run[0]))


def _stretch(run: tuple[int, int]) -> str:
    first, last = map(_date, run)
    return first if first == last else _("{first} a {last}").format(first=first, last=last)


def _clock_jumps(look: _Look) -> Iterator[QualityIssue]:
    """Receipts whose number goes on while their time goes back, within one till."""
    low, high = look.database.read("SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM sale")[0]
    rows = read_columns(
        look.database,
        "sale",
        ("till_id", "number_key", "sold_at"),
        "AND has_time AND kind = 0 AND number NOT LIKE '~%'",
        "id",
        low,
        high,
    )
    jumps = find_jumps(rows[:, 0], rows[:, 1], rows[:, 2])
    examples = [_("{before} → {after}").format(before=_when(a), after=_when(b)) for a, b in reversed(jumps)]
    yield from _of_receipts(look, "clock_jumps", len(jumps), examples)


def find_jumps(
    till: NDArray[np.int64], key: NDArray[np.int64], sold_at: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """The moments before and after each jump back of a till's clock, oldest first.

    A till that restarts its numbers repeats them; within a day they still follow each other.
    """
    if not len(till):
        return []
    _series, series = np.unique(till << _PREFIX_BITS | key >> _NUMBER_BITS, return_inverse=True)
    by_number = np.lexsort((key, series))
    is_first = np.ones(len(key), bool)
    is_first[1:] = (np.diff(key[by_number]) != 0) | (np.diff(series[by_number]) != 0)
    count = np.bincount(series)
    distinct = np.bincount(series[by_number[is_first]], minlength=len(count))
    restarts = (count - distinct > FEW_REPEATS * count)[series]
    stretch = np.where(restarts, sold_at // SECONDS_A_DAY, 0)
    order = np.lexsort((sold_at, key, stretch, series))
    series, stretch, key, sold_at = series[order], stretch[order], key[order], sold_at[order]
    follows = (series[1:] == series[:-1]) & (stretch[1:] == stretch[:-1]) & (key[1:] > key[:-1])
    back = np.flatnonzero(follows & (sold_at[:-1] - sold_at[1:] > JUMP_SECONDS))
    return sorted(zip(sold_at[back].tolist(), sold_at[back + 1].tolist(), strict=True))


def _when(seconds: int) -> str:
    moment = moment_of(seconds)
    return f"{_date(day_number(moment.date()))}, {clock(moment)}"


def _date(day: int) -> str:
    """A date with its year: a history has several."""
    return f"{short_date(day_of(day))} {day_of(day).year}"
