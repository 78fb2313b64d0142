"""Rows of the ledger: what was shown stays as it was said; answers and outcomes come and go beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights.storage import advices
from colmado_insights.storage.advices import Answer, ShownAdvice
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12, 0)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def shown(key: str) -> ShownAdvice:
    return ShownAdvice(key, "price", "product:1", {"what": "sube", "ñ": 1}, 500)


def test_a_row_comes_back_as_it_went(shop: Database) -> None:
    assert advices.write_shown(shop, [shown("a"), shown("b")], NOW) == 2
    assert advices.write_shown(shop, [shown("b")], NOW + timedelta(days=1)) == 1
    first, second = advices.read_advices(shop)
    assert (first.shown, first.shown_at, first.seen_at) == (shown("a"), NOW, NOW)
    assert (second.shown_at, second.seen_at) == (NOW, NOW + timedelta(days=1))
    assert (first.answered_at, first.is_done, first.outcome, first.judged_at) == (None,) * 4
    assert (advices.has_advice(shop, "a"), advices.has_advice(shop, "c")) == (True, False)


def test_a_new_answer_makes_an_outcome_void(shop: Database) -> None:
    advices.write_shown(shop, [shown("a")], NOW)
    advices.write_answer(shop, "a", done=True, at=NOW)
    advices.write_outcomes(shop, [("a", {"outcome": "better"})], NOW + timedelta(days=15))
    assert advices.read_answers(shop) == {"a": Answer(True, NOW, True)}
    (row,) = advices.read_advices(shop)
    assert (row.outcome, row.judged_at) == ({"outcome": "better"}, NOW + timedelta(days=15))
    advices.write_answer(shop, "a", done=False, at=NOW)
    assert advices.read_answers(shop) == {"a": Answer(False, NOW, False)}
    assert advices.delete_answer(shop, "a")
    assert not advices.delete_answer(shop, "a")
    assert advices.read_answers(shop) == {}


def test_answers_of_an_older_program_count_without_a_row(shop: Database) -> None:
    advices.write_answer(shop, "peak:2026-11-27", done=True, at=NOW)
    assert advices.read_answers(shop) == {"peak:2026-11-27": Answer(True, NOW, False)}
    assert advices.read_advices(shop) == ()
