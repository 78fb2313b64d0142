"""What may be offered by name: each product's family, price, cost, and which others are the same thing again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.analytics.pack import is_same_kind, read_pack
from colmado_insights.domain import CATEGORIES, CATEGORY_CODE, Category

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOSED_TO_OFFERS = (Category.RECHARGES, Category.TOBACCO)
"""Top-ups are passed through for a thin margin; and nobody is talked into smoking."""
USUAL_MARGIN = 0.2
"""Of the price, where the cost is unknown: only to weigh offers against each other, never told."""


@dataclass(frozen=True)
class Shelf:
    """The products by ascending id."""

    ids: NDArray[np.int64]
    names: tuple[str, ...]
    category: NDArray[np.int64]
    price: NDArray[np.int64]  # cents, 0 = unknown
    cost: NDArray[np.int64]  # cents, 0 = unknown
    is_by_amount: NDArray[np.bool_]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Shelf:
        """Take a frame of SHELF_COLUMNS."""
        frame = frame.sort_values("product_id")
        return cls(
            frame["product_id"].to_numpy(),
            tuple(frame["name"]),
            frame["category"].to_numpy().astype(np.int64),
            frame["price_cents"].to_numpy(),
            frame["cost_cents"].to_numpy(),
            frame["is_by_amount"].to_numpy(),
        )

    @property
    def is_offered(self) -> NDArray[np.bool_]:
        """Which products may be offered at all."""
        return ~np.isin(self.category, [CATEGORY_CODE[category] for category in CLOSED_TO_OFFERS])

    def places(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where these products stand; all of them are on the shelf."""
        return np.searchsorted(self.ids, ids)

    def place(self, product: int) -> int | None:
        """Where a product stands, or None."""
        at = int(np.searchsorted(self.ids, product))
        return at if at < len(self.ids) and self.ids[at] == product else None

    def may_offer(self, product: int) -> bool:
        """Whether a product is on the shelf and open to offers."""
        at = self.place(product)
        return at is not None and CATEGORIES[self.category[at]] not in CLOSED_TO_OFFERS

    def name(self, product: int) -> str:
        """What it is called; empty when it is not on the shelf."""
        at = self.place(product)
        return "" if at is None else self.names[at]

    def price_of(self, product: int) -> int:
        """Cents a unit, 0 when unknown."""
        at = self.place(product)
        return 0 if at is None else int(self.price[at])

    def cost_of(self, product: int) -> int:
        """Cents a unit, 0 when unknown."""
        at = self.place(product)
        return 0 if at is None else int(self.cost[at])

    @property
    def margins(self) -> NDArray[np.float64]:
        """The share of each price that stays with the shop; what is usual where the cost is unknown."""
        known = (self.cost > 0) & (self.price > 0)
        share = 1.0 - self.cost / np.maximum(self.price, 1)
        return np.where(known, np.maximum(share, 0.0), USUAL_MARGIN)

    def is_piece(self, product: int) -> bool:
        """Whether a product is sold by the piece at a price of its own, not by weight or by amount."""
        at = self.place(product)
        return at is not None and bool(
            self.price[at] and not self.is_by_amount[at] and not read_pack(self.names[at]).is_loose
        )

    def is_one_family(self, first: int, other: int) -> bool:
        """Whether two products are of one known family."""
        one, two = self.place(first), self.place(other)
        return (
            one is not None
            and two is not None
            and self.category[one] == self.category[two] != CATEGORY_CODE[Category.OTHER]
        )

    def is_trivial(self, first: int, other: int) -> bool:
        """Whether two products are one good in another size, flavour or brand.

        In a known family names that begin alike are (`pack.is_same_kind`); where the family is not known, as
        with foreign words, that says too little.
        """
        one, two = self.place(int(first)), self.place(int(other))
        if one is None or two is None or self.category[one] != self.category[two]:
            return False
        if CATEGORIES[self.category[one]] is Category.OTHER:
            return is_one_good(self.names[one], self.names[two])
        return is_same_kind(self.names[one], self.names[two])


def is_one_good(first: str, other: str) -> bool:
    """Whether two names are the same but for their sizes."""
    return bool(read_pack(first).good) and read_pack(first).good == read_pack(other).good
