"""What is said back: to gibberish, in an empty or small shop, to a cashier, of who said no, and in English."""

from __future__ import annotations

import csv
import random
import string
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colmado_insights import config, text
from colmado_insights.domain import Consent, Role, Source
from colmado_insights.questions import ShopAnswer
from colmado_insights.questions.intents import understand
from colmado_insights.questions.query import Unclear
from colmado_insights.questions.subjects import NameBook
from colmado_insights.questions.words import read_lexicon
from colmado_insights.shop import Shop
from tests.few_customers import till_rows
from tests.questions.asked_shop import CLOCK, NOW, REFUSED, open_views

HEADER = ("Recibo", "Fecha", "Artículo", "Cantidad", "Precio", "Pago", "Cajero", "Cliente")


def ask(shop: Shop, question: str, **how: object) -> ShopAnswer:
    return shop.ask(question, NOW, **how)  # type: ignore[arg-type]


# ── nothing understood ──


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(question=st.text(max_size=80))
def test_random_text_is_never_answered_with_a_guess(asked_shop: Shop, question: str) -> None:
    answer = ask(asked_shop, question)
    if not any(word.isalpha() for word in question.split()):
        assert not answer.is_known
    assert answer.words


def test_gibberish_is_not_understood(book: NameBook) -> None:
    chance = random.Random(5)
    for _time in range(80):
        words = [
            "".join(chance.choices(string.ascii_lowercase, k=chance.randint(5, 11))) for _word in range(2)
        ]
        for gibberish in (" ".join(words), f"cuanto vendi de {words[0]} ayer"):
            assert isinstance(understand(gibberish, CLOCK, book, read_lexicon()), Unclear), gibberish


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(words=st.lists(st.sampled_from(sorted(read_lexicon().words)), max_size=8))
def test_our_own_words_in_any_order_never_break_it(asked_shop: Shop, words: list[str]) -> None:
    assert ask(asked_shop, " ".join(words)).words


@pytest.mark.parametrize(
    "question",
    [
        "cuanto vendi de drones ayer",
        "cuanto vendi de mas de 500 pesos",
        "cuanto gasto yo al mes",
        "cuanto dinero hay en caja",
        "cuantos productos vendi ayer",
        "cuantos recibos hago por dia",
        "cuanto entro de mercancia ayer",
        "cuanto vendi sobre lo normal",
        "a como estaba el arroz selecto la semana pasada",
        "cuanto me queda de arroz selecto ayer",
        "cuanto voy a ganar mañana",
        "vendi mas ayer",
        "quien es el presidente",
        "cuanto compro juan perez",
        "cuanto vendi hasta el 10 de noviembre",
        "cuanto vendi de 6 a 8 ayer",
        "cuantas botellas vendi ayer",
        "cuanto me pago doña tata",
        "cuanto vendi ayer menos la cerveza",
        "cuanto vendi de 🍺 ayer",
        "cuanto vendi a principio de mes",
        "cuantas latas de cerveza vendi ayer",
        "que porciento de la ganancia es cerveza",
        "cuanto vendi delivery",
        "cuanto vendio rosa",
        "SELECT * FROM sale",
        "select sale",
    ],
)
def test_what_is_only_like_a_question_is_not_answered(asked_shop: Shop, question: str) -> None:
    answer = ask(asked_shop, question)
    assert not answer.is_known
    assert answer.words.startswith("No sé")
    assert answer.figures == ()
    assert answer.suggestions


def test_a_name_is_guessed_where_something_is_asked_of_it(asked_shop: Shop) -> None:
    assert all("salami" in ask(asked_shop, words).words for words in ("ventas de salani", "salani de ayer"))


def test_an_unknown_word_is_named_and_what_is_like_it_offered(asked_shop: Shop) -> None:
    answer = ask(asked_shop, "cuanto vendi de presidentazo grandote")
    assert "«presidentazo grandote»" in answer.words


# ── what is said beside a figure ──


def test_where_the_data_end_is_said(asked_shop: Shop) -> None:
    later = datetime(2026, 11, 25, 10, 0)
    asked = asked_shop.ask("cuánto vendí ayer", later)
    assert "RD$" not in asked.words
    assert "Tus datos llegan hasta el jueves 19 de noviembre." in asked.words
    assert "Tus datos empiezan el jueves 23 de julio." in ask(asked_shop, "cuanto vendi en julio").words


