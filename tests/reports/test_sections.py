"""Reports as declared: which sections, with the result's own numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from colmado_insights.analytics.results import RULE_TYPES, SegmentType, Verdict
from colmado_insights.domain import Source, Target
from colmado_insights.personas import Persona
from colmado_insights.reports.report import (
    Card,
    ChartSection,
    Column,
    Kind,
    Numbers,
    Paragraph,
    Report,
    Table,
    Trend,
    cell_words,
    change_words,
)
from colmado_insights.reports.sections import day_report, segments_report
from tests.reports.believable import FRIDAY, make_day, make_forecast, make_live, make_segments

MADE_AT = datetime(2026, 5, 15, 17, 30)


def cards(report: Report) -> dict[str, Card]:
    return {
        card.label: card
        for section in report.sections
        if isinstance(section, Numbers)
        for card in section.cards
    }


def full_day() -> Report:
    return day_report(make_day(), make_live(), make_segments(), make_forecast(), "La Esquina", MADE_AT)


@pytest.mark.parametrize("kind", RULE_TYPES)
def test_a_type_and_what_is_in_no_segment_make_all_receipts(kind: SegmentType) -> None:
    table = segments_report(make_segments(), "La Esquina", MADE_AT).table(kind.value)
    counts = [row[1] for row in table.rows]
    shares = [row[2] for row in table.rows]
    assert sum(counts) == 8512  # type: ignore[arg-type]
    assert sum(shares) == pytest.approx(1.0)  # type: ignore[arg-type]
    assert table.totals is not None and table.totals[1:3] == (8512, 1.0)


def test_segments_in_words_say_who_wrote_them() -> None:
    segments = make_segments()
    assert all(table.key != "words" for table in segments_report(segments, "La Esquina", MADE_AT).tables)
    by_rules = Persona("Pasan temprano.", ("Uno.", "Dos.", "Tres."), ("Cuatro.",))
    by_grok = replace(by_rules, source=Source.CACHE, made_at=MADE_AT, model="grok-3")
    words = {
        "morning_commute": by_rules,
        "lunch_rush": by_grok,
        "after_work": replace(by_grok, is_old=True),
    }
    table = segments_report(segments, "La Esquina", MADE_AT, words).table("words")
    assert table.rows[0] == (
        "Mañaneros", "Pasan temprano.", "Uno. Dos.", "Cuatro.", "Por reglas de este programa", "Tres.", "",
    )  # fmt: skip
    assert [row[4] for row in table.rows[1:]] == [
        "Sugerencia de Grok · grok-3 · vie 15 may, 5:30 p. m.",
        "Sugerencia de Grok, de antes · grok-3 · vie 15 may, 5:30 p. m.",
    ]


def test_money_of_the_rest_is_not_invented() -> None:
    report = segments_report(make_segments(), "La Esquina", MADE_AT)
    some_missing, complete = report.table("temporal"), report.table("basket_value")
    assert some_missing.rows[-1][0] == "Ningún segmento"
    assert some_missing.rows[-1][3] is None
    assert some_missing.totals is not None and some_missing.totals[3] is None
    assert complete.totals is not None
    assert complete.totals[3] == sum(
        s.revenue_cents for s in make_segments().segments if s.type is SegmentType.BASKET_VALUE
    )


def test_hours_hold_every_receipt_once() -> None:
    segments = make_segments()
    table = segments_report(segments, "La Esquina", MADE_AT).table("hours")
    sizes = [s for s in segments.segments if s.type is SegmentType.BASKET_VALUE]
    assert sum(row[1] for row in table.rows) == sum(sum(s.receipts_by_hour) for s in sizes)  # type: ignore[misc]


def test_the_day_is_compared_with_what_is_normal() -> None:
    sold, customers, basket, left = cards(full_day()).values()
    assert (sold.value, sold.chip, sold.trend) == (1_845_025, "▲ 22 %", Trend.UP)
    assert sold.comparison == "lo normal: RD$ 15,100"
    assert (customers.value, customers.chip, customers.trend) == (158, "= como siempre", Trend.SAME)
    assert basket.value == 11_677
    assert (left.value, left.chip) == (1_290_000, "± RD$ 2,100")


def test_a_worse_day_says_so() -> None:
    day = replace(make_day(), revenue_cents=1_000_000, verdict_revenue=Verdict.LESS)
    sold = cards(day_report(day, (), None, None, "La Esquina", MADE_AT))["Vendido"]
    assert (sold.chip, sold.trend) == ("▼ 34 %", Trend.DOWN)


def test_a_day_without_a_normal_compares_with_nothing() -> None:
    day = replace(make_day(), usual_revenue=None, usual_receipts=None, usual_basket=None, normal=None)
    sold = cards(day_report(day, (), None, None, "La Esquina", MADE_AT))["Vendido"]
    assert (sold.chip, sold.trend) == ("", Trend.NONE)
    assert sold.comparison == "todavía sin días con que comparar"


def test_the_hour_that_still_runs_is_said_and_not_compared() -> None:
    table = full_day().table("day")
    running = next(row for row in table.rows if row[0] == 17)
    whole = next(row for row in table.rows if row[0] == 16)
    assert running[1] == 9 and running[5] is None
    assert whole[5] == pytest.approx(15 - 11)
    assert "5:22 p. m." in table.note


def test_the_forecast_is_in_whole_cents_and_adds_up() -> None:
    table = full_day().table("forecast")
    means = [row[1] for row in table.rows]
    assert means == [round(point.mean) for point in make_forecast().points]
    assert table.totals is not None and table.totals[1] == sum(means)  # type: ignore[arg-type]
    words = " ".join(s.words for s in full_day().sections if isinstance(s, Paragraph))
    assert "9 %" in words and "16 %" in words and "81 %" in words


def test_a_day_ahead_says_its_strongest_causes() -> None:
    saturday = full_day().table("forecast").rows[6]
    assert saturday[-1] == "Quincena +RD$ 6,200 · Es sábado +RD$ 2,970"


def test_a_forecast_of_receipts_counts() -> None:
    report = day_report(make_day(), (), None, make_forecast(Target.RECEIPTS), "La Esquina", MADE_AT)
    assert report.table("forecast").columns[1].kind is Kind.COUNT


def test_an_empty_day_is_a_short_report() -> None:
    day = replace(
        make_day(),
        is_open_day=False,
        revenue_cents=0,
        receipts=0,
        avg_basket_cents=None,
        hours=(),
        receipts_by_hour=(),
        usual_by_hour=(),
        remaining_revenue=None,
        normal=None,
    )
    report = day_report(day, (), None, None, "La Esquina", MADE_AT)
    assert not report.tables
    assert any("todavía no tiene ventas" in s.words for s in report.sections if isinstance(s, Paragraph))


@pytest.mark.parametrize(
    "report", [full_day(), segments_report(make_segments(), "x", MADE_AT)], ids=["day", "segments"]
)
def test_every_chart_has_a_table_of_the_report_behind_it(report: Report) -> None:
    drawn = [section.native for section in report.sections if isinstance(section, ChartSection)]
    assert drawn
    for native in drawn:
        table = report.table(native.table)
        used = {native.categories, *(line.column for line in native.lines)}
        assert max(used) < len(table.columns)
        assert table.rows


@pytest.mark.parametrize(
    "report", [full_day(), segments_report(make_segments(), "x", MADE_AT)], ids=["day", "segments"]
)
def test_costs_and_profits_never_appear(report: Report) -> None:
    titles = [column.title for table in report.tables for column in table.columns]
    labels = [card.label for card in cards(report).values()]
    for word in ("costo", "ganancia", "beneficio", "margen"):
        assert not any(word in title.lower() for title in titles + labels)


def test_titles_say_whose_and_when() -> None:
    report = full_day()
    assert report.title == "Reporte del día"
    assert report.subtitle == "Viernes 15 de mayo de 2026"
    titles = [section.title for section in report.sections if isinstance(section, ChartSection | Table)]
    assert list(dict.fromkeys(titles)) == [
        "Clientes por hora, contra lo normal",
        "Avisos del momento",
        "Clientes por hora",
        "Ventas por día, próximos 14 días",
        "Pronóstico",
        "Quiénes compran",
    ]


def test_a_crooked_table_is_refused() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        Table("x", "x", (Column("a", Kind.TEXT), Column("b", Kind.COUNT)), (("one", 1), ("two",)))


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (1_845_025, Kind.MONEY, "RD$ 18,450.25"),
        (-50, Kind.MONEY, "−RD$ 0.50"),
        (1842, Kind.COUNT, "1,842"),
        (2.44, Kind.DECIMAL, "2.4"),
        (0.216, Kind.SHARE, "21.6 %"),
        (0.04, Kind.CHANGE, "▲ 4 %"),
        (17, Kind.HOUR, "5 p. m."),
        (FRIDAY, Kind.DATE, "vie 15 may"),
        (MADE_AT, Kind.CLOCK, "5:30 p. m."),
        ("=cmd", Kind.TEXT, "=cmd"),
        (None, Kind.MONEY, "–"),
    ],
)
def test_cells_in_words(value: int, kind: Kind, words: str) -> None:
    assert cell_words(value, kind) == words


@pytest.mark.parametrize(
    ("change", "words"), [(0.04, "▲ 4 %"), (-0.06, "▼ 6 %"), (0.004, "="), (-0.004, "=")]
)
def test_changes_carry_a_sign(change: float, words: str) -> None:
    assert change_words(change) == words
