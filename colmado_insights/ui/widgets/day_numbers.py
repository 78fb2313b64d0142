"""The four numbers on top of Home: a day or a stretch of days against what is normal for it."""

from __future__ import annotations

from collections.abc import Callable

from colmado_insights import text
from colmado_insights.analytics.results import DayView, Normal, Usual, Verdict
from colmado_insights.text import _
from colmado_insights.ui.span import Span, SpanView
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.comparison import against_normal
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.number_card import NumberCard

Write = Callable[[float], str]
WORTH_SAYING = 0.02  # of the usual money; less is not felt


def day_cards(look: Look, day: DayView, *, is_live: bool) -> tuple[NumberCard, ...]:
    """The four numbers of a day, each against what is normal for it."""
    sold = _("Vendido hoy") if is_live else _("Vendido")
    basket = "—" if day.avg_basket_cents is None else text.money(day.avg_basket_cents)
    customers = _visits_words(day)
    return (
        _usual_card(
            look, sold, "banknote", text.money(day.revenue_cents),
            against_normal(day.revenue_cents, _mean(day.usual_revenue), day.verdict_revenue),
            _normal_words(day.usual_revenue, text.money),
        ),
        _usual_card(
            look, _("Clientes"), "users", text.number(day.receipts),
            against_normal(day.receipts, _mean(day.usual_receipts), day.verdict_receipts), customers,
        ),
        _usual_card(
            look, _("Compra promedio"), "shopping-basket", basket,
            against_normal(day.avg_basket_cents, _mean(day.usual_basket), day.verdict_basket),
            _band_words(day.usual_basket),
        ),
        _remaining_card(look, day),
    )  # fmt: skip


def _usual_card(
    look: Look, title: str, symbol: str, number: str, against: tuple[str, Tone], words: str
) -> NumberCard:
    mark, tone = against
    return NumberCard(look, title, symbol, number, mark=mark, tone=tone, words=words)


def _mean(usual: Usual | None) -> float | None:
    return usual.mean if usual else None


def _normal_words(usual: Usual | None, write: Write) -> str:
    return _("lo normal: {value}").format(value=write(usual.mean)) if usual else _no_days()


def _visits_words(day: DayView) -> str:
    """Fewer customers than normal is said in words, and only when it is beyond noise."""
    if day.usual_receipts is None:
        return _no_days()
    words = {
        Verdict.LESS: _("menos clientes que lo normal: {value}"),
        Verdict.MORE: _("más clientes que lo normal: {value}"),
    }.get(day.verdict_receipts, _("lo normal: {value}"))
    return words.format(value=text.number(day.usual_receipts.mean))


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
    return _("lo normal: {low} a {high}").format(low=text.money(usual.lo), high=text.money(usual.hi))


def _no_days() -> str:
    return _("aún sin días con qué comparar")


def why_words(day: DayView) -> str:
    """Which days stand behind what is normal, and what pay day or a holiday makes of it."""
    if day.normal is None:
        return ""
    felt = [
        _("{cause}: {money}").format(
            cause=text.sentence(part.reason), money=text.money(part.amount, signed=True)
        )
        for part in day.parts
        if day.usual_revenue and abs(part.amount) >= WORTH_SAYING * day.usual_revenue.mean
    ]
    return "\n".join([text.sentence(day.normal), *([" · ".join(felt)] if felt else [])])


def span_cards(look: Look, view: SpanView) -> tuple[NumberCard, ...]:
    """The four numbers of a stretch; its whole days stand against what is normal for such days."""
    rows: tuple[tuple[str, str, Callable[[Span], float], Write], ...] = (
        (_("Vendido"), "banknote", lambda span: span.revenue_cents, text.money),
        (_("Clientes"), "users", lambda span: span.receipts, text.number),
        (_("Compra promedio"), "shopping-basket", lambda span: span.avg_basket_cents or 0, text.money),
    )
    normal = view.normal
    normals = (normal.revenue, normal.receipts, normal.basket) if normal else (None, None, None)
    cards = [
        _span_card(look, view, title, symbol, measure, usual, write)
        for (title, symbol, measure, write), usual in zip(rows, normals, strict=True)
    ]
    return (*cards, _open_days_card(look, view))


def _span_card(
    look: Look,
    view: SpanView,
    title: str,
    symbol: str,
    measure: Callable[[Span], float],
    normal: Normal | None,
    write: Write,
) -> NumberCard:
    mark, tone = "", Tone.PLAIN
    lines = [_no_days()] if normal is None else []
    if normal is not None:
        mark, tone = against_normal(measure(view.whole), normal.mean, normal.verdict)
        lines.append(_("lo normal: {value}").format(value=write(normal.mean)))
    if before := measure(view.before):
        lines.append(_("mes pasado: {value}").format(value=write(before)))
    card = NumberCard(
        look, title, symbol, write(measure(view.span)), mark=mark, tone=tone, words="\n".join(lines)
    )
    if normal is not None:
        card.setToolTip(text.sentence(normal.like))
    return card


def _open_days_card(look: Look, view: SpanView) -> NumberCard:
    words = ""
    if view.normal is not None:
        until_yesterday = view.whole.last < view.span.last
        words = _("lo normal hasta ayer: {value}") if until_yesterday else _("lo normal: {value}")
        words = words.format(value=text.number(view.normal.open_days))
    return NumberCard(
        look, _("Días abiertos"), "calendar-days", text.number(view.span.days_open), words=words
    )


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
        _("los días completos se comparan con lo normal para días así"),
    )
    return " · ".join(pieces)
