"""Sales come in whole: every row is accounted for, nothing twice, nothing changed when it fails."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colmado_insights.domain import ImportReport
from colmado_insights.errors import EmptyFile, NotSales, ShopError, UnknownColumns
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing import ledger, readers
from colmado_insights.storage.importing.history import read_batches, undo_batch
from colmado_insights.storage.importing.quarantine import read_bad_rows
from colmado_insights.storage.schema import open_database
from tests.storage.till import HEADER, NOW, bring_in, bring_one, dump, write_rows

Row = tuple[object, ...]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def sales(first: int, last: int, *, day: int = 2) -> list[Row]:
    """Receipts first…last of two or three lines, some lines and some receipts alike."""
    rows: list[Row] = []
    for number in range(first, last + 1):
        moment = (datetime(2026, 3, day, 8) + timedelta(minutes=7 * number)).strftime("%d/%m/%Y %H:%M")
        people = ("Efectivo", "Ana", "")
        rows.append((number, moment, "Pan de agua", 2, "30.00", *people))
        rows.append((number, moment, "Café", "0.455", "22.75", *people))
        if number % 3 == 0:
            rows.append((number, moment, "Pan de agua", 2, "30.00", *people))
    return rows


def totals(database: Database) -> tuple[int, int, int]:
    """Receipts, lines, cents."""
    row = database.read("SELECT count(*), sum(line_count), sum(total_cents) FROM sale")[0]
    return (row[0], row[1] or 0, row[2] or 0)


# Nothing twice


def test_the_same_file_twice_adds_nothing(database: Database, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", sales(1, 20))
    first = bring_one(database, path)
    assert (first.new, first.receipts_new, first.rows_read) == (46, 20, 46)
    before = dump(database)
    again = bring_one(database, path)
    assert (again.new, again.unchanged, again.replaced, again.receipts_new) == (0, 46, 0, 0)
    assert (again.revenue_cents, again.first_day) == (0, None)
    assert dump(database) == before


def test_an_overlapping_file_adds_exactly_what_is_new(database: Database, tmp_path: Path) -> None:
    bring_one(database, write_rows(tmp_path / "a.csv", sales(1, 20)))
    report = bring_one(database, write_rows(tmp_path / "b.csv", sales(15, 30)))
    assert report.receipts_new == 10
    assert (report.new, report.unchanged) == (len(sales(21, 30)), len(sales(15, 20)))
    with open_database(tmp_path / "whole.db") as whole:
        bring_one(whole, write_rows(tmp_path / "c.csv", sales(1, 30)))
        assert dump(database) == dump(whole)


def test_identical_receipts_and_lines_stay_two(database: Database, tmp_path: Path) -> None:
    line = ("02/03/2026 08:15", "Pan", 1, "5.00", "", "", "")
    report = bring_one(
        database, write_rows(tmp_path / "a.csv", [(1, *line), (1, *line), (2, *line), (2, *line)])
    )
    assert report.receipts_new == 2
    assert totals(database) == (2, 4, 20_00)


def test_numbers_that_restart_are_other_receipts(database: Database, tmp_path: Path) -> None:
    bring_one(database, write_rows(tmp_path / "a.csv", sales(1, 5, day=2)))
    report = bring_one(database, write_rows(tmp_path / "b.csv", sales(1, 5, day=9)))
    assert (report.receipts_new, report.replaced) == (5, 0)
    both = write_rows(tmp_path / "c.csv", [*sales(1, 5, day=2), *sales(1, 5, day=9)])
    assert bring_one(database, both).unchanged == 2 * len(sales(1, 5))


def test_receipts_without_numbers_are_stable(database: Database, tmp_path: Path) -> None:
    rows = [row[1:] for row in sales(1, 12)]
    path = write_rows(tmp_path / "a.csv", rows, HEADER[1:])
    assert bring_one(database, path).receipts_new == 12
    again = bring_one(database, path)
    assert (again.new, again.unchanged) == (0, len(rows))


def test_a_file_with_dates_only_has_no_hours(database: Database, tmp_path: Path) -> None:
    rows = [("02/03/2026", "Pan", 1, 5), ("02/03/2026", "Pan", 1, 5), ("03/03/2026", "Café", 1, 20)]
    path = write_rows(tmp_path / "a.csv", rows, ("Fecha", "Producto", "Cantidad", "Total"))
    assert bring_one(database, path).receipts_new == 3
    assert database.read("SELECT hour, receipts FROM hourly ORDER BY day") == [(-1, 2), (-1, 1)]
    assert bring_one(database, path).new == 0


def test_an_export_without_hours_and_one_with_them_are_the_same_receipts(tmp_path: Path) -> None:
    timed, timeless = (
        write_rows(tmp_path / f"{name}.csv", [(row[0], str(row[1])[:cut], *row[2:]) for row in sales(1, 12)])
        for name, cut in (("timed", 16), ("timeless", 10))
    )
    states = []
    for order in ((timed, timeless), (timeless, timed)):
        with open_database(tmp_path / f"{order[0].stem}.db") as shop:
            reports = [bring_one(shop, path) for path in order]
            assert [report.receipts_new for report in reports] == [12, 0]
            assert (
                bring_one(shop, timeless).unchanged == bring_one(shop, timed).unchanged == len(sales(1, 12))
            )
            states.append(dump(shop))
    assert states[0] == states[1]
    assert all(row[2] for row in states[0]["sales"])


# Lines of a receipt in any place


@pytest.mark.parametrize("block", [150, 400, 10**6])
def test_scattered_lines_make_one_receipt_also_across_blocks(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    rows = sales(1, 20)
    random.Random(5).shuffle(rows)
    bring_one(database, write_rows(tmp_path / "ordered.csv", sales(1, 20)))
    with open_database(tmp_path / "scattered.db") as scattered:
        path = write_rows(tmp_path / "shuffled.csv", rows)
        monkeypatch.setattr(readers, "BLOCK_BYTES", block)
        assert bring_one(scattered, path).receipts_new == 20
        assert dump(scattered)["sales"] == dump(database)["sales"]
        assert bring_one(scattered, path).unchanged == len(rows)
        monkeypatch.setattr(readers, "BLOCK_BYTES", 10**6)
        assert bring_one(scattered, path).unchanged == len(rows)
    assert bring_one(database, path).unchanged == len(rows)


def test_an_edited_receipt_whose_lines_are_scattered_is_replaced_whole(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_one(database, write_rows(tmp_path / "a.csv", sales(1, 20)))
    edited = [(*row[:4], "31.00", *row[5:]) if row[0] == 6 else row for row in sales(1, 20)]
    edited.sort(key=lambda row: str(row[2]))
    monkeypatch.setattr(readers, "BLOCK_BYTES", 150)
    report = bring_one(database, write_rows(tmp_path / "b.csv", edited))
    assert (report.replaced, report.new, report.unchanged) == (3, 0, len(edited) - 3)
    assert database.read_one("SELECT total_cents FROM sale WHERE number = '6'") == 93_00


def test_too_many_changes_to_hold_are_written_in_between(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST_HELD", 5)
    monkeypatch.setattr(readers, "BLOCK_BYTES", 300)
    bring_one(database, write_rows(tmp_path / "a.csv", sales(1, 20)))
    edited = [(*row[:4], "31.00", *row[5:]) for row in sales(1, 20)]
    report = bring_one(database, write_rows(tmp_path / "b.csv", edited))
    assert (report.replaced + report.new, report.receipts_new) == (len(edited), 0)
    assert totals(database) == (20, len(edited), 31_00 * len(edited))
    assert health.find_problems(database) == ()


# Changes, refunds, cancelled receipts


def test_an_edited_receipt_is_replaced_and_undo_brings_it_back(database: Database, tmp_path: Path) -> None:
    bring_one(database, write_rows(tmp_path / "a.csv", sales(1, 5)))
    before = dump(database)
    edited = [(*row[:4], "99.00", *row[5:]) if row[0] == 2 else row for row in sales(1, 5)]
    report = bring_one(database, write_rows(tmp_path / "b.csv", edited))
    assert (report.replaced, report.unchanged) == (2, len(edited) - 2)
    assert totals(database)[2] == sum(round(float(str(row[4])) * 100) for row in edited)
    undo_batch(database, 2, now=NOW)
    assert dump(database) == before


def with_status(rows: Sequence[Row], cancelled: set[int]) -> list[Row]:
    return [(*row, "Cancelado" if row[0] in cancelled else "Cerrado") for row in rows]


STATUS = (*HEADER, "Estado")


def test_a_receipt_cancelled_later_goes_and_is_counted(database: Database, tmp_path: Path) -> None:
    bring_one(database, write_rows(tmp_path / "a.csv", with_status(sales(1, 5), set()), STATUS))
    before = dump(database)
    path = write_rows(tmp_path / "b.csv", with_status(sales(1, 6), {2, 6}), STATUS)
    report = bring_one(database, path)
    assert (report.voided, report.unchanged, report.new) == (5, 9, 0)
    assert totals(database)[0] == 4
    assert bring_one(database, path).voided == 5
    for batch in (3, 2):
        undo_batch(database, batch, now=NOW)
    assert dump(database) == before
    assert health.find_problems(database) == ()


def test_a_cancelled_line_takes_no_other_line_with_it(database: Database, tmp_path: Path) -> None:
    rows = [
        ("1", "02/03/2026 08:15", "Pan", 1, 5, "", "", "", "Cerrado"),
        ("1", "02/03/2026 08:15", "Café", 1, 20, "", "", "", "Anulado"),
        ("2", "02/03/2026 08:20", "Sal", 1, 9, "", "", "", "Cerrado"),
    ]
    path = write_rows(tmp_path / "a.csv", rows, STATUS)
    for _time in range(3):
        assert bring_one(database, path).voided == 1
        assert totals(database) == (2, 2, 14_00)


@pytest.mark.parametrize("sign", [1, -1])
def test_refunds_are_negative_whatever_sign_the_till_writes(
    database: Database, tmp_path: Path, sign: int
) -> None:
    header = ("Recibo", "Fecha", "Tipo de recibo", "Producto", "Cantidad", "Total")
    rows = [
        (1, "02/03/2026 08:15", "Venta", "Pan", 2, 30),
        (2, "02/03/2026 08:20", "Reembolso", "Pan", sign, 15 * sign),
    ]
    bring_one(database, write_rows(tmp_path / "a.csv", rows, header))
    assert database.read("SELECT kind, total_cents, units_milli FROM sale ORDER BY id") == [
        (0, 30_00, 2000),
        (1, -15_00, -1000),
    ]
    assert database.read("SELECT receipts, revenue_cents, returns_cents FROM daily") == [(1, 15_00, 15_00)]


# How cells are written


def test_spanish_excel(database: Database, tmp_path: Path) -> None:
    rows = [
        ("1", "2/3/2026 8:15 p. m.", "Ñame", "0,455", "1.234,50"),
        ("2", "13/3/2026 12:05 a. m.", "Sal", "1", "9,00"),
    ]
    path = write_rows(
        tmp_path / "a.csv",
        rows,
        ("Recibo", "Fecha", "Producto", "Cantidad", "Total"),
        delimiter=";",
        encoding="cp1252",
    )
    assert bring_one(database, path).new == 2
    assert [row[1] % 86_400 // 60 for row in dump(database)["sales"]] == [20 * 60 + 15, 5]
    assert [row[4:7] for row in dump(database)["lines"]] == [("Ñame", 455, 1234_50), ("Sal", 1000, 9_00)]


def test_a_totals_row_and_blank_lines_are_no_sales(database: Database, tmp_path: Path) -> None:
    rows = [*sales(1, 3), (), ("TOTAL", "", "", "", "195.00", "", "", "")]
    report = bring_one(database, write_rows(tmp_path / "a.csv", rows))
    assert (report.rows_read, report.quarantined) == (len(sales(1, 3)), 0)
    assert [reason.code for reason in report.reasons if reason.code == "totals_rows"] == ["totals_rows"]


def test_a_receipt_total_on_every_line_counts_once(database: Database, tmp_path: Path) -> None:
    rows = [
        (number, f"02/03/2026 08:{number:02d}", product, 1, 100 + number)
        for number in range(1, 8)
        for product in ("Pan", "Café", "Sal")[: 1 + number % 3]
    ]
    header = ("Recibo", "Fecha", "Producto", "Cantidad", "Total venta")
    report = bring_one(database, write_rows(tmp_path / "a.csv", rows, header))
    assert report.revenue_cents == sum(100_00 + number * 100 for number in range(1, 8))
    assert totals(database) == (7, len(rows), report.revenue_cents)
    assert health.find_problems(database) == ()


def test_the_cost_of_a_unit_becomes_the_cost_of_the_line(database: Database, tmp_path: Path) -> None:
    rows = [(1, "02/03/2026 08:15", "Pan", 3, 30, "7.50"), (2, "02/03/2026 08:16", "Sal", 1, 9, "5")]
    path = write_rows(
        tmp_path / "a.csv", rows, ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Costo unitario")
    )
    bring_one(database, path)
    assert [row[8] for row in dump(database)["lines"]] == [22_50, 5_00]


# Bad rows


def test_bad_rows_are_kept_with_line_and_reason(database: Database, tmp_path: Path) -> None:
    rows = [
        *sales(1, 3),
        ("9", "31/31/2026 08:00", "Pan", 1, "5", "", "", ""),
        ("9", "", "Pan", 1, "5", "", "", ""),
        ("9", "02/03/2026 08:00", "Pan", 1, "mucho", "", "", ""),
        ("9", "02/03/2026 08:00", "Pan", "uno", "5", "", "", ""),
        ("9", "02/03/2026 08:00", "Pan", 1, "", "", "", ""),
        ("9", "02/03/2026 08:00", "Pan", 1, "5", "", "", "", "de más"),
        ("9", "02/03/2026 08:00", "Pan", 1, "1e300", "", "", ""),
    ]
    report = bring_one(database, write_rows(tmp_path / "a.csv", rows))
    assert (report.quarantined, report.new) == (7, len(sales(1, 3)))
    kept = read_bad_rows(database, 1)
    first = len(sales(1, 3)) + 2
    assert [(row.line - first, row.code) for row in kept] == [
        (0, "bad_date"), (1, "no_date"), (2, "bad_amount"), (3, "bad_quantity"),
        (4, "no_amount"), (5, "too_many_cells"), (6, "bad_amount"),
    ]  # fmt: skip
    assert kept[3].raw == '["9", "02/03/2026 08:00", "Pan", "uno", "5", "", "", ""]'


def test_a_file_of_bad_rows_only_changes_nothing(database: Database, tmp_path: Path) -> None:
    data = Path(__file__).parent.parent / "data" / "receipts-by-item-es.csv"
    path = tmp_path / "a.csv"
    path.write_text(data.read_text(encoding="utf-8-sig").replace("/2026", "/20x6"), encoding="utf-8")
    with pytest.raises(UnknownColumns, match="la fecha no se entiende"):
        bring_in(database, path)
    assert read_batches(database) == ()
    assert database.read_one("SELECT count(*) FROM product") == 0


def test_reports_of_sums_are_refused(database: Database, tmp_path: Path) -> None:
    items = [
        "Item name",
        "SKU",
        "Category",
        "Items sold",
        "Gross sales",
        "Items refunded",
        "Refunds",
        "Discounts",
        "Net sales",
        "Cost of goods",
        "Gross profit",
        "Margin",
        "Taxes",
    ]
    days = [
        "Date",
        "Gross sales",
        "Refunds",
        "Discounts",
        "Net sales",
        "Cost of goods",
        "Gross profit",
        "Margin",
        "Taxes",
    ]
    item = ["Pan", "1", "Pan", "10", "100", "0", "0", "0", "100", "50", "50", "50.00%", "0"]
    day = ["3/2/26", "100", "0", "0", "100", "50", "50", "50.00%", "0"]
    for header, row in ((items, item), (days, day)):
        with pytest.raises(NotSales):
            bring_in(
                database,
                write_rows(
                    tmp_path / "a.csv",
                    [row, ["Z", *row[1:]] if row is item else ["3/3/26", *row[1:]]],
                    header,
                ),
            )
    assert read_batches(database) == ()


def test_only_totals_is_an_empty_file(database: Database, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [("TOTAL", "", "", "", "195.00")], HEADER[:5])
    with pytest.raises((EmptyFile, UnknownColumns)):
        bring_in(database, path)
    assert read_batches(database) == ()


# Whole or not at all


class _StopAt(Progress):
    def __init__(self, step: int) -> None:
        super().__init__()
        self.left = step

    def step(self, done: int = 0, total: int = 0, text: str = "") -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_cancelled_import_leaves_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(readers, "BLOCK_BYTES", 300)
    bring_one(database, write_rows(tmp_path / "a.csv", sales(1, 5)))
    before = dump(database)
    with pytest.raises(Cancelled):
        bring_in(database, write_rows(tmp_path / "b.csv", sales(3, 40)), progress=_StopAt(step))
    assert dump(database) == before
    assert len(read_batches(database)) == 1


def test_a_dry_run_tells_and_leaves_nothing(database: Database, tmp_path: Path) -> None:
    report = bring_one(database, write_rows(tmp_path / "a.csv", sales(1, 5)), is_dry_run=True)
    assert (report.receipts_new, report.batch) == (5, None)
    assert read_batches(database) == ()
    assert totals(database)[0] == 0


def test_a_file_that_breaks_off_leaves_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv.gz"
    whole = gzip.compress(write_rows(tmp_path / "a.csv", sales(1, 40_000)).read_bytes())
    path.write_bytes(whole[:-2000])
    monkeypatch.setattr(readers, "BLOCK_BYTES", 200_000)
    with pytest.raises(ShopError, match="dañado o incompleto"):
        bring_in(database, path)
    assert totals(database)[0] == 0


# Any table, any damage

cells = st.one_of(
    st.sampled_from(
        ["", "-", "TOTAL", "nan", "inf", "1e5", "02/03/2026", "#¡VALOR!", '"', "a\nb", "1.234,5", "\ufeff"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6),
    st.integers(-5, 10**13).map(str),
)


@st.composite
def damaged_tables(draw: st.DrawFn) -> list[list[str]]:
    rows = [[str(cell) for cell in row] for row in sales(1, draw(st.integers(2, 12)))]
    for _damage in range(draw(st.integers(0, 8))):
        row = rows[draw(st.integers(0, len(rows) - 1))]
        what = draw(st.sampled_from(["cell", "short", "long", "swap", "twice"]))
        if what == "cell" and row:
            row[draw(st.integers(0, len(row) - 1))] = draw(cells)
        elif what == "short":
            del row[draw(st.integers(0, 8)) :]
        elif what == "long":
            row.extend(draw(st.lists(cells, max_size=3)))
        elif what == "swap":
            rows.append(rows.pop(draw(st.integers(0, len(rows) - 1))))
        else:
            rows.append(list(row))
    return rows


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(rows=damaged_tables(), block=st.sampled_from([200, 700, 10**6]))
def test_every_row_is_accounted_for(
    monkeypatch: pytest.MonkeyPatch, rows: list[list[str]], block: int
) -> None:
    monkeypatch.setattr(readers, "BLOCK_BYTES", block)
    with tempfile.TemporaryDirectory() as folder, open_database(Path(folder) / "shop.db") as database:
        path = write_rows(Path(folder) / "a.csv", rows)
        try:
            first = bring_one(database, path)
        except ShopError:
            assert read_batches(database) == ()
            return
        totals_rows = sum(int(r["rows"]) for r in first.reasons if r.code == "totals_rows")
        blank = sum(not any(cell.strip() for cell in row) for row in rows)
        assert first.rows_read + totals_rows + blank == len(rows)
        # Names too damaged to tell a product column leave receipts without lines.
        assert database.read_one("SELECT sum(line_count) FROM sale") in (first.new, 0)
        assert health.find_problems(database) == ()
        before = dump(database)
        again = bring_one(database, path)
        assert (again.new, again.receipts_new, again.quarantined) == (0, 0, first.quarantined)
        assert dump(database) == before


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The file after an accident: bytes flipped, cut out, doubled, or another end."""
    body = bytearray(data)
    for _accident in range(chance.randint(1, 6)):
        at = chance.randrange(len(body) + 1)
        size = chance.choice((1, 2, 10, 200))
        kind = chance.randrange(5)
        if kind == 0:
            body[at : at + size] = chance.randbytes(size)
        elif kind == 1:
            del body[at : at + size]
        elif kind == 2:
            body[at:at] = body[at : at + size]
        elif kind == 3:
            body[at:at] = chance.choice(
                (b'"', b"\n", b"\r", b"\x00", b",,", b";", b"\xff\xfe", b"sep=;\n", b"\xe2\x80\xa8")
            )
        else:
            del body[at:]
        if not body:
            break
    return bytes(body)


