"""Sums of any slice of the sales: some days, hours or weekdays of them, some products, a person, a way to pay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from colmado_insights.domain import NO_HOUR, SECONDS_A_DAY, Consent
from colmado_insights.storage.database import Database

HOURS = 24


@dataclass(frozen=True, slots=True)
class Slice:
    """What is summed: days by their number, both included; `products` are ids, merged parts among them."""

    first: int
    last: int
    from_hour: int = 0
    to_hour: int = HOURS  # not included
    weekday: int | None = None  # 0 = Sunday
    products: tuple[int, ...] | None = None
    customer_id: int | None = None
    cashier_id: int | None = None
    payment: int | None = None  # position in domain.PAYMENTS

    @property
    def is_of_everything(self) -> bool:
        """Whether the sums by the hour are enough."""
        return all(each is None for each in (self.products, self.customer_id, self.cashier_id, self.payment))


@dataclass(frozen=True, slots=True)
class Sums:
    """What a slice comes to; refunds are subtracted in revenue and units, and are not counted as receipts."""

    revenue_cents: int = 0
    receipts: int = 0
    units_milli: int = 0
    returns_cents: int = 0  # refunds, as a positive amount
    days: int = 0  # with at least one receipt


class Part(StrEnum):
    """By what a slice is parted."""

    DAY = "day"
    WEEKDAY = "weekday"
    HOUR = "hour"
    MONTH = "month"
    PRODUCT = "product"
    CATEGORY = "category"
    CUSTOMER = "customer"
    CASHIER = "cashier"
    PAYMENT = "payment"


_PER_UNIT = 1000
_DAY = f"(sold_at / {SECONDS_A_DAY})"
_SALE_KEYS = {
    Part.DAY: _DAY,
    Part.WEEKDAY: f"(({_DAY} + 4) % 7)",
    Part.HOUR: f"CASE WHEN has_time THEN sold_at % {SECONDS_A_DAY} / 3600 ELSE {NO_HOUR} END",
    Part.MONTH: "CAST(strftime('%Y%m', sold_at, 'unixepoch') AS INTEGER)",
    Part.CUSTOMER: "customer_id",
    Part.CASHIER: "cashier_id",
    Part.PAYMENT: "payment",
}
_LINE_KEYS = {Part.PRODUCT: "coalesce(product.merged_into, product.id)", Part.CATEGORY: "whole.category_id"}
_HOURLY_KEYS = {
    Part.DAY: "day",
    Part.WEEKDAY: "((day + 4) % 7)",
    Part.HOUR: "hour",
    Part.MONTH: f"CAST(strftime('%Y%m', day * {SECONDS_A_DAY}, 'unixepoch') AS INTEGER)",
}


def read_sums(database: Database, wanted: Slice) -> Sums:
    """What the slice comes to."""
    rows = _read(database, wanted, None)
    return Sums(*(value or 0 for value in rows[0][1:])) if rows else Sums()


def read_parts(database: Database, wanted: Slice, part: Part) -> dict[int, Sums]:
    """What each part of the slice comes to, by its number: a day's, a month's (202611), an id, a position."""
    return {int(row[0]): Sums(*row[1:]) for row in _read(database, wanted, part) if row[0] is not None}


def _read(database: Database, wanted: Slice, part: Part | None) -> list[Any]:
    if wanted.is_of_everything and (part is None or part in _HOURLY_KEYS):
        return _read_hourly(database, wanted, part)
    return _read_sales(database, wanted, part)


def _read_hourly(database: Database, wanted: Slice, part: Part | None) -> list[Any]:
    """From the sums kept with every sale: a few thousand rows a year."""
    key = "0" if part is None else _HOURLY_KEYS[part]
    where, values = "day BETWEEN ? AND ?", [wanted.first, wanted.last]
    if (wanted.from_hour, wanted.to_hour) != (0, HOURS):
        where += " AND hour >= ? AND hour < ?"
        values += [wanted.from_hour, wanted.to_hour]
    if wanted.weekday is not None:
        where += " AND (day + 4) % 7 = ?"
        values.append(wanted.weekday)
    return database.read(
        f"SELECT {key}, sum(revenue_cents), sum(receipts), sum(units_milli), sum(returns_cents),"
        f" count(DISTINCT day) FROM hourly WHERE {where} GROUP BY 1 ORDER BY 1",
        values,
    )


def _read_sales(database: Database, wanted: Slice, part: Part | None) -> list[Any]:
    """From the receipts of the days, and their lines where products are asked for."""
    where, values = _conditions(wanted)
    has_lines = wanted.products is not None or part in _LINE_KEYS
    key = "0" if part is None else (_SALE_KEYS | _LINE_KEYS)[part]
    amount, units = ("amount_cents", "quantity_milli") if has_lines else ("total_cents", "sale.units_milli")
    # The receipts are found by their moment, the lines by their receipt: never the other way round.
    source = "sale CROSS JOIN sale_line ON sale_id = sale.id" if has_lines else "sale"
    if part in _LINE_KEYS:
        source += (
            " JOIN product ON product.id = product_id"
            " JOIN product AS whole ON whole.id = coalesce(product.merged_into, product.id)"
        )
    if part is Part.CUSTOMER:  # who said no is not looked at beside others
        where += (
            " AND customer_id IS NOT NULL AND customer_id NOT IN"
            f" (SELECT id FROM customer WHERE consent = {int(Consent.NO)})"
        )
    return database.read(
        f"SELECT {key}, sum({amount}), count(DISTINCT CASE WHEN kind = 0 THEN sale.id END), sum({units}),"
        f" -sum(CASE WHEN kind = 1 THEN {amount} ELSE 0 END), count(DISTINCT {_DAY})"
        f" FROM {source} WHERE {where} GROUP BY 1 ORDER BY 1",
        values,
    )


def _conditions(wanted: Slice) -> tuple[str, list[int]]:
    where = "sold_at >= ? AND sold_at < ?"
    values = [wanted.first * SECONDS_A_DAY, (wanted.last + 1) * SECONDS_A_DAY]
    if (wanted.from_hour, wanted.to_hour) != (0, HOURS):
        where += f" AND has_time AND sold_at % {SECONDS_A_DAY} / 3600 >= ? AND sold_at % {SECONDS_A_DAY} / 3600 < ?"
        values += [wanted.from_hour, wanted.to_hour]
    for condition, value in (
        (f"({_DAY} + 4) % 7 = ?", wanted.weekday),
        ("customer_id = ?", wanted.customer_id),
        ("cashier_id = ?", wanted.cashier_id),
        ("payment = ?", wanted.payment),
    ):
        if value is not None:
            where += f" AND {condition}"
            values.append(value)
    if wanted.products is not None:
        where += f" AND product_id IN ({','.join(str(int(key)) for key in wanted.products)})"
    return where, values


def read_last_sold(database: Database, wanted: Slice) -> int | None:
    """Day number of the last sale in a slice; refunds are none."""
    where, values = _conditions(wanted)
    source = "sale CROSS JOIN sale_line ON sale_id = sale.id" if wanted.products is not None else "sale"
    last: int | None = database.read_one(
        f"SELECT {_DAY} FROM {source} WHERE {where} AND kind = 0 ORDER BY sold_at DESC LIMIT 1", values
    )
    return last


def count_refunds(database: Database, wanted: Slice) -> int:
    """How often something of a slice was brought back."""
    where, values = _conditions(wanted)
    source = "sale CROSS JOIN sale_line ON sale_id = sale.id" if wanted.products is not None else "sale"
    count: int = database.read_one(
        f"SELECT count(DISTINCT sale.id) FROM {source} WHERE {where} AND kind = 1", values
    )
    return count


def read_first_day(database: Database) -> int | None:
    """Day number of the first day with a receipt."""
    first: int | None = database.read_one("SELECT min(day) FROM daily")
    return first


@dataclass(frozen=True, slots=True)
class Earned:
    """What is left of a slice after its costs; only of what has a cost."""

    profit_cents: int
    costed_cents: int  # revenue whose cost is known
    revenue_cents: int


def read_earned(database: Database, wanted: Slice) -> Earned:
    """What the shop earned: each line less its cost, as told for its day, else by the till, else as told first later."""
    where, values = _conditions(wanted)
    of_product = (
        "SELECT told.cost_cents FROM product_cost AS told WHERE told.product_id ="
        " coalesce(product.merged_into, product.id)"
    )
    told = f"({of_product} AND told.day <= of_day ORDER BY told.day DESC LIMIT 1)"
    told_later = f"({of_product} ORDER BY told.day LIMIT 1)"
    # One look for a cost a product and day, not one a line.
    rows = database.read(
        f"""WITH part AS (
            SELECT product_id, {_DAY} AS of_day, sum(amount_cents) AS amount, sum(quantity_milli) AS milli,
                sum(CASE WHEN cost_cents > 0 THEN abs(quantity_milli) ELSE 0 END) AS costed,
                sum(abs(coalesce(sale_line.cost_cents, 0))) AS cost
            FROM sale CROSS JOIN sale_line ON sale_id = sale.id WHERE {where} GROUP BY 1, 2)
        SELECT amount, milli, costed, cost, {told}, {told_later} FROM part JOIN product ON product.id = part.product_id""",
        values,
    )
    profit = costed = revenue = 0
    for amount, milli, costed_milli, line_cost, told_before, told_after in rows:
        revenue += amount
        # A line without a cost, as tills write refunds, costs what its like of that day did.
        by_till = line_cost * _PER_UNIT / costed_milli if costed_milli else None
        unit_cost = told_before or by_till or told_after
        if unit_cost:
            costed += amount
            profit += amount - round(unit_cost * milli / _PER_UNIT)
    return Earned(profit, costed, revenue)


def read_cashiers(database: Database) -> dict[int, str]:
    """What each cashier is called, by their id."""
    return dict(database.read("SELECT id, name FROM cashier"))


@dataclass(frozen=True, slots=True)
class KnownName:
    """Someone whom the sales or the owner name."""

    customer_id: int
    name: str
    nickname: str
    consent: Consent

    @property
    def shown_name(self) -> str:
        """What the shop calls them."""
        return self.nickname or self.name


def read_expected_customer(database: Database) -> int | None:
    """Someone of whom something is expected, who did not say no; None without anybody."""
    found: int | None = database.read_one(
        "SELECT customer_outlook.customer_id FROM customer_outlook JOIN customer ON customer.id = customer_id"
        f" WHERE consent <> {int(Consent.NO)} ORDER BY customer_outlook.customer_id LIMIT 1"
    )
    return found


def read_known_names(database: Database) -> tuple[KnownName, ...]:
    """What all customers are called, without a look at their sales."""
    rows = database.read("SELECT id, name, nickname, consent FROM customer ORDER BY id")
    return tuple(KnownName(key, name, nickname, Consent(consent)) for key, name, nickname, consent in rows)
