"""The four numbers on top of Home: of a day against what is usual, of a stretch against a month ago."""

from __future__ import annotations

from collections.abc import Callable

from colmado_insights import text
from colmado_insights.analytics.results import DayView, Usual
from colmado_insights.text import _
from colmado_insights.ui.span import Span, SpanView
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.comparison import against_usual, signed_change
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.number_card import NumberCard

Write = Callable[[float], str]


def day_cards(look: Look, day: DayView, *, is_live: bool) -> tuple[NumberCard, ...]:
    """The four numbers of a day, each against what is usual."""
    sold = _("Vendido hoy") if is_live else _("Vendido")
    basket = "—" if day.avg_basket_cents is None else text.money(day.avg_basket_cents)
    mark, tone = against_usual(day.avg_basket_cents, day.usual_basket)
    return (
        _usual_card(look, sold, "banknote", day.revenue_cents, day.usual_revenue, text.money),
        _usual_card(look, _("Clientes"), "users", day.receipts, day.usual_receipts, text.number),
        NumberCard(
            look, _("Compra promedio"), "shopping-basket", basket,
            mark=mark, tone=tone, words=_band_words(day.usual_basket),
        ),
        _remaining_card(look, day),
    )  # fmt: skip


def _usual_card(
    look: Look, title: str, symbol: str, value: float, usual: Usual | None, write: Write
) -> NumberCard:
    mark, tone = against_usual(value, usual)
    words = _("lo normal: {value}").format(value=write(usual.mean)) if usual else _no_days()
    return NumberCard(look, title, symbol, write(value), mark=mark, tone=tone, words=words)


def _remaining_card(look: Look, day: DayView) -> NumberCard:
    title, rest = _("Falta por vender"), day.remaining_revenue
    if rest is None or rest.mean <= 0:
        words = _("el día ya cerró") if day.is_open_day else ""
        return NumberCard(look, title, "moon", text.money(0), words=words)
    closing = text.hour_label((day.hours[-1] + 1) % 24) if day.hours else ""
    return NumberCard(
        look, title, "moon", text.money(rest.mean),
        mark=f"± {text.money((rest.hi - rest.lo) / 2)}", tone=Tone.BRAND,
        words=_("hasta las {hour}").format(hour=closing),
    )  # fmt: skip


def _band_words(usual: Usual | None) -> str:
    if usual is None:
        return _no_days()
    return _("{low} a {high}").format(low=text.money(usual.lo), high=text.money(usual.hi))


def _no_days() -> str:
    return _("aún sin días con qué comparar")


def span_cards(look: Look, view: SpanView) -> tuple[NumberCard, ...]:
    """The four numbers of a stretch; its whole days stand against the same days of the month before."""
    rows: tuple[tuple[str, str, Callable[[Span], float], Write], ...] = (
        (_("Vendido"), "banknote", lambda span: span.revenue_cents, text.money),
        (_("Clientes"), "users", lambda span: span.receipts, text.number),
        (_("Compra promedio"), "shopping-basket", lambda span: span.avg_basket_cents or 0, text.money),
        (_("Días abiertos"), "calendar-days", lambda span: span.days_open, text.number),
    )
    cards = []
    for title, symbol, measure, write in rows:
        whole, before = measure(view.whole), measure(view.before)
        mark, tone = signed_change(whole / before - 1 if before and whole else None)
        words = _("mes pasado: {value}").format(value=write(before)) if before else ""
        number = write(measure(view.span))
        card = NumberCard(look, title, symbol, number, mark=mark, tone=tone, words=words)
        card.setToolTip(_("Los días completos, contra los mismos días del mes pasado"))
        cards.append(card)
    return tuple(cards)


def span_words(span: Span) -> str:
    """The best and the weakest open day of a stretch, and how it is compared."""
    opened = [(day, cents) for day, cents in span.by_day if cents > 0]
    if not opened:
        return _("En estos días no hubo ventas.")
    best, weakest = max(opened, key=lambda row: row[1]), min(opened, key=lambda row: row[1])
    pieces = (
        _("Mejor día: {day}, {money}").format(day=text.short_date(best[0]), money=text.money(best[1])),
        _("más flojo: {day}, {money}").format(day=text.short_date(weakest[0]), money=text.money(weakest[1])),
        _("el punto marca los días de cobro"),
        _("se compara con los mismos días del mes pasado"),
    )
    return " · ".join(pieces)
