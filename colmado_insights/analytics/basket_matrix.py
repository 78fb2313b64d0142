"""Receipts as a sparse matrix: which receipt holds which product. All that goes together is counted from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.domain import NO_HOUR, SECONDS_A_DAY, SaleKind

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

MOST_PRODUCTS = 1500
"""Products beyond these sell too seldom to say what goes with them."""


@dataclass(frozen=True)
class Baskets:
    """Sales, oldest first, over the products that at least so many of them hold; best sellers come first."""

    matrix: csr_array  # receipts x products, 1.0 where a receipt holds a product
    product_ids: NDArray[np.int64]
    day: NDArray[np.int64]  # of each receipt
    hour: NDArray[np.int64]  # NO_HOUR when the till gave only a date

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Different products on each receipt."""
        return np.asarray(np.diff(self.matrix.indptr), dtype=np.int64)

    @property
    def receipts(self) -> NDArray[np.int64]:
        """Receipts with each product."""
        return np.bincount(self.matrix.indices, minlength=len(self.product_ids)).astype(np.int64)

    def count_days(self, first: int, last: int) -> NDArray[np.int64]:
        """Receipts with each product on each day, shape (days from `first` to `last`, products)."""
        count = len(self.product_ids)
        cell = (np.repeat(self.day, self.sizes) - first) * count + self.matrix.indices
        sums = np.bincount(cell, minlength=(last - first + 1) * count)
        return sums.reshape(-1, count).astype(np.int64)

    def of(self, rows: slice | NDArray[np.bool_]) -> Baskets:
        """Some of the receipts, over the same products."""
        return replace(self, matrix=self.matrix[rows], day=self.day[rows], hour=self.hour[rows])

    def count_pairs(self) -> csr_array:
        """Receipts with each two products, products x products; the diagonal counts each alone."""
        from scipy.sparse import csr_array

        return csr_array(self.matrix.T @ self.matrix)


def lay_baskets(
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    first: int,
    last: int,
    product_ids: NDArray[np.int64] | None = None,
    fewest: int = 1,
    most: int = MOST_PRODUCTS,
) -> Baskets:
    """Lay the sales of a window out as a matrix.

    Parameters
    ----------
    receipts, lines : DataFrame
        RECEIPT_COLUMNS and LINE_COLUMNS; refunds and what came back are left out.
    first, last : int
        Day numbers, both included.
    product_ids : ndarray of int, optional
        Only these products.
    fewest, most : int
        Products on fewer receipts are left out, and all beyond so many best sellers.

    Returns
    -------
    Baskets
        Receipts with at least one of the products, oldest first.
    """
    from scipy.sparse import csr_array

    sold_at = receipts["sold_at"].to_numpy()
    order = np.lexsort((receipts["sale_id"].to_numpy(), sold_at))
    day = sold_at // SECONDS_A_DAY
    counted = (receipts["kind"].to_numpy() == SaleKind.SALE) & (day >= first) & (day <= last)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    row, product = lines["receipt"].to_numpy(), lines["product_id"].to_numpy()
    kept = counted[row] & (lines["quantity_milli"].to_numpy() > 0)
    if product_ids is not None:
        kept &= np.isin(product, product_ids)
    size = int(product.max(initial=0)) + 1
    # Built with all ids as columns: what stands twice on a receipt becomes one entry in compiled code.
    everything = csr_array(
        (np.ones(int(kept.sum())), (place[row[kept]], product[kept])), shape=(len(order), size)
    )
    everything.data[:] = 1.0
    count = np.bincount(everything.indices, minlength=size)
    best = np.argsort(-count, kind="stable")[:most]
    best = best[count[best] >= max(1, fewest)]
    matrix = everything[:, best]
    rows = np.flatnonzero(np.diff(matrix.indptr))
    matrix = csr_array(matrix[rows])
    matrix.sort_indices()
    source = order[rows]
    hour = np.where(receipts["has_time"].to_numpy()[source], sold_at[source] % SECONDS_A_DAY // 3600, NO_HOUR)
    return Baskets(matrix, best.astype(np.int64), day[source], hour)
