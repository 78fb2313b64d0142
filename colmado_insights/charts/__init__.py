"""Results become figures here, in one style for the screen, the Excel report and the PDF.

No pyplot, no Qt, no global matplotlib settings: a figure may be drawn in any thread. Sizes are
logical pixels, 96 to the inch; `ChartStyle.dpi` says how many device pixels draw an inch, so that a
figure keeps its layout and only grows sharper.

To add a chart: a function (result, style, width_px, height_px) -> Chart in the file of its subject.
"""

from colmado_insights.charts.days import day_chart, running_hour
from colmado_insights.charts.forecasts import (
    HISTORY_DAYS,
    amount_words,
    forecast_chart,
    hours_ahead_chart,
    pay_day_words,
)
from colmado_insights.charts.hours import hours_bars, pattern_heatmap, shown_hours
from colmado_insights.charts.models import error_weeks
from colmado_insights.charts.segments import segment_bars
from colmado_insights.charts.style import (
    PX_AN_INCH,
    Chart,
    ChartPoint,
    ChartStyle,
    contrast,
    font_files,
    mix,
)

__all__ = [
    "HISTORY_DAYS",
    "PX_AN_INCH",
    "Chart",
    "ChartPoint",
    "ChartStyle",
    "amount_words",
    "contrast",
    "day_chart",
    "error_weeks",
    "font_files",
    "forecast_chart",
    "hours_ahead_chart",
    "hours_bars",
    "mix",
    "pattern_heatmap",
    "pay_day_words",
    "running_hour",
    "segment_bars",
    "shown_hours",
]
