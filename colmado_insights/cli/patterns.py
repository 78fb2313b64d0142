"""The shop's rhythms: hours of the week, days around pay, seasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from colmado_insights import text
from colmado_insights.analytics.results import Effect, HourPattern, NotEnough, PayCurve, Seasons
from colmado_insights.cli.answers import not_enough_words, values_or_not_enough
from colmado_insights.cli.group import main
from colmado_insights.cli.help import option
from colmado_insights.cli.options import Options, common
from colmado_insights.domain import SHOP_TARGETS, Target
from colmado_insights.text import _, ngettext


@main.command(example="colmado patterns")
@option(
    "--target",
    type=click.Choice([str(t) for t in SHOP_TARGETS]),
    default="revenue",
    show_default=True,
    help="Ventas o compras.",
)
@common
def patterns(options: Options, target: str) -> None:
    """Los ritmos del colmado: horas de la semana, quincena, meses, feriados y tendencia."""
    wanted = Target(target)
    with options.shop() as shop:
        week = shop.compute_pattern(options.as_of)
        curve = shop.compute_pay_curve(wanted, options.as_of)
        seasons = shop.compute_seasons(wanted, options.as_of)
    values = {
        "target": target,
        "week": values_or_not_enough(week, _week_values),
        "pay_curve": values_or_not_enough(curve, _curve_values),
        "seasons": values_or_not_enough(seasons, _season_values),
    }
    words = [*_week_words(week), "", *_curve_words(curve), "", *_season_words(seasons)]
    options.show(values, "\n".join(words))


def _week_values(week: HourPattern) -> dict[str, Any]:
    return {
        "receipts": [[round(mean, 3) for mean in row] for row in week.receipts],
        "revenue": [[round(mean / 100, 2) for mean in row] for row in week.revenue_cents],
        "open_days": list(week.open_days),
        "first_day": week.first_day,
        "until": week.until,
    }


def _curve_values(curve: PayCurve) -> dict[str, Any]:
    return {
        "points": [{"offset": offset} | _effect_values(effect) for offset, effect in curve.points],
        "first_day": curve.first_day,
        "until": curve.until,
        "reasons": [text.sentence(reason) for reason in curve.reasons],
    }


def _season_values(seasons: Seasons) -> dict[str, Any]:
    scale = 100 if seasons.target is Target.REVENUE else 1
    return {
        "weekdays": [_effect_values(effect) for effect in seasons.weekdays],
        "months": [{"month": month} | _effect_values(effect) for month, effect in seasons.months],
        "holidays": [{"id": name} | _effect_values(effect) for name, effect in seasons.holidays],
        "levels": [{"month": first, "mean": round(mean / scale, 2)} for first, mean in seasons.levels],
        "trend": None if seasons.trend is None else _effect_values(seasons.trend),
        "shifts": [{"day": day, "factor": round(factor, 3)} for day, factor in seasons.shifts],
        "first_day": seasons.first_day,
        "until": seasons.until,
        "reasons": [text.sentence(reason) for reason in seasons.reasons],
    }


def _effect_values(effect: Effect) -> dict[str, float]:
    return {name: round(getattr(effect, name), 4) for name in ("factor", "lo", "hi")} | {"days": effect.days}


def _week_words(week: HourPattern | NotEnough) -> Iterator[str]:
    """Mean receipts by weekday, the hours side by side."""
    if isinstance(week, NotEnough):
        yield not_enough_words(week)
        return
    hours = [hour for hour in range(24) if any(row[hour] for row in week.receipts)]
    yield _("Compras por hora, del {first} al {until}").format(
        first=text.short_date(week.first_day), until=text.short_date(week.until)
    )
    yield f"{'':<12}" + "".join(f"{hour:>4}" for hour in hours)
    for weekday in (1, 2, 3, 4, 5, 6, 0):
        means = (f"{week.receipts[weekday][hour]:>4.0f}" for hour in hours)
        yield f"{text.weekday_name(weekday):<12}" + "".join(means)


def _curve_words(curve: PayCurve | NotEnough) -> Iterator[str]:
    if isinstance(curve, NotEnough):
        yield not_enough_words(curve)
        return
    yield _("Alrededor del cobro, contra un día corriente")
    for reason in curve.reasons:
        yield f"  {text.sentence(reason)}"
    for offset, effect in curve.points:
        yield f"  {_offset_words(offset):<18}{_effect_words(effect)}"


def _offset_words(offset: int) -> str:
    if offset == 0:
        return _("día de cobro")
    if offset < 0:
        return ngettext("{n} día antes", "{n} días antes", -offset).format(n=-offset)
    return ngettext("{n} día después", "{n} días después", offset).format(n=offset)


def _season_words(seasons: Seasons | NotEnough) -> Iterator[str]:
    if isinstance(seasons, NotEnough):
        yield not_enough_words(seasons)
        return
    for reason in seasons.reasons:
        yield text.sentence(reason)
    yield f"\n{_('Días de la semana')}"
    for weekday in (1, 2, 3, 4, 5, 6, 0):
        yield f"  {text.weekday_name(weekday):<24}{_effect_words(seasons.weekdays[weekday])}"
    if seasons.months:
        yield f"\n{_('Meses')}"
    for month, effect in seasons.months:
        yield f"  {text.month_name(month):<24}{_effect_words(effect)}"
    if seasons.holidays:
        yield f"\n{_('Feriados y fechas')}"
    for name, effect in seasons.holidays:
        yield f"  {text.occasion_name(name):<24}{_effect_words(effect)}"
    if seasons.trend is not None:
        yield f"\n{_('Tendencia en un año'):<26}{_effect_words(seasons.trend)}"
    for day, factor in seasons.shifts:
        yield _("Desde el {day} el nivel cambió: {change}").format(
            day=text.long_date(day), change=_signed(factor)
        )


def _effect_words(effect: Effect) -> str:
    if not effect.days:
        return _("cerrado")
    days = ngettext("{n} día", "{n} días", effect.days).format(n=text.number(effect.days))
    return _("{change}  (entre {low} y {high}, {days})").format(
        change=_signed(effect.factor), low=_signed(effect.lo), high=_signed(effect.hi), days=days
    )


def _signed(factor: float) -> str:
    return f"{'+' if factor >= 1 else '−'}{text.percent(abs(factor - 1))}"
