"""What is printed or sent: reports, with which sections in which order; Excel and PDF write the same ones."""

from colmado_insights.reports.making import REPORTS, make_report
from colmado_insights.reports.output import write_report

__all__ = ["REPORTS", "make_report", "write_report"]