def seeds(folder: Path) -> list[bytes]:
    """Good small files of each kind."""
    from tests.storage.test_readers import gz, workbook, zipped

    flat = write_rows(folder / "flat.csv", sales(1, 12)).read_bytes()
    book = workbook(folder / "book.xlsx", [list(HEADER), *(list(row) for row in sales(1, 12))]).read_bytes()
    data = Path(__file__).parent.parent / "data"
    pair = [path.read_bytes() for path in sorted(data.glob("*.csv"))]
    return [flat, flat.decode().encode("utf-16"), book, gz(flat), zipped(flat), *pair]


def test_no_damaged_file_is_more_than_a_sentence(tmp_path: Path) -> None:
    chance = random.Random(20261120)
    good = seeds(tmp_path)
    outcomes = {"report": 0, "refused": 0}
    with open_database(tmp_path / "shop.db") as database:
        for number in range(500):
            path = tmp_path / f"{number}.{chance.choice(('csv', 'xlsx', 'txt'))}"
            path.write_bytes(mutate(chance.choice(good), chance))
            try:
                report: ImportReport = bring_in(database, path, is_dry_run=True)[0]
            except ShopError as trouble:
                assert trouble.what and trouble.todo
                outcomes["refused"] += 1
            else:
                assert report.is_accounted
                outcomes["report"] += 1
            path.unlink()
        assert health.find_problems(database) == ()
    assert min(outcomes.values()) > 50, outcomes


