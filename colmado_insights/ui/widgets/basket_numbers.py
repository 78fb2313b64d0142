"""The numbers on top of the baskets: how many hold two things, how well offers hit, how much of the shop they reach."""

from __future__ import annotations

import math

from colmado_insights import text
from colmado_insights.analytics.results import Basket
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.basket_words import tenths_words
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.number_card import NumberCard


def basket_cards(look: Look, basket: Basket) -> tuple[NumberCard, ...]:
    """The four cards."""
    return (
        _of_two_card(look, basket),
        _pairs_card(look, basket),
        _hits_card(look, basket),
        _reach_card(look, basket),
    )


def _of_two_card(look: Look, basket: Basket) -> NumberCard:
    share = basket.receipts_of_two / basket.receipts if basket.receipts else 0.0
    words = _("{n} de {all} compras llevan dos cosas o más").format(
        n=text.number(basket.receipts_of_two), all=text.number(basket.receipts)
    )
    return NumberCard(look, _("Llevan dos o más"), "shopping-basket", text.percent(share), words=words)


def _pairs_card(look: Look, basket: Basket) -> NumberCard:
    pairs = basket.pairs
    checked = [pair for pair in pairs if pair.held_out_lift is not None]
    words = _("nada va junto más que por azar")
    mark = ""
    if pairs:
        words = ngettext("va junta mucho más que por azar", "van juntas mucho más que por azar", len(pairs))
    if checked:
        held = sum((pair.held_out_lift or 0) > 1 for pair in checked)
        mark = _("▲ {n} de {all} se repitieron").format(n=text.number(held), all=text.number(len(checked)))
    return NumberCard(
        look,
        _("Parejas de productos"),
        "link",
        text.number(len(pairs)),
        mark=mark,
        tone=Tone.GOOD,
        words=words,
    )


def _hits_card(look: Look, basket: Basket) -> NumberCard:
    """Told as one counts in a shop: of ten times, so many."""
    title = _("Acierta al ofrecer 5")
    if basket.hit_rate is None:
        words = _("todavía hay pocas compras de dos cosas para probarlo")
        return NumberCard(look, title, "target", "–", words=words)
    return NumberCard(
        look, title, "target", tenths_words(basket.hit_rate), mark=_beside_popular(basket)[0],
        tone=_beside_popular(basket)[1],
        words=_("lo que faltaba en la compra estaba entre las 5 cosas"),
    )  # fmt: skip


def _beside_popular(basket: Basket) -> tuple[str, Tone]:
    """Beside always offering what sells most."""
    if not basket.popular_hit_rate or basket.hit_rate is None:
        return "", Tone.PLAIN
    times = basket.hit_rate / basket.popular_hit_rate
    if math.isclose(times, 1.0, abs_tol=0.05):
        return _("= como lo más vendido"), Tone.PLAIN
    if times < 1:
        return _("▼ menos que lo más vendido"), Tone.BAD
    return _("▲ {n} veces más que lo popular").format(n=text.number(times, 1)), Tone.GOOD


def _reach_card(look: Look, basket: Basket) -> NumberCard:
    title = _("Surtido que se ofrece")
    if basket.coverage is None:
        return NumberCard(look, title, "package", "–", words=_("se sabrá con más compras"))
    words = _("de los productos que se venden salen en alguna oferta")
    return NumberCard(look, title, "package", text.percent(basket.coverage), words=words)
