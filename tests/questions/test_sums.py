"""Every when beside every what: the figure said is the one that SQL over the raw sales has."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from colmado_insights.shop import Shop
from tests.questions.asked_shop import NOW, open_views
from tests.questions.scoring import has, shown

pytestmark = pytest.mark.slow

WHENS = {
    "ayer": "day = '2026-11-18'",
    "el domingo": "day = '2026-11-15'",
    "esta semana": "day >= '2026-11-16'",
    "la semana pasada": "day BETWEEN '2026-11-09' AND '2026-11-15'",
    "el mes pasado": "day LIKE '2026-10-%'",
    "la quincena pasada": "day BETWEEN '2026-11-01' AND '2026-11-15'",
    "del 5 al 9 de octubre": "day BETWEEN '2026-10-05' AND '2026-10-09'",
    "desde el viernes": "day >= '2026-11-13'",
    "ayer por la tarde": "day = '2026-11-18' AND hour BETWEEN 12 AND 18",
    "el sábado entre 7 y 10 de la noche": "day = '2026-11-14' AND hour BETWEEN 19 AND 21",
    "el fin de semana pasado por la mañana": "day IN ('2026-11-14', '2026-11-15') AND hour BETWEEN 6 AND 11",
}
WHATS = {
    "": "1",
    "en efectivo": "payment = 1",
    "por transferencia": "payment = 3",
    "de salami": "product LIKE 'Salami%'",
    "de pan sobao": "product = 'Pan Sobao'",
    "de picadera": "category = 'snacks'",
    "de recargas": "category = 'recharges'",
    "de coca cola": "product LIKE 'Coca-Cola%'",
    "de malta y de romo": "(product LIKE 'Malta %' OR product LIKE 'Ron %')",
    "de salami y picadera": "(product LIKE 'Salami%' OR category = 'snacks')",
    "de salami en efectivo": "product LIKE 'Salami%' AND payment = 1",
}


@pytest.fixture(scope="module")
def sales(asked_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_views(asked_path)
    yield connection
    connection.close()


@pytest.mark.parametrize("when", WHENS)
def test_money_is_what_the_lines_come_to(asked_shop: Shop, sales: sqlite3.Connection, when: str) -> None:
    for what, condition in WHATS.items():
        answer = asked_shop.ask(f"cuanto vendi {what} {when}", NOW)
        (cents,) = sales.execute(
            f"SELECT sum(cents) FROM line WHERE {WHENS[when]} AND {condition}"
        ).fetchone()
        assert answer.is_known, (what, when)
        assert has(answer.words, shown("money", cents or 0)), (what, when, answer.words)


def test_receipts_units_and_the_mean_purchase_too(asked_shop: Shop, sales: sqlite3.Connection) -> None:
    asked = (
        ("cuantos recibos hubo {when}", "count", "SELECT count(*) FROM receipt WHERE kind = 0 AND {days}"),
        ("cuantos salami vendi {when}", "units", "SELECT sum(milli) FROM line WHERE product LIKE 'Salami%' AND {days}"),
        ("cuanto fie {when}", "money", "SELECT sum(cents) FROM receipt WHERE payment = 4 AND {days}"),
        ("cuanto me devolvieron {when}", "money", "SELECT -sum(cents) FROM receipt WHERE kind = 1 AND {days}"),
        ("de cuanto es la compra promedio {when}", "money", "SELECT 1.0 * sum(cents) / sum(kind = 0) FROM receipt WHERE {days}"),
        ("cuanto vendio rafelin {when}", "money", "SELECT sum(cents) FROM receipt WHERE cashier = 'Rafelin' AND {days}"),
        ("cuanto compro milagros {when}", "money", "SELECT sum(cents) FROM receipt WHERE customer = 'Milagros' AND {days}"),
    )  # fmt: skip
    for (question, kind, sql), (when, days) in itertools.product(asked, WHENS.items()):
        answer = asked_shop.ask(question.format(when=when), NOW)
        (value,) = sales.execute(sql.format(days=days)).fetchone()
        assert answer.is_known, (question, when)
        assert has(answer.words, shown(kind, value or 0)), (question, when, answer.words)


def test_the_first_of_a_kind_is_the_one_that_sql_puts_first(
    asked_shop: Shop, sales: sqlite3.Connection
) -> None:
    asked = (
        ("que producto vendi mas {when}", "SELECT product FROM line WHERE {days} AND product <> 'VARIOS' GROUP BY 1 ORDER BY sum(cents) DESC"),
        ("quien vendio mas {when}", "SELECT cashier FROM receipt WHERE {days} GROUP BY 1 ORDER BY sum(cents) DESC"),
        ("quien compro mas {when}", "SELECT customer FROM receipt WHERE {days} AND consent <> 2 GROUP BY 1 ORDER BY sum(cents) DESC"),
        ("quien me debe mas {when}", "SELECT customer FROM receipt WHERE {days} AND payment = 4 AND consent <> 2 GROUP BY 1 ORDER BY sum(cents) DESC"),
    )  # fmt: skip
    for (question, sql), (when, days) in itertools.product(asked, WHENS.items()):
        answer = asked_shop.ask(question.format(when=when), NOW)
        first = sales.execute(f"{sql.format(days=days)} LIMIT 1").fetchone()
        if first is not None:
            assert has(answer.words, first[0]), (question, when, answer.words)