def test_what_was_counted_is_among_the_figures(asked_shop: Shop) -> None:
    answer = ask(asked_shop, "cuanto vendi de cerveza el domingo")
    figures = dict(answer.figures)
    assert "19 productos" in answer.words
    assert figures["Cuándo"] == "el domingo 15 de noviembre"
    assert "Presidente" in figures["Contado como «cerveza»"]
    assert (answer.intent, answer.source, answer.page) == ("sum", Source.RULES, "products")


def test_beer_and_rum_are_beer_and_rum_alone(asked_shop: Shop) -> None:
    both, beer, rum = (
        dict(ask(asked_shop, f"cuanto vendi de {what} el sabado 14 de noviembre").figures)["Vendido"]
        for what in ("cerveza y ron", "cerveza", "ron")
    )
    assert _pesos(both) == _pesos(beer) + _pesos(rum)


def _pesos(money: str) -> int:
    return int(money.removeprefix("RD$ ").replace(",", ""))


def test_two_stretches_of_unlike_length_are_compared_by_the_day(asked_shop: Shop) -> None:
    # At 22:30 the 19th still runs: it is told in the sum, and kept out of the mean.
    assert "18 y 31 días con ventas" in ask(asked_shop, "vendi mas este mes o el pasado").words


def test_as_many_are_named_as_are_asked_for(asked_shop: Shop) -> None:
    one, five = (
        ask(asked_shop, f"{words} mas vendidos del mes") for words in ("los productos", "los 5 productos")
    )
    assert five.words.startswith(one.words.removesuffix(" Por el dinero que entró."))
    assert all(name in five.words and value in five.words for name, value in five.figures)
    assert (len(five.figures), sum(name in one.words for name, _value in one.figures)) == (5, 1)
    assert not ask(asked_shop, "los 5 que vendi ayer").is_known  # five of what?


def test_the_pair_taken_most_is_in_so_many_receipts(asked_shop: Shop, asked_path: Path) -> None:
    answer = ask(asked_shop, "que productos se venden juntos")
    sales = open_views(asked_path)
    first, second, both = sales.execute(
        "SELECT a.product, b.product, count(DISTINCT receipt) AS receipts FROM line AS a JOIN line AS b USING (receipt)"
        " WHERE a.product < b.product AND a.kind = 0 AND a.day < '2026-11-19' GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1"
    ).fetchone()
    sales.close()
    assert f"fue {first} y {second}: {both} compras." in answer.words
    assert (answer.intent, answer.page) == ("together", "baskets")
    assert not ask(asked_shop, "que productos se venden juntos a doña tata").is_known


def test_what_a_customer_takes_most_is_not_what_was_sold(asked_shop: Shop) -> None:
    words = ask(asked_shop, "lo que mas compra doña tata").words
    assert ", lo que más se llevó Doña Tata fue " in words
    assert "vendiste" not in words
    assert "Se contó" not in words
    assert "Se contó Doña Tata." in ask(asked_shop, "a que hora compra mas doña tata").words


def test_a_day_that_runs_is_compared_with_the_same_hours(asked_shop: Shop, asked_path: Path) -> None:
    sales = open_views(asked_path)
    answer = asked_shop.ask("vendi mas hoy que ayer", NOW.replace(hour=15))
    for day, (_name, said) in zip(("2026-11-19", "2026-11-18"), answer.figures, strict=True):
        (cents,) = sales.execute(
            "SELECT sum(cents) FROM receipt WHERE day = ? AND hour < 15", (day,)
        ).fetchone()
        assert said == text.money(cents)
    sales.close()
    assert "a 3 p. m." in answer.words
    assert "Hoy no ha terminado" in answer.words
    assert "Hoy no ha terminado" not in ask(asked_shop, "vendi mas ayer que antier").words


def test_few_purchases_a_day_are_not_none(asked_shop: Shop) -> None:
    answer = ask(asked_shop, "que dia viene mas moreno")
    assert answer.figures[0][1].startswith("0.")


def test_hours_that_no_sale_has_reached_are_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with Shop(path) as shop:
        shop.make_sample(days=20, seed=3, now=datetime(2026, 11, 19, 11, 30))
        words = shop.ask("vendi mas hoy que ayer", datetime(2026, 11, 19, 16, 0)).words
    assert "a 12 p. m." in words or "a 11 a. m." in words
    assert "4 p. m." not in words


