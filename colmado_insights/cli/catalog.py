"""The products, with what they cost and in which category they are."""

from __future__ import annotations

from pathlib import Path

import click

from colmado_insights import text
from colmado_insights.cli.group import main
from colmado_insights.cli.help import argument, option
from colmado_insights.cli.options import Options, common
from colmado_insights.text import _


@main.command(example="colmado catalog")
@argument(
    "file",
    required=False,
    metavar="ARCHIVO",
    help="Lista de productos con costos o categorías.",
    type=click.Path(path_type=Path),
)
@common
def catalog(options: Options, file: Path | None) -> None:
    """Los productos con su categoría, precio y costo; con un archivo, trae costos y categorías de una lista."""
    with options.shop() as shop:
        if file is not None:
            matched, changed = shop.import_catalog(file, options.progress())
            options.show(
                {"file": file.name, "matched": matched, "changed": changed},
                _("{matched} productos reconocidos, {changed} costos y categorías nuevos.").format(
                    matched=text.number(matched), changed=text.number(changed)
                ),
            )
            return
        products = shop.read_catalog()
    values = [
        {
            "product_id": product.product_id,
            "name": product.name,
            "sku": product.sku,
            "category": product.category,
            "price": None if product.price_cents is None else product.price_cents / 100,
            "cost": None if product.cost_cents is None else product.cost_cents / 100,
            "revenue_30_days": product.revenue_cents / 100,
        }
        for product in products
    ]
    words = "\n".join(
        f"{product.name:<40.40} {text.category_name(product.category):<22} {text.money(product.revenue_cents):>14}"
        for product in products
    )
    options.show({"products": values}, words or _("No hay productos todavía."))


@main.command(example='colmado categorize "CERVEZA PRESIDENTE 650ML" "ARROZ LA GARZA 5 LB"')
@argument("names", nargs=-1, metavar="NOMBRE", help="Nombres de productos.")
@option("--file", "source", type=click.Path(path_type=Path), help="CSV con nombres de productos.")
@option("--column", only_with="source", help="Columna de los nombres; la primera si no se dice.")
@common
def categorize(options: Options, names: tuple[str, ...], source: Path | None, column: str | None) -> None:
    """Dice la categoría de nombres de productos; sin nombres, los del colmado."""
    with options.shop() as shop:
        found = shop.categorize(names, source, column)
    values = [
        {
            "name": name,
            "category": guess.category,
            "source": guess.source,
            "confidence": round(guess.confidence, 3),
        }
        for name, guess in found
    ]
    words = "\n".join(
        f"{name}: {text.category_name(guess.category)} · {text.category_source(guess.source, guess.confidence)}"
        for name, guess in found
    )
    options.show(values, words or _("No hay productos todavía."))
