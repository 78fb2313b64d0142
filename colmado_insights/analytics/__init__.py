"""What the sales mean: frames in, frozen results out; no database, no Qt, no clock."""

from colmado_insights.analytics.door import check_frame

__all__ = ["check_frame"]
