"""Sales that come by themselves: a folder, and posts; nothing twice, nothing lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from colmado_insights import text
from colmado_insights.errors import ShopError
from colmado_insights.feeds import FolderFeed, TillFeed, take_posted
from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.history import read_batches, undo_batch
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 17, 30)
HEADER = "fecha,recibo,producto,cantidad,total\n"
FIRST = "2026-11-20 17:00:00,1,Pan de agua,2,20.00\n"
SECOND = "2026-11-20 17:05:00,2,Cerveza Presidente,6,900.00\n"
POSTED = {
    "id": 7,
    "date": "2026-11-20T17:20:00",
    "receiptNumber": "A-007",
    "items": [{"description": "Arroz 1 lb", "quantity": 2, "unitPrice": 35, "amount": 70}],
    "paymentMethod": "efectivo",
    "total": 70,
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "shop.db")
    yield database
    database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "caja"
    made.mkdir()
    return made


def write(folder: Path, rows: str, modified: int) -> Path:
    path = folder / "ventas.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    os.utime(path, (modified, modified))
    return path


def revenue(shop: Database) -> int:
    return int(shop.read_one("SELECT coalesce(sum(revenue_cents), 0) FROM daily"))


def test_a_growing_file_brings_only_what_is_new(shop: Database, folder: Path) -> None:
    feed = FolderFeed(shop, folder)
    write(folder, FIRST, 1_000)
    assert feed.poll(0.0, NOW) == []
    (first,) = feed.poll(3.0, NOW)
    assert first.report is not None
    assert first.report.new == 1
    write(folder, FIRST + SECOND, 1_001)
    feed.poll(4.0, NOW)
    (second,) = feed.poll(7.0, NOW)
    assert second.report is not None
    assert (second.report.new, second.report.unchanged) == (1, 1)
    assert revenue(shop) == 92_000


def test_a_file_is_not_looked_at_again_after_a_restart(shop: Database, folder: Path) -> None:
    feed = FolderFeed(shop, folder)
    write(folder, FIRST, 1_000)
    feed.poll(0.0, NOW)
    assert len(feed.poll(3.0, NOW)) == 1
    again = FolderFeed(shop, folder)
    again.poll(0.0, NOW)
    assert again.poll(3.0, NOW) == []


def test_a_file_that_is_no_sale_is_told_once(shop: Database, folder: Path) -> None:
    feed = FolderFeed(shop, folder)
    (folder / "nota.txt").write_text("hola\n", encoding="utf-8")
    feed.poll(0.0, NOW)
    (event,) = feed.poll(3.0, NOW)
    assert event.trouble
    assert feed.poll(6.0, NOW) == []
    assert feed.troubles == (event,)


def test_a_file_that_could_not_be_used_stands_until_it_is_gone_or_came_in(
    shop: Database, folder: Path
) -> None:
    feed = FolderFeed(shop, folder)
    (folder / "nota.txt").write_text("hola\n", encoding="utf-8")
    path = write(folder, "", 1_000)
    feed.poll(0.0, NOW)
    feed.poll(3.0, NOW)
    assert [event.name for event in feed.troubles] == ["ventas.csv", "nota.txt"]
    write(folder, FIRST, 1_002)
    feed.poll(8.0, NOW)
    (came,) = feed.poll(11.0, NOW)
    assert came.report is not None
    assert [event.name for event in feed.troubles] == ["nota.txt"]
    folder.rename(folder.with_name("lejos"))
    feed.poll(12.0, NOW)
    assert [event.name for event in feed.troubles] == ["nota.txt"]  # away is not gone
    folder.with_name("lejos").rename(folder)
    (folder / "nota.txt").unlink()
    feed.poll(13.0, NOW)
    assert feed.troubles == ()
    assert path.exists()


def test_what_was_refused_is_looked_at_again_by_the_next_program(shop: Database, folder: Path) -> None:
    """The next version may know better, and who opens the program is told why the file is not in."""
    (folder / "nota.txt").write_text("hola\n", encoding="utf-8")
    for _start in range(2):
        feed = FolderFeed(shop, folder)
        feed.poll(0.0, NOW)
        (event,) = feed.poll(3.0, NOW)
        assert feed.troubles == (event,)


def test_a_till_that_cannot_be_read_is_told_once(shop: Database, folder: Path) -> None:
    path = folder / "pos.db"
    feed = TillFeed(shop, path)
    (event,) = feed.poll(NOW)
    assert feed.poll(NOW) == []
    assert feed.troubles == (event,)


def test_a_file_that_the_till_has_to_itself_is_told_once_and_taken_when_it_lets_go(
    shop: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Windows forbids while a program writes; nothing of the file need change when it ends."""
    feed = FolderFeed(shop, folder)
    path, open_it = write(folder, FIRST, 1_000), Path.open

    def refuse(self: Path, *how: str, **more: str) -> object:
        if self == path:
            raise PermissionError(13, "another program has it open")
        return open_it(self, *how, **more)

    with monkeypatch.context() as held:
        held.setattr(Path, "open", refuse)
        feed.poll(0.0, NOW)
        (event,) = feed.poll(3.0, NOW)
        assert "ventas.csv" in event.trouble
        assert feed.poll(4.0, NOW) == []
    (event,) = feed.poll(5.0, NOW)
    assert event.report is not None
    assert event.report.new == 1
    assert feed.poll(9.0, NOW) == []


