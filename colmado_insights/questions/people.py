"""Known customers: what one is due for, when they come again, who goes; nothing found out of who said no."""

from __future__ import annotations

from datetime import date, timedelta

from colmado_insights import text
from colmado_insights.analytics.results import CustomerOutlook
from colmado_insights.domain import Consent
from colmado_insights.insights import CustomerBook, find_customers
from colmado_insights.insights.keeping import decode
from colmado_insights.insights.people import list_at_risk, list_due, list_people
from colmado_insights.questions.desk import GOODS, Desk, Said
from colmado_insights.questions.query import Named, Query, SubjectKind
from colmado_insights.questions.wording import day_words, joined, receipts_words
from colmado_insights.storage import customer_results, customers
from colmado_insights.text import _, ngettext

MOST_LISTED = 5
AHEAD_DAYS = 7
FRESH_DAYS = 7
"""What was expected longer ago than this is asked for anew."""


def _who(query: Query) -> Named:
    who = query.named(SubjectKind.CUSTOMER)
    assert who is not None  # the rule asks for one
    return who


def is_refused(desk: Desk, who: Named) -> bool:
    """Whether a customer said that nobody may look at what they buy."""
    return any(each.customer_id == who.ids[0] and each.consent is Consent.NO for each in desk.book.people)


def refuse(who: Named) -> Said:
    """What is said of who said no."""
    words = _("{name} no quiere que se mire lo que compra, así que de eso no sé nada.").format(name=who.words)
    return Said(words, page="customer", subject=str(who.ids[0]))


def _outlook(desk: Desk, customer_id: int) -> CustomerOutlook | None:
    """What is expected of one: as kept while it is fresh, else with the book of all."""
    kept = customer_results.read_outlook(desk.database, customer_id)
    found = decode(kept.body if kept else None, CustomerOutlook)
    if found is not None and desk.clock.last - found.until < timedelta(days=FRESH_DAYS):
        return found
    book = find_customers(desk.database, desk.settings, progress=desk.progress)
    if not isinstance(book, CustomerBook):
        return None
    return next((each for each in book.outlooks if each.customer_id == customer_id), None)


def _unknown(who: Named) -> Said:
    words = _("No sé: {name} ha comprado muy poco para saberlo.").format(name=who.words)
    return Said(words, is_known=False, page="customer", subject=str(who.ids[0]))


def answer_lacks(desk: Desk, query: Query) -> Said:
    """What a customer is due for."""
    who = _who(query)
    outlook = _outlook(desk, who.ids[0])
    if outlook is None:
        return _unknown(who)
    today = desk.clock.today
    due = [each for each in outlook.due if each.is_due]
    later = [each for each in outlook.due if not each.is_due][:MOST_LISTED]
    names = [desk.product_names[each.product_id] for each in due]
    words = (
        _("A {name} le toca {products}.").format(name=who.words, products=text.join_words(names))
        if due
        else _("A {name} no le toca nada todavía.").format(name=who.words)
    )
    soon = ""
    if later and not due:
        soon = _("Lo próximo es {product}, {when}.").format(
            product=desk.product_names[later[0].product_id],
            when=text.around_day(later[0].day, later[0].lo, later[0].hi, today),
        )
    elif not outlook.due:
        soon = _("No veo nada que lleve seguido.")
    figures = tuple(
        (desk.product_names[each.product_id], text.around_day(each.day, each.lo, each.hi, today))
        for each in (*due, *later)
    )
    return Said(joined(words, soon), figures, page="customer", subject=str(who.ids[0]))


