"""What can be said of each known customer on one day: rhythm, lateness, spending and taste, a row a customer."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.door import check_frame
from colmado_insights.domain import (
    CATEGORIES,
    LINE_COLUMNS,
    PAYMENTS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Payment,
    SaleKind,
    day_number,
)

WINDOWS = (15, 30, 90, 180)
"""Days that are counted back from the cut-off."""
HALF_LIVES = (14, 45, 120)
"""Days after which a visit counts half in a pace."""
_LAST_BASKETS = 5
_PRIOR_GAPS = 2.0
"""The shop's rhythm stands beside a customer's own gaps as so many of them."""
_UNKNOWN_RHYTHM_DAYS = 30.0
_PAYDAY_DAYS = (15, 16, 17, 30, 31, 1, 2)

RHYTHM_COLUMNS: tuple[str, ...] = (
    "recency_days",  # since the last sale; 0 = bought on the cut-off day
    "age_days",  # since the first sale
    "visits",  # days with a sale
    "receipts",  # sales
    "spent_cents",  # sales less refunds
    "avg_basket_cents",  # of a sale
    "gap_days",  # median between two visits; NaN with one visit
    "rhythm_days",  # the same, drawn towards the shop's where there are few gaps; never NaN
    "gap_spread",  # standard deviation of the gaps over their mean; 1 where unknown
    "longest_gap_days",
    "lateness",  # recency in the customer's own rhythm: 1 = due now
    "lateness_rank",  # share of the own gaps that are shorter than the recency
    *(f"visits_{days}" for days in WINDOWS),
    *(f"spent_{days}" for days in WINDOWS),
    *(f"pace_{days}" for days in HALF_LIVES),  # visits a day, the newest counting most
    "basket_trend",  # log of the last baskets over all of them
    "basket_spread",  # standard deviation of the baskets over their mean
    "refund_share",  # of the receipts
    "credit_share",  # of the sales, on the account
    "weekend_share",  # of the visits, Friday to Sunday
    "payday_share",  # of the visits, on a pay day or the two days after
)
"""Columns that receipts alone give, all float64."""
TASTE_COLUMNS: tuple[str, ...] = (
    "lines_each",  # lines a receipt
    "categories",  # how many different ones
    "products_each",  # different products a visit
    *(f"share_{category}" for category in CATEGORIES),  # of the spending
)
"""Columns that need the lines, all float64."""

_Floats = NDArray[np.float64]
_Codes = NDArray[np.int64]


def customer_features(receipts: pd.DataFrame, lines: pd.DataFrame | None, until: date) -> pd.DataFrame:
    """Describe every known customer by the sales up to a day.

    Parameters
    ----------
    receipts : DataFrame
        RECEIPT_COLUMNS, n rows in any order; anonymous ones and those after `until` are passed over.
    lines : DataFrame or None
        LINE_COLUMNS, `receipt` is a row position in `receipts`; None leaves TASTE_COLUMNS out.
    until : date
        The last day that counts.

    Returns
    -------
    DataFrame
        `customer_id` (int64) and RHYTHM_COLUMNS, with lines TASTE_COLUMNS too (float64); one row a customer with
        at least one sale, ordered by id. Only `gap_days` may be NaN.

    Notes
    -----
    Several receipts of one day are one visit, as who forgot the salt has not come twice. A median of few gaps
    says little, so `rhythm_days` weighs it (in logs) against the median of all customers.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    day = receipts["sold_at"].to_numpy() // SECONDS_A_DAY
    last = day_number(until)
    owner = receipts["customer_id"].to_numpy()
    known = (owner > 0) & (day <= last)
    is_sale = known & (receipts["kind"].to_numpy() == SaleKind.SALE)
    ids = _distinct(owner[is_sale])
    customer = np.minimum(np.searchsorted(ids, owner), max(len(ids) - 1, 0))
    known &= np.append(ids, 0)[customer] == owner  # who only brought something back is left out
    cents = receipts["total_cents"].to_numpy().astype(np.float64)
    columns: dict[str, _Floats] = {}
    columns |= _visit_columns(customer[is_sale], day[is_sale], last, len(ids))
    columns |= _money_columns(customer, day, cents, last, known, is_sale, len(ids))
    is_credit = receipts["payment"].to_numpy() == PAYMENTS.index(Payment.CREDIT)
    sales = np.maximum(np.bincount(customer[is_sale], minlength=len(ids)), 1)
    columns["credit_share"] = np.bincount(customer[is_sale & is_credit], minlength=len(ids)) / sales
    names = RHYTHM_COLUMNS
    if lines is not None:
        columns |= _taste_columns(lines, customer, is_sale, sales, columns["visits"])
        names += TASTE_COLUMNS
    frame = pd.DataFrame({name: columns[name] for name in names}, dtype=np.float64)
    frame.insert(0, "customer_id", ids.astype(np.int64))
    return frame


