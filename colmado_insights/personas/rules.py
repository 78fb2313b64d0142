"""A segment in words: who they are, what to sell them, how to serve them, by rules from its figures.

Every number in these texts comes from the segment itself.
"""

from __future__ import annotations

from colmado_insights import text
from colmado_insights.analytics.results import Segment, SegmentPerformance
from colmado_insights.domain import Category, Payment
from colmado_insights.personas.persona import Persona
from colmado_insights.text import _

SMALL_BASKET_LINES = 2.0
CREDIT_SHARE = 0.10
GROWTH_WORTH_SAYING = 0.05


def describe_segment(segment: Segment, performance: SegmentPerformance | None = None) -> Persona:
    """The segment's persona by rules; its growth counts when its performance says it is more than chance makes."""
    if not segment.transaction_count:
        return Persona(_("Nadie compró así en este período."), (), ())
    is_sure = performance is not None and performance.is_beyond_noise
    growth = segment.growth if is_sure else None
    return Persona(_description(segment), tuple(_marketing(segment, growth)), tuple(_operations(segment)))


def describe_strategy(performance: SegmentPerformance) -> str:
    """What to do with a segment, and why, in a few sentences."""
    return " ".join(text.sentence(reason) for reason in (performance.strategy, *performance.why))


def _description(segment: Segment) -> str:
    known = [category for category, _share in segment.top_categories if category is not Category.OTHER]
    sentences = [
        _("Gastan {money} por compra en {lines} productos.").format(
            money=text.money(segment.avg_basket_cents), lines=text.number(segment.avg_items_per_basket, 1)
        )
    ]
    if known:
        wanted = text.join_words([text.category_name(category).lower() for category in known[:3]])
        sentences.append(_("Llevan sobre todo {what}.").format(what=wanted))
    when = _when(segment)
    if when:
        sentences.append(when)
    return " ".join(sentences)


def _when(segment: Segment) -> str:
    days = text.join_words([text.weekday_name(day) for day in sorted(segment.peak_days)])
    hours = text.join_words([text.hour_label(hour) for hour in sorted(segment.peak_hours)])
    if days and hours:
        return _end(_("Vienen más los días {days}, a las {hours}").format(days=days, hours=hours))
    return _end(_("Vienen más a las {hours}").format(hours=hours)) if hours else ""


def _marketing(segment: Segment, growth: float | None) -> list[str]:
    ideas = []
    if segment.usual_pair:
        first, second, share = segment.usual_pair
        ideas.append(
            _("Pon {second} cerca de {first}, o en combo: {count} de cada 10 ya los llevan juntos.").format(
                first=text.category_name(first).lower(),
                second=text.category_name(second).lower(),
                count=round(share * 10),
            )
        )
    if growth is not None and growth <= -GROWTH_WORTH_SAYING:
        ideas.append(
            _(
                "Compraron {share} menos veces que en el período anterior: dales una razón para volver."
            ).format(share=text.percent(-growth))
        )
    if growth is not None and growth >= GROWTH_WORTH_SAYING:
        ideas.append(
            _("Compraron {share} más veces que en el período anterior: surte más de lo que llevan.").format(
                share=text.percent(growth)
            )
        )
    if segment.avg_items_per_basket < SMALL_BASKET_LINES and segment.top_categories:
        ideas.append(_("Llevan pocas cosas por compra: pon junto a la caja algo barato que combine."))
    credit = dict(segment.payment_preferences).get(Payment.CREDIT, 0.0)
    if credit >= CREDIT_SHARE:
        ideas.append(
            _("{share} de sus compras son fiadas: recuérdales la cuenta el día de cobro.").format(
                share=text.percent(credit)
            )
        )
    return ideas


def _operations(segment: Segment) -> list[str]:
    ideas = []
    if segment.peak_hours:
        hours = text.join_words([text.hour_label(hour) for hour in sorted(segment.peak_hours)])
        ideas.append(
            _end(
                _("Ten todo surtido y menudo en la caja antes de sus horas fuertes: {hours}").format(
                    hours=hours
                )
            )
        )
    if segment.peak_days:
        days = text.join_words([text.weekday_name(day) for day in sorted(segment.peak_days)])
        ideas.append(_("Sus días son {days}: haz el pedido para que llegue antes.").format(days=days))
    if segment.top_categories:
        category, share = segment.top_categories[0]
        ideas.append(
            _("{category} es {share} de lo que gastan: que nunca falte.").format(
                category=text.category_name(category), share=text.percent(share)
            )
        )
    return ideas


def _end(words: str) -> str:
    """The words with a full stop, unless they end in one ("7 p. m.")."""
    return text.fluent(words if words.endswith(".") else f"{words}.")
