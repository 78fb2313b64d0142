"""The names and words of the facts, in Spanish and English: what Grok reads, and the owner before it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from colmado_insights import text

_SPANISH: Mapping[str, str] = {
    "morning_commute": "compran de 6 a. m. a 10 a. m.",
    "lunch_rush": "compran de 11 a. m. a 3 p. m.",
    "after_work": "compran de 5 p. m. a 9 p. m.",
    "late_night": "compran de 9 p. m. a 2 a. m.",
    "quick_picks": "gastan menos de RD$ 200",
    "regular_shoppers": "gastan de RD$ 200 a RD$ 500",
    "big_shoppers": "gastan de RD$ 500 a RD$ 1,000",
    "bulk_buyers": "gastan RD$ 1,000 o más",
    "beer_and_snacks": "sobre todo cerveza y ron, solos o con picadera y refrescos",
    "household": "sobre todo limpieza y cuidado personal",
    "fresh": "sobre todo frutas, vegetales, carnes, pan y lácteos",
    "convenience": "una o dos cosas, por menos de RD$ 200",
    "daily": "todos los días",
    "weekly": "todas las semanas",
    "occasional": "de vez en cuando",
}
_ENGLISH: Mapping[str, str] = {
    "morning_commute": "they buy from 6 a.m. to 10 a.m.",
    "lunch_rush": "they buy from 11 a.m. to 3 p.m.",
    "after_work": "they buy from 5 p.m. to 9 p.m.",
    "late_night": "they buy from 9 p.m. to 2 a.m.",
    "quick_picks": "they spend less than RD$ 200",
    "regular_shoppers": "they spend RD$ 200 to RD$ 500",
    "big_shoppers": "they spend RD$ 500 to RD$ 1,000",
    "bulk_buyers": "they spend RD$ 1,000 or more",
    "beer_and_snacks": "mostly beer and rum, alone or with snacks and soft drinks",
    "household": "mostly cleaning and personal care",
    "fresh": "mostly fruit, vegetables, meat, bread and dairy",
    "convenience": "one or two things, for less than RD$ 200",
    "daily": "every day",
    "weekly": "every week",
    "occasional": "now and then",
    # names of facts
    "segmento": "segment",
    "regla": "rule",
    "parte_de_compras": "share_of_purchases",
    "parte_del_ingreso": "share_of_income",
    "gasto_por_compra": "spent_per_purchase",
    "gasto_del_colmado": "spent_in_whole_shop",
    "productos_por_compra": "items_per_purchase",
    "vienen": "they_come",
    "dias_fuertes": "busy_days",
    "horas_fuertes": "busy_hours",
    "categorias_de_su_gasto": "categories_of_their_spending",
    "fiado": "on_credit",
    "llevan_junto": "bought_together",
    "de_cada_10_con": "of_every_10_with",
    "llevan": "take",
    "cuantos": "how_many",
    "cambio": "change",
    "sube": "up",
    "baja": "down",
    "dias_de_pago": "pay_days",
    "fechas_que_vienen": "coming_dates",
    "muestras_hora_total_productos_categorias": "samples_hour_total_items_categories",
    "grupo": "group",
    "riesgo_de_no_volver": "risk_of_not_coming_back",
    "viene_cada_cuantos_dias": "comes_every_how_many_days",
    "ahora": "now",
    "conocido_hace_meses": "known_for_months",
    "dias_habituales": "usual_days",
    "horas_habituales": "usual_hours",
    "compra_en_dias_de_pago": "buys_on_pay_days",
    "manera_de_escoger": "way_of_choosing",
    "semana": "week",
    "ingreso": "income",
    "ingreso_contra_lo_normal": "income_against_normal",
    "compras": "purchases",
    "compras_contra_lo_normal": "purchases_against_normal",
    "gasto_por_compra_contra_lo_normal": "spent_per_purchase_against_normal",
    "dias_abiertos": "days_open",
    "categorias_del_ingreso": "categories_of_income",
    "categorias_que_cambiaron": "categories_that_changed",
    "fechas": "dates",
    "fechas_de_la_semana_que_sigue": "dates_of_next_week",
    "ingreso_esperado_la_semana_que_sigue": "expected_income_next_week",
    # what they say
    "viene a su ritmo de siempre": "comes at their usual pace",
    "tarda más de lo suyo": "takes longer than usual",
    "hace mucho que no viene": "has not come for long",
    "como siempre": "as usual",
    "día de pago": "pay day",
}


def in_language(facts: Any) -> Any:
    """The facts with our own codes, names and words said in the language in use."""
    words = _ENGLISH if text.language() == "en" else _SPANISH
    if isinstance(facts, Mapping):
        return {words.get(name, name): in_language(value) for name, value in facts.items()}
    if isinstance(facts, (list, tuple)):
        return [in_language(value) for value in facts]
    return words.get(facts, facts) if isinstance(facts, str) else facts
