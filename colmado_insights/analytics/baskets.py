"""What goes together in one receipt, beyond chance and beyond what the families do, and when.

All pairs are counted at once by a sparse product. Chance is what receipts of the same sizes would hold if each
line were drawn by itself, so that a shop of many one-line receipts finds no false pair and misses no true one.
That beer goes with beer and breakfast with breakfast is told elsewhere, by family: a pair of products is news
only when it meets more often than its two families explain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from colmado_insights.analytics.basket_matrix import Baskets, lay_baskets
from colmado_insights.analytics.bundles import make_bundles
from colmado_insights.analytics.discovery import adjust, chance_of_count, chance_of_share, lowest_mean
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import (
    Basket,
    BasketModel,
    NotEnough,
    ProductPair,
    ProductSet,
    ProductTrend,
    SeasonalProduct,
)
from colmado_insights.analytics.shelf import Shelf
from colmado_insights.domain import (
    LINE_COLUMNS,
    NO_HOUR,
    PAY_PHASES,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    SHELF_COLUMNS,
    Reason,
    day_number,
    day_of,
)
from colmado_insights.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW_DAYS = 364
"""Pairs are looked for in the last 52 weeks."""
FEWEST_BASKETS = 100
"""Of two products or more: below it nothing is said."""
FEWEST_RECEIPTS = 15
FEWEST_TOGETHER = 8
HELD_OUT = 0.25
"""The last part of the receipts, which has no say in which pairs are found."""
FALSE_FINDS = 0.01
"""The share of found pairs that may be chance."""
LEAST_LIFT = 1.2
MOST_PAIRS, MOST_SETS = 60, 20
EXPECTED_TO_CHECK = 3.0
"""A pair of which fewer receipts are due in the held-out part cannot be checked there."""
WON_BY_OFFERING = 0.1
"""Of those who would have taken it by themselves at the pair's rate, so many more take it when it is offered."""
_FEW_OTHERS = 0.1
"""When a pair is more than the rest of what its families could be, the rest says nothing of it."""
_STANDS_OUT = 1.5
_FEWEST_AT_AN_HOUR = 8
_ROWS = 250
"""Products whose pairs are looked at together: all at once take much memory."""


