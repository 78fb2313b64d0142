"""Which sections each report has, in which order; one file a subject.

To add a report: a function from results to a `Report` here, its line in `reports/making.py`, and a row on the
page of reports; Excel, PDF and CLI need nothing more.
"""

from colmado_insights.reports.sections.day import day_report
from colmado_insights.reports.sections.segments import segments_report

__all__ = ["day_report", "segments_report"]
