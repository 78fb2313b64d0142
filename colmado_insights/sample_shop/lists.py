"""The till's lists beside its sales: products with cost, supplier and stock; customers with telephone.

Both in the form of Loyverse's exports, as the owner would bring them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from colmado_insights.domain import Consent
from colmado_insights.sample_shop.chance import Floats, stream
from colmado_insights.sample_shop.shop import SampleShop

_COVER_DAYS = 28
"""Stock follows what was sold in so many last days."""
_ITEMS = (
    "Handle",
    "REF",
    "Nombre",
    "Categoria",
    "Coste",
    "Proveedor",
    "En inventario [{store}]",
    "Precio [{store}]",
)
_CUSTOMERS = ("ID del cliente", "Nombre del cliente", "Correo electrónico", "Teléfono", "Total de visitas")


def write_lists(shop: SampleShop, folder: Path) -> tuple[Path, Path]:
    """Write both lists into a folder: products, customers."""
    items, customers = folder / "export_items.csv", folder / "export_customers.csv"
    header = [cell.format(store=shop.parameters.store) for cell in _ITEMS]
    _write(items, header, _item_rows(shop))
    _write(customers, _CUSTOMERS, _customer_rows(shop))
    return items, customers


def draw_consents(shop: SampleShop) -> dict[str, Consent]:
    """Who of the customers, by name, said yes or no to being written to; the others were not asked."""
    lists = shop.parameters.lists
    chance = stream(shop.truth["seed"], 19).random(len(shop.truth["customers"]))
    names = [customer["name"] for customer in shop.truth["customers"]]
    return {
        name: Consent.YES if drawn < lists.agreed else Consent.NO
        for name, drawn in zip(names, chance.tolist(), strict=True)
        if drawn < lists.agreed + lists.refused
    }


def _item_rows(shop: SampleShop) -> Iterable[Sequence[object]]:
    lists, products = shop.parameters.lists, shop.products
    supplier = {family: name for name, families in lists.suppliers.items() for family in families}
    stocks = _stocks(shop)
    now = {row["name"]: row for row in shop.truth["products"]}
    for row, stock in zip(products.itertuples(index=False), stocks.tolist(), strict=True):
        if row.price_cents == 0:
            continue
        known = now[row.name]
        yield (
            f"item-{row.sku}", row.sku, row.name, row.pos_category,
            f"{known['cost_cents'] / 100:.2f}", supplier.get(str(row.family), ""),
            "" if np.isnan(stock) else f"{stock:g}", f"{known['price_cents'] / 100:.2f}",
        )  # fmt: skip


def _stocks(shop: SampleShop) -> Floats:
    """Whole units on the shelf at the end, NaN where nobody counts: some days of each product's own demand."""
    lists, rng = shop.parameters.lists, stream(shop.truth["seed"], 18)
    count = len(shop.products)
    day = shop.receipts["sold_at"].to_numpy() // 86_400
    recent = day[shop.lines["receipt"]] > day.max(initial=0) - _COVER_DAYS
    sold = np.bincount(
        shop.lines["product_id"].to_numpy()[recent] - 1,
        weights=shop.lines["quantity_milli"].to_numpy()[recent] / 1000,
        minlength=count,
    )
    low, high = np.log(lists.cover_days)
    cover = np.exp(rng.uniform(low, high, count))
    stock = np.maximum(np.round(sold / _COVER_DAYS * cover), rng.integers(1, 7, count))
    is_counted = (rng.random(count) < lists.counted) & (shop.products["category"] != "recharges").to_numpy()
    return np.where(is_counted, stock, np.nan)


def _customer_rows(shop: SampleShop) -> Iterable[Sequence[object]]:
    rng = stream(shop.truth["seed"], 20)
    visits = shop.receipts["customer"].value_counts()
    for number, customer in enumerate(shop.truth["customers"], start=1):
        phone = f"809-555-{number:04d}" if rng.random() < shop.parameters.lists.with_phone else ""
        yield number, customer["name"], "", phone, int(visits.get(customer["name"], 0))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(header)
        csv.writer(file).writerows(rows)
