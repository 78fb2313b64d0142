"""The card and the notice."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights.config import Settings
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.card import Notice

LONG = (
    "Tus ventas están como estaban el viernes; lo que había antes de eso quedó guardado en otra copia. " * 3
)


@pytest.mark.parametrize("wide", [320, 500, 900])
def test_notice_is_as_high_as_its_words_and_no_higher(qtbot: Any, wide: int) -> None:
    look = Look.of(Settings(text_percent=200))
    ground, notice = QWidget(), Notice(look, "Listo.")
    column = QVBoxLayout(ground)
    column.addWidget(notice)
    column.addStretch(1)
    qtbot.addWidget(ground)
    ground.resize(wide, 1600)
    ground.show()
    short = notice.height()
    notice.words.setText(LONG)
    qtbot.waitUntil(lambda: notice.height() > short)
    assert notice.words.height() >= notice.words.heightForWidth(notice.words.width())
    assert notice.height() < notice.words.height() + 80
