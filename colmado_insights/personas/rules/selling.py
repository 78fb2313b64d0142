"""What to sell a segment: each idea follows from a figure, and weighs as much as that stands out.

Alcohol is never pushed and tobacco never offered: what is sold of more is what goes with them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from colmado_insights import text
from colmado_insights.domain import Category
from colmado_insights.personas.rules.goods import GOODS, say_goods
from colmado_insights.personas.rules.hours import end_sentence
from colmado_insights.personas.rules.idea import Idea
from colmado_insights.personas.rules.segment_view import NEARLY_ALL, SegmentView
from colmado_insights.text import _

_GROWTH = 0.05
_LIFT = 0.1
_MUCH_LARGER, _LARGER, _SMALLER = 6.0, 1.5, 0.7
_SOME_LINES, _MANY_LINES = 2.0, 2.5
_UNEVEN = 1.5


def find_selling(view: SegmentView) -> Iterator[Idea]:
    """All that the figures suggest to sell them, in no order."""
    yield from _growth_ideas(view)
    yield from _pair_idea(view)
    yield from _goods_ideas(view)
    yield from _worth_idea(view)
    yield from _size_idea(view)
    yield from _day_idea(view)
    yield from _payday_idea(view)
    yield from _feast_idea(view)


def _growth_ideas(view: SegmentView) -> Iterator[Idea]:
    growth = view.growth
    if growth <= -_GROWTH:
        yield Idea("growth", 3.0, _(
            "Compraron {share} menos veces que en el período anterior: pregúntales a tres de ellos qué no encontraron y consíguelo esta semana."
        ).format(share=text.percent(-growth)))  # fmt: skip
    if growth >= _GROWTH:
        yield Idea("growth", 3.0, _(
            "Compraron {share} más veces que en el período anterior: dale a {goods} un lugar más grande y más a la vista."
        ).format(share=text.percent(growth), goods=view.offered or _("lo que más llevan")))  # fmt: skip


def _pair_idea(view: SegmentView) -> Iterator[Idea]:
    pair = view.segment.usual_pair
    if pair is None or Category.TOBACCO in pair[:2]:
        return
    first, second, share = pair
    place = _("ponlos uno al lado del otro")
    if second is Category.ALCOHOL:  # it sells itself: what is offered is what goes with it
        place = _("pon {first} junto a la nevera").format(first=say_goods(first))
    told = _("Casi todos los") if share >= NEARLY_ALL else text.in_ten(share)
    yield Idea("pair", 1.0 + 0.7 * share, _("{share} que llevan {first} llevan también {second}: {place}.").format(
        share=told, first=say_goods(first), second=say_goods(second), place=place
    ))  # fmt: skip


def _goods_ideas(view: SegmentView) -> Iterator[Idea]:
    is_large = (view.size or 1.0) >= 1.0
    for place, (category, share) in enumerate(view.signature[:3]):
        goods = GOODS[category]
        words = goods.large if is_large else goods.small
        if words:
            yield Idea(f"goods {category}", 1.4 - 0.5 * place, _(words).format(share=text.percent(share)))


def _worth_idea(view: SegmentView) -> Iterator[Idea]:
    """Few who bring much, many who bring little, or those who take one thing only."""
    revenue_share, share = view.revenue_share, view.segment.share
    said = {"share": text.percent(share), "revenue": text.percent(revenue_share or 0.0)}
    if revenue_share and revenue_share >= _UNEVEN * share:
        if view.is_led_by(Category.ALCOHOL) and view.segment.avg_items_per_basket < _MANY_LINES:
            words = _(
                "Son el {share} de las compras y dejan el {revenue} de lo vendido: cuida el sitio donde se quedan, con luz, asientos y música baja."
            )
        else:
            words = _(
                "Son el {share} de las compras y dejan el {revenue} de lo vendido: apréndete qué lleva cada quien y apártaselo."
            )
        yield Idea("worth", 0.7 + revenue_share, words.format(**said))
    elif revenue_share and share >= _UNEVEN * revenue_share:
        yield Idea("more", 0.7 + share, _(
            "Son el {share} de las compras y dejan el {revenue} de lo vendido: una sola cosa más por visita se nota; ofrece {more} al cobrar."
        ).format(**said, more=view.addition))  # fmt: skip
    if view.segment.avg_items_per_basket < _SOME_LINES:
        yield Idea("more", 0.5, _(
            "Llevan {lines} productos por compra: antes de cobrar, ofrece {more}."
        ).format(lines=text.number(view.segment.avg_items_per_basket, 1), more=view.addition))  # fmt: skip


def _size_idea(view: SegmentView) -> Iterator[Idea]:
    size, house = view.size, view.house
    words = "" if size is None else _size_words(view, size)
    if words and size is not None and house is not None:
        yield Idea("size", 0.8 + min(0.5 * abs(math.log(size)), 1.0), words.format(
            money=view.money, usual=text.money(house.avg_basket_cents)
        ))  # fmt: skip


def _size_words(view: SegmentView, size: float) -> str:
    """What to do about purchases so many times the house's; empty for nothing."""
    if size >= _MUCH_LARGER:
        return _(
            "Gastan {money} por compra y lo normal aquí son {usual}: dales precio por saco o por caja en víveres y limpieza, y ofrece llevárselo a la casa."
        )
    if size >= _LARGER and not view.is_led_by(Category.ALCOHOL):
        return _(
            "Gastan {money} por compra y lo normal aquí son {usual}: ofrece llevar gratis a la casa desde ese monto."
        )
    if size >= _LARGER and view.segment.avg_items_per_basket >= _MANY_LINES:
        return _(
            "Gastan {money} por compra y lo normal aquí son {usual}: desde ese monto ofrece llevar lo que pesa, víveres, agua y hielo."
        )
    if size <= _SMALLER and view.is_led_by(Category.TOBACCO):
        return _(
            "Gastan {money} por compra y lo normal aquí son {usual}: deja café, mentas y agua fría donde pagan."
        )
    if size <= _SMALLER and not view.is_led_by(Category.ALCOHOL, Category.RECHARGES):
        return _(
            "Gastan {money} por compra y lo normal aquí son {usual}: ponles combos que cuesten apenas más de {money}."
        )
    return ""


