"""Columns are told by words, cells and sums: the traps of real tills, one by one."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colmado_insights.errors import FileProblem, NotSales, UnknownColumns
from colmado_insights.storage.importing.mapping import AmountRule, Field, Mapping, find_header, guess_mapping

LOYVERSE_ITEMS_ES = (
    "Fecha,Número de recibo,Tipo de recibo,Categoria,REF,Artículo,Variante,Modificadores aplicados,Cantidad,"
    "Ventas brutas,Descuentos,Ventas netas,Costo de los bienes,Beneficio bruto,Impuestos,Tipo de pedido,TPV,Tienda,"
    "Nombre del cajero,Nombre del cliente,Contactos del cliente,Comentario,Estado"
)
LOYVERSE_ITEMS_EN = (
    "Date,Receipt number,Receipt type,Category,SKU,Item,Variant,Modifiers applied,Quantity,Gross sales,Discounts,"
    "Net sales,Cost of goods,Gross profit,Taxes,Dining option,POS,Store,Cashier name,Customer name,"
    "Customer contacts,Comment,Status"
)
LOYVERSE_ROWS = """\
13/01/2026 23:50,2-1678,Sale,Limpieza,98000001,ARIEL POWDER,,,6.000,119.88,0.00,119.88,90.72,29.16,0.00,,POS 2,Main,Ana,,,,Closed
13/01/2026 23:50,2-1678,Sale,Bebidas,98000002,REFRESCO 2 L,,,1.000,95.00,5.00,90.00,70.00,20.00,0.00,,POS 2,Main,Ana,,,,Closed
14/01/2026 08:05,2-1679,Sale,Pan,98000003,PAN SOBAO,,,0.455,45.50,0.00,45.50,30.00,15.50,0.00,,POS 2,Main,Ana,Juan,809-555-0101,,Closed
14/01/2026 08:09,2-1680,Refund,Pan,98000003,PAN SOBAO,,,1.000,100.00,0.00,-100.00,60.00,40.00,0.00,,POS 2,Main,Ana,,,,Cancelled"""
LOYVERSE_RECEIPTS_EN = (
    "Date,Receipt number,Receipt type,Gross sales,Discounts,Net sales,Taxes,Total collected,Cost of goods,"
    "Gross profit,Payment type,Description,Dining option,POS,Store,Cashier name,Customer name,Customer contacts,Status"
)


def table(text: str, delimiter: str = ",") -> tuple[list[str], list[list[str]]]:
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    return rows[0], rows[1:]


def guess(text: str, delimiter: str = ",", file_name: str = "") -> tuple[Mapping, dict[Field, str]]:
    """The mapping and the header each field was given."""
    header, rows = table(text, delimiter)
    mapping = guess_mapping(header, rows, file_name=file_name)
    return mapping, {name: header[place] for name, place in mapping.columns.items()}


def codes(mapping: Mapping) -> list[str]:
    return [reason.code for reason in mapping.reasons]


# The two real files


def test_grocery_file_takes_category_not_department_and_net_amount() -> None:
    mapping, names = guess(
        """\
