"""A segment in words: who they are, what to sell them, how to serve them, by rules from its figures.

Every number in these texts comes from the segment itself, or from the house it is held against. An idea
weighs as much as its figure stands out, so that segments that differ read differently.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from colmado_insights import text
from colmado_insights.analytics.results import Segment, SegmentPerformance, SegmentType
from colmado_insights.domain import Category, Payment
from colmado_insights.personas.goods import GOODS
from colmado_insights.personas.house import House
from colmado_insights.personas.idea import Idea, choose_ideas
from colmado_insights.personas.persona import Persona
from colmado_insights.text import N_, _, ngettext

MOST_MARKETING, MOST_OPERATIONS = 4, 3
FEW_RECEIPTS, SOME_RECEIPTS = 10, 30
"""Below the first nothing is advised, below the second only the most telling."""
GROWTH_WORTH_SAYING = 0.05
CREDIT_SHARE = 0.10

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
_TOLD_SHARE, _SIGNATURE_SHARE = 0.03, 0.08
_MOSTLY = 0.75
_LIFT = 0.1
_APART = 0.05  # of shares of payment
_MUCH_LARGER, _LARGER, _SMALLER = 6.0, 1.5, 0.7
_FEW_LINES, _SOME_LINES, _MANY_LINES = 1.6, 2.0, 2.5
_UNEVEN = 1.5
_RUSH = 0.2  # more of their purchases than the same number of hours holds on the whole
_LATE_HOURS, _LATE_SHARE = (21, 22, 23, 0, 1), 0.25
_LED, _NEARLY_ALL = 0.5, 0.95
_DRY = ("semana_santa", "viernes_santo")


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
    view = _View(segment, performance, house)
    marketing, operations = MOST_MARKETING, MOST_OPERATIONS
    if count < SOME_RECEIPTS:
        marketing, operations = (2, 1) if count >= FEW_RECEIPTS else (0, 0)
    return Persona(
        " ".join(_description(view)),
        choose_ideas(_own_first(view, _marketing(view)), marketing),
        choose_ideas(_own_first(view, _operations(view)), operations),
    )


def _own_first(view: _View, ideas: Iterable[Idea]) -> Iterator[Idea]:
    """The ideas, those about what the segment was cut by before others."""
    own = _OWN_THEMES[view.segment.type]
    for idea in ideas:
        yield replace(idea, weight=1.5 * idea.weight) if idea.theme.split()[0] in own else idea


def describe_strategy(performance: SegmentPerformance) -> str:
    """What to do with a segment, and why, in a few sentences."""
    return " ".join(text.sentence(reason) for reason in (performance.strategy, *performance.why))


@dataclass(frozen=True)
class _View:
    """A segment and what it is held against."""

    segment: Segment
    performance: SegmentPerformance | None
    house: House | None

    @property
    def growth(self) -> float:
        """The change in purchases, where it is more than chance; else 0."""
        is_sure = self.performance is not None and self.performance.is_beyond_noise
        return self.segment.growth or 0.0 if is_sure else 0.0

    @property
    def revenue_share(self) -> float | None:
        """What of all that is sold they bring."""
        if self.performance is not None:
            return self.performance.revenue_share
        if self.house is not None and self.house.revenue_cents > 0:
            return self.segment.revenue_cents / self.house.revenue_cents
        return None

    @property
    def size(self) -> float | None:
        """Their purchase in purchases of the house."""
        if self.house is None or min(self.house.avg_basket_cents, self.segment.avg_basket_cents) <= 0:
            return None
        return self.segment.avg_basket_cents / self.house.avg_basket_cents

    @property
    def signature(self) -> tuple[tuple[Category, float], ...]:
        """What sets them apart most, first: the share of a category weighed by how much more it is than usual."""
        usual = self.house.categories if self.house else {}
        apart = {
            category: share * math.log(share / max(usual.get(category, 0.01), 0.01))
            for category, share in self.segment.top_categories
            if share >= _SIGNATURE_SHARE
        }
        shares = dict(self.segment.top_categories)
        told = tuple((each, shares[each]) for each in sorted(apart, key=lambda each: -apart[each]))
        return told or self.segment.top_categories[:1]

    def is_led_by(self, *categories: Category) -> bool:
        """True when most of their money goes there."""
        return sum(share for each, share in self.segment.top_categories if each in categories) >= _LED

    @property
    def offered(self) -> str:
        """What of their own may be announced; empty for want of it."""
        own = [category for category, _share in self.signature if GOODS[category].can_add]
        return _name(own[0]) if own else ""

    @property
    def addition(self) -> str:
        """What may be offered to who has what he came for: the next of their own goods."""
        own = [each for each, share in self.segment.top_categories if share >= _TOLD_SHARE]
        others = [each for each in own[1:] if GOODS[each].can_add]
        return _name(others[0]) if others else _("algo de picar")

    @property
    def money(self) -> str:
        """Their mean purchase."""
        return text.money(self.segment.avg_basket_cents)

    @property
    def days(self) -> str:
        """Their weekdays in the plural, from Monday."""
        return text.join_words(
            [text.weekdays_name(day) for day in sorted(self.segment.peak_days, key=_monday_first)]
        )

    @property
    def hours(self) -> str:
        """Their busy hours as the shop's day goes."""
        return say_hours(self.segment.peak_hours)

    @property
    def first_hour(self) -> str:
        """The first of their busy hours."""
        return say_hours(self.segment.peak_hours, first=True)


