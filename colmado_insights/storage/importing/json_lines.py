"""Lines of a JSON till brought to what the customer paid for each, and the parts of them that came back."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

from colmado_insights.storage.importing.json_cells import Record, cents_of, find, number_of
from colmado_insights.storage.importing.spread import spread_cents

_HALF_A_CENT = 0.006


@dataclass(frozen=True)
class Line:
    """What was sold; amounts in cents, `trouble` the text that is no amount."""

    name: str
    sku: str
    category: str
    quantity: float
    cents: int | None
    discount: int | None
    cost: int | None
    weight: float
    product: str
    told: int | None = None
    """The amount as it is told, before anything was made of it."""

    returned: float = 0.0
    trouble: str = ""


def net_of(
    amount: float | None, price: float | None, off: float | None, count: float
) -> tuple[int | None, int | None]:
    """What the customer paid for a line and what was taken off, in cents; None where it does not say."""
    off = None if off is None or math.isnan(off) else abs(off)
    less = None if off is None else cents_of(off)
    gross = math.nan if price is None else count * price
    net = gross if amount is None else amount
    if math.isnan(net) or math.isnan(count):
        return None, less
    if off and (amount is None or abs(abs(amount) - abs(gross)) < _HALF_A_CENT):
        net -= math.copysign(off, net)  # the amount is told before the discount
    return cents_of(-abs(net) if count < 0 else net), less


def fill_amounts(lines: list[Line], total: int | None) -> list[Line]:
    """Amounts for lines without any: their share of what the total leaves, else the product's price."""
    open_lines = [line for line in lines if line.cents is None]
    if total is not None:
        left = total - sum(line.cents or 0 for line in lines)
        is_priced = all(line.weight for line in open_lines)
        weights = [line.weight if is_priced else abs(line.quantity) for line in open_lines]
        shares = iter(spread_cents(left, weights))
        return [replace(line, cents=next(shares)) if line.cents is None else line for line in lines]
    return [
        replace(line, cents=cents_of(line.weight)) if line.cents is None and line.weight else line
        for line in lines
    ]


def spread_difference(record: Record, lines: list[Line], total: int) -> list[Line]:
    """Spread what lies between the lines and the total where the receipt's own fields explain it."""
    sums = [line.cents or 0 for line in lines]
    if total == sum(sums):
        return lines
    off, tax, extra, tip = (_own_cents(record, what) for what in ("discount", "tax", "extra", "tip"))
    gap = total - sum(sums)
    percent = cents_of(sum(sums) * abs(off) / 1_000_000)
    if 0 < abs(off) <= 10_000 and abs(gap + percent) <= len(lines):
        off = percent  # the discount is told in percent
    parts = [(-abs(off), True), (tax, True), (extra, True), (abs(tip), False)]
    for chosen in itertools.product((False, True), repeat=len(parts)):
        taken = [part for part, is_in in zip(parts, chosen, strict=True) if is_in]
        if abs(gap - sum(cents for cents, _counts in taken)) > len(lines):
            continue
        change = gap - sum(cents for cents, counts in taken if not counts)
        shares = spread_cents(change, [abs(cents) for cents in sums])
        discounts = spread_cents(abs(off) if chosen[0] else 0, [abs(cents) for cents in sums])
        return [
            replace(
                line,
                cents=(line.cents or 0) + share,
                discount=(line.discount or 0) + less if less else line.discount,
            )
            for line, share, less in zip(lines, shares, discounts, strict=True)
        ]
    return lines


def _own_cents(record: Record, what: str) -> int:
    number = number_of(find(record, what))
    return 0 if number is None or math.isnan(number) else cents_of(number)


def part_of(line: Line, quantity: float) -> Line:
    """The part of a sold line that came back."""
    share = quantity / abs(line.quantity) if line.quantity else 1.0

    def of(cents: int | None) -> int | None:
        return None if cents is None else cents_of(abs(cents) * share / 100)

    return replace(
        line, quantity=quantity, cents=of(line.cents), discount=of(line.discount), cost=of(line.cost)
    )


def at_sold_price(line: Line, sold: list[Line]) -> Line:
    """A returned line; where it tells no amount, at the price at which the same product was sold."""
    if line.cents is not None or line.trouble or math.isnan(line.quantity):
        return line
    for other in sold:
        if other.product == line.product and other.cents is not None and other.quantity:
            part = part_of(other, abs(line.quantity))
            return replace(part, name=line.name or part.name, sku=line.sku or part.sku)
    return line
