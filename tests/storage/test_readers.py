"""A file becomes a table whatever wrote it; what is no table is refused in one sentence."""

from __future__ import annotations

import gzip
import io
import os
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colmado_insights.errors import EmptyFile, FileProblem, UnreadableFile
from colmado_insights.storage.importing import readers
from colmado_insights.storage.importing.readers import Table, open_table
from colmado_insights.storage.schema import open_database
from tests.storage.till import bring_one

HEADER = ["Recibo", "Fecha", "Producto", "Cantidad", "Total"]
ROWS = [
    ["1", "02/03/2026 08:15", "Pan de agua", "2", "30.00"],
    ["1", "02/03/2026 08:15", "Café molido", "1", "75.50"],
    ["2", "02/03/2026 09:40", "Ñame", "0.455", "22.75"],
]


def text_of(delimiter: str = ",", end: str = "\n") -> str:
    return "".join(delimiter.join(row) + end for row in [HEADER, *ROWS])


def rows_of(table: Table) -> list[list[str | None]]:
    """All columns of all rows as text."""
    width = len(table.header)
    rows: list[list[str | None]] = []
    for chunk in table.chunks(list(range(width)), []):
        cells = [pd.Series(chunk.texts[column], dtype=object) for column in range(width)]
        columns = [cell.where(cell.notna(), None).tolist() for cell in cells]
        rows += [list(row) for row in zip(*columns, strict=True)]
    return rows


def write(tmp_path: Path, content: bytes | str, name: str = "ventas.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def gz(data: bytes) -> bytes:
    return gzip.compress(data)


def zipped(data: bytes, name: str = "ventas.csv") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_delimiter_line_end_and_encoding(
    tmp_path: Path, delimiter: str, end: str, encoding: str
) -> None:
    path = write(tmp_path, text_of(delimiter, end).encode(encoding))
    assert rows_of(open_table(path)) == ROWS


@pytest.mark.parametrize("pack", [gz, zipped], ids=["gz", "zip"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_packed_tables(tmp_path: Path, pack: Callable[[bytes], bytes], encoding: str) -> None:
    assert rows_of(open_table(write(tmp_path, pack(text_of().encode(encoding))))) == ROWS


@pytest.mark.parametrize("start", ["sep=;\r\n", "\ufeffsep=;\r\n", '"sep=;"\r\n', "\ufeff"])
def test_what_excel_puts_first(tmp_path: Path, start: str) -> None:
    assert rows_of(open_table(write(tmp_path, start + text_of(";", "\r\n")))) == ROWS


def test_titles_before_the_header_are_passed_over_and_lines_are_counted_from_the_top(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "Colmado La Esquina\nReporte de ventas\n\n" + text_of()))
    assert list(table.header) == HEADER
    chunk = next(iter(table.chunks([0], [])))
    assert (chunk.first_line, chunk.rows) == (5, 3)


def test_a_blank_line_is_a_row_without_cells(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, text_of() + "\n3,02/03/2026 10:00,Sal,1,20\n\n"))
    rows = rows_of(table)
    assert rows[3] == [None] * 5
    assert rows[4] == ["3", "02/03/2026 10:00", "Sal", "1", "20"]


def test_short_and_long_rows(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, text_of() + "3,02/03/2026 10:00,Sal\n4,02/03/2026 10:01,Sal,1,20,,\n"))
    (chunk,) = table.chunks([0, 4], [])
    assert chunk.texts[4].tolist() == ["30.00", "75.50", "22.75", np.nan, "20"]
    assert not chunk.is_wide.any()
    longer = open_table(write(tmp_path, text_of() + "5,02/03/2026 10:02,Sal,1,20,x,y,z\n"))
    (chunk,) = longer.chunks([0, 4], [])
    assert chunk.is_wide.tolist() == [False, False, False, True]
    assert chunk.texts[0].tolist() == ["1", "1", "2", "5"]


def test_numbers_are_read_as_such_until_a_cell_is_none(tmp_path: Path) -> None:
    (chunk,) = open_table(write(tmp_path, text_of())).chunks([0], [3, 4])
    assert chunk.numbers[4].tolist() == [30.0, 75.5, 22.75]
    (chunk,) = open_table(write(tmp_path, text_of() + "3,02/03/2026,Sal,uno,\n")).chunks([0], [3, 4])
    assert not chunk.numbers
    assert chunk.texts[3].tolist() == ["2", "1", "0.455", "uno"]
    (chunk,) = open_table(write(tmp_path, text_of() + "3,02/03/2026,Sal,,9\n")).chunks([0], [3, 4])
    assert np.isnan(chunk.numbers[3][3])


