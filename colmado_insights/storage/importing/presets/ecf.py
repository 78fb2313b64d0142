"""e-CF: the electronic receipts of the DGII as XML, one file each, in a folder of thousands.

E31, E32, E44, E45 and E46 are sales; E33, the debit note, adds to one and comes in as a sale of
its own; E34, the credit note, is a refund. Purchases (E41, E43, E47, and what a supplier issued
to the shop) are no sales; RFCE summaries and ARECF, ACECF and ANECF notices are passed over:
`survey` counts them all. Decisions:

* A line's amount is what the customer paid for it, ITBIS and selective taxes included, whether
  the receipt's prices include them (IndicadorMontoGravado 1) or not: the price on the shelf, as
  other tills tell it. A receipt's lines add up to MontoTotal to the cent: each rate's lines to its
  MontoGravado and ITBIS, in which discounts and surcharges on the whole receipt are already counted,
  and what then is left (selective taxes, legal tip, rounding) in proportion.
* Lines that are not billed (IndicadorFacturacion 0) and receipts given for free (TipoPago 3) are
  worth nothing; a credit note that only mends a text (CodigoModificacion 2) is told as void.
* FechaEmision has no time. FechaHoraFirma gives it where it is of the same day; a receipt signed
  on another day has only its date.
* One e-NCF of one issuer counts once: of two files the one signed last, else the last by name.
* Files that are no XML, or hold entities of their own, become a row for the quarantine with the
  file's name; the others come in.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from colmado_insights.errors import NotSales, UnreadableFile
from colmado_insights.storage.importing.dumps import amount_cell, is_somebody
from colmado_insights.storage.importing.ecf_files import (
    NOTICES,
    REFUND,
    SALES,
    Survey,
    as_utf8,
    clock_of,
    damaged,
    day_of,
    first_xml_files,
    parse_xml,
    read_utf8,
    root_of,
    survey,
)
from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.made import Row
from colmado_insights.storage.importing.spread import spread_cents
from colmado_insights.text import _

NAME = "ecf"
FIELDS: tuple[Field, ...] = (
    Field.RECEIPT, Field.MOMENT, Field.PRODUCT, Field.SKU, Field.QUANTITY, Field.LINE_TOTAL, Field.DISCOUNT,
    Field.PAYMENT, Field.CUSTOMER, Field.CASHIER, Field.STORE, Field.KIND, Field.STATUS,
)  # fmt: skip

_PAYMENTS = {
    "1": "Efectivo", "2": "Transferencia", "3": "Tarjeta", "4": "Crédito", "5": "Bono", "6": "Permuta",
    "7": "Vale", "8": "Otra",
}  # fmt: skip
_RATES = {"1": 0.18, "2": 0.16, "3": 0.0, "4": 0.0}
_NOT_BILLED = "0"
_FREE = "3"
_MENDS_TEXT = "2"

_MONEY = re.compile(r"\d{1,12}(?:\.\d{1,6})?")
_BARCODES = ("EAN", "UPC", "GTIN", "DUN", "BARRA", "BARCODE")


# ── the two doors ──


def recognise(path: Path, head: bytes) -> float:
    """How sure it is, 0 to 1, that a file, or the first XML files of a folder, are electronic receipts."""
    if not path.is_dir():
        return _sure_of(head)
    best = 0.0
    for file in first_xml_files(path):
        try:
            with file.open("rb") as stream:
                best = max(best, _sure_of(stream.read(4096)))
        except OSError:
            continue
        if best > 0.95:
            break
    return best


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """The lines of all sales in some files and folders, a row each, in the order of FIELDS.

    Raises
    ------
    FileProblem
        There is no sale to be read in any of them.
    """
    yield from _Folder(survey(paths)).rows()


def _sure_of(head: bytes) -> float:
    root = root_of(as_utf8(head))
    return 0.98 if root == "ECF" else 0.9 if root in NOTICES else 0.0


# ── reading ──


class _Folder:
    """The receipts of a survey, one after the other."""

    def __init__(self, found: Survey) -> None:
        self._found = found
        self._seen: set[tuple[str, str]] = set()

    def rows(self) -> Iterator[Row]:
        """The rows of all receipts in the order of the files' names, then those of broken files."""
        found = self._found
        self._refuse_hopeless()
        for copies in found.sales:
            for file in copies:
                try:
                    root = parse_xml(read_utf8(file), file.name)
                except UnreadableFile:
                    if len(found.sales) + len(found.broken) == len(copies) == 1:
                        raise
                    yield _unreadable(file)
                    continue  # an older copy may be whole
                yield from self._receipt(file, root)
                break
        for file in found.broken:
            yield _unreadable(file)

    def _receipt(self, file: Path, root: ElementTree.Element) -> Iterator[Row]:
        receipt = _Receipt(root)
        if not receipt.is_sale:
            yield _unreadable(file)
            return
        key = (receipt.issuer, receipt.number)
        if receipt.number and key in self._seen:  # the glance had missed it
            return
        self._seen.add(key)
        lines = receipt.lines()
        if not lines:
            yield _unreadable(file)
        store = receipt.store or (receipt.issuer_name if receipt.issuer != self._found.issuer else "")
        number = receipt.number or f"«{file.name}»"
        head = (number, receipt.moment)
        tail = (receipt.payment, receipt.customer, receipt.cashier, store, receipt.kind, receipt.status)
        for line in lines:
            yield (*head, *line, *tail)

    def _refuse_hopeless(self) -> None:
        """Say so when nothing at all can come in."""
        found = self._found
        if found.sales:
            return
        if found.broken:
            parse_xml(read_utf8(found.broken[0]), found.broken[0].name)
            raise damaged(found.broken[0].name)
        raise NotSales(
            _("Aquí solo hay resúmenes, acuses o compras; ningún e-CF de venta con sus productos."),
            _("Escoge la carpeta donde la caja guarda los XML completos de sus facturas (E31, E32)."),
        )


