"""A cancel is heard also while a file is only looked at, before its first row."""

from __future__ import annotations

from pathlib import Path

import pytest

from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage.importing.preview import preview_files
from colmado_insights.storage.importing.pulse import beat, listening
from colmado_insights.storage.importing.sources import open_sources
from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import DATA
from tests.storage.till import NOW, bring_in, no_categories

DUMP = DATA / "dexie" / "object-of-tables.json"


def cancelled() -> Progress:
    progress = Progress()
    progress.cancel()
    return progress


@pytest.mark.parametrize("path", [DUMP, DATA / "ecf" / "emitidos"], ids=lambda path: path.name)
def test_opening_a_file_hears_a_cancel(path: Path) -> None:
    with listening(cancelled()), pytest.raises(Cancelled), open_sources([path]):
        pass


def test_a_cancelled_import_and_preview_leave_nothing(tmp_path: Path) -> None:
    with open_database(tmp_path / "shop.db") as database:
        with pytest.raises(Cancelled):
            bring_in(database, DUMP, progress=cancelled())
        with pytest.raises(Cancelled):
            preview_files(database, [DUMP], categorize=no_categories, now=NOW, progress=cancelled())
        assert database.read("SELECT count(*) FROM batch") == [(0,)]
        assert bring_in(database, DUMP)[0].new > 0


def test_nobody_listens_after_the_import() -> None:
    with listening(cancelled()), pytest.raises(Cancelled):
        beat()
    beat()
