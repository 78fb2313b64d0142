"""Advice from all sources together: each thing once, what brings most first, what was answered left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from colmado_insights.analytics.results import CareBoard
from colmado_insights.config import Settings
from colmado_insights.insights.actions.advice import PROFIT, Advice, read_board
from colmado_insights.insights.actions.baskets import find_of_baskets
from colmado_insights.insights.actions.customers import find_of_customers
from colmado_insights.insights.actions.peaks import find_peak
from colmado_insights.insights.actions.prices import find_of_prices
from colmado_insights.insights.actions.quarantine import find_quarantined
from colmado_insights.insights.actions.segments import find_of_segments
from colmado_insights.insights.actions.shelf import find_of_shelf
from colmado_insights.insights.care import CARE
from colmado_insights.insights.keeping import yesterday
from colmado_insights.progress import Progress
from colmado_insights.storage import advices
from colmado_insights.storage.advices import Answer
from colmado_insights.storage.database import Database

Source = Callable[[Database, Settings, date, Progress | None], Iterable[Advice]]

SOURCES: tuple[Source, ...] = (
    find_peak,
    find_of_segments,
    find_of_prices,
    find_of_baskets,
    find_of_shelf,
    find_of_customers,
    find_quarantined,
)
DISMISSED_DAYS = 30
"""What the owner did not want stays away for so long; what was taken, until it is judged."""
COSTED_SHARE = 0.8
CLOCK_SLACK = timedelta(days=1)
"""An answer further ahead than this was given by a clock set wrong, and does not count."""


def find_actions(
    database: Database, settings: Settings, now: datetime, progress: Progress | None = None
) -> tuple[Advice, ...]:
    """What is worth doing, what leaves most first; the same thing once; without what the owner answered."""
    whole = yesterday(now)
    answers = advices.read_answers(database)
    found = [advice for source in SOURCES for advice in source(database, settings, whole, progress)]
    open_ones = [advice for advice in (_as_open(each, answers, now) for each in found) if advice is not None]
    margins = _read_margins(database, whole)
    ranked = _each_thing_once(sorted(open_ones, key=lambda each: (-_worth(each, margins), each.key)))
    return tuple(_mix(ranked, margins))


def _read_margins(database: Database, whole: date) -> dict[str, float]:
    """What a peso of sales leaves, in the shop and by category, where costs are known well enough to say so."""
    board = read_board(database, CARE, whole, CareBoard)
    if board is None:
        return {}
    margins = {
        f"category:{part.key}": part.margin_share
        for part in board.by_category
        if part.margin_share is not None and part.costed_share >= COSTED_SHARE
    }
    costed = sum(part.margin_cents / part.margin_share for part in board.by_category if part.margin_share)
    if board.margin_cents is not None and costed > 0 and board.costed_share >= COSTED_SHARE:
        margins["shop"] = board.margin_cents / costed
    return margins


def _worth(advice: Advice, margins: Mapping[str, float]) -> float:
    """What an advice is ranked by: profit, so that a peso sold does not count as a peso earned."""
    gain = advice.gain_cents or 0
    if advice.goal == PROFIT:
        return gain
    return gain * margins.get(advice.measure, margins.get("shop", 1.0))


def _mix(ranked: Iterable[Advice], margins: Mapping[str, float]) -> list[Advice]:
    """Best first, but the second of a kind counts for half, the third for a third: nobody does five of one kind."""
    told: Counter[str] = Counter()
    shares: dict[str, float] = {}
    found = list(ranked)
    for advice in found:
        told[advice.kind] += 1
        shares[advice.key] = _worth(advice, margins) / told[advice.kind]
    return sorted(found, key=lambda each: -shares[each.key])


def _as_open(advice: Advice, answers: Mapping[str, Answer], now: datetime) -> Advice | None:
    """The advice under a key that is not answered; None while an answer holds.

    An advice that comes back after its answer is another one to the ledger: `price:12`, then `price:12#2`.
    """
    key, times = advice.key, 1
    while (answer := answers.get(key)) is not None and answer.at <= now + CLOCK_SLACK:
        if _holds(answer, now):
            return None
        times += 1
        key = f"{advice.key}#{times}"
    return advice if times == 1 else replace(advice, key=key)


def _holds(answer: Answer, now: datetime) -> bool:
    if answer.is_done:
        return not answer.is_judged
    return now - answer.at < timedelta(days=DISMISSED_DAYS)


def _each_thing_once(advices: Sequence[Advice]) -> Iterable[Advice]:
    """Only the first advice about a thing: a price and an offer of one product at once could not be told apart.

    Two families are a vaguer word for the same where products are known to be offered together.
    """
    seen: set[str] = set()
    has_offers = any(advice.kind == "offer" for advice in advices)
    for advice in advices:
        if advice.measure not in seen and not (has_offers and advice.kind == "pair"):
            yield advice
        seen |= {advice.measure} - {""}