def test_late_receipts_are_said(shop: Database, folder: Path) -> None:
    feed = FolderFeed(shop, folder)
    take_posted(shop, POSTED, NOW)
    write(folder, FIRST.replace("11-20", "11-02"), 1_000)
    feed.poll(0.0, NOW)
    (event,) = feed.poll(3.0, NOW)
    assert event.late is not None
    assert "lun 2 nov" in text.sentence(event.late)


def test_the_first_sales_of_all_are_not_late(shop: Database, folder: Path) -> None:
    feed = FolderFeed(shop, folder)
    write(folder, FIRST.replace("11-20", "11-02") + SECOND, 1_000)
    feed.poll(0.0, NOW)
    (event,) = feed.poll(3.0, NOW)
    assert event.late is None


def test_a_posted_sale_comes_in_once(shop: Database) -> None:
    first = take_posted(shop, POSTED, NOW)
    assert (first.receipts_new, first.quarantined) == (1, 0)
    again = take_posted(shop, POSTED, NOW)
    assert (again.receipts_new, again.unchanged, again.replaced) == (0, 1, 0)
    assert revenue(shop) == 7_000
    assert health.find_problems(shop) == ()


def test_posts_of_a_day_are_one_batch_that_can_be_undone(shop: Database) -> None:
    take_posted(shop, POSTED, NOW)
    take_posted(shop, POSTED | {"id": 8, "receiptNumber": "A-008"}, NOW)
    (batch,) = read_batches(shop)
    assert (batch.receipts_new, batch.rows_read) == (2, 2)
    undo_batch(shop, batch.batch, now=NOW)
    assert revenue(shop) == 0
    take_posted(shop, POSTED, NOW)
    assert revenue(shop) == 7_000


def test_a_sale_edited_at_the_till_replaces_itself(shop: Database) -> None:
    take_posted(shop, POSTED, NOW)
    items = [{"description": "Arroz 1 lb", "quantity": 3, "unitPrice": 35, "amount": 105}]
    report = take_posted(shop, POSTED | {"items": items, "total": 105}, NOW)
    assert (report.receipts_new, report.replaced) == (0, 1)
    assert revenue(shop) == 10_500


@pytest.mark.parametrize("body", [[], "hola", 7, {"nada": True}, {"sales": "x"}, None])
def test_what_is_no_sale_is_refused_in_words(shop: Database, body: object) -> None:
    with pytest.raises(ShopError):
        take_posted(shop, body, NOW)
    assert revenue(shop) == 0
