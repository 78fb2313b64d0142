"""Questions to the shop in plain Spanish, answered from its own figures.

`reading` says a question one way → `dates`, `subjects` and `intents` understand it whole or not at all: a `Query` →
`answers` has it counted by storage and insights and puts the figures into words: a `ShopAnswer`.
"""

from colmado_insights.questions.asking import ask, preview, suggest_questions
from colmado_insights.questions.query import ShopAnswer

__all__ = ["ShopAnswer", "ask", "preview", "suggest_questions"]
