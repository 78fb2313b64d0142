"""A question understood → its answer from the shop's own figures; one function a kind of question.

To add one: its intent in `query.py`, a rule in `intents.py`, a function here beside its like, its line in `ANSWERS`.
"""

from __future__ import annotations

from collections.abc import Callable

from colmado_insights.domain import Role
from colmado_insights.questions.ahead import answer_actions, answer_data, answer_forecast, answer_progress
from colmado_insights.questions.desk import Desk, Said
from colmado_insights.questions.goods import (
    answer_cost,
    answer_dead_stock,
    answer_known,
    answer_last_sold,
    answer_price,
    answer_running_out,
    answer_stock,
    answer_together,
    answer_trends,
    answer_unit_profit,
)
from colmado_insights.questions.people import (
    answer_at_risk,
    answer_due,
    answer_lacks,
    answer_next_visit,
    answer_who_is,
    is_refused,
    refuse,
)
from colmado_insights.questions.query import Intent, Measure, Query, SubjectKind
from colmado_insights.questions.sums import answer_compare, answer_rank, answer_sum
from colmado_insights.text import _


def answer_help(_desk: Desk, _query: Query) -> Said:
    """What can be asked."""
    return Said(
        _(
            "Pregúntame por ventas, compras, productos, clientes, fiado, precios o existencias, de cualquier día,"
            " y por lo que viene. Por ejemplo:"
        )
    )


ANSWERS: dict[Intent, Callable[[Desk, Query], Said]] = {
    Intent.SUM: answer_sum,
    Intent.COMPARE: answer_compare,
    Intent.RANK: answer_rank,
    Intent.LAST_SOLD: answer_last_sold,
    Intent.STOCK: answer_stock,
    Intent.RUNNING_OUT: answer_running_out,
    Intent.DEAD_STOCK: answer_dead_stock,
    Intent.PRICE: answer_price,
    Intent.COST: answer_cost,
    Intent.UNIT_PROFIT: answer_unit_profit,
    Intent.LACKS: answer_lacks,
    Intent.DUE: answer_due,
    Intent.NEXT_VISIT: answer_next_visit,
    Intent.AT_RISK: answer_at_risk,
    Intent.WHO_IS: answer_who_is,
    Intent.FORECAST: answer_forecast,
    Intent.PROGRESS: answer_progress,
    Intent.ACTIONS: answer_actions,
    Intent.TOGETHER: answer_together,
    Intent.TRENDS: answer_trends,
    Intent.KNOWN: answer_known,
    Intent.DATA: answer_data,
    Intent.HELP: answer_help,
}
FOR_CASHIERS = frozenset(
    {Intent.STOCK, Intent.RUNNING_OUT, Intent.PRICE, Intent.LAST_SOLD, Intent.TOGETHER, Intent.HELP}
)
"""What a cashier may ask: nothing of costs, profits or what the shop takes in."""
OF_COSTS = frozenset({Intent.COST, Intent.UNIT_PROFIT, Intent.ACTIONS})


def answer(desk: Desk, query: Query) -> Said:
    """The answer, for who asks."""
    is_of_costs = query.intent in OF_COSTS or query.measure is Measure.PROFIT
    if (desk.role is Role.CASHIER and query.intent not in FOR_CASHIERS) or (
        desk.role is not Role.OWNER and is_of_costs
    ):
        return Said(_("Eso solo lo ve el dueño."), is_known=False)
    people = [each for each in query.subjects if each.kind is SubjectKind.CUSTOMER]
    refused = next((who for who in people if is_refused(desk, who)), None)
    if refused is not None and not _is_plain_sum(query):
        return refuse(refused)
    return ANSWERS[query.intent](desk, query)


def _is_plain_sum(query: Query) -> bool:
    """All that the shop's own book would say of a person."""
    is_sum = query.intent is Intent.SUM and query.measure in (Measure.REVENUE, Measure.RECEIPTS)
    is_plain = len(query.subjects) == 1 and query.span.is_whole and query.span.weekday is None
    return query.intent is Intent.WHO_IS or (is_sum and is_plain)
