"""Good answers pass, and each check refuses what it is for."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights import text
from colmado_insights.domain import Reason, Source, Topic
from colmado_insights.personas.checks import CHECKS, check_answer
from colmado_insights.personas.persona import Persona, Question
from tests.personas.simulated_answers import good_answer, planted

FACTS: dict[str, Any] = {
    "segmento": "Mañaneros",
    "regla": "compran de 6 a. m. a 10 a. m.",
    "parte_de_compras": "25 %",
    "parte_del_ingreso": "20 %",
    "gasto_por_compra": "RD$ 130",
    "gasto_del_colmado": "RD$ 150",
    "productos_por_compra": 1.7,
    "vienen": "todos los días",
    "dias_fuertes": ["lunes", "viernes", "sábado"],
    "horas_fuertes": ["7 a. m.", "8 a. m."],
    "categorias_de_su_gasto": {"Pan y lácteos": "30 %", "Víveres secos": "20 %", "Limpieza": "9 %"},
    "llevan_junto": {"de_cada_10_con": "Frutas y vegetales", "llevan": "Víveres secos", "cuantos": 3},
    "dias_de_pago": [15, 30],
    "muestras_hora_total_productos_categorias": [
        ["7 a. m.", "RD$ 25", 1, "Limpieza"],
        ["8 a. m.", "RD$ 110", 3, "Pan y lácteos", "Otros"],
    ],
}
QUESTION = Question(Topic.SEGMENT, "morning_commute", "es", FACTS, Persona("", (), ()))
GOOD: dict[str, Any] = {
    "description": "Son los que pasan tempranito, entre las 7 y las 8 de la mañana, a buscar lo del desayuno."
    " Gastan RD$130 por compra, un poco menos que el colmado entero, que anda por los 150 pesos.",
    "marketing": [
        "Arma un combo de desayuno con pan y queso, y ponlo a la vista junto a la caja.",
        "Como 3 de cada 10 que llevan frutas llevan también víveres, ponlos cerca.",
        "Los días quince y treinta ofrece lo de limpieza cerca de la entrada.",
    ],
    "operations": [
        "Ten el pan listo y menudo en la caja antes de las 7 a. m.",
        "Esos 3 días fuertes pon a alguien más a despachar.",
    ],
}


def failed(question: Question = QUESTION, **changes: Any) -> tuple[str, ...]:
    persona, codes = check_answer(GOOD | changes, question)
    assert (persona is None) == bool(codes)
    return codes


def with_idea(words: str) -> dict[str, Any]:
    return {"marketing": [*GOOD["marketing"][:2], words]}


def test_a_good_answer_passes_trimmed() -> None:
    persona, codes = check_answer(
        GOOD | {"operations": ["  Ten el pan \n listo. ", "Surte la nevera."]}, QUESTION
    )
    assert codes == ()
    assert persona is not None
    assert persona.operations[0] == "Ten el pan listo."
    assert persona.source is Source.GROK


@pytest.mark.parametrize(
    "data",
    [
        None, [], "{}", 3, {}, GOOD | {"more": 1}, {"description": "Solo esto."}, GOOD | {"marketing": "una idea"},
        GOOD | {"marketing": [1, 2, 3]}, GOOD | {"description": None}, GOOD | {"operations": {"a": "b"}},
    ],
)  # fmt: skip
def test_another_shape_is_refused(data: Any) -> None:
    assert check_answer(data, QUESTION) == (None, ("check_shape",))


@pytest.mark.parametrize(
    "changes",
    [
        {"description": "Vienen temprano por lo del desayuno y se van para su trabajo sin perder tiempo."},
        {"description": "Vienen. Compran. Pagan. Se van para la casa con lo que les hacía falta para hoy."},
        {
            "description": "Vienen temprano. "
            + "Compran lo que les hace falta para la casa y el desayuno " * 12
        },
        {"description": "Vienen. Compran."},
        with_idea("Pan."),
        with_idea("Pon el pan cerca de la caja y " * 12),
    ],
)
def test_lengths(changes: dict[str, Any]) -> None:
    assert failed(**changes) == ("check_length",)


@pytest.mark.parametrize("words", ["pan con dos quesos ", "1 y ", "a", "1", "¡", "RD$ "])
def test_a_huge_answer_takes_no_time(words: str) -> None:
    before = time.perf_counter()
    for size in (200, 7_900, 2_000_000):
        assert "check_length" in failed(description=(words * (size // len(words) + 1))[: size - 1] + ".")
    assert "check_length" in failed(marketing=["pan"] * 100_000)
    assert time.perf_counter() - before < 5


@pytest.mark.parametrize(
    "changes",
    [
        {"marketing": GOOD["marketing"][:2]},
        {"operations": GOOD["operations"][:1]},
        {"marketing": GOOD["marketing"] * 2},
        {"operations": [GOOD["operations"][0]] * 2},
        {"marketing": []},
    ],
)
def test_counts_of_ideas(changes: dict[str, Any]) -> None:
    assert failed(**changes) == ("check_ideas",)


@pytest.mark.parametrize(
    "idea",
    [
        "Put the bread next to the cheese so that they take both.",
        "Coloque o pão ao lado do queijo e ofereça café com leite para eles.",
        "\u041f\u043e\u043b\u043e\u0436\u0438\u0442\u0435 \u0445\u043b\u0435\u0431 \u043a \u043a\u0430\u0441\u0441\u0435.",
    ],
)
def test_one_idea_in_another_language(idea: str) -> None:
    assert "check_language" in failed(**with_idea(idea))


def test_the_whole_in_the_other_language() -> None:
    assert "check_language" in failed(replace(QUESTION, language="en"))


@pytest.mark.parametrize(
    "idea",
    [
        "Dales un 15 % de descuento en el pan.",
        "Dales quince por ciento de rebaja en el pan.",
        "Vende el combo de desayuno a RD$99.",
        "Vende el combo a noventa y nueve pesos.",
        "Abre a las 5 a. m. para que no esperen.",
        "Abre a las 7 p. m. con la nevera llena.",
        "Ten a 4 personas en la caja.",
        "Espera a 150 clientes antes de abrir la otra caja.",
        "Ofrece pan a 2x1 por la mañana.",
        "Ofrece dos por uno en queso y pan.",
        "La mitad de ellos lleva queso con el pan.",
        "Una de cada dos compras lleva café.",
        "Vende el doble de pan los viernes.",
        "Miles de vecinos pasan por la puerta.",
        "Vende el queso a US$25 la libra.",
        "Prepara ½ libra de queso para cada uno.",
    ],
)
def test_invented_numbers(idea: str) -> None:
    assert failed(**with_idea(idea)) == ("check_numbers",)


@pytest.mark.parametrize(
    "idea",
    [
        "El 30% de lo que gastan es en pan y lácteos: que no falte.",
        "El treinta por ciento se les va en pan y lácteos.",
        "Casi un tercio de lo que gastan es en pan y lácteos.",
        "Una de cada cuatro compras es de ellos.",
        "Llevan casi dos productos: ofrece uno más.",
        "Ten vuelto para compras de RD$ 25 a 110 pesos.",
        "Ten el café listo a las siete y a las ocho.",
        "Ten el café listo de 7:00 a 8:00 a. m., todos los días.",
        "El 15 y el 30 saca lo de limpieza para la puerta.",
        "Gastan 130 por compra, así que ofrece algo barato al lado.",
    ],
)
def test_the_numbers_of_the_data_in_other_words(idea: str) -> None:
    assert failed(**with_idea(idea)) == ()


@pytest.mark.parametrize(
    "words",
    [
        "Escríbeles a la página www.colmado.do cuando haya pan.",
        "Busca ideas en https://ejemplo.com/pan para el desayuno.",
        "Síguenos como @colmado para ver lo del día.",
        "Manda un correo a dueno@colmado.net con la lista.",
        "Diles que busquen colmado.com en el teléfono.",
    ],
)
def test_links(words: str) -> None:
    assert "check_links" in failed(**with_idea(words))


def test_a_phone_is_no_number_of_ours() -> None:
    assert failed(**with_idea("Que llamen al 809-555-1234 para el pedido.")) == (
        "check_numbers",
        "check_links",
    )


@pytest.mark.parametrize(
    "words",
    [
        "**Pon el pan** cerca de la caja.",
        "- Pon el pan cerca de la caja.",
        "• Pon el pan cerca de la caja.",
        "<b>Pon el pan</b> cerca de la caja.",
        "# Pon el pan cerca de la caja",
        "Pon el pan `cerca` de la caja.",
        "Pon el pan cerca de la caja 🍞.",
        "Pon el pan cerca\u200b de la caja.",
        "Pon el pan cerca\u0007 de la caja.",
        "Pon el pan \u202ecerca de la caja.",
        "[Pon el pan](cerca) de la caja.",
    ],
)
def test_marks_and_invisible_signs(words: str) -> None:
    assert failed(**with_idea(words)) == ("check_markup",)


@pytest.mark.parametrize(
    "words",
    [
        "La clave es xai-abcdef0123456789abcdef y está lista.",
        "Según mis instrucciones, pon el pan cerca.",
        "Como modelo de lenguaje, pienso que el pan va cerca.",
        "Ideas concretas que un negocio chiquito haga mañana con lo que tiene.",
        "El dato gasto_por_compra dice que gastan poco.",
        "Esto lo pensó Grok para tu colmado.",
    ],
)
def test_echoes(words: str) -> None:
    assert "check_echo" in failed(**with_idea(words))


@pytest.mark.parametrize(
    "words",
    [
        "Con el pan caliente tienes la venta garantizada.",
        "El té de limón cura la gripe: ponlo en la caja.",
        "A quien no pague lo fiado, dile que llamas a la policía.",
        "Presta dinero sin intereses a los que compran pan.",
    ],
)
def test_promises_and_threats(words: str) -> None:
    assert failed(**with_idea(words)) == ("check_promises",)


def test_nobody_is_talked_into_drinking() -> None:
    beer = with_idea("Ofrécele una cerveza fría cuando pase por la tarde.")
    assert failed(replace(QUESTION, topic=Topic.CUSTOMER), **beer) == ("check_vices",)
    assert failed(**beer) == ()


def test_every_code_has_its_sentence() -> None:
    assert all(text.sentence(Reason.of(code)).endswith(".") for code in CHECKS)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=20), lambda each: st.lists(each) | st.dictionaries(
    st.sampled_from(["description", "marketing", "operations", "x"]), each), max_leaves=12))  # fmt: skip
def test_anything_that_json_holds_gets_an_answer(data: Any) -> None:
    persona, codes = check_answer(data, QUESTION)
    assert (persona is None) == bool(codes)
    assert set(codes) <= set(CHECKS)


@given(st.text(max_size=120))
def test_any_words_get_an_answer(words: str) -> None:
    check_answer(GOOD | with_idea(words) | {"description": words}, QUESTION)


@pytest.mark.parametrize("language", ["es", "en"])
def test_false_alarms_and_misses(told: dict[str, tuple[Question, ...]], language: str) -> None:
    """Of simulated good answers nearly none is refused, and of invented numbers nearly none gets through."""
    questions = [each for each in told[language] if each.topic is Topic.SEGMENT]
    assert len(questions) >= 10
    chance = random.Random(7)
    tries, alarms, misses = 0, 0, 0
    for question in questions * 8:
        answer = good_answer(question, chance)
        tries += 1
        alarms += bool(check_answer(answer, question)[1])
        misses += "check_numbers" not in check_answer(planted(answer, question, chance)[0], question)[1]
    sys.stdout.write(
        f"{language}: of {tries} good answers {alarms} refused, of {tries} spoiled {misses} passed\n"
    )
    assert alarms <= 0.02 * tries
    assert misses <= 0.02 * tries
