"""What recurs: events put in order, distributions of the next one, and methods that recover a known law."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.recurrence import (
    HORIZON,
    NEVER,
    Arrivals,
    Hazard,
    MedianGap,
    Memory,
    Method,
    Recurrences,
    ShopDays,
    typical_gaps,
)
from colmado_insights.analytics.recurrence_trials import choose, past_origins, try_method

DAYS = DominicanDays()
START = 20_000


def events_of(*days: list[int]) -> Recurrences:
    """Units with events on these days, each of size 1."""
    unit = np.repeat(np.arange(len(days)), [len(each) for each in days])
    return Recurrences.of(
        unit, np.concatenate([np.array(each) for each in days]) + START, np.ones(len(unit))
    )[0]


def clockwork(units: int, gap: int, days: int) -> Recurrences:
    """Units that come every `gap` days, each from a day of its own on."""
    return events_of(*[list(range(unit % gap, days, gap)) for unit in range(units)])


def expect(method: Method, events: Recurrences, last: int) -> Arrivals:
    layout = ShopDays.of(DAYS, events.day, last)
    return method.fit(events, layout, last).predict(events, layout, last)


def arrivals(chances: dict[int, float], rhythm: float = 7.0) -> Arrivals:
    row = np.zeros((1, HORIZON))
    for day, chance in chances.items():
        row[0, day - 1] = chance
    return Arrivals(START, row, np.array([rhythm]), np.zeros(HORIZON, dtype=bool))


def test_events_are_ordered_and_one_a_day() -> None:
    events, names = Recurrences.of(
        np.array([9, 4, 9, 9]), np.array([7, 3, 5, 7]), np.array([1.0, 2.0, 4.0, 8.0])
    )
    assert names.tolist() == [4, 9]
    assert events.unit.tolist() == [0, 1, 1]
    assert events.day.tolist() == [3, 5, 7]
    assert events.size.tolist() == [2.0, 4.0, 9.0]
    assert events.next_day.tolist() == [NEVER, 7, NEVER]
    assert events.times.tolist() == [0, 0, 1]
    assert typical_gaps(events, prior=np.log(30.0)) == pytest.approx([30.0, 2.0])


def test_what_was_known_on_a_day_forgets_later_units() -> None:
    events = events_of([0, 5, 9], [7, 8])
    past, units = events.before(START + 6)
    assert units.tolist() == [0]
    assert (past.day - START).tolist() == [0, 5]


def test_rhythm_is_the_exponential_mean_of_log_gaps() -> None:
    events = events_of([0, 2, 6, 14], [1])
    memory = Memory.of(events, prior=1.0)
    level = trust = 0.0
    for gap in (2, 4, 8):
        level, trust = level + 0.1 * (np.log(gap) - level), trust + 0.1 * (1 - trust)
    assert memory.slow[3] == pytest.approx((level + 0.03) / (trust + 0.03))
    assert memory.slow[4] == 1.0


def test_middle_window_and_quantiles_of_a_distribution() -> None:
    said = arrivals({2: 0.1, 10: 0.3, 12: 0.3, 30: 0.1})
    assert said.middle().tolist() == [10]
    middle, chance = said.window()
    assert abs(int(middle[0]) - 11) <= 2
    assert chance[0] == pytest.approx(0.6)
    assert said.quantile(0.05).tolist() == [2]
    assert said.quantile(0.75).tolist() == [30]
    assert int(said.quantile(0.9)[0]) > HORIZON
    assert said.within(7).tolist() == pytest.approx([0.1])
    assert said.surprise(np.array([10])) == pytest.approx(-np.log(0.3))
    assert said.surprise(np.array([NEVER]), seen=20) == pytest.approx(-np.log(0.3))
    assert [float(place[0]) for place in said.placed(np.array([10]))] == pytest.approx([0.1, 0.4])


def test_median_rule_says_last_day_and_median_gap() -> None:
    events = clockwork(30, 10, 200)
    said = expect(MedianGap(), events, START + 199)
    due = events.day[events.last] + 10 - (START + 199)
    assert np.abs(said.middle() - due).max() <= 1


@pytest.mark.parametrize("gap", [3, 7, 20])
def test_hazard_finds_a_clock(gap: int) -> None:
    events = clockwork(60, gap, 300)
    said = expect(Hazard(), events, START + 299)
    due = events.day[events.last] + gap - (START + 299)
    assert np.abs(said.middle() - due).mean() <= 1.0
    assert said.chances.sum(axis=1).max() <= 1 + 1e-9


def test_hazard_gives_chances_that_come_true() -> None:
    rng = np.random.default_rng(5)
    events = events_of(
        *[np.cumsum(1 + rng.geometric(1 / rng.uniform(3, 20), 200)).tolist() for _unit in range(150)]
    )
    past, units = events.before(START + 250)
    said = expect(Hazard(), past, START + 250)
    first = np.full(events.units, NEVER)
    later = events.day > START + 250
    np.minimum.at(first, events.unit[later], events.day[later])
    came = (first[units] - START - 250 <= 7).astype(float)
    assert said.within(7).mean() == pytest.approx(came.mean(), abs=0.07)
    bold = said.within(7) > 0.6
    assert came[bold].mean() == pytest.approx(said.within(7)[bold].mean(), abs=0.12)


def test_nothing_is_expected_on_closed_days() -> None:
    rng = np.random.default_rng(1)
    days = [day for day in range(300) if (START + day + 4) % 7 != 0]
    events = events_of(*[sorted(rng.choice(days, 60, replace=False).tolist()) for _unit in range(40)])
    for method in (MedianGap(), Hazard()):
        said = expect(method, events, START + 299)
        sundays = (START + 299 + np.arange(1, HORIZON + 1) + 4) % 7 == 0
        assert said.chances[:, sundays].max() == 0.0
        for ahead in (said.middle(), said.window()[0]):
            assert ((START + 299 + ahead + 4) % 7 != 0).all()


def test_a_wait_longer_than_was_seen_counts_by_its_chance() -> None:
    events = events_of(*[[0, 10, 20, 30, 40, 50, 60] if unit else [0, 10, 20, 30] for unit in range(6)])
    trials = try_method(MedianGap(), events, DAYS, [START + 31], seen=20, least=3)
    assert len(trials.surprise) == 6
    assert len(trials.middle_error) == 5


def test_short_history_is_not_tried_on() -> None:
    events = clockwork(30, 5, 40)
    assert past_origins(events, START + 39) == ([], 0)
    method, trials = choose((MedianGap(), Hazard()), events, DAYS, START + 39, 3)
    assert (method.name, trials) == ("median_gap", {})


def test_trials_do_not_look_ahead() -> None:
    events = clockwork(40, 6, 300)
    early = events.before(START + 249)[0]
    origins = [START + 180, START + 187]
    both = [try_method(Hazard(), each, DAYS, origins, 60, 3) for each in (events, early)]
    assert both[0].surprise == pytest.approx(both[1].surprise)