class _Receipt:
    """One `<ECF>`: what its fields say."""

    def __init__(self, root: ElementTree.Element) -> None:
        self._root = root
        self._document = _inner(root, "Encabezado/IdDoc")
        self._seller = _inner(root, "Encabezado/Emisor")
        self._sums = _inner(root, "Encabezado/Totales")
        self._type = _text(self._document, "TipoeCF") or self.number[1:3]

    @property
    def is_sale(self) -> bool:
        """True for the types that a shop sells or takes back with."""
        return self._root.tag == "ECF" and (self._type in SALES or self._type == REFUND)

    @property
    def number(self) -> str:
        """The e-NCF."""
        return _text(self._document, "eNCF")

    @property
    def issuer(self) -> str:
        """RNC of who sold."""
        return _text(self._seller, "RNCEmisor")

    @property
    def issuer_name(self) -> str:
        """Name of who sold."""
        return _text(self._seller, "NombreComercial") or _text(self._seller, "RazonSocialEmisor")

    @property
    def store(self) -> str:
        """The branch."""
        return _text(self._seller, "Sucursal")

    @property
    def cashier(self) -> str:
        """The seller's code."""
        return _text(self._seller, "CodigoVendedor")

    @property
    def customer(self) -> str:
        """The buyer's name; nobody where it is a general one."""
        name = _text(self._root, "Encabezado/Comprador/RazonSocialComprador")
        return name if is_somebody(name) else ""

    @property
    def kind(self) -> str:
        """Sale or refund."""
        return "refund" if self._type == REFUND else "sale"

    @property
    def status(self) -> str:
        """Void for a note that only mends a text."""
        code = _text(self._root, "InformacionReferencia/CodigoModificacion")
        is_mending = self._type in (REFUND, "33") and code == _MENDS_TEXT
        return "void" if is_mending and not _money(self._sums, "MontoTotal") else ""

    @property
    def moment(self) -> str:
        """The day, with the time of the signature where it is of that day; the raw text when it is no day."""
        told = _text(self._seller, "FechaEmision")
        day = day_of(told)
        if not day:
            return told
        signed = _text(self._root, "FechaHoraFirma")
        clock = clock_of(signed)
        return f"{day} {clock}" if clock and day_of(signed) == day else day

    @property
    def payment(self) -> str:
        """The forms of payment in words."""
        forms = [
            _PAYMENTS.get(_text(form, "FormaPago").lstrip("0"), "")
            for form in self._document.findall("TablaFormasPago/FormaDePago")
            if _money(form, "MontoPago") != 0
        ]
        if words := " + ".join(dict.fromkeys(word for word in forms if word)):
            return words
        return {"1": "Contado", "2": "Crédito"}.get(_text(self._document, "TipoPago"), "")

    def lines(self) -> list[tuple[str, str, str, str, str]]:
        """Product, code, quantity, amount and discount of each line; amounts that are no number as they stand."""
        items = [
            _Item(element, self._includes_tax, self._rate)
            for element in self._root.findall("DetallesItems/Item")
        ]
        trouble = self._trouble(items)
        amounts = [0] * len(items) if trouble else self._amounts(items)
        discounts = self._discounts(items)
        return [
            (
                item.name, item.code, item.quantity,
                trouble or amount_cell(amount), amount_cell(discount) if discount else "",
            )
            for item, amount, discount in zip(items, amounts, discounts, strict=True)
        ]  # fmt: skip

    @property
    def _includes_tax(self) -> bool:
        return _text(self._document, "IndicadorMontoGravado") == "1"

    def _rate(self, group: str) -> float:
        """ITBIS of a group of lines, as the receipt tells it or else as the law has it."""
        told = _text(self._sums, f"ITBIS{group}")
        return float(told) / 100 if told.isdecimal() and len(told) <= 2 else _RATES.get(group, 0.0)

    def _trouble(self, items: Sequence[_Item]) -> str:
        """The first amount that is none: the receipt as a whole cannot be trusted then."""
        cells = [_text(self._sums, "MontoTotal"), *(item.amount_text for item in items)]
        return next((cell for cell in cells if cell and _cents(cell) is None), "")

    def _amounts(self, items: Sequence[_Item]) -> list[int]:
        """Cents of each line, adding up to MontoTotal."""
        billed = [place for place, item in enumerate(items) if item.group != _NOT_BILLED]
        amounts = [0] * len(items)
        if _text(self._document, "TipoPago") == _FREE or not billed:
            return amounts
        for group in (*_RATES, None):
            places = [place for place in billed if items[place].rated == group]
            total = self._group_total(group, [items[place] for place in places])
            _add(amounts, places, total, [items[place].gross for place in places])
        self._add_rest(amounts, billed, items)
        return amounts

    def _add_rest(self, amounts: list[int], billed: Sequence[int], items: Sequence[_Item]) -> None:
        """What lies between the rates' totals and MontoTotal: selective taxes, the legal tip, rounding."""
        total = _money(self._sums, "MontoTotal")
        if total is None:
            total = sum(amounts) + (_money(self._sums, "MontoImpuestoAdicional") or 0)
        rest = total - sum(amounts)
        is_tax = rest > len(items)  # more than the cents that rounding may leave
        taxed = [place for place in billed if items[place].has_other_tax] if is_tax else []
        places = taxed or billed
        is_told = all(amounts[place] or not items[place].gross for place in places)
        _add(amounts, places, rest, [amounts[place] if is_told else items[place].gross for place in places])

    def _group_total(self, group: str | None, items: Sequence[_Item]) -> int:
        """What the lines of one rate cost the customer; those of no rate only what they tell."""
        if group is None:
            return sum(item.cents for item in items)
        told = _money(self._sums, "MontoExento" if group == "4" else f"MontoGravadoI{group}")
        if told is None:
            gross = sum(item.gross for item in items)
            return gross + sum(change for change, of, _is_off in self._changes() if of == group)
        tax = _money(self._sums, f"TotalITBIS{group}")
        if tax is None:
            tax = 0 if group == "4" else _whole(told * self._rate(group))
        return told + tax

    def _changes(self) -> Iterator[tuple[int, str, bool]]:
        """Discounts and surcharges on the whole receipt: cents with tax, the rate they are of, is a discount."""
        for change in self._root.findall("DescuentosORecargos/DescuentoORecargo"):
            cents = _money(change, "MontoDescuentooRecargo") or 0
            group = _text(change, "IndicadorFacturacionDescuentooRecargo")
            is_off = _text(change, "TipoAjuste").upper() != "R"
            taxed = _whole(cents * (1 + (0.0 if self._includes_tax else self._rate(group))))
            yield (-taxed if is_off else taxed), group, is_off

    def _discounts(self, items: Sequence[_Item]) -> list[int]:
        """What was taken off each line, its share of the receipt's discounts with it."""
        discounts = [item.discount for item in items]
        for change, group, is_off in self._changes():
            if is_off:
                billed = [place for place, item in enumerate(items) if item.group != _NOT_BILLED]
                places = [place for place in billed if items[place].group == group] or billed
                _add(discounts, places, -change, [items[place].gross for place in places])
        return discounts


