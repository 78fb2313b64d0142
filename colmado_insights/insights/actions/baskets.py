"""Advice from the board of baskets: what to offer with what, and what to sell as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from colmado_insights.analytics.results import Basket, Bundle, ProductPair
from colmado_insights.config import Settings
from colmado_insights.domain import Reason
from colmado_insights.insights.actions.advice import (
    GAIN_DAYS,
    LEAST_GAIN_CENTS,
    MOST_OF_A_KIND,
    PROFIT,
    REVENUE,
    Advice,
    read_board,
)
from colmado_insights.insights.baskets import BASKETS
from colmado_insights.progress import Progress
from colmado_insights.storage.catalog import read_product_names
from colmado_insights.storage.database import Database

MONTH_DAYS = 30
MOST_OFFERS = 3


def find_of_baskets(
    database: Database, _settings: Settings, whole: date, _progress: Progress | None
) -> Iterator[Advice]:
    """What the kept board says is worth offering; its figures are per month."""
    board = read_board(database, BASKETS, whole, Basket)
    if board is None:
        return
    names = read_product_names(database)
    yield from _offers(board, names)
    yield from _bundles(board, names)


def _offers(board: Basket, names: dict[int, str]) -> Iterator[Advice]:
    known = [
        pair
        for pair in board.pairs
        if _two_weeks(pair.gain_cents) >= LEAST_GAIN_CENTS and {pair.first_id, pair.second_id} <= names.keys()
    ]
    for pair in known[:MOST_OFFERS]:
        yield offer_advice(pair, names)


def offer_advice(pair: ProductPair, names: Mapping[int, str]) -> Advice:
    """The advice to offer the second of a pair, whatever it brings."""
    first, second = names[pair.first_id], names[pair.second_id]
    return Advice(
        key=f"offer:{pair.first_id}:{pair.second_id}",
        what=Reason.of("offer_product", product=second, with_product=first),
        why=Reason.of("pair_bought_together", product=second, with_product=first, share=pair.confidence),
        gain_cents=_two_weeks(pair.gain_cents),
        icon="shopping-basket",
        kind="offer",
        measure=f"product:{pair.second_id}",
        page="baskets",
        goal=PROFIT,
    )


def _bundles(board: Basket, names: dict[int, str]) -> Iterator[Advice]:
    known = [bundle for bundle in board.bundles if set(bundle.product_ids) <= names.keys()]
    for bundle in known[:MOST_OF_A_KIND]:
        advice = bundle_advice(bundle, names)
        if (advice.gain_cents or 0) >= LEAST_GAIN_CENTS:
            yield advice


def bundle_advice(bundle: Bundle, names: Mapping[int, str]) -> Advice:
    """The advice to sell products as one, whatever it brings."""
    profit = bundle.expected_profit_cents
    return Advice(
        key=f"bundle:{':'.join(map(str, bundle.product_ids))}",
        what=Reason.of(
            "make_bundle", names=" + ".join(names[each] for each in bundle.product_ids), cents=bundle.price_cents
        ),
        why=Reason.of(
            "bundle_saves", single_cents=bundle.single_cents, saving_cents=bundle.saving_cents,
            receipts=bundle.receipts,
        ),
        gain_cents=_two_weeks(bundle.expected_revenue_cents if profit is None else profit),
        icon="package",
        kind="bundle",
        measure=f"product:{bundle.product_ids[-1]}",
        page="baskets",
        goal=REVENUE if profit is None else PROFIT,
    )  # fmt: skip


def _two_weeks(cents_a_month: float) -> int:
    return round(cents_a_month * GAIN_DAYS / MONTH_DAYS)
