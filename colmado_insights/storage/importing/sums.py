"""What a table's numbers say about its columns: which sums and products agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

_CENT = 0.011
_RELATIVE = 0.002
"""Tills round the unit price; the product may miss the total by that much."""

_MOST = 0.9
_FEWEST_GROUPS = 2


@dataclass(frozen=True, slots=True)
class Receipts:
    """Which receipt each row of the sample belongs to, and the receipts of several rows."""

    codes: np.ndarray  # (rows,) int64, -1 where unknown
    several: np.ndarray  # (receipts,) bool

    @property
    def repeat(self) -> bool:
        """True when receipts of several rows are seen often enough to judge by."""
        return int(self.several.sum()) >= _FEWEST_GROUPS


def group_receipts(keys: Sequence[str]) -> Receipts:
    """Receipts of a sample by their key; the last one may be cut and is left out of `several`."""
    texts = pd.Series([key.strip() or None for key in keys], dtype=object).ffill()
    codes = pd.factorize(texts)[0].astype(np.int64)
    sizes = np.bincount(codes[codes >= 0]) if (codes >= 0).any() else np.zeros(0, dtype=np.int64)
    several = sizes > 1
    if int(several.sum()) > _FEWEST_GROUPS and len(codes):
        several[codes[-1]] = False
    return Receipts(codes, several)


def _inside(values: np.ndarray, receipts: Receipts) -> pd.api.typing.SeriesGroupBy[float, int]:
    """The values of the receipts of several rows, by receipt."""
    known = receipts.codes >= 0
    use = known & receipts.several[np.where(known, receipts.codes, 0)]
    return pd.Series(values[use]).groupby(receipts.codes[use])


def is_constant_inside(values: np.ndarray, receipts: Receipts) -> bool:
    """True for a column that has one value for a whole receipt but differs between receipts."""
    if not receipts.repeat:
        return False
    groups = _inside(values, receipts)
    constant = float((groups.nunique() <= 1).mean()) >= 0.95
    return constant and groups.first().nunique() > 1


def counts_rows(values: np.ndarray, quantities: np.ndarray | None, receipts: Receipts) -> bool:
    """True for a column that only tells how many rows, or units, its receipt has."""
    if not receipts.repeat:
        return False
    first = _inside(values, receipts).first()
    sizes = _inside(values, receipts).size()
    if sizes.nunique() == 1 and len(sizes) > 3:
        return False  # all receipts of one size: a price could look like a count
    if float((first == sizes).mean()) >= _MOST:
        return True
    if quantities is None:
        return False
    return (
        is_constant_inside(values, receipts)
        and float((first == _inside(quantities, receipts).sum()).mean()) >= _MOST
    )


def agreement(left: np.ndarray, right: np.ndarray) -> float:
    """Share of rows in which two amounts are the same but for rounding; 0 with nothing to compare."""
    known = ~(np.isnan(left) | np.isnan(right))
    if not known.any():
        return 0.0
    left, right = np.abs(left[known]), np.abs(right[known])
    return float(np.mean(np.abs(left - right) <= _CENT + _RELATIVE * np.maximum(left, right)))


def grows_with_quantity(amounts: np.ndarray, quantities: np.ndarray, products: Sequence[str]) -> bool:
    """True when a product's amount is proportional to its quantity, so that it is a line's total."""
    with np.errstate(divide="ignore", invalid="ignore"):
        frame = pd.DataFrame(
            {
                "product": list(products),
                "quantity": np.abs(quantities),
                "amount": np.abs(amounts),
                "unit": np.abs(amounts / quantities),
            }
        )
    frame = frame[np.isfinite(frame["unit"]) & (frame["amount"] > 0)]
    groups = frame.groupby("product")
    varied = groups["quantity"].nunique()
    varied = varied[varied > 1].index
    if len(varied) < 3:
        return False
    frame = frame[frame["product"].isin(varied)]
    spread = frame.groupby("product")[["amount", "unit"]].agg(lambda values: values.std() / values.mean())
    return float(spread["unit"].median()) < 0.5 * float(spread["amount"].median())
