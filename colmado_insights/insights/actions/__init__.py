"""What is worth doing, with what it brings; one file a source of advice.

To add a source: a function (database, settings, whole day, progress) that yields `Advice`, and its line in
`gathering.SOURCES`. A source that speaks of a board reads the kept one: Home must not wait for a new one.
"""

from colmado_insights.insights.actions.advice import Advice
from colmado_insights.insights.actions.gathering import DISMISSED_DAYS, find_actions

__all__ = ["DISMISSED_DAYS", "Advice", "find_actions"]
