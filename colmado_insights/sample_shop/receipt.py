"""Receipts with their payment, cashier and number; refunds and cancelled ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from colmado_insights.domain import (
    LINE_COLUMNS,
    PAYMENT_CODE,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Payment,
    SaleKind,
    day_of,
)
from colmado_insights.sample_shop.basket import Lines
from colmado_insights.sample_shop.catalogue import Catalogue
from colmado_insights.sample_shop.chance import Flags, Floats, Ints, stream, summed
from colmado_insights.sample_shop.day import MINUTES, Days
from colmado_insights.sample_shop.parameters import ShopParameters
from colmado_insights.sample_shop.visit import Customer, Visits

_FIRST_RECEIPT = 1001
_FRIDAY, _SATURDAY = 5, 6


def make_frames(
    shop: ShopParameters,
    days: Days,
    catalogue: Catalogue,
    customers: Sequence[Customer],
    visits: Visits,
    lines: Lines,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn the visits that bought something into receipts and lines, in the order of time."""
    served = np.zeros(len(visits.place), dtype=bool)
    served[lines.visit] = True
    receipts = _receipts_of(shop, days, customers, visits, lines, served, stream(seed, 10))
    frame = pd.DataFrame(
        {
            "receipt": (np.cumsum(served) - 1)[lines.visit],
            "place": lines.product,
            "quantity_milli": lines.quantity,
            "gross_cents": lines.gross,
            "discount_cents": lines.discount,
            "cost_cents": lines.cost,
            "by_amount": lines.by_amount,
        }
    )
    rng = stream(seed, 11)
    receipts["cancelled"] = rng.random(len(receipts)) < shop.oddities.cancelled
    receipts, frame = _with_refunds(shop, days, receipts, frame, rng)
    return _declared(customers, receipts, frame, catalogue.category)


