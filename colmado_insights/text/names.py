"""What analyses call by a code, as the shop calls it: segments, categories, payments, actions, methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from colmado_insights.text.formats import capitalized, number, percent, weekday_name
from colmado_insights.text.language import N_, _, ngettext

LIVE_KINDS = {
    "traffic": N_("Cuánta gente hay"),
    "product_demand": N_("Lo que van a pedir"),
    "revenue": N_("Lo que falta por vender"),
    "operational": N_("El tamaño de las compras"),
    "clock": N_("El reloj"),
}
LIVE_SUBJECTS = {
    "busy": N_("Mucha gente"),
    "slow": N_("Poca gente"),
    "rest_of_day": N_("Lo que falta por vender"),
    "basket": N_("Compras más grandes"),
    "clock": N_("El reloj"),
}
TOPIC_NAMES = {
    "segment": N_("Segmentos"),
    "customer": N_("Clientes"),
    "week": N_("La semana"),
    "question": N_("Tus preguntas"),
}
PROMPT_NAMES = {
    "plain": N_("Sencilla"),
    "examples": N_("Con ejemplos"),
    "warm": N_("De vecino"),
}
PROMPT_ABOUT = {
    "plain": N_("Le dice solo lo necesario."),
    "examples": N_("Le muestra además una idea buena y una mala."),
    "warm": N_("Le pide que hable cercano, con palabras del barrio."),
}
_QUITE_SURE, _RATHER_SURE = 0.75, 0.6

SEGMENT_NAMES = {
    "morning_commute": N_("Mañaneros"),
    "lunch_rush": N_("Hora de almuerzo"),
    "after_work": N_("Salida del trabajo"),
    "late_night": N_("Trasnochadores"),
    "quick_picks": N_("Compra rápida"),
    "regular_shoppers": N_("Compra regular"),
    "big_shoppers": N_("Compra grande"),
    "bulk_buyers": N_("Al por mayor"),
    "beer_and_snacks": N_("Cerveza y picadera"),
    "household": N_("Limpieza del hogar"),
    "fresh": N_("Fresco"),
    "convenience": N_("Conveniencia"),
}
SEGMENT_TYPES = {
    "temporal": N_("Por hora"),
    "basket_value": N_("Por tamaño de compra"),
    "product_preference": N_("Por gusto"),
    "learned": N_("Por lo que se ve en las compras"),
}
CATEGORY_NAMES = {
    "alcohol": N_("Cerveza y ron"),
    "staples": N_("Víveres secos"),
    "bakery": N_("Pan y lácteos"),
    "household": N_("Limpieza"),
    "snacks": N_("Picadera"),
    "beverages": N_("Refrescos y jugos"),
    "fresh": N_("Frutas y vegetales"),
    "other": N_("Otros"),
    "meat": N_("Carnes y embutidos"),
    "personal_care": N_("Cuidado personal"),
    "tobacco": N_("Cigarrillos"),
    "recharges": N_("Recargas"),
}
CATEGORY_SOURCES: dict[str, str] = {
    "owner": N_("puesta por ti"),
    "pos": N_("dicha por tu caja"),
    "rules": N_("por sus palabras"),
    "classifier": N_("por sus letras"),
    "none": N_("nadie la sabe"),
}

GOODS_NAMES = {
    "alcohol": N_("cerveza"),
    "staples": N_("víveres secos"),
    "bakery": N_("pan y lácteos"),
    "household": N_("limpieza"),
    "snacks": N_("picadera"),
    "beverages": N_("refrescos"),
    "fresh": N_("vegetales"),
    "other": N_("cosas varias"),
    "meat": N_("carnes"),
    "personal_care": N_("cuidado personal"),
    "tobacco": N_("cigarrillos"),
    "recharges": N_("recargas"),
}
"""Categories in the name of a segment: shorter, as one would say them at the counter."""
DAYPARTS = {
    "morning": N_("de la mañana"),
    "noon": N_("del mediodía"),
    "afternoon": N_("de la tarde"),
    "night": N_("de noche"),
}
BASKETS = {"large": N_("grande"), "small": N_("chiquita")}
CUSTOMER_TRAITS = {
    "lately": N_("vinieron hace poco"),
    "long_ago": N_("hace tiempo que no vienen"),
    "often": N_("vienen mucho"),
    "seldom": N_("vienen poco"),
    "much": N_("gastan mucho"),
    "little": N_("gastan poco"),
}
PAYMENT_NAMES = {
    "unknown": N_("Sin dato"),
    "cash": N_("Efectivo"),
    "card": N_("Tarjeta"),
    "transfer": N_("Transferencia"),
    "credit": N_("Fiado"),
    "check": N_("Cheque"),
    "voucher": N_("Bono"),
    "wallet": N_("Billetera móvil"),
    "mixed": N_("Mixto"),
}
ACTIONS = {
    "open_second_till": N_("Abre la segunda caja."),
    "refill_fast_movers": N_("Rellena lo que más se mueve."),
    "prepare_change": N_("Prepara menudo."),
    "count_stock": N_("Aprovecha y cuenta mercancía."),
    "clean_and_refill": N_("Limpia y rellena los tramos."),
    "prepare_next_peak": N_("Prepárate para la próxima hora fuerte."),
    "stock_top_category": N_("Ten a mano lo que más piden."),
    "fast_lane": N_("Despacha primero las compras chiquitas."),
    "offer_usual_pair": N_("Ofrece lo que suelen llevar junto."),
    "upsell": N_("Ofrece el tamaño grande."),
    "everyone_on_floor": N_("Que todos atiendan."),
    "stay_open_longer": N_("Vale la pena cerrar más tarde."),
    "offer_complements": N_("Ofrece lo que combina."),
    "have_bags_ready": N_("Ten fundas listas."),
    "family_combos": N_("Ofrece combos familiares."),
    "check_clock": N_("Revisa la fecha y la hora de la computadora."),
}
FEATURES = {
    "weekday": N_("el día de la semana"),
    "payday": N_("la quincena"),
    "holiday": N_("feriados y fechas especiales"),
    "recent": N_("las últimas semanas"),
    "season": N_("la época del año"),
    "trend": N_("si el negocio sube o baja"),
}
MODELS = {
    "weekday_mean": N_("promedio del mismo día"),
    "seasonal_naive": N_("repetir la semana pasada"),
    "ets": N_("suavizado exponencial (ETS)"),
    "theta": N_("Theta"),
    "ridge": N_("regresión con calendario"),
    "boosting": N_("árboles con calendario"),
    "share": N_("su parte de lo que vende el colmado"),
    "recent_mean": N_("promedio de 28 días"),
    "croston": N_("ventas salteadas (Croston)"),
    "tsb": N_("ventas que se apagan (TSB)"),
    "hour_mean": N_("promedio de la misma hora"),
    "hour_profile": N_("el pronóstico del día repartido por hora"),
    "hour_boosting": N_("árboles por hora"),
}
CUSTOMER_SEGMENTS = {
    "champions": N_("Los mejores"),
    "loyal": N_("Fieles"),
    "potential_loyalists": N_("Van para fieles"),
    "new": N_("Nuevos"),
    "promising": N_("Prometen"),
    "need_attention": N_("Piden atención"),
    "at_risk": N_("Se están yendo"),
    "lost": N_("Perdidos"),
}
RISKS = {
    "low": N_("Bajo"),
    "medium": N_("Medio"),
    "high": N_("Alto"),
    "critical": N_("Muy alto"),
}
DECISION_STYLES = {
    "regular": N_("Compra lo de siempre"),
    "bargain": N_("Busca el mejor precio"),
    "impulse": N_("Compra lo que se le antoja"),
    "unknown": N_("Escoge como los demás"),
}
CUSTOMER_METHODS = {
    "bgnbd": N_("modelo de visitas (BG/NBD)"),
    "mbgnbd": N_("modelo de visitas (MBG/NBD)"),
    "forest": N_("bosque de árboles"),
    "boosting": N_("árboles en cadena"),
    "logistic": N_("regresión logística"),
    "rfm": N_("recencia, frecuencia y gasto"),
    "blend": N_("mezcla de métodos"),
    "hazard": N_("su ritmo de visitas"),
    "rhythm": N_("la regla del ritmo"),
    "median_gap": N_("su espera de siempre"),
    "simple": N_("la regla simple"),
    "frequency": N_("lo de sus últimas semanas"),
}
"""How known customers are foreseen; a method not named here is called by its own name."""
BAD_ROWS = {
    "no_date": N_("no tiene fecha"),
    "bad_date": N_("la fecha no se entiende"),
    "no_amount": N_("no tiene monto"),
    "bad_amount": N_("el monto no es un número"),
    "bad_quantity": N_("la cantidad no es un número"),
    "too_many_cells": N_("tiene más celdas que columnas"),
}
HOLIDAYS = {
    "ano_nuevo": N_("Año Nuevo"),
    "reyes": N_("Día de Reyes"),
    "altagracia": N_("Día de la Altagracia"),
    "duarte": N_("Día de Duarte"),
    "independencia": N_("Independencia"),
    "viernes_santo": N_("Viernes Santo"),
    "trabajo": N_("Día del Trabajo"),
    "corpus_christi": N_("Corpus Christi"),
    "restauracion": N_("Restauración"),
    "mercedes": N_("Las Mercedes"),
    "constitucion": N_("Día de la Constitución"),
    "navidad": N_("Navidad"),
    "feriado": N_("Feriado"),
}
OCCASIONS = {
    "semana_santa": N_("Semana Santa"),
    "mothers_day": N_("Día de las Madres"),
    "fathers_day": N_("Día de los Padres"),
    "nochebuena": N_("Nochebuena"),
    "new_years_eve": N_("31 de diciembre"),
    "san_valentin": N_("San Valentín"),
    "back_to_school": N_("vuelta a clases"),
    "double_salary": N_("doble sueldo"),
    "eve": N_("víspera de feriado"),
}


def segment_name(segment_id: str) -> str:
    """Mañaneros, Hora de almuerzo …"""
    return _(SEGMENT_NAMES.get(segment_id, segment_id))


def segment_type_name(kind: str) -> str:
    """Por hora, Por tamaño de compra, Por gusto …"""
    return _(SEGMENT_TYPES.get(kind, kind))


def category_name(category: str) -> str:
    """Cerveza y ron, Picadera …"""
    return _(CATEGORY_NAMES.get(category, category))


def category_source(source: str, confidence: float) -> str:
    """Who said what category it is, and how sure: "por sus letras, 62 %"."""
    said = _(CATEGORY_SOURCES[source])
    if confidence in (0, 1):
        return said
    if source == "owner":
        said = _("aprendida de otro que corregiste")
    return _("{said}, {sure}").format(said=said, sure=percent(confidence))


def goods_name(category: str) -> str:
    """Cerveza, picadera …: a category within the name of a segment."""
    return _(GOODS_NAMES.get(category, category))


def daypart_name(daypart: str) -> str:
    """De la mañana, de noche …"""
    return _(DAYPARTS.get(daypart, daypart))


def basket_name(size: str) -> str:
    """Grande or chiquita, said of a purchase."""
    return _(BASKETS.get(size, size))


def customer_trait(trait: str) -> str:
    """What customers of a group do more than others: vienen mucho, gastan poco …"""
    return _(CUSTOMER_TRAITS.get(trait, trait))


def payment_name(payment: str) -> str:
    """Efectivo, Fiado …"""
    return _(PAYMENT_NAMES.get(payment, payment))


def action_sentence(code: str) -> str:
    """What to do, as one short sentence."""
    return _(ACTIONS.get(code, code))


def model_name(name: str) -> str:
    """The forecasting method in words; several joined by + are an average of them."""
    return join_words([_(MODELS.get(part, part)) for part in name.split("+")])


def customer_segment_name(segment: str) -> str:
    """Los mejores, Fieles …: one of the eight segments of known customers."""
    return _(CUSTOMER_SEGMENTS.get(segment, segment))


def risk_name(level: str) -> str:
    """Bajo, Medio, Alto, Muy alto: how likely a customer does not come back."""
    return _(RISKS.get(level, level))


def decision_style_name(style: str) -> str:
    """How a customer chooses, in words."""
    return _(DECISION_STYLES.get(style, style))


def customer_method_name(name: str) -> str:
    """The method that foresees a customer in words; several joined by + are an average of them."""
    return join_words([_(CUSTOMER_METHODS.get(part, part)) for part in name.split("+")])


def feature_name(code: str) -> str:
    """What a group of a forecast's features is about, in words."""
    return _(FEATURES.get(code, code))


