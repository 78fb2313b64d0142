"""Which version this is and whether there is a newer one, with what looking for it online tells."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from colmado_insights import text, updates
from colmado_insights.progress import Progress
from colmado_insights.text import _
from colmado_insights.ui.ages import ago
from colmado_insights.ui.context import Context
from colmado_insights.ui.updates import Updates
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.label import Tone, hairline, label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.switch import Switch
from colmado_insights.updates import Release, Standing


class VersionCard(Card):
    """Reads how all stands when it is shown, and again when that changed."""

    def __init__(self, ctx: Context, control: Updates) -> None:
        super().__init__(ctx.look, _("Versión del programa"), "download")
        self._ctx, self._control = ctx, control
        self._rows = QVBoxLayout()
        self._rows.setSpacing(ctx.look.px(6))
        self.body.addLayout(self._rows)
        self.body.addWidget(hairline())
        self.body.addLayout(self._make_switch())
        self.told = label(ctx.look, "", 12.5, 400, "soft", wrap=True)
        self.body.addWidget(self.told)
        self.notices = NoticePlace(ctx.look)
        self.body.addLayout(self.notices)
        self.body.addStretch(1)
        self.body.addLayout(self._make_buttons())
        control.changed.connect(self.load)

    def load(self) -> None:
        """Read how all stands and show it; a hidden card has time."""
        if not self.isVisible():
            return
        settings, program = self._ctx.settings, self._control.program

        def read(_progress: Progress) -> Standing:
            return updates.read_standing(settings, program)

        self._ctx.tasks.run(
            read, owner=self, key="standing", done=self.show_standing, error=self.notices.say_trouble
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it comes into view."""
        super().showEvent(event)
        self.load()

    def show_standing(self, standing: Standing) -> None:
        """This version, the newest known, the last look, and whether looking is allowed and possible."""
        clear_layout(self._rows)
        self._add_row(_("Esta versión"), str(standing.program.version))
        self._add_row(_("La más nueva"), _newest_words(standing.newest), standing.newest)
        looked = standing.looked_at
        self._add_row(
            _("Última búsqueda en internet"), ago(looked, self._ctx.clock()) if looked else _("Nunca")
        )
        self.switch.setEnabled(bool(standing.url))
        self.told.setText(_told_words(standing.url))
        self.look_button.setEnabled(bool(standing.url) and standing.is_allowed)

    # -- what the owner does --

    def allow(self, is_allowed: bool) -> None:
        """Look online from now on, or no more."""
        self._ctx.change_settings(self._ctx.settings.with_values({"look_for_updates": is_allowed}))
        if is_allowed:
            self._control.look_soon()

    def look_now(self) -> None:
        """Ask online now."""
        self.look_button.setEnabled(False)
        self.notices.say(_("Buscando…"), Tone.BRAND, "hourglass")
        self._control.look_now(self._show_found, self._show_trouble)

    def ask_file(self) -> None:
        """Choose a file in hand."""
        dialog = QFileDialog(self, _("Archivo de una versión nueva"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self._control.open_file(Path(name)))
        dialog.open()

    def _show_found(self, standing: Standing) -> None:
        self.show_standing(standing)
        if standing.newest is None:
            self.notices.say_done(_("Ya tienes la más nueva."))
        else:
            self.notices.clear()
            self._control.open_release(standing.newest)

    def _show_trouble(self, error: Exception) -> None:
        self.look_button.setEnabled(True)
        self.notices.say_trouble(error)

    # -- parts --

    def _add_row(self, name: str, words: str, release: Release | None = None) -> None:
        row = QHBoxLayout()
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(label(self.look, name, 12.5, 400, "soft"))
        value = label(self.look, words, 14, 400, wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(value)
        row.addLayout(column, 1)
        if release is not None:
            see = button(self.look, _("Ver qué trae"), lambda: self._control.open_release(release))
            row.addWidget(see, 0, Qt.AlignmentFlag.AlignVCenter)
        self._rows.addLayout(row)

    def _make_switch(self) -> QHBoxLayout:
        words = _("Buscar versiones nuevas en internet, una vez al día")
        row = QHBoxLayout()
        row.setSpacing(self.look.px(12))
        row.addWidget(label(self.look, words, 14, 400, wrap=True), 1)
        self.switch = Switch(self.look, is_on=self._ctx.settings.look_for_updates)
        self.switch.setAccessibleName(words)
        self.switch.toggled.connect(self.allow)
        row.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _make_buttons(self) -> Flow:
        self.look_button = button(self.look, _("Buscar ahora"), self.look_now, symbol="search")
        self.look_button.setEnabled(False)
        self.file_button = button(self.look, _("Abrir un archivo…"), self.ask_file, symbol="folder-open")
        self.news_button = button(self.look, _("Qué trajo esta versión"), self._control.open_news)
        flow = Flow(self.look)
        for made in (self.look_button, self.file_button, self.news_button):
            flow.addWidget(made)
        return flow


def _newest_words(newest: Release | None) -> str:
    if newest is None:
        return _("No se sabe de ninguna más nueva.")
    words = str(newest.version)
    if newest.date is not None:
        words = _("{version}, del {day}").format(version=words, day=text.long_date(newest.date))
    where = _("está en esta computadora") if newest.path is not None else _("en internet")
    return f"{words} · {where}"


def _told_words(url: str) -> str:
    """What looking tells, and to whom; and what is looked at without."""
    here = _(
        "Si bajas una a Descargas, el programa te avisa: ahí mira los nombres, y solo abre lo que sea una versión."
    )
    if not url:
        return _("Este programa vino sin dirección donde buscar. {here}").format(here=here)
    asked = _(
        "Le pide la lista de versiones a {host}. Le dice el nombre y la versión de este programa, y nada de tu colmado;"
        " como cualquier página, ve la dirección de internet de tu computadora. Nada se baja ni se instala sin tu sí."
    ).format(host=urlsplit(url).hostname)
    return f"{asked} {here}"
