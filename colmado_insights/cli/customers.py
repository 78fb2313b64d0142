"""The customers known by name: who they are, what to expect of them, and what they may ask of the shop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from colmado_insights import text
from colmado_insights.analytics.results import (
    AT_RISK,
    CustomerProfile,
    CustomerSegment,
    NotEnough,
    Replenishment,
)
from colmado_insights.cli.answers import not_enough_values, not_enough_words
from colmado_insights.cli.group import main
from colmado_insights.cli.help import argument, confirm, option
from colmado_insights.cli.options import Options, common
from colmado_insights.domain import Consent, Customer
from colmado_insights.insights import CustomerBook, CustomerView
from colmado_insights.insights.people import Person, list_people
from colmado_insights.text import _

FRESH_DAYS = 1
CONSENTS = {"yes": Consent.YES, "no": Consent.NO, "unknown": Consent.UNKNOWN}
CHANGES = ("source", "add")
"""Beside these nobody is listed."""
FIELDS = ("name", "nickname", "phone", "contact", "note", "consent")


@main.command(example="colmado customers --limit 5")
@option(
    "--segment",
    type=click.Choice([segment.value for segment in CustomerSegment]),
    never_with=CHANGES,
    help="Solo los de un segmento.",
)
@option(
    "--at-risk", type=click.FloatRange(0, 1), is_flag=False, flag_value=AT_RISK, metavar="[0-1]",
    never_with=CHANGES, help="Solo los que quizás no vuelven, desde esa probabilidad; sin número, desde 0.6.",
)  # fmt: skip
@option("--limit", type=click.IntRange(1), never_with=CHANGES, help="Cuántos, a lo más.")
@option(
    "--due", is_flag=True, never_with=CHANGES, help="Lo que le toca a cada quien, lo más cercano primero."
)
@option(
    "--win-back", is_flag=True, never_with=CHANGES, help="A quién escribirle para que vuelva, con el texto."
)
@option("--import", "source", type=click.Path(path_type=Path), help="Traer clientes de una lista.")
@option("--add", metavar="NOMBRE", never_with=("source",), help="Añadir un cliente.")
@option("--phone", default="", only_with="add", help="Su teléfono.")
@option("--nickname", default="", only_with="add", help="Como le dicen.")
@option(
    "--consent", type=click.Choice([*CONSENTS]), default="unknown", only_with="add", help="Si dio permiso."
)
@common
def customers(
    options: Options,
    segment: str | None,
    at_risk: float | None,
    limit: int | None,
    due: bool,
    win_back: bool,
    source: Path | None,
    add: str | None,
    **said: str,
) -> None:
    """Los clientes conocidos: cuánto valen, si se están yendo y cuándo vuelven."""
    if source is not None:
        _import(options, source)
    elif add is not None:
        _add(options, add, **said)
    else:
        with options.shop() as shop:
            book = shop.compute_customers(options.as_of, options.progress())
        if isinstance(book, NotEnough):
            nothing: dict[str, Any] = {"customers": [], "models": None, "not_enough": not_enough_values(book)}
            options.show(nothing, not_enough_words(book))
            return
        people = _choose(book, segment, at_risk, leaving=win_back)
        _show(options, book, people, limit, is_due=due, is_win_back=win_back, is_at_risk=at_risk is not None)


def _import(options: Options, source: Path) -> None:
    with options.shop() as shop:
        matched, new = shop.import_customers(source, options.progress())
    options.show(
        {"file": source.name, "matched": matched, "new": new},
        _("Clientes reconocidos: {matched}; nuevos: {new}.").format(
            matched=text.number(matched), new=text.number(new)
        ),
    )


def _add(options: Options, name: str, phone: str, nickname: str, consent: str) -> None:
    with options.shop() as shop:
        key = shop.write_customer(Customer(0, name, nickname, phone, consent=CONSENTS[consent]))
    options.show({"customer_id": key}, _("Cliente añadido con el número {id}.").format(id=key))


def _choose(book: CustomerBook, segment: str | None, at_risk: float | None, *, leaving: bool) -> list[Person]:
    """The people asked for: who would be missed most first when they may go, else who spent most."""
    people = [
        one
        for one in list_people(book)
        if (segment is None or one.outlook.rfm.segment == segment)
        and (at_risk is None or one.outlook.risk >= at_risk)
        and (not leaving or one.outlook.is_leaving)
    ]
    is_of_risk = at_risk is not None or leaving
    return sorted(people, key=lambda one: -one.outlook.stake_cents) if is_of_risk else people


def _show(
    options: Options,
    book: CustomerBook,
    people: Sequence[Person],
    limit: int | None,
    *,
    is_due: bool,
    is_win_back: bool,
    is_at_risk: bool,
) -> None:
    today = options.moment.date()
    names = book.product_names
    values: dict[str, Any] = {"customers": [_values(one, names) for one in people[:limit]]}
    words: list[str] = []
    if is_due:
        rows = sorted(_due(people, today), key=lambda row: (row[1].day, -row[1].probability))[:limit]
        values["due"] = [_due_values(one, item, names, today) for one, item in rows]
        words = [row["words"] for row in values["due"]] or [_("A nadie le toca nada hoy ni mañana.")]
    if is_win_back:
        values["win_back"] = [_win_back_values(one, names) for one in people[:limit]]
        words += [_win_back_words(row) for row in values["win_back"]]
        words = words or [_("Nadie se está yendo.")]
    values |= {"models": _models_values(book), "until": book.until, "made_at": book.made_at}
    options.show(
        values,
        "\n".join(
            [*(words or _table(people[:limit], book, is_at_risk=is_at_risk)), *_age_words(book.until, today)]
        ),
    )


def _age_words(until: date, today: date) -> Iterator[str]:
    """That the newest sales are old, where they are."""
    if (today - until).days > FRESH_DAYS:
        yield _("Las ventas llegan hasta el {day}: todo se mira desde ese día.").format(
            day=text.short_date(until)
        )


def _values(one: Person, names: Mapping[int, str]) -> dict[str, Any]:
    outlook = one.outlook
    lifetime, churn, expected, action = outlook.lifetime, outlook.churn, outlook.next, outlook.action
    return {
        "customer_id": one.customer.customer_id,
        "name": one.customer.shown_name,
        "segment": outlook.rfm.segment,
        "recency_days": outlook.rfm.recency_days,
        "frequency": outlook.rfm.frequency,
        "monetary": outlook.rfm.monetary_cents / 100,
        "clv": lifetime and lifetime.clv_cents / 100,
        "clv_lo": lifetime and lifetime.lo_cents / 100,
        "clv_hi": lifetime and lifetime.hi_cents / 100,
        "churn_probability": churn and round(churn.probability, 4),
        "risk_level": churn and churn.level,
        "next_purchase_date": expected and expected.day,
        "next_purchase_lo": expected and expected.lo,
        "next_purchase_hi": expected and expected.hi,
        "next_action": action and action.what.code,
        "next_action_words": action and text.sentence(action.what),
        "next_action_product": action and action.product_id and names.get(action.product_id),
        "next_action_gain": action and round(action.expected_cents) / 100,
        "factors": [text.sentence(reason) for reason in churn.factors] if churn else [],
    }


def _table(people: Sequence[Person], book: CustomerBook, *, is_at_risk: bool) -> Iterator[str]:
    """A line a person: what they will bring in a year or, of those who may go, what a year of them is worth."""
    for one in people:
        outlook = one.outlook
        worth = text.money(outlook.lifetime.clv_cents) if outlook.lifetime else "–"
        worth = text.money(outlook.stake_cents) if is_at_risk else worth
        risk = text.chance_words(outlook.churn.probability) if outlook.churn else "–"
        day = text.short_date(outlook.next.day) if outlook.next else "–"
        segment = text.customer_segment_name(outlook.rfm.segment)
        yield f"{one.customer.shown_name:<28.28} {segment:<20.20} {worth:>12} {risk:>6}  {day}"
    if not people:
        yield _("No hay clientes así.")
    else:
        yield ""
        for question, said in text.by_question(book.models.reasons).items():
            yield f"{text.question_name(question)}: {said}"


def _due(people: Sequence[Person], today: date) -> Iterator[tuple[Person, Replenishment]]:
    """What is due; not what was due before today, where the sales since then have not come in."""
    for one in people:
        yield from ((one, item) for item in one.outlook.due if item.is_due and item.hi >= today)


def _due_values(one: Person, item: Replenishment, names: Mapping[int, str], today: date) -> dict[str, Any]:
    product = names.get(item.product_id, "")
    when = text.around_day(item.day, item.lo, item.hi, today)
    return {
        "customer_id": item.customer_id,
        "name": one.customer.shown_name,
        "product_id": item.product_id,
        "product": product,
        "day": item.day,
        "lo": item.lo,
        "hi": item.hi,
        "quantity": item.quantity_milli / 1000,
        "probability": round(item.probability, 4),
        "is_due": item.is_due,
        "words": text.due_sentence(one.customer.shown_name, product, when),
    }


def _win_back_values(one: Person, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "customer_id": one.customer.customer_id,
        "name": one.customer.shown_name,
        "phone": one.customer.phone,
        "churn_probability": round(one.outlook.risk, 4),
        "at_stake": one.outlook.stake_cents / 100,
        "message": text.polite_message(one.customer.shown_name, is_leaving=True),
    }


def _win_back_words(row: Mapping[str, Any]) -> str:
    return f"{row['name']} {row['phone']}".strip() + f"\n  {row['message']}"


def _models_values(book: CustomerBook) -> dict[str, Any]:
    """Which methods answered, and how they did on held-out time."""
    return {
        "methods": dict(book.models.methods),
        "trials": {
            question: [
                {"method": trial.method, "is_used": trial.is_used}
                | {name: round(score, 4) for name, score in trial.scores}
                for trial in trials
            ]
            for question, trials in book.models.trials
        },
        "reasons": [text.sentence(reason) for reason in book.models.reasons],
    }


# ── one of them ──


@main.command(example="colmado customer 1")
@argument("who", metavar="CLIENTE", help="Su número o su nombre.")
@option("--export", "target", type=click.Path(path_type=Path), help="Todo lo suyo en un archivo para darle.")
@option(
    "--erase",
    is_flag=True,
    never_with=("target", "changes"),
    help="Olvidar a la persona; sus compras se quedan, sin nombre.",
)
@option("--yes", is_flag=True, only_with="erase", help="Sin preguntar.")
@option(
    "--set",
    "changes",
    multiple=True,
    metavar="CAMPO=VALOR",
    help="Corregir: name, nickname, phone, contact, note o consent.",
)
@common
def customer(
    options: Options, who: str, target: Path | None, erase: bool, yes: bool, changes: tuple[str, ...]
) -> None:
    """Un cliente, por su número o su nombre: qué compra, cuándo, y qué hacer."""
    with options.shop() as shop:
        key = shop.find_customer(who)
        if changes:
            shop.write_customer(_changed(shop.read_customer(key).customer, changes))
        if target is not None:
            file = shop.export_customer(key, target)
            options.show({"customer_id": key, "file": str(file)}, _("Guardado en {file}.").format(file=file))
        elif erase:
            if not yes:
                confirm(_("Se olvida a la persona para siempre. ¿Seguro?"))
            shop.erase_customer(key)
            options.show({"customer_id": key, "erased": True}, _(
                "Olvidado: sus compras quedan sin nombre. Las copias de respaldo viejas todavía lo tienen."
            ))  # fmt: skip
        else:
            view = shop.read_customer(key, options.as_of, options.progress())
            options.show(_view_values(view), "\n".join(_view_words(view, options.moment.date())))


def _changed(customer: Customer, changes: Sequence[str]) -> Customer:
    """The customer with what was written as field=value."""
    for change in changes:
        field, _sign, value = change.partition("=")
        if field not in FIELDS or not _sign or (field == "consent" and value not in CONSENTS):
            raise click.BadParameter(_("Escribe por ejemplo phone=809-555-0101, o consent=yes."))
        said: Any = CONSENTS[value] if field == "consent" else value
        customer = replace(customer, **{field: said})
    return customer


def _view_values(view: CustomerView) -> dict[str, Any]:
    person = view.customer
    values: dict[str, Any] = {
        "customer_id": person.customer_id,
        "name": person.name,
        "nickname": person.nickname,
        "phone": person.phone,
        "contact": person.contact,
        "note": person.note,
        "consent": person.consent.name.lower(),
        "consent_at": person.consent_at,
        "receipts": person.receipts,
        "spent": person.spent_cents / 100,
        "first_day": person.first_day,
        "last_day": person.last_day,
        "made_at": view.made_at,
        "is_kept": view.is_kept,
    }
    if isinstance(view.profile, NotEnough):
        values |= {"profile": None, "not_enough": not_enough_values(view.profile)}
    else:
        values["profile"] = _profile_values(view.profile, view.product_names)
    outlook = view.outlook
    values["outlook"] = None if outlook is None else _values(Person(person, outlook), view.product_names)
    return values


def _profile_values(profile: CustomerProfile, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "receipts": profile.receipts,
        "spent": profile.spent_cents / 100,
        "avg_basket": profile.avg_basket_cents / 100,
        "rhythm_days": profile.rhythm_days,
        "preferred_hours": list(profile.preferred_hours),
        "preferred_weekdays": list(profile.preferred_weekdays),
        "payments": {str(payment): round(share, 4) for payment, share in profile.payments},
        "categories": {str(category): round(share, 4) for category, share in profile.categories},
        "habits": [
            {
                "product_id": habit.product_id,
                "product": names.get(habit.product_id, ""),
                "times": habit.times,
                "quantity_per_week": habit.quantity_per_week_milli / 1000,
                "regularity": habit.regularity,
                "gap_days": habit.gap_days,
                "last_day": habit.last_day,
                "last_price": None if habit.last_price_cents is None else habit.last_price_cents / 100,
                "spent": habit.spent_cents / 100,
            }
            for habit in profile.habits
        ],
        "brands": [
            {"brand": taste.brand, "category": taste.category, "share": round(taste.share, 4)}
            | {"confidence": round(taste.confidence, 4)}
            for taste in profile.brands
        ],
        "style": profile.style,
        "style_confidence": round(profile.style_confidence, 4),
        "loyalty": [text.sentence(reason) for reason in profile.loyalty],
        "until": profile.until,
    }


def _view_words(view: CustomerView, today: date) -> Iterator[str]:
    person, outlook = view.customer, view.outlook
    yield f"{person.shown_name} {person.phone}".strip()
    bought = text.data_amount(person.receipts, "receipts")
    yield f"{bought}, {text.money(person.spent_cents)}."
    if person.consent is Consent.NO:
        yield _("No quiere que se miren sus compras: solo cuentan en los totales.")
    elif isinstance(view.profile, NotEnough):
        yield not_enough_words(view.profile)
    else:
        for habit in view.profile.habits[:5]:
            yield f"  {view.product_names.get(habit.product_id, ''):<30.30} {text.number(habit.times):>5}"
        yield from (text.sentence(reason) for reason in view.profile.loyalty)
    if outlook is None:
        return
    yield text.customer_segment_name(outlook.rfm.segment)
    if outlook.churn:
        yield _("{share} de que no vuelva en {days} días.").format(
            share=text.chance_words(outlook.churn.probability), days=text.number(outlook.churn.horizon_days)
        )
    for item in outlook.due:
        product = view.product_names.get(item.product_id, "")
        yield text.due_sentence(
            person.shown_name, product, text.around_day(item.day, item.lo, item.hi, today)
        )
    if outlook.action:
        yield text.sentence(outlook.action.what)
