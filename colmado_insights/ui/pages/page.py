"""The shape of every page: read off the GUI thread, then show; one state always stands."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import Role
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.context import Context
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.state_view import Action, Blocks, Message, StateView, not_enough_words

SALES = "sales"
ANSWERS = "answers"
SNOOZES = "snoozes"
SETTINGS = "settings"
CATALOG = "catalog"
CUSTOMERS = "customers"
QUARANTINE = "quarantine"
GROK = "grok"
"""What Grok may be asked, what it answered and what it cost."""
GROWING_MS = 1_000
"""A page made anew has taken its length by then."""
BOARDS = frozenset({"prices", "care", "baskets", "customers", "outcomes"})
"""The jobs that advice is made from; a job's name is told when it is done."""


class Page(QWidget):
    """One screen. A subclass names itself, builds `body` and says how to read and show.

    To add a page: a file here with a `Page`, and its name in `PAGES` of `pages/__init__.py`.
    """

    NAME: ClassVar[str]
    TITLE: ClassVar[str]  # marked with N_
    ICON: ClassVar[str]
    PARENT: ClassVar[str] = ""  # the page it belongs to, when it has no place of its own on the rail
    BADGE: ClassVar[str] = ""  # whose place bears its badge, if neither its own nor its parent's
    ROLE: ClassVar[Role] = Role.MANAGER
    CLOSED_TO: ClassVar[frozenset[Role]] = frozenset()  # who is shown nothing of it
    CLOSED_WORDS: ClassVar[tuple[str, str]] = (
        N_("Esto lo ve quien administra."), N_("Aquí hay ganancias y costos del negocio."),
    )  # fmt: skip
    NEEDS: ClassVar[frozenset[str]] = frozenset({SALES, SETTINGS})  # topics whose change makes it read again
    REPORT: ClassVar[str] = ""  # what the print button writes
    BLOCKS: ClassVar[Blocks] = ((110, (1, 1, 1, 1)), (340, (3, 1)), (180, (1,)))

    loaded = Signal()  # a result, an empty state or a trouble stands
    badge_changed = Signal(int)

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx, self.look = ctx, ctx.look
        self._is_stale = True
        content = QWidget()
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(self.look.px(12))
        self.state = StateView(self.look, content, self.BLOCKS)
        inside = QWidget()
        inside.setProperty("ground", "none")
        box = QVBoxLayout(inside)
        box.setContentsMargins(*(self.look.px(side) for side in (22, 16, 22, 16)))
        box.addWidget(self.state, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.viewport().setAutoFillBackground(False)
        area.setWidget(inside)
        area.setAccessibleName(_(self.TITLE))  # the keyboard scrolls it
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self._scroll_bar = area.verticalScrollBar()
        ctx.tasks.data_changed.connect(self.take_change)
        self.control = self.make_control()

    # -- what a page may say about itself --

    def make_control(self) -> QWidget | None:
        """The control this page puts into the top bar."""
        return None

    def make_way_back(self, hint: str) -> QPushButton:
        """The arrow that leads from the top bar to the page this one belongs to."""
        return button(
            self.look, "", lambda: self.ctx.go(self.PARENT), kind="small", symbol="arrow-left", hint=hint
        )

    def read(self, progress: Progress) -> Any:
        """Read and compute what the page shows; runs in a worker thread."""
        raise NotImplementedError

    def show_result(self, result: Any) -> None:
        """Fill the page; runs in the GUI thread."""
        raise NotImplementedError

    # -- the common way --

    def load(self) -> None:
        """Read again and show; nothing is read for whom it is not."""
        self._is_stale = False
        if self.ctx.role in self.CLOSED_TO:
            self._show_closed()
            return
        self.state.show_loading()
        self.ctx.tasks.run(self.read, owner=self, key="load", done=self._take_result, error=self._take_error)

    def take_change(self, topics: frozenset[str]) -> None:
        """Read again when what the page needs has changed: now if it stands, else when it is shown."""
        if not topics & self.NEEDS:
            return
        self._is_stale = True
        if self.isVisible():
            self.load()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when shown for the first time, or after a change."""
        super().showEvent(event)
        if self._is_stale:
            self.load()

    @property
    def scrolled(self) -> int:
        """How far down it is scrolled."""
        return self._scroll_bar.value()

    def stand_at(self, depth: int) -> None:
        """Scroll so far down as soon as the page is that long; nobody waits for it for ever."""

        def reach(_least: int, most: int) -> None:
            if most >= depth:
                self._scroll_bar.setValue(depth)

        follow = self._scroll_bar.rangeChanged.connect(reach)
        QTimer.singleShot(GROWING_MS, self, lambda: self._scroll_bar.rangeChanged.disconnect(follow))
        reach(0, self._scroll_bar.maximum())

    def empty_actions(self) -> tuple[Action, ...]:
        """Where an empty page leads: a file of sales, or the sample shop."""
        return (
            (_("Traer mis ventas"), self.ctx.bring_file),
            (_("Probar con un colmado de muestra"), self.ctx.make_sample),
        )

    def show_not_enough(self, answer: NotEnough) -> None:
        """Say what is missing and offer the next step."""
        if not answer.have:
            message = Message(
                self.look,
                "store",
                _("Todavía no hay ventas que mirar."),
                _("Trae el archivo de tu caja, o mira el programa con un colmado de muestra."),
                self.empty_actions(),
            )
        else:
            message = Message(
                self.look,
                "hourglass",
                _("Faltan datos para decirlo con seguridad."),
                not_enough_words(answer),
                self.empty_actions()[:1],
            )
        self.state.show_message(message)

    def _show_closed(self) -> None:
        what, todo = map(_, self.CLOSED_WORDS)
        self.state.show_message(Message(self.look, "shield-check", what, todo))
        self.loaded.emit()

    def _take_result(self, result: Any) -> None:
        if isinstance(result, NotEnough):
            self.show_not_enough(result)
        else:
            self.show_result(result)
            self.state.show_result()
        self.loaded.emit()

    def _take_error(self, error: Exception) -> None:
        self.state.show_trouble(error, self.load)
        self.loaded.emit()
