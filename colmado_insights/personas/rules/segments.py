"""A segment in words: who they are, what to sell them, how to serve them, by rules from its figures.

Every number in these texts comes from the segment itself, or from the house it is held against. An idea
weighs as much as its figure stands out, so that segments that differ read differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from colmado_insights import text
from colmado_insights.analytics.results import Segment, SegmentPerformance, SegmentType
from colmado_insights.domain import Category
from colmado_insights.personas.persona import Persona
from colmado_insights.personas.rules.goods import say_goods
from colmado_insights.personas.rules.hours import end_sentence
from colmado_insights.personas.rules.house import House
from colmado_insights.personas.rules.idea import Idea, choose_ideas
from colmado_insights.personas.rules.segment_view import LED, TOLD_SHARE, SegmentView
from colmado_insights.personas.rules.selling import find_selling
from colmado_insights.personas.rules.serving import find_serving
from colmado_insights.text import N_, _, ngettext

MOST_MARKETING, MOST_OPERATIONS = 4, 3
FEW_RECEIPTS, SOME_RECEIPTS = 10, 30
"""Below the first nothing is advised, below the second only the most telling."""

_WHO = {
    "morning_commute": N_("Pasan temprano, antes de que arranque el día"),
    "lunch_rush": N_("Vienen a la hora de cocinar y de comer"),
    "after_work": N_("Pasan de regreso a la casa, cuando cae la tarde"),
    "late_night": N_("Compran de noche, con el día ya terminado"),
    "quick_picks": N_("Entran por poca cosa y siguen su camino"),
    "regular_shoppers": N_("Hacen la compra mediana, la de completar lo del día"),
    "big_shoppers": N_("Hacen compras grandes, de varias cosas o para varias personas"),
    "bulk_buyers": N_("Hacen las compras más grandes del colmado"),
    "beer_and_snacks": N_("Vienen por la bebida, con o sin picadera"),
    "household": N_("Vienen a resolver la limpieza y el aseo de la casa"),
    "fresh": N_("Vienen por lo fresco del plato de hoy"),
    "convenience": N_("Vienen por una o dos cosas del momento"),
}
_OWN_THEMES = {
    SegmentType.TEMPORAL: ("rush", "alcohol"),
    SegmentType.BASKET_VALUE: ("size", "worth", "more", "lines", "change", "payment", "payday"),
    SegmentType.PRODUCT_PREFERENCE: ("goods", "ready", "pair", "order"),
    SegmentType.LEARNED: ("goods", "ready"),
}
_GROUPED = N_("Son compras que se parecen entre sí")
_MOSTLY = 0.75


def describe_segment(
    segment: Segment, performance: SegmentPerformance | None = None, house: House | None = None
) -> Persona:
    """The segment's persona by rules.

    Its growth counts when its performance says it is more than chance makes; without a house it is held
    against nothing, and less can be said.
    """
    count = segment.transaction_count
    if not count:
        return Persona(_("Nadie compró así en este período."), (), ())
    view = SegmentView(segment, performance, house)
    marketing, operations = MOST_MARKETING, MOST_OPERATIONS
    if count < SOME_RECEIPTS:
        marketing, operations = (2, 1) if count >= FEW_RECEIPTS else (0, 0)
    return Persona(
        " ".join(_description(view)),
        choose_ideas(_own_first(view, find_selling(view)), marketing),
        choose_ideas(_own_first(view, find_serving(view)), operations),
    )


def _own_first(view: SegmentView, ideas: Iterable[Idea]) -> Iterator[Idea]:
    """The ideas, those about what the segment was cut by before others."""
    own = _OWN_THEMES[view.segment.type]
    for idea in ideas:
        yield replace(idea, weight=1.5 * idea.weight) if idea.theme.split()[0] in own else idea


def describe_strategy(performance: SegmentPerformance) -> str:
    """What to do with a segment, and why, in a few sentences."""
    return " ".join(text.sentence(reason) for reason in (performance.strategy, *performance.why))


def _description(view: SegmentView) -> Iterator[str]:
    segment = view.segment
    who = _(_WHO.get(segment.segment_id, _GROUPED))
    share, revenue_share = text.percent(segment.share), view.revenue_share
    if revenue_share is None:
        yield _("{who}: el {share} de las compras.").format(who=who, share=share)
    else:
        yield _("{who}: el {share} de las compras y el {revenue} de lo vendido.").format(
            who=who, share=share, revenue=text.percent(revenue_share)
        )
    yield _what(view)
    if segment.transaction_count >= SOME_RECEIPTS:
        yield from _when(view)
    else:
        told = ngettext(
            "Es solo {n} compra: todavía es temprano para sacar conclusiones.",
            "Son solo {n} compras: todavía es temprano para sacar conclusiones.",
            segment.transaction_count,
        )
        yield told.format(n=text.number(segment.transaction_count))


def _what(view: SegmentView) -> str:
    segment = view.segment
    shares = dict(segment.top_categories)
    known = [
        (each, share) for each, share in shares.items() if share >= TOLD_SHARE and each is not Category.OTHER
    ]
    lines, nameless = text.number(segment.avg_items_per_basket, 1), shares.get(Category.OTHER, 0.0)
    if nameless >= LED:
        return _(
            "El {share} de lo que llevan está en la caja sin nombre: {lines} productos por compra y {money}."
        ).format(share=text.percent(nameless), lines=lines, money=view.money)
    if not known:
        return _("Llevan {lines} productos por compra y gastan {money}.").format(
            lines=lines, money=view.money
        )
    first, share = known[0]
    if share >= _MOSTLY:
        return _("Llevan casi solo {first} ({share}): {lines} productos por compra y {money}.").format(
            first=say_goods(first), share=text.percent(share), lines=lines, money=view.money
        )
    told = [f"{say_goods(each)} ({text.percent(part)})" for each, part in known[:3]]
    return _("Llevan sobre todo {what}: {lines} productos por compra y {money}.").format(
        what=text.join_words(told), lines=lines, money=view.money
    )


def _when(view: SegmentView) -> Iterator[str]:
    days = _("los {days}").format(days=view.days) if view.days else ""
    hours = _("a las {hours}").format(hours=view.hours) if view.hours else ""
    when = ", ".join(filter(None, (days, hours)))
    rhythm = {
        "weekly": _("Vienen casi todas las semanas, más {when}"),
        "occasional": _("Vienen de vez en cuando, más {when}"),
    }.get(view.segment.frequency_pattern, _("Vienen más {when}"))
    if when:
        yield end_sentence(rhythm.format(when=when))
