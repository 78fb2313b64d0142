"""Garbage is collected by the window's thread, when it has time."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from colmado_insights.ui import garbage
from colmado_insights.ui.garbage import (
    FULL_AFTER_TURNS,
    YOUNG_OBJECTS,
    GarbageCollector,
    give_back,
    share_arenas,
)


class Node:
    """Something that refers to itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def busy() -> list[bool]:
    return [False]


@pytest.fixture
def collector(qapp: object, busy: list[bool]) -> Iterator[GarbageCollector]:
    made = GarbageCollector(lambda: busy[0])
    made.start()
    yield made
    made.stop()


def test_python_collects_by_itself_again_afterwards(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()


def test_young_cycles_go_at_the_next_turn(collector: GarbageCollector) -> None:
    seen = weakref.ref(Node())
    many = [[] for _ in range(2 * YOUNG_OBJECTS)]
    collector.collect()
    assert seen() is None
    assert len(many) == 2 * YOUNG_OBJECTS


def test_everything_is_looked_at_after_a_quiet_while(
    collector: GarbageCollector, busy: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[int, ...]] = []
    monkeypatch.setattr(gc, "collect", lambda *generation: calls.append(generation))
    busy[0] = True
    for _turn in range(2 * FULL_AFTER_TURNS):
        collector.collect()
    assert () not in calls
    busy[0] = False
    for _turn in range(FULL_AFTER_TURNS):
        collector.collect()
    assert calls.count(()) == 1


def test_memory_goes_back_to_the_system_once_after_a_quiet_while(
    collector: GarbageCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[bool] = []
    monkeypatch.setattr(garbage, "give_back", lambda: given.append(True))
    rested: list[bool] = []
    collector.rested.connect(lambda: rested.append(bool(given)))
    for _ in range(FULL_AFTER_TURNS - 1):
        collector.collect()
    assert given == []
    collector.collect()
    assert given == [True]
    assert rested == [False]  # before it, so that what is let go goes with the rest


def test_memory_can_be_given_back_everywhere() -> None:
    share_arenas()
    give_back()
