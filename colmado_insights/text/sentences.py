"""A `Reason` in words: one template a code, one way of writing each kind of value.

Analyses stay wordless, and screen, Excel, PDF and command line say the same thing.

To add a reason: add its template to SENTENCES; a value is written by its name (see `_write`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from colmado_insights.domain import Reason, moment_of
from colmado_insights.text.formats import (
    clock,
    hour_label,
    money,
    number,
    percent,
    short_date,
    weekday_name,
    weekdays_name,
)
from colmado_insights.text.language import N_, _
from colmado_insights.text.names import (
    bad_row_reason,
    category_name,
    join_words,
    model_name,
    occasion_name,
    segment_name,
)

SENTENCES: dict[str, str] = {
    # what is usual
    "usual_same_weekday": N_("Comparado con los últimos {days} {weekday} con ventas."),
    "usual_all_weekdays": N_(
        "Comparado con los últimos {days} días con ventas: de este día hay pocos todavía."
    ),
    "normal_like": N_(
        "Comparado con los {weekday}{pay_phase}{holiday}: lo que se aprendió de {days} días con ventas."
    ),
    "normal_all_weekdays": N_(
        "Comparado con los {days} días con ventas que hay: de los {weekday} hay pocos todavía."
    ),
    "normal_span": N_(
        "Comparado con lo que venden {days} días así: {paydays} de quincena, {holidays} feriados."
    ),
    "usual_receipts": N_("Lo normal a esta hora son {mean} compras, entre {lo} y {hi}."),
    "receipts_by_day": N_("Compras en esa hora: {by_day}."),
    "usual_basket": N_("Lo normal a esta hora son {mean_cents} por compra, entre {lo_cents} y {hi_cents}."),
    "baskets_by_day": N_("Promedio por compra en esa hora: {by_day_cents}."),
    "usual_rest": N_("Lo normal de ahora al cierre son {mean_cents}, entre {lo_cents} y {hi_cents}."),
    "rest_by_day": N_("Vendido de esta hora al cierre: {by_day_cents}."),
    # live
    "traffic_busy": N_("Más gente que lo normal: {now} compras en la última hora, lo normal son {usual}."),
    "traffic_slow": N_("Menos gente que lo normal: {now} compras en la última hora, lo normal son {usual}."),
    "basket_high": N_("Están comprando más por visita: {now_cents}, lo normal son {usual_cents}."),
    "revenue_rest_high": N_(
        "Buen día por delante: se esperan {expected_cents} más, lo normal son {usual_cents}."
    ),
    "segment_peak": N_("{segment}: van a pedir {categories}."),
    "segment_peak_hours": N_("Sus horas fuertes son {hours}."),
    "usual_pair": N_("{share} de los que llevan {first} llevan también {second}."),
    "clock_jumped": N_(
        "El reloj no cuadra: la computadora dice {now_at} y la última venta es de {last_sale_at}."
    ),
    # segments
    "segment_sample": N_("{receipts} compras en {open_days} días abiertos."),
    # forecasts
    "forecast_method": N_(
        "Método: {model}. Error típico {wape}; repetir la semana pasada erraría {naive_wape}."
    ),
    "little_history": N_("Hay solo {days} días con ventas; con {needed} el pronóstico será más firme."),
    "few_receipts": N_(
        "Con unas {receipts} compras al día, el azar solo ya mueve cada día un {floor}; más exacto no se puede."
    ),
    "closed_weekday": N_("Los {weekday} se cierra."),
    "weekday": N_("Es {weekday}"),
    "payday": N_("Quincena"),
    "before_payday": N_("Antes de la quincena"),
    "holiday": N_("Feriado: {holiday}"),
    "eve": N_("Víspera de feriado"),
    "occasion": N_("{occasion}"),
    "december": N_("Diciembre"),
    "trend": N_("Tendencia de las últimas semanas"),
    # what to do
    "prepare_peak_day": N_("Prepárate para el {day}: se esperan {cents}"),
    "peak_above_mean": N_("{share} más que el promedio de los días que vienen."),
    "offer_pair": N_("Ofrece {second} a quien lleva {first}"),
    "win_back_segment": N_("Recupera a los de {segment}"),
    "segment_fell": N_("Sus compras bajaron {share} frente a los {days} días de antes."),
    "look_at_quarantine": N_("Revisa {rows} filas que no se pudieron importar"),
    "quarantine_not_counted": N_("Están guardadas, pero no cuentan como ventas."),
    # imports
    "quarantined": N_("{rows} filas: {code}"),
    "totals_rows": N_("{rows} filas de totales que no son ventas."),
    "other_tables": N_("El archivo trae otras tablas que no se leyeron: {names}."),
    "tenders_are_columns": N_("La forma de pago sale de las columnas {names}."),
    "basket_in_a_cell": N_(
        "La columna «{header}» trae la compra entera: se sabe qué se llevaron, pero no cuánto costó cada cosa."
    ),
    "only_totals": N_(
        "La columna «{header}» es de la compra entera: se sabe qué se llevaron, pero no cuánto costó cada cosa."
    ),
    "rows_continue": N_("Las filas sin recibo ni fecha son de la compra de arriba."),
    "column_counts_lines": N_("La columna «{header}» cuenta los productos de la compra; no es dinero."),
    "receipt_total_repeated": N_("La columna «{header}» repite el total de la compra en cada línea."),
    "amount_before_discount": N_("La columna «{header}» es antes del descuento."),
    "price_is_line_total": N_("El precio es el de toda la línea, no el de una unidad."),
    "amount_reconciles": N_("Cantidad por precio da el monto en {share} de las filas."),
    "date_order_assumed": N_("Las fechas se leyeron {order}; el archivo no lo deja claro."),
    "late_receipts": N_("Cambiaron días ya vistos: {receipts} compras llegaron tarde, la primera del {day}."),
    "no_receipt_number": N_("No trae número de recibo: las líneas del mismo momento son una compra."),
    "no_time_of_day": N_("No trae la hora: estas ventas no cuentan en nada por hora."),
    # quality of the data
    "missing_cost": N_("Productos sin costo: {count}. Sin él no se sabe cuánto dejan."),
    "price_under_cost": N_("Productos que se venden por menos de lo que cuestan: {count}."),
    "unsure_category": N_("Productos cuya categoría no se sabe bien: {count}."),
    "catch_all_products": N_("Ventas que no dicen de qué son: VARIOS y parecidos."),
    "unnamed_products": N_("Ventas sin nombre de producto."),
    "rows_in_quarantine": N_("Filas que esperan en cuarentena y no cuentan como ventas: {rows}."),
    "future_sales": N_("Compras con una fecha que todavía no ha llegado: {count}."),
    "clock_jumps": N_("Veces que el reloj de la caja saltó hacia atrás: {count}."),
    "days_without_sales": N_("Días sin una sola venta, sin contar los que se cierra: {days}."),
    "receipts_without_time": N_("Compras sin hora, que no cuentan en nada por hora: {count}."),
}


_DAYS_TOLD = 5


def _categories(values: Any) -> str:
    return join_words([category_name(str(value)).lower() for value in values])


def _hours(values: Any) -> str:
    return join_words([hour_label(int(value)) for value in sorted(values)])


def _in_ten(share: Any) -> str:
    """4 de cada 10: how a shop says a share."""
    tenths = round(float(share) * 10)
    return _("{n} de cada 10").format(n=tenths) if 0 < tenths < 10 else percent(float(share))


def _of_phase(phase: Any) -> str:
    phases = {"payday": _(" de quincena"), "before": _(" de antes de la quincena")}
    return phases.get(str(phase), "")


def _in_brackets(holiday: Any) -> str:
    return f" ({occasion_name(str(holiday))})" if holiday else ""


def _moment(seconds: Any) -> str:
    moment = moment_of(int(seconds))
    return f"{short_date(moment.date())}, {clock(moment)}"


def _count(value: Any) -> str:
    return number(float(value))


def _day(value: Any) -> str:
    return short_date(date.fromisoformat(str(value)))


def _by_day(write: Callable[[float], str]) -> Callable[[Any], str]:
    """18 el vie 13 nov · 15 el vie 6 nov: the newest days, few enough to be read at a glance."""

    def words(values: Any) -> str:
        told = list(values)[:_DAYS_TOLD]
        days = [_("{value} el {day}").format(value=write(float(value)), day=_day(day)) for day, value in told]
        return " · ".join([*days, "…"] if len(values) > _DAYS_TOLD else days)

    return words


def _date_order(order: Any) -> str:
    orders = {"dmy": _("día/mes/año"), "mdy": _("mes/día/año"), "ymd": _("año-mes-día")}
    return orders.get(str(order), str(order))


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "share": lambda value: percent(float(value)),
    "wape": lambda value: percent(float(value)),
    "naive_wape": lambda value: percent(float(value)),
    "floor": lambda value: percent(float(value)),
    "weekday": lambda value: weekday_name(int(value)),
    "segment": lambda value: segment_name(str(value)),
    "first": lambda value: category_name(str(value)).lower(),
    "second": lambda value: category_name(str(value)).lower(),
    "categories": _categories,
    "hours": _hours,
    "hour": lambda value: hour_label(int(value)),
    "holiday": lambda value: occasion_name(str(value)),
    "occasion": lambda value: occasion_name(str(value)),
    "day": _day,
    "model": lambda value: model_name(str(value)),
    "now_at": _moment,
    "order": _date_order,
    "last_sale_at": _moment,
    "by_day": _by_day(number),
    "code": lambda value: bad_row_reason(str(value)),
}
"""How a value is written, by its name; numbers named …cents are money, all others counts."""
_SPECIAL: Mapping[tuple[str, str], Callable[[Any], str]] = {
    ("baskets_by_day", "by_day_cents"): _by_day(money),
    ("rest_by_day", "by_day_cents"): _by_day(money),
    ("usual_pair", "share"): _in_ten,
    ("usual_same_weekday", "weekday"): lambda value: weekdays_name(int(value)),
    ("closed_weekday", "weekday"): lambda value: weekdays_name(int(value)),
    ("normal_like", "weekday"): lambda value: weekdays_name(int(value)),
    ("normal_like", "pay_phase"): _of_phase,
    ("normal_like", "holiday"): _in_brackets,
    ("normal_all_weekdays", "weekday"): lambda value: weekdays_name(int(value)),
}
"""How a value is written in one sentence only."""


def _write(reason: str, name: str, value: Any) -> str:
    if (reason, name) in _SPECIAL:
        return _SPECIAL[reason, name](value)
    if name == "cents" or name.endswith("_cents"):
        return money(float(value))
    writer = _WRITERS.get(name)
    if writer is None:
        writer = _count if isinstance(value, (int, float)) else str
    return writer(value)


def sentence(reason: Reason) -> str:
    """The reason in words."""
    template = _(SENTENCES[reason.code])
    words = template.format(**{name: _write(reason.code, name, value) for name, value in reason.values})
    return words[:1].upper() + words[1:]
