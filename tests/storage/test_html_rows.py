"""Tables are read out of pages and of Excel's XML, however carelessly they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights.storage.importing.html_rows import is_markup, read_tables


@pytest.mark.parametrize(
    ("inside", "rows"),
    [
        ("<tr><td>a</td><td>b</td></tr>", [["a", "b"]]),
        ("<tr><td>a<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<tr><td colspan=2>a</td><td>b</td></tr>", [["a", "", "b"]]),
        ("<tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr>", [["a", "b"], ["", "c"]]),
        ("<tr><td>Caf&eacute;&nbsp;1<br>lb</td></tr>", [["Café\xa01 lb"]]),
        ("<tr><td><style>x</style><b>a</b> <i>b</i></td></tr>", [["a b"]]),
        ('<row><cell ss:Index="3"><data>a</data></cell></row>', [["", "", "a"]]),
        (
            '<row><cell ss:MergeAcross="1"><data>a</data></cell><cell><data>b</data></cell></row>',
            [["a", "", "b"]],
        ),
        ("<tr><td colspan=99999999>a</td></tr>", [["a"]]),
    ],
)
def test_cells_stand_where_the_page_shows_them(inside: str, rows: list[list[str]]) -> None:
    assert read_tables(f"<html><table>{inside}</table></html>") == [rows]


def test_tables_are_kept_apart() -> None:
    page = "<table><tr><td>a</table><p>x</p><table><tr><td>b</td></tr></table>"
    assert read_tables(page) == [[["a"]], [["b"]]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<html>", True), ("\ufeff \n<!DOCTYPE html>", True), ("<table border=1>", True),
        ('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook>', True),
        ('<?xml version="1.0"?><ECF>', False), ("Recibo,<html>", False), ("", False),
    ],
)  # fmt: skip
def test_pages_are_known_by_how_they_begin(text: str, told: bool) -> None:
    assert is_markup(text) is told


@pytest.mark.parametrize(
    "damage",
    [
        "<![x[ a",
        "<![foo[bar]]>",
        "<![",
        "<![ x",
        "<!ELEMENT",
        "<!DOCTYPE [<!x",
        "<?xml",
        "<!--",
        "&#xffffffff;",
    ],
)
def test_damaged_marks_cost_no_cell(damage: str) -> None:
    page = f"<table><tr><td>a</td></tr><tr><td>{damage}</td></tr></table>"
    assert read_tables(page)[0][0] == ["a"]


@given(st.text(alphabet="<>/tabler dth&=\"'x1;!-[]?", max_size=200))
def test_no_page_breaks_the_reader(text: str) -> None:
    for table in read_tables("<table>" + text):
        assert all(isinstance(cell, str) for row in table for cell in row)
