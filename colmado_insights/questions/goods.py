"""What is left of a product, what it costs and leaves, when it was last sold, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from colmado_insights import text
from colmado_insights.analytics.results import (
    Basket,
    CareBoard,
    ProductCare,
    RecommendationKind,
    Recommendations,
)
from colmado_insights.domain import CatalogProduct, day_of
from colmado_insights.insights import find_baskets, find_care, find_recommendations
from colmado_insights.questions.desk import Desk, Said, page_of
from colmado_insights.questions.query import DateSpan, Query, SubjectKind
from colmado_insights.questions.subjects import describe
from colmado_insights.questions.wording import (
    amount,
    data_note,
    day_words,
    joined,
    receipts_words,
    span_words,
    subjects_words,
    unit_money,
)
from colmado_insights.storage import products, sales, slices, stock
from colmado_insights.storage.slices import Part
from colmado_insights.text import _, ngettext

MOST_LISTED = 5
SOON_DAYS = 7
"""What lasts so long is not running out."""


# ── stock ──


def answer_stock(desk: Desk, query: Query) -> Said:
    """What is left by the last count and the sales since, and for how long."""
    ids = _goods(query)
    left = stock.read_stock(desk.database, desk.now.date())
    known = left[left["product_id"].isin(ids)]
    page, subject = page_of(query.subjects)
    if known.empty:
        words = _("No sé cuánto queda de {what}: nunca se contó.").format(what=subjects_words(query.subjects))
        return Said(words, is_known=False, page=page, subject=subject)
    board = find_care(desk.database, progress=desk.progress, now=desk.now)
    care = {each.product_id: each for each in board.products} if isinstance(board, CareBoard) else {}
    rows = sorted(
        (
            (int(key), int(milli))
            for key, milli in zip(known["product_id"], known["stock_milli"], strict=True)
        ),
        key=lambda row: row[1],
    )
    figures = tuple(
        (desk.product_names[key], _left_words(milli, care.get(key))) for key, milli in rows[:MOST_LISTED]
    )
    if len(rows) == 1:
        key, milli = rows[0]
        template = _("De {what} te quedan {left}.") if milli > 0 else _("De {what} no te queda nada: {left}.")
        words = template.format(what=desk.product_names[key], left=amount(milli))
        return Said(
            joined(words, _lasting(desk, care.get(key)), _counted_note()), figures, page=page, subject=subject
        )
    words = _("De {what} te quedan {left} unidades entre {n} productos contados.").format(
        what=describe(query.subjects[0]),
        left=amount(sum(milli for _key, milli in rows)),
        n=text.number(len(rows)),
    )
    return Said(joined(words, _counted_note()), figures, page=page or "products")


def _counted_note() -> str:
    return _("Es lo último contado menos lo vendido; lo que haya llegado después no lo sé.")


def _left_words(milli: int, care: ProductCare | None) -> str:
    if care is None or care.days_left is None:
        return amount(milli)
    days = round(care.days_left.mean)
    return ngettext("{left}, para {n} día", "{left}, para {n} días", days).format(
        left=amount(milli), n=text.number(days)
    )


def _lasting(desk: Desk, care: ProductCare | None) -> str:
    if care is None or care.days_left is None:
        return ""
    left = care.days_left
    day = day_words(desk.whole_day + timedelta(days=round(left.mean)), desk.clock.today)
    return _("A este paso se acaba {day} (entre {lo} y {hi} días).").format(
        day=day, lo=text.number(left.lo), hi=text.number(left.hi)
    )


def answer_running_out(desk: Desk, _query: Query) -> Said:
    """What will be sold out soon."""
    board = find_care(desk.database, progress=desk.progress, now=desk.now)
    counted = [
        (each, each.days_left) for each in board.products if each.days_left is not None
    ] if isinstance(board, CareBoard) else []  # fmt: skip
    if not counted:
        return Said(_("No sé qué se acaba: no hay existencias contadas."), is_known=False, page="products")
    soon = sorted((pair for pair in counted if pair[1].mean <= SOON_DAYS), key=lambda pair: pair[1].mean)
    if not soon:
        return Said(_("Nada de lo contado se acaba en una semana."), page="products")
    named = text.join_words([desk.product_names[each.product_id] for each, _left in soon[:MOST_LISTED]])
    words = ngettext(
        "{n} producto se acaba en una semana: {named}.",
        "{n} productos se acaban en una semana; primero {named}.",
        len(soon),
    ).format(n=text.number(len(soon)), named=named)
    figures = tuple(
        (desk.product_names[each.product_id], _left_words(each.stock_milli or 0, each))
        for each, _left in soon[:MOST_LISTED]
    )
    return Said(joined(words, _counted_note()), figures, page="products")


def answer_dead_stock(desk: Desk, _query: Query) -> Said:
    """What sold once and sells no more."""
    board = find_care(desk.database, progress=desk.progress, now=desk.now)
    if not isinstance(board, CareBoard):
        return Said(_("No sé: todavía hay muy pocos días de ventas."), is_known=False, page="products")
    dead = sorted(
        (each for each in board.products if each.is_dead), key=lambda each: -(each.asleep_cents or 0)
    )
    if not dead:
        return Said(_("No veo mercancía dormida: todo se vende a su paso."), page="products")
    named = text.join_words([desk.product_names[each.product_id] for each in dead[:MOST_LISTED]])
    words = ngettext(
        "{n} producto está dormido: {named}.", "{n} productos están dormidos; entre ellos {named}.", len(dead)
    ).format(n=text.number(len(dead)), named=named)
    today = desk.clock.today
    figures = tuple(
        (
            desk.product_names[each.product_id],
            _("sin venta desde {day}").format(day=day_words(each.last_sold, today))
            if each.last_sold
            else "–",
        )
        for each in dead[:MOST_LISTED]
    )
    return Said(words, figures, page="products")


# ── price and cost ──


def _listed(desk: Desk, query: Query) -> list[CatalogProduct]:
    """The products asked of, what sells most first."""
    ids = set(_goods(query))
    return list(products.read_catalog(desk.database, desk.now.date(), only=ids))


def answer_price(desk: Desk, query: Query) -> Said:
    """At what one unit sells."""
    return _answer_each(
        desk,
        query,
        {each.product_id: each.price_cents for each in _listed(desk, query) if not each.is_sold_by_amount},
        _("{name} se está vendiendo a {money}."),
        _("No sé a cómo se vende {what}."),
    )


def answer_cost(desk: Desk, query: Query) -> Said:
    """What one unit costs the shop."""
    costs = {each.product_id: each.cost_cents for each in _listed(desk, query)}
    return _answer_each(
        desk,
        query,
        costs,
        _("{name} te cuesta {money}."),
        _("No sé cuánto te cuesta {what}: falta el costo."),
    )


def answer_unit_profit(desk: Desk, query: Query) -> Said:
    """What one unit leaves."""
    listed = _listed(desk, query)
    left = {
        each.product_id: each.price_cents - each.cost_cents
        for each in listed
        if each.price_cents and each.cost_cents and not each.is_sold_by_amount
    }
    said = _answer_each(
        desk,
        query,
        left,
        _("A cada {name} le ganas {money}."),
        _("No sé cuánto le ganas a {what}: falta su costo o su precio."),
    )
    if not said.is_known or len(said.figures) > 1:
        return said
    only = next(each for each in listed if each.product_id in left)
    assert only.price_cents and only.cost_cents
    more = (
        (_("Precio"), unit_money(only.price_cents)),
        (_("Costo"), unit_money(only.cost_cents)),
        (_("Del precio, te queda"), text.percent((only.price_cents - only.cost_cents) / only.price_cents)),
    )
    return Said(said.words, (*said.figures, *more), page=said.page, subject=said.subject)


def _answer_each(desk: Desk, query: Query, cents: Mapping[int, int | None], one: str, none: str) -> Said:
    """Money of one product, or of the first of several with the question of which was meant."""
    page, subject = page_of(query.subjects)
    known = [(key, value) for key, value in cents.items() if value is not None]
    if not known:
        return Said(
            none.format(what=subjects_words(query.subjects)), is_known=False, page=page, subject=subject
        )
    figures = tuple((desk.product_names[key], unit_money(value)) for key, value in known[:MOST_LISTED])
    words = [one.format(name=name, money=money) for name, money in figures]
    if len(known) > len(words):
        words.append(_("Hay {n} productos así; dime cuál.").format(n=text.number(len(known))))
    return Said(" ".join(words), figures, page=page, subject=subject)


# ── sales of a product ──


def answer_last_sold(desk: Desk, query: Query) -> Said:
    """The last day on which something was sold, or someone bought."""
    last = slices.read_last_sold(desk.database, desk.slice(query.span, query.subjects))
    page, subject = page_of(query.subjects)
    what = subjects_words(query.subjects)
    if last is None:
        return Said(
            joined(
                _("No hay ninguna venta de {what} en tus datos.").format(what=what),
                data_note(query.span, desk.clock),
            ),
            page=page,
            subject=subject,
        )
    day = day_of(last)
    ago = (desk.now.date() - day).days
    since = "" if ago < 2 else ngettext("Hace {n} día.", "Hace {n} días.", ago).format(n=text.number(ago))
    is_person = query.named(SubjectKind.CUSTOMER) is not None
    template = (
        _("La última compra de {what} fue {day}.") if is_person else _("La última venta de {what} fue {day}.")
    )
    words = template.format(what=what, day=day_words(day, desk.clock.today))
    return Said(
        joined(words, since),
        ((_("Última venta"), day_words(day, desk.clock.today)),),
        page=page,
        subject=subject,
    )


def answer_together(desk: Desk, query: Query) -> Said:
    """What goes with a product; with several, with the one that sells most; with none, the pairs taken most."""
    if not query.subjects:
        return _answer_pairs(desk)
    chosen = _best_seller(desk, query)
    if chosen is None:
        return Said(_("No sé: de eso no se ha vendido nada."), is_known=False, page="baskets")
    found = find_recommendations(
        desk.database,
        desk.settings,
        RecommendationKind.CROSS_SELL,
        chosen,
        as_of=desk.whole_day,
        progress=desk.progress,
    )
    name = desk.product_names[chosen]
    if not isinstance(found, Recommendations) or not found.items:
        words = _("No sé qué va con {name}: no hay bastantes compras con él.").format(name=name)
        return Said(words, is_known=False, page="baskets")
    names = [desk.product_names[each.product_id] for each in found.items[:MOST_LISTED]]
    words = _("Con {name} va bien {others}.").format(name=name, others=text.join_words(names))
    figures = tuple(
        (desk.product_names[each.product_id], text.sentence(each.why)) for each in found.items[:MOST_LISTED]
    )
    return Said(words, figures, page="baskets", subject=str(chosen))


def _answer_pairs(desk: Desk) -> Said:
    """The pairs that most receipts hold, of those that go together beyond chance."""
    found = find_baskets(desk.database, desk.settings, desk.whole_day, desk.progress)
    if not isinstance(found, Basket) or not found.pairs:
        words = _("No sé: no hay bastantes compras para saber qué va junto.")
        return Said(words, is_known=False, page="baskets")
    together = {frozenset((each.first_id, each.second_id)): each for each in reversed(found.pairs)}
    best = sorted(together.values(), key=lambda each: (-each.receipts, each.first_id, each.second_id))
    figures = tuple(
        (
            text.join_words([desk.product_names[each.first_id], desk.product_names[each.second_id]]),
            receipts_words(each.receipts),
        )
        for each in best[:MOST_LISTED]
    )
    words = _("{when}, lo que más se llevó junto fue {pair}: {receipts}.").format(
        when=text.capitalized(span_words(DateSpan(found.first_day, found.until), desk.clock.today)),
        pair=figures[0][0],
        receipts=figures[0][1],
    )
    return Said(joined(words), figures, page="baskets")


def _best_seller(desk: Desk, query: Query) -> int | None:
    ids = _goods(query)
    if len(ids) == 1:
        return ids[0]
    parts = slices.read_parts(desk.database, desk.slice(query.span, query.subjects), Part.PRODUCT)
    return max(parts, key=lambda key: parts[key].receipts) if parts else None


def answer_trends(desk: Desk, query: Query) -> Said:
    """What grows or falls against its own season, beyond chance."""
    found = find_baskets(desk.database, desk.settings, desk.whole_day, desk.progress)
    if not isinstance(found, Basket):
        return Said(_("No sé: todavía hay muy pocas compras."), is_known=False, page="products")
    wanted = [each for each in found.trends if (each.growth > 0) == query.is_most]
    wanted.sort(key=lambda each: -abs(each.growth))
    if not wanted:
        words = (
            _("Ningún producto sube más que por casualidad.")
            if query.is_most
            else _("Ningún producto baja más que por casualidad.")
        )
        return Said(words, page="products")
    figures = tuple(
        (desk.product_names[each.product_id], text.percent(each.growth, signed=True))
        for each in wanted[:MOST_LISTED]
    )
    listed = text.join_words([f"{name} ({change})" for name, change in figures])
    words = _("Está subiendo {listed}.") if query.is_most else _("Está bajando {listed}.")
    return Said(
        joined(words.format(listed=listed), _("Es contra su época y lo que hizo el colmado.")),
        figures,
        page="products",
    )


def answer_known(desk: Desk, query: Query) -> Said:
    """How many products and customers there are."""
    customers, listed = sales.count_known(desk.database)
    words = _("Conozco {customers} y {products} con ventas.").format(
        customers=ngettext("{n} cliente", "{n} clientes", customers).format(n=text.number(customers)),
        products=ngettext("{n} producto", "{n} productos", listed).format(n=text.number(listed)),
    )
    figures = (
        (_("Clientes conocidos"), text.number(customers)),
        (_("Productos con ventas"), text.number(listed)),
    )
    return Said(words, figures, page="products" if not query.subjects else "")


def _goods(query: Query) -> tuple[int, ...]:
    """The ids of the products asked of."""
    return tuple(key for each in query.subjects for key in each.ids)
