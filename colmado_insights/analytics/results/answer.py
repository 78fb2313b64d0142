"""What every analysis may answer: too little data, or how a number stands to what is normal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class NotEnough:
    """Too little data: a normal answer. `unit` is `days`, `receipts` or `prices`."""

    needed: int
    have: int
    unit: str
    until: date | None = None


class Verdict(StrEnum):
    """How a number stands to what is normal: different only when beyond noise."""

    MORE = "more"
    AS_USUAL = "as_usual"
    LESS = "less"
    UNKNOWN = "unknown"