def test_a_day_that_runs_is_not_the_weakest(asked_shop: Shop) -> None:
    morning = NOW.replace(hour=8)
    words = asked_shop.ask("cual fue el peor dia de este mes", morning).words
    assert words.startswith("Del 1 al 18 de noviembre")


def test_profits_are_compared(asked_shop: Shop) -> None:
    both = ask(asked_shop, "gane mas la semana pasada o el sabado 31 de octubre")
    each = [
        ask(asked_shop, f"cuanto gane {when}") for when in ("la semana pasada", "el sabado 31 de octubre")
    ]
    assert [value for _name, value in both.figures[:2]] == [dict(one.figures)["Ganancia"] for one in each]
    assert not ask(asked_shop, "gane mas ayer o antier", role=Role.MANAGER).is_known


def test_an_answer_leads_to_its_page(asked_shop: Shop) -> None:
    answer = ask(asked_shop, "que le falta a doña tata")
    assert answer.page == "customer"
    assert int(answer.subject) > 0


def test_what_a_customer_lacks_is_what_their_rhythm_says(tmp_path: Path) -> None:
    last = date(2026, 11, 18)
    rows = till_rows(20, 300, last)
    # Oil every ten days, for the last time ten days ago; coffee every fifteen days, and two days ago.
    for name, every, ago in (("Aceite", 10, 10), ("Café", 15, 2)):
        for number, days in enumerate(range(ago, 148, every)):
            moment = f"{last - timedelta(days=days):%d/%m/%Y} 10:00"
            rows.append((f"{name}-{number}", moment, name, 1, 100, "Efectivo", "Ana", "Doña Tata"))
    path = tmp_path / "ventas.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    with Shop(tmp_path / "small.db") as shop:
        shop.import_files([path])
        answer = shop.ask("¿qué le falta a Doña Tata?", datetime(2026, 11, 18, 22))
    assert answer.words == "A Doña Tata le toca Aceite."
    assert [name for name, _when in answer.figures][:1] == ["Aceite"]


# ── who asks, and of whom ──


@pytest.mark.parametrize(
    "question",
    ["cuanto vendi ayer", "cuanto gane ayer", "cuanto me cuesta la malta morena 12oz", "que hago hoy"],
)
def test_a_cashier_sees_no_money_of_the_shop(asked_shop: Shop, question: str) -> None:
    answer = ask(asked_shop, question, role=Role.CASHIER)
    assert not answer.is_known
    assert answer.figures == ()
    assert "RD$" not in answer.words


def test_a_cashier_may_ask_prices_and_stock(asked_shop: Shop) -> None:
    assert ask(asked_shop, "a como esta el pan sobao", role=Role.CASHIER).is_known
    assert ask(asked_shop, "cuanto queda de pan sobao", role=Role.CASHIER).is_known
    for each in asked_shop.suggest_questions(NOW, role=Role.CASHIER):
        assert ask(asked_shop, each, role=Role.CASHIER).is_known, each


def test_costs_are_the_owner_s_alone(asked_shop: Shop) -> None:
    for question in (
        "cuanto gane ayer",
        "cuanto le gano a la presidente grande",
        "que producto deja mas ganancia",
    ):
        assert ask(asked_shop, question).is_known
        assert not ask(asked_shop, question, role=Role.MANAGER).is_known


def test_of_who_said_no_only_sums_are_told(asked_shop: Shop) -> None:
    assert ask(asked_shop, f"cuanto me ha comprado {REFUSED}").is_known
    for question in (f"qué le falta a {REFUSED}", f"cuando vuelve {REFUSED}", f"que compra {REFUSED}"):
        answer = ask(asked_shop, question)
        assert "no quiere" in answer.words
        assert answer.figures == ()
    ranked = ask(asked_shop, "quien es mi mejor cliente")
    assert REFUSED not in ranked.words + str(ranked.figures)


