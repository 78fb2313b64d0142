"""What is ahead, how it goes against normal, and what to do about it."""

from __future__ import annotations

from dataclasses import replace

from colmado_insights import text
from colmado_insights.analytics.results import DayView, Forecast, NormalSpan, NotEnough, Verdict
from colmado_insights.domain import Subject, Target, day_number
from colmado_insights.insights import find_actions, find_forecast, find_normal_span
from colmado_insights.live import LiveFeed
from colmado_insights.questions.desk import Desk, Said, page_of
from colmado_insights.questions.query import DateSpan, Measure, Query
from colmado_insights.questions.wording import (
    data_note,
    joined,
    receipts_words,
    span_words,
    subjects_words,
)
from colmado_insights.storage import slices
from colmado_insights.text import _, ngettext

HORIZONS = (14, 28)
MOST_ACTIONS = 3


# ── forecasts ──


def answer_forecast(desk: Desk, query: Query) -> Said:
    """What will sell on the days ahead, with the interval that 8 of 10 such forecasts keep."""
    subject = _forecast_subject(query)
    if subject is None:
        return Said(
            _("No sé pronosticar eso: pregúntame por un solo producto o una categoría."), is_known=False
        )
    if not query.span.is_whole or query.span.weekday is not None:
        return Said(_("No sé pronosticar solo unas horas: pregúntame por un día."), is_known=False)
    until = min(desk.yesterday, desk.clock.last)
    needed = day_number(query.span.last) - day_number(until)
    horizon = next((each for each in HORIZONS if needed <= each), None)
    if horizon is None or query.span.last < desk.now.date():
        return Said(
            joined(
                _("No sé tan lejos: miro hasta 28 días después de tus datos."),
                data_note(query.span, desk.clock),
            ),
            is_known=False,
            page="forecast",
        )
    found = find_forecast(desk.database, desk.settings, subject, horizon, until, desk.progress)
    if isinstance(found, NotEnough):
        missing = text.data_amount(found.needed, found.unit)
        return Said(
            _("No sé todavía: hacen falta {missing}.").format(missing=missing),
            is_known=False,
            page="forecast",
        )
    return _forecast_said(desk, query, found)


def _forecast_subject(query: Query) -> Subject | None:
    """What is forecast: the shop's money or receipts, the units of one category or product."""
    if not query.subjects:
        return Subject(Target.RECEIPTS if query.measure is Measure.RECEIPTS else Target.REVENUE)
    only = query.subjects[0]
    if len(query.subjects) > 1:
        return None
    if only.category is not None:
        return Subject(Target.UNITS, category=only.category)
    return Subject(Target.UNITS, product_id=only.ids[0]) if len(only.ids) == 1 else None


def _forecast_said(desk: Desk, query: Query, found: Forecast) -> Said:
    points = [each for each in found.points if query.span.first <= each.day <= query.span.last]
    if not points:
        return Said(_("No sé: esos días el colmado está cerrado."), is_known=False, page="forecast")
    sums = {name: sum(getattr(each, name) for each in points) for name in ("mean", "lo80", "hi80")}
    mean = _target_words(found.target, sums["mean"])
    lo, hi = (
        text.money(sums[name]) if found.target is Target.REVENUE else text.number(sums[name])
        for name in ("lo80", "hi80")
    )
    what = subjects_words(query.subjects)
    template = (
        _("{when} deberías vender unas {mean} de {what}, entre {lo} y {hi}.")
        if what
        else _("{when} deberías vender {mean}, entre {lo} y {hi}.")
        if found.target is Target.REVENUE
        else _("{when} deberías tener {mean}, entre {lo} y {hi}.")
    )
    span = replace(query.span, first=points[0].day, last=points[-1].day)
    when = text.capitalized(span_words(span, desk.clock.today))
    figures = [(_("Lo más probable"), mean), (_("8 de cada 10 veces cae entre"), f"{lo} – {hi}")]
    if found.backtest is not None:
        figures.append((_("Error de estos pronósticos"), text.percent(found.backtest.wape)))
    ended = "" if found.until >= desk.yesterday else data_note(query.span, desk.clock)
    page = "forecast" if not what else page_of(query.subjects)[0]
    words = template.format(when=when, mean=mean, lo=lo, hi=hi, what=what)
    return Said(joined(words, ended), tuple(figures), page=page, subject=page_of(query.subjects)[1])


def _target_words(target: Target, value: float) -> str:
    if target is Target.REVENUE:
        return text.money(value)
    return receipts_words(round(value)) if target is Target.RECEIPTS else text.number(value)


# ── against normal ──