def compute_baskets(
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    shelf: pd.DataFrame,
    *,
    until: date,
    days: DominicanDays,
    model: BasketModel | None = None,
    trends: Sequence[ProductTrend] = (),
    seasonal: Sequence[SeasonalProduct] = (),
    progress: Progress | None = None,
) -> Basket | NotEnough:
    """Find pairs, sets of three and bundles.

    Parameters
    ----------
    receipts, lines : DataFrame
        RECEIPT_COLUMNS and LINE_COLUMNS of at least the last 52 weeks; later and older ones are not looked at.
    shelf : DataFrame
        SHELF_COLUMNS; products that are not on it are no part of any pair.
    until : date
        Last day of data.
    days : DominicanDays
        The shop's calendar, for the phases of pay.
    model : BasketModel, optional
        Whose figures are told beside.
    trends, seasonal : sequences
        Found by `compute_trends` and `compute_seasonal`, passed on.

    Returns
    -------
    Basket or NotEnough
        With fewer than 100 receipts of two products.

    Raises
    ------
    TypeError
        When a frame is not what was declared.

    Assumes
    -------
    Receipts are independent of each other, and within one, under chance, lines are drawn by popularity alone.

    References
    ----------
    S. Brin, R. Motwani, C. Silverstein, "Beyond Market Baskets: Generalizing Association Rules to Correlations",
    SIGMOD 1997 (lift); `discovery` names those of the tests.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    check_frame(lines, LINE_COLUMNS, "lines")
    check_frame(shelf, SHELF_COLUMNS, "shelf")
    progress = progress or Progress()
    goods = Shelf.of(shelf)
    last = day_number(until)
    baskets = lay_baskets(
        receipts,
        lines,
        first=last - WINDOW_DAYS + 1,
        last=last,
        product_ids=goods.ids,
        fewest=FEWEST_RECEIPTS,
    )
    of_two = int((baskets.sizes >= 2).sum())
    if of_two < FEWEST_BASKETS:
        return NotEnough(FEWEST_BASKETS, of_two, "receipts", until)
    progress.step()
    family = goods.category[goods.places(baskets.product_ids)]
    found = _find_pairs(baskets, goods, family)
    progress.step()
    months = _months(baskets)
    worth = _worth(receipts, lines, baskets, goods)
    pairs = _describe(baskets, found, family, worth, days, months)
    progress.step()
    sets = _find_sets(baskets, pairs, goods)
    return Basket(
        pairs=pairs,
        bundles=make_bundles(pairs, sets, goods, months=months),
        trends=tuple(trends),
        seasonal=tuple(seasonal),
        receipts=len(baskets.day),
        receipts_of_two=of_two,
        hit_rate=model.hit_rate if model else None,
        popular_hit_rate=model.popular_hit_rate if model else None,
        coverage=model.coverage if model else None,
        first_day=day_of(int(baskets.day[0])),
        until=until,
        confidence=round(of_two / (of_two + 10 * FEWEST_BASKETS), 4),
        reasons=_reasons(baskets, of_two, model),
        sets=sets,
    )


def _months(baskets: Baskets) -> float:
    return max(1.0, float(baskets.day[-1] - baskets.day[0] + 1)) / 30.4


def _reasons(baskets: Baskets, of_two: int, model: BasketModel | None) -> tuple[Reason, ...]:
    reasons = [
        Reason.of("baskets_sample", receipts=len(baskets.day), share=round(of_two / len(baskets.day), 4))
    ]
    if model is not None:
        reasons.append(
            Reason.of("baskets_hit_rate", share=model.hit_rate, popular_share=model.popular_hit_rate)
        )
    return tuple(reasons)


# ── pairs ──


@dataclass(frozen=True)
class _Counts:
    """How often each two products meet, and how often they would by chance; products x products."""

    together: NDArray[np.float64]
    expected: NDArray[np.float64]

    @classmethod
    def of(cls, baskets: Baskets, family: NDArray[np.int64]) -> _Counts:
        """Count, and expect of each pair the largest of three.

        What the first's receipts have room for, what the second's have, and what their families explain.
        """
        together = baskets.count_pairs().toarray()
        own = baskets.receipts
        room = np.asarray(baskets.matrix.T @ np.maximum(baskets.sizes - 1, 0))
        share = own / max(1, own.sum())
        meetings = _meetings(together, own, family)
        expected = np.empty_like(together)
        for start in range(0, len(own), _ROWS):
            rows = slice(start, start + _ROWS)
            either_way = np.maximum(np.outer(room[rows], share), np.outer(share[rows], room))
            expected[rows] = np.maximum(either_way, _by_family(together[rows], meetings, own, family, rows))
        return cls(together, expected)

    def lift(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
        """Times more often than by chance."""
        return np.asarray(self.together[first, second] / np.maximum(self.expected[first, second], 1e-9))


def _meetings(
    together: NDArray[np.float64], own: NDArray[np.int64], family: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How often products of each two families meet, families x families; none meets itself."""
    member = family[:, None] == np.arange(int(family.max(initial=0)) + 1)
    return np.asarray(member.T @ together @ member - np.diag(own @ member))


def _by_family(
    together: NDArray[np.float64],
    meetings: NDArray[np.float64],
    own: NDArray[np.int64],
    family: NDArray[np.int64],
    rows: slice,
) -> NDArray[np.float64]:
    """How often some products would meet each if they did as others of their families; 0 where these are few.

    The pair itself is left out of what its families do: in a small shop it may be most of it.
    """
    share = own / np.maximum(np.bincount(family, own), 1)[family]  # of each product in its family
    both = np.outer(share[rows], share)
    # Within one family a pair is counted from either side.
    times = 1 + (family[rows, None] == family)
    rest = 1 - times * both
    others = np.maximum(meetings[np.ix_(family[rows], family)] - times * together, 0.0)
    return np.where(rest > _FEW_OTHERS, others * both / np.maximum(rest, _FEW_OTHERS), 0.0)


