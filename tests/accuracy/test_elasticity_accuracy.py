"""Elasticities of whole made-up shops come back, and what cannot be known is refused."""

from __future__ import annotations

import pytest

from bench.elasticity import Trial, measure, measure_by_amount
from colmado_insights import sample_shop

pytestmark = pytest.mark.accuracy


@pytest.mark.parametrize("seed", [201, 202])
def test_planted_elasticities_come_back(seed: int) -> None:
    score = measure(seed, 730, sample_shop.read_parameters())
    assert score["near"] >= 0.75
    assert score["near"] > 2 * score["plain_near"]
    assert score["mae"] <= 0.28
    assert score["covered"] >= 0.88
    assert score["refused"] >= 0.95
    assert score["out"] == 0


def test_goods_sold_by_amount_are_never_found_at_minus_one() -> None:
    loose, judged, artefacts = measure_by_amount(201, 400, sample_shop.read_parameters())
    assert loose > 50
    assert judged <= 0.02 * loose
    assert artefacts == 0


def test_what_is_typed_by_hand_is_refused() -> None:
    board = Trial.of(sample_shop.read_parameters(), 201, 400).board()
    assert dict(board.refused)["open_price"] == 1