def _visit_columns(customer: _Codes, day: _Codes, last: int, count: int) -> dict[str, _Floats]:
    """What the days of the sales tell; rows in any order."""
    span = last + 1
    visits = _distinct(customer * span + day)  # one a customer and day, by customer, oldest first
    who, when = visits // span, visits % span
    number = np.bincount(who, minlength=count)
    start = np.cumsum(number) - number
    recency = (last - when[start + number - 1]).astype(np.float64)
    age = (last - when[start]).astype(np.float64)
    is_same = who[1:] == who[:-1]
    gap, gap_of = np.diff(when)[is_same].astype(np.float64), who[1:][is_same]
    gaps = number - 1
    mean = _over(np.bincount(gap_of, gap, count), gaps)
    variance = _over(np.bincount(gap_of, gap**2, count), gaps) - mean**2
    longest = np.zeros(count)
    np.maximum.at(longest, gap_of, gap)
    median = _medians(gap, gap_of, gaps)
    rhythm = _shrunk(median, gaps)
    weekday = (when + 4) % 7
    month_day = _day_of_month(when)
    columns = {
        "recency_days": recency,
        "age_days": age,
        "visits": number.astype(np.float64),
        "gap_days": median,
        "rhythm_days": rhythm,
        "gap_spread": np.where(gaps > 1, _over(np.sqrt(np.maximum(variance, 0)), mean), 1.0),
        "longest_gap_days": longest,
        "lateness": recency / rhythm,
        "lateness_rank": np.bincount(gap_of[gap < recency[gap_of]], minlength=count)
        / np.maximum(gaps + 1, 1),
        "weekend_share": _over(np.bincount(who[np.isin(weekday, (0, 5, 6))], minlength=count), number),
        "payday_share": _over(np.bincount(who[np.isin(month_day, _PAYDAY_DAYS)], minlength=count), number),
    }
    ago = last - when
    for days in WINDOWS:
        columns[f"visits_{days}"] = np.bincount(who[ago < days], minlength=count).astype(np.float64)
    for days in HALF_LIVES:
        seen = days / np.log(2) * (1 - 0.5 ** ((age + 1) / days))  # as many days of equal weight
        columns[f"pace_{days}"] = np.bincount(who, 0.5 ** (ago / days), count) / seen
    return columns


