"""The file all trials share: a million lines of a made-up minimarket, written once and kept."""

from __future__ import annotations

import itertools
import os
import tempfile
from datetime import date
from pathlib import Path

from colmado_insights import sample_shop

LINES = 1_000_000
LAST_DAY = date(2026, 11, 20)
TO_SPARE = 1.25
"""More lines are made up than wanted: cancelled receipts stay out of the file, and shops differ."""


def cache_folder() -> Path:
    """Where generated files stay between runs: `COLMADO_BENCH_CACHE`, or a folder among the temporary ones."""
    named = os.environ.get("COLMADO_BENCH_CACHE")
    folder = Path(named) if named else Path(tempfile.gettempdir()) / "colmado-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def flat_file(lines: int = LINES) -> Path:
    """A flat CSV of exactly `lines` lines sold, made when it is not there yet."""
    path = cache_folder() / f"sales-{lines}.csv"
    if path.exists():
        return path
    print(f"making {path.name} once …", flush=True)
    plenty = round(lines * TO_SPARE)
    shop = sample_shop.generate(
        sample_shop.bench_parameters(plenty), last_day=LAST_DAY, days=sample_shop.bench_days(plenty)
    )
    whole, partial = path.with_suffix(".whole"), path.with_suffix(".partial")
    sample_shop.write_flat(shop, whole)
    with whole.open("rb") as source, partial.open("wb") as target:
        target.writelines(itertools.islice(source, lines + 1))
    whole.unlink()
    partial.replace(path)
    return path