INCHES = 'Tubo PVC 1/2"'


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (INCHES, INCHES),  # unescaped, inside
        ('"Tubo PVC 1/2"""', INCHES),  # as it should be
        ('"Pan\nsobao"', "Pan\nsobao"),
        ('"Pan, queso y café"', "Pan, queso y café"),
        ('"Pan ""grande"""', 'Pan "grande"'),
    ],
)
def test_quotes_and_inches_in_names(tmp_path: Path, cell: str, name: str) -> None:
    text = text_of() + f"3,02/03/2026 10:00,{cell},1,20\n4,02/03/2026 10:01,Sal,1,9\n"
    rows = rows_of(open_table(write(tmp_path, text)))
    assert rows[3] == ["3", "02/03/2026 10:00", name, "1", "20"]
    assert rows[4] == ["4", "02/03/2026 10:01", "Sal", "1", "9"]


def test_a_quote_never_closed_costs_no_other_row(tmp_path: Path) -> None:
    broken = '3,02/03/2026 10:00,"Pan sobao,1,20\n'
    after = '4,02/03/2026 10:01,"Pan, queso",1,9\n5,02/03/2026 10:02,"Dos\nlíneas",1,7\n' * 30
    rows = rows_of(open_table(write(tmp_path, text_of() + broken + after)))
    assert len(rows) == 3 + 1 + 60
    assert rows[3] == ["3", "02/03/2026 10:00", "Pan sobao", "1", "20"]
    assert rows[4] == ["4", "02/03/2026 10:01", "Pan, queso", "1", "9"]
    assert rows[5] == ["5", "02/03/2026 10:02", "Dos\nlíneas", "1", "7"]


def test_raw_shows_the_row_as_it_stood(tmp_path: Path) -> None:
    text = text_of() + '3,nunca,"Dos\nlíneas",1,7\n4,nunca,Sal,1,7\n'
    (chunk,) = open_table(write(tmp_path, text)).chunks([0], [])
    assert chunk.raw(3) == '["3", "nunca", "Dos\\nlíneas", "1", "7"]'
    assert chunk.raw(4) == '["4", "nunca", "Sal", "1", "7"]'
    (chunk,) = open_table(write(tmp_path, text_of())).chunks([0], [])
    assert chunk.raw(1) == '["1", "02/03/2026 08:15", "Café molido", "1", "75.50"]'


plain_cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cs", "Cc"]), max_size=8
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(
        plain_cells | st.sampled_from(['a"b', "a,b", "a\nb", '"', "ñ\n,"]), min_size=1, max_size=25
    ),
    block=st.integers(40, 400),
)
def test_blocks_cut_anywhere_give_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], block: int
) -> None:
    import csv

    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    wanted = [[str(i), "02/03/2026 10:00", f"x{name}x", "1", "20"] for i, name in enumerate(names)]
    writer.writerows([HEADER, *wanted])
    path = write(tmp_path, stream.getvalue())
    monkeypatch.setattr(readers, "BLOCK_BYTES", block)
    assert rows_of(open_table(path)) == wanted


def workbook(path: Path, rows: list[list[Any]], before: int = 0) -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy hh:mm"})
    book.add_worksheet("Portada").write(0, 0, "Colmado La Esquina")
    sheet = book.add_worksheet("Ventas")
    for place, row in enumerate(rows, start=before):
        for column, cell in enumerate(row):
            sheet.write(place, column, cell)
    book.close()
    return path


def test_a_workbook_with_typed_cells_and_a_cover(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        HEADER,
        [1, datetime(2026, 3, 2, 8, 15), "Pan", 2, 30],
        ["2-7", date(2026, 3, 2), "Ñame", 0.455, 22.75],
        [None, time(9, 30), True, -1.5, None],
    ]
    table = open_table(workbook(tmp_path / "ventas.xlsx", rows, before=2))
    assert rows_of(table) == [
        ["1", "2026-03-02 08:15:00", "Pan", "2", "30"],
        ["2-7", "2026-03-02 00:00:00", "Ñame", "0.455", "22.75"],
        [None, "09:30:00", "true", "-1.5", None],
    ]


