"""Cells of JSON rows whose keys every till spells its own way: found by meaning, read as text, numbers and moments."""

from __future__ import annotations

import functools
import math
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from colmado_insights.domain import SECONDS_A_DAY, moment_of
from colmado_insights.storage.importing.basket import SAME_RECEIPT_SECONDS
from colmado_insights.storage.importing.cleaning import parse_moments, parse_numbers, parse_times
from colmado_insights.storage.importing.json_records import wall_clock
from colmado_insights.storage.importing.moments import LOCAL_OFFSET, DateStyle
from colmado_insights.storage.importing.vocabulary import fold

Record = dict[str, Any]

_KEYS = {
    "number": "receiptnumber receiptno receiptnum numerorecibo numeroderecibo norecibo recibo ticketnumber"
    " numeroticket ticketno ticket invoicenumber numerofactura nofactura factura folio numeroventa salenumber"
    " ordernumber encf ncf numero number nro receipt",
    "id": "id uuid guid saleid ventaid",
    "moment": "date fecha datetime fechahora fechayhora soldat saledate fechaventa fechadeventa receiptdate"
    " timestamp completedat closedat paidat createdat creadoen fechacreacion created momento",
    "time": "time hora saletime horaventa",
    "items": "items lineitems lines lineas productos products articulos detalle detalles details saleitems cart"
    " carrito",
    "total": "total totalamount grandtotal montototal totalventa totalmoney totalfinal amount monto importe",
    "tax": "tax taxes taxamount totaltax itbis totalitbis impuesto impuestos taxtotal",
    "discount": "discountamount discount totaldiscount discounttotal montodescuento descuentototal descuento"
    " descuentos discounts",
    "extra": "surcharge recargo recargos rounding redondeo deliveryfee delivery envio",
    "tip": "tip tips propina totaltip",
    "payment": "paymentmethod paymenttype metodopago metododepago formapago formadepago tipopago mediopago tender"
    " paymentmethods payments pagos payment pago method metodo",
    "paid": "amount monto importe total moneyamount value valor",
    "is_credit": "iscredit fiado escredito oncredit",
    "customer": "customername clientname nombrecliente clientenombre customer cliente client",
    "customer_id": "customerid clientid clienteid idcliente",
    "cashier": "cashiername cajeronombre nombrecajero username cashier cajero cajera vendedor employee empleado"
    " user usuario soldby atendidopor",
    "cashier_id": "cashierid cajeroid idcajero userid usuarioid idusuario employeeid empleadoid",
    "shift_id": "shiftid turnoid idturno sessionid cashsessionid shift turno",
    "store": "storename store tienda sucursal branch locationname",
    "register": "registername register caja cajaid registerid terminal deviceid devicename posdevice tillid till",
    "kind": "type kind tipo saletype transactiontype receipttype tipoventa tipodocumento",
    "status": "status state estado estatus",
    "void": "cancelled canceled voided void isvoid isvoided iscancelled anulada anulado cancelada cancelado"
    " isdeleted deleted eliminada eliminado cancelledat canceledat voidedat deletedat anuladaen",
    "returns": "returns devoluciones refunds",
    "sale_ref": "saleid ventaid idventa originalsaleid originalid transactionid orderid receiptid sale venta",
    "receipt_ref": "originalreceiptnumber salereceiptnumber originalreceipt refundfor reciboorigen receiptnumber"
    " receiptno receiptnum numerorecibo numeroderecibo norecibo recibo ticketnumber numeroticket ticketno ticket"
    " invoicenumber numerofactura nofactura factura folio receipt",
    "return_number": "returnnumber refundnumber numerodevolucion creditnotenumber notacredito encf ncf",
    "name": "description descripcion name nombre productname nombreproducto itemname title titulo articulo",
    "product": "product producto item",
    "product_id": "productid productoid idproducto itemid articuloid",
    "barcode": "barcode codigobarras codigodebarras codigobarra ean upc gtin sku plu code codigo",
    "category": "categoryname category categoria departamento department categoryid categoriaid",
    "quantity": "quantity qty cantidad cant units unidades count",
    "price": "unitprice preciounitario price precio saleprice precioventa sellingprice preciounit rate",
    "amount": "amount importe linetotal totallinea total totalprice totalmoney monto subtotal preciototal",
    "cost": "unitcost costprice cost costo preciocosto preciocompra purchaseprice",
    "returned": "returnedquantity returnedqty qtyreturned quantityreturned cantidaddevuelta returned devuelto",
    "person": "name nombre fullname nombrecompleto displayname username usuario",
}
"""For each thing the keys it may have in a row, folded, the most telling first."""

_ALIASES = {wanted: names.split() for wanted, names in _KEYS.items()}

_NO = frozenset(("", "false", "no", "0", "null", "none"))

_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")
_ZONE = timezone(timedelta(seconds=LOCAL_OFFSET))
_DAY_FIRST = DateStyle("dmy", has_time=True)


