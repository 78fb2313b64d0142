"""Write a sample shop as the files of a till: the two exports of Loyverse, a flat table, and the truth."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.domain import (
    PAYMENTS,
    Payment,
    moment_of,
)
from colmado_insights.progress import Progress
from colmado_insights.sample_shop.chance import Ints
from colmado_insights.sample_shop.shop import SampleShop

Language = Literal["es", "en"]
Clock = Literal["12h", "24h"]
Column = list[str]

_CHUNK = 100_000


@dataclass(frozen=True, slots=True)
class _Words:
    """One language of the Loyverse back office."""

    receipts: str
    items: str
    sale: str
    refund: str
    closed: str
    cancelled: str
    dining: str
    payments: Mapping[Payment, str]


_WORDS: dict[str, _Words] = {
    "es": _Words(
        receipts=(
            "Fecha,Número de recibo,Tipo de recibo,Ventas brutas,Descuentos,Ventas netas,Impuestos,Propinas,"
            "Total recaudado,Costo de los bienes,Beneficio bruto,Tipo de pago,Descripción,TPV,Tienda,"
            "Nombre del cajero,Nombre del cliente,Contactos del cliente,Estado"
        ),
        items=(
            "Fecha,Número de recibo,Tipo de recibo,Categoria,REF,Artículo,Variante,Modificadores aplicados,Cantidad,"
            "Ventas brutas,Descuentos,Ventas netas,Costo de los bienes,Beneficio bruto,Impuestos,Tipo de pedido,TPV,"
            "Tienda,Nombre del cajero,Nombre del cliente,Contactos del cliente,Comentario,Estado"
        ),
        sale="Venta",
        refund="Reembolso",
        closed="Cerrado",
        cancelled="Cancelado",
        dining="Para llevar",
        payments={
            Payment.CASH: "Efectivo",
            Payment.CARD: "Tarjeta",
            Payment.TRANSFER: "Transferencia",
            Payment.CREDIT: "Fiao",
        },
    ),
    "en": _Words(
        receipts=(
            "Date,Receipt number,Receipt type,Gross sales,Discounts,Net sales,Taxes,Total collected,Cost of goods,"
            "Gross profit,Payment type,Description,Dining option,POS,Store,Cashier name,Customer name,"
            "Customer contacts,Status"
        ),
        items=(
            "Date,Receipt number,Receipt type,Category,SKU,Item,Variant,Modifiers applied,Quantity,Gross sales,"
            "Discounts,Net sales,Cost of goods,Gross profit,Taxes,Dining option,POS,Store,Cashier name,"
            "Customer name,Customer contacts,Comment,Status"
        ),
        sale="Sale",
        refund="Refund",
        closed="Closed",
        cancelled="Cancelled",
        dining="Takeout",
        payments={
            Payment.CASH: "Cash",
            Payment.CARD: "Card",
            Payment.TRANSFER: "Transfer",
            Payment.CREDIT: "Fiao",
        },
    ),
}


def write_loyverse(
    shop: SampleShop,
    folder: Path,
    language: Language = "es",
    *,
    clock: Clock = "12h",
    progress: Progress | None = None,
) -> tuple[Path, Path]:
    """Write the receipts and the receipts by item as the Loyverse back office exports them.

    Returns the two files, named as Loyverse names them.
    """
    words = _WORDS[language]
    span = f"{shop.first_day.isoformat()}-{shop.last_day.isoformat()}.csv"
    receipts_file, items_file = folder / f"receipts-{span}", folder / f"receipts-by-item-{span}"
    folder.mkdir(parents=True, exist_ok=True)
    shared = _receipt_columns(shop, words, language, clock)
    progress = progress or Progress()
    names = [_quoted(name) for name in shop.products["name"]]
    _write_rows(receipts_file, words.receipts, _receipt_rows(shop, words, shared, names), progress)
    _write_rows(items_file, words.items, _item_rows(shop, words, shared, names), progress)
    return receipts_file, items_file


def write_flat(shop: SampleShop, path: Path, *, progress: Progress | None = None) -> Path:
    """Write one row a line of what was sold, with ISO times and plain decimals; cancelled receipts left out."""
    receipts, lines = shop.sales
    of_line = lines["receipt"].to_numpy()
    moments = np.datetime_as_string(receipts["sold_at"].to_numpy().astype("datetime64[s]"), unit="s")
    moments = np.char.replace(moments, "T", " ")
    number = shop.receipts["number"].to_numpy()[~shop.receipts["cancelled"].to_numpy()]
    cashiers = ["", *shop.parameters.cashiers]
    product = lines["product_id"].to_numpy() - 1
    columns = (
        _texts(number)[of_line].tolist(),
        moments.astype(object)[of_line].tolist(),
        _looked_up([_quoted(name) for name in shop.products["name"]], product),
        _looked_up(list(shop.products["category"]), product),
        _decimals(lines["quantity_milli"].to_numpy(), 3),
        _decimals(lines["amount_cents"].to_numpy(), 2),
        _looked_up([payment.value for payment in PAYMENTS], receipts["payment"].to_numpy()[of_line]),
        _looked_up(cashiers, receipts["cashier_id"].to_numpy()[of_line]),
    )
    header = "receipt,datetime,product,category,quantity,amount,payment,cashier"
    _write_rows(path, header, columns, progress or Progress())
    return path


def write_truth(shop: SampleShop, path: Path) -> Path:
    """Write the hidden truth as JSON."""
    path.write_text(json.dumps(shop.truth, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def write_missions(shop: SampleShop, path: Path) -> Path:
    """Write why each receipt happened: mission names, and by receipt number a position among them.

    A refund has the mission of what it gives back. JSON, because a CSV beside the till's own would be
    taken for one of them.
    """
    values = {
        "names": [mission.name for mission in shop.parameters.missions],
        "numbers": shop.receipts["number"].tolist(),
        "missions": shop.receipts["mission"].tolist(),
    }
    path.write_text(json.dumps(values, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return path


@dataclass(frozen=True, slots=True)
class _ReceiptColumns:
    """What both Loyverse files say of a receipt, as text arrays by receipt."""

    date: NDArray[np.object_]
    number: NDArray[np.object_]
    type: NDArray[np.object_]
    cashier: NDArray[np.object_]
    customer: NDArray[np.object_]
    status: NDArray[np.object_]


def _receipt_columns(shop: SampleShop, words: _Words, language: Language, clock: Clock) -> _ReceiptColumns:
    receipts = shop.receipts
    cashiers = np.array(["", *map(_quoted, shop.parameters.cashiers)], dtype=object)
    kinds = np.array([words.sale, words.refund], dtype=object)
    states = np.array([words.closed, words.cancelled], dtype=object)
    return _ReceiptColumns(
        date=_dates(receipts["sold_at"].to_numpy() // 60, language, clock),
        number=np.array([f"1-{number}" for number in receipts["number"].tolist()], dtype=object),
        type=kinds[receipts["kind"].to_numpy()],
        cashier=cashiers[receipts["cashier_id"].to_numpy()],
        customer=np.array([_quoted(name) for name in receipts["customer"]], dtype=object),
        status=states[receipts["cancelled"].to_numpy().astype(np.int64)],
    )


def _receipt_rows(
    shop: SampleShop, words: _Words, shared: _ReceiptColumns, names: Sequence[str]
) -> tuple[Iterable[str], ...]:
    receipts, count = shop.receipts, len(shop.receipts)
    payments = [words.payments.get(payment, "") for payment in PAYMENTS]
    money = _money_columns(receipts, receipts["total_cents"].to_numpy())
    zero = ["0.00"] * count
    is_spanish = "Propinas" in words.receipts
    columns: list[Iterable[str]] = [shared.date.tolist(), shared.number.tolist(), shared.type.tolist()]
    columns += [money.gross, money.discount, money.net, zero]
    columns += [zero] if is_spanish else []
    columns += [money.net, money.cost, money.profit]
    columns += [_looked_up(payments, receipts["payment"].to_numpy()), _descriptions(shop, names)]
    columns += [] if is_spanish else [[words.dining] * count]
    columns += [[_quoted(shop.parameters.register)] * count, [_quoted(shop.parameters.store)] * count]
    columns += [shared.cashier.tolist(), shared.customer.tolist(), [""] * count, shared.status.tolist()]
    return tuple(columns)


def _item_rows(
    shop: SampleShop, words: _Words, shared: _ReceiptColumns, names: Sequence[str]
) -> tuple[Iterable[str], ...]:
    lines, count = shop.lines, len(shop.lines)
    of_line, product = lines["receipt"].to_numpy(), lines["product_id"].to_numpy() - 1
    money = _money_columns(lines, lines["amount_cents"].to_numpy())
    blank = [""] * count
    return (
        shared.date[of_line].tolist(),
        shared.number[of_line].tolist(),
        shared.type[of_line].tolist(),
        _looked_up([_quoted(name) for name in shop.products["pos_category"]], product),
        _looked_up(list(shop.products["sku"]), product),
        _looked_up(names, product),
        blank,
        blank,
        _decimals(np.abs(lines["quantity_milli"].to_numpy()), 3),
        money.gross,
        money.discount,
        money.net,
        money.cost,
        money.profit,
        ["0.00"] * count,
        [words.dining] * count,
        [_quoted(shop.parameters.register)] * count,
        [_quoted(shop.parameters.store)] * count,
        shared.cashier[of_line].tolist(),
        shared.customer[of_line].tolist(),
        blank,
        blank,
        shared.status[of_line].tolist(),
    )


@dataclass(frozen=True, slots=True)
class _Money:
    """The amounts of a Loyverse row; of a refund only the net and the profit are negative."""

    gross: Column
    discount: Column
    net: Column
    cost: Column
    profit: Column


def _money_columns(frame: pd.DataFrame, net: Ints) -> _Money:
    cost = frame["cost_cents"].to_numpy()
    return _Money(
        gross=_decimals(frame["gross_cents"].to_numpy(), 2),
        discount=_decimals(frame["discount_cents"].to_numpy(), 2),
        net=_decimals(net, 2),
        cost=_decimals(cost, 2),
        profit=_decimals(net - cost, 2),
    )


def _descriptions(shop: SampleShop, names: Sequence[str]) -> Iterator[str]:
    """Quantity and name of every line of a receipt in one cell, as "2 x Pan de Agua, 1 x Café"."""
    lines = shop.lines
    milli = np.abs(lines["quantity_milli"].to_numpy())
    values, inverse = np.unique(milli, return_inverse=True)
    amounts = [f"{value / 1000:g}" for value in values.tolist()]
    bare = [name.strip('"').replace('""', '"') for name in names]
    parts = [
        f"{amounts[amount]} x {bare[product]}"
        for amount, product in zip(
            inverse.tolist(), (lines["product_id"].to_numpy() - 1).tolist(), strict=True
        )
    ]
    ends = np.cumsum(np.bincount(lines["receipt"].to_numpy(), minlength=len(shop.receipts))).tolist()
    start = 0
    for end in ends:
        yield _quoted(", ".join(parts[start:end]))
        start = end


def _dates(minutes: Ints, language: Language, clock: Clock) -> NDArray[np.object_]:
    """The text of each wall-clock minute, as the back office of that language writes it."""
    values, inverse = np.unique(minutes, return_inverse=True)
    return np.array([date_text(value, language, clock) for value in values.tolist()], dtype=object)[inverse]


def date_text(minutes: int, language: Language, clock: Clock) -> str:
    """A wall-clock minute as the back office of that language writes it."""
    moment = moment_of(minutes * 60)
    if clock == "24h":
        return moment.strftime("%d/%m/%Y %H:%M")
    hour, is_morning = (moment.hour - 1) % 12 + 1, moment.hour < 12
    if language == "en":
        half = "AM" if is_morning else "PM"
        return f"{moment.month}/{moment.day}/{moment.year % 100:02d} {hour}:{moment.minute:02d} {half}"
    half = "a. m." if is_morning else "p. m."
    return f"{moment.day}/{moment.month}/{moment.year} {hour}:{moment.minute:02d} {half}"


def _decimals(values: Ints, places: int) -> Column:
    """Whole cents or thousandths as decimal text; each distinct value is written once."""
    unique, inverse = np.unique(values, return_inverse=True)
    unit = 10**places
    texts = [
        f"{'-' if value < 0 else ''}{abs(value) // unit}.{abs(value) % unit:0{places}d}"
        for value in unique.tolist()
    ]
    return _looked_up(texts, inverse)


def _looked_up(texts: Sequence[str], codes: Ints) -> Column:
    found: Column = np.array(texts, dtype=object)[codes].tolist()
    return found


def _texts(values: Ints) -> NDArray[np.object_]:
    return np.array([str(value) for value in values.tolist()], dtype=object)


def _quoted(text: str) -> str:
    """A CSV cell, quoted only where it must be."""
    if any(mark in text for mark in ',"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _write_rows(path: Path, header: str, columns: Sequence[Iterable[str]], progress: Progress) -> None:
    """Write the columns as rows, chunk by chunk; each chunk is a cancel point."""
    total = max((len(column) for column in columns if isinstance(column, list)), default=0)
    rows = map(",".join, zip(*columns, strict=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header + "\n")
        for done in range(0, total, _CHUNK):
            progress.step(done, total, path.name)
            chunk = [row for _number, row in zip(range(_CHUNK), rows, strict=False)]
            file.write("\n".join(chunk) + "\n")