def bad_row_reason(code: str) -> str:
    """Why a row could not become a sale."""
    return _(BAD_ROWS.get(code, code))


def occasion_name(code: str) -> str:
    """The holiday or occasion in words."""
    return _(HOLIDAYS.get(code) or OCCASIONS.get(code) or code)


def live_name(kind: str, subject: str) -> str:
    """What a kind of live insight is about: poca gente, Mañaneros; without a subject, the whole kind."""
    if not subject:
        return _(LIVE_KINDS.get(kind, kind))
    return _(LIVE_SUBJECTS[subject]) if subject in LIVE_SUBJECTS else segment_name(subject)


def confidence_words(confidence: float) -> str:
    """How sure something is, for people: no number between 0 and 1 means anything at the till."""
    if confidence < _RATHER_SURE:
        return _("Poco seguro: hay pocos datos todavía")
    return certainty(confidence)


def certainty(confidence: float) -> str:
    """The same in two words, for a card; what made it unsure is told elsewhere."""
    if confidence >= _QUITE_SURE:
        return _("Muy seguro")
    return _("Bastante seguro") if confidence >= _RATHER_SURE else _("Poco seguro")


def data_amount(count: int, unit: str) -> str:
    """3 días con ventas, 1 compra: so much data, as `NotEnough` counts it; an unknown unit is left unsaid."""
    units = {
        "days": ngettext("{n} día con ventas", "{n} días con ventas", count),
        "receipts": ngettext("{n} compra", "{n} compras", count),
        "weeks": ngettext("{n} semana", "{n} semanas", count),
        "prices": ngettext("{n} precio distinto", "{n} precios distintos", count),
        "sales": ngettext("{n} venta", "{n} ventas", count),
        "visits": ngettext("{n} visita de vuelta", "{n} visitas de vuelta", count),
        "habits": ngettext(
            "{n} producto que alguien lleva seguido", "{n} productos que alguien lleva seguido", count
        ),
        "customers": ngettext("{n} cliente conocido", "{n} clientes conocidos", count),
        "consent": _("permiso del cliente"),
    }
    return units.get(unit, "{n}").format(n=number(count))


