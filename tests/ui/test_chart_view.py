"""A chart is drawn for the size that it has, whenever it got it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from colmado_insights.config import Settings
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets import chart_view
from colmado_insights.ui.widgets.chart_view import RESIZE_PAUSE_MS, ChartView, Picture
from tests.ui.conftest import FakeTasks


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The sizes for which a chart was drawn."""
    drawn: list[tuple[int, int]] = []

    def draw(_draw: Any, _style: Any, width: int, height: int) -> Picture:
        drawn.append((width, height))
        return Picture(bytes(width * height * 4), width, height, ())

    monkeypatch.setattr(chart_view, "draw_picture", draw)
    return drawn


@pytest.mark.usefixtures("with_charts")
def test_one_that_was_resized_and_hidden_at_once_is_drawn_when_shown(
    sizes: list[tuple[int, int]],
    fake_tasks: FakeTasks,
    apply: Callable[[Settings], Look],
    close_later: Callable[[QWidget], None],
    qtbot: Any,
) -> None:
    view = ChartView(apply(Settings()), fake_tasks)  # type: ignore[arg-type]
    close_later(view)
    view.resize(400, 300)
    view.show()
    view.show_chart(lambda *_anything: None)  # type: ignore[arg-type, return-value]
    qtbot.wait(RESIZE_PAUSE_MS * 2)
    assert sizes[-1] == (400, 300)
    view.resize(400, 360)
    view.hide()
    qtbot.wait(RESIZE_PAUSE_MS * 2)
    assert sizes[-1] == (400, 300)
    view.show()
    qtbot.waitUntil(lambda: sizes[-1] == (400, 360))
    count = len(sizes)
    view.hide()
    view.show()
    qtbot.wait(RESIZE_PAUSE_MS * 2)
    assert len(sizes) == count
