"""Charts: every label stays inside, none covers another, and the numbers are the result's."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pytest

from colmado_insights import charts, config, text
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import DayView, HourPattern
from colmado_insights.charts import Chart, ChartStyle
from colmado_insights.domain import Target
from colmado_insights.palette import DARK, LIGHT
from tests.believable_prices import make_price_advice, make_price_weeks
from tests.reports.believable import make_day, make_forecast, make_pattern, make_segments
from tests.ui.fake_care import make_care
from tests.ui.fake_customers import make_moves, make_profile, make_rfm
from tests.ui.fake_shop import make_learned, make_migration, make_performance, make_seasons, make_track

Draw = Callable[[ChartStyle, float, float], Chart]

SEGMENT = make_segments().segments[0]
DONE = make_performance()
TITLES = {each.segment_id: text.segment_title(each) for each in make_learned().segments}
DRAWINGS: dict[str, Draw] = {
    "day at 9": lambda style, w, h: charts.day_chart(make_day(9), style, w, h),
    "day at 17": lambda style, w, h: charts.day_chart(make_day(17), style, w, h),
    "day at 21": lambda style, w, h: charts.day_chart(make_day(21), style, w, h),
    "day over": lambda style, w, h: charts.day_chart(make_day(23, 59), style, w, h, is_today=False),
    "revenue": lambda style, w, h: charts.forecast_chart(make_forecast(), style, w, h),
    "receipts": lambda style, w, h: charts.forecast_chart(make_forecast(Target.RECEIPTS), style, w, h),
    "pattern": lambda style, w, h: charts.pattern_heatmap(make_pattern(), style, w, h),
    "segments": lambda style, w, h: charts.segment_bars(make_segments().segments, style, w, h),
    "weeks of nine": lambda style, w, h: charts.segment_panels(DONE[12:], TITLES, style, w, h),
    "weeks of one": lambda style, w, h: charts.segment_trend(DONE[:1], TITLES, style, w, h),
    "weeks of two": lambda style, w, h: charts.segment_trend(DONE[12:14], TITLES, style, w, h),
    "flows": lambda style, w, h: charts.migration_flows(make_migration(), TITLES, style, w, h),
    "trials": lambda style, w, h: charts.trials_chart(make_learned(), style, w, h),
    "months": lambda style, w, h: charts.month_levels(make_seasons(Target.REVENUE), style, w, h),
    "errors": lambda style, w, h: charts.error_weeks(make_track(Target.REVENUE), style, w, h),
    "abc": lambda style, w, h: charts.abc_curve(make_care(), style, w, h),
    "abc of few": lambda style, w, h: charts.abc_curve(make_care(3), style, w, h),
    "margins": lambda style, w, h: charts.margin_bars(
        make_care().by_category, style, w, h, name=text.category_name
    ),
    "suppliers": lambda style, w, h: charts.margin_bars(make_care().by_supplier, style, w, h),
    "hours": lambda style, w, h: charts.hours_bars(SEGMENT.receipts_by_hour, (7, 8), style, w, h),
    "price": lambda style, w, h: charts.price_curve(make_price_advice(), style, w, h),
    "price without cost": lambda style, w, h: charts.price_curve(make_price_advice(5), style, w, h),
    "price that stays": lambda style, w, h: charts.price_curve(make_price_advice(1), style, w, h),
    "price weeks": lambda style, w, h: charts.price_weeks(make_price_weeks(), style, w, h),
    "price of few weeks": lambda style, w, h: charts.price_weeks(make_price_weeks(3), style, w, h),
    "rfm": lambda style, w, h: charts.rfm_map(make_rfm(), style, w, h),
    "customer flows": lambda style, w, h: charts.customer_flows(make_moves(), style, w, h),
    "customer months": lambda style, w, h: charts.customer_months(make_profile(1), style, w, h),
    "customer hours": lambda style, w, h: charts.customer_hours(make_profile(1), style, w, h),
}


def words_of(chart: Chart) -> list[str]:
    return [written.get_text() for written in chart.figure.texts]


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS.keys())
@pytest.mark.parametrize("size", [(760, 300), (1100, 380), (420, 220)], ids=str)
@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
def test_labels_stay_inside_and_apart(draw: Draw, size: tuple[int, int], scale: float) -> None:
    chart = draw(ChartStyle.of(LIGHT, scale), *size)
    renderer = chart.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    boxes = {
        f"{number} {written.get_text()}": written.get_window_extent(renderer)
        for number, written in enumerate(chart.figure.texts)
    }
    assert boxes
    for words, box in boxes.items():
        assert box.x0 >= -0.5 and box.y0 >= -0.5, words
        assert box.x1 <= size[0] + 0.5 and box.y1 <= size[1] + 0.5, words
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        is_apart = (
            first.x1 <= second.x0 or second.x1 <= first.x0 or first.y1 <= second.y0 or second.y1 <= first.y0
        )
        assert is_apart, f"{one!r} lies on {other!r}"


@pytest.mark.parametrize("size", [(420, 190), (760, 300)], ids=str)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_dashed_line_is_named_over_the_bars(size: tuple[int, int], scale: float) -> None:
    chart = charts.error_weeks(make_track(Target.REVENUE), ChartStyle.of(LIGHT, scale), *size)
    (words,) = [each for each in chart.figure.texts if each.get_text() == "repetir la semana anterior"]
    box = words.get_window_extent(chart.figure.canvas.get_renderer())  # type: ignore[attr-defined]
    (axes,) = chart.figure.axes
    assert box.y0 >= max(bar.get_window_extent().y1 for bar in axes.patches)
    (line,) = axes.lines[-1:]
    assert box.y0 >= max(line.get_transform().transform(line.get_xydata())[:, 1])
    (key,) = chart.figure.artists
    assert key.get_window_extent().x1 < box.x0


@pytest.mark.parametrize("size", [(330, 190), (760, 300)], ids=str)
def test_the_last_month_stands_off_its_line(size: tuple[int, int]) -> None:
    seasons = make_seasons(Target.REVENUE)
    months = [date(2026, month, 1) for month in range(1, 11)]
    levels = tuple(zip(months, [34e5, 38e5, 41e5, 36e5, 37e5, 36e5, 37e5, 35e5, 41e5, 38e5], strict=True))
    chart = charts.month_levels(replace(seasons, levels=levels), ChartStyle.of(LIGHT), *size)
    (words,) = [each for each in chart.figure.texts if each.get_text() == "38 mil"]
    box = words.get_window_extent(chart.figure.canvas.get_renderer())  # type: ignore[attr-defined]
    line = next(each for each in chart.figure.axes[0].lines if len(each.get_xydata()) == len(levels))
    ends = line.get_transform().transform(line.get_xydata())
    steps = np.linspace(0, 1, 200)[:, None, None]
    on_line = (ends[:-1] * (1 - steps) + ends[1:] * steps).reshape(-1, 2)
    is_in = (on_line > [box.x0, box.y0]).all(axis=1) & (on_line < [box.x1, box.y1]).all(axis=1)
    assert not is_in.any()


@pytest.mark.parametrize("size", [(760, 300), (1100, 380)], ids=str)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_what_matters_is_always_written(size: tuple[int, int], scale: float) -> None:
    style = ChartStyle.of(LIGHT, scale)
    assert "Hoy: 15 clientes" in words_of(charts.day_chart(make_day(), style, *size))
    assert "lo normal de un viernes" in words_of(charts.day_chart(make_day(), style, *size))
    ahead = words_of(charts.forecast_chart(make_forecast(), style, *size))
    assert {"quincena 15", "quincena 30", "RD$ 25,900"} <= set(ahead)
    assert "20 mil" in ahead
    assert any(re.fullmatch(r"dom \d+ may", words) for words in ahead)


def test_the_hour_that_still_runs_is_not_the_days_number() -> None:
    # GIVEN 5:22 p. m. with 9 customers since 5
    chart = charts.day_chart(make_day(17, 22), ChartStyle.of(LIGHT), 760, 300)
    # THEN the line's number is that of the last whole hour, and hover says that the hour runs
    assert "Hoy: 15 clientes" in words_of(chart)
    (running,) = [point for point in chart.points if point.label.startswith("5 p. m.")]
    assert "va por 9 clientes" in running.label


def test_a_day_that_is_over_names_its_best_hour() -> None:
    chart = charts.day_chart(make_day(23, 59), ChartStyle.of(LIGHT), 760, 300, is_today=False)
    assert "7 p. m.: 34 clientes" in words_of(chart)
    assert not any(words.startswith("Hoy") for words in words_of(chart))


def test_hover_points_lie_on_the_drawn_line() -> None:
    chart = charts.day_chart(make_day(), ChartStyle.of(LIGHT, dpi=192), 760, 300)
    (axes,) = chart.figure.axes
    by_label = {point.label.split(" · ")[0]: point for point in chart.points}
    for position, hour in enumerate(("7 a. m.", "8 a. m.", "9 a. m.")):
        x, y = axes.transData.transform((position, (11, 18, 13)[position]))
        point = by_label[hour]
        assert point.x * 760 * 2 == pytest.approx(x, abs=0.01)
        assert (1 - point.y) * 300 * 2 == pytest.approx(y, abs=0.01)


def test_every_day_has_its_value_on_hover() -> None:
    forecast = make_forecast()
    chart = charts.forecast_chart(forecast, ChartStyle.of(LIGHT), 760, 300)
    assert len(chart.points) == len(forecast.history) + len(forecast.points)
    assert all(0 <= point.x <= 1 and 0 <= point.y <= 1 for point in chart.points)
    saturday = next(point for point in chart.points if point.label.startswith("sáb 30 may"))
    assert "RD$ 25,900" in saturday.label


def test_pay_days_follow_the_owners_calendar() -> None:
    calendar = DominicanDays(pay_days=(25,))
    words = words_of(
        charts.forecast_chart(make_forecast(), ChartStyle.of(LIGHT), 760, 300, calendar=calendar)
    )
    assert "cobro 25" in words
    assert not {"quincena 15", "quincena 30"} & set(words)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 5, 15), "quincena 15"),
        (date(2026, 2, 13), "quincena 15"),  # the 15th is a Sunday: paid on Friday
        (date(2026, 5, 30), "quincena 30"),
        (date(2026, 2, 28), "quincena 30"),
        (date(2026, 5, 25), "cobro 25"),
    ],
)
def test_pay_days_have_their_word(day: date, words: str) -> None:
    assert charts.pay_day_words(day) == words


def test_sharpness_changes_the_pixels_and_not_the_layout() -> None:
    plain = charts.day_chart(make_day(), ChartStyle.of(LIGHT), 760, 300)
    sharp = charts.day_chart(make_day(), ChartStyle.of(LIGHT, dpi=192), 760, 300)
    assert _png_size(plain.to_png()) == (760, 300)
    assert _png_size(sharp.to_png()) == (1520, 600)
    assert _png_size(plain.to_png(dpi=144)) == (1140, 450)
    assert words_of(plain) == words_of(sharp)


def _png_size(picture: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_theme_colours_the_figure() -> None:
    light = charts.day_chart(make_day(), ChartStyle.of(LIGHT), 300, 200).to_png()
    dark = charts.day_chart(make_day(), ChartStyle.of(DARK), 300, 200).to_png()
    assert light != dark


def test_drawing_leaves_matplotlibs_settings_alone() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    for draw in DRAWINGS.values():
        draw(ChartStyle.of(LIGHT), 500, 250).to_png()
    assert dict(matplotlib.rcParams) == before


def test_draws_without_the_bundled_typeface(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise FileNotFoundError(name)

    charts.style._font_file.cache_clear()
    monkeypatch.setattr(charts.style, "resource", missing)
    try:
        chart = charts.day_chart(make_day(), ChartStyle.of(LIGHT), 760, 300)
        assert chart.to_png().startswith(b"\x89PNG")
        assert all("Inter" not in path for path in charts.font_files())
    finally:
        monkeypatch.undo()
        charts.style._font_file.cache_clear()


def test_uses_the_bundled_typeface() -> None:
    assert charts.font_files() == (
        str(config.resource("fonts/Inter-Regular.ttf")),
        str(config.resource("fonts/Inter-SemiBold.ttf")),
    )


def _closed(day: DayView) -> DayView:
    return replace(
        day,
        is_open_day=False,
        receipts_by_hour=(None,) * len(day.hours),
        usual_by_hour=(None,) * len(day.hours),
    )


@pytest.mark.parametrize(
    "draw",
    [
        lambda style: charts.day_chart(_closed(make_day()), style, 500, 200),
        lambda style: charts.day_chart(
            replace(make_day(), hours=(), receipts_by_hour=(), usual_by_hour=()), style, 500, 200
        ),
        lambda style: charts.forecast_chart(replace(make_forecast(), points=()), style, 500, 200),
        lambda style: charts.pattern_heatmap(
            replace(make_pattern(), receipts=((0.0,) * 24,) * 7), style, 500, 200
        ),
        lambda style: charts.hours_bars((0,) * 24, (), style, 190, 60),
        lambda style: charts.segment_bars((), style, 500, 200),
    ],
)
def test_nothing_to_draw_is_said(draw: Callable[[ChartStyle], Chart]) -> None:
    chart = draw(ChartStyle.of(LIGHT))
    assert len(words_of(chart)) == 1
    assert not chart.points


def test_draws_a_day_without_a_normal() -> None:
    day = make_day()
    lone = replace(day, usual_by_hour=(None,) * len(day.hours), normal=None)
    chart = charts.day_chart(lone, ChartStyle.of(LIGHT), 760, 300)
    assert "Hoy: 15 clientes" in words_of(chart)
    assert not any(words.startswith("lo normal") for words in words_of(chart))


def test_draws_a_forecast_without_history() -> None:
    chart = charts.forecast_chart(replace(make_forecast(), history=()), ChartStyle.of(LIGHT), 760, 300)
    assert len(chart.points) == 14


def test_a_shop_where_nothing_sold_still_has_an_axis() -> None:
    forecast = make_forecast()
    nothing = tuple(
        replace(point, mean=0.0, lo80=0.0, hi80=0.0, lo95=0.0, hi95=0.0) for point in forecast.points
    )
    chart = charts.forecast_chart(
        replace(forecast, points=nothing, history=()), ChartStyle.of(LIGHT), 760, 300
    )
    assert "0" in words_of(chart)


def test_the_colmado_day_runs_past_midnight() -> None:
    counts = [0] * 24
    for hour in (20, 21, 22, 23, 0, 1):
        counts[hour] = 5
    assert charts.shown_hours(counts) == (20, 21, 22, 23, 0, 1)
    assert charts.shown_hours([0] * 24) == ()


def test_bars_of_several_segments_share_their_hours() -> None:
    chart = charts.hours_bars(
        SEGMENT.receipts_by_hour, (7, 8), ChartStyle.of(LIGHT), 190, 64, hours=range(7, 23)
    )
    assert chart.points[0].label.startswith("7 a. m. · ")
    assert len(chart.points) == 16
    assert words_of(chart) == ["7 a. m.", "10 p. m."]


def test_the_pattern_names_its_busiest_hour() -> None:
    pattern = make_pattern()
    receipts = [[0.0] * 24 for _day in range(7)]
    receipts[6][18] = 41.2
    receipts[1][9] = 10.0
    lone = HourPattern(
        tuple(map(tuple, receipts)),
        pattern.revenue_cents,
        pattern.open_days,
        pattern.first_day,
        pattern.until,
    )
    chart = charts.pattern_heatmap(lone, ChartStyle.of(LIGHT), 760, 300)
    assert "Más gente: sábado a las 6 p. m., 41 compras" in words_of(chart)


@pytest.mark.parametrize(
    ("highest", "most", "ticks"),
    [(37, 5, (0, 10, 20, 30)), (0, 4, (0, 1)), (1, 5, (0, 1)), (30_000, 4, (0, 10_000, 20_000, 30_000))],
)
def test_ticks_are_round(highest: float, most: int, ticks: tuple[float, ...]) -> None:
    assert charts.plot.nice_ticks(highest, most, whole=True) == ticks


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_on_the_heat_map_can_be_read(palette: object) -> None:
    style = ChartStyle.of(palette)  # type: ignore[arg-type]
    grounds = [charts.mix(style.brand, style.brand_soft, share / 20) for share in range(21)]
    worst = min(
        max(charts.contrast(style.ink, ground), charts.contrast(style.surface, ground)) for ground in grounds
    )
    assert worst >= 3.5


def test_contrast_is_that_of_wcag() -> None:
    assert charts.contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert charts.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_history_shows_four_weeks_at_most() -> None:
    forecast = make_forecast()
    long = tuple((forecast.until - timedelta(days=i), 1_000_000.0) for i in range(400))[::-1]
    chart = charts.forecast_chart(replace(forecast, history=long), ChartStyle.of(LIGHT), 760, 300)
    assert len(chart.points) == charts.HISTORY_DAYS + len(forecast.points)


# -- segments --


def test_a_week_that_has_only_begun_is_no_fall() -> None:
    weeks = DONE[0].weeks
    assert weeks[-1].open_days == 5
    assert charts.whole_weeks(weeks) == weeks[:-1]
    assert charts.whole_weeks(weeks[-1:]) == weeks[-1:]


def test_small_pictures_name_every_segment_and_its_last_week() -> None:
    words = words_of(charts.segment_panels(DONE[12:], TITLES, ChartStyle.of(LIGHT), 1100, 270))
    assert set(TITLES.values()) <= set(words)
    last = DONE[12].weeks[-2]
    assert text.money(last.revenue_cents / last.open_days) in words


def test_as_many_rows_of_small_pictures_as_the_width_asks_for() -> None:
    assert [charts.panel_rows(9, width, 1.0) for width in (100, 600, 1100)] == [9, 3, 2]
    assert charts.panel_rows(9, 1100, 2.0) == 3


def test_weeks_in_which_the_shop_was_shut_leave_a_gap() -> None:
    weeks = list(DONE[0].weeks)
    weeks[10] = replace(weeks[10], receipts=0, revenue_cents=0, open_days=0)
    chart = charts.segment_trend((replace(DONE[0], weeks=tuple(weeks)),), {}, ChartStyle.of(LIGHT), 760, 300)
    (axes,) = chart.figure.axes
    lines = [len(line.get_xdata()) for line in axes.lines if line.get_color() == LIGHT.brand]
    assert [length for length in lines if length > 1] == [10, 14]


def test_ribbons_tell_who_moved_and_who_stayed() -> None:
    migration = make_migration()
    chart = charts.migration_flows(migration, TITLES, ChartStyle.of(LIGHT), 760, 330)
    told = {point.label for point in chart.points}
    assert "Cerveza de noche → Recargas: 210 compras (3 %)" in told
    assert "Desayuno, igual que antes: 1,260 compras (19 %)" in told
    assert any(words.startswith("En ninguno → ") for words in told)
    assert len(told) == len(migration.flows)
    assert all(0 <= point.x <= 1 and 0 <= point.y <= 1 for point in chart.points)


def test_ribbons_are_as_thick_as_what_they_carry() -> None:
    chart = charts.migration_flows(make_migration(), TITLES, ChartStyle.of(LIGHT), 760, 330)
    (axes,) = chart.figure.axes
    thick: dict[float, int] = {}
    for band in axes.collections:
        ys = band.get_paths()[0].vertices[:, 1]
        xs = band.get_paths()[0].vertices[:, 0]
        if xs.max() - xs.min() > 20:  # a ribbon, not a bar
            start = ys[xs == xs.min()]
            thick[round(float(start.max() - start.min()), 3)] = (
                thick.get(round(float(start.max() - start.min()), 3), 0) + 1
            )
    most, receipts = max(thick), [flow.receipts for flow in make_migration().flows]
    expected = sorted(round(most * count / max(receipts), 2) for count in receipts)
    found = sorted(round(value, 2) for value, times in thick.items() for _time in range(times))
    assert found == pytest.approx(expected, abs=0.02)


def test_the_number_of_groups_taken_is_marked() -> None:
    assert "9 grupos" in words_of(charts.trials_chart(make_learned(), ChartStyle.of(LIGHT), 520, 190))


@pytest.mark.parametrize(
    "draw",
    [
        lambda style: charts.segment_panels((), {}, style, 500, 200),
        lambda style: charts.segment_trend((), {}, style, 500, 200),
        lambda style: charts.migration_flows(replace(make_migration(), flows=()), {}, style, 500, 200),
        lambda style: charts.trials_chart(replace(make_learned(), trials=()), style, 500, 200),
    ],
)
def test_nothing_to_draw_of_segments_is_a_sentence(draw: Callable[[ChartStyle], Chart]) -> None:
    chart = draw(ChartStyle.of(LIGHT))
    assert len(words_of(chart)) == 1
    assert not chart.points


@pytest.mark.parametrize("size", [(760, 300), (420, 220)], ids=str)
def test_the_curve_tells_how_few_products_make_most(size: tuple[int, int]) -> None:
    board = make_care()
    words = words_of(charts.abc_curve(board, ChartStyle.of(LIGHT), *size))
    best = sum(product.abc == "A" for product in board.products)
    assert any(each.startswith(f"A: {best} productos, 80 %") for each in words)


def test_without_costs_a_margin_chart_says_so() -> None:
    parts = [replace(part, margin_share=None) for part in make_care().by_supplier]
    chart = charts.margin_bars(parts, ChartStyle.of(LIGHT), 420, 220)
    assert words_of(chart) == ["Sin costos no se sabe cuánto deja cada cosa."]


def test_every_segment_of_customers_has_its_tile_with_its_numbers() -> None:
    rfm = make_rfm()
    chart = charts.rfm_map(rfm, ChartStyle.of(LIGHT), 760, 300)
    for summary in rfm.segments:
        assert text.customer_segment_name(summary.segment) in words_of(chart)
    assert [point.label for point in chart.points] == [
        charts.rfm_segment_words(each) for each in rfm.segments
    ]
    best = rfm.segments[0]
    assert f"{best.customers} clientes" in words_of(chart)
    assert chart.points[0].label.startswith(f"Los mejores: {best.customers} clientes, RD$ ")
    first, second = chart.points[:2]
    assert first.x < second.x and first.y == pytest.approx(second.y)


def test_the_ribbons_of_customers_speak_of_customers() -> None:
    chart = charts.customer_flows(make_moves(), ChartStyle.of(LIGHT), 760, 300)
    labels = {point.label for point in chart.points}
    assert "No venían → Nuevos: 1 cliente (12 %)" in labels
    assert not any("compra" in label for label in labels)


def test_a_customers_months_are_as_high_as_what_was_spent() -> None:
    profile = make_profile(1)
    chart = charts.customer_months(profile, ChartStyle.of(LIGHT), 760, 300)
    bars = [patch for axes in chart.figure.axes for patch in axes.patches]
    assert [bar.get_height() for bar in bars] == [cents / 100 for _month, _receipts, cents in profile.months]  # type: ignore[attr-defined]
    assert chart.points[0].label == charts.month_words(*profile.months[0])
    assert charts.month_words(date(2025, 12, 1), 1, 4_650_00) == "diciembre 2025: RD$ 4,650 en 1 compra"


def test_without_customers_there_is_a_sentence_instead_of_a_map() -> None:
    chart = charts.rfm_map(replace(make_rfm(), customers=()), ChartStyle.of(LIGHT), 760, 300)
    assert words_of(chart) == ["Todavía no hay clientes conocidos que mostrar."]


def test_the_price_curve_marks_today_s_and_the_best_price_and_holds_every_number() -> None:
    advice = make_price_advice()
    chart = charts.price_curve(advice, ChartStyle.of(LIGHT, 1.0), 760, 300)
    assert advice.optimal_cents != advice.current_cents
    assert f"hoy {text.money(advice.current_cents)}" in words_of(chart)
    assert f"conviene {text.money(advice.optimal_cents)}" in words_of(chart)
    assert [point.label for point in chart.points] == [charts.point_words(point) for point in advice.points]
    assert all(" de ganancia" in point.label for point in chart.points)


def test_the_price_through_the_weeks_is_named_at_each_step() -> None:
    chart = charts.price_weeks(make_price_weeks(), ChartStyle.of(LIGHT, 1.0), 760, 300)
    assert {"RD$ 270", "RD$ 260", "RD$ 285", "RD$ 300"} <= set(words_of(chart))
    assert len(chart.points) == 60


def test_prices_without_anything_to_show_say_so() -> None:
    style = ChartStyle.of(LIGHT, 1.0)
    alone = replace(make_price_advice(), points=make_price_advice().points[:1])
    assert words_of(charts.price_curve(alone, style, 760, 300)) == ["No hay otros precios que comparar."]
    assert words_of(charts.price_weeks((), style, 760, 300)) == ["Todavía no hay semanas con ventas."]