def say_hours(hours: Iterable[int], *, first: bool = False) -> str:
    """7 y 8 a. m.; 11 a. m., 12 p. m. y 7 p. m.: hours in the order of the shop's day, or the first of them."""
    ordered = sorted(hours, key=_shop_day)[: 1 if first else None]
    labels = [text.hour_label(hour) for hour in ordered]
    is_one_half = len({(_shop_day(hour) + 4) // 12 for hour in ordered}) == 1
    if is_one_half:  # midnight belongs to no morning
        labels[:-1] = [label.split(maxsplit=1)[0] for label in labels[:-1]]
    return text.join_words(labels)


def _shop_day(hour: int) -> int:
    """The place of an hour in a shop's day, which ends after midnight."""
    return (hour - 4) % 24


def _monday_first(day: int) -> int:
    return (day + 6) % 7


# ── who they are ──


def _description(view: _View) -> Iterator[str]:
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


def _what(view: _View) -> str:
    segment = view.segment
    shares = dict(segment.top_categories)
    known = [
        (each, share) for each, share in shares.items() if share >= _TOLD_SHARE and each is not Category.OTHER
    ]
    lines, nameless = text.number(segment.avg_items_per_basket, 1), shares.get(Category.OTHER, 0.0)
    if nameless >= _LED:
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
            first=text.category_name(first).lower(), share=text.percent(share), lines=lines, money=view.money
        )
    told = [f"{text.category_name(each).lower()} ({text.percent(part)})" for each, part in known[:3]]
    return _("Llevan sobre todo {what}: {lines} productos por compra y {money}.").format(
        what=text.join_words(told), lines=lines, money=view.money
    )


def _when(view: _View) -> Iterator[str]:
    days = _("los {days}").format(days=view.days) if view.days else ""
    hours = _("a las {hours}").format(hours=view.hours) if view.hours else ""
    when = ", ".join(filter(None, (days, hours)))
    rhythm = {
        "weekly": _("Vienen casi todas las semanas, más {when}"),
        "occasional": _("Vienen de vez en cuando, más {when}"),
    }.get(view.segment.frequency_pattern, _("Vienen más {when}"))
    if when:
        yield end_sentence(rhythm.format(when=when))


def end_sentence(words: str) -> str:
    """The words with a full stop, unless they end in one ("7 p. m.")."""
    return text.fluent(words if words.endswith(".") else f"{words}.")


# ── what to sell them ──


def _marketing(view: _View) -> Iterator[Idea]:
    yield from _growth_ideas(view)
    yield from _pair_idea(view)
    yield from _goods_ideas(view)
    yield from _worth_idea(view)
    yield from _size_idea(view)
    yield from _day_idea(view)
    yield from _payday_idea(view)
    yield from _feast_idea(view)


def _growth_ideas(view: _View) -> Iterator[Idea]:
    growth = view.growth
    if growth <= -GROWTH_WORTH_SAYING:
        yield Idea("growth", 3.0, _(
            "Compraron {share} menos veces que en el período anterior: pregunta a tres de ellos qué no encontraron y consíguelo esta semana."
        ).format(share=text.percent(-growth)))  # fmt: skip
    if growth >= GROWTH_WORTH_SAYING:
        yield Idea("growth", 3.0, _(
            "Compraron {share} más veces que en el período anterior: dale a {goods} un lugar más grande y más a la vista."
        ).format(share=text.percent(growth), goods=view.offered or _("lo que más llevan")))  # fmt: skip


def _pair_idea(view: _View) -> Iterator[Idea]:
    pair = view.segment.usual_pair
    if pair is None or Category.TOBACCO in pair[:2]:
        return
    first, second, share = pair
    place = _("ponlos uno al lado del otro")
    if second is Category.ALCOHOL:  # it sells itself: what is offered is what goes with it
        place = _("pon {first} junto a la nevera").format(first=_name(first))
    told = _("Casi todos los") if share >= _NEARLY_ALL else text.in_ten(share)
    yield Idea("pair", 1.0 + 0.7 * share, _("{share} que llevan {first} llevan también {second}: {place}.").format(
        share=told, first=_name(first), second=_name(second), place=place
    ))  # fmt: skip


def _goods_ideas(view: _View) -> Iterator[Idea]:
    is_large = (view.size or 1.0) >= 1.0
    for place, (category, share) in enumerate(view.signature[:3]):
        goods = GOODS[category]
        words = goods.large if is_large else goods.small
        if words:
            yield Idea(f"goods {category}", 1.4 - 0.5 * place, _(words).format(share=text.percent(share)))


def _worth_idea(view: _View) -> Iterator[Idea]:
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


def _size_idea(view: _View) -> Iterator[Idea]:
    size, house = view.size, view.house
    words = "" if size is None else _size_words(view, size)
    if words and size is not None and house is not None:
        yield Idea("size", 0.8 + min(0.5 * abs(math.log(size)), 1.0), words.format(
            money=view.money, usual=text.money(house.avg_basket_cents)
        ))  # fmt: skip


def _size_words(view: _View, size: float) -> str:
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


def _day_idea(view: _View) -> Iterator[Idea]:
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


def _feast_idea(view: _View) -> Iterator[Idea]:
    feast = None if view.house is None else view.house.next_feast
    own = [(each, share) for each, share in view.signature if GOODS[each].can_add]
    if feast is None or not own:
        return
    category, share = own[0]
    yield Idea("feast", 0.9, _(
        "Viene {feast} ({day}) y el {share} de su dinero va en {goods}: pon desde ya en la pizarra lo que vas a tener."
    ).format(
        feast=text.occasion_name(feast.what), day=text.short_date(feast.day),
        share=text.percent(share), goods=_name(category),
    ))  # fmt: skip


def _payday_idea(view: _View) -> Iterator[Idea]:
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


def _name(category: Category) -> str:
    return text.category_name(category).lower()


# ── how to serve them ──


def _operations(view: _View) -> Iterator[Idea]:
    yield from _ready_ideas(view)
    yield from _alcohol_ideas(view)
    yield from _rush_idea(view)
    yield from _lines_idea(view)
    yield from _payment_ideas(view)
    yield from _order_idea(view)


def _ready_ideas(view: _View) -> Iterator[Idea]:
    if not view.segment.peak_hours:
        return
    for place, (category, share) in enumerate(view.signature[:3]):
        words = _(GOODS[category].ready).format(hour=view.first_hour, share=text.percent(share))
        yield Idea(f"ready {category}", 1.3 - 0.5 * place, end_sentence(words))


def _alcohol_ideas(view: _View) -> Iterator[Idea]:
    """To order it before a feast, and to close in time where they come late for it."""
    share, house = dict(view.segment.top_categories).get(Category.ALCOHOL, 0.0), view.house
    feast = None if house is None else house.next_feast
    if feast is not None and share >= _LED and feast.what not in _DRY:
        yield Idea("feast", 0.9, _(
            "Viene {feast} ({day}) y el {share} de su dinero va en cerveza y ron: pide con tiempo, y hielo de más."
        ).format(
            feast=text.occasion_name(feast.what), day=text.short_date(feast.day), share=text.percent(share)
        ))  # fmt: skip
    by_hour = view.segment.receipts_by_hour
    late_share = sum(by_hour[hour] for hour in _LATE_HOURS) / max(sum(by_hour), 1)
    if house is None or share < _SIGNATURE_SHARE or late_share < _LATE_SHARE:
        return
    close, late = (
        text.hour_label(hour % 24) for hour in (house.alcohol_until_hour, house.alcohol_until_hour_late)
    )
    coming = _("Vienen de noche")
    if late_share < _NEARLY_ALL:
        coming = _("El {share} de sus compras es después de las {hour}").format(
            share=text.percent(late_share), hour=text.hour_label(_LATE_HOURS[0])
        )
    yield Idea("alcohol hours", 1.2, end_sentence(_(
        "{coming} y el {share} de su dinero va en cerveza y ron: cierra esa venta a las {close} de domingo a jueves, y viernes y sábado a las {late}"
    ).format(coming=coming, share=text.percent(share), close=close, late=late)))  # fmt: skip


def _rush_idea(view: _View) -> Iterator[Idea]:
    by_hour, hours = view.segment.receipts_by_hour, view.segment.peak_hours
    share = sum(by_hour[hour] for hour in hours) / max(sum(by_hour), 1)
    more = share - len(hours) / max(sum(count > 0 for count in by_hour), 1)
    if more < _RUSH:
        return
    yield Idea("rush", 0.6 + more, end_sentence(_(
        "El {share} de sus compras cae a las {hours}: que a esas horas nadie salga a hacer mandados y los pedidos a domicilio esperen"
    ).format(share=text.percent(share), hours=view.hours)))  # fmt: skip


def _lines_idea(view: _View) -> Iterator[Idea]:
    lines = view.segment.avg_items_per_basket
    said = text.number(lines, 1)
    if lines >= _MANY_LINES:
        yield Idea("lines", 1.1, _(
            "Llevan {lines} productos por compra: ten fundas grandes a mano y toma su lista por WhatsApp, para tenerla lista al llegar."
        ).format(lines=said))  # fmt: skip
    elif 0 < lines < _FEW_LINES:
        yield Idea("lines", 0.4 + (_FEW_LINES - lines), _(
            "Llevan {lines} productos por compra: despáchalos primero, sin que esperen detrás de una compra grande."
        ).format(lines=said))  # fmt: skip


def _payment_ideas(view: _View) -> Iterator[Idea]:
    shares = dict(view.segment.payment_preferences)
    credit = shares.get(Payment.CREDIT, 0.0)
    if credit >= CREDIT_SHARE:
        yield Idea("credit", 1.0 + credit, _credit_words(view, credit))
    apart = {
        payment: share - (view.house.payments.get(payment, 0.0) if view.house else 0.0)
        for payment, share in shares.items()
        if payment in _PAYMENT_WORDS
    }
    for payment, more in apart.items():
        if more >= _APART and shares[payment] >= CREDIT_SHARE and view.house is not None:
            yield Idea("payment", 0.6 + more * 5, _(_PAYMENT_WORDS[payment]).format(
                share=text.percent(shares[payment]), usual=text.percent(view.house.payments.get(payment, 0.0))
            ))  # fmt: skip
    cash = shares.get(Payment.CASH, 0.0)
    if cash >= _MOSTLY and (view.size or 1.0) <= _SMALLER:
        yield Idea("change", 0.75, _(
            "El {share} paga en efectivo compras de {money}: empieza el día con menudo y billetes chiquitos."
        ).format(share=text.percent(cash), money=view.money))  # fmt: skip


_PAYMENT_WORDS = {
    Payment.TRANSFER: N_(
        "El {share} paga por transferencia, contra el {usual} de todo el colmado: pon la cuenta a la vista y confirma que entró antes de despachar."
    ),
    Payment.CARD: N_(
        "El {share} paga con tarjeta, contra el {usual} de todo el colmado: ten el verifone cargado y con señal."
    ),
    Payment.WALLET: N_(
        "El {share} paga con billetera móvil, contra el {usual} de todo el colmado: ten el código a la vista."
    ),
}


def _credit_words(view: _View, credit: float) -> str:
    share = text.percent(credit)
    payday = None if view.house is None else view.house.next_payday
    if payday is None:
        return _(
            "El {share} de sus compras es fiado: anota el mismo día y recuérdalo el día de cobro."
        ).format(share=share)
    return _("El {share} de sus compras es fiado: saca las cuentas antes del cobro del {day}.").format(
        share=share, day=text.short_date(payday)
    )


def _order_idea(view: _View) -> Iterator[Idea]:
    days: Sequence[int] = sorted(view.segment.peak_days, key=_monday_first)
    if not days or not view.segment.top_categories:
        return
    category, share = view.segment.top_categories[0]
    if view.segment.type is SegmentType.LEARNED and category is Category.OTHER:
        return
    yield Idea("order", 0.55, _(
        "{goods} es el {share} de lo que gastan y sus días son los {days}: haz el pedido para que llegue antes."
    ).format(goods=text.category_name(category), share=text.percent(share), days=view.days))  # fmt: skip
