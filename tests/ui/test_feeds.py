"""Sales that come by themselves reach every page within a second of being there."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from colmado_insights.config import Settings
from colmado_insights.errors import PortTaken
from colmado_insights.feeds import FeedEvent
from colmado_insights.receiver import HOST, PATH, Receiver, is_ours
from colmado_insights.shop import Shop
from colmado_insights.ui.feeds import Feeds
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.feed_bar import trouble_words
from tests.ui.test_pages import settle, words_of

SALE = {
    "id": 7,
    "date": "2026-11-20T17:20:00",
    "receiptNumber": "A-007",
    "items": [{"description": "Arroz 1 lb", "quantity": 2, "unitPrice": 35, "amount": 70}],
    "total": 70,
}


class Desk:
    """A shop, its tasks and its feeds."""

    def __init__(self, folder: Path) -> None:
        self.troubles: list[Exception] = []
        self.shop = Shop(folder / "shop.db", Settings())
        self.tasks = Tasks(self.troubles.append)
        self.feeds = Feeds(self.shop, self.tasks, self.troubles.append)

    def close(self) -> None:
        self.feeds.stop()
        self.tasks.stop()
        self.shop.close()


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def free_port() -> int:
    probe = Receiver(lambda _body: None, token="x")  # type: ignore[arg-type,return-value]
    port = probe.port
    probe.stop()
    return port


def test_a_posted_sale_is_told_to_the_pages(desk: Desk, qtbot: QtBot) -> None:
    port = free_port()
    desk.feeds.follow(Settings(web_till=True, web_port=port, web_token="llave"))
    with qtbot.waitSignal(desk.tasks.data_changed, timeout=3_000):
        call = http.client.HTTPConnection(HOST, port, timeout=5)
        call.request("POST", PATH, json.dumps(SALE), {"Authorization": "Bearer llave"})
        assert call.getresponse().status == 200
        call.close()
    assert desk.shop.read_summary().revenue_cents == 7_000
    assert desk.troubles == []


def test_a_file_in_the_folder_is_told_to_the_pages(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "caja"
    folder.mkdir()
    (folder / "ventas.csv").write_text(
        "fecha,recibo,producto,cantidad,total\n2026-11-20 17:00:00,1,Pan,2,20.00\n", encoding="utf-8"
    )
    with qtbot.waitSignal(desk.tasks.data_changed, timeout=8_000):
        desk.feeds.follow(Settings(watch_folder=str(folder)))
    assert desk.shop.read_summary().receipts == 1


def test_a_file_that_cannot_be_used_is_told_until_it_is_gone(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    folder, told = tmp_path / "caja", []
    folder.mkdir()
    (folder / "nota.txt").write_text("hola\n", encoding="utf-8")
    desk.feeds.troubles_changed.connect(told.append)
    desk.feeds.follow(Settings(watch_folder=str(folder)))
    qtbot.waitUntil(lambda: bool(told), timeout=8_000)
    assert [(event.name, bool(event.trouble)) for event in told[0]] == [("nota.txt", True)]
    (folder / "nota.txt").unlink()
    qtbot.waitUntil(lambda: told[-1] == (), timeout=5_000)
    assert len(told) == 2
    assert desk.troubles == []


def test_the_window_says_which_files_did_not_come_in(make_window: Callable[..., MainWindow]) -> None:
    window = make_window()
    window.open_page("home")
    first, second = (
        FeedEvent("nota.txt", trouble="«nota.txt» no trae ventas."),
        FeedEvent("foto.csv", trouble="Eso es una foto."),
    )
    window.show_feed_troubles((first, second))
    assert "«nota.txt» no trae ventas.\n«foto.csv»: Eso es una foto." in words_of(window)
    window.change_settings(replace(window.settings, shop_name="Otro"))
    settle()
    assert "Eso es una foto." in words_of(window)
    next(made for made in window.findChildren(QPushButton) if made.toolTip() == "Cerrar el aviso").click()
    assert "Eso es una foto." not in words_of(window)
    window.show_feed_troubles((second,))
    assert "Eso es una foto." not in words_of(window)
    window.show_feed_troubles(())
    window.show_feed_troubles((second,))
    assert "Eso es una foto." in words_of(window)


def test_of_many_files_the_first_are_named() -> None:
    many = [FeedEvent(f"{n}.csv", trouble="Está vacío.") for n in range(5)]
    assert trouble_words(many).splitlines()[-2:] == ["«2.csv»: Está vacío.", "Y 2 archivos más."]


def test_nothing_is_watched_unless_asked(desk: Desk) -> None:
    desk.feeds.follow(Settings())
    desk.feeds.poll()
    assert not desk.tasks.is_busy


def test_a_taken_port_is_told_in_words(desk: Desk) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        desk.feeds.follow(Settings(web_till=True, web_port=port, web_token="llave"))
    (trouble,) = desk.troubles
    assert isinstance(trouble, PortTaken)


def test_the_window_waits_for_the_panel_to_let_go_of_the_posts(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    """Both follow the same settings: neither is trouble to the other, and no sale finds the door shut for long."""
    folder = tmp_path / "caja"
    folder.mkdir()
    panel = Receiver(lambda _body: None, token="llave")  # type: ignore[arg-type,return-value]
    settings = Settings(web_till=True, web_port=panel.port, web_token="llave", watch_folder=str(folder))
    desk.feeds.follow(settings)
    assert desk.troubles == []
    (folder / "ventas.csv").write_text(
        "fecha,recibo,producto,cantidad,total\n2026-11-20 17:00:00,1,Pan,2,20.00\n", encoding="utf-8"
    )
    with qtbot.waitSignal(desk.tasks.data_changed, timeout=8_000):
        pass  # the folder is watched meanwhile
    panel.stop()
    qtbot.waitUntil(lambda: is_ours(settings.web_port), timeout=5_000)
    assert desk.troubles == []


def test_other_programs_are_not_ours() -> None:
    with socket.create_server((HOST, 0)) as silent:
        assert not is_ours(silent.getsockname()[1])
    assert not is_ours(free_port())
