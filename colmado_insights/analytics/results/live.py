"""What is answered about this moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from colmado_insights.domain import Reason


class LiveType(StrEnum):
    """The kinds of live insight; at most one stands per kind and subject."""

    TRAFFIC = "traffic"
    PRODUCT_DEMAND = "product_demand"
    REVENUE = "revenue"
    OPERATIONAL = "operational"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class LiveInsight:
    """One useful sentence of this moment; `actions` are codes, `why` holds the numbers behind it."""

    type: LiveType
    subject: str  # busy | slow | a segment_id | rest_of_day | basket | …
    message: Reason
    actions: tuple[str, ...]
    confidence: float
    created_at: datetime
    expires_at: datetime
    why: tuple[Reason, ...] = field(default_factory=tuple)
