"""The pictures of the documents: all can be made anew, and none tells a folder of the machine it was made on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from colmado_insights import config
from tasks.guide import DARK_SUFFIX
from tasks.pictures import (
    EMPTY,
    FOLDER,
    HOME_SHOWN,
    REPORTS,
    REPORTS_SHOWN,
    SCENES,
    WITH_GROK,
    hide_folders,
)

MOST_BYTES = 4_200_000


def test_every_picture_can_be_made_anew_light_and_dark() -> None:
    names = {*EMPTY, *SCENES, *WITH_GROK}
    expected = names | {name + DARK_SUFFIX for name in names} | REPORTS.keys()
    assert {path.stem for path in FOLDER.glob("*.png")} == expected
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST_BYTES


@pytest.fixture
def make_widget(close_later: Callable[[QWidget], None]) -> Callable[..., QWidget]:
    def make(*words: str) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        for each in words:
            box.addWidget(QLabel(each))
        close_later(made)
        return made

    return make


def test_folders_are_told_as_an_owners(
    make_widget: Callable[..., QWidget], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path("/somewhere/else/ColmadoInsights")
    monkeypatch.setenv("COLMADO_HOME", str(home))
    widget = make_widget(f"{home / 'colmado.db'}", f"En {config.reports_folder()}", "de 3/4 partes")
    hide_folders(widget, home)
    assert [label.text() for label in widget.findChildren(QLabel)] == [
        rf"{HOME_SHOWN}\colmado.db",
        f"En {REPORTS_SHOWN}",
        "de 3/4 partes",
    ]


def test_a_folder_that_cannot_be_hidden_stops_it(
    make_widget: Callable[..., QWidget], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path("/somewhere/else/ColmadoInsights")
    monkeypatch.setenv("COLMADO_HOME", str(home))
    with pytest.raises(RuntimeError):
        hide_folders(make_widget(str(home.parent / "secret.csv")), home)
