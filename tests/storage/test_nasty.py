"""The 25 nasty cases of till exports: each has files, what it holds comes in unasked, and what was done is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from colmado_insights.domain import PAYMENTS, MappingChoice
from colmado_insights.errors import FileProblem
from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.sources import open_sources
from colmado_insights.storage.schema import open_database
from colmado_insights.text.sentences import sentence
from tests.storage.presets.made import DATA, expected, sold
from tests.storage.till import bring_in, bring_one, dump

NASTY = DATA / "nasty"
CASES = range(1, 25)
"""Case 25, reports of sums, is tests/data/refused."""

FILES = sorted(
    path for path in NASTY.rglob("*") if path.is_file() and path.name != "expected.csv"
)  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def write(folder: Path, text: str, name: str = "ventas.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def codes(path: Path) -> list[str]:
    """What is said of how a file was understood."""
    with open_sources([path]) as sources:
        return [reason.code for reason in sources[0].mapping.reasons]


def facts(database: Database) -> list[tuple[str, ...]]:
    """Number, moment, product, quantity, amount and payment of each line."""
    return [(row[0], row[1][:16], row[3], row[6], row[7], row[9]) for row in sold(database)]


def test_every_case_has_its_files() -> None:
    folders = [folder.name for home in (NASTY, DATA / "corpus") for folder in home.iterdir()]
    for case in CASES:
        assert any(name.startswith(f"{case:02d}-") for name in folders), case
    assert (DATA / "refused" / "por-producto.csv").exists()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_it_comes_in_unasked_to_the_cent_and_the_minute(database: Database, path: Path) -> None:
    report = bring_one(database, path)
    assert sold(database) == expected(path.parent)
    assert report.quarantined == 0
    assert all(sentence(reason) for reason in report.reasons)
    before = dump(database)
    again = bring_one(database, path)
    assert (again.new, again.replaced, again.receipts_new) == (0, 0, 0)
    assert dump(database) == before
    assert health.find_problems(database) == ()


@pytest.mark.parametrize(
    ("folder", "code"),
    [
        ("12-continued", "rows_continue"), ("12-merged-cells", "rows_continue"),
        ("12-continued-without-number", "rows_continue"), ("12-total-on-the-first-line", "only_totals"),
        ("13-tenders-on-each-line", "tenders_are_columns"), ("14-baskets", "basket_in_a_cell"),
    ],
)  # fmt: skip
def test_what_was_done_is_said(folder: str, code: str) -> None:
    files = [path for path in FILES if path.parent.name == folder]
    assert files
    assert all(code in codes(path) for path in files)


# Several tables in a file

SALES = "Recibo,Fecha,Producto,Cantidad,Total\n1,13/09/2026 08:15,Pan,2,20.00\n"
TOP = "Producto,Cantidad,Total\nPan,2,20.00\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (SALES + "\nMÁS VENDIDOS\n" + TOP, "MÁS VENDIDOS"),
        (SALES + "\r\n\r\n" + TOP, "Producto, Cantidad, Total"),
        (SALES + ",,,,\n=== MÁS VENDIDOS ===,,,,\n" + TOP, "MÁS VENDIDOS"),
        ("=== MÁS VENDIDOS ===\n" + TOP + "\n" + SALES, "MÁS VENDIDOS"),
        (TOP + "Leche,1,75.00\n" * 60 + "\n" + SALES, "Producto, Cantidad, Total"),
    ],
)
def test_the_best_of_several_tables_is_taken_and_the_others_are_named(
    database: Database, tmp_path: Path, text: str, named: str
) -> None:
    report = bring_one(database, write(tmp_path, text))
    assert facts(database) == [("1", "2026-09-13 08:15", "Pan", "2.000", "20.00", "unknown")]
    assert report.quarantined == 0
    told = [dict(reason.values)["names"] for reason in report.reasons if reason.code == "other_tables"]
    assert told == [named]


def test_a_table_far_below_the_first_rows_is_not_read_as_sales(database: Database, tmp_path: Path) -> None:
    rows = "".join(f"{n},13/09/2026 08:15,Pan,2,20.00\n" for n in range(2, 3_000))
    report = bring_one(database, write(tmp_path, SALES + rows + "\nPor producto\n" + TOP))
    assert (report.rows_read, report.quarantined) == (2_999, 0)
    assert "other_tables" in [reason.code for reason in report.reasons]


@pytest.mark.parametrize("gap", ["\n", "\n\n\n", ",,,,\n", ""])
def test_a_blank_line_or_the_header_again_ends_nothing(database: Database, tmp_path: Path, gap: str) -> None:
    header = SALES.partition("\n")[0] + "\n"
    more = "2,14/09/2026 09:15,Leche,1,75.00\n"
    report = bring_one(database, write(tmp_path, SALES + gap + more + gap + header + "3" + more[1:]))
    assert (report.rows_read, report.receipts_new, report.quarantined) == (3, 3, 0)
    assert "other_tables" not in [reason.code for reason in report.reasons]


# Order fields on the first line only


def test_a_row_that_lost_its_number_and_date_is_not_filled_where_others_repeat_theirs(
    database: Database, tmp_path: Path
) -> None:
    text = (
        "Recibo,Fecha,Producto,Cantidad,Total\n1,13/09/2026 08:15,Pan,2,20.00\n1,13/09/2026 08:15,Leche,1,75.00\n"
        ",,Queso,1,90.00\n2,13/09/2026 09:15,Leche,1,75.00\n"
    )
    report = bring_one(database, write(tmp_path, text))
    assert (report.new, report.quarantined) == (3, 1)


def test_what_is_carried_is_never_an_amount(database: Database, tmp_path: Path) -> None:
    text = (
        "Recibo,Fecha,Producto,Cantidad,Total\n1,13/09/2026 08:15,Pan,2,20.00\n,,Leche,1,\n"
        "2,13/09/2026 09:15,Leche,1,75.00\n,,Pan,1,10.00\n"
    )
    report = bring_one(database, write(tmp_path, text))
    assert (report.new, report.quarantined) == (3, 1)
    assert dict(report.reasons[-1].values)["code"] == "no_amount"


def test_receipts_are_carried_over_the_borders_of_pieces(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("colmado_insights.storage.importing.readers.BLOCK_BYTES", 100)
    rows = "".join(f"{n},13/09/2026 08:15,Ana,95.00,Pan,2\n,,,,Leche,1\n,,,,Café,1\n" for n in range(1, 40))
    path = write(tmp_path, "Recibo,Fecha,Cliente,Total factura,Producto,Cantidad\n" + rows)
    report = bring_one(database, path)
    assert (report.receipts_new, report.quarantined, report.revenue_cents) == (39, 0, 39 * 9500)
    lines = sold(database)
    assert {line[11] for line in lines} == {"Ana"}
    assert len(lines) == 39 * 4


@pytest.mark.parametrize("head", ["1,13/09/2026 08:15,Ana,,,", "1,13/09/2026 08:15,Ana,,3,95.00"])
def test_a_first_line_without_a_product_is_no_sale_of_its_own(
    database: Database, tmp_path: Path, head: str
) -> None:
    text = (
        f"Ticket,Fecha,Cliente,Producto,Cantidad,Importe\n{head}\n,,,Pan,2,20.00\n,,,Leche,1,75.00\n"
        "2,13/09/2026 09:15,,,,\n,,,Leche,1,75.00\n"
    )
    report = bring_one(database, write(tmp_path, text))
    assert (report.revenue_cents, report.quarantined) == (17_000, 0)
    assert [(row[0], row[2], row[4]) for row in facts(database)] == [
        ("1", "Pan", "20.00"), ("1", "Leche", "75.00"), ("2", "Leche", "75.00"),
    ]  # fmt: skip


# Sums without a word


@pytest.mark.parametrize(
    ("sum_row", "quarantined"), [(",,,,170.00", 0), (",,,,171.00", 1), ("3,,,,170.00", 1)]
)
def test_a_row_of_only_numbers_is_a_total_when_it_adds_up(
    database: Database, tmp_path: Path, sum_row: str, quarantined: int
) -> None:
    text = (
        "Recibo,Fecha,Producto,Cantidad,Importe\n1,13/09/2026 08:15,Pan,2,20.00\n1,13/09/2026 08:15,Leche,1,75.00\n"
        f",,,3,95.00\n2,13/09/2026 09:15,Leche,1,75.00\n,,,1,75.00\n{sum_row}\n"
    )
    report = bring_one(database, write(tmp_path, text))
    assert (report.new, report.quarantined, report.revenue_cents) == (3, quarantined, 17_000)


# Ways of paying as columns


@pytest.mark.parametrize(
    ("cells", "payment", "total"),
    [
        ('"RD$1,100.00",-,0.00,', "cash", "1100.00"),
        (",,75.00,", "credit", "75.00"),
        ("50.00,25.50,,", "mixed", "75.50"),
        (",,,30", "transfer", "30.00"),
    ],
)
def test_the_column_that_is_not_zero_is_the_payment_and_their_sum_the_total(
    database: Database, tmp_path: Path, cells: str, payment: str, total: str
) -> None:
    text = f"Factura,Fecha,Efectivo,Tarjeta,Fiado,Transferencia\n1,13/09/2026 08:15,{cells}\n2,13/09/2026 08:20,1.00,2.00,,\n"
    bring_one(database, write(tmp_path, text))
    ((code, cents),) = database.read("SELECT payment, total_cents FROM sale WHERE number = '1'")
    assert (str(PAYMENTS[code]), f"{cents / 100:.2f}") == (payment, total)


# A whole basket in one cell


@pytest.mark.parametrize(
    ("cell", "things"),
    [
        ("2 x Pan, 1 x Leche", [("Pan", "2.000"), ("Leche", "1.000")]),
        ("2× Pan sobao; 0.5 x Queso, blanco", [("Pan sobao", "2.000"), ("Queso, blanco", "0.500")]),
        (
            "1 x PVC 1/2, 10 pies | 3 x Clavos 2 x 4",
            [("PVC 1/2, 10 pies", "1.000"), ("Clavos 2 x 4", "3.000")],
        ),
    ],
)
def test_a_basket_becomes_lines_whose_names_may_hold_commas(
    database: Database, tmp_path: Path, cell: str, things: Sequence[tuple[str, str]]
) -> None:
    text = f'Recibo,Fecha,Artículos,Total\n1,13/09/2026 08:15,"{cell}",95.00\n2,13/09/2026 09:15,1 x Leche,75.00\n'
    report = bring_one(database, write(tmp_path, text))
    lines = [row for row in facts(database) if row[0] == "1"]
    assert [(row[2], row[3]) for row in lines if row[2] != "SIN NOMBRE"] == things
    assert [row[4] for row in lines] == ["0.00"] * len(things) + ["95.00"]  # nobody knows the shares
    assert report.revenue_cents == 17_000


def test_what_the_owner_chose_is_remembered_for_a_shaped_layout(database: Database, tmp_path: Path) -> None:
    head = "Factura,Fecha,Efectivo,Tarjeta,Mercancia,Valor\n"
    first = write(
        tmp_path, head + "1,13/09/2026 08:15,20.00,,Pan,20.00\n2,13/09/2026 09:15,,9.00,Pan,9.00\n", "a.csv"
    )
    choice = MappingChoice(
        columns={"receipt": 0, "moment": 1, "product": 4, "line_total": 5, "payment": 6},
        date_order="dmy", decimal=".", amount="line_total",
    )  # fmt: skip
    bring_in(database, first, choices={first: choice})
    second = write(
        tmp_path, head + "3,14/09/2026 08:15,,30.00,Pan,30.00\n4,14/09/2026 09:15,9.00,,Pan,9.00\n", "b.csv"
    )
    bring_in(database, second)
    assert [(row[0], row[4], row[5]) for row in facts(database)] == [
        ("1", "20.00", "cash"), ("2", "9.00", "card"), ("3", "30.00", "card"), ("4", "9.00", "cash"),
    ]  # fmt: skip


# Day first or month first


@pytest.mark.parametrize(("style", "last"), [("{m:02d}/{d:02d}", "09/13"), ("{d:02d}/{m:02d}", "13/09")])
def test_days_far_down_decide_the_order_of_all_dates(
    database: Database, tmp_path: Path, style: str, last: str
) -> None:
    rows = "".join(
        f"{n},{style.format(m=9, d=1 + n // 200)}/2026 08:15,Pan,1,10.00\n" for n in range(1, 2_400)
    )
    text = f"Recibo,Fecha,Producto,Cantidad,Total\n{rows}9999,{last}/2026 08:15,Pan,1,10.00\n"
    report = bring_one(database, write(tmp_path, text))
    assert report.quarantined == 0
    assert {row[1][:7] for row in facts(database)} == {"2026-09"}
    assert "date_order_assumed" not in [reason.code for reason in report.reasons]


# Pages and lists


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>Sesión vencida</body></html>",
        "<!DOCTYPE html><html><table></table></html>",
        "[]",
        "{}",
        '[{"a":1}]',
        "[1, 2",
    ],
)
def test_a_page_or_list_without_sales_is_refused_in_a_sentence(
    database: Database, tmp_path: Path, text: str
) -> None:
    for name in ("a.xls", "a.json"):
        with pytest.raises(FileProblem) as refusal:
            bring_in(database, write(tmp_path, text, name))
        assert refusal.value.what.strip()
        assert refusal.value.todo.strip()
