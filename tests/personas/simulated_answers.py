"""Answers as a good model would write them from the facts, and the same with one invented number planted.

Numbers stand as models write them: RD$130, 130 pesos, ciento treinta pesos, 35%, treinta y cinco por ciento,
7 de la mañana, 19:00, entre las 7 y las 8 a. m., 3 de cada 10.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from colmado_insights.personas.persona import Question


def _words(listed: str) -> list[str]:
    return listed.split()


_ES_UNITS = _words(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro "
    "veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_ES_TENS = _words("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_ES_HUNDREDS = _words(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)
_EN_UNITS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_EN_TENS = _words("twenty thirty forty fifty sixty seventy eighty ninety")


def spell(number: int, language: str) -> str:
    """A whole number under a million in words."""
    return _spell_es(number) if language == "es" else _spell_en(number)


def _spell_es(number: int) -> str:
    if number < 30:
        return _ES_UNITS[number]
    if number < 100:
        unit = number % 10
        return _ES_TENS[number // 10 - 3] + (f" y {_ES_UNITS[unit]}" if unit else "")
    if number == 100:
        return "cien"
    if number < 1000:
        rest = number % 100
        return _ES_HUNDREDS[number // 100 - 1] + (f" {_spell_es(rest)}" if rest else "")
    many, rest = divmod(number, 1000)
    return ("mil" if many == 1 else f"{_spell_es(many)} mil") + (f" {_spell_es(rest)}" if rest else "")


def _spell_en(number: int) -> str:
    if number < 20:
        return _EN_UNITS[number]
    if number < 100:
        unit = number % 10
        return _EN_TENS[number // 10 - 2] + (f"-{_EN_UNITS[unit]}" if unit else "")
    if number < 1000:
        rest = number % 100
        return f"{_EN_UNITS[number // 100]} hundred" + (f" and {_spell_en(rest)}" if rest else "")
    many, rest = divmod(number, 1000)
    return f"{_spell_en(many)} thousand" + (f" {_spell_en(rest)}" if rest else "")


class Writer:
    """Writes numbers in one of the ways that models do."""

    def __init__(self, language: str, chance: random.Random) -> None:
        self.language = language
        self.chance = chance

    def money(self, pesos: float) -> str:
        """RD$130, RD$ 1,300.00, 130 pesos, ciento treinta pesos."""
        ways = [
            f"RD${pesos:,.0f}",
            f"RD$ {pesos:,.0f}",
            f"RD$ {pesos:,.2f}",
            f"{pesos:,.0f} pesos",
            f"${pesos:,.0f}",
        ]
        ways.append(f"{spell(int(pesos), self.language)} pesos")
        return self.chance.choice(ways)

    def percent(self, share: float) -> str:
        """35%, 35 %, 35 por ciento, treinta y cinco por ciento."""
        sign = "por ciento" if self.language == "es" else "percent"
        ways = [
            f"{share:g}%",
            f"{share:g} %",
            f"{share:g} {sign}",
            f"{spell(int(share), self.language)} {sign}",
        ]
        return self.chance.choice(ways)

    def hour(self, hour: int) -> str:
        """Las 7 p. m., las 7 de la noche, las 19:00, las siete de la noche."""
        twelve = (hour - 1) % 12 + 1
        if self.language == "en":
            half = "a.m." if hour < 12 else "p.m."
            return self.chance.choice(
                [f"{twelve} {half}", f"{twelve}:00 {half}", f"{hour:02d}:00", f"{twelve} {half[0]}m"]
            )
        half = "a. m." if hour < 12 else "p. m."
        part = "de la mañana" if hour < 12 else "de la tarde" if hour < 19 else "de la noche"
        part = "del mediodía" if hour == 12 else "de la noche" if hour == 0 else part
        ways = [f"{twelve} {half}", f"{twelve}:00 {half}", f"{hour:02d}:00", f"{twelve} {part}"]
        ways.append(f"{spell(twelve, 'es')} {part}" if twelve > 1 else f"{twelve} {part}")
        return f"{'la' if twelve == 1 else 'las'} {self.chance.choice(ways)}"

    def count(self, number: float) -> str:
        """1.7, 1,7 or in words."""
        if number != int(number):
            return self.chance.choice([f"{number:.1f}", f"{number:.1f}".replace(".", ",")])
        return self.chance.choice([f"{number:g}", spell(int(number), self.language)])


def pick(facts: Mapping[str, Any], *names: str) -> Any:
    """The fact of that name in either language."""
    return next((facts[name] for name in names if name in facts), None)


def pesos_of(fact: str) -> float:
    return float(fact.removeprefix("RD$ ").replace(",", ""))


def percent_of(fact: str) -> float:
    return float(fact.removesuffix(" %"))


def hour_of(fact: str) -> int:
    digits, half = fact.split(" ", 1)
    return int(digits) % 12 + (12 if half.startswith("p") else 0)


def good_answer(question: Question, chance: random.Random) -> dict[str, Any]:
    """One answer with no number but those of the facts."""
    writer = Writer(question.language, chance)
    sentences = list((_spanish if question.language == "es" else _english)(question.facts, writer))
    chance.shuffle(sentences)
    ideas = list((_spanish_ideas if question.language == "es" else _english_ideas)(question.facts, writer))
    chance.shuffle(ideas)
    marketing, operations = chance.choice([3, 4]), chance.choice([2, 3])
    return {
        "description": " ".join(sentences[: chance.choice([2, 3])]),
        "marketing": ideas[:marketing],
        "operations": ideas[marketing : marketing + operations],
    }


def _lists(facts: Mapping[str, Any]) -> tuple[list[int], list[str], list[tuple[str, float]]]:
    """Hours, days and categories with their shares."""
    hours = [hour_of(each) for each in pick(facts, "horas_fuertes", "busy_hours") or ()]
    days = list(pick(facts, "dias_fuertes", "busy_days") or ())
    shares = pick(facts, "categorias_de_su_gasto", "categories_of_their_spending") or {}
    return hours, days, [(name, percent_of(share)) for name, share in shares.items()]


def _spanish(facts: Mapping[str, Any], say: Writer) -> Iterator[str]:
    hours, days, shares = _lists(facts)
    basket = pesos_of(facts["gasto_por_compra"])
    house = pesos_of(facts["gasto_del_colmado"])
    part, income = percent_of(facts["parte_de_compras"]), percent_of(facts["parte_del_ingreso"])
    lines = facts["productos_por_compra"]
    yield f"Son vecinos que gastan unos {say.money(basket)} por compra."
    yield f"Gastan en promedio {basket:g} por visita, mientras el colmado entero anda por {say.money(house)}."
    yield f"Representan el {say.percent(part)} de las compras y el {say.percent(income)} del ingreso."
    yield f"Llevan {say.count(lines)} productos por compra, casi siempre lo que les falta en la casa."
    yield f"Llevan casi {say.count(round(lines))} productos cada vez que pasan."
    yield "Es gente que entra rápido, compra lo justo y vuelve pronto."
    if len(hours) > 1:
        yield f"Vienen sobre todo a {say.hour(hours[0])} y a {say.hour(hours[1])}."
        yield f"Su hora fuerte va de {say.hour(hours[0])} a {say.hour(hours[-1])}."
    if len(days) > 1:
        yield f"Se les ve más los {days[0]} y {days[1]}, que son sus mejores días."
    for name, share in shares[:2]:
        yield f"En {name.lower()} se les va el {say.percent(share)} de lo que gastan."
    if (pair := facts.get("llevan_junto")) is not None:
        yield (
            f"{say.count(pair['cuantos']).capitalize()} de cada {say.count(10)} que llevan"
            f" {pair['de_cada_10_con'].lower()} llevan también {pair['llevan'].lower()}."
        )


def _spanish_ideas(facts: Mapping[str, Any], say: Writer) -> Iterator[str]:
    hours, days, shares = _lists(facts)
    names = [name.lower() for name, _share in shares] or ["lo que más piden"]
    basket = pesos_of(facts["gasto_por_compra"])
    yield f"Arma un combo con {names[0]} que salga por menos de {say.money(basket)}."
    yield f"Pon {names[-1]} al lado de {names[0]} para que se lleven las dos cosas de una vez."
    yield "Ofrece una muestra pequeña de algo nuevo mientras esperan el vuelto."
    yield "Escribe en una pizarra lo que llegó fresco hoy y ponla en la puerta."
    yield "Pregúntales qué les hizo falta la última vez y apúntalo en una libreta."
    yield f"El {say.percent(percent_of(facts['parte_de_compras']))} de tus compras es de ellos: salúdalos con ganas."
    yield "Ten fundas y menudo listos antes de que empiece el movimiento."
    yield "Deja la caja despejada y que una sola persona cobre mientras otra despacha."
    yield f"Revisa que nunca falte {names[0]}, porque es lo que más llevan."
    pay = facts["dias_de_pago"]
    yield f"Surte más los días {say.count(pay[0])} y {say.count(pay[1])}, cuando cobran."
    yield f"En la quincena del {pay[0]} y del {pay[1]} ofrece lo de llenar la despensa."
    if hours:
        yield f"Rellena el tramo de {names[0]} antes de {say.hour(hours[0])}."
        yield f"Que haya alguien más en el mostrador a {say.hour(hours[-1])}."
    if days:
        yield f"Haz el pedido para que llegue antes del {days[0]}."
    if len(days) > 1:
        yield f"Esos {len(days)} días fuertes, abre con todo surtido."
    for when, name in facts.get("fechas_que_vienen", ()):
        yield f"Prepárate para {name}, el {when}, con más mercancía de la que se acaba."


def _english(facts: Mapping[str, Any], say: Writer) -> Iterator[str]:
    hours, days, shares = _lists(facts)
    basket, house = pesos_of(facts["spent_per_purchase"]), pesos_of(facts["spent_in_whole_shop"])
    part, income = percent_of(facts["share_of_purchases"]), percent_of(facts["share_of_income"])
    lines = facts["items_per_purchase"]
    yield f"These are neighbours who spend about {say.money(basket)} each time."
    yield f"They spend {say.money(basket)} per purchase, while the whole shop is at {say.money(house)}."
    yield f"They make up {say.percent(part)} of the purchases and {say.percent(income)} of the income."
    yield f"They take {say.count(lines)} items per purchase, mostly what is missing at home."
    yield "They come in quickly, buy only what they need and are back soon."
    if len(hours) > 1:
        yield f"They come mostly at {say.hour(hours[0])} and {say.hour(hours[1])}."
        yield f"Their busy time goes from {say.hour(hours[0])} to {say.hour(hours[-1])}."
    if len(days) > 1:
        yield f"You see them more on {days[0]} and {days[1]}, their best days."
    for name, share in shares[:2]:
        yield f"About {say.percent(share)} of what they spend goes to {name.lower()}."
    if (pair := facts.get("bought_together")) is not None:
        yield (
            f"{say.count(pair['how_many']).capitalize()} in {say.count(10)} who take {pair['of_every_10_with'].lower()}"
            f" also take {pair['take'].lower()}."
        )


def _english_ideas(facts: Mapping[str, Any], say: Writer) -> Iterator[str]:
    hours, days, shares = _lists(facts)
    names = [name.lower() for name, _share in shares] or ["what they ask for most"]
    basket = pesos_of(facts["spent_per_purchase"])
    yield f"Make a combo with {names[0]} that stays under {say.money(basket)}."
    yield f"Put {names[-1]} next to {names[0]} so that they take both at once."
    yield "Offer a small taste of something new while they wait for their change."
    yield "Write on a board what came in fresh today and stand it by the door."
    yield "Ask what they missed the last time and note it down."
    yield "Have bags and small change ready before it gets busy."
    yield "Keep the counter clear and let one person take the money while another serves."
    yield f"See that {names[0]} never runs out, since it is what they take most."
    pay = facts["pay_days"]
    yield f"Stock more on days {say.count(pay[0])} and {say.count(pay[1])}, when they are paid."
    if hours:
        yield f"Refill the {names[0]} shelf before {say.hour(hours[0])}."
        yield f"Have someone else at the counter at {say.hour(hours[-1])}."
    if days:
        yield f"Order so that it arrives before {days[0]}."


# ── invented numbers ──


def planted(
    answer: Mapping[str, Any], question: Question, chance: random.Random
) -> tuple[dict[str, Any], str]:
    """The answer with one sentence more that holds a number the facts do not, and that sentence."""
    invented = chance.choice((_planted_es if question.language == "es" else _planted_en)(question, chance))
    spoiled = dict(answer)
    if chance.random() < 0.5:
        ideas = list(answer["marketing"])
        ideas[chance.randrange(len(ideas))] = invented
        return spoiled | {"marketing": ideas}, invented
    first = answer["description"].split(". ")[0].rstrip(".")
    return spoiled | {"description": f"{first}. {invented}"}, invented


def _unknown(question: Question, chance: random.Random) -> tuple[float, float, int, int]:
    """Pesos, a percent, an hour and a count that stand nowhere in the facts."""
    words = str(question.facts)
    pesos = _first(chance, range(30, 5000), lambda each: f"RD$ {each:,}" not in words)
    percent = _first(chance, range(2, 99), lambda each: f"'{each} %'" not in words)
    hours = [hour_of(each) for each in pick(question.facts, "horas_fuertes", "busy_hours") or ()]
    rule = pick(question.facts, "regla", "rule") or ""
    hour = _first(
        chance,
        range(1, 24),
        lambda each: (
            each not in hours
            and f"{(each - 1) % 12 + 1} {'a' if each < 12 else 'p'}" not in rule
            and f"'{(each - 1) % 12 + 1} {'a' if each < 12 else 'p'}" not in words
        ),
    )
    count = _first(chance, range(6, 90), lambda each: each not in (15, 30, 10) and f"{each}" not in words)
    return pesos, percent, hour, count


def _first(chance: random.Random, values: Sequence[int], fits: Any) -> int:
    return chance.choice([each for each in values if fits(each)])


def _planted_es(question: Question, chance: random.Random) -> list[str]:
    say = Writer("es", chance)
    pesos, percent, hour, count = _unknown(question, chance)
    return [
        f"Dales un {say.percent(percent)} de descuento en su segunda compra.",
        f"Vende un combo por {say.money(pesos)} a la hora fuerte.",
        f"Gastan {say.money(pesos)} por compra en promedio.",
        f"Son unos {say.count(count)} clientes que vuelven cada semana.",
        f"El {say.percent(percent)} de ellos paga en efectivo.",
        f"Abre la segunda caja a {say.hour(hour)} para que no esperen.",
        f"Sus ventas crecieron un {say.percent(percent)} desde el mes pasado.",
        "Ofrece dos por uno en refrescos cuando baje la venta.",
        "Pon los jugos a 2x1 los lunes por la tarde.",
        f"Compran {say.count(count)} productos cada vez que vienen.",
        f"Entre {say.hour(hour)} y la hora de cerrar casi no vienen.",
        f"Regala un café a los primeros {say.count(count)} que lleguen.",
        f"Si compran más de {say.money(pesos)}, dales una funda de hielo.",
        "Miles de vecinos pasan por tu puerta y la mayoría no entra.",
        "Con esto puedes vender el doble de pan en poco tiempo.",
    ]


def _planted_en(question: Question, chance: random.Random) -> list[str]:
    say = Writer("en", chance)
    pesos, percent, hour, count = _unknown(question, chance)
    return [
        f"Give them {say.percent(percent)} off their next purchase.",
        f"Sell a combo for {say.money(pesos)} at the busy hour.",
        f"They spend {say.money(pesos)} per purchase on average.",
        f"There are about {say.count(count)} customers who come back every week.",
        f"Their purchases grew by {say.percent(percent)} since last month.",
        f"Open the other till at {say.hour(hour)} so that they do not wait.",
        "Offer two for one on soft drinks when sales go down.",
        f"Give a free coffee to the first {say.count(count)} who arrive.",
        "You could sell twice as much bread in a short time.",
    ]