def answer_due(desk: Desk, query: Query) -> Said:
    """Who is due for something today or tomorrow."""
    book = find_customers(desk.database, desk.settings, progress=desk.progress)
    if not isinstance(book, CustomerBook):
        return Said(_("No sé: todavía no conozco a nadie."), is_known=False, page="customers")
    wanted = {key for each in query.subjects if each.kind in GOODS for key in each.ids}
    rows = [
        (person, item)
        for person, item in list_due(list_people(book), desk.now.date() + timedelta(days=1))
        if not wanted or item.product_id in wanted
    ]
    if not rows:
        return Said(_("A nadie le toca nada hoy ni mañana."), page="customers")
    figures = tuple(
        (
            person.customer.shown_name,
            _("{product}, {when}").format(
                product=desk.product_names[item.product_id],
                when=text.around_day(item.day, item.lo, item.hi, desk.clock.today),
            ),
        )
        for person, item in rows[:MOST_LISTED]
    )
    people = list(dict.fromkeys(name for name, _what in figures))
    words = _("Les toca algo a {people}.").format(people=text.join_words(people))
    more = len(rows) - len(figures)
    rest = (
        "" if more <= 0 else ngettext("Y {n} cosa más.", "Y {n} cosas más.", more).format(n=text.number(more))
    )
    return Said(joined(words, rest), figures, page="customers")


def answer_next_visit(desk: Desk, query: Query) -> Said:
    """When a customer comes again."""
    who = _who(query)
    outlook = _outlook(desk, who.ids[0])
    if outlook is None or outlook.next is None:
        return _unknown(who)
    expected = outlook.next
    when = text.around_day(expected.day, expected.lo, expected.hi, desk.clock.today)
    words = _("A {name} se le espera {when}.").format(name=who.words, when=when)
    chance = (_("Que venga en 7 días"), text.chance_words(expected.within_week))
    return Said(words, ((_("Se le espera"), when), chance), page="customer", subject=str(who.ids[0]))


def answer_at_risk(desk: Desk, _query: Query) -> Said:
    """Who may not come back, who would be missed most first."""
    book = find_customers(desk.database, desk.settings, progress=desk.progress)
    if not isinstance(book, CustomerBook):
        return Said(_("No sé: todavía no conozco a nadie."), is_known=False, page="customers")
    people = list_at_risk(list_people(book))
    if not people:
        return Said(_("No veo a nadie que se esté yendo."), page="customers")
    figures = tuple(
        (one.customer.shown_name, text.chance_words(one.outlook.risk)) for one in people[:MOST_LISTED]
    )
    words = ngettext(
        "{n} cliente quizás no vuelva: {names}.",
        "{n} clientes quizás no vuelvan; primero los que más pesan: {names}.",
        len(people),
    ).format(n=text.number(len(people)), names=text.join_words([name for name, _risk in figures]))
    return Said(words, figures, page="customers")


def answer_who_is(desk: Desk, query: Query) -> Said:
    """A customer in a few figures; of who said no only the sums."""
    who = _who(query)
    known = customers.read_customer(desk.database, who.ids[0], desk.now.date())
    if not known.receipts:
        words = _("{name} no tiene compras en tus datos.").format(name=who.words)
        return Said(words, page="customer", subject=str(who.ids[0]))
    assert known.last_day is not None
    words = _("{name} ha comprado {money} en {receipts}; la última vez, {day}.").format(
        name=who.words,
        money=text.money(known.spent_cents),
        receipts=receipts_words(known.receipts),
        day=day_words(known.last_day, desk.clock.today),
    )
    figures = [
        (_("Comprado"), text.money(known.spent_cents)),
        (_("Compras"), text.number(known.receipts)),
        (_("Última compra"), day_words(known.last_day, desk.clock.today)),
    ]
    outlook = None if known.consent is Consent.NO else _outlook(desk, who.ids[0])
    if outlook is not None:
        figures.append((_("Grupo"), text.customer_segment_name(outlook.rfm.segment)))
        figures += _expected(outlook, desk.clock.today)
    return Said(words, tuple(figures), page="customer", subject=str(who.ids[0]))


def _expected(outlook: CustomerOutlook, today: date) -> list[tuple[str, str]]:
    found = []
    if outlook.next is not None:
        when = text.around_day(outlook.next.day, outlook.next.lo, outlook.next.hi, today)
        found.append((_("Se le espera"), when))
    if outlook.churn is not None:
        found.append((_("Que no vuelva"), text.chance_words(outlook.risk)))
    return found
