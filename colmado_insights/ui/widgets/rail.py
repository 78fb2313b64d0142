"""The rail at the left: where one can go, what waits there, and how fresh the data are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from colmado_insights.text import _
from colmado_insights.ui.icons import Icon, icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.label import label

WIDTH = 188
FOOT_NEEDS = 420  # height below which the foot has no room
MARK_NEEDS = 378  # … and the name of the program
ROWS_AT_LEAST = 5  # how many pages stand in the lowest window; the others are scrolled to
KEYS = (*(f"Ctrl+{digit}" for digit in range(1, 10)), "Ctrl+0")
"""What opens the first pages, as the digits stand on a keyboard."""


class RailButton(QPushButton):
    """One page: icon, word and a badge for what waits there."""

    def __init__(self, look: Look, words: str, symbol: str, hint: str = "") -> None:
        super().__init__(f"  {words}")
        self.setFont(look.font(14, 500))
        self.setIcon(icon(look, symbol, "rail_text", 20, checked="rail_ink"))
        self.setIconSize(QSize(look.px(20), look.px(20)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(hint)
        self.setAccessibleName(words)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, round(10 * min(look.scale, 1.2)), 0)
        self._badge = QLabel()
        self._badge.setProperty("kind", "badge")
        self._badge.setFont(look.font(11, 600, tabular=True))
        self._badge.setFixedHeight(2 * look.px(10))  # twice its corner, or Qt draws no corner
        self._badge.hide()
        inside.addStretch(1)
        inside.addWidget(self._badge)
        self.toggled.connect(self._mark_badge)

    def set_badge(self, count: int) -> None:
        """Show how many things wait; none hides the badge."""
        self._badge.setText(str(count))
        self._badge.setVisible(count > 0)

    def _mark_badge(self, is_on: bool) -> None:
        """Another ground on the page that stands: Qt asks a parent's state only once."""
        self._badge.setProperty("on", is_on)
        self._badge.style().polish(self._badge)


class Rail(QFrame):
    """The navigation; `chosen` carries the page's place."""

    chosen = Signal(int)
    panel_asked = Signal()

    def __init__(self, look: Look, pages: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._look = look
        self.setProperty("kind", "rail")
        wide = look.px(WIDTH) if look.scale <= 1.2 else round(WIDTH * (1 + (look.scale - 1) * 0.82))
        box = QVBoxLayout(self)
        edge = round(16 * min(look.scale, 1.2))  # a screen does not grow with its words
        box.setContentsMargins(look.px(10), edge, look.px(10), edge)
        box.setSpacing(look.px(2))
        self._mark = self._make_mark(look)
        box.addWidget(self._mark)
        self._group = QButtonGroup(self)
        self.buttons: list[RailButton] = []
        for place, (words, symbol) in enumerate(pages):
            made = RailButton(look, words, symbol, KEYS[place] if place < len(KEYS) else "")
            made.setCheckable(True)
            made.installEventFilter(self)
            self._group.addButton(made, place)
            self.buttons.append(made)
        self._group.idClicked.connect(self.chosen)
        self._area = self._make_area()
        box.addWidget(self._area, 1)
        line = QFrame()
        line.setProperty("kind", "railline")
        line.setFixedHeight(1)
        line.hide()
        self._area.verticalScrollBar().rangeChanged.connect(lambda _least, most: line.setVisible(most > 0))
        box.addWidget(line)
        panel = RailButton(look, _("Panel de caja"), "monitor", _("Abre el panel para la caja"))
        panel.clicked.connect(lambda _checked=False: self.panel_asked.emit())
        box.addWidget(panel)
        self._work = label(look, "", 12, 500, "rail_ink", wrap=True)
        self._work.setContentsMargins(look.px(10), 0, 0, look.px(4))
        self._work.hide()
        box.addWidget(self._work)
        self._foot = label(look, "", 12, 400, "rail_text", wrap=True)
        self._foot.setContentsMargins(look.px(10), look.px(10), 0, 0)
        box.addWidget(self._foot)
        widest = max(made.sizeHint().width() for made in (*self.buttons, panel))
        self.setFixedWidth(max(wide, widest + 2 * look.px(10)))

    def set_place(self, place: int) -> None:
        """Mark the page that stands, and bring it into sight."""
        self._group.button(place).setChecked(True)
        self._see(self.buttons[place])

    def show_foot(self, lines: Sequence[str]) -> None:
        """Last sale, last backup, shop."""
        self._foot.setText("\n".join(lines))

    def show_work(self, words: str) -> None:
        """What is being done by itself at the moment; nothing hides the line."""
        self._work.setText(_("Trabajando: {work}…").format(work=words) if words else "")
        self._work.setVisible(bool(words) and self.height() >= self._look.px(FOOT_NEEDS))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Large words in a low window: the foot and the name give way to the pages."""
        super().resizeEvent(event)
        self._foot.setVisible(self.height() >= self._look.px(FOOT_NEEDS))
        self._mark.setVisible(self.height() >= self._look.px(MARK_NEEDS))
        if (place := self._group.checkedId()) >= 0:
            self._see(self.buttons[place])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keyboard brings what it reaches into sight."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, RailButton):
            self._see(watched)
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        """Without what gives way: the window must fit a low screen."""
        hint = super().minimumSizeHint()
        giving = [part for part in (self._mark, self._work, self._foot) if part.isVisibleTo(self)]
        gap = self._look.px(2)
        return QSize(hint.width(), hint.height() - sum(part.sizeHint().height() + gap for part in giving))

    def _see(self, made: RailButton) -> None:
        """Scroll where not all pages fit; half a row more tells that it goes on."""
        self._area.ensureWidgetVisible(made, 0, made.sizeHint().height() // 2)

    def _make_area(self) -> QScrollArea:
        """The pages, one below the other; in a low window with large words they are scrolled."""
        pages = QWidget()
        pages.setProperty("ground", "none")
        column = QVBoxLayout(pages)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._look.px(2))
        for made in self.buttons:
            column.addWidget(made)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(pages)
        row = self.buttons[0].sizeHint().height() + column.spacing()
        area.setMinimumHeight(min(ROWS_AT_LEAST, len(self.buttons)) * row)
        return area

    def _make_mark(self, look: Look) -> QWidget:
        mark = QWidget()
        row = QHBoxLayout(mark)
        row.setContentsMargins(look.px(8), 0, 0, look.px(12))
        row.setSpacing(look.px(10))
        row.addWidget(Icon(look, "store", "rail_mark", 22), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(label(look, "Colmado\nInsights", 15, 700, "rail_ink"), 1)
        return mark