class _Item:
    """One `<Item>`."""

    def __init__(
        self, element: ElementTree.Element, includes_tax: bool, rate: Callable[[str], float]
    ) -> None:
        self._element = element
        self.group = _text(element, "IndicadorFacturacion")
        self.rated = self.group if self.group in _RATES else None
        self.amount_text = _text(element, "MontoItem")
        factor = 1.0 if includes_tax else 1 + rate(self.group)
        self.cents = _cents(self.amount_text) or 0
        self.gross = _whole(self.cents * factor)
        self.discount = _whole((_money(element, "DescuentoMonto") or 0) * factor)

    @property
    def name(self) -> str:
        """The product."""
        return _text(self._element, "NombreItem") or _text(self._element, "DescripcionItem")

    @property
    def quantity(self) -> str:
        """As it is told; a plain decimal."""
        return _text(self._element, "CantidadItem")

    @property
    def code(self) -> str:
        """The barcode where there is one, else the first code."""
        codes = [
            (_text(code, "TipoCodigo").upper(), _text(code, "CodigoItem"))
            for code in self._element.findall("TablaCodigosItem/CodigosItem")
        ]
        bars = (code for kind, code in codes if any(word in kind for word in _BARCODES) and code)
        return next(bars, next((code for _kind, code in codes if code), ""))

    @property
    def has_other_tax(self) -> bool:
        """True where a selective tax or the legal tip is on it."""
        return self._element.find("TablaImpuestoAdicional") is not None


