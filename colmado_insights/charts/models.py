"""How forecasts turned out, week by week."""

from __future__ import annotations

from collections.abc import Sequence

from colmado_insights import text
from colmado_insights.analytics.results import ModelTrack, TrackedWeek
from colmado_insights.charts.plot import Plot, draw_x_words, empty_chart, open_with_value_axis
from colmado_insights.charts.style import Chart, ChartStyle
from colmado_insights.text import _

MOST_WEEKS = 26


def error_weeks(track: ModelTrack, style: ChartStyle, width_px: float, height_px: float) -> Chart:
    """A bar a week: how far off the forecasts were; dashed over them, repeating the week before."""
    weeks = track.weeks[-MOST_WEEKS:]
    if not weeks:
        return empty_chart(style, width_px, height_px, _("Todavía no hay semanas que comparar."))
    plot = Plot(style, width_px, height_px)
    highest = 100 * max(max(week.wape, week.naive_wape) for week in weeks)
    open_with_value_axis(
        plot, (0, len(weeks)), highest, plot.label_px * 1.9, False, lambda tick: text.percent(tick / 100)
    )
    places = [i + 0.5 for i in range(len(weeks))]
    plot.axes.bar(
        places,
        [100 * week.wape for week in weeks],
        width=0.66,
        # What was told at the time counts more than what would have been told.
        color=[style.brand if week.is_kept else style.bar for week in weeks],
        linewidth=0,
        zorder=3,
    )
    naive = [(x, 100 * week.naive_wape) for x, week in zip(places, weeks, strict=True)]
    plot.draw_line(naive, style.accent, 1.75, dashes=(3, 2))
    plot.draw_dashed_key(_("repetir la semana anterior"), style.accent)
    draw_x_words(
        plot,
        [(x, text.short_date(week.week)) for x, week in zip(places, weeks, strict=True)],
        (1, 2, 3, 4, 6, 8, 13),
    )
    _add_week_points(plot, places, weeks)
    return plot.finished()


def _add_week_points(plot: Plot, places: Sequence[float], weeks: Sequence[TrackedWeek]) -> None:
    for x, week in zip(places, weeks, strict=True):
        words = _("semana del {day} · error {wape}, repetir {naive}").format(
            day=text.short_date(week.week),
            wape=text.percent(week.wape),
            naive=text.percent(week.naive_wape),
        )
        plot.add_point(x, 100 * week.wape, words)
