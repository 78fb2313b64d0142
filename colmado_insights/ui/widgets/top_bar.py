"""The bar on top: the page's title, the stretch it looks at, search and print."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from colmado_insights.text import _
from colmado_insights.ui.icons import Icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.segmented import Segmented


class SearchButton(QPushButton):
    """Looks like a search field and opens the quick list."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Buscar"))
        self.setToolTip(_("Buscar páginas, clientes, segmentos y acciones, o preguntar (Ctrl+K)"))
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(10), 0, look.px(8), 0)
        row.setSpacing(look.px(8))
        row.addWidget(Icon(look, "search", "faint", 16))
        self._words = label(look, _("Buscar"), 13, 400, "faint")
        row.addWidget(self._words, 1)
        self._key = label(look, "Ctrl K", 11, 500)
        self._key.setProperty("kind", "key")
        self._key.setFixedHeight(look.px(18))
        row.addWidget(self._key)
        self.set_compact(False)

    def set_compact(self, is_compact: bool) -> None:
        """Only the glass when there is little room."""
        self._words.setVisible(not is_compact)
        self._key.setVisible(not is_compact)
        self.setFixedWidth(self._look.px(38 if is_compact else 190))


class TopBar(QFrame):
    """Title, whatever control the page brings, search and print."""

    search_asked = Signal()
    print_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("kind", "top")
        self.setFixedHeight(look.px(57))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(look.px(22), 0, look.px(22), 0)
        self._row.setSpacing(look.px(8))
        self._title: QLabel = label(look, "", 19, 700)
        self._title.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        self._row.addWidget(self._title)
        self._row.addSpacing(look.px(8))
        self._row.addStretch(1)
        self._control: QWidget | None = None
        self.search = SearchButton(look)
        self.search.clicked.connect(lambda _checked=False: self.search_asked.emit())
        self._row.addWidget(self.search)
        self.print_button = button(
            look,
            "",
            self.print_asked.emit,
            kind="icon",
            symbol="printer",
            hint=_("Guardar como PDF (Ctrl+P)"),
        )
        self.print_button.setIconSize(QSize(look.px(17), look.px(17)))
        self._row.addWidget(self.print_button)

    def show_page(self, title: str, control: QWidget | None, *, can_print: bool) -> None:
        """Take a page's title and its control."""
        self._title.setText(title)
        if self._control is not None:
            self._row.removeWidget(self._control)
            self._control.hide()
        self._control = control
        if control is not None:
            self._row.insertWidget(2, control)
            control.show()
        self.print_button.setVisible(can_print)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give up words before anything is cut off."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Everything may be narrowed."""
        return QSize(self._look.px(200), self._look.px(57))

    def _fit(self) -> None:
        switches = self._switches()
        margins = self._look.px(44 + 32 + 40)
        title = self._title.sizeHint().width()
        full = sum(switch.full_width() + self._look.px(10) for switch in switches)
        wide, narrow = self._look.px(190), self._look.px(38)
        has_row = self.width() >= title + full + narrow + margins
        has_wide_search = self.width() >= title + wide + margins + (full if has_row else self._look.px(200))
        for switch in switches:
            switch.set_compact(not has_row)
        self.search.set_compact(not has_wide_search)

    def _switches(self) -> list[Segmented]:
        if self._control is None:
            return []
        if isinstance(self._control, Segmented):
            return [self._control]
        return self._control.findChildren(Segmented)
