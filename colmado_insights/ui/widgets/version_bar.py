"""A line above the page about versions of the program: a newer one, what became of one, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights.errors import ShopError
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Notice
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.updates import Version

Act = Callable[[], object]


class VersionBar(QWidget):
    """Takes no room while it has nothing to say."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        column = QVBoxLayout(self)
        column.setContentsMargins(*(look.px(side) for side in (22, 12, 22, 0)))
        self.notices = NoticePlace(look)
        column.addLayout(self.notices)
        self.hide()

    def clear(self) -> None:
        """Say nothing."""
        self.notices.clear()
        self.hide()

    def say_offer(self, version: Version, see: Act, install: Act, later: Act) -> None:
        """There is a newer version."""
        notice = self._say(
            _("Hay una versión nueva: {version}").format(version=version), Tone.BRAND, "download"
        )
        notice.add_action(button(self._look, _("Ver qué trae"), see))
        notice.add_action(button(self._look, _("Instalar"), install, kind="primary"))
        notice.add_action(button(self._look, _("Ahora no"), later))

    def say_updated(self, version: Version, see: Act, close: Act) -> None:
        """This version runs for the first time."""
        words = _("Listo: ahora tienes la versión {version}.").format(version=version)
        notice = self._say(words, Tone.GOOD, "circle-check")
        notice.add_action(button(self._look, _("Qué hay de nuevo"), see))
        notice.add_action(self._make_close(close))

    def say_reading(self, file: str, stop: Act) -> None:
        """A file is being read."""
        notice = self._say(_("Mirando «{file}»…").format(file=file), Tone.BRAND, "hourglass")
        notice.add_action(button(self._look, _("Parar"), stop))

    def say_trouble(self, error: Exception, close: Act) -> None:
        """A file is no newer version, or could not be read."""
        fault = _("El archivo no se pudo leer por un fallo del programa. No se cambió nada.")
        words = str(error) if isinstance(error, ShopError) else fault
        notice = self._say(words, Tone.ACCENT, "triangle-alert")
        notice.add_action(self._make_close(close))

    def _say(self, words: str, tone: Tone, symbol: str) -> Notice:
        notice = self.notices.say(words, tone, symbol)
        self.show()
        return notice

    def _make_close(self, close: Act) -> QWidget:
        return button(self._look, "", close, kind="small", symbol="x", hint=_("Cerrar el aviso"))
