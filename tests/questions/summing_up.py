"""A query in one line, so that how many questions are understood can be read and compared."""

from __future__ import annotations

from colmado_insights.questions.query import DateSpan, Query, Unclear


def sum_up(understood: Query | Unclear) -> str:
    """Intent, measure, days and subjects of a query; ? for what was not understood."""
    if isinstance(understood, Unclear):
        return "?"
    parts = [str(understood.intent), str(understood.measure), _days(understood.span)]
    if understood.against is not None:
        parts.append(f"against {_days(understood.against)}")
    if understood.dimension is not None:
        parts.append(f"{'most' if understood.is_most else 'least'} {understood.dimension}")
    parts += [
        f"[{each.words}{f' {len(each.ids)}' if len(each.ids) > 1 else ''}]" for each in understood.subjects
    ]
    return " ".join(parts)


def _days(span: DateSpan) -> str:
    words = (
        f"{span.first:%d/%m/%y}" if span.first == span.last else f"{span.first:%d/%m/%y}-{span.last:%d/%m/%y}"
    )
    words += "" if span.weekday is None else f" weekday {span.weekday}"
    return words if span.is_whole else f"{words} {span.from_hour}-{span.to_hour} h"