def _money_columns(
    customer: _Codes,
    day: _Codes,
    cents: _Floats,
    last: int,
    known: NDArray[np.bool_],
    is_sale: NDArray[np.bool_],
    count: int,
) -> dict[str, _Floats]:
    """What was spent; `known` are the customers' receipts with refunds, `is_sale` without."""
    sold, who = cents[is_sale], customer[is_sale]
    sales = np.bincount(who, minlength=count)
    basket = _over(np.bincount(who, sold, count), sales)
    variance = _over(np.bincount(who, sold**2, count), sales) - basket**2
    order = np.lexsort((sold, day[is_sale], who))
    place = np.arange(len(order)) - np.repeat(np.cumsum(sales) - sales, sales)
    is_late = place >= np.repeat(sales, sales) - _LAST_BASKETS
    late = np.bincount(who[order][is_late], sold[order][is_late], count) / np.clip(sales, 1, _LAST_BASKETS)
    columns = {
        "receipts": sales.astype(np.float64),
        "spent_cents": np.bincount(customer[known], cents[known], count),
        "avg_basket_cents": basket,
        "basket_trend": np.log((late + 1) / (basket + 1)),
        "basket_spread": _over(np.sqrt(np.maximum(variance, 0)), basket),
        "refund_share": 1 - _over(sales, np.bincount(customer[known], minlength=count)),
    }
    for days in WINDOWS:
        recent = known & (day > last - days)
        columns[f"spent_{days}"] = np.bincount(customer[recent], cents[recent], count)
    return columns


def _taste_columns(
    lines: pd.DataFrame, customer: _Codes, is_sale: NDArray[np.bool_], sales: _Codes, visits: _Floats
) -> dict[str, _Floats]:
    """What was bought."""
    check_frame(lines, LINE_COLUMNS, "lines")
    receipt = lines["receipt"].to_numpy()
    counted = is_sale[receipt]
    who = customer[receipt[counted]]
    category = lines["category"].to_numpy()[counted].astype(np.int64)
    amount = np.maximum(lines["amount_cents"].to_numpy()[counted], 0)
    product = lines["product_id"].to_numpy()[counted]
    count, kinds = len(sales), len(CATEGORIES)
    spent = np.bincount(who * kinds + category, amount, count * kinds).reshape(count, kinds)
    span = int(product.max(initial=0)) + 1
    distinct = _distinct(who * span + product) // span
    shares = _over(spent, spent.sum(axis=1, keepdims=True))
    return {
        "lines_each": np.bincount(who, minlength=count) / sales,
        "categories": (spent > 0).sum(axis=1).astype(np.float64),
        "products_each": _over(np.bincount(distinct, minlength=count), visits),
    } | {f"share_{name}": shares[:, code] for code, name in enumerate(CATEGORIES)}


def _distinct(keys: _Codes) -> _Codes:
    """The different keys in order; np.unique hashes first, which takes ten times as long."""
    ordered: _Codes = np.sort(keys)
    is_first = np.ones(len(ordered), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def _over(part: _Floats | _Codes, whole: _Floats | _Codes) -> _Floats:
    """One over the other, 0 where there is nothing to divide by."""
    ratio: _Floats = np.zeros(part.shape)
    np.divide(part, whole, out=ratio, where=np.asarray(whole) > 0)
    return ratio


def _medians(gap: _Floats, gap_of: _Codes, gaps: _Codes) -> _Floats:
    """The middle gap of each customer, NaN without gaps."""
    ordered = gap[np.lexsort((gap, gap_of))]
    start = np.cumsum(gaps) - gaps
    median = np.full(len(gaps), np.nan)
    has = gaps > 0
    low, high = start[has] + (gaps[has] - 1) // 2, start[has] + gaps[has] // 2
    median[has] = (ordered[low] + ordered[high]) / 2
    return median


def _shrunk(median: _Floats, gaps: _Codes) -> _Floats:
    """Each customer's rhythm, drawn in logs towards the median customer's."""
    own = median[gaps > 0]
    shop = float(np.median(own)) if len(own) else _UNKNOWN_RHYTHM_DAYS
    logs = np.where(gaps > 0, np.log(np.where(gaps > 0, median, 1.0)), 0.0)
    rhythm: _Floats = np.exp((gaps * logs + _PRIOR_GAPS * np.log(shop)) / (gaps + _PRIOR_GAPS))
    return rhythm


def _day_of_month(days: _Codes) -> _Codes:
    """1 … 31 of day numbers."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(dates - months).astype(np.int64) + 1
