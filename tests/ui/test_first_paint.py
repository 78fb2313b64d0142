"""The moment at which the window stands is logged, once."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from PySide6.QtWidgets import QMainWindow

from colmado_insights.ui.first_paint import STANDS, FirstPaint


def test_first_painting_is_logged_and_no_other(qtbot: Any, caplog: pytest.LogCaptureFixture) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    FirstPaint(window)
    with caplog.at_level(logging.INFO, "colmado_insights"):
        assert STANDS not in caplog.text
        window.show()
        qtbot.waitUntil(lambda: STANDS in caplog.text)
        window.repaint()
        qtbot.wait(20)
    assert caplog.text.count(STANDS) == 1
