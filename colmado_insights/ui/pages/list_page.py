"""A page that takes in lists of what it shows: dropped anywhere on it, or chosen."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from colmado_insights.text import _
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.widgets.drop_area import dropped_files


class ListPage(Page):
    """A subclass says what its lists are called and how one is brought in."""

    LIST_TITLE: ClassVar[str]  # marked with N_
    LIST_KINDS: ClassVar[str]  # of files; marked with N_

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.setAcceptDrops(True)

    def import_list(self, path: Path) -> None:
        """Bring a list in."""
        raise NotImplementedError

    def ask_list(self) -> None:
        """Open the system's file dialog."""
        kinds = _(self.LIST_KINDS)
        name, _filter = QFileDialog.getOpenFileName(self, _(self.LIST_TITLE), str(Path.home()), kinds)
        if name:
            self.import_list(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome one file."""
        if len(dropped_files(event)) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it in."""
        event.acceptProposedAction()
        self.import_list(dropped_files(event)[0])
