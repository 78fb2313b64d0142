"""Segments, customers and weeks in words: by rules always, by Grok where the owner allows it.

`facts` gathers what may be said → `prompts` words the question → `asking` keeps budget, cache and ledger around
`grok.Client` → `checks` refuses what is not to be believed → a `Persona`; whatever fails on the way, `rules` answers.
"""

from colmado_insights.personas.persona import (
    Persona,
    PersonaRun,
    Preview,
    Question,
    describe_source,
    name_source,
)
from colmado_insights.personas.rules import (
    House,
    describe_customer,
    describe_segment,
    describe_strategy,
    describe_week,
)

__all__ = [
    "House",
    "Persona",
    "PersonaRun",
    "Preview",
    "Question",
    "describe_customer",
    "describe_segment",
    "describe_source",
    "describe_strategy",
    "describe_week",
    "name_source",
]
