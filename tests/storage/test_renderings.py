"""Any sales written in any style a till may have come back equal, to the cent and the minute."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import sold
from tests.storage.rendering import DATES, Line, Sale, Style, render, told
from tests.storage.till import bring_one

PRODUCTS = (
    ("Café molido 1 lb", "7460001110012", "Provisiones"),
    ("Arroz Selecto", "A-10", "Víveres"),
    ("Pan sobao, grande", "P-1", "Panadería"),
    ("Ron añejo 700 ml", "0012", "Bebidas"),
    ('Tubo PVC 1/2"', "T-12", "Ferretería"),
    ("Jabón de cuaba", "", "Limpieza"),
)
FIRST_DAY = datetime(2026, 8, 21)
ENDINGS = {
    "xlsx": ".xlsx", "merged": ".xlsx", "html": ".xls", "json": ".json", "gzip": ".csv.gz", "zip": ".zip",
}  # fmt: skip


@st.composite
def shops(draw: st.DrawFn) -> list[Sale]:
    """A few weeks of a shop: enough days that a date says which of its parts is the day."""
    count = draw(st.integers(8, 20))
    moment, sales = FIRST_DAY, []
    for place in range(count):
        moment += timedelta(hours=draw(st.integers(26, 60)), minutes=draw(st.integers(1, 59)))
        sold_in = draw(st.lists(st.sampled_from(PRODUCTS), min_size=1, max_size=4, unique=True))
        sales.append(
            Sale(
                number=f"{draw(st.sampled_from(('F', '1')))}-{1001 + place}",
                moment=moment,
                is_refund=draw(st.integers(0, 9)) == 0,
                payment=draw(st.sampled_from(("cash", "card", "transfer", "credit"))),
                cashier=draw(st.sampled_from(("Rosa", "José"))),
                customer=draw(st.sampled_from(("", "Doña Ana", "Don Julio"))),
                lines=tuple(draw(lines_of(product)) for product in sold_in),
            )
        )
    # Where every line of a receipt costs the same, nobody can tell lines from a receipt's total said again.
    assume(all(len({line.cents for line in sale.lines}) == len(sale.lines) for sale in sales))
    return sales


@st.composite
def lines_of(draw: st.DrawFn, product: tuple[str, str, str]) -> Line:
    """Whole pieces at a price of whole cents."""
    pieces = draw(st.integers(1, 24))
    return Line(*product, pieces * 1000, pieces * draw(st.integers(50, 200_000)))


@st.composite
def styles(draw: st.DrawFn) -> Style:
    """Every style of writing that some till has; those that no reader could tell apart are left out."""
    container = draw(st.sampled_from(("text", "text", "text", *ENDINGS)))
    decimal, grouping = draw(st.sampled_from(((".", ""), (".", ","), (",", ""), (",", "."))))
    dates = draw(st.sampled_from(DATES))
    encodings = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
    if dates != "dmy_narrow":  # the narrow space is in no old code page
        encodings += ["cp1252"] if dates == "dmy_wide" else ["cp1252", "cp850"]
    layout = draw(st.sampled_from(("flat", "first_row", "repeated_total", "price")))
    return Style(
        language="en" if dates == "mdy_12" else draw(st.sampled_from(("es", "en"))),
        delimiter=draw(st.sampled_from((",", ";", "\t", "|"))),
        encoding="utf-8" if container == "html" else draw(st.sampled_from(encodings)),
        decimal=decimal,
        grouping=grouping,
        currency=draw(st.sampled_from(("", "", "RD$", "RD$ ", "$"))),
        dates=dates,
        layout=layout,
        signs=draw(st.sampled_from(("minus", "plus"))),
        container=container,
        before=draw(st.sampled_from(((), ("Colmado Rosa", "Reporte de ventas")))),
    )


@settings(max_examples=75, deadline=None, suppress_health_check=list(HealthCheck))
@given(sales=shops(), style=styles())
def test_what_a_till_writes_comes_back(sales: list[Sale], style: Style) -> None:
    with tempfile.TemporaryDirectory() as name, open_database(Path(name) / "shop.db") as database:
        path = render(sales, style, Path(name) / f"ventas{ENDINGS.get(style.container, '.csv')}")
        report = bring_one(database, path)
        assert [(row[0], row[1][:16], *row[2:]) for row in sold(database)] == told(sales)
        assert report.quarantined == 0
        again = bring_one(database, path)
        assert (again.new, again.replaced) == (0, 0)
