"""Who comes in, when, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from colmado_insights.domain import (
    PAY_PHASES,
    SECONDS_A_DAY,
    PayPhase,
)
from colmado_insights.sample_shop.chance import Floats, Ints, bells, stream
from colmado_insights.sample_shop.day import MINUTES, Days, day_shapes
from colmado_insights.sample_shop.parameters import (
    Fiado,
    ShopParameters,
)


@dataclass(frozen=True)
class Customer:
    """A person with store credit, and the rhythm given to them."""

    name: str
    median_gap_days: float
    pay_day: str  # "15", "25", "30", or "friday", "saturday"
    hour: float
    credit: float
    first: int  # positions of days
    last: int
    fate: str  # "steady", "lapsed", "new"


@dataclass(frozen=True)
class Visits:
    """One position a receipt, in the order of time."""

    place: Ints  # position of the business day
    minute: Ints  # of the business day
    sold_at: Ints
    customer: Ints  # 0 = anonymous
    mission: Ints


def make_customers(shop: ShopParameters, days: Days, rng: np.random.Generator) -> tuple[Customer, ...]:
    """Give each known customer a rhythm, an hour, a pay day and a fate."""
    fiado, count = shop.fiado, len(days.numbers)
    low, high = np.log(fiado.median_gap_days)
    customers = []
    for name, fate in zip(fiado.names, _fates(fiado, rng), strict=True):
        weekly = rng.random() < fiado.weekly_share
        pay_day = str(rng.choice(["friday", "saturday"]) if weekly else rng.choice(fiado.pay_days))
        turn = int(rng.uniform(0.35, 0.8) * count)
        customers.append(
            Customer(
                name=name,
                median_gap_days=round(float(np.exp(rng.uniform(low, high))), 2),
                pay_day=pay_day,
                hour=round(float(rng.choice([8.0, 11.5, 17.5, 19.0]) + rng.normal(0, 0.6)), 2),
                credit=round(float(rng.uniform(*fiado.credit)), 3),
                first=turn if fate == "new" else 0,
                last=turn if fate == "lapsed" else count - 1,
                fate=fate,
            )
        )
    return tuple(customers)


def _fates(fiado: Fiado, rng: np.random.Generator) -> list[str]:
    """One fate a customer: exactly the lapsed and the new that were asked for, the rest steady."""
    count = len(fiado.names)
    lapsed, new = round(count * fiado.lapsed), round(count * fiado.new)
    fates = ["lapsed"] * lapsed + ["new"] * new + ["steady"] * (count - lapsed - new)
    return [str(fate) for fate in rng.permutation(fates)]


def make_visits(shop: ShopParameters, days: Days, customers: Sequence[Customer], seed: int) -> Visits:
    """Draw every visit, anonymous or known, while the shop is open and has power."""
    rng = stream(seed, 5)
    noise = rng.lognormal(-(shop.day_noise**2) / 2, shop.day_noise, len(days.numbers))
    rate = day_shapes(shop)[days.weekday] * (days.expected * noise)[:, None] * days.open
    flat = np.repeat(np.arange(rate.size), rng.poisson(rate).ravel())
    known_place, known_minute, known = _known_visits(shop, days, customers, stream(seed, 6))
    place = np.concatenate([flat // MINUTES, known_place])
    minute = np.concatenate([flat % MINUTES, known_minute])
    customer = np.concatenate([np.zeros(len(flat), dtype=np.int64), known])
    sold_at = days.numbers[place] * SECONDS_A_DAY + minute * 60 + rng.integers(0, 60, len(place))
    order = np.argsort(sold_at, kind="stable")
    place, minute = place[order], minute[order]
    return Visits(
        place=place,
        minute=minute,
        sold_at=sold_at[order],
        customer=customer[order],
        mission=_missions(shop, days, place, minute, stream(seed, 7)),
    )


def _known_visits(
    shop: ShopParameters, days: Days, customers: Sequence[Customer], rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Day, minute and id of the visits of known customers, each in their own rhythm."""
    places, minutes, ids = [], [], []
    for number, customer in enumerate(customers, start=1):
        span = customer.last - customer.first + 1
        enough = int(span / customer.median_gap_days * 2) + 20
        shape = shop.fiado.regularity
        # The median of a gamma is about its mean less a third of its scale.
        scale = customer.median_gap_days / (shape - 1 / 3)
        moments = customer.first + np.cumsum(rng.gamma(shape, scale, enough))
        day = moments[moments < customer.last + 1].astype(np.int64)
        minute = np.round((customer.hour + rng.normal(0, 1.0, len(day))) * 60).astype(np.int64)
        places.append(day)
        minutes.append(np.clip(minute, round(shop.opening.opens * 60), MINUTES - 1))
        ids.append(np.full(len(day), number, dtype=np.int64))
    place, minute, known = (
        np.concatenate([np.zeros(0, np.int64), *parts]) for parts in (places, minutes, ids)
    )
    can = days.open[place, minute]
    return place[can], minute[can], known[can]


def _missions(shop: ShopParameters, days: Days, place: Ints, minute: Ints, rng: np.random.Generator) -> Ints:
    """Draw why each visit happens, from its hour and its day."""
    by_hour = _mission_hours(shop)
    weight = by_hour[:, minute // 60] * _mission_days(shop, days)[:, place]
    cumulative = np.cumsum(weight, axis=0)
    drawn = rng.random(len(place)) * cumulative[-1]
    return np.asarray((cumulative < drawn).sum(axis=0))


def _mission_hours(shop: ShopParameters) -> Floats:
    """Weight of each mission in each hour, (mission, hour); over an ordinary week it averages the share."""
    hour: Floats = np.arange(MINUTES // 60, dtype=np.float64) + 0.5
    heights = np.array([bells(hour, mission.hours) for mission in shop.missions]) + 0.04
    ordinary = day_shapes(shop).mean(axis=0).reshape(len(hour), 60).sum(axis=1)
    share = np.array([mission.share for mission in shop.missions])
    return np.asarray(heights * (share / (heights @ ordinary))[:, None])


def _mission_days(shop: ShopParameters, days: Days) -> Floats:
    """How the day changes the chance of each mission, (mission, day)."""
    is_payday = days.phase == PAY_PHASES.index(PayPhase.PAYDAY)
    is_december = days.month == 12
    rows = []
    for mission in shop.missions:
        drinks = "cerveza" in mission.families
        december = mission.december * (shop.holidays.december_drinks if drinks else 1.0)
        row = np.array(mission.weekday)[days.weekday]
        row = row * np.where(is_payday, mission.payday, 1.0) * np.where(is_december, december, 1.0)
        rows.append(np.where(days.dry & drinks, 0.0, row))
    return np.array(rows)
