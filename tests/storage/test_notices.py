"""Snoozes and pushed notices outlive the program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights.domain import Notice, Snooze
from colmado_insights.storage import notices
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 17, 22)
HOUR = timedelta(hours=1)


def test_a_snooze_ends_by_itself_and_is_replaced(tmp_path: Path) -> None:
    with open_database(tmp_path / "shop.db") as database:
        notices.write_snooze(database, Snooze("traffic", "busy", NOW + HOUR), NOW)
        notices.write_snooze(database, Snooze("traffic", "busy", NOW + 2 * HOUR), NOW)
        notices.write_snooze(database, Snooze("revenue", "", NOW + HOUR), NOW)
        assert notices.read_snoozes(database, NOW) == (
            Snooze("revenue", "", NOW + HOUR),
            Snooze("traffic", "busy", NOW + 2 * HOUR),
        )
        assert [one.type for one in notices.read_snoozes(database, NOW + HOUR)] == ["traffic"]
        assert len(notices.read_snoozes(database)) == 2
        notices.write_snooze(database, Snooze("operational", "", NOW + 9 * HOUR), NOW + 5 * HOUR)
        assert [one.type for one in notices.read_snoozes(database)] == ["operational"]


def test_waking_says_whether_it_slept(tmp_path: Path) -> None:
    with open_database(tmp_path / "shop.db") as database:
        notices.write_snooze(database, Snooze("traffic", "", NOW + HOUR), NOW)
        assert not notices.delete_snooze(database, "traffic", "busy")
        assert notices.delete_snooze(database, "traffic", "")
        assert notices.read_snoozes(database) == ()


def test_a_snooze_of_a_type_silences_all_its_subjects() -> None:
    whole, one = Snooze("traffic", "", NOW + HOUR), Snooze("traffic", "busy", NOW + HOUR)
    assert whole.silences("traffic", "slow", NOW)
    assert not whole.silences("revenue", "slow", NOW)
    assert not one.silences("traffic", "slow", NOW)
    assert one.silences("traffic", "busy", NOW)
    assert not one.silences("traffic", "busy", NOW + HOUR)


def test_what_was_taken_is_seen_by_the_next(tmp_path: Path) -> None:
    seen: list[Sequence[Notice]] = []

    def choose(sent: Sequence[Notice]) -> list[tuple[str, str]]:
        seen.append(sent)
        return [("traffic", "busy")] if len(seen) == 1 else []

    for wait in (timedelta(), HOUR, timedelta(days=2)):
        with open_database(tmp_path / "shop.db") as database:
            notices.take_notices(database, NOW + wait, choose)
    assert seen == [(), (Notice("traffic", "busy", NOW),), ()]


def test_a_choice_that_fails_notes_nothing(tmp_path: Path) -> None:
    def fail(_sent: Sequence[Notice]) -> list[tuple[str, str]]:
        raise ZeroDivisionError

    with open_database(tmp_path / "shop.db") as database:
        with pytest.raises(ZeroDivisionError):
            notices.take_notices(database, NOW, fail)
        assert notices.read_notices(database, NOW - HOUR) == ()


def test_old_notices_are_forgotten(tmp_path: Path) -> None:
    with open_database(tmp_path / "shop.db") as database:
        notices.take_notices(database, NOW, lambda _sent: [("traffic", "busy")])
        notices.take_notices(database, NOW + timedelta(days=31), lambda _sent: [("traffic", "slow")])
        assert [one.subject for one in notices.read_notices(database, NOW)] == ["slow"]