@dataclass(frozen=True)
class _Found:
    """Pairs that are more than chance, by place in the baskets' products."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    held_out_lift: NDArray[np.float64]  # NaN where too few are due to be checked


def _find_pairs(baskets: Baskets, goods: Shelf, family: NDArray[np.int64]) -> _Found:
    """The pairs of the earlier receipts that the last ones do not gainsay."""
    cut = round(len(baskets.day) * (1 - HELD_OUT))
    earlier = _Counts.of(baskets.of(slice(0, cut)), family)
    later = _Counts.of(baskets.of(slice(cut, None)), family)
    first, second = np.nonzero(np.triu(earlier.together >= FEWEST_TOGETHER, 1))
    is_open = goods.is_offered[goods.places(baskets.product_ids)]
    both = is_open[first] & is_open[second] & (earlier.lift(first, second) >= LEAST_LIFT)
    first, second = first[both], second[both]
    count = len(baskets.product_ids)
    sure = _more_than_chance(
        earlier.together[first, second], earlier.expected[first, second], count * (count - 1) // 2
    )
    first, second = first[sure], second[sure]
    lift, due = earlier.lift(first, second), later.expected[first, second]
    held = np.where(lift * due >= EXPECTED_TO_CHECK, later.lift(first, second), np.nan)
    # A true lift halves by bad luck alone where little is due; below chance it is none.
    stands = np.isnan(held) | (held >= LEAST_LIFT)
    is_new = np.array(
        [not goods.is_trivial(baskets.product_ids[a], baskets.product_ids[b])
         for a, b in zip(first, second, strict=True)],
        dtype=bool,
    )  # fmt: skip
    kept = stands & is_new
    return _Found(first[kept], second[kept], held[kept])


def _more_than_chance(
    seen: NDArray[np.float64], expected: NDArray[np.float64], looked_at: int
) -> NDArray[np.bool_]:
    """Which counts are, of all that were looked at, those never seen together too."""
    return np.asarray(adjust(chance_of_count(seen, expected), looked_at) <= FALSE_FINDS)


def _worth(
    receipts: pd.DataFrame, lines: pd.DataFrame, baskets: Baskets, goods: Shelf
) -> NDArray[np.float64]:
    """Cents that one more receipt with each product brings: what is usually taken of it, not a whole unit."""
    day = receipts["sold_at"].to_numpy()[lines["receipt"].to_numpy()] // SECONDS_A_DAY
    counted = (day >= baskets.day[0]) & (day <= baskets.day[-1]) & (lines["amount_cents"].to_numpy() > 0)
    product = lines["product_id"].to_numpy()[counted]
    size = int(max(baskets.product_ids.max(), product.max(initial=0))) + 1
    amount = np.bincount(product, lines["amount_cents"].to_numpy()[counted], minlength=size)
    number = np.bincount(product, minlength=size)
    each = amount[baskets.product_ids] / np.maximum(number[baskets.product_ids], 1)
    return np.asarray(each * goods.margins[goods.places(baskets.product_ids)])


def _describe(
    baskets: Baskets,
    found: _Found,
    family: NDArray[np.int64],
    worth: NDArray[np.float64],
    days: DominicanDays,
    months: float,
) -> tuple[ProductPair, ...]:
    """Each pair in the direction that is worth more to offer, over the whole window, the best first."""
    counts, own = _Counts.of(baskets, family), baskets.receipts
    ranked: list[tuple[float, int, int, float]] = []
    for one, two, held in zip(found.first, found.second, found.held_out_lift, strict=True):
        seen, expected = counts.together[one, two], counts.expected[one, two]
        pull = max(0.0, float(seen - expected))
        gains = [
            (own[a] - seen) / months * pull / own[a] * WON_BY_OFFERING * worth[b]
            for a, b in ((one, two), (two, one))
        ]
        first, second = (one, two) if gains[0] >= gains[1] else (two, one)
        ranked.append((float(max(gains)), int(first), int(second), float(held)))
    ranked.sort(key=lambda each: (-each[0], baskets.product_ids[each[1]], baskets.product_ids[each[2]]))
    columns, phase = baskets.matrix.tocsc(), _phases(baskets, days)
    told = []
    for gain, first, second, held in ranked[:MOST_PAIRS]:
        seen, expected = float(counts.together[first, second]), float(counts.expected[first, second])
        hours, pay_phase = _timing(baskets.hour, phase, columns[:, [first]], columns[:, [second]])
        told.append(
            ProductPair(
                first_id=int(baskets.product_ids[first]),
                second_id=int(baskets.product_ids[second]),
                receipts=int(seen),
                first_receipts=int(own[first]),
                second_receipts=int(own[second]),
                confidence=seen / float(own[first]),
                lift=seen / max(expected, 1e-9),
                lift_lo=lowest_mean(seen) / max(expected, 1e-9),
                held_out_lift=None if np.isnan(held) else held,
                hours=hours,
                pay_phase=pay_phase,
                gain_cents=round(gain),
            )
        )
    return tuple(told)


# ── when ──


def _phases(baskets: Baskets, days: DominicanDays) -> NDArray[np.int64]:
    """Pay phase of each receipt's day."""
    first = int(baskets.day[0])
    frame = days.frame(day_of(first), day_of(int(baskets.day[-1])))
    return frame["pay_phase"].to_numpy()[baskets.day - first].astype(np.int64)