def join_words(words: Sequence[str]) -> str:
    """pan, café y leche; names that hold an "y" of their own are only parted by commas."""
    if len(words) < 2:
        return "".join(words)
    if any(_(" y ") in word for word in words):
        return ", ".join(words)
    return _("{first} y {last}").format(first=", ".join(words[:-1]), last=words[-1])


class Described(Protocol):
    """What `segment_about` needs of a segment."""

    @property
    def type(self) -> str:
        """temporal, basket_value or product_preference."""
        ...

    @property
    def peak_days(self) -> tuple[int, ...]:
        """Weekdays, 0 = Sunday."""
        ...

    @property
    def top_categories(self) -> tuple[tuple[str, float], ...]:
        """Categories and their shares."""
        ...


def segment_about(segment: Described) -> str:
    """What a segment buys and when, in one line made from its figures."""
    wanted = [category_name(category).lower() for category, _share in segment.top_categories[:3]]
    what = join_words(wanted)
    monday_first = sorted(segment.peak_days, key=lambda day: (day + 6) % 7)
    days = join_words([weekday_name(day, short=True) for day in monday_first])
    if segment.peak_days and segment.type != "temporal":
        what = _("{what}; sobre todo {days}").format(what=what, days=days)
    return capitalized(what)


def topic_name(topic: str) -> str:
    """What Grok may be asked about."""
    return _(TOPIC_NAMES[topic])


