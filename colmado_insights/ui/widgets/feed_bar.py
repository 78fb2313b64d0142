"""A line above the page about files that should have come in by themselves and could not, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.feeds import FeedEvent
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.notice_place import NoticePlace

MOST_LINES = 3


class FeedBar(QWidget):
    """Takes no room while all came in; what was closed once is not said again while it stays as it is."""

    def __init__(self, look: Look, close: Callable[[], object]) -> None:
        super().__init__()
        self._look, self._close = look, close
        column = QVBoxLayout(self)
        column.setContentsMargins(*(look.px(side) for side in (22, 12, 22, 0)))
        self._notices = NoticePlace(look)
        column.addLayout(self._notices)
        self.hide()

    def show_troubles(self, troubles: Sequence[FeedEvent]) -> None:
        """Say these, and nothing else."""
        self._notices.clear()
        if troubles:
            notice = self._notices.say(trouble_words(troubles), Tone.ACCENT, "triangle-alert")
            hint = _("Cerrar el aviso")
            notice.add_action(button(self._look, "", self._close, kind="small", symbol="x", hint=hint))
        self.setVisible(bool(troubles))


def trouble_words(troubles: Sequence[FeedEvent]) -> str:
    """A line a file, in the words of the import; of many the first ones."""
    lines = [
        event.trouble
        if event.name in event.trouble
        else _("«{file}»: {why}").format(file=event.name, why=event.trouble)
        for event in troubles[:MOST_LINES]
    ]
    if (more := len(troubles) - MOST_LINES) > 0:
        lines.append(ngettext("Y {n} archivo más.", "Y {n} archivos más.", more).format(n=text.number(more)))
    return "\n".join(lines)
