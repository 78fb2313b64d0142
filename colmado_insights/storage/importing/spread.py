"""A sum in cents split over lines so that not one cent goes missing."""

from __future__ import annotations

from collections.abc import Sequence


def spread_cents(total: int, weights: Sequence[float]) -> list[int]:
    """Cents for each weight, in proportion, adding up to the total; the largest remainders get what is left.

    Without any weight the total is split evenly; without lines there is nothing to split.
    """
    if not weights:
        return []
    whole = sum(weights)
    if not whole > 0:
        weights, whole = [1.0] * len(weights), float(len(weights))
    exact = [abs(total) * (weight / whole) for weight in weights]
    cents = [int(share) for share in exact]
    left = abs(total) - sum(cents)
    by_remainder = sorted(range(len(exact)), key=lambda place: cents[place] - exact[place])
    for step in range(abs(left)):
        cents[by_remainder[step % len(by_remainder)]] += 1 if left > 0 else -1
    return cents if total >= 0 else [-share for share in cents]