def test_two_people_of_one_name_are_asked_back(asked_path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(asked_path.read_bytes())
    with Shop(copy) as shop:
        for name in ("Rosario la de arriba", "Rosario la de abajo"):
            known = replace(
                shop.read_customers()[0], customer_id=0, name=name, nickname="", consent=Consent.YES
            )
            shop.write_customer(known)
        answer = shop.ask("qué le falta a Rosario", NOW)
        assert not answer.is_known
        assert answer.suggestions == (
            "que le falta a Rosario la de arriba",
            "que le falta a Rosario la de abajo",
        )
        for each in answer.suggestions:
            assert shop.ask(each, NOW).subject


# ── suggestions, and English ──


def test_every_suggestion_is_understood(asked_shop: Shop) -> None:
    suggestions = asked_shop.suggest_questions(NOW)
    assert len(suggestions) >= 8
    for each in suggestions:
        assert ask(asked_shop, each).is_known, each


ENGLISH = {
    "¿Cuánto vendí ayer?": "How much did I sell yesterday?",
    "¿Cómo va la quincena?": "How is the half-month going?",
    "¿Qué le falta a {name}?": "What does {name} need?",
    "¿Cuál fue el producto más vendido esta semana?": "What was the best-selling product this week?",
    "¿Cuánto voy a vender mañana?": "How much will I sell tomorrow?",
    "¿A qué hora vendo más?": "At what time do I sell the most?",
    "¿Vendí más este mes o el pasado?": "Did I sell more this month or last month?",
    "¿Qué se me está acabando?": "What am I running out of?",
    "¿Qué va con {product}?": "What goes with {product}?",
    "¿A cómo está {product}?": "What is the price of {product}?",
}
"""The suggestions as an English owner reads them: these must be understood, word for word."""


@pytest.mark.parametrize(("spanish", "english"), ENGLISH.items())
def test_an_english_suggestion_means_the_same(asked_shop: Shop, spanish: str, english: str) -> None:
    named = {"name": "Doña Tata", "product": "Pan de Agua"}
    asked, also = (ask(asked_shop, each.format(**named)) for each in (spanish, english))
    assert asked.is_known
    assert (also.words, also.intent) == (asked.words, asked.intent)


def test_the_list_of_english_suggestions_is_whole(asked_shop: Shop) -> None:
    names = ("Doña", "Don", "El", "La")
    for each in asked_shop.suggest_questions(NOW):
        starts = [spanish.split("{")[0] for spanish in ENGLISH]
        assert any(each.startswith(start) for start in starts), (each, names)


def test_the_window_says_those_english_suggestions() -> None:
    config.use_language("en")
    assert {spanish: text._(spanish) for spanish in ENGLISH} == ENGLISH


def test_english_answers_do_not_break(asked_shop: Shop) -> None:
    config.use_language("en")
    assert ask(asked_shop, "cuanto vendi ayer").words.startswith("Yesterday, Wednesday 18 November, ")


def test_what_was_asked_of_in_english_is_said_in_english(asked_shop: Shop) -> None:
    config.use_language("en")
    words = ask(asked_shop, "how much beer did I sell this month?").words
    assert " of beer" in words and "cerveza" not in words


def test_names_of_ours_are_small_within_a_sentence(asked_shop: Shop) -> None:
    assert "con pago en efectivo" in ask(asked_shop, "cuanto vendi en efectivo este mes").words
    assert "learned" not in str(ask(asked_shop, "que segmento compra mas").figures).lower()


# ── shops with little ──


def test_an_empty_shop_says_so(tmp_path: Path) -> None:
    with Shop(tmp_path / "empty.db") as shop:
        answer = shop.ask("cuanto vendi ayer", NOW)
        assert not answer.is_known
        assert answer.page == "imports"
        assert shop.suggest_questions(NOW) == ()


def test_a_shop_of_three_hundred_receipts_answers_or_says_what_lacks(tmp_path: Path) -> None:
    path = tmp_path / "ventas.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        rows.writerows(till_rows(20, 300, date(2026, 11, 18)))
    with Shop(tmp_path / "small.db") as shop:
        shop.import_files([path])
        assert shop.ask("cuanto vendi de leche este mes", NOW).is_known
        for question in (
            "como va la quincena", "cuanto voy a vender mañana", "que va con la leche", "quien se me esta yendo",
            "que le falta a vecino 3", "cuanto me queda de leche", "que se me esta acabando", "que hago hoy",
            "que esta subiendo", "cuanto gane ayer", "a como esta la leche", "que no se vende",
        ):  # fmt: skip
            assert shop.ask(question, NOW).words
        for each in shop.suggest_questions(NOW):
            assert shop.ask(each, NOW).words
