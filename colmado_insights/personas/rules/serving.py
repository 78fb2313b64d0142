"""How to serve a segment: each idea follows from a figure, and weighs as much as that stands out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from colmado_insights import text
from colmado_insights.domain import Category, Payment
from colmado_insights.personas.rules.goods import GOODS, say_goods
from colmado_insights.personas.rules.hours import end_sentence
from colmado_insights.personas.rules.idea import Idea
from colmado_insights.personas.rules.segment_view import (
    LED,
    NEARLY_ALL,
    SIGNATURE_SHARE,
    SegmentView,
    monday_first,
)
from colmado_insights.text import N_, _

_OF_NOTE = 0.10  # least share of a way to pay that is worth a word
_APART = 0.05  # of two shares
_MOSTLY, _SMALLER = 0.75, 0.7
_FEW_LINES, _MANY_LINES = 1.6, 2.5
_RUSH = 0.2  # more of their purchases than the same number of hours holds on the whole
_LATE_HOURS, _LATE_SHARE = (21, 22, 23, 0, 1), 0.25
_DRY = ("semana_santa", "viernes_santo")


def find_serving(view: SegmentView) -> Iterator[Idea]:
    """All that the figures suggest for serving them, in no order."""
    yield from _ready_ideas(view)
    yield from _alcohol_ideas(view)
    yield from _rush_idea(view)
    yield from _lines_idea(view)
    yield from _payment_ideas(view)
    yield from _order_idea(view)


def _ready_ideas(view: SegmentView) -> Iterator[Idea]:
    if not view.segment.peak_hours:
        return
    for place, (category, share) in enumerate(view.signature[:3]):
        words = _(GOODS[category].ready).format(hour=view.first_hour, share=text.percent(share))
        yield Idea(f"ready {category}", 1.3 - 0.5 * place, end_sentence(words))


def _alcohol_ideas(view: SegmentView) -> Iterator[Idea]:
    """To order it before a feast, and to close in time where they come late for it."""
    share, house = dict(view.segment.top_categories).get(Category.ALCOHOL, 0.0), view.house
    feast = None if house is None else house.next_feast
    if feast is not None and share >= LED and feast.what not in _DRY:
        yield Idea("feast", 0.9, _(
            "Viene {feast} ({day}) y el {share} de su dinero va en cerveza y ron: pide con tiempo, y hielo de más."
        ).format(
            feast=text.occasion_name(feast.what), day=text.short_date(feast.day), share=text.percent(share)
        ))  # fmt: skip
    by_hour = view.segment.receipts_by_hour
    late_share = sum(by_hour[hour] for hour in _LATE_HOURS) / max(sum(by_hour), 1)
    if house is None or share < SIGNATURE_SHARE or late_share < _LATE_SHARE:
        return
    close, late = (
        text.hour_label(hour % 24) for hour in (house.alcohol_until_hour, house.alcohol_until_hour_late)
    )
    coming = _("Vienen de noche")
    if late_share < NEARLY_ALL:
        coming = _("El {share} de sus compras es después de las {hour}").format(
            share=text.percent(late_share), hour=text.hour_label(_LATE_HOURS[0])
        )
    yield Idea("alcohol hours", 1.2, end_sentence(_(
        "{coming} y el {share} de su dinero va en cerveza y ron: cierra esa venta a las {close} de domingo a jueves, y viernes y sábado a las {late}"
    ).format(coming=coming, share=text.percent(share), close=close, late=late)))  # fmt: skip


def _rush_idea(view: SegmentView) -> Iterator[Idea]:
    by_hour, hours = view.segment.receipts_by_hour, view.segment.peak_hours
    share = sum(by_hour[hour] for hour in hours) / max(sum(by_hour), 1)
    more = share - len(hours) / max(sum(count > 0 for count in by_hour), 1)
    if more < _RUSH:
        return
    yield Idea("rush", 0.6 + more, end_sentence(_(
        "El {share} de sus compras cae a las {hours}: que a esas horas nadie salga a hacer mandados y los pedidos a domicilio esperen"
    ).format(share=text.percent(share), hours=view.hours)))  # fmt: skip


def _lines_idea(view: SegmentView) -> Iterator[Idea]:
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


def _payment_ideas(view: SegmentView) -> Iterator[Idea]:
    shares = dict(view.segment.payment_preferences)
    credit = shares.get(Payment.CREDIT, 0.0)
    if credit >= _OF_NOTE:
        yield Idea("credit", 1.0 + credit, _credit_words(view, credit))
    apart = {
        payment: share - (view.house.payments.get(payment, 0.0) if view.house else 0.0)
        for payment, share in shares.items()
        if payment in _PAYMENT_WORDS
    }
    for payment, more in apart.items():
        if more >= _APART and shares[payment] >= _OF_NOTE and view.house is not None:
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


def _credit_words(view: SegmentView, credit: float) -> str:
    share = text.percent(credit)
    payday = None if view.house is None else view.house.next_payday
    if payday is None:
        return _(
            "El {share} de sus compras es fiado: anota el mismo día y recuérdalo el día de cobro."
        ).format(share=share)
    return _("El {share} de sus compras es fiado: saca las cuentas antes del cobro del {day}.").format(
        share=share, day=text.short_date(payday)
    )


def _order_idea(view: SegmentView) -> Iterator[Idea]:
    days: Sequence[int] = sorted(view.segment.peak_days, key=monday_first)
    if not days or not view.segment.top_categories:
        return
    category, share = view.segment.top_categories[0]
    if category is Category.OTHER:  # nobody orders that
        return
    yield Idea("order", 0.55, _(
        "El {share} de su dinero va en {goods} y sus días son los {days}: haz el pedido para que llegue antes."
    ).format(goods=say_goods(category), share=text.percent(share), days=view.days))  # fmt: skip
