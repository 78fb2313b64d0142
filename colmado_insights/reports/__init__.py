"""Reports: which sections, in which order; Excel and PDF write the same ones."""

from colmado_insights.reports.output import write_report
from colmado_insights.reports.sections import day_report, segments_report

__all__ = ["day_report", "segments_report", "write_report"]
