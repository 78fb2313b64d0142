"""A shop of 20 customers and 300 receipts, as its till's file."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

GOODS = (("Leche", 65), ("Pan", 10), ("Arroz", 195), ("Ron", 500), ("Salami", 120))


def till_rows(people: int, receipts: int, last: date, seed: int = 3) -> list[tuple[object, ...]]:
    """A small shop's till: each customer in a rhythm of their own, always with milk or always with bread."""
    chance = np.random.default_rng(seed)
    visits = []
    for person in range(people):
        rhythm, day = chance.uniform(2, 12), chance.uniform(0, 30)
        while day < (95 if person % 9 == 8 else 150):  # some stay away
            visits.append((day, person))
            day += max(1.0, chance.gamma(4, rhythm / 4))
    rows = []
    for number, (day, person) in enumerate(sorted(visits)[-receipts:], 1):
        moment = datetime(last.year, last.month, last.day, 8) - timedelta(
            days=149 - int(day), hours=-person % 9
        )
        for name, price in {GOODS[person % 2], GOODS[int(chance.integers(len(GOODS)))]}:
            rows.append(
                (number, f"{moment:%d/%m/%Y %H:%M}", name, 1, price, "Efectivo", "Ana", f"Vecino {person}")
            )
    return rows