def test_no_customer_is_named_in_a_report_or_an_error(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    rows: list[Any] = [(*row[:7], "Doña Altagracia") for row in sales(1, 3)]
    report = bring_one(
        database, write_rows(tmp_path / "a.csv", [*rows, (*rows[0][:4], "x", "", "", "Doña Altagracia")])
    )
    with pytest.raises(ShopError) as caught:
        bring_in(database, write_rows(tmp_path / "b.csv", [(*row[:4], "x", *row[5:]) for row in rows]))
    for words in (repr(report), str(caught.value), caplog.text):
        assert "Altagracia" not in words


PEAK = """
import resource, sys
from pathlib import Path
from colmado_insights.storage.schema import open_database
from tests.storage.till import bring_one
with open_database(Path(sys.argv[1])) as shop:
    print(bring_one(shop, Path(sys.argv[2])).new)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is read the POSIX way")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for thousands in (300, 900):
        path = tmp_path / f"{thousands}.csv"
        with path.open("w", encoding="utf-8") as stream:
            stream.write("Recibo,Fecha,Producto,Cantidad,Total\n")
            for number in range(thousands * 500):
                moment = datetime(2024, 1, 1) + timedelta(seconds=97 * number)
                for product in (number % 700, number % 900):
                    stream.write(f"{number},{moment:%d/%m/%Y %H:%M:%S},Producto {product},1,{product}.50\n")
        done = subprocess.run(
            [sys.executable, "-c", PEAK, str(tmp_path / f"{thousands}.db"), str(path)],
            cwd=Path(__file__).parent.parent.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        new, peak = map(int, done.stdout.split())
        assert new == thousands * 1000
        peaks.append(peak)
        path.unlink()
    # SQLite may fill its page cache of 64 MB; rows kept in memory would be hundreds.
    assert peaks[1] < peaks[0] + 64 + 40, f"{peaks} MB"


def test_a_receipt_in_two_pieces_takes_its_time_from_the_one_that_has_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "BLOCK_BYTES", 200)
    rows = [
        ["0", "02/03/2026", "Pan de agua", "2", "30.00", "Efectivo", "Ana", ""],
        ["1", "02/03/2026 08:07", "Café", "0.455", "22.75", "Efectivo", "Ana", ""],
        ["0", "02/03/2026 08:14", "Pan de agua", "2", "30.00", "Efectivo", "Ana", ""],
        ["2", "02/03/2026 08:14", "Café", "0.455", "22.75", "Efectivo", "Ana", ""],
    ]
    path = write_rows(tmp_path / "a.csv", rows)
    bring_one(database, path)
    before = dump(database)
    assert database.read("SELECT has_time, line_count FROM sale WHERE number = '0'") == [(1, 2)]
    again = bring_one(database, path)
    assert (again.new, again.replaced) == (0, 0)
    assert dump(database) == before
    assert health.find_problems(database) == ()
