"""What will sell, and how earlier forecasts came out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from colmado_insights import text
from colmado_insights.analytics.results import (
    Backtest,
    Forecast,
    ForecastPoint,
    HourForecast,
    HourPoint,
    ModelTrack,
    NotEnough,
)
from colmado_insights.cli.answers import not_enough_values, not_enough_words
from colmado_insights.cli.group import main
from colmado_insights.cli.help import option
from colmado_insights.cli.options import Options, common
from colmado_insights.domain import Category, Reason, Subject, Target
from colmado_insights.text import _


@main.command(example="colmado forecast --horizon 7")
@option(
    "--target",
    type=click.Choice([str(t) for t in Target]),
    help="Ventas, compras o unidades; si no se dice, ventas, y unidades de un producto.",
)
@option("--product", help="De un producto: su número o su nombre.")
@option("--category", help="De una categoría: su código o su nombre.")
@option("--by", type=click.Choice(["day", "hour"]), default="day", show_default=True, help="Día u hora.")
@option(
    "--horizon",
    type=click.IntRange(1, 28),
    default=14,
    show_default=True,
    never_with=("track",),
    help="Días por delante.",
)
@option("--track", is_flag=True, help="Cómo salieron los pronósticos guardados.")
@common
def forecast(
    options: Options,
    target: str | None,
    product: str | None,
    category: str | None,
    by: str,
    horizon: int,
    track: bool,
) -> None:
    """Qué se venderá en los próximos días, del colmado, de una categoría o de un producto."""
    asked = Target(target or ("revenue" if product is None else "units"))
    _refuse_odd_forecast(asked, product, category, by)
    if by == "hour" and track:
        raise click.UsageError(_("Por hora no se guardan pronósticos: pide --track sin --by hour."))
    with options.shop() as shop:
        if by == "hour":
            _show_hours(options, shop.compute_hours(asked, horizon, options.as_of, options.progress()))
            return
        subject = Subject(
            asked,
            category=None if category is None else _category(category),
            product_id=None if product is None else shop.find_product(product),
        )
        if track:
            _show_track(options, shop.read_track(subject, options.as_of))
            return
        _show_forecast(options, shop.compute_forecast(subject, horizon, options.as_of, options.progress()))


def _refuse_odd_forecast(target: Target, product: str | None, category: str | None, by: str) -> None:
    """Say what does not go together."""
    is_part = product is not None or category is not None
    if product is not None and category is not None:
        raise click.UsageError(_("Di un producto o una categoría, no los dos."))
    if by == "hour" and (is_part or target is Target.UNITS):
        raise click.UsageError(_("Por hora solo hay ventas y compras de todo el colmado."))
    if target is Target.UNITS and not is_part:
        raise click.UsageError(
            _("Las unidades son de un producto o de una categoría: dilo con --product o --category.")
        )
    if target is Target.RECEIPTS and is_part:
        raise click.UsageError(_("Las compras son de todo el colmado; de un producto hay unidades y ventas."))


def _category(words: str) -> Category:
    """The category of that code or name."""
    wanted = words.strip().casefold()
    for category in Category:
        if wanted in (str(category), text.category_name(category).casefold()):
            return category
    raise click.BadParameter(
        _("no hay categoría «{words}»; hay {codes}.").format(
            words=words, codes=", ".join(map(str, Category))
        ),
        param_hint="--category",
    )


_POINT = ("mean", "lo80", "hi80", "lo95", "hi95")


def _show_forecast(options: Options, found: Forecast | NotEnough) -> None:
    if isinstance(found, NotEnough):
        options.show(
            {"model": None, "points": [], "not_enough": not_enough_values(found)}, not_enough_words(found)
        )
        return
    scale = 100 if found.target is Target.REVENUE else 1
    drivers = [
        {
            "date": point.day,
            "causes": [
                {
                    "code": d.reason.code,
                    "words": text.sentence(d.reason),
                    "amount": round(d.amount / scale, 2),
                }
                for d in causes
            ],
        }
        for point, causes in zip(found.points, found.drivers, strict=False)
    ]
    values = {
        "target": found.target,
        "category": found.category,
        "product_id": found.product_id,
        "model": found.model,
        "until": found.until,
        "points": [{"date": point.day} | _point_values(point, scale) for point in found.points],
        "backtest": _backtest_values(found.backtest),
        "drivers": drivers,
        "candidates": [{"model": name, "wape": round(wape, 4)} for name, wape in found.candidates],
        "confidence": found.confidence,
        "reasons": [text.sentence(reason) for reason in found.reasons],
    }
    options.show(values, "\n".join(_forecast_words(found)))


def _show_hours(options: Options, found: HourForecast | NotEnough) -> None:
    if isinstance(found, NotEnough):
        options.show(
            {"model": None, "points": [], "not_enough": not_enough_values(found)}, not_enough_words(found)
        )
        return
    scale = 100 if found.target is Target.REVENUE else 1
    values = {
        "target": found.target,
        "model": found.model,
        "until": found.until,
        "points": [
            {"date": point.day, "hour": point.hour} | _point_values(point, scale) for point in found.points
        ],
        "backtest": _backtest_values(found.backtest),
        "drivers": [],
        "confidence": found.confidence,
        "reasons": [text.sentence(reason) for reason in found.reasons],
    }
    options.show(values, "\n".join(_hour_words(found)))


def _point_values(point: ForecastPoint | HourPoint, scale: int) -> dict[str, float]:
    return {name: round(getattr(point, name) / scale, 2) for name in _POINT}


def _backtest_values(score: Backtest | None) -> dict[str, float] | None:
    if score is None:
        return None
    names = ("wape", "naive_wape", "coverage80", "coverage95", "within15")
    return {name: round(getattr(score, name), 4) for name in names}


def _hour_words(found: HourForecast) -> Iterator[str]:
    write = text.money if found.target is Target.REVENUE else text.number
    for reason in found.reasons:
        yield text.sentence(reason)
    for point in found.points:
        yield _("{day}, {hour}: {mean}  (8 de cada 10 veces entre {low} y {high})").format(
            day=text.short_date(point.day),
            hour=text.hour_label(point.hour),
            mean=write(round(point.mean)),
            low=write(round(point.lo80)),
            high=write(round(point.hi80)),
        )


def _show_track(options: Options, found: ModelTrack | NotEnough) -> None:
    if isinstance(found, NotEnough):
        options.show(
            {"model": None, "weeks": [], "not_enough": not_enough_values(found)}, not_enough_words(found)
        )
        return
    weeks = [
        {
            "week": week.week,
            "wape": round(week.wape, 4),
            "naive_wape": round(week.naive_wape, 4),
            "bias": round(week.bias, 4),
            "coverage80": round(week.coverage80, 4),
            "days": week.days,
            "model": week.model,
            "is_kept": week.is_kept,
        }
        for week in found.weeks
    ]
    told = [*found.reasons, *((found.drift,) if found.drift else ())]
    values = {
        "target": found.target,
        "until": found.until,
        "model": found.model,
        "wape": round(found.wape, 4),
        "naive_wape": round(found.naive_wape, 4),
        "bias": round(found.bias, 4),
        "coverage80": round(found.coverage80, 4),
        "coverage95": round(found.coverage95, 4),
        "days": found.days,
        "weeks": weeks,
        "challengers": [{"model": name, "wape": round(wape, 4)} for name, wape in found.challengers],
        "changes": [{"from": day, "model": model} for day, model in found.changes],
        "drift": found.drift.code if found.drift and found.drift.code != "drift_none" else None,
        "reasons": [text.sentence(reason) for reason in told],
    }
    options.show(values, "\n".join(_track_words(found, told)))


def _track_words(found: ModelTrack, told: Sequence[Reason]) -> Iterator[str]:
    leaning = _("espera {share} de más") if found.bias > 0 else _("espera {share} de menos")
    yield _("Método: {model}. Error {wape}; repetir la semana pasada, {naive}; {leaning}.").format(
        model=text.model_name(found.model),
        wape=text.percent(found.wape),
        naive=text.percent(found.naive_wape),
        leaning=leaning.format(share=text.percent(abs(found.bias))),
    )
    for reason in told:
        yield text.sentence(reason)
    for week in found.weeks:
        yield _("Semana del {day}: error {wape}, {bias}  ({kind})").format(
            day=text.short_date(week.week),
            wape=text.percent(week.wape),
            bias=text.percent(week.bias, signed=True),
            kind=_("en su momento") if week.is_kept else _("de prueba"),
        )


def _forecast_words(found: Forecast) -> Iterator[str]:
    write = text.money if found.target is Target.REVENUE else text.number
    for reason in found.reasons:
        yield text.sentence(reason)
    for point in found.points:
        if not point.hi95:
            yield _("{day}: cerrado").format(day=text.short_date(point.day))
            continue
        yield _("{day}: {mean}  (8 de cada 10 veces entre {low} y {high})").format(
            day=text.short_date(point.day),
            mean=write(point.mean),
            low=write(point.lo80),
            high=write(point.hi80),
        )
