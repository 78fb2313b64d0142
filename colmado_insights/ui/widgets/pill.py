"""A rounded button that gives up letters where there is little room."""

from __future__ import annotations

from colmado_insights.ui.widgets.name_link import NameLink


class Pill(NameLink):
    """Words to be chosen by a click."""

    KIND = "pill"
    WEIGHT = 500
    ENDS = 28