receipt_number,datetime,store,customer,sku,product,department,category,quantity,amount,discount
31198515072,2017-01-01 08:39:43,32004,H1419,1037894,SFT DRNK SNGL SRV BTL CARB (EX 20 OZ,GROCERY,SOFT DRINKS,1,58.0,16.82
31198515072,2017-01-01 08:39:43,32004,H1419,1069175,SOFT DRINK BOTTLE NON-CARB (EX 20 OZ,GROCERY,SOFT DRINKS,1,74.82,0.0
31198855140,2017-01-01 09:20:24,422,H2359,873874,TUNA 5.0 OZ,GROCERY,SEAFOOD - SHELF STABLE,3,114.84,0.0
31198855140,2017-01-01 09:20:24,422,H2359,874736,SFT DRNK 2 LITER BTL CARB INCL 2 L,GROCERY,SOFT DRINKS,1,34.22,0.0"""
    )
    assert names == {
        Field.RECEIPT: "receipt_number",
        Field.MOMENT: "datetime",
        Field.PRODUCT: "product",
        Field.SKU: "sku",
        Field.CATEGORY: "category",
        Field.QUANTITY: "quantity",
        Field.LINE_TOTAL: "amount",
        Field.DISCOUNT: "discount",
        Field.CUSTOMER: "customer",
        Field.STORE: "store",
    }
    assert mapping.amount is AmountRule.LINE_TOTAL
    assert (mapping.dates.order, mapping.dates.has_time, mapping.decimal) == ("ymd", True, ".")
    assert mapping.confidence > 0.9


RESTAURANT = """\
invoice,Order Date,description,Quantity,Product Price,{count}
16118,03/08/19 20:25,Plain Papadum,2,0.8,3
16118,03/08/19 20:25,King Prawn Balti,1,12.95,3
16118,03/08/19 20:25,Garlic Naan,1,2.95,3
16117,03/08/19 20:17,Plain Naan,1,2.6,2
16117,03/08/19 20:17,Mushroom Rice,1,3.95,2
16116,02/08/19 21:00,Mango Chutney,4,0.5,1
16115,31/07/19 19:01,Mango Chutney,1,0.5,4
16115,31/07/19 19:01,Mushroom Rice,1,3.95,4
16115,31/07/19 19:01,Garlic Naan,2,2.95,4
16115,31/07/19 19:01,Plain Naan,1,2.6,4
16114,31/07/19 18:55,Bengal Salad,1,4.95,2
16114,31/07/19 18:55,Plain Rice,1,2.95,2"""


@pytest.mark.parametrize("count", ["Total products", "Total", "Importe"])
def test_a_count_of_lines_is_no_amount(count: str) -> None:
    """Told by its name in the real file, by its values when the name says total."""
    mapping, names = guess(RESTAURANT.format(count=count))
    assert mapping.amount is AmountRule.PRICE_TIMES_QUANTITY
    assert names[Field.UNIT_PRICE] == "Product Price"
    assert count not in names.values()
    assert mapping.dates.order == "dmy"
    assert (count == "Total products") == ("column_counts_lines" not in codes(mapping))


# Loyverse, both languages


@pytest.mark.parametrize("header", [LOYVERSE_ITEMS_EN, LOYVERSE_ITEMS_ES])
def test_loyverse_items(header: str) -> None:
    mapping, names = guess(header + "\n" + LOYVERSE_ROWS)
    order = header.split(",")
    assert names == {
        Field.MOMENT: order[0],
        Field.RECEIPT: order[1],
        Field.KIND: order[2],
        Field.CATEGORY: order[3],
        Field.SKU: order[4],
        Field.PRODUCT: order[5],
        Field.QUANTITY: order[8],
        Field.GROSS_TOTAL: order[9],
        Field.DISCOUNT: order[10],
        Field.LINE_TOTAL: order[11],
        Field.COST: order[12],
        Field.TAX: order[14],
        Field.REGISTER: order[16],
        Field.STORE: order[17],
        Field.CASHIER: order[18],
        Field.CUSTOMER: order[19],
        Field.CONTACT: order[20],
        Field.STATUS: order[22],
    }
    assert mapping.amount is AmountRule.LINE_TOTAL
    assert not mapping.cost_is_per_unit, "the cost of goods is the line's"
    assert mapping.decimal_of(Field.QUANTITY) == ".", "6.000 is six"


def test_loyverse_quantities_of_three_decimals_stay_small() -> None:
    """§21.22: only 1.000 and 2.000 in the column, nothing to reconcile them with."""
    text = LOYVERSE_ITEMS_EN + "\n" + LOYVERSE_ROWS.replace("0.455", "3.000")
    assert guess(text)[0].decimal_of(Field.QUANTITY) == "."


def test_loyverse_receipts_are_receipts_and_their_baskets_no_products() -> None:
    """§21.14."""
    mapping, names = guess(
        LOYVERSE_RECEIPTS_EN
        + """
7/28/26 12:03 PM,4-10366,Sale,150.00,50.00,100.00,0.00,100.00,20.00,80.00,Card,1 x Beet the Heat,Dine in,POS 1,Cafe,Ana,,,Closed
7/26/26 11:46 AM,4-10340,Refund,180.00,0.00,-180.00,0.00,-180.00,0.00,-180.00,Cash,1 x Refund,Dine in,POS 1,Cafe,Ana,,,Closed
7/26/26 11:40 AM,4-10339,Sale,148.88,0.00,148.88,0.00,148.88,114.05,34.83,Cash,"1 x CHOCO, 1 x ARIEL",Dine in,POS 1,Cafe,Ana,,,Closed"""
    )
    assert Field.PRODUCT not in names
    assert names[Field.RECEIPT_TOTAL] == "Total collected"
    assert names[Field.PAYMENT] == "Payment type"
    assert mapping.amount is AmountRule.RECEIPT_TOTAL
    assert mapping.dates.order == "mdy"


# Amounts (§21.13, §22)


def test_receipt_total_repeated_on_every_line_is_no_line_total() -> None:
    mapping, names = guess(
        """\
Fecha,No. Factura,Producto,Cant.,Precio,Subtotal,Total Venta
2026-01-05 08:00,1,Pan,2,10.00,20.00,70.00
2026-01-05 08:00,1,Leche,1,50.00,50.00,70.00
2026-01-05 08:10,2,Arroz,3,35.00,105.00,205.00
2026-01-05 08:10,2,Aceite,1,100.00,100.00,205.00"""
    )
    assert names[Field.LINE_TOTAL] == "Subtotal"
    assert names[Field.RECEIPT_TOTAL] == "Total Venta"
    assert mapping.amount is AmountRule.LINE_TOTAL


def test_two_columns_named_total_are_told_apart_by_their_sums() -> None:
    """§21.23: duplicate names, one of the line and one of the receipt, in either order."""
    rows = [("1", "20", "70"), ("1", "50", "70"), ("2", "105", "205"), ("2", "100", "205")]
    for line, receipt in ((1, 2), (2, 1)):
        text = "Fecha,Ticket,Producto,Total ($),Total\n" + "\n".join(
            f"2026-01-05 08:0{row[0]},{row[0]},P{place},{row[line]},{row[receipt]}"
            for place, row in enumerate(rows)
        )
        mapping, _names = guess(text)
        assert mapping.columns[Field.LINE_TOTAL] == 2 + line
        assert mapping.columns[Field.RECEIPT_TOTAL] == 2 + receipt


def test_a_repeated_total_beside_price_and_quantity_leaves_price_times_quantity() -> None:
    mapping, names = guess(
        """\
Fecha,Ticket,Producto,Cantidad,Precio,Total
2026-01-05 08:00,1,Pan,2,10.00,70.00
2026-01-05 08:00,1,Leche,1,50.00,70.00
2026-01-05 08:10,2,Arroz,3,35.00,205.00
2026-01-05 08:10,2,Aceite,1,100.00,205.00
2026-01-05 08:11,3,Aceite,1,100.00,100.00"""
    )
    assert mapping.amount is AmountRule.PRICE_TIMES_QUANTITY
    assert names[Field.RECEIPT_TOTAL] == "Total"
    assert "receipt_total_repeated" in codes(mapping)


def test_amount_that_still_holds_the_discount_is_gross() -> None:
    text = """\
Fecha,Ticket,Producto,Cantidad,Precio,Descuento,Importe
2026-01-05 08:00,1,Pan,2,10.00,{},{}
2026-01-05 08:00,1,Leche,1,50.00,0,50.00
2026-01-05 08:10,2,Arroz,3,35.00,{},{}"""
    gross, names = guess(text.format("5.00", "20.00", "10.00", "105.00"))
    assert gross.amount is AmountRule.GROSS_LESS_DISCOUNT
    assert names[Field.GROSS_TOTAL] == "Importe"
    net, names = guess(text.format("5.00", "15.00", "10.00", "95.00"))
    assert net.amount is AmountRule.LINE_TOTAL
    assert names[Field.LINE_TOTAL] == "Importe"


def test_discount_in_percent() -> None:
    mapping, names = guess(
        "Date,Order Ref,Product,Quantity,Unit Price,Discount (%)\n"
        "2026-01-05 08:00:00,1,Pan,2,10.00,10\n2026-01-05 08:00:00,2,Leche,1,50.00,0\n"
    )
    assert mapping.amount is AmountRule.PRICE_TIMES_QUANTITY
    assert names[Field.DISCOUNT] == "Discount (%)"
    assert mapping.discount_is_percent


def test_price_that_grows_with_the_quantity_is_the_line_total() -> None:
    rows = [
        f"2026-01-05 08:{n:02d},{n},{product},{quantity},{unit * quantity}"
        for n, (product, unit, quantity) in enumerate(
            (product, unit, quantity)
            for quantity in (1, 2, 5)
            for product, unit in (("Pan", 10), ("Leche", 65), ("Arroz", 35), ("Huevo", 9))
        )
    ]
    mapping, names = guess("Fecha,Ticket,Producto,Cantidad,Precio\n" + "\n".join(rows))
    assert mapping.amount is AmountRule.LINE_TOTAL
    assert names[Field.LINE_TOTAL] == "Precio"


def test_price_alone_is_taken_times_one() -> None:
    mapping, _names = guess("Fecha,Producto,Precio\n2026-01-05 08:00,Pan,10\n2026-01-05 08:05,Leche,65\n")
    assert mapping.amount is AmountRule.PRICE_TIMES_QUANTITY
    assert Field.QUANTITY not in mapping.columns


# Headers (§22)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("No. Factura", Field.RECEIPT),
        ("Nº Ticket", Field.RECEIPT),
        ("e-NCF", Field.RECEIPT),
        ("FOLIO", Field.RECEIPT),
        ("Receipt #", Field.RECEIPT),
        ("Número  de   Recibo", Field.RECEIPT),
        ("numero de recibo", Field.RECEIPT),
        ("Transaction ID", Field.RECEIPT),
    ],
)
def test_receipt_headers(header: str, name: Field) -> None:
    _mapping, names = guess(
        f"Fecha,{header},Producto,Total\n2026-01-05 08:00,A-12,Pan,10\n2026-01-05 09:00,A-13,Pan,10"
    )
    assert names[name] == header


@pytest.mark.parametrize(
    ("header", "value", "name"),
    [
        ("P/U", "10.50", Field.UNIT_PRICE),
        ("Precio RD$", "10.50", Field.UNIT_PRICE),
        ("PVENTA", "10.50", Field.UNIT_PRICE),
        ("Cant.", "2", Field.QUANTITY),
        ("Uds", "2", Field.QUANTITY),
        ("Cantdad", "2", Field.QUANTITY),
        ("Cód. de Barras", "7460001", Field.SKU),
        ("Depto.", "Bebidas", Field.CATEGORY),
        ("ITBIS 18%", "1.80", Field.TAX),
        ("Dcto", "1.00", Field.DISCOUNT),
        ("Propina Legal", "1.00", Field.TIP),
        ("Precio Costo", "7.00", Field.COST),
        ("FORMA_PAGO", "Efectivo", Field.PAYMENT),
        ("Razón Social", "Juan Pérez", Field.CUSTOMER),
        ("Atendido por", "Ana", Field.CASHIER),
        ("Sucursal", "Los Mina", Field.STORE),
        ("No. Caja", "2", Field.REGISTER),
        ("Tipo NCF", "B02", Field.KIND),
        ("Anulado", "No", Field.STATUS),
        ("Order Lines/Quantity", "2", Field.QUANTITY),
        ("Rate (Items)", "10.50", Field.UNIT_PRICE),
        ("Hora de venta", "8:15 p. m.", Field.TIME),
    ],
)
def test_other_headers(header: str, value: str, name: Field) -> None:
    text = f"Fecha,Recibo,Producto,Importe,{header}\n2026-01-05,12,Pan,10.50,{value}\n2026-01-06,13,Leche,10.50,{value}"
    _mapping, names = guess(text)
    assert names[name] == header


@pytest.mark.parametrize(
    "header", ["Transferencia", "Ganancia", "Margen", "Efectivo", "Precio Mayoreo", "Turno"]
)
def test_columns_that_look_like_others_are_left_alone(header: str) -> None:
    _mapping, names = guess(
        f"Fecha,Recibo,Producto,Importe,{header}\n2026-01-05,12,Pan,10.50,3.25\n2026-01-06,13,Té,1,9"
    )
    assert header not in names.values()


def test_tipo_is_kind_payment_or_document_by_its_values() -> None:
    text = "Fecha,Recibo,Producto,Importe,Tipo\n2026-01-05,12,Pan,10.50,{}\n2026-01-06,13,Leche,10.50,{}"
    assert guess(text.format("Venta", "Devolución"))[1][Field.KIND] == "Tipo"
    payment = guess(text.format("Efectivo", "Tarjeta"))[1]
    assert payment[Field.PAYMENT] == "Tipo" and Field.KIND not in payment


def test_nombre_is_the_product_beside_prices_and_the_customer_in_a_list_of_receipts() -> None:
    product = guess("Fecha,Folio,Nombre,Cantidad,Importe\n2026-01-05,12,Pan,1,10\n2026-01-05,13,Leche,1,60")[
        1
    ]
    assert product[Field.PRODUCT] == "Nombre"
    customer = guess("Fecha,Folio,Nombre,Total\n2026-01-05,12,Juana,10\n2026-01-05,13,Pedro,60")[1]
    assert customer[Field.CUSTOMER] == "Nombre" and Field.PRODUCT not in customer


def test_item_can_be_the_number_of_the_line() -> None:
    names = guess(
        "Date,Invoice,Item,Description,Qty,Amount\n2026-01-05 08:00,12,1,Pan,1,10\n2026-01-05 08:00,12,2,Leche,1,60"
    )[1]
    assert names[Field.PRODUCT] == "Description"


def test_codigo_beside_a_product_is_its_code_and_ref_is_the_sku() -> None:
    for header in ("Código", "REF"):
        names = guess(
            f"Fecha,Folio,{header},Producto,Total\n2026-01-05,12,0012,Pan,10\n2026-01-05,13,0013,Té,6"
        )[1]
        assert names[Field.SKU] == header


def test_monto_and_importe_are_the_receipts_where_a_row_is_a_receipt() -> None:
    for header in ("Monto", "Importe", "Total", "Valor"):
        mapping, names = guess(f"Fecha,Hora,Folio,{header}\n05/01/2026,8:00,12,10\n05/01/2026,8:05,13,60")
        assert names[Field.RECEIPT_TOTAL] == header
        assert mapping.amount is AmountRule.RECEIPT_TOTAL


def test_odoo_technical_names() -> None:
    names = guess(
        "name,date_order,lines/full_product_name,lines/qty,lines/price_unit,lines/price_subtotal,"
        "lines/price_subtotal_incl,payment_ids/amount,amount_total\n"
        "POS/001,2026-01-05 12:00:00,Pan,2,10,16.95,20,80,80\n,,Leche,1,60,50.85,60,,\n"
        "POS/002,2026-01-05 12:30:00,Arroz,1,35,29.66,35,55,55\n,,Pan,2,10,16.95,20,,"
    )[1]
    assert names[Field.RECEIPT] == "name"
    assert names[Field.MOMENT] == "date_order"
    assert names[Field.PRODUCT] == "lines/full_product_name"
    assert names[Field.LINE_TOTAL] == "lines/price_subtotal_incl"
    assert names[Field.RECEIPT_TOTAL] == "amount_total"
    assert "payment_ids/amount" not in names.values()


def test_order_fields_only_on_the_first_line() -> None:
    """§21.12: the receipt total stands once, and rows below belong to the receipt above."""
    mapping, names = guess(
        """\
Name,Created at,Lineitem quantity,Lineitem name,Lineitem price,Total,Payment Method
#1001,2024-05-01 10:00:00 +0000,2,Pan,10,80,Cash
#1001,,1,Leche,60,,
#1002,2024-05-01 11:00:00 +0000,1,Arroz,35,55,Cash
#1002,,2,Pan,10,,"""
    )
    assert names[Field.RECEIPT] == "Name"
    assert names[Field.RECEIPT_TOTAL] == "Total"
    assert mapping.amount is AmountRule.PRICE_TIMES_QUANTITY


def test_square_with_time_apart_and_negative_discounts() -> None:
    mapping, names = guess(
        "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,"
        "Payment ID,Device Name,Event Type,Location,Customer ID,Customer Name,Unit,Count,Commission,Card Brand\n"
        "2026-09-13,10:02:11,Eastern,Ceramics,Mug,1,Regular,MUG-1,$18.00,-$3.00,$15.00,$1.20,SQA1x,PA1,iPad,Payment,"
        "Fair,C1,Dee,,1,,\n"
        "2026-09-13,10:03:11,Eastern,Ceramics,Cup,2,Regular,MUG-2,$36.00,$0.00,$36.00,$1.20,SQA2x,PA2,iPad,Refund,"
        "Fair,,,,1,,"
    )
    assert names[Field.RECEIPT] == "Transaction ID"
    assert (names[Field.DATE], names[Field.TIME]) == ("Date", "Time")
    assert (names[Field.QUANTITY], names[Field.LINE_TOTAL]) == ("Qty", "Net Sales")
    assert (names[Field.KIND], names[Field.REGISTER]) == ("Event Type", "Device Name")
    assert names[Field.CUSTOMER] == "Customer Name"
    assert mapping.amount is AmountRule.LINE_TOTAL


def test_alegra_like_export_with_both_totals_and_percent() -> None:
    mapping, names = guess(
        """\
Tipo,Número,Fecha,Cliente,RNC,Estado,Ítem,Referencia,Precio,Cantidad,Descuento %,Impuesto,Total ítem,Total
Factura de venta,B0200000001,13/01/2026,Juan,1,Cobrada,Pan,001,10,2,0,0,20,70
Factura de venta,B0200000001,13/01/2026,Juan,1,Cobrada,Leche,002,50,1,0,0,50,70
Factura de venta,B0200000003,14/01/2026,Juan,1,Cobrada,Leche,002,50,3,0,0,150,250
Factura de venta,B0200000003,14/01/2026,Juan,1,Anulada,Ron,003,100,1,0,0,100,250
Factura de venta,B0200000004,14/01/2026,Juan,1,Cobrada,Ron,003,100,1,0,0,100,100"""
    )
    assert (names[Field.LINE_TOTAL], names[Field.RECEIPT_TOTAL]) == ("Total ítem", "Total")
    assert (names[Field.KIND], names[Field.STATUS]) == ("Tipo", "Estado")
    assert names[Field.RECEIPT] == "Número"
    assert mapping.discount_is_percent


def test_total_beside_subtotal_and_tax_is_what_was_paid() -> None:
    names = guess(
        """\
Fecha,Cliente,Producto,Cant,P.Unit,Sub-Total,ITBIS,Total,Forma Pago,Vendedor
15/1/2026,Juana,Pan,2,10,20,3.6,23.6,Efectivo,Ana
15/1/2026,Pedro,Té,1,5,5,0.9,5.9,Fiado,Ana"""
    )[1]
    assert names[Field.LINE_TOTAL] == "Total"
    assert Field.RECEIPT_TOTAL not in names


@pytest.mark.parametrize(
    ("header", "is_per_unit"),
    [("Costo unitario", True), ("Precio costo", True), ("Costo total", False), ("Cost of goods", False)],
)
def test_cost_of_a_unit_or_of_the_line(header: str, is_per_unit: bool) -> None:
    text = f"Fecha,Folio,Producto,Cantidad,Importe,{header}\n13/01/2026,1,Pan,2,20,6\n13/01/2026,2,Té,1,5,3"
    assert guess(text)[0].cost_is_per_unit is is_per_unit


@pytest.mark.parametrize("is_per_unit", [True, False])
def test_bare_cost_is_judged_by_whether_it_grows_with_the_quantity(is_per_unit: bool) -> None:
    rows = [
        f"13/01/2026,{quantity}{place},{product},{quantity},{unit * 2 * quantity},{unit * (1 if is_per_unit else quantity)}"
        for quantity in (1, 2, 5)
        for place, (product, unit) in enumerate([("Pan", 6), ("Leche", 50), ("Arroz", 30)])
    ]
    assert (
        guess("Fecha,Folio,Producto,Cantidad,Importe,Costo\n" + "\n".join(rows))[0].cost_is_per_unit
        is is_per_unit
    )


def test_date_and_time_in_two_columns() -> None:
    """§21.10 and §21.11."""
    rows = "19/09/2026,{}12,Pan,10\n19/09/2026,{}13,Té,20"
    with_time = guess("Fecha,Hora,Folio,Producto,Total\n" + rows.format("8:15 p. m.,", "8:16 p. m.,"))[1]
    assert (
        with_time[Field.DATE] == "Fecha" and with_time[Field.TIME] == "Hora" and Field.MOMENT not in with_time
    )
    mapping, without = guess("Fecha,Folio,Producto,Total\n" + rows.format("", ""))
    assert without[Field.DATE] == "Fecha" and Field.TIME not in without
    assert not mapping.dates.has_time
    assert "no_time_of_day" in codes(mapping)


def test_midnight_beside_a_time_column_is_only_a_date() -> None:
    """Spreadsheets write 2026-09-19 00:00:00 for a date."""
    names = guess(
        "Fecha,Hora,Folio,Producto,Total\n2026-09-19 00:00:00,20:15:00,1,Pan,10\n2026-09-20 00:00:00,09:15:00,2,Té,9"
    )[1]
    assert names[Field.DATE] == "Fecha" and names[Field.TIME] == "Hora"


def test_the_date_column_that_tells_the_time_is_preferred() -> None:
    names = guess(
        "Fecha,Fecha factura,Folio,Producto,Total\n2026-09-19,2026-09-19 20:15:00,1,Pan,10\n"
        "2026-09-20,2026-09-20 09:15:00,2,Té,9"
    )[1]
    assert names[Field.MOMENT] == "Fecha factura"


# Decimal signs (§21.6, §21.7)


def test_decimal_comma_file() -> None:
    mapping, _names = guess(
        "Fecha;Recibo;Producto;Cantidad;Precio;Importe\n"
        "19/09/2026 20:15;1;Pan;2;10,50;21,00\n19/09/2026 20:16;2;Arroz saco;1;1.250,00;1.250,00",
        ";",
    )
    assert mapping.decimal == ","
    assert mapping.decimal_of(Field.UNIT_PRICE) == "," and mapping.decimal_of(Field.LINE_TOTAL) == ","


def test_ambiguous_thousands_are_settled_by_price_times_quantity() -> None:
    """1.500 is one thousand five hundred when 3 × 500 gives it, one and a half when 3 × 0.5 does."""
    text = "Fecha,Recibo,Producto,Cantidad,Precio,Importe\n2026-09-19,1,Ron,3,{},1.500\n2026-09-19,2,Ron,5,{},2.500"
    assert guess(text.format("500", "500"))[0].decimal_of(Field.LINE_TOTAL) == ","
    assert guess(text.format("0.50", "0.50"))[0].decimal_of(Field.LINE_TOTAL) == "."


def test_ambiguous_money_alone_is_grouped() -> None:
    text = "Fecha,Recibo,Producto,Importe\n2026-09-19,1,Ron,{}\n2026-09-19,2,Pan,500"
    assert guess(text.format("1.500"))[0].decimal_of(Field.LINE_TOTAL) == ","
    assert guess(text.format('"1,500"'))[0].decimal_of(Field.LINE_TOTAL) == "."


# Date order (§21.9)


def test_unprovable_date_order_lowers_the_confidence_and_says_so() -> None:
    text = "Fecha,Recibo,Producto,Importe\n{} 08:00,1,Ron,10\n{} 09:00,2,Pan,5"
    sure, _names = guess(text.format("13/04/2026", "13/04/2026"))
    unsure, _names = guess(text.format("03/04/2026", "03/04/2026"))
    assert unsure.dates.order == "dmy"
    assert "date_order_assumed" in codes(unsure) and "date_order_assumed" not in codes(sure)
    assert unsure.confidence < sure.confidence


def test_english_header_with_am_pm_is_month_first() -> None:
    text = "Date,Receipt number,Item,Net sales\n3/4/26 1:33 PM,1-1,Ron,10\n3/4/26 1:35 PM,1-2,Pan,5"
    assert guess(text)[0].dates.order == "mdy"
    assert guess(text, file_name="receipts-by-item-2026-04-01-2026-04-30.csv")[0].dates.order == "dmy"


# Finding the header (§21.1)


def test_title_rows_before_the_header() -> None:
    rows = [
        ["COLMADO LA ESQUINA"],
        ["Sucursal:", "Los Mina", "", "Cajero:", "Ana"],
        ["Desde", "01/01/2026", "Hasta", "31/01/2026"],
        [],
        ["Fecha", "No. Factura", "Descripción", "Cantidad", "Importe"],
        ["05/01/2026 08:00", "12", "Pan", "1", "10.00"],
        ["Venta", "Total", "Factura", "Cliente", "Caja"],
    ]
    assert find_header(rows) == 4


def test_header_in_the_first_row_and_hostile_tables() -> None:
    assert find_header([["Fecha", "Producto", "Total"], ["05/01/2026", "Venta", "1"]]) == 0
    assert find_header([]) == 0
    assert find_header([[], [""]]) == 0


# What is no list of sales (§21.25)


@pytest.mark.parametrize(
    "text",
    [
        "Item name,SKU,Category,Items sold,Gross sales,Items refunded,Refunds,Discounts,Net sales,Cost of goods,"
        "Gross profit,Margin,Taxes\nPan,1,Pan,10,100,0,0,0,100,60,40,40.00%,0\nTé,2,Té,5,50,0,0,0,50,25,25,50.00%,0",
        "Date,Gross sales,Refunds,Discounts,Net sales,Cost of goods,Gross profit,Margin,Taxes\n"
        "2026-01-01,100,0,0,100,60,40,40.00%,0\n2026-01-02,90,0,0,90,60,30,33.33%,0",
        "Producto,Cantidad,Total\nPan,10,100\nLeche,5,300",
        "Fecha,Ventas\n01/01/2026,18450\n02/01/2026,17200\n03/01/2026,21000",
        "Fecha,Producto,Unidades vendidas,Total vendido\n01/01/2026,Pan,20,200\n01/01/2026,Té,5,50",
        "Fecha,Cantidad de recibos,Total\n01/01/2026,120,18450\n02/01/2026,110,17000",
        "Fecha,Hora,Ventas\n01/01/2026,8:00,450\n01/01/2026,9:00,600\n01/01/2026,10:00,700",
        "Código,Nombre,Precio costo,Precio venta,Existencia\n1,Pan,6,10,50\n2,Leche,50,65,12",
    ],
)
def test_reports_of_sums_are_refused_with_what_to_export(text: str) -> None:
    header, rows = table(text)
    with pytest.raises(NotSales) as refused:
        guess_mapping(header, rows)
    assert "Exporta" in refused.value.todo


def test_a_list_without_number_or_time_is_taken_when_days_repeat() -> None:
    """A home-made sheet: one row a sale, several a day."""
    mapping, _names = guess("Fecha,Monto\n05/01/2026,100\n05/01/2026,50\n06/01/2026,75")
    assert mapping.amount is AmountRule.RECEIPT_TOTAL
    assert "no_receipt_number" in codes(mapping)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Folio,Producto,Total\n1,Pan,10\n2,Pan,20", "falta la fecha"),
        ("Fecha,Folio,Producto\n05/01/2026,1,Pan\n05/01/2026,2,Té", "falta el monto"),
        ("a,b,c\n1,2,3\n4,5,6", "no se reconoce ninguna"),
        ("", "falta"),
    ],
)
def test_missing_columns_are_named(text: str, said: str) -> None:
    header, rows = table(text) if text else ([], [])
    with pytest.raises(UnknownColumns, match=said) as refused:
        guess_mapping(header, rows, file_name="/home/ana/enero.csv")
    assert "«enero.csv»" in refused.value.what
    assert "/home" not in refused.value.what