@functools.lru_cache(maxsize=4096)
def fold_key(key: str) -> str:
    """A key in small letters without accents or signs."""
    return re.sub(r"[^a-z0-9]+", "", fold(key[:60]))


@functools.lru_cache(maxsize=4096)
def _keys_of(shape: tuple[str, ...], wanted: str) -> tuple[str, ...]:
    """Which keys of a row tell the wanted thing, the most telling first; rows of a table share their shape."""
    places: dict[str, str] = {}
    for key in shape:
        places.setdefault(fold_key(key), key)
    return tuple(places[alias] for alias in _ALIASES[wanted] if alias in places)


def find_all(record: Record, wanted: str) -> list[Any]:
    """All values that are there of the keys that tell a thing, the most telling first."""
    return [record[key] for key in _keys_of(tuple(record), wanted) if record[key] not in (None, "")]


def find(record: Record, wanted: str) -> Any:
    """The first value that is there of the keys that tell a thing."""
    for key in _keys_of(tuple(record), wanted):
        value = record[key]
        if value is not None and value != "":
            return value
    return None


def text_of(value: Any) -> str:
    """A value as a cell; what is no value of one cell is nothing."""
    if isinstance(value, str):
        return (value if value.isascii() else value.encode("utf-8", "replace").decode()).strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if isinstance(value, float) or abs(value) < 10**30 else ""


def name_of(value: Any) -> str:
    """A name that is told as text, as a number or inside an object."""
    if isinstance(value, dict):
        return text_of(find(value, "person") or find(value, "name"))
    return text_of(value)


def id_of(record: Record) -> str:
    """A row's own id."""
    return text_of(find(record, "id"))


def word_of(value: Any) -> str:
    """A word as it is compared; "" for what is no text."""
    return fold_key(value) if isinstance(value, str) else ""


def is_yes(value: Any) -> bool:
    """True for a mark that is set: true, 1, a date; not for false, 0, no."""
    return value is True or (
        not isinstance(value, bool | dict | list) and text_of(value).casefold() not in _NO
    )


def number_of(value: Any) -> float | None:
    """A number; None where there is none, NaN for what is no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            numbers, _bad = parse_numbers([value], ".")
            number = float(numbers[0])
    elif isinstance(value, int | float):
        number = float(value) if abs(value) < 1e15 else math.nan
    else:
        return math.nan
    return number if abs(number) < 1e12 else math.nan


def first_number(*values: Any) -> float | None:
    """The first of some values that is a number."""
    numbers = (number_of(value) for value in values)
    return next((number for number in numbers if number is not None and not math.isnan(number)), None)


def cents_of(pesos: float) -> int:
    """Pesos to cents, half away from zero."""
    scaled = abs(pesos) * 100
    whole = math.floor(scaled + 0.5 + 1e-7 + scaled * 2.0**-50)
    return -whole if pesos < 0 else whole


# ── moments ──


def when(record: Record) -> str:
    """When it was sold on the shop's wall clock; what cannot be read stays as it is."""
    read = [_read_moment(value) for value in find_all(record, "moment")]
    if not read:
        return ""
    moment = read[0]
    if len(moment) != 10:
        return moment
    clock = find(record, "time")
    if isinstance(clock, str):
        seconds, bad = parse_times([clock])
        if not bad[0]:
            return f"{moment} {moment_of(int(seconds[0]) % SECONDS_A_DAY).time().isoformat()}"
    return next((other for other in read if len(other) > 10 and other.startswith(moment)), moment)


def has_moment(record: Record) -> bool:
    """True where a row says when, readable or not."""
    return bool(find_all(record, "moment"))


def _read_moment(value: Any) -> str:
    if isinstance(value, str):
        return _read_text(value.strip()[:80])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if 1e11 < abs(value) < 1e14:
        return wall_clock(value)
    return wall_clock(value * 1000) if 1e8 < abs(value) < 1e11 else text_of(value)


@functools.lru_cache(maxsize=65_536)
def _read_text(text: str) -> str:
    """A moment told as text: with a zone brought to the shop's clock, without one left as it is."""
    if text.isascii() and text.isdecimal() and len(text) in (10, 13):
        return _read_moment(int(text))
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(_ZONE).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return _read_words(text)
    return moment.date().isoformat() if len(text) <= 10 else moment.isoformat(" ", "seconds")


def _read_words(text: str) -> str:
    """A moment as a browser writes it for people, day first."""
    plain = _BRACKETS.sub("", text)
    seconds, has_time, bad = parse_moments([plain.replace(",", " ")], _DAY_FIRST)
    if bad[0]:
        return text.encode("utf-8", "replace").decode()
    moment = moment_of(int(seconds[0])).isoformat(sep=" ")
    return moment if has_time[0] else moment[:10]


def is_near(first: str, second: str) -> bool:
    """True for moments within the hours in which one number is one receipt."""
    try:
        gap = datetime.fromisoformat(first) - datetime.fromisoformat(second)
    except ValueError:
        return first == second
    return abs(gap.total_seconds()) <= SAME_RECEIPT_SECONDS
