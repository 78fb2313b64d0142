"""A newer version: what it brings, what will happen, and the owner's yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import hairline, label
from colmado_insights.ui.widgets.news_text import NewsText
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.updates import Program, Release

MEGABYTE = 1_000_000


class NewVersion(QDialog):
    """Asks, and shows how it goes; what is pressed is done elsewhere."""

    install_asked = Signal()
    later_asked = Signal()
    skip_asked = Signal()
    stop_asked = Signal()

    def __init__(self, look: Look, parent: QWidget, release: Release, program: Program) -> None:
        super().__init__(parent)
        self._look, self._release, self._program = look, release, program
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Versión nueva"))
        box = QVBoxLayout(self)
        box.setContentsMargins(*(look.px(20) for _side in range(4)))
        box.setSpacing(look.px(10))
        title = _("Versión {version}").format(version=release.version)
        box.addWidget(label(look, title, 19, 600, wrap=True))
        box.addWidget(label(look, self._facts(), 13, 400, "soft", wrap=True))
        if release.news:
            box.addWidget(NewsText(look, release.news), 1)
        box.addWidget(hairline())
        self.words = label(look, "", 14, 400, wrap=True)
        box.addWidget(self.words)
        box.addLayout(self._make_work())
        self.notices = NoticePlace(look)
        box.addLayout(self.notices)
        if not release.news:
            box.addStretch(1)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(look.px(8))
        box.addLayout(self._foot)
        room = parent.screen().availableSize()
        height = look.px(520 if release.news else 300)
        self.resize(min(look.px(640), room.width() - 40), min(height, room.height() - 80))
        self.show_offer()

    def show_offer(self) -> None:
        """Say what would happen, and ask."""
        self._show_working(False)
        self.words.setText(self._plan())
        skip = button(self._look, _("Omitir esta versión"), self.skip_asked.emit, kind="quiet")
        later = button(self._look, _("Ahora no"), self.later_asked.emit)
        install = button(
            self._look, self._action(), self.install_asked.emit, kind="primary", symbol="download"
        )
        self._show_buttons((skip,), (later, install))
        later.setFocus()

    def show_work(self, words: str, *, can_stop: bool) -> None:
        """Something goes on."""
        self.notices.clear()
        self._show_working(True)
        self._bar.setRange(0, 0)
        self._count.setText("")
        self.words.setText(words)
        self._show_buttons((), (button(self._look, _("Parar"), self.stop_asked.emit),) if can_stop else ())

    def show_progress(self, done: int, total: int, words: str) -> None:
        """How far it is."""
        self._bar.setRange(0, total // 1024)  # a bar counts no further than two thousand million
        self._bar.setValue(done // 1024)
        self.words.setText(words)
        have, size = (text.number(count / MEGABYTE) for count in (done, total))
        self._count.setText(_("{done} de {total} MB").format(done=have, total=size))

    def show_trouble(self, error: Exception) -> None:
        """Say what went wrong; it can be tried again."""
        self.show_offer()
        self.notices.say_trouble(error)

    def show_steps(self, steps: Sequence[str], file: Path) -> None:
        """Say what to do by hand."""
        self._show_working(False)
        self.words.setText("\n".join(f"{place}. {step}" for place, step in enumerate(steps, 1)))
        folder = QUrl.fromLocalFile(str(file.parent))
        close = button(self._look, _("Cerrar"), self.close)
        show = button(
            self._look, _("Abrir la carpeta"), lambda: QDesktopServices.openUrl(folder), kind="primary",
            symbol="folder-open",
        )  # fmt: skip
        self._show_buttons((), (close, show))
        show.setFocus()

    # -- words --

    def _facts(self) -> str:
        release = self._release
        size = _("{size} MB").format(size=text.number(max(release.size / MEGABYTE, 1)))
        facts = [_("Tienes la {version}").format(version=self._program.version)]
        if release.date is not None:
            facts.append(_("salió el {day}").format(day=text.long_date(release.date)))
        if release.path is not None:
            facts.append(_("{size}, en «{folder}»").format(size=size, folder=release.path.parent))
        else:
            host = urlsplit(release.url).hostname
            facts.append(_("{size}, se baja de {host}").format(size=size, host=host))
        return " · ".join(facts)

    def _plan(self) -> str:
        if self._program.can_replace:
            return _(
                "Se hace una copia de respaldo, el programa se cierra, se instala y vuelve a abrirse solo."
                " Tus datos se quedan como están. Si el panel de caja está abierto aparte, ciérralo."
            )
        return _(
            "Este programa no puede cambiarse a sí mismo: te dice cómo se hace. Tus datos se quedan como están."
        )

    def _action(self) -> str:
        if self._program.can_replace:
            return _("Instalar")
        return _("Bajarla") if self._release.path is None else _("Cómo se instala")

    # -- parts --

    def _make_work(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._look.px(12))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._count = label(self._look, "", 13, 400, "soft", tabular=True)
        row.addWidget(self._bar, 1)
        row.addWidget(self._count)
        return row

    def _show_working(self, is_working: bool) -> None:
        self._bar.setVisible(is_working)
        self._count.setVisible(is_working)

    def _show_buttons(self, left: Sequence[QWidget], right: Sequence[QWidget]) -> None:
        clear_layout(self._foot)
        for made in left:
            self._foot.addWidget(made)
        self._foot.addStretch(1)
        for made in right:
            self._foot.addWidget(made)
