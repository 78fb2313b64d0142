"""The help: the way to the guide, and keys that are those of the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton

from colmado_insights import config
from colmado_insights.ui.dialogs.help import KEYS, Help
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages import PAGES
from tests.test_guide import keys_in_the_guide

MakeWindow = Callable[..., MainWindow]
ARROWS = {"Left": "←", "Right": "→"}
OF_A_BUTTON = {"Return"}
"""Pressing the button that has the focus is no key to be learnt."""


def guide_buttons(dialog: Help) -> list[QPushButton]:
    return [made for made in dialog.findChildren(QPushButton) if made.text().strip() == "Abrir la guía"]


def test_the_guide_is_opened_from_the_help(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    dialog = make_window().open_help()
    (made,) = guide_buttons(dialog)
    made.click()
    assert [Path(url.toLocalFile()) for url in opened] == [config.guide()]
    dialog.close()


def test_without_a_guide_nothing_offers_it(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "guide", lambda: None)
    dialog = make_window().open_help()
    assert not guide_buttons(dialog)
    dialog.close()


def keys_of(window: MainWindow) -> set[str]:
    """Every key that the window and its pages hear, as one writes it."""
    for page in PAGES:
        window.open_page(page.NAME)
    written = {
        shortcut.key().toString(QKeySequence.SequenceFormat.PortableText)
        for shortcut in window.findChildren(QShortcut)
    }
    for word, arrow in ARROWS.items():
        written = {key.replace(word, arrow) for key in written}
    return written - OF_A_BUTTON


def test_the_guide_names_the_keys_that_there_are(make_window: MakeWindow) -> None:
    assert keys_in_the_guide() == keys_of(make_window())


def test_the_help_names_the_keys_that_there_are(make_window: MakeWindow) -> None:
    told = {key.rstrip(",") or key for keys, _words in KEYS for key in keys.split() if key != "…"}
    told = {"Ctrl+," if key == "Ctrl+" else key for key in told}
    digits = {f"Ctrl+{digit}" for digit in range(1, 10)}
    assert told | digits == keys_of(make_window())
