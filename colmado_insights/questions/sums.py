"""One figure of some days, two of them side by side, and the best or worst of many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from colmado_insights import text
from colmado_insights.analytics.results import CareBoard
from colmado_insights.analytics.segments import SEGMENT_IDS
from colmado_insights.domain import PAYMENTS, Payment, Role, day_number, day_of
from colmado_insights.insights import find_care
from colmado_insights.questions.desk import Desk, Said, category_of, page_of
from colmado_insights.questions.query import (
    DateSpan,
    Dimension,
    Measure,
    Named,
    Query,
    SubjectKind,
)
from colmado_insights.questions.wording import (
    amount,
    assumed_note,
    counted_figures,
    data_note,
    day_words,
    joined,
    receipts_words,
    span_words,
    subjects_words,
)
from colmado_insights.storage import assignments, slices
from colmado_insights.storage.quality import is_catch_all
from colmado_insights.storage.slices import Part, Sums
from colmado_insights.text import _, ngettext

MOST_RANKED = 5
FEW_A_DAY = 10
"""A mean of fewer purchases is told with a decimal: 0.4 a day is not none."""
_PARTS = {
    Dimension.PRODUCT: Part.PRODUCT,
    Dimension.CATEGORY: Part.CATEGORY,
    Dimension.CUSTOMER: Part.CUSTOMER,
    Dimension.CASHIER: Part.CASHIER,
    Dimension.PAYMENT: Part.PAYMENT,
    Dimension.DAY: Part.DAY,
    Dimension.WEEKDAY: Part.WEEKDAY,
    Dimension.HOUR: Part.HOUR,
    Dimension.MONTH: Part.MONTH,
}
_PAGES = {Dimension.PRODUCT: "products", Dimension.CUSTOMER: "customers", Dimension.HOUR: "patterns"}


@dataclass(frozen=True)
class Counted:
    """One figure: as a number to compare, and in words."""

    value: float
    words: str
    sums: Sums


# ── one figure ──


def answer_sum(desk: Desk, query: Query) -> Said:
    """What was sold, counted or given back on some days."""
    if (missing := _no_data(desk, query.span)) is not None:
        return missing
    if query.measure is Measure.PROFIT:
        return _answer_profit(desk, query)
    if _is_too_fine(query):
        return Said(_("No sé: de un segmento solo sé cuánto compra en días enteros."), is_known=False)
    if query.measure is Measure.SHARE and not query.subjects:
        return Said(_("No sé de qué parte me preguntas."), is_known=False)
    query = _of_whole_days(desk, query)
    counted = count(desk, query.measure, query.span, query.subjects)
    page, subject = page_of(query.subjects)
    notes = (data_note(query.span, desk.clock), assumed_note(query.span))
    slots = (
        ("cuando", span_words(query.span, desk.clock.today)),
        ("valor", counted.words),
        ("que", subjects_words(query.subjects)),
        ("notas", joined(*notes)),
    )
    return Said(
        joined(_sum_sentence(desk, query, counted), *notes),
        _figures(desk, query, counted),
        page=page,
        subject=subject,
        slots=() if query.measure is Measure.OWED else slots,
    )


def _is_too_fine(query: Query) -> bool:
    """Segments are kept by the day, in receipts and money alone."""
    if query.named(SubjectKind.SEGMENT) is None and query.dimension is not Dimension.SEGMENT:
        return False
    is_plain = query.measure in (Measure.REVENUE, Measure.RECEIPTS) and query.span.is_whole
    return not is_plain or query.span.weekday is not None or len(query.subjects) > (query.dimension is None)


def count(desk: Desk, measure: Measure, span: DateSpan, subjects: tuple[Named, ...]) -> Counted:
    """One figure of some days."""
    if measure is Measure.OWED:
        subjects = _on_credit(subjects)
    segment = next((each for each in subjects if each.kind is SubjectKind.SEGMENT), None)
    sums = (
        _segment_sums(desk, span, segment)
        if segment
        else slices.read_sums(desk.database, desk.slice(span, subjects))
    )
    value = _value(measure, sums)
    if measure is Measure.PROFIT:
        value = slices.read_earned(desk.database, desk.slice(span, subjects)).profit_cents
    if measure is Measure.DAY_MEAN:
        value = sums.revenue_cents / max(1, slices.read_sums(desk.database, desk.slice(span, ())).days)
    if measure is Measure.SHARE:
        whole = slices.read_sums(desk.database, desk.slice(span, ())).revenue_cents
        value = sums.revenue_cents / whole if whole else 0.0
    return Counted(value, value_words(measure, value), sums)


def credit() -> Named:
    """What is sold on credit."""
    return Named(SubjectKind.PAYMENT, text.payment_name(Payment.CREDIT), key=str(Payment.CREDIT))


def _on_credit(subjects: tuple[Named, ...]) -> tuple[Named, ...]:
    """What is owed is what of these was sold on credit."""
    return (*(each for each in subjects if each.kind is not SubjectKind.PAYMENT), credit())


def _value(measure: Measure, sums: Sums) -> float:
    values: dict[Measure, float] = {
        Measure.RECEIPTS: sums.receipts,
        Measure.UNITS: sums.units_milli,
        Measure.BASKET: sums.revenue_cents / sums.receipts if sums.receipts else 0.0,
        Measure.REFUNDS: sums.returns_cents,
        Measure.OPEN_DAYS: sums.days,
    }
    return values.get(measure, sums.revenue_cents)


def value_words(measure: Measure, value: float) -> str:
    """A figure as its measure is said."""
    if measure is Measure.RECEIPTS and value < FEW_A_DAY and value % 1:
        return ngettext("{n} compra", "{n} compras", 2).format(n=text.number(value, 1))
    if measure is Measure.RECEIPTS:
        return receipts_words(round(value))
    if measure is Measure.UNITS:
        return amount(round(value))
    if measure is Measure.OPEN_DAYS:
        return ngettext("{n} día", "{n} días", round(value)).format(n=text.number(value))
    return text.percent(value) if measure is Measure.SHARE else text.money(value)


def _segment_sums(desk: Desk, span: DateSpan, segment: Named) -> Sums:
    days = assignments.read_assignments(desk.database, day_number(span.first), day_number(span.last))
    found = days[days["segment_id"] == segment.key]
    return Sums(
        int(found["revenue_cents"].sum()), int(found["receipts"].sum()), days=int(found["day"].nunique())
    )


def _no_data(desk: Desk, span: DateSpan) -> Said | None:
    """That the data hold nothing of those days, where they do not."""
    clock = desk.clock
    when = span_words(span, clock.today)
    if span.first > clock.last:
        words = _("{when}: todavía no hay ventas.").format(when=when)
    elif span.last < clock.first:
        words = _("{when}: no tengo ventas.").format(when=when)
    else:
        return None
    return Said(joined(words, data_note(span, clock)))


def _sum_sentence(desk: Desk, query: Query, counted: Counted) -> str:
    when = span_words(query.span, desk.clock.today)
    what, value = subjects_words(query.subjects), counted.words
    measure, names = query.measure, query.subjects
    if measure is Measure.OWED:
        who = query.named(SubjectKind.CUSTOMER)
        known = _("Tus ventas no dicen qué te han pagado.")
        sold = (
            _("{when} le fiaste {value} a {who}.").format(when=when, value=value, who=who.words)
            if who
            else _("{when} fiaste {value}.").format(when=when, value=value)
        )
        return f"{known} {text.capitalized(sold)}"
    if measure is Measure.REVENUE:
        return _revenue_sentence(when, value, receipts_words(counted.sums.receipts), names)
    templates = {
        Measure.RECEIPTS: (_("{when} hubo {value}."), _("{when} hubo {value} de {what}.")),
        Measure.UNITS: (_("{when} salieron {value} unidades."), _("{when} vendiste {value} de {what}.")),
        Measure.BASKET: (
            _("{when} la compra promedio fue de {value}."),
            _("{when} la compra promedio de {what} fue de {value}."),
        ),
        Measure.DAY_MEAN: (
            _("{when} vendiste {value} por día con ventas."),
            _("{when} vendiste {value} de {what} por día con ventas."),
        ),
        Measure.REFUNDS: (
            _("{when} te devolvieron {value}."),
            _("{when} te devolvieron {value} de {what}."),
        ),
        Measure.OPEN_DAYS: (_("{when} abriste {value}."), _("{when} hubo ventas de {what} en {value}.")),
        Measure.SHARE: (_("{when}: {value}."), _("{when}, {what} fue el {value} de lo vendido.")),
    }
    said = templates[measure][bool(names)].format(when=when, value=value, what=what)
    return joined(said, _refunds_words(desk, query)) if measure is Measure.REFUNDS else said


def _refunds_words(desk: Desk, query: Query) -> str:
    n = slices.count_refunds(desk.database, desk.slice(query.span, query.subjects))
    return (
        ngettext("Fue {n} devolución.", "Fueron {n} devoluciones.", n).format(n=text.number(n)) if n else ""
    )


def _revenue_sentence(when: str, value: str, receipts: str, subjects: tuple[Named, ...]) -> str:
    said = {"when": when, "value": value, "receipts": receipts, "what": subjects_words(subjects)}
    if not subjects:
        return _("{when} vendiste {value} en {receipts}.").format(**said)
    kind = subjects[0].kind if len(subjects) == 1 else None
    if subjects == (credit(),):
        return _("{when} fiaste {value} en {receipts}.").format(**said)
    who = next((each for each in subjects if each.kind is SubjectKind.CUSTOMER), None)
    if who is not None and len(subjects) == 2 and credit() in subjects:
        return _("{when} le fiaste {value} a {who} en {receipts}.").format(**said, who=who.words)
    templates = {
        SubjectKind.PRODUCTS: _("{when} vendiste {value} de {what}, en {receipts}."),
        SubjectKind.CATEGORY: _("{when} vendiste {value} de {what}, en {receipts}."),
        SubjectKind.CUSTOMER: _("{when} {what} compró {value} en {receipts}."),
        SubjectKind.CASHIER: _("{when} {what} vendió {value} en {receipts}."),
        SubjectKind.PAYMENT: _("{when} vendiste {value} con pago en {what}, en {receipts}."),
        SubjectKind.SEGMENT: _("{when} los de «{what}» compraron {value} en {receipts}."),
    }
    return (templates[kind] if kind else _("{what}, {when}: {value} en {receipts}.")).format(**said)


def _figures(desk: Desk, query: Query, counted: Counted) -> tuple[tuple[str, str], ...]:
    """What was counted, so that nobody need believe it blindly."""
    sums, span = counted.sums, query.span
    found = [
        (_("Cuándo"), span_words(span, desk.clock.today)),
        (_("Vendido"), text.money(sums.revenue_cents)),
    ]
    found.append((_("Compras"), text.number(sums.receipts)))
    if any(each.kind is SubjectKind.PRODUCTS for each in query.subjects):
        found.append((_("Unidades"), amount(sums.units_milli)))
    if sums.returns_cents:
        found.append((_("Devuelto, ya restado"), text.money(sums.returns_cents)))
    if sums.days > 1 and not query.subjects:
        found.append((_("Días con ventas"), text.number(sums.days)))
        found.append((_("Por día con ventas"), text.money(sums.revenue_cents / sums.days)))
    return (*found, *counted_figures(query.subjects, desk.product_names))


def _answer_profit(desk: Desk, query: Query) -> Said:
    if any(each.kind is SubjectKind.SEGMENT for each in query.subjects):
        return Said(_("No sé lo que deja un segmento."), is_known=False)
    earned = slices.read_earned(desk.database, desk.slice(query.span, query.subjects))
    if not earned.costed_cents:
        return Said(_("No sé: no tengo los costos de lo que se vendió."), is_known=False, page="products")
    share = earned.costed_cents / earned.revenue_cents if earned.revenue_cents else 0.0
    what = subjects_words(query.subjects)
    words = (_("{when} ganaste {profit} con {what}.") if what else _("{when} ganaste {profit}.")).format(
        when=text.capitalized(span_words(query.span, desk.clock.today)),
        profit=text.money(earned.profit_cents),
        what=what,
    )
    known = _("Es lo vendido menos lo que costó; sé el costo del {share} de lo vendido.").format(
        share=text.percent(share)
    )
    figures = (
        (_("Cuándo"), span_words(query.span, desk.clock.today)),
        (_("Ganancia"), text.money(earned.profit_cents)),
        (_("Vendido con costo conocido"), text.money(earned.costed_cents)),
        (_("Vendido en total"), text.money(earned.revenue_cents)),
        *counted_figures(query.subjects, desk.product_names),
    )
    page, subject = page_of(query.subjects)
    notes = (data_note(query.span, desk.clock), assumed_note(query.span))
    return Said(joined(words, known, *notes), figures, page=page or "products", subject=subject)


# ── two side by side ──


def answer_compare(desk: Desk, query: Query) -> Said:
    """The same figure of two stretches, or of two of a kind."""
    if query.measure is Measure.PROFIT and not _is_costed(desk, query):
        return Said(_("No sé: no tengo los costos de lo que se vendió."), is_known=False, page="products")
    if _is_too_fine(query):
        return Said(_("No sé: de un segmento solo sé cuánto compra en días enteros."), is_known=False)
    if query.against is None:
        return _compare_subjects(desk, query)
    query = _up_to_this_hour(desk, query)
    today = desk.clock.today
    assert query.against is not None
    for span in (query.span, query.against):
        if (missing := _no_data(desk, span)) is not None:
            return missing
    now = count(desk, query.measure, query.span, query.subjects)
    then = count(desk, query.measure, query.against, query.subjects)
    what = subjects_words(query.subjects)
    words = _("{now_when}: {now}. {then_when}: {then}.").format(
        now_when=text.capitalized(span_words(query.span, today)),
        now=now.words,
        then_when=text.capitalized(span_words(query.against, today)),
        then=then.words,
    )
    if what:
        words = f"{text.capitalized(what)}. {words}"
    figures = [
        (text.capitalized(span_words(query.span, today)), now.words),
        (text.capitalized(span_words(query.against, today)), then.words),
    ]
    note = ""
    if query.span.days != query.against.days and query.measure in (
        Measure.REVENUE,
        Measure.UNITS,
        Measure.RECEIPTS,
        Measure.PROFIT,
    ):
        note = _per_day(desk, query, now, then, figures)
    else:
        words = f"{words} {_difference(now.value, then.value)}"
    page, subject = page_of(query.subjects)
    notes = (
        "" if note else _running_note(desk, query),
        _cost_note(query.measure),
        data_note(query.span, desk.clock),
        data_note(query.against, desk.clock),
    )
    return Said(
        joined(words, note, *dict.fromkeys(notes)),
        (*figures, *counted_figures(query.subjects, desk.product_names)),
        page=page,
        subject=subject,
    )


def _up_to_this_hour(desk: Desk, query: Query) -> Query:
    """Today, which still runs, against the same hours of another day; what is longer stays as it is."""
    assert query.against is not None
    days = (query.span, query.against)
    if not (
        desk.is_open
        and desk.hours_over
        and query.span.last == desk.clock.today
        and all(each.days == 1 and each.is_whole for each in days)
    ):
        return query
    now, then = (replace(each, to_hour=desk.hours_over) for each in days)
    return replace(query, span=now, against=then)


def _running_note(desk: Desk, query: Query) -> str:
    """That more may come of what was counted, and what was done about it."""
    span, against = query.span, query.against
    if not desk.is_open or against is None or span.last != desk.clock.today:
        return ""
    if span.is_whole or span.to_hour > desk.hours_over:
        return _("Hoy no ha terminado.")
    is_cut = span.from_hour == 0 and span.to_hour == desk.hours_over and span.days == 1
    return _("Hoy no ha terminado: comparé las mismas horas.") if is_cut else ""


def _is_costed(desk: Desk, query: Query) -> bool:
    """Whether of both sides something is known to have cost."""
    sides = (
        [(query.span, (each,)) for each in query.subjects]
        if query.against is None
        else [(query.span, query.subjects), (query.against, query.subjects)]
    )
    return all(
        slices.read_earned(desk.database, desk.slice(span, named)).costed_cents for span, named in sides
    )


def _cost_note(measure: Measure) -> str:
    is_profit = measure is Measure.PROFIT
    return _("Es lo vendido menos lo que costó, de lo que tiene costo.") if is_profit else ""


def _difference(now: float, then: float) -> str:
    if not then:
        return ""
    change = (now - then) / abs(then)
    if round(change * 100, 1) == 0:
        return _("Es lo mismo.")
    template = _("Es {change} más.") if change > 0 else _("Es {change} menos.")
    return template.format(change=text.percent(abs(change)))


def _per_day(desk: Desk, query: Query, now: Counted, then: Counted, figures: list[tuple[str, str]]) -> str:
    """Two stretches of unlike length are told apart by the day."""
    assert query.against is not None
    span = _of_days_over(desk, query.span)
    if span != query.span:
        now = count(desk, query.measure, span, query.subjects)
    everything = (desk.slice(span, ()), desk.slice(query.against, ()))
    days = [slices.read_sums(desk.database, each).days for each in everything]
    if not all(days):
        return ""
    means = [now.value / days[0], then.value / days[1]]
    words = [value_words(query.measure, mean) for mean in means]
    figures += [(_("Por día, ahora"), words[0]), (_("Por día, antes"), words[1])]
    said = _("Son {days} y {days_before} días con ventas: por día, {now} contra {then}. {change}").format(
        days=days[0], days_before=days[1], now=words[0], then=words[1], change=_difference(*means)
    )
    return said if span == query.span else joined(said, _("Hoy no cuenta ahí: no ha terminado."))


def _compare_subjects(desk: Desk, query: Query) -> Said:
    if (missing := _no_data(desk, query.span)) is not None:
        return missing
    counted = [(each, count(desk, query.measure, query.span, (each,))) for each in query.subjects]
    counted.sort(key=lambda pair: -pair[1].value)
    (first, most), (second, less) = counted
    words = _("{when}: {first}, {most}; {second}, {less}.").format(
        when=text.capitalized(span_words(query.span, desk.clock.today)),
        first=subjects_words((first,)),
        most=most.words,
        second=subjects_words((second,)),
        less=less.words,
    )
    figures = tuple((subjects_words((each,)), found.words) for each, found in counted)
    notes = (_cost_note(query.measure), data_note(query.span, desk.clock), assumed_note(query.span))
    return Said(
        joined(words, *notes),
        (*figures, *counted_figures(query.subjects, desk.product_names)),
        page="products",
    )


# ── the best and the worst ──


def answer_rank(desk: Desk, query: Query) -> Said:
    """The best or worst of a kind, with those that follow."""
    query = _of_whole_days(desk, query)
    if query.measure is Measure.OWED:
        query = replace(query, subjects=_on_credit(query.subjects))
    if (missing := _no_data(desk, query.span)) is not None:
        return missing
    if query.measure is Measure.PROFIT:
        return _rank_profit(desk, query)
    measure = _ranked_by(query)
    if measure is None or _is_too_fine(query):
        return Said(_("No sé ordenar eso."), is_known=False)
    ranked = _ranked(desk, replace(query, measure=measure))
    if not ranked:
        return Said(
            joined(
                _("No hubo nada de eso {when}.").format(when=span_words(query.span, desk.clock.today)),
                data_note(query.span, desk.clock),
            )
        )
    name, value = ranked[0]
    words = _best_words(query).format(
        when=text.capitalized(span_words(query.span, desk.clock.today)),
        name=name,
        value=value_words(measure, value),
        who=_buyer(query),
    )
    what = subjects_words(tuple(each for each in query.subjects if each.words != _buyer(query)))
    is_of_credit = query.subjects == (credit(),)
    notes = [
        _("Se contó {what}.").format(what=what) if what and not is_of_credit else "",
        _how_ranked(measure, query),
    ]
    if query.measure is Measure.OWED:
        notes.append(_("Es lo fiado: tus ventas no dicen qué te han pagado."))
    shown = [(each, value_words(measure, number)) for each, number in ranked]
    figures = tuple(
        (text.capitalized(each), said) for each, said in shown[: max(MOST_RANKED, query.most_named)]
    )
    page = _PAGES.get(query.dimension or Dimension.PRODUCT, "")
    notes += [data_note(query.span, desk.clock), assumed_note(query.span)]
    words = joined(words, _following(shown[1 : query.most_named]))
    return Said(joined(words, *notes), figures, page=page)


def _of_whole_days(desk: Desk, query: Query) -> Query:
    """A day that still runs is neither the weakest one, nor like the others of its name, nor part of a mean."""
    is_unfair = (
        query.measure is Measure.DAY_MEAN
        or query.dimension is Dimension.WEEKDAY
        or (query.dimension is Dimension.DAY and not query.is_most)
    )
    return replace(query, span=_of_days_over(desk, query.span)) if is_unfair else query


def _of_days_over(desk: Desk, span: DateSpan) -> DateSpan:
    """A stretch up to the last day that is over, where any of its days is."""
    is_running = span.first <= desk.whole_day < span.last
    return replace(span, last=desk.whole_day) if is_running else span


def _following(names: Sequence[tuple[str, str]]) -> str:
    """Those that come after the first, where several are asked for."""
    if not names:
        return ""
    listed = text.join_words([f"{name} ({value})" for name, value in names])
    return ngettext("Le sigue {listed}.", "Le siguen {listed}.", len(names)).format(listed=listed)


def _buyer(query: Query) -> str:
    """The customer whose goods are put in order; nothing where it is other than goods, or all that was sold."""
    is_of_goods = query.dimension in (Dimension.PRODUCT, Dimension.CATEGORY)
    who = query.named(SubjectKind.CUSTOMER) if is_of_goods else None
    return "" if who is None else who.words


def _best_words(query: Query) -> str:
    """The sentence that names the best or the worst of a kind."""
    if query.dimension is Dimension.CUSTOMER and (
        query.measure is Measure.OWED or credit() in query.subjects
    ):
        most, least = (
            _("{when}, a quien más le fiaste fue {name}: {value}."),
            _("{when}, a quien menos le fiaste fue {name}: {value}."),
        )
        return most if query.is_most else least
    goods = (
        _("{when}, lo que más vendiste fue {name}: {value}."),
        _("{when}, lo que menos vendiste fue {name}: {value}."),
    )
    if _buyer(query):
        goods = (
            _("{when}, lo que más se llevó {who} fue {name}: {value}."),
            _("{when}, lo que menos se llevó {who} fue {name}: {value}."),
        )
    words = {
        Dimension.CUSTOMER: (
            _("{when}, quien más compró fue {name}: {value}."),
            _("{when}, quien menos compró fue {name}: {value}."),
        ),
        Dimension.CASHIER: (
            _("{when}, quien más vendió fue {name}: {value}."),
            _("{when}, quien menos vendió fue {name}: {value}."),
        ),
        Dimension.PAYMENT: (
            _("{when}, la forma de pago más usada fue {name}: {value}."),
            _("{when}, la forma de pago menos usada fue {name}: {value}."),
        ),
        Dimension.SEGMENT: (
            _("{when}, el segmento que más compró fue {name}: {value}."),
            _("{when}, el segmento que menos compró fue {name}: {value}."),
        ),
        Dimension.DAY: (
            _("{when}, el mejor día fue {name}: {value}."),
            _("{when}, el día más flojo fue {name}: {value}."),
        ),
        Dimension.WEEKDAY: (
            _("{when}, el día más fuerte fue el {name}: {value}."),
            _("{when}, el día más flojo fue el {name}: {value}."),
        ),
        Dimension.HOUR: (
            _("{when}, la hora más fuerte fue la de las {name}: {value}."),
            _("{when}, la hora más floja fue la de las {name}: {value}."),
        ),
        Dimension.MONTH: (
            _("{when}, el mejor mes fue {name}: {value}."),
            _("{when}, el mes más flojo fue {name}: {value}."),
        ),
    }.get(query.dimension or Dimension.PRODUCT, goods)
    return words[0 if query.is_most else 1]


def _ranked_by(query: Query) -> Measure | None:
    """By what a kind is put in order; None for what makes no sense of it."""
    if query.measure in (Measure.OWED, Measure.SHARE):
        return Measure.REVENUE
    if query.measure is Measure.DAY_MEAN:
        return Measure.REVENUE if query.dimension is Dimension.WEEKDAY else None
    if query.dimension in (Dimension.PRODUCT, Dimension.CATEGORY) and query.measure is Measure.BASKET:
        return None
    return None if query.measure is Measure.OPEN_DAYS else query.measure


def _how_ranked(measure: Measure, query: Query) -> str:
    if query.dimension is Dimension.PRODUCT and measure is Measure.REVENUE:
        return _("Por el dinero que entró.")
    is_mean = query.dimension is Dimension.WEEKDAY and measure is not Measure.BASKET
    return _("En promedio por día.") if is_mean else ""


def _ranked(desk: Desk, query: Query) -> list[tuple[str, float]]:
    """Names and values, the one asked for first."""
    assert query.dimension is not None
    subjects = query.subjects
    if query.dimension is Dimension.SEGMENT:
        found = _segment_values(desk, query)
    else:
        parts = slices.read_parts(desk.database, desk.slice(query.span, subjects), _PARTS[query.dimension])
        name = _namer(desk, query.dimension)
        found = [
            (name(key), _value(query.measure, sums))
            for key, sums in parts.items()
            if key >= 0 and sums.receipts
        ]
        if query.dimension is Dimension.WEEKDAY and query.measure is not Measure.BASKET:
            # A month has four or five of each.
            open_days = slices.read_parts(desk.database, desk.slice(query.span, ()), Part.WEEKDAY)
            found = [
                (name(key), _value(query.measure, sums) / max(1, open_days[key].days))
                for key, sums in parts.items()
            ]
        if query.dimension is Dimension.PRODUCT:
            found = [(each, value) for each, value in found if not is_catch_all(each)]
    sign = -1 if query.is_most else 1
    found = [(each, value) for each, value in found if value > 0]  # all of it may have been brought back
    return sorted(found, key=lambda pair: (sign * pair[1], pair[0]))


def _segment_values(desk: Desk, query: Query) -> list[tuple[str, float]]:
    days = assignments.read_assignments(
        desk.database, day_number(query.span.first), day_number(query.span.last)
    )
    column = "receipts" if query.measure is Measure.RECEIPTS else "revenue_cents"
    return [
        (text.segment_name(str(key)), float(value))
        for key, value in days.groupby("segment_id")[column].sum().items()
        if key in SEGMENT_IDS  # those learned have no name that lasts
    ]


def _namer(desk: Desk, dimension: Dimension) -> Callable[[int], str]:
    today = desk.clock.today
    if dimension is Dimension.PRODUCT:
        return lambda key: desk.product_names[key]
    if dimension is Dimension.CUSTOMER:
        people = {each.customer_id: each.shown_name for each in desk.book.people}
        return lambda key: people[key]
    if dimension is Dimension.CASHIER:
        cashiers = slices.read_cashiers(desk.database)
        return lambda key: cashiers[key]
    return {
        Dimension.CATEGORY: lambda key: text.category_name(category_of(key)).lower(),
        Dimension.PAYMENT: lambda key: text.payment_name(PAYMENTS[key]).lower(),
        Dimension.DAY: lambda key: day_words(day_of(key), today),
        Dimension.WEEKDAY: lambda key: text.weekday_name(key),
        Dimension.HOUR: text.hour_label,
        Dimension.MONTH: lambda key: _("{month} de {year}").format(
            month=text.month_name(key % 100), year=date(key // 100, 1, 1).year
        ),
    }[dimension]


def _rank_profit(desk: Desk, query: Query) -> Said:
    """What leaves most, from the board of the products' care: of its own window."""
    board = find_care(desk.database, now=desk.now)
    if (
        desk.role is not Role.OWNER
        or query.subjects
        or not query.span.is_assumed
        or not isinstance(board, CareBoard)
        or query.dimension not in (Dimension.PRODUCT, Dimension.CATEGORY)
    ):
        return Said(_("No sé ordenar eso por ganancia."), is_known=False, page="products")
    if query.dimension is Dimension.CATEGORY:
        found = [
            (text.category_name(each.key), each.margin_cents)
            for each in board.by_category
            if each.costed_share > 0
        ]
    else:
        found = [
            (desk.product_names[each.product_id], each.margin_cents)
            for each in board.products
            if each.margin_cents is not None and not is_catch_all(desk.product_names[each.product_id])
        ]
    if not found:
        return Said(_("No sé: no tengo costos."), is_known=False, page="products")
    found.sort(key=lambda pair: (-pair[1] if query.is_most else pair[1], pair[0]))
    span = DateSpan(board.first_day, board.until)
    name, cents = found[0]
    best = _("{when}, lo que más ganancia dejó fue {name}: {money}.")
    least = _("{when}, lo que menos ganancia dejó fue {name}: {money}.")
    words = (best if query.is_most else least).format(
        when=text.capitalized(span_words(span, desk.clock.today)), name=name, money=text.money(cents)
    )
    shown = [(each, text.money(value)) for each, value in found]
    figures = tuple(shown[: max(MOST_RANKED, query.most_named)])
    words = joined(words, _following(shown[1 : query.most_named]))
    known = _("Sé el costo del {share} de lo vendido.").format(share=text.percent(board.costed_share))
    return Said(joined(words, known), figures, page="products")
