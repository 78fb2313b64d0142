"""The shop at a glance, and what of it goes out to a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from colmado_insights import config, text
from colmado_insights.cli.group import main
from colmado_insights.cli.help import argument, option
from colmado_insights.cli.options import Options, common, parse_day
from colmado_insights.reports import REPORTS
from colmado_insights.text import _

SAID_SO = {"daily": "day", "weekly": "week"}
"""Other names of reports."""


@main.command(example="colmado summary")
@common
def summary(options: Options) -> None:
    """El colmado de un vistazo."""
    with options.shop() as shop:
        found = shop.read_summary(options.as_of)
    values = {
        "receipts": found.receipts,
        "lines": found.lines,
        "revenue": found.revenue_cents / 100,
        "returns": found.returns_cents / 100,
        "avg_basket": found.avg_basket_cents / 100,
        "customers": found.customers,
        "products": found.products,
        "days_open": found.days_open,
        "first_day": found.first_day,
        "last_day": found.last_day,
    }
    if found.first_day is None or found.last_day is None:
        options.show(values, _("Todavía no hay ventas. Importa un archivo: colmado import ARCHIVO"))
        return
    words = [
        _("Del {first} al {last}, {days} días con ventas").format(
            first=text.long_date(found.first_day),
            last=text.long_date(found.last_day),
            days=text.number(found.days_open),
        ),
        _("Vendido: {money}  ·  devuelto: {returned}").format(
            money=text.money(found.revenue_cents), returned=text.money(found.returns_cents)
        ),
        _("Compras: {receipts}  ·  promedio: {basket}").format(
            receipts=text.number(found.receipts), basket=text.money(found.avg_basket_cents)
        ),
        _("Productos: {products}  ·  clientes conocidos: {customers}").format(
            products=text.number(found.products), customers=text.number(found.customers)
        ),
    ]
    options.show(values, "\n".join(words))


@main.command(example="colmado features --out compras.csv")
@option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Archivo .csv.")
@common
def features(options: Options, out: Path) -> None:
    """Guarda los rasgos de cada compra en un archivo CSV."""
    with options.shop() as shop:
        rows = shop.write_features(out, options.as_of)
    options.show(
        {"file": str(out), "rows": rows},
        _("{rows} compras guardadas en {file}.").format(rows=text.number(rows), file=out),
    )


@main.command(example="colmado report weekly --out semana.xlsx")
@argument("kind", metavar="REPORTE", help="Cuál:", type=click.Choice([*REPORTS, *SAID_SO]))
@option("--from", "first", metavar="AAAA-MM-DD", help="Primer día (solo range).")
@option("--to", "last", metavar="AAAA-MM-DD", help="Último día (solo range).")
@option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Archivo .xlsx, .pdf o .png.")
@common
def report(options: Options, kind: str, first: str | None, last: str | None, out: Path | None) -> None:
    """Escribe un reporte en Excel, PDF o una imagen; los de clientes, productos, precios y consejos no son para compartir."""
    kind = SAID_SO.get(kind, kind)
    days = _days(kind, first, last)
    path = out or config.reports_folder() / f"{kind}-{options.moment:%Y-%m-%d}.xlsx"
    with options.shop() as shop:
        written, sections = shop.write_report(kind, path, options.moment, options.progress(), days)
    options.show(
        {"file": str(written), "sections": list(sections)},
        _("Reporte guardado en {file}.").format(file=written),
    )


def _days(kind: str, first: str | None, last: str | None) -> tuple[date, date] | None:
    """The range asked for; both of its ends or none."""
    if first is None and last is None:
        return None
    if kind != "range" or first is None or last is None:
        raise click.UsageError(_("--from y --to van juntos, y solo con range."))
    days = parse_day(first), parse_day(last)
    if days[0] > days[1]:
        raise click.UsageError(_("--from no puede ser después de --to."))
    return days