def _receipts_of(
    shop: ShopParameters,
    days: Days,
    customers: Sequence[Customer],
    visits: Visits,
    lines: Lines,
    served: Flags,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row a visit that bought something."""
    net = summed(lines.gross - lines.discount, lines.visit, len(served))[served]
    place, customer = visits.place[served], visits.customer[served]
    shift = (visits.minute[served] >= shop.shift_change * 60).astype(np.int64)
    week = (days.numbers[place] + 3) // 7
    return pd.DataFrame(
        {
            "sold_at": visits.sold_at[served],
            "business_place": place,
            "kind": np.full(len(place), int(SaleKind.SALE), dtype=np.int8),
            "payment": _payments(shop, days, customers, place, customer, net, rng),
            "cashier_id": (shift + week) % len(shop.cashiers) + 1,
            "shift_id": days.numbers[place] * 2 + shift + 1,
            "customer_id": customer,
            "mission": visits.mission[served],
        }
    )


def _payments(
    shop: ShopParameters,
    days: Days,
    customers: Sequence[Customer],
    place: Ints,
    customer: Ints,
    net: Ints,
    rng: np.random.Generator,
) -> Ints:
    """Cash mostly; known customers put more on their account the further their pay day lies back."""
    transfer = np.where(net > 500_00, shop.payments.large_transfer, shop.payments.transfer)
    chance = rng.random(len(place))
    paid = np.select(
        [chance < shop.payments.card, chance < shop.payments.card + transfer],
        [PAYMENT_CODE[Payment.CARD], PAYMENT_CODE[Payment.TRANSFER]],
        PAYMENT_CODE[Payment.CASH],
    )
    credit = np.array([0.0, *(each.credit for each in customers)])[customer]
    late = _days_since_own_pay(days, customers)[customer, place]
    on_account = rng.random(len(place)) < np.clip(credit * (0.5 + late), 0, 1)
    return np.asarray(np.where(on_account, PAYMENT_CODE[Payment.CREDIT], paid))


def _days_since_own_pay(days: Days, customers: Sequence[Customer]) -> Floats:
    """How far each customer is into the time between two of their pay days, 0–1, (customer, day)."""
    of_month = np.array([day_of(number).day for number in days.numbers])
    table = np.zeros((len(customers) + 1, len(days.numbers)))
    for row, customer in enumerate(customers, start=1):
        if customer.pay_day in ("friday", "saturday"):
            paid = _FRIDAY if customer.pay_day == "friday" else _SATURDAY
            table[row] = ((days.weekday - paid) % 7) / 6
        else:
            table[row] = np.minimum((of_month - int(customer.pay_day)) % 30, 29) / 29
    return table


def _with_refunds(
    shop: ShopParameters,
    days: Days,
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add a few receipts that give the money of one line back, minutes later, while the shop is open."""
    chosen = np.flatnonzero(
        (rng.random(len(receipts)) < shop.oddities.refunds) & ~receipts["cancelled"].to_numpy()
    )
    later = receipts["sold_at"].to_numpy()[chosen] + rng.integers(5 * 60, 60 * 60, len(chosen))
    place = receipts["business_place"].to_numpy()[chosen]
    minute = (later - days.numbers[place] * SECONDS_A_DAY) // 60
    can = (minute < MINUTES) & days.open[place, np.minimum(minute, MINUTES - 1)]
    chosen, later = chosen[can], later[can]
    back = receipts.iloc[chosen].assign(sold_at=later, kind=np.int8(SaleKind.REFUND), cancelled=False)
    first_line = np.searchsorted(lines["receipt"].to_numpy(), chosen, side="left")
    back_lines = lines.iloc[first_line].assign(receipt=len(receipts) + np.arange(len(chosen)), cost_cents=0)
    return (
        pd.concat([receipts, back], ignore_index=True),
        pd.concat([lines, back_lines], ignore_index=True),
    )


def _declared(
    customers: Sequence[Customer],
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    category: Ints,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Order by time, number the receipts and give both frames their declared columns."""
    order = np.argsort(receipts["sold_at"].to_numpy(), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    of_line = rank[lines["receipt"].to_numpy()]
    line_order = np.argsort(of_line, kind="stable")
    receipts = receipts.iloc[order].reset_index(drop=True)
    lines = lines.iloc[line_order].reset_index(drop=True)
    receipt = of_line[line_order]
    sign = np.where(receipts["kind"].to_numpy() == SaleKind.REFUND, -1, 1)
    place = lines["place"].to_numpy()
    net = lines["gross_cents"].to_numpy() - lines["discount_cents"].to_numpy()
    made_lines = pd.DataFrame(
        {
            "receipt": receipt,
            "product_id": place + 1,
            "category": category[place],
            "quantity_milli": lines["quantity_milli"].to_numpy() * sign[receipt],
            "amount_cents": net * sign[receipt],
        }
    ).astype(LINE_COLUMNS)
    sums = {name: lines[name].to_numpy() for name in ("gross_cents", "discount_cents", "cost_cents")}
    made_lines = made_lines.assign(**sums, by_amount=lines["by_amount"].to_numpy())
    made = pd.DataFrame(
        {
            "sale_id": np.arange(1, len(receipts) + 1),
            "sold_at": receipts["sold_at"],
            "has_time": True,
            "kind": receipts["kind"],
            "total_cents": summed(net, receipt, len(receipts)) * sign,
            **{name: receipts[name] for name in ("payment", "cashier_id", "shift_id", "customer_id")},
        }
    ).astype(RECEIPT_COLUMNS)
    names = np.array(["", *(customer.name for customer in customers)], dtype=object)
    made = made.assign(
        number=np.arange(_FIRST_RECEIPT, _FIRST_RECEIPT + len(made)),
        cancelled=receipts["cancelled"].to_numpy(dtype=bool),
        customer=names[made["customer_id"].to_numpy()],
        mission=receipts["mission"].to_numpy(),
        **{name: summed(values, receipt, len(made)) for name, values in sums.items()},
    )
    return made, made_lines


def only(receipts: pd.DataFrame, lines: pd.DataFrame, keep: Flags) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The receipts to keep, with their lines."""
    if keep.all():
        return receipts, lines
    of_line = lines["receipt"].to_numpy()
    kept = keep[of_line]
    kept_lines = lines[kept].reset_index(drop=True)
    kept_lines["receipt"] = (np.cumsum(keep) - 1)[of_line[kept]]
    return receipts[keep].reset_index(drop=True), kept_lines


def limited(receipts: pd.DataFrame, lines: pd.DataFrame, most: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The last `most` lines and their receipts, whole ones only."""
    if not most or len(lines) <= most:
        return receipts, lines
    of_line = lines["receipt"].to_numpy()
    first_whole = int(of_line[len(lines) - most - 1]) + 1
    short = most - int((of_line >= first_whole).sum())
    keep = np.arange(len(receipts)) >= first_whole
    # Filled up to the round number with the one-line receipts just before.
    singles = np.flatnonzero(np.bincount(of_line, minlength=len(receipts))[:first_whole] == 1)
    keep[singles[len(singles) - short :]] = True
    return only(receipts, lines, keep)
