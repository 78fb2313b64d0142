"""Encodings and delimiters of Spanish till files, with heads cut anywhere."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights.storage.importing.encoding import detect_delimiter, detect_encoding, strip_sep_line

SAMPLES = [
    "Fecha;Número de recibo;Artículo;Categoría\n19/9/2026;1-1;Plátano maduro;Víveres\n19/9/2026;1-2;Ñame;Víveres\n",
    "FECHA,ARTÍCULO,DESCRIPCIÓN\n1/1/2026,CAFÉ MOLIDO,CAFÉ SANTO DOMINGO\n2/1/2026,PIÑA,PIÑA MADURA\n",
    "Date,Item,Cashier\n1/1/26,Salchichón Induveca,José Peña\n1/2/26,Habichuela roja,María Núñez\n",
    "Fecha,Hora,Producto\n19/9/2026,8:15\u00a0p.\u00a0m.,Jabón de cuaba\n19/9/2026,9:15\u00a0a.\u00a0m.,Pan\n",
    "Código;Nombre;Días\n1;Pañales Huggies;¿Cuántos?\n2;Azúcar crema;Sábado\n3;Pingüinos;Miércoles\n",
]


def same(text: str, encoding: str) -> bool:
    """True when a file in `encoding` is read back as it was written."""
    head = text.encode(encoding, errors="replace")
    return head.decode(detect_encoding(head), errors="replace") == head.decode(encoding)


@pytest.mark.parametrize("sample", range(len(SAMPLES)))
@pytest.mark.parametrize("times", [1, 40])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp850"],
)
def test_spanish_files_are_read_as_written(sample: int, times: int, encoding: str) -> None:
    assert same(SAMPLES[sample] * times, encoding)


@pytest.mark.parametrize("length", range(20, 90))
def test_a_head_cut_inside_a_letter_is_still_utf8(length: int) -> None:
    assert detect_encoding(SAMPLES[0].encode("utf-8")[:length]) == "utf-8"


def test_plain_ascii_and_nothing_are_utf8() -> None:
    assert detect_encoding(b"a,b\n1,2\n") == "utf-8"
    assert detect_encoding(b"") == "utf-8"


def test_one_damaged_letter_among_many_leaves_the_file_utf8() -> None:
    head = (SAMPLES[0] * 10).encode("utf-8") + b"\xff"
    assert detect_encoding(head) == "utf-8"


def test_a_bom_wins() -> None:
    assert detect_encoding(codecs.BOM_UTF8 + "é".encode("cp1252")) == "utf-8-sig"


@given(st.binary(max_size=400))
def test_any_bytes_get_an_encoding_python_knows(head: bytes) -> None:
    head.decode(detect_encoding(head), errors="replace")


# Delimiters


def delimiter_of(text: str) -> str:
    return detect_delimiter(text.splitlines())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter(delimiter: str) -> None:
    rows = [("Fecha", "Producto", "Total")] + [
        (f"0{n}/01/2026", 'Pan, "de agua"; blando', "12.50") for n in range(1, 9)
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    assert delimiter_of(out.getvalue()) == delimiter


def test_semicolons_with_decimal_commas() -> None:
    """§21.6: cut at the commas, every line has three cells too."""
    assert delimiter_of("a;b\n1,1;2,2\n3,3;4,4\n5,5;6,6") == ";"
    assert delimiter_of("1,1;2,2\n3,3;4,4\n5,5;6,6") == ";"
    assert delimiter_of("Fecha;Total\n01/01/2026;1,50\n02/01/2026;2,50") == ";"


def test_a_header_with_one_delimiter_fewer_than_its_data() -> None:
    assert (
        delimiter_of("Fecha;Producto;Total\n1/1/2026;Pan;1,50;\n2/1/2026;Té;2,50;\n3/1/2026;Sal;3,50;") == ";"
    )


def test_title_rows_do_not_vote() -> None:
    text = "COLMADO LA ESQUINA, S.R.L.\nReporte, de ventas, diario, 2026\n\nFecha\tProducto\tTotal\n" + (
        "1/1/2026\tPan, sobao\t12\n" * 9
    )
    assert delimiter_of(text) == "\t"


def test_names_with_commas_in_a_semicolon_file() -> None:
    text = "Fecha;Producto;Total\n" + "".join(
        f"0{n}/01/2026;Pan, agua{', sal' * (n % 3)};12\n" for n in range(1, 10)
    )
    assert delimiter_of(text) == ";"


def test_unescaped_inches() -> None:
    """§21.23."""
    assert delimiter_of('Fecha,Producto,Total\n1/1/2026,PVC 1/2",35\n2/1/2026,Codo 3/4",20') == ","


@pytest.mark.parametrize(
    "lines", [[], [""], ["solo una columna", "uno", "dos"], ['"abierta', "x"], ["\x00\x00"]]
)
def test_no_delimiter_means_a_comma(lines: list[str]) -> None:
    assert detect_delimiter(lines) == ","


@given(st.lists(st.text(alphabet='ab,;|\t"\r\n\x00 ', max_size=30), max_size=10))
def test_any_lines_get_a_delimiter(lines: list[str]) -> None:
    assert detect_delimiter(lines) in (",", ";", "\t", "|")


@pytest.mark.parametrize(
    ("text", "rest", "delimiter"),
    [
        ("sep=;\r\na;b\r\n", "a;b\r\n", ";"),
        ("\ufeffsep=,\na,b\n", "a,b\n", ","),
        ("SEP=;\n\ufeffa;b\n", "a;b\n", ";"),
        ('"sep=|"\na|b', "a|b", "|"),
        ("sep=\t\na\tb", "a\tb", "\t"),
        ("sep=;", "", ";"),
        ("\ufeffa,b\n", "a,b\n", ""),
        ("separador;b\n", "separador;b\n", ""),
    ],
)
def test_sep_line(text: str, rest: str, delimiter: str) -> None:
    """§21.4: before or after the mark."""
    assert strip_sep_line(text) == (rest, delimiter)