def topic_leaves(topic: str) -> str:
    """What leaves this PC when Grok is asked about a topic, before it is allowed."""
    return {
        "segment": _(
            "De cada segmento: cuántas compras, cuánto gastan y fían, cuándo vienen y qué tipo de cosas llevan, con hasta cinco compras de ejemplo."
        ),
        "customer": _(
            "De quien no ha dicho que no: cuándo viene, cuánto gasta y fía, qué tipo de cosas lleva y si se está yendo. Nunca su nombre ni su teléfono."
        ),
        "week": _(
            "De la última semana: cuánto se vendió y de qué tipo de cosas contra lo normal, y lo que se espera de la que viene."
        ),
        "question": _(
            "Solo si el programa no entiende lo que escribes: tus palabras, con CLIENTE_1 o PRODUCTO_1 en lugar de cada nombre. Ningún número de tus ventas."
        ),
    }[topic]


def prompt_name(variant: str) -> str:
    """What a way of asking Grok is called."""
    words = PROMPT_NAMES.get(variant)
    return _(words) if words else variant


def prompt_about(variant: str) -> str:
    """What a way of asking Grok does; empty of one that is not known."""
    words = PROMPT_ABOUT.get(variant)
    return _(words) if words else ""


def arm_letter(place: int) -> str:
    """What an experiment's arm is called, by its place: A, B, C …"""
    return chr(ord("A") + place)