def _timing(
    hour: NDArray[np.int64], phase: NDArray[np.int64], first: Any, second: Any
) -> tuple[tuple[int, ...], str]:
    """The hours and the pay phase at which who takes the first takes the second far more than at others."""
    base = np.sort(first.indices)
    both = np.intersect1d(base, second.indices, assume_unique=True)
    hours = _standing_out(hour[base][hour[base] != NO_HOUR], hour[both][hour[both] != NO_HOUR], 24)
    phases = _standing_out(phase[base], phase[both], len(PAY_PHASES))
    return tuple(hours), str(PAY_PHASES[phases[0]]) if phases else ""


def _standing_out(base: NDArray[np.int64], both: NDArray[np.int64], kinds: int) -> list[int]:
    """The kinds at which the second share is beyond the base's own, and beyond chance."""
    if not len(both):
        return []
    there, together = np.bincount(base, minlength=kinds), np.bincount(both, minlength=kinds)
    usual = len(both) / len(base)
    p = chance_of_share(together, there, usual)
    out = (together >= _FEWEST_AT_AN_HOUR) & (together >= _STANDS_OUT * usual * there) & (p <= 0.05 / kinds)
    return [int(kind) for kind in np.flatnonzero(out)]


# ── three together ──


def _find_sets(baskets: Baskets, pairs: Sequence[ProductPair], goods: Shelf) -> tuple[ProductSet, ...]:
    """A third product that goes with a found pair more than with each of the two."""
    from scipy.sparse import csr_array

    if not pairs:
        return ()
    place = {int(product): at for at, product in enumerate(baskets.product_ids)}
    columns = baskets.matrix.tocsc()
    one = [place[pair.first_id] for pair in pairs]
    two = [place[pair.second_id] for pair in pairs]
    both = csr_array(columns[:, one] * columns[:, two])  # receipts x pairs
    with_third = (both.T @ baskets.matrix).toarray()  # pairs x products
    alone = baskets.count_pairs()
    own, pair_count = baskets.receipts, np.asarray(both.sum(axis=0)).ravel()
    room = np.asarray(both.T @ np.maximum(baskets.sizes - 2, 0))
    by_chance = np.outer(room, own / max(1, own.sum()))
    by_each = np.maximum(
        pair_count[:, None] * alone[one].toarray() / own[one][:, None],
        pair_count[:, None] * alone[two].toarray() / own[two][:, None],
    )
    expected = np.maximum(by_chance, by_each)
    with_third[np.arange(len(pairs)), one] = with_third[np.arange(len(pairs)), two] = 0
    row, third = np.nonzero(with_third >= FEWEST_TOGETHER)
    sure = _more_than_chance(with_third[row, third], expected[row, third], with_third.size)
    found: dict[frozenset[int], ProductSet] = {}
    for at, other in zip(row[sure], third[sure], strict=True):
        ids = (pairs[at].first_id, pairs[at].second_id, int(baskets.product_ids[other]))
        seen, due = float(with_third[at, other]), float(expected[at, other])
        if not goods.may_offer(ids[2]) or any(goods.is_trivial(ids[2], each) for each in ids[:2]):
            continue
        this = ProductSet(ids, int(seen), seen / float(pair_count[at]), seen / due, lowest_mean(seen) / due)
        if frozenset(ids) not in found or found[frozenset(ids)].lift_lo < this.lift_lo:
            found[frozenset(ids)] = this
    best = sorted(found.values(), key=lambda each: (-each.receipts, each.product_ids))
    return tuple(best[:MOST_SETS])
