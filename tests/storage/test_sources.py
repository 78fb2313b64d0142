"""What was dropped becomes files that every system can write."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from colmado_insights.storage.importing.sources import open_sources

ROWS = "fecha,recibo,producto,total\n2026-11-20 17:00,1,Pan,20.00\n2026-11-20 17:05,2,Arroz,95.00\n"


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("enero.csv", "enero.csv"),
        ("2026/ventas (1).csv", "ventas (1).csv"),
        (r"C:\\caja\\enero.csv", "enero.csv"),
        ("ventas 20/11: mañana?.csv", "11_ mañana_.csv"),
        ("CON.csv", "_CON.csv"),
        ("aux.2026.csv", "_aux.2026.csv"),
        ("conteo.csv", "conteo.csv"),
        ("../../fuera.csv", "fuera.csv"),
        ("ñ" * 120 + ".csv", "ñ" * 96 + ".csv"),
    ],
)
def test_a_member_of_a_zip_gets_a_name_that_windows_can_write(tmp_path: Path, member: str, name: str) -> None:
    packed = tmp_path / "ventas.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(member, ROWS)
        archive.writestr("otra.csv", ROWS)
    with open_sources([packed]) as sources:
        paths = [path for source in sources for path in source.paths]
        assert {path.name for path in paths} == {name, "otra.csv"}
        assert all(path.read_text(encoding="utf-8") == ROWS for path in paths)
    assert not any(path.exists() for path in paths)
