"""Killed at random moments of an import, an undo, a mending, a feed, a backup and a migration (bench.kill_import, fewer kills)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench import kill_import


@pytest.mark.slow
def test_the_file_is_whole_after_every_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLMADO_BENCH_CACHE", str(tmp_path / "cache"))
    for trial in kill_import.trials(tmp_path, lines=30_000):
        found = kill_import.measure(trial, tmp_path, 5, random.Random(7))
        assert found["before"] + found["after"] == 5


@pytest.mark.slow
def test_no_posted_sale_is_lost(tmp_path: Path) -> None:
    found = kill_import.measure_feed(tmp_path, 5, random.Random(7))
    assert found["killed"] == 5
