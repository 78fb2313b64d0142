"""One known customer in words, without a name: what they are like, what to offer, how to serve.

What is offered is never alcohol or tobacco. Who did not agree to be looked at is not described.
"""

from __future__ import annotations

from collections.abc import Iterator

from colmado_insights import text
from colmado_insights.analytics.results import (
    CustomerOutlook,
    CustomerProfile,
    DecisionStyle,
    NotEnough,
    ProductHabit,
)
from colmado_insights.domain import Category, Consent, Payment
from colmado_insights.insights import CustomerView
from colmado_insights.personas.persona import Persona
from colmado_insights.personas.rules.goods import GOODS, say_goods
from colmado_insights.personas.rules.hours import end_sentence, say_hours
from colmado_insights.personas.rules.idea import Idea, choose_ideas
from colmado_insights.text import _, ngettext

MOST_MARKETING, MOST_OPERATIONS = 3, 3
_TOLD_SHARE = 0.05
_CREDIT_SHARE, _TRANSFER_SHARE = 0.10, 0.25
_CHANCE = 0.3
_GOODS_SHARE, _SOME_LINES = 0.15, 2.0
_NEVER_OFFERED = (Category.ALCOHOL, Category.TOBACCO)


def describe_customer(view: CustomerView) -> Persona:
    """The customer's persona by rules, from their purchases up to the profile's last day."""
    profile = view.profile
    if view.customer.consent is Consent.NO:
        return Persona(
            _("Este cliente no quiere que se miren sus compras: solo cuentan en los totales."), (), ()
        )
    if isinstance(profile, NotEnough):
        return Persona(_("Todavía hay muy pocas compras de este cliente para decir cómo es."), (), ())
    return Persona(
        " ".join(_description(profile, view)),
        choose_ideas(_marketing(profile, view), MOST_MARKETING),
        choose_ideas(_operations(profile, view), MOST_OPERATIONS),
    )


# ── what they are like ──


def _description(profile: CustomerProfile, view: CustomerView) -> Iterator[str]:
    yield _rhythm(profile, view.outlook)
    told = [
        f"{say_goods(category)} ({text.percent(share)})"
        for category, share in profile.categories[:3]
        if share >= _TOLD_SHARE and category is not Category.OTHER
    ]
    habit = next((each for each in profile.habits if view.product_names.get(each.product_id)), None)
    if told and habit is not None and habit.times > 1:
        yield _("Lleva sobre todo {what}; lo que más repite es {product}, {n} veces.").format(
            what=text.join_words(told),
            product=view.product_names[habit.product_id],
            n=text.number(habit.times),
        )
    elif told:
        yield _("Lleva sobre todo {what}.").format(what=text.join_words(told))
    yield from _when(profile)


def _rhythm(profile: CustomerProfile, outlook: CustomerOutlook | None) -> str:
    """How often, how much, and whether that still holds."""
    spends = text.money(profile.avg_basket_cents)
    if profile.rhythm_days is None:
        return _("A este cliente se le conoce una sola visita, de {money}.").format(money=spends)
    rhythm = max(1, round(profile.rhythm_days))
    every = ngettext("{n} día", "{n} días", rhythm).format(n=text.number(rhythm))
    if outlook is not None and outlook.is_leaving and outlook.rfm.recency_days > 0:
        away = ngettext("{n} día", "{n} días", outlook.rfm.recency_days)
        return _(
            "Este cliente venía cada {every} y gastaba {money} por compra; lleva {away} sin venir."
        ).format(every=every, money=spends, away=away.format(n=text.number(outlook.rfm.recency_days)))
    return _(
        "Este cliente viene cada {every} y gasta {money} por compra: {receipts} desde el {first}."
    ).format(
        every=every,
        money=spends,
        receipts=text.data_amount(profile.receipts, "receipts"),
        first=text.near_day(profile.first_day, profile.until),
    )


def _when(profile: CustomerProfile) -> Iterator[str]:
    hours = say_hours(profile.preferred_hours)
    days = text.join_words([text.weekdays_name(day) for day in profile.preferred_weekdays])
    if hours and days:
        yield end_sentence(_("Suele venir los {days}, a las {hours}").format(days=days, hours=hours))
    elif hours:
        yield end_sentence(_("Suele venir a las {hours}").format(hours=hours))
    elif days:
        yield end_sentence(_("Suele venir los {days}").format(days=days))


# ── what to offer ──


def _marketing(profile: CustomerProfile, view: CustomerView) -> Iterator[Idea]:
    yield from _due_ideas(profile, view)
    yield from _brand_idea(profile)
    yield from _chance_idea(view.outlook)
    yield from _style_idea(profile)
    yield from _habit_idea(profile, view)
    yield from _goods_idea(profile)
    yield from _next_goods_idea(profile)


def _offered_habits(profile: CustomerProfile, view: CustomerView) -> list[ProductHabit]:
    """What they repeat and may be offered."""
    return [
        each
        for each in profile.habits
        if each.times > 1 and each.category not in _NEVER_OFFERED and view.product_names.get(each.product_id)
    ]


def _due_ideas(profile: CustomerProfile, view: CustomerView) -> Iterator[Idea]:
    """What they are about to run out of."""
    offered = {each.product_id: each.times for each in _offered_habits(profile, view)}
    for item in view.outlook.due if view.outlook else ():
        if item.is_due and item.product_id in offered:
            yield Idea("due", 1.0 + item.probability, _(
                "Le toca {product} {when}; lo ha llevado {n} veces: ofréceselo o mándale a preguntar."
            ).format(
                product=view.product_names[item.product_id],
                when=text.around_day(item.day, item.lo, item.hi, profile.until),
                n=text.number(offered[item.product_id]),
            ))  # fmt: skip


