"""A question in, an answer out: from local queries alone, and "no sé" with what can be asked where it is not understood."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from colmado_insights.analytics.results import NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import Role, Source, Topic, day_number, day_of
from colmado_insights.errors import AdviceProblem
from colmado_insights.insights import calendar
from colmado_insights.personas import Preview
from colmado_insights.personas.asking import Adviser
from colmado_insights.progress import Progress
from colmado_insights.questions.answers import answer
from colmado_insights.questions.choosing import choose, mask, reworded, write_request
from colmado_insights.questions.desk import Desk, Said
from colmado_insights.questions.intents import Clock, default_span, understand
from colmado_insights.questions.query import Intent, Query, ShopAnswer, Unclear
from colmado_insights.questions.subjects import NameBook
from colmado_insights.questions.wording import joined
from colmado_insights.questions.words import read_lexicon
from colmado_insights.storage import sales, slices
from colmado_insights.storage.database import Database
from colmado_insights.storage.quality import is_catch_all
from colmado_insights.storage.slices import Part
from colmado_insights.text import _

MOST_SUGGESTIONS = 4


def ask(
    database: Database,
    settings: Settings,
    question: str,
    now: datetime,
    progress: Progress | None = None,
    *,
    with_grok: bool = False,
    role: Role = Role.OWNER,
) -> ShopAnswer:
    """Answer a question of the shop's figures; every number is read or computed, none is guessed.

    With Grok, where the owner allows it, what is not understood here is chosen from the same list of questions there.
    """
    desk = open_desk(database, settings, now, progress, role)
    if desk is None:
        return _sealed(
            question,
            None,
            Said(_("Todavía no hay ventas: trae tus archivos primero."), is_known=False, page="imports"),
            (),
        )
    understood = understand(question, desk.clock, desk.book, read_lexicon())
    if isinstance(understood, Query):
        return _answered(desk, question, understood)
    return _helped(desk, question, understood) if with_grok else _unclear(desk, question, understood)


def _helped(desk: Desk, question: str, unclear: Unclear) -> ShopAnswer:
    """What Grok took the question for, counted here; what was said without it where that came to nothing."""
    try:
        choice = choose(desk, question)
    except AdviceProblem as problem:
        return _unclear(desk, question, unclear, str(problem))
    found = None if choice is None else _answered(desk, question, choice.query, choice.wording)
    if found is None or not found.is_known:
        return _unclear(desk, question, unclear)
    return replace(found, source=Source.GROK)


def preview(database: Database, settings: Settings, question: str, now: datetime) -> Preview | NotEnough:
    """What would leave and what it would cost at most; an empty text where Grok would not be asked."""
    desk = open_desk(database, settings, now, None, Role.OWNER)
    if desk is None:
        return NotEnough(1, 0, "receipts")
    masked = mask(question, desk)
    if masked is None:
        return Preview(Topic.QUESTION, settings.grok_url, "", most_tokens=0, most_nano=0, is_kept=False)
    return Adviser(database, settings).preview_json(
        Topic.QUESTION, lambda model: write_request(masked, model)
    )


def open_desk(
    database: Database, settings: Settings, now: datetime, progress: Progress | None, role: Role
) -> Desk | None:
    """All that answering needs; None in a shop without a sale."""
    last = sales.read_last_day(database, now.date())
    first = slices.read_first_day(database)
    if last is None or first is None:
        return None
    clock = Clock(now.date(), day_of(first), day_of(last), calendar(settings))
    book = NameBook(database, read_lexicon())
    return Desk(database, settings, now, clock, book, role, progress or Progress())


def _answered(desk: Desk, question: str, query: Query, wording: str = "") -> ShopAnswer:
    """The answer to what was understood."""
    said = reworded(answer(desk, query), wording)
    is_helped = said.is_known and query.intent is not Intent.HELP
    return _sealed(question, query, said, () if is_helped else suggest(desk))


def _unclear(desk: Desk, question: str, found: Unclear, trouble: str = "") -> ShopAnswer:
    """«No sé», with what was not understood, why Grok did not help, and what can be asked."""
    words = _("No sé.")
    if found.choices:
        words = _("No sé a quién te refieres.")
    elif found.unknown:
        words = _("No sé: no conozco «{words}».").format(words=" ".join(dict.fromkeys(found.unknown)))
        if found.near:
            words += " " + _("¿Será {names}?").format(names=_(" o ").join(found.near))
    said = joined(words, trouble, _("Puedes preguntarme, por ejemplo:"))
    return _sealed(question, None, Said(said, is_known=False), found.choices or suggest(desk))


def _sealed(question: str, query: Query | None, said: Said, suggestions: tuple[str, ...]) -> ShopAnswer:
    return ShopAnswer(
        question=question,
        words=said.words,
        is_known=said.is_known,
        intent="" if query is None else str(query.intent),
        figures=said.figures,
        source=Source.RULES,
        suggestions=(said.suggestions or suggestions)[:MOST_SUGGESTIONS],
        page=said.page,
        subject=said.subject,
    )


# ── what can be asked ──


def suggest_questions(
    database: Database, settings: Settings, now: datetime, *, role: Role = Role.OWNER
) -> tuple[str, ...]:
    """Questions that this shop's data can answer, with its own names in them."""
    desk = open_desk(database, settings, now, None, role)
    return () if desk is None else suggest(desk, 10)


def suggest(desk: Desk, most: int = MOST_SUGGESTIONS) -> tuple[str, ...]:
    """The first of what can be asked here."""
    product = _best_seller(desk)
    found = []
    if desk.role is not Role.CASHIER:
        found += [_("¿Cuánto vendí ayer?"), _("¿Cómo va la quincena?")]
        customer = _due_customer(desk)
        found += [_("¿Qué le falta a {name}?").format(name=customer)] if customer else []
        found += [
            _("¿Cuál fue el producto más vendido esta semana?"),
            _("¿Cuánto voy a vender mañana?"),
            _("¿A qué hora vendo más?"),
            _("¿Vendí más este mes o el pasado?"),
        ]
    found.append(_("¿Qué se me está acabando?"))
    if product:
        found.append(_("¿Qué va con {product}?").format(product=product))
        found.append(_("¿A cómo está {product}?").format(product=product))
    return tuple(found[:most])


def _best_seller(desk: Desk) -> str:
    """What sold in most receipts lately, by a name that says what it is."""
    span = default_span(Intent.RANK, None, desk.clock)
    wanted = slices.Slice(day_number(span.last) - 6, day_number(span.last))
    parts = slices.read_parts(desk.database, wanted, Part.PRODUCT)
    for key in sorted(parts, key=lambda each: -parts[each].receipts):
        if not is_catch_all(desk.product_names[key]):
            return desk.product_names[key]
    return ""


def _due_customer(desk: Desk) -> str:
    """Someone of whom something is expected."""
    found = slices.read_expected_customer(desk.database)
    return next((each.shown_name for each in desk.book.people if each.customer_id == found), "")
