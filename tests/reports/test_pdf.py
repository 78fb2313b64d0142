"""The PDF read back as text: its numbers, its accents, its pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from colmado_insights.reports.page import A4, LETTER
from colmado_insights.reports.pdf import pdf_bytes
from colmado_insights.reports.report import Column, Kind, Paragraph, Report, Table
from colmado_insights.reports.sections import day_report, segments_report
from tests.reports.believable import make_day, make_forecast, make_live, make_segments

MADE_AT = datetime(2026, 5, 15, 17, 30)
SHOP = "Colmado Ñoño & Hijos <b>"

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")


def day() -> Report:
    return day_report(make_day(), make_live(), make_segments(), make_forecast(), SHOP, MADE_AT)


def read(content: bytes, folder: Path) -> str:
    path = folder / "report.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


@needs_pdftotext
def test_a_day_on_paper_has_its_numbers(tmp_path: Path) -> None:
    words = read(pdf_bytes(day()), tmp_path)
    for expected in (
        "Reporte del día",
        "Viernes 15 de mayo de 2026",
        "RD$ 18,450",
        "▲ 22 %",
        "lo normal: RD$ 15,100",
        "RD$ 12,900",
        "RD$ 25,900",
        "sáb 30 may",
        "Total",
        SHOP,
        "Página 1 de",
    ):
        assert expected in words, expected


@needs_pdftotext
def test_segments_on_paper_have_theirs_to_the_cent(tmp_path: Path) -> None:
    words = read(pdf_bytes(segments_report(make_segments(), SHOP, MADE_AT)), tmp_path)
    for segment in make_segments().segments:
        assert f"{segment.transaction_count:,}" in words
        assert f"RD$ {segment.revenue_cents // 100:,}.{segment.revenue_cents % 100:02d}" in words
    assert "Mañaneros" in words and "Ningún segmento" in words
    assert "Qué llevan" not in words  # a detail for Excel


def test_embeds_its_typeface() -> None:
    content = pdf_bytes(day())
    assert re.search(rb"/BaseFont /\w+\+Inter", content)
    assert b"/FontFile2" in content
    assert b"/Lang (es" in content


def test_digits_of_tables_have_one_width() -> None:
    from reportlab.pdfbase import pdfmetrics

    pdf_bytes(day())
    tabular = {pdfmetrics.stringWidth(digit, "Colmado-Tabular", 10) for digit in "0123456789"}
    plain = {pdfmetrics.stringWidth(digit, "Colmado", 10) for digit in "0123456789"}
    assert len(tabular) == 1
    assert len(plain) > 1


@pytest.mark.parametrize(("page", "box"), [(LETTER, (612, 792)), (A4, (595.28, 841.89))])
def test_paper_is_what_was_asked_for(page: str, box: tuple[float, float]) -> None:
    found = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf_bytes(day(), page))
    assert found is not None
    assert tuple(map(float, found.groups())) == pytest.approx(box, abs=0.01)


@needs_pdftotext
def test_a_long_table_repeats_its_head_and_names_stay_names(tmp_path: Path) -> None:
    rows = tuple((f"<i>{number}</i> & «=cmd» {number}", number * 100) for number in range(150))
    report = replace(
        day(),
        sections=(
            Paragraph("5 < 6 & más <para>"),
            Table("t", "Larga", (Column("Producto", Kind.TEXT), Column("Vendido", Kind.MONEY)), rows),
        ),
    )
    content = pdf_bytes(report)
    words = read(content, tmp_path)
    assert pages(content) >= 4
    assert words.count("Producto") == pages(content)
    assert "<i>149</i> & «=cmd» 149" in words
    assert "5 < 6 & más <para>" in words
    assert f"Página {pages(content)} de {pages(content)}" in words


def test_a_report_of_a_day_fits_on_few_pages() -> None:
    assert pages(pdf_bytes(day())) <= 3
    assert pages(pdf_bytes(segments_report(make_segments(), SHOP, MADE_AT))) <= 2


def test_a_very_long_shop_name_does_not_break_the_head() -> None:
    assert pdf_bytes(replace(day(), shop_name="Ñ" * 400)).startswith(b"%PDF")