def _brand_idea(profile: CustomerProfile) -> Iterator[Idea]:
    for taste in profile.brands:
        if taste.category not in _NEVER_OFFERED:
            yield Idea("brand", 0.8 + taste.confidence / 2, _(
                "Prefiere {brand}: es el {share} de lo que lleva de {goods} con marca. Cuando llegue algo nuevo de esa marca, enséñaselo."
            ).format(brand=taste.brand, share=text.percent(taste.share), goods=say_goods(taste.category)))  # fmt: skip


def _chance_idea(outlook: CustomerOutlook | None) -> Iterator[Idea]:
    for chance in outlook.chances if outlook else ():
        if chance.probability >= _CHANCE and GOODS[chance.category].can_add:
            yield Idea("chance", 0.5 + chance.probability / 2, _(
                "La probabilidad de que compre {goods} en 7 días es de {share}: dile qué hay cuando venga."
            ).format(goods=say_goods(chance.category), share=text.chance_words(chance.probability)))  # fmt: skip


def _style_idea(profile: CustomerProfile) -> Iterator[Idea]:
    goods = next((each for each, _share in profile.categories if GOODS[each].can_add), None)
    if goods is None:
        return
    words = {
        DecisionStyle.BARGAIN: _("Busca el mejor precio: dile qué está en oferta de {goods}, el {share} de lo que gasta."),
        DecisionStyle.IMPULSE: _("Compra lo que se le antoja: enséñale lo nuevo de {goods}, el {share} de lo que gasta."),
        DecisionStyle.REGULAR: _("Compra lo de siempre: no le cambies {goods}, el {share} de lo que gasta, y ofrécele más cantidad."),
    }.get(profile.style)  # fmt: skip
    if words:
        share = dict(profile.categories)[goods]
        yield Idea("style", 0.5 + profile.style_confidence / 2, words.format(
            goods=say_goods(goods), share=text.percent(share)
        ))  # fmt: skip


def _goods_idea(profile: CustomerProfile) -> Iterator[Idea]:
    """What can be done with the family they spend most on."""
    for category, share in profile.categories[:3]:
        words = GOODS[category].large if profile.avg_lines >= _SOME_LINES else GOODS[category].small
        if GOODS[category].can_add and share >= _GOODS_SHARE:
            yield Idea("goods", 0.5 + share / 5, _(words).format(share=text.percent(share)))


def _habit_idea(profile: CustomerProfile, view: CustomerView) -> Iterator[Idea]:
    for habit in _offered_habits(profile, view)[:1]:
        yield Idea("habit", 0.6, _(
            "Ha llevado {product} {n} veces: cuando haya oferta o tamaño grande, avísale primero."
        ).format(product=view.product_names[habit.product_id], n=text.number(habit.times)))  # fmt: skip


def _next_goods_idea(profile: CustomerProfile) -> Iterator[Idea]:
    """What they hardly take here although they take its neighbours."""
    little = [
        (each, share) for each, share in profile.categories if 0 < share < _TOLD_SHARE and GOODS[each].can_add
    ]
    if little:
        category, share = little[0]
        yield Idea("little", 0.4, _(
            "Solo el {share} de lo que gasta aquí es {goods}: pregúntale qué le falta en ese tramo."
        ).format(share=text.percent(share), goods=say_goods(category)))  # fmt: skip


# ── how to serve them ──


def _operations(profile: CustomerProfile, view: CustomerView) -> Iterator[Idea]:
    outlook = view.outlook
    if outlook is not None and outlook.is_leaving:
        rhythm = max(1, round(outlook.rfm.rhythm_days))
        yield Idea("leaving", 2.0, ngettext(
            "Lo suyo es venir cada {n} día: escríbele con cariño una sola vez y pregúntale qué le faltó.",
            "Lo suyo es venir cada {n} días: escríbele con cariño una sola vez y pregúntale qué le faltó.",
            rhythm,
        ).format(n=text.number(rhythm)))  # fmt: skip
    elif outlook is not None and outlook.next is not None:
        expected = outlook.next
        yield Idea("next", 0.8, _("Se le espera {when}: ten lo suyo en el tramo para entonces.").format(
            when=text.around_day(expected.day, expected.lo, expected.hi, profile.until)
        ))  # fmt: skip
    yield from _payment_ideas(profile)
    told = [
        _("{product} ({n} veces)").format(
            product=view.product_names[habit.product_id], n=text.number(habit.times)
        )
        for habit in _offered_habits(profile, view)[:2]
    ]
    if told:
        yield Idea("stock", 0.6, _("Que al venir no le falte lo suyo: {goods}.").format(
            goods=text.join_words(told)
        ))  # fmt: skip
    if profile.preferred_hours:
        yield Idea("hour", 0.7, _(
            "Ten apartado lo suyo antes de las {hour}, para despachar de una vez sus {lines} productos."
        ).format(hour=say_hours(profile.preferred_hours, first=True), lines=text.number(profile.avg_lines, 1)))  # fmt: skip


def _payment_ideas(profile: CustomerProfile) -> Iterator[Idea]:
    if profile.credit_share >= _CREDIT_SHARE:
        yield Idea("credit", 1.0 + profile.credit_share, _(
            "El {share} de lo que gasta es fiado: anótalo a su vista y dile la cuenta el día de cobro, sin que otros oigan."
        ).format(share=text.percent(profile.credit_share)))  # fmt: skip
    shares = dict(profile.payments)
    if shares.get(Payment.TRANSFER, 0.0) >= _TRANSFER_SHARE:
        yield Idea("transfer", 0.9, _(
            "El {share} de sus compras lo paga por transferencia: ten la cuenta a mano y toma el pedido por WhatsApp."
        ).format(share=text.percent(shares[Payment.TRANSFER])))  # fmt: skip
