"""The middle of a dialog: all of it where there is room, scrolled where there is not, nothing upon anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from colmado_insights.config import Settings
from colmado_insights.ui.dialogs.customer_form import CustomerForm
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.scrolled import Scrolled


def places(dialog: QWidget) -> list[QRect]:
    """Where each field and each line of words of a dialog stands."""
    parts: list[QWidget] = [*dialog.findChildren(QLineEdit), *dialog.findChildren(QLabel)]
    return [
        QRect(each.mapTo(dialog, QPoint(0, 0)), each.size())
        for each in parts
        if each.isVisible() and not isinstance(each.parent(), QLineEdit)
    ]


@pytest.mark.parametrize(("text_percent", "is_scrolled"), [(100, False), (200, True)])
def test_no_words_stand_upon_others_in_a_low_screen(
    qtbot: QtBot, apply: Callable[[Settings], Look], text_percent: int, is_scrolled: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    form = CustomerForm(apply(replace(Settings(), text_percent=text_percent)), window)
    form.resize(form.width(), min(form.height(), 648))
    form.show()
    QApplication.processEvents()
    middle = form.findChild(Scrolled)
    assert isinstance(middle, Scrolled)
    assert (middle.verticalScrollBar().maximum() > 0) is is_scrolled
    found = [each for each in places(form) if each.height()]
    assert not [(a, b) for place, a in enumerate(found) for b in found[:place] if a.intersects(b)]
