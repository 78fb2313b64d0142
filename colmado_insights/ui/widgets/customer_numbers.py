"""The four numbers on top of the known customers: how many, at risk, due, and what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from colmado_insights import text
from colmado_insights.analytics.results import AT_RISK
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.customer_rows import CustomerRow, DueRow, at_risk
from colmado_insights.ui.widgets.customer_words import soon_words
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.number_card import NumberCard

MONTH = 30


def number_cards(
    look: Look, rows: Sequence[CustomerRow], due: Sequence[DueRow], today: date, shop_cents: int
) -> tuple[NumberCard, NumberCard, NumberCard, NumberCard]:
    """Known, at risk, due, worth; each with what makes the number mean something. `due` is of the week."""
    return (
        _known_card(look, rows, today, shop_cents),
        _risk_card(look, rows),
        _due_card(look, rows, due, today),
        _worth_card(look, rows),
    )


def _known_card(look: Look, rows: Sequence[CustomerRow], today: date, shop_cents: int) -> NumberCard:
    share = sum(row.customer.spent_cents for row in rows) / shop_cents if shop_cents > 0 else 0.0
    mark = _("{share} de lo vendido").format(share=text.percent(share))
    lately = sum((today - row.customer.last_day).days < MONTH for row in rows if row.customer.last_day)
    words = ngettext("{n} compró este último mes", "{n} compraron este último mes", lately)
    return NumberCard(
        look, _("Clientes conocidos"), "contact", text.number(len(rows)),
        mark=mark, words=words.format(n=text.number(lately)),
    )  # fmt: skip


def _risk_card(look: Look, rows: Sequence[CustomerRow]) -> NumberCard:
    if not any(row.risk is not None for row in rows):
        return _unknown_card(look, _("En riesgo"), "hourglass")
    found = at_risk(rows, AT_RISK)
    if not found:
        words = _("todos vienen como de costumbre")
        return NumberCard(
            look, _("En riesgo"), "hourglass", "0", mark=_("= en calma"), tone=Tone.GOOD, words=words
        )
    words = _("al año, si no vuelven")
    stake = text.money(sum(row.stake_cents for row in found))
    count = text.number(len(found))
    return NumberCard(look, _("En riesgo"), "hourglass", count, mark=stake, tone=Tone.ACCENT, words=words)


def _due_card(look: Look, rows: Sequence[CustomerRow], due: Sequence[DueRow], today: date) -> NumberCard:
    if not any(row.outlook is not None for row in rows):
        return _unknown_card(look, _("Les toca comprar"), "calendar-clock")
    people = {each.row.customer_id for each in due}
    first = max(due[0].expected.day, today) if due else today
    soon = {each.row.customer_id for each in due if each.expected.day <= first}
    mark = (
        ngettext("{day}: {n} cliente", "{day}: {n} clientes", len(soon)).format(
            day=soon_words(first, today), n=text.number(len(soon))
        )
        if soon
        else ""
    )
    return NumberCard(
        look, _("Les toca comprar"), "calendar-clock", text.number(len(people)),
        mark=mark, tone=Tone.BRAND, words=_("de hoy a siete días"),
    )  # fmt: skip


def _worth_card(look: Look, rows: Sequence[CustomerRow]) -> NumberCard:
    lives = [row.outlook.lifetime for row in rows if row.outlook and row.outlook.lifetime]
    if not lives:
        return _unknown_card(look, _("Dejarán en 12 meses"), "wallet")
    worth = sum(life.clv_cents for life in lives)
    best = sum(sorted((life.clv_cents for life in lives), reverse=True)[: max(1, len(lives) // 5)])
    mark = _("{money} cada uno").format(money=text.money(worth / len(lives)))
    words = _("{share} lo deja el mejor quinto").format(
        share=text.percent(best / worth if worth > 0 else 0.0)
    )
    title = _("Dejarán en 12 meses")
    return NumberCard(look, title, "wallet", text.money(worth), mark=mark, tone=Tone.BRAND, words=words)


def _unknown_card(look: Look, title: str, symbol: str) -> NumberCard:
    return NumberCard(look, title, symbol, "–", words=_("todavía no se puede decir"))
