"""What became of the rows of a file while it comes in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Rows by what became of them; every row read is in exactly one of the five."""

    new: int = 0
    unchanged: int = 0
    replaced: int = 0
    voided: int = 0
    quarantined: int = 0
    receipts_new: int = 0
    totals_rows: int = 0
    revenue_cents: int = 0
    days: set[int] = field(default_factory=set)
    codes: Counter[str] = field(default_factory=Counter)
    late: tuple[int, int] | None = None  # receipts on days seen before, and the first of these days

    @property
    def rows_read(self) -> int:
        """All rows that were meant as sales; totals and blank lines are not."""
        return self.new + self.unchanged + self.replaced + self.voided + self.quarantined
