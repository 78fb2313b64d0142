"""The picture to share: 1080 pixels wide, as high as what it shows, and drawn whatever the names are."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from colmado_insights.reports import write_report
from colmado_insights.reports.picture import picture_bytes
from colmado_insights.reports.report import Audience, Card, ChartSection, Kind, Numbers, Report
from colmado_insights.reports.sections import day_report
from tests.reports.believable import make_day, make_forecast, make_live, make_segments

MADE_AT = datetime(2026, 5, 15, 17, 30)


def day(shop_name: str = "La Esquina") -> Report:
    return day_report(make_day(), make_live(), make_segments(), make_forecast(), shop_name, MADE_AT)


def size(content: bytes) -> tuple[int, int]:
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_it_is_as_wide_as_a_telephone_shows(tmp_path: Path) -> None:
    path = write_report(day(), tmp_path / "dia.png")
    width, height = size(path.read_bytes())
    assert width == 1080
    assert 1200 < height < 2400


def test_it_grows_with_what_it_shows() -> None:
    bare = replace(day(), sections=tuple(s for s in day().sections if not isinstance(s, ChartSection)))
    few = replace(day(), sections=())
    whole, cards_only, title_only = (size(picture_bytes(each))[1] for each in (day(), bare, few))
    assert whole > cards_only > title_only
    warned = replace(few, audience=Audience.OWNER)
    assert size(picture_bytes(warned))[1] > title_only


def test_words_of_any_length_and_kind_are_words() -> None:
    nasty = Card(
        "=cmd $x^2$ & <b>", "$\\frac{1}{0}$ " + "Ñ" * 90, Kind.TEXT, "▲ $", comparison="_ { } \\ " + "y" * 200
    )
    report = replace(day("$\\alpha " + "A" * 200), title="%$#", sections=(Numbers((nasty,) * 3),))
    assert size(picture_bytes(report))[0] == 1080
