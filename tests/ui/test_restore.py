"""Putting a backup back in the window: what there is, the question, and everything read anew; three clicks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from colmado_insights import app
from colmado_insights.domain import BackupFacts, Restored, Role
from colmado_insights.errors import DatabaseDamaged, DiskFull
from colmado_insights.shop import Shop
from colmado_insights.ui.context import Context
from colmado_insights.ui.dialogs.damaged_shop import DamagedShop
from colmado_insights.ui.dialogs.restore_backup import RestoreBackup
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages.settings import SettingsPage
from colmado_insights.ui.restoring import Restoring
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.backup_rows import BackupRows
from colmado_insights.ui.widgets.backups_card import BackupsCard
from tests.ui.fake_shop import NOW

FACTS = BackupFacts(Path("backup.db"), NOW, 1_000)
BROKEN = replace(FACTS, trouble="El archivo está dañado.")


def card_of(window: MainWindow) -> BackupsCard:
    window.open_page(SettingsPage.NAME)
    QApplication.processEvents()
    (card,) = window.page.findChildren(BackupsCard)
    return card


def press(place: QWidget, words: str, which: int = 0) -> None:
    [made for made in place.findChildren(QPushButton) if made.text().strip() == words][which].click()


def words_of(place: QWidget) -> str:
    said = "\n".join(made.text() for made in place.findChildren(QLabel) if not made.isHidden())
    return said.replace("\N{NO-BREAK SPACE}", " ")


def question(window: QWidget) -> RestoreBackup:
    (dialog,) = window.findChildren(RestoreBackup)
    return dialog


def test_the_card_says_what_each_backup_holds(make_window: Callable[..., MainWindow]) -> None:
    card = card_of(make_window())
    assert "12,345 compras, del 28 ago 2026 al 20 nov 2026" in words_of(card)
    assert "Vie 20 nov 2026, 12:22 p. m." in words_of(card)
    assert len([b for b in card.findChildren(QPushButton) if b.text() == "Recuperar…"]) == 4
    press(card.rows, "Ver las 6 copias")
    QApplication.processEvents()
    assert "11,645 compras" in words_of(card)


def test_three_clicks_and_everything_is_read_anew(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window()
    home, card = window.open_page("home"), card_of(window)
    press(card, "Recuperar…", 1)
    dialog = question(window)
    assert "12,205 compras" in words_of(dialog)
    with qtbot.waitSignal(window.restoring.restored):
        press(dialog, "Recuperarla")
    assert window._shop.restored == [Path("backup-1.db")]  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: window.page.findChildren(BackupsCard) != [card])
    assert window.open_page("home") is not home
    told = words_of(card_of(window))
    assert "Recuperada: 12,205 compras" in told
    assert "otra copia" in told
    press(card_of(window), "Deshacer")
    assert "12,345 compras" in words_of(question(window))


def test_the_shops_own_settings_come_with_it(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    window.open_page(SettingsPage.NAME)
    shop: Any = window._shop
    shop.settings = shop.settings.with_values({"shop_name": "La Fe"})
    window.restoring.open(FACTS).begin()
    qtbot.waitUntil(lambda: window.windowTitle().startswith("La Fe"))


def test_no_is_no(make_window: Callable[..., MainWindow]) -> None:
    window = make_window()
    press(card_of(window), "Recuperar…")
    press(question(window), "Dejarlo como está")
    assert window._shop.restored == []  # type: ignore[attr-defined]


def test_a_backup_that_cannot_be_used_has_no_button(
    make_context: Callable[..., Context], close_later: Callable[[QWidget], None]
) -> None:
    rows = BackupRows(make_context().look)
    close_later(rows)
    rows.show_backups((BROKEN,))
    assert rows.findChildren(QPushButton) == []
    assert "El archivo está dañado." in words_of(rows)
    rows.show_backups(())
    assert "Todavía no hay ninguna" in words_of(rows)


def test_a_file_from_elsewhere(make_window: Callable[..., MainWindow]) -> None:
    window = make_window()
    card = card_of(window)
    card.open_file(Path("foto.jpg"))
    assert "no es una copia" in words_of(card)
    card.open_file(Path("backup-2.db"))
    assert "12,065 compras" in words_of(question(window))


def test_what_fails_is_said_and_can_be_tried_again(
    make_context: Callable[..., Context], close_later: Callable[[QWidget], None]
) -> None:
    parent = QWidget()
    close_later(parent)
    context, tries = make_context(), [DiskFull("No cabe."), Restored(FACTS)]

    def restore(*_args: object) -> Restored:
        if isinstance(answer := tries.pop(0), Exception):
            raise answer
        return answer

    dialog = RestoreBackup(context.look, parent, context.tasks, FACTS, restore)
    dialog.show()
    dialog.begin()
    assert "No cabe." in words_of(dialog)
    assert (dialog.agree.isVisible(), dialog.stop.isVisible()) == (True, False)
    dialog.begin()
    assert not dialog.isVisible()


def test_closing_it_while_it_works_asks_it_to_stop(
    make_context: Callable[..., Context], tasks: Tasks, close_later: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    parent = QWidget()
    close_later(parent)

    def restore(_path: Path, progress: Any) -> Restored:
        while True:
            progress.step(1, 2, "Recuperando la copia")

    dialog = RestoreBackup(make_context().look, parent, tasks, FACTS, restore)
    dialog.show()
    dialog.begin()
    qtbot.waitUntil(lambda: "Recuperando la copia…" in words_of(dialog))
    dialog.close()
    assert dialog.isVisible()
    qtbot.waitUntil(dialog.agree.isVisible)


def test_a_cashier_is_shown_no_backups(
    make_context: Callable[..., Context],
    make_window: Callable[..., MainWindow],
    close_later: Callable[[QWidget], None],
) -> None:
    for role, cards in ((Role.CASHIER, 0), (Role.OWNER, 1)):
        page = SettingsPage(replace(make_context(), restoring=Restoring(make_window()), role=role))
        close_later(page)
        assert len(page.findChildren(BackupsCard)) == cards


# ── at the start ──


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop with a backup, and then with rubbish in its file."""
    monkeypatch.setenv("COLMADO_HOME", str(tmp_path))
    with Shop(tmp_path / "shop.db") as shop:
        shop.write_backup()
    (tmp_path / "shop.db").write_bytes(b"\xa5" * 50_000)
    return tmp_path / "shop.db"


