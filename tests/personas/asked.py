"""All that can be asked about a shop."""

from __future__ import annotations

from collections.abc import Iterator

from colmado_insights.analytics.results import LearnedSegments, NotEnough
from colmado_insights.analytics.segments import SEGMENT_IDS
from colmado_insights.personas import facts, prompts
from colmado_insights.personas.persona import Question
from colmado_insights.shop import Shop
from tests.small_shop import LAST_DAY

CUSTOMERS = 6


def all_questions(shop: Shop) -> Iterator[Question]:
    """Every segment, by rule and learned, some customers, and the week."""
    database, own = shop._database, shop.settings
    learned = shop.compute_learned(LAST_DAY)
    ids = [one.segment_id for one in learned.segments] if isinstance(learned, LearnedSegments) else []
    asked: list[Question | NotEnough] = [
        *facts.segment_questions(database, own, (*SEGMENT_IDS, *ids), LAST_DAY).values()
    ]
    people = [each.customer_id for each in shop.read_customers() if each.receipts >= facts.FEWEST_VISITS]
    asked += [facts.customer_question(database, own, each) for each in people[:CUSTOMERS]]
    asked.append(facts.week_question(database, own, LAST_DAY))
    yield from (each for each in asked if isinstance(each, Question))


def bodies(shop: Shop) -> Iterator[str]:
    """What would leave for each, the usual way."""
    for each in all_questions(shop):
        yield prompts.write_request(each, "plain", "grok-3").body().decode()