def test_ragged_rows_and_trailing_empty_columns() -> None:
    """§21.23."""
    rows: Sequence[Sequence[str]] = [
        ["2026-01-05 08:00", "1", 'PVC 1/2"', "10.50", "", ""],
        ["2026-01-05 08:01", "2", "Pan"],
        [],
        ["2026-01-05 08:02", "3", "Té", "5", "", "", "", "x"],
    ]
    mapping = guess_mapping(["Fecha", "Recibo", "Producto", "Total ($)", "", ""], rows)
    assert mapping.columns[Field.LINE_TOTAL] == 3


# Anything at all

HEADERS = [
    *LOYVERSE_ITEMS_ES.split(","),
    *LOYVERSE_ITEMS_EN.split(","),
    *[
        "Hora",
        "Total",
        "Subtotal",
        "Precio",
        "Importe",
        "Monto",
        "Nombre",
        "Tipo",
        "Código",
        "ID",
        "Costo",
        "%",
        "",
        "x/y",
    ],
]
CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "Pan", "Venta", "Reembolso", "Efectivo", "Total", "-", "nan", "1e300", "2 x Pan, 1 x Té"]
    ),
    st.integers(-5, 10**13).map(str),
    st.decimals(-100, 1000, places=2).map(str),
    st.dates().map(str),
    st.datetimes().map(lambda moment: f"{moment:%d/%m/%Y %H:%M}"),
    st.text(max_size=8),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    header=st.lists(st.one_of(st.sampled_from(HEADERS), st.text(max_size=8)), max_size=9),
    rows=st.lists(st.lists(CELLS, max_size=10), max_size=12),
)
def test_any_table_is_mapped_or_refused_in_words(header: list[str], rows: list[list[str]]) -> None:
    assert 0 <= find_header([header, *rows]) <= len(rows)
    try:
        mapping = guess_mapping(header, rows)
    except FileProblem as refused:
        assert refused.what and refused.todo
        return
    assert all(0 <= place < len(header) for place in mapping.columns.values())
    assert len(set(mapping.columns.values())) == len(mapping.columns)
    assert 0 <= mapping.confidence <= 1
    assert mapping.columns.keys() & {Field.DATE, Field.MOMENT}
    needed = {
        AmountRule.LINE_TOTAL: Field.LINE_TOTAL,
        AmountRule.GROSS_LESS_DISCOUNT: Field.GROSS_TOTAL,
        AmountRule.PRICE_TIMES_QUANTITY: Field.UNIT_PRICE,
        AmountRule.RECEIPT_TOTAL: Field.RECEIPT_TOTAL,
    }
    assert needed[mapping.amount] in mapping.columns
    assert mapping.decimal_of(needed[mapping.amount]) in (".", ",")