class Program(app.Program):
    """Only what opening the shop asks for."""

    def __init__(self, context: Context, *, is_watched: bool = True) -> None:
        self.look, self.tasks = context.look, context.tasks
        self.options = app.read_options([] if is_watched else ["--smoke"])


def answer_next(act: Callable[[DamagedShop], object]) -> None:
    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, DamagedShop)
        try:
            act(dialog)
        finally:
            if dialog.isVisible():
                dialog.reject()  # whatever went wrong, the test ends

    QTimer.singleShot(0, answer)


def test_a_damaged_shop_is_put_back_before_the_window_opens(
    damaged: Path, make_context: Callable[..., Context]
) -> None:
    context = make_context()

    def put_back(dialog: DamagedShop) -> None:
        assert "está dañado" in words_of(dialog)
        press(dialog, "Recuperar…")
        press(question(dialog), "Recuperarla")

    answer_next(put_back)
    with Program(context)._open_shop(damaged, context.settings) as shop:
        assert shop.find_problems() == ()


def test_who_does_not_want_it_leaves_with_all_as_it_was(
    damaged: Path, make_context: Callable[..., Context]
) -> None:
    context, before = make_context(), damaged.read_bytes()
    answer_next(lambda dialog: press(dialog, "Cerrar"))
    with pytest.raises(SystemExit) as left:
        Program(context)._open_shop(damaged, context.settings)
    assert left.value.code == 1
    assert damaged.read_bytes() == before
    with pytest.raises(DatabaseDamaged):
        Program(context, is_watched=False)._open_shop(damaged, context.settings)


def test_a_backup_can_be_asked_for_now(
    make_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    window, asked = make_window(), []
    monkeypatch.setattr(window.schedule, "run_now", asked.append)
    press(card_of(window), "Hacer una copia ahora")
    assert asked == ["backup"]