def answer_progress(desk: Desk, query: Query) -> Said:
    """How a day or a stretch goes against what is normal for it."""
    span, clock = query.span, desk.clock
    if span.first > clock.last:
        words = _("{when}: todavía no hay ventas.").format(when=span_words(span, clock.today))
        return Said(joined(words, data_note(span, clock)))
    if not span.is_whole or span.weekday is not None:
        return Said(_("No sé qué es lo normal de solo unas horas."), is_known=False, page="home")
    if span.first == span.last == desk.now.date():
        return _day_said(desk, query)
    span = replace(span, last=min(span.last, desk.now.date()))
    sums = slices.read_sums(desk.database, desk.slice(span, ()))
    when = text.capitalized(span_words(span, clock.today))
    is_running = span.last == desk.now.date()
    template = (
        _("{when} van {money} en {receipts}.") if is_running else _("{when} vendiste {money} en {receipts}.")
    )
    words = template.format(
        when=when, money=text.money(sums.revenue_cents), receipts=receipts_words(sums.receipts)
    )
    figures = [(_("Vendido"), text.money(sums.revenue_cents)), (_("Compras"), text.number(sums.receipts))]
    whole = replace(span, last=min(span.last, desk.whole_day))
    compared = ""
    if whole.first <= whole.last:
        normal = find_normal_span(desk.database, desk.settings, whole.first, whole.last)
        done = sums if whole == span else slices.read_sums(desk.database, desk.slice(whole, ()))
        compared = _against_normal(
            desk,
            normal,
            done.revenue_cents,
            figures,
            None if whole == span else span_words(whole, clock.today),
        )
    return Said(joined(words, compared, data_note(query.span, clock)), tuple(figures), page="home")


def _against_normal(
    desk: Desk, normal: NormalSpan | NotEnough, sold: int, figures: list[tuple[str, str]], until: str | None
) -> str:
    if isinstance(normal, NotEnough) or normal.revenue is None:
        return _("Todavía no sé qué es lo normal.")
    usual = normal.revenue
    figures.append((_("Lo normal"), _("{mean}, entre {lo} y {hi}").format(
        mean=text.money(usual.mean), lo=text.money(usual.lo), hi=text.money(usual.hi)
    )))  # fmt: skip
    verdict = _verdict(usual.verdict)
    if until is None:
        return _("Lo normal es {mean}: {verdict}.").format(mean=text.money(usual.mean), verdict=verdict)
    figures.append((text.capitalized(until), text.money(sold)))
    return _(
        "Contando solo los días completos, {until}, llevas {sold} y lo normal es {mean}: {verdict}."
    ).format(until=until, sold=text.money(sold), mean=text.money(usual.mean), verdict=verdict)


def _verdict(verdict: Verdict) -> str:
    return {
        Verdict.MORE: _("por encima de lo normal"),
        Verdict.LESS: _("por debajo de lo normal"),
        Verdict.AS_USUAL: _("como siempre"),
        Verdict.UNKNOWN: _("todavía no se puede decir"),
    }[verdict]


def _day_said(desk: Desk, query: Query) -> Said:
    """Today up to this moment, against other such days up to the same hour."""
    view = LiveFeed(desk.database, desk.settings).read_day(desk.now)
    if not isinstance(view, DayView) or view.day != desk.now.date() or not view.receipts:
        words = _("Hoy todavía no hay ventas.")
        return Said(joined(words, data_note(query.span, desk.clock)), page="home")
    words = _("Hoy llevas {money} en {receipts}.").format(
        money=text.money(view.revenue_cents), receipts=receipts_words(view.receipts)
    )
    figures = [(_("Vendido"), text.money(view.revenue_cents)), (_("Compras"), text.number(view.receipts))]
    compared = _("Todavía no sé qué es lo normal.")
    if view.usual_revenue is not None:
        usual = view.usual_revenue
        figures.append((_("Lo normal a esta hora"), text.money(usual.mean)))
        compared = _("A esta hora lo normal es {mean}: {verdict}.").format(
            mean=text.money(usual.mean), verdict=_verdict(view.verdict_revenue)
        )
    return Said(joined(words, compared), tuple(figures), page="home")


# ── what to do ──


def answer_actions(desk: Desk, _query: Query) -> Said:
    """The first things that are worth doing."""
    found = find_actions(desk.database, desk.settings, desk.now, desk.progress)[:MOST_ACTIONS]
    if not found:
        return Said(_("Ahora mismo no veo nada que valga la pena cambiar."), page="actions")
    figures = tuple(
        (
            text.sentence(each.what),
            "" if each.gain_cents is None else text.money(each.gain_cents, signed=True),
        )
        for each in found
    )
    return Said(" ".join(f"{what.rstrip('.')}." for what, _gain in figures), figures, page="actions")


def answer_data(desk: Desk, _query: Query) -> Said:
    """From when until when the sales reach."""
    clock = desk.clock
    span = DateSpan(clock.first, clock.last)
    sums = slices.read_sums(desk.database, desk.slice(span, ()))
    words = _("Tus datos van {span}: {receipts} en {days}.").format(
        span=span_words(span, clock.today),
        receipts=receipts_words(sums.receipts),
        days=ngettext("{n} día", "{n} días", sums.days).format(n=text.number(sums.days)),
    )
    figures = ((_("Compras"), text.number(sums.receipts)), (_("Días con ventas"), text.number(sums.days)))
    return Said(words, figures, page="imports")
