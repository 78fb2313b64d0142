"""The first rows of a table as bars with their names: on paper a picture, in Excel a chart of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from colmado_insights.charts import Bar, named_bars
from colmado_insights.reports.report import ChartSection, Line, NativeChart, Shape

MOST_BARS = 10
_ROW_PX = 24.0


def bars_of_rows(title: str, bars: Sequence[Bar], table: str, column: int) -> ChartSection:
    """One bar a row, from the first of the table; Excel draws the same column of it."""
    return ChartSection(
        title=title,
        draw=partial(named_bars, bars),
        native=NativeChart(Shape.BAR, table, 0, (Line(column),), rows=len(bars)),
        height_px=bars_px(len(bars)),
    )


def bars_px(count: int) -> float:
    """How high so many bars stand."""
    return _ROW_PX * count + 8
