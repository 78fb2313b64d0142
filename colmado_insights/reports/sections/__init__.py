"""Which sections each report has, in which order; one file a subject.

To add a report: a function from results to a `Report` here, its maker in `reports/making.py`, and a row on the
page of reports; Excel, PDF and CLI need nothing more.
"""

from colmado_insights.reports.sections.actions import actions_report
from colmado_insights.reports.sections.baskets import baskets_report
from colmado_insights.reports.sections.customers import customers_report
from colmado_insights.reports.sections.day import day_report
from colmado_insights.reports.sections.prices import prices_report
from colmado_insights.reports.sections.products import products_report
from colmado_insights.reports.sections.segments import segments_report
from colmado_insights.reports.sections.span import span_report

__all__ = [
    "actions_report",
    "baskets_report",
    "customers_report",
    "day_report",
    "prices_report",
    "products_report",
    "segments_report",
    "span_report",
]