def _add(amounts: list[int], places: Sequence[int], cents: int, weights: Sequence[int]) -> None:
    """Spread cents over the lines at these places."""
    shares = spread_cents(cents, weights)
    for place, share in zip(places, shares, strict=True):
        amounts[place] += share


def _unreadable(file: Path) -> Row:
    """A file that is no receipt, as a row without a date for the quarantine."""
    told = {Field.RECEIPT: f"«{file.name}» · " + _("XML dañado o que no es un e-CF")}
    return tuple(told.get(name, "") for name in FIELDS)


# ── cells ──


_NOTHING = ElementTree.Element("nothing")


def _inner(element: ElementTree.Element, path: str) -> ElementTree.Element:
    found = element.find(path)
    return _NOTHING if found is None else found


def _text(element: ElementTree.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _whole(cents: float) -> int:
    return math.floor(cents + 0.5 + 1e-7)


def _money(element: ElementTree.Element, path: str) -> int | None:
    return _cents(_text(element, path))


def _cents(text: str) -> int | None:
    """A plain decimal in cents, half up; None when it is none."""
    if not _MONEY.fullmatch(text):
        return None
    whole, _point, part = text.partition(".")
    return int(whole) * 100 + math.floor(int((part + "00000")[:6].ljust(6, "0")) / 10_000 + 0.5)
