"""The last whole week in words: how it went against normal, what moved, and what the next one asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from colmado_insights import text
from colmado_insights.analytics.results import Normal, Verdict
from colmado_insights.domain import Category
from colmado_insights.insights import CategoryWeek, ShopWeek, SpecialDay
from colmado_insights.personas.persona import Persona
from colmado_insights.personas.rules.goods import GOODS, say_goods
from colmado_insights.personas.rules.house import PAYDAY
from colmado_insights.personas.rules.idea import Idea, choose_ideas
from colmado_insights.text import _, ngettext

MOST_MARKETING, MOST_OPERATIONS = 4, 3
CHANGE_WORTH_SAYING = 0.05


def describe_week(week: ShopWeek) -> Persona:
    """How the week went, by rules; what it says of the next is from the calendar and the kept forecast."""
    return Persona(
        " ".join(_description(week)),
        choose_ideas(_marketing(week), MOST_MARKETING),
        choose_ideas(_operations(week), MOST_OPERATIONS),
    )


# ── how it went ──


def _description(week: ShopWeek) -> Iterator[str]:
    sold = ngettext(
        "Del {first} al {last} se vendieron {money} en {n} compra de {each}.",
        "Del {first} al {last} se vendieron {money} en {n} compras, de {each} en promedio.",
        week.receipts,
    )
    yield sold.format(
        first=text.short_date(week.first),
        last=text.short_date(week.last),
        money=text.money(week.revenue_cents),
        n=text.number(week.receipts),
        each=text.money(week.avg_basket_cents),
    )
    yield _verdict(week)
    yield from _next_week(week)


def _verdict(week: ShopWeek) -> str:
    """The week against weeks like it, and whether people or purchases made the difference."""
    normal = None if week.normal is None else week.normal.revenue
    if week.normal is None or normal is None or normal.verdict is Verdict.UNKNOWN:
        return _("Todavía no hay bastante historia para decir si fue buena o floja.")
    said = {"mean": text.money(normal.mean), "lo": text.money(normal.lo95), "hi": text.money(normal.hi95)}
    if normal.verdict is Verdict.AS_USUAL:
        return _("Fue una semana normal: en las de su clase se venden {mean}, entre {lo} y {hi}.").format(
            **said
        )
    people, basket = (_way(part) for part in (week.normal.receipts, week.normal.basket))
    if normal.verdict is Verdict.MORE:
        causes = [_("vino más gente")] * (people > 0) + [_("cada quien gastó más")] * (basket > 0)
        words = _("Fue mejor que lo normal, que son {mean} (entre {lo} y {hi})")
    else:
        causes = [_("vino menos gente")] * (people < 0) + [_("cada quien gastó menos")] * (basket < 0)
        words = _("Fue más floja que lo normal, que son {mean} (entre {lo} y {hi})")
    words = words.format(**said)
    return f"{words}: {text.join_words(causes)}." if causes else f"{words}."


def _way(normal: Normal | None) -> int:
    """1 above normal, -1 below it, else 0."""
    verdict = Verdict.UNKNOWN if normal is None else normal.verdict
    return {Verdict.MORE: 1, Verdict.LESS: -1}.get(verdict, 0)


def _next_week(week: ShopWeek) -> Iterator[str]:
    days = text.join_words(
        [
            _("{what} el {day}").format(what=_name_day(each), day=text.short_date(each.day))
            for each in week.next_special
        ]
    )
    if week.forecast_cents is not None and days:
        yield _("Para la que sigue se esperan {money}, con {days}.").format(
            money=text.money(week.forecast_cents), days=days
        )
    elif week.forecast_cents is not None:
        yield _("Para la que sigue se esperan {money}.").format(money=text.money(week.forecast_cents))
    elif days:
        yield _("La que sigue trae {days}.").format(days=days)


def _name_day(special: SpecialDay) -> str:
    return _("cobro") if special.what == PAYDAY else text.occasion_name(special.what)


# ── what to sell ──


def _marketing(week: ShopWeek) -> Iterator[Idea]:
    for each in week.categories:
        yield from _moved_idea(each)
    yield from _basket_idea(week)
    yield from _people_idea(week)
    yield from _special_ideas(week)
    yield from _top_idea(week)


def _moved_idea(moved: CategoryWeek) -> Iterator[Idea]:
    """A family of goods that left its own noise."""
    if moved.change is None or moved.category in (Category.OTHER, Category.TOBACCO):
        return
    if moved.change > 0:
        words = _(
            "De {goods} se vendieron {money}, {change} más que en una semana corriente: dale un lugar más a la vista mientras dure."
        )
        if moved.category is Category.ALCOHOL:
            words = _(
                "De {goods} se vendieron {money}, {change} más que en una semana corriente: ten al lado hielo, refrescos y picadera."
            )
    else:
        words = _(
            "De {goods} se vendieron {money}, {change} menos que en una semana corriente: mira si faltó algo o subió de precio, y avisa cuando esté."
        )
    yield Idea(f"moved {moved.category}", 1.0 + abs(moved.change), words.format(
        goods=say_goods(moved.category),
        money=text.money(moved.revenue_cents),
        change=text.percent(abs(moved.change)),
    ))  # fmt: skip


def _basket_idea(week: ShopWeek) -> Iterator[Idea]:
    normal = None if week.normal is None else week.normal.basket
    way = _way(normal)
    if normal is None or not way:
        yield Idea("basket", 0.45, _("La compra promedio fue de {each}: arma para el lunes un combo que cueste apenas más.").format(
            each=text.money(week.avg_basket_cents)
        ))  # fmt: skip
        return
    said = {"each": text.money(week.avg_basket_cents), "usual": text.money(normal.mean)}
    words = (
        _(
            "La compra promedio fue de {each} y lo normal son {usual}: arma combos que pasen de ese monto mientras gastan así."
        )
        if way > 0
        else _(
            "La compra promedio fue de {each} y lo normal son {usual}: ofrece una cosa más al cobrar, desde el lunes."
        )
    )
    yield Idea("basket", 1.2, words.format(**said))


def _people_idea(week: ShopWeek) -> Iterator[Idea]:
    normal = None if week.normal is None else week.normal.receipts
    way = _way(normal)
    if normal is None or not way:
        return
    said = {"n": text.number(week.receipts), "usual": text.number(normal.mean)}
    words = (
        _(
            "Se hicieron {n} compras y lo normal son {usual}: dales las gracias en la pizarra y di qué llega esta semana."
        )
        if way > 0
        else _(
            "Se hicieron {n} compras y lo normal son {usual}: escribe por WhatsApp a los que no han pasado y pregunta qué les hace falta."
        )
    )
    yield Idea("people", 1.2, words.format(**said))


def _special_ideas(week: ShopWeek) -> Iterator[Idea]:
    """What the calendar of the next week gives to sell."""
    own = [each for each in week.categories if GOODS[each.category].can_add]
    payday, feasts = _payday(week), _feasts(week)
    if own and payday is not None:
        yield Idea("payday", 0.9, _(
            "El {day} es de cobro: ten ese día armado un paquete de {goods}, el {share} de lo vendido esta semana."
        ).format(
            day=text.short_date(payday.day), goods=say_goods(own[0].category), share=text.percent(own[0].share)
        ))  # fmt: skip
    if own and feasts:
        goods = own[1] if payday is not None and len(own) > 1 else own[0]
        yield Idea("feast", 0.95, _(
            "La que sigue trae {feasts}: anuncia desde el lunes {goods}, el {share} de lo vendido esta semana."
        ).format(feasts=feasts, goods=say_goods(goods.category), share=text.percent(goods.share)))  # fmt: skip


def _payday(week: ShopWeek) -> SpecialDay | None:
    return next((each for each in week.next_special if each.what == PAYDAY), None)


def _feasts(week: ShopWeek) -> str:
    """The holidays and occasions of the next week: Nochebuena (mié 24 dic) y Navidad (jue 25 dic)."""
    return text.join_words([
        f"{_name_day(each)} ({text.short_date(each.day)})" for each in week.next_special if each.what != PAYDAY
    ])  # fmt: skip


def _top_idea(week: ShopWeek) -> Iterator[Idea]:
    """The largest family, and what may stand beside it."""
    if not week.categories:
        return
    top = week.categories[0]
    others = [each for each in week.categories[1:] if GOODS[each.category].can_add]
    if others and top.category not in (Category.OTHER, Category.TOBACCO):
        yield Idea("top", 0.6, _(
            "Lo que más dinero trajo fue {goods}, el {share}: pon cerca {other}, con el {other_share}."
        ).format(
            goods=say_goods(top.category), share=text.percent(top.share),
            other=say_goods(others[0].category), other_share=text.percent(others[0].share),
        ))  # fmt: skip
    if len(others) > 1:
        each = others[-1]
        yield Idea("small", 0.5, _(
            "De lo que sí se mueve, lo que menos trajo fue {goods}, {money}: dale un sitio mejor esta semana y mira si sube."
        ).format(goods=say_goods(each.category), money=text.money(each.revenue_cents)))  # fmt: skip


# ── how to be ready ──


def _operations(week: ShopWeek) -> Iterator[Idea]:
    yield from _forecast_idea(week)
    yield from _order_ideas(week)
    yield from _calendar_ideas(week)
    if week.open_days < 7:
        yield Idea("open", 0.7, ngettext(
            "Hubo ventas un solo día de la semana: avisa con tiempo en la puerta cuando vayas a cerrar.",
            "Hubo ventas solo {n} días de la semana: avisa con tiempo en la puerta cuando vayas a cerrar.",
            week.open_days,
        ).format(n=text.number(week.open_days)))  # fmt: skip


def _forecast_idea(week: ShopWeek) -> Iterator[Idea]:
    if week.forecast_cents is None or week.revenue_cents <= 0:
        return
    change = week.forecast_cents / week.revenue_cents - 1
    said = {"money": text.money(week.forecast_cents), "change": text.percent(abs(change))}
    if change >= CHANGE_WORTH_SAYING:
        words = _(
            "Se esperan {money}, {change} más que esta semana: sube el pedido de lo que más sale antes del lunes."
        )
    elif change <= -CHANGE_WORTH_SAYING:
        words = _(
            "Se esperan {money}, {change} menos que esta semana: pide menos de lo que se daña, pan y vegetales."
        )
    else:
        words = _("Se esperan {money}, parecido a esta semana: repite el pedido y guarda el dinero de más.")
    yield Idea("forecast", 1.0, words.format(**said))


def _order_ideas(week: ShopWeek) -> Iterator[Idea]:
    """What to order more or less of; nothing but what left its own noise."""
    named = [each for each in week.categories if each.category is not Category.OTHER]
    moved = [each for each in named if each.change is not None]
    for each in moved:
        more = (each.change or 0.0) > 0
        words = (
            _("Sube el pedido de {goods}: se vendieron {money} y en una semana corriente son {usual}.")
            if more
            else _(
                "Baja el pedido de {goods} hasta saber por qué: se vendieron {money} y en una semana corriente son {usual}."
            )
        )
        yield Idea("order", 0.8 + abs(each.change or 0.0), words.format(
            goods=say_goods(each.category), money=text.money(each.revenue_cents), usual=text.money(each.usual_cents)
        ))  # fmt: skip
    if named and not moved:
        top = named[0]
        yield Idea("order", 0.6, _(
            "Ninguna familia se salió de lo suyo: repite el pedido, empezando por {goods}, con {money} vendidos."
        ).format(goods=say_goods(top.category), money=text.money(top.revenue_cents)))  # fmt: skip


def _calendar_ideas(week: ShopWeek) -> Iterator[Idea]:
    payday, feasts = _payday(week), _feasts(week)
    if payday is not None:
        yield Idea("payday", 0.9, _(
            "Saca las cuentas del fiado antes del cobro del {day} y ten menudo desde la víspera."
        ).format(day=text.short_date(payday.day)))  # fmt: skip
    if feasts:
        yield Idea("feast", 0.95, _("La que sigue trae {feasts}: pregúntale al suplidor qué días reparte y pide antes.").format(
            feasts=feasts
        ))  # fmt: skip
    if payday is None and not feasts:
        first = week.last + timedelta(days=1)
        yield Idea("quiet", 0.5, _(
            "La semana del {day} no trae cobro ni feriado: es buena para contar mercancía y revisar lo vencido."
        ).format(day=text.short_date(first)))  # fmt: skip
