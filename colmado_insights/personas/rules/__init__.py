"""Segments, customers and weeks in words, offline: each idea follows from a figure that stands out.

`segments` says who they are from what sets them apart (`segment_view`) from the `house`; `selling` and `serving` find
ideas, `idea` chooses among them. `customers` and `weeks` are the other two subjects.
"""

from colmado_insights.personas.rules.customers import describe_customer
from colmado_insights.personas.rules.house import PAYDAY, House
from colmado_insights.personas.rules.segments import describe_segment, describe_strategy
from colmado_insights.personas.rules.weeks import describe_week

__all__ = ["PAYDAY", "House", "describe_customer", "describe_segment", "describe_strategy", "describe_week"]
