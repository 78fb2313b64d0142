"""Results become figures here, in one style for the screen, the Excel report and the PDF.

No pyplot, no Qt, no global matplotlib settings: a figure may be drawn in any thread. Sizes are
logical pixels, 96 to the inch; `ChartStyle.dpi` says how many device pixels draw an inch, so that a
figure keeps its layout and only grows sharper.

To add a chart: a function (result, style, width_px, height_px) -> Chart in the file of its subject.
"""

from colmado_insights.charts.bars import Bar, named_bars
from colmado_insights.charts.care import abc_curve, margin_bars
from colmado_insights.charts.customers import (
    customer_flows,
    customer_hours,
    customer_months,
    month_words,
    rfm_map,
    rfm_segment_words,
)
from colmado_insights.charts.days import day_chart, running_hour
from colmado_insights.charts.flows import migration_flows, segment_words
from colmado_insights.charts.forecasts import (
    HISTORY_DAYS,
    amount_words,
    forecast_chart,
    hours_ahead_chart,
    pay_day_words,
)
from colmado_insights.charts.hours import hours_bars, pattern_heatmap, shown_hours
from colmado_insights.charts.models import error_weeks
from colmado_insights.charts.patterns import effect_bars, effect_words, is_sure, month_levels, pay_curve
from colmado_insights.charts.prices import point_words, price_curve, price_weeks
from colmado_insights.charts.segments import segment_bars, trials_chart
from colmado_insights.charts.spending import spending_months
from colmado_insights.charts.style import (
    PX_AN_INCH,
    Chart,
    ChartPoint,
    ChartStyle,
    contrast,
    font_files,
    mix,
)
from colmado_insights.charts.weeks import (
    last_week_words,
    panel_rows,
    segment_panels,
    segment_trend,
    whole_weeks,
)

__all__ = [
    "HISTORY_DAYS",
    "PX_AN_INCH",
    "Bar",
    "Chart",
    "ChartPoint",
    "ChartStyle",
    "abc_curve",
    "amount_words",
    "contrast",
    "customer_flows",
    "customer_hours",
    "customer_months",
    "day_chart",
    "effect_bars",
    "effect_words",
    "error_weeks",
    "font_files",
    "forecast_chart",
    "hours_ahead_chart",
    "hours_bars",
    "is_sure",
    "last_week_words",
    "margin_bars",
    "migration_flows",
    "mix",
    "month_levels",
    "month_words",
    "named_bars",
    "panel_rows",
    "pattern_heatmap",
    "pay_curve",
    "pay_day_words",
    "point_words",
    "price_curve",
    "price_weeks",
    "rfm_map",
    "rfm_segment_words",
    "running_hour",
    "segment_bars",
    "segment_panels",
    "segment_trend",
    "segment_words",
    "shown_hours",
    "spending_months",
    "trials_chart",
    "whole_weeks",
]
