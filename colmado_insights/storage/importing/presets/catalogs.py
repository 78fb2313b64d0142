"""Lists of products and of customers, for the pages that keep them: no sales.

Loyverse's `export_items.csv` in both languages, whose shops stand in the headers (`Price [Centro]`)
and whose variants are rows below their item; Loyverse's customers; and any list with a name
and a price, a cost or a telephone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from colmado_insights.errors import UnknownColumns
from colmado_insights.storage.importing.cleaning import clean_code, clean_text, is_damaged_code, is_totals_row
from colmado_insights.storage.importing.columns import CATALOG, SUMMED, is_word_of, match_header
from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.presets.tables import Layout, NamedRow, Number, cents, peek
from colmado_insights.storage.importing.readers import Table, open_table
from colmado_insights.storage.importing.sample import Sample
from colmado_insights.storage.importing.vocabulary import fold_header
from colmado_insights.text import _

SURE, LIKELY = 0.95, 0.6
_LEAST = 0.7  # of a header's likeness to a word

_ITEM_HEADERS: dict[str, tuple[str, ...]] = {
    "handle": ("Handle",),
    "sku": ("SKU", "REF"),
    "name": ("Name", "Nombre"),
    "category": ("Category", "Categoria"),
    "option 1": ("Option 1 value", "Opción 1 valor"),
    "option 2": ("Option 2 value", "Opción 2 valor"),
    "option 3": ("Option 3 value", "Opción 3 valor"),
    "cost": ("Cost", "Coste", "Costo"),
    "supplier": ("Supplier", "Proveedor", "Suplidor"),
    "barcode": ("Barcode", "Codigo de barras"),
    "included": ("SKU of included item", "REF del artículo incluido", "REF de artículo incluido"),
    "default price": ("Default price", "Precio por defecto", "Precio predeterminado", "Price", "Precio"),
}
_ITEMS = Layout(names=_ITEM_HEADERS, numbers=frozenset(), moments={})
_ITEM_MARKS = {"handle", "sku", "name"}
_SHOP_PRICES = ("price [", "precio [")
_SHOP_STOCKS = ("in stock [", "en inventario [", "en stock [", "existencia [", "existencias [")

_CUSTOMERS = Layout(
    names={
        "name": ("Customer name", "Nombre del cliente", "Nombre de cliente"),
        "phone": ("Phone", "Teléfono"),
        "email": ("Email", "Correo electrónico", "Correo"),
        "visits": ("Total visits", "Visitas totales", "Total de visitas"),
        "spent": ("Total spent", "Total gastado"),
        "first": ("First visit", "Primera visita"),
    },
    numbers=frozenset(),
    moments={},
)

_BARCODE = ("barcode", "bar code", "código de barras", "codigobarras", "código barras", "upc", "ean", "gtin")
_PRICE = (
    "precio venta", "precio de venta", "pventa", "precio", "precio unitario", "precio al detalle", "sale price",
    "selling price", "price", "unit price", "retail price",
)  # fmt: skip
_COST = (
    "precio costo", "precio de costo", "costo", "coste", "costo unitario", "pcosto", "precio compra",
    "precio de compra", "cost", "unit cost", "purchase price", "costo promedio",
)  # fmt: skip
_SUPPLIER = (
    "suplidor",
    "proveedor",
    "supplier",
    "vendor",
    "distribuidor",
    "suplidor principal",
    "proveedor principal",
)
_STOCK = (
    "existencia", "existencias", "stock", "stock actual", "existencia actual", "en existencia", "en stock", "in stock",
    "inventario", "en inventario", "cantidad disponible", "disponible", "on hand", "qty on hand", "quantity on hand",
    "cantidad", "quantity", "qty", "cant",
)  # fmt: skip
_CUSTOMER_NAME = (
    "nombre del cliente", "nombre cliente", "cliente", "customer name", "customer", "client", "nombre completo",
    "nombre", "name", "full name",
)  # fmt: skip
_EMAIL = ("email", "e-mail", "correo electrónico", "correo", "mail")
_SOLD = (Field.LINE_TOTAL, Field.RECEIPT_TOTAL, Field.PAYMENT, Field.CASHIER)


@dataclass(frozen=True)
class CatalogItem:
    """A product as its list tells it; None where the list does not say, or a price changes with each sale."""

    name: str
    sku: str
    category: str
    price_cents: int | None
    cost_cents: int | None
    barcode: str
    supplier: str = ""
    stock_milli: int | None = None  # of all the shops and stores that the list counts


@dataclass(frozen=True)
class CustomerItem:
    """A customer as the list tells it; empty where the list does not say."""

    name: str
    phone: str = ""
    email: str = ""


def recognise(path: Path, head: bytes) -> float:
    """How surely a file is a list of products or of customers, not of sales."""
    table = peek(path, head)
    return 0.0 if table is None else max(_likeness(table))


def lists_customers(path: Path, head: bytes) -> bool:
    """True for a list of customers rather than of products."""
    table = peek(path, head)
    if table is None:
        return False
    products, customers = _likeness(table)
    return customers > products


def read_products(path: Path) -> list[CatalogItem]:
    """The products of a list, in its order; rows without a name are left out.

    Raises
    ------
    FileProblem
        The file cannot be read, or has no column of names with a price, a cost or a code.
    """
    table = open_table(path)
    if _is_loyverse(table.header):
        return list(_loyverse_items(path, table.header))
    columns = _product_columns(table)
    if "name" not in columns or not columns.keys() & {"price", "cost", "sku", "barcode", "category"}:
        raise UnknownColumns(
            _("En «{file}» no se reconoce una lista de productos.").format(file=path.name),
            _("Hace falta una columna con el nombre y otra con el precio, el costo o el código."),
        )
    return list(_listed_items(path, columns))


def read_customers(path: Path) -> list[CustomerItem]:
    """The customers of a list, in its order; rows without a name are left out.

    Raises
    ------
    FileProblem
        The file cannot be read, or has no column of customers' names.
    """
    table = open_table(path)
    columns = {name: table.header[place] for name, place in _CUSTOMERS.find(table.header).items()}
    if "name" not in columns:
        columns |= _customer_columns(table)
    if "name" not in columns:
        raise UnknownColumns(
            _("En «{file}» no se reconoce una lista de clientes.").format(file=path.name),
            _("Hace falta una columna con el nombre del cliente."),
        )
    layout = Layout({name: (header,) for name, header in columns.items()}, frozenset(), {})
    items = []
    for row in layout.read(path):
        name = clean_text(row.texts["name"])
        if name and not row.stray and not is_totals_row([name]):
            # A list may have one column for whatever reaches a customer.
            told = [clean_code(row.texts.get(column, "")) for column in ("phone", "email")]
            phone = next((text for text in told if text and "@" not in text), "")
            items.append(CustomerItem(name, phone, next((text for text in told if "@" in text), "")))
    return items


# Loyverse


def _is_loyverse(header: Sequence[str]) -> bool:
    return _ITEMS.find(header).keys() >= _ITEM_MARKS


def _loyverse_items(path: Path, header: Sequence[str]) -> Iterator[CatalogItem]:
    """Items and their variants; rows that only name a part of a composite item are none."""
    shops: dict[str, tuple[str, ...]] = {
        f"price {at}": (cell,) for at, cell in enumerate(header) if fold_header(cell).startswith(_SHOP_PRICES)
    }
    stocks: dict[str, tuple[str, ...]] = {
        f"stock {at}": (cell,) for at, cell in enumerate(header) if fold_header(cell).startswith(_SHOP_STOCKS)
    }
    prices = (*shops, "default price")
    layout = Layout(_ITEM_HEADERS | shops | stocks, frozenset({"cost", *prices, *stocks}), {})
    handle = name = category = supplier = ""
    for row in layout.read(path):
        texts = row.texts
        if row.stray:
            continue
        if texts["name"]:
            handle, name, category = texts["handle"], clean_text(texts["name"]), clean_text(texts["category"])
            supplier = ""
        supplier = clean_text(texts["supplier"]) or supplier
        is_part = texts["included"] and not texts["name"] and not texts["sku"]
        if is_part or not name or texts["handle"] != handle:
            continue
        values = [value for at in (1, 2, 3) if (value := clean_text(texts[f"option {at}"]))]
        yield CatalogItem(
            name=f"{name} ({' / '.join(values)})" if values else name,
            sku=_code(texts["sku"]),
            category=category,
            price_cents=next(
                (price for column in prices if (price := cents(row.numbers[column])) is not None), None
            ),
            cost_cents=cents(row.numbers["cost"]) or None,  # Loyverse writes 0.00 where nobody told the cost
            barcode=_code(texts["barcode"]),
            supplier=supplier,
            stock_milli=_sum_stocks([row.numbers[column] for column in stocks]),
        )


def _sum_stocks(numbers: Sequence[Number]) -> int | None:
    """What all columns of stock count in thousandths; None where none does."""
    counted = [round(number * 1000) for number in numbers if isinstance(number, float)]
    return sum(counted) if counted else None


# Any other list


def _listed_items(path: Path, columns: Mapping[str, str]) -> Iterator[CatalogItem]:
    names = ("name", "sku", "category", "price", "cost", "barcode", "supplier", "stock")
    headers = {name: (columns[name],) if name in columns else () for name in names}
    for row in Layout(headers, frozenset({"price", "cost", "stock"}), {}).read(path):
        name = clean_text(row.texts["name"])
        if row.stray or not name or is_totals_row([name]) or not _is_filled(row):
            continue
        yield CatalogItem(
            name=name,
            sku=_code(row.texts["sku"]),
            category=clean_text(row.texts["category"]),
            price_cents=cents(row.numbers["price"]),
            cost_cents=cents(row.numbers["cost"]) or None,
            barcode=_code(row.texts["barcode"]),
            supplier=clean_text(row.texts["supplier"]),
            stock_milli=_sum_stocks([row.numbers["stock"]]),
        )


def _is_filled(row: NamedRow) -> bool:
    """True for a row with more than a name: a lone text is a heading."""
    return sum(map(bool, row.texts.values())) > 1


def _code(text: str) -> str:
    code = clean_code(text)
    return "" if is_damaged_code(code) else code


def _product_columns(table: Table) -> dict[str, str]:
    """The headers of a list of products by what they hold."""
    taken: dict[str, str] = {}
    exact = (
        ("barcode", _BARCODE),
        ("cost", _COST),
        ("price", _PRICE),
        ("supplier", _SUPPLIER),
        ("stock", _STOCK),
    )
    for name, words in exact:
        _take(taken, name, _exact(table.header, words, taken))
    for name, field in (("name", Field.PRODUCT), ("category", Field.CATEGORY), ("sku", Field.SKU)):
        _take(taken, name, _best(table.header, field, taken))
    return taken


def _customer_columns(table: Table) -> dict[str, str]:
    """The headers of a list of customers by what they hold."""
    taken: dict[str, str] = {}
    _take(taken, "email", _exact(table.header, _EMAIL, taken))
    _take(taken, "phone", _best(table.header, Field.CONTACT, taken))
    _take(taken, "name", _exact(table.header, _CUSTOMER_NAME, taken))
    return taken


def _take(taken: dict[str, str], name: str, header: str | None) -> None:
    if header is not None:
        taken[name] = header


def _exact(header: Sequence[str], words: Sequence[str], taken: Mapping[str, str]) -> str | None:
    """The header that is one of these words, the first word first."""
    free = {fold_header(cell.partition("(")[0]): cell for cell in header if cell not in taken.values()}
    return next((free[key] for key in map(fold_header, words) if key in free), None)


def _best(header: Sequence[str], field: Field, taken: Mapping[str, str]) -> str | None:
    """The free header that is most like a word of a kind."""
    free = [cell for cell in header if cell.strip() and cell not in taken.values()]
    best = max(free, key=lambda cell: match_header(cell, field).score, default=None)
    return best if best is not None and match_header(best, field).score >= _LEAST else None


def _likeness(table: Table) -> tuple[float, float]:
    """How surely a table lists products, and how surely customers."""
    if _is_loyverse(table.header):
        return SURE, 0.0
    found = _CUSTOMERS.find(table.header).keys()
    if "name" in found and len(found & {"visits", "spent", "first"}) >= 2:
        return 0.0, SURE
    sample = Sample.of(table.header, table.sample)
    if _has_sales(sample):
        return 0.0, 0.0
    products, customers = _product_columns(table), _customer_columns(table)
    if "name" in products and products.keys() & {"price", "cost"}:
        place = table.header.index(products["name"])
        return (LIKELY if sample.profiles[place].distinct > 0.9 else 0.0), 0.0
    is_people = (
        "name" in customers
        and customers.keys() & {"phone", "email"}
        and not products.keys() & {"price", "cost", "sku"}
    )
    return 0.0, LIKELY if is_people else 0.0


def _has_sales(sample: Sample) -> bool:
    """True when a column is of sales: a date, a receipt, an amount sold, or a sum of what was sold."""
    if sample.has_words(SUMMED):
        return True
    dated = [header for place, header in enumerate(sample.header) if _tells_when(sample, place)]
    is_of_products = sample.has_words(CATALOG) >= 2 and not sample.has_words(Field.QUANTITY)
    if any(is_word_of(header, Field.MOMENT) or is_word_of(header, Field.TIME) for header in dated):
        return True
    if dated and not is_of_products:  # else when a product was made or last bought
        return True
    telling = any(
        is_word_of(header, field)
        for header in sample.header
        for field in _SOLD
        if header.strip() and fold_header(header) not in ("tipo", "type", "valor")
    )
    return telling or any(sample.score(Field.RECEIPT, place) > 0.88 for place in _receipts(sample))


def _tells_when(sample: Sample, place: int) -> bool:
    """True for a column of dates or times by its words and its cells."""
    return max(sample.score(Field.MOMENT, place), sample.score(Field.TIME, place)) > _LEAST


def _receipts(sample: Sample) -> list[int]:
    """Columns that only a receipt's number can be: bare names and numbers tell nothing."""
    bare = {"nombre", "name", "id", "no", "nro", "numero", "documento"}
    return [place for place, header in enumerate(sample.header) if fold_header(header) not in bare]