def _day_idea(view: SegmentView) -> Iterator[Idea]:
    if not view.segment.peak_days:
        return
    if view.offered:
        words = _(
            "Sus días son los {days}: anuncia ese día {goods} en la pizarra y en el estado de WhatsApp."
        ).format(days=view.days, goods=view.offered)
    else:
        words = _(
            "Sus días son los {days}: cambia la pizarra esa mañana, con {more} y su precio bien grande."
        ).format(days=view.days, more=view.addition)
    yield Idea("day", 0.6, words)


def _feast_idea(view: SegmentView) -> Iterator[Idea]:
    feast = None if view.house is None else view.house.next_feast
    own = [(each, share) for each, share in view.signature if GOODS[each].can_add]
    if feast is None or not own:
        return
    category, share = own[0]
    yield Idea("feast", 0.9, _(
        "Viene {feast} ({day}) y el {share} de su dinero va en {goods}: pon desde ya en la pizarra lo que vas a tener."
    ).format(
        feast=text.occasion_name(feast.what), day=text.short_date(feast.day),
        share=text.percent(share), goods=say_goods(category),
    ))  # fmt: skip


def _payday_idea(view: SegmentView) -> Iterator[Idea]:
    """Pay days that lift them clearly more than the shop."""
    lift = None if view.performance is None else view.performance.pay_lift
    if lift is None or view.house is None or lift < (view.house.pay_lift or 0.0) + _LIFT:
        return
    said = {"share": text.percent(lift), "usual": text.percent(view.house.pay_lift or 0.0)}
    payday, goods = view.house.next_payday, view.offered or view.addition
    words = _(
        "En la quincena vienen {share} más y todo el colmado {usual} más: ten lista la oferta de {goods}"
    )
    if payday is not None:
        words = _(
            "En la quincena vienen {share} más y todo el colmado {usual} más: anuncia {goods} desde la víspera del próximo cobro, {day}."
        )
    told = words.format(**said, goods=goods, day="" if payday is None else text.short_date(payday))
    yield Idea("payday", 0.8 + lift, end_sentence(told))
