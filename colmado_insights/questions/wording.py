"""Days, amounts and subjects in words, as an answer says what was counted."""

from __future__ import annotations

from datetime import date, timedelta

from colmado_insights import text
from colmado_insights.questions.intents import Clock
from colmado_insights.questions.query import DateSpan, Named, SubjectKind
from colmado_insights.questions.subjects import describe
from colmado_insights.text import _, ngettext

NAMED = 6
"""Products that are told by name among the figures."""


def day_words(day: date, today: date) -> str:
    """El domingo 15 de noviembre; hoy jueves 19 de noviembre; with its year where it is not this one."""
    year = "" if day.year == today.year else _(" de {year}").format(year=day.year)
    named = _("{weekday} {day} de {month}{year}").format(
        weekday=text.weekday(day), day=day.day, month=text.month_name(day.month), year=year
    )
    near = {0: _("hoy {day}"), 1: _("mañana {day}"), -1: _("ayer {day}")}.get((day - today).days)
    return (near or _("el {day}")).format(day=named)


def span_words(span: DateSpan, today: date) -> str:
    """The days and hours of a stretch: del 9 al 15 de noviembre; los domingos …, de 5 p. m. a 8 p. m."""
    words = day_words(span.first, today) if span.first == span.last else _stretch(span, today)
    if span.weekday is not None:
        words = _("los {weekdays} {days}").format(weekdays=text.weekdays_name(span.weekday), days=words)
    if not span.is_whole:
        words = _("{days}, de {first} a {last}").format(
            days=words, first=text.hour_label(span.from_hour), last=text.hour_label(span.to_hour)
        )
    return words


def _stretch(span: DateSpan, today: date) -> str:
    first, last = span.first, span.last
    year = "" if last.year == today.year else _(" de {year}").format(year=last.year)
    is_month = first.day == 1 and (last + timedelta(days=1)).day == 1 and first.month == last.month
    if is_month and first.year == last.year:
        return _("en {month}{year}").format(month=text.month_name(first.month), year=year)
    if (first.year, first.month) == (last.year, last.month):
        return _("del {first} al {last} de {month}{year}").format(
            first=first.day, last=last.day, month=text.month_name(last.month), year=year
        )
    opening = "" if first.year == last.year else _(" de {year}").format(year=first.year)
    return _("del {first} de {first_month}{opening} al {last} de {month}{year}").format(
        first=first.day,
        first_month=text.month_name(first.month),
        opening=opening,
        last=last.day,
        month=text.month_name(last.month),
        year=year,
    )


def amount(milli: int) -> str:
    """12 or 12.5: whole units, or as much of a pound."""
    return text.number(milli / 1000, 0 if milli % 1000 == 0 else 2)


def unit_money(cents: int) -> str:
    """A price: with cents only where it has some."""
    return text.money_exact(cents) if cents % 100 else text.money(cents)


def receipts_words(count: int) -> str:
    """1 compra, 85 compras."""
    return ngettext("{n} compra", "{n} compras", count).format(n=text.number(count))


def subjects_words(subjects: tuple[Named, ...]) -> str:
    """All that was named, as it was counted."""
    return text.join_words([describe(each) for each in subjects])


def data_note(span: DateSpan, clock: Clock) -> str:
    """That the data begin or end within what was asked, where they do."""
    if span.last > clock.last:
        return _("Tus datos llegan hasta {day}.").format(day=day_words(clock.last, clock.today))
    if span.first < clock.first:
        return _("Tus datos empiezan {day}.").format(day=day_words(clock.first, clock.today))
    return ""


def assumed_note(span: DateSpan) -> str:
    """That the days were chosen by the program."""
    return _("No dijiste cuándo: miré esos días.") if span.is_assumed else ""


def joined(*sentences: str) -> str:
    """Sentences that say something, one after the other."""
    return text.fluent(" ".join(text.capitalized(each) for each in sentences if each))


def counted_figures(subjects: tuple[Named, ...], names: dict[int, str]) -> list[tuple[str, str]]:
    """What was counted under a name that several products bear."""
    found = []
    for each in subjects:
        if each.kind is SubjectKind.PRODUCTS and len(each.ids) > 1:
            listed = ", ".join(names[key] for key in each.ids[:NAMED])
            more = len(each.ids) - NAMED
            rest = "" if more <= 0 else ngettext(" y {n} más", " y {n} más", more).format(n=more)
            found.append((_("Contado como «{words}»").format(words=each.words), listed + rest))
        elif each.kind is SubjectKind.CATEGORY:
            found.append(
                (_("Productos de {category}").format(category=each.words), text.number(len(each.ids)))
            )
    return found