def test_a_workbook_of_texts(tmp_path: Path) -> None:
    assert rows_of(open_table(workbook(tmp_path / "ventas.xlsx", [HEADER, *ROWS]))) == ROWS


# What is no table


def password_protected() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(2048)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(512)
    )


def bomb() -> bytes:
    return zipped(bytes(60 * 1024 * 1024), "xl/worksheets/sheet1.xml")


def foreign_database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE ventas (fecha, total)")
    return connection.serialize()


UNREADABLE: dict[str, Callable[[], bytes]] = {
    "png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "jpeg": lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40,
    "pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40,
    "ole": password_protected,
    "bomb": bomb,
    "sqlite": foreign_database,
    "docx": lambda: zipped(b"<w:document/>", "word/document.xml"),
    "random": lambda: np.random.default_rng(7).bytes(50_000),
    "zeros": lambda: bytes(5000),
    "cut gz": lambda: gz(text_of().encode() * 500)[:-40],
    "cut zip": lambda: zipped(text_of().encode() * 500)[:-40],
    "two tables": lambda: two_tables(),
    "endless line": lambda: b"x" * (1024 * 1024),
    "only words": lambda: b"Querido diario, hoy no vendimos nada en el colmado\n" * 5,
}


def two_tables() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", text_of())
        archive.writestr("b.csv", text_of())
    return stream.getvalue()


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("name", ["ventas.csv", "ventas.xlsx"])
def test_no_table_is_one_clear_sentence(tmp_path: Path, kind: str, name: str) -> None:
    path = write(tmp_path, UNREADABLE[kind](), name)
    with pytest.raises(FileProblem) as caught:
        rows_of(open_table(path))
        if kind == "only words":
            raise FileProblem("no columns", "found later")  # the mapping refuses it (test_mapping)
    assert caught.value.what and caught.value.todo


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"   \r\n\t\r\n", b";;;;\n;;;;\n", b"sep=;\n", text_of().split("\n")[0].encode()],
)
def test_nothing_inside(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(EmptyFile):
        open_table(write(tmp_path, content))


def test_a_folder_a_missing_file_and_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableFile, match="es una carpeta"):
        open_table(tmp_path)
    with pytest.raises(UnreadableFile, match="No se encuentra"):
        open_table(tmp_path / "nada.csv")
    path = write(tmp_path, text_of())

    def refuse(*_args: object, **_how: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableFile, match="No hay permiso"):
        open_table(path)


def test_a_file_that_vanishes_or_breaks_while_it_is_read(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, text_of()))
    os.unlink(tmp_path / "ventas.csv")
    with pytest.raises(UnreadableFile):
        rows_of(table)


@pytest.mark.parametrize("before", [0, 3000])
def test_a_line_of_200_megabytes(tmp_path: Path, before: int) -> None:
    path = tmp_path / "ventas.csv"
    with path.open("wb") as stream:
        stream.write(text_of().encode())
        stream.write(b"3,02/03/2026 10:00,Sal,1,20\n" * before)
        stream.write(b"4,02/03/2026 10:00,")
        stream.truncate(stream.tell() + 200 * 1024 * 1024)
        stream.seek(0, os.SEEK_END)
        stream.write(b",1,20\n")
    with pytest.raises(UnreadableFile):
        rows_of(open_table(path))


def test_a_cut_workbook(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "ventas.xlsx", [HEADER, *ROWS * 200]).read_bytes()
    for share in (0.2, 0.5, 0.8, 0.99):
        with pytest.raises(FileProblem):
            rows_of(open_table(write(tmp_path, whole[: int(len(whole) * share)], "cut.xlsx")))


def test_a_sale_at_midnight_in_a_workbook_keeps_its_time(tmp_path: Path) -> None:
    path = tmp_path / "noche.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet, moment = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, ("Fecha", "Recibo", "Producto", "Cantidad", "Importe"))
    for row, when in enumerate(
        (datetime(2026, 9, 10), datetime(2026, 9, 10, 18, 5), datetime(2026, 9, 11)), 1
    ):
        sheet.write_datetime(row, 0, when, moment)
        sheet.write_row(row, 1, (f"R{row}", "Pan", 1, 25))
    book.close()
    with open_database(tmp_path / "shop.db") as shop:
        bring_one(shop, path)
        assert shop.read("SELECT sold_at % 86400, has_time FROM sale ORDER BY number") == [
            (0, 1), (18 * 3600 + 5 * 60, 1), (0, 1),
        ]  # fmt: skip
